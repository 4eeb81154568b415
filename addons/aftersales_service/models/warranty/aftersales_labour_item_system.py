from odoo import fields, models


class AftersalesLabourItem(models.Model):
    _inherit = 'aftersales.labour.item'

    system_id = fields.Many2one(
        'aftersales.vehicle.system', "Vehicle System", index='btree_not_null', ondelete='restrict',
        help="Which system of the car this work is about: decides which warranty terms hold.",
    )
