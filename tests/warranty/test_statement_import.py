import base64

from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestStatementImport(AftersalesCommon):
    """The manufacturer's workbook comes in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_statements()
        cls.claims = cls._make_sent_claims(3)
        cls.statement = cls._make_statement()

    def test_workbook_finds_the_claims_and_tells_its_faults(self):
        """R-WAR-13, R-WAR-12: rows match by their number, ours, and the car; what cannot be read stays visible (WAR-85)."""
        first, second, third = self.claims
        first.with_user(self.clerk).manufacturer_number = "VW-77"
        rows = [
            ["vw 77", "", "", "2026-03-01", 346.90, ""],
            ["VW-78", second.name, "", "", "300.00", "Hours cut"],
            ["VW-79", "", third.vin, "", 346.9, ""],
            ["VW-80", "", "", "soon", "n/a", ""],
            ["BONUS Q1", "", "", "", 113, "Quality bonus"],
        ]
        template = self.env['aftersales.statement.template'].with_user(self.clerk).create({
            'name': "List of the maker", 'extra_numbers': "bonus, handling"})
        self.statement.template_id = template
        self.assertEqual(self.statement._import(self._make_list(rows)), (5, 1))
        self.assertRecordValues(self.statement.line_ids, [
            {'claim_id': first.id, 'matched_by': 'theirs', 'state': 'matched', 'kind': 'claim'},
            {'claim_id': second.id, 'matched_by': 'ours', 'state': 'differs', 'kind': 'claim'},
            {'claim_id': third.id, 'matched_by': 'car', 'state': 'matched', 'kind': 'claim'},
            {'claim_id': False, 'matched_by': False, 'state': 'error', 'kind': 'claim'},
            {'claim_id': False, 'matched_by': False, 'state': 'matched', 'kind': 'extra'},
        ])
        wrong = self.statement.line_ids[3]
        self.assertIn("n/a", wrong.row_error)
        self.assertIn("soon", wrong.row_error)
        with self.assertBlocked('WAR-85', UserError):
            self.statement.with_user(self.accountant)._post()
        # The same file again replaces its rows.
        self.assertEqual(self.statement._import(self._make_list(rows[:3])), (3, 0))
        self.assertEqual(len(self.statement.line_ids), 3)
        self.statement.with_user(self.accountant)._post()
        self.assertEqual(self.statement.sudo().move_id.amount_total, 993.80)
        self.assertEqual(third.manufacturer_number, "VW-79")
        self.assertEqual(second.line_ids.mapped('note'), ["Hours cut"] * len(second.line_ids))

    def test_headings_of_the_brand_and_amounts_without_tax(self):
        """R-WAR-12: columns are named per brand, amounts without tax get the sales tax added."""
        self.statement.template_id = self.env['aftersales.statement.template'].create({
            'name': "Net", 'column_our_number': "经销商单号", 'column_amount': "金额", 'column_their_number': False,
            'column_vin': False, 'is_tax_excluded': True})
        file = self._make_list([[self.claims[0].name, 306.99]], head=("经销商单号", "金额"))
        self.statement._import(file)
        self.assertEqual(self.statement.line_ids.amount, 346.90)
        self.assertEqual(self.statement.line_ids.state, 'matched')

    def test_no_workbook(self):
        """R-WAR-13: a file that is none, or has none of the columns, is refused with the way out (WAR-93)."""
        for file in (b'', base64.b64encode(b'hello'), self._make_list([["x"]], head=("Nothing",))):
            with self.assertBlocked('WAR-93', UserError):
                self.statement._import(file)

    def test_dialog_keeps_the_file(self):
        """R-WAR-13: the clerk's dialog imports, matches and attaches the workbook to the statement."""
        self.env['aftersales.statement.import'].with_user(self.clerk).create({
            'statement_id': self.statement.id, 'file_name': "march.xlsx",
            'file': self._make_list([["", claim.name, "", "", 346.9] for claim in self.claims]),
        }).action_confirm()
        self.assertEqual((self.statement.state, self.statement.line_ids.claim_id), ('matched', self.claims))
        self.assertTrue(self.env['ir.attachment'].search([('res_model', '=', self.statement._name), ('res_id', '=', self.statement.id)]))

    def test_match_by_hand_stays(self):
        """R-WAR-13: what a person chose is not matched again."""
        line = self.env['aftersales.warranty.statement.line'].with_user(self.clerk).create({
            'statement_id': self.statement.id, 'their_number': "?", 'amount': 346.9})
        self.statement._match()
        self.assertEqual(line.state, 'unknown')
        line.claim_id = self.claims[2]
        self.statement._match()
        self.assertRecordValues(line, [{'claim_id': self.claims[2].id, 'matched_by': 'hand', 'state': 'matched'}])
