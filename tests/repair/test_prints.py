from ..common import AftersalesCommon


class TestPrints(AftersalesCommon):
    """Forms of the order: R-FORM-01, R-FORM-02, R-FORM-03, R-PROC-50, R-DOC-02."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_labour_rate(price_per_hour=200.0)
        cls.order = cls._make_order(parts=[cls._make_part("Brake pad", price=226.0)], labour=[cls._make_labour_item()])

    def test_copies(self):
        """R-FORM-01, R-PROC-50: four copies; prices on the customer's and the file copy, the code on the customer's only."""
        self._approve(self.order)
        texts = {
            copy: self._html(f'report_work_order_{copy}', self.order)
            for copy in ('customer', 'workshop', 'picking', 'file')
        }
        for copy, text in texts.items():
            self.assertIn(self.order.name, text)
            self.assertIn("Brake pad", text)
            self.assertEqual('426.00' in text, copy in ('customer', 'file'), copy)
        self.assertIn(self.order.pickup_code, texts['customer'])
        self.assertNotIn(self.order.pickup_code, texts['file'])
        self.assertNotIn("Replace brake pads", texts['picking'])
        self.assertIn("Mr Wang", texts['file'])

    def test_estimate(self):
        """R-FORM-03, R-PROC-33, R-PROC-36: method, caveat, split and signature."""
        self.order.write({'estimate_method': 'symptom', 'risk_surcharge_reason': "Regular customer"})
        self._approve(self.order)
        text = self._html('report_estimate', self.order)
        for wanted in ("By Symptom", "Regular customer", "200.00", "226.00", "426.00", "Mr Wang"):
            self.assertIn(wanted, text)

    def test_additional_work_sheet(self):
        """R-FORM-02, R-PROC-62: item, extra time, extra price, answer, means, who was told."""
        self._approve(self.order)
        job = self._make_job(
            self.order, "Disc worn", parts=[self._make_part("Disc", price=486.0)], origin='additional', extra_hours=1.5
        )
        estimate = self.order._issue_estimate()
        listener = self._make_employee("Foreman Li")
        self.order._record_consent(
            job,
            'approved',
            'phone',
            name="Mr Wang",
            phone="13800000000",
            second_user=self._role('advisor'),
            listener=listener,
        )
        text = self._html('report_additional_work', estimate)
        for wanted in ("Disc worn", "1.5", "486.00", "Phone", "Foreman Li"):
            self.assertIn(wanted, text)
        self.assertNotIn("Brake pad", text)
