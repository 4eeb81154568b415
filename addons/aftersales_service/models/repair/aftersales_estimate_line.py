from odoo import fields, models


class AftersalesEstimateLine(models.Model):
    """A row of an issued estimate, copied so that it can never change."""

    _name = 'aftersales.estimate.line'
    _description = "Estimate Line"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'estimate_id.id, sequence, id'
    _guarded_fields = frozenset(
        {
            'estimate_id',
            'job_id',
            'sequence',
            'job_name',
            'origin',
            'kind',
            'name',
            'quantity',
            'uom_name',
            'price_unit',
            'discount',
            'amount',
            'payer_name',
            'supplied_by',
            'grade',
            'has_disclaimer',
            'is_price_open',
            'extra_hours',
        }
    )

    estimate_id = fields.Many2one('aftersales.estimate', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='estimate_id.company_id', store=True)
    currency_id = fields.Many2one(related='estimate_id.currency_id')
    job_id = fields.Many2one('aftersales.repair.job', readonly=True, ondelete='restrict', index=True)
    sequence = fields.Integer(readonly=True)
    job_name = fields.Char(readonly=True)
    origin = fields.Char(readonly=True)
    kind = fields.Selection(
        [
            ('job', "Job"),
            ('labour', "Labour"),
            ('part', "Part"),
            ('sublet', "Sublet"),
            ('fee', "Fee"),
            ('disbursement', "Disbursement"),
        ],
        readonly=True,
    )
    name = fields.Char(readonly=True)
    quantity = fields.Float(digits='Product Unit', readonly=True)
    uom_name = fields.Char(readonly=True)
    price_unit = fields.Float(digits='Product Price', readonly=True)
    discount = fields.Float(digits='Discount', readonly=True)
    amount = fields.Monetary(readonly=True)
    payer_name = fields.Char(readonly=True)
    supplied_by = fields.Char(readonly=True)
    grade = fields.Char(readonly=True)
    has_disclaimer = fields.Boolean(readonly=True)
    is_price_open = fields.Boolean(readonly=True)
    extra_hours = fields.Float(readonly=True)
