from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..base.errors import coded_error
from .old_part_const import IN_STOCK


class AftersalesStockCount(models.Model):
    """Old parts are counted by their tags: each tag is there or not; what lies there without one is a line of its own."""

    _inherit = 'aftersales.stock.count'

    # === SCOPE === #

    def _frozen_vals_sudo(self):
        vals_list = super()._frozen_vals_sudo()
        if self.scope != 'old_parts':
            return vals_list
        parts = self.env['aftersales.old.part'].sudo().search([
            ('company_id', '=', self.company_id.id), ('location_id', 'in', self._scope_locations().ids), ('state', 'in', IN_STOCK),
        ], order='location_id, name')
        tagged = defaultdict(float)
        for part in parts:
            tagged[self._tag_key(part)] += part._stock_qty()
        rest = []
        for vals in vals_list:
            quantity = vals['frozen_qty'] - tagged[tuple(vals[name] or False for name in ('product_id', 'location_id', 'lot_id', 'owner_id'))]
            if not self.env['uom.uom'].browse(vals['product_uom_id']).is_zero(quantity):
                rest.append({**vals, 'frozen_qty': quantity, 'book_at_count_qty': quantity})
        lines = [self._tag_line_vals(part, part._stock_qty()) for part in parts] + rest
        return [{**vals, 'count_id': self.id, 'sequence': number} for number, vals in enumerate(lines, 1)]

    @staticmethod
    def _tag_key(part):
        return (part.product_id.id, part.location_id.id, part.lot_id.id, part.owner_id.id)

    def _tag_line_vals(self, part, book, location=None):
        return {
            'old_part_id': part.id, 'product_id': part.product_id.id, 'name': part.display_name,
            'location_id': (location or part.location_id).id, 'lot_id': part.lot_id.id, 'owner_id': part.owner_id.id,
            'package_id': False, 'product_uom_id': part.product_id.uom_id.id or part.product_uom_id.id,
            'frozen_qty': book, 'book_at_count_qty': book, 'unit_cost': 0.0,
        }

    # === BOOK === #

    def _book_at_sudo(self, lines, at=None):
        found = super()._book_at_sudo(lines, at)
        mine = lines.sudo().filtered(lambda line: line.count_id.scope == 'old_parts')
        if not mine:
            return found
        where = self._tags_at_sudo(mine, at)
        loose = defaultdict(float)
        for part, place in where.items():
            loose[part.product_id.id, place, part.lot_id.id, part.owner_id.id] += part._stock_qty()
        for line in mine:
            if part := line.old_part_id:
                found[line] = part._stock_qty() if where.get(part) == line.location_id.id else 0.0
            else:
                found[line] -= loose[line.product_id.id, line.location_id.id, line.lot_id.id, line.owner_id.id]
        return found

    def _tags_at_sudo(self, lines, at=None):
        """Return where the tags of these lines' parts were at a moment, from their history; sudo: see the caller.

        :param datetime at: UTC; now unless given.
        :rtype: dict  {old part: stock.location id}, those on a shelf only
        """
        domain = Domain('old_part_id.product_id', 'in', lines.product_id.ids) | Domain('old_part_id', 'in', lines.old_part_id.ids)
        if at:
            domain &= Domain('at', '<=', at)
        moves = self.env['aftersales.old.part.move'].sudo().search_fetch(
            domain, ['old_part_id', 'location_dest_id', 'state'], order='id')
        last = {move.old_part_id: move for move in moves}
        return {part: move.location_dest_id.id for part, move in last.items() if move.state in IN_STOCK}

    # === FOUND === #

    def _add_found_old_part(self, part, location):
        """Add a tag that lies where the count did not expect it: it was missing, sent, or on another shelf.

        :return: the aftersales.stock.count.line, counted
        :raise UserError: CNT-44 not a shelf of this count, WAR-63 its life is over or it was never stored
        """
        self.ensure_one()
        self._ensure_role('parts_keeper', self.env._("Stock is counted by the parts room."))
        self._lock(('counting',), 'SHARE')
        if self.scope != 'old_parts' or location not in self._scope_locations() or part.company_id != self.company_id:
            raise coded_error('CNT-44', self.env._(
                "%(place)s is not part of %(count)s, or what lies there belongs to somebody: register it first, then count.",
                place=location.display_name or "-", count=self.name))
        part._ensure_state(('missing', *IN_STOCK), self.env._("counted here"))
        Line = self.env['aftersales.stock.count.line']
        line = self.line_ids.filtered(lambda line: line.old_part_id == part and line.location_id == location)
        if not line:
            # sudo: a keeper adds lines only through here.
            line = Line.sudo()._guarded().create({
                **self._tag_line_vals(part.sudo(), 0.0, location), 'count_id': self.id, 'is_found': True,
                'sequence': max(self.line_ids.mapped('sequence'), default=0) + 1,
            })
            line = line.sudo(self.env.su)._unguarded()
        Line._record({line: part._stock_qty()})
        return line

    # === ADJUSTING === #

    def _adjust(self, lines):
        """Tags that were not there are missing from now on, tags found elsewhere lie where they were found."""
        tagged = lines.filtered('old_part_id')
        rest = lines - tagged
        result = super()._adjust(rest) if rest else None
        found = tagged.filtered(lambda line: line.difference_qty > 0)
        for line in found:
            part = line.old_part_id
            if part.state == 'missing':
                part._find_sudo(line.location_id, count=self)
            elif part.state in IN_STOCK and part.location_id != line.location_id:
                moves = part._move_goods_sudo(line.location_id)
                part._post_sudo('move', dest=line.location_id, count=self, stock_moves=moves)
        missing = tagged.filtered(
            lambda line: line.difference_qty < 0 and line.old_part_id not in found.old_part_id
            and line.old_part_id.state in IN_STOCK and line.old_part_id.location_id == line.location_id)
        if missing:
            missing.old_part_id._miss_sudo(self)
        return result
