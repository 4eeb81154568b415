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
        help="A part in stock without receipt or issue for so long moves slowly (R-KPI-07).",
    )
    aftersales_oil_categ_id = fields.Many2one(
        'product.category', "Engine Oil Category", ondelete='set null',
        help="Products of this category count as engine oil (R-KPI-21, R-KPI-22).",
    )

    _aftersales_slow_months_positive = models.Constraint(
        'CHECK(aftersales_slow_months > 0)', "A slow mover has stood for at least one month.",
    )
