from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import Form

from odoo.addons.aftersales_service.rules.vin import with_check_digit

from ..common import AftersalesCommon


class TestArrival(AftersalesCommon):
    """Who comes in, in what order, and one car inside at a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls._make_car()
        cls.advisor = cls._role('advisor')
        cls.guard = cls._role('gate_guard')

    def test_arrival_is_a_fact(self):
        """R-PROC-15: who, when and with which gate card a car came in; nobody writes it by hand."""
        visit = self._make_visit(self.car, arrive=False).with_user(self.guard)
        visit.gate_card_no = '17'
        visit.action_arrive()
        self.assertRecordValues(visit, [{
            'state': 'inside', 'gate_card_issued_by_id': self.guard.id, 'location': 'gate', 'partner_id': self.customer.id}])
        self.assertTrue(visit.arrived_at and visit.gate_card_issued_at)
        with self.assertBlocked('BAS-01'):
            visit.state = 'left'
        with self.assertBlocked('REC-07'):
            visit._arrive()
        with self.assertBlocked('REC-33'):
            visit.sudo().unlink()

    def test_plate_opens_or_makes_the_file(self):
        """R-PROC-15, R-PROC-19: the guard types a plate; a known car is found, a new one gets its file."""
        known = self._make_visit(arrive=False, license_plate='京a 12345').with_user(self.guard)
        known.action_arrive()
        self.assertEqual(known.vehicle_id, self.car)
        self.assertEqual(known.partner_id, self.customer)
        new = self.env['aftersales.visit'].with_user(self.guard).register_arrival(
            {'license_plate': '沪BD12345', 'gate_card_no': '18'})
        visit = self.env['aftersales.visit'].browse(new['id'])
        self.assertEqual(visit.vehicle_id.license_plate, '沪BD12345')
        self.assertTrue(new['is_new_customer'])
        with self.assertBlocked('REC-02'):
            self._make_visit(arrive=False)._arrive()

    def test_new_customer_is_recognised(self):
        """R-PROC-19: flagged on the first visit of car and customer, not on the second, nor on a known owner's new car."""
        first = self._make_visit(self.car)
        self.assertTrue(first.is_new_customer)
        first._leave()
        self.assertFalse(self._make_visit(self.car).is_new_customer)
        self.assertFalse(self._make_visit(self._make_car('京A00002')).is_new_customer)
        self.assertTrue(self._make_visit(self._make_car('京A00003', self._make_customer("Ms Li"))).is_new_customer)

    def test_recognition_by_vin_and_phone(self):
        """R-PROC-19: a VIN or any spelling of a phone number finds the file; a shared phone does not guess the car."""
        vin = with_check_digit('LSVAA49J132047371')
        self.car.vin = vin
        self.customer.phone = '+86 138 0013 8000'
        find = self.env['aftersales.visit'].with_user(self.advisor)._recognise
        self.assertEqual(find(vin=vin.lower())['vehicle'], self.car)
        for spelling in ('13800138000', '138-0013-8000', '138 0013 8000', '+8613800138000', '008613800138000'):
            found = find(phone=spelling)
            self.assertEqual((found['partner'], found['vehicle']), (self.customer, self.car), spelling)
        self._make_car('京A77777')
        self.assertFalse(find(phone='13800138000')['vehicle'])
        self.assertTrue(find('京Z99999', phone='13700000000')['is_new'])
        with Form(self.env['aftersales.visit'].with_user(self.advisor)) as form:
            form.license_plate = '京A12345'
            self.assertEqual(form.vehicle_id, self.car)

    def test_one_car_inside_with_link_to_its_visit(self):
        """R-PROC-15: a car that is inside, or out for a road test, cannot arrive again (REC-01)."""
        inside = self._make_visit(self.car)
        with self.assertRaises(RedirectWarning) as caught:
            self._make_visit(self.car)
        message, action, _button = caught.exception.args[:3]
        self.assertIn('REC-01', message)
        self.assertEqual((action['res_model'], action['res_id']), ('aftersales.visit', inside.id))
        inside._temporary_exit('road_test', self._make_employee(), due_back=fields.Datetime.now() + timedelta(hours=1))
        with self.assertBlocked('REC-01', RedirectWarning):
            self._make_visit(self.car)
        inside._come_back()
        inside._leave()
        self.assertEqual(self._make_visit(self.car).state, 'inside')

    def test_inquiry_does_not_hold_the_car_but_staying_does(self):
        """R-PROC-18: an inquiry becomes a repair, unless the car is inside already."""
        inquiry = self._make_visit(self.car, visit_type='inquiry')
        self._make_visit(self.car)
        with self.assertBlocked('REC-01', RedirectWarning):
            inquiry.action_make_repair()
        other = self._make_visit(self._make_car('京A00009'), visit_type='quote')
        other.action_make_repair()
        self.assertEqual(other.visit_type, 'repair')

    def test_queue_by_appointment_then_arrival(self):
        """R-PROC-17: on-time appointments by their time, then the others by arrival; late ones queue with them."""
        now = fields.Datetime.now()
        cars = [self._make_car(f'京D0000{number}') for number in range(4)]
        walk_in = self._make_visit(cars[0])
        walk_in._guarded().write({'arrived_at': now - timedelta(minutes=50)})
        early, on_time, late = [self._make_appointment(car, now + timedelta(minutes=minutes)) for car, minutes in zip(
            cars[1:], (20, 5, -60), strict=True)]
        (early | on_time | late)._confirm()
        late_visit, early_visit, on_time_visit = late._arrive(now), early._arrive(now), on_time._arrive(now)
        visits = walk_in | late_visit | early_visit | on_time_visit
        self.assertEqual(
            visits.sorted('queue_position').mapped('id'), [on_time_visit.id, early_visit.id, walk_in.id, late_visit.id])
        queue = self.env['aftersales.visit'].with_user(self.advisor).get_queue()
        self.assertEqual([line['id'] for line in queue], visits.sorted('queue_position').ids)
        on_time_visit.with_user(self.advisor)._greet()
        self.assertEqual(on_time_visit.advisor_id, self.env.user, "the booked advisor stays")
        visits.invalidate_recordset()
        self.assertEqual((on_time_visit.queue_position, early_visit.queue_position), (0, 1))
        early_visit._move('bay')
        walk_in.with_user(self.advisor)._create_check_in()
        visits.invalidate_recordset()
        self.assertEqual(
            visits.filtered('queue_position'), late_visit, "a car in work and a customer at the walk-round wait no more")
        self.assertTrue(walk_in.first_contact_at)

    def test_greeting_share_counts_only_what_was_measured(self):
        """R-PROC-16: seconds from arrival to first contact; the share within the company's ten seconds."""
        cars = [self._make_car(f'京E0000{number}') for number in range(3)]
        start = datetime(2026, 11, 2, 1, 0)
        visits = self.env['aftersales.visit']
        for car, seconds in zip(cars, (8, 12, None), strict=True):
            visit = self._make_visit(car, arrive=False)
            visit._arrive(start)
            if seconds:
                visit.with_user(self.advisor)._greet(start + timedelta(seconds=seconds))
            visits |= visit
        self.assertEqual(visits.mapped('greet_seconds'), [8, 12, 0])
        self.assertEqual(visits[0].advisor_id, self.advisor)
        [(share, count)] = self.env['aftersales.visit']._read_group(
            [('id', 'in', visits.ids), ('first_contact_at', '!=', False)], [], ['greeted_share:avg', '__count'])
        self.assertEqual((share, count), (0.5, 2))

    def test_odometer_goes_to_the_car(self):
        """R-PROC-24: the reading at arrival and its correction are readings of the car; lower needs a reason."""
        self.car._record_odometer(50000)
        visit = self._make_visit(self.car, odometer=50100).with_user(self.advisor)
        self.assertEqual(self.car.odometer, 50100)
        visit.write({'odometer': 50100, 'request': "same"})
        self.assertEqual(len(self.car.odometer_ids), 2)
        with self.assertBlocked('VEH-03'), self.env.cr.savepoint():
            visit.odometer = 40000
        visit.write({'odometer': 40000, 'odometer_reason_id': self._reason('odometer', 'typo').id})
        self.assertEqual(self.car.odometer, 40000)

    def test_inquiry_is_answered_before_leaving(self):
        """R-PROC-18: question, quote and appointment visits are registered and answered; gate at block and off."""
        self._set_gate('inquiry_answer', 'block')
        visit = self._make_visit(visit_type='inquiry', driver_name="Mr Sun", request="What does a clutch cost?")
        visit = visit.with_user(self.advisor)
        with self.assertBlocked('REC-24'):
            visit._leave()
        visit.answer = "About 3,000 including labour"
        self.assertRecordValues(visit, [{'answered_by_id': self.advisor.id}])
        visit._leave()
        self.assertEqual(visit.state, 'left')
        self._set_gate('inquiry_answer', 'off')
        other = self._make_visit(visit_type='quote', driver_name="Mr Sun")
        other._leave()
        self.assertEqual(other.state, 'left')
        action = other.action_make_appointment()
        self.assertEqual(action['context']['default_contact_name'], "Mr Sun")

    def test_visit_keeps_the_plate_it_came_with(self):
        """R-PROC-24: a new plate reaches the visit that is open, not those that are over."""
        old = self._make_visit(self.car)
        old._leave()
        now = self._make_visit(self.car)
        self.car.license_plate = '京A54321'
        self.assertEqual((old.license_plate, now.license_plate), ('京A12345', '京A54321'))

    def test_profile_follows_the_kind_of_visit(self):
        """R-PROC-15: tow-ins have their own profile; one chosen by somebody stays."""
        visit = self._make_visit(self.car, arrive=False)
        self.assertEqual(visit.profile_id, self.company._aftersales_profile('standard'))
        visit.visit_type = 'tow_in'
        self.assertEqual(visit.profile_id, self.company._aftersales_profile('tow_in'))
        visit.profile_id = self.company._aftersales_profile('accident')
        visit.visit_type = 'repair'
        self.assertEqual(visit.profile_id.code, 'accident')


