from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error

CONTENT_FIELDS = {
    'job_id',
    'kind',
    'product_id',
    'labour_item_id',
    'name',
    'quantity',
    'product_uom_id',
    'supplied_by',
    'grade',
}


class AftersalesRepairLine(models.Model):
    """What a job consists of: labour, a part, work of a subcontractor, a fee or money laid out for the customer."""

    _name = 'aftersales.repair.line'
    _description = "Repair Line"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'order_id.id, job_id, sequence, id'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {
            'price_unit',
            'list_price_unit',
            'manual_price_unit',
            'has_manual_price',
            'price_reason_id',
            'discount',
            'price_amount',
            'price_subtotal',
            'price_total',
            'tax_ids',
            'book_hours',
            'billed_hours',
            'has_disclaimer',
            'price_changed_by_id',
            'priced_at',
        }
    )

    # Identity
    job_id = fields.Many2one('aftersales.repair.job', required=True, ondelete='cascade', index=True)
    order_id = fields.Many2one(related='job_id.order_id', store=True, index=True, precompute=True)
    company_id = fields.Many2one(related='job_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ('labour', "Labour"),
            ('part', "Part"),
            ('sublet', "Sublet"),
            ('fee', "Fee"),
            ('disbursement', "Disbursement"),
        ],
        required=True,
        default='part',
    )
    labour_item_id = fields.Many2one('aftersales.labour.item', check_company=True, ondelete='restrict')
    product_id = fields.Many2one(
        'product.product',
        check_company=True,
        ondelete='restrict',
        index='btree_not_null',
        compute='_compute_product_id',
        store=True,
        readonly=False,
    )
    name = fields.Char("Description", compute='_compute_name', store=True, readonly=False)

    # Quantities
    quantity = fields.Float(
        digits='Product Unit',
        compute='_compute_quantity',
        store=True,
        readonly=False,
        help="Pieces of a part; billed hours of labour.",
    )
    product_uom_id = fields.Many2one('uom.uom', "Unit", compute='_compute_product_uom_id', store=True, readonly=False)
    book_hours = fields.Float("Book Time", compute='_compute_book_hours', store=True)
    billed_hours = fields.Float("Billed Hours", compute='_compute_billed_hours', store=True)
    clocked_hours = fields.Float("Clocked Hours", compute='_compute_clocked_hours')

    # Price
    list_price_unit = fields.Float(
        "Catalogue Price", digits='Product Price', compute='_compute_list_price_unit', store=True
    )
    priced_at = fields.Datetime(
        "Price As Of", default=fields.Datetime.now, readonly=True, copy=False,
        help="The catalogue of that moment counts for this line, whatever changes later.",
    )
    has_manual_price = fields.Boolean(readonly=True, copy=False)
    manual_price_unit = fields.Float(digits='Product Price', readonly=True, copy=False)
    price_reason_id = fields.Many2one('aftersales.reason', readonly=True, copy=False)
    price_changed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    price_unit = fields.Float("Unit Price", digits='Product Price', compute='_compute_price_unit', store=True)
    discount = fields.Float("Discount (%)", digits='Discount', readonly=True, copy=False)
    tax_ids = fields.Many2many('account.tax', string="Taxes", compute='_compute_tax_ids', store=True)
    price_amount = fields.Monetary(
        "Amount",
        compute='_compute_price_amounts',
        store=True,
        help="In the company's price basis: with or without tax.",
    )
    price_subtotal = fields.Monetary("Untaxed", compute='_compute_price_amounts', store=True)
    price_total = fields.Monetary("Total", compute='_compute_price_amounts', store=True)
    is_billable = fields.Boolean(compute='_compute_is_billable', store=True)

    # Promises about the part
    supplied_by = fields.Selection([('shop', "Us"), ('customer', "Customer")], default='shop', required=True)
    grade = fields.Selection(
        [
            ('oem', "Genuine"),
            ('brand', "Brand"),
            ('aftermarket', "Aftermarket"),
            ('remanufactured', "Remanufactured"),
            ('used', "Used"),
        ],
        compute='_compute_grade',
        store=True,
        readonly=False,
    )
    has_disclaimer = fields.Boolean(
        compute='_compute_has_disclaimer',
        store=True,
        help="Customer's own part, or an aftermarket part in a key position: no guarantee, printed on the order (R-PROC-39).",
    )
    old_part_disposition = fields.Selection(
        [('take', "To Customer"), ('dispose', "Dispose"), ('return', "Return to Manufacturer")],
        compute='_compute_old_part_disposition',
        store=True,
        readonly=False,
    )
    is_handover = fields.Boolean("Sold at Handover", help="Sold at the till: no operation, no inspection.")

    _discount_range = models.Constraint(
        'CHECK(discount >= 0 AND discount <= 100)', "A discount lies between 0 and 100 %."
    )

    # === COMPUTE METHODS === #

    @api.depends('labour_item_id')
    def _compute_product_id(self):
        for line in self:
            if line.labour_item_id:
                line.product_id = line.labour_item_id.product_id

    @api.depends('labour_item_id', 'product_id')
    def _compute_name(self):
        for line in self:
            line.name = (
                line.labour_item_id.name
                or line.product_id.with_context(lang=line.order_id.partner_id.lang).display_name
                or line.name
            )

    @api.depends('kind', 'labour_item_id', 'order_id.vehicle_id.model_id')
    def _compute_book_hours(self):
        for line in self:
            line.book_hours = (
                line.labour_item_id._book_hours(line.order_id.vehicle_id.model_id)
                if line.kind == 'labour' and line.labour_item_id
                else 0.0
            )

    @api.depends('kind', 'book_hours')
    def _compute_quantity(self):
        for line in self:
            if line.kind == 'labour' and line.book_hours:
                line.quantity = line.book_hours
            elif not line.quantity:
                line.quantity = 1.0

    @api.depends('kind', 'quantity')
    def _compute_billed_hours(self):
        for line in self:
            line.billed_hours = line.quantity if line.kind == 'labour' else 0.0

    def _compute_clocked_hours(self):
        """The workshop fills in the clocks; without a workshop nothing was clocked."""
        self.clocked_hours = 0.0

    @api.depends('product_id')
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id or self.env.ref('uom.product_uom_unit')

    @api.depends(
        'kind',
        'labour_item_id',
        'product_id',
        'product_uom_id',
        'quantity',
        'supplied_by',
        'job_id.payer_kind',
        'order_id.pricelist_id',
        'priced_at',
    )
    def _compute_list_price_unit(self):
        """Price from the catalogue: labour by rate of payer kind and skill, the rest by price list (R-PERM-02, R-PERM-03)."""
        goods = self.filtered(lambda line: line.supplied_by != 'customer' and line.kind != 'labour' and line.product_id)
        prices = goods._product_prices()
        for line in self:
            if line.kind == 'labour' and line.supplied_by != 'customer':
                line.list_price_unit = line._labour_rate()
            else:
                line.list_price_unit = prices.get(line, 0.0)

    @api.depends('list_price_unit', 'has_manual_price', 'manual_price_unit')
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = line.manual_price_unit if line.has_manual_price else line.list_price_unit

    @api.depends('product_id', 'kind', 'order_id.partner_id')
    def _compute_tax_ids(self):
        """Taxes of the product, or the company's, as the customer's fiscal position maps them."""
        positions, taxed = {}, defaultdict(self.browse)
        for line in self:
            taxes = self.env['account.tax']
            if line.kind != 'disbursement':
                key = line.company_id, line.order_id.partner_id
                if key not in positions:
                    positions[key] = self._fiscal_position(*key)
                own = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
                taxes = positions[key].map_tax(own or line.company_id.account_sale_tax_id)
            taxed[taxes] += line
        for taxes, lines in taxed.items():  # lines of the same taxes are written together
            lines.tax_ids = taxes

    def _fiscal_position(self, company, partner):
        """Return the fiscal position of a customer in a company; empty without a customer."""
        positions = self.env['account.fiscal.position'].with_company(company)
        return positions._get_fiscal_position(partner.with_company(company)) if partner else positions

    @api.depends('quantity', 'price_unit', 'discount', 'tax_ids', 'is_billable')
    def _compute_price_amounts(self):
        for line in self:
            currency = line.currency_id or line.company_id.currency_id
            if not line.is_billable:
                line.price_amount = line.price_subtotal = line.price_total = 0.0
                continue
            line.price_amount = currency.round(line.quantity * line.price_unit * (1 - line.discount / 100))
            line.price_subtotal, line.price_total = line._tax_totals(line.price_amount)

    @api.depends('supplied_by', 'job_id.outcome')
    def _compute_is_billable(self):
        for line in self:
            line.is_billable = line.supplied_by == 'shop' and line.job_id.outcome == 'open'

    @api.depends('product_id')
    def _compute_grade(self):
        for line in self:
            line.grade = line.product_id.aftersales_grade or line.grade

    @api.depends('supplied_by', 'grade', 'product_id')
    def _compute_has_disclaimer(self):
        for line in self:
            line.has_disclaimer = line.kind == 'part' and (
                line.supplied_by == 'customer'
                or (line.grade in ('aftermarket', 'used') and line.product_id.aftersales_key_position)
            )

    @api.depends('kind', 'job_id.payer_kind', 'order_id.old_part_wish')
    def _compute_old_part_disposition(self):
        """Warranty parts go back to the manufacturer, whatever the customer wishes (R-PROC-45)."""
        for line in self:
            if line.kind != 'part':
                line.old_part_disposition = False
            elif line.job_id.payer_kind == 'warranty':
                line.old_part_disposition = 'return'
            else:
                line.old_part_disposition = line.order_id.old_part_wish

    # === CONSTRAINT METHODS === #

    @api.constrains('kind', 'labour_item_id', 'product_id', 'supplied_by')
    def _check_catalogue(self):
        """Nothing is charged that is not in the catalogue (R-PERM-02)."""
        for line in self:
            if line.kind == 'labour' and not line.labour_item_id:
                raise coded_error(
                    'REP-20',
                    self.env._(
                        "Labour is charged from the catalogue only: choose a labour item for “%(line)s”.",
                        line=line.name,
                    ),
                    ValidationError,
                )
            if (
                line.kind in ('part', 'fee', 'sublet', 'disbursement')
                and not line.product_id
                and line.supplied_by == 'shop'
            ):
                raise coded_error(
                    'REP-21',
                    self.env._(
                        "Choose the product of “%(line)s”: charges come from the catalogue and the price list.",
                        line=line.name,
                    ),
                    ValidationError,
                )
            if line.supplied_by == 'customer' and line.kind != 'part':
                raise coded_error(
                    'REP-22',
                    self.env._("Only parts can be brought by the customer, not “%(line)s”.", line=line.name),
                    ValidationError,
                )

    @api.constrains('quantity', 'kind')
    def _check_quantity(self):
        for line in self:
            if not 0 < line.quantity <= (500 if line.kind == 'labour' else 9999):
                raise coded_error(
                    'REP-23',
                    self.env._(
                        "%(quantity)s cannot be right for “%(line)s”. Check the quantity.",
                        quantity=line.quantity,
                        line=line.name,
                    ),
                    ValidationError,
                )
            uom = line.product_id.uom_id
            if uom and line.product_uom_id and not line.product_uom_id._has_common_reference(uom):
                raise coded_error(
                    'REP-24',
                    self.env._(
                        "The unit %(unit)s does not fit %(product)s.",
                        unit=line.product_uom_id.name,
                        product=line.product_id.display_name,
                    ),
                    ValidationError,
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get('kind') == 'labour':
                # Billed hours start at book time; changing them is a price change (R-PERM-02).
                vals.pop('quantity', None)
        lines = super().create(vals_list)
        # Precomputation builds records in memory whose order is computed: they would stay among the order's lines
        # in the cache, and every line would count twice.
        lines.order_id.invalidate_recordset(
            [field.name for field in self.pool.field_inverses[self._fields['order_id']]], flush=False
        )
        lines._ensure_editable()
        lines.order_id._advance()
        return lines

    def write(self, vals):
        content = CONTENT_FIELDS & vals.keys()
        if content:
            self._ensure_editable()
            if (
                'quantity' in vals
                and not self._is_guarded()
                and any(line.kind == 'labour' and line.quantity != vals['quantity'] for line in self)
            ):
                raise coded_error(
                    'REP-25', self.env._("Billed hours differ from book time only by a price change with a reason.")
                )
        exchanged = self.filtered(
            lambda line: any(
                name in vals and line[name].id != vals[name] for name in ('product_id', 'labour_item_id')
            )
        )
        result = super().write(vals)
        # What takes its place is offered today, at the price of today.
        exchanged._guarded().priced_at = fields.Datetime.now()
        if content:
            self.order_id._advance()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._advance()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._ensure_editable()

    # === GUARDS === #

    def _lock_reasons(self):
        """Return why lines cannot change any more; rooms extend (issued parts, posted settlement).

        :rtype: dict  `{line: str}`
        """
        return {
            line: self.env._(
                "the order is %(state)s",
                state=dict(line.order_id._fields['state']._description_selection(self.env))[line.order_id.state],
            )
            for line in self
            if line.order_id._is_locked()
        }

    def _ensure_editable(self):
        for line, reason in self._lock_reasons().items():
            raise coded_error(
                'REP-26',
                self.env._(
                    "“%(line)s” of %(order)s cannot change: %(reason)s.",
                    line=line.name,
                    order=line.order_id.name,
                    reason=reason,
                ),
            )

    # === BUSINESS METHODS === #

    def _labour_rate(self):
        self.ensure_one()
        order = self.order_id
        kind = self.job_id.payer_kind
        return self.env['aftersales.labour.rate']._rate(
            kind if kind not in ('split', 'undecided', False) else 'customer',
            self.labour_item_id.skill,
            order.vehicle_id.brand_id,
            self.company_id._aftersales_today(self.priced_at or None),
            self.company_id,
        )

    def _name_without_number(self):
        """Return what is printed where the part number has a place of its own."""
        self.ensure_one()
        number = self.product_id.default_code
        return self.name.removeprefix(f'[{number}] ') if self.name and number else self.name or ''

    def _tax_totals(self, amount):
        """Return what an amount of this line comes to without and with its taxes, as `account.tax.compute_all` does.

        That one also prepares the journal items of the taxes, which is half of its time.

        :param float amount: in the company's price basis.
        :rtype: tuple[float, float]
        """
        self.ensure_one()
        AccountTax = self.env['account.tax']
        currency = self.currency_id or self.company_id.currency_id
        base_line = AccountTax._prepare_base_line_for_taxes_computation(
            None, price_unit=amount, quantity=1.0, currency_id=currency, product_id=self.product_id, tax_ids=self.tax_ids
        )
        AccountTax._add_tax_details_in_base_line(base_line, self.company_id)
        details = base_line['tax_details']
        return (
            currency.round(details['raw_total_excluded_currency']),
            currency.round(details['raw_total_included_currency']),
        )

    def _product_prices(self):
        """Return the catalogue price of each line's product, a price list asked once for lines of the same quantity.

        :return: `{line: price of one unit}` in the company's price basis.
        :rtype: dict
        """
        prices = {}
        for (pricelist, company, uom, quantity, moment), lines in self.grouped(
            lambda line: (line.order_id.pricelist_id, line.company_id, line.product_uom_id, line.quantity, line.priced_at)
        ).items():
            products = lines.product_id.with_company(company)
            if pricelist:
                found = pricelist._get_products_price(products, quantity, uom=uom, date=moment)
            else:
                found = products._price_compute('list_price', uom=uom, date=moment)
            prices.update({line: found[line.product_id.id] for line in lines})
        return prices

    def _spread_fixed_price(self, total):
        """Bring the lines of a package to its fixed price by one common factor; the last line takes the rounding.

        :param float total: package price in the company's price basis.
        """
        listed = sum(line.quantity * line.list_price_unit for line in self)
        if not listed:
            return
        left = total
        for line in self[:-1]:
            amount = line.currency_id.round(line.quantity * line.list_price_unit * total / listed)
            line._guarded().write({'has_manual_price': True, 'manual_price_unit': amount / line.quantity})
            left -= line.price_amount
        last = self[-1:]
        last._guarded().write(
            {'has_manual_price': True, 'manual_price_unit': last.currency_id.round(left) / last.quantity}
        )
