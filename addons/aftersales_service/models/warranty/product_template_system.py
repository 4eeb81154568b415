from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = 'product.template'

    aftersales_system_id = fields.Many2one(
        'aftersales.vehicle.system', "Vehicle System", index='btree_not_null', ondelete='restrict',
        help="Which system of the car this part belongs to: decides which warranty terms hold.",
    )
    aftersales_is_assembly = fields.Boolean(
        "Complete Assembly",
        help="A whole engine, gearbox, drive motor or battery, not a part of it: replacements are counted per car.",
    )
