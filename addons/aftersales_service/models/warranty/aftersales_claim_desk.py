"""What the warranty desk shows of a claim."""

from odoo import models

from .claim_const import OPEN_STATES, SENT_STATES

TONES = {
    'draft': 'mute', 'checked': 'info', 'submitted': 'wait', 'queried': 'soon', 'partly': 'soon', 'rejected': 'late',
}


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    def _desk_rows(self):
        """Return what the desk shows of each claim.

        :rtype: list[dict]
        """
        today = {company: company._aftersales_today() for company in self.company_id}
        types = dict(self._fields['claim_type']._description_selection(self.env))
        states = dict(self._fields['state']._description_selection(self.env))
        queries = self.submission_ids.grouped('claim_id')
        rows = []
        for claim in self:
            left = (claim.deadline - today[claim.company_id]).days if claim.deadline else None
            tab = 'send' if claim.state in OPEN_STATES else 'waiting' if claim.state in SENT_STATES else 'answered'
            urgency = 'ok'
            if tab == 'send' and left is not None:
                warn = claim.company_id.aftersales_claim_warn_days
                urgency = 'late' if left < 0 else 'soon' if left < warn else 'ok'
            rows.append({
                'id': claim.id,
                'name': claim.name,
                'plate': claim.license_plate or '',
                'plate_kind': claim.vehicle_id.plate_kind or 'none',
                'order': claim.order_id.name,
                'manufacturer': claim.partner_id.name or '',
                'type_label': types[claim.claim_type],
                'concern': claim.concern or '',
                'state': claim.state,
                'state_label': states[claim.state],
                'state_tone': TONES[claim.state],
                'tab': tab,
                'days_left': left,
                'urgency': urgency,
                'total_label': claim.currency_id.format(claim.claimed_total),
                'lights': claim.readiness,
                'documents_missing': claim.documents_missing,
                'documents_label': self.env._("%(number)d papers are missing.", number=claim.documents_missing),
                'query': queries[claim].sorted('number')[-1:].query_text if claim.state == 'queried' else False,
            })
        return rows
