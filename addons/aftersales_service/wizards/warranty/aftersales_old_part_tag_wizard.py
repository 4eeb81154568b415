from odoo import api, fields, models


class AftersalesOldPartTagWizard(models.TransientModel):
    """Tag what came off for a repair line, or say why there is nothing to tag."""

    _name = 'aftersales.old.part.tag.wizard'
    _description = "Tag an Old Part"

    line_id = fields.Many2one('aftersales.repair.line', required=True, readonly=True)
    order_id = fields.Many2one(related='line_id.order_id')
    product_id = fields.Many2one(related='line_id.product_id')
    payer_kind = fields.Selection(related='line_id.job_id.payer_kind')
    tagged_qty = fields.Float(related='line_id.old_part_qty', string="Tagged Already")
    quantity = fields.Float(digits='Product Unit', compute='_compute_quantity', store=True, readonly=False, required=True)
    serial = fields.Char("Number on the Old Part")
    note = fields.Char("Condition")
    photo = fields.Image("Photo", max_width=1600, max_height=1600)
    is_exempt = fields.Boolean("There Is No Old Part")
    reason_id = fields.Many2one('aftersales.reason', domain=[('kind', '=', 'old_part')])

    @api.depends('line_id')
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = max(wizard.line_id.quantity - wizard.line_id.old_part_qty, 0.0)

    def action_tag(self):
        """Tag and print the label."""
        self.ensure_one()
        part = self.line_id._tag_old_part(
            self.quantity, serial=self.serial, note=self.note, photos=[self.photo.decode()] if self.photo else ())
        return {**part.action_print_labels(), 'close_on_report_download': True}

    def action_exempt(self):
        self.ensure_one()
        self.line_id._exempt_old_part(self.reason_id, self.note)
        return {'type': 'ir.actions.act_window_close'}
