from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error

# What a template may name: the claim or its line, and what hangs on them.
ROOTS = {'claim': 'aftersales.warranty.claim', 'line': 'aftersales.warranty.claim.line'}
KINDS = [('text', "Text"), ('number', "Number"), ('money', "Amount"), ('date', "Day"), ('datetime', "Day and time")]


class AftersalesWarrantyTemplateColumn(models.Model):
    """A column of an export template: its head in the manufacturer's words, and the field it shows."""

    _name = 'aftersales.warranty.template.column'
    _description = "Column of an Export Template"
    _order = 'template_id, sequence, id'

    template_id = fields.Many2one('aftersales.warranty.template', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Heading", required=True, translate=True)
    path = fields.Char(
        "Field", required=True,
        help="Technical field path. Of the claim: name, vin, vehicle_id.engine_no; of a line, begin with “claim_id.” for "
             "the claim: claim_id.vin, product_id.default_code.",
    )
    kind = fields.Selection(KINDS, "Format", required=True, default='text')
    has_total = fields.Boolean("Total")

    @api.constrains('path', 'template_id')
    def _check_path(self):
        """Only fields that exist, and none that hides from ordinary readers."""
        for column in self:
            model = self.env[ROOTS[column.template_id.level]]
            for name in (column.path or '').split('.'):
                field = model._fields.get(name) if model is not None else None
                if field is None or field.groups or field.type == 'binary':
                    raise coded_error('WAR-38', self.env._(
                        "The column “%(column)s” names “%(path)s”, which is no field a claim can show.",
                        column=column.name, path=column.path,
                    ), ValidationError)
                model = self.env[field.comodel_name] if field.comodel_name else None

    def _value(self, record):
        """Return the cell of a claim or a claim line."""
        self.ensure_one()
        *way, last = self.path.split('.')
        for name in way:
            record = record[name][:1]
        field = record._fields[last]
        value = record[last]
        if field.type == 'selection':
            return dict(field._description_selection(self.env)).get(value) if value else None
        if field.relational:
            return ", ".join(value.mapped('display_name'))
        if field.type == 'datetime' and value:
            return fields.Datetime.context_timestamp(record, value).replace(tzinfo=None)
        return value if value is not False or field.type == 'boolean' else None
