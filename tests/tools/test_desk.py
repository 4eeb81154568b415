from ..common import SIGNATURE, AftersalesCommon


class TestToolDesk(AftersalesCommon):
    """The counter: scan a badge, scan tools, done; a tool alone comes back (R-TOOL-02, R-TOOL-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.category = cls._make_tool_category()
        cls.tool = cls._make_tool("Puller", cls.category, code='T-0231')
        cls.desk = cls.env['aftersales.desk.tools'].with_user(cls.keeper_user)

    def test_two_scans_lend_one_scan_returns(self):
        badge = self.desk.scan('LI01')
        self.assertEqual((badge['kind'], badge['id']), ('person', self.tech.id))
        self.assertEqual(self.desk.scan('t-0231', person_id=badge['id'])['kind'], 'lent')
        person = self.desk.get_data(self.tech.id)['person']
        self.assertEqual((person['held'], person['lent_today'], person['overdue']), (1, 1, 0))
        self.assertEqual(person['loans'][0]['code'], 'T-0231')
        # Somebody else's badge lies on the counter: the tool comes back from who has it.
        back = self.desk.scan('T-0231', person_id=self.tech2.id)
        self.assertEqual((back['kind'], back['who']), ('returned', "Master Li"))
        data = self.desk.get_data()
        self.assertEqual(data['counts']['out'], 0)
        self.assertEqual([row['who'] for row in data['traffic'][:2]], ["Master Li", "Master Li"])
        self.assertEqual(data['months'][-1]['count'], 1)

    def test_tool_without_badge_tells_where_it_lies(self):
        self.tool.shelf = "C-04"
        found = self.desk.scan('T-0231')
        self.assertEqual(found['kind'], 'tool')
        self.assertIn("C-04", found['tool']['detail'])
        self.assertEqual(self.desk.scan('nothing')['kind'], 'unknown')

    def test_search_answers_who_has_it(self):
        """R-DOC-22: one search."""
        self.tool._check_out(self.tech)
        found = self.desk.search_quick('pull')
        self.assertIn("Master Li", found[0]['detail'])
        found = self.desk.search_quick('Master Li')
        self.assertEqual([(row['kind'], row['id']) for row in found], [('person', self.tech.id)])

    def test_loan_knows_the_order_of_the_running_clock(self):
        """R-TOOL-02: the order comes from the borrower's clock, or from a scan of the order."""
        order = self._make_signed_order(labour=[self._make_labour_item()])
        operation = self._dispatch(order)[:1]
        operation._accept(self.leader)
        operation._start(self.tech)
        person = self.desk.get_data(self.tech.id)['person']
        self.assertEqual(person['order_id'], order.id)
        self.desk.scan('T-0231', person_id=self.tech.id, order_id=person['order_id'])
        self.assertEqual(self.tool._open_moves().order_id, order)
        scanned = self.desk.scan(order.name)
        self.assertEqual((scanned['kind'], scanned['id']), ('order', order.id))

    def test_refusal_comes_with_cure(self):
        self._make_tool("Vice", self.category)._check_out(self.tech)
        self.env['aftersales.tool.move'].flush_model()
        self.env.cr.execute("UPDATE aftersales_tool_move SET due_at = now() at time zone 'UTC' - interval '1 day' "
                            "WHERE dest_employee_id = %s", [self.tech.id])
        self.env.invalidate_all()
        refused = self.desk.scan('T-0231', person_id=self.tech.id)
        self.assertEqual(refused['kind'], 'blocked')
        self.assertEqual(refused['blockers'][0]['code'], 'TOO-21')
        self.assertTrue(refused['blockers'][0]['cure']['action'])
        self.assertEqual(self.tool.state, 'in_store')

    def test_signature_at_the_counter(self):
        """R-TOOL-02: the tool waits for the signature; then it goes."""
        self._set_gate('tool_signature', 'block')
        self.assertEqual(self.desk.scan('T-0231', person_id=self.tech.id)['kind'], 'sign')
        self.assertEqual(self.tool.state, 'in_store')
        self.desk.lend(self.tool.ids, self.tech.id, signature=SIGNATURE.decode(), signed_by="Li")
        self.assertEqual(self.tool._open_moves().signed_by, "Li")

    def test_sign_afterwards(self):
        self.desk.scan('T-0231', person_id=self.tech.id)
        person = self.desk.get_data(self.tech.id)['person']
        self.assertTrue(person['asks_signature'])
        self.desk.sign(person['unsigned'], SIGNATURE.decode(), "Master Li")
        self.assertFalse(self.desk.get_data(self.tech.id)['person']['unsigned'])

    def test_second_badge(self):
        refused = self.desk.scan('T-0231', person_id=self.keeper.id)
        self.assertTrue(refused['needs_second'])
        self.assertEqual(self.desk.lend(self.tool.ids, self.keeper.id, second_badge='DUAN01')['kind'], 'blocked')
        self.assertEqual(self.desk.lend(self.tool.ids, self.keeper.id, second_badge='LI01')['kind'], 'lent')
        self.assertEqual(self.tool._open_moves().second_id, self.tech.sudo())

    def test_second_badge_and_signature(self):
        """R-TOOL-02: both are asked for, one after the other, and the second badge still counts when he signs."""
        self._set_gate('tool_signature', 'block')
        self.assertEqual(self.desk.scan('T-0231', person_id=self.keeper.id)['kind'], 'blocked')
        self.assertEqual(self.desk.lend(self.tool.ids, self.keeper.id, second_badge='LI01')['kind'], 'sign')
        done = self.desk.lend(
            self.tool.ids, self.keeper.id, second_badge='LI01', signature=SIGNATURE.decode(), signed_by="Duan")
        self.assertEqual(done['kind'], 'lent')

    def test_counted_tools(self):
        sockets = self._make_tool(
            "Sockets", self._make_tool_category("Sockets", tracking='quantity'), quantity=6, code='T-0500')
        self.desk.scan('T-0500', person_id=self.tech.id)
        self.desk.lend(sockets.ids, self.tech.id, quantity=3)
        count = self.desk.scan('T-0500')
        self.assertEqual((count['kind'], count['holders'][0]['quantity']), ('count', 4))
        self.desk.take_back(sockets.id, quantity=3, employee_id=self.tech.id)
        self.assertEqual(self.desk.scan('T-0500')['kind'], 'returned', "the last one needs no question")
        self.assertEqual(sockets.available_qty, 6)

    def test_team_tool_goes_to_the_leaders_team(self):
        """R-TOOL-13."""
        jack = self._make_tool("Jack", self._make_tool_category("Team", behaviour='team'), code='T-0600')
        self.assertEqual(self.desk.scan('T-0600', person_id=self.leader.id)['kind'], 'lent')
        self.assertEqual(jack.holder_team_id, self.team)
        self.assertEqual(self.desk.get_data(self.leader.id)['person']['held'], 1)
        refused = self._make_tool("Jack", jack.category_id, code='T-0601')
        self.assertEqual(self.desk.scan('T-0601', person_id=self.tech.id)['blockers'][0]['code'], 'TOO-06')
        self.assertEqual(refused.state, 'in_store')

    def test_damage_and_missing_pieces_after_the_return(self):
        kit = self._make_tool("Timing set", self.category, code='T-0266', pieces=("E14", "E16"))
        self.desk.scan('T-0266', person_id=self.tech.id)
        self.assertEqual(self.desk.scan('T-0266')['kind'], 'returned')
        piece = kit.piece_ids[0]
        self.desk.report_missing(kit.id, piece.ids)
        self.assertEqual(piece.holder_employee_id, self.tech)
        with self.assertBlocked('TOO-47'):
            self.desk.report_missing(kit.id, piece.ids)
        self.desk.record_damage(self.tool.id, "Jaw broken", photos=[SIGNATURE.decode()])
        self.assertEqual(self.tool.state, 'repair')
        self.assertTrue(self.tool.sudo().move_ids[0].photo_ids)
        self.assertEqual(self.desk.scan('T-0231')['kind'], 'returned', "back from repair")
        self.desk.send_calibration(self.tool.id)
        self.assertEqual(self.tool.state, 'calibration')

    def test_parts_keeper_at_the_counter(self):
        """R-TOOL-15, R-CON-08: a parts keeper who keeps tools works at the counter; one who keeps none does not."""
        user = self._make_user('parts_keeper', login='fang')
        keeper = self._make_employee("Parts keeper Fang", user)
        desk = self.desk.with_user(user)
        with self.assertBlocked('TOO-01'):
            desk.get_data()
        self.tool._hand_on(to_keeper=keeper)
        desk.get_data()
        self.assertEqual(desk.scan('T-0231', person_id=self.tech.id)['kind'], 'lent')
