from odoo import api, fields, models

from ..base.errors import coded_error

LOCKED_FIELDS = frozenset(
    {
        'price_unit',
        'quantity',
        'discount',
        'tax_ids',
        'product_id',
        'product_uom_id',
        'account_id',
        'debit',
        'credit',
        'balance',
        'amount_currency',
        'currency_id',
        'move_id',
        'partner_id',
        'display_type',
        'price_subtotal',
        'price_total',
    }
)


LINK_FIELDS = frozenset({'aftersales_order_id', 'aftersales_line_id'})


class AccountMoveLine(models.Model):
    _name = 'account.move.line'
    _inherit = ['account.move.line', 'aftersales.guarded.core.mixin']
    # Order and line come from the parts room (stock entries, bills); on sale documents only `_settle` sets them.
    _guarded_fields = frozenset({'aftersales_payer_id', 'aftersales_amount'})

    # A duplicate loses the links (else a second revenue without cost), credit notes keep them.
    aftersales_payer_id = fields.Many2one(
        'aftersales.repair.payer',
        "Payer",
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    aftersales_amount = fields.Monetary(
        "Share Posted",
        copy=False,
        readonly=True,
        currency_field='currency_id',
        help="The payer's share of the repair line in the company's price basis, as it was posted.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            self._refuse_links(vals_list)
        elif not self.env['account.analytic.distribution.model'].sudo().search_count([], limit=1):
            # Core would look for the rules of each single line; most shops have none at all.
            vals_list = [{'analytic_distribution': False, **vals} for vals in vals_list]
        return super().create(vals_list)._close()

    def write(self, vals):
        if not self._is_guarded():
            if LOCKED_FIELDS & vals.keys():
                for line in self._aftersales_locked():
                    raise self._aftersales_locked_error(line)
            if LINK_FIELDS & vals.keys():
                for line in self.filtered(lambda item: item.move_id.is_sale_document(include_receipts=True)):
                    raise self._aftersales_locked_error(line)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_aftersales_locked(self):
        if not self._is_guarded():
            for line in self._aftersales_locked():
                raise self._aftersales_locked_error(line)

    # === BUSINESS METHODS === #

    @api.model
    def _refuse_links(self, vals_list):
        """Refuse lines added by hand to a document of an order, or a link to an order on a sale document."""
        by_move = {}
        for vals in vals_list:
            if vals.get('move_id') and vals.get('display_type', 'product') == 'product':
                linked = any(vals.get(name) for name in LINK_FIELDS)
                by_move[vals['move_id']] = by_move.get(vals['move_id']) or linked
        for move in self.env['account.move'].sudo().browse(by_move):
            if move._aftersales_owned() or (by_move[move.id] and move.is_sale_document(include_receipts=True)):
                raise self._aftersales_locked_error(move.line_ids[:1], move)

    def _aftersales_locked(self):
        """Return the lines that follow an order: its invoice lines, and every item of its entries."""
        owned = self.move_id._aftersales_owned()
        return self.filtered(
            lambda line: (
                (line.move_id in owned and line.display_type == 'product')
                or (line.aftersales_order_id and line.move_id.move_type == 'entry' and line.parent_state == 'posted')
            )
        )

    @api.model
    def _aftersales_locked_error(self, line, move=None):
        return coded_error(
            'SET-22',
            self.env._(
                "“%(line)s” follows repair order %(order)s and is locked. Change the order and settle again, or reopen it.",
                line=line.name or line.account_id.display_name or (move.name if move else '') or '',
                order=(line.aftersales_order_id or (line.move_id or move)._aftersales_document()).name or '',
            ),
        )

    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        if self.aftersales_line_id:
            # The copied flag would keep a credit note off the red side; computed anew it follows the document.
            values.pop('is_storno', None)
        values.update(
            aftersales_order_id=self.aftersales_order_id.id,
            aftersales_line_id=self.aftersales_line_id.id,
            aftersales_payer_id=self.aftersales_payer_id.id,
            aftersales_amount=self.aftersales_amount,
        )
        return result

    def _eligible_for_stock_account(self):
        # The cost of an order's parts left stock at the issue and reaches the books by the cost entry: never twice.
        if (
            self.aftersales_line_id
            and self.move_id.is_sale_document(include_receipts=True)
            and self.company_id._aftersales_wip_account()
        ):
            return False
        return super()._eligible_for_stock_account()
