from decimal import Decimal

from odoo import fields, models

from ...rules import deposit as deposit_rules
from ...rules import rounding as rounding_rules
from ..base.const import MACHINE_MADE
from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """Money before and beside the invoice: deposits, payments, rounding at the till."""

    _inherit = 'aftersales.repair.order'

    payment_ids = fields.One2many(
        'account.payment',
        'aftersales_order_id',
        "Payments",
        readonly=True,
        groups='account.group_account_invoice,account.group_account_readonly',
    )
    amount_deposit = fields.Monetary(
        "Deposit Held", compute='_compute_amount_deposit', help="Money received and not matched with an invoice yet."
    )
    refund_ids = fields.One2many('aftersales.refund', 'order_id', "Refunds")

    def _compute_amount_deposit(self):
        held = self._deposits_held_sudo()
        for order in self:
            order.amount_deposit = held.get(order.id, 0.0)

    def _deposits_held_sudo(self):
        """Return the open money of the orders; sudo: advisors see that a deposit is there, not the books.

        :rtype: dict  `{order id: float}`
        """
        held = dict.fromkeys(self.ids, 0.0)
        for move, residual in (
            self.env['account.move.line']
            .sudo()
            ._read_group(
                [
                    ('move_id.aftersales_order_id', 'in', self.ids),
                    ('move_id.aftersales_kind', '=', 'payment'),
                    ('account_id.account_type', '=', 'asset_receivable'),
                    ('parent_state', '=', 'posted'),
                    ('reconciled', '=', False),
                ],
                ['move_id'],
                ['amount_residual_currency:sum'],
            )
        ):
            held[move.aftersales_order_id.id] -= residual
        return held

    # === PAYMENTS === #

    def _create_payment_sudo(
        self, journal, amount, partner, kind, settlement=None, reference=None, payment_type='inbound'
    ):
        """Post a payment on the order; sudo: the verb checked the role, and the journal is checked here.

        :raise UserError: SET-42 the journal is no means of this company's till.
        """
        self.ensure_one()
        company = self.company_id
        journal = journal.sudo()
        if journal.company_id != company or journal.type not in ('bank', 'cash', 'credit'):
            raise coded_error(
                'SET-42',
                self.env._(
                    "%(journal)s is not a payment means of %(company)s. Choose cash, bank, WeChat, Alipay or card.",
                    journal=journal.display_name or '',
                    company=company.name,
                ),
            )
        if not partner:
            raise coded_error(
                'SET-43', self.env._("%(order)s has no customer yet; money needs a name.", order=self.name)
            )
        payment = (
            self.env['account.payment']
            .sudo()
            .with_company(company)
            ._guarded()
            .with_context(**MACHINE_MADE)
            .create(
                {
                    'payment_type': payment_type,
                    'partner_type': 'customer',
                    'partner_id': partner.commercial_partner_id.id,
                    'amount': amount,
                    'currency_id': self.currency_id.id,
                    'journal_id': journal.id,
                    'company_id': company.id,
                    'date': company._aftersales_today(),
                    'memo': ' '.join(part for part in (self.name, reference) if part),
                    'payment_reference': reference or False,
                    'aftersales_order_id': self.id,
                    'aftersales_settlement_id': settlement.id if settlement else False,
                    'aftersales_kind': kind,
                    'aftersales_cashier_id': self.env.uid,
                }
            )
        )
        payment._guarded().action_post()
        return payment.with_env(self.env).sudo().with_company(company)

    def _take_deposit(self, amount, journal, partner=None, reference=None):
        """Take money before the work is done; it is matched when the order is settled (R-PROC-08).

        :param float amount: in the order's currency.
        :param journal: `account.journal` of the payment means.
        :param partner: who pays; the customer of the order unless given.
        :return: the payment.
        :rtype: recordset of account.payment
        :raise UserError: SET-02 role, SET-42 means, SET-43 no customer, SET-44 amount.
        """
        self.ensure_one()
        self._ensure_may_cash()
        if self.currency_id.compare_amounts(amount, 0.0) <= 0:
            raise coded_error('SET-44', self.env._("A deposit is above zero."))
        payment = self._create_payment_sudo(
            journal, self.currency_id.round(amount), partner or self.partner_id, 'deposit', reference=reference
        )
        self.message_post(
            body=self.env._(
                "Deposit of %(amount)s taken (%(means)s).",
                amount=self.currency_id.format(amount),
                means=journal.sudo().name,
            )
        )
        self.invalidate_recordset(['amount_deposit'])
        return payment

    def _pay_split(self, parts):
        """Take one amount by several means for the customer of the order.

        :param list parts: tuples `(journal, amount, reference)`
        :rtype: recordset of account.payment
        """
        self.ensure_one()
        payments = self.env['account.payment']
        for journal, amount, reference in parts:
            left = amount
            for settlement in self.settlement_ids.filtered(lambda s: s.kind == 'customer' and s.amount_due > 0):
                part = min(left, settlement.amount_due)
                if self.currency_id.compare_amounts(part, 0.0) > 0:
                    payments |= settlement._pay(journal, part, reference=reference)
                    left = self.currency_id.round(left - part)
            if self.currency_id.compare_amounts(left, 0.0) > 0:
                raise coded_error(
                    'SET-41',
                    self.env._(
                        "%(amount)s is more than what is due on %(order)s.",
                        amount=self.currency_id.format(amount),
                        order=self.name,
                    ),
                )
        return payments

    def _move_deposit(self, payment, order):
        """Let a deposit count for another order of the same customer.

        :raise UserError: SET-47 not this customer's order, or nothing of it is left.
        """
        self.ensure_one()
        self._ensure_may_cash()
        payment = payment.sudo()
        if (
            payment.aftersales_order_id != self
            or order.company_id != self.company_id
            or order.outcome == 'cancelled'
            or order.partner_id.commercial_partner_id != payment.partner_id.commercial_partner_id
            or not payment._aftersales_open_lines()
        ):
            raise coded_error(
                'SET-47',
                self.env._(
                    "This deposit cannot move to %(order)s: it must be unused, and both orders belong to the same customer.",
                    order=order.name,
                ),
            )
        payment._guarded().write({'aftersales_order_id': order.id, 'aftersales_settlement_id': False})
        payment.move_id._guarded().write(
            {'aftersales_order_id': order.id, 'aftersales_settlement_id': False, 'aftersales_payer_id': False}
        )
        for record in self | order:
            record.message_post(
                body=self.env._(
                    "Deposit %(payment)s of %(amount)s moved from %(former)s to %(order)s.",
                    payment=payment.name,
                    amount=self.currency_id.format(payment.amount),
                    former=self.name,
                    order=order.name,
                )
            )
        (self | order).invalidate_recordset(['amount_deposit'])
        return True

    def _refund_deposit(self, payment, second_user=None, amount=None, reason=None, journal=None):
        """Give a deposit back through the channel it came by, approved by a second person (R-PERM-18).

        :param payment: the deposit.
        :param second_user: who approves; another person with the right to.
        :param float amount: all that is left unless given.
        :rtype: recordset of aftersales.refund, done when approved, else requested.
        :raise UserError: SET-60 to SET-64
        """
        self.ensure_one()
        refund = self.env['aftersales.refund']._request(
            self, payment=payment, amount=amount, reason=reason, journal=journal
        )
        return refund._approve_by(second_user)

    def _forfeit_deposit(self, payment, second_user=None, amount=None, reason=None):
        """Keep a deposit the customer lost: Dr customer advance / Cr other income, approved by a second person."""
        self.ensure_one()
        refund = self.env['aftersales.refund']._request(
            self, kind='forfeit', payment=payment, amount=amount, reason=reason
        )
        return refund._approve_by(second_user)

    # === DEPOSIT BEFORE A DEAR PART IS ORDERED === #

    def _deposit_shortfall(self, lines=None):
        """Return what is missing of the deposit before dear parts may be ordered (R-PROC-07).

        Every customer-paid part from the threshold on needs the ratio of its price, tax included.

        :param lines: the parts to be ordered; all of the order unless given.
        :return: missing amount, 0.0 when enough is held.
        :rtype: float
        """
        self.ensure_one()
        company = self.company_id
        lines = (self.line_ids if lines is None else lines).filtered(
            lambda line: (
                line.kind == 'part'
                and line.is_billable
                and line.job_id.share_ids.payer_id.filtered(lambda p: p.kind == 'customer')
            )
        )
        threshold = self._cents(company.aftersales_deposit_part_threshold)
        dear = lines.filtered(
            lambda line: deposit_rules.is_needed(self._cents(line.price_total / (line.quantity or 1.0)), threshold)
        )
        if not dear:
            return 0.0
        price = self._cents(sum(dear.mapped('price_total')))
        held = self._deposits_held_sudo()[self.id] + sum(
            self.sudo().settlement_ids.filtered(lambda s: s.kind == 'customer').mapped('amount_paid')
        )
        ratio = Decimal(str(company.aftersales_deposit_min_ratio))
        return self.currency_id.round(
            deposit_rules.missing(self._cents(held), price, ratio) * self.currency_id.rounding
        )

    def _deposit_blockers(self, lines=None):
        """Return the reasons against ordering parts without a deposit."""
        self.ensure_one()
        missing = self._deposit_shortfall(lines)
        if not missing:
            return []
        reason = self._blocker(
            'deposit_required',
            'SET-07',
            self.env._(
                "%(order)s needs a deposit of %(amount)s more before its dear parts are ordered.",
                order=self.name,
                amount=self.currency_id.format(missing),
            ),
            self._cure_deposit(missing),
        )
        return [reason] if reason else []

    def _cure_deposit(self, amount):
        return {
            'label': self.env._("Take deposit"),
            'action': {
                'type': 'ir.actions.act_window',
                'name': self.env._("Till"),
                'res_model': 'aftersales.till',
                'view_mode': 'form',
                'views': [(False, 'form')],
                'target': 'new',
                'context': {'default_order_id': self.id, 'default_mode': 'deposit', 'default_amount': amount},
            },
        }

    # === ROUNDING AT THE TILL === #

    def _round_off(self, amount):
        """Waive small change before posting, on the customer's share of the last labour line (抹零).

        :param float amount: including tax, below the limit of the user's role; 0.0 takes it back.
        :raise UserError: SET-51 over the limit, SET-52 too late or nothing to reduce.
        """
        self.ensure_one()
        self._ensure_may_cash()
        company = self.company_id
        supervisor = self.env.su or self.env.user.has_groups(
            'aftersales_service.group_frontdesk_supervisor,aftersales_service.group_accountant'
        )
        limit = company.aftersales_rounding_limit_supervisor if supervisor else company.aftersales_rounding_limit
        if amount < 0 or not rounding_rules.is_within(self._cents(amount), self._cents(limit)):
            raise coded_error(
                'SET-51',
                self.env._(
                    "%(amount)s cannot be waived: your limit is below %(limit)s. Ask a supervisor.",
                    amount=self.currency_id.format(amount),
                    limit=self.currency_id.format(limit),
                ),
            )
        if self.settled_at:
            raise coded_error(
                'SET-52', self.env._("%(order)s is settled; small change is waived before.", order=self.name)
            )
        order = self.sudo()
        order.line_ids.filtered('rounding_amount')._guarded().write({'rounding_amount': 0.0})
        if not amount:
            order._advance()
            return True
        shares = order._payer_line_amounts()
        payer = order.payer_ids.filtered(lambda p: p.kind == 'customer' and shares.get(p))[:1]
        by_line = shares.get(payer, {})
        lines = [line for line in by_line if line.kind == 'labour'] or list(by_line)
        total = order._invoice_totals(payer, by_line)['total'] if payer else 0.0
        line = lines[-1] if lines else order.env['aftersales.repair.line']
        reduction = by_line and order.currency_id.round(
            sum(by_line.values()) - order._basis_of_total(list(by_line), by_line, total - amount)
        )
        if not line or order.currency_id.compare_amounts(reduction, by_line[line]) > 0:
            raise coded_error(
                'SET-52',
                self.env._(
                    "%(order)s has no line of the customer to reduce by %(amount)s.",
                    order=self.name,
                    amount=self.currency_id.format(amount),
                ),
            )
        line._guarded().write({'rounding_amount': reduction})
        order._advance()
        return True

    def _rounding_offer(self, total, step=1.0):
        """Return what waiving down to a whole step would give away: 123.45 to 1.00 → 0.45."""
        self.ensure_one()
        wiped = rounding_rules.wipe(self._cents(total), self._cents(step))
        return self.currency_id.round(-wiped.difference * self.currency_id.rounding)
