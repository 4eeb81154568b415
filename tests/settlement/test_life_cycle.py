from ..common import AftersalesCommon
from ..life_cycle import LifeCycle


class TestLifeCycle(LifeCycle, AftersalesCommon):
    """Budgets of the house plan for the whole life of an order; the floor is Odoo's own sale of the same parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_life_cycle(parts=7)

    def _queries(self, task):
        self.env.flush_all()
        before = self.cr.sql_log_count
        task()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _played(self, payers):
        """Return the queries of each step of the second order: the first fills the caches a running server has."""
        for _number in range(2):
            visit = self._receive_car()
            used = {name: self._queries(step) for name, step in self._life_cycle_steps(visit, payers=payers)}
        return used

    def test_whole_life_of_an_order(self):
        """From the order to the payment, 5 parts and 3 labour lines, at most 650 queries."""
        used = self._played(1)
        self.assertEqual((self.played.state, self.played.settlement_ids.state), ('ready', 'paid'))
        self.assertEqual(self.played._wip_balance(), {self.played: 0.0})
        self.assertLessEqual(sum(used.values()), 650, used)

    def test_three_payers(self):
        """The same with three payers at most 720 queries."""
        used = self._played(3)
        self.assertEqual(self.played.settlement_ids.mapped('state').count('posted'), 2)
        self.assertLessEqual(sum(used.values()), 720, used)

    def test_order_with_ten_lines(self):
        """An order of 7 parts and 3 labour lines costs at most 60 queries, a further line at most one."""
        def order(times):
            vehicle = self._make_vehicle()
            return self._queries(lambda: self._make_order(
                vehicle, parts=[(part, 2) for part in self.shelf] * times, labour=self.labour_items * times,
            ))
        order(1)
        ten = order(1)
        self.assertLessEqual(ten, 60)
        self.assertLessEqual(order(3), ten + 20)

    def test_list_of_eighty_orders(self):
        """The list of orders costs at most 15 queries, with 10 and with 80 rows the same."""
        missing = self._make_part("On back order")
        for number in range(80):
            order = self._make_order(self._make_vehicle(), labour=self.labour_items[:1], parts=[missing])
            if number % 4 == 0:
                self._approve(order)
                order._request_parts()
        orders = self.env['aftersales.repair.order'].with_user(self.people['advisor'])
        view = orders.get_view(self.env.ref('aftersales_service.repair_order_view_list').id, 'list')
        names = [name for name in view['models']['aftersales.repair.order'] if name in orders._fields]
        specification = {
            name: {'fields': {'display_name': {}}} if orders._fields[name].type == 'many2one' else {} for name in names
        }

        def read(limit):
            self.env.invalidate_all()
            result = {}
            queries = self._queries(lambda: result.update(orders.web_search_read([], specification, limit=limit)))
            self.assertEqual(len(result['records']), limit)
            self.assertIn('waiting_parts', {record['aftersales_status'] for record in result['records']})
            return queries
        read(10)
        few, many = read(10), read(80)
        self.assertLessEqual(many, 15)
        self.assertLessEqual(many, few + 1)
