from odoo import models


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    def _spread_amount(self, total):
        """Spread an approved total over the claim's lines as they were claimed, exact to the cent.

        :param float total: including tax.
        :rtype: dict  `{claim line: amount in the price basis}`
        """
        self.ensure_one()
        order, currency = self.order_id, self.currency_id
        lines = [line for line in self.line_ids if not line.replaced_move_id and not currency.is_zero(line.claimed_amount)]
        claimed = {line.line_id: line.claimed_amount for line in lines}
        if not currency.compare_amounts(total, self.claimed_total - self.replaced_total):
            return {line: claimed.get(line.line_id, 0.0) for line in self.line_ids}
        if currency.is_zero(total) or not lines:
            return dict.fromkeys(self.line_ids, 0.0)
        basis = order._basis_of_total(list(claimed), claimed, total)
        scaled = order._scaled(list(claimed), claimed, basis)
        return {line: scaled.get(line.line_id, 0.0) for line in self.line_ids}

    def _forget_answer(self):
        """Take back an answer that is not in the books, so that another one can be recorded; called as superuser."""
        for claim in self:
            claim._last_submission()._guarded().write({'outcome': False, 'decided_at': False, 'decided_by_id': False})
            claim._guarded().write({'decided_at': False, 'decided_by_id': False, 'approved_total': 0.0})
            claim.line_ids._guarded().write({'approved_amount': 0.0, 'is_decided': False, 'reason_id': False, 'note': False})
        self._advance()
