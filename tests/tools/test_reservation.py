from datetime import timedelta

from odoo import fields

from ..common import AftersalesCommon


class TestToolReservation(AftersalesCommon):
    """R-TOOL-12: dispatch knows where the special tools are; the technician speaks for one from his operation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls._make_labour_rate()
        cls.category = cls._make_tool_category("Pullers", is_special=True)
        cls.puller = cls._make_tool("Puller A", cls.category)
        cls.item = cls._make_labour_item("Replace wheel bearing", tool_category_ids=[(6, 0, cls.category.ids)])
        cls.order = cls._make_signed_order(labour=[cls.item])

    def _operation(self, order=None, **values):
        due = fields.Datetime.now() + timedelta(hours=3)
        return self._dispatch(order or self.order, **{'due_at': due, **values})

    def _other_operation(self):
        other = self._make_signed_order(labour=[self.item], vehicle=self._make_vehicle())
        return self._operation(other, technicians=self.tech2)

    def _as_tech(self, operation, person=None):
        return operation.with_user((person or self.tech).user_id)

    def test_the_operation_shows_where_its_tools_are(self):
        operation = self._operation()
        self.assertEqual(operation.tool_category_ids, self.category)
        row = operation._tool_situations()[operation.id][0]
        self.assertEqual((row['free'], row['total'], row['clash']), (1, 1, ''))
        self.puller._check_out(self.tech2)
        operation.invalidate_recordset()
        self.assertTrue(operation.has_tool_clash)
        self.assertIn("Master Sun", operation.tool_situation)
        self.puller._take_back()
        self.puller._send_calibration()
        operation.invalidate_recordset()
        self.assertIn("calibration", operation.tool_situation)

    def test_out_for_the_own_order_is_no_clash(self):
        operation = self._operation()
        self.puller._check_out(self.tech, order=self.order, operation=operation)
        row = operation._tool_situations()[operation.id][0]
        self.assertTrue(row['out_here'] and not row['clash'])

    def test_the_technician_reserves_with_one_press(self):
        operation = self._operation()
        reservation = self._as_tech(operation)._reserve_tools()
        self.assertRecordValues(reservation, [{
            'tool_id': self.puller.id, 'employee_id': self.tech.id, 'state': 'open', 'order_id': self.order.id,
            'until_at': operation.due_at,
        }])
        with self.assertBlocked('TOO-53'):
            self._as_tech(operation)._reserve_tools()
        other = self._other_operation()
        self.assertTrue(other.has_tool_clash)
        with self.assertBlocked('TOO-57'):
            self._as_tech(other, self.tech2)._reserve_tools()
        self._as_tech(operation).tool_reservation_ids.action_cancel()
        self.assertTrue(self._as_tech(other, self.tech2)._reserve_tools())

    def test_another_time_is_free(self):
        operation = self._operation()
        self._as_tech(operation)._reserve_tools()
        later = fields.Datetime.now() + timedelta(hours=30)
        other = self._other_operation()
        found = self._as_tech(other, self.tech2)._reserve_tools(from_at=later, until_at=later + timedelta(hours=1))
        self.assertEqual(found.tool_id.id, self.puller.id)

    def test_fetched_by_the_loan_and_given_up_with_the_work(self):
        operation = self._operation()
        reservation = self._as_tech(operation)._reserve_tools()
        self.puller._check_out(self.tech, order=self.order)
        self.assertEqual(reservation.state, 'fetched')
        other = self._other_operation()
        self.puller._take_back()
        second = self._as_tech(other, self.tech2)._reserve_tools()
        other._cancel("Customer left")
        self.assertEqual(second.state, 'cancelled')

    def test_nobody_writes_a_reservation_by_hand(self):
        operation = self._operation()
        with self.assertBlocked('TOO-56'):
            self.env['aftersales.tool.reservation'].with_user(self.tech.user_id).create({'operation_id': operation.id})
        with self.assertBlocked('TOO-56'):
            self.env['aftersales.tool.reservation'].create({'operation_id': operation.id})
        reservation = self._as_tech(operation)._reserve_tools()
        with self.assertBlocked('BAS-01'):
            reservation.write({'state': 'fetched'})
        with self.assertBlocked('WRK-02'):
            reservation.with_user(self.tech2.user_id).action_cancel()

    def test_dispatch_warns_or_blocks(self):
        """R-TOOL-12: shortage at dispatch, at the levels block and off."""
        self.puller._check_out(self.tech2)
        self._set_gate('tool_shortage', 'block')
        self.order._hand_over(self.dispatcher)
        with self.assertBlocked('TOO-54'):
            self._operation()
        self._set_gate('tool_shortage', 'off')
        self.assertTrue(self._operation())

    def test_a_reserved_tool_is_not_lent_to_another(self):
        """R-TOOL-12: gate tool_reserved at block and off."""
        operation = self._operation()
        self._as_tech(operation)._reserve_tools()
        self._set_gate('tool_reserved', 'block')
        with self.assertBlocked('TOO-55'):
            self.puller._check_out(self.tech2)
        self._set_gate('tool_reserved', 'off')
        self.assertTrue(self.puller._check_out(self.tech2))

    def test_board_wizard_and_phone_show_the_clash(self):
        operation = self._operation()
        self.puller._check_out(self.tech2)
        board = self.env['aftersales.workshop.board'].with_user(self.dispatcher.user_id).get_board_data()
        row = next(row for row in board['operations'] if row['id'] == operation.id)
        self.assertEqual((row['tools'], row['tool_clash']), (["Pullers"], ["Pullers"]))
        desk = self.env['aftersales.desk.technician'].with_user(self.tech.user_id)
        self.assertEqual(desk.get_technician_desk()['cards'][0]['tools'][0]['state'], 'missing')
        self.puller._take_back()
        self.assertEqual(desk.reserve_tools(operation.id), [self.puller.display_name])
        self.assertEqual(desk.get_technician_desk()['cards'][0]['tools'][0]['state'], 'reserved')
        board = self.env['aftersales.workshop.board'].with_user(self.dispatcher.user_id).get_board_data()
        self.assertFalse(next(row for row in board['operations'] if row['id'] == operation.id)['tool_clash'])
        wizard = self.env['aftersales.dispatch.wizard'].with_user(self.dispatcher.user_id).new({
            'order_id': self._make_signed_order(labour=[self.item], vehicle=self._make_vehicle()).id})
        self.assertIn("Master Li", wizard.tool_situation)
