import re

from odoo import models

from ...reports.base import sheet_reader
from ...reports.base.workbook import Column, workbook
from ..base.errors import coded_error
from .aftersales_stock_count import COUNTING

# Where `_write_sheet` puts what `_read_sheet` reads; the rest of a row is there for people.
NUMBER, COUNTED, NOTE, CODE = 0, 1, 2, 4
MOST_ROWS = 20000


class AftersalesStockCount(models.Model):
    """Count sheets as workbooks, out and back in, and the list of differences."""

    _inherit = 'aftersales.stock.count'

    def _downloads(self):
        return super()._downloads() | {'sheet': '_write_sheet', 'differences': '_write_differences'}

    def action_download_sheet(self):
        return self.action_download('sheet')

    def action_download_differences(self):
        return self.action_download('differences')

    # === OUT === #

    def _sheet_lines(self):
        """Return the lines to count in this round, in the order of the shelves."""
        return self.line_ids.filtered('needs_second') if self.state == 'recount' else self.line_ids

    def _write_sheet(self, options):
        """Write the sheet to count with; of a blind count it holds nothing of the book."""
        self.ensure_one()
        if self.state not in COUNTING:
            raise coded_error('CNT-47', self.env._("%(count)s: a count sheet exists while it is counted.", count=self.name))
        _ = self.env._
        columns = [
            Column(_("No."), 'number', width=8), Column(_("Counted Quantity"), 'number'), Column(_("Note"), width=24),
            Column(_("Place"), width=18), Column(_("Part Number"), width=18), Column(_("Part"), width=36),
            Column(_("Lot/Serial Number"), width=18), Column(_("Belongs To"), width=18), Column(_("Unit"), width=8),
        ]
        if not self.is_blind:
            columns.append(Column(_("Book quantity"), 'number'))
        rows = (
            [
                line.sequence, None, None, line.location_id.display_name, line.default_code, line.name, line.lot_id.name,
                line.owner_id.name, line.product_uom_id.name, *([] if self.is_blind else [line.book_qty]),
            ]
            for line in self._sheet_lines()
        )
        with workbook() as (book, buffer):
            book.sheet(
                _("Count Sheet"), columns, rows, title=_("Count Sheet %(count)s", count=self.name),
                notes=[_("Fill in “Counted Quantity”, 0 when nothing is there; leave the numbers in the first column as they are.")],
            )
        return f"{self._file_name(_('Count Sheet'))}.xlsx", buffer.getvalue()

    def _write_differences(self, options):
        """Write the differing lines with quantities and values, for manager and accountant."""
        self.ensure_one()
        _ = self.env._
        if not self.is_revealed:
            raise coded_error('CNT-48', self.env._("%(count)s is still being counted blind.", count=self.name))
        with_value = self._has_field_access(self._fields['difference_value'], 'read')
        columns = [
            Column(_("No."), 'number', width=8), Column(_("Place"), width=18), Column(_("Part Number"), width=18),
            Column(_("Part"), width=36), Column(_("Lot/Serial Number"), width=18), Column(_("Belongs To"), width=18),
            Column(_("Book quantity"), 'number'), Column(_("Moved Since"), 'number'), Column(_("First Count"), 'number'),
            Column(_("Second Count"), 'number'), Column(_("Difference"), 'number'),
            *([Column(_("Difference Value"), 'money', total=True)] if with_value else []),
            Column(_("Reason"), width=24), Column(_("Note"), width=24),
        ]
        rows = (
            [
                line.sequence, line.location_id.display_name, line.default_code, line.name, line.lot_id.name,
                line.owner_id.name, line.book_qty, line.moved_qty, line.first_qty, line.second_qty if line.second_at else None,
                line.difference_qty, *([line.difference_value] if with_value else []), line.reason_id.name, line.note,
            ]
            for line in self.line_ids.filtered('difference_qty')
        )
        with workbook() as (book, buffer):
            book.sheet(_("Differences"), columns, rows, title=_("Differences of %(count)s", count=self.name), total_label=_("Total"))
        return f"{self._file_name(_('Differences'))}.xlsx", buffer.getvalue()

    def _file_name(self, title):
        return f"{title} {re.sub(r'[^0-9A-Za-z_-]+', '-', self.name)}"

    # === BACK IN === #

    def _read_sheet(self, file, at=None):
        """Record the numbers of a filled-in sheet; rows that cannot stand are told, the others are taken.

        A sheet may come in several times: rows whose number was recorded before are passed over.

        :param bytes file: base64, as a binary field holds it.
        :param datetime at: UTC, when the sheet was filled in.
        :return: how many rows were recorded, and {row number: error text}.
        :rtype: tuple[int, dict[int, str]]
        :raise UserError: CNT-49 no sheet of this count
        """
        self.ensure_one()
        self._lock(COUNTING, 'SHARE')
        known = {line.sequence: line for line in self._sheet_lines()}
        quantities, notes, rows, errors = {}, {}, {}, {}
        for row, cells in self._sheet_rows(file):
            number, text = sheet_reader.cell_number(cells[NUMBER]), cells[COUNTED]
            line = known.get(int(number)) if number is not None and number == int(number) else None
            if not line:
                errors[row] = self.env._("No line %(number)s to count in this round.", number=cells[NUMBER])
            elif line in rows:
                errors[row] = self.env._("Line %(number)s stands in the sheet twice.", number=line.sequence)
            elif cells[CODE] and line.default_code and str(cells[CODE]).strip() != line.default_code:
                errors[row] = self.env._("Line %(number)s is %(part)s; the row was moved or overwritten.",
                                         number=line.sequence, part=line.default_code)
            elif (quantity := sheet_reader.cell_number(text)) is None:
                errors[row] = self.env._("“%(text)s” is no number.", text=text)
            else:
                rows[line] = row
                if not self._is_recorded(line, quantity):
                    quantities[line] = quantity
                    notes[line] = cells[NOTE]
        Line = self.env['aftersales.stock.count.line']
        if quantities:
            for line, problem in Line.browse([line.id for line in quantities])._problems(quantities, at).items():
                errors[rows[line]] = str(problem)
                del quantities[line]
            Line._record(quantities, at)
            for line in quantities:
                if notes[line]:
                    line.note = str(notes[line])
        return len(quantities), dict(sorted(errors.items()))

    def _is_recorded(self, line, quantity):
        if self.state == 'recount':
            return line.second_at and line.second_qty == quantity and line.second_by_id == self.env.user
        return line.first_at and line.first_qty == quantity and line.first_by_id == self.env.user

    def _sheet_rows(self, file):
        """Yield (row number, cells) of the filled-in rows of a sheet."""
        try:
            rows = sheet_reader.read_rows(file, MOST_ROWS)
        except sheet_reader.NoSheet as error:
            raise self._no_sheet() from error
        if not any(self.name in str(cell) for row in rows[:5] for cell in row if cell):
            raise self._no_sheet()
        for number, row in enumerate(rows, 1):
            cells = [*row, *[None] * (CODE + 1 - len(row))]
            if sheet_reader.cell_number(cells[NUMBER]) is not None and cells[COUNTED] not in (None, ''):
                yield number, cells

    def _no_sheet(self):
        return coded_error('CNT-49', self.env._(
            "This is no count sheet of %(count)s. Download its sheet, fill it in and save it as .xlsx.", count=self.name))
