from odoo.exceptions import AccessError

from ..common import AftersalesCommon


class TestSubstitute(AftersalesCommon):
    """R-PART-21: a superseded part offers its successor while estimating and when it is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.new = cls._make_part("Filter B", price=240.0, on_hand=5)
        cls.old = cls._make_part("Filter A", price=226.0, aftersales_superseded_by_id=cls.new.id)
        cls.advisor = cls._role('advisor')

    def _line(self, **values):
        return self._make_order(self._make_vehicle(), parts=[(self.old, 1)], **values).line_ids.with_user(self.advisor)

    def test_offered_and_used_while_estimating(self):
        line = self._line()
        self.assertEqual((line.substitute_id, line.substitute_free_qty), (self.new, 5))
        line.action_use_substitute()
        self.assertEqual((line.product_id, line.price_unit), (self.new, 240.0))
        self.assertFalse(line.substitute_id)
        with self.assertBlocked('PAR-312'):
            line.action_use_substitute()

    def test_used_when_missing_and_the_customer_asked_again(self):
        """The open request is cancelled; the dearer part needs the customer's yes before it is asked for."""
        order = self._signed_order([(self.old, 1)])
        order._request_parts()
        line = order.line_ids.with_user(self.advisor)
        self.assertEqual(line.parts_state, 'missing')
        line.action_use_substitute()
        self.assertEqual(line.sudo().move_ids.mapped('state'), ['cancel'])
        self.assertFalse(line.job_id.is_approved)
        self.assertEqual(line.parts_state, 'none')
        self._approve(order)
        self.assertEqual(line.parts_state, 'reserved')
        rows = self.env['aftersales.part.demand'].search([('order_id', '=', order.id)])
        self.assertFalse(rows, "the miss of the old number is not wanted any more, the new one is there")

    def test_not_once_it_is_built_in(self):
        self._receive(self.old, 1, 100.0)
        order = self._signed_order([(self.old, 1)])
        order._request_parts()
        order.with_user(self._role('parts_keeper'))._issue_parts(receiver=self._make_employee("Master Li"))
        with self.assertBlocked('PAR-313'):
            order.line_ids.with_user(self.advisor).action_use_substitute()

    def test_only_who_may_change_the_order(self):
        line = self._line()
        with self.assertRaises(AccessError):
            line.with_user(self._role('parts_keeper')).action_use_substitute()
