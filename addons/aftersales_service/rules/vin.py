"""Vehicle identification numbers: ISO 3779 structure, check digit of position 9 (GB 16735, 49 CFR 565)."""

from __future__ import annotations

from .text import letters_and_digits

LENGTH = 17
#: Codes of `problems`, in the order they are looked for.
PROBLEMS = ('empty', 'length', 'letters', 'check_digit')

_VALUES = {
    character: int(value)
    for character, value in zip('ABCDEFGHJKLMNPRSTUVWXYZ0123456789', '123456781234579234567890123456789', strict=True)
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def normalise(text: str | None) -> str:
    """Return a VIN as it is stored: half-width, upper case, without spaces and separators."""
    return letters_and_digits(text)


def check_digit(vin: str) -> str:
    """Return the check digit (0 to 9 or X) that position 9 of a VIN ought to be.

    :raise ValueError: not 17 characters of the VIN alphabet (the present position 9 does not matter).
    """
    characters = normalise(vin)
    if len(characters) != LENGTH:
        raise ValueError('vin: 17 characters')
    try:
        total = sum(
            _VALUES[character] * weight for character, weight in zip(characters, _WEIGHTS, strict=True) if weight
        )
    except KeyError as error:
        raise ValueError(f'vin: letter {error}') from error
    return 'X' if total % 11 == 10 else str(total % 11)


def with_check_digit(vin: str) -> str:
    """Return the VIN with the right character in position 9, for samples and demonstrations."""
    characters = normalise(vin)
    return characters[:8] + check_digit(characters) + characters[9:]


def problems(vin: str | None, check: bool = True) -> list[str]:
    """Return what is wrong with a VIN, as codes of `PROBLEMS`; nothing wrong gives an empty list.

    :param check: also hold position 9 against the check digit (markets that use it).
    """
    characters = normalise(vin)
    if not characters:
        return ['empty']
    found = []
    if len(characters) != LENGTH:
        found.append('length')
    if any(character not in _VALUES for character in characters):
        found.append('letters')
    if not found and check and check_digit(characters) != characters[8]:
        found.append('check_digit')
    return found


def is_valid(vin: str | None, check_digit: bool = True) -> bool:
    """Tell whether a VIN is complete and, if asked, carries its right check digit."""
    return not problems(vin, check=check_digit)


def tail(vin: str | None, n: int = 6) -> str:
    """Return the last characters of a VIN, the part people read out and type."""
    return normalise(vin)[-n:] if n > 0 else ''


def model_year(vin: str | None, not_after: int) -> int | None:
    """Return the model year that position 10 stands for: the latest one not after a given year.

    The code repeats every 30 years; makers outside China and North America may use position 10 otherwise.
    """
    characters = normalise(vin)
    codes = 'ABCDEFGHJKLMNPRSTVWXY123456789'
    if len(characters) != LENGTH or characters[9] not in codes:
        return None
    year = 1980 + codes.index(characters[9])
    while year + 30 <= not_after:
        year += 30
    return year if year <= not_after else None
