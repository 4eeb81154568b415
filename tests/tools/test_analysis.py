from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time

from ..common import AftersalesCommon


class TestToolAnalysis(AftersalesCommon):
    """What the ledger tells: use per tool, late returns, idle tools, costs by year; and the labels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.category = cls._make_tool_category("Pullers")
        cls.tool = cls._make_tool("Puller", cls.category)
        cls.idle = cls._make_tool("Never used", cls.category)

    def test_use_and_late_returns(self):
        self.tool._check_out(self.tech)
        self.env.flush_all()
        now = fields.Datetime.now()
        with freeze_time(now + timedelta(days=2)):
            self.tool._take_back()
        self.env.flush_all()
        use = self.env['aftersales.tool.use'].with_user(self.keeper_user).search([('tool_id', '=', self.tool.id)])
        self.assertRecordValues(use, [{
            'employee_id': self.tech.id, 'team_id': self.team.id, 'is_late': True, 'late_count': 1, 'is_open': False}])
        self.assertAlmostEqual(use.hours, 48, 0)

    def test_a_reversed_loan_is_no_use(self):
        loan = self.tool._check_out(self.tech)
        loan._reverse("Wrong badge")
        self.env.flush_all()
        self.assertFalse(self.env['aftersales.tool.use'].search([('tool_id', '=', self.tool.id)]))

    def test_idle_tools(self):
        self.env.cr.execute("UPDATE aftersales_tool_move SET at = at - interval '120 days'")
        self.env.invalidate_all()
        self.tool._check_out(self.tech)
        self.tool._take_back()
        idle = self.env['aftersales.tool'].search([('is_idle', '=', True), ('category_id', '=', self.category.id)])
        self.assertEqual(idle.ids, self.idle.ids)
        self.assertEqual((self.idle.is_idle, self.tool.is_idle), (True, False))

    def test_cost_by_year(self):
        self.env['aftersales.tool.service'].with_user(self.keeper_user).create({'tool_id': self.tool.id, 'cost': 80.0})
        self.tool._record_loss("Gone")
        self.env.flush_all()
        rows = self.env['aftersales.tool.cost'].with_user(self.keeper_user).search([('tool_id', '=', self.tool.id)])
        amounts = {row.kind: row.amount for row in rows}
        self.assertEqual((amounts['purchase'], amounts['service']), (600.0, 80.0))
        self.assertEqual(amounts['loss'], self.tool.incident_ids.residual_value)

    def test_labels(self):
        """One sheet, many tools; the QR is an address the counter's scanner understands too."""
        kit = self._make_tool("Kit", self.category, pieces=("A", "B"))
        html = self._html('report_tool_labels', kit | kit.piece_ids | self.tool)
        self.assertEqual(html.count('/report/barcode/QR/'), 4)
        self.assertEqual(self.tool._find_code(self.tool._label_address()), self.tool)
        self.assertEqual(self.tool._find_code(self.tool.code), self.tool)
