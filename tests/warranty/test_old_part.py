from odoo import fields
from odoo.exceptions import AccessError

from ..common import SIGNATURE, AftersalesCommon


class TestOldPart(AftersalesCommon):
    """The life of an old part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls.keeper = cls._role('parts_keeper')
        cls.keeper_person = cls._make_employee("Keeper Fang", cls.keeper)
        cls.clerk = cls._role('warranty_clerk')
        cls.pump = cls._make_part("Water pump", cost=200.0, price=452.0, on_hand=20)
        cls.place = cls.warehouse.aftersales_old_parts_location_id
        cls.shelf = cls.env['stock.location'].create({
            'name': "OLD-1", 'location_id': cls.place.id, 'company_id': cls.company.id, 'barcode': "OLD-1"})
        cls.order = cls._make_old_part_order([(cls.pump, 2)])
        cls.line = cls.order.line_ids
        cls.manufacturer = cls.order.payer_ids.partner_id

    def test_tag_store_and_history(self):
        """R-WAR-06, R-WAR-10: number, owner, place, keeper, date; every step in the history; the goods lie there worth nothing."""
        part = self.line.with_user(self.keeper)._tag_old_part(serial="X-77", photos=[SIGNATURE.decode()], note="leaks")
        self.assertRegex(part.name, r'^OP\d{4}-\d{4}$')
        self.assertEqual((part.state, part.owner_kind, part.owner_id), ('tagged', 'manufacturer', self.manufacturer))
        self.assertEqual((part.quantity, part.photo_count, part.order_id, part.vehicle_id),
                         (2, 1, self.order, self.order.vehicle_id))
        part._store(self.shelf)
        self.assertEqual((part.state, part.location_id, part.keeper_id), ('stored', self.shelf, self.keeper_person))
        part._store(self.place)
        self.assertEqual(part.location_id, self.place)
        self.assertEqual(part.move_ids.sorted('id').mapped('kind'), ['tag', 'store', 'move'])
        last = part.move_ids.sorted('id')[-1]
        self.assertEqual((last.location_id, last.location_dest_id, last.user_id), (self.shelf, self.place, self.keeper))
        quant = self.env['stock.quant'].search([('product_id', '=', self.pump.id), ('location_id', '=', self.place.id)])
        self.assertEqual((quant.quantity, quant.owner_id, quant.value), (2, self.manufacturer, 0.0))
        self.assertEqual(part.sudo().move_ids.stock_move_id.mapped('value'), [0.0, 0.0])
        self.assertFalse(part.sudo().move_ids.stock_move_id.account_move_id)
        self.assertEqual(self.pump.qty_available, 18, "our own stock is untouched")
        self.assertFalse(self._old_part_findings())

    def test_only_verbs_write(self):
        """R-WAR-10: facts and history are recorded by the verbs, nobody writes, creates or deletes them."""
        part = self._keep_old_part(self.line)
        for values in ({'state': 'handed'}, {'owner_kind': 'customer'}, {'location_id': False}, {'hold_until': False}):
            with self.assertBlocked('BAS-01'):
                part.write(values)
        with self.assertBlocked('WAR-60'):
            self.env['aftersales.old.part'].create({'line_id': self.line.id})
        with self.assertBlocked('WAR-74'):
            part.sudo().unlink()
        with self.assertBlocked('WAR-74'):
            part.move_ids.sudo().write({'note': "x"})
        with self.assertBlocked('WAR-74'):
            part.move_ids.sudo()._guarded().write({'note': "x"})
        with self.assertBlocked('WAR-74'):
            part.move_ids.sudo().unlink()
        with self.assertBlocked('WAR-74'):
            self.env['aftersales.old.part.move'].create({'old_part_id': part.id, 'kind': 'scrap'})
        with self.assertRaises(AccessError):
            part.unlink()
        part.write({'note': "rusty"})

    def test_warranty_part_is_never_given_away(self):
        """R-WAR-09, R-PROC-45, R-CON-14: neither by the hand-over nor by the order line, whoever asks over RPC."""
        part = self._keep_old_part(self.line)
        self.assertEqual(self.line.old_part_disposition, 'return')
        for user in (self.keeper, self.clerk, self._role('service_manager')):
            wizard = self.env['aftersales.old.part.act.wizard'].with_user(user).create({
                'act': 'hand', 'old_part_ids': part.ids, 'taken_by': "Mr Wang", 'signature': SIGNATURE})
            with self.assertBlocked('WAR-64'):
                wizard.action_confirm()
        for wish in ('take', 'dispose'):
            with self.assertBlocked('WAR-64'):
                self.line.write({'old_part_disposition': wish})
        self.order.old_part_wish = 'take'
        self.assertEqual(self.line.old_part_disposition, 'return')
        self.assertEqual(part.state, 'stored')

    def test_integrity_speaks(self):
        """R-WAR-10: WAR-I3 goods without a tag, tag without goods, state against history; WAR-I4 value."""
        self._keep_old_part(self.line)
        self.assertFalse(self._old_part_findings())
        Quant = self.env['stock.quant']
        Quant._update_available_quantity(self.pump, self.place, 1, owner_id=self.customer)
        Quant._update_available_quantity(self.pump, self.place, -1, owner_id=self.manufacturer)
        found = self._old_part_findings()
        self.assertEqual([(row['code'], row['amount']) for row in found], [('WAR-I3', -1.0), ('WAR-I3', 1.0)])
        Quant._update_available_quantity(self.pump, self.place, -1, owner_id=self.customer)
        Quant._update_available_quantity(self.pump, self.place, 1, owner_id=self.manufacturer)
        Quant._update_available_quantity(self.pump, self.place, 1)
        self.assertEqual([row['code'] for row in self._old_part_findings()], ['WAR-I3', 'WAR-I4'])
        Quant._update_available_quantity(self.pump, self.place, -1)
        self.assertFalse(self._old_part_findings())
        part = self.line.old_part_ids
        self.env.cr.execute("UPDATE aftersales_old_part SET state = 'to_return' WHERE id = %s", [part.id])
        part.invalidate_recordset()
        self.assertEqual([row['code'] for row in self._old_part_findings()], ['WAR-I3'])

    def test_owner_by_payer(self):
        """R-WAR-09, R-CON-14: the manufacturer's, the insurer's, the customer's who takes it, ours when he leaves it to us."""
        insurer = self.env['res.partner'].create({'name': "PICC", 'is_company': True})

        def insured(order):
            payer = self.env['aftersales.repair.payer'].create({'order_id': order.id, 'kind': 'insurance', 'partner_id': insurer.id})
            order.job_ids.share_ids.payer_id = payer
        cases = (
            ({'payer_kind': 'customer', 'old_part_wish': 'take'}, 'customer', self.customer, 'take'),
            ({'payer_kind': 'customer', 'old_part_wish': 'dispose'}, 'company', None, 'dispose'),
            ({'payer_kind': 'customer', 'old_part_wish': 'take', 'shares': insured}, 'insurer', insurer, 'insurer'),
            ({'payer_kind': 'warranty', 'old_part_wish': 'take'}, 'manufacturer', self.manufacturer, 'return'),
        )
        for values, kind, owner, disposition in cases:
            with self.subTest(kind):
                order = self._make_old_part_order([self.pump], **values)
                part = self._keep_old_part(order.line_ids)
                self.assertEqual(order.line_ids.old_part_disposition, disposition)
                self.assertEqual((part.owner_kind, part.owner_id), (kind, owner or self.company.aftersales_old_part_owner_id))
                self.assertEqual(part.sudo().move_ids.stock_move_id.mapped('value'), [0.0])
        own = self.company.aftersales_old_part_owner_id
        self.assertEqual(own.parent_id, self.company.partner_id)
        self.assertFalse(self._old_part_findings())
        with self.assertBlocked('WAR-65'):
            part = self._keep_old_part(self._make_old_part_order([self.pump], payer_kind='customer').line_ids)
            part._call("L-1")

    def test_tagging_is_bounded(self):
        """R-WAR-06: never more tags than pieces, nothing for oil, only by who handles parts."""
        line = self.line.with_user(self.keeper)
        line._tag_old_part(1.5)
        for quantity in (0, -1, 1):
            with self.assertBlocked('WAR-61'):
                line._tag_old_part(quantity)
        wrong = line._tag_old_part()
        self.assertEqual(self.line.old_part_qty, 2)
        wrong._void("Counted wrong")
        self.assertEqual((wrong.state, self.line.old_part_qty), ('void', 1.5))
        oil = self._make_part("Oil", cost=10.0, price=30.0, on_hand=9, aftersales_no_old_part=True)
        order = self._make_old_part_order([oil])
        with self.assertBlocked('WAR-60'):
            order.line_ids.with_user(self.keeper)._tag_old_part()
        with self.assertBlocked('WAR-62'):
            self.line.with_user(self._role('cashier'))._tag_old_part(0.5)

    def test_line_with_a_tag_stays(self):
        """R-WAR-10: a line with tags is not deleted, nor lowered below them."""
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id), parts=[(self.pump, 2)], payer_kind='warranty')
        line = order.line_ids
        line.with_user(self.keeper)._tag_old_part(2)
        with self.assertBlocked('WAR-61'):
            line.write({'quantity': 1})
        with self.assertBlocked('WAR-74'):
            line.unlink()

    def test_technician_tags_his_own_work_only(self):
        """R-WAR-06: the technician tags on his own order, by the desk; he neither stores nor writes."""
        technician = self._role('technician')
        self._worker.user_id = technician
        desk = self.env['aftersales.desk.technician'].with_user(technician)
        operation = self.order.operation_ids[:1].with_user(technician)
        result = desk.tag_old_part(operation.id, self.line.id, serial="OLD-9", photo=SIGNATURE.decode())
        part = self.env['aftersales.old.part'].with_user(technician).browse(result['id'])
        self.assertEqual((part.name, part.tagged_by_id, part.photo_count), (result['name'], technician, 1))
        with self.assertBlocked('WAR-62'):
            part._store()
        with self.assertRaises(AccessError):
            part.write({'note': "mine"})
        other = self._make_old_part_order([self.pump])
        stranger = self._make_user('technician', login='test_stranger')
        with self.assertRaises(AccessError):
            other.line_ids.with_user(stranger)._tag_old_part()
        self.assertFalse(self.env['aftersales.old.part'].with_user(stranger).search([('id', '=', part.id)]))
        with self.assertBlocked('WAR-60'):
            desk.tag_old_part(operation.id, other.line_ids.id)

    def test_numbered_parts_get_a_number_of_their_own(self):
        """R-WAR-10: a part kept by number lies there under the old piece's number, else under its tag."""
        box = self._make_part("Control unit", cost=900.0, price=1800.0, tracking='serial')
        self.env['stock.quant']._update_available_quantity(
            box, self.warehouse.lot_stock_id, 1,
            lot_id=self.env['stock.lot'].create({'name': "NEW-1", 'product_id': box.id, 'company_id': self.company.id}))
        order = self._make_old_part_order([box])
        part = order.line_ids.with_user(self.keeper)._tag_old_part(serial="OLD-1")
        part._store()
        self.assertEqual(part.lot_id.name, "OLD-1")
        quant = self.env['stock.quant'].search([('location_id', '=', self.place.id), ('product_id', '=', box.id)])
        self.assertEqual((quant.lot_id.name, quant.quantity), ("OLD-1", 1))
        self.assertFalse(self._old_part_findings())

    def test_goods_move_by_tags_only(self):
        """R-WAR-10: no transfer, adjustment or scrap of Odoo takes a tagged part, whoever does it; untagged goods may leave."""
        manager = self._role('parts_manager')
        part = self._keep_old_part(self.line)
        quant = self.env['stock.quant'].search([('location_id', '=', self.place.id), ('product_id', '=', self.pump.id)])
        with self.assertBlocked('WAR-75'):
            quant.with_user(manager).with_context(inventory_mode=True).write({'inventory_quantity': 1})
            quant.with_user(manager).action_apply_inventory()
        quant.invalidate_recordset()
        with self.assertBlocked('WAR-75'):
            quant.with_user(manager).move_quants(location_dest_id=self.warehouse.lot_stock_id)
        with self.assertBlocked('WAR-75'):
            self.env['stock.move'].with_user(manager).create({
                'product_id': self.pump.id, 'product_uom_qty': 1, 'location_id': self.place.id, 'company_id': self.company.id,
                'location_dest_id': self.warehouse.lot_stock_id.id, 'aftersales_old_part_ref': "x"})
        with self.assertBlocked('WAR-79'):
            self.shelf.write({'location_id': self.warehouse.lot_stock_id.id})
        self.assertEqual(part.state, 'stored')

    def test_handed_to_the_customer(self):
        """R-WAR-09: his own part, against name and signature; by the keeper or the advisor."""
        order = self._make_old_part_order([self.pump], payer_kind='customer', old_part_wish='take')
        part = self._keep_old_part(order.line_ids)
        for name, signature in (("", SIGNATURE), ("Mr Wang", None)):
            with self.assertBlocked('WAR-67'):
                part._hand_to_customer(name, signature)
        with self.assertBlocked('WAR-62'):
            part.with_user(self._role('cashier')).sudo(False)._hand_to_customer("Mr Wang", SIGNATURE)
        part.with_user(self._role('advisor'))._hand_to_customer("Mr Wang", SIGNATURE)
        self.assertEqual((part.state, part.handed_to, bool(part.handed_signature)), ('handed', "Mr Wang", True))
        self.assertFalse(self.env['stock.quant'].search([('location_id', 'child_of', self.place.id), ('quantity', '>', 0)]))
        with self.assertBlocked('WAR-63'):
            part._store()

    def test_handed_out_with_the_car(self):
        """R-WAR-09, R-PROC-82: the tick on the gate pass's list hands the customer's parts over, and no others."""
        order = self._make_old_part_order([self.pump], payer_kind='customer', old_part_wish='take')
        mine = self._keep_old_part(order.line_ids)
        gate_pass = self.env['aftersales.gate.pass'].sudo()._guarded().create({
            'name': "P1", 'token': "tok-old-part", 'kind': 'final', 'company_id': self.company.id, 'order_id': order.id,
            'visit_id': self._bring_in(order).id,
        })
        item = self.env['aftersales.handout'].sudo()._guarded().create(
            {'pass_id': gate_pass.id, 'code': 'old_parts', 'name': "Old parts"})
        item._unguarded().write({'is_done': True})
        self.assertEqual((mine.state, mine.handed_to), ('handed', self.customer.name))

    def test_owner_follows_the_payer(self):
        """R-WAR-14, R-WAR-09: a job the customer pays after all makes its old part his; goods and history follow."""
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id), parts=[self.pump], payer_kind='warranty', old_part_wish='take')
        self._approve(order)
        self._issue(order)
        part = self._keep_old_part(order.line_ids)
        self.assertEqual(part.owner_kind, 'manufacturer')
        customer = order.payer_ids.filtered(lambda payer: payer.kind == 'customer') or self.env['aftersales.repair.payer'].create(
            {'order_id': order.id, 'kind': 'customer', 'partner_id': self.customer.id})
        order.job_ids.share_ids.payer_id = customer
        self.assertEqual((part.owner_kind, part.owner_id, part.state), ('customer', self.customer, 'stored'))
        self.assertIn('owner', part.move_ids.mapped('kind'))
        self.assertFalse(self._old_part_findings())

    def test_hold_by_terms(self):
        """R-WAR-07: kept as long as the brand's terms say, else as the settings; then it may be scrapped."""
        self.company.aftersales_old_part_hold = 60
        today = self.company._aftersales_today()
        part = self._keep_old_part(self.line, 1)
        self.assertEqual((part.hold_until - today).days, 60)
        self._make_terms(self.order.vehicle_id.brand_id, old_part_hold_days=120)
        longer = self._keep_old_part(self.line, 1)
        self.assertEqual((longer.hold_until - today).days, 120)
        longer._extend_hold(today, "Recall closed")
        self.assertFalse(longer.may_scrap)
        longer.sudo()._guarded().write({'hold_until': fields.Date.subtract(today, days=1)})
        parts = part | longer
        self.assertEqual(parts.filtered('may_scrap'), longer)
        Part = self.env['aftersales.old.part']
        self.assertEqual(Part.search([('may_scrap', '=', True), ('id', 'in', parts.ids)]), longer)
        self.assertEqual(Part.search([('may_scrap', '=', False), ('id', 'in', parts.ids)]), part)
        self.assertEqual(part.calendar_day, part.hold_until)

    def test_found_by_label(self):
        """R-WAR-06: the QR is a plain address; typed numbers and scanned addresses find the part, other companies' do not."""
        part = self._keep_old_part(self.line)
        Part = self.env['aftersales.old.part'].with_user(self.keeper)
        for code in (part.name, part.name.lower(), part.token, part._label_address(), part._label_address() + '?x=1'):
            self.assertEqual(Part._find_code(code), part)
        for code in ('', '%', 'OP', part.name[:-1] + '_', '/aftersales/oldpart/'):
            self.assertFalse(Part._find_code(code))
        text = self._html('report_old_part_labels', part)
        self.assertIn(part.name, text)
        self.assertIn('/report/barcode/QR/', text)
