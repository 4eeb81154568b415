from odoo.exceptions import AccessError, UserError

from ..common import AftersalesCommon


class TestOutcome(AftersalesCommon):
    """How an order ends: R-PROC-49, R-PERM-18, carry-over of real days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._make_order(parts=[cls._make_part(price=500.0)])
        cls.reason = cls.env['aftersales.reason'].search([('kind', '=', 'decline')], limit=1)
        cls.cancel_reason = cls.env['aftersales.reason'].search([('kind', '=', 'cancel')], limit=1)

    def test_declined_with_diagnosis_fee(self):
        """R-PROC-49: the customer declines; what is left to pay is the diagnosis."""
        fee = self._make_job(self.order, "Diagnosis", parts=[self._make_part(price=120.0)], is_diagnosis=True)
        with self.assertBlocked('REP-61', UserError):
            self.order._decline(self.env['aftersales.reason'])
        self.order._decline(self.reason, fee)
        self.assertRecordValues(self.order, [{'outcome': 'declined', 'amount_total': 120.0}])

    def test_cancelled_order_is_closed_to_changes(self):
        """R-PERM-18: a cancelled order keeps its reason and cannot change any more."""
        self.order._cancel(self.cancel_reason)
        self.assertRecordValues(
            self.order, [{'outcome': 'cancelled', 'outcome_reason_id': self.cancel_reason.id, 'amount_total': 0.0}]
        )
        with self.assertBlocked('REP-26', UserError):
            self.order.line_ids.quantity = 2
        with self.assertBlocked('REP-05', UserError):
            self.order._issue_estimate()

    def test_carry_over_takes_consent_along(self):
        """R-PROC-64: the open job goes to a follow-up order with the customer's yes; nothing is asked twice."""
        waiting = self._make_job(self.order, "Throttle missing", parts=[self._make_part("Throttle", price=1380.0)])
        self._approve(self.order)
        reason = self.env['aftersales.reason'].search([('kind', '=', 'park')], limit=1)
        waiting._park(reason)
        follow_up = self.order._carry_over(waiting)
        self.assertRecordValues(waiting, [{'outcome': 'carried', 'is_parked': False}])
        self.assertEqual(self.order.amount_total, 500.0)
        self.assertRecordValues(
            follow_up,
            [
                {
                    'amount_total': 1380.0,
                    'state': 'authorised',
                    'origin_order_id': self.order.id,
                    'vehicle_id': self.order.vehicle_id.id,
                }
            ],
        )
        self.assertTrue(follow_up.job_ids.is_approved)

    def test_used_order_is_not_deleted(self):
        """R-PERM-04: an order with facts stays."""
        self.order._issue_estimate()
        with self.assertBlocked('REP-01', UserError):
            self.order.unlink()
        with self.assertBlocked('REP-70', UserError):
            self.order.vehicle_id.unlink()

    def test_promise_history(self):
        """R-PROC-61: the first promise is kept, the new one tracked."""
        first = self.order.promised_at
        later = first.replace(hour=(first.hour + 1) % 24)
        self.order._promise(later, note="Customer agrees")
        self.assertRecordValues(self.order, [{'first_promised_at': first, 'promised_at': later}])

    def test_company_wall(self):
        """R-PERM-04: another company's advisor neither reads nor writes this order."""
        other = self._make_company("Other Motors")
        user = self._make_user('advisor', login='other_advisor')
        user.write({'company_ids': [(6, 0, other.ids)], 'company_id': other.id})
        order = self.order.with_user(user).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            order.read(['name'])
        with self.assertRaises(AccessError):
            order.line_ids.write({'quantity': 2})
        self.assertFalse(
            self.env['aftersales.repair.order'].with_user(user).with_context(allowed_company_ids=other.ids).search([])
        )
