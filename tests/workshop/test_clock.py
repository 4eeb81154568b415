from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from ..common import AftersalesCommon


class TestClock(AftersalesCommon):
    """Job clocks: one open per person, no overlaps, only approved work, forgotten ones stopped, corrections audited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_workshop()
        cls._make_labour_rate()
        cls.item = cls._make_labour_item(book_hours=2.0)
        cls.order = cls._make_signed_order(labour=[cls.item])
        cls.operation = cls._dispatch(cls.order, technicians=cls.tech | cls.tech2)
        cls.operation._accept(cls.leader)
        cls.now = fields.Datetime.now()

    def _second_operation(self):
        order = self._make_signed_order(labour=[self.item])
        operation = self._dispatch(order)
        operation._accept(self.leader)
        return operation

    def test_start_pause_go_on_finish(self):
        """R-PROC-60: actual start and stop per technician, pause reason kept, state follows the clock."""
        reason = self._reason('pause')
        time = self.operation._start(self.tech, at=self.now - timedelta(hours=3))
        self.assertEqual(self.operation.state, 'running')
        self.operation._pause(self.tech, reason=reason, at=self.now - timedelta(hours=2))
        self.assertEqual((self.operation.state, time.pause_reason_id, time.hours), ('paused', reason, 1.0))
        self.operation._start(self.tech, at=self.now - timedelta(minutes=90))
        self.operation._record(text="Pads replaced")
        self.operation._finish(self.tech, at=self.now)
        self.assertEqual(self.operation.state, 'done')
        self.assertAlmostEqual(self.operation.clocked_hours, 2.5, 3)
        self.assertEqual(self.operation.first_started_at, self.now - timedelta(hours=3))

    def test_clocked_hours_reach_line_job_and_order(self):
        """R-PROC-60: hours are spread over the labour lines by book time; book and billed hours stay as they are."""
        long = self._make_labour_item("Gearbox", book_hours=6.0)
        order = self._make_signed_order(labour=[self.item, long])
        operation = self._dispatch(order)
        operation._accept(self.leader)
        operation._start(self.tech, at=self.now - timedelta(hours=4))
        operation._stop(self.tech, at=self.now)
        lines = order.line_ids.sorted('book_hours')
        self.assertEqual([round(hours, 2) for hours in lines.mapped('clocked_hours')], [1.0, 3.0])
        self.assertEqual(lines.mapped('book_hours'), [2.0, 6.0])
        self.assertAlmostEqual(order.clocked_hours, 4.0, 3)
        self.assertAlmostEqual(order.job_ids.clocked_hours, 4.0, 3)

    def test_several_technicians_on_one_operation(self):
        """R-PROC-60: two people clock on the same operation; it is finished when nobody clocks any more."""
        self.operation._start(self.tech, at=self.now - timedelta(hours=1))
        self.operation._start(self.tech2, at=self.now - timedelta(hours=1))
        with self.assertBlocked('WRK-14'):
            self.operation._finish(self.tech)
        self.operation._stop(self.tech2, at=self.now)
        self.operation._finish(self.tech, at=self.now)
        self.assertAlmostEqual(self.operation.clocked_hours, 2.0, 3)

    def test_one_open_clock_a_person(self):
        """R-PROC-60: a second start is refused and names the operation that runs."""
        second = self._second_operation()
        self.operation._start(self.tech)
        with self.assertBlocked('WRK-20') as caught:
            second._start(self.tech)
        self.assertIn(self.operation.name, str(caught.exception))
        with self.assertBlocked('WRK-20'):
            self.operation._start(self.tech)

    def test_the_database_holds_one_open_clock(self):
        """R-PROC-60: even code that skips the verbs cannot open two clocks for a person."""
        second = self._second_operation()
        self.operation._start(self.tech)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self.env['aftersales.labour.time']._guarded().create(
                {
                    'employee_id': self.tech.id,
                    'operation_id': second.id,
                    'start': self.now + timedelta(hours=1),
                }
            )

    def test_overlaps_are_refused(self):
        """R-PROC-60: one person is in one place; intervals may touch."""
        second = self._second_operation()
        self.operation._start(self.tech, at=self.now - timedelta(hours=3))
        self.operation._stop(self.tech, at=self.now - timedelta(hours=2))
        with self.assertBlocked('WRK-22'):
            second._start(self.tech, at=self.now - timedelta(hours=2, minutes=30))
        second._start(self.tech, at=self.now - timedelta(hours=2))
        self.assertEqual(second.state, 'running')

    def test_not_on_work_that_is_not_approved(self):
        """R-PROC-59: no clock on an unapproved job at block; off lets it pass."""
        self.order.job_ids.line_ids._guarded().write({'quantity': 3.0})
        self.order._advance()
        self.assertFalse(self.order.job_ids.is_approved)
        with self.assertBlocked('WRK-33'):
            self.operation._start(self.tech)
        self._set_gate('approved_only', 'off')
        self.operation._start(self.tech)

    def test_not_on_parked_work(self):
        """R-PROC-59: a parked job is not clocked on, whatever the gates say."""
        self.order.job_ids._park(self._reason('park'))
        with self.assertBlocked('WRK-35'):
            self.operation._start(self.tech)

    def test_special_process_needs_the_inspector_first(self):
        """R-PERM-09: locked at block until an inspector approves; off lets it start; nobody approves his own."""
        special = self._make_labour_item("High voltage disconnect", qc_approval=True)
        order = self._make_signed_order(labour=[special])
        operation = self._dispatch(order)
        operation._accept(self.leader)
        with self.assertBlocked('WRK-38'):
            operation._start(self.tech)
        with self.assertBlocked('WRK-29'):
            operation.with_user(self.tech.user_id)._approve_special()
        operation.with_user(self.inspector.user_id)._approve_special()
        operation._start(self.tech)
        operation._stop(self.tech)
        other = self._dispatch(self._make_signed_order(labour=[special]))
        other._accept(self.leader)
        self._set_gate('qc_approval', 'off')
        other._start(self.tech)
        self.assertEqual(other.state, 'running')

    def test_each_trade_checks_the_step_before(self):
        """R-PROC-68: the next trade says whether the step before is in order; doubts reach the supervisors."""
        body, paint = self._make_labour_item("Body", trade='body'), self._make_labour_item("Paint", trade='paint')
        order = self._make_signed_order(labour=[body, paint])
        first, second = self._dispatch(order)
        self._do_work(first)
        second._accept(self.leader)
        self._set_gate('previous_step', 'block')
        with self.assertBlocked('WRK-39'):
            second._start(self.tech)
        with self.assertBlocked('WRK-19'):
            second._confirm_previous(False, employee=self.tech)
        second.with_user(self.tech.user_id)._confirm_previous(False, "Dent left")
        self.assertIn("Dent left", str(order.message_ids.mapped('body')))
        with self.assertBlocked('WRK-39'):
            second._start(self.tech)
        second._confirm_previous(True, employee=self.tech)
        second._start(self.tech)
        second._stop(self.tech)
        self._set_gate('previous_step', 'off')
        third = self._make_signed_order(labour=[body, paint])
        one, two = self._dispatch(third)
        self._do_work(one)
        two._accept(self.leader)
        two._start(self.tech)

    def test_accident_paint_waits_for_the_stage_check(self):
        """R-ROLE-15, R-ROLE-16: body work passes a stage check before paint starts at block; off lets it start."""
        body, paint = self._make_labour_item("Body", trade='body'), self._make_labour_item("Paint", trade='paint')
        order = self._make_signed_order(profile='accident', labour=[body, paint])
        first, second = self._dispatch(order)
        self._do_work(first)
        second._accept(self.leader)
        second._confirm_previous(True, employee=self.tech)
        with self.assertBlocked('WRK-44'):
            second._start(self.tech)
        order._check('process', True, self.inspector, operations=first)
        second._start(self.tech)
        self.assertEqual(second.state, 'running')
        second._stop(self.tech)
        self._set_gate('stage_check', 'off')
        other = self._make_signed_order(profile='accident', labour=[body, paint])
        one, two = self._dispatch(other)
        self._do_work(one)
        two._accept(self.leader)
        two._confirm_previous(True, employee=self.tech)
        two._start(self.tech)

    def test_only_dispatched_people_clock(self):
        """R-ROLE-13: others are refused; a team member who joins is named on the operation."""
        stranger = self._make_employee("Stranger")
        with self.assertBlocked('WRK-11'):
            self.operation._start(stranger)
        second = self._second_operation()
        second._start(self.tech2)
        self.assertIn(self.tech2, second.technician_ids)

    def test_states_that_cannot_be_clocked(self):
        """R-PROC-60: nothing planned, done or cancelled; no stop without a start."""
        with self.assertBlocked('WRK-12'):
            self.operation._stop(self.tech)
        self._do_work(self.operation)
        with self.assertBlocked('WRK-10'):
            self.operation._start(self.tech)
        with self.assertBlocked('WRK-13'):
            self.operation._finish(self.tech)

    def test_leader_takes_a_report_back(self):
        """R-PROC-72: a finished report can be taken back; checks that covered it are void and the state steps back."""
        self._do_work(self.operation)
        self.order._check('self', True, self.tech)
        self.assertEqual(self.order.state, 'inspecting')
        with self.assertBlocked('WRK-16'):
            self.operation.with_user(self.tech.user_id)._reopen()
        self.operation.with_user(self.leader.user_id)._reopen("Forgot the shims")
        self.assertEqual((self.operation.state, self.order.state), ('paused', 'in_progress'))
        self.assertTrue(self.order.check_ids.is_void)
        with self.assertBlocked('WRK-15'):
            self.operation._reopen()

    # === WORK RECORD === #

    def test_chips_and_text_feed_the_job(self):
        """R-PROC-60, R-DOC-08: chips and words of cause and correction go to the job's 3C, each once."""
        worn = self.env.ref('aftersales_service.chip_cause_worn')
        new = self.env.ref('aftersales_service.chip_correction_new_part')
        self.operation.with_user(self.tech.user_id).action_record(
            text="Replaced front pads",
            cause_chip_ids=worn.ids,
            correction_chip_ids=new.ids,
            cause="Disc scored",
        )
        self.operation.with_user(self.tech.user_id).action_record(cause_chip_ids=worn.ids)
        self.assertEqual(self.operation.record_text, "Replaced front pads")
        self.assertEqual(self.order.job_ids.cause, f"Disc scored\n{worn.name}")
        self.assertEqual(self.order.job_ids.correction, new.name)
        outsider = self._make_user('team_leader', login='outsider')
        self._make_employee("Outsider", outsider)
        with self.assertBlocked('WRK-11'):
            self.operation.with_user(outsider).action_record(text="Not mine")

    def test_extra_work_goes_to_the_advisor(self):
        """R-PROC-62, R-ROLE-13: extra work with photo becomes a job that waits for the customer; nothing of it is workable."""
        job_id = self.operation.with_user(self.tech.user_id).action_report_extra(
            "Rear discs scored",
            photos=[{'name': 'disc.png', 'datas': b'iVBORw0KGgo='}],
            is_safety=True,
            hours=1.5,
        )
        job = self.env['aftersales.repair.job'].browse(job_id)
        self.assertEqual((job.origin, job.discovered_by_id, job.extra_hours), ('safety', self.tech, 1.5))
        self.assertFalse(job.is_approved)
        self.assertTrue(self.order.activity_ids.filtered(lambda activity: activity.user_id == self.order.advisor_id))
        self.assertEqual(
            self.env['ir.attachment'].search_count([('res_model', '=', job._name), ('res_id', '=', job.id)]), 1
        )
        with self.assertBlocked('WRK-18'):
            self.operation._report_extra("  ", employee=self.tech)

    # === FORGOTTEN CLOCKS === #

    def test_forgotten_clock_stops_at_the_end_of_the_shift(self):
        """R-PROC-60: technician forgets to clock out: stopped at shift end, marked to be confirmed, not before the grace."""
        monday = datetime(2026, 11, 16, 1, 0)  # 09:00 in Shanghai
        with freeze_time(monday):
            time = self.operation._start(self.tech)
            shift_end = time._shift_ends()[time]
        self.assertEqual(shift_end, datetime(2026, 11, 16, 9, 0), "17:00 in Shanghai")
        with freeze_time(shift_end + timedelta(minutes=29)):
            self.assertFalse(time._stop_forgotten())
        with freeze_time(shift_end + timedelta(minutes=30)):
            self.env['aftersales.labour.time']._cron_stop_forgotten()
        self.assertEqual((time.stop, time.auto_stopped, time.to_confirm), (shift_end, True, True))
        self.assertEqual(self.operation.state, 'paused')

    def test_night_shift_across_midnight(self):
        """R-PROC-60: a shift that began before midnight ends after it; overtime ends after the longest shift."""
        self.tech.resource_calendar_id = self.env['resource.calendar'].create(
            {
                'name': "Night",
                'tz': 'Asia/Shanghai',
                'company_id': self.company.id,
                'attendance_ids': [
                    (
                        0,
                        0,
                        {
                            'name': "late",
                            'dayofweek': '0',
                            'hour_from': 20.0,
                            'hour_to': 24.0,
                            'day_period': 'afternoon',
                        },
                    ),
                    (
                        0,
                        0,
                        {'name': "early", 'dayofweek': '1', 'hour_from': 0.0, 'hour_to': 4.0, 'day_period': 'morning'},
                    ),
                ],
            }
        )
        with freeze_time(datetime(2026, 11, 16, 14, 0)):  # Monday 22:00 in Shanghai
            time = self.operation._start(self.tech)
            self.assertEqual(time._shift_ends()[time], datetime(2026, 11, 16, 20, 0), "Tuesday 04:00 in Shanghai")
            self.operation._stop(self.tech)
        with freeze_time(datetime(2026, 11, 18, 2, 0)):
            overtime = self.operation._start(self.tech)
            self.assertEqual(overtime._shift_ends()[overtime], datetime(2026, 11, 18, 14, 0), "twelve hours")

    def test_settling_waits_for_unconfirmed_stops(self):
        """R-PROC-79: automatic stops block settling at block and not when off; a running clock always does."""
        self._set_gate('clock_confirmed', 'block')
        time = self.operation._start(self.tech, at=self.now - timedelta(hours=1))
        self.assertIn('WRK-84', self._codes(self.order, 'settled'))
        time._close_sudo(self.now, auto_stopped=True, to_confirm=True)
        self.assertIn('WRK-83', self._codes(self.order, 'settled'))
        self._set_gate('clock_confirmed', 'off')
        self.assertNotIn('WRK-83', self._codes(self.order, 'settled'))
        self._set_gate('clock_confirmed', 'block')
        time.with_user(self.leader.user_id)._confirm()
        self.assertNotIn('WRK-83', self._codes(self.order, 'settled'))
        self.assertEqual(time.audit_ids.user_id, self.leader.user_id)

    # === CORRECTIONS === #

    def test_leader_corrects_with_a_reason_that_stays(self):
        """R-ROLE-12, R-PROC-60: old and new times, reason and person are kept; hours follow."""
        time = self.operation._start(self.tech, at=self.now - timedelta(hours=5))
        self.operation._stop(self.tech, at=self.now)
        reason = self._reason('clock')
        time.with_user(self.leader.user_id)._correct(
            self.now - timedelta(hours=5), self.now - timedelta(hours=3), reason, "went home"
        )
        self.assertEqual(self.operation.clocked_hours, 2.0)
        audit = time.audit_ids
        self.assertEqual(
            (audit.old_stop, audit.new_stop, audit.reason_id), (self.now, self.now - timedelta(hours=3), reason)
        )
        with self.assertBlocked('BAS-01'):
            audit.write({'note': "x"})
        with self.assertBlocked('WRK-24'):
            audit.unlink()

    def test_corrections_that_are_refused(self):
        """R-ROLE-12: not one's own, not without a reason, not impossible, not another team's leader, no overlap."""
        time = self.operation._start(self.tech, at=self.now - timedelta(hours=5))
        self.operation._stop(self.tech, at=self.now - timedelta(hours=4))
        later = self.operation._start(self.tech, at=self.now - timedelta(hours=2))
        self.operation._stop(self.tech, at=self.now - timedelta(hours=1))
        reason = self._reason('clock')
        start = self.now - timedelta(hours=5)
        leader = time.with_user(self.leader.user_id)
        with self.assertBlocked('WRK-25'):
            time.with_user(self.tech.user_id)._correct(start, self.now, reason)
        stranger = self._make_user('team_leader', login='other_leader')
        with self.assertBlocked('WRK-25'):
            time.with_user(stranger)._correct(start, self.now - timedelta(hours=4), reason)
        with self.assertBlocked('WRK-27'):
            leader._correct(start, self.now - timedelta(hours=4), self.env['aftersales.reason'])
        for bad in (
            (start, start - timedelta(hours=1)),
            (start, self.now + timedelta(hours=1)),
            (start, False),
            (start - timedelta(hours=30), self.now),
        ):
            with self.assertBlocked('WRK-26'):
                leader._correct(*bad, reason)
        with self.assertBlocked('WRK-22'):
            leader._correct(start, self.now - timedelta(minutes=90), reason)
        self.assertEqual(later.hours, 1.0)

    def test_times_cannot_be_forged(self):
        """R-PROC-60: times are not typed, edited or deleted by hand, not by the superuser either."""
        time = self.operation._start(self.tech)
        for values in (
            {'start': self.now - timedelta(hours=8)},
            {'stop': self.now},
            {'hours': 9},
            {'to_confirm': False},
        ):
            with self.assertBlocked('BAS-01'):
                time.write(values)
        with self.assertRaises(AccessError):
            time.with_user(self.tech.user_id).check_access('write')
        with self.assertBlocked('WRK-24'):
            time.unlink()
        with self.assertBlocked('WRK-23'):
            self.env['aftersales.labour.time'].create({'employee_id': self.tech.id})
        with self.assertBlocked('WRK-23'):
            self.env['aftersales.labour.audit'].create({'time_id': time.id})

    # === WHO ACTS FOR WHOM === #

    def test_people_record_for_themselves(self):
        """R-ROLE-13: a technician records for himself, a leader for others, nobody without an employee."""
        self.operation.with_user(self.tech.user_id).action_start()
        self.assertEqual(self.operation.time_ids.employee_id, self.tech)
        self.assertFalse(self.operation.time_ids.recorded_by_id)
        with self.assertBlocked('WRK-02'):
            self.operation.with_user(self.tech.user_id)._start(self.tech2)
        self.operation.with_user(self.leader.user_id)._start(self.tech2)
        self.assertEqual(
            self.operation.time_ids.filtered(lambda time: time.employee_id == self.tech2).recorded_by_id,
            self.leader.user_id,
        )
        with self.assertBlocked('WRK-01'):
            self.operation.with_user(self._role('workshop_supervisor'))._start()

    def test_a_technician_does_everything_with_his_own_rights(self):
        """R-ROLE-13: accept, start, pause, record, finish and self check through the screen's methods."""
        operation = self._dispatch(self._make_signed_order(labour=[self.item]))
        mine = operation.with_user(self.tech.user_id)
        mine.action_accept()
        mine.action_start()
        mine.action_pause(self._reason('pause').id)
        mine.action_start()
        mine.action_record(text="Done")
        mine.action_self_check()
        self.assertEqual(
            (operation.state, operation.check_ids.level, operation.order_id.state), ('done', 'self', 'inspecting')
        )
