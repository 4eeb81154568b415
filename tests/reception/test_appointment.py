from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form

from ..common import AftersalesCommon


class TestAppointment(AftersalesCommon):
    """Appointments from the call to the register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls._make_car()
        cls.advisor = cls._role('advisor')
        cls.dispatcher = cls._role('dispatcher')
        cls.company.write({'aftersales_dispatcher_id': cls.dispatcher.id, 'aftersales_bookable_people': 2})

    def _in_advisors_hands(self, **values):
        return self._make_appointment(self.car, **values).with_user(self.advisor)

    # --- R-PROC-01: direction

    def test_both_directions_are_registered_and_counted(self):
        """R-PROC-01: active and passive appointments are both registered and reported."""
        self._make_appointment(self.car)
        self._make_appointment(self.car, direction='active')
        groups = dict(self.env['aftersales.appointment']._read_group(
            [('vehicle_id', '=', self.car.id)], ['direction'], ['__count']))
        self.assertEqual(groups, {'passive': 1, 'active': 1})

    # --- R-PROC-02: free hours

    def test_free_hours_of_the_day_are_shown(self):
        """R-PROC-02: capacity of the day less what other appointments keep, without one's own hours."""
        self.company.aftersales_bookable_share = 0.5
        monday = self.company._aftersales_today() + timedelta(days=7)
        monday -= timedelta(days=monday.weekday())
        start = self.company._aftersales_moment(monday) + timedelta(hours=9)
        first = self._make_appointment(self.car, start, planned_hours=3.0)
        second = self._make_appointment(self.car, start, planned_hours=2.0)
        self.assertEqual(first.day_capacity_hours, 8.0)
        self.assertEqual(first.day_free_hours, 8.0)
        second._confirm()
        (first | second).invalidate_recordset()
        self.assertEqual(first.day_free_hours, 6.0)
        self.assertEqual(second.day_free_hours, 8.0, "its own hours do not stand in its way")
        self.assertEqual(
            self.env['aftersales.appointment'].get_day_load(str(monday), str(monday))[str(monday)],
            {'capacity': 8.0, 'booked': 2.0, 'free': 6.0, 'count': 1})
        sunday = monday - timedelta(days=1)
        self.assertEqual(
            self.env['aftersales.appointment'].get_day_load(str(sunday), str(sunday))[str(sunday)]['capacity'], 0.0)

    def test_full_day_blocks_or_not_as_the_gate_says(self):
        """R-PROC-02: the capacity gate at block and at off."""
        self.company.aftersales_bookable_share = 0.0
        appointment = self._in_advisors_hands(planned_hours=1.0)
        self._set_gate('appointment_capacity', 'block')
        with self.assertBlocked('REC-30'):
            appointment._confirm()
        self._set_gate('appointment_capacity', 'off')
        appointment._confirm()
        self.assertEqual(appointment.state, 'confirmed')

    # --- R-PROC-03: due cars become calls

    def test_due_cars_become_calls_with_results(self):
        """R-PROC-03: due maintenance by date or mileage → call → appointment, each with its result."""
        today = self.company._aftersales_today()
        due, later = self._make_car('京B11111', next_service_date=today), self._make_car(
            '京B22222', next_service_date=today + timedelta(days=200))
        by_km = self._make_car('京B33333', odometer=9990, next_service_odometer=9000)
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_vehicle_action_due')
        listed = self.env['aftersales.vehicle'].search([('service_due_on', '<=', 'today +30d')])
        self.assertIn("service_due_on", action['domain'])
        self.assertIn(due, listed)
        self.assertIn(by_km, listed)
        self.assertNotIn(later, listed)
        calls = (due | by_km).with_user(self.advisor)._plan_calls()
        self.assertEqual(set(calls.mapped('direction')), {'active'})
        self.assertEqual(set(calls.mapped('call_result')), {'to_call'})
        self.assertEqual(due._plan_calls(), calls.filtered(lambda call: call.vehicle_id == due), "no second call")
        booked = calls.filtered(lambda call: call.vehicle_id == due)
        booked.start_at = self._make_appointment().start_at
        booked._confirm()
        self.assertEqual((booked.call_result, booked.called_by_id), ('booked', self.advisor))
        refused = calls - booked
        refused.action_call_refused()
        self.assertEqual((refused.call_result, refused.state), ('not_interested', 'cancelled'))

    # --- R-PROC-04: files in one go

    def test_customer_and_car_are_created_in_one_go(self):
        """R-PROC-04: a stranger's call makes partner and vehicle when the appointment is confirmed."""
        with Form(self.env['aftersales.appointment'].with_user(self.advisor)) as form:
            form.license_plate = '粤b·8k999'
            form.contact_name = "Ms Zhao"
            form.contact_phone = '139 1111 2222'
            form.start_at = self._make_appointment().start_at
        appointment = form.record
        self.assertIn("New customer", appointment.recognised_note)
        appointment._confirm()
        self.assertRecordValues(appointment.vehicle_id, [{
            'license_plate': '粤B8K999', 'partner_id': appointment.partner_id.id, 'company_id': self.company.id}])
        self.assertEqual((appointment.partner_id.name, appointment.partner_id.phone), ("Ms Zhao", '139 1111 2222'))

    def test_known_car_is_offered_while_typing(self):
        """R-PROC-19: plate or phone of a known customer fills in his file."""
        self.customer.phone = '+86 139 0000 1111'
        with Form(self.env['aftersales.appointment'].with_user(self.advisor)) as form:
            form.license_plate = '京a12345'
            self.assertEqual(form.vehicle_id, self.car)
            self.assertEqual(form.partner_id, self.customer)
        with Form(self.env['aftersales.appointment'].with_user(self.advisor)) as form:
            form.contact_phone = '13900001111'
            self.assertEqual((form.partner_id, form.vehicle_id), (self.customer, self.car))

    def test_nothing_to_create_files_from_is_refused(self):
        appointment = self._make_appointment(contact_name="Ms Zhao")
        with self.assertBlocked('REC-04'):
            appointment._confirm()
        appointment.contact_phone = '13911112222'
        with self.assertBlocked('REC-04'):
            appointment._confirm()
        self.assertEqual(appointment.state, 'draft')

    # --- R-PROC-05, R-FORM-04: exact time, sheet, signature

    def test_no_confirmation_without_exact_time(self):
        """R-PROC-05: no time, or midnight (a date without time), is no appointment."""
        appointment = self._in_advisors_hands()
        appointment.start_at = False
        with self.assertBlocked('REC-03'):
            appointment._confirm()
        appointment.start_at = self.company._aftersales_moment(self.company._aftersales_today() + timedelta(days=1))
        with self.assertBlocked('REC-03'):
            appointment._confirm()

    def test_signature_gate_at_block_and_off(self):
        """R-PROC-05: where the gate blocks, the customer signs the exact time first."""
        self._set_gate('appointment_signature', 'block')
        appointment = self._in_advisors_hands()
        with self.assertBlocked('REC-29'):
            appointment._confirm()
        self.assertEqual(appointment.action_confirm()['res_model'], 'aftersales.gate.wizard')
        appointment.write({'signature': self.PIXEL, 'signed_by': "Mr Wang"})
        self.assertTrue(appointment.signed_at)
        appointment._confirm()
        self._set_gate('appointment_signature', 'off')
        other = self._in_advisors_hands()
        other._confirm()
        self.assertRecordValues(other, [{
            'state': 'confirmed', 'confirm_means': 'phone', 'confirmed_by_id': self.advisor.id}])

    def test_moving_a_signed_time_drops_the_signature(self):
        """R-PROC-05: the signature covers one exact time only."""
        appointment = self._in_advisors_hands(signature=self.PIXEL, signed_by="Mr Wang")
        appointment._confirm()
        appointment.start_at += timedelta(hours=2)
        self.assertFalse(appointment.signature)
        self.assertFalse(appointment.signed_at)
        with self.assertBlocked('REC-03'):
            appointment.start_at = False

    def test_sheet_prints_everything_the_form_asks_for(self):
        """R-FORM-04: date and time, wishes, parts to prepare, deposit, signature."""
        part = self._make_part("Front brake pads")
        appointment = self._make_appointment(
            self.car, wish="Brakes squeak", deposit_asked=500, signature=self.PIXEL, signed_by="Mr Wang",
            line_ids=[fields.Command.create({'kind': 'part', 'product_id': part.id, 'quantity': 2})])
        html = str(self.env['ir.actions.report']._render_qweb_html(
            'aftersales_service.report_appointment_document', appointment.ids)[0], 'utf-8')
        for text in ('10:00', "Brakes squeak", "Front brake pads", '500.00', "Mr Wang", '京A12345', 'data:image/png'):
            self.assertIn(text, html)

    # --- R-PROC-06: labour, hours and parts wished

    def test_wishes_keep_hours_and_name_parts(self):
        """R-PROC-06: a package brings labour with the book time of the model's group, and parts with quantity."""
        group = self.env['aftersales.vehicle.model.group'].create({'name': "Compact"})
        self.car.model_id = self._any_model()
        self.car.model_id.model_group_id = group
        item = self.env['aftersales.labour.item'].create({
            'name': "Small service", 'code': 'S1', 'book_hours': 1.0,
            'time_ids': [fields.Command.create({'model_group_id': group.id, 'hours': 1.6})]})
        part = self._make_part("Oil filter")
        package = self.env['aftersales.package'].create({'name': "Small service", 'line_ids': [
            fields.Command.create({'kind': 'labour', 'labour_item_id': item.id}),
            fields.Command.create({'kind': 'part', 'product_id': part.id, 'quantity': 2})]})
        appointment = self._in_advisors_hands()
        appointment._apply_package(package)
        self.assertRecordValues(appointment.line_ids, [
            {'kind': 'labour', 'planned_hours': 1.6, 'quantity': 1, 'product_id': False},
            {'kind': 'part', 'planned_hours': 0.0, 'quantity': 2, 'product_id': part.id}])
        self.assertEqual(appointment.planned_hours, 1.6)
        self.assertEqual(appointment.stop_at - appointment.start_at, timedelta(hours=1.6))

    # --- R-PROC-09, R-FORM-12: register

    def test_register_counts_kept_late_no_show_cancelled(self):
        """R-PROC-09, R-FORM-12: what became of each appointment, per day."""
        now = fields.Datetime.now()
        cars = [self._make_car(f'京C1000{number}') for number in range(4)]
        kept, late, missed, cancelled = [
            self._make_appointment(car, now - timedelta(minutes=30) + timedelta(seconds=number))
            for number, car in enumerate(cars)]
        (kept | late | missed | cancelled)._confirm()
        kept._arrive(now - timedelta(minutes=30))
        late._arrive(now)
        missed._no_show()
        cancelled._cancel(self._reason('cancel'))
        self.assertRecordValues(kept | late | missed | cancelled, [
            {'state': 'arrived', 'kept_count': 1, 'late_count': 0, 'no_show_count': 0, 'cancelled_count': 0},
            {'state': 'late', 'kept_count': 1, 'late_count': 1, 'no_show_count': 0, 'cancelled_count': 0},
            {'state': 'no_show', 'kept_count': 0, 'late_count': 0, 'no_show_count': 1, 'cancelled_count': 0},
            {'state': 'cancelled', 'kept_count': 0, 'late_count': 0, 'no_show_count': 0, 'cancelled_count': 1}])
        self.assertEqual(kept.visit_id.state, 'inside')
        self.assertEqual(kept.visit_id.appointment_id, kept)

    def test_verbs_guard_the_register(self):
        """R-PROC-09: the register cannot be written by hand, nor skip its rules."""
        appointment = self._in_advisors_hands()
        with self.assertBlocked('BAS-01'):
            appointment.state = 'arrived'
        with self.assertBlocked('REC-05'):
            appointment._no_show()
        appointment._confirm()
        with self.assertBlocked('REC-05'):
            appointment._no_show()
        with self.assertBlocked('REC-06'):
            appointment._cancel(self.env['aftersales.reason'])
        appointment._cancel(self._reason('cancel'))
        with self.assertBlocked('REC-05'):
            appointment._arrive()
        with self.assertBlocked('REC-33'):
            appointment.unlink()
        appointment._reset()
        self.assertFalse(appointment.cancel_reason_id)

    def test_yesterdays_open_ones_become_no_shows(self):
        """R-PROC-09: the day is cut in the company's time zone; today's are left alone."""
        start_of_today = self.company._aftersales_day_bounds()[0]
        yesterday = self._make_appointment(self.car, start_of_today - timedelta(minutes=30))
        today = self._make_appointment(self.car, start_of_today + timedelta(minutes=30))
        (yesterday | today)._confirm()
        self.env['aftersales.appointment']._cron_no_show()
        self.assertEqual((yesterday.state, today.state), ('no_show', 'confirmed'))

    # --- R-PROC-10, R-PROC-13: people are told

    def test_dispatcher_is_told_the_same_day(self):
        """R-PROC-10: confirming puts “keep a bay” on the dispatcher's list, due today, gone when cancelled."""
        appointment = self._in_advisors_hands()
        appointment._confirm()
        activity = appointment.activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline),
                         (self.dispatcher, self.company._aftersales_today()))
        self.assertIn('京A12345', activity.summary)
        appointment._cancel(self._reason('cancel'))
        self.assertFalse(appointment.activity_ids)

    def test_role_holders_are_told_when_nobody_is_set(self):
        """R-PROC-10: without a setting, who holds the dispatcher's role in this company is told."""
        self.company.aftersales_dispatcher_id = False
        stranger = self._make_user('dispatcher', login='stranger')
        stranger.write({'company_ids': [(6, 0, self.env.ref('base.main_company').ids)],
                        'company_id': self.env.ref('base.main_company').id})
        appointment = self._in_advisors_hands()
        appointment._confirm()
        self.assertEqual(appointment.activity_ids.user_id, self.dispatcher)

    def test_people_are_told_of_confirm_change_and_cancel(self):
        """R-PROC-13: dispatcher and parts room hear of every step at once."""
        keeper = self._role('parts_keeper')
        self.company.aftersales_parts_contact_id = keeper
        appointment = self._in_advisors_hands()
        appointment._confirm()
        appointment.start_at += timedelta(hours=1)
        appointment._cancel(self._reason('cancel'))
        told = appointment.message_ids.filtered(lambda message: keeper.partner_id in message.partner_ids)
        self.assertEqual(len(told), 3)
        self.assertTrue(all(self.dispatcher.partner_id in message.partner_ids for message in told))
        self.assertIn("moved", " ".join(told.mapped('body')))

    # --- R-PROC-11: reminder

    def test_reminder_comes_a_day_or_half_a_day_before(self):
        """R-PROC-11: at start − 24 h (or 12 h) the advisor gets the call; its result is kept."""
        start = datetime(2027, 3, 10, 2, 0)
        appointment = self._make_appointment(self.car, start, advisor_id=self.advisor.id)
        appointment._confirm()
        appointment._guarded().write({'confirmed_at': start - timedelta(days=5)})
        self.assertEqual(appointment.reminder_at, start - timedelta(hours=24))
        Appointment = self.env['aftersales.appointment']
        reminder = self.env.ref('aftersales_service.mail_activity_type_appointment_reminder')
        Appointment._cron_remind(start - timedelta(hours=25))
        self.assertNotIn(reminder, appointment.activity_ids.activity_type_id)
        self.company.aftersales_appointment_reminder_hours = 12
        self.assertEqual(appointment.reminder_at, start - timedelta(hours=12))
        Appointment._cron_remind(start - timedelta(hours=12))
        call = appointment.activity_ids.filtered(lambda activity: activity.activity_type_id == reminder)
        self.assertEqual(call.user_id, self.advisor)
        Appointment._cron_remind(start - timedelta(hours=11))
        self.assertEqual(len(appointment.activity_ids.filtered(
            lambda activity: activity.activity_type_id == reminder)), 1, "only once")
        appointment.with_user(self.advisor)._record_reminder('reached')
        self.assertEqual(appointment.reminder_result, 'reached')
        self.assertFalse(appointment.activity_ids.filtered(lambda activity: activity.activity_type_id == reminder))

    def test_who_has_just_agreed_is_not_reminded(self):
        """R-PROC-11: booked three hours ahead needs no reminder call."""
        start = fields.Datetime.now() + timedelta(hours=3)
        appointment = self._make_appointment(self.car, start)
        appointment._confirm()
        self.env['aftersales.appointment']._cron_remind()
        reminder = self.env.ref('aftersales_service.mail_activity_type_appointment_reminder')
        self.assertNotIn(reminder, appointment.activity_ids.activity_type_id)

    # --- R-PROC-12, R-DOC-13: welcome board

    def test_welcome_board_shows_today_without_giving_people_away(self):
        """R-PROC-12, R-DOC-13: time, plate, name and advisor of today; shortened for a public screen."""
        day = self.company._aftersales_today()
        start = self.company._aftersales_moment(day) + timedelta(hours=14)
        self._make_appointment(self.car, start, advisor_id=self.advisor.id, contact_name="王小明")._confirm()
        self._make_appointment(self.car)._confirm()
        board = self.env['aftersales.appointment'].with_user(self._role('receptionist')).get_welcome_board()
        self.assertEqual([(line['time'], line['plate'], line['name'], line['advisor']) for line in board],
                         [('14:00', '京A···45', '王**', self.advisor.name)])
        html = str(self.env['ir.actions.report']._render_qweb_html(
            'aftersales_service.report_appointment_day_document',
            self.env['aftersales.appointment'].search([('vehicle_id', '=', self.car.id)]).ids)[0], 'utf-8')
        self.assertIn('14:00', html)

    # --- rights

    def test_only_the_front_desk_books(self):
        """R-PROC-04: technicians read appointments, without phone numbers; the desk writes."""
        appointment = self._make_appointment(self.car, contact_phone='13800000000')
        technician = self._role('technician')
        self.assertEqual(appointment.with_user(technician).license_plate, '京A12345')
        with self.assertRaises(AccessError):
            appointment.with_user(technician).read(['contact_phone'])
        with self.assertRaises(AccessError):
            appointment.with_user(technician)._confirm()

    def test_calendar_drag_keeps_the_duration(self):
        appointment = self._in_advisors_hands(planned_hours=2.5)
        self.assertEqual(appointment.stop_at, appointment.start_at + timedelta(hours=2.5))
