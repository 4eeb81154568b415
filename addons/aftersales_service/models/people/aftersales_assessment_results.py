from odoo import models

from ...reports.base.workbook import Column, workbook
from .const import GENERAL_MANAGER, HR_OFFICER, SERVICE_MANAGER


class AftersalesAssessment(models.Model):
    """The result list for HR (R-REP-24)."""

    _inherit = 'aftersales.assessment'

    def _downloads(self):
        return super()._downloads() | {'results': '_write_results'}

    def _write_results(self, options):
        """Return the results of these sheets, a row each, facts beside the score.

        :param dict options: nothing is asked.
        :return: (file name, bytes).
        :raise AccessError: PPL-15.
        """
        self.env['aftersales.conduct.record']._ensure_group(HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)
        _ = self.env._
        states = dict(self._fields['state']._description_selection(self.env))
        with workbook() as (book, buffer):
            book.sheet(_("Results"), [
                Column(_("Month")), Column(_("Department"), width=18), Column(_("Person"), width=16), Column(_("State")),
                Column(_("Score"), 'number'), Column(_("Grade")), Column(_("Orders"), 'number', True),
                Column(_("Revenue"), 'money', True), Column(_("Hours"), 'number', True), Column(_("Rework"), 'number', True),
                Column(_("On time %"), 'number'), Column(_("Satisfaction"), 'number'), Column(_("Late arrivals"), 'number', True),
                Column(_("Absence (days)"), 'number', True), Column(_("Rewards"), 'number', True),
                Column(_("Penalties"), 'number', True), Column(_("Assessor's words"), width=40),
            ], (
                [
                    f'{sheet.month:%Y-%m}', sheet.department_id.name, sheet.employee_id.name, states[sheet.state], sheet.score,
                    sheet.grade, sheet.order_count, sheet.revenue, sheet.clocked_hours, sheet.rework_count, sheet.on_time_percent,
                    sheet.satisfaction, sheet.late_count, sheet.absence_days, sheet.reward_count, sheet.penalty_count, sheet.comment,
                ] for sheet in self.sudo()
            ), title=_("Assessment results"), total_label=_("Total"))
        return f'{_("Assessment")}.xlsx', buffer.getvalue()
