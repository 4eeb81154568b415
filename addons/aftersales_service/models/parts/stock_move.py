import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..base.errors import coded_error
from .guard import QUIET, closed, is_open, opened

_logger = logging.getLogger(__name__)

LINKS = {'aftersales_order_id', 'aftersales_line_id', 'aftersales_request_id'}
# Places where parts become cost: of an order, of a team.
CONSUMING = ('workshop', 'consumption')
DONE_FACTS = LINKS | {
    'product_id',
    'product_uom_qty',
    'product_uom',
    'quantity',
    'picked',
    'state',
    'value',
    'value_manual',
    'price_unit',
    'location_id',
    'location_dest_id',
    'picking_id',
    'picking_type_id',
    'company_id',
    'origin_returned_move_id',
    'restrict_partner_id',
    'account_move_id',
    'lot_ids',
    'move_line_ids',
}


class StockMove(models.Model):
    _inherit = 'stock.move'

    # Copied on purpose: back-orders and Odoo's returns are copies and must stay with their order line. A transfer
    # duplicated by hand keeps them too and meets the gates when it is validated.
    aftersales_order_id = fields.Many2one(
        'aftersales.repair.order',
        "Repair Order",
        index='btree_not_null',
        readonly=True,
        ondelete='restrict',
        check_company=True,
    )
    aftersales_line_id = fields.Many2one(
        'aftersales.repair.line',
        "Repair Line",
        index='btree_not_null',
        readonly=True,
        ondelete='restrict',
        check_company=True,
    )
    aftersales_request_id = fields.Many2one(
        'aftersales.part.request',
        "Part Request",
        index='btree_not_null',
        readonly=True,
        ondelete='set null',
        check_company=True,
    )
    aftersales_kind = fields.Selection(related='picking_type_id.aftersales_kind', string="After-Sales Kind", store=True)

    aftersales_team_id = fields.Many2one(
        related='picking_id.aftersales_team_id', string="Team", store=True, index='btree_not_null'
    )
    aftersales_cost = fields.Monetary(
        "Cost",
        currency_field='company_currency_id',
        compute='_compute_aftersales_cost',
        store=True,
        groups='aftersales_service.group_parts_manager,aftersales_service.group_accountant',
        help="Value of what went to an order or a team; what came back counts below zero.",
    )

    # === COMPUTE METHODS === #

    @api.depends('value', 'state', 'is_out', 'is_in', 'aftersales_kind')
    def _compute_aftersales_cost(self):
        for move in self:
            counts = move.aftersales_kind and move.state == 'done'
            move.aftersales_cost = (move.value if move.is_out else -move.value) if counts else 0.0

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self):
            for vals in vals_list:
                # Only validation makes a move done: what is born done would skip every gate.
                if vals.get('state') == 'done' and (
                    LINKS & {name for name in vals if vals[name]} or self._is_shop_type(vals)
                ):
                    raise coded_error(
                        'PAR-02',
                        self.env._(
                            "Parts of a repair order move by an issue or a return of the parts room, never by a record that is "
                            "created as done. Open the order and request the part.",
                        ),
                    )
        return super().create(vals_list)

    def write(self, vals):
        if not is_open(self):
            if LINKS & vals.keys():
                for move in self:
                    if any(move[name].id != vals[name] for name in LINKS & vals.keys()):
                        raise coded_error(
                            'PAR-03',
                            self.env._(
                                "The repair order of %(move)s cannot be changed by hand. Cancel the "
                                "transfer and request the part "
                                "from the right order.",
                                move=move.display_name,
                            ),
                        )
            if DONE_FACTS & vals.keys():
                self._aftersales_refuse_done_edit()
            if vals.get('state') == 'done' and (shop := self._aftersales_shop_moves()):
                raise coded_error(
                    'PAR-02',
                    self.env._(
                        "%(move)s becomes done only when the parts keeper validates the transfer.",
                        move=shop[0].display_name,
                    ),
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_aftersales_done(self):
        self._aftersales_refuse_done_edit()

    @api.model
    def _is_shop_type(self, vals):
        picking_type = self.env['stock.picking.type'].browse(vals.get('picking_type_id') or False)
        return bool(picking_type.aftersales_kind)

    # === CORE HOOKS === #

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        # Two order lines with the same product stay two moves, or the second loses its line and its payer.
        return super()._prepare_merge_moves_distinct_fields() + ['aftersales_line_id', 'aftersales_request_id']

    def _set_value(self, correction_quantity=None):
        if not is_open(self) and self.filtered('aftersales_order_id'):
            # Odoo's own valuation may write the value of a done return; nobody else may.
            return super(StockMove, opened(self))._set_value(correction_quantity=correction_quantity)
        return super()._set_value(correction_quantity=correction_quantity)

    def _get_account_move_line_vals(self):
        vals_list = super()._get_account_move_line_vals()
        if self.aftersales_order_id:
            for vals in vals_list:
                vals.update(self._aftersales_account_link())
        return vals_list

    def _aftersales_account_link(self):
        """Return what the journal items of an issue or return know of the order."""
        self.ensure_one()
        order = self.aftersales_order_id
        return {
            'aftersales_order_id': order.id,
            'aftersales_line_id': self.aftersales_line_id.id,
            'partner_id': order.partner_id.commercial_partner_id.id,
        }

    def _action_done(self, cancel_backorder=False):
        """Let goods reach or leave a workshop only through the gates of their repair orders (R-PART-06, R-PART-17).

        Done per company in that company's environment: core would take the accounts of the user's current one.
        """
        self._aftersales_check_old_parts()
        self._aftersales_check_hazardous_places()
        receipts = self._aftersales_check_receipts()
        shop = self._aftersales_shop_moves()
        if not shop:
            done = super()._action_done(cancel_backorder=cancel_backorder)
            receipts._aftersales_mark_lots_sudo()
            return done
        done = self.browse()
        for company, moves in self.grouped('company_id').items():
            moves = moves.with_company(company)
            (moves & shop)._aftersales_before_done()
            moves = opened(moves).with_context(**QUIET)
            done |= super(StockMove, moves)._action_done(cancel_backorder=cancel_backorder)
        done = done.with_env(self.env)
        (done & shop)._aftersales_after_done()
        return done

    def _push_apply(self):
        # What reaches a workshop is built in there, what comes back goes on its shelf: no rule pushes it on.
        return super(StockMove, self.filtered(lambda move: not move.aftersales_kind))._push_apply()

    def _trigger_assign(self):
        # Nobody waits for goods in a workshop.
        moves = self.filtered(lambda move: move.location_dest_id.aftersales_role != 'workshop')
        waiting = moves._aftersales_waiting_sudo()
        if waiting is not None:
            if not waiting:
                # Odoo would search once more for what is not there.
                return None
            waiting._aftersales_assign_by_promise()
        return super(StockMove, moves)._trigger_assign()

    def _aftersales_waiting_sudo(self):
        """Return the moves that wait for what came in; None where reservation by itself is switched off.

        sudo: whoever receives goods need not see repair orders.
        """
        if not self or self.env['ir.config_parameter'].sudo().get_param('stock.picking_no_auto_reserve'):
            return None
        places = (self.move_line_ids.location_dest_id | self.location_dest_id).filtered(
            lambda place: place.usage in ('internal', 'transit')
        )
        return self.sudo().search(
            [
                ('state', 'in', ('confirmed', 'partially_available')),
                ('product_id', 'in', self.product_id.ids),
                ('location_id', 'parent_of', places.ids),
            ]
        )

    def _aftersales_assign_by_promise(self):
        """Give what came in to the orders that wait, urgent ones first, then by promise; tell their advisors."""
        last = fields.Datetime.now().replace(year=9999)
        issues = self.filtered(lambda move: move.aftersales_kind == 'issue' and move.aftersales_order_id).sorted(
            lambda move: (move.priority != '1', move.aftersales_order_id.promised_at or last, move.id)
        )
        issues._action_assign()
        issues.filtered(lambda move: move.state == 'assigned').aftersales_request_id._arrive()

    # === GUARDS === #

    def _aftersales_shop_moves(self):
        """Return the moves that touch a workshop, an order or our operation types."""
        return self.filtered(
            lambda move: (
                move.aftersales_order_id
                or move.aftersales_kind
                or move.location_id.aftersales_role in CONSUMING
                or move.location_dest_id.aftersales_role in CONSUMING
                or any(
                    line.location_id.aftersales_role in CONSUMING or line.location_dest_id.aftersales_role in CONSUMING
                    for line in move.move_line_ids
                )
            )
        )

    def _aftersales_check_receipts(self):
        """Let parts from a vendor in only as they were accepted: quantity, quality, by whom (R-PART-01, R-PART-13).

        :return: the moves concerned.
        :raise UserError: PAR-63 to PAR-65
        """
        moves = self.filtered(
            lambda move: (
                move.state not in ('done', 'cancel')
                and move.picking_id
                and move.location_id.usage == 'supplier'
                and move.product_id.aftersales_is_part
                and move.picked
                and move.quantity > 0
            )
        )
        if moves:
            by_picking = self.env['aftersales.receipt.check']._of_pickings_sudo(moves.picking_id)
            checks = self.env['aftersales.receipt.check'].sudo().concat(*by_picking.values())
            checks.with_context(aftersales_received_move_ids=tuple(moves.ids))._ensure_no_blockers('received')
            checks._skip()
        return moves

    def _aftersales_mark_lots_sudo(self):
        """Keep grade and vendor on the numbers received; sudo: lots belong to the goods, the receipt was checked."""
        lines = self.sudo().move_line_ids.filtered(lambda line: line.lot_id and not line.lot_id.aftersales_vendor_id)
        if not lines:
            return
        grades = {
            line.move_id: line.grade
            for line in self.env['aftersales.receipt.check.line'].sudo().search([('move_id', 'in', self.ids)])
        }
        for line in lines:
            line.lot_id.write(
                {
                    'aftersales_vendor_id': line.picking_id.partner_id.id,
                    'aftersales_grade': grades.get(line.move_id) or line.product_id.aftersales_grade,
                }
            )

    def _aftersales_check_hazardous_places(self):
        """Oils, batteries and the like only where they are allowed (R-PART-14); bites once such a place is named.

        :raise UserError: PAR-75
        """
        lines = self.move_line_ids.filtered(
            lambda line: (
                line.product_id.aftersales_hazardous
                and line.location_dest_id.usage == 'internal'
                and not line.location_dest_id.aftersales_role
                and not line.location_dest_id._aftersales_takes_hazardous()
            )
        )
        for company, group in lines.grouped('company_id').items():
            level = company._aftersales_gate('hazardous_place')
            allowed = company._aftersales_hazardous_places_sudo() if level != 'off' else False
            if not allowed:
                continue
            message = self.env._(
                "%(part)s is hazardous and must not lie in %(place)s. Allowed: %(allowed)s.",
                part=group[0].product_id.display_name,
                place=group[0].location_dest_id.display_name,
                allowed=", ".join(allowed.mapped('display_name')),
            )
            if level != 'warn':
                raise coded_error('PAR-75', message)
            for picking in group.picking_id:
                picking.message_post(body=message)

    def _aftersales_check_old_parts(self):
        """Old parts always belong to somebody else: without an owner they would be worth money in our stock.

        :raise UserError: PAR-62
        """
        for move in self:
            for line in move.move_line_ids:
                if line.location_dest_id.aftersales_role != 'old_parts' or not line.picked:
                    continue
                owner = line.owner_id or move.restrict_partner_id or move.picking_id.owner_id
                if not owner or owner == move.company_id.partner_id:
                    raise coded_error(
                        'PAR-62',
                        self.env._(
                            "%(product)s goes to %(location)s without an owner. Enter whose part it is: the customer's, the "
                            "manufacturer's or the insurer's.",
                            product=move.product_id.display_name,
                            location=line.location_dest_id.display_name,
                        ),
                    )

    def _aftersales_refuse_done_edit(self):
        """Refuse to change what was issued or taken back: the ledger would no longer agree with the goods.

        :raise UserError: PAR-04
        """
        if is_open(self):
            return
        for move in self:
            if move.state == 'done' and (move.aftersales_order_id or move.aftersales_kind):
                raise coded_error(
                    'PAR-04',
                    self.env._(
                        "%(product)s of %(transfer)s was issued or taken back and stays as it is. Return it through the order, "
                        "then issue again.",
                        product=move.product_id.display_name,
                        transfer=move.reference or move.picking_id.name,
                    ),
                )

    def _aftersales_before_done(self):
        """Check everything at once before goods move; one company per call.

        :raise UserError: PAR-05 to PAR-17, or the first blocker of target `issue`
        """
        todo = self.filtered(lambda move: move.state not in ('done', 'cancel') and move.picked and move.quantity > 0)
        if not todo:
            return
        self.env['stock.picking']._aftersales_ensure_keeper()
        issues, returns, consumed = self.browse(), self.browse(), self.browse()
        for move in todo:
            direction = move._aftersales_direction()
            if direction == 'issue':
                issues |= move
            elif direction == 'consume':
                consumed |= move
            else:
                returns |= move
        (todo - consumed).filtered(lambda move: move.aftersales_kind != 'consume')._aftersales_check_links()
        todo.picking_id._aftersales_leave_locked_period()
        if issues:
            issues._aftersales_check_issue()
        if returns:
            returns._aftersales_check_return()
        if consumed:
            consumed._aftersales_check_consumption()
        todo.picking_id._aftersales_stamp()

    def _aftersales_direction(self):
        """Return `issue` or `return` by where the goods really go.

        :raise UserError: PAR-05 any other way in or out of a workshop, PAR-06 a scrap
        """
        self.ensure_one()
        sources = self.move_line_ids.location_id or self.location_id
        targets = self.move_line_ids.location_dest_id or self.location_dest_id
        from_shop = set(sources.mapped('aftersales_role')) == {'workshop'}
        to_shop = set(targets.mapped('aftersales_role')) == {'workshop'}
        if self.scrap_id or set(targets.mapped('usage')) == {'inventory'}:
            raise coded_error(
                'PAR-06',
                self.env._(
                    "%(product)s is in the workshop and belongs to an order's cost: it cannot be "
                    "scrapped there. Return it to the "
                    "Hold location first and scrap it there.",
                    product=self.product_id.display_name,
                ),
            )
        to_team = set(targets.mapped('aftersales_role')) == {'consumption'}
        from_team = set(sources.mapped('aftersales_role')) == {'consumption'}
        if self.aftersales_kind == 'consume' and to_team and set(sources.mapped('usage')) == {'internal'}:
            return 'consume'
        if self.aftersales_kind == 'consume' and from_team and set(targets.mapped('usage')) == {'internal'}:
            return 'return'
        if self.aftersales_kind == 'issue' and to_shop and set(sources.mapped('usage')) == {'internal'}:
            return 'issue'
        if self.aftersales_kind == 'return' and from_shop and set(targets.mapped('usage')) == {'internal'}:
            return 'return'
        raise coded_error(
            'PAR-05',
            self.env._(
                "%(product)s: goods go into a workshop only by an issue to a repair order and come back only by its return. "
                "Use the parts of the order.",
                product=self.product_id.display_name,
            ),
        )

    def _aftersales_check_links(self):
        """Each move belongs to one line of one open order of its own company, and is the part the line asks for."""
        for move in self:
            order, line = move.aftersales_order_id, move.aftersales_line_id
            if not order or not line or line.order_id != order or order.company_id != move.company_id:
                raise coded_error(
                    'PAR-07',
                    self.env._(
                        "%(product)s in %(transfer)s belongs to no repair order. Request the part "
                        "from the order; it appears in "
                        "“To issue”.",
                        product=move.product_id.display_name,
                        transfer=move.picking_id.name or move.reference or "",
                    ),
                )
            if line.product_id != move.product_id:
                raise coded_error(
                    'PAR-08',
                    self.env._(
                        "%(order)s asks for %(asked)s, not for %(product)s. Change the part on the "
                        "order line first, so that the "
                        "customer pays for what is built in.",
                        order=order.name,
                        asked=line.product_id.display_name,
                        product=move.product_id.display_name,
                    ),
                )
            owners = (
                (move.move_line_ids.owner_id | move.restrict_partner_id) - move.company_id.partner_id - order.partner_id
            )
            if owners:
                raise coded_error(
                    'PAR-09',
                    self.env._(
                        "%(product)s is the property of %(owner)s and cannot be built into %(order)s.",
                        product=move.product_id.display_name,
                        owner=owners[0].display_name,
                        order=order.name,
                    ),
                )

    def _aftersales_check_issue(self):
        """Gates of the orders, valuation mode, quantity asked and quantity on hand."""
        orders = self.aftersales_order_id
        # sudo: the gates read the whole order; the keeper's right to issue was checked.
        orders.sudo().with_context(aftersales_issue_move_ids=tuple(self.ids))._ensure_no_blockers('issue')
        self._aftersales_check_valuation()
        for line, moves in self.grouped('aftersales_line_id').items():
            asked = sum(
                move.product_uom._compute_quantity(move.quantity, line.product_uom_id, rounding_method='HALF-UP')
                for move in moves
            )
            if line.product_uom_id.compare(line.net_issued_qty + asked, line.quantity) > 0:
                raise coded_error(
                    'PAR-10',
                    self.env._(
                        "%(order)s needs %(needed)s %(unit)s of %(product)s; %(issued)s are issued "
                        "and %(asked)s more would be too many. "
                        "Raise the quantity on the order line first.",
                        order=line.order_id.name,
                        needed=line.quantity,
                        unit=line.product_uom_id.name,
                        product=line.product_id.display_name,
                        issued=line.net_issued_qty,
                        asked=asked,
                    ),
                )
        self._aftersales_check_on_hand()

    def _aftersales_check_consumption(self):
        """Consumables go to a team and to a named person, never to an order (R-PART-22).

        :raise UserError: PAR-79 no team, no person, or an order; PAR-11 to PAR-13
        """
        for move in self:
            picking = move.picking_id
            if move.aftersales_order_id or not picking.aftersales_team_id or not picking.aftersales_receiver_id:
                raise coded_error(
                    'PAR-79',
                    self.env._(
                        "%(product)s: say which team uses it up and who takes it. Parts for a car go through its order.",
                        product=move.product_id.display_name,
                    ),
                )
        self._aftersales_check_valuation()
        self._aftersales_check_on_hand()

    def _aftersales_check_valuation(self):
        """With a work-in-progress account every part must be valued perpetually, or the account would not clear.

        :raise UserError: PAR-11
        """
        company = self.company_id
        if not company._aftersales_wip_account():
            return
        for product in self.product_id.with_company(company):
            if product.is_storable and product.valuation != 'real_time':
                raise coded_error(
                    'PAR-11',
                    self.env._(
                        "%(product)s is in category %(category)s, which is valued periodically, "
                        "while %(company)s books work in "
                        "progress. Set the category to perpetual valuation (the set-up check lists all of them).",
                        product=product.display_name,
                        category=product.categ_id.display_name,
                        company=company.display_name,
                    ),
                )
        for product in self.product_id.with_company(company).filtered('is_storable'):
            if not product._get_product_accounts()['stock_valuation']:
                raise coded_error(
                    'PAR-12',
                    self.env._(
                        "Category %(category)s of %(product)s has no stock valuation account. Set it before issuing.",
                        category=product.categ_id.display_name,
                        product=product.display_name,
                    ),
                )

    def _aftersales_check_on_hand(self):
        """Never issue what is not there: the value of goods received later would be lost for the order for good.

        :raise UserError: PAR-13
        """
        lines = self.move_line_ids.filtered(lambda line: line.picked and line.product_id.is_storable)
        quants = self._aftersales_lock_quants(lines.product_id, lines.location_id)
        needed = defaultdict(float)
        for line in lines:
            place = (line.product_id.id, line.location_id.id, line.package_id.id or None, line.owner_id.id or None)
            needed[(place, None)] += line.quantity_product_uom
            if line.lot_id:
                needed[(place, line.lot_id.id)] += line.quantity_product_uom
        on_hand = defaultdict(float)
        for product_id, location_id, package_id, owner_id, lot_id, quantity in quants:
            place = (product_id, location_id, package_id, owner_id)
            on_hand[(place, None)] += quantity
            if lot_id:
                on_hand[(place, lot_id)] += quantity
        for (place, lot_id), quantity in needed.items():
            product = self.env['product.product'].browse(place[0])
            if product.uom_id.compare(quantity, on_hand[(place, lot_id)]) > 0:
                raise coded_error(
                    'PAR-13',
                    self.env._(
                        "Only %(on_hand)s %(unit)s of %(product)s are on hand in %(location)s, not "
                        "%(quantity)s. Receive the goods "
                        "first, or issue what is there.",
                        on_hand=on_hand[(place, lot_id)],
                        unit=product.uom_id.name,
                        product=product.display_name,
                        location=self.env['stock.location'].browse(place[1]).display_name,
                        quantity=quantity,
                    ),
                )

    @api.model
    def _aftersales_lock_quants(self, products, locations):
        """Lock the stock of products in the order of their ids and return it.

        A second keeper waits here; once the first has committed, the database asks to repeat the request, and Odoo
        does. Core alone would step around a locked row and make a second one.

        :return: rows (product, location, package, owner, lot, quantity)
        :rtype: list[tuple]
        """
        if not products or not locations:
            return []
        self.env['stock.quant'].flush_model()
        return self.env.execute_query(
            SQL(
                "SELECT product_id, location_id, package_id, owner_id, lot_id, quantity FROM stock_quant "
                "WHERE product_id IN %s AND location_id IN %s ORDER BY id FOR NO KEY UPDATE",
                tuple(products.ids),
                tuple(locations.ids),
            )
        )

    @api.model
    def _aftersales_lock_shelf(self, products, place):
        """Lock the stock of products in a place and below it before it is reserved."""
        if not products:
            return
        self.env['stock.quant'].flush_model()
        self.env.execute_query(
            SQL(
                "SELECT q.id FROM stock_quant q JOIN stock_location l ON l.id = q.location_id "
                "WHERE q.product_id IN %s AND l.parent_path LIKE %s ORDER BY q.id FOR NO KEY UPDATE OF q",
                tuple(products.ids),
                f'{place.parent_path}%',
            )
        )

    def _aftersales_check_return(self):
        """Never take back more than was issued, from the very issue it came from (R-PART-17).

        :raise UserError: PAR-14 no origin, PAR-15 more than issued, PAR-16 another serial number
        """
        origins = self.origin_returned_move_id
        if origins:
            origins.flush_recordset()
            self.env.execute_query(
                SQL("SELECT id FROM stock_move WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(origins.ids))
            )
            origins.invalidate_recordset(['returned_move_ids'])
        for move in self:
            origin = move.origin_returned_move_id
            if (
                origin.state != 'done'
                or origin.aftersales_kind not in ('issue', 'consume')
                or origin.product_id != move.product_id
                or origin.aftersales_line_id != move.aftersales_line_id
            ):
                raise coded_error(
                    'PAR-14',
                    self.env._(
                        "%(product)s in %(transfer)s comes from no issue. Use “Take back” on the order line or on the issue.",
                        product=move.product_id.display_name,
                        transfer=move.picking_id.name or "",
                    ),
                )
        for origin, moves in self.grouped('origin_returned_move_id').items():
            before = origin.returned_move_ids.filtered(lambda move: move.state == 'done')
            uom = origin.product_id.uom_id
            back = sum((before | moves).mapped(lambda move: move._aftersales_qty()))
            if uom.compare(back, origin._aftersales_qty()) > 0:
                raise coded_error(
                    'PAR-15',
                    self.env._(
                        "%(order)s got %(issued)s %(unit)s of %(product)s with %(transfer)s; %(back)s cannot come back.",
                        order=(origin.aftersales_order_id or origin.aftersales_team_id).display_name,
                        issued=origin._aftersales_qty(),
                        unit=uom.name,
                        product=origin.product_id.display_name,
                        transfer=origin.reference,
                        back=back,
                    ),
                )
            if origin.product_id.tracking != 'none':
                out, taken = defaultdict(float), defaultdict(float)
                for line in origin.move_line_ids:
                    out[line.lot_id] += line.quantity_product_uom
                for line in (before | moves).move_line_ids:
                    taken[line.lot_id] += line.quantity_product_uom
                for lot, quantity in taken.items():
                    if uom.compare(quantity, out[lot]) > 0:
                        raise coded_error(
                            'PAR-16',
                            self.env._(
                                "Number %(lot)s of %(product)s was not issued with %(transfer)s. Take back the one that was.",
                                lot=lot.name or "-",
                                product=origin.product_id.display_name,
                                transfer=origin.reference,
                            ),
                        )

    def _aftersales_qty(self):
        """Return the moved quantity in the product's unit."""
        self.ensure_one()
        return self.product_uom._compute_quantity(self.quantity, self.product_id.uom_id, rounding_method='HALF-UP')

    def _aftersales_after_done(self):
        """Tell the orders: their state and their papers may change."""
        orders = closed(self).sudo().aftersales_order_id
        for order, moves in self.grouped('aftersales_order_id').items():
            _logger.info("parts moved: order %s, %d moves", order.id, len(moves))
        orders._advance()
