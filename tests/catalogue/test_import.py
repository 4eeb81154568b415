import mimetypes

from odoo.tools import file_open

from .test_labour import CatalogueCase


class TestImport(CatalogueCase):
    """The tables of the import screen can be filled in and imported as they are (R-DOC-28)."""

    def _import(self, model, user):
        """Import the offered table of a model as the screen does; return the messages of the run."""
        records = self.env[model].with_user(user)
        address = records.get_import_templates()[-1]['template']
        with file_open(address.lstrip('/').replace('aftersales_service/', 'aftersales_service/', 1), 'rb') as template:
            content = template.read()
        wizard = self.env['base_import.import'].with_user(user).create({
            'res_model': model, 'file': content, 'file_name': address,
            'file_type': mimetypes.types_map.get(
                '.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
        })
        options = {'has_headers': True, 'quoting': '"', 'separator': ',', 'date_format': '%Y-%m-%d', 'sheet': 'Import'}
        preview = wizard.parse_preview(options)
        self.assertFalse(preview.get('error'))
        fields = ['/'.join(preview['matches'].get(column, [])) for column in range(len(preview['headers']))]
        self.assertNotIn('', fields, f"columns without a field: {preview['headers']}")
        result = wizard.execute_import(fields, preview['headers'], {**preview['options'], 'has_headers': True})
        self.assertFalse(result['messages'])
        return records.browse(result['ids'])

    def test_labour_items_with_times_by_model_group(self):
        items = self._import('aftersales.labour.item', self._role('frontdesk_supervisor'))
        self.assertEqual(items.mapped('code'), ['L1001', 'L1002'])
        brakes = items[1]
        self.assertTrue(brakes.needs_other_person)
        self.assertEqual(brakes._book_hours(self.small_car), 1.0)
        self.assertEqual(brakes._book_hours(self.big_car), 1.4)
        self.assertEqual(brakes._book_hours(self.plain_car), 1.2)

    def test_parts_then_packages(self):
        parts = self._import('product.template', self._role('parts_manager'))
        self.assertRecordValues(parts, [
            {'default_code': 'OIL-5W30', 'aftersales_grade': 'brand', 'list_price': 68.0, 'aftersales_is_part': True},
            {'default_code': 'FILTER-01', 'aftersales_grade': 'oem', 'list_price': 45.0, 'aftersales_is_part': True},
        ])
        self._import('aftersales.labour.item', self._role('frontdesk_supervisor'))
        package = self._import('aftersales.package', self._role('frontdesk_supervisor'))
        self.assertEqual(package.total_amount, 399.0)
        self.assertEqual(package.line_ids.mapped('kind'), ['labour', 'part', 'part'])
        self.assertEqual(package.line_ids.product_id.mapped('default_code'), ['OIL-5W30', 'FILTER-01'])
