"""Matches the rows of a manufacturer's statement with our claims, without the ORM.

A row finds its claim by their claim number, by our number, or by the car, the amount and the day; each claim is found
once. What several claims fit equally well is left to a person: a wrong match costs more than an open one.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

from .split import to_cents

How = Literal['theirs', 'ours', 'car']
DATE_FORMATS = ('%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y%m%d', '%Y年%m月%d日', '%d.%m.%Y')
VIN_TAIL = 6


@dataclass(frozen=True)
class Row:
    """A row of their statement, or one of our claims: what can be compared of it."""

    key: Hashable
    their_number: str = ''
    our_number: str = ''
    vin: str = ''
    day: date | None = None
    cents: int = 0


class Result(NamedTuple):
    """Who fits whom, and who is left."""

    pairs: dict[Hashable, tuple[Hashable, How]]  #: key of the row: (key of the claim, found by)
    doubtful: dict[Hashable, list[Hashable]]  #: key of the row: claims that fit equally well
    rows_left: list[Hashable]  #: in theirs, not in ours; doubtful rows are among them
    claims_left: list[Hashable]  #: in ours, not in theirs


class Cells(NamedTuple):
    """A row of the sheet, read: values by field, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    errors: list[tuple[str, str]]  #: (field, text that cannot be read); ('', '') for a row without number or car


def key_of(text: object) -> str:
    """Return a number as it compares: letters and digits only, upper case, full width made narrow."""
    narrow = unicodedata.normalize('NFKC', str(text or ''))
    return ''.join(char for char in narrow.upper() if char.isalnum())


def match(rows: Sequence[Row], claims: Sequence[Row], days: int = 60) -> Result:
    """Match the rows of a statement with claims: by their number, then ours, then car, amount and day.

    :param days: how far the days of a row and a claim of the same car and amount may lie apart.
    """
    pairs: dict[Hashable, tuple[Hashable, How]] = {}
    doubtful: dict[Hashable, list[Hashable]] = {}
    free = {claim.key: claim for claim in claims}

    def sweep(how: How, fitting: Callable[[Row], list[Row]]) -> None:
        open_rows = [row for row in rows if row.key not in pairs]
        wanted: dict[Hashable, list[Row]] = {row.key: fitting(row) for row in open_rows}
        rivals: dict[Hashable, int] = defaultdict(int)
        for found in wanted.values():
            for claim in found:
                rivals[claim.key] += 1
        for row in open_rows:
            found = wanted[row.key]
            if len(found) == 1 and (rivals[found[0].key] == 1 or how != 'car') and found[0].key in free:
                pairs[row.key] = (found[0].key, how)
                doubtful.pop(row.key, None)
                del free[found[0].key]
            elif found and row.key not in pairs:
                doubtful[row.key] = [claim.key for claim in found]

    by_their = _index(claims, lambda claim: key_of(claim.their_number))
    by_our = _index(claims, lambda claim: key_of(claim.our_number))
    sweep('theirs', lambda row: _still(by_their.get(key_of(row.their_number)), free))
    sweep('ours', lambda row: _still(by_our.get(key_of(row.our_number)), free))
    by_car: dict[str, list[Row]] = _index(claims, lambda claim: key_of(claim.vin)[-VIN_TAIL:])
    sweep('car', lambda row: _nearest(row, _still(by_car.get(key_of(row.vin)[-VIN_TAIL:]), free), days))
    left = [row.key for row in rows if row.key not in pairs]
    return Result(pairs, {key: found for key, found in doubtful.items() if key not in pairs}, left, list(free))


def _index(claims: Iterable[Row], of: Callable[[Row], str]) -> dict[str, list[Row]]:
    index: dict[str, list[Row]] = defaultdict(list)
    for claim in claims:
        if key := of(claim):
            index[key].append(claim)
    return index


def _still(found: list[Row] | None, free: Mapping[Hashable, Row]) -> list[Row]:
    return [claim for claim in found or () if claim.key in free]


