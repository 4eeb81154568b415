from odoo import fields, models


class AftersalesPromiseWizard(models.TransientModel):
    """Tell the customer a new finishing time, and why."""

    _name = 'aftersales.promise.wizard'
    _description = "Tell a New Time"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    promised_at = fields.Datetime("New Time", required=True, default=lambda self: self._default_promised_at())
    reason_id = fields.Many2one('aftersales.reason', domain="[('kind', '=', 'delay')]", required=True)
    note = fields.Char("What the Customer Said")

    def _default_promised_at(self):
        order = self.env['aftersales.repair.order'].browse(self.env.context.get('default_order_id'))
        return order.promised_at or fields.Datetime.now()

    def action_confirm(self):
        self.ensure_one()
        self.order_id._promise(self.promised_at, self.reason_id, self.note)
        return {'type': 'ir.actions.act_window_close'}
