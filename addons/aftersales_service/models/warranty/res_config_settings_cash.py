from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_chargeback_account_id = fields.Many2one(related='company_id.aftersales_chargeback_account_id', readonly=False)
    aftersales_claim_write_off_limit = fields.Monetary(
        related='company_id.aftersales_claim_write_off_limit', readonly=False, currency_field='aftersales_claim_currency_id')
    aftersales_claim_currency_id = fields.Many2one(related='company_id.currency_id', string="Currency of Claims")
    aftersales_claim_accrual = fields.Boolean(related='company_id.aftersales_claim_accrual', readonly=False)
    aftersales_contract_asset_account_id = fields.Many2one(
        related='company_id.aftersales_contract_asset_account_id', readonly=False)
