"""Amounts in the capital characters that Chinese statements and receipts carry."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = '零壹贰叁肆伍陆柒捌玖'
_UNITS = ('', '拾', '佰', '仟')
_GROUPS = ('', '万', '亿', '万')
#: First amount too long for the words used here: ten thousand times a trillion.
LIMIT = Decimal(10) ** 16


def chinese_capital(amount: Decimal | int | str) -> str:
    """Return an amount of yuan in capital characters, e.g. 壹仟零贰拾元伍角整.

    Rounded half up to the cent; negative amounts begin with 负; nothing after 分, 整 otherwise.

    :raise ValueError: the amount has more than 16 digits before the point.
    """
    value = Decimal(amount).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)
    if abs(value) >= LIMIT:
        raise ValueError('amount: too large')
    sign = '负' if value < 0 else ''
    cents = int(abs(value).scaleb(2))
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    if not cents:
        return '零元整'
    words = _whole(yuan) + '元' if yuan else ''
    if not rest:
        return sign + words + '整'
    if jiao:
        words += _DIGITS[jiao] + '角'
    elif yuan:
        words += '零'
    words += _DIGITS[fen] + '分' if fen else '整'
    return sign + words


def _whole(number: int) -> str:
    """Return a positive whole number in capital characters, by groups of four digits."""
    groups = []
    while number:
        number, group = divmod(number, 10000)
        groups.append(group)
    words = ''
    gap = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(words)
            # Nothing in the ten thousands of a trillion: 亿 still has to be said once.
            if index == 2 and len(groups) > 3:
                words += '亿'
            continue
        if words and (gap or group < 1000):
            words += '零'
        gap = False
        unit = _GROUPS[index]
        words += _group(group) + unit
    return words


def _group(number: int) -> str:
    """Return one to four digits, zeros in between said once."""
    words = ''
    gap = False
    for power in range(3, -1, -1):
        digit = number // 10 ** power % 10
        if not digit:
            gap = bool(words)
            continue
        words += ('零' if gap else '') + _DIGITS[digit] + _UNITS[power]
        gap = False
    return words
