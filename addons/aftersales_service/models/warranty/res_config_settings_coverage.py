from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_warranty_near_days = fields.Integer(related='company_id.aftersales_warranty_near_days', readonly=False)
    aftersales_warranty_near_km = fields.Integer(related='company_id.aftersales_warranty_near_km', readonly=False)
    aftersales_coverage_sets_payer = fields.Boolean(related='company_id.aftersales_coverage_sets_payer', readonly=False)
    aftersales_warranty_answer_hours = fields.Float(related='company_id.aftersales_warranty_answer_hours', readonly=False)
    aftersales_warranty_clerk_id = fields.Many2one(related='company_id.aftersales_warranty_clerk_id', readonly=False)
    aftersales_technical_adviser_id = fields.Many2one(related='company_id.aftersales_technical_adviser_id', readonly=False)
    aftersales_comeback_days = fields.Integer(related='company_id.aftersales_comeback_days', readonly=False)
    aftersales_comeback_km = fields.Integer(related='company_id.aftersales_comeback_km', readonly=False)
    aftersales_guarantee_months = fields.Integer(related='company_id.aftersales_guarantee_months', readonly=False)
    aftersales_guarantee_km = fields.Integer(related='company_id.aftersales_guarantee_km', readonly=False)
    aftersales_guarantee_safety = fields.Integer(related='company_id.aftersales_guarantee_safety', readonly=False)
    aftersales_guarantee_assembly = fields.Integer(related='company_id.aftersales_guarantee_assembly', readonly=False)
    aftersales_guarantee_same_fault = fields.Integer(related='company_id.aftersales_guarantee_same_fault', readonly=False)
    aftersales_guarantee_days = fields.Integer(related='company_id.aftersales_guarantee_days', readonly=False)
    aftersales_courtesy_days = fields.Integer(related='company_id.aftersales_courtesy_days', readonly=False)
