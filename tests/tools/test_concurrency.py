from ..concurrency import AftersalesConcurrencyCase


class TestTwoCounters(AftersalesConcurrencyCase):
    """R-TOOL-02: two counters scan the same tool at once, with two real cursors and Odoo's own retry."""

    def setUp(self):
        super().setUp()
        cls = type(self)
        with self.committed():
            cls.keeper_user = cls._make_user('tool_keeper', login='two_counters')
            cls.keeper = cls._make_employee("Two counters", cls.keeper_user)
            self.keeper_id = self.keeper_user.id
            self.borrowers = [cls._make_employee(f"Borrower {number}").id for number in (1, 2)]
            self.tool_id = cls._make_tool("Last puller").id
            sockets = cls._make_tool_category("Race sockets", tracking='quantity')
            self.sockets_id = cls._make_tool("Sockets", sockets, quantity=3).id

    def _lend(self, tool_id, borrower, **values):
        def lend(env):
            env = env(user=self.keeper_id)
            tool = env['aftersales.tool'].browse(tool_id)
            return tool._check_out(env['hr.employee'].browse(borrower), **values).ids

        return lend

    def _take_back(self):
        def take_back(env):
            return env(user=self.keeper_id)['aftersales.tool'].browse(self.tool_id)._take_back().ids

        return take_back

    def _assert_sound(self, tool_id, open_loans):
        with self.committed():
            tool = self.env['aftersales.tool'].browse(tool_id)
            self.assertEqual(sum(tool._open_moves().mapped('open_qty')), open_loans)
            found = [row for row in self.company._aftersales_integrity() if row['code'].startswith('TOO')]
            self.assertEqual(found, [])

    def test_one_wins_the_other_is_told_who(self):
        results = self.race(*(self._lend(self.tool_id, borrower) for borrower in self.borrowers))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('TOO-04', str(refused[0]))
        self.assertIn("Borrower", str(refused[0]))
        self._assert_sound(self.tool_id, 1)

    def test_counted_tools_never_go_below_zero(self):
        results = self.race(*(self._lend(self.sockets_id, borrower, quantity=2) for borrower in self.borrowers))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('TOO-09', str(refused[0]))
        self._assert_sound(self.sockets_id, 2)

    def test_taken_back_twice(self):
        self.race(self._lend(self.tool_id, self.borrowers[0]))
        results = self.race(self._take_back(), self._take_back())
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('TOO-31', str(refused[0]))
        self._assert_sound(self.tool_id, 0)

    def _count(self):
        """A count session of the keeper with one piece short, finished."""
        with self.committed():
            cls = type(self)
            cls.manager = cls._role('service_manager')
            cls.second = cls._role('workshop_supervisor')
            sockets = self.env['aftersales.tool'].browse(self.sockets_id)
            check = self.env['aftersales.tool.check'].with_user(cls.keeper_user).create(
                {'kind': 'count', 'keeper_id': sockets.keeper_id.id})
            check.action_all_present()
            check.line_ids.filtered(lambda line: line.tool_id.id == sockets.id).write({
                'found_qty': 2, 'reason': "One short", 'settlement': 'correction'})
            return check.id, cls.manager.id, cls.second.id

    def _on_check(self, check_id, user_id, verb):
        def run(env):
            getattr(env(user=user_id)['aftersales.tool.check'].browse(check_id), verb)()

        return run

    def test_two_keepers_close_the_same_count(self):
        """R-TOOL-10: finished once, approved once: the difference reaches the ledger a single time."""
        check_id, manager, second = self._count()
        results = self.race(
            self._on_check(check_id, self.keeper_id, '_finish'), self._on_check(check_id, manager, '_finish'))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('TOO-73', str(refused[0]))
        with self.committed():
            # Whoever of the two finished it may not approve; two others press at once.
            approvers = [user for user in (self.keeper_id, manager, second)
                         if user != self.env['aftersales.tool.check'].browse(check_id).finished_by_id.id]
        results = self.race(*(self._on_check(check_id, user, '_approve') for user in approvers))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('TOO-73', str(refused[0]))
        with self.committed():
            sockets = self.env['aftersales.tool'].browse(self.sockets_id)
            self.assertEqual((sockets.quantity, len(sockets.move_ids.filtered(lambda m: m.kind == 'correction'))), (2, 1))
        self._assert_sound(self.sockets_id, 0)

    def test_lent_while_the_count_is_approved(self):
        """R-TOOL-10: whichever comes first, nothing lies in the tool room below nought."""
        check_id, manager, _second = self._count()
        self.race(self._on_check(check_id, self.keeper_id, '_finish'))
        results = self.race(
            self._on_check(check_id, manager, '_approve'), self._lend(self.sockets_id, self.borrowers[0], quantity=3))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertRegex(str(refused[0]), 'TOO-09|TOO-78')
        self._assert_sound(self.sockets_id, 3 if isinstance(results[0], Exception) else 0)
