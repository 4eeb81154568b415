from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_cost_account_id = fields.Many2one(related='company_id.aftersales_cost_account_id', readonly=False)
    aftersales_transit_account_id = fields.Many2one(related='company_id.aftersales_transit_account_id', readonly=False)
    aftersales_writeoff_account_id = fields.Many2one(
        related='company_id.aftersales_writeoff_account_id', readonly=False
    )
    aftersales_goodwill_account_id = fields.Many2one(
        related='company_id.aftersales_goodwill_account_id', readonly=False
    )
    aftersales_internal_account_id = fields.Many2one(
        related='company_id.aftersales_internal_account_id', readonly=False
    )
    aftersales_disbursement_account_id = fields.Many2one(
        related='company_id.aftersales_disbursement_account_id', readonly=False
    )
    aftersales_advance_account_id = fields.Many2one(related='company_id.aftersales_advance_account_id', readonly=False)
    aftersales_forfeit_account_id = fields.Many2one(related='company_id.aftersales_forfeit_account_id', readonly=False)
    aftersales_cash_difference_account_id = fields.Many2one(
        related='company_id.aftersales_cash_difference_account_id', readonly=False
    )
    aftersales_fee_account_id = fields.Many2one(related='company_id.aftersales_fee_account_id', readonly=False)
    aftersales_difference_account_id = fields.Many2one(
        related='company_id.aftersales_difference_account_id', readonly=False
    )
    aftersales_difference_limit = fields.Monetary(
        related='company_id.aftersales_difference_limit', readonly=False, currency_field='company_currency_id'
    )
    aftersales_sale_journal_id = fields.Many2one(related='company_id.aftersales_sale_journal_id', readonly=False)
    aftersales_cost_journal_id = fields.Many2one(related='company_id.aftersales_cost_journal_id', readonly=False)
    aftersales_counter_partner_id = fields.Many2one(related='company_id.aftersales_counter_partner_id', readonly=False)
    aftersales_deposit_part_threshold = fields.Monetary(
        related='company_id.aftersales_deposit_part_threshold', readonly=False, currency_field='company_currency_id'
    )
    aftersales_deposit_min_ratio = fields.Float(related='company_id.aftersales_deposit_min_ratio', readonly=False)
    aftersales_rounding_limit = fields.Monetary(
        related='company_id.aftersales_rounding_limit', readonly=False, currency_field='company_currency_id'
    )
    aftersales_rounding_limit_supervisor = fields.Monetary(
        related='company_id.aftersales_rounding_limit_supervisor',
        readonly=False,
        currency_field='company_currency_id',
    )
    aftersales_goodwill_limit_advisor = fields.Monetary(
        related='company_id.aftersales_goodwill_limit_advisor',
        readonly=False,
        currency_field='company_currency_id',
    )
    aftersales_goodwill_limit_supervisor = fields.Monetary(
        related='company_id.aftersales_goodwill_limit_supervisor',
        readonly=False,
        currency_field='company_currency_id',
    )
    aftersales_transit_days = fields.Integer(related='company_id.aftersales_transit_days', readonly=False)
    aftersales_notify_short_hours = fields.Float(related='company_id.aftersales_notify_short_hours', readonly=False)
    aftersales_notify_long_hours = fields.Float(related='company_id.aftersales_notify_long_hours', readonly=False)
    aftersales_notify_limit_days = fields.Float(related='company_id.aftersales_notify_limit_days', readonly=False)
    aftersales_maintenance_km = fields.Integer(related='company_id.aftersales_maintenance_km', readonly=False)
    aftersales_maintenance_months = fields.Integer(related='company_id.aftersales_maintenance_months', readonly=False)
