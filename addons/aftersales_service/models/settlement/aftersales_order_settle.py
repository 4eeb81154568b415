import logging
from collections import defaultdict
from time import perf_counter

from odoo import Command, api, fields, models
from odoo.exceptions import LockError

from ...rules.split import split_amount
from ..base.const import MACHINE_MADE
from ..base.errors import coded_error

_logger = logging.getLogger(__name__)


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'
    _guarded_fields = frozenset({'settled_at'})

    settlement_ids = fields.One2many('aftersales.settlement', 'order_id', "Settlements")
    settled_at = fields.Datetime("Settled", readonly=True, copy=False, index='btree_not_null', tracking=True)
    is_settled = fields.Boolean(compute='_compute_is_settled', search='_search_is_settled')
    amount_due = fields.Monetary(
        "Due Now", compute='_compute_amount_due', store=True, help="What the customer still owes on posted invoices."
    )
    amount_invoiced = fields.Monetary(
        "Invoiced", compute='_compute_amount_due', store=True, help="All payers, less credit notes."
    )
    amount_credited = fields.Monetary(
        "Credited Back", compute='_compute_amount_reductions', help="Given back after settlement, price basis."
    )
    amount_rounded = fields.Monetary(
        "Rounded Off", compute='_compute_amount_reductions', help="Small change waived at the till, price basis."
    )

    # === COMPUTE METHODS === #

    @api.depends('settled_at')
    def _compute_is_settled(self):
        for order in self:
            order.is_settled = bool(order.settled_at)

    def _search_is_settled(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('settled_at', '!=', False)] if True in value else [('settled_at', '=', False)]

    @api.depends('settlement_ids.amount_due', 'settlement_ids.amount_total', 'settlement_ids.kind')
    def _compute_amount_due(self):
        for order in self:
            order.amount_due = sum(order.settlement_ids.filtered(lambda s: s.kind == 'customer').mapped('amount_due'))
            order.amount_invoiced = sum(order.settlement_ids.mapped('amount_total'))

    @api.depends('line_ids.credited_amount', 'line_ids.rounding_amount')
    def _compute_amount_reductions(self):
        for order in self:
            order.amount_credited = sum(order.line_ids.mapped('credited_amount'))
            order.amount_rounded = sum(order.line_ids.mapped('rounding_amount'))

    # === RIGHTS AND LOCKS === #

    def _ensure_may_cash(self):
        """Refuse people who do not work the till; a parts keeper may only sell over his counter.

        :raise UserError: SET-02
        """
        user = self.env.user
        if self.env.su or user.has_group('aftersales_service.group_cashier'):
            self.check_access('read')
            return
        if user.has_group('aftersales_service.group_parts_keeper') and all(
            order.profile_code == 'counter' for order in self
        ):
            return
        if user.has_group('aftersales_service.group_advisor') and all(
            order.profile_code in ('on_site', 'express') for order in self
        ):
            return
        raise coded_error(
            'SET-02',
            self.env._(
                "Settling and taking money is the cashier's work. A parts keeper may settle counter sales, an "
                "advisor express and on-site orders.",
            ),
        )

    def _lock_settlement_sudo(self):
        """Let one person at a time settle an order or take its money; sudo: rights were checked by the verb.

        :raise UserError: SET-03 somebody else is at it.
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError:
            raise coded_error(
                'SET-03',
                self.env._(
                    "%(orders)s is being settled by somebody else right now. Wait a moment and open it again.",
                    orders=', '.join(self.mapped('name')),
                ),
            ) from None

    # === AMOUNTS === #

    def _invoice_totals(self, payer, by_line):
        """Return the totals of an invoice to a payer over some lines, by Odoo's own tax computation.

        :param dict by_line: `{line: amount in the price basis}`
        :rtype: dict  `{'total', 'untaxed', 'tax'}`
        """
        self.ensure_one()
        if not by_line:
            return {'total': 0.0, 'untaxed': 0.0, 'tax': 0.0}
        AccountTax = self.env['account.tax'].with_company(self.company_id)
        base_lines = [
            AccountTax._prepare_base_line_for_taxes_computation(
                {},
                price_unit=amount,
                quantity=1.0,
                tax_ids=payer._taxes(line),
                currency_id=self.currency_id,
                product_id=line.product_id,
                partner_id=payer.partner_id,
                sign=1,
                rate=1.0,
            )
            for line, amount in by_line.items()
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, self.company_id)
        AccountTax._round_base_lines_tax_details(base_lines, self.company_id)
        summary = AccountTax._get_tax_totals_summary(base_lines, self.currency_id, self.company_id)
        return {
            'total': self.currency_id.round(summary['total_amount_currency']),
            'untaxed': self.currency_id.round(summary['base_amount_currency']),
            'tax': self.currency_id.round(summary['tax_amount_currency']),
        }

    def _basis_of_total(self, lines, by_line, target):
        """Return the price-basis amount of some lines whose invoice comes to a total incl. tax.

        With tax-included prices both are the same. Otherwise cents are tried around the quotient, as not every
        total exists; the nearest not above the target is taken.

        :param list lines: repair lines; `by_line` their present amounts.
        :param float target: total including tax.
        :rtype: float
        """
        self.ensure_one()
        currency = self.currency_id
        basis = sum(by_line[line] for line in lines)
        payer = self.payer_ids[:1]
        for candidate in self.payer_ids:
            if any(line in self._payer_line_amounts().get(candidate, {}) for line in lines[:1]):
                payer = candidate
        total = self._invoice_totals(payer, {line: by_line[line] for line in lines})['total']
        if currency.compare_amounts(total, basis) == 0 or not total:
            return currency.round(target)
        guess = currency.round(target * basis / total)
        best = None
        for cents in range(-3, 4):
            value = currency.round(guess + cents * currency.rounding)
            reached = self._invoice_totals(payer, self._scaled(lines, by_line, value))['total']
            if currency.compare_amounts(reached, target) <= 0 and (best is None or reached > best[0]):
                best = (reached, value)
        return best[1] if best else guess

    def _scaled(self, lines, by_line, basis):
        """Return the lines' amounts cut to a common basis, exact to the cent."""
        parts = split_amount(
            sum(self._cents(by_line[line]) for line in lines) - self._cents(basis),
            [self._cents(by_line[line]) for line in lines],
        )
        return {
            line: self.currency_id.round(by_line[line] - cents * self.currency_id.rounding)
            for line, cents in zip(lines, parts, strict=True)
        }

    def _posted_line_amounts_sudo(self):
        """Return what is invoiced already; sudo: only the difference to the agreed shares is used.

        :rtype: dict  `{payer: {line: amount in the price basis}}`
        """
        posted = defaultdict(lambda: defaultdict(float))
        for item in (
            self.env['account.move.line']
            .sudo()
            .search_fetch(
                [
                    ('aftersales_line_id', 'in', self.line_ids.ids),
                    ('parent_state', '=', 'posted'),
                    ('display_type', '=', 'product'),
                    ('move_id.move_type', 'in', ('out_invoice', 'out_refund')),
                ],
                ['aftersales_line_id', 'aftersales_payer_id', 'aftersales_amount', 'move_id'],
            )
        ):
            sign = -1 if item.move_id.move_type == 'out_refund' else 1
            posted[item.aftersales_payer_id][item.aftersales_line_id] += sign * item.aftersales_amount
        return posted

    # === SETTLE === #

    def _settle(self, payers=None):
        """Settle the orders: one invoice per payer whose amount is final, and the cost entry, in one posting.

        Posts the *difference* between what each payer owes now and what is posted for him, so that it may be
        called again after a change without harm (R-PROC-83). A payer who still has to approve gets a
        settlement that waits. Deposits and other open money of the order are matched.

        :param payers: settles only these payers; all unless given.
        :return: the settlements.
        :rtype: recordset of aftersales.settlement
        :raise UserError: SET-02 role, SET-03 busy, the blockers of target `settled`, SET-10 account missing.
        """
        start = perf_counter()
        self._ensure_may_cash()
        self._lock_settlement_sudo()
        self._ensure_no_blockers('settled')
        settlements = self.sudo()._ensure_settlements(payers)
        now = fields.Datetime.now()
        fresh = settlements.filtered(lambda settlement: not settlement.settled_at)
        totals = fresh.payer_id._settlement_totals()
        for settlement in fresh:
            settlement._guarded().write(
                {
                    'settled_at': now,
                    'settled_by_id': self.env.uid,
                    'reopened_at': False,
                    'claimed_amount': totals[settlement.payer_id]['total']
                    if settlement.payer_id.needs_approval
                    else 0.0,
                }
            )
        self.filtered(lambda order: not order.settled_at and order._payers_settled()).sudo()._guarded().write(
            {'settled_at': now}
        )
        self._post_settlement_sudo(settlements)
        _logger.info(
            "settled %s in %d ms",
            ', '.join(self.mapped('name')),
            (perf_counter() - start) * 1000,
        )
        return settlements.with_env(self.env)

    def _payers_settled(self):
        """Tell whether every payer with something to pay has been settled, and no job waits for a payer."""
        self.ensure_one()
        if self.has_undecided:
            return False
        settled = self.sudo().settlement_ids.filtered('settled_at').payer_id
        return all(payer in settled for payer in self.sudo()._payers_to_settle())

    def _payers_to_settle(self):
        """Return the payers that carry something of the order, free work included."""
        self.ensure_one()
        amounts = self._payer_line_amounts()
        return self.payer_ids.filtered(lambda payer: amounts.get(payer))

    def _ensure_settlements(self, payers=None):
        """Find or make the settlement of each payer of the orders."""
        settlements = self.env['aftersales.settlement']
        missing = []
        for order in self:
            wanted = order._payers_to_settle() | order.settlement_ids.payer_id
            if payers is not None:
                wanted &= payers
            settlements |= order.settlement_ids.filtered(
                lambda settlement, wanted=wanted: settlement.payer_id in wanted
            )
            missing += [
                {'order_id': order.id, 'payer_id': payer.id} for payer in wanted - order.settlement_ids.payer_id
            ]
        created = self.env['aftersales.settlement']._guarded().with_context(**MACHINE_MADE).create(missing)
        return settlements | created.with_env(self.env)

    def _post_settlement_sudo(self, settlements):
        """Post what the settlements and the cost of the orders lack; sudo: the verb checked the rights."""
        posted = self.env['account.move']
        for company, orders in self.sudo().grouped('company_id').items():
            orders = orders.with_company(company).with_context(allowed_company_ids=[company.id])
            mine = (
                settlements.sudo()
                .with_env(orders.env)
                .filtered(lambda settlement, company=company: settlement.company_id == company)
            )
            vals_list = orders._prepare_invoice_vals_list(mine) + orders._prepare_cost_vals_list()
            if vals_list:
                moves = orders.env['account.move']._guarded().with_context(**MACHINE_MADE).create(vals_list)
                moves._guarded()._post(soft=False)
                posted |= moves
            orders._reconcile_settlements(mine)
            orders._reconcile_transit()
        self._guarded()._after_payment()
        return posted

    def _prepare_invoice_vals_list(self, settlements):
        """Return the invoices and credit notes that bring the books to the agreed shares."""
        posted = self._posted_line_amounts_sudo()
        vals_list = []
        for order, mine in settlements.grouped('order_id').items():
            owed = order._payer_line_amounts()
            for settlement in mine:
                payer = settlement.payer_id
                if not settlement._is_invoiced() or not settlement.settled_at:
                    continue
                lines = settlement._final_lines(order.line_ids)
                amounts, before = owed.get(payer, {}), posted.get(payer, {})
                differences = {
                    line: order.currency_id.round(amounts.get(line, 0.0) - before.get(line, 0.0))
                    for line in lines
                    if line in amounts or line in before
                }
                differences = {
                    line: value for line, value in differences.items() if not order.currency_id.is_zero(value)
                }
                if differences:
                    vals_list.append(order._prepare_invoice_vals(settlement, differences, first=not before))
        return vals_list

    def _prepare_invoice_vals(self, settlement, differences, first=True):
        """Return one invoice, or a credit note where the sum is negative.

        :param dict differences: `{line: amount in the price basis}`
        :param bool first: first document of the payer; discounts are shown as such on it.
        """
        self.ensure_one()
        if not settlement.partner_id:
            raise coded_error(
                'SET-04',
                self.env._("%(name)s has no partner to invoice. Choose who pays.", name=settlement.display_name),
            )
        company = self.company_id
        today = company._aftersales_today()
        sign = 1 if sum(differences.values()) > 0 else -1
        origin = settlement._invoices().filtered(lambda move: move.move_type == 'out_invoice')[:1]
        lines = [
            self._prepare_invoice_line_vals(settlement, line, sign * value, first and sign > 0)
            for line, value in differences.items()
        ]
        self._add_balances(settlement.partner_id, lines, sign)
        return {
            'move_type': 'out_invoice' if sign > 0 else 'out_refund',
            'reversed_entry_id': origin.id if sign < 0 else False,
            'journal_id': company._aftersales_sale_journal().id,
            'company_id': company.id,
            'partner_id': settlement.partner_id.id,
            'currency_id': self.currency_id.id,
            'invoice_date': today,
            'date': today,
            'invoice_origin': self.name,
            'ref': settlement.name,
            'invoice_user_id': self.advisor_id.id,
            'invoice_line_ids': [Command.create(vals) for vals in lines],
            **self.env['account.move']._aftersales_link_vals(self, 'invoice', settlement),
        }

    def _prepare_invoice_line_vals(self, settlement, line, amount, with_discount):
        """Return an invoice line: the whole quantity at the payer's share of the price (never a share of quantity)."""
        factor = 1.0
        discount = line.discount if with_discount and 0 < line.discount < 100 else 0.0
        if discount:
            factor = 1 - discount / 100
        vals = {
            'product_id': line.product_id.id,
            'name': line.name,
            'quantity': line.quantity,
            'product_uom_id': line.product_uom_id.id,
            # Not rounded: the amount of the line is, and comes out exact.
            'price_unit': amount / (line.quantity * factor),
            'discount': discount,
            'tax_ids': [Command.set(settlement.payer_id._taxes(line).ids)],
            'aftersales_order_id': self.id,
            'aftersales_line_id': line.id,
            'aftersales_payer_id': settlement.payer_id.id,
            'aftersales_amount': amount,
        }
        if line.kind == 'disbursement':
            # Money laid out for the customer comes back: neither revenue nor VAT.
            vals['account_id'] = self.company_id._aftersales_account('disbursement').id
        return vals

    def _add_balances(self, partner, lines, sign):
        """Add to the values of invoice lines what Odoo will compute them to be, by its own tax computation.

        Otherwise Odoo creates every line at zero and writes each again, which takes longer than all the rest; were a
        value another than its own, it would still write that one.

        :param partner: who gets the document.
        :param list lines: values of one document's lines, changed in place.
        :param int sign: 1 for an invoice, -1 for a credit note.
        """
        company = self.company_id
        if self.currency_id != company.currency_id:
            return
        AccountTax = self.env['account.tax'].with_company(company)
        Tax, Product = self.env['account.tax'], self.env['product.product']
        base_lines = [
            AccountTax._prepare_base_line_for_taxes_computation(
                {},
                price_unit=vals['price_unit'],
                quantity=vals['quantity'],
                discount=vals['discount'],
                tax_ids=Tax.browse([tax for command in vals['tax_ids'] for tax in command[2]]),
                currency_id=self.currency_id,
                product_id=Product.browse(vals['product_id']),
                partner_id=partner,
                sign=-sign,
                rate=1.0,
                is_refund=sign < 0,
            )
            for vals in lines
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, company)
        AccountTax._round_base_lines_tax_details(base_lines, company)
        for vals, base_line in zip(lines, base_lines, strict=True):
            details = base_line['tax_details']
            balance = -sign * (details['total_excluded'] + details['delta_total_excluded'])
            vals.update({'balance': balance, 'amount_currency': balance})

    def _reconcile_settlements(self, settlements=None):
        """Match the orders' open money (deposits, payments, credits) with the payers' open invoices."""
        settlements = self.settlement_ids if settlements is None else settlements
        payments = (
            self.env['account.payment']
            .sudo()
            .search(
                [
                    ('aftersales_order_id', 'in', self.ids),
                    ('state', 'in', ('in_process', 'paid')),
                ]
            )
        )
        for settlement in settlements:
            invoices = settlement._invoices()
            mine = payments.filtered(
                lambda p, settlement=settlement: (
                    p.aftersales_order_id == settlement.order_id
                    and p.partner_id.commercial_partner_id == settlement.partner_id.commercial_partner_id
                    and (p.aftersales_settlement_id in (settlement, self.env['aftersales.settlement']))
                )
            )
            lines = (invoices.line_ids | mine.move_id.line_ids).filtered(
                lambda line: (
                    line.account_id.account_type == 'asset_receivable'
                    and not line.reconciled
                    and line.parent_state == 'posted'
                )
            )
            for _account, items in lines.grouped('account_id').items():
                balances = items.mapped('amount_residual')
                if any(balance > 0 for balance in balances) and any(balance < 0 for balance in balances):
                    # The verb looks at the order's state itself; matching changes no line of the invoice.
                    items._guarded().with_context(skip_invoice_sync=True).reconcile()

    def _after_payment(self):
        """Recompute what money decides about the orders: their state, the open activities."""
        self.invalidate_recordset(['amount_deposit', 'wip_balance'])
        self._unguarded().sudo()._advance()

    def _record_transfer_consent(self, jobs, payer, means, name, settlement):
        """Record that a payer agreed to bear what another one did not pay; called as superuser."""
        self.ensure_one()
        fingerprints = jobs._fingerprints()
        transfers = self.env['aftersales.share.transfer'].search(
            [('settlement_id', '=', settlement.id), ('to_payer_id', '=', payer.id)]
        )
        self.env['aftersales.consent']._guarded().create(
            [
                {
                    'order_id': self.id,
                    'job_id': job.id,
                    'payer_id': payer.id,
                    'state': 'approved',
                    'fingerprint': fingerprints[job],
                    'amount': sum(
                        transfer.line_id._tax_totals(transfer.amount)[1]
                        for transfer in transfers
                        if transfer.line_id.job_id == job
                    ),
                    'means': means,
                    'decided_at': fields.Datetime.now(),
                    'decided_by': name,
                    'user_id': self.env.uid,
                    'note': self.env._("Rest of %(settlement)s", settlement=settlement.display_name),
                }
                for job in jobs
            ]
        )

    # === ACTIONS === #

    def action_settle(self):
        """Settle from the screen: the explaining dialog when something blocks, else post and open the till."""
        self.ensure_one()
        if action := self._gate_action('settled', 'action_settle'):
            return action
        self._settle()
        return self.action_open_till() if self.currency_id.compare_amounts(self.amount_due, 0.0) > 0 else True

    def action_open_till(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Till"),
            'res_model': 'aftersales.till',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    def action_view_settlements(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Settlements"),
            'res_model': 'aftersales.settlement',
            'view_mode': 'list,form',
            'domain': [('order_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_verify_lines(self):
        """Verify every open line of the orders (R-PERM-11)."""
        return self.line_ids.filtered(lambda line: not line.is_verified)._verify()
