from odoo import api, fields, models


class AftersalesOldPartBox(models.Model):
    """One box of a return shipment."""

    _name = 'aftersales.old.part.box'
    _description = "Box of Old Parts"
    _order = 'shipment_id desc, number, id'

    shipment_id = fields.Many2one('aftersales.old.part.shipment', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='shipment_id.company_id', store=True, index=True)
    number = fields.Integer("Carton", readonly=True)
    weight = fields.Float("Weight (kg)")
    note = fields.Char("Packing")
    part_ids = fields.One2many('aftersales.old.part', 'box_id', "Old Parts", readonly=True)
    part_count = fields.Integer("Tags", compute='_compute_part_count')

    _weight_positive = models.Constraint('CHECK(weight >= 0)', "A box weighs something.")

    @api.depends('part_ids')
    def _compute_part_count(self):
        counts = dict(self.env['aftersales.old.part']._read_group([('box_id', 'in', self.ids)], ['box_id'], ['__count']))
        for box in self:
            box.part_count = counts.get(box._origin, 0)

    @api.depends('shipment_id', 'number')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for box in self:
            box.display_name = self.env._("%(shipment)s box %(number)s", shipment=box.shipment_id.name, number=box.number)

    @api.model_create_multi
    def create(self, vals_list):
        shipments = self.env['aftersales.old.part.shipment'].browse([vals['shipment_id'] for vals in vals_list])
        last = {shipment.id: max(shipment.box_ids.mapped('number'), default=0) for shipment in shipments}
        for vals in vals_list:
            last[vals['shipment_id']] += 1
            vals['number'] = last[vals['shipment_id']]
        shipments._ensure_draft()
        return super().create(vals_list)

    def write(self, vals):
        self.shipment_id._ensure_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_packed(self):
        self.shipment_id._ensure_draft()
