from odoo import fields, models

FILL_RATE_METHODS = [
    ('geometric', "Lines and pieces (geometric mean)"),
    ('variety', "Lines"),
    ('quantity', "Pieces"),
]


class ResCompany(models.Model):
    """What the company decides about its parts' figures and plans."""

    _inherit = 'res.company'

    aftersales_fill_rate_method = fields.Selection(
        FILL_RATE_METHODS, "First-Time Supply Rate", default='geometric', required=True,
        help="How the first-time supply rate is computed (R-KPI-06).",
    )
    aftersales_slow_months = fields.Integer(
        "Slow Mover After (Months)", default=6, required=True,
        help="A part in stock that was not issued for so long moves slowly (R-KPI-07).",
    )
    aftersales_oil_categ_id = fields.Many2one(
        'product.category', "Engine Oil Category", ondelete='set null',
        help="Products of this category count as engine oil (R-KPI-21, R-KPI-22).",
    )
    aftersales_safety_days = fields.Integer(
        "Safety Stock (Days)", default=7, required=True, help="Days of usage kept for late deliveries and sudden demand.",
    )
    aftersales_order_cycle_days = fields.Integer(
        "Order Cycle (Days)", default=7, required=True, help="Days from one stock order to the next.",
    )
    aftersales_lead_days = fields.Integer(
        "Delivery Time (Days)", default=3, required=True, help="Used for parts whose vendor names none.",
    )
    aftersales_phase_in_hits = fields.Integer(
        "Take Into Stock After (Demands)", default=3, required=True,
        help="A part that is not kept is proposed for stock after so many demands in 12 months.",
    )

    _aftersales_planning_days = models.Constraint(
        'CHECK(aftersales_safety_days >= 0 AND aftersales_order_cycle_days >= 0 AND aftersales_lead_days >= 0 '
        'AND aftersales_phase_in_hits > 0)',
        "Days of planning are not negative, and a part is taken into stock after one demand at least.",
    )
    _aftersales_slow_months_positive = models.Constraint(
        'CHECK(aftersales_slow_months > 0)', "A slow mover has stood for at least one month.",
    )

    # === BUSINESS METHODS: PREPARATION === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence('aftersales.order.plan', self.env._("Order Plans"), 'OP%(y)s%(month)s')
        return result
