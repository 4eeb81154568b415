from odoo import api, fields, models

from ..base.errors import coded_error
from .guard import QUIET


class StockQuant(models.Model):
    """Damaged and doubtful goods apart: to Hold, and out of it by a decision (R-PART-24)."""

    _inherit = 'stock.quant'

    def action_aftersales_decide(self):
        """Open the decision on goods in Hold, or set goods on the shelf aside."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Damaged or Doubtful Goods"),
            'res_model': 'aftersales.hold.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_quant_id': self.id},
        }

    @api.model
    def _aftersales_hold_domain(self):
        return [('location_id.aftersales_role', '=', 'hold'), ('quantity', '>', 0)]

    # === BUSINESS METHODS === #

    def _aftersales_ensure_on_hold(self, quantity, on_hold):
        """Check place and quantity before goods are set aside or decided on.

        :raise UserError: PAR-17, PAR-77 not there, or not that many
        """
        self.ensure_one()
        self.env['stock.picking']._aftersales_ensure_keeper()
        held = self.location_id.aftersales_role == 'hold'
        free = self.quantity - self.reserved_quantity
        if held != on_hold or quantity <= 0 or self.product_uom_id.compare(quantity, free) > 0:
            raise coded_error(
                'PAR-77',
                self.env._(
                    "%(free)s %(unit)s of %(part)s are free in %(place)s: choose up to that many.",
                    free=free,
                    unit=self.product_uom_id.name,
                    part=self.product_id.display_name,
                    place=self.location_id.display_name,
                ),
            )

    def _aftersales_set_aside(self, quantity, note):
        """Move goods from the shelf to Hold; they are offered to no order any more.

        :param str note: what is wrong with them.
        :rtype: recordset of stock.picking, done
        """
        self._aftersales_ensure_on_hold(quantity, on_hold=False)
        return self._aftersales_carry(self.location_id.warehouse_id.aftersales_hold_location_id, quantity, note)

    def _aftersales_back_to_shelf(self, quantity, note):
        """The goods are in order after all: back to the shelf, orders that wait get them.

        :rtype: recordset of stock.picking, done
        """
        self._aftersales_ensure_on_hold(quantity, on_hold=True)
        shelf = self.location_id.warehouse_id.lot_stock_id._get_putaway_strategy(self.product_id, quantity)
        return self._aftersales_carry(shelf, quantity, note)

    def _aftersales_carry(self, target, quantity, note):
        """Move goods inside the warehouse and say why on the transfer."""
        warehouse = self.location_id.warehouse_id
        picking = (
            self.env['stock.picking']
            .with_company(self.company_id)
            .with_context(**QUIET)
            .create(
                {
                    'picking_type_id': warehouse.int_type_id.id,
                    'location_id': self.location_id.id,
                    'location_dest_id': target.id,
                    'company_id': self.company_id.id,
                    'origin': note,
                    'move_ids': [fields.Command.create(self._aftersales_move_vals(target, quantity))],
                }
            )
        )
        picking.action_confirm()
        self._aftersales_fill(picking.move_ids, quantity)
        picking.with_context(cancel_backorder=False)._action_done()
        return picking

    def _aftersales_move_vals(self, target, quantity):
        return {
            'product_id': self.product_id.id,
            'product_uom': self.product_uom_id.id,
            'product_uom_qty': quantity,
            'location_id': self.location_id.id,
            'location_dest_id': target.id,
            'company_id': self.company_id.id,
        }

    def _aftersales_fill(self, move, quantity):
        """Take exactly these pieces: this place, number and owner."""
        move._do_unreserve()
        move.move_line_ids.unlink()
        self.env['stock.move.line'].create(
            {
                'move_id': move.id,
                'picking_id': move.picking_id.id,
                'company_id': move.company_id.id,
                'product_id': self.product_id.id,
                'product_uom_id': self.product_uom_id.id,
                'lot_id': self.lot_id.id,
                'owner_id': self.owner_id.id,
                'package_id': self.package_id.id,
                'location_id': self.location_id.id,
                'location_dest_id': move.location_dest_id.id,
                'quantity': quantity,
                'picked': True,
            }
        )

    def _aftersales_back_to_vendor(self, quantity, note):
        """Return goods in Hold to the vendor they came from, as Odoo's return of the newest receipt that covers them.

        :rtype: recordset of stock.picking, done
        :raise UserError: PAR-78 no receipt they could have come from
        """
        self._aftersales_ensure_on_hold(quantity, on_hold=True)
        move = self._aftersales_receipt_move(quantity)
        if not move:
            raise coded_error(
                'PAR-78',
                self.env._(
                    "No receipt covers %(quantity)s of %(part)s. Return them from the vendor's receipt, or scrap them.",
                    quantity=quantity,
                    part=self.product_id.display_name,
                ),
            )
        wizard = (
            self.env['stock.return.picking']
            .with_context(**QUIET)
            .create(
                {
                    'picking_id': move.picking_id.id,
                    'product_return_moves': [
                        fields.Command.clear(),
                        fields.Command.create(
                            {'product_id': self.product_id.id, 'quantity': quantity, 'move_id': move.id}
                        ),
                    ],
                }
            )
        )
        back = wizard._create_return()
        back.origin = ' · '.join(filter(None, (back.origin, note)))
        back.location_id = self.location_id
        back.move_ids.location_id = self.location_id
        self._aftersales_fill(back.move_ids, quantity)
        back.with_context(cancel_backorder=False)._action_done()
        return back

    def _aftersales_receipt_move(self, quantity):
        """Return the newest receipt from a vendor of which at least this quantity has not gone back yet."""
        for move in self.env['stock.move'].search(
            [
                ('product_id', '=', self.product_id.id),
                ('company_id', '=', self.company_id.id),
                ('state', '=', 'done'),
                ('location_id.usage', '=', 'supplier'),
                ('picking_id', '!=', False),
            ],
            order='date desc, id desc',
            limit=20,
        ):
            gone = sum(back._aftersales_qty() for back in move.returned_move_ids if back.state != 'cancel')
            lots = move.move_line_ids.lot_id
            if self.product_uom_id.compare(move._aftersales_qty() - gone, quantity) >= 0 and (
                not self.lot_id or self.lot_id in lots
            ):
                return move
        return self.env['stock.move']

    def _aftersales_scrap(self, quantity, tags, note):
        """Scrap goods in Hold with a reason.

        :param tags: stock.scrap.reason.tag
        :rtype: recordset of stock.scrap, done
        """
        self._aftersales_ensure_on_hold(quantity, on_hold=True)
        scrap = self.env['stock.scrap'].create(
            {
                'product_id': self.product_id.id,
                'product_uom_id': self.product_uom_id.id,
                'scrap_qty': quantity,
                'lot_id': self.lot_id.id,
                'owner_id': self.owner_id.id,
                'package_id': self.package_id.id,
                'location_id': self.location_id.id,
                'company_id': self.company_id.id,
                'scrap_reason_tag_ids': [fields.Command.set(tags.ids)],
                'origin': note,
            }
        )
        scrap.do_scrap()
        return scrap
