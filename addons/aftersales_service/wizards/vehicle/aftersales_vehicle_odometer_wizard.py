from odoo import api, fields, models


class AftersalesVehicleOdometerWizard(models.TransientModel):
    """Asks for a reading: the number, or that it cannot be read, or that the instrument is new."""

    _name = 'aftersales.vehicle.odometer.wizard'
    _description = "Record an odometer reading"

    vehicle_id = fields.Many2one('aftersales.vehicle', required=True, ondelete='cascade')
    company_id = fields.Many2one(related='vehicle_id.company_id')
    last_value = fields.Integer(string="Last reading (km)", related='vehicle_id.odometer')
    last_at = fields.Datetime(string="Read on", related='vehicle_id.odometer_at')
    value = fields.Integer(string="Reading (km)")
    is_unreadable = fields.Boolean(string="Unreadable")
    is_replacement = fields.Boolean(string="New instrument")
    is_lower = fields.Boolean(compute='_compute_is_lower')
    reason_id = fields.Many2one('aftersales.reason', domain=[('kind', '=', 'odometer')])
    note = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends('value', 'last_value', 'is_unreadable', 'is_replacement')
    def _compute_is_lower(self):
        for wizard in self:
            wizard.is_lower = (
                not wizard.is_unreadable and not wizard.is_replacement
                and bool(wizard.value) and wizard.value < wizard.last_value
            )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Record the reading on the vehicle."""
        self.ensure_one()
        self.vehicle_id.check_access('write')
        self.vehicle_id._record_odometer(
            self.value, unreadable=self.is_unreadable, reason=self.reason_id, note=self.note,
            replaced=self.is_replacement,
        )
        return {'type': 'ir.actions.act_window_close'}
