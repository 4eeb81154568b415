from collections import defaultdict

from odoo import models


class ResCompany(models.Model):
    """Statements, invoices, settlements and claims in transit agree to the cent."""

    _inherit = 'res.company'

    def _aftersales_integrity(self):
        return super()._aftersales_integrity() + [*self._integrity_statements(), *self._integrity_claims_in_transit()]

    def _integrity_statements(self):
        """What a posted statement credits is its invoice, line by line, and what the settlements say of it."""
        self.ensure_one()
        statements = self.env['aftersales.warranty.statement'].sudo().search([
            ('company_id', '=', self.id), ('posted_at', '!=', False), ('reversed_at', '=', False)])
        by_line = defaultdict(float)
        for line, total in self.env['account.move.line'].sudo()._read_group(
            [('move_id', 'in', statements.move_id.ids), ('aftersales_statement_line_id', '!=', False),
             ('parent_state', '=', 'posted'), ('display_type', '=', 'product')],
            ['aftersales_statement_line_id'], ['price_total:sum'],
        ):
            by_line[line] += total
        problems = []
        for statement in statements:
            currency = statement.currency_id
            lines = statement.line_ids.filtered('is_booked')
            booked = sum(lines.mapped('total_amount')) + sum(lines.mapped('extra_amount'))
            problems.append((statement, currency.round(booked - statement.move_id.amount_total)))
            # Rounding over the whole document may lie a cent beside that of a line.
            problems += [
                (statement, gap) for line in lines
                if abs(gap := currency.round(line.total_amount + line.extra_amount - by_line[line])) > currency.rounding * 1.5
            ]
        settlements = statements.line_ids.settlement_id
        for settlement in settlements:
            own = settlement.move_ids.filtered(lambda move: move.state == 'posted' and move.is_sale_document())
            credits = settlement.claim_credit_ids.filtered('is_booked')
            total = sum(own.mapped('amount_total_signed')) + sum(credits.mapped('total_amount'))
            problems.append((settlement, settlement.currency_id.round(settlement.amount_total - total)))
            due = sum(
                move.amount_residual * (1 if move.move_type == 'out_invoice' else -1) for move in own
            ) + sum(credits.mapped('due_amount'))
            problems.append((settlement, settlement.currency_id.round(settlement.amount_due - due)))
        return [
            self._finding(
                'WAR-I5', self.env._("Statement differs from its invoice"), 'error', record, gap,
                self.env._("%(record)s differs from the posted invoice by %(gap)s.", record=record.display_name,
                           gap=self.currency_id.format(gap)))
            for record, gap in problems if not self.currency_id.is_zero(gap)
        ]

    def _integrity_claims_in_transit(self):
        """Claims in transit hold the cost nobody answered or decided about, by order and payer, and nothing else."""
        self.ensure_one()
        if not self._aftersales_wip_account():
            return []
        claims = self.env['aftersales.warranty.claim'].sudo().search([
            ('company_id', '=', self.id), ('submitted_at', '!=', False), ('cancelled_at', '=', False)])
        claims = claims.filtered(lambda claim: claim.order_id.settled_at)
        unit = self.currency_id.rounding
        expected = defaultdict(float)
        for (order, payer, _line), cents in claims.order_id._waiting_cents().items():
            expected[order, payer] += cents * unit
        found = defaultdict(float, {
            (row['order'], row['payer']): row['amount'] for row in self._aftersales_transit_rows()})
        return [
            self._finding(
                'WAR-I6', self.env._("Claims in transit differ"), 'error', order, gap,
                self.env._("%(order)s: %(found)s in transit for %(payer)s, undecided is %(expected)s.", order=order.name,
                           payer=payer.display_name, found=self.currency_id.format(found[order, payer]),
                           expected=self.currency_id.format(expected[order, payer])))
            for order, payer in {(claim.order_id, claim.payer_id) for claim in claims}
            if not self.currency_id.is_zero(gap := self.currency_id.round(found[order, payer] - expected[order, payer]))
        ]
