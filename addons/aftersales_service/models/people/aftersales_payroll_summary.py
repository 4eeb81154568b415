from odoo import models

from ...reports.base.workbook import Column, workbook
from .const import CHANNELS, GENERAL_MANAGER, HR_OFFICER

READERS = (HR_OFFICER, GENERAL_MANAGER, 'aftersales_service.group_accountant')


class AftersalesPayrollBatch(models.Model):
    """The month's summary for finance (R-RP-08, R-REP-22): persons, each line with its tax flag, everybody's attendance."""

    _inherit = 'aftersales.payroll.batch'

    def _downloads(self):
        return super()._downloads() | {'summary': '_write_summary'}

    def _write_summary(self, options):
        """Return the workbook of one batch: sheets of persons, of lines, and of the attendance of the whole company.

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
                Column(_("Department"), width=18), Column(_("Person"), width=16), Column(_("Badge")),
                *(Column(channels[channel], 'money', True) for channel, _label in CHANNELS),
                Column(_("Carried over"), 'money', True), Column(_("Wage due"), 'money'), Column(_("Minimum wage"), 'money'),
                Column(_("Absence (days)"), 'number', True), Column(_("Conduct absences"), 'number', True), Column(_("Leaves")),
            ], (
                [
                    person.department_id.name, person.employee_id.name, person.employee_id.barcode,
                    *(sums.get((person, channel), 0.0) for channel, _label in CHANNELS),
                    person.compensation_carried, person.wage_base, person.minimum_wage, person.absence_days, person.late_count,
                    _("Leaves") if person.is_leaver else '',
                ] for person in batch.person_ids
            ), title=_("Attendance, rewards and deductions"), notes=notes, total_label=_("Total"))
            book.sheet(_("Lines"), [
                Column(_("Person"), width=16), Column(_("Badge")), Column(_("Conduct record"), width=18), Column(_("Rule"), width=32), Column(_("Channel")),
                Column(_("Tax")), Column(_("Effective from"), 'date'), Column(_("Open"), 'money', True),
                Column(_("This month"), 'money', True), Column(_("Carried over"), 'money', True), Column(_("Paid on"), 'date'),
            ], (
                [
                    line.employee_id.name, line.employee_id.barcode, line.record_id.name, line.rule_id.display_name, channels[line.channel], tax[line.tax],
                    line.effective_from, line.claimed_amount, line.amount, line.carried_amount, line.paid_on,
                ] for line in batch.line_ids
            ), total_label=_("Total"))
            book.sheet(_("Attendance"), [
                Column(_("Department"), width=18), Column(_("Person"), width=16), Column(_("Badge")),
                Column(_("Days attended"), 'number', True), Column(_("Worked hours"), 'number', True),
                Column(_("Absence (days)"), 'number', True), Column(_("Late arrivals"), 'number', True),
                Column(_("Left early"), 'number', True), Column(_("Days without attendance"), 'number', True),
                Column(_("Conduct absences"), 'number', True),
            ], batch._attendance_rows(), total_label=_("Total"))
        return f'{batch.name}.xlsx', buffer.getvalue()

    def _attendance_rows(self):
        """Return what attendance shows of everybody in the month, also of people without any reward or deduction.

        Called as superuser, after the reader's role was checked.
        """
        self.ensure_one()
        company, absences = self.company_id, self._absences_sudo()
        people = self.env['hr.employee'].with_context(active_test=False).search([('company_id', '=', company.id)])
        facts = company._aftersales_attendance_sudo(people, *company._aftersales_month_bounds(self.month))
        names = ('worked_days', 'worked_hours', 'absence_days', 'late_count', 'early_count', 'missing_count')
        return [
            [
                person.department_id.name, person.name, person.barcode, *(facts.get(person, {}).get(name, 0) for name in names),
                absences[person]['late_count'] if person in absences else 0,
            ] for person in people.sorted(lambda person: (person.department_id.name or '', person.name))
            if person.active or person in facts or person in absences
        ]
