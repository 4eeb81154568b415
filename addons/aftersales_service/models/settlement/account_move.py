from odoo import api, fields, models

from ..base.errors import coded_error

# What says who owes what for which work; nobody edits it beside the order's own verbs.
LOCKED_FIELDS = frozenset(
    {
        'line_ids',
        'invoice_line_ids',
        'partner_id',
        'currency_id',
        'fiscal_position_id',
        'journal_id',
        'move_type',
        'company_id',
        'reversed_entry_id',
        'invoice_cash_rounding_id',
    }
)
BACKWARD_STATES = ('draft', 'cancel')


class AccountMove(models.Model):
    _name = 'account.move'
    _inherit = ['account.move', 'aftersales.guarded.core.mixin']
    _guarded_fields = frozenset(
        {
            'aftersales_order_id',
            'aftersales_payer_id',
            'aftersales_settlement_id',
            'aftersales_kind',
        }
    )

    # Links to the work; a duplicate loses them, a credit note keeps them (`_reverse_moves`).
    aftersales_order_id = fields.Many2one(
        'aftersales.repair.order',
        "Repair Order",
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    aftersales_payer_id = fields.Many2one(
        'aftersales.repair.payer',
        "Payer",
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
        [
            ('invoice', "Settlement"),
            ('cost', "Cost of an Order"),
            ('payment', "Payment"),
            ('forfeit', "Forfeited Deposit"),
            ('bridge', "Customer Advances"),
            ('difference', "Cash Difference"),
            ('clearing', "Clearing of a Means"),
            ('loss', "Small Difference"),
        ],
        "After-Sales Entry",
        copy=False,
        readonly=True,
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(vals_list)._close()

    def write(self, vals):
        if self._is_guarded() and (vals.keys() == {'is_manually_modified'} or vals.get('state') == 'posted'):
            # Core's last words when it creates and posts an entry: of ours there are no lines to synchronise again.
            return super(AccountMove, self.with_context(skip_invoice_sync=True)).write(vals)
        if not self._is_guarded():
            if vals.get('state') in BACKWARD_STATES:
                self.filtered(lambda move: move.state == 'posted')._ensure_not_aftersales()
            if LOCKED_FIELDS & vals.keys():
                self._ensure_unlocked(vals)
        return super().write(vals)

    def unlink(self):
        if self._is_guarded():
            return super().unlink()
        self.filtered('posted_before')._ensure_not_aftersales()
        if self._aftersales_owned():
            # A credit note that was never posted may go, with its locked lines.
            return super(AccountMove, self._guarded()).unlink()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _aftersales_owned(self):
        """Return the moves whose lines follow our documents and are locked; a later room adds those of its own."""
        return self.filtered('aftersales_order_id')

    def _aftersales_link_names(self):
        """Return the links to our documents, which a reversal keeps.

        :rtype: tuple[str]
        """
        return ('aftersales_order_id', 'aftersales_payer_id', 'aftersales_settlement_id')

    def _aftersales_document(self):
        """Return the document whose verbs keep these entries in step, to name it in a refusal."""
        return (self.aftersales_order_id or self.sudo().line_ids.aftersales_order_id)[:1]

    def _aftersales_linked(self):
        """Return the moves that our orders made or that carry value of an order (stock entries into WIP)."""
        linked = self._aftersales_owned()
        entries = (self - linked).filtered(lambda move: move.move_type == 'entry')
        if entries:
            lines = (
                self.env['account.move.line']
                .sudo()
                .search_fetch(
                    [('move_id', 'in', entries.ids), ('aftersales_order_id', '!=', False)],
                    ['move_id'],
                )
            )
            linked |= self.browse(lines.move_id.ids)
        return linked

    def _ensure_not_aftersales(self):
        """Refuse to take back an entry of an order; its own verbs keep invoices, cost and WIP in step.

        :raise UserError: SET-20
        """
        for move in self._aftersales_linked():
            raise coded_error(
                'SET-20',
                self.env._(
                    "%(move)s belongs to repair order %(order)s and cannot be reset, cancelled or deleted. "
                    "Open the order and use “Reopen” (credit notes), a refund, or a return of the part instead.",
                    move=move.name or move.ref,
                    order=move._aftersales_document().name or '',
                ),
            )

    def _ensure_unlocked(self, vals):
        for move in self._aftersales_owned():
            changed = [
                name
                for name in LOCKED_FIELDS & vals.keys()
                if name in ('line_ids', 'invoice_line_ids')
                or self._fields[name].convert_to_write(move[name], move) != (vals[name] or False)
            ]
            if any(name not in ('line_ids', 'invoice_line_ids') for name in changed) or any(
                move._touches_locked_lines(vals[name]) for name in changed
            ):
                raise coded_error(
                    'SET-21',
                    self.env._(
                        "%(move)s follows repair order %(order)s: its lines, partner and journal are locked. "
                        "Change the order and settle again, or reopen it.",
                        move=move.name or move.ref or '',
                        order=move._aftersales_document().name or '',
                    ),
                )

    def _touches_locked_lines(self, commands):
        """Tell whether x2many commands do more than link or leave lines as they are."""
        return any(not isinstance(command, (list, tuple)) or command[0] not in (4,) for command in commands or [])

    def _post(self, soft=True):
        if self._is_guarded() or not self._aftersales_owned():
            return super()._post(soft)
        # Core fills in balances and dates of the locked lines while it posts a linked credit note.
        return super(AccountMove, self._guarded())._post(soft).with_env(self.env)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if not self._aftersales_owned():
            return super()._reverse_moves(default_values_list, cancel)
        default_values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, default_values_list, strict=True):
            values.update({name: move[name].id for name in self._aftersales_link_names()})
            values['aftersales_kind'] = move.aftersales_kind
        return super(AccountMove, self._guarded())._reverse_moves(default_values_list, cancel).with_env(self.env)

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        if (orders := self.aftersales_order_id) and not self._is_guarded():
            orders._guarded()._after_payment()
        return result

    # === ACTIONS === #

    def action_view_aftersales_order(self):
        self.ensure_one()
        return self.aftersales_order_id._get_records_action()

    @api.model
    def _aftersales_link_vals(self, order, kind, settlement=None):
        """Return the link values of a move made for an order."""
        return {
            'aftersales_order_id': order.id,
            'aftersales_kind': kind,
            'aftersales_settlement_id': settlement.id if settlement else False,
            'aftersales_payer_id': settlement.payer_id.id if settlement else False,
        }
