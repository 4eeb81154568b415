from collections import defaultdict

from odoo import api, fields, models

from ..base.errors import coded_error
from ..parts.guard import is_open
from .old_part_const import IN_STOCK


class StockMove(models.Model):
    """Goods reach the Old-parts place with a tag only, and tagged goods leave it by the verbs of their tag only."""

    _inherit = 'stock.move'

    aftersales_old_part_ref = fields.Char("Old-Part Tags", readonly=True, copy=False)

    @api.depends('aftersales_old_part_ref')
    def _compute_reference(self):
        result = super()._compute_reference()
        for move in self.filtered('aftersales_old_part_ref'):
            move.reference = move.aftersales_old_part_ref
        return result

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self) and any(vals.get('aftersales_old_part_ref') for vals in vals_list):
            raise self._old_part_error()
        return super().create(vals_list)

    def write(self, vals):
        if 'aftersales_old_part_ref' in vals and not is_open(self):
            raise self._old_part_error()
        return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        if is_open(self):
            return super()._action_done(cancel_backorder=cancel_backorder)
        lines = self.move_line_ids.filtered(
            lambda line: line.picked and 'old_parts' in (line.location_id.aftersales_role, line.location_dest_id.aftersales_role))
        keys = set()
        for line in lines:
            owner = line.owner_id or line.move_id.restrict_partner_id or line.picking_id.owner_id
            if line.location_dest_id.aftersales_role == 'old_parts' and owner and owner != line.company_id.partner_id:
                # Without an owner PAR-62 tells first what is wrong.
                raise self._old_part_error()
            keys.add((line.product_id.id, line.location_id.id, line.owner_id.id, line.lot_id.id))
        done = super()._action_done(cancel_backorder=cancel_backorder)
        if keys:
            self._check_tags_left_sudo(keys)
        return done

    def _check_tags_left_sudo(self, keys):
        """What left the Old-parts place by hand was untagged (goods from before the tags); sudo: only sums are compared.

        :raise UserError: WAR-75
        """
        self.env.flush_all()
        there = [('product_id', 'in', [key[0] for key in keys]), ('location_id', 'in', [key[1] for key in keys])]
        names = ['product_id', 'location_id', 'owner_id', 'lot_id']
        left = defaultdict(float)
        for *key, quantity in self.env['stock.quant'].sudo()._read_group(there, names, ['quantity:sum']):
            left[tuple(record.id for record in key)] += quantity
        for part in self.env['aftersales.old.part'].sudo().search([*there, ('state', 'in', IN_STOCK)]):
            left[part.product_id.id, part.location_id.id, part.owner_id.id, part.lot_id.id] -= part._stock_qty()
        if any(left[key] < -0.0001 for key in keys):
            raise self._old_part_error()

    def _old_part_error(self):
        return coded_error('WAR-75', self.env._(
            "Old parts are moved by their tags only. Scan the tag at the old-parts desk and choose what happens to the part."))
