from odoo import fields, models


class AftersalesWarrantyTemplate(models.Model):
    """How a manufacturer wants the claims in a workbook: which columns, in which order, one row a claim or a line."""

    _name = 'aftersales.warranty.template'
    _description = "Export Template of Claims"
    _order = 'brand_id, sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    brand_id = fields.Many2one('aftersales.vehicle.brand', index='btree_not_null', help="Empty: every brand without its own.")
    company_id = fields.Many2one('res.company', index='btree_not_null', help="Empty: every company.")
    level = fields.Selection(
        [('claim', "A row a claim"), ('line', "A row a line")], "Rows", required=True, default='line',
    )
    column_ids = fields.One2many('aftersales.warranty.template.column', 'template_id', "Columns", copy=True)
