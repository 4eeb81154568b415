from odoo import fields, models


class AftersalesStatementReverse(models.TransientModel):
    """Dialog: why a posted statement is taken back."""

    _name = 'aftersales.statement.reverse'
    _description = "Reversal of a Statement"

    statement_id = fields.Many2one('aftersales.warranty.statement', required=True, ondelete='cascade')
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.statement_id._reverse(self.reason)
        return {'type': 'ir.actions.act_window_close'}
