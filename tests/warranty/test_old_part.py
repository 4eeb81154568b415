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
