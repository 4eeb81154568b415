"""Why a claim cannot be sent yet: lights, papers, permit, check."""

from odoo import models

from ...rules import readiness as rules
from .aftersales_claim_readiness import LIGHT_CODES


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    def _blockers(self, target):
        blockers = super()._blockers(target)
        if target == 'submitted':
            lights = self._readiness()
            names = self._light_names()
            for claim in self:
                blockers[claim] += [
                    claim._check_blocker(), claim._permit_blocker(), claim._coverage_blocker(),
                    claim._documents_blocker(), *claim._light_blockers(lights[claim], names),
                ]
        return blockers

    def _light_blockers(self, lights, names):
        """Return a reason for each red light (anchor: readiness of a claim)."""
        self.ensure_one()
        return [
            self._blocker(
                'claim_readiness', LIGHT_CODES[code],
                self.env._("%(light)s: %(why)s", light=names[code], why=self._light_reason(code, light)),
                self._light_cure(code),
            )
            for code, light in lights.items() if light.colour == rules.RED
        ]

    def _check_blocker(self):
        """A claim is looked through before it goes out."""
        self.ensure_one()
        if self.checked_at:
            return None
        return self._blocker('claim_check', 'WAR-57', self.env._(
            "%(claim)s was not checked. Look through it and press “Check”.", claim=self.name,
        ), {'label': self.env._("Open the claim"), 'action': self._open(self._name, self.id)})

    def _permit_blocker(self):
        """Nothing above the permitted amount without the manufacturer's pre-authorisation (R-WAR-05, R-PERM-06)."""
        self.ensure_one()
        permit = self.sudo().terms_id.permit_amount
        authorised = self.sudo().appraisal_id.preauthorised_amount
        if self.preauthorisation_no:
            # A number without an amount covers the claim as it is; with one, up to there.
            permit = authorised
        if not permit or self.currency_id.compare_amounts(self.claimed_total, permit) <= 0:
            return None
        return self._blocker('claim_permit', 'WAR-56', self.env._(
            "%(claim)s claims %(total)s, more than the permitted %(permit)s. Enter the manufacturer's pre-authorisation "
            "number, or have more authorised.", claim=self.name, total=self.currency_id.format(self.claimed_total),
            permit=self.currency_id.format(permit),
        ), {'label': self.env._("Enter the number"), 'action': self._open(self._name, self.id)})

    def _coverage_blocker(self):
        """Nothing is claimed that no warranty covers, unless the manufacturer authorised it (R-PERM-06)."""
        self.ensure_one()
        if self.preauthorisation_no or self.job_id.coverage_state != 'out':
            return None
        return self._blocker('claim_permit', 'WAR-58', self.env._(
            "“%(job)s” is not covered: %(why)s", job=self.job_id.name, why=self.job_id.coverage_reason or '',
        ), {'label': self.env._("Open the order"), 'action': self._open('aftersales.repair.order', self.order_id.id)})

    def _documents_blocker(self):
        """The papers this manufacturer asks for are there (R-WAR-11)."""
        self.ensure_one()
        missing = self.document_ids.filtered(lambda document: document.is_required and not document.is_there)
        if not missing:
            return None
        return self._blocker('claim_documents', 'WAR-55', self.env._(
            "Papers missing on %(claim)s: %(papers)s.", claim=self.name, papers=", ".join(missing.mapped('name')),
        ), {'label': self.env._("Attach the papers"), 'action': self._open(self._name, self.id)})