class TestTowIn(AftersalesCommon):
    """A car towed in at night, without its owner."""

    def test_tow_in_by_the_guard_without_owner(self):
        """R-PROC-15, R-PROC-19: plate, photos, tow driver's signature, unreadable odometer, owner to be found."""
        guard, reception = self._role('gate_guard'), self._role('receptionist')
        self.company.aftersales_reception_contact_id = reception
        visit = self.env['aftersales.visit'].with_user(guard).create({
            'visit_type': 'tow_in', 'license_plate': '苏E88888', 'odometer_unreadable': True,
            'tow_driver_name': "Mr Gu", 'tow_company': "Highway Rescue", 'tow_signature': self.PIXEL,
            'no_key_reason': 'in_tow_truck',
            'photo_ids': [Command.create({'zone': 'front', 'image': self.PIXEL})],
        })
        visit.action_arrive()
        self.assertRecordValues(visit, [{
            'state': 'inside', 'owner_to_be_found': True, 'photo_count': 1, 'partner_id': False, 'odometer': 0}])
        self.assertTrue(visit.tow_signed_at)
        self.assertTrue(visit.vehicle_id.odometer_ids.is_unreadable)
        self.assertEqual(visit.sudo().activity_ids.user_id, reception)
        visit.with_user(reception).partner_id = self.customer
        self.assertFalse(visit.owner_to_be_found)
        with self.assertRaises(AccessError):
            visit.vehicle_id.with_user(guard).write({'color': "red"})

    def test_tow_signature_gate_at_block_and_off(self):
        """R-PROC-22: the tow driver signs for the car; gate at block and off."""
        visit = self._make_visit(self._make_car(), visit_type='tow_in', odometer_unreadable=True)
        self._set_gate('tow_driver_signature', 'block')
        self.assertIn('REC-22', [blocker.code for blocker in visit._blockers('checked_in')[visit]])
        self._set_gate('tow_driver_signature', 'off')
        self.assertNotIn('REC-22', [blocker.code for blocker in visit._blockers('checked_in')[visit]])
        self._set_gate('tow_driver_signature', 'block')
        visit.tow_signature = self.PIXEL
        self.assertNotIn('REC-22', [blocker.code for blocker in visit._blockers('checked_in')[visit]])


