from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules.split import from_cents, to_cents
from ...rules.tool_ledger import full_months, residual_cents
from ..base.errors import coded_error
from .const import STATES

# What the ledger relies on: settled once the tool has its first entry.
SETTLED_FIELDS = frozenset({'category_id', 'company_id', 'parent_id', 'keeper_id', 'calibration_due'})
# What compensation and the keeper's loans to himself are measured by: then only the head corrects it.
VALUED_FIELDS = frozenset({'purchase_value', 'bought_on'})


class AftersalesTool(models.Model):
    """A tool, a box of tools, or a number of equal tools, in the charge of one keeper.

    Where it is and who has it are projections of the append-only ledger `aftersales.tool.move`.
    """

    _name = 'aftersales.tool'
    _description = "Tool"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'code, id'
    _rec_names_search = ['code', 'name', 'serial_no']
    _check_company_auto = True
    _guarded_fields = frozenset({
        'quantity', 'available_qty', 'state', 'holder_employee_id', 'holder_team_id', 'due_at', 'issued_on',
    })

    # Identity
    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True, copy=False, default=lambda self: self.env._("New"), tracking=True,
        help="Printed on the label and read by the scanner; unique in the company.",
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    category_id = fields.Many2one(
        'aftersales.tool.category', required=True, index=True, ondelete='restrict', check_company=True,
    )
    behaviour = fields.Selection(related='category_id.behaviour', store=True)
    tracking = fields.Selection(related='category_id.tracking', store=True)
    is_rescue = fields.Boolean(related='category_id.is_rescue', store=True)
    is_special = fields.Boolean(related='category_id.is_special', store=True)
    serial_no = fields.Char("Serial number", copy=False, help="Number the maker stamped on it.")
    product_id = fields.Many2one('product.product', index='btree_not_null', ondelete='restrict', check_company=True)
    image = fields.Image(max_width=512, max_height=512)
    note = fields.Text()
    # Kit
    parent_id = fields.Many2one(
        'aftersales.tool', "Kit", index='btree_not_null', ondelete='restrict', check_company=True,
        domain="[('parent_id', '=', False), ('tracking', '=', 'serial')]",
        help="The box this piece belongs to; a kit is lent whole.",
    )
    piece_ids = fields.One2many('aftersales.tool', 'parent_id', string="Kit Pieces")
    piece_count = fields.Integer("Number of pieces", compute='_compute_piece_count', store=True)
    missing_piece_ids = fields.Many2many(
        'aftersales.tool', string="Missing pieces", compute='_compute_missing_piece_ids',
    )
    # Charge
    keeper_id = fields.Many2one(
        'hr.employee', string="Tool Keeper", index=True, ondelete='restrict', check_company=True, tracking=True,
        default=lambda self: self._default_keeper_id(), help="In whose sub-ledger the tool stands.",
    )
    shelf = fields.Char(help="Where it lies in the tool room.")
    # Projections of the ledger
    move_ids = fields.One2many('aftersales.tool.move', 'tool_id', string="Entries")
    quantity = fields.Integer(
        readonly=True, copy=False,
        help="On the books: received and not disposed of. Lost pieces count until they are written off.",
    )
    available_qty = fields.Integer("In the tool room", readonly=True, copy=False)
    state = fields.Selection(STATES, readonly=True, required=True, default='new', copy=False, index=True)
    holder_employee_id = fields.Many2one(
        'hr.employee', "Held by", readonly=True, copy=False, index='btree_not_null', ondelete='restrict',
    )
    holder_team_id = fields.Many2one(
        'aftersales.team', "Held by team", readonly=True, copy=False, index='btree_not_null', ondelete='restrict',
    )
    due_at = fields.Datetime("Due back", readonly=True, copy=False)
    is_overdue = fields.Boolean("Overdue", compute='_compute_is_overdue', search='_search_is_overdue')
    issued_on = fields.Date(
        "Issued on", readonly=True, copy=False, help="Day a personal tool was issued to the person who has it.",
    )
    # Calibration and value
    calibration_due = fields.Date(
        "Calibrated until", copy=False, index='btree_not_null',
        help="After this day it is not lent. Moved on by each calibration.",
    )
    calibration_months = fields.Integer(related='category_id.calibration_months', store=True)
    is_calibration_expired = fields.Boolean(
        "Calibration expired", compute='_compute_is_calibration_expired', search='_search_is_calibration_expired',
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    purchase_value = fields.Monetary(
        tracking=True,
        groups='aftersales_service.group_tool_keeper,aftersales_service.group_accountant,'
               'aftersales_service.group_general_manager,aftersales_service.group_report_reader,'
               'aftersales_service.group_hr_officer',
        help="What one piece cost.",
    )
    bought_on = fields.Date("Bought on", default=lambda self: self.env.company._aftersales_today())
    service_until = fields.Date(
        "Serves until", compute='_compute_service_until', store=True,
        help="End of the service life: since the issue for personal tools, since the purchase for others.",
    )

    _code_uniq = models.UniqueIndex("(company_id, code)", "[TOO-11] Another tool of the company has this code.")
    _open_idx = models.Index("(company_id, due_at) WHERE state = 'out'")

    def _default_keeper_id(self):
        user = self.env.user
        return user.employee_id if user.has_group('aftersales_service.group_tool_keeper') else False

    # === COMPUTE METHODS === #

    @api.depends('code', 'name')
    def _compute_display_name(self):
        for tool in self:
            tool.display_name = f'{tool.code} {tool.name}' if tool.code else tool.name

    @api.depends('piece_ids')
    def _compute_piece_count(self):
        for tool in self:
            tool.piece_count = len(tool.piece_ids)

    @api.depends('piece_ids.state', 'state')
    def _compute_missing_piece_ids(self):
        for tool in self:
            # Where the box is, its pieces are.
            tool.missing_piece_ids = tool.piece_ids.filtered(
                lambda piece, tool=tool: piece.state not in ('disposed', tool.state)
            )

    @api.depends('due_at', 'state')
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for tool in self:
            tool.is_overdue = tool.state == 'out' and bool(tool.due_at) and tool.due_at < now

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        overdue = Domain('state', '=', 'out') & Domain('due_at', '<', fields.Datetime.now())
        return overdue if True in value else ~overdue

    @api.depends('calibration_due', 'calibration_months')
    def _compute_is_calibration_expired(self):
        today = {company: company._aftersales_today() for company in self.company_id}
        for tool in self:
            due = tool.calibration_due
            tool.is_calibration_expired = (
                due < today[tool.company_id] if due else bool(tool.calibration_months)
            )

    def _search_is_calibration_expired(self, operator, value):
        if operator != 'in':
            return NotImplemented
        expired = Domain('calibration_due', '<', self.env.company._aftersales_today()) | (
            Domain('calibration_due', '=', False) & Domain('calibration_months', '>', 0)
        )
        return expired if True in value else ~expired

    @api.depends('issued_on', 'bought_on', 'category_id.service_life_months', 'behaviour')
    def _compute_service_until(self):
        for tool in self:
            start = tool.issued_on if tool.behaviour == 'personal' and tool.issued_on else tool.bought_on
            months = tool.category_id.service_life_months
            tool.service_until = start + relativedelta(months=months) if start and months else False

    # === CONSTRAINT METHODS === #

    @api.constrains('parent_id')
    def _check_kit(self):
        for tool in self.filtered('parent_id'):
            if tool.parent_id.parent_id or tool.piece_ids or tool.parent_id == tool:
                raise coded_error('TOO-12', self.env._(
                    "%(tool)s: a kit holds pieces, not other kits.", tool=tool.display_name,
                ), ValidationError)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._number(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_settled(vals)
        if vals.get('active') is False and (kept := self.filtered('quantity')):
            raise coded_error('TOO-14', self.env._(
                "%(tool)s is still on the books. Dispose of it first.", tool=kept[0].display_name,
            ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        if recorded := self.filtered(lambda tool: tool.state != 'new'):
            raise coded_error('TOO-15', self.env._(
                "%(tool)s has entries in the ledger and stays. Dispose of it, then archive it.",
                tool=recorded[0].display_name,
            ))

    # === ACTION METHODS === #

    def action_receive(self):
        """Enter the tools in the ledger, one piece each, with their pieces."""
        self._receive()

    def action_act(self):
        """Open the dialog that records what happened beside the counter."""
        acts = {'calibration': 'calibration_in', 'lost': 'found', 'in_store': 'to_keeper'}
        return self._action_act({
            'default_tool_ids': self.ids,
            'default_act': self.env.context.get('aftersales_act') or acts.get(self[:1].state, 'hand_on'),
        })

    def _action_act(self, context):
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Record in the tool ledger"),
            'res_model': 'aftersales.tool.act.wizard', 'views': [(False, 'form')], 'target': 'new', 'context': context,
        }

    def action_view_moves(self):
        """Open the tool's card: all entries of the ledger."""
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_tool_move_action')
        action.update(domain=[('tool_id', 'in', self.ids)], context={})
        return action

    # === BUSINESS METHODS === #

    def _ensure_settled(self, vals):
        """Refuse to type over what the ledger relies on, and what a tool cost, once the ledger names it.

        :raise UserError: TOO-13.
        """
        names = set() if self._is_guarded() else SETTLED_FIELDS.intersection(vals)
        if not self.env.su and not self.env.user.has_group('aftersales_service.group_service_manager'):
            names |= VALUED_FIELDS.intersection(vals)
        for tool in self.filtered(lambda tool: tool.state != 'new') if names else ():
            changed = next((
                field for field in map(self._fields.get, sorted(names))
                if field.convert_to_write(tool[field.name], tool) != field.convert_to_write(vals[field.name], tool)
            ), None)
            if changed is None:
                continue
            field = changed._description_string(self.env)
            if changed.name in VALUED_FIELDS:
                raise coded_error('TOO-13', self.env._(
                    "%(tool)s is in the ledger: only the service manager corrects “%(field)s”.",
                    tool=tool.display_name, field=field,
                ))
            raise coded_error('TOO-13', self.env._(
                "%(tool)s is in the ledger: “%(field)s” changes by an entry of the ledger (hand on, calibrate), "
                "not by typing.", tool=tool.display_name, field=field,
            ))

    @api.model
    def _number(self, vals_list):
        """Give the tools without a code the next one of their company."""
        wanting = defaultdict(list)
        for vals in vals_list:
            if not vals.get('code') or vals['code'] == self.env._("New"):
                wanting[vals.get('company_id') or self.env.company.id].append(vals)
        for company_id, group in wanting.items():
            company = self.env['res.company'].browse(company_id)
            for vals in group:
                vals['code'] = company._aftersales_next_sudo('aftersales.tool')

    def _with_pieces(self):
        """Return these tools and the pieces of those that are kits."""
        return self | self.filtered('piece_count').piece_ids

    def _residual_value(self, date=None):
        """Return what each tool is still worth by its service life, straight line by full months (one piece).

        :param date date: the day in question, today of the company unless given.
        :return: {tool: amount in the company's currency}
        :rtype: dict
        """
        values = {}
        for tool in self.sudo():  # the value alone leaves; whoever asks was allowed to read the tool
            day = fields.Date.to_date(date) or tool.company_id._aftersales_today()
            digits = tool.currency_id.decimal_places
            cents = residual_cents(
                to_cents(tool.purchase_value, digits), tool.category_id.service_life_months,
                full_months(tool.bought_on, day) if tool.bought_on else 0,
            )
            values[tool.sudo(False)] = float(from_cents(cents, digits))
        return values

    def _find_code(self, code):
        """Return the company's tool with a scanned code, else with that maker's number; may be empty."""
        code = (code or '').strip()
        if not code:
            return self.browse()
        domain = [('company_id', '=', self.env.company.id)]
        return self.search([*domain, ('code', '=ilike', self._escape_like(code))], limit=1) or self.search(
            [*domain, ('serial_no', '=', code)], limit=1)

    @api.model
    def _escape_like(self, text):
        return text.replace('\\', '\\\\').replace('%', '\\%').replace('_', '\\_')
