from odoo import fields, models


class AftersalesDashboardLamp(models.Model):
    """A warning lamp that may be on when the car arrives."""

    _name = 'aftersales.dashboard.lamp'
    _description = "Dashboard Warning Lamp"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(help="Colour of the chip: red lamps stop the car.")
    active = fields.Boolean(default=True)
