from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields

from ..common import AftersalesCommon


class TestInspection(AftersalesCommon):
    """Self, leader, final; rework; safety; own warranty; wash; ready."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_workshop()
        cls._make_labour_rate()
        cls.item = cls._make_labour_item("Oil change", book_hours=1.0)
        cls.brake = cls._make_labour_item("Replace brake pads", needs_other_person=True)

    def _worked(self, item=None, **values):
        order = self._make_signed_order(**{'labour': [item or self.item], 'wash_wanted': False, **values})
        self._do_work(self._dispatch(order))
        return order

    # === LEVELS === #

    def test_three_levels_in_order(self):
        """R-PROC-72: self, then leader, then final; ready only after the last."""
        order = self._worked()
        self.assertEqual(order.state, 'inspecting')
        with self.assertBlocked('WRK-64'):
            order._check('leader', True, self.leader)
        order._check('self', True, self.tech)
        with self.assertBlocked('WRK-65'):
            order._check('final', True, self.inspector)
        order._check('leader', True, self.leader, advice="Change the pads next time")
        self.assertEqual(self._codes(order, 'ready'), {'WRK-66'})
        check = order._check('final', True, self.inspector)
        self.assertEqual((order.state, order.final_check_id), ('ready', check))
        self.assertRegex(check.name, r'^QC/\d{6}/\d{4}$')
        self.assertTrue(order.ready_at)

    def test_each_level_can_be_off(self):
        """R-PROC-72, R-CON-10: a profile without checks is ready when the work is finished."""
        for gate in ('self_check', 'leader_check', 'final_check'):
            self._set_gate(gate, 'off')
        self.assertEqual(self._worked().state, 'ready')

    def test_small_shop_self_and_one_other(self):
        """R-CON-10: small shop: the technician and one other person, no leader's check, no inspector needed."""
        self.company.action_aftersales_apply_defaults('small')
        order = self._worked()
        order._check('self', True, self.tech)
        with self.assertBlocked('WRK-68'):
            order._check('final', True, self.tech)
        order._check('final', True, self.tech2)
        self.assertEqual(order.state, 'ready')

    def test_inspectors_only(self):
        """R-ROLE-17: only an inspector passes the final inspection at block; the leader is final when off."""
        order = self._worked()
        order._check('self', True, self.tech)
        order._check('leader', True, self.leader)
        with self.assertBlocked('WRK-69'):
            order._check('final', True, self.tech2)
        self._set_gate('inspector_only', 'off')
        order._check('final', True, self.tech2)
        self.assertEqual(order.state, 'ready')

    def test_different_people(self):
        """R-PROC-72: three different stamps at block; the same person may do all when off."""
        order = self._worked()
        order._check('self', True, self.tech)
        self._set_gate('own_team_leader', 'off')
        with self.assertBlocked('WRK-68'):
            order._check('leader', True, self.tech)
        order._check('leader', True, self.leader)
        self._set_gate('inspector_only', 'off')
        with self.assertBlocked('WRK-68'):
            order._check('final', True, self.leader)
        self._set_gate('different_checkers', 'off')
        order._check('final', True, self.tech)
        self.assertEqual(order.state, 'ready')

    def test_safety_work_needs_another_person_whatever_the_gates(self):
        """R-PROC-72: brake, steering, airbag, high voltage: another person, with every gate off too."""
        gates = self.env['aftersales.profile.gate'].search(
            [
                ('company_id', '=', self.company.id),
                (
                    'code',
                    'in',
                    (
                        'self_check',
                        'leader_check',
                        'final_check',
                        'different_checkers',
                        'inspector_only',
                        'own_team_leader',
                    ),
                ),
            ]
        )
        gates.level = 'off'
        order = self._worked(self.brake)
        self.assertEqual(order.state, 'inspecting')
        self.assertEqual(self._codes(order, 'ready'), {'WRK-67'})
        with self.assertBlocked('WRK-67'):
            order._check('final', True, self.tech)
        self.assertEqual(order.state, 'inspecting')
        order._check('final', True, self.tech2)
        self.assertEqual(order.state, 'ready')

    def test_leader_of_that_team(self):
        """R-ROLE-12: the leader of the team checks at block; another one may when off."""
        other = self._make_employee("Leader Xu", self._make_user('team_leader', login='leader_xu'))
        order = self._worked()
        order._check('self', True, self.tech)
        with self.assertBlocked('WRK-72'):
            order.with_user(other.user_id)._check('leader', True)
        self._set_gate('own_team_leader', 'off')
        self.assertEqual(order.with_user(other.user_id)._check('leader', True).checker_id, other)

    def test_checks_are_for_those_they_are_for(self):
        """R-ROLE-17: a technician records no leader's check; nobody inspects in another's name."""
        order = self._worked()
        with self.assertBlocked('WRK-77'):
            order.with_user(self.tech.user_id)._check('leader', True)
        with self.assertBlocked('WRK-77'):
            order._check('self', True, self.tech2, operations=order.operation_ids)
        with self.assertBlocked('WRK-02'):
            order.with_user(self.leader.user_id)._check('final', True, self.inspector)
        open_order = self._make_signed_order(labour=[self.item])
        with self.assertBlocked('WRK-78'):
            open_order._check('final', True, self.inspector)

    def test_final_waits_for_open_work(self):
        """R-PROC-72: nothing is inspected finally while an approved job is not dispatched or done."""
        order = self._make_signed_order(labour=[self.item])
        self._make_job(order, "Wiper", labour=[self._make_labour_item("Wipers")])
        self._approve(order)
        first = self._dispatch(order, jobs=order.job_ids[0])
        self._do_work(first)
        self.assertEqual(order.state, 'in_progress')
        order._check('self', True, self.tech)
        with self.assertBlocked('WRK-51'):
            order._check('leader', True, self.leader)
        self.assertIn('WRK-51', self._codes(order, 'settled'))

    def test_undecided_job_keeps_the_order_in_progress(self):
        """R-PROC-59: a job waiting for a decision keeps the order open until decided or parked."""
        order = self._worked()
        job = self._make_job(order, "Rear discs", labour=[self._make_labour_item("Rear discs")], origin='additional')
        self.assertEqual(order.state, 'in_progress')
        self.assertIn('WRK-50', self._codes(order, 'inspecting'))
        job._park(self._reason('park'))
        self.assertEqual(order.state, 'inspecting')

    def test_random_sample(self):
        """R-CON-10: drawn orders need one more look at block, none when off."""
        self.company.aftersales_sample_pct = 100
        order = self._worked()
        self.assertTrue(order.is_sampled)
        self._inspect(order)
        self.assertEqual((order.state, self._codes(order, 'ready')), ('inspecting', {'WRK-74'}))
        order._check('sample', True, self.dispatcher)
        self.assertEqual(order.state, 'ready')
        self._set_gate('sample_check', 'off')
        other = self._worked()
        self._inspect(other)
        self.assertEqual(other.state, 'ready')

    # === RECORDS === #

    def test_work_record_before_the_self_check(self):
        """R-PROC-60: no self check without a record at block; chips are not enough where words are asked; off needs none."""
        order = self._make_signed_order(labour=[self.item], wash_wanted=False)
        operation = self._dispatch(order)
        operation._accept(self.leader)
        operation._start(self.tech)
        operation._finish(self.tech)
        with self.assertBlocked('WRK-53'):
            order._check('self', True, self.tech)
        operation._record(record_chips=self.env.ref('aftersales_service.chip_record_replaced'))
        with self.assertBlocked('WRK-53'):
            order._check('self', True, self.tech)
        self._set_gate('work_record_text', 'off')
        order._check('self', True, self.tech)
        second = self._make_signed_order(labour=[self.item])
        operation = self._dispatch(second)
        operation._accept(self.leader)
        operation._start(self.tech)
        operation._finish(self.tech)
        self._set_gate('work_record', 'off')
        second._check('self', True, self.tech)

    def test_faults_are_described_in_words(self):
        """R-PROC-60: in a small shop chips suffice, except on fault jobs, which need words or cause and correction."""
        self.company.action_aftersales_apply_defaults('small')
        order = self._make_order(labour=[self.item])
        order.job_ids.symptom = "Squeaks when cold"
        self._bring_in(order)
        self._approve(order)
        operation = self._dispatch(order)
        operation._start(self.tech)
        operation._finish(self.tech)
        operation._record(record_chips=self.env.ref('aftersales_service.chip_record_replaced'))
        with self.assertBlocked('WRK-53'):
            order._check('self', True, self.tech)
        operation._record(cause="Dust in the caliper", correction="Cleaned")
        order._check('self', True, self.tech)

    def test_warranty_work_needs_its_three_c(self):
        """R-PROC-60: what the manufacturer pays needs complaint, cause and correction, with the record gates off too."""
        for gate in ('work_record', 'work_record_text'):
            self._set_gate(gate, 'off')
        order = self._make_signed_order(labour=[self.item], payer_kind='warranty', wash_wanted=False)
        operation = self._dispatch(order)
        operation._accept(self.leader)
        operation._start(self.tech)
        operation._finish(self.tech)
        with self.assertBlocked('WRK-54'):
            order._check('self', True, self.tech)
        operation._record(cause="Seal aged", correction="Seal replaced")
        order._check('self', True, self.tech)

    # === FAILED === #

    def test_failed_check_makes_rework_with_the_responsible(self):
        """R-PROC-74, R-PERM-12: rework with the responsible, defects, count; a conduct fact; exit blocked."""
        order = self._worked()
        order._check('self', True, self.tech)
        order._check('leader', True, self.leader)
        defect = self.env.ref('aftersales_service.defect_m02')
        check = order._check(
            'final', False, self.inspector, "Leaks at the filter", responsible=self.tech, defects=defect
        )
        rework = check.rework_operation_id
        self.assertEqual(
            (rework.kind, rework.responsible_ids, rework.technician_ids, rework.state),
            ('rework', self.tech, self.tech, 'accepted'),
        )
        self.assertIn(defect.name, rework.scope)
        self.assertEqual((order.rework_count, order.state), (1, 'in_progress'))
        fact = self.env['aftersales.conduct.proposal'].search(
            [('res_model', '=', check._name), ('res_id', '=', check.id)]
        )
        self.assertEqual((fact.kind, fact.employee_id), ('fact', self.tech))
        self._do_work(rework)
        self.assertEqual(order.state, 'inspecting')
        self.assertEqual(self._codes(order, 'ready'), {'WRK-64', 'WRK-65', 'WRK-66'})
        self._inspect(order)
        self.assertEqual(order.state, 'ready')
        self.assertEqual(order.line_ids.operation_id, rework.origin_id, "the lines stay with the work that is paid")

    def test_responsible_must_be_named(self):
        """R-PERM-12: refused without a responsible at block; recorded without one when off."""
        order = self._worked()
        with self.assertBlocked('WRK-73'):
            order._check('leader', False, self.leader, "Loose bolt")
        self.assertFalse(order.check_ids)
        self._set_gate('responsible_named', 'off')
        check = order._check('leader', False, self.leader, "Loose bolt")
        self.assertEqual(check.rework_operation_id.technician_ids, self.tech)
        self.assertFalse(check.responsible_ids)

    def test_rework_of_safety_work_is_safety_work(self):
        """R-PROC-72: redoing the brakes is checked by another person again."""
        order = self._worked(self.brake)
        order._check('self', True, self.tech)
        check = order._check('leader', False, self.leader, "Pads mounted wrongly", responsible=self.tech)
        self.assertTrue(check.rework_operation_id.needs_other_person)

    def test_failed_self_check_goes_on_working(self):
        """R-PROC-72: a technician who finds his own mistake goes on; no rework, nobody to blame."""
        order = self._worked()
        check = order._check('self', False, self.tech, "Clip missing")
        self.assertEqual((order.state, order.rework_count, order.operation_ids.state), ('in_progress', 0, 'paused'))
        self.assertFalse(check.rework_operation_id)

    def test_more_work_after_the_pass_needs_a_new_inspection(self):
        """R-PROC-72: work added after the final pass steps the order back; ready again after a new inspection."""
        order = self._worked()
        self._inspect(order)
        certificate = order._releasing_check()
        self._make_job(order, "Wiper", labour=[self._make_labour_item("Wipers")], origin='additional')
        self.assertEqual(order.state, 'in_progress')
        self._approve(order)
        self._do_work(self._dispatch(order))
        self.assertEqual(order.state, 'inspecting')
        with self.assertBlocked('WRK-79'):
            certificate._ensure_certifiable()
        self._inspect(order)
        self.assertEqual(order.state, 'ready')

    def test_sold_at_the_till_needs_no_inspection(self):
        """R-PROC-72: a bulb sold at hand-over leaves the order ready."""
        order = self._worked()
        self._inspect(order)
        job = order._add_job("Bulb")
        order._add_line(job, kind='part', product_id=self._make_part("Bulb").id, is_handover=True)
        order._record_consent(job, 'approved', 'signature', name="Mr Wang")
        self.assertEqual(order.state, 'ready')

    # === PROCESS === #

    def test_limit_reached_is_proposed_to_the_customer(self):
        """R-PROC-73: a measure at its limit becomes additional work for the advisor; the sheet keeps value and limits."""
        order = self._make_signed_order(labour=[self.item])
        self._dispatch(order)
        template = self.env.ref('aftersales_service.quality_template_process_mechanical')
        line = template.line_ids[0]
        check = order._check(
            'process',
            True,
            self.inspector,
            measures=[
                {'template_line_id': line.id, 'value': 3.0},
                {'name': "Tyre tread", 'value': 4.0, 'unit': 'mm', 'limit_min': 1.6},
                {'name': "Lamps", 'result': 'ok'},
            ],
        )
        self.assertEqual(check.measure_ids.mapped('result'), ['limit', 'ok', 'ok'])
        job = check.measure_ids[0].proposed_job_id
        self.assertEqual((job.origin, job.order_id, job.is_approved), ('safety', order, False))
        self.assertIn(line.name, job.name)
        self.assertTrue(order.activity_ids)

    def test_stage_check_of_one_department(self):
        """R-PROC-72, R-ROLE-15: the leader's stage check covers one department; the order is inspected once at the end."""
        body, paint = self._make_labour_item("Body", trade='body'), self._make_labour_item("Paint", trade='paint')
        order = self._make_signed_order(profile='accident', labour=[body, paint], wash_wanted=False)
        first, second = self._dispatch(order)
        self._do_work(first)
        order._check('self', True, self.tech, operations=first)
        stage = order._check('leader', True, self.leader, operations=first)
        self.assertTrue(stage.is_stage)
        second._confirm_previous(True, employee=self.tech)
        self._do_work(second)
        with self.assertBlocked('WRK-65'):
            order._check('self', True, self.tech, operations=second)
            order._check('final', True, self.inspector)
        order._check('self', True, self.tech, operations=second)
        order._check('leader', True, self.leader)
        order._check('final', True, self.inspector)
        self.assertEqual(order.state, 'ready')

    def test_road_test_by_qualified_drivers(self):
        """R-PROC-75, R-PERM-08: readings, driver, findings; an unqualified driver is refused at block, allowed when off."""
        order = self._worked()
        test = order._road_test(12000, 12006, self.inspector, findings="Pulls slightly left", is_ok=False)
        self.assertEqual((test.distance, test.tester_id), (6, self.inspector))
        self.assertIn("Pulls slightly left", str(order.message_ids.mapped('body')))
        self.inspector.aftersales_can_drive = False
        with self.assertBlocked('WRK-55'):
            order._road_test(12006, 12007, self.inspector)
        self._set_gate('driver_qualified', 'off')
        order._road_test(12006, 12007, self.inspector)
        with self.assertRaisesRegex(Exception, 'road_test_distance_positive|WRK-61'), self.env.cr.savepoint():
            order._road_test(12007, 12000, self.inspector)

    # === OWN WARRANTY AND CERTIFICATE === #

    def test_final_pass_sets_the_own_warranty(self):
        """R-PROC-76: period and km per line from the catalogue, else the company's; none for the customer's own part."""
        self.item.write({'warranty_months': 12, 'warranty_km': 20000})
        pad = self._make_part(aftersales_warranty_months=6)
        order = self._make_order(labour=[self.item], parts=[pad], wash_wanted=False)
        own = order._add_line(order.job_ids, kind='part', name="Customer's wiper", supplied_by='customer')
        self._bring_in(order)
        self._approve(order)
        self._do_work(self._dispatch(order))
        self._inspect(order, care_note="Run in gently")
        today = self.company._aftersales_today()
        labour = order.line_ids.filtered(lambda line: line.kind == 'labour')
        part = order.line_ids.filtered(lambda line: line.product_id == pad)
        self.assertEqual((labour.warranty_until, labour.warranty_km), (today + relativedelta(months=12), 32000))
        self.assertEqual((part.warranty_until, part.warranty_km), (today + relativedelta(months=6), 14000))
        self.assertFalse(own.warranty_until)
        check = order.final_check_id
        self.assertEqual((check.warranty_until, check.warranty_km), (today + relativedelta(months=6), 14000))

    def test_certificate_only_after_the_pass(self):
        """R-PROC-76, R-DOC-06: refused before the pass by button and by address; shows number, period, inspector."""
        order = self._worked()
        with self.assertBlocked('WRK-79'):
            order.action_print_certificate()
        order._check('self', True, self.tech)
        with self.assertBlocked('WRK-79'):
            self._html('report_exit_certificate', order.check_ids)
        order._check('leader', True, self.leader)
        check = order._check('final', True, self.inspector)
        order.action_print_certificate()
        html = self._html('report_exit_certificate', check)
        for text in (check.name, order.license_plate, "Inspector Qian", "Oil change"):
            self.assertIn(text, html)

    def test_prints_of_the_workshop(self):
        """R-DOC-03, R-DOC-07, R-DOC-08: dispatch order, inspection sheets and work record carry their contents, no phone."""
        order = self._worked()
        self._inspect(order)
        process = order._check(
            'process', True, self.inspector, measures=[{'name': "Pad", 'value': 5.5, 'unit': 'mm', 'limit_min': 3.0}]
        )
        dispatch = self._html('report_dispatch_order', order)
        for text in (order.license_plate, "Oil change", "Team 1", "Bay 3", "Master Li"):
            self.assertIn(text, dispatch)
        self.assertNotIn(self.customer.phone, dispatch)
        record = self._html('report_work_record', order)
        for text in ("Replaced and checked.", "Master Li", "01:00"):
            self.assertIn(text, record)
        sheet = self._html('report_inspection_sheet', process)
        for text in ("Process Inspection Sheet", "Pad", "5.5 mm", "Inspector Qian"):
            self.assertIn(text, sheet)
        self.assertIn("Completion Inspection Sheet", self._html('report_inspection_sheet', order.final_check_id))

    # === WASH === #

    def test_wash_after_the_final_pass_if_wanted(self):
        """R-PROC-77: washed only after the pass, notices to supervisor and advisor, parking place; then ready."""
        order = self._worked(wash_wanted=True, advisor_id=self._role('advisor').id)
        with self.assertBlocked('WRK-76'):
            order._start_wash(self.tech2)
        self._inspect(order)
        self.assertEqual(self._codes(order, 'ready'), {'WRK-75'})
        supervisor = self._role('workshop_supervisor')
        wash = order._start_wash(self.tech2)
        notified = (
            order.message_ids.notified_partner_ids
            | self.env['mail.message']
            .search(
                [
                    ('model', '=', order._name),
                    ('res_id', '=', order.id),
                    ('message_type', '=', 'user_notification'),
                ]
            )
            .partner_ids
        )
        self.assertIn(supervisor.partner_id, notified | order.message_ids.partner_ids)
        self.assertIn(self._role('advisor').partner_id, notified)
        self.assertEqual(wash.time_ids.employee_id, self.tech2)
        order._finish_wash(self.tech2, place="Row A, 3")
        self.assertEqual((order.state, order.parking_place), ('ready', "Row A, 3"))
        self.assertTrue(wash.is_scratch_free)
        self.assertEqual(order.visit_id.location, 'ready')

    def test_wash_gates_off(self):
        """R-PROC-77: with the gates off the order is ready unwashed, and may be washed before the pass."""
        self._set_gate('wash', 'off')
        self._set_gate('wash_after_final', 'off')
        order = self._worked(wash_wanted=True)
        order._wash(self.tech2, place="A1")
        self._inspect(order)
        self.assertEqual(order.state, 'ready')

    def test_scratch_after_the_wash(self):
        """R-PROC-77: a scratch found after the wash reaches the supervisors; finishing needs a start."""
        order = self._worked(wash_wanted=True)
        self._inspect(order)
        with self.assertBlocked('WRK-75'):
            order._finish_wash(self.tech2)
        order._wash(self.tech2, place="A1", scratch_free=False, note="Right wing")
        self.assertIn("Right wing", str(order.message_ids.mapped('body')))

    # === ORDERS WITHOUT WORK === #

    def test_orders_without_work_reach_ready(self):
        """R-PROC-49: declined, cancelled and counter orders are ready without inspection; declined after diagnosis too."""
        declined = self._make_order(labour=[self.item])
        self._bring_in(declined)
        declined._decline(self._reason('decline'))
        self.assertEqual(declined.state, 'ready')
        counter = self._make_order(profile='counter', parts=[self._make_part()], vehicle=self._make_vehicle())
        counter._record_consent(counter.job_ids, 'approved', 'signature', name="Mr Wang")
        self.assertEqual(counter.state, 'ready')

    def test_diagnosis_only_needs_no_inspection(self):
        """R-PROC-72: nothing was repaired, so there is nothing to inspect."""
        order = self._make_order(wash_wanted=False)
        self._make_job(
            order, "Find the noise", labour=[self._make_labour_item("Diagnosis", trade='diagnosis')], is_diagnosis=True
        )
        self._bring_in(order)
        self._approve(order)
        operation = self._dispatch(order)
        self.assertEqual((operation.kind, order.state), ('diagnose', 'authorised'))
        self._do_work(operation)
        self.assertEqual(order.state, 'ready')

    def test_internal_profile_one_sign_off(self):
        """R-CON-10: a new car is signed off once, by whoever prepared it."""
        order = self._make_order(profile='internal', labour=[self.item], payer_kind='internal', promised_at=False)
        self._bring_in(order)
        self._approve(order)
        operation = order._dispatch(technicians=self.tech)
        operation._start(self.tech)
        operation._finish(self.tech)
        order._check('final', True, self.tech)
        self.assertEqual(order.state, 'ready')

    def test_express_profile_takes_few_steps(self):
        """R-PROC-72: express: dispatch, one button that finishes and self checks, one other person; nothing else is asked."""
        order = self._make_order(profile='express', labour=[self.item])
        self._bring_in(order)
        self._approve(order)
        operation = order._dispatch(technicians=self.tech)
        operation.with_user(self.tech.user_id).action_start()
        operation.with_user(self.tech.user_id).action_self_check()
        order._check('final', True, self.tech2)
        self.assertEqual(order.state, 'ready')

    # === QUALITY ACCIDENT, FORGERY === #

    def test_quality_accident_is_appraised(self):
        """R-PROC-70: cause, responsible and measure before closing; a case for the conduct records; closed stays closed."""
        accident = (
            self.env['aftersales.quality.accident']
            .with_user(self.leader.user_id)
            .create(
                {
                    'summary': "Wheel came loose",
                    'company_id': self.company.id,
                    'cost_amount': 800.0,
                }
            )
        )
        with self.assertBlocked('WRK-71'):
            accident.action_close()
        accident.write(
            {'cause': "Torque forgotten", 'measure': "Torque list", 'responsible_ids': [(6, 0, self.tech.ids)]}
        )
        accident.action_close()
        self.assertEqual(accident.state, 'closed')
        case = self.env['aftersales.conduct.proposal'].search(
            [('res_model', '=', accident._name), ('res_id', '=', accident.id)]
        )
        self.assertEqual((case.kind, case.amount), ('case', 800.0))
        with self.assertBlocked('WRK-70'):
            accident.write({'cause': "x"})

    def test_checks_cannot_be_forged(self):
        """R-ROLE-17: a check is recorded, never typed, changed or deleted."""
        order = self._worked()
        check = order._check('self', True, self.tech)
        with self.assertBlocked('WRK-85'):
            self.env['aftersales.quality.check'].create({'order_id': order.id, 'level': 'final', 'result': 'passed'})
        with self.assertBlocked('WRK-85'):
            self.env['aftersales.quality.measure'].create({'check_id': check.id, 'name': "x"})
        for values in (
            {'result': 'failed'},
            {'level': 'final'},
            {'checker_id': self.inspector.id},
            {'warranty_until': '2099-01-01'},
        ):
            with self.assertBlocked('BAS-01'):
                check.write(values)
        with self.assertBlocked('BAS-01'):
            order.write({'ready_at': fields.Datetime.now() - timedelta(days=1)})
        with self.assertBlocked('BAS-01'):
            order.line_ids.write({'warranty_until': '2099-01-01'})
        with self.assertBlocked('WRK-24'):
            check.unlink()
        with self.assertBlocked('WRK-60'):
            self.env['aftersales.road.test'].create({'order_id': order.id})
