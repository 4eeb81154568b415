from datetime import datetime

from odoo import api, fields, models

from ..base.errors import coded_error


class ProductProduct(models.Model):
    _inherit = 'product.product'

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_repair_orders(self):
        line = self.env['aftersales.repair.line'].sudo().search([('product_id', 'in', self.ids)], limit=1)
        if line:
            raise coded_error(
                'PAR-40',
                self.env._(
                    "%(product)s is on repair order %(order)s and cannot be deleted. Archive it instead.",
                    product=line.product_id.display_name,
                    order=line.order_id.name,
                ),
            )

    # === BUSINESS METHODS === #

    def _price_compute(self, price_type, uom=None, currency=None, company=None, date=False):
        """Sales prices of a past moment are those of that moment: price lists of customers build on them (R-PART-20)."""
        prices = super()._price_compute(price_type, uom=uom, currency=currency, company=company, date=date)
        if price_type == 'list_price' and isinstance(date, datetime):
            former = self.env['aftersales.part.price']._prices_at_sudo(self.product_tmpl_id, date)
            for product in self.filtered(lambda product: product.product_tmpl_id in former) if former else ():
                change = former[product.product_tmpl_id] - product.list_price
                if uom:
                    change = product.uom_id._compute_price(change, uom)
                if currency:
                    change = product.currency_id._convert(change, currency, company or self.env.company, date, round=False)
                prices[product.id] += change
        return prices

    def _aftersales_substitute(self):
        """Return the product that replaces a superseded one, through the whole chain; empty when nothing does."""
        self.ensure_one()
        return self._aftersales_current_part() - self

    @api.model
    def get_aftersales_availability(self, product_ids, warehouse_id=False):
        """Return free, on order and expected of products, for desks and estimates (RPC, R-PART-21).

        Quantities only: no cost leaves here, and every member of the department may see them.

        :param list[int] product_ids: at most 200.
        :rtype: dict[str, dict]  {'free', 'incoming', 'eta', 'substitute'}
        """
        if not self.env.user.has_group('aftersales_service.group_user'):
            raise coded_error('PAR-41', self.env._("Only the after-sales department sees the availability of parts."))
        products = self.browse(product_ids[:200]).exists()
        products.check_access('read')
        warehouse = self.env['stock.warehouse'].sudo().browse(warehouse_id or False)
        if not warehouse or warehouse.company_id not in self.env.companies:
            warehouse = self.env['stock.warehouse'].sudo().search([('company_id', '=', self.env.company.id)], limit=1)
        return {
            str(product.id): {
                'free': data['free'],
                'incoming': data['incoming'],
                'eta': fields.Datetime.to_string(data['eta']) if data['eta'] else False,
                'substitute': product._aftersales_substitute().display_name or False,
            }
            for product, data in products._aftersales_availability_sudo(warehouse).items()
        }

    def _aftersales_availability_sudo(self, warehouse):
        """Return what a warehouse has and expects, in two queries whatever the number of products.

        sudo: advisors and technicians have no inventory rights; only quantities and a date leave.

        :param warehouse: stock.warehouse.
        :return: {product: {'free', 'on_hand', 'incoming': float, 'eta': datetime | False}} in the product's unit.
        :rtype: dict
        """
        found = {product: {'free': 0.0, 'on_hand': 0.0, 'incoming': 0.0, 'eta': False} for product in self}
        if not self or not warehouse:
            return found
        env = self.sudo().env
        shelf = warehouse.sudo().lot_stock_id
        for product, quantity, reserved in env['stock.quant']._read_group(
            [('product_id', 'in', self.ids), ('location_id', 'child_of', shelf.id)],
            ['product_id'],
            ['quantity:sum', 'reserved_quantity:sum'],
        ):
            found[self.browse(product.id)].update(free=max(quantity - reserved, 0.0), on_hand=quantity)
        for product, quantity, date in env['stock.move']._read_group(
            [
                ('product_id', 'in', self.ids),
                ('state', 'in', ('waiting', 'confirmed', 'partially_available', 'assigned')),
                ('location_id.usage', 'in', ('supplier', 'transit')),
                ('location_dest_id', 'child_of', warehouse.sudo().view_location_id.id),
            ],
            ['product_id'],
            ['product_qty:sum', 'date:min'],
        ):
            found[self.browse(product.id)].update(incoming=quantity, eta=date)
        return found

    def _aftersales_stock_facts_sudo(self, warehouse):
        """Return the availability of products, and which of them the warehouse keeps in stock; three queries in all.

        Kept in stock: has a reordering rule there, or lies on the shelf. sudo: only figures leave.

        :rtype: dict  `{product: {'free', 'incoming', 'eta', 'stocked'}}`
        """
        facts = self._aftersales_availability_sudo(warehouse)
        ruled = {
            product.id
            for [product] in self.env['stock.warehouse.orderpoint']
            .sudo()
            ._read_group(
                [('product_id', 'in', self.ids), ('warehouse_id', '=', warehouse.id), ('product_max_qty', '>', 0)],
                ['product_id'],
            )
        }
        for product, data in facts.items():
            data['stocked'] = product.id in ruled or data['on_hand'] > 0
        return facts
