from odoo import fields

from ..common import AftersalesCommon


class TestSettle(AftersalesCommon):
    """One posting per order: an invoice per final payer and the cost entry (R-PROC-83)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(226.0)
        cls.labour = cls._make_labour_item(book_hours=2.0)
        cls.pad = cls._make_part("Brake pad", cost=100.0, price=226.0, on_hand=50)
        cls.cashier = cls._role('cashier')

    def test_one_payer_one_posting(self):
        """R-PROC-83: revenue, VAT and cost amount by amount; work in progress is 0.00 afterwards."""
        order = self._ready_order(parts=[(self.pad, 4)], labour=[self.labour])
        self.assertEqual(self._wip(order), 400.0)
        settlement = order.with_user(self.cashier)._settle()
        self.assertRecordValues(
            settlement, [{'state': 'posted', 'amount_total': 1356.0, 'amount_tax': 156.0, 'amount_due': 1356.0}]
        )
        invoice = settlement.sudo().move_ids
        self.assertRecordValues(
            invoice, [{'move_type': 'out_invoice', 'state': 'posted', 'amount_total': 1356.0, 'amount_untaxed': 1200.0}]
        )
        self.assertFalse(
            invoice.line_ids.filtered(lambda line: line.display_type == 'cogs'),
            "The cost entry books the cost, not the invoice.",
        )
        self.assertEqual(invoice.invoice_line_ids.mapped('quantity'), order.line_ids.mapped('quantity'))
        self.assertEqual(invoice.invoice_line_ids.aftersales_line_id, order.line_ids)
        cost = self.env['account.move'].search(
            [('aftersales_order_id', '=', order.id), ('aftersales_kind', '=', 'cost')]
        )
        self.assertEqual(
            self._items(cost), sorted([(self.account_cost.code, 400.0, 0.0), (self.account_wip.code, 0.0, 400.0)])
        )
        self.assertEqual(cost.journal_id, self.company.aftersales_cost_journal_id)
        self.assertEqual(self._wip(order), 0.0)
        self.assertEqual(order._wip_balance(), {order: 0.0})
        self.assertTrue(order.settled_at)

    def test_settling_again_posts_nothing(self):
        """R-PROC-83: the second press, or the second cashier, finds nothing to post."""
        order = self._settled_order(parts=[(self.pad, 4)], labour=[self.labour])
        moves = self.env['account.move'].search_count([('aftersales_order_id', '=', order.id)])
        order.with_user(self.cashier)._settle()
        self.assertEqual(self.env['account.move'].search_count([('aftersales_order_id', '=', order.id)]), moves)

    def _three_payers(self, order):
        job = order.job_ids
        insurer = self.env['res.partner'].create({'name': "Ping An", 'is_company': True})
        fleet = self.env['res.partner'].create({'name': "Fleet owner"})
        first = order._payer('insurance', insurer)
        first.needs_approval = False
        second = self.env['aftersales.repair.payer'].create(
            {'order_id': order.id, 'kind': 'customer', 'partner_id': fleet.id, 'sequence': 80}
        )
        job._set_shares([(first, 'percent', 33.33), (second, 'fixed', 100.01), (order._payer('customer'), 'rest', 0)])

    def test_three_payers_exact_to_the_cent(self):
        """R-PROC-83: the whole quantity on each invoice, prices shared, the sum is the order's total to the cent."""
        odd = self._make_part("Odd part", cost=33.33, price=99.97, on_hand=9)
        order = self._ready_order(parts=[(self.pad, 3), (odd, 7)], labour=[self.labour], shares=self._three_payers)
        settlements = order.with_user(self.cashier)._settle()
        self.assertEqual(len(settlements), 3)
        invoices = settlements.sudo().move_ids
        self.assertEqual(len(invoices), 3)
        self.assertEqual(round(sum(invoices.mapped('amount_total')), 2), order.amount_total)
        for settlement in settlements.sudo():
            self.assertEqual(settlement.amount_total, settlement.payer_id.amount_total)
        self.assertEqual(
            invoices.invoice_line_ids.filtered(lambda line: line.product_id == odd).mapped('quantity'), [7.0, 7.0, 7.0]
        )
        cost = self.env['account.move'].search(
            [('aftersales_order_id', '=', order.id), ('aftersales_kind', '=', 'cost')]
        )
        debits = cost.line_ids.filtered('debit')
        self.assertEqual(round(sum(debits.mapped('debit')), 2), 533.31)
        self.assertEqual(len(debits.aftersales_payer_id), 3)
        self.assertEqual(self._wip(order), 0.0)
        self.assertFalse(
            [
                row
                for row in self.company._aftersales_integrity()
                if row['code'].startswith('SET') and row['severity'] == 'error'
            ]
        )

    def test_disbursement_is_neither_revenue_nor_tax(self):
        """R-PROC-83: money laid out for the customer comes back on other receivables, without VAT (代垫)."""
        tow = self.env['product.product'].create({'name': "Towing paid out", 'type': 'service', 'list_price': 300.0})
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id), labour=[self.labour])
        order._add_line(order.job_ids, kind='disbursement', product_id=tow.id)
        self._approve(order)
        self._finish_work(order)
        settlement = order.with_user(self.cashier)._settle().sudo()
        line = settlement.move_ids.invoice_line_ids.filtered(lambda item: item.product_id == tow)
        self.assertRecordValues(
            line,
            [
                {
                    'account_id': self.company.aftersales_disbursement_account_id.id,
                    'price_total': 300.0,
                    'price_subtotal': 300.0,
                    'tax_ids': [],
                }
            ],
        )
        self.assertEqual(settlement.amount_total, 752.0)
        self.assertEqual(settlement.amount_tax, 52.0)

    def test_locked_period_takes_todays_date(self):
        """R-PROC-83: an order of a locked month is settled with today's date."""
        order = self._ready_order(parts=[(self.pad, 1)])
        self.company.fiscalyear_lock_date = fields.Date.add(self.company._aftersales_today(), days=-1)
        settlement = order.with_user(self.cashier)._settle().sudo()
        self.assertEqual(settlement.move_ids.date, self.company._aftersales_today())
        self.assertEqual(self._wip(order), 0.0)

    def test_periodic_company_has_no_cost_entry(self):
        """R-PROC-83: without an account of work in progress nothing is booked as cost and nothing is excluded."""
        self.company.aftersales_wip_account_id = False
        self.part_category.property_valuation = 'periodic'
        order = self._ready_order(parts=[(self.pad, 1)])
        settlement = order.with_user(self.cashier)._settle().sudo()
        self.assertFalse(
            self.env['account.move'].search([('aftersales_order_id', '=', order.id), ('aftersales_kind', '=', 'cost')])
        )
        self.assertTrue(settlement.move_ids.invoice_line_ids._eligible_for_stock_account())
        self.assertEqual(order._wip_balance(), {order: 0.0})

    def test_part_returned_after_reopening(self):
        """R-PROC-83: settle, reopen, return one of five, settle: cost follows, in progress stays 0.00."""
        order = self._settled_order(parts=[(self.pad, 5)], labour=[self.labour])
        order.with_user(self._role('accountant'))._reopen(self._reason('reopen'))
        self.assertFalse(order.settled_at)
        self.assertEqual(order.settlement_ids.state, 'open')
        self.assertEqual(order.settlement_ids.amount_total, 0.0)
        line = order.line_ids.filtered(lambda item: item.kind == 'part')
        line.with_user(self._role('parts_keeper'))._return_parts(1, self._receiver)
        self.assertEqual(self._wip(order), -100.0)
        line.quantity = 4
        self._approve(order)
        order.with_user(self.cashier)._settle()
        self.assertEqual(self._wip(order), 0.0)
        self.assertEqual(self._balance(self.account_cost, ('aftersales_order_id', '=', order.id)), 400.0)
        self.assertEqual(order.settlement_ids.amount_total, 4 * 226.0 + 452.0)

    def test_declined_order_leaves_nothing_in_progress(self):
        """R-PERM-18: three pieces of 10.00 taken back one by one leave a cent in progress; declining books it as cost."""
        odd = self._make_part("Odd part", cost=10.0 / 3, price=50.0)
        self._receive(odd, 3, 10.0 / 3)
        order = self._ready_order(parts=[(odd, 3)])
        line = order.line_ids
        for _piece in range(3):
            line.with_user(self._role('parts_keeper'))._return_parts(1, self._receiver)
        left = self._wip(order)
        order._decline(self._reason('decline'))
        self.assertEqual(self._wip(order), 0.0)
        self.assertEqual(self._balance(self.account_cost, ('aftersales_order_id', '=', order.id)), left)


