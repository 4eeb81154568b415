from odoo import api, fields, models

from ..base.errors import coded_error

LOCKED_FIELDS = frozenset(
    {
        'amount',
        'partner_id',
        'journal_id',
        'date',
        'payment_type',
        'partner_type',
        'destination_account_id',
        'currency_id',
    }
)


class AccountPayment(models.Model):
    _name = 'account.payment'
    _inherit = ['account.payment', 'aftersales.guarded.core.mixin']
    _guarded_fields = frozenset(
        {'aftersales_order_id', 'aftersales_settlement_id', 'aftersales_kind', 'aftersales_cashier_id'}
    )

    aftersales_order_id = fields.Many2one(
        'aftersales.repair.order',
        "Repair Order",
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    aftersales_settlement_id = fields.Many2one(
        'aftersales.settlement',
        "Settlement",
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    aftersales_kind = fields.Selection(
        [('deposit', "Deposit"), ('payment', "Payment"), ('refund', "Refund")],
        "After-Sales Payment",
        copy=False,
        readonly=True,
    )
    aftersales_cashier_id = fields.Many2one('res.users', "Taken By", copy=False, readonly=True)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(vals_list)._close()

    def write(self, vals):
        if not self._is_guarded() and any(payment.aftersales_order_id for payment in self):
            if vals.get('state') in ('draft', 'canceled', 'rejected') or LOCKED_FIELDS & vals.keys():
                self._refuse_aftersales()
        return super().write(vals)

    def unlink(self):
        if not self._is_guarded() and any(payment.aftersales_order_id for payment in self):
            self._refuse_aftersales()
        return super().unlink()

    def _refuse_aftersales(self):
        """Refuse to take money back by a back door (R-PERM-18: a refund needs a second person)."""
        for payment in self.filtered('aftersales_order_id'):
            raise coded_error(
                'SET-23',
                self.env._(
                    "Payment %(payment)s belongs to repair order %(order)s and stays in the books. "
                    "Give the money back with a refund, which a second person approves.",
                    payment=payment.name or '',
                    order=payment.aftersales_order_id.name,
                ),
            )

    # === BUSINESS METHODS === #

    def _generate_move_vals(self, write_off_line_vals=None, force_balance=None, line_ids=None):
        vals = super()._generate_move_vals(write_off_line_vals, force_balance, line_ids)
        if self.aftersales_order_id:
            vals.update(
                aftersales_order_id=self.aftersales_order_id.id,
                aftersales_settlement_id=self.aftersales_settlement_id.id,
                aftersales_kind='payment',
            )
        return vals

    def _aftersales_open_lines(self):
        """Return the receivable items of the payments that are not matched with an invoice yet."""
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == 'asset_receivable'
                and not line.reconciled
                and line.parent_state == 'posted'
            )
        )

    def _aftersales_unused(self):
        """Return the amount of each payment not matched yet, in its own currency.

        :rtype: dict  `{payment: float}`, positive for money received
        """
        return {payment: -sum(payment._aftersales_open_lines().mapped('amount_residual_currency')) for payment in self}
