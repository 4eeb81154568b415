from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.const import PAYER_KINDS
from ..base.errors import coded_error


class AftersalesRepairPayer(models.Model):
    """One who pays a part of an order: the customer, a manufacturer, an insurer, a department, goodwill."""

    _name = 'aftersales.repair.payer'
    _description = "Payer of a Repair Order"
    _order = 'order_id.id, sequence, id'
    _check_company_auto = True

    order_id = fields.Many2one('aftersales.repair.order', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    # The customer comes last, so that the rounding remainder of a split falls to him.
    sequence = fields.Integer(compute='_compute_sequence', store=True, readonly=False, precompute=True)
    kind = fields.Selection(PAYER_KINDS, required=True, default='customer')
    partner_id = fields.Many2one('res.partner', index=True, ondelete='restrict', check_company=True)
    reason_id = fields.Many2one(
        'aftersales.reason',
        domain="[('kind', '=', kind)]",
        help="Goodwill and internal work: decides the cost account and the VAT treatment.",
    )
    share_ids = fields.One2many('aftersales.repair.share', 'payer_id')
    amount_total = fields.Monetary("Amount", compute='_compute_amount_total', store=True)
    needs_approval = fields.Boolean(
        "Amount Not Final",
        help="Who pays decides later on the amount (manufacturer, insurer): settled without an invoice until then.",
        compute='_compute_needs_approval',
        store=True,
        readonly=False,
        precompute=True,
    )

    _kind_uniq = models.UniqueIndex('(order_id, kind, COALESCE(partner_id, 0))', "This payer is on the order already.")

    @api.depends('kind')
    def _compute_sequence(self):
        ranks = {'warranty': 10, 'insurance': 20, 'internal': 30, 'goodwill': 40, 'customer': 90}
        for payer in self:
            payer.sequence = ranks.get(payer.kind, 50)

    @api.depends('kind')
    def _compute_needs_approval(self):
        for payer in self:
            payer.needs_approval = payer.kind in ('warranty', 'insurance')

    @api.depends('share_ids.amount_total', 'share_ids.job_id.outcome')
    def _compute_amount_total(self):
        for payer in self:
            payer.amount_total = sum(
                payer.share_ids.filtered(lambda share: share.job_id.outcome == 'open').mapped('amount_total')
            )

    @api.depends('kind', 'partner_id')
    def _compute_display_name(self):
        labels = dict(self._fields['kind']._description_selection(self.env))
        for payer in self:
            payer.display_name = ' · '.join(part for part in (labels.get(payer.kind), payer.partner_id.name) if part)

    @api.constrains('partner_id', 'kind')
    def _check_partner(self):
        for payer in self:
            if payer.kind in ('warranty', 'insurance') and not payer.partner_id:
                raise coded_error(
                    'REP-15',
                    self.env._(
                        "Say who pays the %(kind)s share of %(order)s: the manufacturer is set on the brand, "
                        "the insurer is chosen on the order.",
                        kind=dict(self._fields['kind']._description_selection(self.env))[payer.kind],
                        order=payer.order_id.name,
                    ),
                    ValidationError,
                )

    def _is_final(self):
        """Tell whether the amount is known when the car leaves."""
        self.ensure_one()
        return not self.needs_approval
