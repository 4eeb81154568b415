from odoo import fields, models

from ...models.base.errors import coded_error
from ...reports.base import sheet_reader
from ...rules import rounding

MOST_ROWS = 50000


class AftersalesPriceListWizard(models.TransientModel):
    """Fill a price list: from the manufacturer's sheet, or by a percentage on what the parts cost today."""

    _name = 'aftersales.price.list.wizard'
    _description = "Fill a Price List"

    list_id = fields.Many2one('aftersales.price.list', "Price List", required=True, readonly=True)
    method = fields.Selection(
        [('file', "From a sheet"), ('percent', "By a percentage")], required=True, default='file',
    )
    file = fields.Binary("Sheet (.xlsx)", attachment=False)
    file_name = fields.Char()
    categ_id = fields.Many2one('product.category', "Category", help="With its sub-categories; empty: all.")
    vendor_id = fields.Many2one('res.partner', "Vendor", help="Only parts he sells; empty: all.")
    percent = fields.Float("Change (%)", help="3 raises the prices by 3 %, -3 lowers them.")
    step = fields.Selection(
        [('0.01', "0.01"), ('0.1', "0.10"), ('0.5', "0.50"), ('1', "1.00"), ('10', "10.00")],
        "Rounded to", required=True, default='0.1',
    )
    is_done = fields.Boolean(readonly=True)
    taken = fields.Integer("Parts Taken", readonly=True)
    problems = fields.Text("Rows Not Taken", readonly=True)

    def action_fill(self):
        """Fill the list and show what was taken and what was not."""
        self.ensure_one()
        self.list_id._ensure_manager()
        self.list_id._ensure_draft()
        prices, problems = self._prices_of_sheet() if self.method == 'file' else (self._prices_by_percent(), {})
        self._write_lines(prices)
        self.write({
            'is_done': True, 'taken': len(prices),
            'problems': "\n".join(
                self.env._("Row %(row)s: %(problem)s", row=row, problem=problem) for row, problem in problems.items()
            ),
        })
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Fill a Price List"), 'res_model': self._name,
            'res_id': self.id, 'view_mode': 'form', 'target': 'new',
        }

    def _write_lines(self, prices):
        """Write the prices; a part that is in the list already gets the new ones.

        :param dict prices: `{product.template: {'price', 'purchase_price'}}`.
        """
        known = self.list_id.line_ids.grouped('product_tmpl_id')
        for template in prices.keys() & known.keys():
            known[template].write(prices[template])
        self.env['aftersales.price.list.line'].create([
            {'list_id': self.list_id.id, 'product_tmpl_id': template.id, **vals}
            for template, vals in prices.items() if template not in known
        ])

    def _prices_by_percent(self):
        domain = [
            ('aftersales_is_part', '=', True), ('list_price', '>', 0),
            ('company_id', 'in', (False, self.list_id.company_id.id)),
        ]
        if self.categ_id:
            domain.append(('categ_id', 'child_of', self.categ_id.id))
        if self.vendor_id:
            domain.append(('seller_ids.partner_id', '=', self.vendor_id.id))
        templates = self.env['product.template'].search_fetch(domain, ['list_price'])
        return {
            template: {'price': self._raised(template.list_price)}
            for template in templates
        }

    def _raised(self, price):
        step = round(float(self.step) * 100)
        return rounding.wipe(round(price * (1 + self.percent / 100) * 100), step, 'half_up').amount / 100

    def _prices_of_sheet(self):
        """Read part number, price and (if there) purchase price from the first three columns.

        :return: prices as `_write_lines` takes them, and {row number: what is wrong with it}.
        :rtype: tuple[dict, dict]
        :raise UserError: PAR-408
        """
        rows = list(self._rows())
        numbers = {number for _row, number, _price, _purchase in rows}
        parts = self.env['product.template'].search_fetch(
            [('default_code', 'in', list(numbers)), ('aftersales_is_part', '=', True),
             ('company_id', 'in', (False, self.list_id.company_id.id))], ['default_code'],
        ).grouped('default_code')
        prices, problems = {}, {}
        for row, number, price, purchase in rows:
            part = parts.get(number)
            if not part:
                problems[row] = self.env._("no car part has the number %(number)s.", number=number)
            elif len(part) > 1:
                problems[row] = self.env._("several parts have the number %(number)s.", number=number)
            elif part in prices:
                problems[row] = self.env._("%(number)s stands in the sheet twice.", number=number)
            elif price is None or price <= 0:
                problems[row] = self.env._("%(number)s has no price.", number=number)
            else:
                prices[part] = {'price': price, **({'purchase_price': purchase} if purchase else {})}
        return prices, problems

    def _rows(self):
        """Yield (row number, part number, price, purchase price) of the filled-in rows; a heading is passed over."""
        try:
            rows = sheet_reader.read_rows(self.file, MOST_ROWS)
        except sheet_reader.NoSheet as error:
            raise self._no_sheet() from error
        for row, cells in enumerate(rows, 1):
            number, price, purchase = [*cells, None, None, None][:3]
            # A workbook holds a number of digits only as a number.
            number = str(int(number)) if isinstance(number, float) and number.is_integer() else str(number or '').strip()
            price, purchase = sheet_reader.cell_number(price), sheet_reader.cell_number(purchase)
            if number and not (row == 1 and price is None):
                yield row, number, price, purchase

    def _no_sheet(self):
        return coded_error('PAR-408', self.env._(
            "This is no workbook that can be read. Save it as .xlsx with part number, price and purchase price in the first "
            "three columns.",
        ))
