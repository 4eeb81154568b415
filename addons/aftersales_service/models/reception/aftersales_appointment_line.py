from odoo import api, fields, models


class AftersalesAppointmentLine(models.Model):
    """One wish of an appointment: labour that keeps hours, or a part to have ready (R-PROC-06)."""

    _name = 'aftersales.appointment.line'
    _description = "Appointment Wish"
    _order = 'appointment_id, sequence, id'
    _check_company_auto = True

    appointment_id = fields.Many2one(
        comodel_name='aftersales.appointment', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='appointment_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(selection=[('labour', "Labour"), ('part', "Part")], required=True, default='labour')
    labour_item_id = fields.Many2one(comodel_name='aftersales.labour.item', string="Labour Item", check_company=True)
    product_id = fields.Many2one(
        comodel_name='product.product', string="Part", check_company=True,
        domain="[('aftersales_is_part', '=', True)]")
    name = fields.Char(string="Description", compute='_compute_name', store=True, readonly=False, precompute=True)
    quantity = fields.Float(default=1.0, digits='Product Unit')
    product_uom_id = fields.Many2one(related='product_id.uom_id')
    planned_hours = fields.Float(compute='_compute_planned_hours', store=True, readonly=False, precompute=True)

    _kind_complete = models.Constraint(
        "CHECK (kind != 'part' OR product_id IS NOT NULL)", "A part wish names its part.")
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "The quantity of a wish is above zero.")

    @api.depends('labour_item_id', 'product_id')
    def _compute_name(self):
        for line in self:
            line.name = line.product_id.display_name or line.labour_item_id.name or line.name

    @api.depends('kind', 'labour_item_id', 'quantity', 'appointment_id.model_id')
    def _compute_planned_hours(self):
        for line in self:
            if line.kind != 'labour':
                line.planned_hours = 0.0
            elif line.labour_item_id:
                hours = line.labour_item_id._book_hours(line.appointment_id.model_id)
                line.planned_hours = hours * line.quantity
            else:
                line.planned_hours = line.planned_hours or 0.0
