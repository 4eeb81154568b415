from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError

from ..common import AftersalesCommon


class TestCoverage(AftersalesCommon):
    """What covers a car and a job, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({'aftersales_warranty_near_days': 30, 'aftersales_warranty_near_km': 2000})
        cls.engine = cls.env.ref('aftersales_service.system_engine')
        cls.wear = cls.env.ref('aftersales_service.system_wear')
        cls.paint = cls.env.ref('aftersales_service.system_paint')
        cls.policy = cls._make_policy(lines=[(False, 36, 100_000), ('engine', 60, 150_000), ('wear', 3, 5_000)])
        cls.policy.line_ids = [Command.create({'system_id': cls.paint.id, 'is_excluded': True})]
        cls.vehicle = cls._make_covered_vehicle(months_ago=12, odometer=20_000)

    def _coverage(self, vehicle, **values):
        order = self._make_order(vehicle)
        return self._make_job(order, **values)

    def test_by_system(self):
        """R-WAR-01: whole car, longer for the engine, short for wear parts, paint excluded; the reason in words."""
        expected = [
            ({}, 'in', 'warranty'),
            ({'system_id': self.engine.id}, 'in', 'warranty'),
            ({'system_id': self.wear.id}, 'out', 'customer'),
            ({'system_id': self.paint.id}, 'out', 'customer'),
        ]
        for values, state, payer in expected:
            job = self._coverage(self.vehicle, **values)
            self.assertEqual((job.coverage_state, job.coverage_payer_kind), (state, payer), job.coverage_reason)
        self.assertIn('100,000', self._coverage(self.vehicle).coverage_reason)
        self.assertIn("excluded", job.coverage_reason)
        old = self._make_covered_vehicle(months_ago=48, odometer=80_000)
        self.assertEqual(self._coverage(old).coverage_state, 'out')
        self.assertEqual(self._coverage(old, system_id=self.engine.id).coverage_state, 'in')

    def test_near_the_end_by_settings(self):
        """R-WAR-01: thresholds of the settings decide when a car is near the end, by days and by kilometres."""
        by_km = self._make_covered_vehicle(months_ago=12, odometer=98_500)
        self.assertEqual(self._coverage(by_km).coverage_state, 'near')
        self.company.aftersales_warranty_near_km = 1000
        self.assertEqual(self._coverage(by_km).coverage_state, 'in')
        by_day = self._make_covered_vehicle(months_ago=36, odometer=1000, days=20)
        self.assertEqual(self._coverage(by_day).coverage_state, 'near')
        self.company.aftersales_warranty_near_days = 10
        self.assertEqual(self._coverage(by_day).coverage_state, 'in')

    def test_unknown_without_start(self):
        """R-WAR-01: without a start of the warranty nobody is promised anything: unknown, and why."""
        job = self._coverage(self._make_vehicle(odometer=10))
        self.assertEqual((job.coverage_state, job.coverage_payer_kind), ('unknown', 'undecided'))
        self.assertIn("start", job.coverage_reason)

    def test_judged_on_the_day_the_car_came_in(self):
        """R-WAR-01: a car that came in on the last day is covered, however long the repair takes."""
        vehicle = self._make_covered_vehicle(months_ago=36, odometer=1000, days=2)
        job = self._coverage(vehicle)
        visit = self._bring_in(job.order_id, odometer=1010)
        self.assertEqual(job.coverage_state, 'near')
        vehicle.warranty_start -= timedelta(days=3)
        job.invalidate_recordset()
        self.assertEqual(job.coverage_state, 'out')
        visit._guarded().write({'arrived_at': fields.Datetime.now() - timedelta(days=5)})
        job.invalidate_recordset()
        self.assertEqual(job.coverage_state, 'near')

    def test_policy_of_model_and_of_sale_date(self):
        """R-WAR-01: a model's own policy goes before the brand's; last year's cars keep last year's terms."""
        self._make_policy("Better", lines=[(False, 120, 0)], model_ids=[Command.set(self.vehicle.model_id.ids)],
                          date_from=self.vehicle.warranty_start + timedelta(days=1))
        old = self._make_covered_vehicle(months_ago=48, odometer=1000)
        self.assertEqual(self._coverage(old).coverage_state, 'out')
        self.vehicle.warranty_start += timedelta(days=5)
        job = self._coverage(self.vehicle)
        self.assertEqual(job.coverage_state, 'in')
        self.assertNotIn('km', job.coverage_reason, "the model's policy knows no kilometres")

    def test_contracts_and_campaigns(self):
        """R-WAR-01: extended warranty after the end, paid by its insurer; a campaign until it was done."""
        old = self._make_covered_vehicle(months_ago=48, odometer=80_000)
        insurer = self.env['res.partner'].create({'name': "Taiping Extended"})
        today = self.company._aftersales_today()
        self.env['aftersales.vehicle.coverage'].create({
            'vin': old.vin.lower(), 'kind': 'extended', 'number': "EW-1", 'partner_id': insurer.id,
            'date_from': today - timedelta(days=400), 'date_to': today + timedelta(days=400), 'km_to': 160_000,
        })
        job = self._coverage(old)
        self.assertEqual((job.coverage_state, job.coverage_kind, job.coverage_partner_id), ('in', 'extended', insurer))
        campaign = self.env['aftersales.vehicle.coverage'].create({
            'vehicle_id': old.id, 'kind': 'campaign', 'number': "R2026-7", 'system_ids': [Command.set(self.engine.ids)],
        })
        job = self._coverage(old, system_id=self.engine.id)
        self.assertEqual(job.coverage_kind, 'campaign')
        campaign._mark_done(job.order_id)
        job.invalidate_recordset()
        self.assertEqual(job.coverage_kind, 'manufacturer')
        self.assertEqual(old.coverage_count, 2)

    def test_import_names_the_car_by_its_vin(self):
        """R-WAR-01: a manufacturer's list is imported with VINs; an unknown one is named."""
        Coverage = self.env['aftersales.vehicle.coverage']
        result = Coverage.load(['vin', 'kind', 'number', 'date_to'], [
            [self.vehicle.vin, "Campaign", "R1", '2030-01-01'], ["LFMAP22C0C0999999", "Campaign", "R1", '2030-01-01'],
        ])
        self.assertFalse(result['ids'])
        self.assertIn("WAR-08", result['messages'][0]['message'])
        self.assertTrue(Coverage.load(['vin', 'kind', 'number'], [[self.vehicle.vin, "campaign", "R1"]])['ids'])
        with self.assertBlocked('WAR-07', ValidationError):
            Coverage.create({'vehicle_id': self.vehicle.id, 'vin': "LFMAP22C0C0999998", 'number': "X"})

    def test_payer_by_coverage(self):
        """R-WAR-17: the proposal switches to the customer after the end; one click takes it over."""
        job = self._coverage(self.vehicle)
        job._apply_coverage()
        self.assertEqual(job.payer_kind, 'warranty')
        self.assertEqual(job.share_ids.payer_id.partner_id, self.vehicle.brand_id.claim_partner_id)
        old = self._make_covered_vehicle(months_ago=40, odometer=1000)
        job = self._coverage(old, payer_kind='warranty')
        job._apply_coverage()
        self.assertEqual(job.payer_kind, 'customer')

    def test_default_payer_follows_coverage_when_asked(self):
        """R-WAR-17, R-PROC-31: with the setting, a job nobody gave a payer starts with the one its coverage proposes."""
        self.company.aftersales_coverage_sets_payer = True
        order = self._make_order(self.vehicle)
        job = self.env['aftersales.repair.job'].create({'order_id': order.id, 'name': "Engine stutters"})
        self.assertEqual(job.payer_kind, 'warranty')
        old = self._make_order(self._make_covered_vehicle(months_ago=40, odometer=1000))
        self.assertEqual(self.env['aftersales.repair.job'].create({'order_id': old.id, 'name': "Noise"}).payer_kind, 'customer')
        self.company.aftersales_coverage_sets_payer = False
        job = self.env['aftersales.repair.job'].create({'order_id': order.id, 'name': "Engine stutters again"})
        self.assertEqual(job.payer_kind, 'customer')

    def test_vehicle_badge_follows_policy(self):
        """R-WAR-01: the badge of the car uses the policy and the thresholds, also without a limit on its own file."""
        self.assertEqual(self.vehicle.warranty_state, 'in')
        self.policy.line_ids.filtered(lambda line: not line.system_id).months = 6
        self.vehicle.invalidate_recordset()
        self.assertEqual(self.vehicle.warranty_state, 'out')

    def test_list_of_80_orders_without_a_query_each(self):
        """R-WAR-01: coverage of 80 orders and their jobs costs the same few queries as of 8."""
        orders = self.env['aftersales.repair.order']
        for number in range(80):
            order = self._make_order(self._make_covered_vehicle(months_ago=number % 40, odometer=1000 * number + 1))
            self._make_job(order)
            orders |= order
        counts = []
        for some in (orders[:8], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some.mapped('coverage_state')
            some.job_ids.mapped('coverage_reason')
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 30)
