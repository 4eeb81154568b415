from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form

from ..common import AftersalesCommon


class TestVehicleOwner(AftersalesCommon):
    """R-INS-12: a car changes hands, its file follows it, and every owner is remembered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._make_customer("Ms Li")
        cls.vehicle = cls._make_vehicle('京A00001')
        cls.today = cls.company._aftersales_today()

    def test_first_owner_is_in_the_history(self):
        self.assertRecordValues(self.vehicle.owner_ids, [{
            'partner_id': self.customer.id, 'date_from': self.today, 'date_to': False}])

    def test_dialog_asks_what_goes_over(self):
        self.vehicle.write({
            'driver_id': self._make_customer("Driver Zhao").id, 'next_service_date': '2026-12-01',
            'next_service_odometer': 20000,
        })
        advisor = self._role('advisor')
        action = self.vehicle.with_user(advisor).action_change_owner()
        form = Form(self.env[action['res_model']].with_user(advisor).with_context(action['context']))
        self.assertEqual(form.old_partner_id, self.customer)
        self.assertFalse(form.keep_driver)
        form.partner_id = self.buyer
        form.new_plate = '京B·77777'
        form.save().action_confirm()
        self.assertRecordValues(self.vehicle, [{
            'partner_id': self.buyer.id, 'driver_id': False, 'license_plate': '京B77777',
            'next_service_date': date(2026, 12, 1), 'next_service_odometer': 20000,
        }])
        self.assertRecordValues(self.vehicle.owner_ids.sorted('id'), [
            {'partner_id': self.customer.id, 'date_to': self.today, 'user_id': self.env.uid, 'shares_history': False},
            {'partner_id': self.buyer.id, 'date_to': False, 'user_id': advisor.id, 'shares_history': False},
        ])

    def test_plate_may_stay_with_the_seller_and_plans_be_dropped(self):
        self.vehicle.write({'next_service_date': '2026-12-01', 'vin': self._make_vin()})
        wizard = self.env['aftersales.vehicle.owner.wizard'].create({
            'vehicle_id': self.vehicle.id, 'partner_id': False, 'keep_service_plan': False, 'drop_plate': True,
        })
        wizard.action_confirm()
        self.assertRecordValues(self.vehicle, [{
            'partner_id': False, 'license_plate': False, 'next_service_date': False, 'plate_kind': 'none'}])
        self.assertEqual(self.vehicle.owner_ids.date_to, self.today)

    def test_correction_replaces_the_mistake(self):
        self.vehicle._change_owner(self.buyer, correction=True, note="Namesake")
        self.assertRecordValues(self.vehicle.owner_ids, [{
            'partner_id': self.buyer.id, 'date_to': False, 'note': "Namesake"}])
        self.assertEqual(self.vehicle.partner_id, self.buyer)

    def test_writing_the_owner_keeps_the_history_too(self):
        self.vehicle.partner_id = self.buyer
        self.assertEqual(self.vehicle.owner_ids.sorted('id').mapped('partner_id'), self.customer + self.buyer)
        self.vehicle.partner_id = self.buyer
        self.assertEqual(len(self.vehicle.owner_ids), 2)
        self.vehicle.partner_id = False
        self.assertTrue(all(self.vehicle.owner_ids.mapped('date_to')))

    def test_impossible_changes_are_refused(self):
        with self.assertBlocked('VEH-08', UserError):
            self.vehicle._change_owner(self.customer)
        for day in (self.today + timedelta(days=1), self.today - timedelta(days=1)):
            with self.assertBlocked('VEH-08', UserError):
                self.vehicle._change_owner(self.buyer, date=day)
        self.assertEqual(self.vehicle.partner_id, self.customer)

    def test_history_is_never_written_by_hand(self):
        row = self.vehicle.owner_ids
        with self.assertBlocked('BAS-01', UserError):
            row.date_to = self.today
        with self.assertBlocked('BAS-01', UserError):
            self.env['aftersales.vehicle.owner'].create({'vehicle_id': self.vehicle.id, 'partner_id': self.buyer.id})
        with self.assertBlocked('VEH-09', UserError):
            row.unlink()

    def test_integrity_finds_an_owner_without_history(self):
        self.assertFalse([f for f in self.company._aftersales_integrity() if f['code'] == 'VEH-I1'])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_vehicle SET partner_id = %s WHERE id = %s", (self.buyer.id, self.vehicle.id))
        self.env.invalidate_all()
        findings = [f for f in self.company._aftersales_integrity() if f['code'] == 'VEH-I1']
        self.assertEqual([finding['res_id'] for finding in findings], self.vehicle.ids)

    def test_customer_sees_his_vehicles(self):
        """R-CRM-04: one screen per customer, a company's including those of its contacts."""
        company = self._make_customer("Fleet Ltd", is_company=True)
        contact = self._make_customer("Mr Qian", parent_id=company.id)
        vehicles = self._make_vehicle(partner_id=contact.id) + self._make_vehicle(partner_id=company.id)
        self.assertEqual((company + contact + self.buyer).mapped('aftersales_vehicle_count'), [2, 1, 0])
        action = company.action_aftersales_view_vehicles()
        self.assertEqual(self.env['aftersales.vehicle'].search(action['domain']), vehicles)

    def test_used_vehicles_are_not_deleted(self):
        """R-PERM-04: no delete once something was done to the car."""
        unused = self._make_vehicle(odometer=5)
        unused.unlink()
        self.assertFalse(unused.exists())
        self.vehicle._record_odometer(10, source_record=self.customer)
        with self.assertBlocked('VEH-05', UserError):
            self.vehicle.unlink()
        sold = self._make_vehicle()
        sold._change_owner(self.buyer)
        with self.assertBlocked('VEH-05', UserError):
            sold.unlink()
