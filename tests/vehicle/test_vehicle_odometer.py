from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from ..common import AftersalesCommon


class TestVehicleOdometer(AftersalesCommon):
    """R-PROC-24: the odometer rises, or somebody says why not; "unreadable" exists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle = cls._make_vehicle(odometer=50000)
        cls.typo = cls.env.ref('aftersales_service.reason_odometer_typo')
        cls.start = datetime(2026, 1, 5, 8, 0)

    def test_first_reading_comes_with_the_vehicle(self):
        self.assertRecordValues(self.vehicle.odometer_ids, [{
            'value': 50000, 'user_id': self.env.uid, 'is_unreadable': False, 'is_replacement': False}])
        self.assertEqual(self.vehicle.odometer, 50000)
        self.assertFalse(self._make_vehicle().odometer_ids)

    def test_reading_keeps_the_document_it_was_taken_on(self):
        reading = self.vehicle._record_odometer(50100, source_record=self.customer)
        self.assertRecordValues(reading, [{'res_model': 'res.partner', 'res_id': self.customer.id, 'value': 50100}])
        self.assertEqual(self.vehicle.odometer, 50100)
        self.assertEqual(reading.action_open_source()['res_id'], self.customer.id)

    def test_lower_reading_is_refused(self):
        for attempt in (lambda: self.vehicle._record_odometer(49999), lambda: self.vehicle.write({'odometer': 49999})):
            with self.assertBlocked('VEH-03', ValidationError):
                attempt()
        self.vehicle.invalidate_recordset()
        self.assertEqual(self.vehicle.odometer, 50000)

    def test_lower_reading_with_a_reason_is_counted(self):
        self.vehicle._record_odometer(5000, reason=self.typo)
        self.assertEqual(self.vehicle.odometer, 5000)
        override = self.env['aftersales.override'].search([('res_id', '=', self.vehicle.id)])
        self.assertRecordValues(override, [{'gate': 'odometer_lower', 'code': 'VEH-03', 'reason_id': self.typo.id}])
        self.vehicle._record_odometer(4000, reason=self.typo)
        self.assertEqual(self.env['aftersales.override'].search_count([('res_id', '=', self.vehicle.id)]), 2)

    def test_levels_of_the_gate(self):
        self._set_gate('odometer_lower', 'block')
        with self.assertBlocked('VEH-03', ValidationError):
            self.vehicle._record_odometer(49000, reason=self.typo)
        self._set_gate('odometer_lower', 'warn')
        self.vehicle._record_odometer(49000)
        self.assertIn('49000', self.vehicle.message_ids[0].body)
        self._set_gate('odometer_lower', 'off')
        self.vehicle._record_odometer(48000)
        self.assertEqual(self.vehicle.odometer, 48000)

    def test_wrong_reason_or_no_right(self):
        with self.assertBlocked('VEH-11', ValidationError):
            self.vehicle._record_odometer(100, reason=self.env.ref('aftersales_service.reason_vin_old'))
        with self.assertBlocked('VEH-11', ValidationError):
            self.vehicle.with_user(self._role('technician'))._record_odometer(100, reason=self.typo)
        self.typo.note_required = True
        with self.assertBlocked('VEH-11', ValidationError):
            self.vehicle._record_odometer(100, reason=self.typo)
        self.vehicle._record_odometer(100, reason=self.typo, note="One digit too many last time")

    def test_absurd_readings_take_no_reason(self):
        for value in (-1, 10_000_000):
            with self.assertBlocked('VEH-04', ValidationError):
                self.vehicle._record_odometer(value, reason=self.typo)

    def test_jump_is_questioned(self):
        with freeze_time(datetime.now() + timedelta(days=10)):
            with self.assertBlocked('VEH-10', ValidationError):
                self.vehicle._record_odometer(500000)
            self._set_gate('odometer_jump', 'off')
            self.vehicle._record_odometer(500000)

    def test_unreadable_keeps_the_last_value(self):
        self.vehicle._record_odometer(0, unreadable=True)
        self.assertEqual(self.vehicle.odometer, 50000)
        self.assertEqual(self.vehicle.odometer_ids.filtered('is_unreadable').value, 0)
        with self.assertBlocked('VEH-03', ValidationError):
            self.vehicle._record_odometer(100)

    def test_new_instrument_counts_on(self):
        self.vehicle._record_odometer(10, replaced=True)
        self.vehicle._record_odometer(1010)
        self.assertRecordValues(self.vehicle, [{'odometer': 1010, 'distance': 51000}])

    def test_distance_and_kilometres_a_day(self):
        with freeze_time(self.start) as clock:
            vehicle = self._make_vehicle(odometer=10000)
            self.assertEqual(vehicle.km_per_day, 0.0)
            clock.tick(timedelta(days=100))
            vehicle._record_odometer(15000)
        self.assertRecordValues(vehicle, [{
            'km_per_day': 50.0, 'distance': 15000, 'odometer_at': self.start + timedelta(days=100)}])

    def test_service_is_due_by_date_or_by_kilometres(self):
        """R-CRM-03: cycle and next maintenance are on file."""
        with freeze_time(self.start) as clock:
            vehicle = self._make_vehicle(odometer=10000)
            clock.tick(timedelta(days=100))
            vehicle._record_odometer(15000)
            read_on = (self.start + timedelta(days=100)).date()
            vehicle.next_service_odometer = 16000
            self.assertEqual(vehicle.service_due_on, read_on + timedelta(days=20))
            vehicle.next_service_date = read_on + timedelta(days=5)
            self.assertEqual(vehicle.service_due_on, read_on + timedelta(days=5))
            vehicle._record_odometer(16500)
            self.assertEqual(vehicle.service_due_on, read_on)
        vehicle.write({'next_service_date': False, 'next_service_odometer': 0})
        self.assertFalse(vehicle.service_due_on)

    def test_next_service_is_planned_by_model_brand_or_company(self):
        with freeze_time(self.start):
            vehicle = self._make_vehicle(odometer=10000)
            vehicle.action_plan_next_service()
            self.assertRecordValues(vehicle, [{
                'next_service_odometer': 20000, 'next_service_date': datetime(2026, 7, 5).date()}])
            vehicle.brand_id.service_interval_km = 7500
            vehicle.model_id.service_interval_months = 12
            vehicle._plan_next_service(odometer=30000)
            self.assertRecordValues(vehicle, [{
                'next_service_odometer': 37500, 'next_service_date': datetime(2027, 1, 5).date()}])

    def test_dialog(self):
        advisor = self._role('advisor')
        action = self.vehicle.with_user(advisor).action_record_odometer()
        form = Form(self.env[action['res_model']].with_user(advisor).with_context(action['context']))
        form.value = 40000
        self.assertTrue(form.is_lower)
        form.reason_id = self.typo
        form.save().action_confirm()
        self.assertEqual(self.vehicle.odometer, 40000)
        self.assertEqual(self.vehicle._last_reading().user_id, advisor)

    def test_readings_are_never_written_or_deleted_by_hand(self):
        reading = self.vehicle.odometer_ids
        with self.assertBlocked('BAS-01', UserError):
            reading.value = 1
        with self.assertBlocked('BAS-01', UserError):
            self.env['aftersales.vehicle.odometer'].create({'vehicle_id': self.vehicle.id})
        with self.assertBlocked('BAS-01', UserError):
            self.vehicle.write({'odometer_ids': [(0, 0, {'value': 1})]})
        with self.assertBlocked('VEH-09', UserError):
            reading.unlink()
        with self.assertBlocked('BAS-01', UserError):
            self.vehicle.write({'distance': 1})

    def test_warranty_ends_by_time_or_kilometres(self):
        with freeze_time('2026-06-01'):
            model = self._make_model("Passat", warranty_months=36, warranty_km=100000)
            vehicle = self._make_vehicle(model_id=model.id, warranty_start='2025-01-01', odometer=1000)
            self.assertEqual(vehicle.warranty_end, datetime(2028, 1, 1).date())
            self.assertEqual(vehicle.warranty_state, 'in')
            vehicle._record_odometer(1000, replaced=True)
            self._set_gate('odometer_jump', 'off')
            vehicle._record_odometer(98500)
            self.assertEqual(vehicle.warranty_state, 'near')
            vehicle._record_odometer(100500)
            self.assertEqual(vehicle.warranty_state, 'out')
            self.assertEqual(self._make_vehicle().warranty_state, 'unknown')
