from collections import defaultdict
from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import fields, models

from .const import SOURCE_LEVELS

#: Minutes that are not yet late.
GRACE = timedelta(minutes=5)


class ResCompany(models.Model):
    """Who was there, late, early, away: read from attendance and working calendars, never typed (R-ASM-22, R-PEN-02)."""

    _inherit = 'res.company'

    aftersales_attendance_offer = fields.Integer(
        string="Attendance noticed from", default=3,
        help="Late, early and missing days of a month together, from which they are laid before HR; 0: never.")
    aftersales_attendance_offered_on = fields.Date(readonly=True, help="Last month whose attendance was laid before HR.")
    aftersales_source_attendance = fields.Selection(SOURCE_LEVELS, string="Attendance", default='fact', required=True)

    _aftersales_attendance_offer_positive = models.Constraint(
        'CHECK(aftersales_attendance_offer >= 0)', "The number of days is not negative.")

    def _aftersales_attendance_sudo(self, employees, start, end):
        """Read the attendance of people over a period; sudo: attendance is HR's, callers show a person's own figures.

        :param employees: hr.employee of the company.
        :param datetime start: first moment (UTC). :param datetime end: first moment after.
        :return: {employee: {worked_hours, worked_days, absence_days, and, for who punches, late_count, early_count,
            missing_count}}; people without any fact are left out.
        :rtype: dict
        """
        self.ensure_one()
        employees, zone = employees.sudo(), self._aftersales_workday_tz()
        facts, days = defaultdict(dict), defaultdict(dict)
        for attendance in self.env['hr.attendance'].sudo().search_fetch(
            [('employee_id', 'in', employees.ids), ('check_in', '>=', start), ('check_in', '<', end)],
            ['employee_id', 'check_in', 'check_out', 'worked_hours'], order='check_in',
        ):
            person, day = attendance.employee_id, pytz.utc.localize(attendance.check_in).astimezone(zone).date()
            facts[person]['worked_hours'] = facts[person].get('worked_hours', 0.0) + attendance.worked_hours
            first, last = days[person].get(day, (attendance.check_in, attendance.check_out))
            days[person][day] = (first, max(filter(None, (last, attendance.check_out)), default=None))
        for person, number in self._aftersales_leave_days_sudo(employees, start, end).items():
            facts[person]['absence_days'] = number
        until = min(end, self.env.cr.now())
        by_calendar = defaultdict(lambda: employees.browse())
        for person in employees.filtered(lambda person: person in days):
            facts[person]['worked_days'] = len(days[person])
            by_calendar[person.resource_calendar_id or self.resource_calendar_id] |= person
        for calendar, people in by_calendar.items():
            if not calendar or until <= start:
                continue
            intervals = calendar.sudo()._work_intervals_batch(
                pytz.utc.localize(start), pytz.utc.localize(until), resources=people.resource_id)
            for person in people:
                facts[person].update(self._aftersales_count_days(days[person], intervals[person.resource_id.id], zone))
        return facts

    def _aftersales_leave_days_sudo(self, employees, start, end):
        """Count the working days people were on leave: a day off is one day, a morning of four hours in eight a half.

        Weekends inside a leave are no absence. sudo: leaves are HR's, callers show a person's own figures.

        :param employees: hr.employee of the company.
        :param datetime start: first moment (UTC). :param datetime end: first moment after.
        :return: {employee: days}, only of those who were away.
        :rtype: dict[recordset, float]
        """
        self.ensure_one()
        person_of, zone = {person.resource_id: person for person in employees.sudo()}, self._aftersales_workday_tz()
        leaves = self.env['resource.calendar.leaves'].sudo().search_fetch(
            [('resource_id', 'in', employees.sudo().resource_id.ids), ('date_from', '<', end), ('date_to', '>', start),
             ('time_type', '=', 'leave')],
            ['resource_id', 'date_from', 'date_to'],
        ).grouped('resource_id')
        by_calendar = defaultdict(lambda: self.env['resource.resource'])
        for resource in leaves:
            by_calendar[resource.calendar_id or self.resource_calendar_id] |= resource
        days = {}
        for calendar, resources in by_calendar.items():
            planned = calendar.sudo()._attendance_intervals_batch(
                pytz.utc.localize(start), pytz.utc.localize(end), resources=resources.sudo()) if calendar else {}
            for resource in resources:
                hours, away = defaultdict(float), defaultdict(float)
                for begin, stop, _meta in planned.get(resource.id, ()):
                    day = begin.astimezone(zone).date()
                    hours[day] += (stop - begin).total_seconds()
                    for leave in leaves[resource]:
                        overlap = min(stop, pytz.utc.localize(leave.date_to)) - max(begin, pytz.utc.localize(leave.date_from))
                        away[day] += max(0.0, overlap.total_seconds())
                if number := round(sum(min(1.0, away[day] / hours[day]) for day in away if hours[day]), 2):
                    days[person_of[resource]] = number
        return days

    def _aftersales_count_days(self, days, intervals, zone):
        """Compare what was punched with the working hours, five minutes' grace.

        :param dict days: {date: (first punch, last punch or None)}.
        :return: late_count, early_count, missing_count.
        :rtype: dict[str, int]
        """
        planned = {}
        for begin, stop, _meta in intervals:
            day = begin.astimezone(zone).date()
            planned[day] = (min(begin, planned[day][0]), max(stop, planned[day][1])) if day in planned else (begin, stop)
        late = early = missing = 0
        for day, (begin, stop) in planned.items():
            if day not in days:
                missing += 1
                continue
            first, last = days[day]
            late += pytz.utc.localize(first) > begin + GRACE
            early += bool(last) and pytz.utc.localize(last) < stop - GRACE
        return {'late_count': late, 'early_count': early, 'missing_count': missing}

    def _aftersales_attendance_text(self, fact, month):
        """Say in one line what a month's attendance shows; empty without a late, early or missing day.

        :param dict fact: figures of `_aftersales_attendance_sudo`. :param date month: first day.
        """
        _ = self.env._
        parts = [label for label, number in (
            (_("late %(number)s", number=fact.get('late_count')), fact.get('late_count')),
            (_("left early %(number)s", number=fact.get('early_count')), fact.get('early_count')),
            (_("without attendance %(number)s", number=fact.get('missing_count')), fact.get('missing_count')),
        ) if number]
        return f'{month:%Y-%m}: {", ".join(parts)}' if parts else ''

    def _aftersales_offer_attendance_sudo(self, month):
        """Lay the people before HR who were often late, early or missing in a month (R-PEN-02); once a person and month.

        sudo: called by the night's job, or after HR's role was checked. Nobody is punished by it: a person looks.

        :param date month: first day.
        :return: the new proposals.
        """
        self.ensure_one()
        proposals = self.env['aftersales.conduct.proposal'].sudo()
        threshold = self.aftersales_attendance_offer
        if not threshold:
            return proposals
        start, end = self._aftersales_month_bounds(month)
        last = min(month + relativedelta(months=1, days=-1), self._aftersales_today())
        told = proposals.search([
            ('company_id', '=', self.id), ('source', '=', 'attendance'), ('date', '>=', month), ('date', '<=', last)])
        people = self.env['hr.employee'].sudo().search([('company_id', '=', self.id)]) - told.employee_id
        for person, fact in self._aftersales_attendance_sudo(people, start, end).items():
            if sum(fact.get(name, 0) for name in ('late_count', 'early_count', 'missing_count')) >= threshold:
                proposals |= proposals._propose(
                    'fact', person, proposals.browse(), self._aftersales_attendance_text(fact, month),
                    source='attendance', rule_hint='R-PEN-02', date=last, company_id=self.id)
        return proposals

    def _aftersales_offer_last_month_sudo(self):
        """Offer the attendance of the last full month, once; called every night for all companies, as superuser."""
        for company in self:
            month = company._aftersales_today().replace(day=1) - relativedelta(months=1)
            if company.aftersales_attendance_offered_on != month:
                company.aftersales_attendance_offered_on = month
                company._aftersales_offer_attendance_sudo(month)
