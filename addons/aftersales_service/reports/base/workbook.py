"""Workbooks as accountants like them: a title, a frozen head, totals that are formulas, a filter on the raw data.

Rows are written as they come and leave memory at once, so that a sheet of a hundred thousand rows costs as little as one
of ten; the rows may be a generator.
"""
import io
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

FORMATS = {
    'text': {},
    'number': {'num_format': '#,##0.###'},
    'money': {'num_format': '#,##0.00'},
    'percent': {'num_format': '0.00%'},
    'date': {'num_format': 'yyyy-mm-dd'},
    'datetime': {'num_format': 'yyyy-mm-dd hh:mm'},
}


class Column(NamedTuple):
    """A column of a sheet."""

    label: str
    kind: str = 'text'  #: a key of FORMATS
    total: bool = False  #: summed up below, by a formula
    width: int = 14


class Formula(NamedTuple):
    """A computed cell: `{row}` in the text stands for the row's number; the value is what readers without a
    calculator see."""

    text: str
    value: Any


class Book:
    """A workbook being written, see `workbook()`."""

    def __init__(self, book: xlsxwriter.Workbook):
        self.book = book
        self.formats = {kind: book.add_format(spec) for kind, spec in FORMATS.items()}
        self.totals = {kind: book.add_format({**spec, 'bold': True, 'top': 1}) for kind, spec in FORMATS.items()}
        self.head = book.add_format({'bold': True, 'bg_color': '#E8EEF7', 'border': 1, 'text_wrap': True})
        self.title = book.add_format({'bold': True, 'font_size': 14})
        self.sums: dict[str, dict[int, Any]] = {}

    def sheet(
        self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]],
        title: str = '', notes: Sequence[str] = (), total_label: str = '',
    ) -> int:
        """Write a sheet.

        :param name: of the tab: 31 characters at most count, brackets and slashes are replaced.
        :param rows: cells in the order of the columns: text, number, date (naive), `Formula`, None or False for empty.
        :param notes: lines between title and head, such as period and maker.
        :param total_label: stands in the first column of the totals' row, which comes when a column is summed up.
        :return: how many rows were written.
        """
        sheet = self.book.add_worksheet(''.join('-' if char in '[]:*?/\\' else char for char in name)[:31])
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        top = 0
        for text, style in [(title, self.title), *((note, None) for note in notes)]:
            if text:
                sheet.write_string(top, 0, text, style)
                top += 1
        head = top
        for index, column in enumerate(columns):
            sheet.write_string(head, index, column.label, self.head)
        sheet.freeze_panes(head + 1, 1)
        row = head
        for row, cells in enumerate(rows, head + 1):
            for index, (column, value) in enumerate(zip(columns, cells, strict=True)):
                self._write(sheet, row, index, value, self.formats[column.kind])
                if column.total:
                    self._sum(sheet, index, value)
        if row > head:
            sheet.autofilter(head, 0, row, len(columns) - 1)
            if any(column.total for column in columns):
                self._write_totals(sheet, head, row, columns, total_label)
        return row - head

    def _write(self, sheet: Any, row: int, index: int, value: Any, style: Any) -> None:
        if isinstance(value, Formula):
            sheet.write_formula(row, index, value.text.format(row=row + 1), style, value.value)
        elif value is None or value is False or value == '':
            sheet.write_blank(row, index, None, style)
        elif isinstance(value, str):
            # A name that begins with "=" stays a name: no text of ours is ever calculated.
            sheet.write_string(row, index, value, style)
        else:
            sheet.write(row, index, value, style)

    def _sum(self, sheet: Any, index: int, value: Any) -> None:
        sums = self.sums.setdefault(sheet.get_name(), {})
        number = value.value if isinstance(value, Formula) else value
        sums[index] = round(sums.get(index, 0) + (number or 0), 6)

    def _write_totals(self, sheet: Any, head: int, last: int, columns: Sequence[Column], label: str) -> None:
        for index, column in enumerate(columns):
            style = self.totals[column.kind]
            if column.total:
                letter = xl_col_to_name(index)
                # SUBTOTAL follows the filter: what is hidden does not count.
                sheet.write_formula(
                    last + 1, index, f'=SUBTOTAL(9,{letter}{head + 2}:{letter}{last + 1})', style,
                    self.sums[sheet.get_name()][index],
                )
            else:
                sheet.write_string(last + 1, index, label if index == 0 else '', style)


@contextmanager
def workbook():
    """Write a workbook.

        with workbook() as (book, buffer):
            book.sheet("Parts", [Column("Part"), Column("Value", 'money', total=True)], rows)
        return buffer.getvalue()
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {'constant_memory': True, 'default_date_format': 'yyyy-mm-dd'}) as file:
        yield Book(file), buffer
