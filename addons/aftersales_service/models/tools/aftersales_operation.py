from markupsafe import Markup

from odoo import api, fields, models

from ..base.errors import coded_error
from ..workshop.const import CLOSED_STATES


class AftersalesOperation(models.Model):
    """The special tools an operation needs: where they are, and speaking for them (R-TOOL-12)."""

    _inherit = 'aftersales.operation'

    tool_category_ids = fields.Many2many(
        'aftersales.tool.category',
        string="Special Tools",
        compute='_compute_tool_category_ids',
        help="Named by the catalogue items of the operation's lines.",
    )
    tool_reservation_ids = fields.One2many('aftersales.tool.reservation', 'operation_id', "Tools Reserved", readonly=True)
    tool_situation = fields.Html("Where They Are", compute='_compute_tool_situation', sanitize=False)
    has_tool_clash = fields.Boolean("Tool Missing", compute='_compute_tool_situation')
    can_reserve_tools = fields.Boolean(compute='_compute_tool_situation')

    # === COMPUTE METHODS === #

    @api.depends('line_ids.labour_item_id.tool_category_ids', 'origin_id.line_ids.labour_item_id.tool_category_ids')
    def _compute_tool_category_ids(self):
        for operation in self:
            # Redoing a job takes the same tools.
            lines = (operation.line_ids or operation.origin_id.line_ids).sudo()
            operation.tool_category_ids = lines.labour_item_id.tool_category_ids

    @api.depends('tool_category_ids', 'tool_reservation_ids.state', 'due_at', 'state')
    def _compute_tool_situation(self):
        situations = self._tool_situations()
        for operation in self:
            rows = situations[operation.id]
            operation.has_tool_clash = any(row['clash'] for row in rows)
            operation.tool_situation = self._tool_situation_html(rows)
            operation.can_reserve_tools = operation.state not in CLOSED_STATES and any(
                not row['reserved'] and not row['out_here'] for row in rows
            )

    # === ACTION METHODS === #

    def action_reserve_tools(self):
        """Speak for one tool of each kind that the operation still needs."""
        self.ensure_one()
        reservations = self._reserve_tools()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._("Reserved: %(tools)s.", tools=", ".join(reservations.tool_id.mapped('display_name'))),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    # === BUSINESS METHODS === #

    def _tool_situations(self):
        """Return for each operation where the tools are that it needs; see `category._situation_sudo`.

        :rtype: dict[int, list[dict]]  `{operation id: rows}`; empty rows where no special tool is needed
        """
        found = {}
        for operation in self:
            categories = operation.tool_category_ids if operation.state not in CLOSED_STATES else None
            if not categories:
                found[operation.id] = []
                continue
            start, end = self.env['aftersales.tool.reservation']._prepare_window(operation)
            found[operation.id] = categories._situation_sudo(operation.company_id, start, end, operation)
        return found

    @api.model
    def _tool_situation_html(self, rows):
        """Return the situation as a table for forms: kind, how many are free, who has the others."""
        if not rows:
            return False
        lines = []
        for row in rows:
            if row['clash']:
                badge, text = 'text-bg-danger', row['clash']
            elif row['out_here']:
                badge, text = 'text-bg-success', self.env._("%(category)s: at the car.", category=row['category'])
            elif row['reserved']:
                badge, text = 'text-bg-success', self.env._("%(category)s: reserved.", category=row['category'])
            else:
                badge, text = 'text-bg-info', self.env._(
                    "%(category)s: %(free)g of %(total)g free.",
                    category=row['category'], free=row['free'], total=row['total'])
            lines.append(Markup('<li class="mb-1"><span class="badge rounded-pill %s me-2">%g</span>%s</li>') % (
                badge, row['free'], text))
        return Markup('<ul class="list-unstyled mb-0 o_aftersales_tools">%s</ul>') % Markup().join(lines)

    def _reserve_tools(self, categories=None, tool=None, from_at=None, until_at=None, employee=None):
        """Speak for one free tool of each kind, or for one tool by name.

        :param categories: aftersales.tool.category; all that are needed and neither reserved nor at the car unless given.
        :param tool: aftersales.tool to have and no other.
        :param datetime from_at: UTC, now unless given; `until_at` when the work is due unless given.
        :param employee: hr.employee it is for, the user's own unless given.
        :return: aftersales.tool.reservation, as superuser.
        :raise UserError: TOO-57 none is free, TOO-53 nothing is needed or the operation is over, WRK-01, WRK-02.
        """
        self.ensure_one()
        self.check_access('read')
        operation = self.sudo()
        if operation.state in CLOSED_STATES:
            raise coded_error('TOO-53', self.env._(
                "%(operation)s is over; it needs no tools any more.", operation=operation.display_name))
        person = self.env['hr.employee']._aftersales_acting(operation.company_id, employee)
        Reservation = self.env['aftersales.tool.reservation']
        start, end = Reservation._prepare_window(operation, from_at, until_at)
        wanted = tool.sudo().category_id if tool else categories
        if not wanted:
            wanted = self.env['aftersales.tool.category'].browse([
                row['category_id'] for row in operation._tool_situations()[operation.id]
                if not row['reserved'] and not row['out_here']
            ])
        if not wanted:
            raise coded_error('TOO-53', self.env._(
                "%(operation)s needs no special tool that is not reserved already. Special tools are named on the "
                "catalogue item.", operation=operation.display_name))
        wanted._lock_tools_sudo(operation.company_id)
        vals_list, clashes = [], []
        for row in wanted._situation_sudo(operation.company_id, start, end, operation):
            candidates = [each for each in row['tools'] if each['free'] and (not tool or each['id'] == tool.id)]
            if not candidates:
                clashes.append(row['clash'] or self.env._(
                    "%(tool)s is not free in that time.", tool=tool.sudo().display_name))
                continue
            # What lies in the store is better than what should be back by then.
            chosen = min(candidates, key=lambda each: (each['state'] != 'in_store', bool(each['reserved_by']), each['code']))
            vals_list.append({
                'operation_id': operation.id,
                'company_id': operation.company_id.id,
                'tool_id': chosen['id'],
                'category_id': row['category_id'],
                'quantity': 1,
                'employee_id': person.id,
                'from_at': start,
                'until_at': end,
            })
        if clashes:
            raise coded_error('TOO-57', "\n".join(clashes))
        return Reservation.sudo()._guarded().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if vals.get('finished_at') or vals.get('cancelled_at'):
            # What is finished or called off speaks for nothing any more.
            self.sudo().tool_reservation_ids._cancel()
        return result
