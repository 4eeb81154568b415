from odoo.tests import warmup

from ..common import AftersalesCommon


class TestBudget(AftersalesCommon):
    """Query budgets of the house plan, on the fixed set-up (tracking on, AVCO, real time)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = [cls._make_labour_item(f"Labour {number}", book_hours=1.0) for number in range(3)]
        cls.parts = [cls._make_part(f"Part {number}", cost=100.0, price=226.0, on_hand=500) for number in range(5)]
        cls.cashier = cls._role('cashier')

    def _queries(self, task):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        task()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _orders(self, count, shares=None):
        orders = self.env['aftersales.repair.order']
        for _number in range(count):
            orders |= self._ready_order(parts=[(part, 2) for part in self.parts], labour=self.labour, shares=shares)
        return orders

    def test_settle_one_payer(self):
        """R-PROC-83: settling one payer costs at most 220 queries."""
        first, second = self._orders(2)
        first.with_user(self.cashier)._settle()
        self.assertLessEqual(self._queries(lambda: second.with_user(self.cashier)._settle()), 220)

    def test_settle_three_payers(self):
        """R-PROC-83: settling three final payers costs at most 270 queries."""
        partners = self.env['res.partner'].create([{'name': "Fleet owner"}, {'name': "Friend"}])

        def shares(order):
            others = self.env['aftersales.repair.payer'].create(
                [
                    {'order_id': order.id, 'kind': 'customer', 'partner_id': partner.id, 'sequence': 70}
                    for partner in partners
                ]
            )
            order.job_ids._set_shares(
                [(others[0], 'percent', 30), (others[1], 'percent', 20), (order._payer('customer'), 'rest', 0)]
            )

        first, second = self._orders(2, shares)
        first.with_user(self.cashier)._settle()
        self.assertLessEqual(self._queries(lambda: second.with_user(self.cashier)._settle()), 270)
        self.assertEqual(len(second.settlement_ids), 3)

    def test_forty_orders_issued_and_settled_in_one_batch(self):
        """R-PROC-83: 40 orders issued and settled in one batch cost at most 110 queries each."""
        self.company.aftersales_auto_request = True
        orders = self.env['aftersales.repair.order']
        for _number in range(40):
            order = self._make_order(
                self._make_vehicle(partner_id=self.customer.id), parts=[(self.parts[0], 1), (self.parts[1], 1)]
            )
            orders |= order
        for order in orders:
            self._approve(order)
        keeper = self._role('parts_keeper')

        def task():
            orders.with_user(keeper)._issue_parts(receiver=self._receiver)
            orders.with_user(self.cashier)._settle()

        self._finish_work(orders)
        used = self._queries(task)
        self.assertLessEqual(used / 40, 110)
        self.assertFalse([balance for balance in orders._wip_balance().values() if balance])

    @warmup
    def test_desk_reads_do_not_grow_with_the_cars(self):
        """R-PROC-83: the till with eight cars costs hardly more than with four."""
        self._orders(4)
        till = self.env['aftersales.desk.cashier'].with_user(self.cashier)
        till.get_data()
        few = self._queries(till.get_data)
        self._orders(4)
        many = self._queries(till.get_data)
        self.assertLessEqual(many - few, 12, f"{few} queries for 4 cars, {many} for 8")
