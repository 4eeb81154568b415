from odoo import fields, models


class AftersalesPreviousWizard(models.TransientModel):
    """Whoever takes over says whether the step before was in order (R-PROC-68)."""

    _name = 'aftersales.previous.wizard'
    _description = "Step Before"

    operation_id = fields.Many2one('aftersales.operation', required=True, readonly=True)
    is_ok = fields.Boolean("In Order", default=True)
    note = fields.Char("What Is Wrong")

    def action_confirm(self):
        self.ensure_one()
        self.operation_id._confirm_previous(self.is_ok, self.note)
        return {'type': 'ir.actions.act_window_close'}
