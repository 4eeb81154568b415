from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_hearing_days = fields.Integer(related='company_id.aftersales_hearing_days', readonly=False)
    aftersales_review_days = fields.Integer(related='company_id.aftersales_review_days', readonly=False)
    aftersales_appeal_days = fields.Integer(related='company_id.aftersales_appeal_days', readonly=False)
    aftersales_answer_days = fields.Integer(related='company_id.aftersales_answer_days', readonly=False)
    aftersales_decide_days = fields.Integer(related='company_id.aftersales_decide_days', readonly=False)
    aftersales_review_suspends = fields.Boolean(related='company_id.aftersales_review_suspends', readonly=False)
    aftersales_arbitration_office = fields.Text(related='company_id.aftersales_arbitration_office', readonly=False)
    aftersales_max_deduction_pct = fields.Float(related='company_id.aftersales_max_deduction_pct', readonly=False)
    aftersales_payroll_mode = fields.Selection(related='company_id.aftersales_payroll_mode', readonly=False)
    aftersales_payroll_cutoff_day = fields.Integer(related='company_id.aftersales_payroll_cutoff_day', readonly=False)
    aftersales_preview_days = fields.Integer(related='company_id.aftersales_preview_days', readonly=False)
    aftersales_wages_account_id = fields.Many2one(related='company_id.aftersales_wages_account_id', readonly=False)
    aftersales_reward_account_id = fields.Many2one(related='company_id.aftersales_reward_account_id', readonly=False)
    aftersales_employee_account_id = fields.Many2one(related='company_id.aftersales_employee_account_id', readonly=False)
    aftersales_fine_account_id = fields.Many2one(related='company_id.aftersales_fine_account_id', readonly=False)
    aftersales_grade_a = fields.Float(related='company_id.aftersales_grade_a', readonly=False)
    aftersales_grade_b = fields.Float(related='company_id.aftersales_grade_b', readonly=False)
    aftersales_grade_c = fields.Float(related='company_id.aftersales_grade_c', readonly=False)
    aftersales_attendance_offer = fields.Integer(related='company_id.aftersales_attendance_offer', readonly=False)
    aftersales_source_rework = fields.Selection(related='company_id.aftersales_source_rework', readonly=False)
    aftersales_source_accident = fields.Selection(related='company_id.aftersales_source_accident', readonly=False)
    aftersales_source_delay = fields.Selection(related='company_id.aftersales_source_delay', readonly=False)
    aftersales_source_complaint = fields.Selection(related='company_id.aftersales_source_complaint', readonly=False)
    aftersales_source_attendance = fields.Selection(related='company_id.aftersales_source_attendance', readonly=False)
    aftersales_source_tool = fields.Selection(related='company_id.aftersales_source_tool', readonly=False)
    aftersales_source_goods = fields.Selection(related='company_id.aftersales_source_goods', readonly=False)
