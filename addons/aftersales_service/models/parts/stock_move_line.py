from odoo import api, models

from .guard import is_open

FACTS = {
    'quantity',
    'product_id',
    'product_uom_id',
    'location_id',
    'location_dest_id',
    'lot_id',
    'lot_name',
    'owner_id',
    'package_id',
    'result_package_id',
    'quant_id',
    'move_id',
    'picking_id',
    'picked',
    'state',
}


class StockMoveLine(models.Model):
    _inherit = 'stock.move.line'

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self):
            moves = self.env['stock.move'].browse([vals['move_id'] for vals in vals_list if vals.get('move_id')])
            pickings = self.env['stock.picking'].browse(
                [vals['picking_id'] for vals in vals_list if vals.get('picking_id')]
            )
            done = pickings.filtered(lambda picking: picking.state == 'done' and picking.aftersales_kind)
            (moves | done.move_ids)._aftersales_refuse_done_edit()
        return super().create(vals_list)

    def write(self, vals):
        if FACTS & vals.keys() and not is_open(self):
            self.move_id._aftersales_refuse_done_edit()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_aftersales_done(self):
        if not is_open(self):
            self.move_id._aftersales_refuse_done_edit()