class TestSettleExcluded(AftersalesCommon):
    """The same in a company that quotes without tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_price_include = 'tax_excluded'
        cls._open_till()
        cls._make_labour_rate(33.33)
        cls.labour = cls._make_labour_item(book_hours=1.7)
        cls.pad = cls._make_part("Brake pad", cost=100.0, price=99.97, on_hand=50)

    def test_shares_are_invoice_totals(self):
        """R-PROC-83: untaxed shares add up to the order; each invoice's tax is Odoo's own."""

        def shares(order):
            fleet = self.env['res.partner'].create({'name': "Fleet owner"})
            other = self.env['aftersales.repair.payer'].create(
                {'order_id': order.id, 'kind': 'customer', 'partner_id': fleet.id, 'sequence': 80}
            )
            order.job_ids._set_shares([(other, 'percent', 37.5), (order._payer('customer'), 'rest', 0)])

        order = self._ready_order(parts=[(self.pad, 3)], labour=[self.labour], shares=shares)
        settlements = order.with_user(self._role('cashier'))._settle().sudo()
        self.assertEqual(round(sum(settlements.move_ids.mapped('amount_untaxed')), 2), order.amount_untaxed)
        totals = settlements.payer_id._settlement_totals()
        for settlement in settlements:
            self.assertEqual(settlement.amount_total, totals[settlement.payer_id]['total'])
            self.assertEqual(
                round(sum(settlement.order_id._payer_line_amounts()[settlement.payer_id].values()), 2),
                settlement.move_ids.amount_untaxed,
            )
