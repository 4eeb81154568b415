from odoo import api, fields, models


class AftersalesVehicleOwnerWizard(models.TransientModel):
    """Asks who owns the car now and what goes over to him; the history of owners is kept."""

    _name = 'aftersales.vehicle.owner.wizard'
    _description = "Change the owner of a vehicle"

    vehicle_id = fields.Many2one('aftersales.vehicle', required=True, ondelete='cascade')
    company_id = fields.Many2one(related='vehicle_id.company_id')
    old_partner_id = fields.Many2one('res.partner', string="Present owner", related='vehicle_id.partner_id')
    partner_id = fields.Many2one(
        'res.partner', string="New owner", check_company=True, help="Empty: sold, the buyer is not known.",
    )
    kind = fields.Selection(
        [('sale', "The car changed hands"), ('correction', "Correction: the wrong owner was recorded")],
        default='sale', required=True,
    )
    date = fields.Date(string="Owner since", default=lambda self: self.env.company._aftersales_today())
    note = fields.Char()

    # === WHAT GOES OVER === #

    keep_driver = fields.Boolean(
        string="Keep the usual driver", compute='_compute_transfer', store=True, readonly=False,
    )
    keep_service_plan = fields.Boolean(
        string="Keep the planned service", compute='_compute_transfer', store=True, readonly=False,
        help="Otherwise the next service and the insurance date are cleared, and nobody is reminded.",
    )
    shares_history = fields.Boolean(
        string="New owner may see earlier history", compute='_compute_transfer', store=True, readonly=False,
        help="Ask the earlier owner: what was done to the car is his personal data.",
    )
    new_plate = fields.Char(
        string="New plate", help="Empty: the plate stays. A plate usually stays with its owner: type the new one.",
    )
    drop_plate = fields.Boolean(string="Plate stays with the present owner", help="The car has no plate for now.")

    # === COMPUTE METHODS === #

    @api.depends('kind')
    def _compute_transfer(self):
        for wizard in self:
            is_correction = wizard.kind == 'correction'
            wizard.keep_driver = is_correction
            wizard.keep_service_plan = True
            wizard.shares_history = is_correction

    # === ACTION METHODS === #

    def action_confirm(self):
        """Change the owner and hand over what was chosen."""
        self.ensure_one()
        vehicle = self.vehicle_id
        vehicle._change_owner(
            self.partner_id, date=self.date, note=self.note, correction=self.kind == 'correction',
            shares_history=self.shares_history,
        )
        vals = self._prepare_transfer_vals()
        if vals:
            vehicle.write(vals)
        return {'type': 'ir.actions.act_window_close'}

    def _prepare_transfer_vals(self):
        """Return what changes on the vehicle besides its owner; later rooms add their own through super().

        :rtype: dict
        """
        self.ensure_one()
        vals = {}
        if not self.keep_driver:
            vals['driver_id'] = False
        if not self.keep_service_plan:
            vals.update(next_service_date=False, next_service_odometer=0, insurance_date=False)
        if self.new_plate or self.drop_plate:
            vals['license_plate'] = self.new_plate or False
        return vals
