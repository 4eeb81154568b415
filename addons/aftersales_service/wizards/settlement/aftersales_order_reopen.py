from odoo import fields, models


class AftersalesOrderReopen(models.TransientModel):
    """Dialog: take the settlement of an order back by credit notes."""

    _name = 'aftersales.order.reopen'
    _description = "Reopen a Settled Order"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    reason_id = fields.Many2one('aftersales.reason', required=True, domain="[('kind', '=', 'reopen')]")

    def action_confirm(self):
        self.ensure_one()
        self.order_id._reopen(self.reason_id)
        return {'type': 'ir.actions.act_window_close'}
