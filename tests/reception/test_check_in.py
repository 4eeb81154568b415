from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import AftersalesCommon


class CheckInCase(AftersalesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls._make_car()
        cls.advisor = cls._role('advisor')
        cls.visit = cls._make_visit(cls.car).with_user(cls.advisor)

    def _codes(self, target='checked_in', visit=None):
        visit = visit or self.visit
        return {blocker.code for blocker in visit._open_blockers(target)[visit] if blocker.level != 'warn'}

    def _prove_gate(self, gate, code, cure, target='checked_in'):
        """Assert that the gate refuses at block, is silent at off, and is satisfied by the cure."""
        self._set_gate(gate, 'block')
        self.assertIn(code, self._codes(target))
        self._set_gate(gate, 'off')
        self.assertNotIn(code, self._codes(target))
        self._set_gate(gate, 'block')
        cure()
        self.assertNotIn(code, self._codes(target))


class TestCheckInGates(CheckInCase):
    """Each step of the intake: refused at block, silent at off, satisfied by doing it."""

    def test_walk_round(self):
        """R-PROC-21: somebody walked round the car."""
        self._prove_gate('check_in', 'REC-32', self.visit._create_check_in)

    def test_photos(self):
        """R-PROC-21: as many photos as the profile asks for: four in a large shop, one for express."""
        self.assertEqual(self.visit.profile_id.check_in_photo_count, 4)

        def take_four():
            for zone in ('front', 'rear', 'left', 'right'):
                self.assertIn('REC-11', self._codes())
                self.visit.photo_ids = [Command.create({'zone': zone, 'image': self.PIXEL})]

        self._prove_gate('check_in_photos', 'REC-11', take_four)
        self.assertEqual(self.company._aftersales_profile('express').check_in_photo_count, 1)
        self.company.action_aftersales_apply_defaults('small')
        self.assertEqual(self.visit.profile_id.check_in_photo_count, 1)
        self.assertEqual(self.company._aftersales_profile('accident').check_in_photo_count, 4)

    def test_covers(self):
        """R-PROC-20: covers on before the check."""
        sheet = self.visit._create_check_in()
        self._prove_gate('covers_fitted', 'REC-15', lambda: sheet.write({'covers_fitted': True}))

    def test_damage_photo(self):
        """R-PROC-21: each damage has its zone, type, photo and whether the customer knows it."""
        sheet = self.visit._create_check_in()
        sheet.damage_ids = [Command.create({
            'zone': 'left', 'damage_type': 'dent', 'note': "door, 3 cm", 'known_to_customer': True})]
        self._prove_gate('damage_photo', 'REC-17', lambda: sheet.damage_ids.write({'photo': self.PIXEL}))
        self.assertRecordValues(sheet.damage_ids.photo_ids, [{'visit_id': self.visit.id, 'zone': 'left'}])

    def test_photo_of_a_claimed_damage_is_never_off(self):
        """R-PROC-21: a damage the customer blames on us needs its photo whatever the gate says."""
        self._set_gate('damage_photo', 'off')
        sheet = self.visit._create_check_in()
        sheet.damage_ids = [Command.create({'zone': 'rear', 'damage_type': 'scratch', 'is_claimed': True})]
        self.assertIn('REC-17', self._codes())
        sheet.damage_ids.photo = self.PIXEL
        self.assertNotIn('REC-17', self._codes())

    def test_belongings(self):
        """R-PROC-22: counted, boxed, valuables taken along; or counted and none."""

        def list_them():
            self.visit.belonging_ids = [Command.create({'name': "Umbrella", 'quantity': 2})]
            self.assertIn('REC-12', self._codes(), "no box, valuables not mentioned")
            self.visit.box_no = '7'
            self.visit.valuables_reminded = True

        self._prove_gate('belongings_list', 'REC-12', list_them)
        other = self._make_visit(self._make_car('京A00002'), no_belongings=True, valuables_reminded=True)
        self.assertNotIn('REC-12', self._codes(visit=other))

    def test_key(self):
        """R-PROC-23: a key with its number, or the reason why there is none."""
        self._prove_gate('key_registered', 'REC-16', lambda: self.visit.write({
            'custody_ids': [Command.create({'kind': 'key'})]}))
        other = self._make_visit(self._make_car('京A00002'), no_key_reason='phone_key')
        self.assertNotIn('REC-16', self._codes(visit=other))

    def test_papers(self):
        """R-PROC-25: licence and handbook registered, or known not to be handed over."""
        self._prove_gate('custody_documents', 'REC-13', lambda: self.visit.write({
            'custody_ids': [Command.create({'kind': 'handbook'})]}))
        other = self._make_visit(self._make_car('京A00002'), no_papers=True)
        self.assertNotIn('REC-13', self._codes(visit=other))

    def test_signature(self):
        """R-PROC-22, R-DOC-01: the customer signs condition and belongings."""
        sheet = self.visit._create_check_in()
        self._prove_gate('check_in_signature', 'REC-21', lambda: sheet.write({'signature': self.PIXEL}))
        self.assertTrue(sheet.signed_at)

    def test_gate_card(self):
        """R-PROC-15, R-DOC-05: the card is recorded, and comes back before the car leaves."""
        self._prove_gate('gate_card', 'REC-18', lambda: self.visit.write({'gate_card_no': '42'}))
        self._prove_gate('gate_card', 'REC-18', self.visit.action_return_gate_card, 'left')

    def test_odometer(self):
        """R-PROC-24: mileage, or that it cannot be read."""
        self._prove_gate('odometer_recorded', 'REC-26', lambda: self.visit.write({'odometer': 12000}))
        other = self._make_visit(self._make_car('京A00002'), odometer_unreadable=True)
        self.assertNotIn('REC-26', self._codes(visit=other))

    def test_minimum_data_are_configurable(self):
        """R-PROC-24, R-PROC-26: what the company lists is asked for, by name; what it takes off the list is not."""

        def complete():
            message = next(
                blocker.message for blocker in self.visit._blockers('checked_in')[self.visit]
                if blocker.code == 'REC-25')
            for label in ("Phone", "Model", "VIN", "Customer's words"):
                self.assertIn(label, message)
            self.assertNotIn("Engine", message)
            self._check_in_completely(self.visit)

        self._prove_gate('intake_data', 'REC-25', complete)
        engine = self.env['aftersales.intake.field'].with_context(active_test=False).search([
            ('company_id', '=', self.company.id), ('code', '=', 'engine_no')])
        engine.active = True
        self.assertIn('REC-25', self._codes())
        self.car.engine_no = 'EA888123456'
        self.assertNotIn('REC-25', self._codes())

    def test_custody_returned_before_leaving(self):
        """R-PROC-25: keys and papers are given back before the car leaves."""
        self.visit.custody_ids = [Command.create({'kind': 'key'}), Command.create({'kind': 'handbook'})]
        self._set_gate('custody_returned', 'block')
        with self.assertBlocked('REC-14', UserError):
            self.visit._leave()
        self._prove_gate('custody_returned', 'REC-14', self.visit.action_return_custody, 'left')
        self.visit._leave()
        self.assertEqual(self.visit.state, 'left')

    def test_belongings_checked_at_the_exit(self):
        """R-PROC-22: compared with the signed list before the car leaves."""
        self.visit.write({'box_no': '7', 'belonging_ids': [Command.create({'name': "Umbrella"})]})
        self._prove_gate('belongings_recheck', 'REC-23', self.visit.action_recheck_belongings, 'left')
        self.assertEqual(self.visit.belonging_ids.recheck_state, 'ok')

    def test_all_reasons_come_at_once_and_nothing_is_asked_of_inquiries(self):
        """R-PROC-21: one refusal names every missing step; a visitor without car is asked for none of them."""
        sheet = self.visit._create_check_in()
        for gate in ('check_in_photos', 'belongings_list', 'key_registered', 'odometer_recorded'):
            self._set_gate(gate, 'block')
        with self.assertRaises(UserError) as caught:
            sheet._finish()
        for code in ('REC-11', 'REC-12', 'REC-16', 'REC-26'):
            self.assertIn(code, str(caught.exception))
        self.assertEqual(sheet.action_finish()['res_model'], 'aftersales.gate.wizard')
        for blocker in self.visit._blockers('checked_in')[self.visit]:
            self.assertTrue(blocker.cure['action']['res_model'])
        inquiry = self._make_visit(visit_type='inquiry')
        self.assertFalse(inquiry._blockers('checked_in')[inquiry])


class TestCheckInSheet(CheckInCase):
    """The sheet itself: template, results, freezing, print."""

    def test_complete_intake_of_a_large_shop(self):
        """R-PROC-21, R-PROC-27: with the large shop's defaults everything done means finished, nothing overridden."""
        self.company.action_aftersales_apply_defaults('large')
        sheet = self._check_in_completely(self.visit)
        sheet.action_finish()
        self.assertRecordValues(sheet, [{'state': 'done', 'done_by_id': self.advisor.id}])
        self.assertTrue(self.visit.is_checked_in)
        self.assertIn(self.visit, self.visit.search([('is_checked_in', '=', True)]))

    def test_small_shop_is_not_punished(self):
        """R-PROC-21: a small shop finishes with key, mileage and nothing else; the rest are warnings in the history."""
        self.company.action_aftersales_apply_defaults('small')
        sheet = self.visit._create_check_in()
        self.visit.write({'odometer': 12000, 'custody_ids': [Command.create({'kind': 'key'})]})
        sheet._finish()
        self.assertEqual(sheet.state, 'done')

    def test_finished_sheet_is_frozen(self):
        """R-PROC-21: what the customer signed cannot be changed; reopening drops his signature."""
        sheet = self._check_in_completely(self.visit)
        sheet.damage_ids = [Command.create({'zone': 'left', 'photo': self.PIXEL})]
        sheet._finish()
        for change in (
            lambda: sheet.write({'fuel_level': 'full'}),
            lambda: sheet.write({'damage_ids': [Command.create({'zone': 'right'})]}),
            lambda: sheet.damage_ids.write({'note': "bigger"}),
            lambda: sheet.damage_ids.unlink(),
            lambda: sheet.line_ids[0].write({'result': 'now'}),
            lambda: sheet.photo_ids[0].write({'image': self.PIXEL}),
            lambda: sheet.photo_ids[0].unlink(),
            lambda: self.visit.write({'belonging_ids': [Command.create({'name': "Laptop"})]}),
            lambda: sheet.unlink(),
        ):
            with self.assertBlocked('REC-20', UserError), self.env.cr.savepoint():
                change()
        with self.assertBlocked('BAS-01'):
            sheet.state = 'draft'
        sheet.damage_ids.is_claimed = True  # said when the car is collected
        sheet.action_reopen()
        self.assertRecordValues(sheet, [{'state': 'draft', 'signature': False, 'signed_at': False}])
        sheet.fuel_level = 'full'

    def test_reopening_ends_when_the_car_has_left(self):
        """R-PROC-21: evidence of the condition stays as it was signed."""
        sheet = self._check_in_completely(self.visit)
        sheet._finish()
        self.visit.action_return_custody()
        self.visit.action_return_gate_card()
        self.visit._leave()
        with self.assertBlocked('REC-20'):
            sheet.action_reopen()

    def test_template_by_model_group_and_mileage(self):
        """R-PROC-27, R-CON-18: the car's group before all cars, then the highest tier reached; texts are data."""
        Template = self.env['aftersales.check.in.template']
        general = self.env.ref('aftersales_service.check_in_template_pre_check')
        from_60 = self.env.ref('aftersales_service.check_in_template_pre_check_60000')
        self.assertEqual(Template._find('pre_check', self.car, 59999, self.company), general)
        self.assertEqual(Template._find('pre_check', self.car, 60000, self.company), from_60)
        self.car._record_odometer(70000)
        self.assertEqual(Template._find('pre_check', self.car, 0, self.company), from_60, "last reading counts")
        group = self.env['aftersales.vehicle.model.group'].create({'name': "Electric"})
        own = Template.create({
            'name': "Electric pre-check", 'kind': 'pre_check', 'model_group_ids': [Command.link(group.id)],
            'covers_pieces': 4, 'line_ids': [Command.create({'name': "High-voltage cables", 'is_safety': True})]})
        self.assertEqual(Template._find('pre_check', self.car, 70000, self.company), from_60)
        self.car.model_id = self._any_model()
        self.car.model_id.model_group_id = group
        self.assertEqual(Template._find('pre_check', self.car, 70000, self.company), own)
        sheet = self.visit._create_check_in('pre_check')
        self.assertEqual(sheet.line_ids.mapped('name'), ["High-voltage cables"])
        self.assertEqual(sheet.covers_pieces, 4)
        own.line_ids.name = "Orange cables"
        self.assertEqual(sheet.line_ids.name, "High-voltage cables", "a sheet keeps what was looked at")

    def test_results_feed_recommendations(self):
        """R-PROC-27, R-DOC-11: ok / soon / now per item; due ones recommended, urgent and safety first."""
        item = self.env['aftersales.labour.item'].create({'name': "Replace brake pads", 'code': 'BP', 'book_hours': 1})
        sheet = self.visit._create_check_in('pre_check')
        self.assertEqual(sheet.template_id, self.env.ref('aftersales_service.check_in_template_pre_check'))
        wipers, pads = (
            sheet.line_ids.filtered(lambda line, name=name: name in line.name) for name in ("Wipers", "Brake pads"))
        wipers.write({'result': 'now', 'note': "torn"})
        pads.write({'result': 'now', 'note': "2 mm", 'labour_item_id': item.id})
        sheet.line_ids[0].action_soon()
        sheet.action_all_ok()
        self.assertRecordValues(sheet, [{'now_count': 2, 'soon_count': 1, 'open_count': 0}])
        recommended = self.visit._recommendations()
        self.assertEqual([(line['name'], line['result']) for line in recommended], [
            (pads.name, 'now'), (wipers.name, 'now'), (sheet.line_ids[0].name, 'soon')])
        self.assertEqual(
            (recommended[0]['labour_item_id'], recommended[0]['is_safety'], recommended[0]['note']),
            (item.id, True, "2 mm"))
        sheet.action_finish()
        self.assertEqual(sheet.state, 'done', "a pre-check needs no walk-round")

    def test_sheets_print(self):
        """R-DOC-01, R-DOC-11, R-PROC-21: basic data, request, walk-round, damage, belongings; two copies."""
        sheet = self._check_in_completely(self.visit)
        sheet.write({
            'lamp_ids': [Command.link(self.env.ref('aftersales_service.lamp_airbag').id)],
            'function_state': "Wipers do not park",
            'damage_ids': [Command.create({'zone': 'left', 'damage_type': 'dent', 'note': "door", 'photo': self.PIXEL})],
        })
        render = self.env['ir.actions.report'].with_user(self.advisor)._render_qweb_html
        html = str(render('aftersales_service.report_check_in_document', sheet.ids)[0], 'utf-8')
        for text in ('京A12345', self.car.vin, "squeaks when braking", "Wipers do not park", "Airbag", "Dent", "door",
                     "Customer's copy", "Workshop's copy", f'G{self.visit.id}', 'data:image/png', '13812345678'):
            self.assertIn(text, html)
        pre_check = self.visit._create_check_in('pre_check')
        pre_check.line_ids[0].result = 'soon'
        html = str(render('aftersales_service.report_pre_check_document', pre_check.ids)[0], 'utf-8')
        self.assertIn(pre_check.line_ids[0].name, html)
        self.assertIn("Recommended soon", html)

    def test_belongings_list_prints_at_intake_and_exit(self):
        """R-FORM-14: objects, quantity, box, signature; at the exit how they were found."""
        self.visit.write({'box_no': '7', 'belonging_ids': [Command.create({'name': "Umbrella", 'quantity': 3})]})
        self.visit._recheck_belongings({self.visit.belonging_ids: ('missing', "one of three")})
        html = str(self.env['ir.actions.report']._render_qweb_html(
            'aftersales_service.report_belongings_document', self.visit.ids)[0], 'utf-8')
        for text in ("Umbrella", "Missing", "one of three", '>7<'):
            self.assertIn(text, html)

    def test_difference_at_the_exit_goes_to_the_manager(self):
        """R-PROC-22: missing or damaged things are told to the service manager at once."""
        manager = self._role('service_manager')
        self.company.aftersales_service_manager_id = manager
        self.visit.write({'box_no': '7', 'belonging_ids': [
            Command.create({'name': "Umbrella"}), Command.create({'name': "Dash camera"})]})
        umbrella, camera = self.visit.belonging_ids
        umbrella.action_ok()
        self.assertFalse(self.visit.belongings_rechecked_at)
        camera.action_damaged()
        self.assertTrue(self.visit.belongings_rechecked_at)
        self.assertIn("Dash camera", self.visit.activity_ids.filtered(
            lambda activity: activity.user_id == manager).summary)
        with self.assertBlocked('BAS-01'):
            camera.recheck_state = 'ok'

    def test_guard_and_technician_write_no_sheet(self):
        sheet = self.visit._create_check_in()
        for role in ('technician', 'gate_guard'):
            with self.assertRaises(AccessError):
                sheet.with_user(self._role(role)).write({'fuel_level': 'full'})


class TestCustody(CheckInCase):
    """Keys and papers: number, hook, holder, stamp, return."""

    def test_key_numbers_are_unique_while_the_car_is_inside(self):
        """R-PROC-23: the next free number is given; a number in use is refused, a returned one is free again."""
        self.visit.custody_ids = [
            Command.create({'kind': 'key', 'hook': 'A1'}), Command.create({'kind': 'key', 'name': "spare"})]
        self.assertEqual(self.visit.custody_ids.mapped('number'), ['1', '2'])
        self.assertEqual(self.visit.key_count, 2)
        other = self._make_visit(self._make_car('京A00002'))
        with self.assertBlocked('REC-19', UserError):
            other.custody_ids = [Command.create({'kind': 'key', 'number': '2'})]
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            # What the second desk gets when both save at once: the database is the judge.
            self.env.cr.execute(
                "INSERT INTO aftersales_custody (visit_id, company_id, kind, number) VALUES (%s, %s, 'key', '2')",
                [other.id, self.company.id])
        self.visit.custody_ids[0]._return()
        other.custody_ids = [Command.create({'kind': 'key'})]
        self.assertEqual(other.custody_ids.number, '1')

    def test_who_holds_the_key(self):
        """R-PROC-23: hook and holder now, and everybody who had it before; the history is never rewritten."""
        self.visit.custody_ids = [Command.create({'kind': 'key', 'hook': 'A1'})]
        key = self.visit.custody_ids
        with self.assertBlocked('REC-28'):
            key.action_take()
        me = self._make_employee("Advisor Hu", self.advisor)
        driver = self._make_employee("Driver Qian")
        key.action_take()
        key._hand_to(driver)
        key._hand_to(False, 'A2')
        self.assertEqual((key.holder_id, key.hook), (self.env['hr.employee'], 'A2'))
        self.assertEqual(
            [(row.holder_id.id, row.hook) for row in key.holder_ids.sorted('id')],
            [(me.id, 'A1'), (driver.id, 'A1'), (False, 'A2')])
        with self.assertBlocked('BAS-01'):
            key.holder_ids[0].sudo().write({'hook': 'B9'})
        with self.assertBlocked('REC-33'):
            key.holder_ids.sudo().unlink()

    def test_handbook_is_stamped_and_returned(self):
        """R-PROC-25: received, stamped, returned, by whom and when; once."""
        self.visit.driver_name = "Mr Wang"
        self.visit.custody_ids = [Command.create({'kind': 'handbook'})]
        handbook = self.visit.custody_ids
        self.assertRecordValues(handbook, [{'received_by_id': self.advisor.id, 'returned_at': False}])
        handbook._stamp()
        handbook.action_return()
        self.assertRecordValues(handbook, [{
            'stamped_by_id': self.advisor.id, 'returned_by_id': self.advisor.id, 'returned_to': "Mr Wang"}])
        with self.assertBlocked('REC-28'):
            handbook._return()
        with self.assertBlocked('REC-33'):
            handbook.unlink()
        with self.assertBlocked('BAS-01'):
            handbook.returned_at = False

    def test_gate_card_is_out_once(self):
        """R-DOC-05: a card that is out with another car cannot be given away twice."""
        self.visit.gate_card_no = '9'
        other = self._make_visit(self._make_car('京A00002'))
        with self.assertBlocked('REC-34', UserError):
            other.gate_card_no = '9'
        self.env.flush_all()
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE aftersales_visit SET gate_card_no = '9' WHERE id = %s", [other.id])
        self.visit.action_return_gate_card()
        other.gate_card_no = '9'
        self.env.flush_all()
        self.assertFalse(other.gate_card_returned_at)


class TestBatchIntake(AftersalesCommon):
    """Several cars of one customer at once."""

    def _wizard(self, text, **values):
        return self.env['aftersales.visit.batch.wizard'].with_user(self._role('advisor')).create({
            'partner_id': self.customer.id, 'text': text, **values})

    def test_fleet_comes_with_known_and_new_cars(self):
        """R-PROC-15, R-PROC-19: pasted plates and VINs, known cars recognised, new ones get a file, doubles once."""
        known = self._make_car('京A12345')
        calls = []
        Visit = type(self.env['aftersales.visit'])
        self.patch(Visit, '_after_batch_intake', lambda self, visits: calls.append(visits.ids))
        wizard = self._wizard("京a·12345 52000\n沪BD12345\nLSVAA49J132047371\n京A12345", request="Winter check")
        self.assertEqual(wizard.line_ids.mapped('vehicle_id'), known)
        self._set_gate('vin_check', 'off')
        action = wizard.action_create()
        visits = self.env['aftersales.visit'].browse(action['domain'][0][2])
        self.assertEqual(calls, [visits.ids])
        self.assertEqual(len(visits), 3)
        self.assertEqual(set(visits.mapped('state')), {'inside'})
        self.assertEqual(set(visits.mapped('profile_id.code')), {'fleet'})
        self.assertEqual(visits.partner_id, self.customer)
        self.assertEqual(known.odometer, 52000)
        self.assertEqual(visits.vehicle_id.mapped('partner_id'), self.customer)

    def test_wrong_lines_are_named_before_anything_happens(self):
        """R-PROC-19: a word that is neither plate nor VIN, and a car that is inside, are refused by name."""
        self._make_visit(self._make_car('京A12345'))
        wizard = self._wizard("京A12345\nhello\n沪BD12345")
        with self.assertRaises(UserError) as caught:
            wizard.action_create()
        for text in ('REC-27', '京A12345', 'HELLO'):
            self.assertIn(text, str(caught.exception))
        self.assertNotIn('沪BD12345', str(caught.exception))
        wizard.line_ids.filtered('problem').unlink()
        wizard.action_create()
        with self.assertBlocked('REC-27'):
            self._wizard(" \n ").action_create()

    def test_announced_cars_are_expected(self):
        wizard = self._wizard("沪BD12345", is_arrival=False)
        visits = self.env['aftersales.visit'].browse(wizard.action_create()['domain'][0][2])
        self.assertEqual(visits.state, 'expected')
        visits._arrive(fields.Datetime.now() - timedelta(minutes=1))
        self.assertEqual(visits.state, 'inside')
