from collections import defaultdict

from odoo import api, fields, models

from ..base.errors import coded_error
from .guard import opened


class AftersalesRepairLine(models.Model):
    """The parts side of a line: what was asked for, reserved, issued and taken back."""

    _inherit = 'aftersales.repair.line'
    _guarded_fields = frozenset(
        {
            'own_part_qty',
            'own_part_condition',
            'own_part_received_at',
            'own_part_received_by_id',
        }
    )

    # Movements: stored, so that lists and desks read columns
    move_ids = fields.One2many('stock.move', 'aftersales_line_id', "Parts Moves", groups='stock.group_stock_user')
    request_ids = fields.One2many('aftersales.part.request', 'line_id', "Part Requests")
    requested_qty = fields.Float(
        "Requested", digits='Product Unit', compute='_compute_parts_quantities', store=True, compute_sudo=True
    )
    reserved_qty = fields.Float(
        "Reserved", digits='Product Unit', compute='_compute_parts_quantities', store=True, compute_sudo=True
    )
    issued_qty = fields.Float(
        "Issued", digits='Product Unit', compute='_compute_parts_quantities', store=True, compute_sudo=True
    )
    returned_qty = fields.Float(
        "Returned", digits='Product Unit', compute='_compute_parts_quantities', store=True, compute_sudo=True
    )
    net_issued_qty = fields.Float(
        "Built In", digits='Product Unit', compute='_compute_parts_quantities', store=True, compute_sudo=True
    )
    parts_cost = fields.Monetary(
        "Parts Cost",
        compute='_compute_parts_cost',
        store=True,
        compute_sudo=True,
        groups='aftersales_service.group_parts_manager,aftersales_service.group_accountant',
    )
    parts_margin = fields.Monetary(
        "Parts Margin",
        compute='_compute_parts_cost',
        store=True,
        compute_sudo=True,
        groups='aftersales_service.group_parts_manager,aftersales_service.group_accountant',
        help="Price without tax of what is built in, less its cost.",
    )
    parts_issued_at = fields.Datetime("Last Issue", compute='_compute_parts_cost', store=True, compute_sudo=True)
    parts_state = fields.Selection(
        [('none', "Not Requested"), ('missing', "Missing"), ('reserved', "Reserved"), ('issued', "Issued")],
        "Parts",
        compute='_compute_parts_state',
    )

    # Stored, so that lists tell parts from services without reading the products.
    product_type = fields.Selection(related='product_id.type', store=True, help="Goods leave stock, a service does not.")

    # Availability while estimating (R-PART-21); never stored, read in one go
    free_qty = fields.Float("Free", digits='Product Unit', compute='_compute_availability')
    incoming_qty = fields.Float("On its way", digits='Product Unit', compute='_compute_availability')
    eta = fields.Datetime("Expected At", compute='_compute_availability')
    substitute_id = fields.Many2one('product.product', "Replaced By", compute='_compute_availability')
    substitute_free_qty = fields.Float("Free Replacement", digits='Product Unit', compute='_compute_availability')

    # The customer's own part (R-PART-23): no goods of ours, no value
    own_part_qty = fields.Float("Own Part Received", digits='Product Unit', readonly=True, copy=False)
    own_part_condition = fields.Char("Own Part's Condition", readonly=True, copy=False)
    own_part_received_at = fields.Datetime(readonly=True, copy=False)
    own_part_received_by_id = fields.Many2one('res.users', readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends(
        'move_ids.state',
        'move_ids.quantity',
        'move_ids.product_uom_qty',
        'move_ids.product_uom',
        'move_ids.aftersales_kind',
    )
    def _compute_parts_quantities(self):
        for line in self:
            asked = reserved = issued = returned = 0.0
            for move in line.move_ids:
                if move.state == 'cancel':
                    continue
                done = move.state == 'done'
                quantity = move.product_uom._compute_quantity(
                    move.quantity, line.product_uom_id, rounding_method='HALF-UP'
                )
                if move.aftersales_kind == 'return':
                    returned += quantity if done else 0.0
                elif done:
                    issued += quantity
                    asked += quantity
                else:
                    reserved += quantity
                    asked += move.product_uom._compute_quantity(
                        move.product_uom_qty, line.product_uom_id, rounding_method='HALF-UP'
                    )
            line.requested_qty = asked
            line.reserved_qty = reserved
            line.issued_qty = issued
            line.returned_qty = returned
            line.net_issued_qty = issued - returned

    @api.depends('move_ids.aftersales_cost', 'move_ids.state', 'price_subtotal', 'quantity', 'net_issued_qty')
    def _compute_parts_cost(self):
        for line in self:
            done = line.move_ids.filtered(lambda move: move.state == 'done')
            cost = sum(done.mapped('aftersales_cost'))
            share = line.net_issued_qty / line.quantity if line.quantity else 0.0
            line.parts_cost = cost
            line.parts_margin = line.price_subtotal * share - cost if done else 0.0
            line.parts_issued_at = max(
                (move.date for move in done if move.aftersales_kind == 'issue'), default=False
            )

    @api.depends('requested_qty', 'reserved_qty', 'issued_qty', 'net_issued_qty')
    def _compute_parts_state(self):
        for line in self:
            uom = line.product_uom_id
            if (
                not line._is_stock_part()
                or uom.is_zero(line.requested_qty)
                or (uom.is_zero(line.net_issued_qty) and uom.is_zero(line.requested_qty - line.issued_qty))
            ):
                line.parts_state = 'none' if line._is_stock_part() else False
            elif uom.compare(line.requested_qty, line.issued_qty + line.reserved_qty) > 0:
                line.parts_state = 'missing'
            elif not uom.is_zero(line.reserved_qty):
                line.parts_state = 'reserved'
            else:
                line.parts_state = 'issued'

    @api.depends('product_id', 'kind', 'order_id.warehouse_id')
    def _compute_availability(self):
        parts = self.filtered(lambda line: line._is_stock_part())
        rest = self - parts
        rest.free_qty = rest.incoming_qty = rest.substitute_free_qty = 0.0
        rest.eta = rest.substitute_id = False
        for warehouse, lines in parts.grouped(lambda line: line.order_id.warehouse_id).items():
            products = lines.product_id
            substitutes = {product: product._aftersales_substitute() for product in products}
            known = (products | products.concat(*substitutes.values()))._aftersales_availability_sudo(warehouse)
            for line in lines:
                data = known[line.product_id]
                uom = line.product_id.uom_id
                line.free_qty = uom._compute_quantity(data['free'], line.product_uom_id, rounding_method='HALF-UP')
                line.incoming_qty = uom._compute_quantity(
                    data['incoming'], line.product_uom_id, rounding_method='HALF-UP'
                )
                line.eta = data['eta']
                line.substitute_id = substitutes[line.product_id]
                line.substitute_free_qty = known[line.substitute_id]['free'] if line.substitute_id else 0.0

    # === CRUD METHODS === #

    def write(self, vals):
        if {'product_id', 'product_uom_id', 'supplied_by', 'kind', 'job_id', 'quantity'} & vals.keys():
            self._check_parts_change(vals)
        result = super().write(vals)
        if 'quantity' in vals:
            self._release_surplus_sudo()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        for line in self.sudo():
            if any(move.state == 'done' for move in line.move_ids) or line.purchase_line_ids.filtered(
                lambda po: po.state != 'cancel'
            ):
                raise coded_error(
                    'PAR-30',
                    self.env._(
                        "“%(line)s” of %(order)s has parts or a purchase in the books and stays. "
                        "Take the parts back and decline the job instead.",
                        line=line.name,
                        order=line.order_id.name,
                    ),
                )
        moves = self.sudo().move_ids
        moves._action_cancel()
        opened(moves).unlink()

    # === GUARDS === #

    def _check_parts_change(self, vals):
        """Refuse to change what the parts room has already acted on.

        :raise UserError: PAR-31 the part itself, PAR-32 fewer than built in
        """
        for line in self:
            if line.kind != 'part' or line.product_uom_id.is_zero(line.requested_qty):
                continue
            for name in ('product_id', 'product_uom_id', 'job_id'):
                if (
                    name in vals
                    and line[name].id != vals[name]
                    and (name != 'job_id' or not line._same_order(vals[name]))
                ):
                    raise self._requested_error(line)
            if any(name in vals and line[name] != vals[name] for name in ('supplied_by', 'kind')):
                raise self._requested_error(line)
            if 'quantity' in vals and line.product_uom_id.compare(vals['quantity'], line.net_issued_qty) < 0:
                raise coded_error(
                    'PAR-32',
                    self.env._(
                        "%(issued)s of “%(line)s” are built into the car; the line cannot go below. "
                        "Take the unused parts back first.",
                        issued=line.net_issued_qty,
                        line=line.name,
                    ),
                )

    def _same_order(self, job_id):
        return self.env['aftersales.repair.job'].browse(job_id).order_id == self.order_id

    def _requested_error(self, line):
        return coded_error(
            'PAR-31',
            self.env._(
                "“%(line)s” of %(order)s was requested from the parts room. Cancel the request or "
                "take the part back, then change it, "
                "or add another line.",
                line=line.name,
                order=line.order_id.name,
            ),
        )

    # === ACTIONS === #

    def action_request_part(self):
        """Ask the parts room for these lines (advisor, technician)."""
        for order, lines in self.grouped('order_id').items():
            order._request_parts(lines)
        return True

    def action_take_back(self):
        """Announce what was not needed: it appears in the keeper's “Take back”; a keeper puts it on the shelf at once."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Take Back"),
            'res_model': 'aftersales.take.back.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_line_id': self.id},
        }

    def action_receive_own_part(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Customer's Own Part"),
            'res_model': 'aftersales.own.part.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_line_id': self.id},
        }

    # === BUSINESS METHODS === #

    def _is_stock_part(self):
        """Tell whether the line is a part of ours that the parts room hands out."""
        self.ensure_one()
        return self.kind == 'part' and self.supplied_by == 'shop' and self.product_type == 'consu'

    def _release_surplus_sudo(self):
        """Lower open requests to the line's quantity; sudo: the right to change the line was checked."""
        for line in self.sudo():
            uom = line.product_uom_id
            surplus = line.requested_qty - line.returned_qty - line.quantity
            if line.kind != 'part' or uom.compare(surplus, 0) <= 0:
                continue
            for move in line.move_ids.filtered(
                lambda move: move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel')
            ).sorted('id', reverse=True):
                have = move.product_uom._compute_quantity(move.product_uom_qty, uom, rounding_method='HALF-UP')
                take = min(have, surplus)
                if uom.compare(take, have) >= 0:
                    move._action_cancel()
                else:
                    move.product_uom_qty = uom._compute_quantity(
                        have - take, move.product_uom, rounding_method='HALF-UP'
                    )
                    move._do_unreserve()
                    move._action_assign()
                surplus -= take
                if uom.compare(surplus, 0) <= 0:
                    break

    def _announce_return(self, quantity, location=None):
        """Create the return of unused parts, newest issue first; the keeper validates it.

        :param float quantity: in the line's unit.
        :param location: stock.location to go to instead of the shelf (Hold for damaged parts).
        :rtype: recordset of stock.picking
        :raise UserError: PAR-15 more than is built in, PAR-33 not above zero
        """
        self.ensure_one()
        self.order_id.check_access('read')
        return self._announce_return_sudo(quantity, location)

    def _announce_return_sudo(self, quantity, location=None):
        """sudo: a technician has no inventory rights; he may read the order, and the keeper validates."""
        line = self.sudo()
        uom = line.product_uom_id
        if uom.compare(quantity, 0) <= 0:
            raise coded_error(
                'PAR-33', self.env._("Say how many of “%(line)s” come back: more than zero.", line=line.name)
            )
        left = quantity
        plan = defaultdict(dict)
        for move in line.move_ids.filtered(
            lambda move: move.aftersales_kind == 'issue' and move.state == 'done'
        ).sorted('id', reverse=True):
            gone = sum(
                back.product_uom._compute_quantity(
                    back.quantity if back.state == 'done' else back.product_uom_qty, uom, rounding_method='HALF-UP'
                )
                for back in move.returned_move_ids
                if back.state != 'cancel'
            )
            take = min(left, move.product_uom._compute_quantity(move.quantity, uom, rounding_method='HALF-UP') - gone)
            if uom.compare(take, 0) > 0:
                plan[move.picking_id][move] = uom._compute_quantity(take, move.product_uom, rounding_method='HALF-UP')
                left -= take
        if uom.compare(left, 0) > 0:
            raise coded_error(
                'PAR-15',
                self.env._(
                    "Only %(out)s %(unit)s of “%(line)s” are out on %(order)s; %(asked)s cannot come back.",
                    out=quantity - left,
                    unit=uom.name,
                    line=line.name,
                    order=line.order_id.name,
                    asked=quantity,
                ),
            )
        backs = self.env['stock.picking'].sudo()
        requester = self.env.user.employee_id
        for picking, quantities in plan.items():
            back = picking._aftersales_return_moves(quantities, location)
            opened(back).aftersales_requested_by_id = requester
            backs |= back
        return backs.with_env(self.env)

    def _return_parts(self, quantity, receiver=None, location=None):
        """Take unused parts back at once (keeper).

        :param float quantity: in the line's unit.
        :param receiver: hr.employee who brings them back.
        :param location: stock.location instead of the shelf (Hold for damaged parts).
        :rtype: recordset of stock.picking, done
        """
        self.ensure_one()
        self.env['stock.picking']._aftersales_ensure_keeper()
        return self._announce_return(quantity, location)._aftersales_take_back(receiver)

    def _receive_own_part(self, quantity, condition):
        """Record a part the customer brought: how many and in what condition; it never enters stock or value (R-PART-23).

        :raise UserError: PAR-34 the line is not the customer's part, or the figures say nothing
        """
        for line in self:
            if line.supplied_by != 'customer' or line.kind != 'part' or quantity <= 0 or not (condition or '').strip():
                raise coded_error(
                    'PAR-34',
                    self.env._(
                        "“%(line)s”: a customer's own part is recorded with its quantity and its "
                        "condition, on a line supplied by the customer.",
                        line=line.name,
                    ),
                )
            line.order_id.check_access('read')
            if not self.env.user.has_groups('aftersales_service.group_advisor,aftersales_service.group_parts_keeper'):
                line.order_id.check_access('write')
            line.sudo()._guarded().write(
                {
                    'own_part_qty': quantity,
                    'own_part_condition': condition,
                    'own_part_received_at': fields.Datetime.now(),
                    'own_part_received_by_id': self.env.uid,
                }
            )
