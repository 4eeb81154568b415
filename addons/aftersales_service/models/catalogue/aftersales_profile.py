from odoo import fields, models


class AftersalesProfile(models.Model):
    _inherit = 'aftersales.profile'

    category_id = fields.Many2one(
        'aftersales.repair.category', string="Usual category", help="Category proposed for orders of this profile.",
    )
