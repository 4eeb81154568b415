from odoo.exceptions import UserError
from odoo.tests import Form

from ..common import SIGNATURE, AftersalesCommon


class TestConsent(AftersalesCommon):
    """Consent per job and payer: R-PROC-47, R-PROC-62 to R-PROC-65, R-CON-12, R-CON-32."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._make_order(parts=[cls._make_part(price=500.0)])
        cls.pad = cls._make_part("Brake disc", price=900.0)
        cls.colleague = cls._make_user('advisor', login='second_person')
        cls.listener = cls.env['hr.employee'].create({'name': "Foreman", 'company_id': cls.company.id})

    def _call(self, job, decision='approved', **values):
        values = {'name': "Mr Wang", 'phone': "13800000000", 'second_user': self.colleague, **values}
        job.order_id._record_consent(job, decision, 'phone', **values)

    def test_phone_consent_needs_name_and_number(self):
        """R-PROC-64: person, time and number called are never off."""
        job = self.order.job_ids
        for values in ({'name': False}, {'phone': False}):
            with self.assertBlocked('REP-44', UserError):
                self._call(job, **values)
        self._call(job)
        self.assertRecordValues(
            job.consent_ids,
            [
                {
                    'state': 'approved',
                    'means': 'phone',
                    'decided_by': "Mr Wang",
                    'second_user_id': self.colleague.id,
                    'amount': 500.0,
                }
            ],
        )

    def test_second_person_block_and_off(self):
        """R-CON-32: a second person hears a consent by phone; off, one is enough; below the limit too."""
        job = self.order.job_ids
        self._set_gate('phone_second_person', 'block')
        with self.assertBlocked('REP-45', UserError):
            self._call(job, second_user=None)
        with self.assertBlocked('REP-43', UserError):
            self._call(job, second_user=self.env.user)
        self.company.aftersales_phone_consent_limit = 1000.0
        self._call(job, second_user=None)
        self.assertTrue(job.is_approved)
        safety = self._make_job(self.order, "Brake disc worn out", parts=[self.pad], origin='safety')
        with self.assertBlocked('REP-45', UserError):
            self._call(safety, second_user=None)
        self._set_gate('phone_second_person', 'off')
        self._call(safety, second_user=None)
        self.assertTrue(safety.is_approved)

    def test_additional_work_asks_only_for_the_new(self):
        """R-PROC-62, R-PROC-64: a later version offers the additional job, the signed one stays agreed."""
        self._approve(self.order)
        extra = self._make_job(self.order, "Disc worn", parts=[self.pad], origin='additional', extra_hours=1.0)
        self.assertEqual(self.order.state, 'authorised')
        estimate = self.order._issue_estimate()
        self.assertEqual((estimate.kind, estimate._jobs()), ('additional', extra))
        self.assertIn('waiting_consent', self.order._status_flags()[self.order.id])
        self._call(extra)
        self.assertTrue(extra.is_approved)

    def test_refusal_names_the_listener_and_stays_for_the_next_visit(self):
        """R-PROC-63, R-PROC-32: a refused job keeps who was told and is offered again."""
        self._approve(self.order)
        extra = self._make_job(self.order, "Disc worn", parts=[self.pad], origin='additional')
        self.order._issue_estimate()
        self._call(extra, 'declined', listener=self.listener)
        self.assertRecordValues(
            extra, [{'outcome': 'declined', 'consent_state': 'declined', 'outcome_listener_id': self.listener.id}]
        )
        self.assertEqual(self.order.amount_total, 500.0)
        self.assertEqual(self.order.vehicle_id._offerable_jobs(), extra)
        next_order = self._make_order(self.order.vehicle_id)
        revived = next_order._revive(extra)
        self.assertRecordValues(
            revived, [{'origin': 'recommended', 'amount_total': 900.0, 'revived_from_id': extra.id}]
        )
        self.assertFalse(self.order.vehicle_id._offerable_jobs())

    def test_never_shown_is_not_refused(self):
        """R-PROC-63: a job nobody showed can be deleted, one that was shown cannot."""
        extra = self._make_job(self.order, "Wiper", parts=[self.pad], origin='recommended')
        self.assertEqual(extra.consent_state, 'draft')
        extra.unlink()
        self.order._issue_estimate()
        with self.assertBlocked('REP-11', UserError):
            self.order.job_ids.unlink()

    def test_safety_refusal_warns_at_handover(self):
        """R-PROC-65: block: no handover before the warning is acknowledged; off: no reason."""
        self._approve(self.order)
        safety = self._make_job(self.order, "Brake disc worn out", parts=[self.pad], origin='safety')
        self.order._issue_estimate()
        self._call(safety, 'declined', listener=self.listener)
        self._set_gate('safety_refusal', 'block')
        self.assertIn('REP-95', self._codes(self.order, 'released'))
        html = self._html('report_safety_warning', self.order)
        self.assertIn("Brake disc worn out", html)
        [blocker] = [b for b in self.order._open_blockers('released')[self.order] if b.code == 'REP-95']
        action = blocker.cure['action']
        advisor = self._role('advisor')
        dialog = Form(self.env[action['res_model']].with_user(advisor).with_context(**action['context']))
        dialog.name = "Mr Wang"
        dialog.signature = SIGNATURE
        dialog.save().action_confirm()
        self.assertEqual(len(self.order.message_ids.attachment_ids), 1)
        self.assertNotIn('REP-95', self._codes(self.order, 'released'))
        self._set_gate('safety_refusal', 'off')
        self.assertNotIn('REP-95', self._codes(self.order, 'released'))

    def test_phone_consent_is_signed_at_pickup(self):
        """R-PROC-64, R-CON-12: block: what was agreed by phone is signed before the car leaves; off: not asked."""
        self._set_gate('pickup_signature', 'block')
        self._call(self.order.job_ids)
        self.assertIn('REP-94', self._codes(self.order, 'released'))
        self._set_gate('pickup_signature', 'off')
        self.assertNotIn('REP-94', self._codes(self.order, 'released'))
        self._set_gate('pickup_signature', 'block')
        with self.assertBlocked('REP-34', UserError):
            self.order._sign_phone_consents("Mr Wang", False)
        self.order._sign_phone_consents("Mr Wang", SIGNATURE)
        self.assertNotIn('REP-94', self._codes(self.order, 'released'))

    def test_refused_signature_stops_work(self):
        """R-PROC-48: a recorded refusal to sign is a stop, with a witness who is somebody else."""
        self._set_gate('customer_signature', 'block')
        estimate = self.order._issue_estimate()
        with self.assertBlocked('REP-36', UserError):
            estimate._refuse_signature(self.env.user, "Does not sign anything")
        with self.assertBlocked('REP-35', UserError):
            estimate._refuse_signature(self.colleague, False)
        estimate._refuse_signature(self.colleague, "Does not sign anything")
        self.assertLessEqual({'REP-83', 'REP-84'}, self._codes(self.order, 'in_progress'))

    def test_signature_gate_block_and_off(self):
        """R-PROC-48: block: no dispatch without signature or recorded consent; off: no reason."""
        self._set_gate('customer_signature', 'block')
        self.assertIn('REP-83', self._codes(self.order, 'in_progress'))
        self._set_gate('customer_signature', 'off')
        self.assertNotIn('REP-83', self._codes(self.order, 'in_progress'))
        self._set_gate('customer_signature', 'block')
        self._approve(self.order)
        self.assertNotIn('REP-83', self._codes(self.order, 'in_progress'))

    def test_agreement_ticks_block_and_off(self):
        """R-PROC-47: content, price and time are agreed one by one where the profile asks for it."""
        self.order._issue_estimate()._sign("Mr Wang", SIGNATURE, agree=('content', 'price'))
        self._set_gate('agreement_ticks', 'block')
        self.assertIn('REP-85', self._codes(self.order, 'in_progress'))
        self._set_gate('agreement_ticks', 'off')
        self.assertNotIn('REP-85', self._codes(self.order, 'in_progress'))

    def test_signature_must_be_there(self):
        """R-PROC-47: neither an empty signature nor an empty name is one."""
        estimate = self.order._issue_estimate()
        with self.assertBlocked('REP-34', UserError):
            estimate._sign("Mr Wang", False)
        with self.assertBlocked('REP-33', UserError):
            estimate._sign("  ", SIGNATURE)

    def test_consent_stays_on_record(self):
        """R-PROC-64: a consent is neither changed nor deleted."""
        self._call(self.order.job_ids)
        with self.assertBlocked('BAS-01', UserError):
            self.order.consent_ids.write({'amount': 1.0})
        with self.assertBlocked('REP-30', UserError):
            self.order.consent_ids.unlink()


class TestGates(AftersalesCommon):
    """Document gates of an order, each at block and at off: R-PROC-24, R-PROC-28, R-PROC-36 to R-PROC-39, R-ROLE-03."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._make_order(parts=[cls._make_part(price=500.0)])

    def _assert_gate(self, gate, code, target, cure=None):
        self._set_gate(gate, 'block')
        self.assertIn(code, self._codes(self.order, target))
        self._set_gate(gate, 'off')
        self.assertNotIn(code, self._codes(self.order, target))
        if cure:
            self._set_gate(gate, 'block')
            cure()
            self.assertNotIn(code, self._codes(self.order, target))

    def test_mandatory_data(self):
        """R-PROC-24: what the profile asks for is filled in before work starts."""
        self.order.partner_id.phone = False
        self._assert_gate('mandatory_data', 'REP-82', 'in_progress')
        field = self.env['ir.model.fields']._get('aftersales.vehicle', 'engine_no')
        self.order.profile_id.required_field_ids = field
        self.order.vehicle_id.engine_no = False
        self._assert_gate(
            'mandatory_data', 'REP-82', 'in_progress', lambda: self.order.vehicle_id.write({'engine_no': 'E1'})
        )

    def test_symptom_estimate(self):
        """R-PROC-36: a risk surcharge, or the reason for none."""
        self.order.estimate_method = 'symptom'
        self._assert_gate(
            'estimate_caveat', 'REP-80', 'quoted', lambda: self.order.write({'risk_surcharge_reason': "Regular"})
        )

    def test_symptom_estimate_with_surcharge(self):
        """R-PROC-36: the surcharge is a line of the estimate."""
        product = self.env['product.product'].create({'name': "Risk", 'type': 'service', 'list_price': 50.0})
        self.company.aftersales_risk_product_id = product
        self.order.estimate_method = 'symptom'
        self._assert_gate(
            'estimate_caveat',
            'REP-80',
            'quoted',
            lambda: self.order._add_line(
                self.order.job_ids,
                kind='fee',
                product_id=product.id,
                quantity=1,
            ),
        )

    def test_item_price(self):
        """R-PROC-37: the caveat of a fixed price was explained; the estimate prints it."""
        self.order.estimate_method = 'item'
        self._assert_gate('estimate_caveat', 'REP-81', 'quoted', lambda: self.order.write({'caveat_explained': True}))
        self.order._issue_estimate()
        html = self._html('report_estimate', self.order)
        self.assertIn("the result is not always assured", html)

    def test_disclaimer(self):
        """R-PROC-39: a disclaimer is signed."""
        self.order._add_line(self.order.job_ids, kind='part', supplied_by='customer', name="Own bulb", quantity=1)
        self._assert_gate('disclaimer_signed', 'REP-86', 'in_progress', lambda: self._approve(self.order))

    def test_promise(self):
        """R-PROC-41: a time was promised before work starts."""
        self.order.promised_at = False
        self._assert_gate('promise_given', 'REP-87', 'in_progress')

    def test_major_job(self):
        """R-ROLE-03: above the limit a supervisor reviews; an advisor cannot."""
        self.company.aftersales_major_job_amount = 400.0
        with self.assertBlocked('REP-03', UserError):
            self.order.with_user(self._role('advisor')).action_review()
        self._assert_gate(
            'major_review',
            'REP-88',
            'in_progress',
            lambda: self.order.with_user(self._role('frontdesk_supervisor')).action_review(),
        )

    def test_same_advisor(self):
        """R-ROLE-04: somebody else hands the car over."""
        self.order.advisor_id = self._role('advisor')
        self._assert_gate('same_advisor', 'REP-96', 'released', lambda: self.order.write({'advisor_id': self.env.uid}))

    def test_diagnosis_consent(self):
        """R-PROC-28: a diagnosis that costs money is agreed first."""
        job = self._make_job(self.order, "Find the noise", parts=[self._make_part(price=10.0)], is_diagnosis=True)
        self._assert_gate(
            'diagnosis_consent',
            'REP-89',
            'diagnosing',
            lambda: self.order._record_consent(job, 'approved', 'supervisor', name="Mr Wang"),
        )

    def test_money_gates_are_never_off(self):
        """R-PROC-31, R-PROC-40: undecided payer, open price, parked or unapproved job keep the till closed."""
        job = self.order.job_ids
        self.assertIn('REP-93', self._codes(self.order, 'settled'))
        job.payer_kind = 'undecided'
        self.assertIn('REP-90', self._codes(self.order, 'settled'))
        job.payer_kind = 'customer'
        job.is_price_open = True
        self.assertIn('REP-91', self._codes(self.order, 'settled'))
        job.is_price_open = False
        job._park(self.env['aftersales.reason'].search([('kind', '=', 'park')], limit=1))
        self.assertIn('REP-92', self._codes(self.order, 'settled'))
        job._unpark()
        self._approve(self.order)
        self.assertFalse({'REP-90', 'REP-91', 'REP-92', 'REP-93'} & self._codes(self.order, 'settled'))
