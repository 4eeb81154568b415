from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestGuaranteeWatch(AftersalesCommon):
    """三包 watch: counters per car, one step before the limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._only_gates()
        cls._make_policy()
        cls.vehicle = cls._make_covered_vehicle(months_ago=6, odometer=8000)
        cls.brakes = cls.env.ref('aftersales_service.system_brakes')
        cls.radio = cls.env.ref('aftersales_service.system_infotainment')

    def _repair(self, hours=4, days_ago=0, system=None, code=None, product=None, vehicle=None, left=True, **values):
        """Record a warranty repair: the car was here so long, so many days ago."""
        vehicle = vehicle or self.vehicle
        order = self._make_order(vehicle, **values)
        job = self._make_job(order, "Fault", payer_kind='warranty', system_id=(system or self.radio).id)
        if product:
            order._add_line(job, kind='part', product_id=product.id)
            self._approve(order)
            self._issue(order)
        if code:
            self._answer_appraisal(self.env['aftersales.warranty.appraisal'].create(
                {'job_id': job.id, 'question': "?"}), fault_code=code)
        visit = self._bring_in(order, odometer=vehicle.odometer + 1)
        start = fields.Datetime.now() - timedelta(days=days_ago, hours=hours)
        visit._guarded().write({
            'arrived_at': start, 'state': 'left' if left else 'inside',
            'left_at': start + timedelta(hours=hours) if left else False})
        order._guarded().write({'state': 'released' if left else 'in_progress', 'outcome': 'done' if left else 'open'})
        return order

    def _watch(self, vehicle=None):
        self.env.flush_all()
        self.env['aftersales.guarantee.watch']._refresh(vehicle or self.vehicle)
        return (vehicle or self.vehicle).guarantee_watch_ids

    def test_safety_repairs(self):
        """Anchor (c) 4: the first safety repair warns, the second reaches the limit; 0 in the settings switches it off."""
        self._repair(days_ago=60)
        self.assertEqual(self._watch().level, 'ok')
        self._repair(days_ago=40, system=self.brakes)
        watch = self._watch()
        self.assertEqual((watch.safety_count, watch.safety_level, watch.level), (1, 'near', 'near'))
        self._repair(days_ago=20, system=self.brakes)
        watch = self._watch()
        self.assertEqual((watch.safety_count, watch.level), (2, 'reached'))
        self.assertIn("2", watch.what)
        self.assertEqual(len(watch.job_ids), 3)
        self.assertEqual(self.vehicle.guarantee_level, 'reached')
        self.company.aftersales_guarantee_safety = 0
        self.assertEqual(self._watch().level, 'ok')

    def test_same_fault(self):
        """Anchor (c) 4: more than four repairs of the same fault code; the fourth warns; other faults do not count."""
        for number in range(4):
            self._repair(days_ago=80 - 10 * number, code="U0100")
        self._repair(days_ago=5, code="B1000")
        watch = self._watch()
        self.assertEqual((watch.same_fault_count, watch.same_fault_level, watch.same_fault_name), (4, 'near', "U0100"))
        self._repair(days_ago=1, code="u0100")
        self.assertEqual(self._watch().same_fault_level, 'reached')

    def test_comebacks_are_the_same_fault(self):
        """Anchor (c) 4: without a fault code the chain of comebacks tells."""
        first = self._repair(days_ago=30).job_ids
        second = self._repair(days_ago=20).job_ids
        second._guarded().write({'comeback_job_id': first.id})
        self.assertEqual(self._watch().same_fault_count, 2)

    def test_repair_days_by_days_inside(self):
        """Anchor (c) 4: days inside by visit, below 24 h a day, exits left out; near five days before, reached above 30."""
        self._repair(hours=24 * 20, days_ago=40)
        watch = self._watch()
        self.assertEqual((watch.repair_days, watch.repair_days_level), (20, 'ok'))
        order = self._repair(hours=24 * 10 + 1, days_ago=10)
        self.env['aftersales.visit.exit'].create({
            'visit_id': order.visit_ids.id, 'driver_name': "Mr Wang",
        })._guarded().write({'out_at': order.visit_ids.arrived_at, 'back_at': order.visit_ids.arrived_at + timedelta(days=4)})
        watch = self._watch()
        self.assertEqual((watch.repair_days, watch.repair_days_level), (27, 'near'))
        self._repair(hours=24 * 4, days_ago=1)
        self.assertEqual(self._watch().repair_days_level, 'reached')

    def test_assembly_replacements(self):
        """Anchor (c) 4: the same assembly twice; parts of it do not count."""
        gearbox = self._make_part("Gearbox", on_hand=5)
        gearbox.product_tmpl_id.write({
            'aftersales_is_assembly': True, 'aftersales_system_id': self.env.ref('aftersales_service.system_gearbox').id})
        self._repair(days_ago=50, product=gearbox)
        self._repair(days_ago=40, product=self._make_part("Gearbox seal", on_hand=5))
        self.assertEqual((self._watch().assembly_count, self._watch().assembly_level), (1, 'near'))
        self._repair(days_ago=20, product=gearbox)
        watch = self._watch()
        self.assertEqual((watch.assembly_count, watch.assembly_level), (2, 'reached'))
        self.assertEqual(watch.assembly_name, "Gearbox and Clutch")

    def test_courtesy_car(self):
        """Anchor (c) 4: after five days inside a courtesy car is due, until the customer has one; the advisor is told once."""
        order = self._repair(hours=24 * 6 - 1, left=False)
        watch = self._watch()
        self.assertEqual((watch.stay_days, watch.courtesy_due), (6, True))
        watch._guarded().write({'courtesy_due': False})
        Watch = self.env['aftersales.guarantee.watch']
        Watch._cron_refresh()
        Watch._cron_refresh()
        self.assertEqual(len(order.activity_ids.filtered(
            lambda one: one.activity_type_id == self.env.ref('aftersales_service.mail_activity_type_guarantee'))), 1)
        order.customer_place = 'loaner'
        self.assertFalse(self._watch().courtesy_due)

    def test_only_within_the_period(self):
        """Anchor (c) 4: repairs after the period do not count; paid ones never; the list hides cars outside it."""
        old = self._make_covered_vehicle(months_ago=30, odometer=8000)
        self._repair(system=self.brakes, vehicle=old)
        watch = self._watch(old)
        self.assertEqual((watch.safety_count, watch.is_valid), (0, False))
        paid = self._make_order(self.vehicle)
        self._make_job(paid, system_id=self.brakes.id)
        self.assertFalse(self._watch())
        self._repair(system=self.brakes)
        watch = self._watch()
        self.assertEqual((watch.safety_count, watch.is_valid), (1, True))
        self.assertIn(watch, watch.search([('is_valid', '=', True)]))
        self.assertNotIn(old.guarantee_watch_ids, watch.search([('is_valid', '=', True)]))

    def test_nobody_writes_it(self):
        """Anchor (c) 4: counters are facts of the system."""
        self._repair(system=self.brakes)
        with self.assertBlocked('BAS-01', UserError):
            self._watch().safety_count = 0

    def test_refresh_of_many_cars(self):
        """Anchor (c) 4: twenty cars cost about the queries of two; nothing is asked per car but what is written."""
        vehicles = self.env['aftersales.vehicle']
        for _number in range(20):
            vehicle = self._make_covered_vehicle(months_ago=6, odometer=8000)
            self._repair(vehicle=vehicle)
            vehicles |= vehicle
        Watch = self.env['aftersales.guarantee.watch']
        Watch._refresh(vehicles)
        counts = []
        for some in (vehicles[:2], vehicles):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            Watch._refresh(some)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 4)
