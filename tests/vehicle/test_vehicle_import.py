from io import BytesIO

from openpyxl import Workbook, load_workbook

from ..common import AftersalesCommon, AftersalesHttpCase

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
OPTIONS = {
    'has_headers': True, 'quoting': '"', 'separator': ',', 'date_format': '%Y-%m-%d', 'float_decimal_separator': '.',
}
COLUMNS = {
    'Plate': 'license_plate', 'VIN': 'vin', 'Owner': 'partner_id', 'Brand': 'brand_id', 'Model': 'model_id',
    'Odometer': 'odometer', 'First registration': 'registration_date', 'Engine': 'engine_no',
    'VIN accepted because': 'vin_override_reason_id',
}


class TestVehicleImport(AftersalesCommon):
    """R-CRM-25: a shop brings its vehicles along through Odoo's own import; each bad row says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls._make_model()
        cls.vins = [cls._make_vin() for _count in range(3)]

    def _import(self, rows, columns=None, dryrun=False, user=None):
        columns = columns or COLUMNS
        book = Workbook()
        book.active.append(list(columns))
        for row in rows:
            book.active.append(row)
        buffer = BytesIO()
        book.save(buffer)
        wizard = self.env['base_import.import'].with_user(user or self.env.user).create({
            'res_model': 'aftersales.vehicle',
            'file': buffer.getvalue(),
            'file_name': 'vehicles.xlsx',
            'file_type': XLSX,
        })
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertFalse(preview.get('error'))
        return wizard.execute_import(list(columns.values()), list(columns), dict(OPTIONS), dryrun=dryrun)

    def test_good_rows(self):
        result = self._import([
            ['京A·00001', self.vins[0], "Mr Wang", "Volkswagen", "Volkswagen Golf", 12000, '2020-05-01', 'ea211', None],
            ['粤b d12345', self.vins[1], None, None, None, None, None, None, None],
        ], user=self._role('frontdesk_supervisor'))
        self.assertFalse(result['messages'])
        vehicles = self.env['aftersales.vehicle'].browse(result['ids'])
        self.assertRecordValues(vehicles, [
            {'license_plate': '京A00001', 'vin': self.vins[0], 'partner_id': self.customer.id,
             'model_id': self.model.id, 'odometer': 12000, 'engine_no': 'EA211', 'plate_kind': 'blue'},
            {'license_plate': '粤BD12345', 'vin': self.vins[1], 'partner_id': False, 'model_id': False, 'odometer': 0,
             'engine_no': False, 'plate_kind': 'green'},
        ])
        self.assertEqual(vehicles[0].owner_ids.partner_id, self.customer)
        self.assertEqual(vehicles[0].odometer_ids.value, 12000)

    def test_each_bad_row_has_its_error_and_nothing_is_kept(self):
        before = self.env['aftersales.vehicle'].search_count([])
        self._make_vehicle('京A99999', vin=self.vins[2])
        result = self._import([
            ['京A00001', self.vins[0], None, None, None, None, None, None, None],
            ['京A00002', 'LSVAM4187C218484', None, None, None, None, None, None, None],
            ['京A00003', self.vins[2], None, None, None, None, None, None, None],
            ['京A00004', None, "Nobody Known", None, None, None, None, None, None],
            ['京A00005', None, None, None, None, -5, None, None, None],
            [None, None, None, None, None, 70, None, None, None],
        ])
        self.assertFalse(result['ids'])
        errors = {}
        for message in result['messages']:
            errors.setdefault(message['rows']['from'], message['message'])
        self.assertEqual(sorted(errors), [1, 2, 3, 4, 5], errors)
        for row, code in ((1, 'VEH-01'), (2, 'VEH-02'), (3, "Nobody Known"), (4, 'VEH-04'), (5, 'VEH-12')):
            self.assertIn(code, errors[row])
        self.assertEqual(self.env['aftersales.vehicle'].search_count([]), before + 1)

    def test_same_vin_twice_in_one_file(self):
        result = self._import([['京A00001', self.vins[0]], ['京A00002', self.vins[0]]],
                              {'Plate': 'license_plate', 'VIN': 'vin'})
        self.assertEqual([message['rows']['from'] for message in result['messages']], [1])
        self.assertIn('VEH-02', result['messages'][0]['message'])

    def test_dry_run_keeps_nothing(self):
        before = self.env['aftersales.vehicle'].search_count([])
        result = self._import([['京A00001', self.vins[0]]], {'Plate': 'license_plate', 'VIN': 'vin'}, dryrun=True)
        self.assertFalse(result['messages'])
        self.assertEqual(self.env['aftersales.vehicle'].search_count([]), before)

    def test_reason_lets_a_wrong_vin_in(self):
        result = self._import(
            [['京A00001', 'LSVAM4187C218484', "Older than the VIN standard"]],
            {'Plate': 'license_plate', 'VIN': 'vin', 'Because': 'vin_override_reason_id'})
        self.assertFalse(result['messages'])

    def test_template_imports_as_it_is(self):
        self._make_vehicle(model_id=self.model.id)
        content = self.env['aftersales.vehicle'].with_user(self._role('advisor'))._import_template_xlsx()
        headers = [cell.value for cell in next(load_workbook(BytesIO(content)).active.iter_rows(max_row=1))]
        wizard = self.env['base_import.import'].create({
            'res_model': 'aftersales.vehicle', 'file': content, 'file_name': 'vehicles.xlsx', 'file_type': XLSX,
        })
        preview = wizard.parse_preview(dict(OPTIONS))
        matched = {headers[int(column)]: path[0] for column, path in preview['matches'].items()}
        self.assertEqual(len(matched), len(headers), "each column of the template finds its field by itself")
        result = wizard.execute_import([matched[header] for header in headers], headers, dict(OPTIONS))
        self.assertFalse(result['messages'])
        self.assertRecordValues(self.env['aftersales.vehicle'].browse(result['ids']), [{
            'license_plate': '京A12345', 'odometer': 35000, 'year': 2022, 'energy': False,
        }])


class TestVehicleImportTemplate(AftersalesHttpCase):
    """R-CRM-25: the template is offered where the import is."""

    def test_download(self):
        [template] = self.env['aftersales.vehicle'].get_import_templates()
        self.authenticate(self._role('advisor').login, self._role('advisor').login)
        response = self.url_open(template['template'])
        self.assertEqual((response.status_code, response.headers['Content-Type']), (200, XLSX))
        self.assertEqual(load_workbook(BytesIO(response.content)).active.cell(2, 1).value, '京A·12345')
        self.authenticate(self._role('technician').login, self._role('technician').login)
        self.assertEqual(self.url_open(template['template']).status_code, 403)
