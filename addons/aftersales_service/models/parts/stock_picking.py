from collections import defaultdict

from odoo import api, fields, models

from ..base.errors import coded_error
from .guard import QUIET, closed, is_open, opened

STAMPS = {'aftersales_keeper_id', 'aftersales_keeper_at', 'aftersales_received_at'}


class StockPicking(models.Model):
    _inherit = 'stock.picking'

    # Copied: back-orders and returns stay with the order.
    aftersales_order_id = fields.Many2one(
        'aftersales.repair.order',
        "Repair Order",
        index='btree_not_null',
        readonly=True,
        ondelete='restrict',
        check_company=True,
    )
    aftersales_kind = fields.Selection(
        related='picking_type_id.aftersales_kind', string="After-Sales Kind", store=True, index='btree_not_null'
    )
    aftersales_promised_at = fields.Datetime(
        related='aftersales_order_id.promised_at',
        string="Promised",
        store=True,
        index='btree_not_null',
    )
    aftersales_license_plate = fields.Char(
        related='aftersales_order_id.license_plate', string="Plate", store=True, index='btree_not_null'
    )
    aftersales_customer_place = fields.Selection(related='aftersales_order_id.customer_place', string="Customer")
    aftersales_team_id = fields.Many2one(
        'aftersales.team',
        "Team",
        index='btree_not_null',
        readonly=True,
        ondelete='restrict',
        check_company=True,
        help="Uses up these consumables without an order.",
    )
    # The two stamps of R-PART-06.
    aftersales_requested_by_id = fields.Many2one('hr.employee', "Requested By", readonly=True, check_company=True)
    aftersales_receiver_id = fields.Many2one(
        'hr.employee',
        "Received By",
        copy=False,
        tracking=True,
        check_company=True,
        help="Who takes the parts from the keeper (or the keeper's counterpart on a return); by badge or chosen.",
    )
    aftersales_received_at = fields.Datetime("Received At", copy=False, readonly=True)
    aftersales_keeper_id = fields.Many2one('hr.employee', "Keeper", copy=False, readonly=True, check_company=True)
    aftersales_keeper_at = fields.Datetime("Keeper's Stamp", copy=False, readonly=True)
    aftersales_ready_count = fields.Integer("Parts Ready", compute='_compute_aftersales_counts')
    aftersales_part_count = fields.Integer("Parts Asked", compute='_compute_aftersales_counts')
    aftersales_parts_label = fields.Char(
        "Parts", compute='_compute_aftersales_counts', help="Parts ready of parts asked for."
    )

    # === COMPUTE METHODS === #

    @api.depends('move_ids.state')
    def _compute_aftersales_counts(self):
        for picking in self:
            moves = picking.move_ids.filtered(lambda move: move.state != 'cancel')
            picking.aftersales_part_count = len(moves)
            picking.aftersales_ready_count = len(moves.filtered(lambda move: move.state in ('assigned', 'done')))
            picking.aftersales_parts_label = f'{picking.aftersales_ready_count}/{picking.aftersales_part_count}'

    # === CRUD METHODS === #

    def write(self, vals):
        if not is_open(self):
            facts = (STAMPS | {'aftersales_order_id', 'aftersales_requested_by_id', 'aftersales_team_id'}) & vals.keys()
            if 'aftersales_receiver_id' in vals and any(picking.state == 'done' for picking in self):
                facts = facts | {'aftersales_receiver_id'}
            for picking in self:
                if any(picking._fields[name].convert_to_write(picking[name], picking) != vals[name] for name in facts):
                    raise coded_error(
                        'PAR-18',
                        self.env._(
                            "The order and the stamps of %(transfer)s are recorded when it is asked "
                            "for and handed over; they cannot "
                            "be written by hand.",
                            transfer=picking.name,
                        ),
                    )
        return super().write(vals)

    # === CORE HOOKS === #

    def button_validate(self):
        if self.filtered('aftersales_kind'):
            self._aftersales_ensure_keeper()
        return super().button_validate()

    def message_post_with_source(self, source_ref, **kwargs):
        if self.env.context.get('aftersales_quiet_return'):
            # The smart buttons link a return and its issue already; a note in both chatters costs ten queries.
            return self.env['mail.message']
        return super().message_post_with_source(source_ref, **kwargs)

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        order = backorder.aftersales_order_id
        if self.aftersales_kind and order and order._parts_receiver_by_default():
            backorder.aftersales_receiver_id = self.aftersales_receiver_id
        return backorder

    # === ACTIONS === #

    def action_aftersales_issue(self):
        """Hand over what is reserved; the rest stays on a back-order."""
        self.ensure_one()
        if self.state == 'done':
            raise self._aftersales_done_error()
        if action := self._aftersales_gate_action():
            return action
        self._aftersales_issue(self.aftersales_receiver_id)
        return True

    def action_aftersales_take_back(self):
        """Put announced parts back on the shelf."""
        for picking in self:
            picking._aftersales_take_back(picking.aftersales_receiver_id)
        return True

    def action_aftersales_accept(self):
        """Open the acceptance of a delivery, everything proposed as complete and in order."""
        self.ensure_one()
        self._aftersales_ensure_keeper()
        check = self._aftersales_acceptance_sudo()
        return check._get_records_action()

    def _aftersales_acceptance_sudo(self, moves=None, counted=None):
        """Return the acceptance of this delivery with its open moves on it; sudo: the keeper's right was checked."""
        self.ensure_one()
        check = self.env['aftersales.receipt.check']._of_pickings_sudo(self)[self]
        if check.state == 'draft':
            if moves is None:
                moves = self.move_ids.filtered(
                    lambda move: move.state not in ('done', 'cancel') and move not in check.line_ids.move_id
                )
            check._add_moves(moves, counted)
        return check.with_env(self.env)

    def action_aftersales_view_order(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'aftersales.repair.order',
            'view_mode': 'form',
            'res_id': self.aftersales_order_id.id,
        }

    def action_aftersales_print_slip(self):
        return self.env.ref('aftersales_service.parts_issue_slip_report').report_action(self)

    def action_aftersales_print_picking(self):
        return self.env.ref('aftersales_service.parts_picking_report').report_action(self)

    @api.model
    def aftersales_badge(self, barcode):
        """Return the employee of a badge for the scan field of the counter (RPC).

        :param str barcode: what the scanner read.
        :return: {'id': int, 'name': str} or False when nobody has this badge.
        """
        self._aftersales_ensure_keeper()
        return self._aftersales_badge_sudo(barcode)

    @api.model
    def _aftersales_badge_sudo(self, barcode):
        """sudo: badges are readable by personnel only; nothing but the person's id and name leaves."""
        if not barcode:
            return False
        employee = (
            self.env['hr.employee']
            .sudo()
            .search(
                [('barcode', '=', barcode), ('company_id', 'in', self.env.companies.ids)],
                limit=1,
            )
        )
        return {'id': employee.id, 'name': employee.name} if employee else False

    def aftersales_scan(self, barcode):
        """Take one scan at the counter: a part of this transfer or a badge (RPC).

        A part counts one piece up to what is reserved; a badge names the receiver.

        :param str barcode: what the scanner read.
        :return: {'kind': 'part'|'badge'|'unknown', 'move_id', 'scanned', 'asked', 'complete', 'name'}
        """
        self.ensure_one()
        self._aftersales_ensure_keeper()
        if self.state in ('done', 'cancel'):
            raise self._aftersales_done_error()
        moves = self.move_ids.filtered(
            lambda move: (
                move.state not in ('done', 'cancel')
                and barcode in (move.product_id.barcode, move.product_id.default_code)
            )
        )
        if moves:
            move = moves.filtered(lambda move: not move.picked)[:1] or moves[:1]
            if not move.quantity:
                raise coded_error(
                    'PAR-19',
                    self.env._(
                        "%(product)s is not in stock for %(transfer)s. Receive it first.",
                        product=move.product_id.display_name,
                        transfer=self.name,
                    ),
                )
            move.picked = True
            live = self.move_ids.filtered(lambda move: move.state not in ('done', 'cancel') and move.quantity)
            return {
                'kind': 'part',
                'move_id': move.id,
                'name': move.product_id.display_name,
                'asked': move.quantity,
                'scanned': len(live.filtered('picked')),
                'complete': all(live.mapped('picked')),
            }
        if employee := self._aftersales_badge_sudo(barcode):
            self.aftersales_receiver_id = employee['id']
            return {'kind': 'badge', **employee}
        return {'kind': 'unknown', 'name': barcode}

    # === BUSINESS METHODS === #

    @api.model
    def _aftersales_ensure_keeper(self):
        """Only keepers and their managers move parts (R-PERM-05).

        :raise UserError: PAR-17
        """
        if not self.env.su and not self.env.user.has_group('aftersales_service.group_parts_keeper'):
            raise coded_error(
                'PAR-17',
                self.env._(
                    "Only a parts keeper issues parts or takes them back. Ask the parts room.",
                ),
            )

    @api.model
    def _aftersales_open_issue(self, orders, warehouse):
        """Return the open issue of each order in a warehouse; makes the missing ones.

        :rtype: recordset, one transfer an order
        """
        issue_type = warehouse.aftersales_issue_type_id
        found = {}
        for picking in self.search(
            [
                ('aftersales_order_id', 'in', orders.ids),
                ('picking_type_id', '=', issue_type.id),
                ('state', 'not in', ('done', 'cancel')),
            ],
            order='id desc',
        ):
            found[picking.aftersales_order_id] = picking
        requester = self.env.user.employee_id
        created = self.with_context(**QUIET).create(
            [
                {
                    'picking_type_id': issue_type.id,
                    'location_id': issue_type.default_location_src_id.id,
                    'location_dest_id': issue_type.default_location_dest_id.id,
                    'partner_id': order.partner_id.id,
                    'origin': order.name,
                    'user_id': False,
                    'aftersales_order_id': order.id,
                    'aftersales_requested_by_id': requester.id,
                    'aftersales_receiver_id': requester.id if order._parts_receiver_by_default() else False,
                }
                for order in orders
                if order not in found
            ]
        )
        return self.concat(
            *(picking for order, picking in found.items() if order in orders), created.with_env(self.env)
        )

    @api.model
    def _aftersales_consume(self, team, receiver, items, warehouse=None, note=None):
        """Hand consumables to a team, at once and without an order; cost of the team (R-PART-22).

        :param team: aftersales.team.
        :param receiver: hr.employee who takes them.
        :param list items: tuples `(product, quantity in the product's unit)`.
        :rtype: recordset of stock.picking, done
        :raise UserError: PAR-17, PAR-79 nobody or nothing, PAR-13 not there
        """
        self._aftersales_ensure_keeper()
        if not team or not receiver or not items or any(quantity <= 0 for _product, quantity in items):
            raise coded_error(
                'PAR-79', self.env._("Choose the team and scan what it takes and the badge of who takes it.")
            )
        warehouse = warehouse or self.env['stock.warehouse'].search([('company_id', '=', team.company_id.id)], limit=1)
        picking_type = warehouse.aftersales_consume_type_id
        products = self.env['product.product'].concat(*(product for product, _quantity in items))
        self.env['stock.move']._aftersales_lock_shelf(products, warehouse.lot_stock_id)
        place = {
            'location_id': picking_type.default_location_src_id.id,
            'location_dest_id': picking_type.default_location_dest_id.id,
            'company_id': team.company_id.id,
        }
        picking = (
            self.with_company(team.company_id)
            .with_context(**QUIET)
            .create(
                {
                    **place,
                    'picking_type_id': picking_type.id,
                    'user_id': False,
                    'origin': note or team.name,
                    'aftersales_team_id': team.id,
                    'aftersales_receiver_id': receiver.id,
                    'aftersales_requested_by_id': receiver.id,
                    'move_ids': [
                        fields.Command.create(
                            {
                                **place,
                                'product_id': product.id,
                                'product_uom': product.uom_id.id,
                                'product_uom_qty': quantity,
                            }
                        )
                        for product, quantity in items
                    ],
                }
            )
        )
        picking.action_confirm()
        picking.action_assign()
        for move in picking.move_ids:
            if move.product_uom.compare(move.quantity, move.product_uom_qty) < 0:
                raise coded_error(
                    'PAR-13',
                    self.env._(
                        "Only %(free)s %(unit)s of %(product)s are free; the rest is kept for orders.",
                        free=move.quantity,
                        unit=move.product_uom.name,
                        product=move.product_id.display_name,
                    ),
                )
        picking.move_ids.picked = True
        picking.with_context(cancel_backorder=False)._action_done()
        return picking

    def _aftersales_issue(self, receiver=None, keeper=None):
        """Validate issues without wizards; several at once are one movement and one entry per company.

        :param receiver: hr.employee who takes the parts; may be empty where the profile allows it.
        :param keeper: hr.employee who hands over; the user's own employee unless given.
        :return: the transfers issued (parts that are missing stay on back-orders).
        :raise UserError: PAR-17, PAR-19 nothing is reserved, PAR-20 already issued, and the gates of `issue`
        """
        self._aftersales_ensure_keeper()
        if done := self.filtered(lambda picking: picking.state in ('done', 'cancel')):
            raise done[0]._aftersales_done_error()
        self._aftersales_set_people(receiver, keeper)
        moves = self.move_ids.filtered(lambda move: move.state not in ('done', 'cancel') and move.quantity > 0)
        empty = self - moves.picking_id
        if empty:
            raise coded_error(
                'PAR-19',
                self.env._(
                    "Nothing of %(transfer)s is in stock yet: %(products)s. Receive the goods first.",
                    transfer=empty[0].name,
                    products=", ".join(empty[0].move_ids.product_id.mapped('display_name')),
                ),
            )
        moves.filtered(lambda move: not move.picked).picked = True
        # The default of our types, but a context key from a client would cancel what is missing.
        self.with_context(cancel_backorder=False)._action_done()
        return self

    def _aftersales_take_back(self, receiver=None, keeper=None):
        """Validate announced returns; the parts are on the shelf again and off the order's cost.

        :param receiver: hr.employee who brings the parts back.
        :param keeper: hr.employee who takes them; the user's own employee unless given.
        """
        self._aftersales_ensure_keeper()
        if done := self.filtered(lambda picking: picking.state in ('done', 'cancel')):
            raise done[0]._aftersales_done_error()
        self._aftersales_set_people(receiver, keeper)
        moves = self.move_ids.filtered(lambda move: move.state not in ('done', 'cancel') and move.quantity > 0)
        moves.picked = True
        self.with_context(cancel_backorder=False)._action_done()
        return self

    def _aftersales_set_people(self, receiver, keeper):
        values = {}
        if receiver:
            values['aftersales_receiver_id'] = receiver.id
        if keeper:
            values['aftersales_keeper_id'] = keeper.id
        if values:
            opened(self).write(values)

    def _aftersales_done_error(self):
        self.ensure_one()
        if self.state == 'cancel':
            return coded_error(
                'PAR-20',
                self.env._("%(transfer)s is cancelled. Request the parts again from the order.", transfer=self.name),
            )
        return coded_error(
            'PAR-20',
            self.env._(
                "%(transfer)s was already handed over by %(keeper)s to %(receiver)s at %(time)s.",
                transfer=self.name,
                keeper=self.aftersales_keeper_id.name or "-",
                receiver=self.aftersales_receiver_id.name or "-",
                time=fields.Datetime.to_string(
                    fields.Datetime.context_timestamp(self, self.date_done).replace(tzinfo=None)
                )
                if self.date_done
                else "-",
            ),
        )

    def _aftersales_gate_action(self):
        """Return the dialog naming every reason why this issue cannot go on, else False."""
        self.ensure_one()
        order = self.aftersales_order_id
        if not order:
            return False
        moves = self.move_ids.filtered(lambda move: move.state not in ('done', 'cancel') and move.quantity > 0)
        return order.with_context(aftersales_issue_move_ids=tuple(moves.ids))._gate_action('issue')

    def _aftersales_leave_locked_period(self):
        """Plan transfers of a locked period for now, or Odoo refuses to validate what was planned before the lock."""
        now = fields.Datetime.now()
        for picking in self:
            if (
                picking.aftersales_kind
                and picking.scheduled_date
                and picking.company_id._get_lock_date_violations(
                    picking.scheduled_date.date(),
                    fiscalyear=True,
                    sale=False,
                    purchase=False,
                    tax=False,
                    hard=True,
                )
            ):
                picking.scheduled_date = now

    def _aftersales_stamp(self):
        """Put both stamps on what is about to be handed over (R-PART-06)."""
        now = fields.Datetime.now()
        groups = defaultdict(lambda: self.env['stock.picking'])
        employee = (
            self.env.user.employee_id
            if any(not picking.aftersales_keeper_id for picking in self)
            else self.env['hr.employee']
        )
        for picking in self:
            values = {'aftersales_keeper_at': now}
            if not picking.aftersales_keeper_id and employee:
                values['aftersales_keeper_id'] = employee.id
            receiver = picking.aftersales_receiver_id
            order = picking.aftersales_order_id
            if not receiver and order and order._parts_receiver_by_default():
                receiver = picking.aftersales_requested_by_id
                values['aftersales_receiver_id'] = receiver.id
            if receiver:
                values['aftersales_received_at'] = now
            groups[tuple(sorted(values.items()))] |= picking
        for values, pickings in groups.items():
            opened(pickings).write(dict(values))

    def _aftersales_return_moves(self, quantities, location=None):
        """Create Odoo's return of this transfer for some moves, not yet validated.

        :param dict quantities: `{issue move: quantity in the move's unit}`.
        :param location: stock.location the parts go to instead of where they came from (Hold).
        :rtype: recordset of stock.picking
        """
        self.ensure_one()
        picking = closed(self).with_company(self.company_id)
        wizard = (
            self.env['stock.return.picking']
            .with_company(self.company_id)
            .with_context(
                **QUIET,
                aftersales_quiet_return=True,
                preserve_state=True,
            )
            .create(
                {
                    'picking_id': picking.id,
                    'product_return_moves': [fields.Command.clear()]
                    + [
                        fields.Command.create(
                            {'product_id': move.product_id.id, 'quantity': quantity, 'move_id': move.id}
                        )
                        for move, quantity in quantities.items()
                    ],
                }
            )
        )
        back = wizard._create_return().with_env(picking.env)
        if location and location != back.location_dest_id:
            back.location_dest_id = location
            back.move_line_ids.location_dest_id = location
        return back
