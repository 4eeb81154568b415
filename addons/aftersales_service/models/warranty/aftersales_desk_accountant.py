from odoo import api, models


class AftersalesDeskAccountant(models.AbstractModel):
    _inherit = 'aftersales.desk.accountant'

    @api.model
    @api.readonly
    def get_data(self):
        data = super().get_data()
        company = self.env.company
        boxes = [self._box_statements(company), self._box_old_claims(company), self._box_rests(company)]
        if company.aftersales_claim_accrual:
            boxes.append(self._box_accrual(company))
        # Behind the claims in transit.
        at = next((index for index, box in enumerate(data['boxes'], 1) if box['code'] == 'transit'), len(data['boxes']))
        data['boxes'][at:at] = boxes
        return data

    def _box_statements(self, company):
        """Statements of manufacturers that came in and are not posted."""
        statements = self.env['aftersales.warranty.statement'].search([
            ('company_id', '=', company.id), ('state', 'in', ('draft', 'matched'))])
        return self._box(
            'statements', self.env._("Manufacturers' statements to post"), statements, sum(statements.mapped('amount_total')),
            help=self.env._("Match their lines with the claims, then post: one invoice for all of them."))

    def _box_old_claims(self, company):
        """Claims whose cost waits in transit for longer than the limit of the settings."""
        rows = [row for row in company._aftersales_transit_rows() if row['days'] > company.aftersales_transit_days]
        payers = self.env['aftersales.repair.payer'].browse([row['payer'].id for row in rows])
        claims = self.env['aftersales.warranty.claim'].search([
            ('payer_id', 'in', payers.ids), ('cancelled_at', '=', False),
            # Rejected on a statement: booked, but its cost waits until somebody bears it.
            '|', ('booked_at', '=', False), ('rest_state', 'in', ('open', 'requested'))])
        # Claims are what the accountant chases; the amount is their cost.
        mine = [row for row in rows if row['payer'] in claims.payer_id]
        return self._box(
            'old_claims', self.env._("Claims in transit for over %s days", company.aftersales_transit_days), claims,
            sum(row['amount'] for row in mine), tone='late',
            help=self.env._("Chase the manufacturer, or decide who bears them."))

    def _box_rests(self, company):
        """What manufacturers did not pay, and nobody decided who bears it."""
        claims = self.env['aftersales.warranty.claim'].search([
            ('company_id', '=', company.id), '|', ('rest_state', 'in', ('open', 'requested')),
            '&', ('state', '=', 'rejected'), ('booked_at', '=', False)])
        return self._box(
            'rests', self.env._("Cut claims: who bears the rest?"), claims,
            sum(claim.rest_amount or claim.claimed_amount for claim in claims), tone='late',
            help=self.env._("Goodwill, the customer with his consent, or a write-off that a second person approves."))

    def _box_accrual(self, company):
        """Approved claims without invoice, for the year-end."""
        claims = company._aftersales_claims_to_accrue(company._aftersales_today()).with_env(self.env)
        return self._box(
            'accrual', self.env._("Approved claims not invoiced"), claims, sum(claims.mapped('approved_total')), tone='mute',
            verb='accrue_claims' if claims else False, verb_label=self.env._("Accrue today"),
            help=self.env._("Shown as contract assets on the day, reversed the day after."))

    @api.model
    def accrue_claims(self):
        """Accrue approved claims on today's date, reversed tomorrow.

        :rtype: int
        """
        self._ensure_accountant()
        company = self.env.company
        return len(company._aftersales_accrue_claims(company._aftersales_today()))
