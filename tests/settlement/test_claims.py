from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestClaims(AftersalesCommon):
    """Manufacturers and insurers who decide later: cost in transit, out again on their answer (R-PROC-83)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(226.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.part = cls._make_part("Turbo", cost=700.0, price=904.0, on_hand=20)
        cls.cashier = cls._role('cashier')
        cls.accountant = cls._role('accountant')
        cls.insurer = cls.env['res.partner'].create({'name': "Ping An", 'is_company': True})

    def _claim(self):
        """One turbo and one hour: 1,130.00 claimed from the manufacturer, cost 700.00."""
        order = self._ready_order(parts=[self.part], labour=[self.labour], payer_kind='warranty')
        order.with_user(self.cashier)._settle()
        return order

    def _cost_items(self, order):
        return self.env['account.move'].search(
            [('aftersales_order_id', '=', order.id), ('aftersales_kind', '=', 'cost')], order='id'
        )

    def test_waiting_claim_keeps_its_cost_in_transit(self):
        """R-PROC-83: no invoice before the answer; Dr claims in transit 700.00 / Cr work in progress 700.00
        with order and payer.
        """
        order = self._claim()
        settlement = order.settlement_ids
        self.assertRecordValues(
            settlement,
            [{'state': 'awaiting_approval', 'claimed_amount': 1130.0, 'amount_total': 0.0, 'amount_due': 0.0}],
        )
        self.assertFalse(settlement.sudo().move_ids)
        self.assertEqual(
            self._items(self._cost_items(order)),
            sorted(
                [
                    (self.account_transit.code, 700.0, 0.0),
                    (self.account_wip.code, 0.0, 700.0),
                ]
            ),
        )
        item = self._cost_items(order).line_ids.filtered(lambda line: line.account_id == self.account_transit)
        self.assertRecordValues(
            item,
            [
                {
                    'aftersales_order_id': order.id,
                    'aftersales_payer_id': settlement.payer_id.id,
                    'partner_id': settlement.partner_id.id,
                }
            ],
        )
        self.assertEqual(self._wip(order), 0.0)
        self.assertEqual(
            [(row['amount'], row['days']) for row in self.company._aftersales_transit_rows()], [(700.0, 0)]
        )

    def test_approval_invoices_and_moves_the_cost(self):
        """R-PROC-83: Dr receivable 1,130.00 / Cr revenue 1,000.00, VAT 130.00; Dr cost of sales 700.00 / Cr
        transit; matched.
        """
        order = self._claim()
        settlement = order.settlement_ids
        settlement.with_user(self.accountant)._approve()
        invoice = settlement.sudo().move_ids
        self.assertRecordValues(
            invoice,
            [
                {
                    'amount_total': 1130.0,
                    'amount_untaxed': 1000.0,
                    'amount_tax': 130.0,
                    'partner_id': settlement.partner_id.id,
                }
            ],
        )
        self.assertEqual(settlement.state, 'posted')
        self.assertEqual(self._balance(self.account_transit), 0.0)
        self.assertEqual(self._balance(self.account_cost, ('aftersales_order_id', '=', order.id)), 700.0)
        transit = self.env['account.move.line'].search(
            [('account_id', '=', self.account_transit.id), ('aftersales_order_id', '=', order.id)]
        )
        self.assertTrue(all(transit.mapped('reconciled')))

    def test_refusal_writes_the_cost_off(self):
        """R-PROC-83: Dr written off 700.00 / Cr claims in transit; nothing is invoiced."""
        self.company.aftersales_writeoff_account_id = self.env['account.account'].create(
            {
                'name': "Claims lost",
                'code': '560177',
                'account_type': 'expense',
                'company_ids': [(6, 0, self.company.ids)],
            }
        )
        order = self._claim()
        order.settlement_ids.with_user(self.accountant)._refuse()
        self.assertRecordValues(order.settlement_ids, [{'state': 'refused', 'amount_total': 0.0}])
        self.assertEqual(self._balance(self.account_transit), 0.0)
        self.assertEqual(self._balance(self.company.aftersales_writeoff_account_id), 700.0)

    def test_short_pay_written_off(self):
        """R-PROC-83: 800.00 of 1,130.00 approved: invoiced exactly; the rest is decided before the settlement goes on."""
        order = self._claim()
        settlement = order.settlement_ids
        settlement.with_user(self.accountant)._approve(800.0)
        self.assertRecordValues(settlement, [{'state': 'short', 'amount_total': 800.0}])
        settlement.with_user(self.accountant)._resolve_short('write_off')
        self.assertEqual(settlement.state, 'posted')
        self.assertEqual(self._balance(self.account_cost, ('aftersales_order_id', '=', order.id)), 700.0)
        self.assertEqual(self._balance(self.account_transit), 0.0)

    def test_short_pay_to_goodwill_splits_the_cost(self):
        """R-PROC-83: the goodwill share of the cost follows its reason's account, to the cent."""
        order = self._claim()
        settlement = order.settlement_ids
        settlement.with_user(self.accountant)._approve(800.0)
        reason = self._reason('goodwill', 'courtesy')
        with self.assertBlocked('SET-34', UserError):
            settlement.with_user(self.accountant)._resolve_short('goodwill')
        settlement.with_user(self.accountant)._resolve_short('goodwill', reason)
        goodwill = self.company.aftersales_goodwill_account_id
        share = self._balance(goodwill, ('aftersales_order_id', '=', order.id))
        self.assertEqual(
            round(share + self._balance(self.account_cost, ('aftersales_order_id', '=', order.id)), 2), 700.0
        )
        line = order.line_ids.filtered(lambda item: item.kind == 'part')
        cut = sum(line.transfer_ids.mapped('amount'))
        self.assertAlmostEqual(share, 700.0 * cut / 904.0, delta=0.01)

    def test_short_pay_to_the_customer_needs_his_yes(self):
        """R-PROC-83: the customer agrees by name, gets an invoice over the rest, the sum is the claim."""
        order = self._claim()
        settlement = order.settlement_ids
        settlement.with_user(self.accountant)._approve(800.0)
        with self.assertBlocked('SET-34', UserError):
            settlement.with_user(self.accountant)._resolve_short('customer')
        settlement.with_user(self.accountant)._resolve_short('customer', consent_name="Mr Wang")
        own = order.settlement_ids.filtered(lambda s: s.kind == 'customer')
        self.assertRecordValues(own, [{'amount_total': 330.0, 'state': 'posted'}])
        self.assertEqual(sum(order.settlement_ids.mapped('amount_total')), 1130.0)
        self.assertTrue(
            order.consent_ids.filtered(
                lambda c: c.payer_id == own.payer_id and c.state == 'approved' and c.decided_by == "Mr Wang"
            )
        )
        self.assertEqual(self._wip(order), 0.0)

    def test_approval_bounds_and_rights(self):
        """R-PROC-83: a cashier does not approve; nothing above the claim, nothing twice."""
        settlement = self._claim().settlement_ids
        with self.assertBlocked('SET-30', UserError):
            settlement.with_user(self.cashier)._approve()
        for amount in (0.0, -5.0, 1130.01):
            with self.assertBlocked('SET-32', UserError):
                settlement.with_user(self.accountant)._approve(amount)
        settlement.with_user(self.accountant)._approve()
        with self.assertBlocked('SET-31', UserError):
            settlement.with_user(self.accountant)._refuse()

    def test_customer_share_does_not_wait_for_the_insurer(self):
        """R-PROC-84: the insurer who takes weeks does not keep the car: the customer's part is settled and released."""

        def shares(order):
            order.job_ids._set_shares(
                [(order._payer('insurance', self.insurer), 'percent', 60), (order._payer('customer'), 'rest', 0)]
            )

        order = self._ready_order(parts=[self.part], labour=[self.labour], shares=shares)
        order.with_user(self.cashier)._settle()
        own = order.settlement_ids.filtered(lambda s: s.kind == 'customer')
        self.assertEqual(own.amount_total, 452.0)
        self.assertEqual(self._balance(self.account_transit), 420.0)
        self.assertEqual(self._balance(self.account_cost, ('aftersales_order_id', '=', order.id)), 280.0)
        own.with_user(self.cashier)._pay(self.journals['cash'])
        self.assertFalse(self._codes(order, 'released'))

    def test_old_claims_are_listed(self):
        """R-PROC-83: claims in transit beyond the limit of days are findings."""
        self._claim()
        self.company.aftersales_transit_days = -1
        self.assertIn('SET-I6', [row['code'] for row in self.company._aftersales_integrity()])


