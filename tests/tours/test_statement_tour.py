from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from .common import DeskHttpCase


@tagged('is_tour')
class TestStatementTour(DeskHttpCase):
    """The accountant's month-end in a browser."""

    def test_statement_workbook(self):
        """R-REP-09: month statement as xlsx from the close cockpit, two clicks."""
        self._role('accountant')
        statement = self.env['aftersales.stock.statement']._ensure_statement(self.company)
        statement.action_compute()
        self._open('close-cockpit', 'aftersales_accountant_statement', 'test_accountant')

    def test_submitted_and_confirmed(self):
        """R-PART-05: the parts manager submits last month's statement, the accountant confirms it, each from the list."""
        self._role('parts_manager')
        self._role('accountant')
        month = self.company._aftersales_today().replace(day=1) - relativedelta(months=1)
        part = self._make_part("Filter", cost=10.0, on_hand=3, aftersales_is_part=True)
        part.stock_move_ids.date = self.company._aftersales_month_bounds(month)[0]
        statement = self.env['aftersales.stock.statement']._ensure_statement(self.company, month)
        self._open('stock-statements', 'aftersales_manager_statement', 'test_parts_manager')
        self.assertRecordValues(statement, [{'state': 'submitted', 'closing_value': 30.0, 'valuation_gap': 0.0}])
        self._open('stock-statements', 'aftersales_accountant_confirms_statement', 'test_accountant')
        self.assertEqual(statement.state, 'confirmed')