class TestWhereTheCarIs(AftersalesCommon):
    """Places, temporary exits, drivers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls._make_visit(cls._make_car()).with_user(cls._role('advisor'))
        cls.driver = cls._make_employee("Driver Qian")
        cls.learner = cls._make_employee("Apprentice Xu", aftersales_can_drive=False)
        cls.due = fields.Datetime.now() + timedelta(hours=2)

    def test_one_click_moves_are_logged(self):
        """R-PROC-23: where the car stands now, and since when, with every move in the history."""
        self.env.cr.precommit.run()  # the creation is over, as it is between two requests
        self.visit.action_move_bay()
        self.visit._move('bay', 'B3')
        self.assertRecordValues(self.visit, [{'location': 'bay', 'location_note': 'B3'}])
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = self.visit.sudo().message_ids.tracking_value_ids.mapped('field_id.name')
        self.assertIn('location', tracked)
        with self.assertBlocked('REC-31'):
            self.visit.location = 'away'
        self.visit._leave()
        with self.assertBlocked('REC-31'):
            self.visit._move('bay')

    def test_mover_must_be_appointed(self):
        """R-PERM-08: a named mover without the qualification is refused; gate at block, warn and off."""
        self._set_gate('driver_qualified', 'block')
        with self.assertBlocked('REC-09'):
            self.visit._move('wash', mover=self.learner)
        self.visit._move('wash', mover=self.driver)
        self._set_gate('driver_qualified', 'off')
        self.visit._move('ready', mover=self.learner)
        self.assertEqual(self.visit.location, 'ready')

    def test_exit_needs_a_qualified_driver(self):
        """R-PERM-08: road tests only by appointed staff; gate at block and off."""
        self._set_gate('driver_qualified', 'block')
        for driver, name in ((self.learner, None), (None, None), (None, "Somebody")):
            with self.assertBlocked('REC-09'), self.env.cr.savepoint():
                self.visit._temporary_exit('road_test', driver, driver_name=name, due_back=self.due, licence_seen=True)
        self._set_gate('driver_qualified', 'off')
        outing = self.visit._temporary_exit('road_test', self.learner, due_back=self.due)
        self.assertRecordValues(self.visit, [{'state': 'out', 'location': 'road_test', 'exit_due_back': self.due}])
        self.assertEqual(outing.let_out_by_id, self._role('advisor'))

    def test_outside_driver_shows_his_licence(self):
        """R-PERM-08: a sublet workshop's driver is accepted with his licence seen; the customer always drives."""
        self._set_gate('driver_qualified', 'block')
        with self.assertBlocked('REC-09'), self.env.cr.savepoint():
            self.visit._temporary_exit('sublet', driver_name="Paint shop", due_back=self.due)
        self.visit._temporary_exit('sublet', driver_name="Paint shop", due_back=self.due, licence_seen=True)
        self.assertEqual(self.visit.location, 'sublet')
        self.visit._come_back()
        self.visit._temporary_exit('customer', due_back=self.due)
        self.assertEqual(self.visit.location, 'away')

    def test_exit_names_its_time_due_back(self):
        """R-PERM-08: when is it due back; gate at block and off; overdue exits are found."""
        self._set_gate('exit_due_back', 'block')
        with self.assertBlocked('REC-10'), self.env.cr.savepoint():
            self.visit._temporary_exit('fuel', self.driver)
        self._set_gate('exit_due_back', 'off')
        outing = self.visit._temporary_exit('fuel', self.driver)
        self.assertFalse(outing.is_overdue)
        outing.due_back = fields.Datetime.now() - timedelta(minutes=1)
        self.assertTrue(outing.is_overdue)
        self.assertEqual(self.env['aftersales.visit.exit'].search([('is_overdue', '=', True)]), outing.sudo(False))
        self.assertIn(self.visit, self.visit.search([('is_exit_overdue', '=', True)]))

    def test_exit_and_return(self):
        """R-PROC-15: out and back are facts; the car stands where it stood, hours outside do not count."""
        arrived = datetime(2026, 11, 2, 0, 0)
        self.visit._guarded().write({'arrived_at': arrived})
        self.visit.action_move_wash()
        outing = self.env['aftersales.visit.exit'].with_user(self._role('advisor')).create({
            'visit_id': self.visit.id, 'purpose': 'fuel', 'driver_id': self.driver.id, 'due_back': self.due})
        outing._go_out(arrived + timedelta(hours=1))
        with self.assertBlocked('REC-08'):
            outing._go_out()
        with self.assertBlocked('REC-08'):
            outing.driver_id = self.learner
        outing._come_back(odometer=1234, at=arrived + timedelta(hours=3))
        self.assertRecordValues(self.visit, [{'state': 'inside', 'location': 'wash'}])
        self.assertEqual(self.visit.vehicle_id.odometer, 1234)
        self.visit._leave(arrived + timedelta(hours=10))
        self.assertEqual(self.visit.inside_hours, 8.0)
        with self.assertBlocked('REC-08'):
            self.visit._come_back()

    def test_car_that_never_came_back_can_be_closed(self):
        """R-PROC-15: the customer keeps his car after a temporary exit: the visit ends, the exit is final."""
        outing = self.visit._temporary_exit('customer', due_back=self.due)
        self.visit._leave()
        self.assertEqual((outing.state, self.visit.state), ('final', 'left'))

    def test_exit_dialog_explains_and_goes_on(self):
        """R-PERM-08: the button opens the reasons instead of an error; after the cure it lets the car out."""
        self._set_gate('driver_qualified', 'override')
        supervisor = self._role('frontdesk_supervisor')
        outing = self.env['aftersales.visit.exit'].with_user(supervisor).create({
            'visit_id': self.visit.id, 'driver_id': self.learner.id, 'due_back': self.due})
        action = outing.action_go_out()
        self.assertEqual(action['res_model'], 'aftersales.gate.wizard')
        wizard = self.env['aftersales.gate.wizard'].with_user(supervisor).with_context(**action['context']).create({})
        wizard.write({'reason_id': self._reason('override').id, 'note': "Only to the pump"})
        wizard.action_override()
        self.assertEqual(self.visit.state, 'out')

    def test_guard_lets_out_and_in(self):
        """R-PROC-15, R-PERM-08: the guard lets cars out and in under the same gates; he deletes nothing."""
        self._set_gate('driver_qualified', 'block')
        visit = self.visit.with_user(self._role('gate_guard'))
        with self.assertBlocked('REC-09'), self.env.cr.savepoint():
            visit._temporary_exit('road_test', self.learner, due_back=self.due)
        outing = visit._temporary_exit('road_test', self.driver, due_back=self.due)
        with self.assertRaises(AccessError):
            outing.unlink()
        outing._come_back()
        self.assertEqual(self.visit.state, 'inside')

    def test_technician_reads_only(self):
        technician = self._role('technician')
        self.assertEqual(self.visit.with_user(technician).location, 'gate')
        with self.assertRaises(AccessError):
            self.visit.with_user(technician)._move('bay')
        with self.assertRaises(AccessError):
            self.visit.with_user(technician).read(['driver_phone'])
