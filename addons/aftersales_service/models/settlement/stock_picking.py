from odoo import models


class StockPicking(models.Model):
    _inherit = 'stock.picking'

    def _action_done(self):
        """A part that moves after the order is over takes its cost along at once, so that nothing stays in progress."""
        result = super()._action_done()
        over = self.sudo().aftersales_order_id.filtered(lambda order: order.settled_at or order.outcome in ('cancelled', 'declined'))
        if over:
            over._post_cost_entry()
        return result
