from odoo import api, fields, models
from odoo.tools import SQL


class ProductProduct(models.Model):
    """What the company had of its parts at a moment, and what that was worth."""

    _inherit = 'product.product'

    @api.model
    def _aftersales_stock_at(self, company, moment):
        """Return quantity and value of car parts at a moment, equal to Odoo's own valuation.

        Two queries for all parts: what came in less what went out. Only parts with standard price, or whose cost was set
        by hand while they were in stock, are valued one by one, by Odoo.

        :param datetime moment: first moment that does not count, UTC without zone.
        :return: {product: (quantity in its unit, value in company currency)}, parts without either left out.
        :rtype: dict
        """
        self.env['stock.move'].flush_model()
        self.env['product.template'].flush_model(['aftersales_is_part', 'uom_id'])
        rows = self.env.execute_query(SQL(
            """
            SELECT move.product_id,
                   SUM(CASE WHEN move.is_in THEN 1 ELSE -1 END * move.quantity * unit.factor / own.factor),
                   SUM(CASE WHEN move.is_in THEN move.value ELSE -move.value END),
                   MIN(CASE WHEN move.is_in THEN move.date END)
              FROM stock_move move
              JOIN product_product product ON product.id = move.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom own ON own.id = template.uom_id
             WHERE move.company_id = %(company)s AND move.state = 'done' AND (move.is_in OR move.is_out)
               AND move.date < %(moment)s AND template.aftersales_is_part
             GROUP BY move.product_id
            """, company=company.id, moment=moment,
        ))
        products = self.browse([row[0] for row in rows]).with_company(company)
        revalued = self._aftersales_revalued(company, moment, {row[0]: row[3] for row in rows})
        found = {}
        for product, (_product_id, quantity, value, _first) in zip(products, rows, strict=True):
            quantity = product.uom_id.round(float(quantity))
            if product.id in revalued or product.cost_method == 'standard':
                value = product._aftersales_value_at(company, moment, quantity)
            value = company.currency_id.round(float(value or 0.0))
            if not product.uom_id.is_zero(quantity) or not company.currency_id.is_zero(value):
                found[product] = (quantity, value)
        return found

    @api.model
    def _aftersales_revalued(self, company, moment, first_in):
        """Return the ids of products whose cost was set by hand after their first receipt."""
        return {
            product.id for product, last in self.env['product.value'].sudo()._read_group(
                [('product_id', 'in', list(first_in)), ('move_id', '=', False), ('company_id', '=', company.id),
                 ('date', '<', moment)],
                ['product_id'], ['date:max'],
            ) if first_in[product.id] and last >= first_in[product.id]
        }

    def _aftersales_value_at(self, company, moment, quantity):
        """Return what Odoo says a quantity was worth."""
        self.ensure_one()
        product = self.sudo().with_company(company)
        at_date = fields.Datetime.subtract(moment, seconds=1)
        if product.cost_method == 'standard':
            return product._get_standard_price_at_date(at_date) * quantity
        if product.cost_method == 'average':
            return product._run_avco(at_date=at_date)[1]
        return product._run_fifo(quantity, at_date=at_date)
