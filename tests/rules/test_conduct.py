from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.aftersales_service.rules import conduct

from ..common import AftersalesPureCase

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CENTS = st.integers(0, 10**8)
PERCENT = st.decimals(0, 100, places=2)


class TestConductRules(AftersalesPureCase):
    """R-RP-09, R-RP-10, R-RP-15, R-ASM-20: ladder, compensation, what a month bears, weighted score."""

    def test_ladder(self):
        amounts, act = [5000, 10000, 20000], date(2026, 11, 21)
        self.assertEqual(conduct.ladder_step([], act, amounts, 12), (1, 5000, False))
        self.assertEqual(conduct.ladder_step([date(2025, 11, 22)], act, amounts, 12).amount, 10000)
        self.assertEqual(conduct.ladder_step([date(2025, 11, 21)], act, amounts, 12).number, 1, "twelve months are over")
        self.assertEqual(conduct.ladder_step([act, act, act], act, amounts, 12), (4, 20000, True))
        self.assertEqual(conduct.ladder_step([date(2026, 11, 22)], act, amounts, 12).number, 1, "what comes later does not count")
        with self.assertRaises(ValueError):
            conduct.ladder_step([], act, [], 12)

    @given(st.lists(DAYS, max_size=9), DAYS, st.lists(CENTS, min_size=1, max_size=4).map(sorted), st.integers(1, 36))
    def test_ladder_never_falls(self, earlier, act, amounts, window):
        step = conduct.ladder_step(earlier, act, amounts, window)
        self.assertIn(step.amount, amounts)
        self.assertGreaterEqual(conduct.ladder_step([*earlier, act], act, amounts, window).amount, step.amount)

    @given(CENTS, PERCENT, PERCENT)
    def test_compensation_stays_below_the_loss(self, loss, fault, share):
        self.assertLessEqual(conduct.compensation(loss, fault, share), loss)
        self.assertEqual(conduct.compensation(loss, Decimal(100), Decimal(100)), loss)

    def test_bearable(self):
        self.assertEqual(conduct.bearable(500000, Decimal(20), 220000), 100000)
        self.assertEqual(conduct.bearable(250000, Decimal(20), 220000), 30000, "the minimum wage stays")
        self.assertEqual(conduct.bearable(200000, Decimal(20), 220000), 0)
        self.assertEqual(conduct.bearable(0, Decimal(20), 0), 0, "no wage, no deduction")
        self.assertEqual(conduct.bearable(99999, Decimal(20), 0), 19999, "rounded down")

    @given(st.lists(st.tuples(DAYS, CENTS), max_size=8), CENTS)
    def test_deduct_is_exact(self, claims, room):
        claims = [conduct.Claim(*claim) for claim in claims]
        result = conduct.deduct(claims, room)
        self.assertTrue(all(part.taken + part.carried == claim.cents for part, claim in zip(result, claims, strict=True)))
        total = sum(claim.cents for claim in claims)
        self.assertEqual(sum(part.taken for part in result), min(room, total))
        for part, claim in zip(result, claims, strict=True):
            if part.carried:
                self.assertFalse(any(other.effective > claim.effective and done.taken
                                     for done, other in zip(result, claims, strict=True)), "oldest first")

    def test_score(self):
        self.assertIsNone(conduct.weighted_score([]))
        self.assertEqual(conduct.weighted_score([(Decimal(100), Decimal(1)), (Decimal(50), Decimal(2))]), Decimal('66.67'))

    @given(st.decimals(0, 10000, places=2), st.decimals(0, 10000, places=2), st.booleans(), st.decimals(0, 100, places=1))
    def test_target_score(self, value, target, more, points):
        """R-ASM-25: between 0 and 100; reached is 100; more is never worse, where more is better."""
        score = conduct.target_score(value, target, more, points)
        self.assertTrue(0 <= score <= 100)
        if (value >= target) if more else (value <= target):
            self.assertEqual(score, 100)
        further = conduct.target_score(value + 1, target, more, points)
        self.assertTrue(further >= score if more else further <= score)

    def test_target_score_by_hand(self):
        self.assertEqual(conduct.target_score(Decimal(45), Decimal(60)), Decimal('75.00'))
        self.assertEqual(conduct.target_score(Decimal(3), Decimal(1), False, Decimal(10)), Decimal('80.00'))
        self.assertEqual(conduct.target_score(Decimal(0), Decimal(0)), Decimal('100.00'), "no target, nothing missed")

    def test_months_before(self):
        self.assertEqual(conduct.months_before(date(2024, 3, 31), 1), date(2024, 2, 29))
        self.assertEqual(conduct.months_before(date(2026, 1, 15), 12), date(2025, 1, 15))
