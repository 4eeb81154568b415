from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.addons.aftersales_service.rules import tool_amortisation, tool_liability, tool_plan

from ..common import AftersalesPureCase

T0 = datetime(2026, 3, 2, 8)
hours = st.integers(0, 48)
spans = st.lists(st.tuples(hours, st.integers(0, 12), st.integers(1, 4)), max_size=8)


def bookings(found):
    """Return (start, hours, pieces) as bookings; no hours: no end."""
    return [
        tool_plan.Booking(
            T0 + timedelta(hours=start), T0 + timedelta(hours=start + length) if length else None, quantity)
        for start, length, quantity in found
    ]


class TestToolPlan(AftersalesPureCase):
    """R-TOOL-12: who can have a tool when."""

    def test_back_to_back_does_not_clash(self):
        booking = tool_plan.Booking(T0, T0 + timedelta(hours=2))
        self.assertFalse(tool_plan.overlaps(T0 + timedelta(hours=2), T0 + timedelta(hours=3), booking))
        self.assertTrue(tool_plan.overlaps(T0 + timedelta(hours=1), T0 + timedelta(hours=3), booking))

    def test_a_loan_without_end_blocks_for_ever(self):
        late = T0 + timedelta(days=300)
        self.assertEqual(tool_plan.free(1, late, late + timedelta(hours=1), [tool_plan.Booking(T0, None)]), 0)

    # The first draw of a session looks through all loaded modules, which takes seconds on a busy machine.
    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(spans, hours, st.integers(1, 12), st.integers(1, 9))
    def test_free_is_what_a_minute_by_minute_count_finds(self, found, start, length, capacity):
        found = bookings(found)
        begin, end = T0 + timedelta(hours=start), T0 + timedelta(hours=start + length)
        worst = max(
            sum(b.quantity for b in found if b.start <= begin + timedelta(minutes=m * 30)
                and (b.end is None or begin + timedelta(minutes=m * 30) < b.end))
            for m in range(length * 2)
        )
        self.assertEqual(tool_plan.free(capacity, begin, end, found), max(0, capacity - worst))


class TestToolAmortisation(AftersalesPureCase):
    """Accounting 23: once, half and half, or monthly; never more than the cost, and all of it in the end."""

    @given(st.integers(0, 10**9), st.sampled_from(['once', 'half', 'straight']), st.integers(-3, 200), st.integers(0, 120))
    def test_between_nothing_and_the_cost(self, cost, method, used, life):
        value = tool_amortisation.amortised(cost, method, used, life)
        self.assertTrue(0 <= value <= cost)
        self.assertLessEqual(value, tool_amortisation.amortised(cost, method, used + 1, life))
        self.assertEqual(tool_amortisation.amortised(cost, method, used, life, gone=True), cost)

    def test_the_three_methods(self):
        self.assertEqual(tool_amortisation.amortised(1001, 'once', 0), 1001)
        self.assertEqual(tool_amortisation.amortised(1001, 'half', 50), 501)
        self.assertEqual([tool_amortisation.amortised(1000, 'straight', n, 3) for n in (0, 1, 2, 3, 9)],
                         [0, 333, 666, 1000, 1000])

    def test_months(self):
        self.assertEqual(tool_amortisation.months_between(2025, 11, 2026, 2), 3)

    @given(st.integers(-10**9, 10**9), st.integers(1, 60), st.data())
    def test_pieces_bear_all_of_it_together(self, total, pieces, data):
        """However they go one after another, their parts are the whole and no part is of the other sign."""
        left, parts = pieces, []
        while left:
            now = data.draw(st.integers(1, left))
            parts.append(tool_amortisation.share_of(total, pieces - left, now, pieces))
            left -= now
        self.assertEqual(sum(parts), total)
        self.assertTrue(all(part * total >= 0 for part in parts))

    def test_more_pieces_than_there_are(self):
        for before, pieces, of in ((1, 2, 2), (-1, 1, 2), (0, 0, 0)):
            with self.assertRaises(ValueError):
                tool_amortisation.share_of(100, before, pieces, of)


class TestToolLiability(AftersalesPureCase):
    """R-TOOL-06, R-PEN-16: the basis is the residual value and the own share, the fine stands apart."""

    @given(st.integers(-5, 10**9), st.integers(-20, 150))
    def test_never_more_than_it_was_worth(self, residual, share):
        self.assertTrue(0 <= tool_liability.compensation(residual, share) <= max(residual, 0))

    def test_half_a_cent_goes_up(self):
        self.assertEqual(tool_liability.compensation(101, 50), 51)

    def test_no_fine_for_who_tells_himself(self):
        self.assertFalse(tool_liability.may_fine('sanction', True, True))
        self.assertFalse(tool_liability.may_fine('sanction', False, False))
        self.assertFalse(tool_liability.may_fine('compensation', True, False))
        self.assertTrue(tool_liability.may_fine('sanction', True, False))
