from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import models

from .aftersales_payroll_line import TAX
from .const import CHANNELS


class AftersalesPayrollBatch(models.Model):
    """Filling a batch: in a handful of queries, however many records there are."""

    _inherit = 'aftersales.payroll.batch'

    def _fill_sudo(self, records, wages):
        """Write persons and lines of these records; sudo: wages and departments are not the collecting person's to read.

        :param records: aftersales.conduct.record in effect.
        :param dict wages: {employee: wage due} that HR confirmed before; they survive a second collection.
        """
        self.ensure_one()
        batch = self.sudo()
        claims = records._open_amounts()
        owing = records.filtered(lambda record: any(claims[record].values()))
        absent = batch._absences_sudo()
        employees = owing.employee_id | self.env['hr.employee'].union(*absent)
        bases, minimums = batch._wages_sudo(employees), batch._minimums_sudo(employees)
        persons = self.env['aftersales.payroll.person'].sudo()._guarded().create([{
            'batch_id': batch.id,
            'employee_id': employee.id,
            'wage_base': wages.get(employee, bases.get(employee, 0.0)),
            'is_wage_confirmed': employee in wages,
            'minimum_wage': minimums.get(employee, 0.0),
            'is_leaver': batch._leaves(employee),
            **(absent[employee] if employee in absent else {}),
        } for employee in employees])
        person_of = {person.employee_id: person for person in persons}
        self.env['aftersales.payroll.line'].sudo()._guarded().create([{
            'batch_id': batch.id,
            'person_id': person_of[record.employee_id].id,
            'record_id': record.id,
            'channel': channel,
            'tax': TAX[channel],
            'effective_from': record.effective_from,
            'claimed_amount': claims[record][channel],
            'amount': claims[record][channel],
        } for record in owing for channel, _label in CHANNELS if claims[record][channel]])
        persons._spread()

    def _wages_sudo(self, employees):
        """Return {employee: contract wage in force at the end of the month}; a proposal, HR confirms (R-RP-15)."""
        last = self.month + relativedelta(months=1, days=-1)
        wages = {}
        for version in self.env['hr.version'].sudo().search_fetch(
            [('employee_id', 'in', employees.ids), ('date_version', '<=', last)], ['employee_id', 'wage'], order='date_version',
        ):
            wages[version.employee_id] = version.wage
        return wages

    def _minimums_sudo(self, employees):
        """Return {employee: minimum wage of his place of work at the end of the month}."""
        table = self.env['aftersales.minimum.wage']._at_sudo(self.company_id, self.month + relativedelta(months=1, days=-1))
        return {
            employee: table.get(employee.sudo().work_location_id.id, table.get(False, 0.0)) for employee in employees
        }

    def _leaves(self, employee):
        """Whether the person leaves, or his contract ends, by the end of the month."""
        person, after = employee.sudo(), self.month + relativedelta(months=1)
        return not person.active or any(day and day < after for day in (person.departure_date, person.contract_date_end))

    def _absences_sudo(self):
        """Return {employee: absences of the month}: working days on leave, and days a rule counts as absence."""
        company, result = self.company_id, defaultdict(lambda: {'absence_days': 0.0, 'late_count': 0})
        people = self.env['hr.employee'].sudo().with_context(active_test=False).search([('company_id', '=', company.id)])
        for employee, number in company._aftersales_leave_days_sudo(people, *company._aftersales_month_bounds(self.month)).items():
            result[employee]['absence_days'] = number
        for record in self._absence_records():
            result[record.employee_id]['late_count'] += 1
        return result

    def _copy_reversed(self, reversal):
        """Give a reversing batch the opposite of each line; called as superuser."""
        persons = {}
        for person in self.person_ids:
            persons[person.id] = self.env['aftersales.payroll.person']._guarded().create({
                'batch_id': reversal.id, 'employee_id': person.employee_id.id, 'wage_base': person.wage_base,
                'is_wage_confirmed': True, 'minimum_wage': person.minimum_wage,
                'compensation_claimed': -person.compensation_taken, 'compensation_taken': -person.compensation_taken,
            })
        self.env['aftersales.payroll.line']._guarded().create([{
            'batch_id': reversal.id, 'person_id': persons[line.person_id.id].id, 'record_id': line.record_id.id,
            'channel': line.channel, 'tax': line.tax, 'effective_from': line.effective_from,
            'claimed_amount': -line.amount, 'amount': -line.amount,
        } for line in self.line_ids if line.amount])
