from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields

from ..common import AftersalesCommon


class TestProgress(AftersalesCommon):
    """Half-hourly checks, the inquiry, delays, same-day cars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_workshop()
        cls._make_labour_rate()
        cls.item = cls._make_labour_item(book_hours=1.0)
        cls.advisor = cls._role('advisor')
        cls.start = datetime(2026, 11, 16, 1, 0)  # Monday 09:00 in Shanghai

    def _in_work(self, **values):
        order = self._make_signed_order(
            **{
                'labour': [self.item],
                'customer_place': 'waiting',
                'advisor_id': self.advisor.id,
                'promised_at': self.start + timedelta(hours=4),
                'wash_wanted': False,
                **values,
            }
        )
        self._dispatch(order)
        return order

    # === TRACKING === #

    def test_next_check_follows_the_last_by_half_an_hour(self):
        """R-PROC-66: due 30 minutes after dispatch, then after each logged check; one click logs it."""
        with freeze_time(self.start):
            order = self._in_work()
            self.assertEqual(order.tracking_due_at, self.start + timedelta(minutes=30))
        with freeze_time(self.start + timedelta(minutes=35)):
            order.with_user(self.advisor).action_log_progress()
            self.assertEqual(order.tracking_due_at, self.start + timedelta(minutes=65))
        check = order.progress_check_ids
        self.assertEqual((check.user_id, check.is_late, check.result), (self.advisor, True, 'on_time'))
        self.company.aftersales_track_interval_min = 15
        with freeze_time(self.start + timedelta(minutes=40)):
            order._log_progress()
            self.assertEqual(order.tracking_due_at, self.start + timedelta(minutes=55))

    def test_who_is_tracked(self):
        """R-CON-05: waiting customers and long jobs; not a short job whose customer left; accident once a day; off: nobody."""
        with freeze_time(self.start):
            self.assertFalse(self._in_work(customer_place='left').tracking_due_at)
            long = self._in_work(customer_place='left', labour=[self._make_labour_item("Gearbox", book_hours=6.0)])
            self.assertTrue(long.tracking_due_at)
            accident = self._in_work(profile='accident')
            self.assertEqual(accident.tracking_due_at, self.start + timedelta(days=1))
            self._set_gate('tracking', 'off')
            self._set_gate('inquiry', 'off')
            order = self._in_work()
            self.assertFalse(order.tracking_due_at or order.inquiry_from)

    def test_overdue_check_is_reminded_once(self):
        """R-PROC-66: the advisor gets one to-do; logging it closes the to-do; the overdue list finds the order."""
        with freeze_time(self.start):
            order = self._in_work()
        with freeze_time(self.start + timedelta(minutes=31)):
            self.env['aftersales.repair.order']._cron_progress()
            self.env['aftersales.repair.order']._cron_progress()
            todo = order.activity_ids.filtered(
                lambda activity: activity.activity_type_id == self.env.ref('aftersales_service.mail_activity_tracking')
            )
            self.assertEqual((len(todo), todo.user_id), (1, self.advisor))
            self.assertIn('check_overdue', order._desk_cards()[order.id]['flags'])
            self.assertIn(
                order, self.env['aftersales.repair.order'].search([('tracking_due_at', '<', fields.Datetime.now())])
            )
            order._log_progress()
            self.assertFalse(order.activity_ids & todo)

    def test_overdue_check_holds_the_car_at_block(self):
        """R-PROC-66: at block the order is not ready while its check is overdue; warn and off let it go."""
        for level, state in (('block', 'inspecting'), ('warn', 'ready'), ('off', 'ready')):
            self._set_gate('tracking', level)
            with freeze_time(self.start):
                order = self._in_work(vehicle=self._make_vehicle())
            with freeze_time(self.start + timedelta(minutes=40)):
                self._do_work(order.operation_ids, hours=0.5)
                self._inspect(order)
                self.assertEqual(order.state, state, level)
                if state == 'inspecting':
                    self.assertEqual(self._codes(order, 'ready'), {'WRK-80'})
                    order._log_progress()
                    self.assertEqual(order.state, 'ready')

    def test_logging_is_for_the_front_desk_and_cars_in_work(self):
        """R-PROC-66: a technician does not log; nothing is logged on a car that is not in the workshop."""
        order = self._in_work()
        with self.assertBlocked('WRK-49'):
            order.with_user(self.tech.user_id)._log_progress()
        with self.assertBlocked('WRK-49'):
            self._make_signed_order(labour=[self.item])._log_progress()

    # === INQUIRY === #

    def test_inquiry_between_50_and_80_percent(self):
        """R-PROC-67: task at 50 %, late after 80 %; answered it is done."""
        with freeze_time(self.start):
            order = self._in_work()
        self.assertEqual(
            (order.inquiry_from, order.inquiry_to),
            (self.start + timedelta(hours=2), self.start + timedelta(hours=3, minutes=12)),
        )
        with freeze_time(self.start + timedelta(hours=2)):
            self.env['aftersales.repair.order']._cron_progress()
            self.assertIn(self.env.ref('aftersales_service.mail_activity_inquiry'), order.activity_ids.activity_type_id)
            self.assertTrue(order._desk_cards()[order.id]['inquiry']['open'])
        with freeze_time(self.start + timedelta(hours=3, minutes=30)):
            self.assertTrue(order._desk_cards()[order.id]['inquiry']['late'])
            order.with_user(self.advisor).action_log_progress('inquiry')
            self.assertTrue(order.progress_check_ids.is_late)
        self.assertTrue(order.inquiry_done)

    def test_inquiry_over_days_counts_working_time(self):
        """R-PROC-67: on a job of days, half the time is half the working time."""
        with freeze_time(self.start):
            order = self._in_work(promised_at=self.start + timedelta(days=2))  # Wednesday 09:00, 16 working hours later
        half = datetime(2026, 11, 17, 1, 0)
        self.assertLess(abs(order.inquiry_from - half), timedelta(hours=1, minutes=1))

    def test_abnormal_answer_needs_a_measure(self):
        """R-PROC-67: abnormal needs a measure, and a new time tells the customer."""
        with freeze_time(self.start):
            order = self._in_work()
        with freeze_time(self.start + timedelta(hours=2)):
            with self.assertBlocked('WRK-56'):
                order._log_progress('inquiry', 'abnormal')
            order.with_user(self.advisor).action_log_progress(
                'inquiry',
                'abnormal',
                "Second technician helps",
                fields.Datetime.to_string(self.start + timedelta(hours=6)),
            )
        self.assertEqual(order.delay_ids.new_due_at, self.start + timedelta(hours=6))
        self.assertIn('delay_not_told', order._desk_cards()[order.id]['flags'])

    def test_inquiry_at_block_and_off(self):
        """R-PROC-67: a missing inquiry holds the car at block, not when off."""
        self._set_gate('tracking', 'off')
        for level, codes in (('block', {'WRK-81'}), ('off', set())):
            self._set_gate('inquiry', level)
            with freeze_time(self.start):
                order = self._in_work(vehicle=self._make_vehicle())
            with freeze_time(self.start + timedelta(hours=3)):
                self._do_work(order.operation_ids, hours=0.5)
                self._inspect(order)
                self.assertEqual(self._codes(order, 'ready'), codes)

    # === DELAY === #

    def test_delay_reaches_the_advisor_and_then_the_customer(self):
        """R-PROC-61: new time and cause, to-do for the advisor; the stamp moves the promise, the first promise stays."""
        with freeze_time(self.start):
            order = self._in_work()
            first = order.promised_at
            operation = order.operation_ids
            operation._accept(self.leader)
            reason = self._reason('delay')
            order.with_user(self.tech.user_id).action_report_delay(
                first + timedelta(hours=2), reason.id, "Bolt broke", operation.id
            )
            delay = order.delay_ids
            self.assertEqual(
                (delay.old_due_at, delay.reason_id, operation.due_at), (first, reason, first + timedelta(hours=2))
            )
            self.assertEqual(order.promised_at, first, "the customer does not know yet")
            todo = order.activity_ids.filtered(
                lambda activity: activity.activity_type_id == self.env.ref('aftersales_service.mail_activity_delay')
            )
            self.assertEqual(todo.user_id, self.advisor)
            with self.assertBlocked('WRK-42'):
                delay.with_user(self.tech.user_id)._inform()
            order.with_user(self.advisor).action_customer_informed('phone')
            self.assertEqual((delay.informed_by_id, delay.informed_means), (self.advisor, 'phone'))
            self.assertEqual((order.promised_at, order.first_promised_at), (first + timedelta(hours=2), first))
            self.assertFalse(order.activity_ids & todo)

    def test_impossible_delays(self):
        """R-PROC-61: not into the past, not earlier than told; records are not forged."""
        order = self._in_work(promised_at=fields.Datetime.add(fields.Datetime.now(), hours=4))
        for moment in (
            fields.Datetime.subtract(fields.Datetime.now(), hours=1),
            fields.Datetime.add(fields.Datetime.now(), hours=1),
        ):
            with self.assertBlocked('WRK-57'):
                order._delay(moment)
        with self.assertBlocked('WRK-41'):
            self.env['aftersales.delay'].create({'order_id': order.id})
        with self.assertBlocked('WRK-43'):
            self.env['aftersales.progress.check'].create({'order_id': order.id})
        delay = order._delay(fields.Datetime.add(fields.Datetime.now(), hours=8))
        with self.assertBlocked('BAS-01'):
            delay.write({'informed_at': fields.Datetime.now()})
        with self.assertBlocked('WRK-24'):
            delay.unlink()

    def test_customer_told_before_settling(self):
        """R-PROC-61: a delay nobody told blocks settling at block, not when off."""
        self._set_gate('delay_informed', 'block')
        order = self._in_work(promised_at=fields.Datetime.add(fields.Datetime.now(), hours=4))
        order._delay(fields.Datetime.add(fields.Datetime.now(), hours=8))
        self.assertIn('WRK-82', self._codes(order, 'settled'))
        self._set_gate('delay_informed', 'off')
        self.assertNotIn('WRK-82', self._codes(order, 'settled'))

    # === SAME DAY === #

    def test_same_day_cars_that_stayed_overnight(self):
        """R-PROC-69: listed from the next business day on, once reminded to the supervisor; off: not reminded."""
        supervisor = self._role('workshop_supervisor')
        category = self.env['aftersales.repair.category'].create(
            {'name': "Small repair", 'code': "SMALL", 'same_day': True}
        )
        with freeze_time(self.start):
            order = self._in_work(category_id=category.id)
            other = self._in_work(vehicle=self._make_vehicle())
        with freeze_time(self.start + timedelta(hours=13)):
            self.assertFalse(order.is_same_day_late, "22:00 on the same day")
        with freeze_time(self.start + timedelta(hours=16)):
            order.invalidate_recordset(['is_same_day_late'])
            self.assertTrue(order.is_same_day_late, "01:00 on the next day")
            late = self.env['aftersales.repair.order'].search([('is_same_day_late', '=', True)])
            self.assertIn(order, late)
            self.assertNotIn(other, late)
            self.assertIn(other, self.env['aftersales.repair.order'].search([('is_same_day_late', '=', False)]))
            self._set_gate('same_day', 'off')
            self.env['aftersales.repair.order']._cron_same_day()
            self.assertFalse(order.activity_ids)
            self._set_gate('same_day', 'warn')
            self.env['aftersales.repair.order']._cron_same_day()
            self.env['aftersales.repair.order']._cron_same_day()
            self.assertEqual(order.activity_ids.user_id, supervisor)
            self.assertEqual(len(order.activity_ids), 1)

    def test_night_shift_belongs_to_the_day_before(self):
        """R-PROC-69: with a business day from 04:00, a car of 22:00 is not late at 02:00."""
        self.company.aftersales_day_start = 4.0
        category = self.env['aftersales.repair.category'].create(
            {'name': "Small repair", 'code': "SMALL", 'same_day': True}
        )
        with freeze_time(self.start + timedelta(hours=13)):  # 22:00
            order = self._in_work(category_id=category.id, promised_at=self.start + timedelta(hours=16))
        with freeze_time(self.start + timedelta(hours=17)):  # 02:00
            order.invalidate_recordset(['is_same_day_late'])
            self.assertFalse(order.is_same_day_late)
        with freeze_time(self.start + timedelta(hours=20)):  # 05:00
            order.invalidate_recordset(['is_same_day_late'])
            self.assertTrue(order.is_same_day_late)
