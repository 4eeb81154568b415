import io
import zipfile
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from ..common import AftersalesCommon


class TestToolAnalysis(AftersalesCommon):
    """R-DOC-22, R-TOOL-01: three books at any past day; use, late returns, costs; labels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.category = cls._make_tool_category("Pullers")
        cls.tool = cls._make_tool("Puller", cls.category)
        cls.idle = cls._make_tool("Never used", cls.category)
        cls.today = cls.company._aftersales_today()

    def _wizard(self, user=None, **values):
        return self.env['aftersales.tool.ledger.wizard'].with_user(user or self.keeper_user).create(values)

    def test_the_ledger_at_a_past_day(self):
        """R-DOC-22: yesterday's books do not know today's loan."""
        later = fields.Datetime.now() + timedelta(days=3)
        with freeze_time(later):
            self.tool._check_out(self.tech)
        rows = self._wizard(date=self.today)._ledger()
        self.assertFalse([row for row in rows if row['is_loan']])
        rows = self._wizard(date=self.company._aftersales_today(later))._ledger()
        loan = next(row for row in rows if row['is_loan'])
        self.assertEqual((loan['tool'].id, loan['holder'], loan['keeper']), (self.tool.id, "Master Li", "Keeper Duan"))
        self.assertEqual(self._wizard(date=self.today - timedelta(days=1))._ledger(), [])

    def test_general_is_the_sum_of_the_sub_ledgers(self):
        """R-TOOL-01: on one screen, category by category."""
        self.tool._check_out(self.tech)
        wizard = self._wizard()
        total = sum(wizard._received_less_gone().values())
        self.assertEqual(total, sum(row['quantity'] for row in wizard._ledger()))
        self.assertIn("Keeper Duan", wizard.proof)
        self.assertIn("Difference", wizard.proof)

    def test_workbook_and_print(self):
        """R-DOC-22: the three books as xlsx and on paper."""
        self.tool._check_out(self.tech)
        name, content = self._wizard()._download('ledger')
        self.assertTrue(name.endswith('.xlsx'))
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            text = ''.join(book.read(part).decode() for part in book.namelist() if part.endswith('.xml'))
        for word in ("Puller", "Master Li", "Keeper Duan", "Register of temporary loans"):
            self.assertIn(word, text)
        html = self._html('report_tool_ledger', self._wizard())
        self.assertIn("Register of temporary loans", html)
        with self.assertRaises(AccessError):
            self._wizard(self.tech.user_id)

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
