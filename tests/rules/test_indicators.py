from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules import fill_rate, indicators

QUANTITIES = st.tuples(st.integers(1, 500), st.integers(0, 500))


@tagged('post_install', '-at_install', 'standard')
class TestIndicatorRules(BaseCase):
    """Figures of the shop: no division by zero, lamps, months."""

    def test_ratio_without_denominator_is_empty(self):
        """R-KPI-05: 0 stock gives no figure and no crash."""
        self.assertIsNone(indicators.ratio(5, 0))
        self.assertIsNone(indicators.percent(5, None))
        self.assertEqual(indicators.percent(9, 10), 90)
        self.assertEqual(indicators.percent(0, 10), 0)
        self.assertIsNone(indicators.mean([]))

    def test_geometric_mean(self):
        self.assertIsNone(indicators.geometric_mean(90, None))
        self.assertEqual(indicators.geometric_mean(4, 9), 6)
        self.assertAlmostEqual(float(indicators.geometric_mean(2, 4, 8)), 4.0)
        with self.assertRaises(ValueError):
            indicators.geometric_mean(-1, 4)

    @given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
    def test_a_mean_lies_between(self, one, other):
        mean = float(indicators.geometric_mean(one, other))
        self.assertLessEqual(min(one, other), mean * (1 + 1e-9))
        self.assertGreaterEqual(max(one, other), mean * (1 - 1e-9))

    def test_lamp(self):
        self.assertEqual(indicators.lamp(90, 90, 'up'), 'green')
        self.assertEqual(indicators.lamp(81, 90, 'up'), 'amber')
        self.assertEqual(indicators.lamp(80.9, 90, 'up'), 'red')
        self.assertEqual(indicators.lamp(5, 5, 'down'), 'green')
        self.assertEqual(indicators.lamp(5.5, 5, 'down'), 'amber')
        self.assertEqual(indicators.lamp(5.6, 5, 'down'), 'red')
        for value, target, direction in ((None, 90, 'up'), (90, None, 'up'), (90, 90, 'none')):
            self.assertEqual(indicators.lamp(value, target, direction), 'none')

    def test_months_and_periods(self):
        today = date(2026, 2, 10)
        self.assertEqual(indicators.months_back(today, 3), [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)])
        self.assertEqual(indicators.month_end(date(2028, 2, 1)), date(2028, 2, 29))
        self.assertEqual(indicators.month_end(date(2026, 12, 5)), date(2026, 12, 31))
        expected = {
            'this_month': (date(2026, 2, 1), today),
            'last_month': (date(2026, 1, 1), date(2026, 1, 31)),
            'this_quarter': (date(2026, 1, 1), today),
            'last_quarter': (date(2025, 10, 1), date(2025, 12, 31)),
            'this_year': (date(2026, 1, 1), today),
            'last_year': (date(2025, 1, 1), date(2025, 12, 31)),
            'last_12_months': (date(2025, 2, 1), date(2026, 1, 31)),
        }
        for name, bounds in expected.items():
            self.assertEqual(indicators.period(name, today), bounds, name)
        with self.assertRaises(ValueError):
            indicators.period('always', today)

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 40))
    def test_months_follow_each_other(self, day, count):
        months = indicators.months_back(day, count)
        self.assertEqual(len(months), count)
        self.assertEqual(months[-1], day.replace(day=1))
        for one, following in zip(months, months[1:], strict=False):
            self.assertEqual((indicators.month_end(one).toordinal() + 1), following.toordinal())


@tagged('post_install', '-at_install', 'standard')
class TestFillRate(BaseCase):
    """R-KPI-06: first-time supply rate."""

    def test_the_printed_example(self):
        """R-KPI-06: 9 of 10 lines and 95 of 100 pieces are 92.47 %."""
        rate = fill_rate.fill_rate([(10, 12)] * 9 + [(10, 5)])
        self.assertEqual((rate.variety, rate.quantity), (90, 95))
        self.assertEqual(round(rate.geometric, 2), Decimal('92.47'))

    def test_nothing_asked_has_no_rate(self):
        self.assertEqual(fill_rate.fill_rate([]), (None, None, None))

    @given(st.lists(QUANTITIES, min_size=1, max_size=30))
    def test_rates_stay_between_nothing_and_all(self, lines):
        rate = fill_rate.fill_rate(lines)
        for value in rate:
            self.assertTrue(0 <= value <= 100)
        self.assertEqual(rate.variety == 100, rate.quantity == 100)
        # More on the shelf never makes it worse.
        more = fill_rate.fill_rate([(asked, free + 1) for asked, free in lines])
        self.assertTrue(all(after >= before for before, after in zip(rate, more, strict=True)))

    @given(st.lists(QUANTITIES, min_size=1, max_size=30))
    def test_sums_say_the_same_as_lines(self, lines):
        sums = fill_rate.from_totals(
            len(lines), sum(free >= asked for asked, free in lines),
            sum(asked for asked, _free in lines), sum(min(pair) for pair in lines),
        )
        self.assertEqual(sums, fill_rate.fill_rate(lines))
