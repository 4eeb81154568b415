from odoo import fields, models


class AftersalesProfile(models.Model):
    _inherit = 'aftersales.profile'

    required_field_ids = fields.Many2many(
        'ir.model.fields',
        'aftersales_profile_required_field_rel',
        string="Mandatory Data",
        domain="[('model', 'in', ('aftersales.repair.order', 'aftersales.vehicle', 'res.partner'))]",
        help="What must be filled in before work is agreed (R-PROC-24). "
        "Empty: customer, phone, plate or VIN, model and odometer.",
    )
