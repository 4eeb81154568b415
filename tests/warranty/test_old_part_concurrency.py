from ..concurrency import AftersalesConcurrencyCase


class TestTwoCounters(AftersalesConcurrencyCase):
    """R-WAR-10: two people act on the same old part at once, with two real cursors and Odoo's own retry."""

    def setUp(self):
        super().setUp()
        cls = type(self)
        with self.committed():
            self.keeper_id = cls._make_user('parts_keeper', login='two_old_part_counters').id
            pump = cls._make_part("Race pump", cost=10.0, price=30.0, on_hand=9)
            order = cls._make_order(cls._make_vehicle(), parts=[(pump, 2)], payer_kind='warranty')
            self.line_id = order.line_ids.id
            line = order.line_ids.with_user(self.keeper_id)
            part = line._tag_old_part(1)
            part._store()
            self.part_id = part.id
            owner = part.owner_id
            self.shipment_ids = cls.env['aftersales.old.part.shipment'].create([
                {'partner_id': owner.id, 'company_id': cls.company.id, 'warehouse_id': cls.warehouse.id} for _number in range(2)
            ]).ids

    def _as_keeper(self, function):
        return lambda env: function(env(user=self.keeper_id))

    def _pack(self, shipment_id):
        def pack(env):
            return env['aftersales.old.part.shipment'].browse(shipment_id)._add(env['aftersales.old.part'].browse(self.part_id))

        return self._as_keeper(pack)

    def _refused(self, results, code):
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn(code, str(refused[0]))

    def _assert_sound(self, kinds):
        with self.committed():
            part = self.env['aftersales.old.part'].browse(self.part_id)
            self.assertEqual(part.move_ids.sorted('id').mapped('kind'), kinds)
            self.assertEqual(self._old_part_findings(), [])

    def test_one_part_into_two_shipments(self):
        """R-WAR-07: one counter packs it, the other is told where it is."""
        self._refused(self.race(*map(self._pack, self.shipment_ids)), 'WAR-76')
        self._assert_sound(['tag', 'store', 'call'])

    def test_one_shipment_sent_twice(self):
        """R-WAR-07: the goods leave once."""
        self.race(self._pack(self.shipment_ids[0]))
        ship = self._as_keeper(lambda env: env['aftersales.old.part.shipment'].browse(self.shipment_ids[0])._ship())
        self._refused(self.race(ship, ship), 'WAR-77')
        self._assert_sound(['tag', 'store', 'call', 'ship'])

    def test_answer_recorded_twice(self):
        """R-WAR-07: two people record the manufacturer's acceptance: one of them is told that it stands already."""
        shipment_id = self.shipment_ids[0]
        self.race(self._pack(shipment_id))
        self.race(self._as_keeper(lambda env: env['aftersales.old.part.shipment'].browse(shipment_id)._ship()))
        accept = self._as_keeper(lambda env: env['aftersales.old.part.shipment'].browse(shipment_id)._receive_answer(
            {env['aftersales.old.part'].browse(self.part_id): {'accepted': True}}))
        self._refused(self.race(accept, accept), 'WAR-78')
        self._assert_sound(['tag', 'store', 'call', 'ship', 'accept'])

    def test_scrapped_while_packed(self):
        """R-WAR-10: what one packs the other does not scrap unseen: one of them is refused, goods and tag agree."""
        with self.committed():
            gates = self.env['aftersales.profile.gate'].search([
                ('company_id', '=', self.company.id), ('code', 'in', ('old_part_hold', 'old_part_witness'))])
            before = {gate.id: gate.level for gate in gates}
            gates.level = 'block'

        def restore():
            with self.committed():
                for gate_id, level in before.items():
                    self.env['aftersales.profile.gate'].browse(gate_id).level = level

        self.addCleanup(restore)
        with self.committed():
            part = self.env['aftersales.old.part'].browse(self.part_id)
            part._guarded().write({'hold_until': False})
            witness = type(self)._make_employee("Witness at the race").id
        scrap = self._as_keeper(
            lambda env: env['aftersales.old.part'].browse(self.part_id)._scrap("Crushed", env['hr.employee'].browse(witness)))
        results = self.race(self._pack(self.shipment_ids[0]), scrap)
        self.assertEqual(len([result for result in results if isinstance(result, Exception)]), 1, results)
        with self.committed():
            self.assertIn(self.env['aftersales.old.part'].browse(self.part_id).state, ('to_return', 'scrapped'))
            self.assertEqual(self._old_part_findings(), [])

    def test_tagged_twice(self):
        """R-WAR-06: technician and keeper tag the last piece at once: one tag."""
        tag = self._as_keeper(lambda env: env['aftersales.repair.line'].browse(self.line_id)._tag_old_part(1).id)
        self._refused(self.race(tag, tag), 'WAR-61')
        with self.committed():
            self.assertEqual(self.env['aftersales.repair.line'].browse(self.line_id).old_part_qty, 2)
