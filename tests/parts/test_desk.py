from odoo.addons.aftersales_service.models.parts.guard import opened

from ..common import AftersalesCommon


class TestPartsDesk(AftersalesCommon):
    """What the counter makes of scans, words and wrong input: R-PART-10, R-PART-17, R-PART-24."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls.keeper = cls._role('parts_keeper')
        cls.duan = cls._make_employee("Keeper Duan", cls.keeper)
        cls.master = cls._make_employee("Master Li")
        cls.vendor = cls.env['res.partner'].create({'name': "Ruitu Parts"})
        cls.bulb = cls._make_part("Head lamp bulb H7", cost=10.0, price=45.2, on_hand=6)
        cls.bulb.write({'default_code': 'BUL-H7_x', 'barcode': '6900000000017'})
        cls.env['product.supplierinfo'].create({
            'partner_id': cls.vendor.id, 'product_tmpl_id': cls.bulb.product_tmpl_id.id, 'product_code': 'RT-0815', 'price': 9.0,
        })
        cls.desk = cls.env['aftersales.desk.parts'].with_user(cls.keeper)

    def test_a_part_is_found_by_whatever_stands_on_it(self):
        """Barcode, part number in whatever case, the vendor's own number: one part each, with what is free of it."""
        for code in ('6900000000017', 'bul-h7_X', ' BUL-H7_x ', 'rt-0815'):
            found = self.desk.scan(code)
            self.assertEqual((found['kind'], found['id'], found['free']), ('part', self.bulb.id, 6.0), code)
        self.assertEqual(self.desk.scan('BUL-H7yx')['kind'], 'unknown', "an underscore in a number is no joker")

    def test_a_part_is_found_by_its_lot(self):
        battery = self._make_part("Battery", tracking='lot')
        self.env['stock.lot'].create({'name': 'LOT-7', 'product_id': battery.id, 'company_id': self.company.id})
        self.assertEqual(self.desk.scan('LOT-7')['id'], battery.id)

    def test_words_offer_the_parts_they_may_mean(self):
        """A counter without a scanner: part of a name or a number; one part is taken at once, several are offered."""
        self.assertEqual(self.desk.scan('lamp bulb')['id'], self.bulb.id)
        other = self._make_part("Head lamp socket")
        found = self.desk.scan('head lamp')
        self.assertEqual(found['kind'], 'choice')
        self.assertEqual({part['id'] for part in found['parts']}, {self.bulb.id, other.id})
        self.assertEqual(self.desk.scan('no such thing')['kind'], 'unknown')
        self.assertEqual(self.desk.scan('')['kind'], 'unknown')

    def test_an_order_is_found_by_its_number_in_whatever_case(self):
        order = self._signed_order([(self.bulb, 1)])
        self.assertEqual(self.desk.scan(order.name.lower()), {'kind': 'order', 'id': order.id, 'name': order.name})

    def test_quantities_nobody_can_mean(self):
        """R-PART-17: below zero, none, not a number: refused by name on every way over the counter; nothing moves."""
        order = self._signed_order([(self.bulb, 2)])
        line = order.part_line_ids
        team = self.env['aftersales.team'].create({'name': "Team Red", 'company_id': self.company.id})
        cash = self.desk.get_data()['means'][0]['id']
        for wrong in (-1, 0, 'many', None, float('nan'), 1e12):
            for verb in (
                lambda wrong=wrong: self.desk.issue(order.id, {line.id: wrong}),
                lambda wrong=wrong: self.desk.take_back({line.id: wrong}),
                lambda wrong=wrong: self.desk.sell({str(self.bulb.id): wrong}, cash),
                lambda wrong=wrong: self.desk.consume(team.id, {str(self.bulb.id): wrong}, self.master.id),
            ):
                with self.assertBlocked('PAR-80'):
                    verb()
        with self.assertBlocked('PAR-80'):
            self.desk.order_urgently(line.id, -3)
        with self.assertBlocked('PAR-80'):
            self.desk.issue(order.id, {})
        self.assertEqual(self.bulb.qty_available, 6.0)

    def test_a_part_that_is_gone(self):
        """A part deleted or archived while it stood on the counter's list is named, not sold."""
        cash = self.desk.get_data()['means'][0]['id']
        gone = self._make_part("Wiper")
        gone.unlink()
        with self.assertBlocked('PAR-81'):
            self.desk.sell({str(gone.id): 1}, cash)
        self.bulb.active = False
        with self.assertBlocked('PAR-81'):
            self.desk.sell({str(self.bulb.id): 1}, cash)

    def test_fewer_come_back_than_were_announced(self):
        """R-PART-24: two announced, one brought: one is on the shelf, the other stays announced and is not in Hold."""
        order = self._signed_order([(self.bulb, 3)])
        order.with_user(self.keeper)._issue_parts()
        line = order.part_line_ids
        line._announce_return(2)
        hold = self.warehouse.aftersales_hold_location_id
        self.desk.take_back({str(line.id): 1}, self.master.id, damaged=True)
        self.assertEqual(line.returned_qty, 1.0)
        later = self.env['stock.move'].search([
            ('aftersales_line_id', '=', line.id), ('aftersales_kind', '=', 'return'), ('state', 'not in', ('done', 'cancel')),
        ])
        self.assertEqual((later.product_uom_qty, later.location_dest_id), (1.0, self.warehouse.lot_stock_id))
        self.assertEqual(self.env['stock.quant']._get_available_quantity(self.bulb, hold), 1.0)
        self.assertEqual(self.desk.get_data()['back'][0]['announced_qty'], 1.0)
        # More than was announced: the rest is a return of its own.
        self.desk.take_back({str(line.id): 2}, self.master.id)
        self.assertEqual((line.returned_qty, line.net_issued_qty), (3.0, 0.0))
        self.assertEqual(self._wip(order), 0.0)
        with self.assertBlocked('PAR-15'):
            self.desk.take_back({str(line.id): 1}, self.master.id)

    def test_a_colleague_was_faster(self):
        """R-PART-06: a screen that is old names who handed the parts over; a line of another order has nothing here."""
        order, other = (self._signed_order([(self.bulb, 2)]) for _number in range(2))
        with self.assertBlocked('PAR-70'):
            self.desk.issue(order.id, {str(other.part_line_ids.id): 1})
        self.desk.issue(order.id, {str(order.part_line_ids.id): 2}, self.master.id)
        with self.assertBlocked('PAR-20') as caught:
            self.desk.issue(order.id, {str(order.part_line_ids.id): 2}, self.master.id)
        self.assertIn("Keeper Duan", str(caught.exception))
        self.assertEqual(order.part_line_ids.issued_qty, 2.0)

    def test_who_takes_the_parts_without_a_badge(self):
        """R-PART-06: the technician at work on the job before who asked for the parts."""
        order = self._signed_order([(self.bulb, 1)])
        asked = self._make_employee("Advisor Lin")
        opened(order.picking_ids).aftersales_requested_by_id = asked
        row = self.desk.get_data()['orders'][0]
        self.assertEqual(row['receiver'], "Advisor Lin")
        self._give_to(order, self.master)
        self.assertEqual(self.desk.get_data()['orders'][0]['receiver'], "Master Li")
        self.desk.issue(order.id, {str(order.part_line_ids.id): 1})
        self.assertEqual(order.picking_ids.aftersales_receiver_id, self.master)

    def test_urgent_is_ordered_once(self):
        """R-PART-10: who asks again is told the purchase; the list says that nobody confirmed it; a cancelled one is none."""
        pump = self._make_part("Water pump", cost=90.0, price=180.0)
        self.env['product.supplierinfo'].create({
            'partner_id': self.vendor.id, 'product_tmpl_id': pump.product_tmpl_id.id, 'price': 90.0})
        order = self._signed_order([(pump, 2)])
        line = order.part_line_ids
        purchase = self.env['purchase.order'].browse(self.desk.order_urgently(line.id, 2)['id'])
        [row] = self.desk.get_data()['missing']
        self.assertEqual((row['purchase'], row['urgent']), (purchase.name, True))
        self.assertIn(purchase.name, row['eta_text'])
        with self.assertBlocked('PAR-82'):
            self.desk.order_urgently(line.id, 2)
        self.assertEqual(purchase.order_line.product_qty, 2.0)
        purchase.button_cancel()
        self.assertEqual(self.desk.get_data()['missing'][0]['purchase'], '')
        again = self.env['purchase.order'].browse(self.desk.order_urgently(line.id, 2)['id'])
        self.assertNotEqual(again, purchase)

    def test_the_parts_manager_sends_what_the_parts_room_ordered(self):
        """R-PART-09, R-PART-10: no role beside the parts room's is needed to send an urgent purchase; a planner cannot."""
        pump = self._make_part("Water pump", cost=90.0, price=180.0)
        self.env['product.supplierinfo'].create({
            'partner_id': self.vendor.id, 'product_tmpl_id': pump.product_tmpl_id.id, 'price': 90.0})
        line = self._signed_order([(pump, 1)]).part_line_ids
        purchase = self.env['purchase.order'].browse(self.desk.order_urgently(line.id)['id'])
        purchase.with_user(self._role('parts_manager')).button_confirm()
        self.assertEqual(purchase.state, 'purchase')
        self.assertFalse(purchase.with_user(self._role('parts_planner')).has_access('write'))
        self.assertIn('Expected', self.desk.get_data()['missing'][0]['eta_text'])
