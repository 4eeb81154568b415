from odoo import api, fields, models

COLUMNS = ('their_number', 'our_number', 'vin', 'day', 'amount', 'note')


class AftersalesStatementTemplate(models.Model):
    """Which column of a manufacturer's workbook holds what: headings as he writes them, or letters of columns."""

    _name = 'aftersales.statement.template'
    _description = "Columns of a Manufacturer's Statement"
    _order = 'brand_id, id'
    _check_company_auto = True

    name = fields.Char(required=True)
    brand_id = fields.Many2one('aftersales.vehicle.brand', ondelete='cascade', index='btree_not_null', help="Empty: for every brand.")
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    active = fields.Boolean(default=True)
    column_their_number = fields.Char("Their Claim No.", default="Claim No.", help="Heading of the column, or its letter.")
    column_our_number = fields.Char("Our Claim No.", default="Dealer No.")
    column_vin = fields.Char("VIN", default="VIN")
    column_day = fields.Char("Day", default="Date")
    column_amount = fields.Char("Credited Amount", default="Amount", required=True)
    column_note = fields.Char("Remark", default="Remark")
    extra_numbers = fields.Char(
        "Words of Extra Lines",
        help="Rows whose claim number or remark holds one of these words, separated by commas, are bonus or handling lines.",
    )
    is_tax_excluded = fields.Boolean(
        "Amounts Without Tax", help="The list names amounts without tax: the company's sales tax is added to each row.")

    @api.model
    def _of(self, brand, company):
        """Return the columns of a brand: its own, else those of every brand, else none."""
        templates = self.search([('company_id', '=', company.id), ('brand_id', 'in', (brand.id, False))])
        return templates.sorted(lambda template: not template.brand_id)[:1]

    def _mapping(self):
        """Return the headings as the rules read them.

        :rtype: dict  `{field: heading}`
        """
        source = self or self.new({})
        return {name: source[f'column_{name}'] or '' for name in COLUMNS}

    def _is_extra(self, values):
        """Tell whether a row is a bonus or a handling fee by its words."""
        text = f"{values['their_number']} {values['note']}".casefold()
        return any(word.strip() and word.strip().casefold() in text for word in (self.extra_numbers or '').split(','))
