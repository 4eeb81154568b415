from ..common import AftersalesCommon


class TestOldPartCount(AftersalesCommon):
    """Old parts are counted by their tags."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls.company._aftersales_fix_count_account()
        cls.keeper, cls.planner, cls.manager = (cls._role(role) for role in ('parts_keeper', 'parts_planner', 'parts_manager'))
        cls.pump = cls._make_part("Water pump", cost=200.0, price=452.0, on_hand=40)
        cls.order = cls._make_old_part_order([(cls.pump, 4)])
        cls.place = cls.warehouse.aftersales_old_parts_location_id
        cls.shelf, cls.other = cls.env['stock.location'].create([
            {'name': name, 'location_id': cls.place.id, 'company_id': cls.company.id, 'barcode': name} for name in ("OLD-1", "OLD-2")])
        cls.parts = cls.env['aftersales.old.part']
        for _number in range(4):
            cls.parts |= cls._keep_old_part(cls.order.line_ids, 1, cls.shelf)

    def _started(self):
        count = self.env['aftersales.stock.count'].with_user(self.planner).create(
            {'company_id': self.company.id, 'scope': 'old_parts'}).with_user(self.keeper)
        count._start()
        return count

    def _line(self, count, part):
        return count.line_ids.filtered(lambda line: line.old_part_id == part)

    def test_missing_found_elsewhere_and_untagged(self):
        """R-WAR-10: a line a tag; who is not there is missing, who lies elsewhere has moved, what has no tag is a line of its own."""
        here, gone, moved, sent = self.parts
        self.env['stock.quant']._update_available_quantity(self.pump, self.shelf, 2, owner_id=self.customer)
        count = self._started()
        self.assertEqual(count.line_ids.old_part_id, self.parts)
        loose = count.line_ids.filtered(lambda line: not line.old_part_id)
        self.assertEqual((len(count.line_ids), loose.owner_id), (5, self.customer))
        self._make_shipment(sent)._ship()  # left while it was being counted
        desk = self.env['aftersales.desk.count'].with_user(self.keeper)
        row = desk._line_row(self._line(count, here))
        self.assertEqual((row['code'], row['barcode']), (here.name, here._label_address()))
        self.assertEqual(desk.record_tag(self._line(count, here).id)['counted'], 1)
        for part in (gone, moved, sent):
            self._line(count, part)._record({self._line(count, part): 0})
        loose._record({loose: 2})
        self.assertEqual(desk.scan(count.id, moved._label_address())['kind'], 'tag')
        found = desk.add_found_tag(count.id, moved.id, self.other.id)
        self.assertEqual(found['place'], "OLD-2")
        with self.assertBlocked('CNT-21'):
            loose_line = self._line(count, here)
            loose_line._record({loose_line: 0.5})
        with self.assertBlocked('CNT-44'):
            count._add_found_old_part(moved.with_user(self.keeper), self.warehouse.lot_stock_id)
        count._finish()
        if count.state == 'recount':
            for line in count.line_ids.filtered('needs_second'):
                line._record({line: line.first_qty})
            count._finish()
        count.with_user(self.manager)._approve()
        self.assertEqual(
            [(part.state, part.location_id) for part in (here, gone, moved, sent)],
            [('stored', self.shelf), ('missing', self.env['stock.location']), ('stored', self.other), ('shipped', self.env['stock.location'])])
        self.assertEqual(gone.move_ids.sorted('id')[-1].count_id, count)
        findings = self._old_part_findings()
        self.assertEqual([(row['code'], row['amount']) for row in findings], [('WAR-I3', 2.0)], "only the untagged goods are left")
        gone.with_user(self.keeper)._found_again()
        self.assertEqual((gone.state, gone.location_id), ('stored', self.place))
        self.assertEqual(len(self._old_part_findings()), 1)

    def test_found_again_at_a_count(self):
        """R-WAR-10: a tag that was missing turns up: back on the books where it lies."""
        part = self.parts[0]
        part.sudo()._miss_sudo(self.env['aftersales.stock.count'])
        count = self._started()
        self.assertNotIn(part, count.line_ids.old_part_id)
        for line in count.line_ids:
            self.env['aftersales.desk.count'].with_user(self.keeper).record_tag(line.id)
        count._add_found_old_part(part.with_user(self.keeper), self.other)
        count._finish()
        if count.state == 'recount':
            for line in count.line_ids.filtered('needs_second'):
                line._record({line: line.first_qty})
            count._finish()
        count.with_user(self.manager)._approve()
        self.assertEqual((part.state, part.location_id), ('stored', self.other))
        self.assertFalse(self._old_part_findings())
