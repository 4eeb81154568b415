from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.errors import coded_error
from .guard import opened

ACTIVE_STATES = ('authorised', 'in_progress', 'inspecting', 'ready')


# What `parts_state` of a line is computed from.
PARTS_LINE_FIELDS = (
    'order_id', 'requested_qty', 'issued_qty', 'reserved_qty', 'net_issued_qty', 'product_id', 'product_type', 'product_uom_id',
    'kind', 'supplied_by',
)


class AftersalesRepairOrder(models.Model):
    """The parts side of an order: requests, issues, returns, and what they cost."""

    _inherit = 'aftersales.repair.order'

    picking_ids = fields.One2many(
        'stock.picking', 'aftersales_order_id', "Parts Transfers", groups='stock.group_stock_user'
    )
    part_line_ids = fields.One2many(
        'aftersales.repair.line',
        'order_id',
        "Parts and Subcontracted Work",
        domain=[('kind', 'in', ('part', 'sublet'))],
        readonly=True,
    )
    part_request_ids = fields.One2many('aftersales.part.request', 'order_id', "Part Requests")
    parts_asked_count = fields.Integer("Parts Lines", compute='_compute_parts_progress')
    parts_issued_count = fields.Integer("Parts Lines Issued", compute='_compute_parts_progress')
    parts_missing_count = fields.Integer("Parts Lines Missing", compute='_compute_parts_progress')
    parts_label = fields.Char(
        "Parts Issued", compute='_compute_parts_progress', help="Lines fully issued of lines with parts of ours."
    )
    picking_count = fields.Integer(compute='_compute_picking_count', compute_sudo=True)
    parts_cost = fields.Monetary(
        "Parts Cost",
        compute='_compute_parts_cost',
        compute_sudo=True,
        groups='aftersales_service.group_parts_manager,aftersales_service.group_accountant,aftersales_service.group_service_manager',
    )

    # === COMPUTE METHODS === #

    @api.depends('line_ids.requested_qty', 'line_ids.reserved_qty', 'line_ids.net_issued_qty', 'line_ids.quantity')
    def _compute_parts_progress(self):
        for order in self:
            lines = order._parts_lines()
            issued = lines.filtered(lambda line: line.product_uom_id.compare(line.net_issued_qty, line.quantity) >= 0)
            order.parts_asked_count = len(lines)
            order.parts_issued_count = len(issued)
            order.parts_missing_count = len(lines.filtered(lambda line: line.parts_state == 'missing'))
            order.parts_label = f'{len(issued)}/{len(lines)}' if lines else ''

    def _compute_picking_count(self):
        counts = dict(
            self.env['stock.picking']._read_group(
                [('aftersales_order_id', 'in', self.ids)], ['aftersales_order_id'], ['__count']
            )
        )
        for order in self:
            order.picking_count = counts.get(order, 0)

    def _compute_parts_cost(self):
        costs = self._parts_cost()
        for order in self:
            order.parts_cost = costs[order]

    @api.depends('line_ids.requested_qty', 'line_ids.reserved_qty', 'line_ids.issued_qty')
    def _compute_aftersales_status(self):
        return super()._compute_aftersales_status()

    # === STATE AND GATES === #

    def _advance(self):
        result = super()._advance()
        self._request_what_is_approved()
        return result

    def _status_flags(self):
        flags = super()._status_flags()
        # One query for a whole list, its lines without a request left out.
        missing = self.env['aftersales.repair.line'].search_fetch([
            ('order_id', 'in', self.ids), ('requested_qty', '>', 0), ('job_id.outcome', '=', 'open'), ('job_id.is_parked', '=', False),
        ], PARTS_LINE_FIELDS).filtered(
            lambda line: line.parts_state == 'missing',
        ).order_id
        for order in self:
            if order._origin in missing:
                flags[order.id].insert(0, 'waiting_parts')
        return flags

    def _blockers(self, target):
        found = super()._blockers(target)
        if target == 'issue':
            for order, reasons in self._issue_blockers().items():
                found[order] += reasons
        elif target in ('ready', 'settled'):
            for order, reasons in self._open_parts_blockers(target).items():
                found[order] += reasons
        return found

    def _issue_blockers(self):
        """Why parts may not be handed out: order over, not dispatched, job not approved, nobody to receive them.

        Looks at the moves being issued when `_action_done` names them in the context, else at all that are reserved.

        :rtype: dict  `{order: [Blocker]}`
        """
        ids = self.env.context.get('aftersales_issue_move_ids')
        # sudo: an advisor may ask why not, without inventory rights.
        moves = (
            self.env['stock.move'].sudo().browse(ids)
            if ids is not None
            else self.sudo().picking_ids.move_ids.filtered(
                lambda move: (
                    move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel') and move.quantity > 0
                )
            )
        )
        by_order = moves.grouped(lambda move: move.aftersales_order_id.id)
        dispatched = self._is_dispatched()
        found = {}
        for order in self:
            reasons = found[order] = []
            mine = by_order.get(order.id, moves.browse())
            if order._is_locked() or order.outcome in ('cancelled', 'declined'):
                reasons.append(
                    order._blocker(
                        None,
                        'PAR-22',
                        self.env._(
                            "%(order)s is over: no more parts are issued on it. Open a follow-up order.",
                            order=order.name,
                        ),
                    )
                )
                continue
            if not dispatched[order]:
                reasons.append(
                    order._blocker(
                        'parts_dispatch',
                        'PAR-23',
                        self.env._(
                            "%(order)s is not dispatched to a team yet: parts are issued against a dispatch only.",
                            order=order.name,
                        ),
                        order._cure_open(self.env._("Open the order")),
                    )
                )
            for job in mine.aftersales_line_id.job_id.with_env(order.env):
                if job.outcome != 'open' or job.is_parked:
                    reasons.append(
                        order._blocker(
                            None,
                            'PAR-24',
                            self.env._(
                                "“%(job)s” is parked or no longer part of %(order)s.",
                                job=job.name,
                                order=order.name,
                            ),
                            order._cure_open(self.env._("Open the order")),
                        )
                    )
                elif not job.is_approved and not all((mine.aftersales_line_id & job.sudo().line_ids).mapped('is_handover')):
                    reasons.append(
                        order._blocker(
                            'parts_consent',
                            'PAR-25',
                            self.env._(
                                "“%(job)s” is not approved in its present content.",
                                job=job.name,
                            ),
                            order._cure_sign(),
                        )
                    )
            if any(not picking.aftersales_receiver_id for picking in mine.picking_id):
                reasons.append(
                    order._blocker(
                        'parts_receiver',
                        'PAR-26',
                        self.env._(
                            "Nobody is named who receives the parts: scan the badge of the technician.",
                        ),
                        order._cure_pickings(mine.picking_id),
                    )
                )
        return found

    def _is_dispatched(self):
        """Tell for each order whether work was dispatched to somebody (R-PART-06).

        The dispatch counts, not the state: an order whose additional work waits for consent is still in the workshop.

        :rtype: dict  `{order: bool}`
        """
        # sudo: a keeper issues against operations he has no need to read.
        return {
            order: any(operation.state not in ('planned', 'cancelled') for operation in order.sudo().operation_ids)
            for order in self
        }

    def _open_parts_blockers(self, target):
        """Requests, returns and subcontracted work that are still open, parts billed and not issued, or issued and not billed.

        :rtype: dict  `{order: [Blocker]}`
        """
        found = {}
        returns = self._open_returns_sudo()
        for order in self:
            reasons = found[order] = []
            active = order._parts_lines()
            uom_open = active.filtered(
                lambda line: line.product_uom_id.compare(line.requested_qty, line.issued_qty) > 0
            )
            if uom_open:
                reasons.append(
                    order._blocker(
                        'parts_open',
                        'PAR-27',
                        self.env._(
                            "Parts are still asked for: %(parts)s. Issue them, cancel the request, or carry the job over.",
                            parts=", ".join(uom_open.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
            if order in returns:
                reasons.append(
                    order._blocker(
                        'parts_return_open',
                        'PAR-28',
                        self.env._(
                            "Announced returns are not on the shelf yet: %(transfers)s.",
                            transfers=", ".join(returns[order].mapped('name')),
                        ),
                        order._cure_pickings(returns[order]),
                    )
                )
            sublets = order.line_ids.filtered(
                lambda line: (
                    line.kind == 'sublet'
                    and line.sublet_state == 'ordered'
                    and line.job_id.outcome == 'open'
                    and not line.job_id.is_parked
                )
            )
            if sublets:
                reasons.append(
                    order._blocker(
                        'sublet_accepted',
                        'PAR-29',
                        self.env._(
                            "Subcontracted work is not accepted yet: %(lines)s.",
                            lines=", ".join(sublets.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
            own = order.line_ids.filtered(
                lambda line: (
                    line.kind == 'part'
                    and line.supplied_by == 'customer'
                    and line.job_id.outcome == 'open'
                    and not line.own_part_received_at
                )
            )
            if own:
                reasons.append(
                    order._blocker(
                        'own_part_received',
                        'PAR-35',
                        self.env._(
                            "The customer's own parts are not recorded with quantity and condition: %(lines)s.",
                            lines=", ".join(own.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
            if target != 'settled':
                continue
            short = (active - uom_open).filtered(
                lambda line: line.job_id.share_ids and line.product_uom_id.compare(line.net_issued_qty, line.quantity) < 0
            )
            if short:
                reasons.append(
                    order._blocker(
                        'parts_billed',
                        'PAR-36',
                        self.env._(
                            "Billed but not issued: %(parts)s. Issue them, or lower the quantity on the order.",
                            parts=", ".join(short.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
            lost = order.line_ids.filtered(
                lambda line: line.job_id.outcome != 'open' and line.product_uom_id.compare(line.net_issued_qty, 0) > 0
            )
            if lost:
                reasons.append(
                    order._blocker(
                        None,
                        'PAR-37',
                        self.env._(
                            "Issued for a job that is no longer part of the order: %(parts)s. Take them back.",
                            parts=", ".join(lost.mapped('name')),
                        ),
                        order._cure_parts(),
                    )
                )
        return found

    def _open_returns_sudo(self):
        """Return `{order: open return transfers}`; sudo: only their names are shown."""
        groups = (
            self.env['stock.picking']
            .sudo()
            ._read_group(
                [
                    ('aftersales_order_id', 'in', self.ids),
                    ('aftersales_kind', '=', 'return'),
                    ('state', 'not in', ('done', 'cancel')),
                ],
                ['aftersales_order_id'],
                ['id:recordset'],
            )
        )
        return {self.browse(order.id): pickings for order, pickings in groups}

    def _cure_parts(self):
        self.ensure_one()
        return self._cure_open(self.env._("Parts of the order"))

    def _cure_pickings(self, pickings):
        self.ensure_one()
        return {
            'label': self.env._("Open the transfer"),
            'action': {
                'type': 'ir.actions.act_window',
                'res_model': 'stock.picking',
                'target': 'current',
                **(
                    {'res_id': pickings.id, 'views': [(False, 'form')]}
                    if len(pickings) == 1
                    else {
                        'views': [(False, 'list'), (False, 'form')],
                        'domain': [('id', 'in', pickings.ids)],
                    }
                ),
            },
        }

    # === BUSINESS METHODS === #

    def _parts_lines(self):
        """Return the lines of ours the parts room hands out for jobs that go on."""
        return self.line_ids.filtered(
            lambda line: line.job_id.outcome == 'open' and not line.job_id.is_parked and line._is_stock_part()
        )

    def _parts_receiver_by_default(self):
        """Tell whether who asked is taken as who receives (small shops, express)."""
        self.ensure_one()
        return self._gate_profile()._gate('parts_receiver') not in ('block', 'override')

    def _request_what_is_approved(self):
        """Send the picking copy to the parts room as soon as a job is signed, and again for additional work (R-PART-07)."""
        orders = self.filtered(
            lambda order: (
                order.state in ACTIVE_STATES
                and order.outcome == 'open'
                and order.company_id.aftersales_auto_request
                # Nobody is kept from signing because the company has no warehouse yet; asking by hand says so.
                and order.warehouse_id
            )
        )
        lines = orders._parts_lines().filtered(
            lambda line: line.job_id.is_approved and line.product_uom_id.is_zero(line.requested_qty)
        )
        if lines:
            lines.order_id._request_parts(lines)

    def _request_parts(self, lines=None, urgent=False):
        """Ask the parts room: freeze what is free now, reserve it, and put it into the keeper's list.

        Asks for what the lines still lack, so that asking twice asks nothing.

        :param lines: lines of these orders; all parts of ours unless given.
        :param bool urgent: goes first, with priority on the transfer (R-PART-10).
        :return: the new requests.
        :rtype: recordset of aftersales.part.request
        :raise UserError: PAR-42 the order is over, PAR-43 no warehouse, PAR-44 not a part of ours
        """
        self.check_access('read')
        wanted = self._parts_lines() if lines is None else lines.filtered(lambda line: line.order_id in self)
        for order in self:
            if order._is_locked() or order.outcome != 'open':
                raise coded_error(
                    'PAR-42',
                    self.env._(
                        "%(order)s is over: no more parts can be requested. Open a follow-up order.", order=order.name
                    ),
                )
            if not order.warehouse_id:
                raise coded_error(
                    'PAR-43',
                    self.env._(
                        "%(company)s has no warehouse. Create one in the inventory settings.",
                        company=order.company_id.display_name,
                    ),
                )
        for line in wanted:
            if not line._is_stock_part():
                raise coded_error(
                    'PAR-44',
                    self.env._("“%(line)s” is no part of ours that the parts room could hand out.", line=line.name),
                )
        missing = {}
        for line in wanted:
            lack = line.quantity - line.net_issued_qty - (line.requested_qty - line.issued_qty)
            if line.product_uom_id.compare(lack, 0) > 0:
                missing[line] = lack
        return self._request_parts_sudo(missing, urgent)

    def _request_parts_sudo(self, missing, urgent):
        """Create requests and transfers; sudo: who may read the order may ask, the keeper alone issues.

        :param dict missing: `{line: quantity in the line's unit}`.
        """
        Request = self.env['aftersales.part.request'].sudo()
        if not missing:
            return Request.browse()
        lines = self.env['aftersales.repair.line'].concat(*missing).sudo()
        requester = self.env.user.employee_id
        requests = Request.browse()
        for warehouse, group in lines.grouped(lambda line: line.order_id.warehouse_id).items():
            company = warehouse.company_id
            env_lines = group.with_company(company)
            # Wait for whoever is taking the same piece, or both would believe they have the last one.
            self.env['stock.move'].sudo()._aftersales_lock_shelf(env_lines.product_id, warehouse.lot_stock_id)
            known = env_lines.product_id._aftersales_stock_facts_sudo(warehouse)
            left = {product: data['free'] for product, data in known.items()}
            asked_before = env_lines.order_id._parts_asked_before()
            vals_list, quantities = [], {}
            for line in env_lines:
                product, uom = line.product_id, line.product_uom_id
                quantity = missing[line.with_env(self.env)]
                # What a technician asked for is the same demand: his request goes on, with what was free then.
                for request in asked_before.pop((line.order_id, product, uom), ()):
                    take = min(quantity, request.asked_qty)
                    if uom.compare(take, 0) > 0:
                        request._guarded().write({'line_id': line.id})
                        quantities[request] = take
                        quantity -= take
                        left[product] = max(left[product] - uom._compute_quantity(take, product.uom_id), 0.0)
                if uom.compare(quantity, 0) <= 0:
                    continue
                vals_list.append(
                    {
                        **Request._prepare_frozen_vals(product, uom, quantity, known[product], left[product]),
                        'order_id': line.order_id.id,
                        'line_id': line.id,
                        'company_id': company.id,
                        'requested_by_id': requester.id,
                        'urgent': urgent,
                    }
                )
                needed = uom._compute_quantity(quantity, product.uom_id, rounding_method='HALF-UP')
                left[product] = max(left[product] - needed, 0.0)
            asked = Request.with_company(company)._guarded().create(vals_list)
            quantities |= {request: request.asked_qty for request in asked}
            asked = Request.with_company(company).concat(*quantities)
            asked._create_moves(warehouse, urgent, quantities)
            requests |= asked.with_env(self.env)
        return requests

    def _parts_asked_before(self):
        """Return what technicians asked for on these orders and nobody has put on them yet.

        :rtype: dict  `{(order, product, unit): requests}`
        """
        requests = self.env['aftersales.part.request'].search([('order_id', 'in', self.ids), ('state', '=', 'asked')])
        return requests.grouped(lambda request: (request.order_id, request.product_id, request.product_uom_id))

    def _ask_part(self, product, quantity=1.0, urgent=False, note=None):
        """Ask for a part that is not on the order: the advisor quotes it first, nothing is reserved (technician).

        :rtype: recordset of aftersales.part.request
        """
        self.ensure_one()
        self.check_access('read')
        if self._is_locked() or self.outcome != 'open':
            raise coded_error(
                'PAR-42',
                self.env._(
                    "%(order)s is over: no more parts can be requested. Open a follow-up order.", order=self.name
                ),
            )
        # sudo: a technician reads the order only; the request is his, the order stays as it is.
        Request = self.env['aftersales.part.request'].sudo()
        data = product._aftersales_stock_facts_sudo(self.warehouse_id)[product]
        request = Request._guarded().create(
            {
                **Request._prepare_frozen_vals(product, product.uom_id, quantity, data),
                'order_id': self.id,
                'company_id': self.company_id.id,
                'requested_by_id': self.env.user.employee_id.id,
                'urgent': urgent,
                'note': note,
            }
        )
        self.sudo().activity_schedule(
            'mail.mail_activity_data_todo',
            user_id=self.advisor_id.id or self.env.uid,
            summary=self.env._("Part asked for: %(part)s × %(quantity)s", part=product.display_name, quantity=quantity),
            note=note
            or self.env._("Offer it to the customer as additional work; the parts room is told once he agrees."),
        )
        return request.with_env(self.env)

    def _issue_parts(self, keeper=None, receiver=None):
        """Issue everything reserved on these orders at once: one movement and one entry per company.

        :param keeper: hr.employee who hands over; the user's own unless given.
        :param receiver: hr.employee who takes them.
        :return: the transfers issued.
        :rtype: recordset of stock.picking
        :raise UserError: PAR-19 nothing is reserved on any of them, and the gates of `issue`
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        pickings = self.env['stock.picking'].search(
            [
                ('aftersales_order_id', 'in', self.ids),
                ('aftersales_kind', '=', 'issue'),
                ('state', 'not in', ('done', 'cancel')),
            ]
        )
        ready = pickings.filtered(
            lambda picking: any(move.quantity > 0 and move.state not in ('done', 'cancel') for move in picking.move_ids)
        )
        if not ready:
            raise coded_error(
                'PAR-19',
                self.env._(
                    "Nothing of %(orders)s is reserved. Request the parts, or receive the goods first.",
                    orders=", ".join(self.mapped('name')),
                ),
            )
        for _company, group in ready.grouped('company_id').items():
            group._aftersales_issue(receiver, keeper)
        return ready

    def _parts_cost(self):
        """Return what the parts of each order cost: issued minus taken back, from the value of the moves.

        :return: {order: amount in company currency}
        :rtype: dict
        """
        costs = dict.fromkeys(self, 0.0)
        # sudo: the caller's right to see costs is checked by the field groups and the settlement.
        for order, is_out, value in (
            self.env['stock.move']
            .sudo()
            ._read_group(
                [('aftersales_order_id', 'in', self.ids), ('state', '=', 'done')],
                ['aftersales_order_id', 'is_out'],
                ['value:sum'],
            )
        ):
            costs[self.browse(order.id)] += value if is_out else -value
        return {order: order.company_id.currency_id.round(cost) for order, cost in costs.items()}

    def _has_cleared_wip(self):
        """Return the orders whose work in progress was already taken to cost: late bills of subcontractors go there too.

        Over or settled; the settlement room knows better and extends this.

        :rtype: recordset
        """
        return self.filtered(lambda order: order.state in ('released', 'closed') or order.outcome == 'cancelled')

    @api.model
    def _parts_open_domain(self):
        """Return the domain of orders whose parts are not settled yet."""
        return Domain('state', 'not in', ('released', 'closed')) & Domain('outcome', '!=', 'cancelled')

    def _desk_cards(self):
        cards = super()._desk_cards()
        parts = self._parts_lines_by_order()
        etas = self._parts_eta_sudo(parts)
        arrived = self._parts_arrived_names_sudo()
        for order in self:
            lines = parts[order]
            missing = lines.filtered(lambda line: line.parts_state == 'missing')
            issued = lines.filtered(lambda line: line.product_uom_id.compare(line.net_issued_qty, line.quantity) >= 0)
            cards[order.id]['parts'] = {
                'asked': len(lines),
                'issued': len(issued),
                'ready': len(lines.filtered(lambda line: line.parts_state in ('reserved', 'issued'))),
                'label': f'{len(issued)}/{len(lines)}' if lines else '',
                'missing': [{'line_id': line.id, 'name': line.name} for line in missing],
                'arrived': arrived.get(order.id, []),
                'eta': fields.Datetime.to_string(etas[order.id]) if etas.get(order.id) else False,
            }
        return cards

    def _parts_lines_by_order(self):
        """Return the lines of `_parts_lines` of many orders in one query.

        :rtype: dict  `{order: lines}`
        """
        lines = self.env['aftersales.repair.line'].search_fetch(
            [
                ('order_id', 'in', self.ids),
                ('kind', '=', 'part'),
                ('supplied_by', '=', 'shop'),
                ('product_type', '=', 'consu'),
                ('job_id.outcome', '=', 'open'),
                ('job_id.is_parked', '=', False),
            ],
            [*PARTS_LINE_FIELDS, 'name', 'quantity', 'job_id'],
        ).grouped('order_id')
        return {order: lines.get(order, self.env['aftersales.repair.line']) for order in self}

    def _parts_arrived_names_sudo(self):
        """Return the names of parts that were missing, are here now and wait to be handed over; sudo: names only.

        :rtype: dict[int, list[str]]
        """
        arrived = defaultdict(list)
        for request in (
            self.env['aftersales.part.request']
            .sudo()
            .search([('order_id', 'in', self.ids), ('arrived_at', '!=', False), ('state', '=', 'reserved')])
        ):
            arrived[request.order_id.id].append(request.product_id.name)
        return arrived

    def _parts_eta_sudo(self, parts):
        """Return when the last missing part of each order is expected; sudo: a date, no purchase data.

        :param dict parts: `{order: lines}` of `_parts_lines_by_order`.
        :rtype: dict[int, datetime]
        """
        missing = defaultdict(set)
        for order in self:
            for line in parts[order]:
                if line.parts_state == 'missing':
                    missing[order.warehouse_id].add((order.id, line.product_id.id))
        etas = {}
        for warehouse, pairs in missing.items():
            products = self.env['product.product'].browse({product_id for _order_id, product_id in pairs})
            known = {
                product.id: data['eta'] for product, data in products._aftersales_availability_sudo(warehouse).items()
            }
            for order_id, product_id in pairs:
                eta = known.get(product_id)
                if eta and (order_id not in etas or eta > etas[order_id]):
                    etas[order_id] = eta
        return etas

    def _parts_arrived(self, requests):
        """Tell the advisor that parts his customer waits for are here (R-PROC-14); called as superuser.

        :param requests: aftersales.part.request of this order that arrived just now.
        """
        self.ensure_one()
        missing = self._parts_lines().filtered(lambda line: line.parts_state == 'missing')
        parts = ", ".join(requests.product_id.mapped('display_name'))
        if missing:
            note = self.env._("Still missing: %(parts)s.", parts=", ".join(missing.mapped('name')))
        elif self.customer_place == 'left' or not self.visit_id or self.visit_id.state == 'left':
            note = self.env._("Everything is here: call the customer and book him in.")
        else:
            note = self.env._("Everything is here: the work can go on.")
        self.activity_schedule(
            'mail.mail_activity_data_todo',
            user_id=self.advisor_id.id or self.create_uid.id,
            summary=self.env._("Parts arrived: %(parts)s", parts=parts),
            note=note,
        )

    # === ENDS AND FOLLOW-UPS === #

    def _after_transition(self, source, target):
        result = super()._after_transition(source, target)
        if target in ('released', 'closed'):
            # The car is gone: what was missing and nobody carried over is sold by somebody else.
            # sudo: whoever lets the car go records it, whatever his rights in the parts room.
            self.sudo().part_request_ids._lose()
        return result

    def _ensure_can_end(self, jobs):
        result = super()._ensure_can_end(jobs)
        self._ensure_nothing_out(jobs)
        return result

    def _ensure_can_carry_over(self, jobs):
        result = super()._ensure_can_carry_over(jobs)
        self._ensure_nothing_out(jobs)
        return result

    def _ensure_nothing_out(self, jobs):
        """Refuse while parts or accepted subcontracted work hang on the jobs.

        :raise UserError: PAR-45
        """
        for line in jobs.line_ids:
            if line.product_uom_id.compare(line.net_issued_qty, 0) > 0:
                raise coded_error(
                    'PAR-45',
                    self.env._(
                        "%(quantity)s of “%(line)s” are issued on “%(job)s”. Take them back first, or settle the job.",
                        quantity=line.net_issued_qty,
                        line=line.name,
                        job=line.job_id.name,
                    ),
                )
            if line.sublet_state in ('accepted', 'billed'):
                raise coded_error(
                    'PAR-45',
                    self.env._(
                        "The subcontracted work “%(line)s” on “%(job)s” is accepted already. Settle the job.",
                        line=line.name,
                        job=line.job_id.name,
                    ),
                )

    def _after_end(self):
        result = super()._after_end()
        # What was not issued before a total loss is not issued any more; ended jobs have released theirs.
        self.filtered(lambda order: order.outcome == 'total_loss').job_ids._release_parts_sudo()
        return result

    # === ACTIONS === #

    def action_request_parts(self):
        """Ask the parts room for everything the order still lacks."""
        requests = self._request_parts()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success' if requests else 'info',
                'message': self.env._("%(count)s parts requested.", count=len(requests))
                if requests
                else self.env._("Everything is requested already."),
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def action_request_parts_urgent(self):
        self._request_parts(urgent=True)
        # sudo: who may read the order may say that it is urgent; nothing else of the transfer changes.
        self.sudo().picking_ids.filtered(
            lambda picking: picking.aftersales_kind == 'issue' and picking.state not in ('done', 'cancel')
        ).priority = '1'
        return True

    def action_ask_part(self, product_id, quantity=1.0, urgent=False, note=None):
        """Ask for a part that is not on the order yet (RPC of the technician's desk).

        :return: {'id': request, 'free': what is free now}
        """
        product = self.env['product.product'].browse(product_id).exists()
        if not product or product.type != 'consu' or quantity <= 0:
            raise coded_error('PAR-44', self.env._("Choose a part and a quantity above zero."))
        request = self._ask_part(product, quantity, urgent, note)
        return {'id': request.id, 'free': request.free_qty}

    def action_view_pickings(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Parts Transfers"),
            'res_model': 'stock.picking',
            'view_mode': 'list,form',
            'domain': [('aftersales_order_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_view_part_requests(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Part Requests"),
            'res_model': 'aftersales.part.request',
            'view_mode': 'list,form',
            'domain': [('order_id', '=', self.id)],
            'context': {'create': False},
        }

    # === CARRY OVER === #

    def _after_carry_over(self, job, new, lines):
        result = super()._after_carry_over(job, new, lines)
        self._carry_over_parts_sudo(new.order_id, lines)
        return result

    def _carry_over_parts_sudo(self, follow_up, lines):
        """Move reservations and purchases to the follow-up order; sudo: the right to carry over was checked.

        :param dict lines: `{line: its copy on the follow-up order}`.
        """
        for line, copy in lines.items():
            line = line.sudo()
            moves = opened(
                line.move_ids.filtered(
                    lambda move: move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel')
                )
            )
            if moves:
                former = moves.picking_id
                picking = self.env['stock.picking'].sudo()._aftersales_open_issue(follow_up, follow_up.warehouse_id)
                requests = moves.aftersales_request_id
                moves.write(
                    {'aftersales_order_id': follow_up.id, 'aftersales_line_id': copy.id, 'picking_id': picking.id}
                )
                moves.move_line_ids.picking_id = picking
                requests._guarded().write({'order_id': follow_up.id, 'line_id': copy.id})
                former.filtered(lambda picking: not picking.move_ids).unlink()
            line.purchase_line_ids._guarded_link(copy)
