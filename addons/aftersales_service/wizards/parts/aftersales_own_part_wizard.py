from odoo import api, fields, models


class AftersalesOwnPartWizard(models.TransientModel):
    """What the customer brought: how many, and in what condition."""

    _name = 'aftersales.own.part.wizard'
    _description = "Record Customer's Own Part"

    line_id = fields.Many2one('aftersales.repair.line', required=True, readonly=True)
    quantity = fields.Float(
        digits='Product Unit', required=True, compute='_compute_quantity', store=True, readonly=False, precompute=True
    )
    condition = fields.Char(
        required=True, help="New in box, used, damaged seal: what you see now, before it is built in."
    )

    @api.depends('line_id')
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.line_id.quantity

    def action_confirm(self):
        self.ensure_one()
        self.line_id._receive_own_part(self.quantity, self.condition)
        return {'type': 'ir.actions.act_window_close'}
