from ..common import AftersalesCommon


class TestOldPartGates(AftersalesCommon):
    """What old parts hold up, at block and off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls.keeper = cls._role('parts_keeper')
        cls.cashier = cls._role('cashier')
        cls.pump = cls._make_part("Water pump", cost=200.0, price=452.0, on_hand=20)

    def test_settlement_needs_the_old_part(self):
        """R-WAR-06: block: tag, then place and keeper, or a reasoned exemption; off: settled all the same; customer's work is free."""
        self._set_gate('old_part_record', 'block')
        order = self._make_old_part_order([self.pump])
        self.assertEqual(self._codes(order, 'settled'), {'WAR-70'})
        with self.assertBlocked('WAR-70'):
            order.with_user(self.cashier)._settle()
        part = order.line_ids.with_user(self.keeper)._tag_old_part()
        self.assertEqual(self._codes(order, 'settled'), {'WAR-71'})
        with self.assertBlocked('WAR-71'):
            order.with_user(self.cashier)._settle()
        part._store()
        self.assertEqual(self._codes(order, 'settled'), set())
        order.with_user(self.cashier)._settle()
        paid = self._make_old_part_order([self.pump], payer_kind='customer')
        self.assertEqual(self._codes(paid, 'settled'), set())
        self._set_gate('old_part_record', 'off')
        other = self._make_old_part_order([self.pump])
        self.assertEqual(self._codes(other, 'settled'), set())
        other.with_user(self.cashier)._settle()
        self.assertTrue(other.settled_at)

    def test_part_of_the_quantity_is_not_enough(self):
        """R-WAR-06: four pieces built in, three tagged: one lacks."""
        self._set_gate('old_part_record', 'block')
        order = self._make_old_part_order([(self.pump, 4)])
        self._keep_old_part(order.line_ids, 3)
        self.assertEqual(self._codes(order, 'settled'), {'WAR-70'})
        self.assertEqual(order.old_part_missing_count, 1)
        self._keep_old_part(order.line_ids, 1)
        self.assertEqual(self._codes(order, 'settled'), set())

    def test_exemption_names_reason_and_person(self):
        """R-WAR-06: a line without an old part says why, by whom; not by the technician, not without a reason."""
        self._set_gate('old_part_record', 'block')
        order = self._make_old_part_order([self.pump])
        line, reason = order.line_ids, self._reason('old_part', 'none')
        with self.assertBlocked('WAR-73'):
            line.with_user(self._role('technician'))._exempt_old_part(reason)
        with self.assertBlocked('WAR-73'):
            line.with_user(self.keeper)._exempt_old_part(self._reason('exemption'))
        with self.assertBlocked('BAS-01'):
            line.write({'old_part_exempt_reason_id': reason.id})
        line.with_user(self.keeper)._exempt_old_part(reason, "Retrofit")
        self.assertEqual((line.old_part_exempt_by_id, line.old_part_exempt_reason_id), (self.keeper, reason))
        self.assertEqual(self._codes(order, 'settled'), set())
        self.assertIn("Retrofit", order.message_ids[0].body)

    def test_shipped_levels(self):
        """House §1.6: a large shop is held, a small one warned; the option is off for both."""
        definitions = self.env['aftersales.profile.gate']._gate_definitions()
        self.assertEqual(definitions['old_part_record']['large']['*'], 'block')
        self.assertEqual(definitions['old_part_record']['small']['*'], 'warn')
        self.assertEqual({definitions['old_part_first'][size]['*'] for size in ('large', 'small')}, {'off'})

    def test_no_old_part_no_new_part(self):
        """R-WAR-06, anchor (c) 3: with the option the parts room hands out against the tag; exempt and paid work pass; off: no question."""
        self._set_gate('old_part_first', 'block')
        order = self._signed_order([self.pump], payer_kind='warranty')
        self.assertEqual(self._codes(order, 'issue'), {'WAR-72'})
        with self.assertBlocked('WAR-72'):
            self._issue(order)
        order.line_ids.with_user(self.keeper)._tag_old_part()
        self._issue(order)
        self.assertEqual(order.line_ids.net_issued_qty, 1)
        exempt = self._signed_order([self.pump], payer_kind='warranty')
        exempt.line_ids.with_user(self.keeper)._exempt_old_part(self._reason('old_part'))
        self._issue(exempt)
        self._issue(self._signed_order([self.pump]))
        self._set_gate('old_part_first', 'warn')
        warned = self._signed_order([self.pump], payer_kind='warranty')
        self._issue(warned)
        self.assertTrue(warned.message_ids.filtered(lambda message: 'WAR-72' in (message.body or '')))
        self._set_gate('old_part_first', 'off')
        free = self._signed_order([self.pump], payer_kind='warranty')
        self._issue(free)
        self.assertEqual(free.line_ids.net_issued_qty, 1)

    def test_scrap_record_in_print(self):
        """R-WAR-10: the record names parts, reason, who scrapped and the witness; nothing else has one, whoever asks for it."""
        self._set_gate('old_part_hold', 'off')
        part = self._keep_old_part(self._make_old_part_order([self.pump]).line_ids)
        other = self._keep_old_part(self._make_old_part_order([self.pump]).line_ids)
        with self.assertBlocked('WAR-63'):
            part.action_print_scrap_record()
        report = self.env['ir.actions.report'].with_user(self.keeper)
        name = 'aftersales_service.report_old_part_scrap'
        with self.assertBlocked('WAR-63'):
            report._render_qweb_html(name, part.ids)
        wizard = self.env['aftersales.old.part.act.wizard'].with_user(self.keeper).create({
            'act': 'scrap', 'old_part_ids': part.ids, 'note': "Crushed flat", 'witness_id': self._make_employee("Witness Tan").id})
        self.assertEqual(wizard.action_confirm()['report_name'], name)
        html = report._render_qweb_html(name, (part | other).ids)[0].decode()
        for text in (part.name, "Crushed flat", "Witness Tan", self.keeper.name, part.order_id.name):
            self.assertIn(text, html)
        self.assertNotIn(other.name, html)

    def test_scrap_needs_end_of_hold_and_witness(self):
        """R-WAR-10, R-WAR-07: block: not before the hold ends, in front of another person; off: at once and alone."""
        self._set_gate('old_part_hold', 'block')
        self._set_gate('old_part_witness', 'block')
        part = self._keep_old_part(self._make_old_part_order([self.pump]).line_ids)
        witness = self._make_employee("Witness Tan")
        with self.assertBlocked('WAR-67'):
            part._scrap("", witness)
        with self.assertBlocked('WAR-69'):
            part._scrap("Crushed", witness)
        part.sudo()._guarded().write({'hold_until': False})
        with self.assertBlocked('WAR-68'):
            part._scrap("Crushed")
        with self.assertBlocked('WAR-68'):
            part._scrap("Crushed", self._make_employee("Keeper himself", self.keeper))
        part._scrap("Crushed", witness)
        self.assertEqual((part.state, part.witness_id, part.scrap_reason, part.location_id.id), ('scrapped', witness, "Crushed", False))
        move = part.sudo().move_ids.sorted('id')[-1]
        self.assertEqual((move.employee_id, move.stock_move_id.location_dest_id.usage, move.stock_move_id.value), (witness, 'inventory', 0.0))
        self._set_gate('old_part_hold', 'off')
        self._set_gate('old_part_witness', 'off')
        other = self._keep_old_part(self._make_old_part_order([self.pump]).line_ids)
        other._scrap("Crushed")
        self.assertEqual(other.state, 'scrapped')
        self.assertFalse(self._old_part_findings())
