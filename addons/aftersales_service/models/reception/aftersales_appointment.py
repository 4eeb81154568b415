from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.board import states_in_order
from ..base.errors import coded_error

# Verb → the states it may start from; the target is named by the verb itself.
SOURCES = {
    'confirmed': ('draft',),
    'arrived': ('draft', 'confirmed', 'no_show'),
    'late': ('draft', 'confirmed', 'no_show'),
    'no_show': ('confirmed',),
    'cancelled': ('draft', 'confirmed', 'no_show'),
    'draft': ('confirmed', 'no_show', 'cancelled'),
}
ACTIVITY_BAY = 'aftersales_service.mail_activity_type_appointment_bay'
ACTIVITY_REMINDER = 'aftersales_service.mail_activity_type_appointment_reminder'


class AftersalesAppointment(models.Model):
    """A promise to receive one car at an exact time, or the call that tries to make one.

    Made by the front desk: passive when the customer calls us, active when we call him (a maintenance is due).
    Confirming keeps hours of that day and tells the workshop; arriving opens the visit. It never becomes an
    order by itself: the visit does.
    """

    _name = 'aftersales.appointment'
    _description = "Service Appointment"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'aftersales.guarded.mixin', 'aftersales.gate.mixin']
    _order = 'start_at, id'
    _check_company_auto = True
    _guarded_fields = frozenset({
        'state', 'confirmed_at', 'confirmed_by_id', 'arrived_at', 'visit_id', 'reminded_at', 'called_at',
        'called_by_id', 'cancel_reason_id', 'signed_at',
    })

    # Identity
    name = fields.Char(string="Number", readonly=True, copy=False, index=True)
    company_id = fields.Many2one(
        comodel_name='res.company', required=True, index=True, default=lambda self: self.env.company)
    state = fields.Selection(
        selection=[
            ('draft', "Request"),
            ('confirmed', "Confirmed"),
            ('arrived', "Kept"),
            ('late', "Came late"),
            ('no_show', "No show"),
            ('cancelled', "Cancelled"),
        ],
        string="Status", default='draft', readonly=True, required=True, copy=False, tracking=True, index=True,
        group_expand=states_in_order)
    direction = fields.Selection(
        selection=[('passive', "Customer called us"), ('active', "We called the customer")],
        string="Direction", required=True, default='passive', tracking=True,
        help="Passive: the customer asked for the appointment. Active: we proposed it, e.g. for a due maintenance.")

    # Parties
    partner_id = fields.Many2one(
        comodel_name='res.partner', string="Customer", tracking=True, index='btree_not_null', check_company=True)
    contact_name = fields.Char(
        string="Contact", compute='_compute_contact', store=True, readonly=False, precompute=True)
    contact_phone = fields.Char(
        string="Phone", compute='_compute_contact', store=True, readonly=False, precompute=True,
        groups='aftersales_service.group_receptionist')
    vehicle_id = fields.Many2one(
        comodel_name='aftersales.vehicle', tracking=True, index='btree_not_null', check_company=True)
    license_plate = fields.Char(
        compute='_compute_vehicle_data', store=True, readonly=False, precompute=True, index='trigram',
        help="Type the plate: a known car is found, a new one gets its file when the appointment is confirmed.")
    vin = fields.Char(string="VIN", compute='_compute_vehicle_data', store=True, readonly=False, precompute=True)
    model_id = fields.Many2one(
        comodel_name='aftersales.vehicle.model', string="Model",
        compute='_compute_vehicle_data', store=True, readonly=False, precompute=True)
    advisor_id = fields.Many2one(
        comodel_name='res.users', string="Advisor", tracking=True, default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]")
    recognised_note = fields.Char(compute='_compute_recognised_note')

    # Time
    start_at = fields.Datetime(
        string="Time", tracking=True, index=True, copy=False, help="The exact time we expect the car.")
    planned_hours = fields.Float(
        compute='_compute_planned_hours', store=True, readonly=False, precompute=True,
        help="Labour hours this appointment keeps free in the workshop.")
    stop_at = fields.Datetime(string="Until", compute='_compute_stop_at', store=True)
    day_capacity_hours = fields.Float(string="Bookable Hours", compute='_compute_day_hours')
    day_free_hours = fields.Float(
        string="Free Hours", compute='_compute_day_hours',
        help="Bookable labour hours of that day, less what the other appointments keep.")

    # Content
    category_id = fields.Many2one(comodel_name='aftersales.repair.category', string="Category")
    package_id = fields.Many2one(
        comodel_name='aftersales.package', string="Package", help="Fills the wishes with the lines of the package.")
    wish = fields.Text(string="Customer's Wishes", help="In the customer's own words.")
    line_ids = fields.One2many(comodel_name='aftersales.appointment.line', inverse_name='appointment_id', copy=True)
    deposit_asked = fields.Monetary(
        help="Deposit told to the customer for parts ordered in advance; printed on the sheet.")
    currency_id = fields.Many2one(related='company_id.currency_id')

    # Agreement
    confirm_means = fields.Selection(
        selection=[('in_person', "In person"), ('phone', "Phone"), ('message', "Message"), ('online', "Online")],
        default='phone', help="How the customer agreed to the exact time.")
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)
    signature = fields.Image(max_width=1024, max_height=1024, copy=False)
    signed_by = fields.Char(copy=False)
    signed_at = fields.Datetime(readonly=True, copy=False)

    # Call of an active appointment, reminder
    call_result = fields.Selection(
        selection=[
            ('to_call', "To call"),
            ('booked', "Booked"),
            ('call_back', "Call back"),
            ('not_reached', "Not reached"),
            ('not_interested', "Not interested"),
        ],
        copy=False, tracking=True)
    call_note = fields.Char(copy=False)
    called_at = fields.Datetime(readonly=True, copy=False)
    called_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)
    reminder_at = fields.Datetime(compute='_compute_reminder_at', store=True)
    reminded_at = fields.Datetime(readonly=True, copy=False)
    reminder_result = fields.Selection(
        selection=[
            ('reached', "Will come"),
            ('not_reached', "Not reached"),
            ('moved', "Wants another time"),
            ('cancelled', "Will not come"),
        ],
        copy=False, tracking=True)

    # Outcome
    arrived_at = fields.Datetime(readonly=True, copy=False)
    visit_id = fields.Many2one(comodel_name='aftersales.visit', readonly=True, copy=False, index='btree_not_null')
    cancel_reason_id = fields.Many2one(comodel_name='aftersales.reason', readonly=True, copy=False)
    kept_count = fields.Integer(string="Kept", compute='_compute_register', store=True)
    late_count = fields.Integer(string="Late Arrivals", compute='_compute_register', store=True)
    no_show_count = fields.Integer(string="No-show", compute='_compute_register', store=True)
    cancelled_count = fields.Integer(string="Cancelled ", compute='_compute_register', store=True)
    color = fields.Integer(compute='_compute_color')

    _company_start_idx = models.Index("(company_id, start_at, state)")

    # === COMPUTE METHODS === #

    @api.depends('partner_id')
    def _compute_contact(self):
        for appointment in self:
            partner = appointment.partner_id
            appointment.contact_name = partner.name or appointment.contact_name
            appointment.contact_phone = partner.phone or appointment.contact_phone

    @api.depends('vehicle_id.license_plate', 'vehicle_id.vin', 'vehicle_id.model_id')
    def _compute_vehicle_data(self):
        for appointment in self:
            vehicle = appointment.vehicle_id
            if appointment.state in ('arrived', 'late', 'no_show', 'cancelled'):
                vehicle = vehicle.browse()  # the register keeps what it was
            appointment.license_plate = vehicle.license_plate or appointment.license_plate
            appointment.vin = vehicle.vin or appointment.vin
            appointment.model_id = vehicle.model_id or appointment.model_id

    @api.depends('license_plate', 'vin', 'contact_phone', 'vehicle_id', 'partner_id')
    def _compute_recognised_note(self):
        for appointment in self:
            note = False
            if appointment.vehicle_id and appointment.partner_id:
                note = False
            elif appointment.license_plate or appointment.vin or appointment.sudo().contact_phone:
                found = self.env['aftersales.visit']._recognise(
                    appointment.license_plate, appointment.vin, appointment.sudo().contact_phone,
                    company=appointment.company_id)
                if found['is_new']:
                    note = self.env._("New customer: the file is created when you confirm.")
                else:
                    note = self.env._(
                        "Known: %(who)s",
                        who=" · ".join(filter(None, [found['vehicle'].display_name, found['partner'].display_name])))
            appointment.recognised_note = note

    @api.depends('line_ids.planned_hours')
    def _compute_planned_hours(self):
        for appointment in self:
            hours = sum(appointment.line_ids.mapped('planned_hours'))
            appointment.planned_hours = hours or appointment.planned_hours or 1.0

    @api.depends('start_at', 'planned_hours')
    def _compute_stop_at(self):
        for appointment in self:
            start = appointment.start_at
            appointment.stop_at = start and start + timedelta(hours=max(appointment.planned_hours, 0.25))

    @api.depends('start_at', 'planned_hours', 'company_id', 'state')
    def _compute_day_hours(self):
        """Free hours of each appointment's day, without its own hours (R-PROC-02)."""
        self.day_capacity_hours = self.day_free_hours = 0.0
        for company, appointments in self.filtered('start_at').grouped('company_id').items():
            days = {appointment: company._aftersales_today(appointment.start_at) for appointment in appointments}
            load = self._day_load(company, min(days.values()), max(days.values()), without=appointments)
            own = defaultdict(float)
            for appointment, day in days.items():
                if appointment.state == 'confirmed':
                    own[day] += appointment.planned_hours
            for appointment, day in days.items():
                others = own[day] - (appointment.planned_hours if appointment.state == 'confirmed' else 0.0)
                appointment.day_capacity_hours = load[day]['capacity']
                appointment.day_free_hours = load[day]['capacity'] - load[day]['booked'] - others

    @api.depends('start_at', 'company_id.aftersales_appointment_reminder_hours')
    def _compute_reminder_at(self):
        for appointment in self:
            hours = appointment.company_id.aftersales_appointment_reminder_hours
            appointment.reminder_at = appointment.start_at and appointment.start_at - timedelta(hours=hours)

    @api.depends('state')
    def _compute_register(self):
        for appointment in self:
            appointment.kept_count = int(appointment.state in ('arrived', 'late'))
            appointment.late_count = int(appointment.state == 'late')
            appointment.no_show_count = int(appointment.state == 'no_show')
            appointment.cancelled_count = int(appointment.state == 'cancelled')

    @api.depends('state')
    def _compute_color(self):
        colors = {'draft': 0, 'confirmed': 4, 'arrived': 10, 'late': 2, 'no_show': 1, 'cancelled': 7}
        for appointment in self:
            appointment.color = colors[appointment.state]

    @api.depends('name', 'license_plate', 'contact_name')
    def _compute_display_name(self):
        for appointment in self:
            appointment.display_name = " · ".join(
                filter(None, [appointment.license_plate, appointment.contact_name, appointment.name]),
            ) or self.env._("New appointment")

    # === CONSTRAINT AND ONCHANGE METHODS === #

    @api.onchange('license_plate', 'vin')
    def _onchange_vehicle_data(self):
        """Offer the file we have for a typed plate or VIN (R-PROC-19)."""
        if self.vehicle_id or not (self.license_plate or self.vin):
            return
        found = self.env['aftersales.visit']._recognise(self.license_plate, self.vin, company=self.company_id)
        if found['vehicle']:
            self.vehicle_id = found['vehicle']
            self.partner_id = self.partner_id or found['partner']

    @api.onchange('vehicle_id')
    def _onchange_vehicle_id(self):
        self.partner_id = self.partner_id or self.vehicle_id.partner_id

    @api.onchange('contact_phone')
    def _onchange_contact_phone(self):
        if self.partner_id or not self.contact_phone:
            return
        found = self.env['aftersales.visit']._recognise(phone=self.contact_phone, company=self.company_id)
        self.partner_id = found['partner']
        self.vehicle_id = self.vehicle_id or found['vehicle']

    @api.onchange('package_id')
    def _onchange_package_id(self):
        if self.package_id:
            self.line_ids = [fields.Command.create(vals) for vals in self._prepare_package_line_vals(self.package_id)]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
            if not vals.get('name'):
                vals['name'] = self.env['ir.sequence'].with_company(company).next_by_code(self._name)
        appointments = super().create(vals_list)
        appointments.filtered('signature')._guarded().write({'signed_at': fields.Datetime.now()})
        return appointments

    def write(self, vals):
        """Keep the signature honest: a signed time that changes is signed again (R-PROC-05).

        A change of time or advisor of a confirmed appointment is told to everybody concerned (R-PROC-13).
        """
        moved = self.browse()
        if 'start_at' in vals:
            target = fields.Datetime.to_datetime(vals['start_at'])
            moved = self.filtered(
                lambda appointment: appointment.state == 'confirmed' and appointment.start_at != target)
            if moved and not target:
                raise coded_error('REC-03', self.env._(
                    "Appointment %(name)s is confirmed and needs its exact time. Reset it to a request first.",
                    name=moved[0].display_name))
        before = {appointment: appointment.start_at for appointment in moved}
        result = super().write(vals)
        if 'signature' in vals:
            self._guarded().write({'signed_at': fields.Datetime.now() if vals['signature'] else False})
        if moved:
            moved._guarded().write({'reminded_at': False, 'reminder_result': False})
            if 'signature' not in vals:
                moved.write({'signature': False, 'signed_by': False})
            for appointment in moved:
                appointment._ensure_exact_time()
                appointment._notify_people(self.env._(
                    "Appointment moved from %(old)s to %(new)s.",
                    old=appointment._format_time(before[appointment]),
                    new=appointment._format_time(appointment.start_at)))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for appointment in self:
            if appointment.state != 'draft' or appointment.called_at:
                raise coded_error('REC-33', self.env._(
                    "Appointment %(name)s is part of the register and cannot be deleted. Cancel it with a reason.",
                    name=appointment.display_name))

    # === ACTION METHODS === #

    def action_confirm(self):
        if len(self) == 1 and (action := self._gate_action('confirmed', 'action_confirm')):
            return action
        self._confirm()
        return True

    def action_arrive(self):
        self.ensure_one()
        visit = self._arrive()
        return visit._form_action()

    def action_no_show(self):
        self._no_show()

    def action_cancel(self):
        """Ask for the reason; the wizard calls `_cancel`."""
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Cancel appointment"),
            'res_model': 'aftersales.appointment.cancel.wizard', 'view_mode': 'form', 'views': [(False, 'form')],
            'target': 'new', 'context': {'default_appointment_ids': self.ids},
        }

    def action_reset(self):
        self._reset()

    def action_create_files(self):
        """Create customer and vehicle from what was typed, in one go (R-PROC-04)."""
        self._ensure_files()

    def action_print(self):
        return self.env.ref('aftersales_service.report_appointment').report_action(self)

    def action_open_visit(self):
        self.ensure_one()
        return self.visit_id._form_action()

    def action_call_reached(self):
        """The customer was reached and wants to come: fix the time, then confirm."""
        self._log_call('booked')

    def action_call_not_reached(self):
        self._log_call('not_reached')

    def action_call_back(self):
        self._log_call('call_back')

    def action_call_refused(self):
        self._log_call('not_interested')

    def action_reminder_reached(self):
        self._record_reminder('reached')

    def action_reminder_not_reached(self):
        self._record_reminder('not_reached')

    # === BUSINESS METHODS - LIFE CYCLE === #

    def _gate_profile(self):
        """Appointments have no order yet: their gates live on the company-wide profile."""
        self.ensure_one()
        return self.company_id._aftersales_profile('company')

    def _blockers(self, target):
        result = super()._blockers(target)
        if target == 'confirmed':
            for appointment in self:
                result[appointment] += filter(None, appointment._confirm_blockers())
        return result

    def _confirm_blockers(self):
        """Return the gates of confirming one appointment; None for each that is off or met."""
        self.ensure_one()
        free = self.day_free_hours - self.planned_hours
        return [
            not self.signature and self._blocker('appointment_signature', 'REC-29', self.env._(
                "The customer has not signed the appointment sheet of %(name)s yet.", name=self.display_name)),
            self.start_at and free < 0 and self._blocker('appointment_capacity', 'REC-30', self.env._(
                "%(name)s needs %(hours).1f hours, the workshop has %(free).1f free that day.",
                name=self.display_name, hours=self.planned_hours, free=max(self.day_free_hours, 0.0))),
        ]

    def _confirm(self):
        """Promise the time: files exist, hours are kept, workshop, advisor and parts room are told.

        :raise UserError: REC-03 no exact time, REC-04 customer or car unknown, REC-05 wrong state, or a gate.
        """
        for appointment in self:
            appointment._ensure_source('confirmed')
            appointment._ensure_exact_time()
        self._ensure_files()
        self._ensure_no_blockers('confirmed')
        self._guarded().write({
            'state': 'confirmed', 'confirmed_at': fields.Datetime.now(), 'confirmed_by_id': self.env.uid,
        })
        for appointment in self:
            if appointment.direction == 'active' and appointment.call_result != 'booked':
                appointment._log_call('booked')
            appointment._schedule_bay_activity()
            appointment._notify_people(self.env._(
                "Appointment confirmed for %(time)s, %(hours).1f hours.",
                time=appointment._format_time(appointment.start_at), hours=appointment.planned_hours))
        self._after_confirm()
        return True

    def _after_confirm(self):
        """Hook, called with the appointments just confirmed: a later room reserves what they wish."""

    def _after_release(self):
        """Hook, called with appointments that no longer hold anything (cancelled, no-show, reset)."""

    def _arrive(self, at=None):
        """The customer is here: open the visit, kept or late by the company's tolerance.

        :param datetime at: UTC time of arrival; default now.
        :return: the visit, inside.
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        state = self._arrival_state(at)
        self._ensure_source(state)
        self._ensure_files()
        visit = self.env['aftersales.visit'].with_company(self.company_id).create(self._prepare_visit_vals())
        self._guarded().write({'state': state, 'arrived_at': at, 'visit_id': visit.id})
        self.activity_unlink([ACTIVITY_BAY, ACTIVITY_REMINDER])
        visit._arrive(at)
        return visit

    def _arrival_state(self, at):
        """Kept or late, by the tolerance of the company."""
        self.ensure_one()
        tolerance = timedelta(minutes=self.company_id.aftersales_appointment_late_minutes)
        return 'late' if self.start_at and at > self.start_at + tolerance else 'arrived'

    def _no_show(self):
        for appointment in self:
            appointment._ensure_source('no_show')
            if not appointment.start_at or appointment.start_at > fields.Datetime.now():
                raise coded_error('REC-05', self.env._(
                    "Appointment %(name)s is not due yet: it cannot be a no-show.", name=appointment.display_name))
        self._guarded().write({'state': 'no_show'})
        self.activity_unlink([ACTIVITY_BAY, ACTIVITY_REMINDER])
        self._after_release()
        return True

    def _cancel(self, reason, note=None):
        """Cancel with a reason and tell the people who prepared for it.

        :param recordset reason: `aftersales.reason` of kind cancel.
        """
        if not reason:
            raise coded_error('REC-06', self.env._("Say why the appointment is cancelled."))
        for appointment in self:
            appointment._ensure_source('cancelled')
        told = self.filtered(lambda appointment: appointment.state == 'confirmed')
        self._guarded().write({'state': 'cancelled', 'cancel_reason_id': reason.id})
        self.activity_unlink([ACTIVITY_BAY, ACTIVITY_REMINDER])
        for appointment in told:
            appointment._notify_people(self.env._(
                "Appointment of %(time)s cancelled: %(reason)s %(note)s",
                time=appointment._format_time(appointment.start_at), reason=reason.name, note=note or ''))
        self._after_release()
        return True

    def _reset(self):
        """Back to a request, e.g. to give another time to somebody who did not come."""
        for appointment in self:
            appointment._ensure_source('draft')
        self._guarded().write({
            'state': 'draft', 'confirmed_at': False, 'confirmed_by_id': False, 'cancel_reason_id': False,
            'reminded_at': False,
        })
        self.activity_unlink([ACTIVITY_BAY, ACTIVITY_REMINDER])
        self._after_release()
        return True

    def _ensure_source(self, target):
        """Refuse a verb from a state that forbids it (REC-05)."""
        self.ensure_one()
        if self.state not in SOURCES[target]:
            labels = dict(self._fields['state']._description_selection(self.env))
            raise coded_error('REC-05', self.env._(
                "Appointment %(name)s is “%(state)s”: it cannot become “%(target)s”.",
                name=self.display_name, state=labels[self.state], target=labels[target]))

    def _ensure_exact_time(self):
        """A date alone is no appointment: the customer is told a time (R-PROC-05)."""
        self.ensure_one()
        local = self.start_at and self.company_id._aftersales_local_time(self.start_at)
        if not local or (local.hour, local.minute) == (0, 0):
            raise coded_error('REC-03', self.env._(
                "Appointment %(name)s needs a date and an exact time before it can be confirmed.",
                name=self.display_name))

    # === BUSINESS METHODS - FILES === #

    def _ensure_files(self):
        """Find or create customer and vehicle of each appointment (R-PROC-04, R-PROC-19).

        :raise UserError: REC-04 when there is nothing to find or create them from.
        """
        Visit = self.env['aftersales.visit']
        for appointment in self:
            if appointment.partner_id and appointment.vehicle_id:
                continue
            found = Visit._recognise(
                appointment.license_plate, appointment.vin, appointment.contact_phone, company=appointment.company_id)
            vehicle = appointment.vehicle_id or found['vehicle']
            partner = appointment.partner_id or vehicle.partner_id or found['partner']
            if not partner:
                if not (appointment.contact_name and appointment.contact_phone):
                    raise coded_error('REC-04', self.env._(
                        "Appointment %(name)s: choose the customer, or type name and phone.",
                        name=appointment.display_name))
                partner = Visit._create_partner_sudo({
                    'name': appointment.contact_name, 'phone': appointment.contact_phone,
                })
            if not vehicle:
                if not (appointment.license_plate or appointment.vin):
                    raise coded_error('REC-04', self.env._(
                        "Appointment %(name)s: choose the vehicle, or type plate or VIN.",
                        name=appointment.display_name))
                vehicle = Visit._create_vehicle_sudo({
                    'license_plate': appointment.license_plate or False, 'vin': appointment.vin or False,
                    'model_id': appointment.model_id.id, 'partner_id': partner.id,
                }, appointment.company_id)
            appointment.write({'partner_id': partner.id, 'vehicle_id': vehicle.id})

    def _prepare_visit_vals(self):
        """Values of the visit an appointment opens; rooms extend."""
        self.ensure_one()
        return {
            'company_id': self.company_id.id,
            'visit_type': 'repair',
            'appointment_id': self.id,
            'vehicle_id': self.vehicle_id.id,
            'partner_id': self.partner_id.id,
            'driver_name': self.contact_name,
            'driver_phone': self.contact_phone,
            'advisor_id': self.advisor_id.id,
            'request': self.wish,
        }

    def _prepare_package_line_vals(self, package):
        """Wish lines of a package: labour with book hours of this car's model, parts with quantity.

        :return: vals of `aftersales.appointment.line`, one dict per labour or part line of the package.
        """
        vals_list = []
        for line in package.line_ids:
            if line.kind == 'labour':
                vals_list.append({
                    'kind': 'labour', 'labour_item_id': line.labour_item_id.id, 'name': line.labour_item_id.name,
                    'quantity': line.quantity,
                })
            elif line.kind == 'part':
                vals_list.append({
                    'kind': 'part', 'product_id': line.product_id.id, 'name': line.product_id.display_name,
                    'quantity': line.quantity,
                })
        return vals_list

    def _apply_package(self, package):
        """Add the wishes of a package to the appointment."""
        self.ensure_one()
        self.write({
            'package_id': package.id,
            'line_ids': [fields.Command.create(vals) for vals in self._prepare_package_line_vals(package)],
        })

    # === BUSINESS METHODS - CALLS, REMINDERS, REGISTER === #

    def _log_call(self, result, note=None):
        """Record the result of calling a customer (R-PROC-03); “not interested” closes the request."""
        self._guarded().write({
            'call_result': result, 'called_at': fields.Datetime.now(), 'called_by_id': self.env.uid,
            **({'call_note': note} if note else {}),
        })
        if result == 'not_interested':
            open_requests = self.filtered(lambda appointment: appointment.state == 'draft')
            if open_requests:
                open_requests._cancel(self.env.ref('aftersales_service.reason_cancel_not_interested'))

    def _record_reminder(self, result, note=None):
        """Keep what the customer said to the reminder (R-PROC-11) and close its activity."""
        labels = dict(self._fields['reminder_result']._description_selection(self.env))
        self.write({'reminder_result': result})
        self._guarded().write({'reminded_at': fields.Datetime.now()})
        self.activity_feedback([ACTIVITY_REMINDER], feedback=note or labels[result], only_automated=False)

    @api.model
    def _cron_remind(self, now=None):
        """Put the reminder call on the advisor's list when it is due (R-PROC-11).

        An appointment booked within the last half of the lead needs no reminder: the customer has just agreed.
        """
        now = now or fields.Datetime.now()
        due = self.search([
            ('state', '=', 'confirmed'), ('reminded_at', '=', False),
            ('reminder_at', '<=', now), ('start_at', '>', now),
        ])
        for appointment in due:
            lead = timedelta(hours=appointment.company_id.aftersales_appointment_reminder_hours / 2)
            appointment._guarded().write({'reminded_at': now})
            if appointment.confirmed_at > appointment.start_at - lead:
                continue
            appointment.activity_schedule(
                ACTIVITY_REMINDER, date_deadline=appointment.company_id._aftersales_today(now),
                summary=self.env._(
                    "Remind %(who)s: %(time)s", who=appointment.contact_name or appointment.partner_id.name,
                    time=appointment._format_time(appointment.start_at)),
                user_id=(appointment.advisor_id or appointment.confirmed_by_id or self.env.user).id)
        return True

    @api.model
    def _cron_no_show(self, now=None):
        """Close the register of past days: who was confirmed and never came is a no-show (R-PROC-09)."""
        now = now or fields.Datetime.now()
        for company in self.env['res.company'].sudo().search([]):
            start, _end = company._aftersales_day_bounds(company._aftersales_today(now))
            self.search([
                ('company_id', '=', company.id), ('state', '=', 'confirmed'), ('start_at', '<', start),
            ])._no_show()
        return True

    def _schedule_bay_activity(self):
        """Tell the workshop the same day, so that a bay is kept (R-PROC-10)."""
        self.ensure_one()
        user = self.company_id._aftersales_appointment_recipients()['dispatcher'] or self.advisor_id or self.env.user
        self.activity_unlink([ACTIVITY_BAY])
        self.activity_schedule(
            ACTIVITY_BAY, date_deadline=self.company_id._aftersales_today(), user_id=user.id,
            summary=self.env._(
                "Keep a bay: %(plate)s, %(time)s, %(hours).1f h", plate=self.license_plate or self.vin or '',
                time=self._format_time(self.start_at), hours=self.planned_hours))

    def _notify_people(self, message):
        """Tell advisor, dispatcher and parts room at once (R-PROC-13)."""
        self.ensure_one()
        recipients = self.company_id._aftersales_appointment_recipients()
        users = self.advisor_id | recipients['dispatcher'] | recipients['parts']
        self.message_post(
            body=message, partner_ids=(users - self.env.user).partner_id.ids, subtype_xmlid='mail.mt_note')

    def _format_time(self, value):
        """Local date and time of the company, to the minute."""
        return self.company_id._aftersales_local_time(value).strftime('%Y-%m-%d %H:%M') if value else ''

    @api.model
    def _day_load(self, company, first, last, without=None):
        """Return the load of each day from first to last, both included.

        :param recordset company: one company; days are cut in its calendar's time zone.
        :param recordset without: appointments whose hours are not counted.
        :return: {date: {'capacity': hours, 'booked': hours, 'free': hours, 'count': int}}
        """
        start = company._aftersales_day_bounds(first)[0]
        end = company._aftersales_day_bounds(last)[1]
        domain = Domain([
            ('company_id', '=', company.id), ('state', 'in', ('confirmed', 'arrived', 'late')),
            ('start_at', '>=', start), ('start_at', '<', end),
        ])
        real_ids = without._origin.ids if without else []
        if real_ids:
            # Kept ones have their car here; only still confirmed ones are left out by the caller's own sum.
            domain &= ~(Domain('id', 'in', real_ids) & Domain('state', '=', 'confirmed'))
        capacity = company._aftersales_bookable_hours(first, last)
        load = {day: {'capacity': hours, 'booked': 0.0, 'count': 0} for day, hours in capacity.items()}
        for appointment in self.sudo().search_fetch(domain, ['start_at', 'planned_hours']):
            day = load[company._aftersales_today(appointment.start_at)]
            day['booked'] += appointment.planned_hours
            day['count'] += 1
        for day in load.values():
            day['free'] = day['capacity'] - day['booked']
        return load

    @api.model
    @api.readonly
    def get_day_load(self, first, last):
        """Load per day for desks and calendars, see `_day_load`; dates as ISO strings in and out."""
        self.check_access('read')
        load = self._day_load(self.env.company, fields.Date.to_date(first), fields.Date.to_date(last))
        return {fields.Date.to_string(day): values for day, values in load.items()}

    @api.model
    @api.readonly
    def get_welcome_board(self, day=None):
        """Today's expected and arrived customers for the screen at the entrance (R-PROC-12, R-DOC-13).

        Names and plates are shortened: everybody in the hall reads this screen.

        :param str day: ISO date; default today of the company.
        :return: list of dict(time, plate, name, advisor, state), by time.
        """
        self.check_access('read')
        company = self.env.company
        start, end = company._aftersales_day_bounds(fields.Date.to_date(day) or company._aftersales_today())
        appointments = self.search([
            ('company_id', '=', company.id), ('start_at', '>=', start), ('start_at', '<', end),
            ('state', 'in', ('confirmed', 'arrived', 'late')),
        ])
        return [appointment._welcome_line() for appointment in appointments]

    def _welcome_line(self):
        self.ensure_one()
        plate, name = self.license_plate or '', self.contact_name or self.partner_id.name or ''
        return {
            'id': self.id,
            'time': self.company_id._aftersales_local_time(self.start_at).strftime('%H:%M'),
            'plate': self.env['aftersales.visit']._welcome_plate(plate),
            'name': name[:1] and name[:1] + '**',
            'advisor': self.advisor_id.name or '',
            'state': self.state,
        }
