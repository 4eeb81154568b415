"""Workbooks that come back filled in by people."""
import base64
import binascii
import io
import re
import unicodedata
from typing import Any


class NoSheet(ValueError):
    """What was given is no workbook."""


def read_rows(file: bytes | str | None, most_rows: int) -> list[tuple[Any, ...]]:
    """Return the cells of the first sheet of a workbook, row by row.

    :param file: base64, as a binary field holds it.
    :raise NoSheet: it cannot be read
    """
    # Odoo reads workbooks with it too; imported late, since only this needs it.
    import openpyxl  # noqa: PLC0415

    try:
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(file or b'')), read_only=True, data_only=True)
        return list(book.worksheets[0].iter_rows(max_row=most_rows, values_only=True))
    except (binascii.Error, OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise NoSheet from error
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise NoSheet from error


def cell_number(value: Any) -> float | None:
    """Return the number of a cell, also one typed as text or with full-width digits; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = unicodedata.normalize('NFKC', str(value)).strip().removeprefix('¥').replace(',', '')
    return float(text) if re.fullmatch(r'-?\d{1,15}(\.\d+)?', text) else None
