import base64
import io

import lxml.html
import openpyxl

from .count_common import CountFactory


class TestCountFiles(CountFactory):
    """Sheets on paper and as workbooks, out and back in."""

    def _sheet(self, count, numbers=None, user=None):
        """Download the sheet, fill in {row of the list: number}, return it as a browser would send it."""
        name, data = count.with_user(user or self.keeper)._download('sheet')
        self.assertRegex(name, r'\.xlsx$')
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = book.active
        rows = {row[0].value: row for row in sheet.iter_rows() if isinstance(row[0].value, (int, float))}
        for number, value in (numbers or {}).items():
            rows[number][1].value = value
        return book, rows

    def _read(self, count, book, user=None, at=False):
        buffer = io.BytesIO()
        book.save(buffer)
        wizard = self.env['aftersales.count.import.wizard'].with_user(user or self.keeper).create({
            'count_id': count.id, 'file': base64.b64encode(buffer.getvalue()), 'counted_at': at,
        })
        wizard.action_read()
        return wizard

    def test_blind_sheet_holds_no_book(self):
        """R-PART-04: the sheet of a blind count tells place and part, not what the book says."""
        count = self._started()
        _book, rows = self._sheet(count)
        self.assertEqual([row[4].value for row in rows.values()], ['OIL', 'PAD', 'DISC'])
        self.assertFalse({10, 50} & {cell.value for row in rows.values() for cell in row})

    def test_out_and_back_in(self):
        """R-PART-04: numbers come back, whatever way they were typed; the second round has only its own lines."""
        count = self._started()
        book, rows = self._sheet(count, {1: 50, 2: "8", 3: "4.0"})
        rows[2][2].value = "box open"
        wizard = self._read(count, book)
        self.assertEqual((wizard.recorded, wizard.problems), (3, ''))
        self.assertEqual(count.line_ids.mapped('first_qty'), [50, 8, 4])
        self.assertEqual(self._line(count, self.pad).note, "box open")
        wizard = self._read(count, book)
        self.assertEqual((wizard.recorded, wizard.problems), (0, ''), "the same sheet again changes nothing")
        count._finish()
        book, rows = self._sheet(count, {2: 9}, self.second)
        self.assertEqual(list(rows), [2])
        self.assertEqual(self._read(count, book, self.second).recorded, 1)
        self.assertEqual(self._line(count, self.pad).second_qty, 9)

    def test_errors_row_by_row(self):
        """R-PART-04: every row that cannot stand is named with its number, the others are taken."""
        count = self._started()
        self._enter(count, {self.disc: 4}, self.second)
        book, rows = self._sheet(count, {1: -3, 2: 9, 3: 4})
        sheet = book.active
        last = max(row[0].row for row in rows.values())
        for offset, cells in enumerate(((99, 1), (2, 7), (1, "many"))):
            for column, value in enumerate(cells, 1):
                sheet.cell(last + 1 + offset, column, value)
        wizard = self._read(count, book)
        self.assertEqual(wizard.recorded, 1)
        problems = wizard.problems.split('\n')
        self.assertEqual([int(text.split(':')[0].split()[-1]) for text in problems], sorted(
            [rows[1][0].row, rows[3][0].row, last + 1, last + 2, last + 3]))
        self.assertIn('CNT-21', wizard.problems)
        self.assertIn('CNT-25', wizard.problems)
        self.assertEqual(self._line(count, self.pad).first_qty, 9)
        self.assertFalse(self._line(count, self.oil).first_at)

    def test_moved_row(self):
        """R-PART-04: a row sorted apart from its number is refused, not booked on another part."""
        count = self._started()
        book, rows = self._sheet(count, {1: 5})
        rows[1][4].value = 'PAD'
        wizard = self._read(count, book)
        self.assertEqual(wizard.recorded, 0)
        self.assertIn('OIL', wizard.problems)

    def test_other_files(self):
        """R-PART-04: another count's sheet, a picture, a sheet after the end: refused with a code."""
        count = self._started(location_id=self.shelf_a.id)
        book, _rows = self._sheet(self._started(location_id=self.shelf_b.id))
        with self.assertBlocked('CNT-49'):
            self._read(count, book)
        with self.assertBlocked('CNT-49'):
            count._read_sheet(base64.b64encode(b'no workbook at all'))
        with self.assertBlocked('CNT-48'):
            count._download('differences')
        self._enter(count, {self.pad: 10, self.oil: 50})
        count._finish()
        with self.assertBlocked('CNT-47'):
            count._download('sheet')

    def test_differences(self):
        """R-PART-04: the list of differences shows values to the accounts only; the print carries the signatures."""
        count = self._counted({self.pad: 8, self.oil: 50, self.disc: 4})
        for user, columns in ((self.keeper, 13), (self.manager, 14)):
            _name, data = count.with_user(user)._download('differences')
            [row] = [row for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True) if row[2] == 'PAD']
            self.assertEqual(len(row), columns)
            self.assertEqual(-160.0 in row, user == self.manager)
        count.with_user(self.manager)._approve()
        html = self._html('report_stock_count_differences', count.with_user(self.manager))
        for text in ('PAD', self.manager.name, self.keeper.name, self.second.name):
            self.assertIn(text, html)
        # Only what one reads: pictures are letters, too.
        self.assertNotIn('OIL', lxml.html.fromstring(html).text_content())
