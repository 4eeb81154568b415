from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.const import SKILLS, TRADES
from ..base.errors import coded_error


class AftersalesLabourItem(models.Model):
    """One line of the standard labour-time table: work that has a name, a book time and a trade.

    Labour on orders comes only from here, so that nobody invents charges (R-PERM-02).
    """

    _name = 'aftersales.labour.item'
    _description = "Labour item"
    _inherit = ['mail.thread']
    _order = 'code, id'
    _rec_names_search = ['code', 'name']
    _check_company_auto = True

    # What it is
    code = fields.Char(
        required=True, tracking=True, index='trigram', help="Code in the manufacturer's or your own table.",
    )
    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    description = fields.Text(translate=True, help="What the work includes, for the technician and the estimate.")
    category_id = fields.Many2one('aftersales.repair.category', index='btree_not_null', check_company=True)
    brand_id = fields.Many2one('aftersales.vehicle.brand', index='btree_not_null', help="Empty: for every brand.")
    company_id = fields.Many2one('res.company', index='btree_not_null', help="Empty: every company uses it.")

    # How long, and who can do it
    trade = fields.Selection(TRADES, default='mechanical', tracking=True)
    skill = fields.Selection(SKILLS, default='2_skilled', tracking=True)
    book_hours = fields.Float(
        digits=(8, 2), required=True, default=1.0, tracking=True,
        help="Standard hours, for model groups that have no time of their own.",
    )
    time_ids = fields.One2many(
        'aftersales.labour.item.time', 'labour_item_id', string="Times by model group", copy=True,
    )

    # Rules of the work
    needs_other_person = fields.Boolean(
        string="Checked by another person", tracking=True,
        help="Brakes, steering, airbags, high voltage: whoever did the work never signs it off alone.",
    )
    qc_approval = fields.Boolean(
        string="Inspector's consent first", tracking=True, help="Work may start only after the inspector agreed.",
    )
    warranty_months = fields.Integer(help="Months our own warranty on this work lasts; 0: none given.")
    warranty_km = fields.Integer(string="Warranty km", help="Kilometres our own warranty lasts; 0: no limit.")

    # Money
    product_id = fields.Many2one(
        'product.product', string="Accounting product", required=True, check_company=True, ondelete='restrict',
        domain="[('type', '=', 'service')]", default=lambda self: self._default_product_id(),
        help="Service whose income account and taxes the labour takes.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(brand_id, 0), COALESCE(company_id, 0)) WHERE active",
        "A labour item with this code exists already for the brand.",
    )
    _book_hours_positive = models.Constraint('CHECK(book_hours >= 0)', "Book time cannot be negative.")
    _warranty_positive = models.Constraint(
        'CHECK(warranty_months >= 0 AND warranty_km >= 0)', "The warranty of a labour item cannot be negative.",
    )

    package_line_ids = fields.One2many('aftersales.package.line', 'labour_item_id')
    package_count = fields.Integer(compute='_compute_package_count')

    # === DEFAULT METHODS === #

    @api.model
    def _default_product_id(self):
        return self.env.ref('aftersales_service.product_labour', raise_if_not_found=False)

    # === COMPUTE METHODS === #

    @api.depends('code', 'name')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for item in self:
            item.display_name = f'[{item.code}] {item.name}' if item.code else item.name

    def _compute_package_count(self):
        counts = dict(self.env['aftersales.package.line']._read_group(
            [('labour_item_id', 'in', self.ids)], ['labour_item_id'], ['package_id:count_distinct'],
        ))
        for item in self:
            item.package_count = counts.get(item._origin, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains('product_id')
    def _check_product(self):
        for item in self:
            if item.product_id.type != 'service':
                raise coded_error('CAT-01', self.env._(
                    "%(product)s of labour item %(item)s is not a service. Choose a service product: "
                    "labour has no stock.",
                    product=item.product_id.display_name, item=item.display_name,
                ), ValidationError)

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        return [
            {**vals, **({} if default and 'code' in default else {'code': self.env._("%s (copy)", item.code)})}
            for item, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # === ACTION METHODS === #

    def action_view_packages(self):
        """Open the packages that contain this work."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_package_action')
        action['domain'] = [('line_ids.labour_item_id', '=', self.id)]
        action['context'] = {}
        return action

    # === BUSINESS METHODS === #

    def _book_hours(self, vehicle_model):
        """Return the standard hours for a model: the time of its group, else the item's own.

        :param vehicle_model: aftersales.vehicle.model, may be empty.
        :return: hours.
        :rtype: float
        """
        self.ensure_one()
        group = vehicle_model.model_group_id
        time = self.time_ids.filtered(lambda time: time.model_group_id == group)[:1] if group else None
        return time.hours if time else self.book_hours

    # === IMPORT === #

    @api.model
    def get_import_templates(self):
        """Offer the table to fill in on the import screen."""
        return [{
            'label': self.env._("Table of labour items, with times by model group"),
            'template': '/aftersales_service/static/xls/labour_items.xlsx',
        }]
