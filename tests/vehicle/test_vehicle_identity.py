from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..common import AftersalesCommon


class TestVehicleIdentity(AftersalesCommon):
    """R-PROC-24: plate and chassis number are checked when they are typed, as strictly as the company wants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vin = cls._make_vin()
        cls.wrong_vin = cls.vin[:8] + ('1' if cls.vin[8] != '1' else '2') + cls.vin[9:]
        cls.reason_vin = cls.env.ref('aftersales_service.reason_vin_import')
        cls.reason_override = cls.env.ref('aftersales_service.reason_override_urgent')

    def test_plate_and_vin_are_stored_as_they_are_compared(self):
        vehicle = self._make_vehicle('京a·123 45', vin=f' {self.vin.lower()[:9]}-{self.vin[9:]} ', engine_no='ea 211-8')
        self.assertRecordValues(vehicle, [{
            'license_plate': '京A12345', 'plate_kind': 'blue', 'vin': self.vin, 'vin_tail': self.vin[-6:],
            'engine_no': 'EA2118', 'identity_warning': False,
        }])

    def test_new_energy_plate(self):
        vehicle = self._make_vehicle('粤B·D12345')
        self.assertRecordValues(vehicle, [{'plate_kind': 'green', 'is_new_energy': True, 'energy': 'electric'}])
        found = self.env['aftersales.vehicle'].search([('is_new_energy', '=', True)])
        self.assertIn(vehicle, found)
        self.assertNotIn(self._make_vehicle(), self.env['aftersales.vehicle'].search([('is_new_energy', '=', True)]))

    def test_large_vehicle_is_yellow_by_hand(self):
        vehicle = self._make_vehicle()
        vehicle.plate_kind = 'yellow'
        self.assertEqual(vehicle.plate_kind, 'yellow')

    def test_form_shows_the_stored_spelling_at_once(self):
        with Form(self.env['aftersales.vehicle']) as form:
            form.license_plate = 'ｊn·京'
            self.assertTrue(form.identity_warning)
            form.license_plate = '京n 123·45'
            self.assertEqual(form.license_plate, '京N12345')
            self.assertEqual(form.plate_kind, 'blue')
            self.assertFalse(form.identity_warning)

    def test_wrong_vin_off(self):
        self._set_gate('vin_check', 'off')
        self.assertFalse(self._make_vehicle(vin='123').identity_warning)

    def test_wrong_vin_warn_is_written_down(self):
        self._set_gate('vin_check', 'warn')
        vehicle = self._make_vehicle(vin=self.wrong_vin)
        self.assertIn('check digit', vehicle.identity_warning)
        self.assertIn(self.wrong_vin, vehicle.message_ids.mapped('body')[0])

    def test_wrong_vin_block_takes_no_reason(self):
        self._set_gate('vin_check', 'block')
        with self.assertBlocked('VEH-01', ValidationError):
            self._make_vehicle(vin=self.wrong_vin)
        with self.assertBlocked('VEH-01', ValidationError):
            self._make_vehicle(vin=self.wrong_vin, vin_override_reason_id=self.reason_vin.id)
        vehicle = self._make_vehicle(vin=self.vin)
        with self.assertBlocked('VEH-01', ValidationError):
            vehicle.vin = 'LSVAM4187C218484'

    def test_wrong_vin_override_needs_a_reason_and_is_counted_once(self):
        self._set_gate('vin_check', 'override')
        with self.assertBlocked('VEH-01', ValidationError):
            self._make_vehicle(vin=self.wrong_vin)
        vehicle = self._make_vehicle(vin=self.wrong_vin, vin_override_reason_id=self.reason_vin.id)
        vehicle.license_plate = '京N00009'
        override = self.env['aftersales.override'].search([
            ('res_model', '=', vehicle._name), ('res_id', '=', vehicle.id)])
        self.assertRecordValues(override, [{'gate': 'vin_check', 'code': 'VEH-01', 'reason_id': self.reason_vin.id}])
        self.assertFalse(vehicle.identity_warning)

    def test_nobody_overrides_without_the_right(self):
        self._set_gate('vin_check', 'override')
        guard = self._role('gate_guard')
        with self.assertBlocked('VEH-11', ValidationError):
            self.env['aftersales.vehicle'].with_user(guard).create({
                'vin': self.wrong_vin, 'vin_override_reason_id': self.reason_vin.id, 'company_id': self.company.id,
            })

    def test_check_digit_only_where_it_is_used(self):
        self._set_gate('vin_check', 'block')
        european = self._make_brand("Imported", vin_check='structure')
        vehicle = self._make_vehicle(vin=self.wrong_vin, brand_id=european.id, model_id=False)
        with self.assertBlocked('VEH-01', ValidationError):
            vehicle.brand_id = self._make_brand()
        european.vin_check = 'off'
        vehicle.vin = '4711'
        self.company.aftersales_vin_check_digit = 'no'
        self.assertTrue(self._make_vehicle(vin=self._make_vin()[:8] + 'Z' + self._make_vin()[9:]))

    def test_vin_is_unique_among_active_vehicles_of_a_company(self):
        first = self._make_vehicle('京A00001', vin=self.vin)
        with self.assertBlocked('VEH-02', ValidationError) as caught:
            self._make_vehicle(vin=self.vin.lower())
        self.assertIn('京A00001', str(caught.exception))
        second = self._make_vehicle()
        with self.assertBlocked('VEH-02', ValidationError):
            second.vin = self.vin
        other = self._make_company("Other Motors")
        self.assertTrue(self._make_vehicle(vin=self.vin, company_id=other.id, partner_id=False))
        first.active = False
        second.vin = self.vin
        with self.assertBlocked('VEH-02', ValidationError):
            first.active = True

    def test_database_holds_when_two_save_at_once(self):
        self._make_vehicle(vin=self.vin)
        second = self._make_vehicle()
        self.env.flush_all()
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE aftersales_vehicle SET vin = %s WHERE id = %s", (self.vin.lower(), second.id))

    def test_something_to_find_it_by(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(Exception) as caught:
            self.env['aftersales.vehicle'].create({'partner_id': self.customer.id})
            self.env.flush_all()
        self.assertIn('aftersales_vehicle_identified', str(caught.exception))

    def test_foreign_plate_warns_blocks_or_is_accepted_with_a_reason(self):
        self._set_gate('plate_format', 'off')
        self.assertFalse(self._make_vehicle('MH12AB1234').identity_warning)
        self._set_gate('plate_format', 'warn')
        self.assertIn('MH12AB1235', self._make_vehicle('MH12AB1235').identity_warning)
        self._set_gate('plate_format', 'block')
        with self.assertBlocked('VEH-06', ValidationError):
            self._make_vehicle('MH12AB1236')
        self._set_gate('plate_format', 'override')
        with self.assertBlocked('VEH-06', ValidationError):
            self._make_vehicle('MH12AB1236')
        self._make_vehicle('MH12AB1236', plate_override_reason_id=self.reason_override.id)

    def test_foreign_plates_are_no_question_abroad(self):
        self._set_gate('plate_format', 'block')
        self.company.country_id = self.env.ref('base.in')
        self.assertTrue(self._make_vehicle('MH12AB1234'))

    def test_one_plate_on_two_vehicles(self):
        first = self._make_vehicle('京A00001')
        self._set_gate('plate_duplicate', 'off')
        self.assertFalse(self._make_vehicle('京A00001').identity_warning)
        self._set_gate('plate_duplicate', 'block')
        with self.assertBlocked('VEH-07', ValidationError):
            self._make_vehicle('京A 00001')
        self._set_gate('plate_duplicate', 'warn')
        self.assertIn('京A00001', first.identity_warning)
        self.assertIn('京A00001', first.search([('license_plate', '=', '京A00001')], order='id desc', limit=1)
                      .identity_warning)

    def test_brand_follows_model_and_vin(self):
        brand = self._make_brand("Skoda", wmi_codes='lfm, TMB')
        vehicle = self._make_vehicle(vin=self.vin, model_id=False)
        self.assertEqual(vehicle.brand_id, brand)
        vehicle.model_id = self._make_model("Model S", "Tesla")
        self.assertEqual(vehicle.brand_id.name, "Tesla")
        with self.assertBlocked('VEH-13', ValidationError):
            vehicle.brand_id = brand

    def test_model_year_from_the_vin_unless_typed(self):
        self.assertEqual(self._make_vehicle(vin=self.vin).year, 2012)
        self.assertEqual(self._make_vehicle(vin=self._make_vin(), year=2013).year, 2013)
        self.assertEqual(self._make_vehicle(vin=False).year, 0)

    def test_changes_of_plate_vin_owner_and_phone_are_kept(self):
        """R-PERM-04: who changed what, with the old value."""
        vehicle = self._make_vehicle('京A00001', vin=self.vin)
        self.customer.phone = '13800000001'
        self.env.flush_all()
        self.env.cr.flush()
        new_vin = self._make_vin()
        vehicle.write({
            'license_plate': '京A00002', 'vin': new_vin, 'partner_id': self._make_customer("Ms Li").id})
        self.customer.write({'phone': '13800000002', 'street': "Chang'an 1"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = vehicle.message_ids.sudo().tracking_value_ids
        old = dict(zip(values.mapped('field_id.name'), values.mapped('old_value_char'), strict=True))
        self.assertEqual(old, {'license_plate': '京A00001', 'vin': self.vin, 'partner_id': "Mr Wang"})
        tracked = self.customer.message_ids.sudo().tracking_value_ids.mapped('field_id.name')
        self.assertLessEqual({'phone', 'street'}, set(tracked))
