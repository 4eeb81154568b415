from odoo import fields, models


class AftersalesCountCancelWizard(models.TransientModel):
    """Why a count is given up."""

    _name = 'aftersales.count.cancel.wizard'
    _description = "Cancel a Stock Count"

    count_id = fields.Many2one('aftersales.stock.count', required=True, readonly=True)
    reason_id = fields.Many2one('aftersales.reason', required=True, domain=[('kind', '=', 'cancel')])

    def action_confirm(self):
        self.ensure_one()
        self.count_id._cancel(self.reason_id)
        return {'type': 'ir.actions.act_window_close'}
