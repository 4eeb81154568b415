from odoo import models

from ...reports.base.workbook import Column, workbook
from .const import CHANNELS, GENERAL_MANAGER, HR_OFFICER

READERS = (HR_OFFICER, GENERAL_MANAGER, 'aftersales_service.group_accountant')


class AftersalesPayrollBatch(models.Model):
    """The month's summary for finance (R-RP-08, R-REP-22): persons with attendance, and each line with its tax flag."""

    _inherit = 'aftersales.payroll.batch'

    def _downloads(self):
        return super()._downloads() | {'summary': '_write_summary'}

    def _write_summary(self, options):
        """Return the workbook of one batch: a sheet of persons, a sheet of lines.

        :param dict options: nothing is asked.
        :return: (file name, bytes).
        :raise AccessError: PPL-15.
        """
        self.ensure_one()
        self.env['aftersales.conduct.record']._ensure_group(*READERS)
        _, batch = self.env._, self.sudo()
        tax = dict(self.env['aftersales.payroll.line']._fields['tax']._description_selection(self.env))
        channels = dict(self.env['aftersales.payroll.line']._fields['channel']._description_selection(self.env))
        sums = {
            (person, channel): amount for person, channel, amount in self.env['aftersales.payroll.line'].sudo()._read_group(
                [('batch_id', '=', batch.id)], ['person_id', 'channel'], ['amount:sum'])
        }
        notes = [
            _("Company: %(name)s", name=batch.company_id.name), _("Month: %(month)s", month=f'{batch.month:%Y-%m}'),
            _("Number: %(number)s", number=batch.name),
        ]
        with workbook() as (book, buffer):
            book.sheet(_("Persons"), [
                Column(_("Department"), width=18), Column(_("Person"), width=16),
                *(Column(channels[channel], 'money', True) for channel, _label in CHANNELS),
                Column(_("Carried over"), 'money', True), Column(_("Wage due"), 'money'), Column(_("Minimum wage"), 'money'),
                Column(_("Absence (days)"), 'number', True), Column(_("Conduct absences"), 'number', True), Column(_("Leaves")),
            ], (
                [
                    person.department_id.name, person.employee_id.name,
                    *(sums.get((person, channel), 0.0) for channel, _label in CHANNELS),
                    person.compensation_carried, person.wage_base, person.minimum_wage, person.absence_days, person.late_count,
                    _("Leaves") if person.is_leaver else '',
                ] for person in batch.person_ids
            ), title=_("Attendance, rewards and deductions"), notes=notes, total_label=_("Total"))
            book.sheet(_("Lines"), [
                Column(_("Person"), width=16), Column(_("Record"), width=18), Column(_("Rule"), width=32), Column(_("Channel")),
                Column(_("Tax")), Column(_("Effective from"), 'date'), Column(_("Open"), 'money', True),
                Column(_("This month"), 'money', True), Column(_("Carried over"), 'money', True), Column(_("Paid on"), 'date'),
            ], (
                [
                    line.employee_id.name, line.record_id.name, line.rule_id.display_name, channels[line.channel], tax[line.tax],
                    line.effective_from, line.claimed_amount, line.amount, line.carried_amount, line.paid_on,
                ] for line in batch.line_ids
            ), total_label=_("Total"))
        return f'{batch.name}.xlsx', buffer.getvalue()
