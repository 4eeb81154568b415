from odoo import models


class PurchaseOrder(models.Model):
    _inherit = 'purchase.order'

    def button_confirm(self):
        """Dear parts are ordered for a repair order only once the customer's deposit is there (R-PROC-07)."""
        # sudo: the buyer need not see the orders; only the reason leaves.
        for purchase in self.sudo().filtered(lambda po: po.state in ('draft', 'sent')):
            requests = purchase.order_line.aftersales_request_id
            for order in purchase.aftersales_order_id | requests.order_id:
                products = purchase.order_line.product_id
                lines = requests.line_id.filtered(lambda line, order=order: line.order_id == order)
                if order == purchase.aftersales_order_id:
                    lines |= order.line_ids.filtered(
                        lambda line, products=products: line.kind == 'part' and line.product_id in products
                    )
                if lines:
                    order.with_context(aftersales_purchase_lines=tuple(lines.ids))._ensure_no_blockers('purchase')
        return super().button_confirm()
