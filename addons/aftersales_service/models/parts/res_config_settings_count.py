from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_count_account_id = fields.Many2one(related='company_id.aftersales_count_account_id', readonly=False)
    aftersales_count_tolerance_percent = fields.Float(related='company_id.aftersales_count_tolerance_percent', readonly=False)
    aftersales_count_tolerance_value = fields.Monetary(related='company_id.aftersales_count_tolerance_value', readonly=False)
    aftersales_count_limit = fields.Monetary(related='company_id.aftersales_count_limit', readonly=False)
    aftersales_count_from = fields.Date(related='company_id.aftersales_count_from', readonly=False)
