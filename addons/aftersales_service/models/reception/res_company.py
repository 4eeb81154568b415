from datetime import datetime, time, timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models

from .aftersales_intake_field import INTAKE_FIELDS


class ResCompany(models.Model):
    _inherit = 'res.company'

    # Appointments
    aftersales_appointment_reminder_hours = fields.Float(
        string="Reminder Before Appointment", default=24.0,
        help="Hours before the appointment at which the reminder call comes up: 24, or 12 for half a day.")
    aftersales_appointment_late_minutes = fields.Integer(
        string="Late After", default=15, help="Minutes after the appointment from which an arrival counts as late.")
    aftersales_bookable_people = fields.Integer(
        string="Productive Technicians", default=0, help="0: everybody of this company who has a trade.")
    aftersales_bookable_share = fields.Float(
        string="Bookable Share", default=0.8,
        help="Part of the working hours kept for appointments, the rest is for walk-ins.")
    aftersales_dispatcher_id = fields.Many2one(
        comodel_name='res.users', string="Dispatcher for Appointments", help="Told the same day to keep a bay.")
    aftersales_parts_contact_id = fields.Many2one(
        comodel_name='res.users', string="Parts Contact", help="Told what parts an appointment wishes.")
    aftersales_reception_contact_id = fields.Many2one(
        comodel_name='res.users', string="Reception Contact", help="Looks for the owner of a car towed in at night.")
    aftersales_service_manager_id = fields.Many2one(
        comodel_name='res.users', string="Service Manager", help="Told when belongings are missing or damaged.")
    # Reception
    aftersales_greet_seconds = fields.Integer(
        string="Greeting Within", default=10, help="Seconds from arrival to first contact.")
    aftersales_intake_field_ids = fields.One2many(
        comodel_name='aftersales.intake.field', inverse_name='company_id', string="Minimum Data at Intake")

    _aftersales_reminder_positive = models.Constraint(
        "CHECK (aftersales_appointment_reminder_hours > 0)", "The reminder comes before the appointment.")
    _aftersales_bookable_share_range = models.Constraint(
        "CHECK (aftersales_bookable_share >= 0 AND aftersales_bookable_share <= 1)",
        "The bookable share is between 0 and 100 %.")

    # === BUSINESS METHODS === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_prepare_reception_sequences_sudo()
        self.env['aftersales.intake.field']._sync_sudo(self)
        return result

    @api.model
    def _aftersales_prepare_reception(self):
        """Give existing companies what this version adds; called on every update."""
        companies = self.sudo().search([])
        companies._aftersales_prepare_reception_sequences_sudo()
        self.env['aftersales.intake.field']._sync_sudo(companies)

    def _aftersales_prepare_reception_sequences_sudo(self):
        """Number appointments, visits and sheets per company and month; sudo: called when a company is made."""
        self._aftersales_ensure_sequence('aftersales.appointment', self.env._("Appointments"), 'AP%(y)s%(month)s')
        self._aftersales_ensure_sequence('aftersales.visit', self.env._("Visits"), 'VI%(y)s%(month)s')
        self._aftersales_ensure_sequence('aftersales.check.in', self.env._("Check-in Sheets"), 'CI%(y)s%(month)s')

    def action_aftersales_apply_defaults(self, size):
        result = super().action_aftersales_apply_defaults(size)
        for profile in self.env['aftersales.profile'].search([('company_id', 'in', self.ids)]):
            profile.check_in_photo_count = profile._shipped_photo_count(size)
        return result

    def _aftersales_local_time(self, value):
        """Return a UTC datetime as naive local time of this company's working calendar."""
        self.ensure_one()
        return pytz.utc.localize(value).astimezone(self._aftersales_workday_tz()).replace(tzinfo=None)

    def _aftersales_appointment_recipients(self):
        """Return who is told about appointments and incidents; a later room may know better through super().

        :return: {'dispatcher', 'parts', 'reception', 'manager': res.users, maybe empty}
        """
        self.ensure_one()
        company = self.sudo()
        return {
            'dispatcher': company.aftersales_dispatcher_id or self._aftersales_first_user_sudo('dispatcher'),
            'parts': company.aftersales_parts_contact_id or self._aftersales_first_user_sudo('parts_keeper'),
            'reception': company.aftersales_reception_contact_id
            or self._aftersales_first_user_sudo('receptionist', 'advisor'),
            'manager': company.aftersales_service_manager_id or self._aftersales_first_user_sudo('service_manager'),
        }

    def _aftersales_first_user_sudo(self, *roles):
        """Return who was given one of these roles first in this company, when the settings name nobody.

        Only people who hold the role itself: a service manager can do every desk's work but is not every desk.
        sudo: whom to tell is no secret, groups are not readable for reception.
        """
        self.ensure_one()
        for role in roles:
            group = self.env.ref(f'aftersales_service.group_{role}').sudo()
            users = group.user_ids.filtered(
                lambda user: user.active and self in user.company_ids and user.id != SUPERUSER_ID)
            if users:
                return users.sorted('id')[0].with_env(self.env)
        return self.env['res.users']

    def _aftersales_bookable_hours(self, first, last):
        """Return the labour hours that may be booked on each day (R-PROC-02).

        Working hours of the company calendar × productive technicians × bookable share.
        :return: {date: hours} for every day from first to last, both included.
        """
        self.ensure_one()
        company, tz = self.sudo(), self._aftersales_workday_tz()
        people = company.aftersales_bookable_people or self.env['hr.employee'].sudo().search_count([
            ('company_id', '=', self.id), ('aftersales_trade', '!=', False)])
        start = tz.localize(datetime.combine(first, time.min))
        end = tz.localize(datetime.combine(last + timedelta(days=1), time.min))
        hours = {first + timedelta(days=offset): 0.0 for offset in range((last - first).days + 1)}
        calendar = company.resource_calendar_id
        if calendar:
            for begin, stop, _records in calendar._work_intervals_batch(start, end, tz=tz)[False]:
                day = begin.astimezone(tz).date()
                hours[day] = hours.get(day, 0.0) + (stop - begin).total_seconds() / 3600
        factor = people * company.aftersales_bookable_share
        return {day: value * factor for day, value in hours.items() if first <= day <= last}

    def _aftersales_missing_intake_data(self, visit):
        """Return the labels of the minimum data a visit lacks (R-PROC-24).

        :rtype: list[str]
        """
        self.ensure_one()
        Field = self.env['aftersales.intake.field']
        labels = dict(Field._fields['code']._description_selection(self.env))
        asked = Field.search([('company_id', '=', self.id)])
        missing = []
        for row in asked:
            value = visit.sudo()
            for name in INTAKE_FIELDS[row.code][1].split('.'):
                value = value[name]
            if not value:
                missing.append(labels[row.code])
        return missing

    def _aftersales_setup_checks(self):
        checks = super()._aftersales_setup_checks()
        people = self.sudo().aftersales_bookable_people or self.env['hr.employee'].sudo().search_count([
            ('company_id', '=', self.id), ('aftersales_trade', '!=', False)])
        checks.append({
            'code': 'REC-CHECK-01', 'name': self.env._("Free hours for appointments"), 'ok': bool(people),
            'message': self.env._(
                "Give technicians a trade, or set how many of them can be booked, so that appointments show the free "
                "hours of a day."),
            'fix': None,
        })
        drivers = self.env['hr.employee'].sudo().search_count([
            ('company_id', '=', self.id), ('aftersales_can_drive', '=', True)], limit=1)
        checks.append({
            'code': 'REC-CHECK-02', 'name': self.env._("Drivers appointed"), 'ok': bool(drivers),
            'message': self.env._("Tick on the employees who may move and road-test customers' cars."), 'fix': None,
        })
        return checks
