from collections import defaultdict

from odoo import models


class ResCompany(models.Model):
    """Where the books of the orders disagree with themselves, with the stock or with the agreed shares."""

    _inherit = 'res.company'

    def _aftersales_integrity(self):
        findings = super()._aftersales_integrity()
        return findings + [
            *self._integrity_open_wip(),
            *self._integrity_missing_links(),
            *self._integrity_settled_without_invoice(),
            *self._integrity_shares(),
            *self._integrity_released_unpaid(),
            *self._integrity_old_transit(),
            *self._integrity_goods_not_billed(),
            *self._integrity_unbalanced(),
        ]

    def _finding(self, code, name, severity, record, amount, message):
        return {
            'code': code,
            'name': name,
            'severity': severity,
            'res_model': record._name,
            'res_id': record.id,
            'amount': amount,
            'message': message,
        }

    def _integrity_orders(self, domain):
        return self.env['aftersales.repair.order'].search([('company_id', '=', self.id), *domain])

    def _integrity_open_wip(self):
        """Settled, declined and cancelled orders hold nothing in progress."""
        self.ensure_one()
        account = self._aftersales_wip_account()
        if not account:
            return []
        findings = []
        for order, balance in self.env['account.move.line']._read_group(
            [
                ('company_id', '=', self.id),
                ('account_id', '=', account.id),
                ('parent_state', '=', 'posted'),
                ('aftersales_order_id', '!=', False),
                '|',
                ('aftersales_order_id.settled_at', '!=', False),
                ('aftersales_order_id.outcome', 'in', ('declined', 'cancelled')),
            ],
            ['aftersales_order_id'],
            ['balance:sum'],
            having=[('balance:sum', '!=', 0)],
        ):
            if not self.currency_id.is_zero(balance):
                findings.append(
                    self._finding(
                        'SET-I1',
                        self.env._("Work in progress left"),
                        'error',
                        order,
                        balance,
                        self.env._(
                            "%(order)s is over and still has %(amount)s in progress: post its cost entry.",
                            order=order.name,
                            amount=self.currency_id.format(balance),
                        ),
                    )
                )
        return findings

    def _integrity_missing_links(self):
        """Every item on work in progress knows its order."""
        self.ensure_one()
        account = self._aftersales_wip_account()
        if not account:
            return []
        return [
            self._finding(
                'SET-I2',
                self.env._("Item without order"),
                'error',
                move,
                balance,
                self.env._(
                    "%(move)s booked %(amount)s on work in progress without a repair order.",
                    move=move.name,
                    amount=self.currency_id.format(balance),
                ),
            )
            for move, balance in self.env['account.move.line']._read_group(
                [
                    ('company_id', '=', self.id),
                    ('account_id', '=', account.id),
                    ('parent_state', '=', 'posted'),
                    ('aftersales_order_id', '=', False),
                ],
                ['move_id'],
                ['balance:sum'],
            )
            if not self.currency_id.is_zero(balance)
        ]

    def _integrity_settled_without_invoice(self):
        """A settled payer with an amount has an invoice, unless he has to approve first or only cost moves."""
        self.ensure_one()
        settlements = self.env['aftersales.settlement'].search(
            [
                ('company_id', '=', self.id),
                ('settled_at', '!=', False),
                ('kind', 'not in', ('internal', 'goodwill')),
                ('state', 'in', ('posted', 'paid')),
                ('move_ids', '=', False),
            ]
        )
        totals = settlements.payer_id._settlement_totals()
        return [
            self._finding(
                'SET-I3',
                self.env._("Settled without invoice"),
                'error',
                settlement,
                totals[settlement.payer_id]['total'],
                self.env._("%(settlement)s is settled and has no invoice.", settlement=settlement.display_name),
            )
            for settlement in settlements
            if not settlement.currency_id.is_zero(totals[settlement.payer_id]['total']) and not settlement._invoices()
        ]

    def _integrity_shares(self):
        """What is posted per payer equals his share of the lines, to the cent."""
        self.ensure_one()
        findings = []
        orders = self._integrity_orders([('settled_at', '!=', False), ('state', '!=', 'closed')])
        posted = orders._posted_line_amounts_sudo()
        for settlement in orders.settlement_ids.filtered(lambda s: s.settled_at and s._is_invoiced()):
            lines = settlement._final_lines(settlement.order_id.line_ids)
            if not lines:
                continue
            amounts = settlement.order_id._payer_line_amounts().get(settlement.payer_id, {})
            owed = sum(amounts.get(line, 0.0) for line in lines)
            booked = sum(posted.get(settlement.payer_id, {}).get(line, 0.0) for line in lines)
            difference = settlement.currency_id.round(owed - booked)
            if difference:
                findings.append(
                    self._finding(
                        'SET-I4',
                        self.env._("Share differs from the books"),
                        'error',
                        settlement,
                        difference,
                        self.env._(
                            "%(settlement)s: the share is %(owed)s, posted are %(booked)s.",
                            settlement=settlement.display_name,
                            owed=settlement.currency_id.format(owed),
                            booked=settlement.currency_id.format(booked),
                        ),
                    )
                )
        return findings

    def _integrity_released_unpaid(self):
        """Nobody leaves unpaid; a payment undone later shows here."""
        self.ensure_one()
        return [
            self._finding(
                'SET-I5',
                self.env._("Gone and unpaid"),
                'error',
                order,
                order.amount_due,
                self.env._(
                    "%(order)s left the gate and owes %(amount)s without being on account.",
                    order=order.name,
                    amount=order.currency_id.format(order.amount_due),
                ),
            )
            for order in self._integrity_orders([('state', 'in', ('released', 'closed')), ('amount_due', '>', 0)])
            if not all(s.is_on_account for s in order.settlement_ids if s.kind == 'customer' and s.amount_due > 0)
        ]

    def _integrity_old_transit(self):
        """Claims in transit that nobody answered for too long are impaired or chased."""
        self.ensure_one()
        return [
            self._finding(
                'SET-I6',
                self.env._("Old claim in transit"),
                'warning',
                row['settlement'],
                row['amount'],
                self.env._(
                    "%(settlement)s waits for an answer since %(days)s days.",
                    settlement=row['settlement'].display_name,
                    days=row['days'],
                ),
            )
            for row in self._aftersales_transit_rows()
            if row['days'] > self.aftersales_transit_days and row['settlement']
        ]

    def _aftersales_transit_rows(self):
        """Return claims in transit by order and payer with their age.

        :rtype: list[dict]  order, payer, settlement, amount, days
        """
        self.ensure_one()
        account = self.sudo().aftersales_transit_account_id or self.sudo().root_id.aftersales_transit_account_id
        if not account:
            return []
        today = self._aftersales_today()
        rows = []
        for order, payer, balance, first in (
            self.env['account.move.line']
            .sudo()
            ._read_group(
                [
                    ('company_id', '=', self.id),
                    ('account_id', '=', account.id),
                    ('parent_state', '=', 'posted'),
                    ('aftersales_order_id', '!=', False),
                ],
                ['aftersales_order_id', 'aftersales_payer_id'],
                ['balance:sum', 'date:min'],
            )
        ):
            if not self.currency_id.is_zero(balance):
                rows.append(
                    {
                        'order': order,
                        'payer': payer,
                        'settlement': payer.settlement_ids[:1],
                        'amount': balance,
                        'days': (today - first).days,
                    }
                )
        return sorted(rows, key=lambda row: -row['days'])

    def _integrity_goods_not_billed(self):
        """Goods received but not billed: a receipt posts nothing in this version, the bill does."""
        self.ensure_one()
        lines = self.env['purchase.order.line'].search(
            [
                ('company_id', '=', self.id),
                ('state', '=', 'purchase'),
                ('qty_received', '>', 0),
                ('product_id.is_storable', '=', True),
            ]
        )
        amount = sum(
            (line.qty_received - line.qty_invoiced) * line.price_subtotal / line.product_qty
            for line in lines
            if line.product_qty and line.product_uom_id.compare(line.qty_received, line.qty_invoiced) > 0
        )
        if self.currency_id.is_zero(amount):
            return []
        return [
            self._finding(
                'SET-I7',
                self.env._("Goods received, not billed"),
                'info',
                self,
                amount,
                self.env._(
                    "Goods of %(amount)s are received and not billed: stock accounts differ by this amount until "
                    "the bills come.",
                    amount=self.currency_id.format(amount),
                ),
            )
        ]

    def _integrity_unbalanced(self):
        """Entries of orders balance."""
        self.ensure_one()
        sums = defaultdict(float)
        for move, balance in self.env['account.move.line']._read_group(
            [
                ('company_id', '=', self.id),
                ('move_id.aftersales_order_id', '!=', False),
                ('parent_state', '=', 'posted'),
            ],
            ['move_id'],
            ['balance:sum'],
            having=[('balance:sum', '!=', 0)],
        ):
            sums[move] += balance
        return [
            self._finding(
                'SET-I8',
                self.env._("Entry does not balance"),
                'error',
                move,
                balance,
                self.env._("%(move)s does not balance.", move=move.name),
            )
            for move, balance in sums.items()
            if not self.currency_id.is_zero(balance)
        ]
