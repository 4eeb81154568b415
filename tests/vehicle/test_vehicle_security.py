from odoo.exceptions import AccessError, UserError

from ..common import AftersalesCommon

WRITERS = ('receptionist', 'advisor', 'frontdesk_supervisor', 'service_manager')
READERS = ('technician', 'inspector', 'parts_keeper', 'cashier', 'accountant', 'report_reader')


class TestVehicleSecurity(AftersalesCommon):
    """R-PERM-04: customer and vehicle data are changed by the front desk, and by nobody over RPC around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle = cls._make_vehicle('京A00001', odometer=1000)
        cls.vals = {'license_plate': '京A00002', 'company_id': cls.company.id}

    def test_front_desk_creates_and_changes(self):
        for number, role in enumerate(WRITERS):
            vehicles = self.env['aftersales.vehicle'].with_user(self._role(role))
            vehicle = vehicles.create({
                **self.vals, 'license_plate': f'京A1000{number}', 'partner_id': self.customer.id})
            vehicle.write({'color': "red", 'odometer': 10})
            self.assertEqual(vehicle.sudo().owner_ids.user_id, self._role(role))

    def test_others_read_only(self):
        for role in READERS:
            vehicle = self.vehicle.with_user(self._role(role))
            self.assertEqual(vehicle.license_plate, '京A00001')
            self.assertEqual(vehicle.owner_ids.partner_id, self.customer)
            for attempt in (
                lambda v=vehicle: v.write({'color': "red"}),
                lambda v=vehicle: v.write({'odometer': 2000}),
                lambda v=vehicle: v.create(self.vals),
                lambda v=vehicle: v._change_owner(self.env['res.partner']),
                lambda v=vehicle: v.action_plan_next_service(),
                lambda v=vehicle: self.env['aftersales.vehicle.odometer.wizard'].with_user(v.env.user).create(
                    {'vehicle_id': v.id, 'value': 2000}),
                lambda v=vehicle: self.env['aftersales.vehicle.owner.wizard'].with_user(v.env.user).create(
                    {'vehicle_id': v.id}),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_guard_makes_a_file_for_a_tow_in_but_changes_none(self):
        guard = self._role('gate_guard')
        vehicle = self.env['aftersales.vehicle'].with_user(guard).create({**self.vals, 'odometer': 5})
        self.assertEqual(vehicle.odometer, 5)
        with self.assertRaises(AccessError):
            vehicle.color = "red"

    def test_only_the_service_manager_deletes(self):
        with self.assertRaises(AccessError):
            self.vehicle.with_user(self._role('frontdesk_supervisor')).unlink()
        self.vehicle.with_user(self._role('service_manager')).unlink()
        self.assertFalse(self.vehicle.exists())

    def test_models_are_added_by_advisors_and_kept_by_the_service_manager(self):
        model = self._make_model()
        advisor = self._role('advisor')
        added = model.with_user(advisor).create({'name': "Tiguan", 'brand_id': model.brand_id.id})
        with self.assertRaises(AccessError):
            added.name = "Touran"
        with self.assertRaises(AccessError):
            model.brand_id.with_user(advisor).name = "VW"
        with self.assertRaises(AccessError):
            model.with_user(self._role('receptionist')).create({'name': "T-Roc", 'brand_id': model.brand_id.id})
        model.brand_id.with_user(self._role('service_manager')).name = "VW"

    def test_another_company_is_another_world(self):
        other = self._make_company("Other Motors")
        foreign = self._make_vehicle(partner_id=False, company_id=other.id, odometer=5)
        advisor = self._role('advisor')
        for records in (foreign, foreign.odometer_ids):
            with self.assertRaises(AccessError):
                records.with_user(advisor).read(['display_name'])
        with self.assertRaises(AccessError):
            foreign.with_user(advisor).write({'color': "red"})
        with self.assertRaises(AccessError):
            self.env['aftersales.vehicle'].with_user(advisor).create({**self.vals, 'company_id': other.id})
        with self.assertRaises(AccessError):
            self.vehicle.with_user(advisor).company_id = other

    def test_projections_are_not_written_over_rpc(self):
        advisor = self._role('advisor')
        for name, value in {
            'vin_tail': '000000', 'partner_name': "X", 'distance': 1, 'km_per_day': 1.0, 'service_due_on': '2030-01-01',
            'warranty_end': '2030-01-01', 'odometer_at': '2020-01-01',
        }.items():
            with self.assertBlocked('BAS-01', UserError):
                self.vehicle.with_user(advisor).write({name: value})
            # A key that came with the request opens nothing.
            with self.assertBlocked('BAS-01', UserError):
                self.vehicle.with_user(advisor).with_context(aftersales_guard=True).write({name: value})
            with self.assertBlocked('BAS-01', UserError):
                self.env['aftersales.vehicle'].with_user(advisor).create({**self.vals, name: value})

    def test_owner_of_vehicles_is_not_deleted(self):
        self.env.flush_all()
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017 (core's own message, whatever class)
            self.customer.unlink()
            self.env.flush_all()
        self.assertTrue(self.customer.exists())
