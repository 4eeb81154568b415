from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestClaim(AftersalesCommon):
    """A claim from draft to its decision, priced by the terms of the brand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_claims()
        cls.terms = cls._make_terms()

    def test_prices_of_warranty_work_follow_the_terms(self):
        """R-WAR-12: cost × factor plus tax in a tax-included shop, hours at the warranty rate."""
        order = self._make_order(parts=[self.claim_part], labour=[self.claim_labour], payer_kind='warranty')
        part = order.line_ids.filtered(lambda line: line.kind == 'part')
        self.assertEqual(part.price_unit, 146.90)  # 100.00 × 1.3 + 13 %
        self.assertEqual((order.line_ids - part).price_unit, 200.0)
        order.job_ids.payer_kind = 'customer'
        self.assertEqual(part.price_unit, 260.0)

    def test_claim_is_drafted_at_settlement_and_filled_from_the_order(self):
        """R-WAR-11, R-WAR-12: the claim's lines are the payer's shares of the order, to the cent."""
        claim = self._make_claim()
        order = claim.order_id
        self.assertEqual(claim.state, 'draft')
        amounts = order._payer_line_amounts()[claim.payer_id]
        self.assertEqual({line.line_id: line.claimed_amount for line in claim.line_ids}, amounts)
        self.assertEqual(claim.claimed_total, 346.90)
        self.assertEqual(claim.causal_product_id, self.claim_part)
        self.assertEqual(claim.cause, "Worn")

    def test_from_check_to_partial_approval(self):
        """R-WAR-11: checked, submitted, queried, answered, decided by line; history stays."""
        claim = self._make_claim()
        claim._check()
        self.assertEqual(claim.state, 'checked')
        claim._submit()
        self.assertEqual(claim.state, 'submitted')
        claim._query("Photo of the old part?")
        self.assertEqual(claim.state, 'queried')
        claim._answer("See the photo.")
        self.assertEqual((claim.state, len(claim.submission_ids)), ('submitted', 2))
        part = claim.line_ids.filtered(lambda line: line.kind == 'part')
        with self.assertBlocked('WAR-40', UserError):
            claim._decide({part: 100.0})
        claim._decide({part: 100.0}, {part: self._reason('claim', 'price')})
        self.assertEqual((claim.state, claim.approved_total), ('partly', 300.0))
