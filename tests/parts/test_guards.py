from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from ..common import AftersalesCommon


class TestGuards(AftersalesCommon):
    """No back door to the goods of an order: R-PART-17, R-PART-04."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.part = cls._make_part("Filter", cost=50.0, on_hand=10)
        cls.keeper = cls._role('parts_keeper')
        cls.stock_manager = new_test_user(
            cls.env,
            login='stock_manager_only',
            groups='stock.group_stock_manager,account.group_account_manager',
            company_id=cls.company.id,
            context={'no_reset_password': True},
        )

    def _issued(self, quantity=2):
        order = self._signed_order([(self.part, quantity)])
        order.with_user(self.keeper)._issue_parts()
        return order

    def test_done_lines_cannot_be_edited(self):
        """R-PART-04: quantity, place, owner, value: the ledger would no longer agree with the goods."""
        order = self._issued()
        move = order.picking_ids.move_ids
        line = move.move_line_ids
        for user in (self.keeper, self.stock_manager):
            for change in (
                lambda user: line.with_user(user).write({'quantity': 1}),
                lambda user: line.with_user(user).write({'location_id': self.warehouse.aftersales_hold_location_id.id}),
                lambda user: line.with_user(user).write({'owner_id': self.customer.id}),
                lambda user: line.with_user(user).unlink(),
                lambda user: move.with_user(user).write({'quantity': 1}),
                lambda user: move.with_user(user).write({'value': 1.0}),
                lambda user: move.with_user(user).write({'state': 'draft'}),
                lambda user: move.with_user(user).write({'aftersales_line_id': False}),
                lambda user: move.with_user(user).unlink(),
                lambda user: (
                    self.env['product.value']
                    .with_user(user)
                    .sudo()
                    .create({'move_id': move.id, 'value': 1.0, 'company_id': self.company.id})
                ),
                lambda user: (
                    self.env['stock.move.line']
                    .with_user(user)
                    .create(
                        {
                            'move_id': move.id,
                            'product_id': self.part.id,
                            'quantity': 1,
                            'location_id': move.location_id.id,
                            'location_dest_id': move.location_dest_id.id,
                        }
                    )
                ),
            ):
                with self.assertRaises(UserError) as caught:
                    change(user)
                self.assertRegex(str(caught.exception), r'PAR-0[34]')
        self.assertEqual(self._wip(order), 100.0)
        self._assert_parts_agree(self, order)

    def test_links_and_stamps_are_not_written_by_hand(self):
        order = self._signed_order([self.part])
        other = self._signed_order([self.part])
        move = order.picking_ids.move_ids
        with self.assertBlocked('PAR-03', UserError):
            move.with_user(self.keeper).write({'aftersales_order_id': other.id})
        with self.assertBlocked('PAR-18', UserError):
            order.picking_ids.with_user(self.keeper).write({'aftersales_keeper_at': '2026-01-01 00:00:00'})
        with self.assertBlocked('PAR-18', UserError):
            order.picking_ids.with_user(self.keeper).write({'aftersales_order_id': other.id})
        with self.assertBlocked('PAR-02', UserError):
            move.with_user(self.keeper).write({'state': 'done'})
        with self.assertBlocked('PAR-02', UserError):
            move.with_user(self.keeper).with_context(aftersales_guard=True).write({'state': 'done'})
        with self.assertBlocked('PAR-02', UserError):
            self.env['stock.move'].with_user(self.keeper).create(
                {
                    'product_id': self.part.id,
                    'product_uom_qty': 1,
                    'state': 'done',
                    'aftersales_order_id': order.id,
                    'location_id': self.warehouse.lot_stock_id.id,
                    'location_dest_id': self.warehouse.aftersales_workshop_location_id.id,
                }
            )
        order.with_user(self.keeper)._issue_parts()
        with self.assertBlocked('PAR-18', UserError):
            order.picking_ids.with_user(self.keeper).write(
                {'aftersales_receiver_id': self._make_employee("Somebody").id}
            )

    def _transfer(self, picking_type, source, target, **move):
        picking = (
            self.env['stock.picking']
            .with_user(self.keeper)
            .create(
                {
                    'picking_type_id': picking_type.id,
                    'location_id': source.id,
                    'location_dest_id': target.id,
                    'move_ids': [
                        Command.create(
                            {
                                'product_id': self.part.id,
                                'product_uom_qty': 1,
                                'product_uom': self.part.uom_id.id,
                                'location_id': source.id,
                                'location_dest_id': target.id,
                                'company_id': self.company.id,
                                **move,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        return picking

    def test_nothing_reaches_a_workshop_without_an_order(self):
        """R-PART-17: neither by our type nor by another, nor out of it by an internal transfer."""
        shelf, workshop = self.warehouse.lot_stock_id, self.warehouse.aftersales_workshop_location_id
        with self.assertBlocked('PAR-07', UserError):
            self._transfer(self.warehouse.aftersales_issue_type_id, shelf, workshop).button_validate()
        with self.assertBlocked('PAR-05', UserError):
            self._transfer(self.warehouse.int_type_id, shelf, workshop).button_validate()
        order = self._issued()
        with self.assertBlocked('PAR-05', UserError):
            self._transfer(self.warehouse.int_type_id, workshop, shelf).button_validate()
        with self.assertBlocked('PAR-05', UserError):
            self._transfer(
                self.warehouse.aftersales_issue_type_id,
                shelf,
                self.warehouse.aftersales_hold_location_id,
                aftersales_order_id=order.id,
                aftersales_line_id=order.part_line_ids.id,
            ).button_validate()

    def test_duplicated_transfer_meets_the_gates(self):
        """R-PART-17: a copy keeps its links, stays a draft, and cannot issue a second time."""
        order = self._issued()
        copy = order.picking_ids.with_user(self.keeper).copy()
        self.assertEqual(copy.state, 'draft')
        self.assertFalse(copy.aftersales_keeper_at or copy.aftersales_receiver_id)
        with self.assertBlocked('PAR-10', UserError):
            copy.button_validate()

    def test_never_more_than_the_line_asks(self):
        order = self._signed_order([self.part])
        picking = order.picking_ids.with_user(self.keeper)
        picking.move_ids.quantity = 3
        with self.assertBlocked('PAR-10', UserError):
            picking.button_validate()

    def test_never_more_than_on_hand(self):
        """Proven hole: issued before received costs 0.00 for good."""
        rare = self._make_part("Rare sensor", cost=900.0, on_hand=1)
        order = self._signed_order([(rare, 3)])
        picking = order.picking_ids.with_user(self.keeper)
        picking.move_ids.quantity = 3
        with self.assertBlocked('PAR-13', UserError):
            picking.button_validate()
        self.assertEqual(rare.qty_available, 1.0)

    def test_another_part_than_the_line_names(self):
        other = self._make_part("Other filter", on_hand=5)
        order = self._signed_order([self.part])
        shelf, workshop = self.warehouse.lot_stock_id, self.warehouse.aftersales_workshop_location_id
        picking = self._transfer(
            self.warehouse.aftersales_issue_type_id,
            shelf,
            workshop,
            product_id=other.id,
            product_uom=other.uom_id.id,
            aftersales_order_id=order.id,
            aftersales_line_id=order.part_line_ids.id,
        )
        with self.assertBlocked('PAR-08', UserError):
            picking.button_validate()

    def test_goods_of_somebody_else_are_not_built_in(self):
        order = self._signed_order([self.part])
        stranger = self._make_customer("Stranger")
        picking = order.picking_ids.with_user(self.keeper)
        picking.move_ids.move_line_ids.owner_id = stranger
        with self.assertBlocked('PAR-09', UserError):
            picking.button_validate()

    def test_periodic_category_is_refused_by_name(self):
        """House §5: with work in progress every part is perpetual; the message names product and category."""
        category = self.env['product.category'].create(
            {'name': "Oils", 'property_valuation': 'periodic', 'property_cost_method': 'average'}
        )
        oil = self._make_part("Engine oil", on_hand=5, categ_id=category.id)
        order = self._signed_order([oil])
        with self.assertBlocked('PAR-11', UserError) as caught:
            order.with_user(self.keeper)._issue_parts()
        self.assertIn("Engine oil", str(caught.exception))
        self.assertIn("Oils", str(caught.exception))
        self.company.aftersales_wip_account_id = False
        order.with_user(self.keeper)._issue_parts()
        self.assertEqual(order.part_line_ids.issued_qty, 1.0)

    def test_valuation_stays_while_parts_are_open(self):
        """R-PART-04: category, valuation, company mode and WIP account wait until the orders are settled."""
        order = self._issued()
        other = self.env['product.category'].create(
            {'name': "Other", 'property_valuation': 'periodic', 'property_cost_method': 'average'}
        )
        for change in (
            lambda: self.part.product_tmpl_id.write({'categ_id': other.id}),
            lambda: self.part.write({'is_storable': False}),
            lambda: self.part_category.write({'property_valuation': 'periodic'}),
            lambda: self.part_category.write({'property_cost_method': 'standard'}),
            lambda: self.company.write({'inventory_valuation': 'periodic'}),
            lambda: self.company.write({'aftersales_wip_account_id': False}),
        ):
            with self.assertBlocked('PAR-60', UserError) as caught:
                change()
            self.assertIn(order.name, str(caught.exception))
        unused = self._make_part("Unused")
        unused.categ_id = other
        self.assertEqual(unused.categ_id, other)

    def test_product_on_an_order_is_not_deleted(self):
        self._signed_order([self.part])
        with self.assertBlocked('PAR-40', UserError):
            self.part.unlink()
        with self.assertBlocked('PAR-40', UserError):
            self.part.product_tmpl_id.unlink()

    def test_line_cannot_change_under_the_parts_room(self):
        """R-PART-17: the part, its unit and fewer than built in are refused; fewer than asked frees the rest."""
        order = self._issued(2)
        line = order.part_line_ids
        other = self._make_part("Other")
        with self.assertBlocked('PAR-31', UserError):
            line.product_id = other
        with self.assertBlocked('PAR-31', UserError):
            line.supplied_by = 'customer'
        with self.assertBlocked('PAR-32', UserError):
            line.quantity = 1
        with self.assertBlocked('PAR-30', UserError):
            line.unlink()
        line.quantity = 5
        order._request_parts()
        self.assertEqual(line.reserved_qty, 3.0)
        line.quantity = 3
        self.assertEqual((line.reserved_qty, line.requested_qty), (1.0, 3.0))
        line.quantity = 2
        self.assertEqual((line.reserved_qty, line.requested_qty), (0.0, 2.0))
        fresh = self._signed_order([self.part])
        moves = fresh.picking_ids.move_ids
        fresh.part_line_ids.unlink()
        self.assertFalse(moves.exists())

    def test_integrity_names_each_disagreement(self):
        """R-PART-04: what got past every door by SQL is listed."""
        order = self._issued()
        self._assert_parts_agree(self, order)
        move = order.picking_ids.move_ids
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_move SET value = 30 WHERE id = %s", [move.id])
        self.env.invalidate_all()
        found = {row['code']: row for row in self.company._aftersales_integrity() if row['code'].startswith('PAR')}
        self.assertEqual(set(found), {'PAR-I1'})
        self.assertEqual((found['PAR-I1']['res_id'], found['PAR-I1']['amount']), (order.id, -70.0))
        self.env.cr.execute("UPDATE stock_move SET value = 100, aftersales_line_id = NULL WHERE id = %s", [move.id])
        self.env.cr.execute(
            "UPDATE aftersales_repair_line SET net_issued_qty = 9 WHERE id = %s", [order.part_line_ids.id]
        )
        self.env.invalidate_all()
        codes = {row['code'] for row in self.company._aftersales_integrity() if row['code'].startswith('PAR')}
        self.assertEqual(codes, {'PAR-I2', 'PAR-I4'})
        back = order.part_line_ids.sudo()
        self.env.cr.execute(
            "UPDATE stock_move SET aftersales_line_id = %s WHERE id = %s", [order.part_line_ids.id, move.id]
        )
        self.env.cr.execute(
            "UPDATE aftersales_repair_line SET net_issued_qty = 2 WHERE id = %s", [order.part_line_ids.id]
        )
        self.env.invalidate_all()
        back.with_user(self.keeper)._return_parts(1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_move SET quantity = 9 WHERE origin_returned_move_id = %s", [move.id])
        self.env.invalidate_all()
        self.assertIn('PAR-I3', {row['code'] for row in self.company._aftersales_integrity()})

    def test_integrity_names_a_serial_number_in_two_cars(self):
        """R-PART-04: one serial number issued twice and returned never is listed."""
        part = self._make_part("Alternator", cost=500.0, tracking='serial')
        lot = self.env['stock.lot'].create({'name': "SN-1", 'product_id': part.id, 'company_id': self.company.id})
        self.env['stock.quant']._update_available_quantity(part, self.warehouse.lot_stock_id, 1, lot_id=lot)
        other = self.env['stock.lot'].create({'name': "SN-2", 'product_id': part.id, 'company_id': self.company.id})
        self.env['stock.quant']._update_available_quantity(part, self.warehouse.lot_stock_id, 1, lot_id=other)
        orders = self._signed_order([part]) | self._signed_order([part])
        for order in orders:
            order._issue_parts(receiver=self._make_employee("Receiver"))
        self.assertNotIn('PAR-I5', [row['code'] for row in self.company._aftersales_integrity()])
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_move_line SET lot_id = %s WHERE lot_id = %s", [lot.id, other.id])
        self.env.invalidate_all()
        found = [row['res_id'] for row in self.company._aftersales_integrity() if row['code'] == 'PAR-I5']
        self.assertEqual(found, [lot.id])
