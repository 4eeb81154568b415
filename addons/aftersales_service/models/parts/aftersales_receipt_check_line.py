from odoo import api, fields, models
from odoo.fields import Command

from ..base.errors import coded_error
from ..catalogue.product_template import GRADES

QUALITY = [
    ('ok', "In Order"),
    ('damaged', "Damaged"),
    ('wrong', "Wrong Part"),
    ('doubtful', "Origin Doubtful"),
    ('expired', "Out of Date"),
]


class AftersalesReceiptCheckLine(models.Model):
    """One part of a delivery: ordered, counted, in what condition."""

    _name = 'aftersales.receipt.check.line'
    _description = "Acceptance of Goods: Part"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'check_id, id'
    _rec_name = 'product_id'
    _check_company_auto = True
    _guarded_fields = frozenset({'check_id', 'move_id', 'product_id', 'product_uom_id', 'expected_qty'})

    check_id = fields.Many2one(
        'aftersales.receipt.check', "Acceptance", required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='check_id.company_id', store=True, index=True, precompute=True)
    state = fields.Selection(related='check_id.state')
    move_id = fields.Many2one(
        'stock.move', "Stock Move", required=True, index=True, ondelete='cascade', check_company=True
    )
    product_id = fields.Many2one('product.product', "Part", required=True, readonly=True, check_company=True)
    product_uom_id = fields.Many2one('uom.uom', "Unit", required=True, readonly=True)
    expected_qty = fields.Float("Ordered", digits='Product Unit', readonly=True)
    counted_qty = fields.Float("Counted", digits='Product Unit', help="What really lies there, good and bad.")
    doubtful_qty = fields.Float(
        "To Hold", digits='Product Unit', help="Of what was counted: damaged, wrong or doubtful. It goes to Hold."
    )
    difference_qty = fields.Float(
        "Difference", digits='Product Unit', compute='_compute_difference', store=True, help="Counted − ordered."
    )
    is_different = fields.Boolean("Differs", compute='_compute_difference', store=True)
    quality = fields.Selection(QUALITY, default='ok', required=True)
    grade = fields.Selection(GRADES, help="The grade that really came; kept on the lot with the vendor.")
    lot_names = fields.Char("Numbers", help="Lot or serial numbers, separated by commas.")
    note = fields.Char()

    _counted_positive = models.Constraint(
        'CHECK(counted_qty >= 0 AND doubtful_qty >= 0 AND doubtful_qty <= counted_qty)',
        "What goes to Hold is part of what was counted, and neither is below zero.",
    )

    # === COMPUTE METHODS === #

    @api.depends('expected_qty', 'counted_qty', 'doubtful_qty', 'quality')
    def _compute_difference(self):
        for line in self:
            line.difference_qty = line.counted_qty - line.expected_qty
            uom = line.product_uom_id
            line.is_different = bool(
                uom and (not uom.is_zero(line.difference_qty) or not uom.is_zero(line.doubtful_qty))
            ) or line.quality != 'ok'

    @api.onchange('quality')
    def _onchange_quality(self):
        if self.quality != 'ok' and not self.doubtful_qty:
            self.doubtful_qty = self.counted_qty
        elif self.quality == 'ok':
            self.doubtful_qty = 0.0

    # === CRUD METHODS === #

    def write(self, vals):
        for line in self:
            if line.state != 'draft' and not self._is_guarded():
                raise coded_error(
                    'PAR-67',
                    self.env._(
                        "%(receipt)s was accepted or received already.", receipt=line.check_id.picking_id.name
                    ),
                )
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _put_down(self):
        """Bring what was counted onto the receipt: good ones to their place, doubtful ones to Hold."""
        for line in self:
            move = line.move_id
            uom = line.product_uom_id
            hold = move.picking_type_id.warehouse_id.aftersales_hold_location_id
            good = line.counted_qty - line.doubtful_qty
            move.move_line_ids.unlink()
            if uom.is_zero(line.counted_qty):
                continue
            place = move.location_dest_id._get_putaway_strategy(move.product_id, good)
            names = line._split_lot_names()
            pieces = [(good, place), (line.doubtful_qty, hold)]
            values = []
            for quantity, target in pieces:
                if uom.is_zero(quantity):
                    continue
                if move.product_id.tracking == 'serial':
                    values += [(1.0, target, names.pop(0)) for _piece in range(round(quantity))]
                else:
                    values.append((quantity, target, names[0] if names else False))
            move.move_line_ids = [
                Command.create(
                    {
                        'picking_id': move.picking_id.id,
                        'company_id': move.company_id.id,
                        'product_id': move.product_id.id,
                        'product_uom_id': uom.id,
                        'location_id': move.location_id.id,
                        'location_dest_id': target.id,
                        'quantity': quantity,
                        'lot_name': name,
                        'picked': True,
                    }
                )
                for quantity, target, name in values
            ]

    def _split_lot_names(self):
        """Return the lot or serial numbers typed in.

        :raise UserError: PAR-68 not one number for each piece, or none for the lot
        """
        self.ensure_one()
        names = [name.strip() for name in (self.lot_names or '').replace('，', ',').replace('\n', ',').split(',')]
        names = [name for name in names if name]
        tracking = self.product_id.tracking
        if tracking == 'none' or self.move_id.picking_type_id.use_create_lots is False:
            return []
        wanted = round(self.counted_qty) if tracking == 'serial' else 1
        if len(names) != wanted or len(set(names)) != wanted:
            raise coded_error(
                'PAR-68',
                self.env._(
                    "%(part)s carries numbers: enter %(count)s different ones, separated by commas.",
                    part=self.product_id.display_name,
                    count=wanted,
                ),
            )
        return names
