from odoo import api, fields, models

from ..base.errors import coded_error

FACTS = {'product_id', 'product_uom_id', 'quantity', 'price_unit', 'date'}


class AftersalesLostSale(models.Model):
    """A customer wanted a part, did not get it and left: demand the stock never saw.

    Recorded by the system when a job with a missing part ends or the car leaves, and by hand when somebody asks at
    the counter or on the phone. Facts do not change afterwards; the reason may be corrected.
    """

    _name = 'aftersales.lost.sale'
    _description = "Lost Sale of a Part"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'product_id'
    _check_company_auto = True
    _guarded_fields = frozenset({'request_id', 'order_id', 'company_id', 'user_id', 'is_stocked'})

    # What was wanted
    date = fields.Date(
        required=True, index=True, default=lambda self: self.env.company._aftersales_today(), copy=False
    )
    product_id = fields.Many2one(
        'product.product',
        "Part",
        required=True,
        index=True,
        ondelete='restrict',
        check_company=True,
        domain="[('type', '=', 'consu')]",
    )
    quantity = fields.Float(digits='Product Unit', required=True, default=1.0)
    product_uom_id = fields.Many2one(
        'uom.uom', "Unit", compute='_compute_product_facts', store=True, readonly=False, precompute=True, required=True
    )
    is_stocked = fields.Boolean("Kept in Stock Then", readonly=True, copy=False)

    # What it would have brought
    currency_id = fields.Many2one(related='company_id.currency_id')
    price_unit = fields.Monetary(
        "Unit Price", compute='_compute_product_facts', store=True, readonly=False, precompute=True
    )
    price_value = fields.Monetary(
        "Value Lost", compute='_compute_price_value', store=True, help="Quantity × selling price that day."
    )

    # Who, where, why
    reason_id = fields.Many2one(
        'aftersales.reason',
        "Reason",
        domain="[('kind', 'in', ('miss', 'decline', 'declined_line', 'cancel'))]",
        ondelete='restrict',
        index='btree_not_null',
    )
    partner_id = fields.Many2one('res.partner', "Customer", check_company=True, index='btree_not_null')
    order_id = fields.Many2one(
        'aftersales.repair.order',
        "Repair Order",
        index='btree_not_null',
        readonly=True,
        ondelete='cascade',
        check_company=True,
        copy=False,
    )
    request_id = fields.Many2one(
        'aftersales.part.request',
        "Part Request",
        index='btree_not_null',
        readonly=True,
        ondelete='cascade',
        check_company=True,
        copy=False,
    )
    user_id = fields.Many2one(
        'res.users', "Recorded By", readonly=True, copy=False, default=lambda self: self.env.uid
    )
    note = fields.Char()
    company_id = fields.Many2one(
        'res.company', required=True, index=True, readonly=True, default=lambda self: self.env.company
    )

    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "A lost sale is above zero.")
    _one_per_request = models.UniqueIndex(
        '(request_id) WHERE request_id IS NOT NULL', "This request is recorded as lost already."
    )

    # === COMPUTE METHODS === #

    @api.depends('product_id')
    def _compute_product_facts(self):
        for sale in self:
            sale.product_uom_id = sale.product_id.uom_id
            sale.price_unit = sale.product_id.lst_price

    @api.depends('quantity', 'price_unit')
    def _compute_price_value(self):
        for sale in self:
            sale.price_value = sale.currency_id.round(sale.quantity * sale.price_unit)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        sales = super().create(vals_list)
        by_hand = sales.filtered(lambda sale: not sale.request_id)
        for company, group in by_hand.grouped('company_id').items():
            # sudo: an advisor reads no warehouses; only whether the part is kept is stored.
            warehouse = self.env['stock.warehouse'].sudo().search([('company_id', '=', company.id)], limit=1)
            facts = group.product_id._aftersales_stock_facts_sudo(warehouse)
            kept = group.filtered(lambda sale, facts=facts: facts[sale.product_id].get('stocked'))
            kept.sudo()._guarded().write({'is_stocked': True})
        return sales

    def write(self, vals):
        if FACTS & vals.keys() and not self._is_guarded():
            raise coded_error(
                'PAR-74',
                self.env._(
                    "What a customer wanted and when stays as recorded. Correct the reason or the note; "
                    "record another lost sale if more was wanted."
                ),
            )
        return super().write(vals)
