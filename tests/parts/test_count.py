from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.tools import mute_logger

from .count_common import CountFactory


class TestCount(CountFactory):
    """From the frozen book to the adjusted stock."""

    def test_whole_way(self):
        """R-PART-04: book frozen, counted, counted again by another, approved, adjusted; equal lines stay untouched."""
        count = self._started()
        self.assertEqual(count.line_ids.mapped('state'), ['to_count'] * 3)
        self._enter(count, {self.pad: 8, self.oil: 50, self.disc: 4})
        count._finish()
        self.assertEqual(count.state, 'recount')
        self.assertEqual(count.line_ids.filtered('needs_second').product_id, self.pad)
        self._enter(count, {self.pad: 9}, self.second)
        count.with_user(self.second)._finish()
        self.assertEqual(count.state, 'to_approve')
        count.line_ids.filtered('difference_qty').reason_id = self.reason
        count.with_user(self.manager)._approve()
        self.assertEqual([part.qty_available for part in (self.pad, self.oil, self.disc)], [9, 50, 4])
        moves = self.env['stock.move'].search([('aftersales_count_id', '=', count.id)])
        self.assertRecordValues(moves, [{'product_id': self.pad.id, 'quantity': 1, 'is_inventory': True}])
        self.assertEqual(moves.reference, count.name)
        self.assertEqual(moves.aftersales_count_line_id, self._line(count, self.pad))
        self.assertRecordValues(count.sudo(), [{
            'state': 'applied', 'line_count': 3, 'counted_count': 3, 'different_count': 1, 'difference_value': -80.0,
            'absolute_value': 80.0, 'book_value': 3000.0, 'accuracy_lines': 0.6667, 'accuracy_value': 0.9733,
            'shortage_rate': 0.0267,
        }])
        self.assertEqual(self._line(count, self.oil).state, 'equal')
        self.assertEqual(self._balance(self.account_pending), 80.0)
        self.assertEqual(self._count_findings(), [])

    def test_nothing_differs(self):
        """R-PART-04: a right book is closed by the approval, without a movement or an entry."""
        count = self._counted({self.pad: 10, self.oil: 50, self.disc: 4})
        before = self.env['stock.move'].search_count([])
        count.with_user(self.manager)._approve()
        self.assertEqual((count.state, count.accuracy_lines), ('decided', 1.0))
        self.assertEqual(self.env['stock.move'].search_count([]), before)
        self.assertEqual(self.shelf_a.last_inventory_date, fields.Date.today())

    def test_goods_that_move_while_counted(self):
        """R-PART-04: an issue before a line is counted is no difference, one after it is not brought back."""
        count = self._started()
        self._move_out(self.pad, 3)
        self._enter(count, {self.pad: 7, self.oil: 49, self.disc: 4})
        self._move_out(self.oil, 5)
        count._finish()
        pad, oil = self._line(count, self.pad), self._line(count, self.oil)
        self.assertEqual((pad.book_qty, pad.moved_qty, pad.difference_qty), (10, -3, 0))
        self.assertEqual((oil.book_qty, oil.moved_qty, oil.difference_qty), (50, 0, -1))
        oil.reason_id = self.reason
        count.with_user(self.manager)._approve()
        self.assertEqual([self.pad.qty_available, self.oil.qty_available], [7, 44])

    def test_paper_is_typed_in_later(self):
        """R-PART-04: a sheet filled in at nine and typed in at noon stands against the book of nine o'clock."""
        for item in self.env['stock.move.line'].search([('product_id', 'in', (self.pad | self.oil).ids)]):
            item.date -= timedelta(days=1)
        count = self._started(location_id=self.shelf_a.id)
        count._guarded().frozen_at = fields.Datetime.now() - timedelta(hours=4)
        nine = fields.Datetime.now() - timedelta(hours=3)
        self._move_out(self.pad, 2)
        pad, oil = self._line(count, self.pad), self._line(count, self.oil)
        count.line_ids._record({pad: 10.0, oil: 50.0}, at=nine)
        count._finish()
        self.assertEqual((count.state, pad.moved_qty, pad.difference_qty), ('to_approve', 0, 0))
        for moment in (fields.Datetime.now() - timedelta(hours=5), fields.Datetime.now() + timedelta(hours=1)):
            other = self._started(scope='shelf', shelf_from='B')
            with self.subTest(moment=moment), self.assertBlocked('CNT-22'):
                other.line_ids._record({other.line_ids: 4.0}, at=moment)
            other.with_user(self.planner)._cancel(self._reason('cancel'))

    def test_scopes(self):
        """R-PART-04, R-PART-24: a place, a range of shelves, a category, an ABC class, a movement class."""
        other = self.env['product.category'].create({'name': "Oils", 'property_valuation': 'real_time'})
        self.oil.categ_id = other
        self._move_out(self.disc, 2)
        scopes = {
            'everything': ({}, self.pad | self.oil | self.disc),
            'place': ({'location_id': self.shelf_a.id}, self.pad | self.oil),
            'shelves': ({'scope': 'shelf', 'shelf_from': 'A-00', 'shelf_to': 'A-99'}, self.pad | self.oil),
            'last shelf': ({'scope': 'shelf', 'shelf_from': 'B'}, self.disc),
            'category': ({'scope': 'category', 'category_ids': other.ids}, self.oil),
            'class A': ({'scope': 'class', 'abc_class': 'a'}, self.disc),
            'moved in one month': ({'scope': 'movement', 'movement_class': 'slow'}, self.disc),
            'not moved': ({'scope': 'movement', 'movement_class': 'none'}, self.pad | self.oil),
            'class C': ({'scope': 'class', 'abc_class': 'c'}, self.pad | self.oil),
        }
        for name, (values, parts) in scopes.items():
            with self.subTest(name):
                count = self._started(**values)
                self.assertEqual(count.line_ids.product_id, parts)
                count.with_user(self.planner)._cancel(self._reason('cancel'))
        with self.assertBlocked('CNT-43'):
            self._plan(scope='class', abc_class=False)
        with self.assertBlocked('CNT-05'):
            self._started(scope='shelf', shelf_from='Z')

    def test_old_parts_have_no_value(self):
        """R-WAR-10, R-PART-04: old parts are counted with their owner, a missing one is adjusted and worth nothing."""
        self._put(self.pad, 3, self.warehouse.aftersales_old_parts_location_id, owner=self.customer)
        count = self._started(scope='old_parts')
        line = count.line_ids
        self.assertEqual((line.product_id, line.owner_id), (self.pad, self.customer))
        line._record({line: 2.0})
        count._finish()
        self.assertEqual(count.state, 'recount', "one of three is outside 2 %")
        line.with_user(self.second)._record({line: 2.0})
        count.with_user(self.second)._finish()
        line.reason_id = self.reason
        count.with_user(self.manager)._approve()
        self.assertEqual((count.state, line.sudo().difference_value, line.sudo().applied_value), ('decided', 0.0, 0.0))
        self.assertEqual(self._balance(self.account_pending), 0.0)
        self.assertEqual(self._on_hand(self.pad, self.warehouse.aftersales_old_parts_location_id), 2)
        self.assertEqual(self.pad.qty_available, 10, "our own stock is untouched")

    def test_customers_own_parts_have_no_value(self):
        """R-PART-23, R-PART-04: what customers brought is counted where it is registered, without stock and value."""
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id))
        job = order._add_job("Wipers")
        own = order._add_line(job, kind='part', supplied_by='customer', name="Own wipers", quantity=2)
        own._receive_own_part(2, "new in box")
        self._put(self.disc, 1, self.shelf_b, owner=self.customer)
        count = self._started(scope='own_parts')
        registered = count.line_ids.filtered('repair_line_id')
        self.assertEqual((registered.repair_line_id, registered.owner_id), (own, self.customer))
        self.assertEqual((count.line_ids - registered).product_id, self.disc)
        count.line_ids._record({registered: 1.0, count.line_ids - registered: 1.0})
        count._finish()
        registered.with_user(self.second)._record({registered: 1.0})
        count.with_user(self.second)._finish()
        registered.reason_id = self.reason
        count.with_user(self.manager)._approve()
        self.assertEqual((count.state, registered.state, count.sudo().absolute_value), ('decided', 'applied', 0.0))
        self.assertEqual(own.own_part_qty, 2.0, "the order keeps what was received; the count tells what is missing")

    def test_found_where_nobody_expected_it(self):
        """R-PART-04: a part on the wrong shelf is added while counting and adjusted in."""
        count = self._started(location_id=self.shelf_a.id)
        wiper = self._make_part("Wiper", cost=30.0)
        line = count._add_found(wiper, self.shelf_a, 2.0)
        self.assertTrue(line.is_found)
        self._enter(count, {self.pad: 10, self.oil: 50})
        count._finish()
        self._enter(count, {wiper: 2}, self.second)
        count.with_user(self.second)._finish()
        line.reason_id = self.reason
        count.with_user(self.manager)._approve()
        self.assertEqual(self._on_hand(wiper, self.shelf_a), 2)
        self.assertEqual(self._balance(self.account_pending), -60.0)

    def test_found_is_refused(self):
        """R-PART-04: not outside the count, not without its serial number, not a service."""
        count = self._started(location_id=self.shelf_a.id)
        serial = self._make_part("Unit", tracking='serial')
        service = self.env['product.product'].create({'name': "Paint", 'type': 'service'})
        for code, part, place in (('CNT-44', self.pad, self.shelf_b), ('CNT-45', service, self.shelf_a), ('CNT-46', serial, self.shelf_a)):
            with self.subTest(code), self.assertBlocked(code):
                count._add_found(part, place, 1.0)

    def test_lots(self):
        """R-PART-04: numbered parts are counted number by number."""
        part = self._make_part("Airbag", cost=500.0, tracking='serial')
        lots = self.env['stock.lot'].create([
            {'name': f'SN{n}', 'product_id': part.id, 'company_id': self.company.id} for n in (1, 2)])
        for lot in lots:
            self._put(part, 1, self.shelf_b, lot=lot)
        count = self._started(location_id=self.shelf_b.id)
        lines = count.line_ids.filtered('lot_id')
        self.assertEqual(lines.lot_id, lots)
        with self.assertBlocked('CNT-21'):
            lines[0]._record({lines[0]: 2.0})

    def test_same_goods_in_two_counts(self):
        """R-PART-04: one part at one place is counted once at a time, or its difference would be adjusted twice."""
        self._started(location_id=self.shelf_a.id)
        with self.assertBlocked('CNT-06'):
            self._started()

    def test_count_again(self):
        """R-PART-04: the manager sends lines back; book and difference are hidden again, the last counter may not check himself."""
        count = self._counted({self.pad: 8, self.oil: 50, self.disc: 4})
        pad = self._line(count, self.pad)
        count.with_user(self.manager)._send_back(pad)
        self.assertEqual((count.state, pad.state, pad.book_qty, pad.difference_qty), ('recount', 'recount', 0, 0))
        with self.assertBlocked('CNT-24'):
            self._enter(count, {self.pad: 10}, self.second)
        self._enter(count, {self.pad: 10}, self.keeper)
        count._finish()
        self.assertEqual((count.state, count.different_count), ('to_approve', 0))
        with self.assertBlocked('CNT-07'):
            count.with_user(self.manager)._send_back(False)

    def test_more_went_out_than_was_counted(self):
        """R-PART-04: an adjustment never makes stock negative."""
        count = self._counted({self.pad: 8, self.oil: 50, self.disc: 4})
        self._move_out(self.pad, 9)
        with self.assertBlocked('CNT-16'):
            count.with_user(self.manager)._approve()

    def test_locked_period(self):
        """R-PART-04: nothing is adjusted into a locked period."""
        count = self._counted({self.pad: 8, self.oil: 50, self.disc: 4})
        self.company.sudo().fiscalyear_lock_date = fields.Date.today() + timedelta(days=1)
        with self.assertBlocked('CNT-15'):
            count.with_user(self.manager)._approve()
        self.assertEqual(self.pad.qty_available, 10)

    def test_applied_once(self):
        """R-PART-04: approving twice adjusts once."""
        count = self._counted({self.pad: 8, self.oil: 50, self.disc: 4})
        count.with_user(self.manager)._approve()
        with self.assertBlocked('CNT-03'):
            count.with_user(self.manager)._approve()
        with self.assertBlocked('CNT-14'):
            count._apply_sudo()
        self.assertEqual(self.pad.qty_available, 8)

    def test_numbers_nobody_counts(self):
        """R-PART-04: negative, absurd, broken and missing numbers are refused; half a litre is not."""
        count = self._started()
        pad, oil = self._line(count, self.pad), self._line(count, self.oil)
        for number in (-1.0, 6901234567890.0, 1.5, float('nan'), float('inf'), '8', None, True):
            with self.subTest(number), self.assertBlocked('CNT-21'):
                pad._record({pad: number})
        litre = self.env.ref('uom.product_uom_litre')
        oil._guarded().product_uom_id = litre
        oil._record({oil: 49.5})
        self.assertEqual(oil.first_qty, 49.5)

    def test_cancel(self):
        """R-PART-04: a count is given up with a reason before it is adjusted, and kept."""
        count = self._started().with_user(self.planner)
        with self.assertBlocked('CNT-09'):
            count._cancel(self.reason)
        count._cancel(self._reason('cancel'))
        self.assertEqual(count.state, 'cancelled')
        with self.assertBlocked('CNT-02'):
            count.unlink()
        with self.assertBlocked('CNT-03'):
            self._enter(count, {self.pad: 1})

    def test_cyclic_plans(self):
        """R-PART-24: A monthly, B quarterly, C yearly; the nightly job plans what is due, once."""
        self._move_out(self.disc, 1)
        plans = self.env['aftersales.stock.count.plan'].with_user(self.planner).create([
            {'name': f"Class {letter}", 'abc_class': letter, 'counter_id': self.keeper.id, 'company_id': self.company.id}
            for letter in 'abc'
        ])
        self.assertEqual(plans.mapped('interval_months'), [1, 3, 12])
        plans[2].next_date += timedelta(days=1)
        with self.enter_registry_test_mode():
            self.env.ref('aftersales_service.ir_cron_count_plan').method_direct_trigger()
        counts = plans.count_ids
        self.assertEqual(sorted(counts.mapped('abc_class')), ['a', 'b'])
        self.assertEqual(counts.activity_ids.user_id, self.keeper)
        self.assertEqual(plans[0].next_date, self._in_months(1))
        plans[0].next_date = self.company._aftersales_today()
        plans.sudo()._cron_plan()
        self.assertEqual(len(plans.count_ids), 2, "the last count of the plan still runs")
        with self.assertBlocked('CNT-28'):
            plans[0].write({'scope': 'category'})
        with mute_logger('odoo.sql_db'), self.assertRaises(CheckViolation):
            plans[0].interval_months = 0
            plans.flush_recordset()

    def _in_months(self, months):
        return fields.Date.add(self.company._aftersales_today(), months=months)

    def test_indicators(self):
        """R-KPI-38: 2 of 3 lines right, 160.00 of 3,000.00 missing; no count, or one still to approve: no figure."""
        today = self.company._aftersales_today()
        Indicator = self.env['aftersales.indicator'].sudo()

        def figures():
            return [
                getattr(Indicator, f'_indicator_{code}')(self.company, today, today) for code in ('count_accuracy', 'count_shortage')]
        self.assertEqual([figure.value for figure in figures()], [None, None])
        count = self._counted({self.pad: 8, self.oil: 50, self.disc: 4})
        self.assertEqual([figure.value for figure in figures()], [None, None])
        count.with_user(self.manager)._approve()
        accuracy, shortage = figures()
        self.assertEqual((accuracy.numerator, accuracy.denominator, round(accuracy.value, 2)), (2, 3, 66.67))
        self.assertEqual((shortage.numerator, shortage.denominator, round(shortage.value, 2)), (160, 3000, 5.33))
        for figure, lines in ((accuracy, count.line_ids), (shortage, self._line(count, self.pad))):
            self.assertEqual(self.env[figure.drill['model']].sudo().search(figure.drill['domain']), lines)
        # The day ends at midnight of the company: 16:00 UTC in Shanghai.
        count._guarded().finished_at = self.company._aftersales_day_bounds(today)[1]
        self.assertEqual([figure.value for figure in figures()], [None, None])
