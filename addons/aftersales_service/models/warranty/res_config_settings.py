from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_claim_submit_days = fields.Integer(related='company_id.aftersales_claim_submit_days', readonly=False)
    aftersales_claim_warn_days = fields.Integer(related='company_id.aftersales_claim_warn_days', readonly=False)
    aftersales_claim_hours_green = fields.Float(related='company_id.aftersales_claim_hours_green', readonly=False)
    aftersales_claim_hours_amber = fields.Float(related='company_id.aftersales_claim_hours_amber', readonly=False)
    aftersales_claim_repeat_days = fields.Integer(related='company_id.aftersales_claim_repeat_days', readonly=False)
    aftersales_claim_escalation_id = fields.Many2one(related='company_id.aftersales_claim_escalation_id', readonly=False)
