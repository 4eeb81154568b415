from ..concurrency import AftersalesConcurrencyCase


class TestVehicleConcurrency(AftersalesConcurrencyCase):
    """Two desks at the same second: one vehicle, one order of readings, one owner."""

    def test_same_vin_at_two_desks(self):
        """R-PROC-19: no second file, even when both desks save at once."""
        with self.committed():
            vin, company = self._make_vin(), self.company.id
        results = self.race(*(
            lambda env, plate=plate: env['aftersales.vehicle'].create(
                {'license_plate': plate, 'vin': vin, 'company_id': company}).id
            for plate in ('京A00001', '京A00002')
        ))
        failed = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(failed), 1, results)
        self.assertIn('VEH-02', str(failed[0]))

    def test_two_readings_at_once(self):
        """R-PROC-24: the lower of two readings is questioned whichever comes first."""
        with self.committed():
            vehicle = self._make_vehicle(odometer=50000).id
        results = self.race(*(
            lambda env, value=value: env['aftersales.vehicle'].browse(vehicle)._record_odometer(value).value
            for value in (50300, 50200)
        ))
        with self.registry.cursor() as cr:
            cr.execute("SELECT value FROM aftersales_vehicle_odometer WHERE vehicle_id = %s ORDER BY id", [vehicle])
            values = [value for value, in cr.fetchall()]
            cr.execute("SELECT odometer FROM aftersales_vehicle WHERE id = %s", [vehicle])
            self.assertEqual(cr.fetchone()[0], 50300, results)
        self.assertEqual(values, sorted(values))
        self.assertEqual(values[-1], 50300)

    def test_sold_twice_at_once(self):
        """R-INS-12: a vehicle has one present owner."""
        with self.committed():
            vehicle = self._make_vehicle().id
            buyers = [self._make_customer(name).id for name in ("Ms Li", "Mr Sun")]
        self.race(*(
            lambda env, buyer=buyer: env['aftersales.vehicle'].browse(vehicle)._change_owner(
                env['res.partner'].browse(buyer))
            for buyer in buyers
        ))
        with self.registry.cursor() as cr:
            cr.execute("SELECT partner_id FROM aftersales_vehicle_owner WHERE vehicle_id = %s AND date_to IS NULL", [vehicle])
            [(present,)] = cr.fetchall()
            cr.execute("SELECT partner_id FROM aftersales_vehicle WHERE id = %s", [vehicle])
            self.assertEqual(cr.fetchone()[0], present)
            cr.execute("SELECT count(*) FROM aftersales_vehicle_owner WHERE vehicle_id = %s", [vehicle])
            self.assertEqual(cr.fetchone()[0], 3)
