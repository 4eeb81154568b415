from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_discount_limit_pct = fields.Float(related='company_id.aftersales_discount_limit_pct', readonly=False)
    aftersales_supervisor_discount_limit_pct = fields.Float(
        related='company_id.aftersales_supervisor_discount_limit_pct', readonly=False
    )
    aftersales_major_job_amount = fields.Monetary(
        related='company_id.aftersales_major_job_amount', readonly=False, currency_field='aftersales_currency_id'
    )
    aftersales_phone_consent_limit = fields.Monetary(
        related='company_id.aftersales_phone_consent_limit', readonly=False, currency_field='aftersales_currency_id'
    )
    aftersales_promise_margin_pct = fields.Float(related='company_id.aftersales_promise_margin_pct', readonly=False)
    aftersales_risk_product_id = fields.Many2one(related='company_id.aftersales_risk_product_id', readonly=False)
    aftersales_authorisation_terms = fields.Html(related='company_id.aftersales_authorisation_terms', readonly=False)
    aftersales_currency_id = fields.Many2one(related='company_id.currency_id', string="After-Sales Currency")
