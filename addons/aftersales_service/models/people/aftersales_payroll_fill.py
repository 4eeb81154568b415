from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import fields, models

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
        """Whether the person's contract ends by the end of the month."""
        departure = employee.sudo().departure_date
        return not employee.sudo().active or bool(departure and departure < self.month + relativedelta(months=1))

    def _absences_sudo(self):
        """Return {employee: absences of the month}: days away by the calendar, and days a rule counts as absence."""
        start, end = self.company_id._aftersales_month_bounds(self.month)
        result = defaultdict(lambda: {'absence_days': 0.0, 'late_count': 0})
        for leave in self.env['resource.calendar.leaves'].sudo().search_fetch([
            ('resource_id.resource_type', '=', 'user'), ('resource_id.company_id', '=', self.company_id.id),
            ('date_from', '<', end), ('date_to', '>', start),
        ], ['resource_id', 'date_from', 'date_to']):
            if employee := leave.resource_id.employee_id[:1]:
                hours = (min(leave.date_to, end) - max(leave.date_from, start)).total_seconds() / 3600
                result[employee]['absence_days'] += round(hours / 24, 2)
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


class AftersalesConductRecord(models.Model):
    """What of a record the payroll has had."""

    _inherit = 'aftersales.conduct.record'
    _guarded_fields = frozenset({'is_settled', 'is_overpaid'})

    payroll_line_ids = fields.One2many('aftersales.payroll.line', 'record_id', string="Payroll", readonly=True)
    is_settled = fields.Boolean(readonly=True, copy=False, index=True, help="The payroll has all of its money.")
    is_overpaid = fields.Boolean(readonly=True, copy=False, help="A review lowered it after the payroll: the difference goes back.")
    has_carried = fields.Boolean(compute='_compute_has_carried', string="Carried over")

    def _compute_has_carried(self):
        claims = self._open_amounts()
        for record in self:
            record.has_carried = record.state == 'effective' and any(claims[record].values()) and bool(record.payroll_line_ids)

    def _open_amounts(self):
        """Return what the payroll still has to take or give.

        :return: {record: {channel: amount}}, negative where too much was taken.
        :rtype: dict
        """
        had = {
            (record.id, channel): amount for record, channel, amount in
            self.env['aftersales.payroll.line'].sudo()._read_group(
                [('record_id', 'in', self.ids), ('batch_id.state', '=', 'locked')], ['record_id', 'channel'], ['amount:sum'])
        }
        return {
            record: {
                channel: record.currency_id.round(record[f'{channel}_amount'] - had.get((record.id, channel), 0.0))
                for channel, _label in CHANNELS
            } for record in self
        }

    def _is_handed_over(self):
        return self.is_settled and self._has_money() and bool(self.effective_from) or super()._is_handed_over()

    def _is_in_payroll(self):
        return bool(self.sudo().payroll_line_ids.filtered(lambda line: line.batch_state == 'locked')) or super()._is_in_payroll()

    def _after_payroll(self):
        """Bring the records to what the payroll has had: handed over, open again, closed when all is paid."""
        records = self.sudo()
        claims = records._open_amounts()
        settled = records.filtered(lambda record: record._has_money() and not any(claims[record].values()))
        settled.filtered(lambda record: not record.is_settled)._guarded().write({'is_settled': True})
        (records - settled).filtered('is_settled')._guarded().write({'is_settled': False})
        over = records.filtered(lambda record: any(amount < 0 for amount in claims[record].values()))
        over.filtered(lambda record: not record.is_overpaid)._guarded().write({'is_overpaid': True})
        (records - over).filtered('is_overpaid')._guarded().write({'is_overpaid': False})
        paid = settled.filtered(lambda record: not record.closed_at and not record.needs_checklist and (
            not record.is_criminal or record.authorities_on) and all(
                line.state == 'paid' for line in record.payroll_line_ids if line.batch_state == 'locked'))
        paid._guarded().write({'closed_at': fields.Datetime.now(), 'closed_by_id': self.env.uid})
        reopened = (records - settled).filtered(lambda record: record.closed_at and not record.is_cancelled and not record.withdrawn_at)
        reopened._guarded().write({'closed_at': False, 'closed_by_id': False})
        records._advance()

    def _after_review(self, review):
        result = super()._after_review(review)
        if review.result != 'uphold' and self.payroll_line_ids:
            self._after_payroll()
        return result
