from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules import planning

QUANTITY = st.integers(0, 5000)
DAYS = st.integers(0, 120)


@tagged('post_install', '-at_install', 'standard')
class TestPlanningRules(BaseCase):
    """R-PART-08, R-PART-09: limits and proposals from movement."""

    def test_limits_of_a_filter(self):
        """60 a month, 5 days lead, 10 days cycle, 7 days safety: 24 and 44."""
        self.assertEqual(planning.limits(60, lead_days=5, cycle_days=10, safety_days=7), (24, 44))
        self.assertEqual(planning.limits(1, lead_days=5, cycle_days=10, safety_days=7), (1, 1))
        self.assertEqual(planning.limits(0, lead_days=5, cycle_days=10, safety_days=7), (0, 0))
        with self.assertRaises(ValueError):
            planning.limits(-1, lead_days=5, cycle_days=10, safety_days=7)

    def test_proposal(self):
        self.assertEqual(planning.proposal(25, 24, 44), 0)
        self.assertEqual(planning.proposal(24, 24, 44), 20)
        self.assertEqual(planning.proposal(24, 24, 44, pack=12), 24)
        self.assertEqual(planning.proposal(24, 24, 44, least=50, pack=12), 60)
        self.assertEqual(planning.proposal(-3, 0, 0), 3)
        self.assertEqual(planning.proposal(0, 0, 0), 0)
        with self.assertRaises(ValueError):
            planning.proposal(0, 1, 2, pack=0)

    @given(st.integers(-500, 5000), QUANTITY, QUANTITY, st.integers(0, 200), st.integers(1, 50))
    def test_a_proposal_fills_up_and_never_by_more_than_packs_ask(self, position, minimum, extra, least, pack):
        maximum = minimum + extra
        ordered = planning.proposal(position, minimum, maximum, least=least, pack=pack)
        self.assertEqual(ordered % pack, 0)
        if position > minimum or position >= maximum:
            self.assertEqual(ordered, 0)
        else:
            self.assertGreaterEqual(position + ordered, maximum)
            self.assertGreaterEqual(ordered, least)
            self.assertLess(ordered, max(maximum - position, least) + pack)
            # Nothing more is proposed once it is on order.
            self.assertEqual(planning.proposal(position + ordered, minimum, maximum, least=least, pack=pack) > 0, extra == 0 and position + ordered < maximum)

    @given(QUANTITY, DAYS, DAYS, DAYS)
    def test_limits_grow_with_usage_and_time(self, usage, lead, cycle, safety):
        low, high = planning.limits(usage, lead_days=lead, cycle_days=cycle, safety_days=safety)
        self.assertLessEqual(low, high)
        self.assertGreaterEqual(low * 30, usage * (safety + lead))
        more = planning.limits(usage + 30, lead_days=lead, cycle_days=cycle, safety_days=safety)
        self.assertTrue(more.minimum >= low and more.maximum >= high)

    @given(st.dictionaries(st.integers(), st.integers(0, 10**6), max_size=30))
    def test_abc_orders_by_value(self, values):
        classes = planning.abc(values)
        self.assertEqual(set(classes), set(values))
        for key, value in values.items():
            self.assertEqual(classes[key] == 'n', value == 0)
            for other, less in values.items():
                if less < value:
                    self.assertLessEqual(classes[key], classes[other])
        if any(values.values()):
            self.assertIn('a', classes.values())

    def test_abc_borders(self):
        self.assertEqual(planning.abc({'x': 80, 'y': 15, 'z': 5, 'w': 0}), {'x': 'a', 'y': 'b', 'z': 'c', 'w': 'n'})
        self.assertEqual(planning.abc({'only': 1}), {'only': 'a'})

    def test_movement_classes(self):
        self.assertEqual(planning.movement([0] * 12), 'none')
        self.assertEqual(planning.movement([1] * 9 + [0] * 3), 'fast')
        self.assertEqual(planning.movement([5] * 4 + [0] * 8), 'medium')
        self.assertEqual(planning.movement([50] * 3 + [0] * 9), 'slow')
        self.assertEqual(planning.movement([]), 'none')

    def test_coverage(self):
        self.assertEqual(planning.coverage_days(20, 60), 10)
        self.assertEqual(planning.coverage_days(-2, 60), 0)
        self.assertIsNone(planning.coverage_days(20, 0))

    def test_phase_in_and_out(self):
        """Three demands in twelve months make a part worth keeping; none in twelve, not worth it any more."""
        self.assertTrue(planning.is_phase_in(3, stocked=False))
        self.assertFalse(planning.is_phase_in(2, stocked=False))
        self.assertFalse(planning.is_phase_in(9, stocked=True))
        self.assertTrue(planning.is_phase_out(0, stocked=True, months_known=12))
        self.assertFalse(planning.is_phase_out(0, stocked=True, months_known=11))
        self.assertFalse(planning.is_phase_out(1, stocked=True, months_known=40))
        self.assertFalse(planning.is_phase_out(0, stocked=False, months_known=40))

    def test_average_counts_empty_months(self):
        self.assertEqual(planning.average([12] + [0] * 11), Decimal(1))
        self.assertEqual(planning.average([]), 0)
