from odoo import api, models

from .guard import is_open


class StockQuant(models.Model):
    """The other half of `stock_move_reserve`: the stock rows are known and locked, nothing is searched again."""

    _inherit = 'stock.quant'

    @api.model
    def _update_reserved_quantity(
        self, product_id, location_id, quantity, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        # Only our own call carries the key; a context from outside could name rows, never records.
        known = self.env.context.get('aftersales_reserved') if is_open(self) else None
        if known and not lot_id and not package_id and not owner_id:
            quant = known.get((product_id.id, location_id.id))
            if quant:
                quant.sudo().reserved_quantity += quantity
                return None
        return super()._update_reserved_quantity(
            product_id, location_id, quantity, lot_id=lot_id, package_id=package_id, owner_id=owner_id, strict=strict
        )
