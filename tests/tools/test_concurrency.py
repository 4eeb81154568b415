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
