from odoo import api, fields, models


class AftersalesPriceListLine(models.Model):
    """The price of one part in a version; frozen with it."""

    _name = 'aftersales.price.list.line'
    _description = "Part of a Price List"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'list_id, default_code, id'
    _rec_name = 'product_tmpl_id'
    _check_company_auto = True
    _guarded_fields = frozenset({'former_price'})

    list_id = fields.Many2one(
        'aftersales.price.list', "Price List", required=True, index=True, ondelete='cascade', check_company=True,
    )
    company_id = fields.Many2one(related='list_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='list_id.currency_id')
    state = fields.Selection(related='list_id.state')
    date_from = fields.Date(related='list_id.date_from', store=True)
    product_tmpl_id = fields.Many2one(
        'product.template', "Part", required=True, index=True, ondelete='restrict', check_company=True,
        domain="[('aftersales_is_part', '=', True)]",
    )
    default_code = fields.Char(related='product_tmpl_id.default_code', string="Part Number", store=True)
    categ_id = fields.Many2one(related='product_tmpl_id.categ_id', store=True)
    price = fields.Float("New Price", digits='Product Price', required=True)
    former_price = fields.Float(
        "Price Before", digits='Product Price', compute='_compute_former_price', store=True,
        help="Today's price until the version comes into force, then the price it replaced.",
    )
    change_percent = fields.Float("Change (%)", digits=(16, 2), compute='_compute_change_percent', store=True)
    purchase_price = fields.Float(
        "Purchase Price", digits='Product Price',
        groups='aftersales_service.group_parts_planner,aftersales_service.group_accountant',
        help="What the vendor of the list charges from that day on; empty: unchanged.",
    )

    _product_uniq = models.UniqueIndex("(list_id, product_tmpl_id)", "[PAR-406] A part appears once in a price list.")
    _price_range = models.Constraint('CHECK(price >= 0)', "[PAR-407] A price is not negative.")

    # === COMPUTE METHODS === #

    @api.depends('product_tmpl_id.list_price')
    def _compute_former_price(self):
        for line in self:
            # What a version replaced stays what it was.
            line.former_price = line.former_price if line.state == 'in_force' else line.product_tmpl_id.list_price

    @api.depends('price', 'former_price')
    def _compute_change_percent(self):
        for line in self:
            line.change_percent = (line.price / line.former_price - 1) * 100 if line.former_price else 0.0

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env['aftersales.price.list'].browse({vals['list_id'] for vals in vals_list if vals.get('list_id')})._ensure_draft()
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_guarded():
            self.list_id._ensure_draft()
            if 'list_id' in vals:
                self.env['aftersales.price.list'].browse(vals['list_id'])._ensure_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_announced(self):
        self.list_id._ensure_draft()
