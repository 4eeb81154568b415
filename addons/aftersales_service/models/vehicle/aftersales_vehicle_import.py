import io

import xlsxwriter

from odoo import api, models

from ...rules import vin as vin_rules


class AftersalesVehicle(models.Model):
    """What the import of vehicles offers to fill in."""

    _inherit = 'aftersales.vehicle'

    # === BUSINESS METHODS: IMPORT === #

    @api.model
    def get_import_templates(self):
        return [{
            'label': self.env._("Import template for vehicles"),
            'template': '/aftersales_service/import_template/vehicle',
        }]

    @api.model
    def _import_columns(self):
        """Return the columns of the import template; later rooms may add theirs.

        :return: (field, value of the sample row, what to write) per column.
        :rtype: list[tuple[str, object, str]]
        """
        name = self.env._("the name as it is in the system; the import offers to create it")
        day = self.env._("a date, 2026-01-31")
        sample = self.search_fetch([('model_id', '!=', False)], ['brand_id', 'model_id'], limit=1)
        return [
            ('license_plate', '京A·12345', self.env._("in any spelling; plate or VIN is needed")),
            ('vin', vin_rules.with_check_digit('LSVAM41870N012345'), self.env._("17 characters")),
            ('partner_id', '', name),
            ('brand_id', sample.brand_id.name or '', name),
            ('model_id', sample.model_id.display_name or '', self.env._("brand and model")),
            ('year', 2022, self.env._("four digits; found from the VIN if empty")),
            ('color', self.env._("white"), self.env._("free text")),
            ('engine_no', 'EA211123456', self.env._("as on the registration")),
            ('odometer', 35000, self.env._("kilometres; on a second import only higher ones")),
            ('registration_date', '2022-05-20', day),
            ('warranty_start', '2022-05-20', day),
            ('next_service_date', '2026-12-01', day),
            ('next_service_odometer', 40000, self.env._("kilometres")),
            ('inspection_date', '2027-05-31', day),
            ('insurance_date', '2026-12-31', day),
        ]

    @api.model
    def _import_template_xlsx(self):
        """Return the import template: headings in the user's language, one sample row, a sheet that explains.

        :rtype: bytes
        """
        columns = self._import_columns()
        labels = self.fields_get([name for name, _sample, _help in columns], ['string'])
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {'in_memory': True}) as book:
            head = book.add_format({'bold': True, 'bg_color': '#E8EEF7', 'border': 1})
            sheet = book.add_worksheet(self.env._("Vehicles"))
            explained = book.add_worksheet(self.env._("What to write"))
            for index, (name, sample, text) in enumerate(columns):
                label = labels[name]['string']
                sheet.write(0, index, label, head)
                sheet.write(1, index, sample)
                sheet.set_column(index, index, max(16, len(label) + 4))
                explained.write_row(index, 0, [label, text, str(sample)])
            sheet.freeze_panes(1, 1)
            explained.set_column(0, 2, 36)
        return buffer.getvalue()
