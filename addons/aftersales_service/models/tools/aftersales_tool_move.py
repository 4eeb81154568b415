from odoo import api, fields, models

from ..base.errors import coded_error
from .const import CONDITIONS, MOVE_KINDS, PLACES, Spot

# What may change after an entry was made: how much of it is still where it put it, the signature given later, and
# whether accounting has booked it.
PROJECTED_FIELDS = frozenset({
    'open_qty', 'notified_at', 'signature', 'signed_by', 'signed_at', 'is_booked', 'booked_qty',
})


class AftersalesToolMove(models.Model):
    """One entry of the tool ledger: so many pieces of a tool went from one place to another.

    Entries are made by the verbs of `aftersales.tool` only. They are never changed or deleted, by nobody; a wrong one
    is reversed by another entry.
    """

    _name = 'aftersales.tool.move'
    _description = "Tool ledger entry"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'at desc, id desc'
    _check_company_auto = True

    name = fields.Char("Slip", required=True, readonly=True, index=True, help="Entries made in one act share a slip.")
    kind = fields.Selection(MOVE_KINDS, required=True, readonly=True, index=True)
    tool_id = fields.Many2one(
        'aftersales.tool', required=True, readonly=True, index=True, ondelete='restrict', check_company=True,
    )
    category_id = fields.Many2one(related='tool_id.category_id', store=True, precompute=True, index=True)
    tracking = fields.Selection(related='tool_id.tracking', store=True, precompute=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    quantity = fields.Integer(required=True, readonly=True)
    # From, to
    source_place = fields.Selection(PLACES, "From", required=True, readonly=True)
    source_employee_id = fields.Many2one(
        'hr.employee', "From employee", readonly=True, index='btree_not_null', ondelete='restrict',
    )
    source_team_id = fields.Many2one(
        'aftersales.team', "From team", readonly=True, index='btree_not_null', ondelete='restrict',
    )
    source_keeper_id = fields.Many2one(
        'hr.employee', "Out of the sub-ledger of", readonly=True, index='btree_not_null', ondelete='restrict',
    )
    dest_place = fields.Selection(PLACES, "To", required=True, readonly=True)
    dest_employee_id = fields.Many2one(
        'hr.employee', "To employee", readonly=True, index='btree_not_null', ondelete='restrict',
    )
    dest_team_id = fields.Many2one(
        'aftersales.team', "To team", readonly=True, index='btree_not_null', ondelete='restrict',
    )
    dest_keeper_id = fields.Many2one(
        'hr.employee', "Into the sub-ledger of", readonly=True, index='btree_not_null', ondelete='restrict',
    )
    # What for
    order_id = fields.Many2one(
        'aftersales.repair.order', readonly=True, index='btree_not_null', ondelete='restrict', check_company=True,
    )
    operation_id = fields.Many2one(
        'aftersales.operation', readonly=True, index='btree_not_null', ondelete='set null', check_company=True,
    )
    # Who and when
    keeper_id = fields.Many2one(
        'hr.employee', "Confirmed by", readonly=True, index='btree_not_null', ondelete='restrict',
        help="Keeper who stood at the counter.",
    )
    second_id = fields.Many2one(
        'hr.employee', "Second person", readonly=True, ondelete='restrict',
        help="Who confirmed a loan of the keeper to himself.",
    )
    user_id = fields.Many2one('res.users', "Recorded by", required=True, readonly=True, index=True)
    at = fields.Datetime("Time", required=True, readonly=True, index=True)
    due_at = fields.Datetime("Due back", readonly=True)
    condition = fields.Selection(CONDITIONS, readonly=True)
    note = fields.Char(readonly=True)
    calibration_due = fields.Date("Calibrated until", readonly=True)
    # Signature of who took it
    signature = fields.Binary(attachment=True, readonly=True, copy=False)
    signed_by = fields.Char(readonly=True, copy=False)
    signed_at = fields.Datetime(readonly=True, copy=False)
    # Links between entries
    previous_move_id = fields.Many2one(
        'aftersales.tool.move', "Takes from", readonly=True, index='btree_not_null', ondelete='restrict',
        help="Entry that had brought the pieces to where this one takes them from; empty for the tool room.",
    )
    reversed_move_id = fields.Many2one(
        'aftersales.tool.move', "Reverses", readonly=True, copy=False, ondelete='restrict',
    )
    reversal_ids = fields.One2many('aftersales.tool.move', 'reversed_move_id', string="Reversed by")
    open_qty = fields.Integer(
        "Still there", readonly=True, copy=False, help="Pieces that are still where this entry put them.",
    )
    notified_at = fields.Datetime("Reminded at", readonly=True, copy=False)
    is_open = fields.Boolean("Open", compute='_compute_is_open', search='_search_is_open')
    is_overdue = fields.Boolean("Overdue", compute='_compute_is_open', search='_search_is_overdue')
    holder = fields.Char(compute='_compute_holder')
    photo_ids = fields.Many2many(
        'ir.attachment', 'aftersales_tool_move_photo_rel', 'move_id', 'attachment_id', string="Photos", readonly=True,
        copy=False,
    )

    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "An entry moves at least one piece.")
    _open_range = models.Constraint(
        'CHECK(open_qty >= 0 AND open_qty <= quantity)',
        "[TOO-16] More would come back than went out. Refresh the screen: somebody was faster.",
    )
    _one_loan = models.UniqueIndex(
        "(tool_id) WHERE open_qty > 0 AND tracking = 'serial'",
        "[TOO-17] The tool was handed out at another counter at this moment. Refresh the screen.",
    )
    _one_reversal = models.UniqueIndex(
        "(reversed_move_id) WHERE reversed_move_id IS NOT NULL", "[TOO-18] This entry was reversed already.",
    )
    _open_idx = models.Index("(tool_id, at) WHERE open_qty > 0")
    _open_employee_idx = models.Index("(dest_employee_id) WHERE open_qty > 0")
    _open_order_idx = models.Index("(order_id) WHERE open_qty > 0 AND order_id IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends('open_qty', 'due_at', 'dest_place')
    def _compute_is_open(self):
        now = fields.Datetime.now()
        for move in self:
            move.is_open = move.open_qty > 0
            move.is_overdue = move.is_open and bool(move.due_at) and move.due_at < now

    def _search_is_open(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('open_qty', '>', 0)] if True in value else [('open_qty', '=', 0)]

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        now = fields.Datetime.now()
        if True in value:
            return [('open_qty', '>', 0), ('due_at', '<', now)]
        return ['|', '|', ('open_qty', '=', 0), ('due_at', '=', False), ('due_at', '>=', now)]

    @api.depends('dest_place', 'dest_employee_id', 'dest_team_id')
    @api.depends_context('lang')
    def _compute_holder(self):
        places = dict(self._fields['dest_place']._description_selection(self.env))
        for move in self.sudo():
            move.holder = move.dest_employee_id.name or move.dest_team_id.name or places.get(move.dest_place)

    @api.depends('name', 'tool_id')
    def _compute_display_name(self):
        for move in self:
            # The tool first: calendars and lists cut the end off.
            move.display_name = f'{move.tool_id.code} {move.tool_id.name} · {move.name}'

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise self._append_only_error()
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_guarded() or not PROJECTED_FIELDS.issuperset(vals):
            raise self._append_only_error()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise self._append_only_error()

    # === ACTION METHODS === #

    def action_open_tool(self):
        """Open the tool."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'aftersales.tool', 'res_id': self.tool_id.id,
            'views': [(False, 'form')],
        }

    def action_reverse(self):
        """Open the dialog that takes a wrong entry back."""
        self.ensure_one()
        return self.tool_id._action_act({'default_act': 'reverse', 'default_move_id': self.id})

    # === BUSINESS METHODS === #

    def _source(self):
        """Return from where this entry took.

        :rtype: Spot
        """
        self.ensure_one()
        return Spot(self.source_place, self.source_keeper_id.id, self.source_employee_id.id, self.source_team_id.id)

    def _dest(self):
        """Return where this entry put it.

        :rtype: Spot
        """
        self.ensure_one()
        return Spot(self.dest_place, self.dest_keeper_id.id, self.dest_employee_id.id, self.dest_team_id.id)

    def _sign(self, signature, name):
        """Add the borrower's signature to open loans that have none; a kit's pieces are signed with it.

        :param bytes signature: base64.
        :param str name: who signed.
        :raise UserError: TOO-23 nothing was drawn; TOO-48 not open, or signed already.
        """
        self.tool_id._ensure_keeper()
        if not signature or not (name or '').strip():
            raise coded_error('TOO-23', self.env._("Draw the signature and say who signs."))
        moves = self.sudo()
        moves |= moves.search([
            ('name', 'in', moves.mapped('name')), ('company_id', 'in', moves.company_id.ids), ('open_qty', '>', 0),
            ('tool_id.parent_id', 'in', moves.tool_id.ids), ('signed_at', '=', False),
        ])
        if wrong := moves.filtered(lambda move: move.signed_at or not move.open_qty):
            raise coded_error('TOO-48', self.env._(
                "%(slip)s is signed already, or the tool is back.", slip=wrong[0].display_name,
            ))
        moves._guarded().write({
            'signature': signature, 'signed_by': name.strip(), 'signed_at': fields.Datetime.now(),
        })

    @api.model
    def _cron_remind(self):
        """Remind of what was not brought back by closing time (R-TOOL-03), each loan once.

        The borrower gets an activity on the tool; who has no login, or a team, through its leader or the keeper.
        """
        loans = self.search([
            ('is_overdue', '=', True), ('dest_place', 'in', ('employee', 'team')), ('notified_at', '=', False),
        ], limit=500)
        for loan in loans - loans._in_their_kits():
            person = loan.dest_employee_id or loan.dest_team_id.leader_id
            user = person.user_id or loan.dest_keeper_id.user_id or loan.user_id
            loan.tool_id.activity_schedule(
                'aftersales_service.mail_activity_type_tool_return',
                date_deadline=loan.company_id._aftersales_today(),
                summary=self.env._("%(tool)s was due back %(time)s", tool=loan.tool_id.display_name,
                                   time=loan.tool_id._local_text(loan.due_at)),
                note=self.env._("Lent to %(holder)s on %(slip)s.", holder=loan.holder, slip=loan.name),
                user_id=user.id,
            )
        loans._guarded().write({'notified_at': fields.Datetime.now()})

    def _in_their_kits(self):
        """Return the open loans of pieces that are with their box: whoever has the box has them.

        A piece that lacked when the box came back is a loan of its own.
        """
        return self.filtered(lambda loan: (kit := loan.tool_id.parent_id) and kit.state == 'out' and (
            kit.holder_employee_id == loan.dest_employee_id and kit.holder_team_id == loan.dest_team_id))

    def _whole_act(self):
        """Return these entries with those of the same act that mean nothing without them.

        Pieces go with their box, the old tool with the new one of an exchange, all pieces of a tool to another keeper.
        """
        beside = self.search([('name', 'in', self.mapped('name')), ('company_id', 'in', self.company_id.ids)])
        act = self
        for move in beside:
            own = self.filtered(lambda other, slip=move.name: other.name == slip)
            if (
                move.tool_id.parent_id & own.tool_id
                or move.kind == 'exchange' and 'exchange' in own.mapped('kind')
                or move._changes_keeper() and move.tool_id in own.tool_id
            ):
                act |= move
        return act

    def _changes_keeper(self):
        """Whether this entry took pieces from one sub-ledger to another."""
        self.ensure_one()
        return bool(self.source_keeper_id and self.dest_keeper_id and self.source_keeper_id != self.dest_keeper_id)

    def _is_of_former_keeper(self):
        """Whether the tool went to another sub-ledger since: its older entries cannot be undone past that."""
        self.ensure_one()
        keepers = self.dest_keeper_id or self.source_keeper_id
        return keepers != self.tool_id.keeper_id

    def _append_only_error(self):
        return coded_error('TOO-19', self.env._(
            "The tool ledger is only added to: entries come from the buttons of the tool room, and nobody changes or "
            "deletes one. Reverse a wrong entry instead.",
        ))

    def _reverse(self, reason):
        """Take entries back by entries in the other direction; a kit's entries of one slip go together.

        :param str reason: why, written on the new entries.
        :return: the new entries.
        :raise UserError: TOO-28 no reason; TOO-29 the pieces have gone on since, or it is a reversal itself.
        """
        tools = self.tool_id
        tools._ensure_keeper()
        if not (reason or '').strip():
            raise coded_error('TOO-28', self.env._("Say why the entry is wrong."))
        moves = self.sudo()._whole_act()
        tools = (tools | moves.tool_id.with_env(self.env) | tools.parent_id)._with_pieces()._lock()
        # The latest first: an act of several entries is undone backwards.
        vals_list = []
        taken, former = {}, {}
        for move in moves.sorted('id', reverse=True):
            left = move.open_qty if move.dest_place not in ('store', 'outside') else move.quantity
            if move.dest_place == 'store':
                left = move.tool_id.available_qty - taken.get(move.tool_id, 0)
                taken[move.tool_id] = taken.get(move.tool_id, 0) + move.quantity
            if move.kind == 'reversal' or move.reversal_ids or left < move.quantity or move._is_of_former_keeper():
                raise coded_error('TOO-29', self.env._(
                    "%(slip)s: %(tool)s has moved on since, or the entry was reversed already. Reverse the latest "
                    "entry first.", slip=move.name, tool=move.tool_id.display_name,
                ))
            if move._changes_keeper():
                former[move.tool_id] = move.source_keeper_id
            loan = move.previous_move_id
            vals_list.append(move.tool_id._prepare_move_vals(
                'reversal', move.quantity, move._dest(), move._source(),
                previous=move if move.open_qty else None, order=loan.order_id or move.order_id,
                operation=loan.operation_id or move.operation_id, due_at=loan.due_at, note=reason,
                reversed_move_id=move.id,
            ))
        for tool, keeper in former.items():
            tool._guarded().write({'keeper_id': keeper.id})
        return tools._post_moves(vals_list).sudo(False)
