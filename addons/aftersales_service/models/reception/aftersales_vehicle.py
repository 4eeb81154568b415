from odoo import api, fields, models


class AftersalesVehicle(models.Model):
    _inherit = 'aftersales.vehicle'

    visit_ids = fields.One2many(comodel_name='aftersales.visit', inverse_name='vehicle_id')
    visit_count = fields.Integer(compute='_compute_visit_data')
    open_visit_id = fields.Many2one(comodel_name='aftersales.visit', compute='_compute_visit_data')
    appointment_ids = fields.One2many(comodel_name='aftersales.appointment', inverse_name='vehicle_id')
    next_appointment_id = fields.Many2one(
        comodel_name='aftersales.appointment', compute='_compute_next_appointment_id')

    # === COMPUTE METHODS === #

    @api.depends('visit_ids.state')
    def _compute_visit_data(self):
        Visit = self.env['aftersales.visit']
        counts = dict(Visit._read_group([('vehicle_id', 'in', self.ids)], ['vehicle_id'], ['__count']))
        inside = {
            visit.vehicle_id.id: visit
            for visit in Visit.search([('vehicle_id', 'in', self.ids), ('state', 'in', ('inside', 'out'))])
        }
        for vehicle in self:
            vehicle.visit_count = counts.get(vehicle._origin, 0)
            vehicle.open_visit_id = inside.get(vehicle._origin.id, Visit)

    @api.depends('appointment_ids.state', 'appointment_ids.start_at')
    def _compute_next_appointment_id(self):
        Appointment = self.env['aftersales.appointment']
        coming = Appointment.search(
            [('vehicle_id', 'in', self.ids), ('state', 'in', ('draft', 'confirmed'))], order='start_at desc, id desc')
        by_vehicle = {appointment.vehicle_id.id: appointment for appointment in coming}
        for vehicle in self:
            vehicle.next_appointment_id = by_vehicle.get(vehicle._origin.id, Appointment)

    # === ACTION METHODS === #

    def action_open_visits(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_visit_action')
        return {**action, 'domain': [('vehicle_id', '=', self.id)], 'context': {'default_vehicle_id': self.id}}

    def action_open_visit(self):
        """Open the visit of this car now inside."""
        self.ensure_one()
        return self.open_visit_id._form_action()

    def action_plan_calls(self):
        """Turn due cars into calls to make: one active request each, unless one is open (R-PROC-03)."""
        appointments = self._plan_calls()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_appointment_action_calls')
        return {**action, 'domain': [('id', 'in', appointments.ids)]}

    # === BUSINESS METHODS === #

    def _plan_calls(self):
        """Create an active request per car; cars that have an open one keep it.

        :return: the requests of all these cars, new and old.
        """
        open_requests = self.env['aftersales.appointment'].search([
            ('vehicle_id', 'in', self.ids), ('state', 'in', ('draft', 'confirmed'))])
        missing = self - open_requests.vehicle_id
        return open_requests | self.env['aftersales.appointment'].create([{
            'company_id': (vehicle.company_id or self.env.company).id,
            'direction': 'active',
            'call_result': 'to_call',
            'vehicle_id': vehicle.id,
            'partner_id': (vehicle.driver_id or vehicle.partner_id).id,
            'wish': self.env._("Maintenance due"),
        } for vehicle in missing])

    def _used_by_sudo(self):
        """Cars that were here or are expected are not deleted."""
        used = super()._used_by_sudo()
        for vehicle in self.sudo():
            if vehicle.visit_ids:
                used.setdefault(vehicle, []).append(self.env._("visits"))
            if vehicle.appointment_ids:
                used.setdefault(vehicle, []).append(self.env._("appointments"))
        return used
