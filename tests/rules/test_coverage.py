from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.addons.aftersales_service.rules import coverage
from odoo.addons.aftersales_service.rules.coverage import Limits, Term

from ..common import AftersalesPureCase

DAY = date(2026, 6, 15)
NEAR = Limits(30, 2000)
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
kms = st.integers(0, 400_000)
terms = st.builds(
    Term, kind=st.sampled_from(['manufacturer', 'part', 'extended']), start=st.none() | days,
    months=st.integers(0, 120), km=st.integers(0, 300_000), start_km=st.integers(0, 100_000),
    until=st.none() | days, until_km=st.integers(0, 300_000), is_excluded=st.booleans(),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))
spans = st.lists(
    st.tuples(moments, st.integers(0, 20_000)).map(lambda pair: (pair[0], pair[0] + timedelta(minutes=pair[1]))), max_size=5)


class TestCoverageRules(AftersalesPureCase):
    """Months, kilometres, near the end; counters of the 三包 rules."""

    def _state(self, day=DAY, km=20_000, **values):
        return coverage.verdict(Term('manufacturer', **{'start': date(2024, 6, 15), 'months': 36, 'km': 100_000} | values),
                                day, km, NEAR)

    def test_states_and_reasons(self):
        """R-WAR-01: in, near by days, near by kilometres, out by each, unknown without start or reading."""
        for values, expected in [
            ({}, ('in', 'covered')),
            ({'day': date(2027, 6, 1)}, ('near', 'covered')),
            ({'km': 98_500}, ('near', 'covered')),
            ({'day': date(2027, 6, 15)}, ('near', 'covered')),
            ({'day': date(2027, 6, 16)}, ('out', 'date')),
            ({'km': 100_000}, ('near', 'covered')),
            ({'km': 100_001}, ('out', 'km')),
            ({'start': None}, ('unknown', 'no_start')),
            ({'km': None}, ('unknown', 'no_reading')),
            ({'km': None, 'day': date(2030, 1, 1)}, ('out', 'date')),
            ({'is_excluded': True}, ('out', 'excluded')),
            ({'day': date(2020, 1, 1)}, ('out', 'not_yet')),
        ]:
            with self.subTest(values):
                term = {key: values[key] for key in values if key not in ('day', 'km')}
                found = self._state(day=values.get('day', DAY), km=values.get('km', 20_000), **term)
                self.assertEqual((found.state, found.reason), expected)
        self.assertEqual(coverage.verdict(Term('goodwill'), DAY, None, NEAR)[:2], ('in', 'no_limit'))

    def test_kilometres_of_the_term_and_of_the_file(self):
        """R-WAR-18: a part's warranty runs from its fitting, an own repair ends at a reading."""
        part = Term('part', DAY, 12, 20_000, start_km=50_000)
        self.assertEqual(coverage.verdict(part, DAY, 70_000, NEAR).until_km, 70_000)
        self.assertEqual(coverage.verdict(part, DAY, 70_001, NEAR).state, 'out')
        own = Term('own_repair', DAY, until=date(2026, 9, 15), until_km=30_000)
        self.assertEqual(coverage.verdict(own, date(2026, 9, 16), 20_000, NEAR).reason, 'date')

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(day=days, months=st.integers(0, 240))
    def test_months_are_added_to_the_end_of_the_month_at_most(self, day, months):
        """Twelve months are a year, and adding never jumps into the month after."""
        later = coverage.add_months(day, months)
        self.assertEqual((later.year * 12 + later.month) - (day.year * 12 + day.month), months)
        self.assertLessEqual(later.day, day.day)

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(term=terms, day=days, km=kms, more=st.integers(0, 50_000), later=st.integers(0, 2000))
    def test_coverage_never_comes_back(self, term, day, km, more, later):
        """A car further or later is never better covered (but for a promise that has not begun)."""
        now = coverage.verdict(term, day, km, NEAR)
        then = coverage.verdict(term, day + timedelta(days=later), km + more, NEAR)
        if now.reason != 'not_yet':
            self.assertLessEqual(coverage.RANKS[then.state], coverage.RANKS[now.state])

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(rows=st.lists(terms, max_size=6), day=days, km=st.none() | kms)
    def test_best_is_at_least_as_good_as_each(self, rows, day, km):
        """The most favourable promise counts, of equal ones the first."""
        found = coverage.best(rows, day, km, NEAR)
        single = [coverage.verdict(term, day, km, NEAR, index) for index, term in enumerate(rows)]
        if not rows:
            self.assertEqual((found.state, found.reason), ('unknown', 'none'))
            return
        top = max(coverage.RANKS[one.state] for one in single)
        self.assertEqual(coverage.RANKS[found.state], top)
        self.assertEqual(found.index, min(one.index for one in single if coverage.RANKS[one.state] == top))

    def test_repair_days(self):
        """三包: below 24 hours is a day, a temporary exit does not count, two stays at once count once."""
        start = datetime(2026, 6, 1, 9)
        self.assertEqual(coverage.repair_days([(start, start + timedelta(hours=1))]), 1)
        self.assertEqual(coverage.repair_days([(start, start + timedelta(hours=24))]), 1)
        self.assertEqual(coverage.repair_days([(start, start + timedelta(hours=25))]), 2)
        week = (start, start + timedelta(days=7))
        self.assertEqual(coverage.repair_days([week], [(start + timedelta(days=1), start + timedelta(days=4))]), 4)
        self.assertEqual(coverage.repair_days([week, week]), 7)

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(stays=spans, exits=spans)
    def test_repair_days_are_bounded(self, stays, exits):
        """Exits only shorten, and no calendar is exceeded."""
        whole = coverage.repair_days(stays)
        self.assertLessEqual(coverage.repair_days(stays, exits), whole)
        self.assertGreaterEqual(coverage.repair_days(stays, exits), 0)
        if stays:
            outer = max(end for _start, end in stays) - min(begin for begin, _end in stays)
            self.assertLessEqual(whole, outer.days + len(stays) + 1)

    def test_watch_warns_one_step_before(self):
        """Anchor (c) 4: with a limit of 2 the first repair warns, the second has reached it; 0 watches nothing."""
        self.assertEqual([coverage.watch_level(n, 2) for n in range(4)], ['ok', 'near', 'reached', 'reached'])
        self.assertEqual([coverage.watch_level(n, 31, 5) for n in (25, 26, 30, 31)], ['ok', 'near', 'near', 'reached'])
        self.assertEqual(coverage.watch_level(9, 0), 'ok')
        self.assertEqual(coverage.worst_level({'a': 'ok', 'b': 'near'}), 'near')
        self.assertEqual(coverage.worst_level([]), 'ok')

    def test_comeback_window(self):
        """R-WAR-18: inside the days, and inside the kilometres where both readings are known."""
        done = date(2026, 6, 1)
        self.assertTrue(coverage.is_comeback(done, DAY, 30, 10_000, 10_900, 1000))
        self.assertFalse(coverage.is_comeback(done, DAY, 30, 10_000, 11_001, 1000))
        self.assertTrue(coverage.is_comeback(done, DAY, 30, 0, 11_001, 1000))
        self.assertFalse(coverage.is_comeback(done, DAY, 13, None, None, 0))
        self.assertFalse(coverage.is_comeback(done, DAY, 0, None, None, 0))
        self.assertFalse(coverage.is_comeback(DAY, done, 30, None, None, 0))
