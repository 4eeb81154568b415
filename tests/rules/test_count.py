from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.aftersales_service.rules import count as rules

from ..common import AftersalesPureCase

pieces = st.integers(0, 9999).map(Decimal)
costs = st.integers(0, 999900).map(lambda cents: Decimal(cents) / 100)
tolerances = st.integers(0, 10000).map(lambda tenths: Decimal(tenths) / 10)
lines = st.builds(rules.CountedLine, pieces, pieces, costs)


class TestCountRules(AftersalesPureCase):
    """R-PART-04, R-KPI-38: tolerance, accuracy and shortage of a count."""

    def test_refusals(self):
        cases = [
            ('8', {}, None), ('0', {}, None), ('-0.01', {}, 'negative'), ('NaN', {}, 'number'), ('Infinity', {}, 'number'),
            ('99999', {}, None), ('99999.01', {}, 'absurd'), ('1.5', {'whole': True}, 'fraction'), ('1.5', {}, None),
            ('2', {'single': True}, 'serial'), ('1', {'single': True}, None),
        ]
        for number, options, verdict in cases:
            with self.subTest(number=number, **options):
                self.assertEqual(rules.refusal(Decimal(number), **options), verdict)

    def test_count_again(self):
        """2 % and 50: small in pieces and in value is believed at once, all the rest is not."""
        for book, counted, cost, again in (
            (100, 98, 1, False), (100, 97, 1, True), (100, 98, 25, False), (100, 98, 26, True), (100, 102, 1, False),
            (10, 10, 999, False), (0, 1, 0, True), (100, 0, 0, True), (-2, 0, 0, True),
        ):
            with self.subTest(book=book, counted=counted, cost=cost):
                line = rules.CountedLine(Decimal(book), Decimal(counted), Decimal(cost))
                self.assertEqual(rules.count_again(line, Decimal(2), Decimal(50)), again)

    @given(lines)
    def test_without_tolerance_every_difference_is_counted_again(self, line):
        value = rules.count_again(line, Decimal(0), Decimal(0))
        self.assertEqual(value, line.book != line.counted)

    @given(lines, tolerances, tolerances)
    def test_a_wider_tolerance_never_asks_for_more(self, line, percent, value):
        if not rules.count_again(line, percent, value):
            self.assertFalse(rules.count_again(line, percent + 1, value + 1))

    def test_accuracy_of_a_hand_computed_case(self):
        """3 of 4 lines right; 2 pads of 80.00 missing of a book of 3,000.00: 94.67 %; shortage 5.33 %."""
        result = rules.accuracy([
            rules.CountedLine(Decimal(10), Decimal(8), Decimal(80)), rules.CountedLine(Decimal(50), Decimal(50), Decimal(20)),
            rules.CountedLine(Decimal(4), Decimal(4), Decimal(300)), rules.CountedLine(Decimal(3), Decimal(3)),
        ])
        self.assertEqual(result.by_lines, Decimal('0.75'))
        self.assertEqual(round(result.by_value, 4), Decimal('0.9467'))
        self.assertEqual(round(result.shortage, 4), Decimal('0.0533'))

    def test_nothing_counted(self):
        """No line, or nothing of value: no number, and no division by zero."""
        self.assertEqual(rules.accuracy([]), (None, None, None))
        self.assertEqual(rules.accuracy([rules.CountedLine(Decimal(0), Decimal(1))]), (Decimal(0), None, None))

    @given(st.lists(lines))
    def test_accuracy_lies_between_nothing_and_all(self, found):
        result = rules.accuracy(found)
        for value in (result.by_lines, result.by_value):
            self.assertTrue(value is None or 0 <= value <= 1)
        if found and all(line.book == line.counted for line in found):
            self.assertEqual(result.by_lines, 1)
            self.assertIn(result.by_value, (None, 1))

    @given(pieces, pieces, pieces)
    def test_book_of_an_earlier_moment(self, before, came, went):
        self.assertEqual(rules.book_at(before + came - went, came, went), before)
