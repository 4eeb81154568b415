from datetime import timedelta

from odoo import api, fields, models

from ..base.errors import coded_error
from .aftersales_order_request import ACTIVE_STATES

LIMIT = 200
OPEN_MOVE = ('draft', 'waiting', 'confirmed', 'partially_available', 'assigned')


class AftersalesDeskParts(models.AbstractModel):
    """The counter of the parts room: to issue by promise, take back, arrived, missing."""

    _name = 'aftersales.desk.parts'
    _description = "Desk of the Parts Keeper"

    # === READING === #

    @api.model
    @api.readonly
    def get_data(self):
        """Return what the counter shows; a fixed number of queries, whatever the number of orders.

        :rtype: dict  keys user, counts, orders, back, arrived, missing, teams; lists urgent first, then by promise
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        company = self.env.company
        moves = self.env['stock.move'].search(
            [
                ('company_id', '=', company.id),
                ('aftersales_kind', '=', 'issue'),
                ('state', 'in', OPEN_MOVE),
                ('aftersales_order_id', '!=', False),
            ],
            limit=LIMIT * 5,
        )
        urgent = moves.filtered(lambda move: move.priority == '1').aftersales_order_id
        orders = moves.aftersales_order_id.sorted(
            lambda order: (order not in urgent, order.promised_at or fields.Datetime.now().replace(year=9999), order.id)
        )
        # Read for all at once: a group of moves would read only for itself.
        moves.product_id.mapped('name')
        moves.product_uom.mapped('name')
        moves.move_line_ids.location_id.mapped('name')
        moves.picking_id.mapped('aftersales_receiver_id')
        self._takers_sudo(moves).mapped('name')
        known = self._availability(moves)
        to_issue = [self._order_row(order, moves, known) for order in orders]
        back = self._back_rows(company)
        arrived = self._arrived_rows(company, moves)
        missing = self._missing_rows(moves, orders, known)
        return {
            'user': self.env.user.name,
            'orders': to_issue,
            'back': back,
            'arrived': arrived,
            'missing': missing,
            'teams': self.env['aftersales.team'].search_read([('company_id', '=', company.id)], ['name']),
            'qualities': self.env['aftersales.receipt.check.line']._fields['quality']._description_selection(self.env),
            'counts': {'issue': len(to_issue), 'back': sum(bool(row['announced_qty']) for row in back), 'arrived': len(arrived), 'missing': len(missing)},
        }

    def _availability(self, moves):
        """Return free stock and expected dates of the products of these moves, by warehouse.

        :rtype: dict  `{(warehouse, product): {'free', 'incoming', 'eta'}}`
        """
        known = {}
        for warehouse, group in moves.grouped(lambda move: move.aftersales_order_id.warehouse_id).items():
            for product, data in group.product_id._aftersales_availability_sudo(warehouse).items():
                known[warehouse, product] = data
        return known

    def _order_row(self, order, moves, known):
        mine = moves.filtered(lambda move: move.aftersales_order_id == order)
        lines = []
        for line, own in mine.grouped('aftersales_line_id').items():
            product = own[:1].product_id
            shelves = own.move_line_ids.location_id - order.warehouse_id.lot_stock_id
            lines.append(
                {
                    'id': line.id,
                    'product_id': product.id,
                    'name': product.name,
                    'code': product.default_code or '',
                    'uom': own[:1].product_uom.name,
                    'open_qty': sum(own.mapped('product_uom_qty')),
                    'free_qty': sum(own.mapped('quantity')),
                    'place': ', '.join(shelves.mapped('name')),
                    'eta_text': self._eta_text(known[order.warehouse_id, product], order.company_id),
                }
            )
        places = dict(order._fields['customer_place']._description_selection(self.env))
        ready = sum(line['free_qty'] >= line['open_qty'] for line in lines)
        pickings = mine.picking_id
        return {
            'id': order.id,
            'name': order.name,
            # A delivery to a sub-dealer has no plate; his name stands in its place.
            'plate': order.license_plate or order.is_subdealer and order.partner_id.name or '',
            'plate_kind': order.vehicle_id.plate_kind or 'none',
            'promised_at': fields.Datetime.to_string(order.promised_at) if order.promised_at else False,
            'place': order.customer_place,
            'place_label': places[order.customer_place] if order.customer_place == 'waiting' else '',
            'receiver': self._takers_sudo(mine)[:1].name or '',
            'urgent': any(priority == '1' for priority in mine.mapped('priority')),
            'picking_ids': pickings.ids,
            'ready_text': f'{ready}/{len(lines)}',
            'ready_tone': 'ok' if ready == len(lines) else 'soon' if ready else 'late',
            'lines': lines,
        }

    def _takers_sudo(self, moves):
        """Return who takes these parts unless a badge says otherwise: named on the transfer, else at work on the job,
        else the leader of its team, else who asked.

        sudo: a keeper reads no operations; only a name leaves.

        :rtype: recordset of hr.employee, the likeliest first
        """
        moves = moves.sudo()
        operations = moves.aftersales_line_id.job_id.operation_ids.filtered(
            lambda operation: operation.state not in ('planned', 'done', 'cancelled')
        )
        pickings = moves.picking_id
        return (
            pickings.aftersales_receiver_id
            | operations.technician_ids
            | operations.team_id.leader_id
            | pickings.aftersales_requested_by_id
        )

    def _eta_text(self, data, company, purchase=None):
        if data['eta']:
            return self.env._("Expected %s", company._aftersales_local_time(data['eta']).strftime('%m-%d'))
        if purchase:
            return self.env._("On %s, not confirmed yet", purchase.name)
        return self.env._("Not ordered")

    def _back_rows(self, company):
        """Return what is built into cars that are still here and may come back; announced returns first."""
        lines = self.env['aftersales.repair.line'].search(
            [
                ('company_id', '=', company.id),
                ('net_issued_qty', '>', 0),
                ('order_id.state', 'in', ACTIVE_STATES),
            ],
            limit=LIMIT,
        )
        announced = dict(
            self.env['stock.move']._read_group(
                [
                    ('company_id', '=', company.id),
                    ('aftersales_kind', '=', 'return'),
                    ('state', 'in', OPEN_MOVE),
                    ('aftersales_line_id', 'in', lines.ids),
                ],
                ['aftersales_line_id'],
                ['product_uom_qty:sum'],
            )
        )
        rows = [
            {
                'id': line.id,
                'product_id': line.product_id.id,
                'name': line.product_id.name,
                'code': line.product_id.default_code or '',
                'order_id': line.order_id.id,
                'order': line.order_id.name,
                'plate': line.order_id.license_plate or '',
                'plate_kind': line.order_id.vehicle_id.plate_kind or 'none',
                'issued_qty': line.net_issued_qty,
                'uom': line.product_uom_id.name,
                'announced_qty': announced.get(line, 0.0),
                'promised_at': fields.Datetime.to_string(line.order_id.promised_at)
                if line.order_id.promised_at
                else False,
            }
            for line in lines
        ]
        return sorted(rows, key=lambda row: (not row['announced_qty'], row['promised_at'] or '9', row['id']))

    def _arrived_rows(self, company, waiting):
        """Return purchased goods that are on their way, those an order waits for first."""
        moves = self.env['stock.move'].search(
            [
                ('company_id', '=', company.id),
                ('picking_code', '=', 'incoming'),
                ('state', 'in', OPEN_MOVE),
                ('picking_id', '!=', False),
            ],
            order='date, id',
            limit=LIMIT,
        )
        wanted = {}
        for move in waiting.filtered(lambda move: move.quantity < move.product_uom_qty).sorted(
            lambda move: (move.aftersales_order_id.promised_at or fields.Datetime.now().replace(year=9999), move.id)
        ):
            wanted.setdefault(move.product_id, move.aftersales_order_id)
        rows = []
        for move in moves:
            order = wanted.get(move.product_id, self.env['aftersales.repair.order'])
            rows.append(
                {
                    'id': move.id,
                    'product_id': move.product_id.id,
                    'name': move.product_id.name,
                    'code': move.product_id.default_code or '',
                    'quantity': move.product_uom_qty,
                    'uom': move.product_uom.name,
                    'purchase': move.origin or move.picking_id.name,
                    'vendor': move.picking_id.partner_id.name or '',
                    'order': order.name or '',
                    'plate': order.license_plate or '',
                    'plate_kind': order.vehicle_id.plate_kind or 'none',
                    'promised_at': fields.Datetime.to_string(order.promised_at) if order.promised_at else False,
                    'eta_text': company._aftersales_local_time(move.date).strftime('%m-%d'),
                    'overdue': move.date < fields.Datetime.now() - timedelta(days=1),
                }
            )
        return sorted(rows, key=lambda row: (not row['order'], row['promised_at'] or '9', row['id']))

    def _missing_rows(self, moves, orders, known):
        rows = []
        rank = {order: index for index, order in enumerate(orders)}
        now = fields.Datetime.now()
        purchased = self._purchased_sudo(moves.aftersales_line_id)
        for line, own in moves.grouped('aftersales_line_id').items():
            lack = sum(move.product_uom_qty - move.quantity for move in own)
            if own[:1].product_uom.compare(lack, 0) <= 0:
                continue
            order, product = own[:1].aftersales_order_id, own[:1].product_id
            data = known[order.warehouse_id, product]
            rows.append(
                {
                    'id': line.id,
                    'product_id': product.id,
                    'name': product.name,
                    'code': product.default_code or '',
                    'order_id': order.id,
                    'order': order.name,
                    'plate': order.license_plate or '',
                    'plate_kind': order.vehicle_id.plate_kind or 'none',
                    'promised_at': fields.Datetime.to_string(order.promised_at) if order.promised_at else False,
                    'missing_qty': lack,
                    'uom': own[:1].product_uom.name,
                    'eta': fields.Datetime.to_string(data['eta']) if data['eta'] else False,
                    'eta_text': self._eta_text(data, order.company_id, purchased.get(line)),
                    'purchase': purchased[line].name if line in purchased else '',
                    'urgent': any(move.priority == '1' for move in own),
                    # Nobody delivers before the car is promised, or whoever promised to deliver did not.
                    'overdue': bool(
                        (data['eta'] and data['eta'] < now)
                        or (order.promised_at and order.promised_at < (data['eta'] or now))
                    ),
                }
            )
        return sorted(
            rows,
            key=lambda row: (
                not row['urgent'],
                not row['overdue'],
                rank[self.env['aftersales.repair.order'].browse(row['order_id'])],
                row['id'],
            ),
        )

    # === VERBS === #

    @api.model
    def issue(self, order_id, basket, receiver_id=False):
        """Hand over what lies in the basket; the rest of the order stays asked for.

        :param dict basket: `{repair line id: quantity}` in the unit of the request.
        :param int receiver_id: hr.employee of the badge; else who is named on the transfer, or who asked.
        :return: {'pickings': [id], 'receiver': name}
        :raise UserError: PAR-20 a colleague was faster, PAR-70 more than is reserved, PAR-80 no quantity; the gates of `issue`
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        basket = self._basket(basket)
        order = self.env['aftersales.repair.order'].browse(order_id)
        order.check_access('read')
        moves = self.env['stock.move'].search(
            [
                ('aftersales_order_id', '=', order.id),
                ('aftersales_kind', '=', 'issue'),
                ('state', 'in', OPEN_MOVE),
            ]
        )
        if not moves and (done := order.sudo().picking_ids.filtered(lambda picking: picking.aftersales_kind == 'issue')):
            raise done[-1:]._aftersales_done_error()
        chosen = {}
        for line_id, quantity in basket.items():
            line = self.env['aftersales.repair.line'].browse(line_id)
            left = quantity
            for move in moves.filtered(lambda move, line_id=line_id: move.aftersales_line_id.id == line_id):
                take = min(left, move.quantity)
                if move.product_uom.compare(take, 0) > 0:
                    chosen[move] = take
                    left -= take
            if line.product_uom_id.compare(left, 0) > 0:
                raise coded_error(
                    'PAR-70',
                    self.env._(
                        "%(part)s: only %(there)s are reserved for %(order)s. Receive the goods first, or take fewer.",
                        part=line.name,
                        there=quantity - left,
                        order=order.name,
                    ),
                )
        pickings = self.env['stock.move'].concat(*chosen).picking_id
        for move in pickings.move_ids.filtered(lambda move: move.state in OPEN_MOVE):
            if move not in chosen:
                move._do_unreserve()
            elif move.product_uom.compare(move.quantity, chosen[move]) != 0:
                move.quantity = chosen[move]
        takers = self._takers_sudo(self.env['stock.move'].concat(*chosen))
        receiver = self.env['hr.employee'].browse(receiver_id or takers[:1].ids)
        pickings._aftersales_issue(receiver)
        # What was put aside for the rest of the order is still meant for it.
        moves.exists().filtered(lambda move: move.state in ('confirmed', 'partially_available'))._action_assign()
        return {'pickings': pickings.ids, 'receiver': receiver.sudo().name or self.env._("the workshop")}

    @api.model
    def take_back(self, quantities, employee_id=False, damaged=False):
        """Put parts back on the shelf: announced returns first, the rest as a new return.

        :param dict quantities: `{repair line id: quantity}`
        :param int employee_id: hr.employee who brings them.
        :param bool damaged: they go to Hold instead of the shelf (R-PART-24).
        :raise UserError: PAR-80 no quantity, PAR-15 more than is built in
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        employee = self.env['hr.employee'].browse(employee_id or ())
        for line_id, quantity in self._basket(quantities).items():
            line = self.env['aftersales.repair.line'].browse(line_id)
            line.check_access('read')
            hold = line.order_id.warehouse_id.aftersales_hold_location_id if damaged else None
            rest = self._take_announced(line, quantity, employee, hold)
            if line.product_uom_id.compare(rest, 0) > 0:
                line._return_parts(rest, employee, hold)
        return True

    def _take_announced(self, line, quantity, employee, hold):
        """Put back what was announced of a line, as far as it was brought; what was not stays announced.

        :param hold: stock.location of damaged parts, or None for the shelf.
        :return: the quantity that nobody announced, in the line's unit.
        :rtype: float
        """
        announced = self.env['stock.move'].search(
            [
                ('aftersales_line_id', '=', line.id),
                ('aftersales_kind', '=', 'return'),
                ('state', 'in', OPEN_MOVE),
            ],
            order='id',
        )
        brought = self.env['stock.move']
        for move in announced:
            asked = move.product_uom._compute_quantity(
                move.product_uom_qty, line.product_uom_id, rounding_method='HALF-UP'
            )
            take = min(quantity, asked)
            quantity -= take
            if line.product_uom_id.compare(take, asked) < 0:
                move.quantity = line.product_uom_id._compute_quantity(take, move.product_uom, rounding_method='HALF-UP')
            if line.product_uom_id.compare(take, 0) > 0:
                brought |= move
        pickings = brought.picking_id
        shelves = {picking: picking.location_dest_id for picking in pickings}
        if hold:
            pickings.location_dest_id = hold
            brought.location_dest_id = hold
            brought.move_line_ids.location_dest_id = hold
        if pickings:
            pickings._aftersales_take_back(employee)
        if hold:
            # What was not brought yet is not damaged yet.
            for later in self.env['stock.picking'].search(
                [('backorder_id', 'in', pickings.ids), ('state', 'not in', ('done', 'cancel'))]
            ):
                later.location_dest_id = shelves[later.backorder_id]
                later.move_ids.location_dest_id = shelves[later.backorder_id]
                later.move_line_ids.location_dest_id = shelves[later.backorder_id]
        return quantity

    @api.model
    def consume(self, team_id, basket, employee_id=False):
        """Hand consumables to a team without an order (R-PART-22).

        :param dict basket: `{product id: quantity}` in the product's unit.
        :param int employee_id: hr.employee who takes them.
        :return: {'pickings': [id], 'receiver': name}
        """
        team = self.env['aftersales.team'].browse(team_id)
        employee = self.env['hr.employee'].browse(employee_id or ())
        items = self._goods(basket)
        picking = self.env['stock.picking']._aftersales_consume(team, employee, items)
        return {'pickings': picking.ids, 'receiver': employee.sudo().name}

    @api.model
    def print_papers(self, picking_ids, paper):
        """Return the print of the picking copies or issue slips of these transfers (R-DOC-04).

        :param str paper: picking | slip
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        pickings = self.env['stock.picking'].browse(picking_ids)
        pickings.check_access('read')
        if paper == 'slip':
            return pickings.action_aftersales_print_slip()
        return pickings.action_aftersales_print_picking()

    @api.model
    def receive(self, move_id, quantity=None, doubtful=0.0, quality='ok', note=''):
        """Accept and receive one purchased part; it is reserved at once for the order that waits for it.

        The confirmation is the keeper's acceptance: quantity and quality, on his name (R-PART-01).

        :param float quantity: what was counted; everything that is on its way unless given.
        :param float doubtful: of that, what goes to Hold.
        :param str quality: see `aftersales.receipt.check.line`.
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        move = self.env['stock.move'].browse(move_id)
        if move.picking_code != 'incoming' or move.state not in OPEN_MOVE:
            raise coded_error(
                'PAR-71', self.env._("This delivery was received already, or is cancelled. Refresh the screen.")
            )
        check = move.picking_id._aftersales_acceptance_sudo(
            move, None if quantity is None else {move: quantity}
        )
        line = check.line_ids.filtered(lambda line: line.move_id == move)
        if doubtful or quality != 'ok' or note:
            line.write({'doubtful_qty': doubtful, 'quality': quality, 'note': note})
        # Other parts of the same delivery are accepted one by one.
        (check.line_ids - line).sudo().unlink()
        check._accept()
        return {'differences': check.difference_count, 'check_id': check.id}
