from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.aftersales_service.rules.stock_ledger import AverageBook, FirstInBook, StandardBook, open_book

from ..common import AftersalesPureCase

START = datetime(2026, 1, 1)


class TestStockLedger(AftersalesPureCase):
    """Books of a part: what a stock is worth after any history (R-PART-05)."""

    def play(self, book, *steps):
        for hour, (verb, *values) in enumerate(steps):
            getattr(book, verb)(START + timedelta(hours=hour), *values)
        return book

    def test_average(self):
        book = self.play(AverageBook(), ('receive', 10, 100.0), ('receive', 10, 200.0), ('issue', 5))
        self.assertEqual((book.quantity, book.worth()), (15, 225.0))
        self.play(book, ('set_price', 20.0))
        self.assertEqual(book.worth(), 300.0)

    def test_average_below_zero_starts_anew(self):
        book = self.play(AverageBook(), ('issue', 2), ('receive', 5, 60.0))
        self.assertEqual((book.quantity, book.worth()), (3, 36.0))

    def test_first_in(self):
        book = self.play(FirstInBook(), ('receive', 10, 100.0), ('receive', 10, 200.0), ('issue', 12))
        self.assertEqual((book.quantity, book.worth(), book.unit), (8, 160.0, 20.0))
        self.play(book, ('issue', 10))
        self.assertEqual(book.worth(), -40.0, "what is missing costs what came last")
        self.assertEqual(FirstInBook().unit, 0.0)

    def test_standard(self):
        book = self.play(StandardBook(7.0), ('receive', 10, 100.0), ('issue', 4))
        self.assertEqual(book.worth(), 42.0)
        self.assertEqual(book.set_price(START, 8.0), 6.0)
        self.assertEqual((book.worth(), book.worth(live_price=9.0)), (48.0, 54.0))

    def test_method(self):
        self.assertIsInstance(open_book('average'), AverageBook)
        self.assertIsInstance(open_book('fifo'), FirstInBook)
        self.assertIsInstance(open_book('standard', 3.0), StandardBook)

    @given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 100_000), st.integers(0, 100)), min_size=1, max_size=20))
    def test_average_and_first_in_keep_what_was_paid_while_nothing_is_short(self, steps):
        """Worth + cost of what went out = what was paid, with both methods."""
        average, first = AverageBook(), FirstInBook()
        paid = gone = 0.0
        for number, (quantity, cents, percent) in enumerate(steps):
            date = START + timedelta(days=number)
            for book in (average, first):
                book.receive(date, quantity, cents / 100)
            paid += cents / 100
            out = int(average.quantity * percent / 100)
            gone += out * average.unit
            for book in (average, first):
                book.issue(date, out)
            self.assertAlmostEqual(average.worth() + gone, paid, 4)
            self.assertGreaterEqual(first.worth(), 0.0)
            self.assertLessEqual(first.worth(), paid + 1e-6)
        self.assertEqual(first.quantity, average.quantity)
