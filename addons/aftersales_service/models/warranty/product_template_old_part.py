from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = 'product.template'

    aftersales_no_old_part = fields.Boolean(
        "No Old Part", help="Nothing worth keeping comes off the car: oil, coolant, grease, sealant, clips.",
    )
