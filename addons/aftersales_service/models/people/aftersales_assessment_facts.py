from collections import defaultdict
from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import models

GRACE = timedelta(minutes=5)


class AftersalesAssessment(models.Model):
    """The facts beside the scores: work, rework, promises, customers, attendance (R-ASM-22, R-ASM-23)."""

    _inherit = 'aftersales.assessment'

    def _fill_facts(self):
        """Write the facts of the month, a query a fact for all sheets of a month and company."""
        groups = defaultdict(lambda: self.browse())
        for sheet in self:
            groups[sheet.company_id, sheet.month] |= sheet
        for (company, month), sheets in groups.items():
            sheets.sudo()._fill_month_sudo(company.sudo(), month)

    def _fill_month_sudo(self, company, month):
        """Write the facts of one month; sudo: sums of orders and attendance, of which the sheet shows the person's own."""
        start, end = company._aftersales_month_bounds(month)
        employees, facts = self.employee_id, defaultdict(dict)
        for employee, orders, hours in self.env['aftersales.labour.time']._read_group(
            [('employee_id', 'in', employees.ids), ('start', '>=', start), ('start', '<', end)],
            ['employee_id'], ['order_id:count_distinct', 'hours:sum'],
        ):
            facts[employee].update(order_count=orders, clocked_hours=hours)
        for employee, count in self.env['aftersales.quality.check']._read_group(
            [('responsible_ids', 'in', employees.ids), ('result', '=', 'failed'), ('at', '>=', start), ('at', '<', end)],
            ['responsible_ids'], ['__count'],
        ):
            facts[employee]['rework_count'] = count
        self._fill_advisor_facts(facts, start, end)
        for employee, kind, count in self.env['aftersales.conduct.record']._read_group(
            [('employee_id', 'in', employees.ids), ('decided_at', '!=', False), ('is_cancelled', '=', False),
             ('withdrawn_at', '=', False), ('act_date', '>=', month), ('act_date', '<', month + relativedelta(months=1))],
            ['employee_id', 'kind'], ['__count'],
        ):
            facts[employee][f'{kind}_count'] = count
        self._fill_attendance(facts, company, start, end)
        names = [
            'order_count', 'revenue', 'clocked_hours', 'rework_count', 'on_time_percent', 'satisfaction', 'worked_hours',
            'absence_days', 'late_count', 'early_count', 'missing_count', 'reward_count', 'penalty_count',
        ]
        for sheet in self:
            sheet._guarded().write({name: facts[sheet.employee_id].get(name, 0) for name in names})

    def _fill_advisor_facts(self, facts, start, end):
        """Add orders, revenue, promises kept and ratings of the people who are advisors."""
        person_of = {employee.user_id: employee for employee in self.employee_id if employee.user_id}
        users = self.env['res.users'].union(*person_of)
        orders = self.env['aftersales.repair.order'].search_fetch(
            [('advisor_id', 'in', users.ids), ('state', 'in', ('released', 'closed')), ('outcome', '=', 'done'),
             ('visit_id.left_at', '>=', start), ('visit_id.left_at', '<', end)],
            ['advisor_id', 'amount_untaxed', 'promised_at'],
        )
        ready = {
            order: at for order, at in self.env['aftersales.quality.check']._read_group(
                [('order_id', 'in', orders.ids), ('result', '=', 'passed'), ('is_void', '=', False)], ['order_id'], ['at:max'])
        }
        ratings = {
            res_id: (total, count) for res_id, total, count in self.env['rating.rating']._read_group(
                [('res_model', '=', orders._name), ('res_id', 'in', orders.ids), ('consumed', '=', True)],
                ['res_id'], ['rating:sum', '__count'])
        }
        sums = defaultdict(lambda: [0, 0.0, 0, 0, 0.0, 0])
        for order in orders:
            row = sums[person_of[order.advisor_id]]
            row[0] += 1
            row[1] += order.amount_untaxed
            if order.promised_at and ready.get(order):
                row[2] += 1
                row[3] += ready[order] <= order.promised_at
            total, count = ratings.get(order.id, (0.0, 0))
            row[4] += total
            row[5] += count
        for employee, (count, revenue, promised, kept, rated, ratings_count) in sums.items():
            facts[employee].update(
                order_count=facts[employee].get('order_count', 0) + count, revenue=revenue,
                on_time_percent=round(100.0 * kept / promised, 2) if promised else 0.0,
                satisfaction=round(rated / ratings_count, 2) if ratings_count else 0.0,
            )

    def _fill_attendance(self, facts, company, start, end):
        """Add worked hours, absences, and days late, early or without attendance, for people who punch."""
        employees = self.employee_id
        days, zone = defaultdict(dict), company._aftersales_workday_tz()
        for attendance in self.env['hr.attendance'].search_fetch(
            [('employee_id', 'in', employees.ids), ('check_in', '>=', start), ('check_in', '<', end)],
            ['employee_id', 'check_in', 'check_out', 'worked_hours'], order='check_in',
        ):
            person, day = attendance.employee_id, pytz.utc.localize(attendance.check_in).astimezone(zone).date()
            facts[person]['worked_hours'] = facts[person].get('worked_hours', 0.0) + attendance.worked_hours
            first, last = days[person].get(day, (attendance.check_in, attendance.check_out))
            days[person][day] = (first, max(filter(None, (last, attendance.check_out)), default=None))
        for leave in self.env['resource.calendar.leaves'].search_fetch(
            [('resource_id', 'in', employees.resource_id.ids), ('date_from', '<', end), ('date_to', '>', start)],
            ['resource_id', 'date_from', 'date_to'],
        ):
            for person in employees.filtered(lambda person, leave=leave: person.resource_id == leave.resource_id):
                length = (min(leave.date_to, end) - max(leave.date_from, start)).total_seconds() / 86400
                facts[person]['absence_days'] = facts[person].get('absence_days', 0.0) + round(length, 2)
        until = min(end, self.env.cr.now())
        by_calendar = defaultdict(lambda: employees.browse())
        for person in employees.filtered(lambda person: person in days):
            by_calendar[person.resource_calendar_id or company.resource_calendar_id] |= person
        for calendar, people in by_calendar.items():
            if not calendar or until <= start:
                continue
            intervals = calendar._work_intervals_batch(
                pytz.utc.localize(start), pytz.utc.localize(until), resources=people.resource_id)
            for person in people:
                self._count_days(facts[person], days[person], intervals[person.resource_id.id], zone)

    def _count_days(self, fact, days, intervals, zone):
        """Compare what was punched with the working hours, five minutes' grace."""
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
        fact.update(late_count=late, early_count=early, missing_count=missing)
