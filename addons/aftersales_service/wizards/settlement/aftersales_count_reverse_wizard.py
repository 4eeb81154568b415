from odoo import fields, models


class AftersalesCountReverseWizard(models.TransientModel):
    """Why a decision on stock differences is taken back."""

    _name = 'aftersales.count.reverse.wizard'
    _description = "Reverse a Decision"

    decision_id = fields.Many2one('aftersales.count.decision', required=True, readonly=True)
    note = fields.Char("Reason", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.decision_id._reverse(self.note)
        return {'type': 'ir.actions.act_window_close'}
