"""Arithmetic of the tool room: where things are, which loan a return closes, what a used tool is still worth."""
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date

# Where nothing is kept: goods come from there and go there, the ledger does not count it.
OUTSIDE = 'outside'


def balances(moves: Iterable[tuple[Hashable, Hashable, int]]) -> dict[Hashable, int]:
    """Return what lies where after these moves; places that are empty are left out.

    :param moves: (from, to, quantity).
    """
    found: dict[Hashable, int] = defaultdict(int)
    for source, dest, quantity in moves:
        found[source] -= quantity
        found[dest] += quantity
    return {place: quantity for place, quantity in found.items() if quantity}


def allocate(loans: Sequence[tuple[Hashable, int]], wanted: int) -> list[tuple[Hashable, int]]:
    """Spread a quantity over open loans, the first one first.

    :param loans: (loan, quantity still open), in the order in which they are to be closed.
    :return: (loan, quantity taken from it), none of them zero; their sum is the wanted quantity.
    :raise ValueError: less is open than wanted, or nothing is wanted.
    """
    if wanted <= 0 or wanted > sum(quantity for _loan, quantity in loans):
        raise ValueError(f'{wanted} cannot be taken from {loans}')
    taken = []
    for loan, quantity in loans:
        part = min(quantity, wanted)
        if part > 0:
            taken.append((loan, part))
            wanted -= part
    return taken


def full_months(start: date, end: date) -> int:
    """Return how many months have passed in full; never negative."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(0, months)


def residual_cents(value_cents: int, life_months: int, used_months: int) -> int:
    """Return what is left of a tool's value, straight line over its life, rounded half up.

    :param life_months: months it is meant to serve; 0: it does not lose value by time.
    :param used_months: full months since it was bought.
    """
    if life_months <= 0 or value_cents <= 0:
        return max(0, value_cents)
    left = max(0, life_months - max(0, used_months))
    return (2 * value_cents * left + life_months) // (2 * life_months)
