from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import html2plaintext

from ..common import AftersalesCommon


class TestReport(AftersalesCommon):
    """Picking copy and issue slip with two signatures: R-DOC-04, R-PART-06, and the keeper's screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.keeper = cls._role('parts_keeper')
        cls._make_employee("Keeper Zhao", cls.keeper)
        cls.technician = cls._make_employee("Master Li", cls._role('technician'))
        cls.part = cls._make_part("Brake pad", default_code='BP-1', on_hand=5)

    def test_slips_name_parts_order_and_both_people(self):
        order = self._signed_order([(self.part, 2)])
        picking = order.picking_ids.with_user(self.keeper)
        copy = self._html('report_parts_picking', picking)
        for text in (order.name, order.license_plate, 'BP-1', picking.name, 'Brake pad'):
            self.assertIn(text, copy)
        order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        slip = self._html('report_parts_issue_slip', picking)
        for text in (order.name, 'BP-1', "Keeper Zhao", "Master Li", "Parts Issue Slip"):
            self.assertIn(text, slip)
        back = order.part_line_ids.with_user(self.keeper)._return_parts(1, self.technician)
        self.assertIn("Parts Return Slip", self._html('report_parts_issue_slip', back))
        self.assertEqual(
            picking.action_aftersales_print_slip()['report_name'], 'aftersales_service.report_parts_issue_slip'
        )
        self.assertEqual(
            picking.action_aftersales_print_picking()['report_name'], 'aftersales_service.report_parts_picking'
        )

    def test_part_number_is_printed_once(self):
        """The number stands in its column (or behind the name) and not in the name too: copies of the order, statement."""
        order = self._signed_order([(self.part, 2)])
        self.assertIn('BP-1', order.part_line_ids.name, "the line itself carries the number, as Odoo names products")
        for report in (
            'report_work_order_customer', 'report_work_order_workshop', 'report_work_order_picking', 'report_work_order_file',
            'report_settlement_statement',
        ):
            printed = html2plaintext(self._html(report, order))
            self.assertEqual(printed.count('BP-1'), 1, f"{report}:\n{printed}")
            self.assertIn('Brake pad', printed)

    def test_keeper_hands_over_on_the_form(self):
        order = self._signed_order([(self.part, 2)])
        with Form(order.picking_ids.with_user(self.keeper)) as form:
            form.aftersales_receiver_id = self.technician
        picking = order.picking_ids.with_user(self.keeper)
        picking.action_aftersales_issue()
        self.assertEqual((picking.state, picking.aftersales_receiver_id), ('done', self.technician))
        self.assertEqual(picking.action_aftersales_view_order()['res_id'], order.id)

    def test_every_screen_opens_for_its_role(self):
        """Lists, boards and the order's parts page open without more rights than the role has."""
        order = self._signed_order([(self.part, 2)])
        for user, action in (
            (self.keeper, 'parts_issue_action'),
            (self.keeper, 'parts_return_action'),
            (self.keeper, 'part_request_action'),
            (self._role('advisor'), 'part_request_action'),
            (self._role('advisor'), 'part_request_missing_action'),
        ):
            action = self.env.ref(f'aftersales_service.{action}').sudo()
            Model = self.env[action.res_model].with_user(user)
            for view_type in action.view_mode.split(','):
                Model.get_view(view_type=view_type)
            Model.search([])
        form = Form(order.with_user(self._role('advisor')))
        self.assertEqual(form.parts_label, '0/1')
        self.assertEqual(order.with_user(self._role('advisor')).picking_count, 1)
        with self.assertRaises(AccessError):
            order.with_user(self._role('advisor')).read(['parts_cost'])
        self.assertEqual(order.with_user(self._role('accountant')).parts_cost, 0.0)
