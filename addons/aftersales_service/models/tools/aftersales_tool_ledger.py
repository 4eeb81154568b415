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

        What this transaction has read of the rows stays true: had another one changed them, the lock itself would
        fail and Odoo would repeat the request.

        :return: self
        """
        if self:
            self.env.execute_query(SQL(
                "SELECT id FROM aftersales_tool WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids),
            ))
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
            'keeper_id': ids.get('keeper'),
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

    def _acting_keeper(self):
        """Return the hr.employee of the user at the counter, as superuser; may be empty for an administrator."""
        # Mostly the tools are his own: no need to search.
        own = self.sudo().keeper_id.filtered(lambda keeper: keeper.user_id == self.env.user)
        return own[:1] or self.env['hr.employee'].sudo().search([
            ('user_id', '=', self.env.uid), ('company_id', '=', self.env.company.id),
        ], limit=1)

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
        acting_id = self._acting_keeper().id
        moves = Move.create([
            {**vals, 'name': slip, 'keeper_id': vals['keeper_id'] or acting_id} for vals in vals_list
        ])
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
        by_values = defaultdict(self.browse)
        for tool, facts in self._projection().items():
            changed = tuple(
                (name, value) for name, value in facts.items()
                if tool._fields[name].convert_to_write(tool[name], tool) != value
            )
            by_values[changed] |= tool
        for values, tools in by_values.items():
            tools.sudo()._guarded().write(dict(values))

    def _projection(self):
        """Return what the projected fields must be, from the ledger.

        :rtype: dict  `{tool: {field: value}}`
        """
        self.env['aftersales.tool.move'].flush_model()
        spots = defaultdict(list)
        for tool_id, *spot in self.env.execute_query(SQL(
            """
            SELECT tool_id, 'store', NULL::int, NULL::int,
                   SUM(CASE dest_place WHEN 'store' THEN quantity ELSE 0 END)
                   - SUM(CASE source_place WHEN 'store' THEN quantity ELSE 0 END), NULL::timestamp, NULL::timestamp
              FROM aftersales_tool_move WHERE tool_id IN %(tools)s GROUP BY tool_id
             UNION ALL
            SELECT tool_id, dest_place, dest_employee_id, dest_team_id, SUM(open_qty), MIN(due_at), MIN(at)
              FROM aftersales_tool_move WHERE tool_id IN %(tools)s AND open_qty > 0
             GROUP BY tool_id, dest_place, dest_employee_id, dest_team_id
            """, tools=tuple(self.ids),
        )) if self else ():
            spots[tool_id].append(spot)
        return {tool: tool._projected_vals(spots[tool.id]) for tool in self}

    def _projected_vals(self, spots):
        """Return the projected fields of one tool.

        :param list spots: place, id of the employee, id of the team, pieces, first due, first entry; empty for a tool
            that the ledger does not name.
        :rtype: dict
        """
        self.ensure_one()
        places = defaultdict(int)
        held = [spot for spot in spots if spot[0] in HELD]
        for place, _employee, _team, pieces, _due, _at in spots:
            places['out' if place in HELD else place] += int(pieces)
        state = 'in_store' if places['store'] > 0 else next(
            (place for place in ('out', 'calibration', 'repair', 'lost') if places[place]),
            'disposed' if spots else 'new',
        )
        # A counted tool may be with several people: then no single one is named.
        _place, employee_id, team_id, _pieces, _due, since = held[0] if len(held) == 1 else (None,) * 6
        dues = [due for _place, _employee, _team, _pieces, due, _at in held if due]
        issued = self.behaviour == 'personal' and employee_id
        return {
            'available_qty': places['store'],
            'quantity': sum(places.values()),
            'state': state,
            'holder_employee_id': employee_id or False,
            'holder_team_id': team_id or False,
            'due_at': min(dues) if dues else False,
            'issued_on': self.company_id._aftersales_today(since) if issued else False,
        }

    @api.model
    def _tell_desks_sudo(self, company):
        """Tell the open counters that something changed, once a transaction; sudo: it says that, not what."""
        told = self.env.cr.precommit.data.setdefault(CHANGED, set())
        if company.id not in told:
            told.add(company.id)
            # By the cached id: `env.ref` would ask the database whether the group is still there.
            group_id = self.env['ir.model.data']._xmlid_to_res_id('aftersales_service.group_user')
            self.env['res.groups'].sudo().browse(group_id)._bus_send(CHANGED, {'company_id': company.id})
