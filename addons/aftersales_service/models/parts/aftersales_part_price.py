from odoo import api, fields, models, tools


class AftersalesPartPrice(models.Model):
    """One change of a part's sales price: by hand, by import, or because a price list came into force (R-PART-20).

    Written by the system only. It answers what a part cost on a day that is past, so that an estimate keeps the price
    it was made with.
    """

    _name = 'aftersales.part.price'
    _description = "Change of a Part's Price"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'changed_at desc, id desc'
    _rec_name = 'product_tmpl_id'
    _guarded_fields = frozenset({'product_tmpl_id', 'former_price', 'price', 'changed_at', 'user_id', 'list_id'})

    product_tmpl_id = fields.Many2one(
        'product.template', "Part", required=True, readonly=True, index=True, ondelete='cascade',
    )
    currency_id = fields.Many2one(related='product_tmpl_id.currency_id')
    former_price = fields.Float("Price Before", digits='Product Price', readonly=True)
    price = fields.Float("Price", digits='Product Price', readonly=True)
    changed_at = fields.Datetime(required=True, readonly=True, index=True)
    user_id = fields.Many2one('res.users', "Changed By", readonly=True)
    list_id = fields.Many2one('aftersales.price.list', "Price List", readonly=True, ondelete='set null')

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create(vals_list)
        self.env.registry.clear_cache()
        return prices

    # === BUSINESS METHODS === #

    @api.model
    def _remember_sudo(self, former, price_list=None):
        """Note that templates have a new price; sudo: who set it was checked.

        :param dict former: `{product.template: price before}`; parts whose price is the same are left out.
        """
        now = fields.Datetime.now()
        vals_list = [
            {
                'product_tmpl_id': template.id, 'former_price': price, 'price': template.list_price, 'changed_at': now,
                'user_id': self.env.uid, 'list_id': price_list.id if price_list else False,
            }
            for template, price in former.items() if template.list_price != price
        ]
        if vals_list:
            self.sudo()._guarded().create(vals_list)

    @api.model
    @tools.ormcache()
    def _last_change_sudo(self):
        """Return when a price changed last, None when none ever did: what is priced later needs no look back."""
        return self.sudo().search_fetch([], ['changed_at'], limit=1, order='changed_at desc').changed_at or None

    @api.model
    def _prices_at_sudo(self, templates, moment):
        """Return the sales prices that differed at a past moment from today's; sudo: prices every advisor sees.

        :param datetime moment: UTC without zone; a price set in that very second counts already.
        :return: `{product.template: price then}`, without those that are the same.
        :rtype: dict
        """
        last = self._last_change_sudo()
        if last is None or moment >= last:
            return {}
        prices = {}
        for change in self.sudo().search_fetch(
            [('product_tmpl_id', 'in', templates.ids), ('changed_at', '>', moment)],
            ['product_tmpl_id', 'former_price'], order='changed_at, id',
        ):
            prices.setdefault(templates.browse(change.product_tmpl_id.id), change.former_price)
        return prices
