from ..common import AftersalesCommon


class TestUndecided(AftersalesCommon):
    """A job nobody pays yet is not invoiced; its neighbours are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls.labour = cls._make_labour_item(hours=1.0)
        cls._make_labour_rate(113.0)
        cls.cashier = cls._role('cashier')

    def test_neighbours_are_invoiced(self):
        """R-PROC-31: the customer's job is invoiced and paid while the other waits for the manufacturer; then that one."""
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id), labour=[self.labour])
        customers_job = order.job_ids
        waiting = self._make_job(order, "Engine stutters", labour=[self.labour], payer_kind='undecided')
        self._approve(order)
        waiting._park(self.env.ref('aftersales_service.reason_park_approval'))
        self._finish_work(order)
        settlements = order.with_user(self.cashier)._settle()
        self.assertEqual(settlements.move_ids.line_ids.aftersales_line_id.job_id, customers_job)
        self.assertEqual(settlements.move_ids.amount_total, customers_job.amount_total)
        self.assertFalse(order.settled_at, "a job still waits for its payer")
        self.assertIn('REP-90', {blocker.code for blocker in order._open_blockers('released')[order]})
        settlements._pay(self.journals['cash'])
        self.assertEqual(settlements.state, 'paid')
        # The manufacturer answered: the customer pays this one as well.
        waiting._unpark()
        waiting.payer_kind = 'customer'
        self._approve(order)
        self._finish_work(order)
        order.with_user(self.cashier)._settle()
        self.assertTrue(order.settled_at)
        self.assertEqual(order.amount_invoiced, order.amount_total)
        self.assertEqual(order.amount_due, waiting.amount_total)
        self.assertEqual([row for row in self.company._aftersales_integrity() if row['code'].startswith('SET')], [])

    def test_all_undecided_is_refused(self):
        """R-PROC-31: with nothing else to settle nothing is posted."""
        order = self._make_order(
            self._make_vehicle(partner_id=self.customer.id), labour=[self.labour], payer_kind='undecided')
        with self.assertBlocked('REP-90'):
            order.with_user(self.cashier)._settle()
        self.assertFalse(order.settlement_ids)

    def test_parts_of_the_waiting_job_stay_in_progress(self):
        """R-PROC-31: cost stays work in progress until the order is settled as a whole; then all of it leaves."""
        part = self._make_part("Filter", cost=10.0, price=50.0, on_hand=5)
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id), parts=[part])
        waiting = self._make_job(order, "Engine stutters", labour=[self.labour], payer_kind='undecided')
        self._approve(order)
        self._issue(order)
        waiting._park(self.env.ref('aftersales_service.reason_park_approval'))
        self._finish_work(order)
        order.with_user(self.cashier)._settle()
        self.assertEqual(self._wip(order), 10.0)
        waiting._unpark()
        waiting.payer_kind = 'customer'
        self._approve(order)
        self._finish_work(order)
        order.with_user(self.cashier)._settle()
        self.assertEqual(self._wip(order), 0.0)
