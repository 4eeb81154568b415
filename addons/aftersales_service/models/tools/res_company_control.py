from odoo import fields, models


class ResCompany(models.Model):
    """Settings of incidents, checks and the plan of services."""

    _inherit = 'res.company'

    aftersales_tool_incident_report_days = fields.Integer(
        "Report Incidents Within (Days)", default=1,
        help="Until the end of the business day that many days after it was noticed; 0: the same day.",
    )
    aftersales_tool_fine_allowed = fields.Boolean(
        "Fines for Tool Incidents",
        help="Off unless your lawyer agrees: there is no general right to fine employees, and some provinces punish "
             "rules that merely contain fines. Compensation for a proven loss is apart and stays possible.",
    )
    aftersales_tool_check_days = fields.Integer(
        "Spot Check Every (Days)", default=30, help="Everybody who holds tools is checked that often. 0: no schedule.",
    )
    aftersales_tool_service_notice_days = fields.Integer(
        "Remind of Services (Days)", default=14, help="So many days before a calibration or maintenance is due.",
    )

    _aftersales_tool_days = models.Constraint(
        'CHECK(aftersales_tool_incident_report_days >= 0 AND aftersales_tool_check_days >= 0'
        ' AND aftersales_tool_service_notice_days >= 0)',
        "Days are not negative.",
    )

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence('aftersales.tool.incident', self.env._("Tool Incidents"), 'TI%(y)s%(month)s-')
        self._aftersales_ensure_sequence('aftersales.tool.check', self.env._("Tool Checks"), 'TC%(y)s%(month)s-')
        return result
