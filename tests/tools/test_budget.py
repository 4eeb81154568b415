from odoo.tests import warmup

from ..common import SIGNATURE, AftersalesCommon


class TestToolBudget(AftersalesCommon):
    """House budget: a tool checkout costs at most 15 queries, the who-holds-what screen at most 12."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.category = cls._make_tool_category()
        cls.tool = cls._make_tool("Puller", cls.category)
        cls.order = cls._make_order()

    def _fresh(self):
        """Begin as a request does: nothing in memory."""
        self.env.flush_all()
        self.env.invalidate_all()

    @warmup
    def test_checkout(self):
        """R-TOOL-02: lending one tool for an order, all gates looked at."""
        self._fresh()
        with self.assertQueryCount(15):
            self.tool._check_out(self.tech, order=self.order)
            self.env.flush_all()

    @warmup
    def test_return(self):
        self.tool._check_out(self.tech, order=self.order)
        self._fresh()
        with self.assertQueryCount(15):
            self.tool._take_back()
            self.env.flush_all()

    @warmup
    def test_kit_costs_as_much_as_a_tool(self):
        """R-TOOL-02: nine pieces are one entry more each, not one query more."""
        kit = self._make_tool("Timing set", self.category, pieces=[f"Piece {number}" for number in range(9)])
        self._fresh()
        with self.assertQueryCount(16):
            kit._check_out(self.tech)
            self.env.flush_all()

    @warmup
    def test_signed_loan(self):
        """R-TOOL-02: a loan that is signed for keeps the budget too, file of the signature included."""
        tool = self.tool.with_user(self.keeper_user)
        self._fresh()
        with self.assertQueryCount(15):
            tool._check_out(self.tech, order=self.order, signature=SIGNATURE)
            self.env.flush_all()

    @warmup
    def test_scans_at_the_counter(self):
        """R-TOOL-02, R-TOOL-04: the whole scan of the keeper: whose code it is, the gates, the entry, the answer."""
        desk, code = self.env['aftersales.desk.tools'].with_user(self.keeper_user), self.tool.code
        self._fresh()
        with self.assertQueryCount(18):
            desk.scan(code, self.tech.id, self.order.id)
            self.env.flush_all()
        self._fresh()
        with self.assertQueryCount(19):
            desk.scan(code)
            self.env.flush_all()

    @warmup
    def test_who_holds_what(self):
        """R-DOC-22: the list of 80 open loans as the browser reads it."""
        for number in range(40):
            self._make_tool(f"Tool {number}", self.category)._check_out(self.tech if number % 2 else self.tech2)
        Move = self.env['aftersales.tool.move'].with_user(self.keeper_user)
        spec = {name: {} for name in ('open_qty', 'holder', 'at', 'due_at', 'name', 'is_overdue')} | {
            name: {'fields': {'display_name': {}}} for name in ('tool_id', 'order_id', 'keeper_id', 'category_id')
        }
        self._fresh()
        with self.assertQueryCount(12):
            found = Move.web_search_read([
                ('open_qty', '>', 0), ('dest_place', 'in', ('employee', 'team')),
                '|', ('tool_id.parent_id', '=', False), ('tool_id.parent_id.state', '!=', 'out'),
            ], spec, limit=80)
        self.assertEqual(len(found['records']), 40)

    @warmup
    def test_counter(self):
        """R-TOOL-02: the counter's screen with a borrower who has forty tools."""
        for number in range(40):
            self._make_tool(f"Tool {number}", self.category)._check_out(self.tech)
        desk = self.env['aftersales.desk.tools'].with_user(self.keeper_user)
        self._fresh()
        with self.assertQueryCount(24):
            desk.get_data(self.tech.id)
