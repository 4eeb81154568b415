from odoo import fields, models


class AftersalesVehicleSystem(models.Model):
    """A part of the car as warranty terms name it: engine, brakes, high-voltage battery, wear parts."""

    _name = 'aftersales.vehicle.system'
    _description = "Vehicle System"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_assembly = fields.Boolean(
        "Main Assembly", help="Engine, gearbox, drive motor, high-voltage battery: replacements are counted per car.",
    )
    is_safety = fields.Boolean("Safety", help="Faults here count as safety faults.")
    is_wear = fields.Boolean("Wear Parts", help="Usually covered for a short time only.")

    _code_uniq = models.UniqueIndex('(code)', "A vehicle system has this code already.")
