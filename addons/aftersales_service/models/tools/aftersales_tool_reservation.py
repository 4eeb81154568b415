from datetime import timedelta

from odoo import api, fields, models

from ..base.errors import coded_error

# Whoever asks without saying until when has the tool for this long.
USUAL_WINDOW = timedelta(hours=4)


class AftersalesToolReservation(models.Model):
    """A technician speaks for a special tool, for one operation and a window of time (R-TOOL-12).

    It hands nothing out: the counter lends the tool, which marks the reservation as fetched. One whose window has passed
    counts no more, without anybody closing it.
    """

    _name = 'aftersales.tool.reservation'
    _description = "Tool Reservation"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'from_at, id'
    _rec_name = 'tool_id'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {'operation_id', 'tool_id', 'category_id', 'quantity', 'employee_id', 'from_at', 'until_at', 'state', 'company_id'}
    )

    operation_id = fields.Many2one(
        'aftersales.operation', required=True, readonly=True, index=True, ondelete='cascade'
    )
    order_id = fields.Many2one(related='operation_id.order_id', store=True, index=True)
    license_plate = fields.Char(related='operation_id.license_plate')
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    tool_id = fields.Many2one(
        'aftersales.tool', required=True, readonly=True, index=True, ondelete='restrict', check_company=True
    )
    category_id = fields.Many2one(
        'aftersales.tool.category', required=True, readonly=True, index=True, ondelete='restrict'
    )
    quantity = fields.Integer(readonly=True, default=1)
    employee_id = fields.Many2one(
        'hr.employee', "For", required=True, readonly=True, index=True, ondelete='restrict', check_company=True
    )
    from_at = fields.Datetime("From", required=True, readonly=True)
    until_at = fields.Datetime("Until", required=True, readonly=True)
    state = fields.Selection(
        [('open', "Reserved"), ('fetched', "Fetched"), ('cancelled', "Given Up")],
        required=True,
        readonly=True,
        default='open',
        index=True,
    )
    is_lapsed = fields.Boolean("Not Fetched", compute='_compute_is_lapsed', search='_search_is_lapsed')

    _window_order = models.Constraint('CHECK(from_at < until_at)', "[TOO-58] A reservation ends after it begins.")
    _open_idx = models.Index("(tool_id, until_at) WHERE state = 'open'")

    # === COMPUTE METHODS === #

    @api.depends('state', 'until_at')
    def _compute_is_lapsed(self):
        now = fields.Datetime.now()
        for reservation in self:
            reservation.is_lapsed = reservation.state == 'open' and reservation.until_at < now

    def _search_is_lapsed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        lapsed = [('state', '=', 'open'), ('until_at', '<', fields.Datetime.now())]
        return lapsed if True in value else ['!', '&', *lapsed]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('TOO-56', self.env._(
                "A tool is reserved from the operation that needs it. Use “Reserve Tools” there."
            ))
        reservations = super().create(vals_list)
        reservations._stamp_tools_sudo()
        return reservations

    def write(self, vals):
        result = super().write(vals)
        if 'state' in vals:
            self._stamp_tools_sudo()
        return result

    # === ACTION METHODS === #

    def action_cancel(self):
        """Give the reservation up; the person it is for, a team leader or the keeper."""
        for reservation in self:
            reservation._ensure_may_cancel()
        self._cancel()
        return True

    # === BUSINESS METHODS === #

    def _cancel(self):
        """Give open reservations up; what was fetched or given up stays as it is."""
        self.sudo().filtered(lambda reservation: reservation.state == 'open')._guarded().write({'state': 'cancelled'})

    def _stamp_tools_sudo(self):
        """Write on the tools until when somebody speaks for them; sudo: kept by the system."""
        tools = self.sudo().tool_id
        latest = dict(self.sudo()._read_group(
            [('tool_id', 'in', tools.ids), ('state', '=', 'open')], ['tool_id'], ['until_at:max']))
        for tool in tools:
            tool._guarded().write({'reserved_until': latest.get(tool, False)})

    def _ensure_may_cancel(self):
        """Refuse to take another person's reservation away.

        :raise UserError: WRK-02 for anybody but the person, his leader and the keepers.
        """
        self.check_access('read')
        if not self.env.user.has_group('aftersales_service.group_tool_keeper'):
            self.env['hr.employee']._aftersales_acting(self.company_id, self.employee_id)

    @api.model
    def _standing_sudo(self, tools, start=None, end=None):
        """Return the open reservations of tools that touch a window; sudo: who speaks for a tool is no secret here.

        :param start: datetime, now unless given; `end` open unless given.
        :return: {tool id: reservations}
        :rtype: dict
        """
        start = max(start or fields.Datetime.now(), fields.Datetime.now())
        found = self.sudo().search(
            [
                ('tool_id', 'in', tools.ids),
                ('state', '=', 'open'),
                ('until_at', '>', start),
                *([('from_at', '<', end)] if end else []),
            ]
        )
        return {tool.id: own for tool, own in found.grouped('tool_id').items()}

    @api.model
    def _prepare_window(self, operation, from_at=None, until_at=None):
        """Return the window in which an operation needs its tools: from now, or as asked, until the work is due.

        :rtype: tuple[datetime, datetime]
        """
        start = from_at or fields.Datetime.now()
        end = until_at or operation.due_at
        return start, end if end and end > start else start + USUAL_WINDOW
