"""Stock counts: what was in the book when a shelf was counted, when to count again, how good the book was."""
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

#: No shelf of a dealership holds more pieces of one part: beyond it somebody scanned a barcode into the number.
ABSURD = Decimal('99999')


class CountedLine(NamedTuple):
    """One line of a count whose counting is over."""

    book: Decimal  #: pieces in the book at the moment of counting
    counted: Decimal
    unit_cost: Decimal = Decimal(0)  #: 0 for what is not ours


class Accuracy(NamedTuple):
    """How far the book was right: None where nothing was counted, so that nobody reads 0 % or 100 % into it."""

    by_lines: Decimal | None  #: share of lines without a difference
    by_value: Decimal | None  #: 1 - sum of absolute differences / book value, never below 0
    shortage: Decimal | None  #: missing value / book value


def refusal(quantity: Decimal, whole: bool = False, single: bool = False) -> str | None:
    """Tell what is wrong with a counted number.

    :param whole: the unit has no fractions.
    :param single: one serial number: there or not.
    :return: `number`, `negative`, `absurd`, `fraction`, `serial`, or None when the number may stand.
    """
    if not quantity.is_finite():
        return 'number'
    if quantity < 0:
        return 'negative'
    if quantity > ABSURD:
        return 'absurd'
    if whole and quantity != quantity.to_integral_value():
        return 'fraction'
    if single and quantity > 1:
        return 'serial'
    return None


def book_at(book_now: Decimal, moved_in_since: Decimal, moved_out_since: Decimal) -> Decimal:
    """Return what the book said at an earlier moment, from what it says now and what moved since."""
    return book_now - moved_in_since + moved_out_since


def count_again(line: CountedLine, tolerance_percent: Decimal, tolerance_value: Decimal) -> bool:
    """Tell whether a difference is too large to be believed at once.

    Within the tolerance is what is small in pieces *and* in value; a part missing completely, or found where the
    book has none, is always counted again.

    :param tolerance_percent: of the book quantity, 2 for 2 %.
    :param tolerance_value: in company currency.
    """
    difference = abs(line.counted - line.book)
    if not difference:
        return False
    if line.book <= 0 or not line.counted:
        return True
    return difference * 100 > line.book * tolerance_percent or difference * line.unit_cost > tolerance_value


def accuracy(lines: Iterable[CountedLine]) -> Accuracy:
    """Return how right the book was, by lines and by value."""
    total = wrong = 0
    book_value = off_value = short_value = Decimal(0)
    for line in lines:
        difference = line.counted - line.book
        total += 1
        wrong += bool(difference)
        book_value += max(line.book, Decimal(0)) * line.unit_cost
        off_value += abs(difference) * line.unit_cost
        short_value += max(-difference, Decimal(0)) * line.unit_cost
    return Accuracy(
        by_lines=1 - Decimal(wrong) / total if total else None,
        by_value=max(Decimal(0), 1 - off_value / book_value) if book_value else None,
        shortage=short_value / book_value if book_value else None,
    )
