"""Licence plates of mainland China (GA 36-2018), incl. new-energy, trailer, police, learner and diplomatic ones.

A plate is stored without spaces and dots, in upper case. What it looks like is the `kind`: the colour that a
plate badge takes. Large vehicles carry yellow plates of the same text as the blue ones; text alone cannot tell.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .text import letters_and_digits

PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'
#: Colours a badge can take; `other`: not a mainland plate; `none`: no plate.
KINDS = ('blue', 'green', 'yellow_green', 'yellow', 'white', 'black', 'temporary', 'other', 'none')

_SERIAL = '[A-HJ-NP-Z0-9]'
# Electric (D A B C E) and other new energy (F G H J K) since the second letter series.
_ENERGY = {**dict.fromkeys('DABCE', 'electric'), **dict.fromkeys('FGHJK', 'hybrid')}
_NEW = '[ABCDEFGHJK]'
_HEAD = f'(?P<province>[{PROVINCES}])(?P<letter>[A-HJ-Z])'
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in (
    ('green', rf'{_HEAD}(?P<number>{_NEW}{_SERIAL}\d{{4}})'),
    ('yellow_green', rf'{_HEAD}(?P<number>\d{{5}}{_NEW})'),
    ('blue', rf'{_HEAD}(?P<number>{_SERIAL}{{5}})'),
    ('yellow', rf'{_HEAD}(?P<number>{_SERIAL}{{4}}[挂学])'),
    ('white', rf'{_HEAD}(?P<number>{_SERIAL}{{4}}(?:警|应急))'),
    ('black', r'(?P<province>粤)(?P<letter>Z)(?P<number>[A-HJ-NP-Z0-9]{4}[港澳])'),
    ('black', rf'{_HEAD}(?P<number>{_SERIAL}{{4}}[使领])'),
    ('black', r'(?P<province>[使领])(?P<letter>)(?P<number>\d{6})'),
    ('temporary', rf'{_HEAD}(?P<number>临{_SERIAL}{{4,6}}|{_SERIAL}{{4,6}}临|{_SERIAL}{{4}}[试超])'),
    ('temporary', rf'(?P<province>)(?P<letter>)(?P<number>临[{PROVINCES}]?{_SERIAL}{{4,7}})'),
    ('white', rf'(?P<province>)(?P<letter>)(?P<number>WJ(?:[{PROVINCES}]\d{{4}}|\d{{6}})[\dA-Z])'),
    ('white', r'(?P<province>)(?P<letter>)(?P<number>[VKHBSLJNGCZ][A-Z]\d{5})'),
))


class Plate(NamedTuple):
    """The parts of a plate; empty strings where a kind has no such part."""

    province: str
    letter: str
    number: str
    kind: str


def normalise(text: str | None) -> str:
    """Return a plate as it is stored and searched: half-width, upper case, no spaces, dots or dashes."""
    return letters_and_digits(text)


def parse(text: str | None) -> Plate:
    """Take a plate apart; an unknown shape keeps its text as number, kind `other` (or `none` if empty)."""
    plate = normalise(text)
    if not plate:
        return Plate('', '', '', 'none')
    for kind, pattern in _PATTERNS:
        match = pattern.fullmatch(plate)
        if match:
            return Plate(match['province'], match['letter'], match['number'], kind)
    return Plate('', '', plate, 'other')


def kind(text: str | None) -> str:
    """Return the colour a plate's text tells, one of `KINDS`."""
    return parse(text).kind


def is_valid(text: str | None) -> bool:
    """Tell whether the text is a complete mainland plate of any kind."""
    return kind(text) not in ('other', 'none')


def is_new_energy(text: str | None) -> bool:
    """Tell whether a plate is one of the eight-character green ones."""
    return kind(text) in ('green', 'yellow_green')


def energy(text: str | None) -> str | None:
    """Return `electric` or `hybrid` (plug-in, range extender, fuel cell) for a green plate, else None."""
    plate = parse(text)
    if plate.kind == 'green':
        return _ENERGY[plate.number[0]]
    if plate.kind == 'yellow_green':
        return _ENERGY[plate.number[-1]]
    return None


def pretty(text: str | None) -> str:
    """Return a plate as people write it: a dot after the issuing letter."""
    plate = parse(text)
    if plate.province and plate.letter:
        return f'{plate.province}{plate.letter}·{plate.number}'
    return plate.province + plate.number
