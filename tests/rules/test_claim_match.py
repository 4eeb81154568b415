from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules.claim_match import (
    Row,
    find_head,
    key_of,
    match,
    read_amount,
    read_day,
    read_rows,
)

NUMBERS = st.sampled_from(['', 'A1', 'a-1', 'A2', 'B7', 'Ｂ７', 'C/9'])
VINS = st.sampled_from(['', 'LSVAA4189E2000001', '2000001', 'LSVAA4189E2000002', '000002'])
DAYS = st.one_of(st.none(), st.integers(0, 90).map(lambda days: date(2026, 1, 1) + timedelta(days=days)))


@st.composite
def rows(draw, prefix):
    """Up to eight rows that fit each other more or less."""
    return [
        Row(f'{prefix}{index}', draw(NUMBERS), draw(NUMBERS), draw(VINS), draw(DAYS), draw(st.integers(0, 3)) * 1000)
        for index in range(draw(st.integers(0, 8)))
    ]


@tagged('post_install', '-at_install', 'standard')
class TestClaimMatch(BaseCase):
    """R-WAR-13: the manufacturer's list finds our claims, and never guesses."""

    def test_by_their_number_then_ours_then_the_car(self):
        """R-WAR-13: numbers count before the car; writing in full width, with blanks or dashes is the same number."""
        claims = [
            Row(1, 'A-100', 'WC1', 'LSVAA4189E2000001', date(2026, 1, 5), 34690),
            Row(2, '', 'WC2', 'LSVAA4189E2000002', date(2026, 1, 6), 34690),
            Row(3, '', 'WC3', 'LSVAA4189E2000003', date(2026, 1, 7), 5000),
            Row(4, '', 'WC4', 'LSVAA4189E2000004', date(2026, 1, 7), 5000),
        ]
        result = match([
            Row('a', 'Ａ 100', '', '', None, 1), Row('b', 'X', 'wc2', '', None, 2), Row('c', 'Y', '', '2000003', date(2026, 1, 9), 5000),
            Row('d', 'Z', '', '2000009', None, 5000),
        ], claims)
        self.assertEqual(result.pairs, {'a': (1, 'theirs'), 'b': (2, 'ours'), 'c': (3, 'car')})
        self.assertEqual((result.rows_left, result.claims_left), (['d'], [4]))

    def test_two_that_fit_equally_well_are_left_to_a_person(self):
        """R-WAR-13: same car, amount and day twice is doubtful; the nearer day decides where there is one."""
        twins = [Row(n, '', f'WC{n}', 'LSVAA4189E2000001', date(2026, 1, n), 5000) for n in (1, 5)]
        result = match([Row('a', '', '', '2000001', date(2026, 1, 3), 5000)], twins)
        self.assertEqual((result.pairs, result.doubtful), ({}, {'a': [1, 5]}))
        result = match([Row('a', '', '', '2000001', date(2026, 1, 4), 5000)], twins)
        self.assertEqual(result.pairs, {'a': (5, 'car')})
        # Two rows that want the same claim: neither gets it by the car, the first gets it by its number.
        result = match([Row(key, '', '', '2000001', date(2026, 1, 1), 5000) for key in 'ab'], twins[:1])
        self.assertEqual((result.pairs, set(result.doubtful)), ({}, {'a', 'b'}))
        result = match([Row(key, '', 'WC1', '', None, 5000) for key in 'ab'], twins[:1])
        self.assertEqual((result.pairs, result.rows_left), ({'a': (1, 'ours')}, ['b']))

    @given(rows('r'), rows('c'))
    def test_each_claim_once_and_nothing_lost(self, theirs, ours):
        """R-WAR-13: every row is paired or left, every claim is paired once or left, and numbers never contradict a pair."""
        result = match(theirs, ours)
        found = [claim for claim, _how in result.pairs.values()]
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(sorted([*result.pairs, *result.rows_left]), sorted(row.key for row in theirs))
        self.assertEqual(sorted([*found, *result.claims_left]), sorted(claim.key for claim in ours))
        self.assertLessEqual(set(result.doubtful), set(result.rows_left))
        by_key = {row.key: row for row in [*theirs, *ours]}
        for row, (claim, how) in result.pairs.items():
            one, other = by_key[row], by_key[claim]
            if how == 'theirs':
                self.assertEqual(key_of(one.their_number), key_of(other.their_number))
            elif how == 'ours':
                self.assertEqual(key_of(one.our_number), key_of(other.our_number))
            else:
                self.assertEqual((one.cents, key_of(one.vin)[-6:]), (other.cents, key_of(other.vin)[-6:]))

    @given(rows('r'), rows('c'))
    def test_order_of_our_claims_does_not_matter(self, theirs, ours):
        """R-WAR-13: whoever fits alone fits in any order of the list."""
        once, again = match(theirs, ours), match(theirs, list(reversed(ours)))
        self.assertEqual(once.pairs, again.pairs)

    @given(st.integers(-10**10, 10**10))
    def test_amounts_come_back_however_they_are_written(self, cents):
        """R-WAR-13: numbers, thousands separators, signs of the currency, brackets for a minus."""
        text = f'{abs(cents) / 100:,.2f}'
        minus = '-' if cents < 0 else ''
        for value in (f'{minus}{text}', f'¥ {minus}{text}', f'{minus}{text}元', f'({text})' if cents < 0 else text):
            self.assertEqual(read_amount(value), cents)

    def test_what_is_no_amount_and_no_day(self):
        """R-WAR-13: text that is no amount is told, never read as zero."""
        for value in ('', None, 'abc', '1.2.3', 'NaN', 'Infinity', True, float('nan')):
            self.assertIsNone(read_amount(value))
        self.assertEqual((read_amount(12.345), read_amount(0)), (1235, 0))
        for value in ('2026-03-05', '2026/3/5', '2026年3月5日', '20260305', datetime(2026, 3, 5, 8), date(2026, 3, 5)):
            self.assertEqual(read_day(value), date(2026, 3, 5))
        self.assertIsNone(read_day('soon'))

    def test_sheet_with_a_title_totals_and_faults(self):
        """R-WAR-13: headings are found below a title, by name or letter; totals and empty rows are passed over; faults are
        told row by row.
        """
        sheet = [
            ['Credit list March'], ['索赔单号', 'VIN', 'Amount', 'Day'], ['A1', 'LSV1', '1,000.50', '2026-03-05'], [None] * 4,
            ['A2', None, 'n/a', 'soon'], [12345.0, None, 7], [None, None, 1007.5],
        ]
        mapping = {'their_number': '索赔单号', 'vin': 'b', 'amount': 'amount', 'day': 'DAY', 'note': 'Z', 'our_number': ''}
        self.assertEqual(find_head(sheet, mapping)[1], {'their_number': 0, 'vin': 1, 'amount': 2, 'day': 3, 'note': 25})
        read = read_rows(sheet, mapping)
        self.assertEqual([(row.number, row.values['their_number'], row.values['cents'], row.errors) for row in read], [
            (3, 'A1', 100050, []), (5, 'A2', 0, [('amount', 'n/a'), ('day', 'soon')]), (6, '12345', 700, [])])
