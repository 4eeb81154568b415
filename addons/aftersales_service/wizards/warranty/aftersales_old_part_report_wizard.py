from odoo import fields, models


class AftersalesOldPartReportWizard(models.TransientModel):
    """Brand and period of the return report (R-REP-12)."""

    _name = 'aftersales.old.part.report.wizard'
    _description = "Report on Returned Old Parts"

    brand_id = fields.Many2one('aftersales.vehicle.brand', help="Empty: all brands.")
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._aftersales_today().replace(day=1))
    date_to = fields.Date("To", required=True, default=lambda self: self.env.company._aftersales_today())

    def action_download(self):
        self.ensure_one()
        return self.env['aftersales.old.part'].action_download('returns', {
            'brand_id': self.brand_id.id or '', 'date_from': self.date_from, 'date_to': self.date_to})
