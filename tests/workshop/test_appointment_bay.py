from datetime import timedelta

from odoo import fields

from ..common import AftersalesCommon
from ..concurrency import AftersalesConcurrencyCase


class TestAppointmentBay(AftersalesCommon):
    """An appointment keeps a bay for its hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_workshop()
        cls.env['aftersales.bay'].search([('id', '!=', cls.bay.id), ('company_id', '=', cls.company.id)]).active = False
        cls.advisor = cls._role('advisor')
        cls.start = cls.company._aftersales_moment(cls.company._aftersales_today() + timedelta(days=1)) + timedelta(hours=10)

    def _appointment(self, plate, start=None, hours=2.0, **values):
        return self._make_appointment(
            self._make_car(plate), start or self.start, planned_hours=hours, **values).with_user(self.advisor)

    def test_confirming_keeps_a_free_bay(self):
        """R-PROC-10, R-PROC-06: the bay is chosen and kept; the next car at that time gets another one."""
        other = self.env['aftersales.bay'].create({'name': "Bay 4", 'company_id': self.company.id})
        wash = self.env['aftersales.bay'].create({'name': "Wash", 'kind': 'wash', 'company_id': self.company.id})
        first, second, third = (self._appointment(plate) for plate in ('京B10001', '京B10002', '京B10003'))
        (first | second)._confirm()
        self.assertEqual((first.bay_id, second.bay_id), (self.bay, other))
        self._set_gate('appointment_bay', 'block')
        with self.assertBlocked('WRK-86'):
            third._confirm()
        self.assertNotEqual(third.bay_id, wash, "nobody repairs a car in the car wash")
        third.start_at = self.start + timedelta(hours=2)
        third._confirm()
        self.assertEqual(third.bay_id, self.bay, "one ends when the other begins")
        # What is given back is free again.
        first._cancel(self._reason('cancel'))
        fourth = self._appointment('京B10004')
        fourth._confirm()
        self.assertEqual(fourth.bay_id, self.bay)

    def test_off_keeps_nothing_by_itself(self):
        """R-PROC-10: at off the bay stays as it was chosen, empty too."""
        self._set_gate('appointment_bay', 'off')
        appointment = self._appointment('京B10001')
        appointment._confirm()
        self.assertFalse(appointment.bay_id)

    def test_a_taken_bay_is_refused_or_not_as_the_gate_says(self):
        """R-PROC-10, R-PROC-06: two cars in one bay at one time, at block and at off, by confirming and by moving."""
        self._appointment('京B10001', bay_id=self.bay.id)._confirm()
        second = self._appointment('京B10002', self.start + timedelta(hours=1), bay_id=self.bay.id)
        self.assertIn('京B10001', second.bay_clash)
        self._set_gate('appointment_bay_clash', 'block')
        with self.assertBlocked('WRK-87'):
            second._confirm()
        third = self._appointment('京B10003', self.start + timedelta(hours=4), bay_id=self.bay.id)
        third._confirm()
        for change in ({'start_at': self.start}, {'start_at': self.start - timedelta(hours=3), 'planned_hours': 5.0}):
            with self.assertBlocked('WRK-87'), self.env.cr.savepoint():
                third.write(change)
        self._set_gate('appointment_bay_clash', 'off')
        second._confirm()
        self.assertEqual(second.state, 'confirmed')

    def test_work_in_the_bay_counts_until_it_is_due(self):
        """R-PROC-10: a car that stands there tomorrow at ten leaves no room for another; the own order's work does."""
        self._make_labour_rate()
        order = self._make_signed_order(
            labour=[self._make_labour_item(book_hours=2.0)], promised_at=self.start + timedelta(hours=1))
        operation = self._dispatch(order)
        self._set_gate('appointment_bay_clash', 'block')
        appointment = self._appointment('京B10001', bay_id=self.bay.id)
        self.assertEqual(appointment.bay_clash, order.license_plate)
        with self.assertBlocked('WRK-87'):
            appointment._confirm()
        operation._guarded().due_at = self.start - timedelta(minutes=30)
        appointment._confirm()
        self.assertEqual(appointment.state, 'confirmed')

    def test_the_kept_bay_shows_on_the_board_and_is_proposed(self):
        """R-PROC-10, R-PROC-57: the board of that day shows it; dispatching the car proposes it."""
        item = self._make_labour_item(book_hours=1.0)
        self._make_labour_rate()
        appointment = self._appointment('京B10001', line_ids=[fields.Command.create(
            {'kind': 'labour', 'labour_item_id': item.id, 'name': item.name})])
        appointment._confirm()
        board = self.env['aftersales.workshop.board'].with_user(self._role('dispatcher'))
        [bay] = board.get_board_data(fields.Date.to_string(self.start.date()))['bays']
        self.assertEqual([kept['plate'] for kept in bay['kept']], [appointment.license_plate])
        visit = appointment._arrive()
        order = visit._create_order().with_env(self.env)
        order.promised_at = fields.Datetime.now() + timedelta(hours=4)
        self.assertEqual(order._kept_bay(), self.bay)
        self._approve(order)
        action = order.with_user(self._role('dispatcher')).action_dispatch()
        wizard = self.env[action['res_model']].with_context(action['context']).create({})
        self.assertEqual(wizard.bay_id, self.bay)
        self._set_gate('handover_stamp', 'off')
        self._set_gate('mandatory_data', 'off')
        operations = order._dispatch(technicians=self.tech, due_at=fields.Datetime.now() + timedelta(hours=2))
        self.assertEqual(operations.bay_id, self.bay)


class TestTwoReceptionists(AftersalesConcurrencyCase):
    """Two desks promise the last bay at the same second."""

    def test_the_bay_goes_to_one_of_them(self):
        """R-PROC-10: the second one is told who has it; nothing is kept twice."""
        with self.committed() as env:
            gate = env['aftersales.profile.gate'].search(
                [('company_id', '=', self.company.id), ('code', '=', 'appointment_bay_clash')])
            self.assertEqual(gate.level, 'block', "the large shop's default")
            bay = env['aftersales.bay'].create({'name': "Only bay", 'company_id': self.company.id})
            appointments = [
                self._make_appointment(self._make_car(plate), bay_id=bay.id, planned_hours=1.0).id
                for plate in ('京B20001', '京B20002')
            ]

        def confirm(appointment_id):
            return lambda env: env['aftersales.appointment'].browse(appointment_id)._confirm()

        results = self.race(*map(confirm, appointments))
        self.assertEqual(sorted(result is True for result in results), [False, True], results)
        self.assertIn('WRK-87', str(next(result for result in results if result is not True)))
