from odoo.exceptions import UserError
from odoo.fields import Command

from ..common import AftersalesCommon


class TestReceiving(AftersalesCommon):
    """Goods become ours when somebody counted them and looked: R-PART-01, R-PART-02, R-PART-13, R-PART-14, R-PART-16."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.keeper = cls._role('parts_keeper')
        cls.duan = cls._make_employee("Keeper Duan", cls.keeper)
        cls.vendor = cls._make_customer("Parts wholesale")
        cls.part = cls._make_part("Clutch", cost=300.0, aftersales_is_part=True)
        cls.lamp = cls._make_part("Lamp", cost=80.0, aftersales_is_part=True)
        cls.hold = cls.warehouse.aftersales_hold_location_id

    def test_no_receipt_without_acceptance(self):
        """R-PART-01: at block; R-PART-02: at warn and off the receipt goes on and the keeper's name stays."""
        receipt = self._order((self.part, 5)).picking_ids.with_user(self.keeper)
        receipt.move_ids.picked = True
        with self.assertBlocked('PAR-63', UserError):
            receipt.button_validate()
        self.assertEqual(receipt.state, 'assigned')
        self._set_gate('receipt_accepted', 'warn')
        receipt.button_validate()
        check = self._check(receipt)
        self.assertRecordValues(check, [{'state': 'skipped', 'accepted_by_id': self.duan.id}])
        self.assertIn('PAR-63', ' '.join(check.message_ids.mapped('body')))
        self._set_gate('receipt_accepted', 'off')
        second = self._order((self.part, 1)).picking_ids.with_user(self.keeper)
        second.move_ids.picked = True
        second.button_validate()
        self.assertRecordValues(self._check(second), [{'state': 'skipped', 'accepted_by_id': self.duan.id}])

    def test_accepted_as_ordered(self):
        """R-PART-01: quantity, quality and by whom; then the goods are on the shelf, once."""
        receipt = self._order((self.part, 5), (self.lamp, 2)).picking_ids
        check = self._accept(receipt)
        self.assertRecordValues(
            check, [{'state': 'accepted', 'accepted_by_id': self.duan.id, 'difference_count': 0}]
        )
        self.assertEqual(receipt.state, 'done')
        self.assertEqual((self.part.qty_available, self.lamp.qty_available), (5.0, 2.0))
        with self.assertBlocked('PAR-67', UserError):
            check.with_user(self.keeper)._accept()
        with self.assertBlocked('PAR-67', UserError):
            check.line_ids[0].with_user(self.keeper).counted_qty = 9

    def test_differences_are_recorded_and_stay_until_settled(self):
        """R-PART-16: short, damaged and too many; Hold keeps the doubtful ones, a back-order the missing ones."""
        purchase = self._order((self.part, 5), (self.lamp, 2))
        receipt = purchase.picking_ids
        check = self._accept(receipt, {self.part: (4, 1, 'damaged'), self.lamp: (3, 0, 'ok')})
        self.assertEqual(check.difference_count, 2)
        self.assertEqual(check.line_ids.mapped('difference_qty'), [-1.0, 1.0])
        self.assertEqual(self._on_hand(self.part, self.hold), 1.0)
        self.assertEqual(self._on_hand(self.part, self.warehouse.lot_stock_id), 3.0)
        self.assertEqual(self._on_hand(self.lamp, self.warehouse.lot_stock_id), 3.0)
        self.assertEqual(self.part.with_context(warehouse_id=self.warehouse.id)._aftersales_availability_sudo(self.warehouse)[self.part]['free'], 3.0)
        backorder = purchase.picking_ids - receipt
        self.assertEqual(backorder.move_ids.product_uom_qty, 1.0)
        html = self.env['ir.actions.report']._render_qweb_html('aftersales_service.report_parts_discrepancy', check.ids)[0].decode()
        for word in ("Clutch", "Lamp", "Damaged", "Keeper Duan"):
            self.assertIn(word, html)
        with self.assertBlocked('PAR-66', UserError):
            check.with_user(self.keeper).action_settle()
        check.with_user(self.keeper).settled_note = "Credit note"
        check.with_user(self.keeper).action_settle()
        self.assertTrue(check.settled_at)

    def test_more_than_counted_is_not_booked(self):
        """R-PART-01: who counted four cannot receive five on the native screen."""
        receipt = self._order((self.part, 5)).picking_ids.with_user(self.keeper)
        check = receipt._aftersales_acceptance_sudo()
        check.line_ids.counted_qty = 4
        check._accept(receive=False)
        receipt.move_ids.quantity = 5
        receipt.move_ids.picked = True
        with self.assertBlocked('PAR-64', UserError):
            receipt.button_validate()

    def test_nobody_but_a_keeper_accepts_and_nobody_forges(self):
        """R-PART-01: by whom is a fact of the system."""
        receipt = self._order((self.part, 5)).picking_ids
        check = receipt.with_user(self.keeper)._aftersales_acceptance_sudo()
        with self.assertBlocked('BAS-01', UserError):
            check.write({'state': 'accepted', 'accepted_by_id': self.duan.id})
        with self.assertBlocked('PAR-17', UserError):
            receipt.with_user(self._role('accountant')).action_aftersales_accept()
        with self.assertBlocked('PAR-67', UserError):
            check.line_ids.counted_qty = 0
            check._accept()

    def test_original_parts_only_from_approved_sources(self):
        """R-PART-13: at block, at off, and after the parts manager approved the vendor."""
        self.part.product_tmpl_id.aftersales_grade = 'oem'
        self._set_gate('oem_supplier', 'block')
        receipt = self._order((self.part, 5)).picking_ids
        with self.assertBlocked('PAR-65', UserError):
            self._accept(receipt)
        with self.assertBlocked('PAR-69', UserError):
            self.vendor.with_user(self.keeper).action_aftersales_approve_oem()
        clerk = self._role('accountant')
        clerk.group_ids |= self.env.ref('base.group_partner_manager')
        with self.assertBlocked('PAR-69', UserError):
            self.vendor.with_user(clerk).aftersales_oem_approved = True
        self.vendor.with_user(self._role('parts_manager')).action_aftersales_approve_oem()
        self._accept(receipt)
        self.assertEqual(receipt.state, 'done')
        self.vendor.aftersales_oem_approved = False
        second = self._order((self.part, 1)).picking_ids
        check = second.with_user(self.keeper)._aftersales_acceptance_sudo()
        check.line_ids.grade = 'aftermarket'
        check._accept()
        third = self._order((self.part, 1)).picking_ids
        self._set_gate('oem_supplier', 'off')
        self._accept(third)
        self.assertEqual(third.state, 'done')

    def test_override_by_the_parts_manager(self):
        """R-PART-13: stopped, or let through by name and reason."""
        self.part.product_tmpl_id.aftersales_grade = 'oem'
        self._set_gate('oem_supplier', 'override')
        receipt = self._order((self.part, 5)).picking_ids
        check = receipt.with_user(self.keeper)._aftersales_acceptance_sudo()
        self.assertEqual(check.action_accept()['res_model'], 'aftersales.gate.wizard')
        with self.assertBlocked('BAS-03', UserError):
            check._override('accepted', self._reason('override'))
        manager = self._role('parts_manager')
        check.with_user(manager)._override('accepted', self._reason('override'))
        check._accept()
        self.assertEqual(receipt.state, 'done')

    def test_grade_and_vendor_stay_on_the_number(self):
        """R-PART-13: who delivered this very part, and as what."""
        self.part.product_tmpl_id.write({'tracking': 'serial', 'aftersales_grade': 'brand'})
        receipt = self._order((self.part, 2)).picking_ids
        check = receipt.with_user(self.keeper)._aftersales_acceptance_sudo()
        check.line_ids.lot_names = 'S1'
        with self.assertBlocked('PAR-68', UserError), self.env.cr.savepoint():
            check._accept()
        check.invalidate_recordset()
        check.line_ids.write({'lot_names': 'S1，S2', 'doubtful_qty': 1, 'quality': 'doubtful'})
        check._accept()
        lots = self.env['stock.lot'].search([('product_id', '=', self.part.id)], order='name')
        self.assertEqual(lots.mapped('name'), ['S1', 'S2'])
        self.assertEqual(lots.aftersales_vendor_id, self.vendor)
        self.assertEqual(set(lots.mapped('aftersales_grade')), {'brand'})
        self.assertEqual(lots[1].quant_ids.filtered(lambda q: q.quantity > 0).location_id, self.hold)

    def test_hazardous_goods_only_where_they_are_allowed(self):
        """R-PART-14: put away to the allowed place by itself; elsewhere at block refused, at off let through."""
        oil = self._make_part("Oil", aftersales_is_part=True, aftersales_hazardous=True)
        first = self._order((oil, 1)).picking_ids
        self._accept(first)
        self.assertEqual(first.state, 'done', "no place is marked yet")
        store = self.env['stock.location'].create(
            {
                'name': "Oil store",
                'location_id': self.warehouse.lot_stock_id.id,
                'aftersales_hazardous_allowed': True,
                'company_id': self.company.id,
            }
        )
        self._accept(self._order((oil, 2)).picking_ids)
        self.assertEqual(self._on_hand(oil, store), 2.0)
        elsewhere = self.env['stock.location'].create(
            {'name': "Shelf A", 'location_id': self.warehouse.lot_stock_id.id, 'company_id': self.company.id}
        )
        quant = self.env['stock.quant'].search([('product_id', '=', oil.id), ('location_id', '=', store.id)])
        with self.assertBlocked('PAR-75', UserError), self.env.cr.savepoint():
            quant._aftersales_carry(elsewhere, 1, "Tidying up")
        self._set_gate('hazardous_place', 'off')
        quant._aftersales_carry(elsewhere, 1, "Tidying up")
        self.assertEqual(self._on_hand(oil, elsewhere), 1.0)

    def test_damaged_goods_lie_apart_until_somebody_decides(self):
        """R-PART-24: to Hold with a note; back to the shelf, back to the vendor, or scrap with a reason."""
        self._accept(self._order((self.part, 9)).picking_ids)
        shelf = self._quant(self.part, self.warehouse.lot_stock_id)
        wizard = self.env['aftersales.hold.wizard'].with_user(self.keeper).create({'quant_id': shelf.id, 'quantity': 4, 'note': "Wet"})
        wizard.action_confirm()
        self.assertEqual(self._on_hand(self.part, self.hold), 4.0)
        held = self._quant(self.part, self.hold).with_user(self.keeper)
        held._aftersales_back_to_shelf(1, "Dry again")
        held._aftersales_back_to_vendor(1, "Wet on arrival")
        self.assertEqual((self._on_hand(self.part, self.hold), self.part.qty_available), (2.0, 8.0))
        tag = self.env['stock.scrap.reason.tag'].create({'name': "Water"})
        with self.assertBlocked('PAR-76', UserError), self.env.cr.savepoint():
            held._aftersales_scrap(1, tag.browse(), "")
        held._aftersales_scrap(1, tag, "Rust")
        self._set_gate('scrap_reason', 'off')
        held._aftersales_scrap(1, tag.browse(), "")
        self.assertEqual(self._on_hand(self.part, self.hold), 0.0)
        with self.assertBlocked('PAR-77', UserError):
            held._aftersales_scrap(1, tag, "")
        with self.assertBlocked('PAR-17', UserError):
            self._quant(self.part, self.warehouse.lot_stock_id).with_user(self._role('accountant'))._aftersales_set_aside(1, "")

    def test_nothing_to_send_back(self):
        found = self._make_part("Found", on_hand=0)
        self.env['stock.quant']._update_available_quantity(found, self.hold, 1)
        with self.assertBlocked('PAR-78', UserError):
            self._quant(found, self.hold)._aftersales_back_to_vendor(1, "")

    # === TOOLS === #

    def _order(self, *items):
        """Confirm a purchase of parts."""
        purchase = self.env['purchase.order'].create(
            {
                'partner_id': self.vendor.id,
                'company_id': self.company.id,
                'order_line': [
                    Command.create({'product_id': product.id, 'product_qty': quantity, 'price_unit': 10.0})
                    for product, quantity in items
                ],
            }
        )
        purchase.button_confirm()
        return purchase

    def _accept(self, receipt, counted=None):
        """Accept a delivery as the keeper; `counted` is {product: (counted, to Hold, quality)}."""
        check = receipt.with_user(self.keeper)._aftersales_acceptance_sudo()
        for product, (quantity, doubtful, quality) in (counted or {}).items():
            check.line_ids.filtered(lambda line, product=product: line.product_id == product).write(
                {'counted_qty': quantity, 'doubtful_qty': doubtful, 'quality': quality}
            )
        check._accept()
        return check

    def _check(self, receipt):
        return self.env['aftersales.receipt.check'].search([('picking_id', '=', receipt.id)])

    def _quant(self, product, place):
        return self.env['stock.quant'].search([('product_id', '=', product.id), ('location_id', '=', place.id), ('quantity', '>', 0)])

    def _on_hand(self, product, place):
        return sum(self._quant(product, place).mapped('quantity'))
