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
