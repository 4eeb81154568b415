from collections import defaultdict

from odoo import Command, models

from ..base.const import MACHINE_MADE
from ..parts.guard import opened


class AftersalesOldPart(models.Model):
    """The goods behind the tags: Odoo's own stock moves, with owner and without value."""

    _inherit = 'aftersales.old.part'

    def _move_goods_sudo(self, dest, source=None):
        """Move parts to a place with Odoo's own moves, one for all pieces that are alike.

        sudo: the role was checked by the verb; technicians and clerks have no rights on stock.

        :param dest: stock.location, or one of `car`, `recipient`, `scrap`, `loss`.
        :param str source: one of these too, where the parts are not where their record says.
        :return: `{part: stock.move}`, without the parts that are not kept in stock.
        :rtype: dict
        """
        groups = defaultdict(self.browse)
        for part in self.sudo():
            if part._is_stocked():
                start = not source and part.location_id or part._virtual_place_sudo(source or part._away())
                target = part._virtual_place_sudo(dest) if isinstance(dest, str) else dest
                groups[part.company_id, part.product_id, part.lot_id, part.owner_id, start, target] |= part
        Move, by_part = self.env['stock.move'].sudo(), {}
        for company in {key[0] for key in groups}:
            keys = [key for key in groups if key[0] == company]
            moves = opened(Move.with_company(company)).with_context(**MACHINE_MADE).create(
                [self._prepare_stock_move_vals(groups[key], key) for key in keys])
            moves._action_done()
            for key, move in zip(keys, moves, strict=True):
                by_part |= dict.fromkeys(groups[key], Move.browse(move.id))
        return by_part

    def _prepare_stock_move_vals(self, parts, key):
        """Return the values of one move of parts that are alike; quantities in the product's unit."""
        company, product, lot, owner, source, target = key
        quantity = sum(
            part.product_uom_id._compute_quantity(part.quantity, product.uom_id, rounding_method='HALF-UP') for part in parts
        )
        common = {
            'product_id': product.id, 'company_id': company.id, 'location_id': source.id, 'location_dest_id': target.id,
            'picked': True,
        }
        names = parts.mapped('name')
        return {
            **common,
            'product_uom': product.uom_id.id,
            'product_uom_qty': quantity,
            'restrict_partner_id': owner.id,
            'origin': parts.order_id.name if len(parts.order_id) == 1 else False,
            'aftersales_old_part_ref': ", ".join(names[:5]) + (" …" if len(names) > 5 else ""),
            'move_line_ids': [Command.create({
                **common, 'product_uom_id': product.uom_id.id, 'quantity': quantity, 'owner_id': owner.id, 'lot_id': lot.id,
            })],
        }

    def _away(self):
        """Tell where a part is that does not lie on our shelf: see `_virtual_place_sudo`."""
        return {'missing': 'loss', 'shipped': 'recipient', 'accepted': 'recipient', 'rejected': 'recipient'}.get(self.state, 'car')

    def _virtual_place_sudo(self, role):
        """Return Odoo's place for what is not on our shelf.

        :param str role: car (customers), recipient (manufacturers, insurers), scrap, loss.
        :rtype: recordset of stock.location
        """
        self.ensure_one()
        if role == 'loss':
            return self.product_id.with_company(self.company_id).property_stock_inventory.sudo()
        if role == 'scrap':
            # As Odoo's own scrap chooses it.
            return self.env['stock.location'].sudo().search(
                [('company_id', '=', self.company_id.id), ('usage', '=', 'inventory')], order='id', limit=1)
        return self.env.ref(f"stock.stock_location_{'customers' if role == 'car' else 'suppliers'}").sudo()
