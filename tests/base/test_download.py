import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.aftersales_service.reports.base.workbook import Column, Formula, workbook

from ..common import AftersalesHttpCase, AftersalesPureCase


class TestWorkbook(AftersalesPureCase):
    """Workbooks of all rooms (R-REP-22): totals are formulas, text is never calculated, rows leave memory as written."""

    def test_sheet(self):
        with workbook() as (book, buffer):
            count = book.sheet(
                "In/Stock", [Column("Part"), Column("In", 'number'), Column("Value", 'money', total=True)],
                ([f"=P{n}", n, Formula('=B{row}*2', n * 2)] for n in range(3)), title="March", total_label="Total",
            )
            book.sheet("Empty", [Column("Part", total=True)], [])
        self.assertEqual(count, 3)
        loaded = openpyxl.load_workbook(io.BytesIO(buffer.getvalue()))
        sheet = loaded["In-Stock"]
        self.assertEqual([cell.value for cell in sheet[3]], ["=P0", 0, '=B3*2'])
        self.assertEqual(sheet['A3'].data_type, 's', "a text that begins with = is no formula")
        self.assertEqual(sheet['C6'].value, '=SUBTOTAL(9,C3:C5)')
        values = openpyxl.load_workbook(io.BytesIO(buffer.getvalue()), data_only=True)
        self.assertEqual([cell.value for cell in values["In-Stock"][6]], ["Total", '', 6], "readable without a calculator")
        self.assertEqual(loaded["Empty"].max_row, 1)


class TestDownload(AftersalesHttpCase):
    """Files go only to who may read the records, and only those a model offers (R-PERM-01)."""

    def test_route(self):
        model = type(self.env['aftersales.download.mixin'])
        self.authenticate('admin', 'admin')
        self.assertEqual(self.url_open('/aftersales/download/aftersales.reason/x').status_code, 404)
        with patch.object(model, '_downloads', lambda self: {'list': '_list'}), \
                patch.object(model, '_list', lambda self, options: (f"清单{options['m']}.txt", b'1'), create=True):
            refused = self.url_open('/aftersales/download/aftersales.download.mixin/list?m=3')
            self.assertEqual(refused.status_code, 403, "no right on the model, no file")
            self.patch(model, 'check_access', lambda self, operation: None)
            answer = self.url_open('/aftersales/download/aftersales.download.mixin/list?m=3')
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, b'1')
        self.assertIn('attachment', answer.headers['Content-Disposition'])

    def test_kinds_and_rights(self):
        mixin = self.env['aftersales.download.mixin']
        with self.assertRaisesRegex(AccessError, 'BAS-13'):
            mixin._download('unlink')
        user = new_test_user(self.env, 'nobody', groups='base.group_portal')
        with patch.object(type(mixin), '_downloads', lambda self: {'list': '_list'}), self.assertRaises(AccessError):
            mixin.with_user(user)._download('list')
