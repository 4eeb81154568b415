from odoo import api, models


class ReportExitCertificate(models.AbstractModel):
    """Exit certificate (竣工出厂合格证): rendered only for a pass that still counts, whatever address asks for it."""

    _name = 'report.aftersales_service.report_exit_certificate'
    _description = "Exit Certificate"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the passed inspections to print.

        :raise UserError: WRK-79 without a pass that counts (R-PROC-76).
        """
        checks = self.env['aftersales.quality.check'].browse(docids)
        checks.check_access('read')
        checks._ensure_certifiable()
        return {'doc_ids': docids, 'doc_model': checks._name, 'docs': checks}
