from odoo import fields, models

PLACES = [
    ('waiting', "Parking"),
    ('bay', "Bay"),
    ('wash', "Wash"),
    ('ready', "Ready Lane"),
]


class AftersalesCarMoveWizard(models.TransientModel):
    """Record that somebody moved a customer's car, and where it stands now (R-ROLE-14, R-PERM-08)."""

    _name = 'aftersales.car.move.wizard'
    _description = "Move the Car"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    company_id = fields.Many2one(related='order_id.company_id')
    employee_id = fields.Many2one(
        'hr.employee.public', "Driver", domain="[('company_id', '=', company_id)]",
        help="Empty: yourself. A team leader records for others.",
    )
    location = fields.Selection(PLACES, "To", required=True)
    note = fields.Char("Place", help="Bay or parking place, e.g. B12.")

    def action_confirm(self):
        self.ensure_one()
        self.order_id._move_car(self.location, self.env['hr.employee'].browse(self.employee_id.id), self.note)
        return {'type': 'ir.actions.act_window_close'}
