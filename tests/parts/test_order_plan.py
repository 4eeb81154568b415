from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from ..common import AftersalesCommon


class TestOrderPlan(AftersalesCommon):
    """R-PART-08, R-PART-09: from demand to limits and purchases, proposed by one person, approved by another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_gate('receipt_accepted', 'off')
        cls.vendor = cls.env['res.partner'].create({'name': "Parts factory"})
        cls.planner = cls._role('parts_planner')
        cls.manager = cls._role('parts_manager')
        cls.today = cls.company._aftersales_today()
        cls.company.write({
            'aftersales_safety_days': 7, 'aftersales_order_cycle_days': 10, 'aftersales_lead_days': 3, 'aftersales_phase_in_hits': 3,
        })

    @classmethod
    def _part(cls, name="Filter", on_hand=0, vendor=True, **values):
        seller = {'partner_id': cls.vendor.id, 'price': 20.0, 'delay': 5, **values.pop('seller', {})}
        return cls._make_part(
            name, cost=20.0, on_hand=on_hand, aftersales_is_part=True,
            **({'seller_ids': [Command.create(seller)]} if vendor else {}), **values,
        )

    @classmethod
    def _wanted(cls, part, quantity, times=1, months_ago=1):
        """Let a part be asked for in one month, so many times so much."""
        day = cls.today.replace(day=1) - relativedelta(months=months_ago)
        cls.env['aftersales.lost.sale'].create([{'product_id': part.id, 'quantity': quantity, 'date': day}] * times)

    @classmethod
    def _keep(cls, part, minimum, maximum):
        return cls.env['stock.warehouse.orderpoint'].create({
            'product_id': part.id, 'product_min_qty': minimum, 'product_max_qty': maximum, 'trigger': 'manual',
            'warehouse_id': cls.warehouse.id, 'location_id': cls.warehouse.lot_stock_id.id,
        })

    def _plan(self, compute=True, **values):
        plan = self.env['aftersales.order.plan'].with_user(self.planner).create(values)
        if compute:
            plan.action_compute()
        return plan

    def _line(self, plan, part):
        return plan.line_ids.filtered(lambda line: line.product_id == part)

    # === PROPOSALS === #

    def test_limits_and_quantity_from_movement(self):
        """60 a month, delivered in 5 days: minimum 24, maximum 44; 10 are there, 34 are proposed."""
        part = self._part(on_hand=10)
        self._keep(part, 5, 8)
        for month in range(1, 13):
            self._wanted(part, 60, months_ago=month)
        line = self._line(self._plan(), part)
        self.assertEqual((line.usage_month, line.usage_year, line.movement, line.abc), (60, 720, 'fast', 'a'))
        self.assertEqual((line.min_qty, line.max_qty, line.old_min_qty, line.old_max_qty), (24, 44, 5, 8))
        self.assertEqual((line.proposed_qty, line.quantity, line.amount), (34, 34, 680))
        self.assertEqual((line.coverage_days, line.coverage, line.lead_days), (5, 'amber', 5))
        self.assertEqual((line.partner_id, line.reason), (self.vendor, 'short'))

    def test_what_is_on_order_or_waited_for_counts(self):
        part = self._part(on_hand=10)
        self._keep(part, 24, 44)
        for month in range(1, 13):
            self._wanted(part, 60, months_ago=month)
        self._receive_later(part, 12)
        request = self.env['purchase.order'].create({
            'partner_id': self.vendor.id, 'order_line': [Command.create({'product_id': part.id, 'product_qty': 4})],
        })
        facts = self._plan(compute=False)._line_facts(part)[part]
        self.assertEqual([facts[name] for name in ('on_hand_qty', 'incoming_qty', 'position_qty', 'quantity', 'reason')],
                         [10, 16, 26, 0, False])
        self._signed_order([(part, 20)])._request_parts()
        line = self._line(self._plan(), part)
        self.assertEqual((line.waiting_qty, line.position_qty), (20, 6))
        # The ten that were missing are demand of this month, not of the whole months before it.
        self.assertEqual((line.usage_month, line.quantity), (60, 38))
        request.button_cancel()
        self.assertEqual(self._line(self._plan(), part).quantity, 42)

    def _receive_later(self, part, quantity):
        order = self.env['purchase.order'].create({
            'partner_id': self.vendor.id, 'order_line': [Command.create({'product_id': part.id, 'product_qty': quantity})],
        })
        order.button_confirm()
        return order

    def test_packs_and_least_quantity_of_the_vendor(self):
        """The vendor sells dozens and nothing below three of them."""
        dozen = self.env.ref('uom.product_uom_dozen')
        part = self._part(seller={'product_uom_id': dozen.id, 'min_qty': 3, 'price': 240.0})
        self._keep(part, 24, 44)
        self._wanted(part, 1, months_ago=1)
        plan = self._plan()
        line = self._line(plan, part)
        self.assertEqual((line.quantity, line.price_unit), (36, 20))
        line.quantity = 40
        plan.action_propose()
        plan.with_user(self.manager).action_approve()
        bought = plan.sudo().purchase_ids.order_line
        self.assertEqual((bought.product_qty, bought.product_uom_id, bought.price_unit), (4, dozen, 240.0))

    def test_three_demands_in_twelve_months_bring_a_part_into_stock(self):
        """Phase-in: asked for three times and not kept; two are not enough, nor are three in thirteen months."""
        often, seldom, long_ago = self._part("Often"), self._part("Seldom"), self._part("Long ago")
        self._wanted(often, 1, times=3, months_ago=2)
        self._wanted(seldom, 5, times=2, months_ago=2)
        self._wanted(long_ago, 1, times=2, months_ago=2)
        self._wanted(long_ago, 1, months_ago=13)
        plan = self._plan()
        line = self._line(plan, often)
        self.assertEqual((line.reason, line.hits, line.write_limits), ('phase_in', 3, True))
        self.assertGreater(line.max_qty, 0)
        self.assertFalse(self._line(plan, seldom) | self._line(plan, long_ago))

    def test_a_part_wanted_only_lately_comes_into_stock_with_limits(self):
        """Three demands of this month are no whole month yet, but the part is kept from now on."""
        part = self._part()
        self._wanted(part, 4, times=3, months_ago=0)
        line = self._line(self._plan(), part)
        self.assertEqual((line.reason, line.usage_month, line.min_qty, line.max_qty), ('phase_in', 1, 1, 1))
        self.assertEqual(line.quantity, 1)

    def test_twelve_months_without_demand_take_a_part_out(self):
        old, young = self._part("Old", on_hand=3), self._part("Young", on_hand=3)
        for part in (old, young):
            self._keep(part, 2, 4)
        old.stock_move_ids.date = self.today - relativedelta(months=14)
        plan = self._plan()
        line = self._line(plan, old)
        self.assertEqual((line.reason, line.quantity, line.max_qty, line.write_limits), ('phase_out', 0, 0, True))
        self.assertNotEqual(self._line(plan, young).reason, 'phase_out')
        plan.action_propose()
        plan.with_user(self.manager).action_approve()
        self.assertFalse(self.env['stock.warehouse.orderpoint'].search([('product_id', '=', old.id)]))

    def test_superseded_stock_is_used_up_first_and_never_ordered(self):
        """R-PART-21: the demand of the chain is the new number's, its old stock covers it."""
        new = self._part("New")
        old = self._part("Old", on_hand=30, aftersales_superseded_by_id=new.id)
        self._keep(old, 50, 90)
        for month in range(1, 13):
            self._wanted(old, 60, months_ago=month)
        plan = self._plan()
        line = self._line(plan, new)
        self.assertFalse(self._line(plan, old))
        self.assertEqual((line.usage_month, line.former_qty, line.position_qty), (60, 30, 30))
        self.assertEqual(line.quantity, 0)

    def test_plan_of_one_vendor_and_category(self):
        other = self.env['res.partner'].create({'name': "Other factory"})
        mine, theirs = self._part("Mine"), self._part("Theirs", seller={'partner_id': other.id})
        oil = self.env['product.category'].create({'name': "Oil", 'parent_id': self.part_category.id, 'property_valuation': 'real_time'})
        oily = self._part("Oily", categ_id=oil.id)
        for part in (mine, theirs, oily):
            self._keep(part, 5, 9)
        self.assertEqual(self._plan(vendor_id=other.id).line_ids.product_id & (mine | theirs | oily), theirs)
        self.assertEqual(self._plan(categ_id=oil.id).line_ids.product_id, oily)

    def test_a_part_added_by_hand_brings_its_facts(self):
        part = self._part(on_hand=7)
        self._wanted(part, 12)
        plan = self._plan()
        self.assertFalse(self._line(plan, part))
        with Form(plan) as form, form.line_ids.new() as row:
            row.product_id = part
            row.quantity = 25
        line = self._line(plan, part)
        self.assertEqual((line.quantity, line.on_hand_qty, line.usage_month, line.partner_id), (25, 7, 1, self.vendor))
        self.assertEqual(line.edited_by_id, self.planner)

    # === APPROVAL === #

    def _proposed(self):
        part = self._part()
        self._keep(part, 5, 9)
        self._wanted(part, 60)
        plan = self._plan()
        plan.action_propose()
        return plan, part

    def test_approval_writes_limits_and_one_request_a_vendor(self):
        """R-PART-09: proposal, approval, purchase order; merged by vendor."""
        other = self.env['res.partner'].create({'name': "Other factory"})
        parts = [self._part("One"), self._part("Two"), self._part("Three", seller={'partner_id': other.id})]
        for part in parts:
            self._wanted(part, 20, times=3)
        plan = self._plan()
        plan.action_propose()
        purchases = plan.with_user(self.manager)._approve()
        self.assertEqual(plan.state, 'approved')
        self.assertEqual((plan.approved_by_id, plan.planner_id), (self.manager, self.planner))
        bought = {purchase.partner_id: purchase.order_line.product_id for purchase in purchases.sudo()}
        self.assertEqual(set(parts[:2]), set(bought[self.vendor]) & set(parts))
        self.assertEqual(set(bought[other]), {parts[2]})
        self.assertEqual(set(purchases.sudo().mapped('state')), {'draft'})
        self.assertEqual(purchases.sudo().picking_type_id, self.warehouse.in_type_id)
        line = self._line(plan, parts[0])
        rule = self.env['stock.warehouse.orderpoint'].search([('product_id', '=', parts[0].id)])
        self.assertEqual((rule.product_min_qty, rule.product_max_qty), (line.min_qty, line.max_qty))
        self.assertEqual((rule.trigger, rule.location_id), ('manual', self.warehouse.lot_stock_id))
        # What is requested is not proposed again.
        self.assertFalse(self._plan().line_ids.filtered(lambda line: line.product_id in parts and line.quantity))

    def test_limits_stay_where_the_planner_says_so(self):
        plan, part = self._proposed()
        self._line(plan, part).write_limits = False
        plan.with_user(self.manager).action_approve()
        rule = self.env['stock.warehouse.orderpoint'].search([('product_id', '=', part.id)])
        self.assertEqual((rule.product_min_qty, rule.product_max_qty), (5, 9))

    def test_another_person_approves(self):
        """R-PART-09 at block: persons are compared, not groups; at off the planner may approve himself."""
        both = self._make_user('parts_manager', login='both')
        part = self._part()
        self._keep(part, 5, 9)
        plan = self.env['aftersales.order.plan'].with_user(both).create({})
        plan.action_compute()
        plan.action_propose()
        self._set_gate('order_plan_other_person', 'block')
        self.assertEqual(plan.action_approve()['res_model'], 'aftersales.gate.wizard')
        with self.assertBlocked('PAR-304'):
            plan._approve()
        self._set_gate('order_plan_other_person', 'off')
        plan._approve()
        self.assertEqual(plan.state, 'approved')

    def test_who_changes_a_quantity_planned_it_unless_he_orders_less(self):
        self._set_gate('order_plan_other_person', 'block')
        plan, part = self._proposed()
        line = self._line(plan, part).with_user(self.manager)
        line.quantity -= 1
        self.assertFalse(self._codes(plan.with_user(self.manager), 'approved'))
        line.quantity += 5
        self.assertEqual(self._codes(plan.with_user(self.manager), 'approved'), {'PAR-304'})

    def test_only_the_manager_approves_what_was_proposed(self):
        plan, _part = self._proposed()
        with self.assertBlocked('PAR-306', AccessError):
            plan.with_user(self.planner)._approve()
        plan.action_back()
        with self.assertBlocked('PAR-307'):
            plan.with_user(self.manager)._approve()
        with self.assertRaises(AccessError):
            self.env['aftersales.order.plan'].with_user(self._role('parts_keeper')).create({})
        with self.assertBlocked('PAR-305', AccessError):
            plan.with_user(self._role('accountant'))._propose_plan()

    def test_nothing_is_ordered_without_a_vendor(self):
        part = self._part(vendor=False)
        self._keep(part, 5, 9)
        self._wanted(part, 60)
        plan = self._plan()
        with self.assertBlocked('PAR-303'):
            plan._propose_plan()
        self._line(plan, part).partner_id = self.vendor
        plan._propose_plan()
        plan.with_user(self.manager)._approve()
        self.assertEqual(plan.sudo().purchase_ids.order_line.price_unit, 20.0)

    def test_a_decided_plan_stays_as_it_is(self):
        plan, part = self._proposed()
        plan.with_user(self.manager)._approve()
        for refused in (
            lambda: self._line(plan, part).write({'quantity': 1}),
            lambda: plan.write({'safety_days': 1}),
            lambda: plan.action_compute(),
            lambda: plan.action_cancel(),
            lambda: plan.line_ids[:1].unlink(),
        ):
            with self.assertBlocked('PAR-302'):
                refused()
        with self.assertBlocked('PAR-301'):
            plan.unlink()
        self.assertEqual(plan.copy().state, 'draft')

    def test_facts_are_not_written_by_hand(self):
        """BAS-01 on state, approver and the figures of a line, over RPC as on the screen."""
        plan, part = self._proposed()
        for refused in (
            lambda: plan.write({'state': 'approved'}),
            lambda: plan.write({'planner_id': self.manager.id}),
            lambda: self._line(plan, part).write({'hits': 99}),
            lambda: self._line(plan, part).write({'edited_by_id': False}),
            lambda: self.env['aftersales.order.plan'].with_user(self.planner).create({'state': 'approved'}),
        ):
            with self.assertBlocked('BAS-01'):
                refused()
        with self.assertBlocked('PAR-310'):
            self._line(plan, part).product_id = self._part("Another")

    def test_quantities_make_sense(self):
        plan, part = self._proposed()
        for vals in ({'quantity': -1}, {'max_qty': 0, 'min_qty': 3}):
            with self.assertBlocked('PAR-308'):
                self._line(plan, part).write(vals)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env['aftersales.order.plan.line'].with_user(self.planner).create({'plan_id': plan.id, 'product_id': part.id})

    def test_plans_of_another_company_are_not_seen(self):
        other = self._make_company("Second Shop")
        plan = self.env['aftersales.order.plan'].with_company(other).sudo().create({'company_id': other.id})
        self.assertFalse(self.env['aftersales.order.plan'].with_user(self.planner).search([('id', '=', plan.id)]))

    # === BUDGET === #

    def test_a_plan_costs_the_same_queries_whatever_the_number_of_parts(self):
        """Few queries for any number of parts: at most 70, and no more for 200 parts than for 20 (inserts aside)."""
        counts = []
        for number in (20, 200):
            parts = self.env['product.product'].create([{
                'name': f"Part {number}-{index}", 'is_storable': True, 'aftersales_is_part': True,
                'categ_id': self.part_category.id, 'standard_price': 10.0 + index, 'default_code': f'P{number}-{index}',
                'seller_ids': [Command.create({'partner_id': self.vendor.id, 'price': 9.0, 'delay': 4})],
            } for index in range(number)])
            self.env['aftersales.lost.sale'].create([{'product_id': part.id, 'quantity': 30} for part in parts for _time in range(3)])
            plan = self._plan(compute=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan._compute_lines()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(len(plan.line_ids), number)
        self.assertLessEqual(counts[1], 70, counts)
        self.assertLessEqual(counts[1], counts[0] + 10, counts)
