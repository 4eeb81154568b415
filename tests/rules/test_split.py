from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules.split import (
    Share,
    from_cents,
    split_amount,
    split_lines,
    split_total,
    to_cents,
)

CENTS = st.integers(min_value=-10**9, max_value=10**9)
LINES = st.lists(CENTS, max_size=8)


@st.composite
def shares(draw):
    """One to five shares: fixed amounts, percentages of at most 100 together, at most one rest."""
    result = [Share('fixed', value) for value in draw(st.lists(st.integers(0, 10**9), max_size=2))]
    left = 10000
    for _count in range(draw(st.integers(0, 2))):
        points = draw(st.integers(0, left))
        left -= points
        result.append(Share('percent', Decimal(points) / 100))
    if not result or draw(st.booleans()):
        result.append(Share('rest'))
    return draw(st.permutations(result))


@tagged('post_install', '-at_install', 'standard')
class TestSplit(BaseCase):
    """R-FORM-05: payer shares add up to the cent, per payer and per line; the last payer takes the rounding."""

    def test_equal_parts_leave_the_odd_cents_to_the_last(self):
        self.assertEqual(split_amount(100, [1, 1, 1]), [33, 33, 34])
        self.assertEqual(split_amount(200, [1, 1, 1]), [66, 67, 67])
        self.assertEqual(split_amount(-100, [1, 1, 1]), [-33, -33, -34])

    def test_no_weight_at_all_goes_to_the_last(self):
        self.assertEqual(split_amount(7, [0, 0]), [0, 7])

    def test_wrong_weights_are_refused(self):
        for weights in ([], [1, -1]):
            with self.assertRaises(ValueError):
                split_amount(100, weights)

    @given(CENTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
    def test_parts_add_up_and_stay_within_a_cent(self, total, weights):
        parts = split_amount(total, weights)
        self.assertEqual(sum(parts), total)
        if sum(weights):
            for part, weight in zip(parts, weights, strict=True):
                self.assertLess(abs(part - Fraction(total * weight, sum(weights))), 1)

    def test_insurer_percent_customer_rest(self):
        result = split_lines([10001, 333], [Share('percent', Decimal('70')), Share('rest')])
        self.assertEqual([sum(row) for row in result], [7234, 3100])
        self.assertEqual([sum(column) for column in zip(*result, strict=True)], [10001, 333])

    def test_three_thirds_without_rest(self):
        third = Share('percent', Decimal('33.33'))
        self.assertEqual(split_total(10000, [third] * 3), [3333, 3333, 3334])

    def test_fixed_is_capped_by_the_total_and_comes_before_percent(self):
        self.assertEqual(split_total(5000, [Share('rest'), Share('fixed', 8000)]), [0, 5000])
        payers = [Share('percent', 50), Share('fixed', 4000), Share('rest')]
        self.assertEqual(split_total(5000, payers), [1000, 4000, 0])

    def test_credit_mirrors_the_invoice(self):
        given_shares = [Share('fixed', 1000), Share('percent', 25), Share('rest')]
        self.assertEqual(split_lines([-700, -7301], given_shares), [
            [-cell for cell in row] for row in split_lines([700, 7301], given_shares)
        ])

    def test_lines_that_cancel_out_are_still_shared(self):
        self.assertEqual(split_lines([100, -100], [Share('percent', 30), Share('rest')]), [[30, -30], [70, -70]])

    def test_impossible_shares_are_refused(self):
        for wrong in ([], [Share('rest'), Share('rest')], [Share('fixed', -1)],
                      [Share('percent', 60), Share('percent', 41)]):
            with self.assertRaises(ValueError):
                split_total(100, wrong)

    @given(LINES, shares())
    def test_sums_are_exact_both_ways(self, lines, payers):
        result = split_lines(lines, payers)
        self.assertEqual([sum(row) for row in result], split_total(sum(lines), payers))
        for index, line in enumerate(lines):
            cells = [row[index] for row in result]
            self.assertEqual(sum(cells), line)
            self.assertTrue(all(min(0, line) <= cell <= max(0, line) for cell in cells), cells)

    @given(LINES, shares())
    def test_payers_never_take_the_opposite_sign(self, lines, payers):
        total = sum(lines)
        for part in split_total(total, payers):
            self.assertTrue(min(0, total) <= part <= max(0, total))

    @given(CENTS)
    def test_cents_survive_the_way_there_and_back(self, cents):
        self.assertEqual(to_cents(from_cents(cents)), cents)
        self.assertEqual(to_cents(float(from_cents(cents))), cents)

    def test_cents_round_half_away_from_zero(self):
        self.assertEqual([to_cents(1.005), to_cents('-1.005'), to_cents(Decimal('1.0049'))], [101, -101, 100])
        self.assertEqual(to_cents(1500, digits=0), 1500)
