import base64
import io

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError

from ..common import AftersalesCommon


class TestOldPartShipment(AftersalesCommon):
    """Return shipments: packed, sent, answered part by part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls.keeper, cls.clerk = cls._role('parts_keeper'), cls._role('warranty_clerk')
        cls.pump = cls._make_part("Water pump", cost=200.0, price=452.0, on_hand=40, default_code='WP-1')
        cls.belt = cls._make_part("Belt", cost=30.25, price=90.0, on_hand=40, default_code='BE-1')
        cls.order = cls._make_old_part_order([(cls.pump, 2), (cls.belt, 3)])
        pump_line, belt_line = cls.order.line_ids.sorted('id')
        cls.first, cls.second = cls._keep_old_part(pump_line, 1), cls._keep_old_part(pump_line, 1)
        cls.belts = cls._keep_old_part(belt_line)
        cls.parts = cls.first | cls.second | cls.belts
        cls.manufacturer = cls.order.payer_ids.partner_id
        cls.place = cls.warehouse.aftersales_old_parts_location_id

    def _value(self, company=None):
        today = self.company._aftersales_today()
        return self.env['aftersales.indicator']._indicator_old_parts_returned(self.company, today, today)

    def test_from_call_to_answer(self):
        """R-WAR-07, R-WAR-10: called back, packed, sent with carrier and waybill, answered by part; rejected: back or charged."""
        self.parts._call("RC-9", fields.Date.add(self.company._aftersales_today(), days=5))
        self.assertEqual(set(self.parts.mapped('state')), {'to_return'})
        carrier = self.env['res.partner'].create({'name': "SF Express"})
        shipment = self.env['aftersales.old.part.shipment'].with_user(self.clerk).create({
            'partner_id': self.manufacturer.id, 'call_ref': "RC-9", 'carrier_id': carrier.id, 'tracking_number': "SF1"})
        self.assertRegex(shipment.name, r'^OS\d{4}-\d{3}$')
        shipment.action_pick()
        self.assertEqual((shipment.part_count, shipment.box_count), (3, 1))
        shipment._remove(self.belts)
        box = shipment._new_box()
        shipment._add(self.belts, box)
        self.assertEqual([number for number, _part in shipment._contents()], [1, 1, 2])
        shipment._ship()
        self.assertEqual((shipment.state, set(self.parts.mapped('state')), self.parts.location_id.ids), ('shipped', {'shipped'}, []))
        self.assertFalse(self.env['stock.quant'].search([('location_id', '=', self.place.id), ('quantity', '!=', 0)]))
        with self.assertBlocked('WAR-78'):
            shipment._receive_answer({self.first: {'accepted': False}})
        shipment._receive_answer({
            self.first: {'accepted': True},
            self.second: {'accepted': False, 'note': "Not faulty", 'means': 'back'},
        }, fields.Date.today())
        self.assertEqual((shipment.state, shipment.open_count), ('shipped', 1))
        shipment._receive_answer({self.belts: {'accepted': False, 'note': "Cut", 'means': 'charged', 'amount': 50.0}})
        self.assertEqual((shipment.state, shipment.accepted_count, shipment.rejected_count), ('answered', 1, 2))
        self.assertEqual(self.parts.mapped('state'), ['accepted', 'rejected', 'rejected'])
        self.assertEqual((self.belts.charged_amount, self.second.answer_note), (50.0, "Not faulty"))
        with self.assertBlocked('WAR-78'):
            self.belts._come_back()
        self.second._come_back()
        self.assertEqual((self.second.state, self.second.location_id), ('stored', self.place))
        self.assertEqual(shipment._contents()[1][1], self.second, "the list of what was sent stays")
        self.assertEqual(self.second.move_ids.sorted('id').mapped('kind'), ['tag', 'store', 'call', 'ship', 'reject', 'come_back'])
        self.assertFalse(self._old_part_findings())
        with self.assertBlocked('WAR-78'):
            shipment._receive_answer({self.first: {'accepted': True}})

    def test_value_by_book_on_the_day_of_sending(self):
        """R-WAR-08, R-KPI-10: 2 × 200.00 + 3 × 30.25 = 490.75, whatever the parts cost later, and none of the insurer's."""
        before = self._value().value
        shipment = self._make_shipment(self.parts)
        self.assertEqual(self._value().value, before, "packed is not sent")
        shipment._ship()
        self.assertEqual(shipment.value_total, 490.75)
        self.assertEqual(self._value().value - before, 490.75)
        self.pump.standard_price = 999.0
        shipment._receive_answer({self.first: {'accepted': False, 'note': "Wrong part", 'means': 'back'}})
        self.first._come_back()
        self.assertEqual(self._value().value - before, 490.75, "sent is sent")
        self.assertEqual(self._value().drill['model'], 'aftersales.old.part.move')
        with self.assertRaises(AccessError):
            shipment.with_user(self._role('advisor')).read(['value_total'])

    def test_returned_in_time(self):
        """R-WAR-07: of what was called back for a day, what was sent by then."""
        today = self.company._aftersales_today()
        (self.first | self.second)._call("RC-1", today)
        self._make_shipment(self.first)._ship()
        rate = self.env['aftersales.indicator']._indicator_old_parts_return_rate(self.company, today, today)
        self.assertEqual((rate.numerator, rate.denominator, rate.value), (1.0, 2.0, 50.0))

    def test_only_the_owners_parts_go(self):
        """R-WAR-07: the insurer's to the insurer, nobody's twice, nothing that is not on a shelf."""
        insurer = self.env['res.partner'].create({'name': "PICC"})
        wrong = self.env['aftersales.old.part.shipment'].with_user(self.clerk).create({'partner_id': insurer.id})
        with self.assertBlocked('WAR-76'):
            wrong._add(self.first)
        shipment = self._make_shipment(self.first)
        with self.assertBlocked('WAR-76'):
            self._make_shipment(self.first)
        with self.assertBlocked('WAR-76'):
            shipment.write({'partner_id': insurer.id})
        tagged = self._make_old_part_order([self.pump]).line_ids.with_user(self.keeper)._tag_old_part()
        with self.assertBlocked('WAR-63'):
            shipment._add(tagged)
        with self.assertBlocked('WAR-77'):
            wrong._ship()
        shipment._cancel()
        self.assertEqual((self.first.shipment_id.id, self.first.state), (False, 'to_return'))
        for verb in (shipment._ship, shipment._cancel, shipment._new_box):
            with self.assertBlocked('WAR-77'):
                verb()
        with self.assertBlocked('WAR-77'):
            shipment.unlink()

    def test_roles(self):
        """R-PERM: keeper and clerk pack and send; an advisor reads; a technician and a cashier do not see shipments."""
        shipment = self._make_shipment(self.first)
        with self.assertBlocked('BAS-01'):
            shipment.write({'state': 'answered'})
        with self.assertRaises(AccessError):
            shipment.with_user(self._role('technician')).read(['name'])
        with self.assertRaises(AccessError):
            shipment.with_user(self._role('cashier')).read(['name'])
        advisor = shipment.with_user(self._role('advisor'))
        self.assertEqual(advisor.name, shipment.name)
        with self.assertBlocked('WAR-62'):
            advisor._ship()
        shipment.with_user(self.keeper)._ship()
        other = self.env['res.company'].create({'name': "Other dealership"})
        stranger = self._make_user('warranty_clerk', login='test_other_clerk')
        stranger.write({'company_ids': [(6, 0, other.ids)], 'company_id': other.id})
        stranger = stranger.with_context(allowed_company_ids=other.ids)
        self.first = self.first.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            self.first.with_user(stranger).read(['name'])
        self.assertFalse(self.first.browse().with_user(stranger)._find_code(self.first.sudo().name))

    def test_answer_dialog(self):
        """R-WAR-07: the dialog proposes accepted; what is left open stays open."""
        shipment = self._make_shipment(self.parts)
        shipment.action_ship()
        wizard = self.env['aftersales.old.part.answer.wizard'].with_user(self.clerk).with_context(
            default_shipment_id=shipment.id).create({})
        self.assertEqual(wizard.line_ids.old_part_id, self.parts)
        wizard.line_ids[2].answer = 'open'
        wizard.line_ids[1].write({'answer': 'rejected', 'note': "Late", 'means': 'back'})
        wizard.action_confirm()
        self.assertEqual(self.parts.mapped('state'), ['accepted', 'rejected', 'shipped'])

    def test_files(self):
        """R-WAR-07, R-REP-12: packing list on paper and as a workbook; return report by brand with its sums."""
        shipment = self._make_shipment(self.parts, tracking_number="SF99")
        text = self._html('report_old_part_packing', shipment)
        for word in (self.first.name, 'WP-1', "SF99", self.order.vehicle_id.vin):
            self.assertIn(word, text)
        shipment._ship()
        name, content = shipment._download('packing')
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(name, f'{shipment.name}.xlsx')
        self.assertTrue(any(row[1] == self.belts.name and row[4] == 3 for row in cells))
        today = str(self.company._aftersales_today())
        options = {'brand_id': str(self.order.vehicle_id.brand_id.id), 'date_from': today, 'date_to': today}
        _name, content = self.env['aftersales.old.part'].with_user(self.clerk)._download('returns', options)
        book = load_workbook(io.BytesIO(content))
        rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        brand = next(row for row in rows if row[0] == self.order.vehicle_id.brand_id.name)
        self.assertEqual(brand, [brand[0], 3, 3, 0, 0, 0, 490.75])
        _name, content = self.env['aftersales.old.part'].with_user(self.keeper)._download('returns', options)
        heads = {cell.value for row in load_workbook(io.BytesIO(content)).worksheets[1].iter_rows() for cell in row}
        self.assertNotIn("Value by Book", heads, "a keeper sees pieces, no cost")

    def test_call_list(self):
        """R-WAR-07: rows of the manufacturer's list find their parts by tag, claim, or part number and VIN; the rest is named."""
        vin = self.order.vehicle_id.vin
        wizard = self.env['aftersales.old.part.call.wizard'].with_user(self.clerk).create({
            'partner_id': self.manufacturer.id, 'reference': "RC-7", 'return_before': fields.Date.today(),
            'text': f"{self.first.name}\nBE-1\t{vin}\nWP-1\nNOTHING-1\n",
        })
        wizard.action_read()
        self.assertEqual(wizard.old_part_ids, self.first | self.belts)
        self.assertEqual(wizard.unknown.splitlines(), [
            "Row 3 (WP-1): 2 parts fit; add the tag or the claim number.", "Row 4 (NOTHING-1): no old part of this owner."])
        action = wizard.action_call()
        shipment = self.env['aftersales.old.part.shipment'].browse(action['res_id'])
        self.assertEqual((shipment.call_ref, set((self.first | self.belts).mapped('state'))), ("RC-7", {'to_return'}))
        shipment.with_user(self.clerk)._pick()
        self.assertEqual(shipment.part_ids, self.first | self.belts)

    def test_call_list_as_a_workbook(self):
        """R-WAR-07: the manufacturer's workbook is read with its title and headings; each row that finds nothing says why."""
        gone = self._keep_old_part(self._make_old_part_order([self.pump]).line_ids)
        self._make_shipment(gone)._ship()
        vin = self.order.vehicle_id.vin
        Wizard = self.env['aftersales.old.part.call.wizard'].with_user(self.keeper)
        values = {'partner_id': self.manufacturer.id, 'reference': "RC-8", 'return_before': fields.Date.today()}
        wizard = Wizard.create({**values, 'file_name': "call.xlsx", 'file': self._make_list([
            ["", self.first.name, "", "", 1], ["BE-1", "", vin], [gone.name], ["X-99", "", "LNONE"],
        ], head=("Part", "Tag", "VIN", "Day", "Pieces"))})
        wizard.action_read()
        self.assertEqual(wizard.old_part_ids, self.first | self.belts)
        self.assertEqual(wizard.unknown.splitlines(), [
            f"Row 5 ({gone.name}): {gone.name} Sent Off.", "Row 6 (X-99 LNONE): no old part of this owner."])
        shipment = self.env['aftersales.old.part.shipment'].browse(wizard.action_call()['res_id'])
        self.assertEqual(self.env['ir.attachment'].search(
            [('res_model', '=', shipment._name), ('res_id', '=', shipment.id)]).name, "call.xlsx")
        for content in ({}, {'file': base64.b64encode(b"no workbook")}):
            with self.assertBlocked('WAR-67'):
                Wizard.create({**values, **content}).action_read()

    def test_budget(self):
        """Issue 4.10: a shipment of 100 old parts costs at most 6 queries a part."""
        products = [self._make_part(f"Part {number}", cost=10.0, price=30.0, on_hand=10) for number in range(20)]
        order = self._make_old_part_order([(product, 5) for product in products])
        parts = self.env['aftersales.old.part']
        for line in order.line_ids:
            for _number in range(5):
                parts |= line.with_user(self.keeper)._tag_old_part(1)
        parts._store()
        shipment = self._make_shipment(parts)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        shipment._ship()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(shipment.part_count, 100)
        self.assertLessEqual(queries, 600)
        self.assertFalse(self._old_part_findings())

    def test_desk_reads_in_a_fixed_number_of_queries(self):
        """House §8: the desk costs the same for three old parts and for thirty."""
        desk = self.env['aftersales.desk.old.parts'].with_user(self.keeper)

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            desk.get_data()
            return self.env.cr.sql_log_count - before
        # Every list shows something before and after.
        self.parts._call("RC-5")
        order = self._make_old_part_order([(self.pump, 27)])
        order.line_ids.with_user(self.keeper)._tag_old_part(1)
        queries()
        few = queries()
        for _number in range(26):
            order.line_ids.with_user(self.keeper)._tag_old_part(1)
        self.assertLessEqual(queries(), few + 6)
        self.assertEqual(desk.get_data()['counts']['to_store'], 27)
