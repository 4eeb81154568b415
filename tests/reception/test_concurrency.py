import threading

from odoo import api
from odoo.exceptions import ValidationError
from odoo.service.model import retrying
from odoo.tools import mute_logger

from ..common import AftersalesCommon


class TestTwoDesks(AftersalesCommon):
    """Two people, two database connections, one car. What they see must be committed, so it is made and removed here."""

    def setUp(self):
        super().setUp()
        self.connections = []
        env = self._desk()
        company = env['res.company'].search([], limit=1)
        self.vehicle = env['aftersales.vehicle'].create({
            'license_plate': '京Z00001', 'company_id': company.id, 'plate_kind': 'blue'})
        self.visits = env['aftersales.visit'].create([
            {'vehicle_id': self.vehicle.id, 'company_id': company.id, 'license_plate': '京Z00001'} for _desk in range(2)])
        env.cr.commit()
        self.addCleanup(self._clean_up)

    def _desk(self):
        """Open a connection of its own, as another request would have."""
        cursor = self.registry.cursor()
        self.connections.append(cursor)
        return api.Environment(cursor, api.SUPERUSER_ID, {})

    def _clean_up(self):
        for cursor in self.connections:
            cursor.rollback()
        cursor = self.connections[0]
        models = {
            'aftersales.visit': self.visits.ids, 'aftersales.vehicle': self.vehicle.ids,
        }
        for model, ids in models.items():
            cursor.execute(
                "DELETE FROM mail_tracking_value WHERE mail_message_id IN "
                "(SELECT id FROM mail_message WHERE model = %s AND res_id = ANY(%s))", [model, ids])
            cursor.execute("DELETE FROM mail_message WHERE model = %s AND res_id = ANY(%s)", [model, ids])
            cursor.execute("DELETE FROM mail_followers WHERE res_model = %s AND res_id = ANY(%s)", [model, ids])
        cursor.execute("DELETE FROM aftersales_custody WHERE visit_id = ANY(%s)", [self.visits.ids])
        cursor.execute("DELETE FROM aftersales_visit WHERE id = ANY(%s)", [self.visits.ids])
        cursor.execute("DELETE FROM aftersales_vehicle_odometer WHERE vehicle_id = %s", [self.vehicle.id])
        cursor.execute("DELETE FROM aftersales_vehicle WHERE id = %s", [self.vehicle.id])
        cursor.commit()
        for cursor in self.connections:
            cursor.close()

    def _race(self, first, second):
        """Let the first desk do its work, the second begin the same, then the first save.

        :return: what the second one is told, or None when it was let through.
        """
        env_1, env_2 = self._desk(), self._desk()
        told = []

        def other_desk():
            try:
                retrying(lambda: second(env_2), env_2)
            except Exception as error:  # noqa: BLE001 - whatever the user would be shown
                told.append(error)

        first(env_1)
        thread = threading.Thread(target=other_desk)
        with mute_logger('odoo.sql_db', 'odoo.service.model'):
            thread.start()
            thread.join(2)  # it waits for the first desk's row
            env_1.cr.commit()
            thread.join(30)
        self.assertFalse(thread.is_alive())
        return told[0] if told else None

    def test_one_car_arrives_once(self):
        """R-PROC-15: two desks register the same car in the same second: one visit, the other one is told REC-01."""
        first, second = self.visits.ids

        def arrive(visit_id):
            return lambda env: env['aftersales.visit'].browse(visit_id)._arrive()

        error = self._race(arrive(first), arrive(second))
        self.assertIsInstance(error, ValidationError)
        self.assertIn('REC-01', str(error))
        cursor = self._desk().cr
        cursor.execute("SELECT state FROM aftersales_visit WHERE id = ANY(%s) ORDER BY id", [self.visits.ids])
        self.assertEqual(cursor.fetchall(), [('inside',), ('expected',)])

    def test_one_key_number_is_given_once(self):
        """R-PROC-23: two desks hang up a key in the same second: each gets its own number, or is told REC-19."""
        first, second = self.visits.ids

        def hang_up(visit_id):
            return lambda env: (
                env['aftersales.custody'].create({'visit_id': visit_id, 'kind': 'key', 'number': 'T-9'}),
                env.flush_all())

        error = self._race(hang_up(first), hang_up(second))
        self.assertIn('REC-19', str(error))
        cursor = self._desk().cr
        cursor.execute("SELECT count(*) FROM aftersales_custody WHERE visit_id = ANY(%s)", [self.visits.ids])
        self.assertEqual(cursor.fetchone(), (1,))
