from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesRepairLine(models.Model):
    _inherit = 'aftersales.repair.line'
    _guarded_fields = frozenset(
        {
            'credited_amount',
            'rounding_amount',
            'verified_by_id',
            'verified_at',
            'verified_amount',
            'verified_quantity',
        }
    )

    # What the books changed after the agreement (price basis of the company)
    credited_amount = fields.Monetary(
        "Credited Back",
        readonly=True,
        copy=False,
        help="Given back after settlement: a returned part, a corrected price. In the price basis.",
    )
    rounding_amount = fields.Monetary(
        "Rounded Off",
        readonly=True,
        copy=False,
        help="Small change waived at the till, on the customer's share. In the price basis.",
    )
    transfer_ids = fields.One2many('aftersales.share.transfer', 'line_id', "Moved to Another Payer")
    invoice_line_ids = fields.One2many(
        'account.move.line',
        'aftersales_line_id',
        "Invoice Lines",
        groups='account.group_account_readonly,account.group_account_invoice',
    )

    # Verification by the settlement clerk (R-PERM-11)
    verified_by_id = fields.Many2one('res.users', "Verified By", readonly=True, copy=False)
    verified_at = fields.Datetime(readonly=True, copy=False)
    verified_amount = fields.Monetary(readonly=True, copy=False)
    verified_quantity = fields.Float(readonly=True, copy=False, digits='Product Unit')
    is_verified = fields.Boolean("Verified", compute='_compute_is_verified', store=True)

    @api.depends('verified_at', 'verified_amount', 'verified_quantity', 'price_amount', 'quantity', 'currency_id')
    def _compute_is_verified(self):
        """A check holds for what was checked: another price or quantity asks for a new one."""
        for line in self:
            line.is_verified = bool(
                line.verified_at
                and line.currency_id.compare_amounts(line.verified_amount, line.price_amount) == 0
                and line.product_uom_id.compare(line.verified_quantity, line.quantity) == 0
            )

    def _verify(self):
        """Record that the settlement clerk checked hours, parts and prices of the lines (R-PERM-11)."""
        self.order_id._ensure_may_cash()
        for line in self.sudo():
            line._guarded().write(
                {
                    'verified_by_id': self.env.uid,
                    'verified_at': fields.Datetime.now(),
                    'verified_amount': line.price_amount,
                    'verified_quantity': line.quantity,
                }
            )
        return True

    def action_verify(self):
        return self._verify()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        items = self.env['account.move.line'].sudo().search([('aftersales_line_id', 'in', self.ids)], limit=1)
        if items:
            raise coded_error(
                'SET-08',
                self.env._(
                    "“%(line)s” has entries in the books and stays on %(order)s. Decline its job, or set its price to "
                    "zero with a reason.",
                    line=items.aftersales_line_id.name,
                    order=items.aftersales_line_id.order_id.name,
                ),
            )

    def _lock_reasons(self):
        reasons = super()._lock_reasons()
        for line in self:
            if line not in reasons and line.order_id.settled_at:
                reasons[line] = self.env._("the order is settled; reopen it first")
        return reasons

    def _credit(self, amount):
        """Give back a part of the price of a settled line; the next posting run makes the credit notes (R-PROC-83).

        Every payer gets back his frozen share of it, the last one takes the rounding.

        :param float amount: in the company's price basis, positive.
        :raise UserError: SET-50 more than was posted.
        """
        self.ensure_one()
        left = self.price_amount - self.credited_amount - self.rounding_amount
        if amount <= 0 or self.currency_id.compare_amounts(amount, left) > 0:
            raise coded_error(
                'SET-50',
                self.env._(
                    "%(amount)s cannot be credited on “%(line)s”: %(left)s is left of its price.",
                    amount=self.currency_id.format(amount),
                    left=self.currency_id.format(left),
                    line=self.name,
                ),
            )
        self.sudo()._guarded().write({'credited_amount': self.credited_amount + self.currency_id.round(amount)})

    @api.model
    def _trade_label(self, line):
        """Return how a statement groups a line: trade of labour, material, other."""
        if line.kind == 'labour':
            return 'labour'
        return 'material' if line.kind == 'part' else 'other'
