from odoo import fields
from odoo.exceptions import UserError

from ..tours.common import PIXEL, DeskFactory


class TestDeskAdvisor(DeskFactory):
    """*My cars today* without a browser."""

    @property
    def desk(self):
        return self.env['aftersales.desk.advisor'].with_user(self.advisor)

    def test_a_walk_in_is_one_call(self):
        """R-PROC-19, R-PROC-21, R-PROC-47: one sheet registers the car, its key, its photo, the order and the consent."""
        order = self._walk_in()
        visit = order.visit_id
        self.assertRecordValues(
            order,
            [
                {
                    'license_plate': '苏E7H30N',
                    'partner_name': "Ms Shen",
                    'profile_code': 'express',
                    'advisor_id': self.advisor.id,
                    'customer_place': 'waiting',
                    'estimate_method': 'item',
                }
            ],
        )
        self.assertIn(order.state, ('authorised', 'in_progress'))
        self.assertTrue(order.job_ids.is_approved)
        self.assertEqual(order.estimate_ids.signed_by, "Ms Shen")
        self.assertGreater(order.promised_at, fields.Datetime.now())
        self.assertRecordValues(
            visit, [{'state': 'inside', 'no_belongings': True, 'key_count': 1, 'odometer': 46812, 'photo_count': 1}]
        )
        self.assertTrue(visit.is_checked_in)
        self.assertEqual(visit.vehicle_id.partner_id, order.partner_id)

    def test_the_customers_words_are_said_once(self):
        """Words beside a package explain it; alone they are a job whose price is to be confirmed."""
        order = self._walk_in(words="It squeaks")
        self.assertRecordValues(order.job_ids, [{'name': "Small service", 'symptom': "It squeaks"}])
        order = self._walk_in('苏E7H31N', package_ids=[], words="It squeaks")
        self.assertRecordValues(order.job_ids, [{'name': "It squeaks", 'is_price_open': True}])

    def test_a_walk_in_needs_signature_and_work(self):
        """R-PROC-48: nothing is taken in without a signature or without anything to do."""
        with self.assertBlocked('SET-25', UserError):
            self._walk_in(signature=False)
        with self.assertBlocked('SET-26', UserError):
            self._walk_in(package_ids=[])

    def test_a_blocking_gate_stops_a_walk_in_at_its_step(self):
        """R-PROC-21: where the large shop wants more at the car, the order stands and the reasons are told."""
        self._set_gate('check_in_photos', 'block')
        order = self._walk_in(photos=[])
        self.assertFalse(order.visit_id.is_checked_in)
        self.assertTrue(order.estimate_ids.filtered(lambda version: version.state == 'signed'))
        self._set_gate('check_in_photos', 'off')
        self.assertTrue(self._walk_in('苏E7H31N', photos=[]).visit_id.is_checked_in)

    def test_a_known_car_brings_its_past_along(self):
        """R-PROC-32: what was refused is offered again, and taken up at one tap."""
        order = self._walk_in()
        self.desk.add_work(order.id, work=f'p{self.fluid_package.id}')
        job = order.job_ids.filtered(lambda job: job.origin == 'additional')
        self.desk.decline(order.id, job.ids)
        order.visit_id.sudo()._leave() if not order.visit_id._open_blockers('left')[
            order.visit_id
        ] else order.visit_id._guarded().write({'state': 'left'})
        order._guarded().write({'state': 'closed', 'outcome': 'done'})
        known = self.desk.arrival('苏E 7H30N')
        self.assertEqual(known['vehicle_id'], order.vehicle_id.id)
        self.assertEqual([row['id'] for row in known['refused']], job.ids)
        again = self._walk_in(package_ids=[], refused_job_ids=job.ids)
        self.assertEqual(again.job_ids.revived_from_id, job)

    def test_a_car_that_is_here_opens_its_order(self):
        """R-PROC-19: nobody is registered twice."""
        order = self._walk_in()
        self.assertEqual(self.desk.arrival('苏E7H30N')['order_id'], order.id)
        self.assertEqual(self.desk.scan('苏E7H30N'), {'order_id': order.id})
        self.assertEqual(self.desk.scan(order.name), {'order_id': order.id})
        self.assertEqual(self.desk.scan('nothing of ours'), {})

    def test_the_queue_costs_the_same_for_one_car_and_for_many(self):
        """R-PROC-66: at most 15 queries, sorted by promise."""
        orders = [self._walk_in()]

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            desk = self.env['aftersales.desk.advisor'].with_user(self.advisor)
            desk.env.user.has_group('aftersales_service.group_advisor')
            start = self.env.cr.sql_log_count
            data = desk.get_data(lists=False)
            return self.env.cr.sql_log_count - start, data

        queries()
        one, _data = queries()
        orders += [self._walk_in(f'苏E7H4{n}N') for n in range(6)]
        orders[3].promised_at = fields.Datetime.now()
        queries()
        many, data = queries()
        self.assertEqual(data['cards'][0]['id'], orders[3].id)
        self.assertEqual(len(data['cards']), 7)
        self.assertLessEqual(many, one)

    def test_consent_by_phone_names_the_listener(self):
        """R-PROC-64, R-PERM-06: time, person and number called; the second person as the profile asks."""
        order = self._walk_in()
        self._set_gate('phone_second_person', 'block')
        self.company.aftersales_phone_consent_limit = 0
        self.desk.add_work(order.id, work=f'p{self.fluid_package.id}')
        job = order.job_ids.filtered(lambda job: job.origin == 'additional')
        with self.assertBlocked('REP-45', UserError):
            self.desk.phone_consent(order.id, job.ids, 'approved', name="Ms Shen", phone="13812345678")
        self.desk.phone_consent(
            order.id, job.ids, 'approved', name="Ms Shen", phone="13812345678", second_user_id=self.listener.id
        )
        self.assertTrue(job.is_approved)
        self.assertEqual(job.consent_ids.sorted('id')[-1:].second_user_id, self.listener)

    def test_a_new_time_is_kept_beside_the_first(self):
        """R-PROC-61: the first promise stays."""
        order = self._walk_in()
        first = order.promised_at
        later = fields.Datetime.add(first, hours=2)
        self.desk.new_time(order.id, fields.Datetime.to_string(later))
        self.assertRecordValues(order, [{'promised_at': later, 'first_promised_at': first}])

    def test_the_sheet_shows_what_the_order_promises(self):
        """R-PROC-43: the time shown before the signature is the time promised, within working hours."""
        shown = self.desk.promise(0.5)
        order = self._walk_in()
        self.assertLessEqual(abs((order.promised_at - fields.Datetime.to_datetime(shown)).total_seconds()), 300)

    def test_the_desk_is_the_advisors(self):
        """R-PERM-01: neither the technician nor the guard reads prices and customers here."""
        desk = self.env['aftersales.desk.advisor'].with_user(self.technician)
        for method, args in (('get_data', ()), ('scan', ('x',)), ('arrival', ('x',)), ('walk_in', ('苏E7H30N',))):
            with self.subTest(method), self.assertBlocked('SET-24', UserError):
                getattr(desk, method)(*args)

    def test_a_photo_lands_on_the_open_sheet_else_on_the_order(self):
        """R-PROC-21: photos belong to what they show."""
        order = self._walk_in()
        self.desk.add_photo(order.id, PIXEL)
        self.assertEqual(order.visit_id.photo_count, 1, "the signed sheet stays as it is")
        self.env.invalidate_all()
        photos = self.desk.get_data(order_id=order.id)['order']['photos']
        self.assertEqual(len(photos), 2)
