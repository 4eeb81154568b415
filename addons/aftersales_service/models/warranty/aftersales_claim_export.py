"""Workbooks of claims: by the manufacturer's template, and the warranty report of claims and returned parts."""

from odoo import models

from ...reports.base.workbook import Column, workbook
from ..base.errors import coded_error


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    # === TEMPLATE OF THE BRAND === #

    def action_export(self):
        """Fetch the chosen claims as the manufacturer wants them."""
        return self.action_download('export')

    def _export_template(self):
        """Return the template of these claims' brand, or the one for every brand.

        :raise UserError: WAR-41 there is none.
        """
        brands = self.brand_id
        templates = self.env['aftersales.warranty.template'].search([
            ('company_id', 'in', [False, *self.company_id.ids]), ('brand_id', 'in', [False, *brands.ids]),
        ])
        own = templates.filtered(lambda template: template.brand_id == brands) if len(brands) == 1 else templates.browse()
        found = own or templates.filtered(lambda template: not template.brand_id)
        if not found:
            raise coded_error('WAR-41', self.env._(
                "There is no export template for %(brands)s. Add one under Warranty, Export Templates.",
                brands=", ".join(brands.mapped('name')),
            ))
        return found[:1]

    def _write_export(self, options):
        """Write the claims by the template of their brand.

        :rtype: tuple[str, bytes]
        """
        template = self._export_template()
        columns = template.column_ids
        records = self if template.level == 'claim' else self.line_ids
        with workbook() as (book, buffer):
            book.sheet(
                template.name,
                [Column(column.name, column.kind, column.has_total) for column in columns],
                ([column._value(record) for column in columns] for record in records),
                total_label=self.env._("Total") if any(columns.mapped('has_total')) else '',
            )
        return self.env._("Claims %(brand)s.xlsx", brand=", ".join(self.brand_id.mapped('name'))), buffer.getvalue()
