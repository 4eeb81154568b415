from collections import defaultdict

from odoo import api, models

from .guard import is_open


class Shelf(dict):
    """What lies on the shelves, by product id, in the order in which it is taken; locked while it is in use."""


class StockQuant(models.Model):
    _inherit = 'stock.quant'

    def _gather(self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False, qty=0):
        shelf = self.env.context.get('aftersales_shelf')
        if isinstance(shelf, Shelf) and not (strict or lot_id or package_id or owner_id):
            if (product_id.id, location_id.id) in shelf:
                return shelf[product_id.id, location_id.id].with_env(self.env)
        return super()._gather(product_id, location_id, lot_id, package_id, owner_id, strict, qty)

    @api.model
    def _aftersales_shelf_context(self, products, location):
        """Return a context in which these products are reserved with two queries instead of four for each.

        Odoo looks for the stock of every product twice to reserve it and twice more to write the reservation.

        :param products: locked before (`_aftersales_lock_shelf`), so that nobody else changes their stock.
        :param location: `stock.location` the moves take them from.
        :rtype: dict
        """
        Quant = self.sudo()
        strategies = {Quant._get_removal_strategy(product, location) for product in products}
        if len(strategies) != 1 or not strategies <= {'fifo', 'lifo'} or 'with_expiration' in self.env.context:
            return {}
        quants = Quant.search_fetch(
            [('product_id', 'in', products.ids), ('location_id', 'child_of', location.id)],
            ['product_id', 'location_id', 'lot_id', 'package_id', 'owner_id', 'quantity', 'reserved_quantity', 'in_date'],
            order=Quant._get_removal_strategy_order(strategies.pop()),
        )
        by_product = quants.grouped('product_id')
        exact = defaultdict(lambda: self.env['stock.quant'])
        for quant in quants:
            key = quant.product_id.id, quant.location_id.id, quant.lot_id.id, quant.package_id.id, quant.owner_id.id
            exact[key] |= quant
        return {
            'aftersales_shelf': Shelf({
                (product.id, location.id): by_product.get(product, Quant.browse()).sorted(lambda quant: not quant.lot_id)
                for product in products
            }),
            'quants_cache': exact,
        }

    def _get_inventory_move_values(self, qty, location_id, location_dest_id, package_id=False, package_dest_id=False):
        vals = super()._get_inventory_move_values(qty, location_id, location_dest_id, package_id, package_dest_id)
        # Only the count itself holds the key: an adjustment from elsewhere carries no link and is listed as a bypass.
        if is_open(self) and (line_id := (self.env.context.get('aftersales_count_lines') or {}).get(self.id)):
            vals['aftersales_count_line_id'] = line_id
        return vals
