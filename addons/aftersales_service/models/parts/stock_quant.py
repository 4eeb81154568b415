from odoo import models

from .guard import is_open


class StockQuant(models.Model):
    _inherit = 'stock.quant'

    def _get_inventory_move_values(self, qty, location_id, location_dest_id, package_id=False, package_dest_id=False):
        vals = super()._get_inventory_move_values(qty, location_id, location_dest_id, package_id, package_dest_id)
        # Only the count itself holds the key: an adjustment from elsewhere carries no link and is listed as a bypass.
        if is_open(self) and (line_id := (self.env.context.get('aftersales_count_lines') or {}).get(self.id)):
            vals['aftersales_count_line_id'] = line_id
        return vals
