import threading

from odoo import api, fields
from odoo.service.model import retrying
from odoo.tools import SQL, mute_logger

from ..common import AftersalesCommon


class TestTwoPhones(AftersalesCommon):
    """Two people press at the same second, on two database connections. What they see is committed and removed here."""

    def setUp(self):
        super().setUp()
        self.connections = []
        env = self._desk()
        company = env['res.company'].search([], limit=1)
        self.people = env['hr.employee'].create(
            [{'name': name, 'company_id': company.id} for name in ("Racer One", "Racer Two")]
        )
        vehicle = env['aftersales.vehicle'].create(
            {'license_plate': '京Z00002', 'company_id': company.id, 'plate_kind': 'blue'}
        )
        self.order = env['aftersales.repair.order'].create(
            {
                'vehicle_id': vehicle.id,
                'company_id': company.id,
                'profile_id': company._aftersales_profile('tow_in').id,
                'promised_at': fields.Datetime.add(fields.Datetime.now(), hours=4),
            }
        )
        self.vehicle = vehicle
        job = self.order._add_job("Rattles")
        self.operations = env['aftersales.operation'].browse()
        for _index in range(2):
            self.operations |= (
                env['aftersales.operation']
                .with_context(mail_create_nolog=True)
                ._guarded()
                .create(
                    {
                        'order_id': self.order.id,
                        'job_id': job.id,
                        'name': "Look",
                        'kind': 'diagnose',
                        'technician_ids': [(6, 0, self.people.ids)],
                        'dispatched_at': fields.Datetime.now(),
                        'accepted_at': fields.Datetime.now(),
                    }
                )
            )
        env.cr.commit()
        self.addCleanup(self._clean_up)

    def _desk(self):
        cursor = self.registry.cursor()
        self.connections.append(cursor)
        return api.Environment(cursor, api.SUPERUSER_ID, {})

    def _clean_up(self):
        for cursor in self.connections:
            cursor.rollback()
        cursor = self.connections[0]
        ids = self.operations.ids
        cursor.execute(
            "DELETE FROM aftersales_labour_audit WHERE time_id IN "
            "(SELECT id FROM aftersales_labour_time WHERE operation_id = ANY(%s))",
            [ids],
        )
        cursor.execute("DELETE FROM aftersales_labour_time WHERE operation_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM aftersales_operation WHERE id = ANY(%s)", [ids])
        cursor.execute(
            "DELETE FROM aftersales_repair_share WHERE job_id IN (SELECT id FROM aftersales_repair_job WHERE order_id = %s)",
            [self.order.id],
        )
        cursor.execute("DELETE FROM aftersales_repair_job WHERE order_id = %s", [self.order.id])
        cursor.execute("DELETE FROM aftersales_repair_payer WHERE order_id = %s", [self.order.id])
        cursor.execute("DELETE FROM aftersales_repair_order WHERE id = %s", [self.order.id])
        cursor.execute("DELETE FROM aftersales_vehicle WHERE id = %s", [self.vehicle.id])
        cursor.execute(SQL("DELETE FROM hr_version WHERE employee_id IN %s", tuple(self.people.ids)))
        resources = self.people.resource_id.ids
        cursor.execute(SQL("UPDATE hr_employee SET current_version_id = NULL WHERE id IN %s", tuple(self.people.ids)))
        cursor.execute(SQL("DELETE FROM hr_employee WHERE id IN %s", tuple(self.people.ids)))
        cursor.execute(SQL("DELETE FROM resource_resource WHERE id IN %s", tuple(resources)))
        for model, records in (
            ('aftersales.repair.order', self.order),
            ('aftersales.vehicle', self.vehicle),
            ('hr.employee', self.people),
        ):
            cursor.execute(
                "DELETE FROM mail_tracking_value WHERE mail_message_id IN "
                "(SELECT id FROM mail_message WHERE model = %s AND res_id = ANY(%s))",
                [model, records.ids],
            )
            cursor.execute("DELETE FROM mail_message WHERE model = %s AND res_id = ANY(%s)", [model, records.ids])
            cursor.execute("DELETE FROM mail_followers WHERE res_model = %s AND res_id = ANY(%s)", [model, records.ids])
        cursor.commit()
        for cursor in self.connections:
            cursor.close()

    def _race(self, first, second):
        """Let the first phone work, the second begin the same, then the first save; return what the second is told."""
        env_1, env_2 = self._desk(), self._desk()
        told = []

        def other_phone():
            try:
                retrying(lambda: second(env_2), env_2)
            except Exception as error:  # noqa: BLE001 - whatever the user would be shown
                told.append(error)

        first(env_1)
        env_1.flush_all()
        thread = threading.Thread(target=other_phone)
        with mute_logger('odoo.sql_db', 'odoo.service.model'):
            thread.start()
            thread.join(2)  # it waits for the first one's row
            env_1.cr.commit()
            thread.join(30)
        self.assertFalse(thread.is_alive())
        return told[0] if told else None

    def _start(self, operation, person):
        return lambda env: env['aftersales.operation'].browse(operation.id)._start(env['hr.employee'].browse(person.id))

    def _open_clocks(self):
        cursor = self._desk().cr
        cursor.execute(
            "SELECT employee_id, operation_id FROM aftersales_labour_time "
            "WHERE stop IS NULL AND operation_id = ANY(%s) ORDER BY 1, 2",
            [self.operations.ids],
        )
        return cursor.fetchall()

    def test_one_person_on_two_operations(self):
        """R-PROC-60: one person presses start on two operations at the same second: one clock, the other is told WRK-20."""
        person = self.people[0]
        error = self._race(self._start(self.operations[0], person), self._start(self.operations[1], person))
        self.assertIn('WRK-20', str(error))
        self.assertEqual(self._open_clocks(), [(person.id, self.operations[0].id)])

    def test_two_people_on_one_operation(self):
        """R-PROC-60: two technicians start on the same operation at the same second: both clocks run."""
        error = self._race(
            self._start(self.operations[0], self.people[0]), self._start(self.operations[0], self.people[1])
        )
        self.assertIsNone(error)
        self.assertEqual(self._open_clocks(), [(person.id, self.operations[0].id) for person in self.people])

    def test_two_corrections_do_not_overlap(self):
        """R-PROC-60: two leaders correct two stretches of one person into the same hour: the second is refused WRK-22."""
        env = self._desk()
        now = fields.Datetime.now()
        Time = env['aftersales.labour.time']._guarded()
        times = Time.create(
            [
                {
                    'employee_id': self.people[0].id,
                    'operation_id': operation.id,
                    'start': fields.Datetime.subtract(now, hours=start),
                    'stop': fields.Datetime.subtract(now, hours=start - 1),
                }
                for operation, start in zip(self.operations, (8, 4), strict=True)
            ]
        )
        reason_id = env['aftersales.reason'].search([('kind', '=', 'clock')], limit=1).id
        env.cr.commit()

        def correct(index, start, stop):
            def call(other):
                other['aftersales.labour.time'].browse(times[index].id)._correct(
                    fields.Datetime.subtract(now, hours=start),
                    fields.Datetime.subtract(now, hours=stop),
                    other['aftersales.reason'].browse(reason_id),
                )

            return call

        error = self._race(correct(0, 7, 5), correct(1, 6, 3))
        self.assertIn('WRK-22', str(error))
