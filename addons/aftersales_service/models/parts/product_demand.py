from collections import defaultdict

from odoo import api, fields, models

from ...rules import indicators as indicator_rules


class ProductProduct(models.Model):
    """What was wanted of a part, over its chain of supersessions."""

    _inherit = 'product.product'

    @api.model
    def _aftersales_demand(self, company, date_from, date_to):
        """Return what was wanted of these parts; all parts of the company when there are none in self.

        Net issues, counter sales, misses still open and lost sales, each once; what was wanted of a superseded part
        counts for the part that is ordered today. One query.

        :param date_from: first business day. :param date_to: last one, included.
        :return: {product: {first day of the month: (quantity in the product's unit, number of demands)}}
        :rtype: dict
        """
        domain = [('company_id', '=', company.id), ('date', '>=', date_from), ('date', '<=', date_to)]
        if self:
            domain.append(('current_product_id', 'in', self.ids))
        demand = defaultdict(dict)
        for product, month, quantity, hits in self.env['aftersales.part.demand'].sudo()._read_group(
            domain, ['current_product_id', 'date:month'], ['quantity:sum', 'hits:sum'],
        ):
            demand[self.browse(product.id)][fields.Date.to_date(month)] = (quantity, hits)
        return demand

    @api.model
    def _aftersales_usage(self, company, months=12, today=None):
        """Return the demand of each of the last whole months, the oldest first.

        :return: {product: (list of quantities, list of demands)}
        """
        today = today or company._aftersales_today()
        wanted = indicator_rules.months_back(today, months + 1)[:-1]
        demand = self._aftersales_demand(company, wanted[0], indicator_rules.month_end(wanted[-1]))
        return {
            product: tuple([by_month.get(month, (0.0, 0))[part] for month in wanted] for part in (0, 1))
            for product, by_month in demand.items()
        }

    # === ACTIONS === #

    def action_aftersales_demand(self):
        """Open what was wanted of these parts, by month."""
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_part_demand_action')
        action['domain'] = [('current_product_id', 'in', self.ids)]
        action['context'] = {'graph_groupbys': ['date:month', 'source']}
        return action

    # === PURCHASING === #

    def _aftersales_seller(self, date, vendor=None):
        """Return the vendor's price to order by: the first valid one, of this vendor when given; read in batch.

        :rtype: recordset of product.supplierinfo
        """
        self.ensure_one()
        company = self.env.company
        return self.seller_ids.filtered(
            lambda seller: (
                (not vendor or seller.partner_id == vendor)
                and (not seller.company_id or seller.company_id == company)
                and (not seller.product_id or seller.product_id == self)
                and (not seller.date_start or seller.date_start <= date)
                and (not seller.date_end or seller.date_end >= date)
            )
        ).sorted(lambda seller: (seller.sequence, seller.min_qty, seller.price, seller.id))[:1]

    def _aftersales_order_step(self, seller):
        """Return the least quantity and the pack size a vendor sells, in the unit of the part.

        :param seller: product.supplierinfo, may be empty.
        """
        self.ensure_one()
        if not seller:
            return 0.0, 1.0
        pack = round(seller.product_uom_id._compute_quantity(1.0, self.uom_id, round=False), 6)
        # A vendor who sells parts of a unit is asked for whole ones.
        return seller.min_qty * pack, max(pack, 1.0)
