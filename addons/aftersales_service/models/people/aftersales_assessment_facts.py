from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import models

from ...rules import indicators
from .aftersales_assessment_criterion import SOURCES


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
            facts[employee].update(order_count=orders, clocked_hours=hours, rework_count=0)
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
        for employee, attendance in company._aftersales_attendance_sudo(employees, start, end).items():
            facts[employee].update(attendance)
        self._fill_store_facts(facts, company, start, end)
        names = [*(name for name, _label in SOURCES if name != 'manual'), 'reward_count', 'penalty_count']
        for sheet in self:
            sheet._guarded().write({name: facts[sheet.employee_id].get(name) or 0 for name in names})
        self._score_by_facts(facts)

    def _score_by_facts(self, facts):
        """Score the criteria that a fact scores (R-ASM-25); where the month has no such fact the superior scores."""
        lines = self.env['aftersales.assessment.line'].search([
            ('assessment_id', 'in', self.ids), ('criterion_id.source', '!=', 'manual')])
        for line in lines:
            fact = facts[line.assessment_id.employee_id].get(line.criterion_id.source)
            if fact is None:
                line._guarded().write({'is_automatic': False, 'fact': 0.0})
                continue
            line._guarded().write({
                'is_automatic': True, 'fact': fact, 'is_scored': True, 'score': line.criterion_id._score_of(fact)})

    def _fill_store_facts(self, facts, company, start, end):
        """Add how the store is kept (R-PART-18): count lines without difference, receipts accepted, of who is in charge.

        The figure is the mean of the two shares; one of them alone where there was nothing of the other.
        """
        person_of = {employee.user_id: employee for employee in self.employee_id if employee.user_id}
        users = self.env['res.users'].union(*person_of)
        shares = defaultdict(list)
        for user, counted, different in self.env['aftersales.stock.count']._read_group(
            [('company_id', '=', company.id), ('counter_id', 'in', users.ids), ('counted_count', '>', 0),
             ('finished_at', '>=', start), ('finished_at', '<', end)],
            ['counter_id'], ['counted_count:sum', 'different_count:sum'],
        ):
            shares[person_of[user]].append(indicators.percent(counted - different, counted))
        receipts = defaultdict(lambda: [0, 0])
        for employee, state, count in self.env['aftersales.receipt.check']._read_group(
            [('company_id', '=', company.id), ('accepted_by_id', 'in', self.employee_id.ids), ('state', '!=', 'draft'),
             ('picking_id.date_done', '>=', start), ('picking_id.date_done', '<', end)],
            ['accepted_by_id', 'state'], ['__count'],
        ):
            receipts[employee][state == 'accepted'] += count
        for employee, (skipped, accepted) in receipts.items():
            shares[employee].append(indicators.percent(accepted, accepted + skipped))
        for employee, values in shares.items():
            facts[employee]['store_order_percent'] = round(float(indicators.mean(values)), 2)

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
                on_time_percent=round(100.0 * kept / promised, 2) if promised else None,
                satisfaction=round(rated / ratings_count, 2) if ratings_count else None,
            )
