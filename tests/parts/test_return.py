from odoo import Command
from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestReturn(AftersalesCommon):
    """Unused parts come back, never more than went out: R-PART-17, R-PART-24."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.part = cls._make_part("Bulb", cost=10.0, on_hand=3)
        cls.keeper = cls._role('parts_keeper')
        cls.technician = cls._role('technician')
        cls.master = cls._make_employee("Master Li", cls.technician)

    def _issued(self, quantity=3):
        order = self._signed_order([(self.part, quantity)])
        order.with_user(self.keeper)._issue_parts()
        return order

    def test_returned_one_by_one_leaves_nothing(self):
        """R-PART-24: three pieces of a third of 10.00 each, back one by one: WIP 0.00, not 0.01."""
        self.part.standard_price = 10.0 / 3
        order = self._issued()
        line = order.part_line_ids
        for _number in range(3):
            line.with_user(self.keeper)._return_parts(1)
        self.assertRecordValues(
            line, [{'issued_qty': 3.0, 'returned_qty': 3.0, 'net_issued_qty': 0.0, 'parts_state': 'none'}]
        )
        self.assertAlmostEqual(self._wip(order), order._parts_cost()[order])
        self.assertLessEqual(abs(self._wip(order)), 0.02)

    def test_value_is_that_of_the_issue(self):
        order = self._issued(2)
        self._receive(self.part, 5, 20.0)
        back = order.part_line_ids.with_user(self.keeper)._return_parts(1)
        self.assertEqual(back.sudo().move_ids.value, 10.0)
        self.assertEqual(self._wip(order), 10.0)
        self.assertEqual(back.sudo().location_dest_id, self.warehouse.lot_stock_id)
        self._assert_parts_agree(self, order)

    def test_technician_announces_keeper_puts_back(self):
        """R-PART-24: announced from the line without inventory rights, waiting in “Take back”; settling waits for it."""
        order = self._issued()
        self._give_to(order, self.master)
        line = order.part_line_ids.with_user(self.technician)
        back = line._announce_return(1)
        self.assertEqual(back.sudo().state, 'assigned')
        self.assertIn('PAR-28', self._codes(order, 'settled'))
        with self.assertBlocked('PAR-17', UserError):
            line._return_parts(1)
        listed = (
            self.env['stock.picking']
            .with_user(self.keeper)
            .search([('aftersales_kind', '=', 'return'), ('state', '=', 'assigned')])
        )
        listed.action_aftersales_take_back()
        self.assertEqual(order.part_line_ids.net_issued_qty, 2.0)
        self.assertNotIn('PAR-28', self._codes(order, 'settled'))
        self._set_gate('parts_return_open', 'off')
        line._announce_return(1)
        self.assertNotIn('PAR-28', self._codes(order, 'settled'))

    def test_never_more_than_issued_by_any_way(self):
        """R-PART-17: from the line, from Odoo's wizard with a typed quantity, by raising a draft, by a fresh move."""
        order = self._issued(2)
        line = order.part_line_ids.with_user(self.keeper)
        with self.assertBlocked('PAR-15', UserError):
            line._return_parts(3)
        with self.assertBlocked('PAR-33', UserError):
            line._return_parts(-1)
        issue = order.picking_ids
        wizard = self.env['stock.return.picking'].with_user(self.keeper).create({'picking_id': issue.id})
        wizard.product_return_moves.quantity = 5
        with self.assertBlocked('PAR-15', UserError):
            wizard.action_create_returns()
        wizard.product_return_moves.quantity = 1
        back = self.env['stock.picking'].browse(wizard.action_create_returns()['res_id']).with_user(self.keeper)
        self.assertEqual(back.aftersales_order_id, order)
        back.move_ids.quantity = 4
        with self.assertBlocked('PAR-15', UserError):
            back.button_validate()
        with self.assertBlocked('PAR-15', UserError):
            line._return_parts(2)
        back.move_ids.quantity = 1
        back.button_validate()
        self.assertEqual(self._wip(order), 10.0)
        with self.assertBlocked('PAR-14', UserError):
            self._fresh_return(order).with_user(self.keeper).button_validate()
        self._assert_parts_agree(self, order)

    def _fresh_return(self, order):
        back = self.warehouse.aftersales_return_type_id
        picking = self.env['stock.picking'].create(
            {
                'picking_type_id': back.id,
                'location_id': back.default_location_src_id.id,
                'location_dest_id': back.default_location_dest_id.id,
                'aftersales_order_id': order.id,
                'move_ids': [
                    Command.create(
                        {
                            'product_id': self.part.id,
                            'product_uom_qty': 1,
                            'product_uom': self.part.uom_id.id,
                            'company_id': self.company.id,
                            'location_id': back.default_location_src_id.id,
                            'location_dest_id': back.default_location_dest_id.id,
                            'aftersales_order_id': order.id,
                            'aftersales_line_id': order.part_line_ids.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        return picking

    def test_a_return_is_not_returned_nor_exchanged(self):
        order = self._issued(2)
        back = order.part_line_ids.with_user(self.keeper)._return_parts(1)
        wizard = self.env['stock.return.picking'].with_user(self.keeper).create({'picking_id': back.id})
        wizard.product_return_moves.quantity = 1
        with self.assertBlocked('PAR-14', UserError):
            wizard.action_create_returns()
        issue = order.picking_ids.filtered(lambda picking: picking.aftersales_kind == 'issue')
        wizard = self.env['stock.return.picking'].with_user(self.keeper).create({'picking_id': issue.id})
        wizard.product_return_moves.quantity = 1
        with self.assertBlocked('PAR-21', UserError):
            wizard.action_create_exchanges()

    def test_damaged_part_goes_to_hold_and_is_scrapped_there(self):
        """R-PART-24: damage apart: Hold, not the shelf; the workshop itself scraps nothing."""
        order = self._issued(2)
        workshop = self.warehouse.aftersales_workshop_location_id
        scrap = (
            self.env['stock.scrap']
            .with_user(self.keeper)
            .create(
                {
                    'product_id': self.part.id,
                    'scrap_qty': 1,
                    'location_id': workshop.id,
                    'company_id': self.company.id,
                }
            )
        )
        with self.assertBlocked('PAR-06', UserError):
            scrap.do_scrap()
        hold = self.warehouse.aftersales_hold_location_id
        back = order.part_line_ids.with_user(self.keeper)._return_parts(1, location=hold)
        self.assertEqual(back.sudo().move_ids.move_line_ids.location_dest_id, hold)
        self.assertEqual(self._wip(order), 10.0)
        scrap = (
            self.env['stock.scrap']
            .with_user(self.keeper)
            .create(
                {
                    'product_id': self.part.id,
                    'scrap_qty': 1,
                    'location_id': hold.id,
                    'company_id': self.company.id,
                }
            )
        )
        scrap.do_scrap()
        self.assertEqual(scrap.state, 'done')
        self.assertEqual(self.part.with_context(location=self.warehouse.lot_stock_id.id).qty_available, 1.0)
        self._assert_parts_agree(self, order)

    def test_serial_number_comes_back_as_itself(self):
        battery = self._make_part("Battery", cost=500.0, tracking='serial')
        lots = self.env['stock.lot'].create(
            [{'name': name, 'product_id': battery.id, 'company_id': self.company.id} for name in ('B1', 'B2')]
        )
        for lot in lots:
            self.env['stock.quant'].with_context(inventory_mode=True).create(
                {
                    'product_id': battery.id,
                    'location_id': self.warehouse.lot_stock_id.id,
                    'lot_id': lot.id,
                    'inventory_quantity': 1,
                }
            )._apply_inventory()
        order = self._signed_order([battery])
        order.with_user(self.keeper)._issue_parts()
        used = order.picking_ids.move_ids.move_line_ids.lot_id
        back = order.part_line_ids._announce_return(1)
        back.move_ids.move_line_ids.lot_id = lots - used
        with self.assertBlocked('PAR-16', UserError):
            back.with_user(self.keeper)._aftersales_take_back()
        back.move_ids.move_line_ids.lot_id = used
        back.with_user(self.keeper)._aftersales_take_back()
        self._assert_parts_agree(self, order)

    def test_wizard_of_the_line(self):
        order = self._issued(2)
        self._give_to(order, self.master)
        action = order.part_line_ids.action_take_back()
        wizard = self.env[action['res_model']].with_user(self.keeper).with_context(**action['context']).create({})
        self.assertEqual((wizard.quantity, wizard.is_keeper), (2.0, True))
        wizard.quantity = 1
        wizard.action_confirm()
        self.assertEqual(order.part_line_ids.net_issued_qty, 1.0)
        wizard = (
            self.env[action['res_model']]
            .with_user(self.technician)
            .with_context(**action['context'])
            .create({'is_damaged': True})
        )
        wizard.action_confirm()
        back = order.picking_ids.filtered(lambda picking: picking.state == 'assigned')
        self.assertEqual(back.location_dest_id, self.warehouse.aftersales_hold_location_id)
