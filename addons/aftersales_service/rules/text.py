"""Text as people type it, made one."""

from __future__ import annotations

import unicodedata


def letters_and_digits(text: str | None) -> str:
    """Return the letters and digits of a text: half-width, upper case, everything between them dropped.

    Idempotent: dropping a character can bring two others together that Unicode then composes, so it repeats.
    """
    result = text or ''
    while True:
        cleaned = ''.join(filter(str.isalnum, unicodedata.normalize('NFKC', result).upper()))
        if cleaned == result:
            return cleaned
        result = cleaned
