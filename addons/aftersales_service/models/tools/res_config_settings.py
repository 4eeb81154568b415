from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_tool_return_time = fields.Float(related='company_id.aftersales_tool_return_time', readonly=False)
    aftersales_tool_self_value = fields.Monetary(
        related='company_id.aftersales_tool_self_value', readonly=False, currency_field='aftersales_tool_currency_id',
    )
    aftersales_tool_currency_id = fields.Many2one(related='company_id.currency_id', string="Currency of tools")
