from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules.tool_ledger import allocate
from ..base.errors import coded_error
from ..settlement.aftersales_order_refresh import CHANGED
from .const import HELD, OUTSIDE, Spot

SPOT_FIELDS = ('place', 'keeper_id', 'employee_id', 'team_id')


class AftersalesTool(models.Model):
    """The ledger: balances, one way to post entries, and the projections kept for fast screens."""

    _inherit = 'aftersales.tool'

    # === BALANCES === #

    def _balances(self, at=None):
        """Return where the pieces of these tools are, or were, from the entries alone.

        The general ledger is the sum over all spots, a keeper's sub-ledger the sum over the spots with his id.

        :param datetime at: moment in question (UTC), entries of that very second included; now unless given.
        :return: {tool: {Spot: pieces}}, every tool of self a key, empty spots left out.
        :rtype: dict
        """
        found = {tool: defaultdict(int) for tool in self}
        for side, sign in (('dest', 1), ('source', -1)):
            domain = [('tool_id', 'in', self.ids), (f'{side}_place', '!=', OUTSIDE.place)]
            if at:
                domain.append(('at', '<=', at))
            for tool, place, keeper, employee, team, quantity in self.env['aftersales.tool.move'].sudo()._read_group(
                domain, ['tool_id', *(f'{side}_{name}' for name in SPOT_FIELDS)], ['quantity:sum'],
            ):
                spot = Spot(place, keeper.id, employee.id, team.id)
                found[self.browse(tool.id)][spot] += sign * quantity
        return {
            tool: {spot: quantity for spot, quantity in spots.items() if quantity} for tool, spots in found.items()
        }

    def _home(self, keeper=None):
        """Return the tool's place in the tool room.

        :param keeper: hr.employee, the tool's keeper unless given.
        :rtype: Spot
        """
        self.ensure_one()
        return Spot('store', (keeper or self.keeper_id).id)

    def _open_moves(self, places=HELD, employee=None, team=None):
        """Return the entries whose pieces are still there, the oldest first: open loans, unless told otherwise.

        :param places: codes of places.
        :param employee: limits to what this hr.employee holds.
        :param team: limits to what this aftersales.team holds.
        :return: aftersales.tool.move as superuser: who holds a tool is no secret at the counter.
        """
        domain = [('tool_id', 'in', self.ids), ('open_qty', '>', 0), ('dest_place', 'in', list(places))]
        if employee:
            domain.append(('dest_employee_id', '=', employee.id))
        if team:
            domain.append(('dest_team_id', '=', team.id))
        return self.env['aftersales.tool.move'].sudo().search(domain, order='at, id')

    # === POSTING === #

    def _lock(self):
        """Take the tools' rows, waiting for another counter; what it changed is seen by the retry that follows.

        Odoo's `lock_for_update` gives up at once; here the second counter waits a moment, runs again and is then told
        in words who was faster.

        :return: self
        """
        if self:
            self.env.execute_query(SQL(
                "SELECT id FROM aftersales_tool WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids),
            ))
            self.invalidate_recordset(['quantity', 'available_qty', 'state'])
        return self

    def _prepare_move_vals(self, kind, quantity, source, dest, **facts):
        """Return the values of one entry.

        :param str kind: see MOVE_KINDS.
        :param int quantity: pieces.
        :param Spot source: from where; `previous` names the entry that had put it there.
        :param Spot dest: to where.
        :param facts: previous, order, operation, keeper, second (records), due_at, condition, note, calibration_due,
            signature (base64), signed_by, photos (ir.attachment), reversed_move_id.
        :rtype: dict
        """
        self.ensure_one()
        ids = {name: facts[name].id for name in ('order', 'operation', 'keeper', 'second') if facts.get(name)}
        signed = facts.get('signature')
        return {
            'kind': kind,
            'tool_id': self.id,
            'company_id': self.company_id.id,
            'quantity': quantity,
            **{f'source_{name}': value for name, value in zip(SPOT_FIELDS, source, strict=True)},
            **{f'dest_{name}': value for name, value in zip(SPOT_FIELDS, dest, strict=True)},
            'order_id': ids.get('order'),
            'operation_id': ids.get('operation'),
            'keeper_id': ids.get('keeper') or self._acting_keeper().id,
            'second_id': ids.get('second'),
            'user_id': self.env.uid,
            'at': fields.Datetime.now(),
            'due_at': facts.get('due_at'),
            'condition': facts.get('condition'),
            'note': facts.get('note') or False,
            'calibration_due': facts.get('calibration_due'),
            'signature': signed,
            'signed_by': facts.get('signed_by') if signed else False,
            'signed_at': fields.Datetime.now() if signed else False,
            'previous_move_id': facts['previous'].id if facts.get('previous') else False,
            'reversed_move_id': facts.get('reversed_move_id'),
            'open_qty': quantity if dest.place not in ('store', OUTSIDE.place) else 0,
            'photo_ids': [(6, 0, facts['photos'].ids)] if facts.get('photos') else False,
        }

    @api.model
    def _acting_keeper(self):
        """Return the hr.employee of the user at the counter; may be empty for an administrator."""
        return self.env.user.sudo().employee_id

    def _post_moves(self, vals_list):
        """Add entries to the ledger, all in one create, and bring the tools up to date.

        Every verb ends here. The caller has checked the right and locked the tools.

        :param list[dict] vals_list: from `_prepare_move_vals`.
        :return: aftersales.tool.move, as superuser.
        """
        company = self.env['res.company'].browse(vals_list[0]['company_id'])
        slip = company._aftersales_next_sudo('aftersales.tool.move')
        Move = self.env['aftersales.tool.move'].sudo()._guarded()
        for previous_id, taken in self._taken(vals_list).items():
            previous = Move.browse(previous_id)
            previous.open_qty -= taken
        # A serial tool may have one open entry only: the old one closes before the new one opens.
        Move.flush_model(['open_qty'])
        moves = Move.create([{**vals, 'name': slip} for vals in vals_list])
        moves.tool_id._project()
        self._after_post(moves)
        self._tell_desks_sudo(company)
        return moves

    @api.model
    def _taken(self, vals_list):
        """Return {id of the entry taken from: pieces}."""
        taken = defaultdict(int)
        for vals in vals_list:
            if vals['previous_move_id']:
                taken[vals['previous_move_id']] += vals['quantity']
        return taken

    def _after_post(self, moves):
        """Called after entries were made, in the same transaction; effects are added through super().

        :param moves: aftersales.tool.move, as superuser.
        """
        self._close_reminders_sudo(moves.previous_move_id)

    def _split(self, kind, quantity, loans, dest, **facts):
        """Return the values of entries that take a quantity out of open ones, the first one first.

        :param loans: aftersales.tool.move of this tool, all with the same destination.
        :param Spot dest: to where.
        :raise UserError: TOO-16 less is there than is taken.
        :rtype: list[dict]
        """
        self.ensure_one()
        try:
            parts = allocate([(loan, loan.open_qty) for loan in loans], quantity)
        except ValueError as error:
            raise coded_error('TOO-16', self.env._(
                "%(tool)s: %(wanted)s wanted, but only %(there)s are there.",
                tool=self.display_name, wanted=quantity, there=sum(loans.mapped('open_qty')),
            )) from error
        return [
            self._prepare_move_vals(kind, part, loan._dest(), dest, **{
                'previous': loan, 'order': loan.order_id, 'operation': loan.operation_id, **facts,
            })
            for loan, part in parts
        ]

    # === PROJECTIONS === #

    def _project(self):
        """Write down what the entries say, so that lists and gates need not add them up."""
        facts = self._projection()
        by_values = defaultdict(self.browse)
        for tool in self:
            by_values[tuple(facts[tool].items())] |= tool
        for values, tools in by_values.items():
            tools.sudo()._guarded().write(dict(values))

    def _projection(self):
        """Return what the projected fields must be, from the ledger.

        :rtype: dict  `{tool: {field: value}}`
        """
        Move = self.env['aftersales.tool.move'].sudo()
        in_store = defaultdict(int)
        for side, sign in (('dest', 1), ('source', -1)):
            for tool, quantity in Move._read_group(
                [('tool_id', 'in', self.ids), (f'{side}_place', '=', 'store')], ['tool_id'], ['quantity:sum'],
            ):
                in_store[tool.id] += sign * quantity
        elsewhere = defaultdict(Move.browse)
        for move in Move.search([('tool_id', 'in', self.ids), ('open_qty', '>', 0)], order='at, id'):
            elsewhere[move.tool_id.id] |= move
        return {
            tool: tool._projected_vals(in_store[tool.id], elsewhere[tool.id], tool.id in in_store) for tool in self
        }

    def _projected_vals(self, in_store, moves, is_known):
        """Return the projected fields of one tool.

        :param int in_store: pieces in the tool room.
        :param moves: its open entries.
        :param bool is_known: whether the ledger names it at all.
        :rtype: dict
        """
        places = defaultdict(int)
        for move in moves:
            places['out' if move.dest_place in HELD else move.dest_place] += move.open_qty
        state = 'in_store' if in_store > 0 else next(
            (place for place in ('out', 'calibration', 'repair', 'lost') if places[place]),
            'disposed' if is_known else 'new',
        )
        held = moves.filtered(lambda move: move.dest_place in HELD)
        # A counted tool may be with several people: then no single one is named.
        employees, teams = held.dest_employee_id, held.dest_team_id
        alone = len(employees) + len(teams) == 1
        dues = [move.due_at for move in held if move.due_at]
        personal = self.behaviour == 'personal' and alone and employees
        return {
            'available_qty': in_store,
            'quantity': in_store + sum(moves.mapped('open_qty')),
            'state': state,
            'holder_employee_id': employees.id if alone else False,
            'holder_team_id': teams.id if alone else False,
            'due_at': min(dues) if dues else False,
            'issued_on': self.company_id._aftersales_today(held[0].at) if personal else False,
        }

    @api.model
    def _tell_desks_sudo(self, company):
        """Tell the open counters that something changed, once a transaction; sudo: it says that, not what."""
        told = self.env.cr.precommit.data.setdefault(CHANGED, set())
        if company.id not in told:
            told.add(company.id)
            self.env.ref('aftersales_service.group_user').sudo()._bus_send(CHANGED, {'company_id': company.id})
