from odoo import api, fields, models
from odoo.fields import Domain

from ..base.const import PROFILES


class AftersalesPackage(models.Model):
    """Labour, parts and fees sold together under one name, often for one price, for certain model groups."""

    _name = 'aftersales.package'
    _description = "Service package"
    _inherit = ['mail.thread']
    _order = 'sequence, name, id'
    _rec_names_search = ['code', 'name']
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of  # branches sell what the company above them sells

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(tracking=True, index='trigram')
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    description = fields.Text(translate=True, help="Shown to the customer on estimate and portal.")
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    category_id = fields.Many2one('aftersales.repair.category', index='btree_not_null', check_company=True)
    model_group_ids = fields.Many2many(
        'aftersales.vehicle.model.group', string="Model groups", help="Empty: for every model.",
    )
    profile_code = fields.Selection(
        [choice for choice in PROFILES if choice[0] != 'company'], string="Usual profile",
        help="Profile proposed for an order that starts with this package.",
    )
    line_ids = fields.One2many('aftersales.package.line', 'package_id', string="Content", copy=True)
    is_fixed_price = fields.Boolean(
        string="Own price", tracking=True, help="Sold for one price, whatever the lines cost.",
    )
    fixed_price = fields.Monetary(
        string="Package price", tracking=True, compute='_compute_fixed_price', store=True, readonly=False,
        help="What the customer pays for the package, on the company's price basis.",
    )
    interval_months = fields.Integer(string="Every … months", help="For reminders of the next service.")
    interval_km = fields.Integer(string="Every … km", help="For reminders of the next service.")

    # What it comes to at today's catalogue prices
    list_amount = fields.Monetary(string="Catalogue price", compute='_compute_list_amount')
    total_amount = fields.Monetary(string="Price", compute='_compute_list_amount')
    book_hours = fields.Float(digits=(8, 2), compute='_compute_list_amount')
    missing_price_count = fields.Integer(compute='_compute_list_amount')

    _fixed_price_positive = models.Constraint('CHECK(fixed_price >= 0)', "The price of a package cannot be negative.")
    _code_company_uniq = models.UniqueIndex(
        "(code, company_id) WHERE code IS NOT NULL AND active", "This code is taken by another package.",
    )

    # === COMPUTE METHODS === #

    @api.depends('is_fixed_price')
    def _compute_fixed_price(self):
        for package in self:
            package.fixed_price = package.fixed_price if package.is_fixed_price else 0.0

    @api.depends('line_ids.kind', 'line_ids.labour_item_id.book_hours', 'line_ids.labour_item_id.skill',
                 'line_ids.product_id.list_price', 'line_ids.quantity', 'is_fixed_price', 'fixed_price', 'company_id')
    def _compute_list_amount(self):
        for package in self:
            amounts = [line.list_amount for line in package.line_ids]
            package.list_amount = sum(amounts)
            package.missing_price_count = sum(1 for amount in amounts if not amount)
            package.total_amount = package.fixed_price if package.is_fixed_price else package.list_amount
            package.book_hours = sum(line.book_hours for line in package.line_ids)

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        return [
            {**vals, 'name': self.env._("%s (copy)", package.name),
             'code': package.code and self.env._("%s (copy)", package.code)}
            for package, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # === BUSINESS METHODS === #

    @api.model
    def _company_domain(self, company):
        """Return the domain of the packages a company sells: its own and those of the companies above a branch."""
        return Domain('company_id', 'in', company.sudo().parent_ids.ids)

    @api.model
    def _for_model(self, vehicle_model, company, category=None):
        """Return the packages offered for a model, those made for its group first.

        :param vehicle_model: aftersales.vehicle.model, may be empty.
        :param company: res.company.
        :param category: aftersales.repair.category, optional.
        :rtype: recordset of aftersales.package
        """
        domain = self._company_domain(company)
        if category:
            domain &= Domain('category_id', '=', category.id)
        if group := vehicle_model.model_group_id:
            domain &= Domain('model_group_ids', '=', False) | Domain('model_group_ids', 'in', group.ids)
        else:
            domain &= Domain('model_group_ids', '=', False)
        return self.search(domain).sorted(lambda package: not package.model_group_ids)

    @api.model
    def _for_shop(self, company, term=None, limit=None):
        """Return the packages a company sells, by a typed word if given."""
        domain = self._company_domain(company)
        if term:
            domain &= Domain('name', 'ilike', term) | Domain('code', 'ilike', term)
        return self.search(domain, limit=limit)

    # === IMPORT === #

    @api.model
    def get_import_templates(self):
        """Offer the table to fill in on the import screen."""
        return [{
            'label': self.env._("Table of service packages with their content"),
            'template': '/aftersales_service/static/xls/packages.xlsx',
        }]