def _nearest(row: Row, found: list[Row], days: int) -> list[Row]:
    """Return the claims of the same car and amount whose day lies nearest; several when equally near."""
    vin = key_of(row.vin)
    if len(vin) < VIN_TAIL:
        return []
    apart: dict[int, list[Row]] = defaultdict(list)
    for claim in found:
        other = key_of(claim.vin)
        if claim.cents != row.cents or not (other.endswith(vin) or vin.endswith(other)):
            continue
        distance = abs((claim.day - row.day).days) if claim.day and row.day else 0
        if distance <= days:
            apart[distance].append(claim)
    return apart[min(apart)] if apart else []


# === READING A SHEET === #


def read_amount(value: object, digits: int = 2) -> int | None:
    """Return an amount in cents: a number, or text with separators, currency signs, brackets for a minus; else None."""
    if isinstance(value, bool) or value in (None, ''):
        return None
    if isinstance(value, (int, float, Decimal)):
        return to_cents(value, digits) if Decimal(str(value)).is_finite() else None
    text = unicodedata.normalize('NFKC', str(value)).strip()
    negative = text.startswith('(') and text.endswith(')')
    text = text.strip('()').replace(',', '').replace(' ', '')
    for sign in ('¥', '￥', '元', 'CNY', 'RMB', '€', '$'):
        text = text.replace(sign, '')
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 13:
        return None
    return -to_cents(number, digits) if negative else to_cents(number, digits)


def read_day(value: object) -> date | None:
    """Return the day of a cell: a date, or text in one of the usual ways; None when it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize('NFKC', str(value or '')).strip().split(' ')[0].split('T')[0]
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def find_head(sheet: Sequence[Sequence[object]], mapping: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """Find the row of headings: the one that names most of the mapped columns.

    :param mapping: field, to the heading of its column, or its letter (`C`).
    :return: index of the row (-1 when all are letters), and the column of each field found.
    """
    letters = {name: _letter(label) for name, label in mapping.items() if label}
    best: tuple[int, dict[str, int]] = (-1, {})
    for index, cells in enumerate(sheet[:30]):
        known = {key_of(cell): column for column, cell in reversed(list(enumerate(cells))) if key_of(cell)}
        found = {name: known[key_of(label)] for name, label in mapping.items() if key_of(label) in known}
        if len(found) > len(best[1]):
            best = (index, found)
    columns = {name: column for name, column in letters.items() if column is not None and name not in best[1]}
    return best[0], {**columns, **best[1]}


def _letter(label: str) -> int | None:
    text = label.strip().upper()
    if not 1 <= len(text) <= 2 or not all('A' <= char <= 'Z' for char in text):
        return None
    column = 0
    for char in text:
        column = column * 26 + ord(char) - ord('A') + 1
    return column - 1


def read_rows(sheet: Sequence[Sequence[object]], mapping: Mapping[str, str]) -> list[Cells]:
    """Read the rows below the headings; empty rows and rows of totals without number and car are passed over.

    :param mapping: headings of the fields `their_number`, `our_number`, `vin`, `day`, `amount`, `note`.
    """
    head, columns = find_head(sheet, mapping)
    result = []
    for number, cells in enumerate(sheet[head + 1 :], head + 2):
        raw = {name: cells[column] if column < len(cells) else None for name, column in columns.items()}
        texts = {name: _text(raw.get(name)) for name in ('their_number', 'our_number', 'vin', 'note')}
        if not any(texts[name] for name in ('their_number', 'our_number', 'vin')):
            continue
        errors = []
        cents, day = read_amount(raw.get('amount')), read_day(raw.get('day'))
        if cents is None:
            errors.append(('amount', _text(raw.get('amount'))))
        if day is None and _text(raw.get('day')):
            errors.append(('day', _text(raw.get('day'))))
        result.append(Cells(number, {**texts, 'cents': cents or 0, 'day': day}, errors))
    return result


def _text(value: object) -> str:
    if value is None:
        return ''
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize('NFKC', str(value)).strip()
