from odoo.tests import Form

from ..common import AftersalesCommon

ACTIONS = (
    'aftersales_appointment_action', 'aftersales_appointment_action_today', 'aftersales_appointment_action_register',
    'aftersales_appointment_action_calls', 'aftersales_vehicle_action_due', 'aftersales_visit_action',
    'aftersales_visit_action_where', 'aftersales_visit_action_queue', 'aftersales_visit_action_gate',
    'aftersales_visit_exit_action', 'aftersales_check_in_action', 'aftersales_custody_action',
)


class TestViews(AftersalesCommon):
    """Every screen of the room opens for the people who use it, and its lists cost no query per record."""

    def test_screens_open_for_each_role(self):
        """R-PROC-12, R-PROC-17: boards, queue, calendar and lists open with their records for every role that sees them."""
        car = self._make_car()
        visit = self._make_visit(car)
        self._make_appointment(car)
        visit._create_check_in()
        for role in ('receptionist', 'advisor', 'gate_guard', 'technician', 'dispatcher', 'report_reader'):
            env = self.env(user=self._role(role), context={'allowed_company_ids': self.company.ids})
            for name in ACTIONS:
                action = env['ir.actions.act_window']._for_xml_id(f'aftersales_service.{name}')
                model = env[action['res_model']]
                views = model.get_views([view for view in action['views'] if view[1] != 'form'])
                shown = set(views['models'][model._name]['fields'])
                model.search([], limit=5).read(sorted(shown & set(model._fields)))

    def test_forms_fill_in(self):
        """R-PROC-22, R-PROC-23: the sheet at the car takes belongings, keys and lamps in one screen."""
        visit = self._make_visit(self._make_car()).with_user(self._role('advisor'))
        sheet = visit._create_check_in()
        with Form(sheet) as form:
            form.covers_fitted = True
            form.battery_level = 80
            with form.belonging_ids.new() as belonging:
                belonging.name = "Umbrella"
            form.box_no = '7'
            with form.custody_ids.new() as key:
                key.hook = 'A1'
            form.odometer = 12345
            with form.damage_ids.new() as damage:
                damage.zone = 'rear'
        self.assertRecordValues(visit, [{'box_no': '7', 'odometer': 12345, 'key_count': 1}])
        self.assertEqual((visit.belonging_ids.name, visit.custody_ids.number), ("Umbrella", '1'))
        self.assertEqual(visit.vehicle_id.odometer, 12345)
        with Form(self.env['aftersales.visit.exit'].with_user(self._role('advisor')).with_context(
                default_visit_id=visit.id)) as form:
            form.driver_name = "Mr Wang"
            form.purpose = 'customer'
        self.assertEqual(visit.exit_ids.state, 'planned')

    def test_lists_cost_the_same_for_one_and_for_many(self):
        """R-PROC-17: queue positions, free hours, exits and counts are computed in batch."""
        cars = [self._make_car(f'京F{number:05d}') for number in range(12)]
        for number, car in enumerate(cars):
            visit = self._make_visit(car)
            self._make_appointment(car)
            if number % 3 == 0:
                visit._temporary_exit(
                    'customer', due_back=visit.arrived_at.replace(year=2030))
        names = {
            'aftersales.visit': [
                'display_name', 'queue_position', 'inside_hours', 'is_exit_overdue', 'exit_due_back', 'key_count',
                'check_in_count', 'is_checked_in', 'photo_count', 'location', 'recognised_note'],
            'aftersales.appointment': ['display_name', 'day_free_hours', 'day_capacity_hours', 'color', 'state'],
        }
        for model, fields in names.items():
            records = self.env[model].search([], order='id')
            records[:1].read(fields)
            counts = []
            for some in (records[:2], records[:12]):
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                some.read(fields)
                counts.append(self.cr.sql_log_count - before)
            self.assertLessEqual(counts[1], counts[0], f"{model}: {counts}")
