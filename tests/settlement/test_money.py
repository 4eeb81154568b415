from odoo import fields
from odoo.exceptions import UserError

from ..common import AftersalesCommon


class MoneyCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.dear = cls._make_part("Gearbox", cost=600.0, price=1130.0, on_hand=20)
        cls.cashier = cls._role('cashier')
        cls.second = cls._role('accountant')
        cls.receivable = cls.customer.with_company(cls.company).property_account_receivable_id


class TestDeposit(MoneyCommon):
    """Deposits: prepayments on the order, matched at settlement, refunded with a second person."""

    def _order(self, price=None):
        if price:
            self.dear.list_price = price
        return self._make_order(self._make_vehicle(partner_id=self.customer.id), parts=[self.dear])

    def test_half_of_the_price_passes_and_less_does_not(self):
        """R-PROC-07: 0.499 of the price fails, 0.5 passes; a part below the threshold asks for nothing; off
        asks for nothing.
        """
        order = self._order(1000.0)
        self._set_gate('deposit_required', 'block')
        order.with_user(self.cashier)._take_deposit(499.0, self.journals['cash'])
        self.assertEqual(self._codes(order, 'purchase'), {'SET-07'})
        self.assertEqual(order._deposit_shortfall(), 1.0)
        self._set_gate('deposit_required', 'off')
        self.assertFalse(self._codes(order, 'purchase'))
        self._set_gate('deposit_required', 'block')
        order.with_user(self.cashier)._take_deposit(1.0, self.journals['wechat'])
        self.assertFalse(self._codes(order, 'purchase'))
        cheap = self._order(999.99)
        self.assertFalse(self._codes(cheap, 'purchase'))

    def test_purchase_order_of_the_order_waits_for_the_deposit(self):
        """R-PROC-07: the dear part is not ordered before the deposit is there."""
        self._set_gate('deposit_required', 'block')
        order = self._order(1000.0)
        vendor = self.env['res.partner'].create({'name': "Gearbox works"})
        purchase = self.env['purchase.order'].create(
            {
                'partner_id': vendor.id,
                'company_id': self.company.id,
                'aftersales_order_id': order.id,
                'order_line': [(0, 0, {'product_id': self.dear.id, 'product_qty': 1, 'price_unit': 600.0})],
            }
        )
        with self.assertBlocked('SET-07', UserError):
            purchase.button_confirm()
        order.with_user(self.cashier)._take_deposit(500.0, self.journals['cash'])
        purchase.button_confirm()
        self.assertEqual(purchase.state, 'purchase')

    def test_missing_parts_are_ordered_from_their_vendor(self):
        """R-PROC-07: ordering what the order lacks asks for the deposit first, then makes the request."""
        self._set_gate('deposit_required', 'block')
        vendor = self.env['res.partner'].create({'name': "Gearbox works"})
        part = self._make_part("Engine", cost=5000.0, price=11300.0)
        part.seller_ids = [(0, 0, {'partner_id': vendor.id, 'price': 5000.0, 'company_id': self.company.id})]
        order = self._signed_order([part])
        with self.assertBlocked('SET-07', UserError):
            order._order_missing_parts()
        order.with_user(self.cashier)._take_deposit(5650.0, self.journals['bank'])
        purchase = order._order_missing_parts()
        self.assertRecordValues(purchase, [{'partner_id': vendor.id, 'aftersales_order_id': order.id}])
        self.assertRecordValues(purchase.order_line, [{'product_id': part.id, 'product_qty': 1.0}])

    def test_deposit_is_matched_at_settlement(self):
        """R-PROC-08: Dr WeChat 565.00 / Cr receivable 565.00; at settlement it pays the invoice, the rest is due."""
        order = self._ready_order(parts=[self.dear])
        payment = order.with_user(self.cashier)._take_deposit(565.0, self.journals['wechat'])
        self.assertEqual(
            self._items(payment.move_id),
            sorted(
                [
                    (self.journals['wechat'].default_account_id.code, 565.0, 0.0),
                    (self.receivable.code, 0.0, 565.0),
                ]
            ),
        )
        self.assertEqual(order.amount_deposit, 565.0)
        self.assertEqual([row['amount'] for row in self.company._aftersales_advances()], [565.0])
        settlement = order.with_user(self.cashier)._settle()
        self.assertRecordValues(settlement, [{'amount_total': 1130.0, 'amount_due': 565.0, 'amount_paid': 565.0}])
        self.assertEqual(order.amount_deposit, 0.0)
        self.assertFalse(self.company._aftersales_advances())

    def test_refund_needs_a_second_person_and_the_source_channel(self):
        """R-PERM-18: block: not oneself, not without the right, not by another means; approved: money goes
        back; off: one person.
        """
        self._set_gate('refund_second_person', 'block')
        order = self._order()
        payment = order.with_user(self.cashier)._take_deposit(600.0, self.journals['alipay'])
        with self.assertBlocked('SET-61', UserError):
            order.with_user(self.cashier)._refund_deposit(payment, journal=self.journals['cash'])
        refund = order.with_user(self.cashier)._refund_deposit(payment)
        self.assertEqual(refund.state, 'requested')
        self.assertEqual(order.amount_deposit, 600.0)
        with self.assertBlocked('SET-60', UserError):
            order.with_user(self.cashier)._refund_deposit(payment)
        with self.assertBlocked('SET-62', UserError):
            refund.with_user(self.cashier).action_approve()
        with self.assertBlocked('SET-63', UserError):
            refund._approve(self._make_user('cashier', login='other_cashier'))
        refund.with_user(self.second).action_approve()
        self.assertEqual(refund.state, 'done')
        out = refund.sudo().refund_payment_id
        self.assertRecordValues(
            out, [{'payment_type': 'outbound', 'amount': 600.0, 'journal_id': self.journals['alipay'].id}]
        )
        self.assertEqual(order.amount_deposit, 0.0)
        with self.assertBlocked('SET-64', UserError):
            refund.with_user(self.second).action_approve()
        self._set_gate('refund_second_person', 'warn')
        payment = order.with_user(self.cashier)._take_deposit(100.0, self.journals['alipay'])
        self.assertEqual(order.with_user(self.cashier)._refund_deposit(payment).state, 'done')

    def test_forfeited_deposit_is_other_income(self):
        """R-PERM-18: Dr customer 300.00 / Cr other income 300.00, approved by a second person; no money moves."""
        order = self._order()
        payment = order.with_user(self.cashier)._take_deposit(300.0, self.journals['cash'])
        refund = order.with_user(self.cashier)._forfeit_deposit(payment, self.second)
        self.assertEqual(
            self._items(refund.sudo().move_id),
            sorted(
                [
                    (self.receivable.code, 300.0, 0.0),
                    (self.company.aftersales_forfeit_account_id.code, 0.0, 300.0),
                ]
            ),
        )
        self.assertEqual(order.amount_deposit, 0.0)

    def test_deposit_moves_to_another_order_of_the_customer(self):
        """R-PROC-08: only unused money, only to the same customer's order."""
        order, other = self._order(), self._order()
        payment = order.with_user(self.cashier)._take_deposit(300.0, self.journals['cash'])
        stranger = self._make_customer("Mrs Zhao")
        foreign = self._make_order(self._make_vehicle(partner_id=stranger.id), parts=[self.dear])
        with self.assertBlocked('SET-47', UserError):
            order.with_user(self.cashier)._move_deposit(payment, foreign)
        order.with_user(self.cashier)._move_deposit(payment, other)
        self.assertEqual((order.amount_deposit, other.amount_deposit), (0.0, 300.0))

    def test_deposit_follows_the_carried_over_job(self):
        """R-PROC-08: the car leaves unfinished: job and deposit go to the follow-up order."""
        order = self._order()
        self._approve(order)
        order.with_user(self.cashier)._take_deposit(565.0, self.journals['cash'])
        follow_up = order._carry_over(order.job_ids)
        self.assertEqual((order.amount_deposit, follow_up.amount_deposit), (0.0, 565.0))

    def test_cancelled_order_asks_what_becomes_of_the_deposit(self):
        """R-PROC-08: a held deposit leaves an activity behind."""
        order = self._order()
        order.with_user(self.cashier)._take_deposit(565.0, self.journals['cash'])
        order._cancel(self._reason('cancel'))
        self.assertEqual(order.outcome, 'cancelled')
        self.assertTrue(order.activity_ids.filtered(lambda activity: '565' in (activity.summary or '')))

    def test_reclassification_of_advances(self):
        """R-PROC-08: month end: Dr receivable 565.00 / Cr customer advances 565.00, reversed the next day."""
        self.company.aftersales_advance_account_id = self.env['account.account'].create(
            {
                'name': "Advances",
                'code': '220388',
                'account_type': 'liability_current',
                'company_ids': [(6, 0, self.company.ids)],
            }
        )
        order = self._order()
        order.with_user(self.cashier)._take_deposit(565.0, self.journals['cash'])
        today = self.company._aftersales_today()
        with self.assertBlocked('SET-02', UserError):
            self.company.with_user(self.cashier)._aftersales_post_advances(today)
        moves = self.company.with_user(self.second)._aftersales_post_advances(today).sudo()
        self.assertEqual(self._items(moves[0]), sorted([(self.receivable.code, 565.0, 0.0), ('220388', 0.0, 565.0)]))
        self.assertEqual(moves.mapped('date'), [today, fields.Date.add(today, days=1)])
        self.assertEqual(self._balance(self.company.aftersales_advance_account_id), 0.0)


