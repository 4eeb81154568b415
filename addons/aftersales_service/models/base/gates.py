"""Gates: why a document may not go on yet, all reasons at once, each with the button to its cure."""

from collections import defaultdict
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models

from .errors import coded_error

BLOCKING = ('block', 'override')


class Blocker(NamedTuple):
    """One reason why a record may not reach a target yet."""

    code: str  # stable error code, such as `REP-07`
    message: str  # translated: what, which record, next step
    level: str = 'block'  # warn | block | override
    gate: str | None = None  # code of the gate; None for what is never off
    cure: dict | None = None  # {'label': text of the button, 'action': action dictionary}


def blockers_to_json(blockers):
    """Return blockers as plain dictionaries for a desk.

    :param list[Blocker] blockers: may hold None (gates that are off).
    :rtype: list[dict]
    """
    return [blocker._asdict() for blocker in blockers if blocker]


class AftersalesGateMixin(models.AbstractModel):
    """Documents whose steps pass through gates: order, visit, settlement, gate pass."""

    _name = 'aftersales.gate.mixin'
    _description = "Gates of a document"

    # === ACTION METHODS === #

    def action_explain(self, target, method=None):
        """Open the dialog with every reason, its cure, and the override where it is allowed.

        :param str target: step that is asked for, such as `ready`.
        :param str method: public `action_…` method to go on with once nothing blocks any more.
        :rtype: dict
        """
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Not yet, because…"),
            'res_model': 'aftersales.gate.wizard',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_res_model': self._name,
                'default_res_id': self.id,
                'default_target': target,
                'default_method': method or False,
            },
        }

    def get_blockers(self, target):
        """Return what still stands between these records and the target, for the desks (RPC).

        :param str target: step that is asked for.
        :return: one dictionary a reason: res_id, code, message, level, gate, cure, can_override.
        :rtype: list[dict]
        """
        self.check_access('read')
        return [
            {'res_id': record.id, **blocker._asdict(), 'can_override': self._can_override(blocker)}
            for record, blockers in self._open_blockers(target).items()
            for blocker in blockers
        ]

    # === BUSINESS METHODS === #

    def _gate_profile(self):
        """Return the profile whose levels hold for this record; documents without an order use the company's.

        :rtype: recordset of aftersales.profile
        """
        self.ensure_one()
        company = self.company_id if 'company_id' in self._fields else self.env.company
        return (company or self.env.company)._aftersales_profile('company')

    def _blocker(self, gate, code, message, cure=None):
        """Return a reason at the level the record's profile gives its gate; None when the gate is off.

        :param str gate: code of a declared gate; None for a rule that is never off.
        :param str code: stable error code.
        :param str message: translated sentence: what, which record, next step.
        :param dict cure: {'label': str, 'action': act_window or client action}.
        :rtype: Blocker | None
        """
        level = self._gate_profile()._gate(gate) if gate else 'block'
        return Blocker(code, message, level, gate, cure) if level != 'off' else None

    def _blockers(self, target):
        """Return the reasons against reaching the target; each room adds its own through super().

        :param str target: step that is asked for.
        :return: {record: [Blocker or None]} with every record of self as key.
        :rtype: dict
        """
        return {record: [] for record in self}

    def _open_blockers(self, target):
        """Return the reasons that still hold: gates that are off and overridden reasons are left out.

        :rtype: dict[record, list[Blocker]]
        """
        found = {record: [blocker for blocker in blockers if blocker]
                 for record, blockers in self._blockers(target).items()}
        if not any(blocker.level == 'override' for blockers in found.values() for blocker in blockers):
            return found
        overridden = self._overridden_sudo()
        return {
            record: [
                blocker for blocker in blockers
                if blocker.level != 'override'
                or not overridden[record.id] & {(blocker.gate, blocker.code), (blocker.gate, False)}
            ]
            for record, blockers in found.items()
        }

    def _overridden_sudo(self):
        """Return {record id: {(gate, code)}} of the overrides; sudo: only whether they exist is used."""
        overridden = defaultdict(set)
        for override in self.env['aftersales.override'].sudo().search_fetch(
            [('res_model', '=', self._name), ('res_id', 'in', self.ids)], ['res_id', 'gate', 'code'],
        ):
            overridden[override.res_id].add((override.gate, override.code))
        return overridden

    def _ensure_no_blockers(self, target):
        """Refuse to go on while something blocks; warnings are written down and let through.

        :raise UserError: one error with all reasons of all records; its code is the first reason's.
        """
        refused, warned = [], {}
        for record, blockers in self._open_blockers(target).items():
            reasons = [blocker for blocker in blockers if blocker.level in BLOCKING]
            if reasons:
                refused.append((record, reasons))
            elif warnings := [blocker for blocker in blockers if blocker.level == 'warn']:
                warned[record] = warnings
        if refused:
            lines = []
            for record, reasons in refused:
                lines += [self.env._("%(record)s cannot go on yet:", record=record.display_name)]
                lines += [f'• {reason.message} [{reason.code}]' for reason in reasons]
            raise coded_error(refused[0][1][0].code, "\n".join(lines))
        if warned and hasattr(self, '_message_log_batch'):
            records = self.browse([record.id for record in warned])
            records._message_log_batch(bodies={
                record.id: Markup("<br/>").join(
                    self.env._("Warning %(code)s: %(message)s", code=warning.code, message=warning.message)
                    for warning in warnings
                ) for record, warnings in warned.items()
            })

    def _gate_action(self, target, method=None):
        """Return the dialog that explains when something blocks this record, else False."""
        self.ensure_one()
        if any(blocker.level in BLOCKING for blocker in self._open_blockers(target)[self]):
            return self.action_explain(target, method)
        return False

    @api.model
    def _can_override(self, blocker):
        """Whether the user may pass this reason with a reason of his own."""
        return blocker.level == 'override' and self.env.user.has_group(
            self.env['aftersales.profile.gate']._override_group(blocker.gate)
        )

    def _override(self, target, reason, note=None, blockers=None):
        """Record that the user passes the overridable reasons against the target, with a reason.

        :param str target: step that is asked for.
        :param reason: aftersales.reason of kind `override`.
        :param list[Blocker] blockers: limits what is passed; all that the user may pass unless given.
        :return: the overrides recorded.
        :raise UserError: BAS-03 the user may not pass one of `blockers`, or there is nothing to pass.
        """
        self.ensure_one()
        self.check_access('write')
        standing = self._open_blockers(target)[self]
        chosen = [b for b in standing if self._can_override(b)] if blockers is None else blockers
        if not chosen or any(b not in standing or not self._can_override(b) for b in chosen):
            raise coded_error('BAS-03', self.env._(
                "Nothing here can be overridden by you on %(record)s. Cure the reasons, or ask the person in charge.",
                record=self.display_name,
            ))
        return self._record_override_sudo(target, chosen, reason, note)

    def _record_override_sudo(self, target, blockers, reason, note):
        """Write the overrides down; sudo: `_override` checked the right to each of them."""
        profile = self._gate_profile()
        overrides = self.env['aftersales.override'].sudo()._guarded().create([{
            'gate': blocker.gate,
            'code': blocker.code,
            'target': target,
            'message': blocker.message,
            'res_model': self._name,
            'res_id': self.id,
            'res_name': self.display_name,
            'reason_id': reason.id,
            'note': note,
            'user_id': self.env.uid,
            'profile_id': profile.id,
            'company_id': profile.company_id.id,
        } for blocker in blockers])
        if hasattr(self, '_message_log'):
            self._message_log(body=self.env._(
                "Overridden by %(user)s (%(reason)s): %(messages)s",
                user=self.env.user.name, reason=reason.name, messages=" ".join(b.message for b in blockers),
            ))
        return overrides
