"""What an auditor asks for beside the claim itself: consents, clocks, issues, checks, overrides, as plain rows."""

from odoo import fields, models


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    def _print_lang(self):
        """Return the language of the manufacturer's papers: his own, else the company's."""
        self.ensure_one()
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _evidence_sudo(self):
        """Return the rows of the audit pack; sudo: the pack is made for whoever may read the claim.

        :rtype: dict[str, list[dict]]
        """
        self.check_access('read')
        claim = self.sudo()
        return {
            'consents': claim._evidence_consents(),
            'signatures': claim._evidence_signatures(),
            'clocks': claim._evidence_clocks(),
            'parts': claim._evidence_parts(),
            'old_parts': claim._evidence_old_parts(),
            'checks': claim._evidence_checks(),
            'overrides': claim._evidence_overrides(),
        }

    def _moment(self, value):
        """Return a moment as the shop's clock showed it."""
        if not value:
            return ''
        local = self.company_id._aftersales_local_time(value)
        return local.strftime('%Y-%m-%d %H:%M')

    def _evidence_consents(self):
        consents = self.job_id.consent_ids.filtered(lambda consent: consent.state == 'approved').sorted('id')
        means = dict(consents._fields['means']._description_selection(self.env))
        return [{
            'at': self._moment(consent.decided_at), 'who': consent.decided_by, 'means': means.get(consent.means),
            'what': consent.job_id.name, 'amount': consent.currency_id.format(consent.amount),
        } for consent in consents if consent.means != 'system']

    def _evidence_signatures(self):
        signed = self.order_id.estimate_ids.filtered('signature').sorted('signed_at')
        return [{'who': estimate.signed_by, 'at': self._moment(estimate.signed_at), 'image': estimate.signature} for estimate in signed]

    def _evidence_clocks(self):
        times = self.env['aftersales.labour.time'].search([('job_id', '=', self.job_id.id)], order='start, id')
        return [{
            'who': time.employee_id.name, 'what': time.operation_id.name, 'from': self._moment(time.start),
            'to': self._moment(time.stop), 'hours': f'{time.hours:.2f}',
        } for time in times]

    def _evidence_parts(self):
        return [{
            'what': line.name, 'claimed': f'{line.quantity:g}', 'issued': f'{line.line_id.net_issued_qty:g}',
            'at': self._moment(line.line_id.parts_issued_at),
        } for line in self.line_ids if line.kind == 'part']

    def _evidence_old_parts(self):
        tags = self.old_part_ids.filtered(lambda part: part.state != 'void').sorted('name')
        states = dict(tags._fields['state']._description_selection(self.env))
        return [{
            'tag': part.name, 'what': part.description or part.product_id.display_name, 'state': states[part.state],
            'photos': part.photo_count,
        } for part in tags]

    def _evidence_checks(self):
        checks = self.env['aftersales.quality.check'].search([
            ('order_id', '=', self.order_id.id), ('is_void', '=', False),
        ], order='at, id')
        levels = dict(checks._fields['level']._description_selection(self.env))
        results = dict(checks._fields['result']._description_selection(self.env))
        return [{
            'at': self._moment(check.at), 'what': levels[check.level], 'who': check.checker_id.name,
            'result': results.get(check.result),
        } for check in checks]

    def _evidence_overrides(self):
        overrides = self.env['aftersales.override'].search([('res_model', '=', self._name), ('res_id', '=', self.id)])
        return [{
            'message': override.message, 'reason': ' '.join(filter(None, [override.reason_id.name, override.note])),
            'who': override.user_id.name, 'at': fields.Date.to_string(override.create_date),
        } for override in overrides]
