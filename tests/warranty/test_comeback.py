from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestComeback(AftersalesCommon):
    """A car that is back soon is asked about before a price is named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._only_gates('comeback_triage')
        cls.company.write({'aftersales_comeback_days': 30, 'aftersales_comeback_km': 2000})
        cls.labour = cls._make_labour_item(hours=1.0)
        cls._make_labour_rate(113.0)
        cls.advisor = cls._role('advisor')
        cls.former = cls._settled_order(labour=[cls.labour])
        cls.former._guarded().write({'outcome': 'done'})
        cls.vehicle = cls.former.vehicle_id
        cls.vehicle._record_odometer(20_000)
        cls.former_job = cls.former.job_ids

    def _back(self, days=10, name="It still squeaks", **values):
        """Let the car come back so many days after the former repair."""
        self.former._guarded().write({'settled_at': fields.Datetime.now() - timedelta(days=days)})
        order = self._make_order(self.vehicle, **values)
        self._make_job(order, name, labour=[self.labour])
        return order.with_user(self.advisor)

    def _codes(self, order, target='quoted'):
        return {blocker.code for blocker in order._open_blockers(target)[order]}

    def test_asked_before_the_estimate(self):
        """R-WAR-18, anchor (c) 10: forced at block for estimate and dispatch, off lets through; each former job once."""
        order = self._back()
        self.assertEqual(order._former_jobs()[order], self.former_job)
        self.assertTrue(order.has_comeback_question)
        for target in ('quoted', 'in_progress'):
            self.assertIn('WAR-04', self._codes(order, target))
        with self.assertBlocked('WAR-04', UserError):
            order._issue_estimate()
        self._set_gate('comeback_triage', 'off')
        self.assertNotIn('WAR-04', self._codes(order))
        self._set_gate('comeback_triage', 'block')
        order._triage(self.former_job, False)
        self.assertFalse(self._codes(order))
        self.assertFalse(order.is_comeback)
        self.assertFalse(order.has_comeback_question)
        with self.assertBlocked('WAR-05', UserError):
            order._triage(self.former_job, True)

    def test_same_complaint_is_ours(self):
        """R-WAR-18: same complaint: payer internal for own warranty, linked, flagged, counted, workers named, free of charge."""
        order = self._back()
        comeback = order._triage(self.former_job, True)
        job = order.job_ids
        self.assertEqual(job.comeback_job_id, self.former_job)
        self.assertEqual((job.payer_kind, job.share_ids.payer_id.reason_id.code), ('internal', 'own_warranty'))
        self.assertEqual(sum(order.payer_ids.filtered(lambda payer: payer.kind == 'customer').mapped('amount_total')), 0)
        self.assertTrue(order.is_comeback)
        self.assertEqual(order.former_order_ids, self.former)
        self.assertEqual(comeback.sudo().technician_ids, self._worker)
        self.assertEqual((comeback.days, comeback.former_order_id), (10, self.former))
        proposal = self.env['aftersales.conduct.proposal'].search([('res_model', '=', order._name), ('res_id', '=', order.id)])
        self.assertEqual((proposal.employee_id, proposal.kind), (self._worker, 'fact'))
        with self.assertBlocked('BAS-01', UserError):
            job.comeback_job_id = False
        with self.assertBlocked('WAR-06', UserError):
            comeback.sudo().is_same = False
        with self.assertBlocked('WAR-06', UserError):
            comeback.sudo().unlink()

    def test_fixed_right_the_first_time(self):
        """R-KPI-25: of four orders handed over, one came back for the same complaint and one needed rework: 50 %."""
        orders = self.former
        for _number in range(3):
            orders |= self._settled_order(labour=[self.labour])
        orders._guarded().write({'outcome': 'done', 'handed_over_at': fields.Datetime.now()})
        today = self.company._aftersales_today()
        indicator = self.env['aftersales.indicator'].search(
            [('company_id', '=', self.company.id), ('code', '=', 'first_fix_rate')])

        def figure():
            return indicator._measure(today, today)

        self.assertEqual((figure().value, figure().denominator), (100.0, 4))
        self._back()._triage(self.former_job, True)
        self._make_order(orders[1].vehicle_id)  # here again, for something else
        orders[2].operation_ids[:1]._guarded().write({'kind': 'rework'})
        self.assertEqual((figure().value, figure().numerator), (50.0, 2))
        self.assertEqual(self.env['aftersales.repair.order'].search(figure().drill['domain']), orders[0] | orders[2])

    def test_own_warranty_covers_the_comeback(self):
        """R-WAR-18: inside the days and kilometres of the former lines the coverage says *our own repair*, outside not."""
        self.former.line_ids._guarded().write({
            'warranty_until': self.company._aftersales_today() + timedelta(days=60), 'warranty_km': 90_000})
        order = self._back()
        comeback = order._triage(self.former_job, True)
        job = order.job_ids
        self.assertTrue(comeback.is_own_warranty)
        self.assertEqual((job.coverage_kind, job.coverage_payer_kind), ('own_repair', 'internal'))
        self.former.line_ids._guarded().write({'warranty_until': self.company._aftersales_today() - timedelta(days=1)})
        job.invalidate_recordset()
        self.assertNotEqual(job.coverage_payer_kind, 'internal')

    def test_who_else_may_pay(self):
        """R-WAR-18: a failed part is the manufacturer's, another cause the customer's, or it is found out first."""
        for payer in ('warranty', 'customer', 'undecided'):
            order = self._back()
            order._triage(self.former_job, True, payer_kind=payer)
            self.assertEqual(order.job_ids.payer_kind, payer)

    def test_window(self):
        """R-WAR-18: outside the days, or with 0 days, nothing is asked; neither about a follow-up of the same order."""
        self.assertFalse(self._codes(self._back(days=31)))
        self.company.aftersales_comeback_days = 0
        self.assertFalse(self._codes(self._back(days=1)))
        self.company.aftersales_comeback_days = 30
        order = self._back(days=1)
        order.sudo()._guarded().write({'origin_order_id': self.former.id})
        self.assertFalse(self._codes(order))

    def test_dialog_and_desk(self):
        """R-WAR-18, anchor (c) 10: the dialog lists the former jobs; the desk asks with one tap."""
        order = self._back()
        wizard = self.env['aftersales.triage.wizard'].with_user(self.advisor).create({'order_id': order.id})
        self.assertEqual(wizard.line_ids.former_job_id, self.former_job)
        wizard.line_ids.write({'answer': 'same', 'payer_kind': 'internal'})
        wizard.action_confirm()
        self.assertTrue(order.is_comeback)
        order = self._back()
        Desk = self.env['aftersales.desk.advisor'].with_user(self.advisor)
        car = Desk.get_data(order_id=order.id)['order']
        self.assertEqual([row['id'] for row in car['comebacks']], self.former_job.ids)
        Desk.triage(order.id, self.former_job.id, True)
        self.assertTrue(order.is_comeback)
        self.assertFalse(Desk.get_data(order_id=order.id)['order']['comebacks'])

    def test_many_orders_same_queries(self):
        """R-WAR-18: asking about 30 orders costs the queries of 3."""
        orders = self.env['aftersales.repair.order']
        for _number in range(30):
            orders |= self._make_order(self._make_vehicle())
        counts = []
        for some in (orders[:3], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some._former_jobs()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])

    def test_only_the_desk_answers(self):
        """R-WAR-18: a technician neither answers nor forges an answer over RPC."""
        order = self._back()
        technician = self._role('technician')
        with self.assertRaises(UserError):
            order.with_user(technician)._triage(self.former_job, False)
        with self.assertRaises(UserError):
            self.env['aftersales.comeback'].with_user(self.advisor).create(
                {'order_id': order.id, 'former_job_id': self.former_job.id})


class TestAdvisorDeskCoverage(AftersalesCommon):
    """Coverage on the advisor's tablet."""

    def test_car_and_jobs(self):
        """R-WAR-01, R-PROC-31: the chip of the car says why; each job its coverage, proposal and appraisal; one tap applies."""
        self._make_policy()
        vehicle = self._make_covered_vehicle()
        self.env['aftersales.vehicle.coverage'].create({'vehicle_id': vehicle.id, 'kind': 'campaign', 'number': "R7"})
        advisor = self._role('advisor')
        order = self._make_order(vehicle, advisor_id=advisor.id)
        job = self._make_job(order)
        Desk = self.env['aftersales.desk.advisor'].with_user(advisor)
        car = Desk.get_data(order_id=order.id)['order']
        self.assertIn("100,000", car['car_chips'][0]['label'])
        self.assertIn("R7", car['car_chips'][1]['label'])
        row = car['jobs'][0]
        self.assertEqual((row['coverage']['state'], bool(row['coverage']['proposal'])), ('in', True))
        Desk.apply_coverage(order.id, job.id)
        self.assertEqual(job.payer_kind, 'warranty')
        action = Desk.ask_appraisal(order.id, job.id)
        self.assertEqual(action['context']['default_job_id'], job.id)
        self._ask_appraisal(job)
        self.assertEqual(Desk.ask_appraisal(order.id, job.id)['res_id'], job.appraisal_id.id)
        other = self._make_job(self._make_order(self._make_vehicle()))
        with self.assertBlocked('WAR-05', UserError):
            Desk.apply_coverage(order.id, other.id)
        chips = Desk.arrival(vehicle.license_plate)['chips']
        self.assertIn("100,000", chips[0]['label'])
