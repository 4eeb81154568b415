from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesReceiptCheck(models.Model):
    """Acceptance of one delivery: quantity and quality counted by a named person before the goods are ours.

    Made when a keeper begins to accept, or by the system when goods were received without acceptance (state
    *not accepted*, on the keeper's name). Differences to what was ordered stay here until the vendor has settled them.
    """

    _name = 'aftersales.receipt.check'
    _description = "Acceptance of Goods"
    _inherit = ['mail.thread', 'aftersales.guarded.mixin', 'aftersales.gate.mixin']
    _order = 'id desc'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {'picking_id', 'company_id', 'state', 'accepted_at', 'accepted_by_id', 'user_id', 'settled_at', 'settled_by_id'}
    )

    picking_id = fields.Many2one(
        'stock.picking', "Goods Receipt", required=True, readonly=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related='picking_id.partner_id', string="Vendor", store=True, index='btree_not_null')
    origin = fields.Char(related='picking_id.origin', string="Purchase", help="Number of the purchase order.")
    picking_state = fields.Selection(related='picking_id.state', string="Receipt Status", help="Where the delivery stands in stock.")
    line_ids = fields.One2many('aftersales.receipt.check.line', 'check_id', "Parts")
    note = fields.Text(help="State of the packaging, delivery note number, what was told the carrier.")

    # Who and when
    state = fields.Selection(
        [('draft', "To Accept"), ('accepted', "Accepted"), ('skipped', "Received Without Acceptance")],
        default='draft',
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    accepted_by_id = fields.Many2one(
        'hr.employee', "Keeper", readonly=True, check_company=True, help="Who answers for quantity and quality."
    )
    accepted_at = fields.Datetime("Accepted At", readonly=True)
    user_id = fields.Many2one('res.users', "User", readonly=True)

    # Differences
    difference_count = fields.Integer("Differences", compute='_compute_difference_count', store=True)
    settled_at = fields.Datetime("Settled With Vendor", readonly=True, copy=False)
    settled_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    settled_note = fields.Char("How It Was Settled", help="Delivered later, credit note, replaced, accepted.")

    _one_per_receipt = models.UniqueIndex('(picking_id)', "This receipt has its acceptance already.")

    # === COMPUTE METHODS === #

    @api.depends('picking_id.name', 'partner_id.name')
    def _compute_display_name(self):
        for check in self:
            check.display_name = ' · '.join(filter(None, (check.picking_id.name, check.partner_id.name)))

    @api.depends('line_ids.is_different', 'state')
    def _compute_difference_count(self):
        for check in self:
            check.difference_count = len(check.line_ids.filtered('is_different')) if check.state == 'accepted' else 0

    # === GATES === #

    def _blockers(self, target):
        """Targets: `accepted` (the keeper's stamp) and `received` (the goods become ours)."""
        found = super()._blockers(target)
        for check in self:
            if target == 'received':
                found[check] += check._acceptance_blockers()
            if target in ('accepted', 'received'):
                found[check] += check._supplier_blockers()
        return found

    def _received_moves(self):
        """Return the moves about to be received; those of the context while goods move, else all that are picked."""
        self.ensure_one()
        ids = self.env.context.get('aftersales_received_move_ids')
        moves = self.picking_id.move_ids
        return moves.filtered(lambda move: move.id in ids) if ids is not None else moves.filtered('picked')

    def _acceptance_blockers(self):
        """Nobody counted, or more is booked than was counted (R-PART-01)."""
        self.ensure_one()
        if self.state != 'accepted':
            return [
                self._blocker(
                    'receipt_accepted',
                    'PAR-63',
                    self.env._(
                        "%(receipt)s was not accepted: count the goods, look at their condition, and stamp them first.",
                        receipt=self.picking_id.name,
                    ),
                    self._cure_accept(),
                )
            ]
        counted = {line.move_id: line for line in self.line_ids}
        reasons = []
        for move in self._received_moves():
            line = counted.get(move)
            if move.product_id.aftersales_is_part and (
                not line or move.product_uom.compare(move.quantity, line.counted_qty) > 0
            ):
                reasons.append(
                    self._blocker(
                        'receipt_accepted',
                        'PAR-64',
                        self.env._(
                            "%(part)s: %(quantity)s are to be received, %(counted)s were counted.",
                            part=move.product_id.display_name,
                            quantity=move.quantity,
                            counted=line.counted_qty if line else 0,
                        ),
                        self._cure_accept(),
                    )
                )
        return reasons

    def _supplier_blockers(self):
        """Original parts only from sources the parts manager approved (R-PART-13)."""
        self.ensure_one()
        vendor = self.partner_id.commercial_partner_id
        if vendor.aftersales_oem_approved:
            return []
        counted = {line.move_id: line for line in self.line_ids if line.counted_qty > 0}
        original = self.env['product.product']
        for move in self._received_moves() | self.env['stock.move'].concat(*counted):
            grade = counted[move].grade if move in counted else move.product_id.aftersales_grade
            if grade == 'oem':
                original |= move.product_id
        if not original:
            return []
        return [
            self._blocker(
                'oem_supplier',
                'PAR-65',
                self.env._(
                    "%(vendor)s is no approved source of original parts: %(parts)s. Refuse the goods, correct the grade, "
                    "or let the parts manager approve the vendor.",
                    vendor=vendor.display_name or self.env._("A vendor without a name"),
                    parts=", ".join(original.mapped('display_name')),
                ),
                {
                    'label': self.env._("Open the vendor"),
                    'action': {
                        'type': 'ir.actions.act_window',
                        'res_model': 'res.partner',
                        'res_id': vendor.id,
                        'views': [(False, 'form')],
                        'target': 'current',
                    },
                }
                if vendor
                else None,
            )
        ]

    def _cure_accept(self):
        self.ensure_one()
        return {
            'label': self.env._("Accept the goods"),
            'action': {
                'type': 'ir.actions.act_window',
                'res_model': self._name,
                'res_id': self.id,
                'views': [(False, 'form')],
                'target': 'current',
            },
        }

    # === ACTIONS === #

    def action_accept(self):
        """Stamp the acceptance and receive the goods; what is doubtful goes to Hold."""
        self.ensure_one()
        if action := self._gate_action('accepted', 'action_accept'):
            return action
        self._accept()
        return True

    def action_settle(self):
        """Close the differences with the vendor."""
        for check in self:
            if not (check.settled_note or '').strip():
                raise coded_error(
                    'PAR-66',
                    self.env._("Say how the differences of %(receipt)s were settled.", receipt=check.picking_id.name),
                )
        self.env['stock.picking']._aftersales_ensure_keeper()
        self._guarded().write({'settled_at': fields.Datetime.now(), 'settled_by_id': self.env.uid})
        return True

    def action_print_differences(self):
        return self.env.ref('aftersales_service.parts_discrepancy_report').report_action(self)

    def action_view_receipt(self):
        self.ensure_one()
        return self.picking_id._get_records_action()

    # === BUSINESS METHODS === #

    def _accept(self, keeper=None, receive=True):
        """Stamp quantity and quality, put doubtful goods aside and receive the rest (R-PART-01, R-PART-16).

        What was ordered and not counted stays on a back-order.

        :param keeper: hr.employee who answers for it; the user's own unless given.
        :param bool receive: validate the receipt at once.
        :raise UserError: PAR-17, PAR-67 nothing counted or received already, PAR-68 serial numbers, the gates
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        for check in self:
            if check.state != 'draft' or check.picking_id.state in ('done', 'cancel'):
                raise coded_error(
                    'PAR-67',
                    self.env._("%(receipt)s was accepted or received already.", receipt=check.picking_id.name),
                )
            if all(line.product_uom_id.is_zero(line.counted_qty) for line in check.line_ids):
                raise coded_error(
                    'PAR-67', self.env._("Enter what you counted of %(receipt)s.", receipt=check.picking_id.name)
                )
        self._ensure_no_blockers('accepted')
        employee = keeper or self.env.user.employee_id
        self._guarded().write(
            {
                'state': 'accepted',
                'accepted_at': fields.Datetime.now(),
                'accepted_by_id': employee.id,
                'user_id': self.env.uid,
            }
        )
        for check in self:
            check.line_ids._put_down()
        if receive:
            for picking in self.picking_id:
                picking.with_context(cancel_backorder=False)._action_done()

    @api.model
    def _of_pickings_sudo(self, pickings):
        """Return the acceptance of each receipt, making the missing ones; sudo: the keeper's right was checked.

        :rtype: dict  `{stock.picking: aftersales.receipt.check}`
        """
        found = {check.picking_id: check for check in self.sudo().search([('picking_id', 'in', pickings.ids)])}
        missing = pickings.filtered(lambda picking: picking not in found)
        created = (
            self.sudo()
            ._guarded()
            .create([{'picking_id': picking.id, 'company_id': picking.company_id.id} for picking in missing])
        )
        return found | dict(zip(missing, created, strict=True))

    def _add_moves(self, moves, counted=None):
        """Put open moves of the receipt on the list, proposed as complete and in order.

        :param dict counted: `{move: quantity}` where another quantity arrived.
        :rtype: recordset of aftersales.receipt.check.line
        """
        self.ensure_one()
        there = {line.move_id: line for line in self.line_ids}
        vals_list = []
        for move in moves:
            quantity = move.product_uom_qty if counted is None else counted.get(move, move.product_uom_qty)
            if move in there:
                there[move].counted_qty = quantity
                continue
            vals_list.append(
                {
                    'check_id': self.id,
                    'move_id': move.id,
                    'product_id': move.product_id.id,
                    'product_uom_id': move.product_uom.id,
                    'expected_qty': move.product_uom_qty,
                    'counted_qty': quantity,
                    'grade': move.product_id.aftersales_grade,
                }
            )
        lines = self.env['aftersales.receipt.check.line']._guarded().create(vals_list)
        return lines | lines.concat(*(there[move] for move in moves if move in there))

    def _skip(self):
        """Goods were received without acceptance: the list names who did it (R-PART-02)."""
        self.filtered(lambda check: check.state == 'draft')._guarded().write(
            {
                'state': 'skipped',
                'accepted_by_id': self.env.user.employee_id.id,
                'user_id': self.env.uid,
                'accepted_at': False,
            }
        )
