from odoo import api, fields, models
from odoo.tools import float_compare


class AftersalesWarrantyClaimLine(models.Model):
    """What is asked for one line of the order, and what the manufacturer answered."""

    _name = 'aftersales.warranty.claim.line'
    _description = "Line of a Warranty Claim"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'claim_id, sequence, id'
    _rec_name = 'name'
    _guarded_fields = frozenset({
        'claim_id', 'line_id', 'name', 'product_id', 'quantity', 'hours', 'sequence', 'claimed_amount',
        'approved_amount', 'is_decided', 'reason_id', 'note',
    })

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='claim_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='claim_id.currency_id')
    order_id = fields.Many2one(related='claim_id.order_id', store=True)
    claim_state = fields.Selection(related='claim_id.state', string="State of the Claim", store=True)
    sequence = fields.Integer(readonly=True)
    line_id = fields.Many2one('aftersales.repair.line', "Line of the Order", required=True, readonly=True, ondelete='restrict', index=True)
    kind = fields.Selection(related='line_id.kind', store=True)
    labour_item_id = fields.Many2one(related='line_id.labour_item_id')
    product_id = fields.Many2one('product.product', readonly=True, index='btree_not_null', ondelete='restrict')
    name = fields.Char("Description", readonly=True)
    quantity = fields.Float(digits='Product Unit', readonly=True)
    hours = fields.Float(readonly=True, help="Hours claimed; labour only.")
    is_causal = fields.Boolean("Causal Part", compute='_compute_is_causal')
    claimed_amount = fields.Monetary("Claimed", readonly=True, help="The manufacturer's share of the line's price, in the price basis.")
    approved_amount = fields.Monetary("Approved Amount", readonly=True, copy=False, help="In the price basis.")
    difference = fields.Monetary(compute='_compute_difference', store=True, help="Claimed less approved, once decided.")
    is_decided = fields.Boolean("Answered", readonly=True, copy=False)
    reason_id = fields.Many2one('aftersales.reason', "Reason", readonly=True, copy=False, ondelete='restrict')
    note = fields.Char("Remark", readonly=True, copy=False)

    _line_uniq = models.UniqueIndex('(claim_id, line_id)', "A line of the order stands once on a claim.")

    @api.depends('line_id', 'claim_id.causal_line_id')
    def _compute_is_causal(self):
        for line in self:
            line.is_causal = line.line_id == line.claim_id.causal_line_id

    @api.depends('claimed_amount', 'approved_amount', 'is_decided')
    def _compute_difference(self):
        for line in self:
            line.difference = line.claimed_amount - line.approved_amount if line.is_decided else 0.0

    def _is_cut(self):
        """Tell whether the manufacturer approved less than was claimed."""
        self.ensure_one()
        rounding = self.currency_id.rounding or 0.01
        return self.is_decided and float_compare(self.approved_amount, self.claimed_amount, precision_rounding=rounding) < 0
