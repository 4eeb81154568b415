from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import fields

from ..common import AftersalesCommon


class TestDemand(AftersalesCommon):
    """What was wanted of a part: issues, counter sales, misses and lost sales, each once (R-PART-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls._set_gate('receipt_accepted', 'off')
        cls.today = cls.company._aftersales_today()
        cls.keeper = cls._make_employee("Keeper", cls._role('parts_keeper'))
        cls.tech = cls._make_employee("Master Li", cls._role('technician'))

    def _part(self, name="Filter", on_hand=0, **values):
        return self._make_part(name, on_hand=on_hand, aftersales_is_part=True, **values)

    def _order(self, part, quantity=1):
        order = self._signed_order([(part, quantity)])
        order._request_parts()
        return order

    def _issue_now(self, order):
        return order.with_user(self.keeper.user_id)._issue_parts(receiver=self.tech)

    def _wanted(self, part, start=None, end=None):
        """Return (quantity, demands) of a part."""
        demand = part._aftersales_demand(self.company, start or self.today.replace(day=1), end or self.today)
        months = demand.get(part, {}).values()
        return sum(quantity for quantity, _hits in months), sum(hits for _quantity, hits in months)

    def test_issues_less_returns(self):
        part = self._part(on_hand=10)
        order = self._order(part, 4)
        self.assertEqual(self._wanted(part), (0, 0), "what is reserved is not used yet")
        self._issue_now(order)
        self.assertEqual(self._wanted(part), (4, 1))
        order.line_ids.with_user(self.keeper.user_id)._return_parts(1)
        self.assertEqual(self._wanted(part), (3, 1), "a return takes pieces, not the demand")

    def test_a_miss_is_demand_once_whether_filled_later_or_lost(self):
        """R-PART-10: a miss, stocked or not, becomes demand; filled later it is the issue, lost it is the lost sale."""
        part = self._part()
        order = self._order(part, 2)
        self.assertEqual(self._wanted(part), (2, 1))
        self._receive(part, 5, 100.0)
        order.picking_ids.action_assign()
        self._issue_now(order)
        self.assertEqual(self._wanted(part), (2, 1))
        other = self._order(part, 7)
        self.assertEqual(self._wanted(part)[0], 9)
        other._cancel(self._reason('cancel'))
        lost = self.env['aftersales.lost.sale'].search([('order_id', '=', other.id)])
        self.assertEqual(self._wanted(part)[0], 2 + sum(lost.mapped('quantity')))
        self.assertLessEqual(sum(lost.mapped('quantity')), 7)

    def test_cancelled_although_it_was_there_is_no_demand(self):
        part = self._part(on_hand=10)
        order = self._order(part, 3)
        order._cancel(self._reason('cancel'))
        self.assertEqual(self._wanted(part), (0, 0))

    def test_a_lost_sale_by_hand_counts_on_its_day(self):
        part = self._part()
        day = self.today.replace(day=1) - relativedelta(months=2)
        self.env['aftersales.lost.sale'].create({'product_id': part.id, 'quantity': 6, 'date': day})
        self.assertEqual(self._wanted(part), (0, 0))
        self.assertEqual(self._wanted(part, day, day), (6, 1))
        self.assertEqual(self._wanted(part, day + relativedelta(days=1)), (0, 0))

    def test_superseded_demand_merges_over_the_chain(self):
        """R-PART-08: what was asked of the old numbers is demand of the part ordered today."""
        newest = self._part("Filter C")
        middle = self._part("Filter B", aftersales_superseded_by_id=newest.id)
        oldest = self._part("Filter A", on_hand=10, aftersales_superseded_by_id=middle.id)
        self._issue_now(self._order(oldest, 2))
        self.env['aftersales.lost.sale'].create([
            {'product_id': middle.id, 'quantity': 3}, {'product_id': newest.id, 'quantity': 4},
        ])
        self.assertEqual(self._wanted(newest), (9, 3))
        self.assertEqual(self._wanted(oldest), (0, 0))

    def test_days_are_cut_in_the_shops_time_zone(self):
        """An issue at 16:30 UTC of the last day of March is one of April in Shanghai."""
        part = self._part(on_hand=10)
        order = self._order(part, 2)
        self._issue_now(order)
        order.picking_ids.move_ids.date = datetime(2026, 3, 31, 16, 30)
        self.assertEqual(self._wanted(part, '2026-03-01', '2026-03-31'), (0, 0))
        self.assertEqual(self._wanted(part, '2026-04-01', '2026-04-30'), (2, 1))

    def test_counter_sales_are_told_apart(self):
        """R-PART-15: counter sales are demand of their own kind."""
        part = self._part(on_hand=5)
        order = self._order(part, 1)
        order.sudo().profile_id = self.company._aftersales_profile('counter')
        self._issue_now(order)
        rows = self.env['aftersales.part.demand'].search([('product_id', '=', part.id)])
        self.assertEqual((rows.is_counter, rows.source, rows.quantity), (True, 'issue', 1))

    def test_usage_of_whole_months(self):
        part = self._part()
        first = self.today.replace(day=1)
        self.env['aftersales.lost.sale'].create([
            {'product_id': part.id, 'quantity': 5, 'date': first},
            {'product_id': part.id, 'quantity': 3, 'date': first - relativedelta(days=1)},
            {'product_id': part.id, 'quantity': 2, 'date': first - relativedelta(months=12)},
            {'product_id': part.id, 'quantity': 9, 'date': first - relativedelta(months=12, days=1)},
        ])
        quantities, hits = self.env['product.product']._aftersales_usage(self.company)[part]
        self.assertEqual(quantities, [2] + [0] * 10 + [3])
        self.assertEqual(hits, [1] + [0] * 10 + [1])

    def test_demand_of_many_parts_is_one_query(self):
        parts = self.env['product.product'].concat(*(self._part(f"P{number}") for number in range(6)))
        self.env['aftersales.lost.sale'].create([{'product_id': part.id, 'quantity': 1} for part in parts])
        counts = []
        for some in (parts[:1], parts):
            some._aftersales_demand(self.company, self.today, self.today)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(some._aftersales_demand(self.company, self.today, self.today)), len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 2)

    def test_other_companies_are_not_seen(self):
        part = self._part()
        self.env['aftersales.lost.sale'].create({'product_id': part.id, 'quantity': 1})
        other = self._make_company("Second Shop")
        self.assertFalse(part._aftersales_demand(other, self.today, self.today))
        rows = self.env['aftersales.part.demand'].with_user(self._role('parts_planner')).search([('product_id', '=', part.id)])
        self.assertEqual(rows.company_id, self.company)
        self.assertEqual(fields.Date.to_date(rows.date), self.today)
