from odoo import Command, fields
from odoo.tests import tagged

from .common import DeskHttpCase


@tagged('is_tour')
class TestDeskTours(DeskHttpCase):
    """Every desk within the clicks of docs/desks.md, played in a browser by a user of that role."""

    def test_advisor_walk_in(self):
        """R-PROC-21, R-PROC-47: a newcomer takes a walk-in in with four clicks: plate, package, photo, sign."""
        self._open('service-advisor', 'aftersales_advisor_walk_in', 'test_advisor')
        order = self.env['aftersales.repair.order'].search([('license_plate', '=', '苏E7H30N')])
        self.assertRecordValues(order, [{'partner_name': "沈女士", 'profile_code': 'express', 'odometer': 46812}])
        self.assertTrue(order.job_ids.is_approved)
        self.assertEqual(order.visit_id.photo_count, 1)

    def test_advisor_finds_a_car(self):
        """R-PROC-19: the scan field has the focus and knows the car that is here."""
        self._walk_in()
        self._open('service-advisor', 'aftersales_advisor_find_car', 'test_advisor')

    def _advisor(self, order, tour):
        action = self.env.ref('aftersales_service.action_desk_advisor')
        action.params = {'order_id': order.id}
        self._open('service-advisor', tour, 'test_advisor')

    def test_advisor_supplement(self):
        """R-PROC-62: additional work from a photo, on the customer's phone after three clicks."""
        order = self._walk_in()
        self._advisor(order, 'aftersales_advisor_supplement')
        job = order.job_ids.filtered(lambda job: job.origin == 'additional')
        self.assertEqual(job.consent_state, 'quoted')

    def test_advisor_phone_consent(self):
        """R-PROC-64: consent by phone with a listener, three clicks."""
        order = self._walk_in()
        self._set_gate('phone_second_person', 'block')
        self.company.aftersales_phone_consent_limit = 0
        order.partner_id.phone = '13812345678'
        self.env['aftersales.desk.advisor'].with_user(self.advisor).add_work(order.id, work=f'p{self.fluid_package.id}')
        self._advisor(order, 'aftersales_advisor_phone_consent')
        job = order.job_ids.filtered(lambda job: job.origin == 'additional')
        self.assertTrue(job.is_approved)
        self.assertEqual(job.consent_ids.sorted('id')[-1:].second_user_id, self.listener)

    def test_advisor_new_time(self):
        """R-PROC-61: a new time, two clicks."""
        order = self._walk_in()
        before = order.promised_at
        self._advisor(order, 'aftersales_advisor_new_time')
        self.assertGreater(order.promised_at, before)

    def test_advisor_to_till(self):
        """R-PROC-82: explained at the car and sent to the till, two clicks."""
        order = self._finished()
        self.assertEqual(order.state, 'ready')
        self._advisor(order, 'aftersales_advisor_to_till')
        self.assertTrue(order.explained_at)

    def test_technician_day(self):
        """R-PROC-60, R-PROC-62, R-PROC-72: start, pause, ask, report, record, check by thumb."""
        disc = self._make_part("Brake disc", on_hand=2)
        for kind in ('cause', 'correction'):
            self.env['aftersales.work.chip'].create(
                {'name': f"Chip {kind}", 'kind': kind, 'company_id': self.company.id}
            )
        order = self._dispatched()
        self._open('technician', 'aftersales_technician_day', 'test_technician')
        self.assertEqual(order.operation_ids.state, 'done')
        self.assertEqual(order.part_request_ids.product_id, disc)
        self.assertTrue(order.job_ids.filtered(lambda job: job.origin == 'additional'))

    def test_inspector_passes(self):
        """R-PROC-74: a car is passed with two clicks."""
        order = self._to_inspect()
        self._open('to-inspect', 'aftersales_inspector_pass', 'test_inspector')
        self.assertEqual(order.state, 'ready')

    def test_inspector_fails(self):
        """R-PROC-75: not in order, what and whose work, four clicks; rework follows."""
        order = self._to_inspect()
        self._open('to-inspect', 'aftersales_inspector_fail', 'test_inspector')
        self.assertTrue(order.operation_ids.filtered(lambda operation: operation.kind == 'rework'))

    def test_inspector_names_one_of_several(self):
        """R-PROC-75: of two people who worked on it the one named gets the rework, still four clicks."""
        zhao = self._make_employee("Zhao Lei", user=self._make_user('technician', login='test_technician_2'))
        self.team.member_ids += zhao
        order = self._to_inspect(helper=zhao)
        self._open('to-inspect', 'aftersales_inspector_fail_person', 'test_inspector')
        self.assertEqual(order.check_ids.filtered(lambda check: check.result == 'failed').responsible_ids, zhao)

    def test_inspector_prints_the_certificate(self):
        """R-PROC-76: the certificate of a car that passed costs one click."""
        order = self._to_inspect()
        order._check('final', True, self.env['hr.employee'].search([('name', '=', "Inspector Xu")]))
        self.assertEqual(order.state, 'ready')
        self._open('to-inspect', 'aftersales_inspector_certificate', 'test_inspector')

    def test_photos_wait_for_the_network(self):
        """R-PROC-21: two photos taken without a network are sent when it is back, none is lost."""
        order = self._walk_in()
        desk = self.env['aftersales.desk.advisor'].with_user(self.advisor)
        self.env.invalidate_all()
        before = len(desk._photos(order))
        self._advisor(order, 'aftersales_advisor_photo_offline')
        self.env.invalidate_all()
        self.assertEqual(len(desk._photos(order)), before + 2)

    def test_dispatcher_drags_work_to_a_bay(self):
        """R-PROC-57: dropped on a bay and an hour, the work stands there and is due when it should be done."""
        bay = self.env['aftersales.bay'].create({'name': "Bay 1", 'company_id': self.company.id})
        self._make_user('dispatcher', login='test_dispatcher')
        operation = self._dispatched().operation_ids
        self.assertFalse(operation.bay_id)
        # Of today, whatever the hour and the weekday of the test.
        due = fields.Datetime.subtract(self.company._aftersales_day_bounds(self.company._aftersales_today())[1], minutes=1)
        operation._guarded().due_at = due
        self._open('workshop-board', 'aftersales_board_drag', 'test_dispatcher')
        self.assertEqual(operation.bay_id, bay)
        self.assertNotEqual(operation.due_at, due)

    def test_hours_of_the_board(self):
        """R-PROC-57: the board's hours are the workshop's, also in a browser of another zone; nothing covers anything."""
        self.company.resource_calendar_id.tz = 'Asia/Kathmandu'  # no machine stands there
        bay = self.env['aftersales.bay'].create({'name': "Bay 1", 'company_id': self.company.id})
        self._make_user('dispatcher', login='test_dispatcher')
        operations = self._dispatched().operation_ids | self._dispatched(plate='苏E7H31N').operation_ids
        start = self.company._aftersales_day_bounds(self.company._aftersales_today())[0]
        operations.write({'bay_id': bay.id, 'planned_hours': 1.0})
        operations._guarded().due_at = fields.Datetime.add(start, hours=15)
        self._open('workshop-board', 'aftersales_board_hours', 'test_dispatcher')

    def _to_inspect(self, helper=None):
        self._set_gate('final_check', 'block')
        inspector = self._make_user('inspector', login='test_inspector')
        self._make_employee("Inspector Xu", user=inspector)
        order = self._dispatched()
        if helper:
            operation = order.operation_ids
            operation._guarded().write({'technician_ids': [Command.link(helper.id)]})
            operation._start(helper, at=fields.Datetime.subtract(fields.Datetime.now(), minutes=30))
            operation._pause(employee=helper)
        operations = order.operation_ids.with_user(self.technician)
        operations.action_start()
        operations.action_self_check()
        self.assertEqual(order.state, 'inspecting')
        return order


