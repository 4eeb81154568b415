from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestDesks(AftersalesCommon):
    """The till and the close cockpit: what the screens read and press (R-PROC-83, R-PROC-85, R-PROC-89)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.pad = cls._make_part("Brake pad", cost=100.0, price=226.0, on_hand=50)
        cls.cashier = cls._role('cashier')
        cls.accountant = cls._role('accountant')
        cls.till = cls.env['aftersales.desk.cashier'].with_user(cls.cashier)
        cls.cockpit = cls.env['aftersales.desk.accountant'].with_user(cls.accountant)

    def _boxes(self):
        return {box['code']: box for box in self.cockpit.get_data()['boxes']}

    def test_till_shows_what_is_due_and_takes_it(self):
        """R-PROC-83: a ready car, its deposit taken off; one call settles and pays by two means; then it waits for the gate."""
        order = self._ready_order(parts=[self.pad], labour=[self.labour])
        self.assertEqual(order.state, 'ready')
        self.till.deposit(order.id, 39.0, self.journals['wechat'].id)
        [row] = self.till.get_data()['settlements']
        self.assertEqual(
            (row['order_id'], row['amount_due'], row['deposit'], row['state'], row['plate'], row['blockers']),
            (order.id, 300.0, 39.0, 'open', order.license_plate, []),
        )
        self.assertIs(
            self.till.pay(
                order.id, row['payer_id'], [[self.journals['cash'].id, 100.0], [self.journals['card'].id, 200.0]]
            ),
            True,
        )
        [row] = self.till.get_data()['settlements']
        self.assertEqual((row['state'], row['amount_due'], row['settled']), ('paid', 0.0, True))
        data = self.till.get_data()
        self.assertEqual(
            {line['journal_id']: line['amount'] for line in data['cash_today']}[self.journals['card'].id], 200.0
        )
        self.assertEqual(self.till.gate_pass(order.id)['type'], 'ir.actions.report')

    def test_blocked_settlement_opens_the_explanation(self):
        """R-PROC-79: the till returns the dialog that names every reason instead of an error."""
        order = self._ready_order(labour=[self.labour])
        self._set_gate('lines_verified', 'block')
        [row] = self.till.get_data()['settlements']
        self.assertEqual([blocker['code'] for blocker in row['blockers']], ['SET-70'])
        action = self.till.pay(order.id, row['payer_id'], [[self.journals['cash'].id, 113.0]])
        self.assertEqual(action['res_model'], 'aftersales.gate.wizard')
        self.assertFalse(order.settled_at)

    def test_on_account_and_red_from_the_till(self):
        """R-PROC-85, R-PERM-18: on account with signature; reopened by who may, the money asked back, approved by another."""
        self.customer.with_company(self.company).write(
            {'aftersales_on_account': True, 'aftersales_credit_limit': 1000.0}
        )
        order = self._ready_order(labour=[self.labour])
        self.till.on_account(order.id, "Mr Wang", b'aVZCT1J3MEtHZ28=')
        self.assertRecordValues(order.settlement_ids, [{'is_on_account': True, 'on_account_signed_by': "Mr Wang"}])
        self._set_gate('refund_second_person', 'block')
        paid = self._settled_order(labour=[self.labour])
        settlement = paid.settlement_ids
        settlement.with_user(self.cashier)._pay(self.journals['cash'], 100.0)
        settlement.with_user(self.cashier)._pay(self.journals['wechat'], 13.0)
        supervisor = self._role('frontdesk_supervisor')
        approvers = {row['id'] for row in self.till.get_data()['approvers']}
        self.assertIn(supervisor.id, approvers)
        self.assertNotIn(self.cashier.id, approvers)
        action = self.till.red_refund(settlement.id, self._reason('reopen').id, supervisor.id)
        refund = self.env['aftersales.refund'].browse(action['res_id'])
        self.assertRecordValues(refund, [{'state': 'requested', 'amount': 113.0, 'kind': 'red'}])
        self.assertEqual(refund.activity_ids.user_id, supervisor)
        # Nothing has moved, nobody asks twice, nobody approves his own request or without the right.
        self.assertEqual(settlement.state, 'paid')
        with self.assertBlocked('SET-60', UserError):
            self.till.red_refund(settlement.id, self._reason('reopen').id, supervisor.id)
        with self.assertBlocked('SET-62', UserError):
            refund.with_user(self.cashier).action_approve()
        with self.assertBlocked('SET-63', UserError):
            refund.with_user(self._make_user('cashier', login='second_cashier')).action_approve()
        refund.with_user(supervisor).action_approve()
        self.assertEqual((refund.state, settlement.state, settlement.amount_total), ('done', 'open', 0.0))
        self.assertEqual(
            sorted((part.amount, part.journal_id.aftersales_means) for part in refund.part_ids),
            [(13.0, 'wechat'), (100.0, 'cash')],
        )
        self.assertEqual(refund.part_ids.mapped('refund_payment_id.payment_type'), ['outbound', 'outbound'])
        self.assertEqual((paid.amount_deposit, paid._credit_left_sudo()), (0.0, 0.0))

    def test_red_without_second_person_needs_the_right_all_the_same(self):
        """R-PERM-18: with the gate off an accountant at the till credits at once, a plain cashier still asks."""
        self._set_gate('refund_second_person', 'off')
        for user, state in ((self.cashier, 'requested'), (self.accountant, 'done')):
            order = self._settled_order(labour=[self.labour])
            order.settlement_ids.with_user(self.cashier)._pay(self.journals['cash'])
            self.till.with_user(user).red_refund(order.settlement_ids.id, self._reason('reopen').id)
            self.assertEqual(order.refund_ids.filtered(lambda refund: refund.kind == 'red').state, state)

    def test_desks_are_for_their_people(self):
        """R-PROC-83: a technician reads neither till nor cockpit, a cashier not the cockpit."""
        for desk, user in (
            ('aftersales.desk.cashier', 'technician'),
            ('aftersales.desk.accountant', 'cashier'),
            ('aftersales.desk.accountant', 'advisor'),
        ):
            with self.assertBlocked('SET-02', UserError):
                self.env[desk].with_user(self._role(user)).get_data()

    def test_cockpit_lists_amounts_and_posts_all_clean(self):
        """R-PROC-83: clean orders in one press, blocked ones stay; deposits, fapiao, transit, arrears with their amounts."""
        clean = self._ready_order(parts=[self.pad])
        blocked = self._ready_order(labour=[self.labour])
        self._set_gate('lines_verified', 'block')
        clean.with_user(self.cashier).action_verify_lines()
        waiting = self._make_order(self._make_vehicle(partner_id=self.customer.id), labour=[self.labour])
        waiting.with_user(self.cashier)._take_deposit(50.0, self.journals['cash'])
        boxes = self._boxes()
        self.assertEqual((boxes['to_post']['count'], boxes['to_post']['amount']), (1, 226.0))
        self.assertEqual((boxes['cut_off']['count'], boxes['cut_off']['amount']), (2, 339.0))
        self.assertEqual((boxes['deposits']['count'], boxes['deposits']['amount']), (1, 50.0))
        self.assertEqual(self.cockpit.post_clean(), 1)
        self.assertTrue(clean.settled_at)
        self.assertFalse(blocked.settled_at)
        boxes = self._boxes()
        self.assertEqual(
            (boxes['fapiao']['amount'], boxes['arrears']['amount'], boxes['wip']['count']), (226.0, 226.0, 0)
        )
        self.assertTrue(all(box['action']['res_model'] for box in boxes.values()))

    def test_cockpit_clears_work_in_progress(self):
        """R-PROC-83: cost that came after the settlement shows with its amount; one press books it, drill by order."""
        order = self._settled_order(parts=[self.pad])
        entry = self.env['account.move'].create(
            {
                'move_type': 'entry',
                'journal_id': self.company.account_stock_journal_id.id,
                'line_ids': [
                    (
                        0,
                        0,
                        {
                            'account_id': self.account_wip.id,
                            'debit': 12.34,
                            'aftersales_order_id': order.id,
                            'aftersales_line_id': order.line_ids.id,
                        },
                    ),
                    (0, 0, {'account_id': self.account_cost.id, 'credit': 12.34}),
                ],
            }
        )
        entry.action_post()
        box = self._boxes()['wip']
        self.assertEqual((box['count'], box['amount'], box['verb']), (1, 12.34, 'clear_wip'))
        self.assertIn('SET-I1', [row['code'] for row in self.company._aftersales_integrity()])
        self.assertEqual(self.cockpit.clear_wip(), 1)
        self.assertEqual(self._wip(order), 0.0)
        self.assertNotIn('SET-I1', [row['code'] for row in self.company._aftersales_integrity()])

    def test_item_without_order_is_a_finding(self):
        """R-PROC-83: work in progress booked without an order is listed."""
        move = self.env['account.move'].create(
            {
                'move_type': 'entry',
                'journal_id': self.company.account_stock_journal_id.id,
                'line_ids': [
                    (0, 0, {'account_id': self.account_wip.id, 'debit': 5.0}),
                    (0, 0, {'account_id': self.account_cost.id, 'credit': 5.0}),
                ],
            }
        )
        move.action_post()
        found = [row for row in self.company._aftersales_integrity() if row['code'] == 'SET-I2']
        self.assertEqual([(row['res_id'], row['amount']) for row in found], [(move.id, 5.0)])

    def test_goods_received_and_not_billed_are_a_line_of_their_own(self):
        """R-PROC-83: a receipt posts nothing in this version; the difference is named."""
        purchase = self.env['purchase.order'].create(
            {
                'partner_id': self.env['res.partner'].create({'name': "Vendor"}).id,
                'company_id': self.company.id,
                'order_line': [
                    (0, 0, {'product_id': self.pad.id, 'product_qty': 3, 'price_unit': 100.0, 'tax_ids': [(5,)]})
                ],
            }
        )
        purchase.button_confirm()
        picking = purchase.picking_ids
        picking.move_ids.picked = True
        picking._action_done()
        found = [row for row in self.company._aftersales_integrity() if row['code'] == 'SET-I7']
        self.assertEqual([row['amount'] for row in found], [300.0])

    def test_setup_check_creates_what_is_missing(self):
        """R-PROC-83: a new company lacks accounts, journal and means; the fixes create them once."""
        company = self._make_company("Second garage")
        company.aftersales_wip_account_id = company.account_production_wip_account_id
        checks = {row['code']: row for row in company._aftersales_setup_checks()}
        for code in ('SET-A', 'SET-B', 'SET-C'):
            self.assertFalse(checks[code]['ok'], code)
            getattr(company, checks[code]['fix'])()
            getattr(company, checks[code]['fix'])()
        checks = {row['code']: row for row in company._aftersales_setup_checks()}
        self.assertTrue(all(checks[code]['ok'] for code in ('SET-A', 'SET-B', 'SET-C')))
        journals = self.env['account.journal'].search(
            [('company_id', '=', company.id), ('aftersales_means', '!=', False)]
        )
        self.assertEqual(sorted(journals.mapped('aftersales_means')), ['alipay', 'bank', 'card', 'cash', 'wechat'])
        self.assertTrue(company.aftersales_transit_account_id.reconcile)
