import threading
from contextlib import contextmanager
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL

from ..common import (
    MODULE,
    BaseFactory,
    CatalogueFactory,
    PartsFactory,
    ReceptionFactory,
    RepairFactory,
    VehicleFactory,
    WorkshopFactory,
)
from ..ground import LAID, GroundFactory


@tagged('post_install', '-at_install', 'standard', MODULE)
class TestTwoKeepers(
    GroundFactory,
    BaseFactory,
    VehicleFactory,
    CatalogueFactory,
    ReceptionFactory,
    RepairFactory,
    WorkshopFactory,
    PartsFactory,
    BaseCase,
):
    """Two people at once, with two real cursors and Odoo's own retry: R-PART-17, R-PART-04."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._committed() as env:
            marks = self._marks(env)
        # What two transactions saw must be committed, so it is swept away afterwards row by row.
        self.addCleanup(self._sweep, marks)
        cls = type(self)
        with self._factories():
            cls.part_category = cls.env['product.category'].create(
                {
                    'name': "Two keepers",
                    'property_valuation': 'real_time',
                    'property_cost_method': 'average',
                }
            )
            self.customer_id = cls._make_customer().id
            self.gates = {
                gate.id: gate.level
                for gate in cls.env['aftersales.profile.gate'].search(
                    [
                        ('company_id', '=', cls.company.id),
                        ('code', 'in', ('parts_dispatch', 'parts_receiver')),
                    ]
                )
            }
            self.addCleanup(self._restore_gates)
            cls._set_gate('parts_dispatch', 'off')
            cls._set_gate('parts_receiver', 'off')
            self.part_id = cls._make_part("Last piece", cost=80.0, on_hand=1).id
            self.keepers = [cls._make_user('parts_keeper', login=f'two_keepers_{number}').id for number in (1, 2)]

    @contextmanager
    def _committed(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @contextmanager
    def _factories(self):
        """Let the factories work in a cursor that is committed at the end."""
        cls = type(self)
        with self._committed() as env:
            cls.env = env
            company = env.ref(f'{LAID}.company', raise_if_not_found=False) or cls._make_company()
            cls.env = env(context={'allowed_company_ids': company.ids})
            cls.company = company.with_env(cls.env)
            cls.warehouse = cls.env['stock.warehouse'].search([('company_id', '=', company.id)], limit=1)
            cls.tax_sale = cls.company.account_sale_tax_id
            self.company_id, self.wip_id, self.shelf_id = (
                company.id,
                company._aftersales_wip_account().id,
                cls.warehouse.lot_stock_id.id,
            )
            if hasattr(self, 'customer_id'):
                cls.customer = cls.env['res.partner'].browse(self.customer_id)
                self.part = cls.env['product.product'].browse(self.part_id)
            yield

    def _marks(self, env):
        """Return the highest id of every table with ids."""
        tables = [
            row[0]
            for row in env.execute_query(
                SQL(
                    "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t "
                    "ON t.table_name = c.table_name AND t.table_schema = c.table_schema AND t.table_type = 'BASE TABLE' "
                    "WHERE c.table_schema = current_schema AND c.column_name = 'id' AND c.data_type = 'integer'",
                )
            )
        ]
        return {
            table: env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table)))[0][0]
            for table in tables
        }

    def _restore_gates(self):
        with self._committed() as env:
            for gate_id, level in self.gates.items():
                env['aftersales.profile.gate'].browse(gate_id).level = level

    def _sweep(self, marks):
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL session_replication_role = replica")
            for table, mark in marks.items():
                cr.execute(SQL("DELETE FROM %s WHERE id > %s", SQL.identifier(table), mark))
            # Rows of relation tables whose records are gone.
            cr.execute(
                "SELECT child.relname, att.attname, parent.relname FROM pg_constraint con "
                "JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1] "
                "JOIN pg_class child ON child.oid = con.conrelid JOIN pg_class parent ON parent.oid = con.confrelid "
                "WHERE con.contype = 'f' AND child.relname NOT IN (SELECT table_name FROM information_schema.columns "
                "WHERE column_name = 'id' AND table_schema = current_schema)",
            )
            for table, column, target in cr.fetchall():
                if target in marks and target.islower() and table.islower():
                    cr.execute(
                        SQL(
                            "DELETE FROM %s WHERE %s > %s", SQL.identifier(table), SQL.identifier(column), marks[target]
                        )
                    )
        self.registry.clear_all_caches()

    def _race(self, *steps):
        """Run steps in their own thread, cursor and user, as two requests would; return their results or errors."""
        barrier = threading.Barrier(len(steps))
        results = [None] * len(steps)

        def run(number, step):
            first = True

            def once(env):
                nonlocal first
                # Both transactions take their snapshot before either goes on.
                env.cr.execute("SELECT 1")
                if first:
                    first = False
                    barrier.wait(timeout=60)
                return step(env)

            with self.registry.cursor() as cr:
                env = api.Environment(cr, self.keepers[number], {'allowed_company_ids': [self.company_id]})
                try:
                    results[number] = retrying(partial(once, env), env)
                except Exception as error:  # noqa: BLE001 - the error is the result
                    cr.rollback()
                    results[number] = error

        threads = [threading.Thread(target=run, args=(number, step)) for number, step in enumerate(steps)]
        for thread in threads:
            thread.dbname = self.registry.db_name
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        return results

    def test_two_keepers_press_the_same_button(self):
        """R-PART-17: one hands over, the other is told who did; the cost is booked once."""
        with self._factories():
            order_id = self._signed_order([self.part]).id

        def hand_over(env):
            return (
                env['aftersales.repair.order'].browse(order_id).sudo().picking_ids.sudo(False).action_aftersales_issue()
            )

        results = self._race(hand_over, hand_over)
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertIn('PAR-20', str(errors[0]))
        with self._committed() as env:
            order = env['aftersales.repair.order'].browse(order_id)
            self.assertEqual(order.line_ids.net_issued_qty, 1.0)
            self.assertEqual(len(order.picking_ids), 1)
            items = env['account.move.line'].search(
                [
                    ('account_id', '=', self.wip_id),
                    ('aftersales_order_id', '=', order_id),
                    ('parent_state', '=', 'posted'),
                ]
            )
            self.assertEqual(items.mapped('balance'), [80.0])

    def test_last_piece_wanted_by_two_orders(self):
        """R-PART-17, R-PART-04: one gets it, the other is told that nothing is on hand; stock never goes below zero."""
        with self._factories():
            order_ids = [self._signed_order([self.part]).id for _number in range(2)]

        def force(order_id, env):
            picking = env['aftersales.repair.order'].browse(order_id).sudo().picking_ids.sudo(False)
            picking.move_ids.quantity = 1
            return picking.action_aftersales_issue()

        results = self._race(*(partial(force, order_id) for order_id in order_ids))
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertIn('PAR-13', str(errors[0]))
        with self._committed() as env:
            lines = env['aftersales.repair.order'].browse(order_ids).line_ids
            self.assertEqual(sorted(lines.mapped('net_issued_qty')), [0.0, 1.0])
            self.assertEqual(
                sum(
                    env['stock.quant']
                    .search(
                        [
                            ('product_id', '=', self.part_id),
                            ('location_id', '=', self.shelf_id),
                        ]
                    )
                    .mapped('quantity')
                ),
                0.0,
            )

    def test_last_piece_asked_for_by_two_orders(self):
        """R-PART-21: of two requests at the same second only one is told that the piece is free, and reserves it."""
        with self._factories():
            self.company.aftersales_auto_request = False
            order_ids = [self._signed_order([self.part]).id for _number in range(2)]
            self.company.aftersales_auto_request = True

        def ask(order_id, env):
            return env['aftersales.repair.order'].browse(order_id)._request_parts().ids

        results = self._race(*(partial(ask, order_id) for order_id in order_ids))
        self.assertFalse([result for result in results if isinstance(result, Exception)], results)
        with self._committed() as env:
            requests = env['aftersales.part.request'].search([('order_id', 'in', order_ids)])
            self.assertEqual(sorted(requests.mapped('free_qty')), [0.0, 1.0])
            self.assertEqual(sorted(requests.mapped('state')), ['missing', 'reserved'])
            self.assertEqual(
                sum(env['stock.quant'].search([('product_id', '=', self.part_id)]).mapped('reserved_quantity')), 1.0
            )

    def test_last_piece_reserved_by_two_keepers(self):
        """R-PART-17, R-PART-21: two keepers reserve two orders of several lines at once; the last piece goes to one of them."""
        with self._factories():
            cls = type(self)
            others = [cls._make_part(f"Beside {number}", cost=5.0).id for number in range(2)]
            lines = [self.part, *cls.env['product.product'].browse(others)]
            cls.env['stock.quant']._update_available_quantity(self.part, cls.warehouse.lot_stock_id, -1)
            order_ids = [self._signed_order(lines).id for _number in range(2)]
            # Comes back to the shelf unnoticed: nothing is reserved by itself.
            for part, quantity in zip(lines, (1, 2, 1), strict=True):
                cls.env['stock.quant']._update_available_quantity(part, cls.warehouse.lot_stock_id, quantity)
            moves = cls.env['aftersales.repair.order'].browse(order_ids).picking_ids.move_ids
            self.assertEqual(set(moves.mapped('state')), {'confirmed'})
            self.assertEqual(len(moves.filtered(lambda move: move in moves._aftersales_plain_moves())), 6)

        def reserve(order_id, env):
            picking = env['aftersales.repair.order'].browse(order_id).sudo().picking_ids.sudo(False)
            return picking.action_assign()

        results = self._race(*(partial(reserve, order_id) for order_id in order_ids))
        self.assertFalse([result for result in results if isinstance(result, Exception)], results)
        with self._committed() as env:
            orders = env['aftersales.repair.order'].browse(order_ids)
            for product_id, there in zip((self.part_id, *others), (1.0, 2.0, 1.0), strict=True):
                got = orders.line_ids.filtered(lambda line, product_id=product_id: line.product_id.id == product_id)
                self.assertEqual(sum(got.mapped('reserved_qty')), there)
                quants = env['stock.quant'].search([
                    ('product_id', '=', product_id), ('location_id', '=', self.shelf_id),
                ])
                self.assertEqual((sum(quants.mapped('quantity')), sum(quants.mapped('reserved_quantity'))), (there, there))
            # Nobody holds half of a piece, and nobody is told that he has one that another holds.
            last = orders.line_ids.filtered(lambda line: line.product_id.id == self.part_id)
            self.assertEqual(sorted(last.mapped('reserved_qty')), [0.0, 1.0])
            self.assertEqual(sorted(last.move_ids.mapped('state')), ['assigned', 'confirmed'])
