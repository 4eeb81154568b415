from odoo import fields, models


class AftersalesShareTransfer(models.Model):
    """A part of a line's price that moves from one payer to another after the agreement: an insurer's cut.

    The agreed shares stay as they were signed; this is the fact that came later, and what the books follow.
    """

    _name = 'aftersales.share.transfer'
    _description = "Part of a Share Moved to Another Payer"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'id'
    _check_company_auto = True
    _guarded_fields = frozenset({'settlement_id', 'line_id', 'from_payer_id', 'to_payer_id', 'amount'})

    settlement_id = fields.Many2one(
        'aftersales.settlement', required=True, readonly=True, ondelete='cascade', index=True
    )
    order_id = fields.Many2one(related='settlement_id.order_id', store=True, index=True)
    company_id = fields.Many2one(related='settlement_id.company_id', store=True)
    currency_id = fields.Many2one(related='settlement_id.currency_id')
    line_id = fields.Many2one('aftersales.repair.line', required=True, readonly=True, ondelete='restrict', index=True)
    from_payer_id = fields.Many2one('aftersales.repair.payer', required=True, readonly=True, ondelete='restrict')
    to_payer_id = fields.Many2one(
        'aftersales.repair.payer',
        readonly=True,
        ondelete='restrict',
        help="Who bears it instead; nobody while it is undecided or written off.",
    )
    amount = fields.Monetary(readonly=True, help="In the company's price basis.")