@tagged('is_tour')
class TestMoneyTours(DeskHttpCase):
    """The till and the close cockpit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._make_user('cashier', login='test_cashier')
        cls.order = cls._finished()

    def test_cashier_settles(self):
        """R-PROC-83, R-PROC-84: one payer is settled and paid with two clicks, the pass costs one."""
        self.assertEqual(self.order.state, 'ready')
        self._open('ready-to-pay', 'aftersales_cashier_settle', 'test_cashier')
        self.assertEqual(self.order.settlement_ids.state, 'paid')

    def test_cashier_takes_what_is_settled(self):
        """R-PROC-83: what keeps the car here (first of all the money) does not keep the till from taking the money."""
        self.order.with_user(self.cashier)._settle()
        self.assertEqual(self.order.settlement_ids.state, 'posted')
        self._open('ready-to-pay', 'aftersales_cashier_settle', 'test_cashier')
        self.assertEqual(self.order.settlement_ids.state, 'paid')

    def test_cashier_splits(self):
        """R-PROC-83: two means, four clicks."""
        self.package.write({'is_fixed_price': True, 'fixed_price': 300.0})
        order = self._finished(plate='苏E7H31N')
        self.order.promised_at = fields.Datetime.add(order.promised_at, days=1)
        self._open('ready-to-pay', 'aftersales_cashier_split', 'test_cashier')
        self.assertEqual(order.settlement_ids.state, 'paid')
        self.assertEqual(len(order.settlement_ids.payment_ids), 2)

    def test_cashier_gives_back(self):
        """R-PERM-18: credit and refund asked for with an approver, four clicks; nothing moves before he agrees."""
        self._set_gate('refund_second_person', 'block')
        supervisor = self._make_user('frontdesk_supervisor', login='test_supervisor', name="Supervisor Lu")
        self.order.with_user(self.cashier)._settle()
        self.order.settlement_ids.with_user(self.cashier)._pay(self.journals['cash'])
        self._open('ready-to-pay', 'aftersales_cashier_refund', 'test_cashier')
        refund = self.order.refund_ids
        self.assertRecordValues(refund, [{'state': 'requested', 'kind': 'red', 'amount': 100.0}])
        self.assertEqual(refund.activity_ids.user_id, supervisor)
        self.assertEqual(self.order.settlement_ids.state, 'paid')

    def test_cashier_puts_on_account(self):
        """R-PROC-85: signed on the screen and put on account, three clicks."""
        partner = self.order.partner_id.with_company(self.company)
        partner.write({'aftersales_on_account': True, 'aftersales_credit_limit': 10000.0})
        self._open('ready-to-pay', 'aftersales_cashier_on_account', 'test_cashier')
        self.assertTrue(self.order.settlement_ids.is_on_account)
        self.assertTrue(self.order.settlement_ids.on_account_signature)

    def test_accountant_records_a_red_letter(self):
        """R-PROC-83: the red letter of a fapiao, three clicks and its number; the settlement stays."""
        accountant = self._make_user('accountant', 'cashier', login='test_accountant')
        self.order.with_user(self.cashier)._settle()
        fapiao = self.env['aftersales.fapiao'].with_user(accountant)._paste_numbers('1' * 20, self.order.settlement_ids)
        self._open('action-aftersales_service.aftersales_fapiao_action', 'aftersales_accountant_red_letter', 'test_accountant')
        self.assertEqual(fapiao.red_ids.number, '2' * 20)
        self.assertEqual(self.order.settlement_ids.state, 'posted')

    def test_cashier_takes_a_deposit(self):
        """R-PROC-45: a deposit costs three clicks."""
        order = self._walk_in('苏E7H32N')
        self._open('ready-to-pay', 'aftersales_cashier_deposit', 'test_cashier')
        self.assertEqual(order._deposits_held_sudo()[order.id], 50.0)

    def test_accountant_posts_all_clean(self):
        """Everything that is clean is posted with one click."""
        self._make_user('accountant', 'cashier', login='test_accountant')
        self._open('close-cockpit', 'aftersales_accountant_close', 'test_accountant')
        self.assertTrue(self.order.settled_at)


@tagged('is_tour')
class TestPartsTours(DeskHttpCase):
    """The counter, by scanner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._make_user('parts_keeper', login='test_keeper')
        cls._make_employee("Keeper Duan", user=cls.keeper)
        cls.parts = [
            cls._make_part(f"Part P-{number}", default_code=f'P-{number}', barcode=f'P-{number}', on_hand=3)
            for number in range(1, 6)
        ]

    def test_issue_five_parts(self):
        """R-PART-06: five parts, five scans and a badge, no click."""
        order = self._signed_order(self.parts)
        self._open('parts-counter', 'aftersales_parts_issue', 'test_keeper')
        self.assertEqual(order.line_ids.mapped('issued_qty'), [1.0] * 5)
        self.assertEqual(order.picking_ids.aftersales_receiver_id, self.he_tao)

    def test_return(self):
        """R-PART-17: back on the shelf with two scans."""
        order = self._signed_order(self.parts[:1])
        self._issue(order)
        self._open('parts-counter', 'aftersales_parts_return', 'test_keeper')
        self.assertEqual(order.line_ids.net_issued_qty, 0.0)

    def test_counter_sale_by_words(self):
        """R-PART-15: a part is found by part of its name, chosen and sold with two clicks."""
        self._open('parts-counter', 'aftersales_parts_sell_by_words', 'test_keeper')
        order = self.env['aftersales.repair.order'].search([('profile_code', '=', 'counter')], limit=1, order='id desc')
        self.assertEqual(order.line_ids.product_id, self.parts[1])

    def test_receive_and_order_urgently(self):
        """R-PART-10: a part that an order waits for is received with one scan and a confirmation, ordered with two clicks."""
        vendor = self.env['res.partner'].create({'name': "Parts wholesale"})
        part = self._make_part(
            "Part P-9", default_code='P-9', barcode='P-9', seller_ids=[Command.create({'partner_id': vendor.id})]
        )
        order = self._signed_order([part])
        self._open('parts-counter', 'aftersales_parts_urgent', 'test_keeper')
        purchase = self.env['purchase.order'].search([('partner_id', '=', vendor.id)])
        self.assertRecordValues(purchase, [{'state': 'draft', 'priority': '1'}])
        purchase.button_confirm()
        self._open('parts-counter', 'aftersales_parts_receive', 'test_keeper')
        self.assertEqual(order.line_ids.reserved_qty, 1.0)


    def test_counter_sale(self):
        """R-PART-15: a sale without a car is two scans and one click, settled and paid."""
        self._open('parts-counter', 'aftersales_parts_sell', 'test_keeper')
        order = self.env['aftersales.repair.order'].search([('profile_code', '=', 'counter')], limit=1, order='id desc')
        self.assertFalse(order.vehicle_id)
        self.assertEqual((order.line_ids.net_issued_qty, order.settlement_ids.amount_due), (2.0, 0.0))

    def test_consumables_to_a_team(self):
        """R-PART-22: handed to a team with its badge, no order."""
        team = self.env['aftersales.team'].create({'name': "Team Red", 'sequence': 0, 'company_id': self.company.id})
        self._open('parts-counter', 'aftersales_parts_consume', 'test_keeper')
        picking = self.env['stock.picking'].search([('aftersales_team_id', '!=', False)])
        self.assertRecordValues(
            picking, [{'state': 'done', 'aftersales_team_id': team.id, 'aftersales_receiver_id': self.he_tao.id}]
        )

    def test_delivery_that_differs(self):
        """R-PART-16: the difference is recorded at the counter with three clicks."""
        part = self._make_part("Part P-8", default_code='P-8', barcode='P-8', aftersales_is_part=True)
        purchase = self.env['purchase.order'].create({
            'partner_id': self._make_customer("Parts wholesale").id,
            'order_line': [Command.create({'product_id': part.id, 'product_qty': 3, 'price_unit': 10.0})],
        })
        purchase.button_confirm()
        self._open('parts-counter', 'aftersales_parts_differs', 'test_keeper')
        check = self.env['aftersales.receipt.check'].search([('picking_id', 'in', purchase.picking_ids.ids)])
        self.assertRecordValues(check.line_ids, [{'counted_qty': 3.0, 'doubtful_qty': 1.0, 'quality': 'damaged'}])


