from ..common import AftersalesCommon


class TestVehicle(AftersalesCommon):

    def test_plate_is_stored_normalised(self):
        vehicle = self.env['aftersales.vehicle'].create({'license_plate': '京a·12345', 'odometer': 100})
        self.assertEqual(vehicle.license_plate, '京A12345')
        self.assertEqual(vehicle.odometer, 100)
        print(vehicle.odometer_ids, vehicle.odometer_at, vehicle.display_name)
        print(self.env['aftersales.vehicle'].search_quick('12345'))
