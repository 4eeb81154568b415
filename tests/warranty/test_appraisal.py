from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError

from ..common import AftersalesCommon


class TestAppraisal(AftersalesCommon):
    """The advisor's question, the clerk's answer, and what follows for the job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_gates('appraisal_complete', 'clerk_training', 'refusal_consent', 'preauthorisation', 'coverage_payer')
        cls._make_policy()
        cls.vehicle = cls._make_covered_vehicle()
        cls.brand = cls.vehicle.brand_id
        cls.advisor = cls._role('advisor')
        cls.clerk = cls._make_clerk()
        cls.labour = cls._make_labour_item(hours=2.0)
        cls._make_labour_rate(200.0)

    def _job(self, payer_kind='undecided', **values):
        order = self._make_order(self.vehicle, labour=[self.labour], payer_kind=payer_kind, advisor_id=self.advisor.id, **values)
        return order.job_ids

    def _terms(self, **values):
        return self.env['aftersales.warranty.terms'].create({
            'brand_id': self.brand.id, 'company_id': self.company.id, 'date_from': '2020-01-01', **values})

    def test_question_and_answer(self):
        """R-WAR-02, R-WAR-03, R-WAR-04: asked by the advisor, on the clerk's list, answered with all that is needed."""
        job = self._job()
        appraisal = self._ask_appraisal(job)
        self.assertEqual((appraisal.state, appraisal.requested_by_id), ('requested', self.advisor))
        self.assertAlmostEqual((appraisal.due_at - appraisal.requested_at).total_seconds(), 24 * 3600)
        self.assertEqual(appraisal.sudo().activity_ids.user_id, self.clerk)
        self.assertNotEqual(appraisal.name, '/')
        with self.assertBlocked('WAR-10', UserError):
            self._ask_appraisal(job)
        self._answer_appraisal(appraisal, causal_product_id=self._make_part("Water pump").id)
        self.assertEqual((appraisal.state, appraisal.answered_by_id), ('covered', self.clerk))
        self.assertEqual(job.payer_kind, 'warranty')
        self.assertEqual(job.fault_code, "P0128")
        self.assertFalse(appraisal.sudo().activity_ids, "the question is off the list")
        self.assertIn(self.advisor.partner_id, appraisal.sudo().message_ids.notified_partner_ids)

    def test_answer_is_given_once(self):
        """R-WAR-03: an answer stays as it was given; facts cannot be written by hand or RPC; nothing is deleted."""
        appraisal = self._answer_appraisal(self._ask_appraisal(self._job()))
        with self.assertBlocked('WAR-11', UserError):
            appraisal.finding = "Something else"
        with self.assertBlocked('BAS-01', UserError):
            appraisal.answered_at = False
        with self.assertBlocked('BAS-01', UserError):
            appraisal.state = 'requested'
        with self.assertBlocked('WAR-19', UserError):
            appraisal._give_answer()
        with self.assertBlocked('WAR-12', UserError):
            appraisal.sudo().unlink()
        with self.assertBlocked('WAR-13', UserError):
            appraisal.photo_ids.unlink()

    def test_complete_answer_gate(self):
        """R-WAR-04: finding, fault code or part, photo; refused at block with all that is missing, let through at off."""
        job = self._job()
        appraisal = self._ask_appraisal(job).with_user(self.clerk)
        appraisal.answer = 'covered'
        with self.assertBlocked('WAR-16', UserError) as caught:
            appraisal._give_answer()
        for text in ("what was found", "fault code", "photo"):
            self.assertIn(text, str(caught.exception))
        self._set_gate('appraisal_complete', 'off')
        appraisal._give_answer()
        self.assertEqual(appraisal.state, 'covered')

    def test_only_trained_clerks(self):
        """R-PERM-07: a clerk without valid training is refused at block, not at off; an advisor never answers."""
        appraisal = self._ask_appraisal(self._job())
        untrained = self._make_clerk(trained=False)
        with self.assertBlocked('WAR-15', UserError):
            self._answer_appraisal(appraisal, clerk=untrained)
        employee = self.env['hr.employee'].search([('user_id', '=', untrained.id)])
        employee.write({
            'aftersales_warranty_trained_on': '2020-01-01', 'aftersales_warranty_trained_until': '2021-01-01'})
        with self.assertBlocked('WAR-15', UserError):
            self._answer_appraisal(appraisal, clerk=untrained)
        self._set_gate('clerk_training', 'off')
        self._answer_appraisal(appraisal, clerk=untrained)
        self.assertEqual(appraisal.state, 'covered')
        with self.assertRaises(AccessError):
            self._ask_appraisal(self._job()).with_user(self.advisor).write({'answer': 'covered'})

    def test_alert_after_the_hours(self):
        """R-WAR-03: overdue after the hours of the settings or of the brand's terms; one reminder, on the overdue list."""
        self.company.aftersales_warranty_answer_hours = 8
        first = self._ask_appraisal(self._job())
        self.assertAlmostEqual((first.due_at - first.requested_at).total_seconds(), 8 * 3600)
        self._terms(answer_hours=2)
        appraisal = self._ask_appraisal(self._job())
        self.assertAlmostEqual((appraisal.due_at - appraisal.requested_at).total_seconds(), 2 * 3600)
        Appraisal = self.env['aftersales.warranty.appraisal']
        Appraisal._cron_alert()
        self.assertFalse(appraisal.sudo().alerted_at)
        appraisal.sudo()._guarded().write({'due_at': fields.Datetime.now() - timedelta(minutes=1)})
        self.assertTrue(appraisal.is_overdue)
        self.assertIn(appraisal.sudo(), Appraisal.search([('is_overdue', '=', True)]))
        Appraisal._cron_alert()
        Appraisal._cron_alert()
        overdue = self.env.ref('aftersales_service.mail_activity_type_appraisal_overdue')
        self.assertEqual(len(appraisal.sudo().activity_ids.filtered(lambda one: one.activity_type_id == overdue)), 1)
        self._answer_appraisal(appraisal)
        self.assertFalse(appraisal.is_overdue)

    def test_help_of_the_manufacturer(self):
        """R-WAR-04: help asked and answered with dates; an empty question is refused."""
        appraisal = self._ask_appraisal(self._job()).with_user(self.clerk)
        with self.assertBlocked('WAR-20', UserError):
            appraisal._ask_help(" ")
        appraisal._ask_help("Known leak of this pump?")
        self.assertEqual((appraisal.state, appraisal.help_asked_by_id), ('help', self.clerk))
        appraisal._record_help("Yes, bulletin 26-7")
        self.assertEqual(appraisal.state, 'requested')
        self.assertTrue(appraisal.help_answered_at)

    def test_doubtful_waits_for_the_number(self):
        """R-WAR-05: doubtful: the job waits with its flag, the others go on; with the number it goes on too."""
        job = self._job()
        order = job.order_id
        self._make_job(order, "Oil change", labour=[self.labour])
        appraisal = self._answer_appraisal(self._ask_appraisal(job), 'doubtful')
        self.assertEqual((appraisal.state, job.is_parked), ('preauthorisation', True))
        self.assertEqual(order._status_flags()[order.id].count('waiting_oem'), 1)
        self.assertNotIn('WAR-03', {blocker.code for blocker in order._open_blockers('in_progress')[order]})
        appraisal._ask_preauthorisation()
        with self.assertBlocked('WAR-23', UserError):
            appraisal._record_preauthorisation(" ")
        with self.assertBlocked('WAR-24', UserError):
            appraisal._record_preauthorisation("PA-1", 1.0)
        appraisal._record_preauthorisation("PA-1")
        self.assertEqual((appraisal.state, job.is_parked, job.payer_kind), ('covered', False, 'warranty'))
        self.assertEqual(job.preauthorisation_no, "PA-1")

    def test_preauthorisation_gate(self):
        """R-WAR-05: a warranty job above the permitted amount is neither started nor settled without the number."""
        terms = self._terms(permit_amount=100.0)
        job = self._job('warranty')
        order = job.order_id
        self._approve(order)
        for target in ('in_progress', 'settled'):
            self.assertIn('WAR-03', {blocker.code for blocker in order._open_blockers(target)[order]})
        self._make_workshop()
        with self.assertBlocked('WAR-03', UserError):
            order._dispatch(technicians=self.tech)
        self._set_gate('preauthorisation', 'off')
        self.assertNotIn('WAR-03', {blocker.code for blocker in order._open_blockers('settled')[order]})
        self._set_gate('preauthorisation', 'block')
        appraisal = self._answer_appraisal(self._ask_appraisal(job))
        self.assertEqual(appraisal.state, 'preauthorisation')
        appraisal._record_preauthorisation("PA-9", 500.0)
        self.assertNotIn('WAR-03', {blocker.code for blocker in order._open_blockers('settled')[order]})
        order._add_line(job, kind='labour', labour_item_id=self.labour.id)
        self.assertIn('WAR-03', {blocker.code for blocker in order._open_blockers('settled')[order]}, "800 is more than 500")
        terms.permit_amount = 0

    def test_supervisor_review(self):
        """R-WAR-16: where the brand's terms ask for it, another person confirms before the answer counts."""
        self._terms(supervisor_review=True)
        job = self._job()
        appraisal = self._answer_appraisal(self._ask_appraisal(job))
        self.assertEqual((appraisal.state, job.payer_kind), ('review', 'undecided'))
        with self.assertBlocked('WAR-21', UserError):
            appraisal._review()
        supervisor = self._role('frontdesk_supervisor')
        appraisal.with_user(supervisor)._send_back("Look at the hose too")
        self.assertEqual(appraisal.state, 'requested')
        appraisal._give_answer()
        appraisal.with_user(supervisor)._review()
        self.assertEqual((appraisal.state, appraisal.supervisor_id, job.payer_kind), ('covered', supervisor, 'warranty'))

    def test_refused_job_turns_to_the_customer_only_after_consent(self):
        """R-WAR-14: refused: nobody pays; explained and agreed in one step: the customer; at off the payer may be changed."""
        job = self._job('warranty')
        order = job.order_id
        appraisal = self._answer_appraisal(self._ask_appraisal(job), 'not_covered').with_user(self.advisor)
        self.assertEqual((appraisal.state, job.payer_kind), ('refused', 'undecided'))
        with self.assertBlocked('WAR-17', UserError):
            job.with_user(self.advisor).payer_kind = 'customer'
        with self.assertBlocked('WAR-17', UserError):
            appraisal._turn_to_customer('paper', "Mr Wang")
        with self.assertBlocked('WAR-25', UserError):
            appraisal._explain("")
        appraisal._explain("Mr Wang")
        self.assertEqual((appraisal.state, appraisal.explained_by_id), ('explained', self.advisor))
        with self.assertBlocked('WAR-18', UserError):
            self.env['aftersales.repair.share'].create({'job_id': job.id, 'payer_id': order._payer('customer').id})
        appraisal._turn_to_customer('paper', "Mr Wang")
        self.assertEqual((job.payer_kind, job.is_approved), ('customer', True))
        # Once agreed, the payer is the shop's to change again.
        job.payer_kind = 'goodwill'
        job.payer_kind = 'customer'
        self._set_gate('refusal_consent', 'off')
        other = self._job('warranty')
        self._answer_appraisal(self._ask_appraisal(other), 'not_covered')
        other.payer_kind = 'customer'
        self.assertEqual(other.payer_kind, 'customer')

    def test_refusal_dialog(self):
        """R-WAR-14: the dialog explains, records the answer of the customer, or his refusal of the repair."""
        for decision, payer, outcome in [('later', 'undecided', 'open'), ('pays', 'customer', 'open'), ('declines', 'undecided', 'declined')]:
            job = self._job('warranty')
            appraisal = self._answer_appraisal(self._ask_appraisal(job), 'not_covered').with_user(self.advisor)
            wizard = self.env['aftersales.appraisal.wizard'].with_user(self.advisor).create({
                'appraisal_id': appraisal.id, 'step': 'explain', 'decision': decision, 'means': 'paper', 'name': "Mr Wang"})
            wizard.action_confirm()
            self.assertEqual((job.payer_kind, job.outcome, appraisal.state), (payer, outcome, 'explained'))

    def test_refused_job_on_the_manufacturer(self):
        """R-PERM-06: a job that is not covered cannot be started on the manufacturer: override with reason, block, off."""
        old = self._make_covered_vehicle(months_ago=60)
        order = self._make_order(old, labour=[self.labour], payer_kind='warranty')
        codes = lambda: {blocker.code for blocker in order._open_blockers('in_progress')[order]}  # noqa: E731
        self.assertIn('WAR-01', codes())
        self._set_gate('coverage_payer', 'override')
        order._override('in_progress', self._reason('override'))
        self.assertNotIn('WAR-01', codes())
        self._set_gate('coverage_payer', 'off')
        self.assertNotIn('WAR-01', codes())
        self._set_gate('coverage_payer', 'block')
        self.assertIn('WAR-01', codes())
        self._answer_appraisal(self._ask_appraisal(order.job_ids))
        self.assertNotIn('WAR-01', codes(), "the clerk said that it is covered")

    def test_escalation(self):
        """R-PERM-14: a refusal the customer does not accept lands on the managers' desks, with the technical adviser."""
        manager = self._role('service_manager')
        adviser = self._make_user('workshop_supervisor', login='technical_adviser')
        self.company.aftersales_technical_adviser_id = adviser
        appraisal = self._ask_appraisal(self._job()).with_user(self.advisor)
        with self.assertBlocked('WAR-27', UserError):
            appraisal._escalate("He is angry")
        self._answer_appraisal(appraisal, 'not_covered')
        appraisal._escalate("He is angry")
        self.assertTrue(appraisal.escalated_at)
        self.assertLessEqual(manager | adviser, appraisal.sudo().activity_ids.user_id)

    def test_cancelled_question(self):
        """R-WAR-02: who asked calls it off; another colleague does not, the clerk does; then a new one may be asked."""
        job = self._job()
        appraisal = self._ask_appraisal(job)
        appraisal.with_user(self.advisor)._cancel()
        self.assertEqual(appraisal.state, 'cancelled')
        self.assertFalse(job.appraisal_id)
        again = self._ask_appraisal(job)
        with self.assertRaises(AccessError):
            again.with_user(self._make_user('advisor', login='another_advisor'))._cancel()
        again.with_user(self.clerk)._cancel()
        with self.assertBlocked('WAR-28', UserError):
            again.with_user(self.clerk)._cancel()

    def test_technical_help(self):
        """R-ROLE-19: the advisor asks the technical adviser from the order; it is an activity of his."""
        adviser = self._make_user('workshop_supervisor', login='technical_adviser')
        self.company.aftersales_technical_adviser_id = adviser
        order = self._job().order_id.with_user(self.advisor)
        action = order.action_ask_technical_help()
        wizard = self.env[action['res_model']].with_user(self.advisor).with_context(**action['context']).create({})
        wizard.action_schedule_activities()
        self.assertEqual(order.sudo().activity_ids.user_id, adviser)

    def test_other_company_sees_nothing(self):
        """R-WAR-02: appraisals, contracts, comebacks and the watch of another company are out of reach."""
        appraisal = self._ask_appraisal(self._job())
        other = self._make_company("Other dealer") if hasattr(self, '_make_company') else self.env['res.company'].create({'name': "Other"})
        stranger = self._make_user('warranty_clerk', login='stranger')
        stranger.write({'company_ids': [Command.set(other.ids)], 'company_id': other.id})
        found = self.env['aftersales.warranty.appraisal'].with_user(stranger).with_context(
            allowed_company_ids=other.ids).search([('id', '=', appraisal.id)])
        self.assertFalse(found)

    def test_feedback_on_product_quality(self):
        """R-WAR-15: what was seen goes to the manufacturer with model, part, kilometres; reported and answered by the clerk."""
        job = self._job()
        self._answer_appraisal(self._ask_appraisal(job), causal_product_id=self._make_part("Water pump").id)
        action = job.action_report_quality()
        technician = self._role('technician')
        feedback = self.env['aftersales.product.feedback'].with_user(technician).with_context(
            **action['context']).create({'severity': '3_high'})
        self.assertEqual(
            (feedback.model_id, feedback.product_id.name, feedback.symptom),
            (self.vehicle.model_id, "Water pump", job.name))
        with self.assertRaises(UserError):
            feedback.action_report()
        feedback = feedback.with_user(self.clerk)
        feedback.action_report()
        with self.assertBlocked('WAR-09', UserError):
            feedback.action_answered()
        feedback.answer = "New pump from March"
        feedback.action_answered()
        self.assertEqual(feedback.state, 'answered')
