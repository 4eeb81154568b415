from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.aftersales_service.rules import tool_ledger

from ..common import AftersalesPureCase

PLACES = st.sampled_from(['outside', 'store', 'li', 'sun', 'repair'])
MOVES = st.lists(st.tuples(PLACES, PLACES, st.integers(1, 20)), max_size=30)
LOANS = st.lists(st.integers(0, 9), max_size=8).map(lambda sizes: list(enumerate(sizes)))


class TestToolArithmetic(AftersalesPureCase):
    """R-TOOL-01, R-TOOL-06: nothing appears, nothing vanishes; value falls evenly to zero."""

    @given(MOVES)
    def test_balances_sum_to_zero_and_keep_the_books(self, moves):
        """What is kept is what came from outside less what went there."""
        found = tool_ledger.balances(moves)
        self.assertEqual(sum(found.values()), 0)
        self.assertNotIn(0, found.values())
        kept = sum(quantity for place, quantity in found.items() if place != 'outside')
        self.assertEqual(kept, -found.get('outside', 0))

    @given(MOVES)
    def test_reversed_moves_leave_nothing(self, moves):
        self.assertEqual(tool_ledger.balances(moves + [(dest, source, pieces) for source, dest, pieces in moves]), {})

    @given(LOANS, st.integers(1, 80))
    def test_allocation_takes_the_oldest_first_and_exactly(self, loans, wanted):
        there = sum(quantity for _loan, quantity in loans)
        if wanted > there:
            with self.assertRaises(ValueError):
                tool_ledger.allocate(loans, wanted)
            return
        parts = tool_ledger.allocate(loans, wanted)
        self.assertEqual(sum(part for _loan, part in parts), wanted)
        sizes = dict(loans)
        self.assertTrue(all(0 < part <= sizes[loan] for loan, part in parts))
        # Every loan but the last one named is closed.
        self.assertTrue(all(part == sizes[loan] for loan, part in parts[:-1]))
        self.assertEqual([loan for loan, _part in parts], sorted(loan for loan, _part in parts))

    def test_nothing_cannot_be_allocated(self):
        with self.assertRaises(ValueError):
            tool_ledger.allocate([('a', 3)], 0)

    @given(st.integers(0, 10**9), st.integers(0, 240), st.integers(0, 300))
    def test_residual_value_falls_and_stays_within_bounds(self, value, life, used):
        now = tool_ledger.residual_cents(value, life, used)
        self.assertTrue(0 <= now <= value)
        self.assertLessEqual(tool_ledger.residual_cents(value, life, used + 1), now)
        if not life or not used:
            self.assertEqual(now, value)
        elif used >= life:
            self.assertEqual(now, 0)

    def test_full_months(self):
        self.assertEqual(tool_ledger.full_months(date(2026, 1, 31), date(2026, 2, 28)), 0)
        self.assertEqual(tool_ledger.full_months(date(2026, 1, 15), date(2027, 1, 15)), 12)
        self.assertEqual(tool_ledger.full_months(date(2026, 5, 1), date(2026, 1, 1)), 0)
