from odoo import models

from .guard import closed, opened


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _post(self, soft=True):
        """Send the bill of subcontracted work to the order's cost, and clear the accrual it replaces."""
        bills = self.filtered(lambda move: move.is_purchase_document())
        items = bills._aftersales_sublet_items()
        if not items:
            return super()._post(soft)
        items._aftersales_book_on_order()
        posted = super()._post(soft)
        closed(items).purchase_line_id.aftersales_line_id._sync_sublet_accrual_sudo()
        return posted

    def button_draft(self):
        items = self.filtered(
            lambda move: move.is_purchase_document() and move.state == 'posted'
        )._aftersales_sublet_items()
        if not items:
            return super().button_draft()
        # While it is a draft the bill belongs to the accountant: unlock its lines, and let the accrual return.
        opened(items).write({'aftersales_order_id': False, 'aftersales_line_id': False})
        result = super().button_draft()
        items.purchase_line_id.aftersales_line_id._sync_sublet_accrual_sudo()
        return result

    def _aftersales_sublet_items(self):
        """Return the bill lines of subcontracted work; sudo: the link is read, nothing of the order is shown."""
        return self.invoice_line_ids.filtered(lambda item: item.sudo().purchase_line_id.aftersales_line_id)
