from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_hearing_days = fields.Integer(related='company_id.aftersales_hearing_days', readonly=False)
    aftersales_review_days = fields.Integer(related='company_id.aftersales_review_days', readonly=False)
    aftersales_appeal_days = fields.Integer(related='company_id.aftersales_appeal_days', readonly=False)
    aftersales_answer_days = fields.Integer(related='company_id.aftersales_answer_days', readonly=False)
    aftersales_decide_days = fields.Integer(related='company_id.aftersales_decide_days', readonly=False)
    aftersales_review_suspends = fields.Boolean(related='company_id.aftersales_review_suspends', readonly=False)
    aftersales_max_deduction_pct = fields.Float(related='company_id.aftersales_max_deduction_pct', readonly=False)
