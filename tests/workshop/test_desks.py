from datetime import timedelta

from odoo import fields

from ..common import AftersalesCommon


class TestDesks(AftersalesCommon):
    """What the technician's phone, the inspector's phone and the board read from the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_workshop()
        cls._make_labour_rate()
        cls.item = cls._make_labour_item(book_hours=2.0)
        cls.order = cls._make_signed_order(labour=[cls.item], parts=[cls._make_part()], wash_wanted=False)

    def _desk(self, person):
        return self.env['aftersales.desk.technician'].with_user(person.user_id).get_technician_desk()

    def test_next_job_of_a_technician(self):
        """R-ROLE-13: one card with plate, bay, the customer's words, approved lines and the big button; nothing of others."""
        self._make_job(self.order, "Not agreed", labour=[self._make_labour_item("Gearbox")])
        operation = self._dispatch(self.order, jobs=self.order.job_ids[0])
        self.assertFalse(self._desk(self.tech2)['cards'])
        card = self._desk(self.tech)['cards'][0]
        self.assertEqual(
            (card['id'], card['plate'], card['bay'], card['words']),
            (operation.id, self.order.license_plate, "3", self.order.job_ids[0].name),
        )
        self.assertEqual({line['name'] for line in card['lines']}, set(self.order.job_ids[0].line_ids.mapped('name')))
        self.assertEqual(card['verbs'][0], 'accept')
        self.assertEqual([blocker['code'] for blocker in card['blockers']], ['WRK-37'])
        operation._accept(self.leader)
        operation.with_user(self.tech.user_id).action_start()
        desk = self._desk(self.tech)
        self.assertEqual((desk['running'], desk['cards'][0]['verbs'][0]), (operation.id, 'finish'))
        self.assertTrue(desk['cards'][0]['since'])
        self.assertTrue(desk['pause_reasons'] and desk['delay_reasons'] and desk['chips']['cause'])

    def test_unapproved_lines_are_hidden(self):
        """R-ROLE-13: when the content changes after the consent, the phone shows no line of it."""
        self._dispatch(self.order)
        self.order.line_ids[0]._guarded().write({'quantity': 4.0})
        card = self._desk(self.tech)['cards'][0]
        self.assertFalse(card['is_approved'] or card['lines'])

    def test_priority_then_due_time(self):
        """R-PROC-56, R-PROC-57: the running one first, then waiting customers, then by due time."""
        now = fields.Datetime.now()
        late = self._dispatch(self.order, due_at=now + timedelta(hours=1))
        waiting = self._dispatch(
            self._make_signed_order(labour=[self.item], customer_place='waiting', vehicle=self._make_vehicle()),
            due_at=now + timedelta(hours=9),
        )
        soon = self._dispatch(
            self._make_signed_order(labour=[self.item], vehicle=self._make_vehicle()),
            due_at=now + timedelta(minutes=10),
        )
        self.assertEqual([card['id'] for card in self._desk(self.tech)['cards']], [waiting.id, soon.id, late.id])
        late._accept(self.leader)
        late._start(self.tech)
        self.assertEqual(self._desk(self.tech)['cards'][0]['id'], late.id)

    def test_a_user_without_employee_gets_an_empty_desk(self):
        """R-ROLE-13: no employee, no cards, no error."""
        self.assertEqual(
            self.env['aftersales.desk.technician']
            .with_user(self._role('workshop_supervisor'))
            .get_technician_desk()['cards'],
            [],
        )

    def test_inspector_sees_what_to_inspect(self):
        """R-ROLE-17: cars to inspect with the next level, a short list, the people, and what still blocks."""
        self.order.line_ids.filtered(lambda line: line.kind == 'part').unlink()
        self._approve(self.order)
        self._do_work(self._dispatch(self.order))
        self.order._check('self', True, self.tech)
        desk = self.env['aftersales.desk.inspector'].with_user(self.inspector.user_id).get_inspector_desk()
        card = desk['orders'][0]
        self.assertEqual((card['level'], card['people'][0]['name']), ('leader', "Master Li"))
        self.assertIn('WRK-72', {blocker['code'] for blocker in card['blockers']})
        self.order._check('leader', True, self.leader)
        desk = self.env['aftersales.desk.inspector'].with_user(self.inspector.user_id).get_inspector_desk()
        card = desk['orders'][0]
        self.assertEqual((card['level'], card['blockers']), ('final', []))
        self.assertTrue(3 <= len(card['items']) <= 8, "short by default")
        self.assertTrue(desk['defects'])
        check = self.order.with_user(self.inspector.user_id).action_check_pass(
            'final', items=[{'template_line_id': card['items'][0]['template_line_id'], 'result': 'ok'}]
        )
        self.assertEqual(self.order.state, 'ready')
        card = self.env['aftersales.desk.inspector'].with_user(self.inspector.user_id).get_inspector_desk()['orders'][0]
        self.assertEqual(card['check_id'], check)

    def test_desk_cards_of_the_advisor(self):
        """R-PROC-57, R-PROC-66: operations, clock, next check and flags on the order card, without a query per order."""
        operation = self._dispatch(self.order)
        operation._accept(self.leader)
        operation._start(self.tech)
        advisor = self._role('advisor')
        card = self.order.with_user(advisor)._desk_cards()[self.order.id]
        self.assertEqual(card['operations'][0]['technicians'][0]['name'], "Master Li")
        self.assertEqual(card['clock']['running'][0]['employee'], "Master Li")
        self.assertTrue(card['next_check_due'])
        orders = self.order
        for _index in range(3):
            order = self._make_signed_order(labour=[self.item], vehicle=self._make_vehicle())
            self._dispatch(order)
            orders |= order
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders[:1].with_user(advisor)._desk_cards()
        one = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders.with_user(advisor)._desk_cards()
        self.assertLessEqual(self.env.cr.sql_log_count - before, one + 3)

    def test_board_of_a_day(self):
        """R-PROC-57: bays, teams, people, cars by promise; at most 12 queries with 1 and with 12 cars."""
        Board = self.env['aftersales.workshop.board'].with_user(self._role('dispatcher'))
        operation = self._dispatch(self.order)
        operation._accept(self.leader)
        operation._start(self.tech)
        waiting = self._make_signed_order(labour=[self.item], vehicle=self._make_vehicle())
        board = Board.get_board_data()
        self.assertEqual(board['bays'][0]['operation_ids'], operation.ids)
        self.assertEqual(board['operations'][0]['running'], ["Master Li"])
        person = next(row for row in board['technicians'] if row['id'] == self.tech.id)
        self.assertEqual((person['state'], person['operation_id']), ('working', operation.id))
        self.assertEqual([row['order_id'] for row in board['waiting_dispatch']], waiting.ids)
        self.assertEqual((board['summary']['open'], board['summary']['running']), (1, 1))
        self.assertEqual(Board.get_board_data(warehouse=self.warehouse.id)['summary']['open'], 1)
        for _index in range(11):
            self._dispatch(self._make_signed_order(labour=[self.item], vehicle=self._make_vehicle()))
        self.env.flush_all()
        Board.get_board_data()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            board = Board.get_board_data()
        self.assertEqual(board['summary']['open'], 12)
        start, end = self.company._aftersales_day_bounds('2026-11-16')
        hours = Board._board_capacity_sudo(
            [
                {
                    'id': self.tech.id,
                    'resource_id': self.tech.resource_id.id,
                    'calendar_id': self.company.resource_calendar_id.id,
                }
            ],
            start,
            end,
        )
        self.assertEqual(hours, {self.tech.id: 8.0})
        self.env['resource.calendar.leaves'].create(
            {
                'name': "Dentist",
                'resource_id': self.tech.resource_id.id,
                'calendar_id': self.company.resource_calendar_id.id,
                'date_from': '2026-11-16 01:00:00',
                'date_to': '2026-11-16 03:00:00',
                'company_id': self.company.id,
            }
        )
        hours = Board._board_capacity_sudo(
            [
                {
                    'id': self.tech.id,
                    'resource_id': self.tech.resource_id.id,
                    'calendar_id': self.company.resource_calendar_id.id,
                }
            ],
            start,
            end,
        )
        self.assertEqual(hours[self.tech.id], 6.0)
        tomorrow = fields.Date.to_string(fields.Date.add(self.company._aftersales_today(), days=-1))
        self.assertEqual(Board.get_board_data(tomorrow)['summary']['done'], 0)

    def test_clocks_and_checks_stay_within_budget(self):
        """R-PROC-60, R-PROC-72: what an order costs in the workshop, in queries, does not creep up."""
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._make_ready(self.order)
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 190)
