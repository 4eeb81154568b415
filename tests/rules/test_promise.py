from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules import promise

MONDAY = datetime(2026, 3, 2)
#: Five days, 08:00 to 12:00 and 13:00 to 18:00.
WEEK = [
    (MONDAY + timedelta(days=day, hours=start), MONDAY + timedelta(days=day, hours=end))
    for day in range(5) for start, end in ((8, 12), (13, 18))
]


def at(day, hour, minute=0):
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@tagged('post_install', '-at_install', 'standard')
class TestFinish(BaseCase):
    """R-PROC-41, R-PROC-42: finish time from hours, load, margin and parts supply."""

    def test_lunch_and_night_are_no_working_time(self):
        self.assertEqual(promise.finish(at(0, 11), 2, WEEK), at(0, 14))
        self.assertEqual(promise.finish(at(0, 17), 2, WEEK), at(1, 9))
        self.assertEqual(promise.finish(at(0, 3), Decimal('0.5'), WEEK), at(0, 8, 30))

    def test_two_people_and_the_queue(self):
        self.assertEqual(promise.finish(at(0, 8), 4, WEEK, capacity=2), at(0, 10))
        self.assertEqual(promise.finish(at(0, 8), 2, WEEK, queued_hours=2), at(0, 12))

    def test_margin_is_on_the_work_only(self):
        self.assertEqual(promise.finish(at(0, 8), 2, WEEK, margin_pct=10, queued_hours=1), at(0, 11, 12))

    def test_missing_parts_hold_the_rest(self):
        self.assertEqual(promise.finish(at(0, 8), 2, WEEK, parts_eta=at(1, 9)), at(1, 11))
        self.assertEqual(promise.finish(at(0, 8), 2, WEEK, parts_eta=at(1, 9), hours_before_parts=1), at(1, 10))
        self.assertEqual(promise.finish(at(1, 8), 2, WEEK, parts_eta=at(0, 9)), at(1, 10))

    def test_no_time_left_is_no_promise(self):
        self.assertIsNone(promise.finish(at(4, 17), 2, WEEK))
        self.assertIsNone(promise.finish(at(4, 17), 2, WEEK, parts_eta=at(6, 9), hours_before_parts=2))

    def test_absurd_input_is_refused(self):
        for wrong in ({'hours': -1}, {'capacity': 0}, {'margin_pct': -5}):
            with self.assertRaises(ValueError):
                promise.finish(at(0, 8), **{'hours': 1, 'intervals': WEEK, **wrong})

    @given(st.integers(0, 5 * 24 * 60), st.integers(0, 20 * 60), st.integers(0, 50))
    def test_later_start_and_more_work_never_finish_earlier(self, minutes, work, margin):
        start, hours = MONDAY + timedelta(minutes=minutes), Decimal(work) / 60
        end = promise.finish(start, hours, WEEK, margin_pct=margin)
        more = promise.finish(start, hours + 1, WEEK, margin_pct=margin)
        later = promise.finish(start + timedelta(hours=1), hours, WEEK, margin_pct=margin)
        self.assertGreaterEqual(more or datetime.max, end or datetime.max)
        self.assertGreaterEqual(later or datetime.max, end or datetime.max)
        if end:
            done = promise.work_between(start, end, WEEK)
            self.assertLess(abs(done.total_seconds() - float(hours) * 3600 * (1 + margin / 100)), 1.001)


@tagged('post_install', '-at_install', 'standard')
class TestMoments(BaseCase):
    """R-PROC-53, R-PROC-67, R-PROC-80: hand-over precision, progress inquiry, notice to the customer."""

    def test_notice_one_hour_or_four(self):
        self.assertEqual(promise.notice_at(at(1, 17), at(0, 17, 1)), at(1, 16))
        self.assertEqual(promise.notice_at(at(2, 17), at(0, 17, 1)), at(2, 16))
        self.assertEqual(promise.notice_at(at(2, 17), at(0, 17)), at(2, 13))
        self.assertEqual(promise.notice_at(at(0, 8, 30), at(0, 8)), at(0, 8))

    def test_inquiry_between_half_and_four_fifths(self):
        self.assertEqual(promise.inquiry_window(at(0, 8), at(0, 18)), (at(0, 13), at(0, 16)))

    def test_inquiry_counts_working_time(self):
        # 10 working hours: 5 of them are over at 14:00, 8 at 17:00; the night does not count.
        self.assertEqual(promise.inquiry_window(at(0, 8), at(1, 9), WEEK), (at(0, 14), at(0, 17)))
        self.assertEqual(promise.inquiry_window(at(5, 8), at(5, 18), WEEK), (at(5, 13), at(5, 16)))

    def test_handover_ten_minutes(self):
        self.assertTrue(promise.is_precise(at(0, 9, 50), at(0, 10)))
        self.assertTrue(promise.is_precise(at(0, 10, 10), at(0, 10)))
        self.assertFalse(promise.is_precise(at(0, 9, 49), at(0, 10)))
        self.assertFalse(promise.is_precise(at(0, 9, 50) - timedelta(seconds=1), at(0, 10)))
