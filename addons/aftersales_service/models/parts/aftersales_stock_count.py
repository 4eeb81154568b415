import logging
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...rules import count as rules
from ..base.board import states_in_order
from ..base.errors import coded_error

_logger = logging.getLogger(__name__)

STATES = [
    ('planned', "Planned"),
    ('counting', "Counting"),
    ('recount', "Second Count"),
    ('to_approve', "To Approve"),
    ('applied', "Adjusted"),
    ('decided', "Closed"),
    ('cancelled', "Cancelled"),
]
SCOPES = [
    ('location', "Place"),
    ('shelf', "Shelf range"),
    ('class', "ABC class"),
    ('movement', "Movement class"),
    ('category', "Product categories"),
    ('old_parts', "Old parts"),
    ('own_parts', "Customers' own parts"),
]
# What a scope cannot do without.
SCOPE_CHOICES = {'class': 'abc_class', 'movement': 'movement_class', 'category': 'category_ids'}
COUNTING = ('counting', 'recount')
# What the accounts see: values and the costs behind them.
COST_GROUPS = (
    'aftersales_service.group_parts_manager,aftersales_service.group_accountant,'
    'aftersales_service.group_service_manager,aftersales_service.group_general_manager'
)
SCOPE_FIELDS = frozenset({
    'scope', 'company_id', 'warehouse_id', 'location_id', 'shelf_from', 'shelf_to', 'abc_class', 'movement_class', 'category_ids', 'is_blind',
    'tolerance_percent', 'tolerance_value', 'plan_id',
})


