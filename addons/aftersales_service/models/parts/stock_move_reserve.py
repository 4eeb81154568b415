from collections import defaultdict

from odoo import models

from .guard import opened


class StockMove(models.Model):
    """Reserving the parts of an order in one go: Odoo asks seven queries a line, a large order waits for them."""

    _inherit = 'stock.move'

    def _action_assign(self, force_qty=False):
        plain = self.browse() if force_qty or len(self) < 2 else self._aftersales_plain_moves()
        rest = self - plain._aftersales_reserve_together() if plain else self
        return super(StockMove, rest)._action_assign(force_qty=force_qty) if rest else None

    def _aftersales_plain_moves(self):
        """Return the issues without anything that needs Odoo's own search: numbers, chains, strategies, owners."""
        return self.filtered(
            lambda move: (
                move.aftersales_kind == 'issue'
                and move.state == 'confirmed'
                and not move.picked
                and move.product_id.is_storable
                and move.product_id.tracking == 'none'
                and not move.product_id.categ_id.removal_strategy_id
                and not move.location_id.removal_strategy_id
                and not move.restrict_partner_id
                and not move.move_orig_ids
                and not move.move_line_ids
                and move.product_uom == move.product_id.uom_id
            )
        )

    def _aftersales_reserve_together(self):
        """Reserve first in, first out what is free, with one search, one insert and one update.

        :return: the moves dealt with; those with unusual stock (owners, packages, below zero) are left to Odoo.
        :rtype: recordset of stock.move
        """
        done = self.browse()
        vals_list, states = [], defaultdict(self.browse)
        taken = {}
        for place, moves in self.grouped('location_id').items():
            self._aftersales_lock_shelf(moves.product_id, place)
            quants = (
                self.env['stock.quant']
                .sudo()
                .search(
                    [('product_id', 'in', moves.product_id.ids), ('location_id', 'child_of', place.id)],
                    order='in_date, id',
                )
                .grouped('product_id')
            )
            for move in moves:
                mine = quants.get(move.product_id, self.env['stock.quant'])
                if len(mine) != len(mine.location_id) or any(
                    quant.owner_id or quant.package_id or quant.lot_id or quant.quantity < 0 for quant in mine
                ):
                    continue
                done |= move
                uom, need = move.product_id.uom_id, move.product_uom_qty
                for quant in mine:
                    take = min(need, quant.quantity - quant.reserved_quantity - taken.get(quant, 0.0))
                    if uom.compare(take, 0.0) > 0:
                        vals_list.append(move._prepare_move_line_vals(quantity=take, reserved_quant=quant))
                        taken[quant] = taken.get(quant, 0.0) + take
                        need -= take
                if uom.compare(need, move.product_uom_qty) < 0:
                    states['assigned' if uom.compare(need, 0.0) <= 0 else 'partially_available'] |= move
        reserved = {(quant.product_id.id, quant.location_id.id): quant for quant in taken}
        opened(self.env['stock.move.line']).with_context(aftersales_reserved=reserved, preserve_state=True).create(
            vals_list
        )
        for state, moves in states.items():
            moves.write({'state': state})
        return done
