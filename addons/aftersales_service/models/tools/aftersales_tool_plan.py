from odoo import fields, models

from ...rules.tool_plan import Booking, free
from .aftersales_tool_reservation import USUAL_WINDOW
from .const import HELD


class AftersalesTool(models.Model):
    """Who speaks for a tool when (R-TOOL-12)."""

    _inherit = 'aftersales.tool'
    _guarded_fields = frozenset({'reserved_until'})

    # The counter asks it with the tool: a loan of what nobody has spoken for costs no query more.
    reserved_until = fields.Datetime(
        "Reserved Until", readonly=True, copy=False, help="End of the last reservation that nobody fetched or gave up."
    )
    reservation_ids = fields.One2many('aftersales.tool.reservation', 'tool_id', "Reservations", readonly=True)
    reservation_count = fields.Integer("Reserved", compute='_compute_reservation_count')

    # === COMPUTE METHODS === #

    def _compute_reservation_count(self):
        standing = self.env['aftersales.tool.reservation']._standing_sudo(self)
        for tool in self:
            tool.reservation_count = len(standing.get(tool._origin.id, ()))

    # === ACTION METHODS === #

    def action_view_reservations(self):
        """Open who speaks for the tool."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_tool_reservation_action')
        action.update(domain=[('tool_id', '=', self.id)], context={'search_default_open': 1})
        return action

    # === GATES === #

    def _blockers(self, target):
        found = super()._blockers(target)
        spoken_for = self._spoken_for() if target == 'lend' else None
        if spoken_for:
            standing = self.env['aftersales.tool.reservation']._standing_sudo(
                spoken_for, end=fields.Datetime.now() + USUAL_WINDOW)
            person = self._loan_person()
            for tool in spoken_for.filtered(lambda tool: tool.id in standing):
                found[tool] += [tool._reserved_blocker(standing[tool.id], person)]
        return found

    def _reserved_blocker(self, reservations, person):
        """Return a reason when more pieces are spoken for by others than are left in the tool room."""
        self.ensure_one()
        others = reservations.filtered(lambda res: res.employee_id != person)
        if self.available_qty - sum(others.mapped('quantity')) > 0 or not others:
            return None
        return self._blocker('tool_reserved', 'TOO-55', self.env._(
            "%(tool)s is reserved by %(person)s from %(time)s.", tool=self.display_name,
            person=others[0].employee_id.name, time=self._local_text(others[0].from_at)))

    # === BUSINESS METHODS === #

    def _spoken_for(self):
        """Return the tools that have a reservation whose time is not over."""
        now = fields.Datetime.now()
        return self.filtered(lambda tool: tool.reserved_until and tool.reserved_until > now)

    def _plan_row(self, start, end, away, reservations, operation=None):
        """Return what a planner needs to know of one tool in a window.

        :param away: its open ledger entries; an overdue loan, a lost or sent piece has no known end.
        :param reservations: open ones that touch the window, as superuser.
        :return: id, code, name, state, place (of the first piece away), capacity, free, holder, until (text of a Datetime
            or False), reserved_by, mine (reserved for `operation`), here (out for its order).
        :rtype: dict
        """
        self.ensure_one()
        now = fields.Datetime.now()
        order = operation.order_id if operation else self.env['aftersales.repair.order']
        mine = reservations.filtered(lambda res: operation and res.operation_id == operation)
        others = reservations - mine
        bookings = [Booking(res.from_at, res.until_at, res.quantity) for res in others]
        for move in away:
            back = move.due_at if move.dest_place in HELD and move.due_at and move.due_at > now else None
            bookings.append(Booking(min(start, now), back, move.open_qty))
        first = away[:1]
        held = away.filtered(lambda move: move.dest_place in HELD)
        return {
            'id': self.id,
            'code': self.code,
            'name': self.name,
            'state': self.state,
            'place': first.dest_place or 'store',
            'capacity': self.quantity,
            'free': int(free(self.quantity, start, end, bookings)),
            'holder': ", ".join(held.mapped('holder')[:3]),
            'until': fields.Datetime.to_string(held[:1].due_at) if held[:1].due_at else False,
            'reserved_by': others[:1].employee_id.name or '',
            'mine': bool(mine),
            'here': bool(order) and order in held.order_id,
        }

    def _after_post(self, moves):
        """A tool that was lent to who had spoken for it is fetched."""
        result = super()._after_post(moves)
        lent = moves.filtered(lambda move: move.kind == 'checkout' and move.tool_id._spoken_for())
        if not lent:
            return result
        standing = self.env['aftersales.tool.reservation']._standing_sudo(lent.tool_id)
        fetched = self.env['aftersales.tool.reservation'].sudo()
        for move in lent:
            for reservation in standing.get(move.tool_id.id, ()):
                soon = reservation.from_at <= move.at + USUAL_WINDOW
                if (move.order_id and move.order_id == reservation.order_id) or (
                    soon and move.dest_employee_id == reservation.employee_id
                ):
                    fetched |= reservation
                    break
        fetched._guarded().write({'state': 'fetched'})
        return result
