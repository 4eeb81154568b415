from odoo import models


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    def _line_outcome(self, line):
        """Tell what became of a repair line of this claim, see `payer._line_outcomes`; called as superuser."""
        self.ensure_one()
        mine = self.line_ids.filtered(lambda item: item.line_id == line)
        if mine.replaced_move_id:
            return 'replaced'
        if not self.booked_at:
            return 'open'
        transfers = self.transfer_ids.filtered(lambda transfer: transfer.line_id == line) if mine else self.transfer_ids
        zero = self.currency_id.is_zero
        approved = mine.approved_amount if mine else self.approved_amount
        if not zero(approved):
            back = sum(transfers.filtered(lambda transfer: transfer.step == 'chargeback').mapped('amount'))
            return 'charged_back' if back and zero(approved - back) else 'final'
        rests = transfers.filtered(lambda transfer: transfer.step == 'rest')
        return 'refused' if rests and all(transfer.rest_id.state == 'done' for transfer in rests) else 'open'
