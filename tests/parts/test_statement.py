import io
import random
import re
import tracemalloc
from datetime import timedelta
from unittest.mock import patch

import openpyxl
import psycopg2
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2.extras import Json

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.models.parts import aftersales_stock_ledger

from .. import big_store
from ..common import AftersalesCommon
from .stock_flow import CUSTOMERS, SUPPLIERS, StockFlow


class TestStatement(StockFlow, AftersalesCommon):
    """The month's statement of what came, stayed and went (R-PART-05, R-REP-09, R-DOC-21)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.shelf = cls.warehouse.lot_stock_id
        cls.suppliers = cls.env.ref(SUPPLIERS)
        cls.customers = cls.env.ref(CUSTOMERS)
        cls.manager = cls._role('parts_manager')
        cls.accountant = cls._role('accountant')

    def assertTies(self, statement):
        """Each part's closing is what Odoo's own valuation says at this moment, to the cent."""
        for line in statement.line_ids:
            product = line.product_id.with_context(allowed_company_ids=self.company.ids)
            product.invalidate_recordset()
            self.assertEqual(line.closing_value, self.company.currency_id.round(product.total_value), product.name)
            self.assertEqual(line.closing_qty, product._with_valuation_context().qty_available, product.name)
        self.assertEqual(statement.valuation_gap, 0.0)

    def assertExplained(self, statement):
        """Of each stock account: goods − balance = the sum of what explains it."""
        for account in statement.check_ids.account_id:
            checks = statement.check_ids.filtered(lambda check, account=account: check.account_id == account)
            figures = {check.explanation: check.amount for check in checks}
            explained = sum(amount for name, amount in figures.items() if name not in ('stock', 'ledger'))
            self.assertAlmostEqual(figures['stock'] - figures['ledger'], explained, 2)
            self.assertAlmostEqual(figures['ledger'], self._balance(account), 2)

    # === COLUMNS === #

    def test_every_way_has_its_column(self):
        """R-PART-05: opening + receipts − issues ± adjustments = closing, each way in its own column."""
        part = self._make_part("Filter", cost=10.0)
        other = self._make_part("Counted", cost=5.0)
        self._move_goods(part, 40, self.suppliers, self.shelf, cost=10.0)
        order = self._signed_order([(part, 6)])
        order._issue_parts()
        order.line_ids._return_parts(2, False)
        self._scrap(part, 1)
        self._move_goods(part, 3, self.shelf, self.suppliers)
        self._move_goods(part, 2, self.shelf, self.customers)
        self._move_goods(part, 1, self.customers, self.shelf)
        self._count(part, 30)
        self._count(other, 7)
        self._count(other, 4)
        statement = self._statement()
        self.assertRecordValues(self._line(statement, part), [{
            'opening_qty': 0, 'purchase_qty': 40, 'order_return_qty': 2, 'other_in_qty': 1, 'in_qty': 43,
            'order_issue_qty': 6, 'scrap_qty': 1, 'vendor_return_qty': 3, 'other_out_qty': 2, 'out_qty': 12,
            'gain_qty': 0, 'loss_qty': 1, 'closing_qty': 30, 'closing_value': 300.0, 'order_issue_value': 60.0,
            'loss_value': 10.0, 'scrap_value': 10.0, 'vendor_return_value': 30.0, 'revaluation_value': 0.0,
        }])
        self.assertRecordValues(self._line(statement, other), [{
            'gain_qty': 7, 'loss_qty': 3, 'closing_qty': 4, 'gain_value': 35.0, 'loss_value': 15.0, 'in_qty': 0, 'out_qty': 0,
        }])
        self.assertEqual(statement.closing_value, sum(statement.line_ids.mapped('closing_value')))
        self.assertTies(statement)
        self.assertExplained(statement)

    def test_counter_sales_and_consumables_are_apart(self):
        """R-PART-15, R-PART-22: what the counter sold and what teams used up are columns of their own."""
        part = self._make_part("Wiper", cost=10.0, on_hand=20.0)
        order = self._make_order(profile='counter', parts=[(part, 3)], vehicle_id=False)
        self._approve(order)
        order._request_parts()
        order._issue_parts()
        production = self.env['stock.location'].create({
            'name': "Consumption", 'usage': 'production', 'company_id': self.company.id,
        })
        self._move_goods(part, 2, self.shelf, production)
        line = self._line(self._statement(), part)
        self.assertEqual((line.counter_qty, line.order_issue_qty, line.consumable_qty), (3, 0, 2))

    def test_goods_of_others_have_no_value(self):
        """R-PART-23: the customer's own parts are neither pieces nor value of the statement."""
        part = self._make_part("Own", cost=10.0, on_hand=2.0)
        self.env['stock.quant']._update_available_quantity(part, self.shelf, 5, owner_id=self.customer)
        line = self._line(self._statement(), part)
        self.assertEqual((line.closing_qty, line.closing_value), (2, 20.0))

    # === MONTHS === #

    def test_month_is_cut_in_the_time_zone_of_the_company(self):
        """R-PART-05: 23:30 UTC of the last day is the next month in Shanghai."""
        part = self._make_part("Late", cost=10.0)
        month = self.company._aftersales_today().replace(day=1) - relativedelta(months=1)
        start, end = self.company._aftersales_month_bounds(month)
        self.assertEqual(start.hour, 16)
        for date in (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end):
            self._move_goods(part, 1, self.suppliers, self.shelf, cost=10.0, date=date)
        line = self._line(self._statement(month), part)
        self.assertEqual((line.opening_qty, line.in_qty, line.closing_qty), (1, 2, 3))
        this = self._line(self._statement(), part)
        self.assertEqual((this.opening_qty, this.in_qty, this.closing_qty), (3, 1, 4))
        self.assertEqual(this.opening_value, line.closing_value)

    def test_past_month_agrees_with_odoo_at_that_moment(self):
        """R-KPI-01: the closing of a past month is what Odoo's own valuation says of that moment."""
        part = self._make_part("Past", cost=10.0)
        month = self.company._aftersales_today().replace(day=1) - relativedelta(months=1)
        start, end = self.company._aftersales_month_bounds(month)
        order = self.env['purchase.order'].create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({'product_id': part.id, 'product_qty': 9, 'price_unit': 12.0, 'tax_ids': False})],
        })
        order.button_confirm()
        order.picking_ids.move_ids.write({'quantity': 9, 'picked': True})
        order.picking_ids._action_done()
        self._back_date(order.picking_ids.move_ids, start + timedelta(days=3))
        self._move_goods(part, 4, self.shelf, self.customers, date=start + timedelta(days=9))
        self._move_goods(part, 3, self.shelf, self.customers)
        line = self._line(self._statement(month), part)
        at_date = end - timedelta(seconds=1)
        self.assertEqual(line.closing_value, part._run_avco(at_date=at_date)[1])
        self.assertEqual((line.closing_qty, line.closing_value), (5, 60.0))

    def test_bill_at_another_price_is_a_change_of_cost(self):
        """R-PART-05: a bill after the issue changes the worth, the statement says by how much."""
        part = self._make_part("Billed", cost=0.0)
        order = self.env['purchase.order'].create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({'product_id': part.id, 'product_qty': 10, 'price_unit': 10.0, 'tax_ids': False})],
        })
        order.button_confirm()
        order.picking_ids.move_ids.write({'quantity': 10, 'picked': True})
        order.picking_ids._action_done()
        repair = self._signed_order([(part, 4)])
        repair._issue_parts()
        bill = self.env['account.move'].browse(order.action_create_invoice()['res_id'])
        bill.invoice_date = fields.Date.today()
        bill.invoice_line_ids.price_unit = 15.0
        bill.action_post()
        statement = self._statement()
        line = self._line(statement, part)
        self.assertEqual((line.purchase_value, line.order_issue_value, line.closing_value), (150.0, 40.0, 90.0))
        self.assertEqual(line.revaluation_value, -20.0)
        self.assertTies(statement)
        self.assertExplained(statement)
        self.assertEqual(statement.ledger_unexplained, 0.0)

    def test_price_set_by_hand(self):
        part = self._old_part("Dearer", 10.0)
        start, _end = self.company._aftersales_month_bounds()
        self._move_goods(part, 8, self.suppliers, self.shelf, cost=11.0, date=start)
        part.standard_price = 12.5
        line = self._line(self._statement(), part)
        self.assertEqual((line.price_change_value, line.revaluation_value, line.closing_value), (12.0, 12.0, 100.0))

    def test_methods_of_costing(self):
        """R-KPI-01: first in first out, standard cost and values by lot agree with Odoo too."""
        statement_parts = self.env['product.product']
        for method in ('fifo', 'standard', 'average'):
            category = self.env['product.category'].create({
                'name': method, 'property_cost_method': method, 'property_valuation': 'real_time',
            })
            part = self._make_part(method, cost=9.0, categ_id=category.id)
            statement_parts |= part
            for quantity, cost in ((5, 10.0), (7, 13.33), (3, 8.01)):
                self._move_goods(part, quantity, self.suppliers, self.shelf, cost=cost)
            self._move_goods(part, 6, self.shelf, self.customers)
            if method == 'standard':
                part.standard_price = 9.5
        lots = self._make_part("By lot", cost=3.0, tracking='lot', lot_valuated=True)
        lot = self.env['stock.lot'].create({'name': "L1", 'product_id': lots.id})
        self.env['stock.quant'].with_context(inventory_mode=True).create({
            'product_id': lots.id, 'location_id': self.shelf.id, 'inventory_quantity': 4, 'lot_id': lot.id,
        }).action_apply_inventory()
        statement = self._statement()
        self.assertEqual(len(statement.line_ids.filtered(lambda line: line.product_id in statement_parts | lots)), 4)
        self.assertTies(statement)

    def test_warehouses_share_the_worth(self):
        """R-PART-05: the statements of the warehouses add up to the company's, transfers between them apart."""
        second = self.env['stock.warehouse'].create({'name': "Second", 'code': "W2", 'company_id': self.company.id})
        part = self._make_part("Shared", cost=10.0, on_hand=10.0)
        self._move_goods(part, 4, self.shelf, second.lot_stock_id)
        self._move_goods(part, 1, second.lot_stock_id, self.customers)
        whole = self._line(self._statement(), part)
        first = self._line(self._statement(warehouse_id=self.warehouse.id), part)
        other = self._line(self._statement(warehouse_id=second.id), part)
        self.assertEqual((whole.transfer_qty, first.transfer_qty, other.transfer_qty), (0, -4, 4))
        self.assertEqual((first.closing_qty, other.closing_qty, other.other_out_qty), (6, 3, 1))
        self.assertEqual(first.closing_value + other.closing_value, whole.closing_value)
        self.assertEqual((first.transfer_value, other.transfer_value), (-40.0, 40.0))
        self.assertEqual((first | other).statement_id.mapped('valuation_gap'), [0.0, 0.0])

    def test_random_flows_always_tie(self):
        """R-PART-05: after whatever happened, the statement and Odoo's valuation are equal to the cent."""
        dice = random.Random(20261122)
        parts = self.env['product.product']
        for method in ('average', 'average', 'fifo', 'standard'):
            category = self.env['product.category'].create({
                'name': f"{method} {len(parts)}", 'property_cost_method': method, 'property_valuation': 'real_time',
            })
            parts |= self._make_part(f"Random {method}", cost=dice.randint(1, 9999) / 100, categ_id=category.id)
        start, _end = self.company._aftersales_month_bounds()
        before = start - timedelta(days=20)
        for step in range(60):
            part = dice.choice(parts)
            quantity = dice.randint(1, 9)
            cost = dice.randint(1, 99_999) / 100
            date = dice.choice([None, None, before + timedelta(days=dice.randint(0, 19), seconds=step)])
            way = dice.choice(['buy', 'buy', 'buy', 'sell', 'sell', 'back', 'give_back', 'scrap', 'count', 'price'])
            if way == 'buy':
                self._move_goods(part, quantity, self.suppliers, self.shelf, cost=cost, date=date)
            elif way == 'sell':
                self._move_goods(part, quantity, self.shelf, self.customers, date=date)
            elif way == 'back':
                self._move_goods(part, quantity, self.customers, self.shelf, date=date)
            elif way == 'give_back':
                self._move_goods(part, quantity, self.shelf, self.suppliers, date=date)
            elif way == 'scrap':
                self._scrap(part, 1)
            elif way == 'count':
                self._count(part, quantity)
            elif part.cost_method != 'fifo':
                part.standard_price = cost
            if step % 12 == 11:
                statement = self._statement()
                self.assertTies(statement)
                self.assertExplained(statement)
                last = self._statement(start - timedelta(days=1))
                self.assertEqual(last.closing_value, statement.opening_value, "the months follow on each other")
                (statement | last).unlink()

    # === FREEZING === #

    def _frozen_month(self):
        part = self._make_part("Frozen", cost=10.0)
        month = self.company._aftersales_today().replace(day=1) - relativedelta(months=1)
        start, _end = self.company._aftersales_month_bounds(month)
        self._move_goods(part, 10, self.suppliers, self.shelf, cost=10.0, date=start + timedelta(days=1))
        statement = self._statement(month).with_user(self.manager)
        statement.action_submit()
        return part, statement, start

    def test_frozen_figures_stand_and_late_bookings_show(self):
        """R-PART-05: nobody changes what was handed in; what is booked into the month shows on the next one."""
        part, statement, start = self._frozen_month()
        self.assertEqual((statement.state, statement.submitted_by_id), ('submitted', self.manager))
        found = [row['code'] for row in self.company._aftersales_integrity()]
        self.assertNotIn('PAR-I8', found)
        self._move_goods(part, 4, self.shelf, self.customers, date=start + timedelta(days=5))
        for verb in (statement._draw_up, statement._compare, statement.unlink):
            with self.assertBlocked('PAR-202'):
                verb()
        with self.assertBlocked('PAR-202'):
            statement.month = fields.Date.today()
        with self.assertBlocked('BAS-01'):
            statement.line_ids.sudo().write({'closing_value': 1.0})
        with self.assertBlocked('BAS-01'):
            statement.sudo().write({'closing_value': 1.0})
        self.assertEqual(self._line(statement, part).closing_qty, 10)
        following = self._line(self._statement(), part)
        self.assertRecordValues(following, [{
            'opening_qty': 10, 'opening_value': 100.0, 'changed_qty': -4, 'changed_value': -40.0, 'out_qty': 0,
            'closing_qty': 6, 'closing_value': 60.0,
        }])
        [finding] = [row for row in self.company._aftersales_integrity() if row['code'] == 'PAR-I8']
        self.assertEqual((finding['res_id'], finding['amount']), (statement.id, -40.0))

    def test_who_submits_and_who_confirms(self):
        """R-PART-05: the parts manager submits, the accountant confirms, and it is another person."""
        statement = self._statement(self.company._aftersales_today() - relativedelta(months=1))
        for role in ('parts_keeper', 'parts_planner'):
            with self.assertBlocked('PAR-203'):
                statement.with_user(self._role(role)).action_submit()
        with self.assertBlocked('PAR-203'):
            statement.with_user(self.accountant)._submit()
        with self.assertBlocked('PAR-208'):
            statement.with_user(self.accountant)._confirm()
        both = self._make_user('parts_manager', 'accountant', login='both_desks')
        statement.with_user(both)._submit()
        with self.assertBlocked('PAR-203'):
            statement.with_user(self.manager)._confirm()
        self._set_gate('statement_second_person', 'block')
        with self.assertBlocked('PAR-205'):
            statement.with_user(both)._confirm()
        self.assertEqual(statement.with_user(both).action_confirm()['res_model'], 'aftersales.gate.wizard')
        self._set_gate('statement_second_person', 'off')
        statement.with_user(both)._reopen()
        self.assertEqual((statement.state, statement.submitted_by_id.id), ('draft', False))
        statement.with_user(self.manager)._submit()
        statement.with_user(self.accountant).action_confirm()
        self.assertEqual((statement.state, statement.confirmed_by_id), ('confirmed', self.accountant))
        with self.assertBlocked('PAR-208'):
            statement.with_user(self.accountant)._reopen()

    def test_month_must_be_over(self):
        statement = self._statement()
        with freeze_time(self.company._aftersales_month_bounds()[0] + timedelta(days=3)), self.assertBlocked('PAR-204'):
            statement.with_user(self.manager)._submit()

    def test_earlier_month_stays_while_a_later_one_stands_on_it(self):
        part, first, start = self._frozen_month()
        earlier = self._statement(start - timedelta(days=1)).with_user(self.manager)
        earlier._submit()
        with self.assertBlocked('PAR-209'):
            earlier._reopen()
        first._reopen()
        earlier._reopen()

    def test_one_statement_a_month(self):
        self._statement()
        with self.assertBlocked('PAR-200'):
            self._statement()
        with self.assertRaises(psycopg2.IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.env.cr.execute("""
                INSERT INTO aftersales_stock_statement (company_id, month, state)
                SELECT company_id, month, state FROM aftersales_stock_statement
            """)

    def test_month_of_drawn_up_statement_stays(self):
        statement = self._statement()
        with self.assertBlocked('PAR-201'):
            statement.month = statement.month - relativedelta(months=1)
        fresh = self.env['aftersales.stock.statement'].create({'company_id': self.company.id, 'month': '2020-05-17'})
        with self.assertBlocked('PAR-201'):
            fresh.company_id = self._make_company("Other Motors")
        fresh.month = '2020-06-30'
        self.assertEqual(str(fresh.month), '2020-06-01')

    def test_disagreement_blocks_or_warns(self):
        """R-PART-05: a statement that does not agree is submitted only as the gate allows."""
        part = self._make_part("Wrong", cost=10.0, on_hand=5.0)
        order = self._signed_order([(part, 2)])
        order._issue_parts()
        month = self.company._aftersales_today() - relativedelta(months=1)
        start, _end = self.company._aftersales_month_bounds(month)
        moves = self.env['stock.move'].search([('product_id', '=', part.id)])
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_move SET date = %s WHERE id IN %s", [start, tuple(moves.ids)])
        self.env.cr.execute("UPDATE account_move SET date = %s WHERE id IN %s", [start.date(), tuple(moves.account_move_id.ids)])
        self.env.cr.execute("UPDATE account_move_line SET date = %s WHERE move_id IN %s", [
            start.date(), tuple(moves.account_move_id.ids)])
        self.env.cr.execute("UPDATE stock_move SET value = value + 7 WHERE account_move_id IS NOT NULL AND id IN %s", [
            tuple(moves.ids)])
        self.env.invalidate_all()
        statement = self._statement(month)
        self.assertEqual(statement.ledger_unexplained, 7.0)
        self._set_gate('statement_ties', 'block')
        with self.assertBlocked('PAR-207'):
            statement.with_user(self.manager)._submit()
        self._set_gate('statement_ties', 'off')
        statement.with_user(self.manager)._submit()
        self.assertEqual(statement.state, 'submitted')

    def test_valuation_gap_blocks(self):
        statement = self._statement(self.company._aftersales_today() - relativedelta(months=1))
        self._set_gate('statement_ties', 'block')
        statement._guarded().write({'valuation_gap': 0.01})
        self.assertEqual(self._codes(statement, 'submitted'), {'PAR-206'})

    def _gone_through(self, statement):
        """Compare a statement; return the products whose history Odoo had to go through."""
        seen = []
        compute = type(self.env['product.product'])._compute_value
        with patch.object(type(self.env['product.product']), '_compute_value', autospec=True,
                          side_effect=lambda products: seen.extend(products.ids) or compute(products)):
            statement.action_compute()
        return set(seen)

    def test_valuation_is_compared_in_one_go(self):
        """R-PART-05: what Odoo keeps of each part is compared at once; only a part that differs costs its history."""
        part = self._make_part("Filter", cost=10.0)
        self._move_goods(part, 7, self.suppliers, self.shelf, cost=12.37)
        self._move_goods(part, 3, self.suppliers, self.shelf, cost=3.1)
        order = self._signed_order([(part, 2)])
        order._issue_parts()
        beside = self._make_part("Beside", cost=10.0, on_hand=3.0)
        statement = self._statement()
        self.assertFalse(self._gone_through(statement))
        self.assertTies(statement)
        # The cost that Odoo keeps was overwritten: its own valuation goes by the movements, as ours does.
        self.env.cr.execute("UPDATE product_product SET standard_price = %s WHERE id = %s",
                            [Json({str(self.company.id): 99.0}), beside.id])
        self.env.invalidate_all()
        self.assertEqual(self._gone_through(statement), set(beside.ids))
        self.assertEqual(statement.valuation_gap, 0.0)
        # A piece that no movement brought: the shelf differs, the worth does not, since Odoo goes by movements too.
        self.env.cr.execute("UPDATE stock_quant SET quantity = quantity + 1 WHERE product_id = %s AND location_id = %s",
                            [part.id, self.shelf.id])
        self.env.invalidate_all()
        self.assertEqual(self._gone_through(statement), {part.id, beside.id})
        self.assertEqual((statement.valuation_gap, statement.valuation_value), (0.0, statement.closing_value))

    def test_parts_that_never_moved_are_compared(self):
        """R-PART-05: pieces on the shelf of a part without a single movement are a difference too."""
        part = self._make_part("Appeared", cost=10.0)
        self.env['stock.quant'].sudo().create({
            'product_id': part.id, 'location_id': self.shelf.id, 'quantity': 2.0,
        })
        statement = self._statement()
        self.assertEqual(statement.valuation_gap, -20.0)

    # === SPEED === #

    def test_queries_do_not_grow_with_the_parts(self):
        """R-PART-05: drawing up and comparing cost as many queries for 45 parts as for 5, the workbook too."""
        counts = []
        for number in range(2):
            for index in range(5 + number * 40):
                self._make_part(f"Part {number} {index}", cost=1.0 + index, on_hand=1.0 + number)
            self.env.flush_all()
            statement = self.env['aftersales.stock.statement'].create({'company_id': self.company.id})
            counts.append([])
            for verb in (statement._draw_up, lambda statement=statement: statement._download('statement'), statement._compare):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                verb()
                self.env.flush_all()
                counts[-1].append(self.env.cr.sql_log_count - before)
            statement.unlink()
        self.assertLessEqual(counts[1][0], min(counts[0][0] + 1, 25))
        self.assertLessEqual(counts[1][1], min(counts[0][1] + 1, 30))
        self.assertLessEqual(counts[1][2], min(counts[0][2] + 1, 30))

    def test_memory_does_not_grow_with_the_movements(self):
        """R-PART-05: movements are read in chunks; ten times as many of them for twice the parts take twice the memory."""
        peaks = []
        with patch.object(aftersales_stock_ledger, 'CHUNK', 500):
            for moves in (1_000, 10_000):
                big_store.lay(type(self), parts=50, moves=moves, rounds=5)
                statement = self.env['aftersales.stock.statement'].create({'company_id': self.company.id})
                statement._draw_up()  # fills the caches, which would hide the rest
                self.env.flush_all()
                self.env.invalidate_all()
                tracemalloc.start()
                statement._draw_up()
                peaks.append(tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
                statement.unlink()
        self.assertLess(peaks[1], 3 * peaks[0])

    def test_workbook_of_ten_thousand_rows(self):
        """R-REP-09: ten thousand movements of a thousand parts leave as a workbook with at most 30 queries."""
        month = self.company._aftersales_today().replace(day=1) - relativedelta(months=1)
        end = self.company._aftersales_month_bounds(month)[1]
        big_store.lay(type(self), parts=1000, moves=10_000, rounds=5, days=27, until=end - timedelta(hours=1))
        statement = self._statement(month)
        self.assertEqual((statement.line_count, statement.valuation_gap), (1000, 0.0))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        _name, content = statement._download('statement')
        self.assertLessEqual(self.env.cr.sql_log_count - before, 30)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        self.assertGreaterEqual(sum(1 for _row in book.worksheets[2].iter_rows()), 10_000)

    # === RIGHTS AND FILES === #

    def test_workbook(self):
        """R-REP-09: closing is a formula on every sheet, the raw data add up to it; the keeper's has no cost."""
        part = self._make_part("=Filter", cost=10.0, default_code='F-1')
        self._move_goods(part, 7, self.suppliers, self.shelf, cost=12.5)
        order = self._signed_order([(part, 2)])
        order._issue_parts()
        statement = self._statement()
        name, content = statement._download('statement')
        self.assertIn(statement.display_name, name)
        formulas = openpyxl.load_workbook(io.BytesIO(content))
        values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        parts, raw = values.worksheets[1], values.worksheets[2]
        head = [cell.value for cell in parts[4]]
        [row] = [row for row in range(5, parts.max_row) if parts.cell(row, 2).value == 'F-1']
        closing = head.index("Closing Value") + 1
        self.assertEqual(parts.cell(row, closing).value, 62.5)
        formula = formulas.worksheets[1].cell(row, closing).value
        terms = re.findall(r'([+-]?)([A-Z]+)\d+', formula.removeprefix('='))
        total = sum((-1 if sign == '-' else 1) * (parts[f'{letters}{row}'].value or 0) for sign, letters in terms)
        self.assertAlmostEqual(total, 62.5, 2)
        moved = [
            [cell.value for cell in line] for line in raw.iter_rows(min_row=2) if line[3].value == 'F-1'
        ]
        self.assertEqual([(line[7], line[8]) for line in moved], [(7, 87.5), (-2, -25.0)])
        self.assertEqual(moved[1][2], order.name)
        self.assertTrue(formulas.worksheets[0].cell(5, 9).value.startswith('=B5'))
        _name, content = statement.with_user(self._role('parts_keeper'))._download('statement')
        self.assertNotIn("Closing Value", [cell.value for cell in openpyxl.load_workbook(
            io.BytesIO(content)).worksheets[1][4]])

    def test_print(self):
        """R-DOC-21: the form by category, with the signatures of parts manager and accountant."""
        part = self._make_part("Printed", cost=10.0)
        month = self.company._aftersales_today() - relativedelta(months=1)
        start, _end = self.company._aftersales_month_bounds(month)
        self._move_goods(part, 5, self.suppliers, self.shelf, cost=10.0, date=start)
        statement = self._statement(month)
        statement.with_user(self.manager)._submit()
        html = self._html('report_stock_statement', statement)
        for text in (statement.display_name, "Spare parts", "Closing", self.manager.name):
            self.assertIn(text, html)
        for kind in ('action_print', 'action_xlsx'):
            self.assertTrue(getattr(statement, kind)()['type'])

    def test_keeper_reads_without_cost(self):
        """R-PERM-05: the keeper reads pieces, never what they cost; nobody writes a line."""
        self._make_part("Secret", cost=10.0, on_hand=5.0)
        statement = self._statement()
        keeper = statement.with_user(self._role('parts_keeper'))
        self.assertTrue(keeper.line_ids.mapped('closing_qty'))
        for record, name in ((keeper, 'closing_value'), (keeper.line_ids[0], 'closing_value')):
            with self.assertRaises(AccessError):
                record.read([name])
        self.assertFalse(keeper.line_ids.has_access('write'))
        with self.assertBlocked('PAR-203'):
            keeper._draw_up()
        self.assertNotIn('closing_value', keeper._by_category()[0])

    def test_other_company_sees_nothing(self):
        statement = self._statement()
        other = self._make_company("Other Motors")
        stranger = self._make_user('parts_manager', login='stranger')
        stranger.write({'company_ids': [Command.set(other.ids)], 'company_id': other.id})
        for model in (statement, statement.line_ids):
            own = self.env[model._name].with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(own.search([('id', 'in', model.ids)]))

    def test_parts_only(self):
        """A company that keeps new cars in the same books lists its parts only."""
        self._set_gate('receipt_accepted', 'off')
        part = self._make_part("Part", cost=10.0, on_hand=1.0, aftersales_is_part=True)
        car = self._make_part("New car", cost=100000.0, on_hand=1.0)
        self.company.aftersales_statement_scope = 'parts'
        statement = self._statement()
        self.assertTrue(self._line(statement, part))
        self.assertFalse(self._line(statement, car))
        self.assertExplained(statement)

    def test_form_and_drill(self):
        """R-PART-05: every figure leads to the movements behind it."""
        part = self._make_part("Drilled", cost=10.0, on_hand=5.0)
        with Form(self.env['aftersales.stock.statement'].with_user(self.manager)) as form:
            form.month = fields.Date.today()
        statement = form.record
        self.assertEqual(statement.month.day, 1)
        statement.action_compute()
        action = self._line(statement, part).action_moves()
        moves = self.env['stock.move'].search(action['domain'])
        self.assertEqual(sum(moves.mapped('value')), self._line(statement, part).in_value)
        self.assertEqual(statement.action_lines()['domain'], [('statement_id', '=', statement.id)])
        for check in statement.check_ids:
            action = check.action_open()
            self.assertIn(action['type'], ('ir.actions.act_window',))
            if action.get('domain') and action['res_model'] == 'account.move.line':
                items = self.env['account.move.line'].search(action['domain'])
                if check.explanation in ('closing', 'other'):
                    self.assertAlmostEqual(-sum(items.mapped('balance')), check.amount, 2)

    def test_cron_draws_up_and_tells_the_manager(self):
        """R-PART-05: on the month's last day the statement is there and the parts manager is told."""
        self._make_part("Cron", cost=10.0, on_hand=5.0)
        self.manager.company_ids = [Command.link(self.company.id)]
        _start, end = self.company._aftersales_month_bounds()
        with freeze_time(end - timedelta(hours=5)):
            self.env['aftersales.stock.statement']._cron_prepare()
            self.env['aftersales.stock.statement']._cron_prepare()
        statement = self.env['aftersales.stock.statement'].search([('company_id', '=', self.company.id)])
        self.assertEqual(statement.month, (end - timedelta(hours=5)).date().replace(day=1))
        self.assertEqual(len(statement.activity_ids.filtered(lambda a: a.user_id == self.manager)), 1)