class AftersalesStockCount(models.Model):
    """One stock count: what was to be counted, who counted it twice, who approved, what was adjusted.

    Made by the planner or by a cyclic plan; the keeper starts it, which freezes the book, and counts; the parts manager
    approves, above a limit the accountant too, and the differing lines are adjusted through Odoo's own inventory
    adjustment. Closed means that the accountant has decided who bears the differences (R-PART-04, R-PART-17).
    """

    _name = 'aftersales.stock.count'
    _description = "Stock Count"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin', 'aftersales.download.mixin', 'mail.thread',
                'mail.activity.mixin']
    _order = 'date desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset({
        'name', 'state', 'frozen_at', 'started_by_id', 'finished_at', 'approved_by_id', 'approved_at', 'accountant_id',
        'accountant_at', 'applied_at', 'closed_at', 'cancel_reason_id', 'is_revealed', 'line_count', 'counted_count',
        'different_count', 'accuracy_lines', 'accuracy_value', 'shortage_rate', 'book_value', 'difference_value',
        'absolute_value',
    })

    # Identity
    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date("Planned For", required=True, default=lambda self: self.env.company._aftersales_today(), index=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, default='planned', tracking=True, index=True,
        group_expand=states_in_order)
    note = fields.Text()

    # What is counted
    scope = fields.Selection(SCOPES, string="What is counted", required=True, default='location')
    warehouse_id = fields.Many2one(
        'stock.warehouse', required=True, check_company=True,
        compute='_compute_warehouse_id', store=True, readonly=False, precompute=True,
    )
    location_id = fields.Many2one(
        'stock.location', "Place", check_company=True, domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        help="Counted with all its shelves. Empty: the whole warehouse.",
    )
    shelf_from = fields.Char("From Shelf", help="First shelf by name, such as A-01; empty: from the beginning.")
    shelf_to = fields.Char("To Shelf", help="Last shelf by name, such as A-99; empty: to the end.")
    abc_class = fields.Selection(
        [('a', "A"), ('b', "B"), ('c', "C")], "ABC Class", help="Parts of this class by what was issued in the last 12 months."
    )
    movement_class = fields.Selection(
        [('fast', "Fast"), ('medium', "Medium"), ('slow', "Slow"), ('none', "Not moved")], "Movement Class",
        help="By the months with an issue among the last 12: fast from 9, medium from 4, slow below.",
    )
    category_ids = fields.Many2many('product.category', string="Product Categories")
    plan_id = fields.Many2one('aftersales.stock.count.plan', "Cyclic Plan", readonly=True, index='btree_not_null', ondelete='set null')

    # How it is counted
    is_blind = fields.Boolean(
        "Blind", default=True, help="Who counts does not see what the book says, neither on the screen nor on paper."
    )
    tolerance_percent = fields.Float(
        "Tolerance (%)", default=lambda self: self.env.company.aftersales_count_tolerance_percent,
        help="Of the book quantity. A larger difference is counted a second time by somebody else.",
    )
    tolerance_value = fields.Monetary(
        "Tolerance in Value", default=lambda self: self.env.company.aftersales_count_tolerance_value,
        help="A difference worth more is counted a second time by somebody else.",
    )
    counter_id = fields.Many2one('res.users', "Counted by", help="Keeper in charge; everybody of the parts room may help.")

    # What happened
    line_ids = fields.One2many('aftersales.stock.count.line', 'count_id', "Lines")
    frozen_at = fields.Datetime("Book Frozen", readonly=True, copy=False)
    started_by_id = fields.Many2one('res.users', "Started By", readonly=True, copy=False)
    finished_at = fields.Datetime("Counted Until", readonly=True, copy=False)
    approved_by_id = fields.Many2one('res.users', "Approved By", readonly=True, copy=False, tracking=True)
    approved_at = fields.Datetime(readonly=True, copy=False)
    accountant_id = fields.Many2one('res.users', "Accountant", readonly=True, copy=False, tracking=True)
    accountant_at = fields.Datetime(readonly=True, copy=False)
    applied_at = fields.Datetime("Adjusted", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    cancel_reason_id = fields.Many2one('aftersales.reason', readonly=True, copy=False, domain=[('kind', '=', 'cancel')])
    is_revealed = fields.Boolean(
        "Book Shown", readonly=True, copy=False, help="The counting is over, or was never blind: book and differences are shown."
    )
    open_count = fields.Integer("Still to Count", compute='_compute_open_count')

    # Result, filled when the counting is over
    line_count = fields.Integer("Lines in Total", readonly=True, copy=False)
    counted_count = fields.Integer("Lines Counted", readonly=True, copy=False)
    different_count = fields.Integer("Lines with Difference", readonly=True, copy=False)
    accuracy_lines = fields.Float(
        "Accuracy by Lines", readonly=True, copy=False, aggregator='avg', digits=(6, 4), help="Lines without a difference / lines counted."
    )
    accuracy_value = fields.Float(
        "Accuracy by Value", readonly=True, copy=False, aggregator='avg', digits=(6, 4), groups=COST_GROUPS,
        help="1 − sum of all differences, whichever way / book value.",
    )
    shortage_rate = fields.Float(
        "Shortage Rate", readonly=True, copy=False, aggregator='avg', digits=(6, 4), groups=COST_GROUPS, help="Missing value / book value."
    )
    book_value = fields.Monetary(readonly=True, copy=False, groups=COST_GROUPS)
    difference_value = fields.Monetary("Net Difference", readonly=True, copy=False, groups=COST_GROUPS)
    absolute_value = fields.Monetary(
        "Differences, Either Way", readonly=True, copy=False, groups=COST_GROUPS, help="Decides whether the accountant approves too."
    )
    needs_accountant = fields.Boolean(compute='_compute_needs_accountant', help="The differences are worth more than the limit.")

    # === COMPUTE METHODS === #

    @api.depends('company_id')
    def _compute_warehouse_id(self):
        for company, counts in self.grouped('company_id').items():
            warehouse = self.env['stock.warehouse'].search([('company_id', '=', company.id)], limit=1)
            for count in counts:
                if count.warehouse_id.company_id != company:
                    count.warehouse_id = warehouse

    @api.depends('line_ids.state')
    def _compute_open_count(self):
        still = dict(self.env['aftersales.stock.count.line']._read_group(
            [('count_id', 'in', self.ids), ('state', 'in', ('to_count', 'recount'))], ['count_id'], ['__count'],
        ))
        for count in self:
            count.open_count = still.get(count._origin, 0)

    @api.depends('is_revealed', 'company_id.aftersales_count_limit')
    def _compute_needs_accountant(self):
        for count in self:
            # The keeper may know that the accountant has to approve, not what the difference is worth.
            count.needs_accountant = count.is_revealed and count.sudo().absolute_value > count.company_id.aftersales_count_limit

    @api.depends('name', 'scope')
    def _compute_display_name(self):
        scopes = dict(self._fields['scope']._description_selection(self.env))
        for count in self:
            count.display_name = f'{count.name} · {scopes.get(count.scope, "")}'

    # === CONSTRAINTS === #

    @api.constrains('scope', 'abc_class', 'movement_class', 'category_ids')
    def _check_scope(self):
        for count in self:
            if any(count.scope == scope and not count[name] for scope, name in SCOPE_CHOICES.items()):
                raise coded_error('CNT-43', self.env._(
                    "%(count)s: choose the class, or the product categories, to count.", count=count.name), ValidationError)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        counts = super().create(vals_list)
        for count in counts:
            sequence = self.env['ir.sequence'].sudo().with_company(count.company_id)
            count._guarded().name = sequence.next_by_code('aftersales.stock.count') or '/'
        return counts

    def write(self, vals):
        if SCOPE_FIELDS & vals.keys() and not self._is_guarded() and (begun := self.filtered(lambda count: count.state != 'planned')):
            raise coded_error('CNT-01', self.env._(
                "%(count)s has begun: what is counted and how cannot change any more. Cancel it and plan another one.",
                count=begun[0].name,
            ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if begun := self.filtered(lambda count: count.state != 'planned'):
            raise coded_error('CNT-02', self.env._(
                "%(count)s has begun and stays on record. Cancel it with a reason.", count=begun[0].name))

    # === ACTION METHODS === #

    def action_start(self):
        """Freeze the book and open the desk on which the count is done."""
        self._start()
        return self.action_count() if len(self) == 1 else True

    def action_count(self):
        """Open the phone screen on this count."""
        self.ensure_one()
        action = self.env['ir.actions.client']._for_xml_id('aftersales_service.action_desk_count')
        return {**action, 'params': {'count_id': self.id}}

    def action_finish(self):
        """End the counting, or explain what is still missing."""
        return (len(self) == 1 and self._gate_action('counted', 'action_finish')) or self._finish()

    def action_approve(self):
        """Approve and, when nobody else has to, adjust."""
        return (len(self) == 1 and self._gate_action('approved', 'action_approve')) or self._approve()

    def action_view_lines(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('aftersales_service.stock_count_line_action'),
            'domain': [('count_id', '=', self.id)],
            'context': {'search_default_different': self.is_revealed, 'default_count_id': self.id},
        }

    def action_view_moves(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Adjustments"), 'res_model': 'stock.move',
            'view_mode': 'list,form', 'domain': [('aftersales_count_id', '=', self.id)], 'context': {'create': False},
        }

    # === BUSINESS METHODS: LIFE === #

    def _lock(self, states, strength='UPDATE'):
        """Take the row, so that two people pressing at once come one after the other, and check where the count stands.

        :param tuple states: in which the verb is possible.
        :raise UserError: CNT-03
        """
        self.flush_recordset()
        self.env.execute_query(SQL(
            "SELECT id FROM aftersales_stock_count WHERE id IN %s ORDER BY id FOR %s",
            tuple(self.ids) or (0,), SQL('NO KEY UPDATE' if strength == 'UPDATE' else 'SHARE'),
        ))
        labels = dict(self._fields['state']._description_selection(self.env))
        for count in self:
            if count.state not in states:
                raise coded_error('CNT-03', self.env._(
                    "%(count)s is “%(state)s”: this step is not possible (any more). Somebody else may have been faster; "
                    "open it again.", count=count.name, state=labels[count.state],
                ))

    def _ensure_role(self, group, message):
        """:raise UserError: CNT-04"""
        if not (self.env.su or self.env.user.has_group(f'aftersales_service.group_{group}')):
            raise coded_error('CNT-04', message)

    def _start(self):
        """Freeze the book: one line a place, part, number and owner.

        :raise UserError: CNT-05 nothing to count, CNT-06 something stands in another open count
        """
        self._ensure_role('parts_keeper', self.env._("Stock is counted by the parts room."))
        self.check_access('write')
        self._lock(('planned',))
        for count in self:
            vals_list = count._frozen_vals_sudo()
            if not vals_list:
                raise coded_error('CNT-05', self.env._(
                    "%(count)s: there is nothing in the book here. Check place, shelves and class.", count=count.name))
            lines = self.env['aftersales.stock.count.line'].sudo()._guarded().create(vals_list)
            count._refuse_double_sudo(lines)
            count._guarded().write({
                'state': 'counting',
                'frozen_at': fields.Datetime.now(),
                'started_by_id': self.env.uid,
                'counter_id': count.counter_id.id or self.env.uid,
                'line_count': len(lines),
                'is_revealed': not count.is_blind,
            })
            if not count.is_blind:
                lines._reveal(final=False)
            _logger.info("count %s started: %d lines", count.id, len(lines))
        return True

    def _refuse_double_sudo(self, lines):
        """Refuse to count the same goods twice at a time: both differences would be adjusted."""
        lines.flush_model()
        rows = self.env.execute_query(SQL(
            """
            SELECT other.count_id, mine.name FROM aftersales_stock_count_line mine
              JOIN aftersales_stock_count_line other ON other.product_id = mine.product_id
                   AND other.location_id = mine.location_id AND other.count_id != mine.count_id
                   AND other.lot_id IS NOT DISTINCT FROM mine.lot_id AND other.owner_id IS NOT DISTINCT FROM mine.owner_id
                   AND other.package_id IS NOT DISTINCT FROM mine.package_id
              JOIN aftersales_stock_count c ON c.id = other.count_id AND c.state IN ('counting', 'recount', 'to_approve')
             WHERE mine.id IN %s LIMIT 1
            """, tuple(lines.ids),
        ))
        if rows:
            raise coded_error('CNT-06', self.env._(
                "%(part)s is being counted in %(other)s already. Finish that count first, or leave the part out here.",
                part=rows[0][1], other=self.browse(rows[0][0]).name,
            ))

    def _finish(self):
        """End the first or the second count.

        Lines outside the tolerance go into a second count; when none is left the book is shown.

        :raise UserError: the gates of `counted`
        """
        self._ensure_role('parts_keeper', self.env._("Stock is counted by the parts room."))
        self.check_access('write')
        self._lock(COUNTING)
        self._ensure_no_blockers('counted')
        for count in self:
            if count.state == 'counting' and (again := count._lines_to_repeat_sudo()):
                again._guarded().write({'needs_second': True, 'state': 'recount'})
                count._guarded().write({'state': 'recount'})
                count._message_log(body=self.env._("%(number)s lines are counted a second time.", number=len(again)))
                continue
            count._reveal_sudo()
        return True

    def _lines_to_repeat_sudo(self):
        """Return the lines whose difference is too large to be believed at once; none when the gate is off."""
        self.ensure_one()
        if self.company_id._aftersales_gate('count_second') in ('off', 'warn'):
            return self.env['aftersales.stock.count.line'].sudo()
        lines = self.sudo().line_ids
        return lines.filtered(lambda line: line.first_at and rules.count_again(
            line._counted_line(), Decimal(str(self.tolerance_percent)), Decimal(str(self.tolerance_value)),
        ))

    def _reveal_sudo(self):
        """Show book and differences; sudo: the keeper may not read what is revealed while he reveals it."""
        self.ensure_one()
        count = self.sudo()
        count.line_ids._reveal()
        result = rules.accuracy(line._counted_line() for line in count.line_ids if line._is_counted())
        lines = count.line_ids.filtered(lambda line: line._is_counted())
        different = lines.filtered('difference_qty')
        self.sudo()._guarded().write({
            'state': 'to_approve',
            'is_revealed': True,
            'finished_at': fields.Datetime.now(),
            'line_count': len(count.line_ids),
            'counted_count': len(lines),
            'different_count': len(different),
            'accuracy_lines': result.by_lines or 0.0,
            'accuracy_value': result.by_value or 0.0,
            'shortage_rate': result.shortage or 0.0,
            'book_value': sum(lines.mapped('book_value')),
            'difference_value': sum(different.mapped('difference_value')),
            'absolute_value': sum(abs(line.difference_value) for line in different),
            # What was approved before the lines were counted again is void.
            'approved_by_id': False, 'approved_at': False, 'accountant_id': False, 'accountant_at': False,
        })

    def _send_back(self, lines):
        """Have lines counted once more by somebody who sees neither the book nor the first count.

        :param lines: aftersales.stock.count.line of this count; all with a difference unless given.
        :raise UserError: CNT-07 nothing to count again
        """
        self.ensure_one()
        self._ensure_role('parts_manager', self.env._("The parts manager decides what is counted again."))
        self.check_access('write')
        self._lock(('to_approve',))
        lines = (lines or self.line_ids.filtered('difference_qty')).filtered(lambda line: line.count_id == self)
        if not lines:
            raise coded_error('CNT-07', self.env._("%(count)s: choose the lines to count again.", count=self.name))
        lines.sudo()._forget_second()
        self._guarded().write({'state': 'recount', 'is_revealed': not self.is_blind})
        return True

    def action_send_back(self):
        """Have every line with a difference counted again."""
        for count in self:
            count._send_back(False)
        return True

    def _approve(self):
        """Record the user's approval; with the last one the differing lines are adjusted.

        The parts manager approves first, above the company's limit the accountant after him.

        :raise UserError: the gates of `approved`; CNT-04 role, CNT-08 approved by this person already
        """
        self._lock(('to_approve',))
        self._ensure_no_blockers('approved')
        now = fields.Datetime.now()
        for count in self:
            if not count.approved_by_id:
                count._ensure_role('parts_manager', self.env._("The parts manager approves a count."))
                count.sudo()._guarded().write({'approved_by_id': self.env.uid, 'approved_at': now})
                level = count.company_id._aftersales_gate('count_accountant')
                if count.needs_accountant and level not in ('off', 'warn'):
                    count._message_log(body=self.env._("Approved; the accountant approves too, the differences exceed the limit."))
                    continue
            else:
                count._ensure_role('accountant', self.env._(
                    "%(count)s is approved by the parts manager; above the limit the accountant approves too.", count=count.name))
                if count.approved_by_id == self.env.user and count._four_eyes():
                    raise coded_error('CNT-08', self.env._(
                        "You approved %(count)s already; above the limit a second person does.", count=count.name))
                count.sudo()._guarded().write({'accountant_id': self.env.uid, 'accountant_at': now})
            count._apply_sudo()
        return True

    def _four_eyes(self):
        return self.company_id._aftersales_gate('count_four_eyes') in ('block', 'override')

    def _cancel(self, reason):
        """Give a count up before it is adjusted.

        :param reason: aftersales.reason of kind `cancel`.
        :raise UserError: CNT-09 without a reason
        """
        self._ensure_role('parts_planner', self.env._("The parts planner gives a count up."))
        self.check_access('write')
        self._lock(('planned', *COUNTING, 'to_approve'))
        if not reason or reason.kind != 'cancel':
            raise coded_error('CNT-09', self.env._("Choose the reason why the count is given up."))
        self._guarded().write({'state': 'cancelled', 'cancel_reason_id': reason.id, 'closed_at': fields.Datetime.now()})
        return True

    def _close_decided_sudo(self):
        """Close counts without a difference in value, or whose differences are all decided (see the till's room)."""
        for count in self.sudo().filtered(lambda count: count.state in ('applied', 'decided')):
            target = 'applied' if count._undecided_lines() else 'decided'
            if count.state != target:
                count._guarded().write({'state': target, 'closed_at': target == 'decided' and fields.Datetime.now()})

    def _undecided_lines(self):
        """Return the adjusted lines whose value nobody has decided about; a later room knows the decisions."""
        return self.line_ids.filtered(lambda line: not line.currency_id.is_zero(line.applied_value))

    # === BUSINESS METHODS: GATES === #

    def _counters(self):
        """Return who counted a line that stands."""
        return self.line_ids.first_by_id | self.line_ids.second_by_id

    def _blockers(self, target):
        blockers = super()._blockers(target)
        for count in self:
            if target == 'counted':
                blockers[count] += count._blockers_counted()
            elif target == 'approved':
                blockers[count] += count._blockers_approved()
        return blockers

    def _blockers_counted(self):
        still = self.line_ids.filtered(lambda line: line.state in ('to_count', 'recount'))
        if not still:
            return []
        return [self._blocker('count_complete', 'CNT-10', self.env._(
            "%(number)s lines are not counted yet, among them %(lines)s.",
            number=len(still), lines=", ".join(still[:3].mapped('display_name')),
        ), {'label': self.env._("Count"), 'action': self.action_count()})]

    def _blockers_approved(self):
        blockers = []
        silent = self.line_ids.filtered(lambda line: line.difference_qty and not line.reason_id)
        if silent:
            blockers.append(self._blocker('count_reason', 'CNT-11', self.env._(
                "%(number)s differing lines have no reason, among them %(lines)s.",
                number=len(silent), lines=", ".join(silent[:3].mapped('display_name')),
            ), {'label': self.env._("Name the reasons"), 'action': self.action_view_lines()}))
        if not self.env.su and self.env.user in self._counters():
            blockers.append(self._blocker('count_four_eyes', 'CNT-12', self.env._(
                "You counted %(count)s yourself: somebody else approves it.", count=self.name)))
        if self.needs_accountant and not self.approved_by_id:
            # Says so where the gate only warns; where it blocks, the second signature is asked for by `_approve`.
            if self.company_id._aftersales_gate('count_accountant') == 'warn':
                blockers.append(self._blocker('count_accountant', 'CNT-13', self.env._(
                    "The differences of %(count)s exceed the limit; no accountant has approved them.", count=self.name)))
        return blockers
