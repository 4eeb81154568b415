from ..common import AftersalesCommon


class TestVehiclePrints(AftersalesCommon):
    """R-FORM-08, R-FORM-13: service card and customer file, with vehicle, history and what is due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.phone = '13800001234'
        cls.vehicle = cls._make_vehicle(
            '京A00001', odometer=12000, next_service_date='2026-12-24', next_service_odometer=20000, color="white")

    def _text(self, report, records, user=None):
        reports = self.env['ir.actions.report'].with_user(user or self.env.user)
        return reports._render_qweb_html(f'aftersales_service.{report}', records.ids)[0].decode()

    def test_service_card(self):
        self.vehicle._record_odometer(5, replaced=True, note="Dashboard renewed")
        text = self._text('report_vehicle_card', self.vehicle)
        for wanted in ('京A00001', self.vehicle.vin, "Mr Wang", '13800001234', '12/24/2026', '20,000', "Dashboard renewed"):
            self.assertIn(wanted, text)

    def test_phone_on_the_card_is_masked_for_the_workshop(self):
        """R-PERM-01: groups that do not call customers print masked phones."""
        text = self._text('report_vehicle_card', self.vehicle, self._role('technician'))
        self.assertNotIn('13800001234', text)
        self.assertIn('1234', text)

    def test_customer_file(self):
        contact = self._make_customer("Driver Zhao", parent_id=self.customer.id)
        self._make_vehicle('京A00002', partner_id=contact.id)
        self._make_vehicle('京A00003', partner_id=self._make_customer("Somebody Else").id)
        text = self._text('report_customer_file', self.customer, self._role('advisor'))
        for wanted in ("Mr Wang", "Driver Zhao", '京A00001', '京A00002', '13800001234'):
            self.assertIn(wanted, text)
        self.assertNotIn('京A00003', text)

    def test_history_is_one_list_of_owners_and_orders(self):
        """R-CRM-04: what happened to the car, newest first, with the jobs of its orders."""
        self.vehicle._change_owner(self._make_customer("Ms Li"))
        self._make_job(self._make_order(self.vehicle), "Brakes squeak")
        names = [(row['name'], row['text']) for row in self.vehicle._history_rows()]
        self.assertIn(("Owner", "Mr Wang"), names)
        self.assertIn(("Owner", "Ms Li"), names)
        self.assertIn("Brakes squeak", [text for _name, text in names])
        self.assertIn("Brakes squeak", self._text('report_vehicle_card', self.vehicle, self._role('advisor')))
        # Who reads no orders still prints the rest.
        self.assertIn("Ms Li", self._text('report_customer_file', self.vehicle.partner_id, self._role('gate_guard')))

    def test_card_tells_a_new_owner_nothing_about_the_old_one(self):
        """R-PERM-01: the card of a car that changed hands names no earlier owner, nor what he had done, unless he agreed."""
        vehicle = self._make_vehicle()
        order = self._make_order(vehicle)
        self._make_job(order, "Brakes squeak")
        self.env.flush_all()
        self.env.cr.execute("UPDATE aftersales_repair_order SET create_date = '2026-01-05' WHERE id = %s", order.ids)
        self.env.invalidate_all()
        buyer = self._make_customer("Ms Li")
        self.assertIn("Brakes squeak", self._text('report_vehicle_card', vehicle))
        vehicle._change_owner(buyer)
        text = self._text('report_vehicle_card', vehicle)
        self.assertIn("Ms Li", text)
        self.assertNotIn("Mr Wang", text)
        self.assertNotIn("Brakes squeak", text)
        vehicle._change_owner(self._make_customer("Mr Sun"), shares_history=True)
        text = self._text('report_vehicle_card', vehicle)
        self.assertIn("Brakes squeak", text)
        self.assertNotIn("Ms Li", text)
