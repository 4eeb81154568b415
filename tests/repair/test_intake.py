from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..common import SIGNATURE, AftersalesCommon


class TestIntake(AftersalesCommon):
    """From the gate to the offer: R-PROC-04, R-PROC-27, R-PROC-32, R-PROC-41, R-PROC-42."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_labour_rate(price_per_hour=200.0)
        cls.labour = cls._make_labour_item(book_hours=2.0)

    def test_findings_become_offers_once(self):
        """R-PROC-27, R-PROC-32: soon and now of the pre-check are offered, a safety item as such, none twice."""
        order = self._make_order()
        findings = [
            {
                'name': "Front pads worn",
                'note': "2 mm",
                'is_safety': True,
                'labour_item_id': self.labour.id,
                'package_id': False,
            },
            {'name': "Wiper hard", 'note': '', 'is_safety': False, 'labour_item_id': False, 'package_id': False},
        ]
        order._add_recommendations(findings)
        order._add_recommendations(findings)
        self.assertRecordValues(
            order.job_ids,
            [
                {'name': "Front pads worn", 'origin': 'safety', 'amount_total': 400.0},
                {'name': "Wiper hard", 'origin': 'recommended', 'amount_total': 0.0},
            ],
        )

    def test_batch_opens_an_order_per_car(self):
        """R-PROC-04: a fleet's cars are taken in together; each has its order, a carried-over one is taken up."""
        cars = self._make_vehicle() | self._make_vehicle()
        waiting = self._make_order(cars[0], parts=[self._make_part(price=10.0)])
        waiting._guarded().write({'origin_order_id': waiting.id})
        visits = self.env['aftersales.visit'].create(
            [{'vehicle_id': car.id, 'company_id': self.company.id, 'request': "Service"} for car in cars]
        )
        visits._arrive()
        visits._after_batch_intake(visits)
        self.assertEqual(visits[0].order_id, waiting)
        self.assertRecordValues(visits[1].order_id, [{'vehicle_id': cars[1].id, 'visit_id': visits[1].id}])
        self.assertEqual(visits[1].order_id.job_ids.name, "Service")

    def test_promise_from_hours_and_margin(self):
        """R-PROC-41, R-PROC-42: two book hours and ten percent on the working hours; a night's work waits for the morning."""
        order = self._make_order(labour=[self.labour])
        self.company.aftersales_promise_margin_pct = 10.0
        # Monday 01:00 UTC is 09:00 in Shanghai.
        morning = fields.Datetime.to_datetime('2026-11-23 01:00:00')
        self.assertEqual(order._proposed_promise(morning), morning + timedelta(hours=2, minutes=12))
        night = fields.Datetime.to_datetime('2026-11-22 18:00:00')
        self.assertGreater(order._proposed_promise(night), fields.Datetime.to_datetime('2026-11-23 01:00:00'))

    def test_unrealistic_promise_block_and_off(self):
        """R-PROC-41: a promise earlier than possible is pointed out where the gate asks for it."""
        order = self._make_order(labour=[self.labour], promised_at=fields.Datetime.now())
        self._set_gate('promise_realistic', 'block')
        self.assertIn('REP-98', self._codes(order, 'in_progress'))
        self._set_gate('promise_realistic', 'off')
        self.assertNotIn('REP-98', self._codes(order, 'in_progress'))


class TestFleet(AftersalesCommon):
    """A fleet's one signature and standing mandate (real days: fleet)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls._make_part(price=300.0)
        cls.orders = cls._make_order(parts=[cls.part]) | cls._make_order(parts=[cls.part])

    def test_one_signature(self):
        """R-PROC-47: one signature over several estimates of one customer, not of two."""
        self.orders._sign_together("Fleet manager", SIGNATURE)
        self.assertEqual(self.orders.mapped('state'), ['authorised', 'authorised'])
        foreign = self._make_order(self._make_vehicle(partner_id=self._make_customer("Mrs Li").id), parts=[self.part])
        with self.assertBlocked('REP-46', UserError):
            (self.orders[0] | foreign)._sign_together("Fleet manager", SIGNATURE)

    def test_mandate(self):
        """R-PROC-64: the standing mandate holds up to its amount and until its date."""
        with self.assertBlocked('REP-47', UserError):
            self.orders._use_mandate()
        self.customer.write({'aftersales_mandate_amount': 299.0, 'aftersales_mandate_holder': "Fleet manager"})
        with self.assertBlocked('REP-47', UserError):
            self.orders._use_mandate()
        self.customer.aftersales_mandate_amount = 300.0
        self.customer.aftersales_mandate_until = '2020-01-01'
        with self.assertBlocked('REP-47', UserError):
            self.orders._use_mandate()
        self.customer.aftersales_mandate_until = False
        self.orders._use_mandate()
        self.assertRecordValues(
            self.orders.consent_ids.filtered(lambda consent: consent.state == 'approved'),
            [
                {'means': 'mandate', 'decided_by': "Fleet manager"},
                {'means': 'mandate', 'decided_by': "Fleet manager"},
            ],
        )
