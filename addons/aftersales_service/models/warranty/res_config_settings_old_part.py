from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_old_part_hold = fields.Integer(related='company_id.aftersales_old_part_hold', readonly=False)
    aftersales_old_part_hold_customer = fields.Integer(related='company_id.aftersales_old_part_hold_customer', readonly=False)
