from odoo import fields, models


class AftersalesDelayWizard(models.TransientModel):
    """Report that work takes longer."""

    _name = 'aftersales.delay.wizard'
    _description = "New Time"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    operation_id = fields.Many2one('aftersales.operation', readonly=True)
    new_due_at = fields.Datetime("New Time", required=True)
    reason_id = fields.Many2one('aftersales.reason', "Cause", domain="[('kind', '=', 'delay')]", required=True)
    note = fields.Char()

    def action_confirm(self):
        self.ensure_one()
        self.order_id._delay(self.new_due_at, self.reason_id, self.note, self.operation_id)
        return {'type': 'ir.actions.act_window_close'}
