from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_auto_request = fields.Boolean(related='company_id.aftersales_auto_request', readonly=False)
    aftersales_consumables_account_id = fields.Many2one(
        related='company_id.aftersales_consumables_account_id', readonly=False
    )
    aftersales_accrual_account_id = fields.Many2one(related='company_id.aftersales_accrual_account_id', readonly=False)
    aftersales_fill_rate_method = fields.Selection(related='company_id.aftersales_fill_rate_method', readonly=False)
    aftersales_slow_months = fields.Integer(related='company_id.aftersales_slow_months', readonly=False)
    aftersales_oil_categ_id = fields.Many2one(related='company_id.aftersales_oil_categ_id', readonly=False)
    aftersales_statement_scope = fields.Selection(related='company_id.aftersales_statement_scope', readonly=False)
    aftersales_dead_months = fields.Integer(related='company_id.aftersales_dead_months', readonly=False)
    aftersales_overstock_months = fields.Integer(related='company_id.aftersales_overstock_months', readonly=False)
    aftersales_safety_days = fields.Integer(related='company_id.aftersales_safety_days', readonly=False)
    aftersales_order_cycle_days = fields.Integer(related='company_id.aftersales_order_cycle_days', readonly=False)
    aftersales_lead_days = fields.Integer(related='company_id.aftersales_lead_days', readonly=False)
    aftersales_phase_in_hits = fields.Integer(related='company_id.aftersales_phase_in_hits', readonly=False)
