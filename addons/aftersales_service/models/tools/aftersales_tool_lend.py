from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

from ..base.errors import coded_error
from .aftersales_tool_blockers import KITS
from .const import HELD, OUTSIDE, Spot


class AftersalesTool(models.Model):
    """Verbs of the counter: receive, lend, take back, hand on, exchange."""

    _inherit = 'aftersales.tool'

    # === RECEIVE === #

    def _receive(self, quantity=1, keeper=None, calibration_due=None, note='', receive_pieces=True):
        """Enter tools in the ledger of their keeper: bought, found in the cupboard, taken over.

        :param int quantity: pieces of each counted tool; others count one.
        :param keeper: hr.employee into whose sub-ledger they go, the tool's own unless given.
        :param date calibration_due: replaces what the tool says.
        :param bool receive_pieces: a kit's pieces come along.
        :return: aftersales.tool.move.
        :raise UserError: TOO-07 no keeper; TOO-08 a numbered tool is in the ledger already; TOO-09 not one piece.
        """
        tools = self | self.piece_ids.filtered(lambda piece: piece.state == 'new') if receive_pieces else self
        tools._ensure_keeper()
        tools._lock()
        vals_list = []
        for tool in tools:
            if quantity < 1:
                raise tool._too_many(quantity)
            charge = keeper or tool.keeper_id or tool.parent_id.keeper_id
            if not charge:
                raise coded_error('TOO-07', self.env._(
                    "%(tool)s has no keeper: say in whose charge it is.", tool=tool.display_name,
                ))
            if tool.tracking == 'serial' and tool.quantity:
                raise coded_error('TOO-08', self.env._(
                    "%(tool)s is in the ledger already.", tool=tool.display_name,
                ))
            if tool.quantity and tool.keeper_id != charge:
                charge = tool.keeper_id
            tool.sudo()._guarded().write({
                'keeper_id': charge.id, **({'calibration_due': calibration_due} if calibration_due else {}),
            })
            pieces = quantity if tool.tracking == 'quantity' and tool in self else 1
            vals_list.append(tool._prepare_move_vals(
                'receipt', pieces, OUTSIDE, tool._home(), note=note, calibration_due=tool.calibration_due,
            ))
        return tools._post_moves(vals_list).sudo(False)

    # === LEND === #

    def _check_out(
        self, employee=None, team=None, order=None, operation=None, due_at=None, quantity=1, signature=None,
        keeper=None, second=None, note='', signed_by=None,
    ):
        """Lend tools, kits with their pieces, to a colleague or a team.

        :param employee: hr.employee who borrows; or
        :param team: aftersales.team that borrows.
        :param order: aftersales.repair.order it is lent for.
        :param operation: aftersales.operation it is lent for.
        :param datetime due_at: when it is due back (UTC); closing time for same-day loans unless given.
        :param int quantity: pieces of each counted tool.
        :param bytes signature: the borrower's, base64.
        :param keeper: hr.employee who confirms, the user's unless given.
        :param second: hr.employee who confirms a keeper's loan to himself.
        :return: aftersales.tool.move.
        :raise UserError: TOO-01 to TOO-06, TOO-09, the gates of `lend`.
        """
        self._ensure_keeper()
        self._ensure_holder(employee, team)
        tools = self._with_pieces()
        tools._lock()
        asked = self._for_loan(employee, team, second, signature, due_at)
        asked.with_context(**{KITS: self.ids})._ensure_no_blockers('lend')
        vals_list = []
        for tool in tools:
            pieces = tool._pieces_to_lend(quantity, tool in self)
            if not pieces:
                continue  # a missing piece of an incomplete kit
            vals_list.append(tool._prepare_move_vals(
                'checkout', pieces, tool._home(), tool._held_spot(employee, team),
                order=order or operation and operation.order_id, operation=operation, keeper=keeper, second=second,
                due_at=due_at or tool._default_due(), condition='good', note=note, signature=signature,
                signed_by=signed_by or employee and employee.sudo().name,
            ))
        return tools._post_moves(vals_list).sudo(False)

    def _pieces_to_lend(self, quantity, is_asked):
        """Return how many pieces go: what was asked for, all that is there of a kit's piece.

        :raise UserError: TOO-09 fewer are there, or none is asked for.
        """
        self.ensure_one()
        if not is_asked:
            return self.available_qty
        wanted = quantity if self.tracking == 'quantity' else 1
        if wanted < 1 or wanted > self.available_qty:
            raise self._too_many(wanted)
        return wanted

    def _too_many(self, wanted):
        """Return the refusal of more pieces than are there, or of none."""
        self.ensure_one()
        return coded_error('TOO-09', self.env._(
            "%(tool)s: %(wanted)s wanted, %(there)s are in the tool room.",
            tool=self.display_name, wanted=wanted, there=self.available_qty,
        ))

    def _held_spot(self, employee, team):
        """Return the place with this holder, in the charge of the tool's keeper."""
        self.ensure_one()
        return Spot(
            'employee' if employee else 'team', self.keeper_id.id, employee.id if employee else False,
            team.id if team else False,
        )

    def _default_due(self):
        """Return when a loan made now is due: closing time for same-day loans, never for issued tools."""
        self.ensure_one()
        return False if self.behaviour != 'loan' or self.is_rescue else self._return_time()

    def _return_time(self):
        """Return the next closing time of the tool room (R-TOOL-03), UTC."""
        company = self.company_id or self.env.company
        zone = company._aftersales_workday_tz()
        hours = company.sudo().aftersales_tool_return_time
        now = fields.Datetime.now()
        day = company._aftersales_today(now)
        for offset in (0, 1):
            local = datetime.combine(day + timedelta(days=offset), time()) + timedelta(hours=hours)
            moment = zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
            if moment > now:
                break
        return moment

    # === TAKE BACK === #

    def _take_back(
        self, condition='good', note='', quantity=None, keeper=None, missing=None, employee=None, team=None,
        photos=None,
    ):
        """Take tools back in front of the borrower, or from repair; the tool's scan is enough.

        Missing pieces of a kit stay with the borrower. A damaged tool goes on to repair.

        :param str condition: good | worn | incomplete | damaged.
        :param int quantity: pieces of counted tools, all that the borrower has unless given.
        :param keeper: hr.employee who confirms, the user's unless given.
        :param missing: aftersales.tool, pieces that lack in the box.
        :param employee: hr.employee who brings it, needed when several have some.
        :param team: aftersales.team, likewise.
        :param photos: ir.attachment that show its condition.
        :return: aftersales.tool.move, returns (and damages).
        :raise UserError: TOO-01, TOO-03, TOO-31 nothing is out, TOO-32 several have some, TOO-33 wrong piece.
        """
        missing = missing or self.browse()
        if stray := missing.filtered(lambda piece: piece.parent_id not in self):
            raise coded_error('TOO-33', self.env._(
                "%(piece)s is no piece of what is brought back.", piece=stray[0].display_name,
            ))
        tools = self._with_pieces() - missing
        tools._ensure_keeper()
        tools._lock()
        vals_list, damages = [], []
        for tool in tools:
            loans = tool._loans_to_close(employee, team, required=tool in self)
            if not loans:
                continue
            pieces = quantity if quantity and tool.tracking == 'quantity' and tool in self else sum(
                loans.mapped('open_qty'))
            worn = condition if tool in self else 'good'
            lacking = missing.filtered(lambda piece, kit=tool: piece.parent_id == kit)
            if lacking and condition == 'good':
                worn = 'incomplete'
            text = note or (self.env._("Missing: %s", ", ".join(lacking.mapped('display_name'))) if lacking else '')
            vals_list += tool._split(
                'return', pieces, loans, tool._home(), condition=worn, note=text, keeper=keeper, photos=photos,
            )
            if condition == 'damaged' and tool in self:
                damages.append((tool, pieces))
        moves = tools._post_moves(vals_list)
        for tool, pieces in damages:
            moves |= tool._post_moves([tool._prepare_move_vals(
                'damage', pieces, tool._home(), Spot('repair', tool.keeper_id.id), condition='damaged', note=note,
                keeper=keeper, photos=photos, order=moves.order_id[:1],
            )])
        return moves.sudo(False)

    def _loans_to_close(self, employee, team, required):
        """Return the open entries that a return closes: of one holder, or from repair."""
        self.ensure_one()
        loans = self._open_moves(HELD, employee, team)
        if not loans and not employee and not team:
            loans = self._open_moves(('repair',))
        if not required:
            return loans
        if not loans:
            raise coded_error('TOO-31', self.env._("%(tool)s is not out.", tool=self.display_name))
        if len({(loan.dest_employee_id, loan.dest_team_id) for loan in loans}) > 1:
            raise coded_error('TOO-32', self.env._(
                "%(tool)s is with several people (%(names)s): scan the badge of who brings it.",
                tool=self.display_name, names=", ".join(dict.fromkeys(loan.holder or '' for loan in loans)),
            ))
        if self.parent_id and self.parent_id.state == 'out' and (
            self.parent_id._open_moves(HELD, loans.dest_employee_id, loans.dest_team_id)
        ):
            raise coded_error('TOO-03', self.env._(
                "%(tool)s is a piece of %(kit)s: bring the kit back whole, and name what lacks.",
                tool=self.display_name, kit=self.parent_id.display_name,
            ))
        return loans

    # === HAND ON === #

    def _hand_on(
        self, employee=None, team=None, to_keeper=None, order=None, operation=None, due_at=None, quantity=None,
        keeper=None, second=None, signature=None, note='', signed_by=None,
    ):
        """Hand tools on: to another holder without a walk to the shelf, or to another keeper's sub-ledger.

        :param employee: hr.employee who takes over; or
        :param team: aftersales.team; or
        :param to_keeper: hr.employee into whose sub-ledger the tools go, with everything of them that is out.
        :param int quantity: pieces of counted tools, all that the present holder has unless given.
        :return: aftersales.tool.move.
        :raise UserError: as `_check_out` and `_take_back`; TOO-34 the same holder or keeper.
        """
        if to_keeper:
            return self._change_keeper(to_keeper, keeper, note)
        self._ensure_keeper()
        self._ensure_holder(employee, team)
        tools = self._with_pieces()
        tools._lock()
        asked = self._for_loan(employee, team, second, signature, due_at, moving=True)
        asked.with_context(**{KITS: self.ids})._ensure_no_blockers('lend')
        vals_list = []
        for tool in tools:
            loans = tool._loans_to_close(None, None, required=tool in self)
            spot = tool._held_spot(employee, team)
            if tool in self and any(loan._dest() == spot for loan in loans):
                raise coded_error('TOO-34', self.env._(
                    "%(tool)s is there already.", tool=tool.display_name,
                ))
            if not loans:
                continue
            pieces = quantity if quantity and tool.tracking == 'quantity' else sum(loans.mapped('open_qty'))
            facts = {'order': order or operation.order_id} if order or operation else {}
            vals_list += tool._split(
                'transfer', pieces, loans, spot, operation=operation, keeper=keeper, second=second,
                due_at=due_at or tool._default_due(), signature=signature, note=note,
                signed_by=signed_by or employee and employee.sudo().name, **facts,
            )
        return tools._post_moves(vals_list).sudo(False)

    def _change_keeper(self, to_keeper, keeper, note):
        """Move tools from sub-ledger to sub-ledger, wherever their pieces are."""
        tools = self._with_pieces()
        tools._ensure_keeper()
        tools._ensure_holder(to_keeper, None)
        tools._lock()
        if there := tools.filtered(lambda tool: tool.keeper_id == to_keeper):
            raise coded_error('TOO-34', self.env._("%(tool)s is there already.", tool=there[0].display_name))
        vals_list = []
        for tool in tools:
            if tool.available_qty:
                vals_list.append(tool._prepare_move_vals(
                    'transfer', tool.available_qty, tool._home(), tool._home(to_keeper), note=note, keeper=keeper,
                ))
            for move in tool._open_moves(('employee', 'team', 'calibration', 'repair', 'lost')):
                vals_list += tool._split(
                    'transfer', move.open_qty, move, move._dest()._replace(keeper_id=to_keeper.id), note=note,
                    keeper=keeper, due_at=move.due_at,
                )
        tools.sudo()._guarded().write({'keeper_id': to_keeper.id})
        return tools._post_moves(vals_list).sudo(False) if vals_list else self.env['aftersales.tool.move']

    # === EXCHANGE === #

    def _exchange(self, new_tool, signature=None, keeper=None, second=None, condition='worn', note=''):
        """Give a new personal tool for the old one (R-TOOL-09), neither early nor without the old one.

        :param new_tool: aftersales.tool of the same category, in the tool room.
        :param bytes signature: the holder's, base64.
        :return: aftersales.tool.move, the old one back and the new one out, on one slip.
        :raise UserError: TOO-30 too early (gate), TOO-35 not a personal tool in someone's hands, or of another kind.
        """
        self.ensure_one()
        both = self | new_tool
        both._ensure_keeper()
        both._lock()
        loans = self._loans_to_close(None, None, required=True)
        holder = loans.dest_employee_id.sudo(False)
        if self.behaviour != 'personal' or not holder or new_tool.category_id != self.category_id:
            raise coded_error('TOO-35', self.env._(
                "%(old)s is exchanged for a tool of the same category, by the person who has it.",
                old=self.display_name,
            ))
        self._ensure_no_blockers('exchange')
        new_tool._ensure_holder(holder, None)
        if new_tool.available_qty < 1:
            raise coded_error('TOO-04', new_tool._where_message())
        new_tool._for_loan(holder, None, second, signature, moving=True)._ensure_no_blockers('lend')
        return both._post_moves([
            *self._split(
                'exchange', sum(loans.mapped('open_qty')), loans, self._home(), condition=condition, note=note,
                keeper=keeper,
            ),
            new_tool._prepare_move_vals(
                'exchange', 1, new_tool._home(), new_tool._held_spot(holder, None), condition='good', note=note,
                keeper=keeper, second=second, signature=signature, signed_by=holder.sudo().name,
            ),
        ]).sudo(False)
