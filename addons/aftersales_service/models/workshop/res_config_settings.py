from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_handover_precision_min = fields.Integer(
        related='company_id.aftersales_handover_precision_min', readonly=False
    )
    aftersales_track_interval_min = fields.Integer(related='company_id.aftersales_track_interval_min', readonly=False)
    aftersales_track_min_hours = fields.Float(related='company_id.aftersales_track_min_hours', readonly=False)
    aftersales_inquiry_from_pct = fields.Integer(related='company_id.aftersales_inquiry_from_pct', readonly=False)
    aftersales_inquiry_to_pct = fields.Integer(related='company_id.aftersales_inquiry_to_pct', readonly=False)
    aftersales_sample_pct = fields.Integer(related='company_id.aftersales_sample_pct', readonly=False)
    aftersales_clock_grace_min = fields.Integer(related='company_id.aftersales_clock_grace_min', readonly=False)
    aftersales_longest_shift = fields.Float(related='company_id.aftersales_longest_shift', readonly=False)
    aftersales_repair_warranty_days = fields.Integer(
        related='company_id.aftersales_repair_warranty_days', readonly=False
    )
    aftersales_repair_warranty_km = fields.Integer(related='company_id.aftersales_repair_warranty_km', readonly=False)
