from odoo.exceptions import UserError, ValidationError

from ..common import AftersalesCommon


class TestShares(AftersalesCommon):
    """Price shares among payers, exact to the cent: R-PROC-31, R-PROC-83."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.env['res.partner'].create({'name': "Insurer", 'is_company': True})
        cls.order = cls._make_order(parts=[(cls._make_part(price=33.33), 3), (cls._make_part("Clip", price=0.05), 7)])
        cls.job = cls.order.job_ids

    def test_three_payers_add_up(self):
        """R-PROC-83: shares of each line and of the job add up; the customer takes the rounding."""
        customer = self.order.payer_ids
        insurer = self.order._payer('insurance', self.insurer)
        goodwill = self.order._payer('goodwill')
        self.job._set_shares([(insurer, 'percent', 33.33), (goodwill, 'percent', 33.33), (customer, 'rest', 0)])
        self.assertEqual(self.job.payer_kind, 'split')
        amounts = self.order._payer_line_amounts()
        for line in self.order.line_ids:
            self.assertAlmostEqual(sum(by_line[line] for by_line in amounts.values()), line.price_amount, 6)
        for share in self.job.share_ids:
            self.assertAlmostEqual(sum(amounts[share.payer_id].values()), share.amount, 6)
        self.assertAlmostEqual(sum(self.order.payer_ids.mapped('amount_total')), self.order.amount_total, 2)

    def test_fixed_share_of_the_customer(self):
        """R-PROC-83: a deductible is a fixed amount, the insurer pays the rest."""
        customer, insurer = self.order.payer_ids, self.order._payer('insurance', self.insurer)
        self.job._set_shares([(customer, 'fixed', 20.0), (insurer, 'rest', 0)])
        self.assertEqual(customer.amount_total, 20.0)
        self.assertAlmostEqual(insurer.amount_total, self.order.amount_total - 20.0, 2)

    def test_undecided_has_no_payer(self):
        """R-PROC-31: undecided means that nobody pays yet."""
        self.job.payer_kind = 'undecided'
        self.assertFalse(self.job.share_ids)
        self.assertTrue(self.order.has_undecided)
        with self.assertBlocked('REP-42', UserError):
            self.order._record_consent(self.job, 'approved', 'paper', name="Mr Wang")

    def test_payer_must_be_known(self):
        """R-PROC-31: a warranty or insurance share needs the one who pays."""
        with self.assertBlocked('REP-15', ValidationError):
            self.job.payer_kind = 'insurance'

    def test_one_rest_only(self):
        """R-PROC-83: only one payer takes the rest."""
        customer, goodwill = self.order.payer_ids, self.order._payer('goodwill')
        with self.assertBlocked('REP-17', ValidationError):
            self.job._set_shares([(customer, 'rest', 0), (goodwill, 'rest', 0)])

    def test_share_of_another_order_refused(self):
        """R-PROC-83: a payer of another order cannot take a share."""
        other = self._make_order(parts=[self._make_part(price=1.0)])
        with self.assertBlocked('REP-16', ValidationError):
            self.env['aftersales.repair.share'].create(
                {'job_id': self.job.id, 'payer_id': other.payer_ids.id, 'method': 'percent', 'value': 5}
            )

    def test_consent_per_payer(self):
        """R-PROC-64: the insurer's higher amount asks the insurer only, the customer's yes stays."""
        customer, insurer = self.order.payer_ids, self.order._payer('insurance', self.insurer)
        self.job._set_shares([(customer, 'fixed', 20.0), (insurer, 'rest', 0)])
        self._approve(self.order)
        self.assertTrue(self.job.is_approved)
        self.job.share_ids.filtered(lambda share: share.payer_id == customer).value = 10.0
        self.assertFalse(self.job.is_approved)
        self.order._record_consent(
            self.job,
            'approved',
            'message',
            payer=insurer,
            name="Adjuster",
            phone="95500",
            second_user=self._role('advisor'),
        )
        self.assertTrue(self.job.is_approved)


class TestTaxExcluded(AftersalesCommon):
    """A company that quotes without tax: R-PROC-33."""

    def test_totals(self):
        """R-PROC-33: amounts without tax in the price basis, the customer's total with it."""
        self.company.account_price_include = 'tax_excluded'
        tax = self.tax_sale.copy({'name': "13 % on top", 'price_include_override': 'tax_excluded'})
        order = self._make_order(parts=[(self._make_part(price=100.0, taxes_id=[(6, 0, tax.ids)]), 2)])
        self.assertRecordValues(order, [{'amount_untaxed': 200.0, 'amount_tax': 26.0, 'amount_total': 226.0}])
        self.assertRecordValues(order.share_ids, [{'amount': 200.0, 'amount_total': 226.0}])
