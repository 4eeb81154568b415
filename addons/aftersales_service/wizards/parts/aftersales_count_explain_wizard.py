from odoo import Command, api, fields, models


class AftersalesCountExplainWizard(models.TransientModel):
    """Why stock was adjusted without a count."""

    _name = 'aftersales.count.explain.wizard'
    _description = "Explain Adjustments"

    move_ids = fields.Many2many('stock.move', string="Adjustments", readonly=True)
    reason_id = fields.Many2one('aftersales.reason', required=True, domain=[('kind', '=', 'count')])
    note = fields.Char()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get('active_model') == 'stock.move':
            values['move_ids'] = [Command.set(self.env.context.get('active_ids') or [])]
        return values

    def action_confirm(self):
        self.ensure_one()
        self.move_ids._aftersales_explain(self.reason_id, self.note)
        return {'type': 'ir.actions.act_window_close'}
