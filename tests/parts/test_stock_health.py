from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError

from ..common import AftersalesCommon
from .stock_flow import CUSTOMERS, SUPPLIERS, StockFlow


class TestStockHealth(StockFlow, AftersalesCommon):
    """Which parts move, which lie, and what is done about it (R-PART-11, R-PART-12, R-KPI-07, R-KPI-41)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = cls.warehouse.lot_stock_id
        cls.suppliers, cls.customers = cls.env.ref(SUPPLIERS), cls.env.ref(CUSTOMERS)
        cls.planner = cls._role('parts_planner')

    def _stock(self, name, quantity, received, issued=None, sold=1):
        """Make a part received so many days ago and last sold so many days ago."""
        now = fields.Datetime.now()
        part = self._make_part(name, cost=10.0)
        self._move_goods(part, quantity + (sold if issued is not None else 0), self.suppliers, self.shelf,
                         date=now - timedelta(days=received))
        if issued is not None:
            self._move_goods(part, sold, self.shelf, self.customers, date=now - timedelta(days=issued))
        return part

    def _health(self, *parts):
        self.env['aftersales.stock.health']._refresh_sudo(self.company)
        lines = self.env['aftersales.stock.health'].search([('company_id', '=', self.company.id)])
        return [lines.filtered(lambda line, part=part: line.product_id == part) for part in parts]

    def test_bands(self):
        """R-PART-11: 0–3, 4–6, 7–9, 10–12, 12+ months since the last issue, since receipt when never issued."""
        cases = [(400, 20, '00_03'), (400, 100, '04_06'), (400, 200, '07_09'), (400, 300, '10_12'), (500, 400, 'over_12'),
                 (30, None, '00_03'), (140, None, '04_06'), (500, None, 'over_12')]
        parts = [self._stock(f"Part {number}", 5, *case[:2]) for number, case in enumerate(cases)]
        lines = self._health(*parts)
        self.assertEqual([line.band for line in lines], [case[2] for case in cases])
        self.assertEqual([line.is_slow for line in lines], [False, False, True, True, True, False, False, True])
        self.assertEqual([line.is_dead for line in lines], [False, False, False, False, True, False, False, True])
        self.assertEqual([line.dead_value for line in lines][-1], 50.0)
        self.assertEqual([line.value for line in lines], [50.0] * 8)

    def test_band_edges(self):
        health = self.env['aftersales.stock.health']
        self.assertEqual([health._band(months) for months in (0, 2, 3, 5, 6, 8, 9, 11, 12)],
                         ['00_03', '00_03', '04_06', '04_06', '07_09', '07_09', '10_12', '10_12', 'over_12'])

    def test_new_stock_of_an_old_part_is_not_dead(self):
        part = self._stock("Old", 5, 500, 450)
        self._move_goods(part, 1, self.suppliers, self.shelf)
        [line] = self._health(part)
        self.assertEqual((line.band, line.is_slow, line.is_dead), ('over_12', False, False))

    def test_overstock(self):
        """R-KPI-41: above the reordering rule's maximum, or above so many months of use."""
        ruled = self._stock("Ruled", 10, 30, 3)
        self.env['stock.warehouse.orderpoint'].create({
            'product_id': ruled.id, 'product_min_qty': 1, 'product_max_qty': 4, 'location_id': self.shelf.id,
            'warehouse_id': self.warehouse.id,
        })
        used = self._stock("Used", 30, 300, 5, sold=12)
        self.company.aftersales_overstock_months = 6
        fresh = self._stock("Fresh", 30, 20, 5)
        first, second, third = self._health(ruled, used, fresh)
        self.assertEqual((third.overstock_qty, third.suggestion), (0, 'none'), "nobody knows its use yet")
        self.assertEqual((first.max_qty, first.overstock_qty, first.overstock_value), (4, 6, 60.0))
        self.assertEqual((second.issued_qty, second.max_qty, second.overstock_qty), (12, 6, 24))
        self.assertEqual(first.suggestion, 'transfer')

    def test_negative_and_hold(self):
        part = self._make_part("Short", cost=10.0)
        self._move_goods(part, 2, self.shelf, self.customers)
        doubtful = self._stock("Doubtful", 3, 500)
        self._move_goods(doubtful, 3, self.shelf, self.warehouse.aftersales_hold_location_id)
        first, second = self._health(part, doubtful)
        self.assertEqual((first.is_negative, first.quantity, first.suggestion), (True, -2, 'count'))
        self.assertEqual((second.hold_qty, second.suggestion), (3, 'scrap'))

    def test_decisions_stay(self):
        """R-PART-11: what was decided survives the next night, the figures do not."""
        part = self._stock("Decided", 5, 500)
        other = self._stock("Sold", 5, 500)
        lines = self.env['aftersales.stock.health'].union(*self._health(part, other)).with_user(self.planner)
        lines.action_take_suggestion()
        self.assertEqual(lines.mapped('action'), ['write_down', 'write_down'])
        self.assertEqual(lines.responsible_id, self.planner)
        lines[0].write({'action_date': '2026-12-31', 'note': "offer to the other branch"})
        lines[1].action = False
        self._move_goods(other, 5, self.shelf, self.customers)
        self._move_goods(part, 5, self.shelf, self.customers)
        line, gone = self._health(part, other)
        self.assertEqual((line.quantity, line.value, line.action, line.note), (0, 0.0, 'write_down', "offer to the other branch"))
        self.assertFalse(gone)

    def test_who_decides_and_who_sees_cost(self):
        part = self._stock("Secret", 5, 500)
        [line] = self._health(part)
        keeper = line.with_user(self._role('parts_keeper'))
        self.assertTrue(keeper.is_dead)
        with self.assertRaises(AccessError):
            keeper.read(['value'])
        with self.assertRaises(AccessError):
            keeper.action = 'scrap'
        with self.assertBlocked('PAR-213'):
            keeper.action_refresh()
        with self.assertBlocked('BAS-01'):
            line.with_user(self.planner).quantity = 100
        line.with_user(self.planner).action_refresh()

    def test_companies_apart(self):
        self._stock("Ours", 5, 500)
        self._health()
        other = self._make_company("Other Motors")
        self.env['aftersales.stock.health']._refresh_sudo(other)
        stranger = self._make_user('parts_manager', login='stranger')
        stranger.write({'company_ids': [Command.set(other.ids)], 'company_id': other.id})
        health = self.env['aftersales.stock.health'].with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(health.search([]))
        self.assertTrue(self.env['aftersales.stock.health'].search([('company_id', '=', self.company.id)]))

    def test_queries_do_not_grow_with_the_parts(self):
        """A night's run costs the same for five parts and for fifty."""
        health = self.env['aftersales.stock.health']
        counts = []
        for number in range(2):
            for index in range(5 + number * 20):
                self._make_part(f"Part {number} {index}", cost=1.0, on_hand=1.0)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            health._refresh_sudo(self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertLess(counts[1], 25)