class TestFreeWork(AftersalesCommon):
    """Goodwill and internal work: who bears it is the reason's account; goods given away may be a deemed sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(226.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.part = cls._make_part("Floor mats", cost=60.0, price=113.0, on_hand=20)
        cls.account_gift = cls.env['account.account'].create(
            {
                'name': "Gifts",
                'code': '560188',
                'account_type': 'expense',
                'company_ids': [(6, 0, cls.company.ids)],
            }
        )

    def _free(self, kind, reason, with_labour=True):
        order = self._make_order(
            self._make_vehicle(partner_id=self.customer.id),
            parts=[self.part],
            labour=[self.labour] if with_labour else (),
        )
        order.job_ids._set_shares([(order._payer(kind, reason=reason), 'rest', 0)])
        order._record_consent(order.job_ids, 'approved', 'supervisor', name="Manager")
        order._request_parts()
        self._issue(order)
        self._finish_work(order)
        order.with_user(self._role('cashier'))._settle()
        return order

    def _entry(self, order):
        return self.env['account.move'].search(
            [('aftersales_order_id', '=', order.id), ('aftersales_kind', '=', 'cost')]
        )

    def test_goodwill_moves_only_cost_to_the_reasons_account(self):
        """R-PERM-10: courtesy: Dr its account 60.00 / Cr work in progress 60.00, no invoice, nothing due."""
        reason = self._reason('goodwill', 'courtesy')
        reason.with_company(self.company).account_id = self.account_gift
        reason.vat_treatment = 'none'
        order = self._free('goodwill', reason)
        self.assertRecordValues(order.settlement_ids, [{'state': 'paid', 'amount_total': 0.0}])
        self.assertFalse(order.settlement_ids.sudo().move_ids)
        self.assertEqual(
            self._items(self._entry(order)),
            sorted([(self.account_gift.code, 60.0, 0.0), (self.account_wip.code, 0.0, 60.0)]),
        )

    def test_gift_of_goods_is_a_deemed_sale_services_are_not(self):
        """R-PERM-10: Dr selling expense 73.00 / Cr work in progress 60.00, output VAT 13.00 at market price
        of the goods only.
        """
        reason = self._reason('goodwill', 'gift')
        reason.with_company(self.company).account_id = self.account_gift
        reason.vat_treatment = 'deemed_sale'
        order = self._free('goodwill', reason)
        vat = self.tax_sale.invoice_repartition_line_ids.account_id
        self.assertEqual(
            self._items(self._entry(order)),
            sorted(
                [
                    (self.account_gift.code, 73.0, 0.0),
                    (self.account_wip.code, 0.0, 60.0),
                    (vat.code, 0.0, 13.0),
                ]
            ),
        )
        self.assertEqual(self._wip(order), 0.0)

    def test_internal_work_without_an_account_uses_the_settings(self):
        """R-PROC-83: PDI goes to the internal account of the settings when its reason names none."""
        reason = self._reason('internal', 'pdi')
        reason.with_company(self.company).account_id = False
        order = self._free('internal', reason)
        self.assertEqual(
            self._balance(self.company.aftersales_internal_account_id, ('aftersales_order_id', '=', order.id)), 60.0
        )

    def test_account_missing_names_the_next_step(self):
        """R-PROC-83: without any account settling refuses with a code and posts nothing."""
        reason = self._reason('internal', 'pdi')
        self.company.aftersales_internal_account_id = False
        with self.assertBlocked('SET-10', UserError):
            self._free('internal', reason)

    def test_goodwill_above_the_limit_needs_approval_by_amount(self):
        """R-PERM-10: two levels: block above the advisor's limit, supervisor up to his, service manager beyond; off: free."""
        reason = self._reason('goodwill', 'courtesy')
        self.company.write({'aftersales_goodwill_limit_advisor': 100.0, 'aftersales_goodwill_limit_supervisor': 300.0})
        order = self._make_order(
            self._make_vehicle(partner_id=self.customer.id), parts=[self.part], labour=[self.labour]
        )
        order.job_ids._set_shares([(order._payer('goodwill', reason=reason), 'rest', 0)])
        self._set_gate('concession_approved', 'off')
        self.assertNotIn('SET-71', self._codes(order, 'settled'))
        self._set_gate('concession_approved', 'block')
        self.assertIn('SET-71', self._codes(order, 'settled'))
        with self.assertBlocked('SET-36', UserError):
            order.with_user(self._role('frontdesk_supervisor')).action_approve_concession()
        order.with_user(self._role('service_manager')).action_approve_concession()
        self.assertNotIn('SET-71', self._codes(order, 'settled'))
        self.assertEqual(order.payer_ids.filtered(lambda p: p.kind == 'goodwill').concession_amount, 339.0)
