from odoo import api, fields, models


class AftersalesHoldWizard(models.TransientModel):
    """What happens to goods that are damaged, wrong or doubtful."""

    _name = 'aftersales.hold.wizard'
    _description = "Damaged or Doubtful Goods"

    quant_id = fields.Many2one('stock.quant', required=True, readonly=True)
    product_id = fields.Many2one(related='quant_id.product_id')
    location_id = fields.Many2one(related='quant_id.location_id')
    is_held = fields.Boolean(compute='_compute_is_held')
    quantity = fields.Float(
        digits='Product Unit', required=True, compute='_compute_quantity', store=True, readonly=False, precompute=True
    )
    decision = fields.Selection(
        [('shelf', "In order: back to the shelf"), ('vendor', "Back to the vendor"), ('scrap', "Scrap")],
        default='vendor',
        required=True,
    )
    scrap_reason_tag_ids = fields.Many2many('stock.scrap.reason.tag', string="Scrap Reason")
    note = fields.Char(help="What is wrong, or why they are in order after all; printed on the transfer.")

    @api.depends('quant_id')
    def _compute_is_held(self):
        for wizard in self:
            wizard.is_held = wizard.location_id.aftersales_role == 'hold'

    @api.depends('quant_id')
    def _compute_quantity(self):
        for wizard in self:
            held = wizard.location_id.aftersales_role == 'hold'
            wizard.quantity = max(wizard.quant_id.quantity - wizard.quant_id.reserved_quantity, 0.0) if held else 1.0

    def action_confirm(self):
        self.ensure_one()
        quant, quantity, note = self.quant_id, self.quantity, self.note or ''
        if not self.is_held:
            quant._aftersales_set_aside(quantity, note)
        elif self.decision == 'shelf':
            quant._aftersales_back_to_shelf(quantity, note)
        elif self.decision == 'vendor':
            quant._aftersales_back_to_vendor(quantity, note)
        else:
            quant._aftersales_scrap(quantity, self.scrap_reason_tag_ids, note)
        return {'type': 'ir.actions.act_window_close'}
