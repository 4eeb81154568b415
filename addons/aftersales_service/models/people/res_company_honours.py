from collections import defaultdict
from datetime import date

from odoo import models

#: Rules whose decided cases count as accidents: operating rules broken with an accident, reckless driving.
ACCIDENT_RULES = ('P05', 'P27')


class ResCompany(models.Model):
    """A year without accident, without absence, with targets reached: whom to praise at its end (R-RWD-02, -03, -05)."""

    _inherit = 'res.company'

    def _aftersales_year_people_sudo(self, year):
        """Return who works here since the first of January; sudo: contracts are HR's to read.

        A person without a day of the contract counts: whoever reads the list sees the days worked.
        """
        self.ensure_one()
        first = date(year, 1, 1)
        people = self.env['hr.employee'].sudo().search([('company_id', '=', self.id)])
        return people.filtered(lambda person: not person.contract_date_start or person.contract_date_start <= first)

    def _aftersales_year_accidents_sudo(self, year):
        """Count the accidents a person answers for in a year: quality accidents, decided cases of the accident rules.

        An accident under appraisal counts until it is known whose it was. sudo: numbers only.

        :return: {employee: number}.
        :rtype: dict
        """
        self.ensure_one()
        first, last = date(year, 1, 1), date(year, 12, 31)
        numbers = defaultdict(int)
        accidents = self.env['aftersales.quality.accident'].sudo().search([
            ('company_id', '=', self.id), ('date', '>=', first), ('date', '<=', last)])
        for person in (person for accident in accidents for person in accident.responsible_ids):
            numbers[person] += 1
        for person, count in self.env['aftersales.conduct.record'].sudo()._read_group(
            [('company_id', '=', self.id), ('rule_id.code', 'in', ACCIDENT_RULES), ('decided_at', '!=', False),
             ('is_cancelled', '=', False), ('withdrawn_at', '=', False), ('act_date', '>=', first), ('act_date', '<=', last),
             # A case that came from an accident is that accident.
             '|', ('res_model', '=', False), ('res_model', '!=', 'aftersales.quality.accident')],
            ['employee_id'], ['__count'],
        ):
            numbers[person] += count
        return numbers

    def _aftersales_year_attendance_sudo(self, year, people):
        """Read a year's attendance; days that a rule counts as absence are added (R-PEN-23).

        :return: {employee: figures of `_aftersales_attendance_sudo` with conduct_days}.
        :rtype: dict
        """
        self.ensure_one()
        first, last = date(year, 1, 1), date(year, 12, 31)
        facts = self._aftersales_attendance_sudo(people, *self._aftersales_period_bounds(first, last))
        for person, count in self.env['aftersales.conduct.record'].sudo()._read_group(
            [('company_id', '=', self.id), ('rule_id.counts_as_absence', '=', True), ('decided_at', '!=', False),
             ('is_cancelled', '=', False), ('withdrawn_at', '=', False), ('act_date', '>=', first), ('act_date', '<=', last)],
            ['employee_id'], ['__count'],
        ):
            facts[person]['conduct_days'] = count
        return facts

    def _aftersales_year_scores_sudo(self, year):
        """Return {employee: (mean score, sheets)} of the approved sheets of a year; sudo: comparing is HR's."""
        self.ensure_one()
        return {
            person: (round(score, 2), count) for person, score, count in self.env['aftersales.assessment'].sudo()._read_group(
                [('company_id', '=', self.id), ('state', '=', 'approved'),
                 ('month', '>=', date(year, 1, 1)), ('month', '<=', date(year, 12, 31))],
                ['employee_id'], ['score:avg', '__count'])
        }
