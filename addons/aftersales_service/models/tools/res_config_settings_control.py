from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_tool_incident_report_days = fields.Integer(
        related='company_id.aftersales_tool_incident_report_days', readonly=False
    )
    aftersales_tool_fine_allowed = fields.Boolean(related='company_id.aftersales_tool_fine_allowed', readonly=False)
    aftersales_tool_check_days = fields.Integer(related='company_id.aftersales_tool_check_days', readonly=False)
    aftersales_tool_service_notice_days = fields.Integer(
        related='company_id.aftersales_tool_service_notice_days', readonly=False
    )
    aftersales_tool_amortisation = fields.Selection(related='company_id.aftersales_tool_amortisation', readonly=False)
    aftersales_tool_asset_limit = fields.Monetary(
        related='company_id.aftersales_tool_asset_limit', readonly=False, currency_field='aftersales_tool_currency_id'
    )
    aftersales_tool_asset_months = fields.Integer(related='company_id.aftersales_tool_asset_months', readonly=False)
    aftersales_tool_use_account_id = fields.Many2one(
        related='company_id.aftersales_tool_use_account_id', readonly=False
    )
    aftersales_tool_amortised_account_id = fields.Many2one(
        related='company_id.aftersales_tool_amortised_account_id', readonly=False
    )
    aftersales_tool_asset_account_id = fields.Many2one(
        related='company_id.aftersales_tool_asset_account_id', readonly=False
    )
    aftersales_tool_depreciated_account_id = fields.Many2one(
        related='company_id.aftersales_tool_depreciated_account_id', readonly=False
    )
    aftersales_tool_expense_account_id = fields.Many2one(
        related='company_id.aftersales_tool_expense_account_id', readonly=False
    )
    aftersales_tool_loss_account_id = fields.Many2one(
        related='company_id.aftersales_tool_loss_account_id', readonly=False
    )
