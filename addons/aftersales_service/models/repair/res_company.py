from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_discount_limit_pct = fields.Float(
        "Advisor's Discount Limit (%)",
        default=5.0,
        help="A service advisor may go this far below the catalogue; more needs a supervisor.",
    )
    aftersales_supervisor_discount_limit_pct = fields.Float(
        "Supervisor's Discount Limit (%)",
        default=20.0,
        help="A front-desk supervisor may go this far; more needs the service manager.",
    )
    aftersales_major_job_amount = fields.Monetary(
        "Major Job From", default=10000.0, help="Orders above this amount are reviewed before work starts."
    )
    aftersales_phone_consent_limit = fields.Monetary(
        "Second Person for Phone Consent From",
        default=0.0,
        help="0: every consent by phone. Safety items always need a second person.",
    )
    aftersales_promise_margin_pct = fields.Float(
        "Promise Margin (%)", default=10.0, help="Added to the hours when a finishing time is proposed."
    )
    aftersales_risk_product_id = fields.Many2one(
        'product.product',
        "Risk Surcharge",
        domain="[('type', '=', 'service')]",
        help="Fee product that shows the risk of an estimate by symptom.",
    )
    aftersales_authorisation_terms = fields.Html(
        "Terms on the Repair Order",
        translate=True,
        help="Printed above the customer's signature: agreement, guarantee, old parts, lien.",
    )

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence(
            'aftersales.repair.order', self.env._("Repair Orders"), 'RO/%(year)s%(month)s/', 5
        )
        return result
