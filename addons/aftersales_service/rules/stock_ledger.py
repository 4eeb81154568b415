"""What a stock of one part is worth at any moment of its history, told from its movements.

Odoo 19 keeps the value of each movement and works out the worth of the stock from them by going through the history of the
product. These books go through it the same way, operation by operation, so that every cent agrees; they keep a running
balance on the way, which Odoo does not: one pass tells the worth at many moments.

Feed a book in order of time (a price before the movements of the same moment). Quantities are in the part's own unit, never
negative; values are what the movement is worth in company currency.
"""

from __future__ import annotations

from datetime import datetime


class AverageBook:
    """Moving average (加权平均)."""

    def __init__(self) -> None:
        self.quantity = 0.0
        self.unit = 0.0
        self.total = 0.0
        self.last_in: datetime | None = None
        self.last_price: datetime | None = None

    def set_price(self, date: datetime, price: float) -> float:
        """Set the average by hand; return by how much the worth of the stock changes."""
        before = self.total
        self.unit, self.last_price = price, date
        self.total = price * self.quantity
        return self.total - before

    def receive(self, date: datetime, quantity: float, value: float) -> None:
        before = self.quantity
        self.quantity += quantity
        self.last_in = date
        if before > 0:
            self.total += value
            if self.quantity:
                self.unit = self.total / self.quantity
        else:
            # What was missing is forgotten: the stock starts anew at the price of what came.
            self.unit = value / quantity if quantity else self.unit
            self.total = self.unit * self.quantity

    def issue(self, date: datetime, quantity: float) -> None:
        self.total -= quantity * self.unit
        self.quantity -= quantity

    def worth(self, live_price: float | None = None) -> float:
        """Return what the stock is worth now; not rounded.

        :param live_price: the product's present cost; None when the moment is past. Average stock needs neither.
        """
        if self.last_price and (self.last_in is None or self.last_price > self.last_in):
            return self.unit * self.quantity
        return self.total


class StandardBook:
    """Standard cost (标准成本): the price of the moment, whatever was paid."""

    def __init__(self, first_price: float = 0.0) -> None:
        self.quantity = 0.0
        self.unit = first_price

    def set_price(self, date: datetime, price: float) -> float:
        change = (price - self.unit) * self.quantity
        self.unit = price
        return change

    def receive(self, date: datetime, quantity: float, value: float) -> None:
        self.quantity += quantity

    def issue(self, date: datetime, quantity: float) -> None:
        self.quantity -= quantity

    def worth(self, live_price: float | None = None) -> float:
        return self.quantity * (self.unit if live_price is None else live_price)


class FirstInBook:
    """First in, first out (先进先出): what is there came last."""

    def __init__(self) -> None:
        self.quantity = 0.0
        self.receipts: list[tuple[float, float]] = []

    @property
    def unit(self) -> float:
        if self.quantity > 0:
            return self.worth() / self.quantity
        return self._last_unit()

    def _last_unit(self) -> float:
        quantity, value = self.receipts[-1] if self.receipts else (0.0, 0.0)
        return value / quantity if quantity else 0.0

    def set_price(self, date: datetime, price: float) -> float:
        return 0.0

    def receive(self, date: datetime, quantity: float, value: float) -> None:
        self.quantity += quantity
        self.receipts.append((quantity, value))

    def issue(self, date: datetime, quantity: float) -> None:
        self.quantity -= quantity

    def worth(self, live_price: float | None = None) -> float:
        left = self.quantity
        if left <= 0:
            return left * (self._last_unit() if live_price is None else live_price)
        pile, size, first = [], left, 0.0
        for receipt in reversed(self.receipts):
            if size <= 0:
                break
            pile.append(receipt)
            first = min(receipt[0], size)
            size -= receipt[0]
        cost = 0.0
        for index, (quantity, value) in enumerate(reversed(pile)):
            if not index and quantity:
                quantity, value = first, value * first / quantity
            cost += value
            left -= quantity
        if left > 0:
            cost += left * (self._last_unit() if self.receipts else live_price or 0.0)
        return cost


Book = AverageBook | StandardBook | FirstInBook


def open_book(method: str, first_price: float = 0.0) -> Book:
    """Return an empty book for a costing method of Odoo: average, fifo, standard."""
    if method == 'standard':
        return StandardBook(first_price)
    return FirstInBook() if method == 'fifo' else AverageBook()
