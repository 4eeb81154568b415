from odoo import fields, models


class AftersalesVehicleModelGroup(models.Model):
    """Models that take the same time for the same work: book hours and packages are kept by group."""

    _name = 'aftersales.vehicle.model.group'
    _description = "Vehicle model group"
    _order = 'brand_id, sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code for imports and reports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    brand_id = fields.Many2one(
        'aftersales.vehicle.brand', index='btree_not_null', ondelete='restrict',
        help="Empty: the group holds models of several brands.",
    )
    model_ids = fields.One2many('aftersales.vehicle.model', 'model_group_id', string="Models")

    _code_uniq = models.UniqueIndex("(code) WHERE code IS NOT NULL", "A model group with this code exists already.")
