from odoo import models

from ..base.errors import coded_error


class StockReturnPicking(models.TransientModel):
    _inherit = 'stock.return.picking'

    def _create_return(self):
        for wizard in self.filtered(lambda wizard: wizard.picking_id.aftersales_kind):
            wizard._aftersales_check_quantities()
        return super()._create_return()

    def action_create_exchanges(self):
        if self.picking_id.aftersales_kind:
            raise coded_error(
                'PAR-21',
                self.env._(
                    "Parts of a repair order are not exchanged by the transfer. Take them back and "
                    "request the other part from the order.",
                ),
            )
        return super().action_create_exchanges()

    def _aftersales_check_quantities(self):
        """Refuse what the wizard itself would accept: returning a return, or more than is still out there.

        :raise UserError: PAR-14, PAR-15
        """
        self.ensure_one()
        if self.picking_id.aftersales_kind == 'return' or self.picking_id.location_id.usage == 'production':
            raise coded_error(
                'PAR-14',
                self.env._(
                    "%(transfer)s is a return. To use the parts after all, request them again from the order.",
                    transfer=self.picking_id.name,
                ),
            )
        for line in self.product_return_moves:
            move = line.move_id
            if line.uom_id.is_zero(line.quantity):
                continue
            if not move:
                raise coded_error(
                    'PAR-14',
                    self.env._(
                        "%(product)s comes from no issue. Use “Take back” on the order line or on the issue.",
                        product=line.product_id.display_name,
                    ),
                )
            announced = sum(
                back.product_uom._compute_quantity(
                    back.product_uom_qty if back.state != 'done' else back.quantity, move.product_uom
                )
                for back in move.returned_move_ids
                if back.state != 'cancel'
            )
            if line.quantity < 0 or move.product_uom.compare(line.quantity + announced, move.quantity) > 0:
                raise coded_error(
                    'PAR-15',
                    self.env._(
                        "%(order)s got %(issued)s %(unit)s of %(product)s with %(transfer)s, of "
                        "which %(gone)s are back or announced; "
                        "%(back)s cannot come back.",
                        order=self.picking_id.aftersales_order_id.name,
                        issued=move.quantity,
                        unit=move.product_uom.name,
                        product=move.product_id.display_name,
                        transfer=self.picking_id.name,
                        gone=announced,
                        back=line.quantity,
                    ),
                )
