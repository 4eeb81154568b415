from odoo import models


class PurchaseOrder(models.Model):
    _inherit = 'purchase.order'

    def button_confirm(self):
        """Dear parts are ordered for a repair order only once the customer's deposit is there (R-PROC-07)."""
        for purchase in self.filtered(lambda po: po.aftersales_order_id and po.state in ('draft', 'sent')):
            # sudo: the buyer need not see the order; only the reason leaves.
            order = purchase.sudo().aftersales_order_id
            products = purchase.order_line.product_id
            lines = order.line_ids.filtered(
                lambda line, products=products: line.kind == 'part' and line.product_id in products
            )
            if lines:
                order.with_context(aftersales_purchase_lines=tuple(lines.ids))._ensure_no_blockers('purchase')
        return super().button_confirm()