@tagged('is_tour')
class TestGateTours(DeskHttpCase):
    """The gate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_user('gate_guard', login='test_guard')

    def test_check(self):
        """R-PROC-84: an unpaid car is red, with the reason."""
        self._walk_in('苏E10001')
        self._open('gate', 'aftersales_guard_check', 'test_guard')

    def test_temporary_exit(self):
        """R-PERM-08: a planned road test goes out with two clicks."""
        order = self._walk_in('苏E10001')
        self.env['aftersales.visit.exit'].create(
            {
                'visit_id': order.visit_id.id,
                'purpose': 'road_test',
                'driver_id': self.he_tao.id,
                'due_back': fields.Datetime.add(fields.Datetime.now(), hours=1),
            }
        )
        self._open('gate', 'aftersales_guard_exit', 'test_guard')
        self.assertEqual(order.visit_id.state, 'out')

    def test_tow_in(self):
        """R-PROC-19: a tow-in at night with four clicks: plate, photo, the tow driver's signature."""
        self._open('gate', 'aftersales_guard_tow_in', 'test_guard')
        visit = self.env['aftersales.visit'].search([('license_plate', '=', '苏C8M417')])
        self.assertRecordValues(visit, [{'visit_type': 'tow_in', 'state': 'inside', 'photo_count': 1}])
        self.assertTrue(visit.tow_signed_at)
