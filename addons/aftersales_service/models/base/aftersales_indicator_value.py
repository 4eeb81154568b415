from odoo import fields, models


class AftersalesIndicatorValue(models.Model):
    """What an indicator said of one month, kept for trends; computed anew as long as the month may change."""

    _name = 'aftersales.indicator.value'
    _description = "Month of an indicator"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'month desc, indicator_id'
    _rec_name = 'month'
    _guarded_fields = frozenset({
        'indicator_id', 'month', 'value', 'has_value', 'numerator', 'denominator', 'computed_at',
    })

    indicator_id = fields.Many2one('aftersales.indicator', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='indicator_id.company_id', store=True, index=True)
    room = fields.Selection(related='indicator_id.room', store=True)
    month = fields.Date(required=True, readonly=True, help="First day of the month.")
    # No sum: a rate of two months is not the sum of two rates.
    value = fields.Float("Measured Value", digits=(16, 2), readonly=True, aggregator='avg')
    has_value = fields.Boolean(string="Has data", readonly=True)
    numerator = fields.Float(digits=(16, 2), readonly=True)
    denominator = fields.Float(digits=(16, 2), readonly=True)
    computed_at = fields.Datetime(readonly=True)

    _indicator_month_uniq = models.UniqueIndex("(indicator_id, month)", "A month of an indicator is kept once.")
