from odoo.tests import tagged

from ..common import AftersalesHttpCase


@tagged('is_tour')
class TestStatementMatchTour(AftersalesHttpCase):
    """The manufacturer's statement in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_statements()

    def test_match_and_post_a_list_of_200_lines(self):
        """R-WAR-13: statement of 200 lines imported, matched and posted in three clicks."""
        self._set_gate('statement_complete', 'off', 'company')
        claims = self._make_sent_claims(2)
        statement = self._make_statement()
        rows = [["", claim.name, "", "", 346.9] for claim in claims] + [[f"X{n}", "", "", "", 10] for n in range(198)]
        # The tour fetches it by this name and puts it into the file field, as the file chooser would.
        self.env['ir.model.data'].create({
            'module': 'aftersales_service', 'name': 'tour_list', 'model': 'ir.attachment',
            'res_id': self.env['ir.attachment'].create({'name': "list.xlsx", 'datas': self._make_list(rows), 'public': True}).id,
        })
        self.start_tour(f'/odoo/manufacturer-statements/{statement.id}', 'aftersales_statement_match', login='test_accountant')
        self.assertEqual(statement.state, 'posted')
        self.assertEqual((statement.line_count, statement.sudo().move_id.amount_total), (200, 693.8))

    def test_short_pay_in_three_clicks(self):
        """R-WAR-13: who bears the rest of a claim paid short, three clicks from the claim."""
        claim = self._make_sent_claims()
        self._post_statement([(claim, 246.9)])
        self.start_tour(f'/odoo/warranty-claims/{claim.id}', 'aftersales_short_pay', login='test_accountant')
        self.assertEqual((claim.rest_state, claim.rest_ids.kind), ('decided', 'write_off'))