class TestPayment(MoneyCommon):
    """Money at the till: means, splits, rounding, on account, refunds after settlement."""

    def test_split_means(self):
        """R-PROC-83: cash and card together pay the invoice; more than due is refused."""
        order = self._settled_order(parts=[self.dear], labour=[self.labour])
        with self.assertBlocked('SET-41', UserError):
            order.with_user(self.cashier)._pay_split([(self.journals['cash'], 2000.0, None)])
        order.with_user(self.cashier)._pay_split(
            [(self.journals['cash'], 243.0, None), (self.journals['card'], 1000.0, "T-17")]
        )
        self.assertRecordValues(order.settlement_ids, [{'state': 'paid', 'amount_due': 0.0, 'amount_paid': 1243.0}])
        card = order.sudo().payment_ids.filtered(lambda p: p.journal_id == self.journals['card'])
        self.assertEqual(
            self._items(card.move_id),
            sorted(
                [
                    (self.journals['card'].default_account_id.code, 1000.0, 0.0),
                    (self.receivable.code, 0.0, 1000.0),
                ]
            ),
        )
        with self.assertBlocked('SET-40', UserError):
            order.settlement_ids.with_user(self.cashier)._pay(self.journals['cash'])

    def test_means_of_another_company_is_refused(self):
        """R-PROC-83: money is taken on this company's journals only."""
        order = self._settled_order(labour=[self.labour])
        other = self.env['account.journal'].sudo().search(
            [('company_id', '!=', self.company.id), ('type', 'in', ('bank', 'cash'))], limit=1
        ) or self.env['account.journal'].search([('company_id', '=', self.company.id), ('type', '=', 'sale')], limit=1)
        with self.assertBlocked('SET-42', UserError):
            order.settlement_ids.with_user(self.cashier)._pay(other)

    def test_provider_payout_less_fee(self):
        """R-PROC-89: T+1: Dr bank 99.62, Dr fee 0.38 / Cr clearing 100.00."""
        payout = (
            self.env['aftersales.clearing']
            .with_user(self.second)
            .create(
                {
                    'company_id': self.company.id,
                    'journal_id': self.journals['wechat'].id,
                    'bank_journal_id': self.journals['bank'].id,
                    'amount': 100.0,
                    'fee': 0.38,
                }
            )
        )
        self.assertEqual(
            self._items(payout._post_payout()),
            sorted(
                [
                    (self.journals['bank'].default_account_id.code, 99.62, 0.0),
                    (self.company.aftersales_fee_account_id.code, 0.38, 0.0),
                    (self.journals['wechat'].default_account_id.code, 0.0, 100.0),
                ]
            ),
        )

    def test_rounding_by_role_on_the_customers_share(self):
        """R-PERM-10: a cashier waives below 1.00, a supervisor below 10.00; it reduces the last labour line, tax included."""
        order = self._ready_order(parts=[self.dear], labour=[self.labour])
        with self.assertBlocked('SET-51', UserError):
            order.with_user(self.cashier)._round_off(1.0)
        order.with_user(self.cashier)._round_off(0.99)
        supervisor = self._make_user('frontdesk_supervisor', 'cashier', login='supervising_cashier')
        with self.assertBlocked('SET-51', UserError):
            order.with_user(supervisor)._round_off(10.0)
        order.with_user(supervisor)._round_off(3.0)
        settlement = order.with_user(self.cashier)._settle()
        self.assertEqual(settlement.amount_total, 1240.0)
        line = settlement.sudo().move_ids.invoice_line_ids.filtered(
            lambda item: item.aftersales_line_id.kind == 'labour'
        )
        self.assertEqual(line.price_total, 110.0)
        self.assertFalse([row for row in self.company._aftersales_integrity() if row['severity'] == 'error'])
        with self.assertBlocked('SET-52', UserError):
            order.with_user(self.cashier)._round_off(0.5)
        self.assertEqual(order._rounding_offer(123.45), 0.45)

    def test_rounding_goes_with_the_job(self):
        """R-PERM-10: what was waived on a job that is declined afterwards is not waived on the fee that stays."""
        order = self._make_order(labour=[self.labour])
        self._make_job(order, "Diagnosis", labour=[self.labour])
        self._approve(order)
        order._round_off(0.5)
        rounded = order.line_ids.filtered('rounding_amount').job_id
        order._decline(self._reason('decline'), fee_job=order.job_ids - rounded)
        self.assertEqual(order.amount_rounded, 0.0)
        self.assertEqual(sum(order.payer_ids.mapped('amount_total')), order.amount_total)

    def test_on_account_within_the_limit_and_signed(self):
        """R-PROC-85: only partners with an account, within the limit incl. open orders, signature stored, shown in arrears."""
        self._only_gates('on_account_limit', 'on_account_signed')
        order = self._settled_order(labour=[self.labour])
        settlement = order.settlement_ids
        with self.assertBlocked('SET-45', UserError):
            settlement.with_user(self.cashier)._put_on_account()
        with self.assertBlocked('SET-48', UserError):
            self.customer.with_user(self._role('advisor')).write({'aftersales_on_account': True})
        partner = self.customer.with_company(self.company)
        partner.with_user(self.second).write({'aftersales_on_account': True, 'aftersales_credit_limit': 200.0})
        waiting = self._make_order(self._make_vehicle(partner_id=self.customer.id), labour=[self.labour])
        with self.assertBlocked('SET-46', UserError):
            settlement.with_user(self.cashier)._put_on_account()
        self._set_gate('on_account_limit', 'off')
        settlement.with_user(self.cashier)._put_on_account()
        self._set_gate('on_account_limit', 'block')
        self.assertTrue(settlement.is_on_account)
        self.assertEqual(self._codes(order, 'released'), {'SET-74'})
        self._set_gate('on_account_signed', 'off')
        self.assertFalse(self._codes(order, 'released'))
        self._set_gate('on_account_signed', 'block')
        settlement.with_user(self.cashier)._sign_on_account("Mr Wang", b'aVZCT1J3MEtHZ28=')
        self.assertFalse(self._codes(order, 'released'))
        self.assertTrue(settlement.on_account_signature)
        arrears = self.env['aftersales.settlement'].search([('amount_due', '>', 0), ('is_on_account', '=', True)])
        self.assertIn(settlement, arrears)
        self.assertEqual(order._credit_usage_sudo()[order], 113.0 + waiting.amount_total)

    def test_part_returned_after_payment(self):
        """R-PERM-18: credit follows the frozen shares, cost comes back, money only by a second person."""
        self._set_gate('refund_second_person', 'block')
        order = self._settled_order(parts=[(self.dear, 2)], labour=[self.labour])
        order._pay_split([(self.journals['cash'], order.amount_due, None)])
        line = order.line_ids.filtered(lambda item: item.kind == 'part')
        line.with_user(self._role('parts_keeper'))._return_parts(1, self._receiver)
        with self.assertBlocked('SET-53', UserError):
            order.with_user(self.cashier)._refund({line: 1130.0}, self.journals['cash'])
        refund = order.with_user(self.second)._refund({line: 1130.0}, self.journals['cash'])
        self.assertEqual(refund.state, 'requested')
        self.assertRecordValues(order.settlement_ids, [{'amount_total': 1243.0, 'amount_due': -1130.0}])
        note = order.settlement_ids.sudo().move_ids.filtered(lambda m: m.move_type == 'out_refund')
        self.assertRecordValues(note, [{'amount_total': 1130.0, 'amount_tax': 130.0}])
        self.assertEqual(
            note.reversed_entry_id,
            order.settlement_ids.sudo().move_ids.filtered(lambda m: m.move_type == 'out_invoice'),
        )
        self.assertEqual(self._wip(order), 0.0)
        self.assertEqual(self._balance(self.account_cost, ('aftersales_order_id', '=', order.id)), 600.0)
        refund._approve(self._role('frontdesk_supervisor'))
        self.assertRecordValues(order.settlement_ids, [{'amount_due': 0.0, 'state': 'paid'}])
        with self.assertBlocked('SET-50', UserError):
            order.with_user(self.second)._refund({line: 1130.01}, self.journals['cash'])

    def test_credit_follows_the_shares_of_several_payers(self):
        """R-PROC-83: a credited line goes back to each payer by his share, the last takes the remainder."""
        fleet = self.env['res.partner'].create({'name': "Fleet owner"})

        def shares(order):
            other = self.env['aftersales.repair.payer'].create(
                {'order_id': order.id, 'kind': 'customer', 'partner_id': fleet.id, 'sequence': 80}
            )
            order.job_ids._set_shares([(other, 'percent', 33.33), (order._payer('customer'), 'rest', 0)])

        order = self._ready_order(parts=[self.dear], labour=[self.labour], shares=shares)
        order.with_user(self.cashier)._settle()
        line = order.line_ids.filtered(lambda item: item.kind == 'part')
        order.with_user(self.second)._refund({line: 100.01})
        self.assertEqual(round(sum(order.settlement_ids.mapped('amount_total')), 2), 1142.99)
        self.assertFalse([row for row in self.company._aftersales_integrity() if row['code'] == 'SET-I4'])

    def test_reopen_keeps_the_money_and_matches_it_again(self):
        """R-PROC-83: full credit note with storno link; the payment waits and pays the new settlement."""
        order = self._settled_order(labour=[self.labour])
        order._pay_split([(self.journals['cash'], 113.0, None)])
        with self.assertBlocked('SET-53', UserError):
            order.with_user(self.cashier)._reopen(self._reason('reopen'))
        with self.assertBlocked('SET-55', UserError):
            order.with_user(self.second)._reopen(None)
        note = order.with_user(self.second)._reopen(self._reason('reopen')).sudo()
        self.assertRecordValues(
            note, [{'move_type': 'out_refund', 'amount_total': 113.0, 'aftersales_order_id': order.id}]
        )
        self.assertEqual(note.invoice_line_ids.aftersales_line_id, order.line_ids)
        self.assertEqual(order.amount_deposit, 113.0)
        self.assertEqual(order.settlement_ids.state, 'open')
        order.with_user(self.cashier)._settle()
        self.assertRecordValues(order.settlement_ids, [{'state': 'paid', 'amount_total': 113.0, 'amount_due': 0.0}])
        with self.assertBlocked('SET-54', UserError):
            self._make_order(labour=[self.labour]).with_user(self.second)._reopen(self._reason('reopen'))

    def test_invoiced_line_stays_on_a_reopened_order(self):
        """R-PROC-83: what was invoiced and credited cannot be deleted, neither alone nor with its job."""
        order = self._settled_order(labour=[self.labour])
        order.with_user(self.second)._reopen(self._reason('reopen'))
        with self.assertBlocked('SET-08', UserError):
            order.line_ids.unlink()
        with self.assertBlocked('SET-08', UserError):
            order.job_ids.unlink()
        self.assertTrue(order.line_ids)

    def test_counter_sale_in_one_call(self):
        """R-PROC-83: a keeper sells two parts over the counter: issued, invoiced, paid; he settles nothing else."""
        keeper = self._role('parts_keeper')
        self._make_employee("Keeper Zhao", keeper)
        order = (
            self.env['aftersales.repair.order']
            .with_user(keeper)
            ._counter_sale([(self.dear, 2)], [(self.journals['cash'], 2260.0, None)])
        )
        order = order.sudo()
        self.assertRecordValues(order, [{'profile_code': 'counter', 'amount_due': 0.0, 'amount_invoiced': 2260.0}])
        self.assertEqual(order.state, 'closed')
        self.assertEqual(self._wip(order), 0.0)
        self.assertEqual(self._balance(self.account_cost, ('aftersales_order_id', '=', order.id)), 1200.0)
        with self.assertBlocked('SET-02', UserError):
            self._ready_order(labour=[self.labour]).with_user(keeper)._settle()
        with self.assertBlocked('SET-56', UserError):
            self.env['aftersales.repair.order'].with_user(keeper)._counter_sale([], [])
        with self.assertBlocked('SET-57', UserError):
            self.env['aftersales.repair.order'].with_user(self._role('technician'))._counter_sale([(self.dear, 1)], [])
