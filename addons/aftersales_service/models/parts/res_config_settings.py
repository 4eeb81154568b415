from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_auto_request = fields.Boolean(related='company_id.aftersales_auto_request', readonly=False)
    aftersales_accrual_account_id = fields.Many2one(related='company_id.aftersales_accrual_account_id', readonly=False)
