from odoo import api, fields, models


class AftersalesPartRequest(models.Model):
    """Somebody asked the parts room for one part; keeps what was free at that second, so that nobody argues later."""

    _name = 'aftersales.part.request'
    _description = "Part Request"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'urgent desc, promised_at, id'
    _rec_name = 'product_id'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {
            'order_id',
            'line_id',
            'product_id',
            'asked_qty',
            'free_qty',
            'filled_at_once',
            'requested_by_id',
            'requested_at',
            'company_id',
            'state',
        }
    )

    # What was asked
    order_id = fields.Many2one(
        'aftersales.repair.order', "Repair Order", required=True, index=True, ondelete='cascade', check_company=True
    )
    line_id = fields.Many2one(
        'aftersales.repair.line',
        "Repair Line",
        index='btree_not_null',
        ondelete='set null',
        check_company=True,
        help="Empty while the advisor has not put the part on the order yet: it needs the customer's consent.",
    )
    company_id = fields.Many2one('res.company', required=True, index=True)
    product_id = fields.Many2one(
        'product.product', "Part", required=True, index=True, ondelete='restrict', check_company=True
    )
    asked_qty = fields.Float("Asked", digits='Product Unit', required=True)
    product_uom_id = fields.Many2one('uom.uom', "Unit", required=True)
    urgent = fields.Boolean(help="Goes first in the parts room and on the purchase.")
    note = fields.Char()

    # What was there at that second (first fill rate)
    free_qty = fields.Float("Free Then", digits='Product Unit', help="Free in the warehouse at the second of asking.")
    filled_at_once = fields.Boolean("Filled at Once", help="Everything asked for was free at the second of asking.")
    miss_reason_id = fields.Many2one('aftersales.reason', "Why Missing", domain="[('kind', '=', 'miss')]")

    # Who and when
    requested_by_id = fields.Many2one('hr.employee', "Requested By", check_company=True)
    requested_at = fields.Datetime("Requested At", required=True, default=fields.Datetime.now)

    # What became of it
    move_ids = fields.One2many('stock.move', 'aftersales_request_id', "Moves")
    state = fields.Selection(
        [
            ('asked', "To Be Quoted"),
            ('missing', "Missing"),
            ('reserved', "Reserved"),
            ('issued', "Issued"),
            ('cancelled', "Cancelled"),
        ],
        compute='_compute_state',
        store=True,
        index=True,
        compute_sudo=True,
    )
    promised_at = fields.Datetime(related='order_id.promised_at', string="Promised", store=True, precompute=True)
    license_plate = fields.Char(related='order_id.license_plate', string="Plate")

    _asked_positive = models.Constraint('CHECK(asked_qty > 0)', "The quantity asked for must be above zero.")

    # === COMPUTE METHODS === #

    @api.depends('line_id', 'move_ids.state', 'move_ids.aftersales_kind')
    def _compute_state(self):
        for request in self:
            moves = request.move_ids.filtered(lambda move: move.aftersales_kind == 'issue')
            states = set(moves.mapped('state'))
            if not states:
                request.state = 'asked' if not request.line_id else 'cancelled'
            elif states == {'cancel'}:
                request.state = 'cancelled'
            elif states <= {'cancel', 'done'}:
                request.state = 'issued'
            elif states <= {'cancel', 'done', 'assigned'}:
                request.state = 'reserved'
            else:
                request.state = 'missing'

    # === BUSINESS METHODS === #

    def _create_moves(self, warehouse, urgent):
        """Put the requests into the open issue of their order, or a new one, and reserve what is there.

        Works for many orders at once; called in the superuser environment of `_request_parts_sudo`.
        """
        issue_type = warehouse.aftersales_issue_type_id
        orders = self.order_id
        pickings = self.env['stock.picking']._aftersales_open_issue(orders, warehouse)
        if urgent:
            pickings.filtered(lambda picking: picking.priority != '1').priority = '1'
        by_order = {picking.aftersales_order_id: picking for picking in pickings}
        moves = self.env['stock.move'].create(
            [
                {
                    'product_id': request.product_id.id,
                    'product_uom': request.product_uom_id.id,
                    'product_uom_qty': request.asked_qty,
                    'picking_id': by_order[request.order_id].id,
                    'picking_type_id': issue_type.id,
                    'location_id': issue_type.default_location_src_id.id,
                    'location_dest_id': issue_type.default_location_dest_id.id,
                    'company_id': warehouse.company_id.id,
                    'warehouse_id': warehouse.id,
                    'origin': request.order_id.name,
                    'partner_id': request.order_id.partner_id.id,
                    'aftersales_order_id': request.order_id.id,
                    'aftersales_line_id': request.line_id.id,
                    'aftersales_request_id': request.id,
                }
                for request in self
            ]
        )
        # No merge: two lines with the same part are two moves, and there is nothing else to merge with.
        # The reservation writes the states of all moves at its end; once more per line would cost three queries a part.
        shelf = self.env['stock.quant']._aftersales_shelf_context(moves.product_id, issue_type.default_location_src_id)
        moves.with_context(preserve_state=True, **shelf)._action_confirm(merge=False)
        moves.filtered(lambda move: move.state in ('confirmed', 'partially_available'))._trigger_scheduler()

    # === ACTIONS === #

    def action_view_order(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'aftersales.repair.order',
            'view_mode': 'form',
            'res_id': self.order_id.id,
        }
