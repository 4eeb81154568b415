from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error


class AftersalesPackageLine(models.Model):
    """One labour item, part or fee of a package."""

    _name = 'aftersales.package.line'
    _description = "Line of a service package"
    _order = 'package_id, sequence, id'
    _check_company_auto = True

    package_id = fields.Many2one('aftersales.package', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='package_id.company_id', store=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [('labour', "Labour"), ('part', "Part"), ('fee', "Fee")], required=True, default='labour',
    )
    labour_item_id = fields.Many2one(
        'aftersales.labour.item', index='btree_not_null', ondelete='restrict', check_company=True,
    )
    product_id = fields.Many2one(
        'product.product', index='btree_not_null', ondelete='restrict', check_company=True,
        domain="[('type', '=', 'service' if kind == 'fee' else 'consu')]",
    )
    quantity = fields.Float(
        digits='Product Unit', required=True, default=1.0, help="Pieces; labour is taken by its book time.",
    )
    product_uom_id = fields.Many2one(related='product_id.uom_id', string="Unit")
    book_hours = fields.Float(digits=(8, 2), compute='_compute_list_amount')
    list_amount = fields.Monetary(string="Catalogue price", compute='_compute_list_amount')

    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "The quantity in a package must be above zero.")

    # === COMPUTE METHODS === #

    @api.depends('kind', 'labour_item_id.book_hours', 'labour_item_id.skill', 'product_id.list_price', 'quantity',
                 'company_id', 'package_id.model_group_ids')
    def _compute_list_amount(self):
        rates = self.env['aftersales.labour.rate']
        for line in self:
            company = line.company_id or self.env.company
            line.book_hours = line._group_hours()
            if line.kind == 'labour':
                rate = rates._rate(
                    'customer', line.labour_item_id.skill, line._single_brand(), company._aftersales_today(), company,
                )
                amount = line.book_hours * rate
            else:
                amount = line.quantity * line.product_id.with_company(company).list_price
            line.list_amount = company.currency_id.round(amount)

    def _group_hours(self):
        """Return the book time; for a package of one model group the group's time."""
        self.ensure_one()
        if self.kind != 'labour':
            return 0.0
        group = self.package_id.model_group_ids
        item = self.labour_item_id
        times = item.time_ids.filtered(lambda time: time.model_group_id == group) if len(group) == 1 else None
        return times[0].hours if times else item.book_hours

    def _single_brand(self):
        """Return the brand whose rate counts: the labour item's, if it has one."""
        return self.labour_item_id.brand_id

    # === CONSTRAINT METHODS === #

    @api.constrains('kind', 'labour_item_id', 'product_id')
    def _check_kind(self):
        for line in self:
            package = line.package_id.display_name
            if line.kind == 'labour' and not line.labour_item_id:
                raise coded_error('CAT-02', self.env._(
                    "A labour line of package %(package)s names no labour item. Choose one from the catalogue.",
                    package=package,
                ), ValidationError)
            if line.kind != 'labour' and not line.product_id:
                raise coded_error('CAT-02', self.env._(
                    "A line of package %(package)s names no product. Choose the part or fee.", package=package,
                ), ValidationError)
            if line.kind != 'labour' and (line.product_id.type == 'service') != (line.kind == 'fee'):
                raise coded_error('CAT-03', self.env._(
                    "%(product)s in package %(package)s: parts are goods, fees are services. "
                    "Change the kind of the line.",
                    product=line.product_id.display_name, package=package,
                ), ValidationError)

    @api.onchange('kind')
    def _onchange_kind(self):
        if self.kind == 'labour':
            self.product_id = False
        else:
            self.labour_item_id = False
