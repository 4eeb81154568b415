from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_vin_check_digit = fields.Selection(related='company_id.aftersales_vin_check_digit', readonly=False)
    aftersales_odometer_daily_max = fields.Integer(related='company_id.aftersales_odometer_daily_max', readonly=False)
    aftersales_service_interval_km = fields.Integer(
        related='company_id.aftersales_service_interval_km', readonly=False)
    aftersales_service_interval_months = fields.Integer(
        related='company_id.aftersales_service_interval_months', readonly=False)
