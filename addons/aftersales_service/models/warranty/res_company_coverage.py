from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    # Coverage (R-WAR-01)
    aftersales_warranty_near_days = fields.Integer(
        "Warranty ends soon (days)", default=30, help="A car counts as near the end of its warranty this many days before.",
    )
    aftersales_warranty_near_km = fields.Integer(
        "Warranty ends soon (km)", default=2000, help="… or this many kilometres before.",
    )
    aftersales_coverage_sets_payer = fields.Boolean(
        "Coverage sets the payer",
        help="A job nobody gave a payer starts with the one its coverage proposes; otherwise the proposal is only shown.",
    )
    # Appraisal (R-WAR-03)
    aftersales_warranty_answer_hours = fields.Float(
        "Appraisal answered within (h)", default=24.0, help="asv.warranty_answer_hours; a brand's terms may say otherwise.",
    )
    aftersales_warranty_clerk_id = fields.Many2one(
        'res.users', "Appraisals go to", help="Who gets the reminders of appraisals; empty: who asked.",
    )
    aftersales_technical_adviser_id = fields.Many2one(
        'res.users', "Technical adviser", help="Who helps with diagnosis when an advisor asks (R-ROLE-19).",
    )
    # Comeback (R-WAR-18)
    aftersales_comeback_days = fields.Integer(
        "Comeback within (days)", default=90, help="A car back within these days of a repair is asked about; 0: never.",
    )
    aftersales_comeback_km = fields.Integer(
        "Comeback within (km)", default=5000, help="… and within these kilometres, where both readings are known; 0: any.",
    )
    # 三包: repair, replace, refund (SAMR order 43 of 2021, in force since 2022)
    aftersales_guarantee_months = fields.Integer(
        "Three-guarantees period (months)", default=24, help="The rules on return and replacement hold for this time from the sale.")
    aftersales_guarantee_km = fields.Integer("Three-guarantees period (km)", default=50000, help="… or up to this reading; 0: by time only.")
    aftersales_guarantee_safety = fields.Integer(
        "Safety repairs", default=2, help="Return or replacement may be asked for after this many repairs of safety faults; 0: not watched.")
    aftersales_guarantee_assembly = fields.Integer(
        "Assembly replacements", default=2, help="… after replacing the same main assembly this often; 0: not watched.")
    aftersales_guarantee_same_fault = fields.Integer(
        "Repairs of the same fault, more than", default=4, help="… after more repairs of the same fault than this; 0: not watched.")
    aftersales_guarantee_days = fields.Integer(
        "Days in repair, more than", default=30, help="… after more days in repair than this, all together; 0: not watched.")
    aftersales_courtesy_days = fields.Integer(
        "Courtesy car after (days)", default=5, help="A repair that takes longer than this: offer a courtesy car. 0: never.")

    _aftersales_coverage_positive = models.Constraint(
        '''CHECK(aftersales_warranty_near_days >= 0 AND aftersales_warranty_near_km >= 0
           AND aftersales_warranty_answer_hours > 0 AND aftersales_comeback_days >= 0 AND aftersales_comeback_km >= 0
           AND aftersales_guarantee_months > 0 AND aftersales_guarantee_km >= 0 AND aftersales_guarantee_safety >= 0
           AND aftersales_guarantee_assembly >= 0 AND aftersales_guarantee_same_fault >= 0
           AND aftersales_guarantee_days >= 0 AND aftersales_courtesy_days >= 0)''',
        "Days, kilometres and hours of the warranty settings are not negative.",
    )

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence('aftersales.warranty.appraisal', self.env._("Warranty appraisals"), 'WA%(y)s%(month)s-')
        return result

    @api.model
    def _aftersales_prepare_warranty(self):
        """Prepare the companies that were there before the warranty room; called on every update."""
        self.env['res.company'].sudo().search([])._aftersales_prepare_company()
