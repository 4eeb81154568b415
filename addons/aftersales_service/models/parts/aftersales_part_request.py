from odoo import api, fields, models

from ..base.board import states_in_order
from ..base.errors import coded_error


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
            'filled_qty',
            'filled_at_once',
            'is_stocked',
            'dismissed_at',
            'arrived_at',
            'requested_by_id',
            'asked_at',
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
    filled_qty = fields.Float(
        "Filled Then", digits='Product Unit', help="How much of what was asked for was free at the second of asking."
    )
    is_stocked = fields.Boolean(
        "Kept in Stock Then",
        help="The part had a reordering rule or lay on the shelf when it was asked for. "
        "A miss of a part nobody keeps is demand all the same.",
    )
    filled_at_once = fields.Boolean("Filled at Once", help="Everything asked for was free at the second of asking.")
    miss_reason_id = fields.Many2one(
        'aftersales.reason',
        "Why Missing",
        domain="[('kind', '=', 'miss')]",
        help="Proposed from what is known at the second of asking; the keeper corrects it.",
    )

    # Who and when
    requested_by_id = fields.Many2one('hr.employee', "Requested By", check_company=True)
    asked_at = fields.Datetime("Asked At", required=True, default=fields.Datetime.now)

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
        group_expand=states_in_order,
    )
    promised_at = fields.Datetime(related='order_id.promised_at', string="Promised", store=True, precompute=True)
    is_subdealer = fields.Boolean(related='order_id.is_subdealer', string="Sub-Dealer", store=True, precompute=True)
    license_plate = fields.Char(related='order_id.license_plate', string="Plate")
    dismissed_at = fields.Datetime("Dismissed At", copy=False, help="Asked for, but the customer did not want it.")
    # Ordered for this order (special order), and how long it has been lying here since
    purchase_line_ids = fields.One2many(
        'purchase.order.line', 'aftersales_request_id', "Purchases", groups='purchase.group_purchase_user'
    )
    is_special = fields.Boolean(
        "Special Order",
        compute='_compute_is_special',
        store=True,
        compute_sudo=True,
        help="Purchased for this order; what the customer does not collect becomes dead stock.",
    )
    eta = fields.Datetime("Expected At", compute='_compute_eta', help="When the purchase is expected.")
    arrived_at = fields.Datetime("Arrived At", copy=False, index='btree_not_null')
    waiting_days = fields.Integer(
        "Days Since Arrival", compute='_compute_waiting_days', help="Arrived and neither issued nor given back since."
    )
    lost_sale_ids = fields.One2many('aftersales.lost.sale', 'request_id', "Lost Sales")

    _asked_positive = models.Constraint('CHECK(asked_qty > 0)', "The quantity asked for must be above zero.")

    # === COMPUTE METHODS === #

    @api.depends('line_id', 'dismissed_at', 'move_ids.state', 'move_ids.aftersales_kind')
    def _compute_state(self):
        for request in self:
            moves = request.move_ids.filtered(lambda move: move.aftersales_kind == 'issue')
            states = set(moves.mapped('state'))
            if not states:
                request.state = 'cancelled' if request.line_id or request.dismissed_at else 'asked'
            elif states == {'cancel'}:
                request.state = 'cancelled'
            elif states <= {'cancel', 'done'}:
                request.state = 'issued'
            elif states <= {'cancel', 'done', 'assigned'}:
                request.state = 'reserved'
            else:
                request.state = 'missing'

    @api.depends('purchase_line_ids.state')
    def _compute_is_special(self):
        for request in self:
            request.is_special = any(line.state != 'cancel' for line in request.purchase_line_ids)

    @api.depends('product_id', 'state')
    def _compute_eta(self):
        """The purchase made for the request, else whatever of the part is on its way to the warehouse."""
        missing = self.filtered(lambda request: request.state in ('asked', 'missing'))
        (self - missing).eta = False
        # sudo: a date for people who read no purchases.
        planned = dict(
            self.env['purchase.order.line']
            .sudo()
            ._read_group(
                [('aftersales_request_id', 'in', missing.ids), ('state', '=', 'purchase')],
                ['aftersales_request_id'],
                ['date_planned:min'],
            )
        )
        planned = {request.id: date for request, date in planned.items()}
        for warehouse, requests in missing.grouped(lambda request: request.sudo().order_id.warehouse_id).items():
            known = requests.product_id._aftersales_availability_sudo(warehouse)
            for request in requests:
                request.eta = planned.get(request.id) or known[request.product_id]['eta']

    @api.depends('arrived_at', 'state')
    def _compute_waiting_days(self):
        now = fields.Datetime.now()
        for request in self:
            waits = request.arrived_at and request.state == 'reserved'
            request.waiting_days = (now - request.arrived_at).days if waits else 0

    # === BUSINESS METHODS === #

    def _arrive(self):
        """Note that what was missing is here and tell the advisors; called as superuser when goods come in."""
        late = self.filtered(lambda request: not request.filled_at_once and not request.arrived_at)
        late._guarded().write({'arrived_at': fields.Datetime.now()})
        for order, requests in late.grouped('order_id').items():
            order._parts_arrived(requests)

    @api.model
    def _prepare_frozen_vals(self, product, uom, quantity, data, available=None):
        """Return what a request keeps of this second, in the unit asked for.

        :param uom: the unit of `quantity`.
        :param dict data: of this product, from `_aftersales_stock_facts_sudo`.
        :param float available: what is left for this request, in the product's unit; all that is free unless given.
        :rtype: dict
        """
        available = data['free'] if available is None else available
        free = product.uom_id._compute_quantity(available, uom, rounding_method='HALF-UP')
        filled = uom.compare(free, quantity) >= 0
        return {
            'product_id': product.id,
            'product_uom_id': uom.id,
            'asked_qty': quantity,
            'free_qty': free,
            'filled_qty': min(free, quantity),
            'filled_at_once': filled,
            'is_stocked': data['stocked'],
            'miss_reason_id': False if filled else self._miss_reason_id(product, data),
            'asked_at': fields.Datetime.now(),
        }

    @api.model
    def _miss_reason_id(self, product, data):
        """Return the id of the reason the facts speak for; a difference of stock only a person can know."""
        if product.aftersales_superseded_by_id:
            code = 'superseded'
        elif data['incoming'] > 0:
            code = 'on_order'
        else:
            code = 'below_minimum' if data['stocked'] else 'never_stocked'
        return self.env['ir.model.data']._xmlid_to_res_id(f'aftersales_service.reason_miss_{code}')

    def _lose(self, reason=None):
        """The customer leaves without what was missing: each request nothing was kept for is a lost sale.

        Called in a superuser environment by the verbs that end a job or let the car go.

        :param reason: `aftersales.reason` why he did not wait; else why the part was missing.
        :rtype: recordset of aftersales.lost.sale
        """
        lost = self.filtered(
            lambda request: (
                not request.filled_at_once and request.state in ('asked', 'missing') and not request.lost_sale_ids
            )
        )
        return (
            self.env['aftersales.lost.sale']
            ._guarded()
            .create([request._prepare_lost_sale_vals(reason or request.miss_reason_id) for request in lost])
        )

    def _prepare_lost_sale_vals(self, reason):
        self.ensure_one()
        issued = sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom_id, rounding_method='HALF-UP')
            for move in self.move_ids
            if move.state == 'done' and move.aftersales_kind == 'issue'
        )
        price = self.line_id.price_unit or self.product_id.uom_id._compute_price(
            self.product_id.lst_price, self.product_uom_id
        )
        return {
            'product_id': self.product_id.id,
            'product_uom_id': self.product_uom_id.id,
            'quantity': self.asked_qty - issued,
            'price_unit': price,
            'is_stocked': self.is_stocked,
            'request_id': self.id,
            'order_id': self.order_id.id,
            'partner_id': self.order_id.partner_id.id,
            'reason_id': reason.id if reason else False,
            'company_id': self.company_id.id,
            'date': self.company_id._aftersales_today(),
        }

    def _create_moves(self, warehouse, urgent, quantities):
        """Put the requests into the open issue of their order, or a new one, and reserve what is there.

        :param dict quantities: `{request: quantity in its unit}`.

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
                    'product_uom_qty': quantities[request],
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

    def action_dismiss(self):
        """The customer does not want what the technician asked for (advisor, keeper).

        :raise UserError: PAR-73 the part is on the order already
        """
        for request in self:
            if request.state != 'asked':
                raise coded_error(
                    'PAR-73',
                    self.env._(
                        "%(part)s is on %(order)s already: change the order line instead.",
                        part=request.product_id.display_name,
                        order=request.order_id.name,
                    ),
                )
            request.order_id.check_access('write' if not self.env.user.has_group('aftersales_service.group_parts_keeper') else 'read')
        # sudo: who may change the order may say that the customer said no.
        requests = self.sudo()
        requests._lose(self.env.ref('aftersales_service.reason_declined_line_no_need', raise_if_not_found=False))
        requests._guarded().write({'dismissed_at': fields.Datetime.now()})
        return True

    def action_view_order(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'aftersales.repair.order',
            'view_mode': 'form',
            'res_id': self.order_id.id,
        }
