from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import plate as plate_rules
from ..base.errors import coded_error
from ..base.gates import BLOCKING
from .const import HELD

TRAFFIC = 14
TONES = {
    'checkout': 'info', 'transfer': 'info', 'exchange': 'info', 'return': 'ok', 'found': 'ok', 'calibration_in': 'ok',
    'calibration_out': 'wait', 'damage': 'late', 'loss': 'late', 'reversal': 'mute', 'disposal': 'mute',
}
# How many months the little chart looks back.
MONTHS = 8


class AftersalesDeskTools(models.AbstractModel):
    """The counter of the tool room: scan a badge, scan tools, done; a tool alone comes back."""

    _name = 'aftersales.desk.tools'
    _description = "Desk of the Tool Keeper"

    # === READING === #

    @api.model
    @api.readonly
    def get_data(self, person_id=False):
        """Return what the counter shows; a fixed number of queries, whatever the number of tools.

        :param int person_id: hr.employee whose badge was scanned last.
        :rtype: dict  keys user, company, counts, traffic, months, person
        """
        self._ensure_counter()
        company = self.env.company
        Move = self.env['aftersales.tool.move'].sudo()
        now = fields.Datetime.now()
        start, _end = company._aftersales_day_bounds()
        held = [('company_id', '=', company.id), ('open_qty', '>', 0), ('dest_place', 'in', HELD)]
        top = [*held, '|', ('tool_id.parent_id', '=', False), ('tool_id.parent_id.state', '!=', 'out')]
        return {
            'user': self.env.user.name,
            'counts': {
                'out': Move.search_count(top),
                'overdue': Move.search_count([*top, ('due_at', '<', now)]),
                'calibration': self.env['aftersales.tool'].search_count([
                    ('company_id', '=', company.id), ('is_calibration_expired', '=', True),
                    ('state', 'not in', ('new', 'disposed', 'lost')),
                ]),
            },
            'traffic': self._traffic(Move.search([
                ('company_id', '=', company.id), ('at', '>=', start), ('tool_id.parent_id', '=', False),
            ], limit=TRAFFIC)),
            'months': self._months(company),
            'person': self._person(person_id, held, start) if person_id else False,
        }

    def _ensure_counter(self):
        """Keepers of tools stand at the counter: tool keepers, and who keeps any tool (R-TOOL-15).

        :raise UserError: TOO-01.
        """
        if self.env.su or self.env.user.has_group('aftersales_service.group_tool_keeper'):
            return
        own = self.env.user.sudo().employee_ids
        if not own or not self.env['aftersales.tool'].sudo().search_count([('keeper_id', 'in', own.ids)], limit=1):
            self.env['aftersales.tool']._ensure_keeper()

    def _traffic(self, moves):
        kinds = dict(moves._fields['kind']._description_selection(self.env))
        company = self.env.company
        return [{
            'id': move.id,
            'time': company._aftersales_local_time(move.at).strftime('%H:%M'),
            'label': kinds[move.kind] + (f' ×{move.quantity}' if move.quantity > 1 else ''),
            'tone': TONES.get(move.kind, 'mute'),
            'code': move.tool_id.code,
            'name': move.tool_id.name,
            'who': (move.dest_employee_id or move.source_employee_id).name
            or (move.dest_team_id or move.source_team_id).name or move.keeper_id.name or '',
        } for move in moves]

    def _months(self, company):
        """Return how often tools were lent in each of the last months, the oldest first."""
        first = company._aftersales_today().replace(day=1) - relativedelta(months=MONTHS - 1)
        counts = {
            month.strftime('%Y-%m'): count for month, count in self.env['aftersales.tool.move'].sudo()._read_group(
                [('company_id', '=', company.id), ('kind', '=', 'checkout'), ('at', '>=', first)],
                ['at:month'], ['__count'],
            )
        }
        labels = [(first + relativedelta(months=number)).strftime('%Y-%m') for number in range(MONTHS)]
        most = max(counts.values(), default=0) or 1
        return [
            {'label': label[5:], 'count': counts.get(label, 0), 'percent': round(100 * counts.get(label, 0) / most)}
            for label in labels
        ]

    def _person(self, person_id, held, start):
        """Return a borrower with what he and the teams he leads have; as superuser, names and loans only."""
        person = self.env['hr.employee'].sudo().browse(person_id).exists()
        if not person or person.company_id not in (self.env.company, self.env.company.root_id):
            return False
        teams = self.env['aftersales.team'].sudo().search([
            ('company_id', '=', self.env.company.id), '|', ('leader_id', '=', person.id), ('member_ids', '=', person.id),
        ])
        led = teams.filtered(lambda team: team.leader_id == person)
        Move = self.env['aftersales.tool.move'].sudo()
        loans = Move.search(
            Domain(held) & (Domain('dest_employee_id', '=', person.id) | Domain('dest_team_id', 'in', led.ids)),
            order='at desc, id desc',
        )
        loans -= loans._in_their_kits()
        rows = [self._loan_row(loan, start) for loan in loans]
        order = self._running_order(person)
        return {
            'id': person.id,
            'name': person.name,
            'team': teams[:1].name or '',
            'held': len(rows),
            'lent_today': sum(row['is_today'] for row in rows),
            'overdue': sum(row['tone'] == 'late' for row in rows),
            'unsigned': [row['id'] for row in rows if not row['is_signed']],
            'asks_signature': self.env.company._aftersales_gate('tool_signature') != 'off',
            'order_id': order.id,
            'order': order.name or '',
            'loans': rows,
        }

    def _loan_row(self, loan, start):
        now, tool, company = fields.Datetime.now(), loan.tool_id, loan.company_id
        overdue = bool(loan.due_at) and loan.due_at < now
        is_today = loan.at >= start
        if overdue:
            days = (company._aftersales_today() - company._aftersales_today(loan.due_at)).days
            status = self.env._("Overdue, %s days", days) if days else self.env._("Overdue")
        elif not loan.due_at:
            status = self.env._("Team tool") if loan.dest_team_id else self.env._("For personal use")
        else:
            status = self.env._("Lent today") if is_today else self.env._("Lent")
        return {
            'id': loan.id,
            'tool_id': tool.id,
            'code': tool.code,
            'name': tool.name,
            'pieces': tool.piece_count,
            'is_counted': loan.tracking == 'quantity',
            'quantity': loan.open_qty,
            'employee_id': loan.dest_employee_id.id,
            'team_id': loan.dest_team_id.id,
            'order': loan.order_id.name or '',
            'due': tool._local_text(loan.due_at) if loan.due_at else '',
            'status': status,
            'tone': 'late' if overdue else 'ok' if is_today else 'mute',
            'is_today': is_today,
            'is_signed': bool(loan.signed_at),
        }

    def _running_order(self, person):
        """Return the order on which the person's clock runs, so that the keeper need not ask."""
        time = self.env['aftersales.labour.time'].sudo().search(
            [('employee_id', '=', person.id), ('stop', '=', False)], limit=1)
        return time.order_id

    @api.model
    @api.readonly
    def search_quick(self, term, limit=8):
        """Find tools and colleagues while the keeper types: who has it, where is it.

        :rtype: list[dict]  kind tool|person, id, name, detail, tone
        """
        self._ensure_counter()
        tools = self.env['aftersales.tool'].search(
            [('company_id', '=', self.env.company.id), ('display_name', 'ilike', term),
             ('state', 'not in', ('new', 'disposed'))], limit=limit,
        )
        found = [{**self._tool_card(tool), 'key': f't{tool.id}'} for tool in tools]
        people = self.env['hr.employee'].sudo().search(
            [('name', 'ilike', term), ('company_id', '=', self.env.company.id)], limit=max(2, limit - len(found)))
        return found + [
            {
                'kind': 'person', 'key': f'p{person.id}', 'id': person.id, 'code': '', 'name': person.name,
                'detail': person.job_title or '', 'tone': 'mute',
            } for person in people
        ]

    def _tool_card(self, tool):
        """Return a tool with where it is, for the list of suggestions and the card."""
        states = dict(tool._fields['state']._description_selection(self.env))
        known = tool.sudo()
        holder = known.holder_employee_id.name or known.holder_team_id.name
        detail = [holder or states[tool.state]]
        if tool.due_at:
            detail.append(self.env._("due %s", tool._local_text(tool.due_at)))
        if tool.available_qty and tool.shelf:
            detail.append(tool.shelf)
        if tool.tracking == 'quantity':
            detail.append(f'{tool.available_qty}/{tool.quantity}')
        tone = 'late' if tool.is_overdue or tool.is_calibration_expired else 'ok' if tool.available_qty else 'info'
        return {
            'kind': 'tool', 'id': tool.id, 'code': tool.code, 'name': tool.name, 'detail': ' · '.join(detail),
            'tone': tone, 'state': tool.state, 'is_counted': tool.tracking == 'quantity',
            'available_qty': tool.available_qty,
            'pieces': [{'id': piece.id, 'name': piece.display_name} for piece in tool.filtered('piece_count').piece_ids],
        }

    # === SCANS === #

    @api.model
    def scan(self, code, person_id=False, order_id=False, second_badge=False):
        """Take one scan: a badge opens a person; a tool that is out comes back; one that is in goes to the person.

        :param int person_id: hr.employee who stands at the counter.
        :param int order_id: aftersales.repair.order the next loans are for.
        :param str second_badge: badge of who confirms the keeper's loan to himself.
        :return: kind person|order|lent|returned|count|sign|blocked|tool|unknown with what the counter shows of it.
        :rtype: dict
        """
        self._ensure_counter()
        code = (code or '').strip()
        if badge := self.env['stock.picking']._aftersales_badge_sudo(code):
            return {'kind': 'person', **badge}
        tool = self.env['aftersales.tool']._find_code(code)
        if tool:
            return self._scan_tool(tool, person_id, order_id, second_badge)
        order = self._find_order(code)
        if order:
            return {'kind': 'order', 'id': order.id, 'name': order.name}
        return {'kind': 'unknown', 'name': code}

    def _find_order(self, code):
        """Return the open order with a number or plate; sudo: the number alone leaves."""
        plate = plate_rules.normalise(code)
        return self.env['aftersales.repair.order'].sudo().search([
            ('company_id', '=', self.env.company.id), ('state', 'not in', ('released', 'closed')),
            '|', ('name', '=', code), ('license_plate', '=', plate if plate_rules.is_valid(plate) else False),
        ], order='id desc', limit=1) if code else self.env['aftersales.repair.order']

    def _scan_tool(self, tool, person_id, order_id, second_badge):
        person = self.env['hr.employee'].browse(person_id or ())
        loans = tool._open_moves()
        if loans and (tool.tracking == 'serial' or not person or not tool.available_qty):
            return self._scan_back(tool, loans, person)
        if tool.state == 'repair':
            return self._returned(tool, tool._take_back())
        if not person:
            return {'kind': 'tool', 'tool': self._tool_card(tool)}
        return self.lend(tool.ids, person.id, order_id=order_id, second_badge=second_badge)

    def _scan_back(self, tool, loans, person):
        """Take a scanned tool back: numbered ones at once, counted ones when it is clear how many and whose."""
        mine = loans.filtered(lambda loan: loan.dest_employee_id.id == person.id) if person else loans
        if tool.tracking == 'quantity' and (mine or loans):
            own = mine or loans
            if len({(loan.dest_employee_id, loan.dest_team_id) for loan in own}) > 1 or sum(own.mapped('open_qty')) > 1:
                return {'kind': 'count', 'tool': self._tool_card(tool), 'holders': self._holders(own)}
        return self._returned(tool, tool._take_back())

    def _holders(self, loans):
        rows = {}
        for loan in loans:
            key = (loan.dest_employee_id.id, loan.dest_team_id.id)
            row = rows.setdefault(key, {
                'employee_id': key[0], 'team_id': key[1], 'name': loan.holder, 'quantity': 0,
            })
            row['quantity'] += loan.open_qty
        return list(rows.values())

    def _returned(self, tool, moves):
        back = moves.filtered(lambda move: move.tool_id == tool and move.kind == 'return')[:1].sudo()
        return {
            'kind': 'returned', 'tool': self._tool_card(tool), 'move_id': back.id,
            'who': back.source_employee_id.name or back.source_team_id.name or '',
            'was_late': bool(back.previous_move_id.due_at) and back.previous_move_id.due_at < back.at,
        }

    # === VERBS === #

    @api.model
    def lend(
        self, tool_ids, person_id, order_id=False, second_badge=False, quantity=1, signature=False, signed_by=False,
    ):
        """Lend tools to a person; a team tool goes to the team he leads.

        :param str second_badge: badge of who confirms the keeper's loan to himself; a name alone proves nothing.
        :return: kind lent, or sign (he signs first), or blocked with every reason and its cure.
        :rtype: dict
        """
        self._ensure_counter()
        tools = self.env['aftersales.tool'].browse(tool_ids)
        person = self.env['hr.employee'].browse(person_id)
        second = tools._second_of_badge(second_badge)
        order = self.env['aftersales.repair.order'].sudo().browse(order_id or ())
        if order.company_id - self.env.company:
            raise coded_error('TOO-46', self.env._("%s belongs to another company.", order.name))
        team = self._led_team(person) if 'team' in tools.mapped('behaviour') else None
        holder = {'team': team} if team else {'employee': person}
        tools._ensure_keeper()
        tools._ensure_holder(holder.get('employee'), team)
        asked = tools._for_loan(**holder, second=second, signature=signature)
        found = [
            (tool, reason) for tool, reasons in asked._open_blockers('lend').items() for reason in reasons
            if reason.level in BLOCKING
        ]
        cards = [self._tool_card(tool) for tool in tools]
        if found and {reason.code for _tool, reason in found} == {'TOO-23'}:
            return {'kind': 'sign', 'tools': cards}
        if found:
            return {
                'kind': 'blocked', 'tool': self._tool_card(found[0][0]), 'tools': cards,
                'needs_second': {reason.code for _tool, reason in found} <= {'TOO-22', 'TOO-23'},
                'can_calibrate': any(reason.code == 'TOO-20' for _tool, reason in found) and bool(
                    found[0][0].available_qty),
                'blockers': [{
                    **reason._asdict(), 'res_id': tool.id, 'can_override': tool._can_override(reason),
                } for tool, reason in found],
            }
        tools._check_out(
            **holder, order=order, second=second, quantity=quantity, signature=signature or None,
            signed_by=signed_by or None,
        )
        return {'kind': 'lent', 'tools': [self._tool_card(tool) for tool in tools]}

    def _led_team(self, person):
        """Return the team that the person leads; sudo: who leads a team is no secret."""
        return self.env['aftersales.team'].sudo().search(
            [('leader_id', '=', person.id), ('company_id', '=', self.env.company.id)], limit=1).sudo(False)

    @api.model
    def take_back(self, tool_id, condition='good', note='', quantity=False, employee_id=False, team_id=False):
        """Take a tool back by hand: counted pieces, or one that is damaged.

        :return: as `scan` does for a tool that came back.
        """
        self._ensure_counter()
        tool = self.env['aftersales.tool'].browse(tool_id)
        return self._returned(tool, tool._take_back(
            condition, note, quantity=quantity or None,
            employee=self.env['hr.employee'].browse(employee_id) if employee_id else None,
            team=self.env['aftersales.team'].browse(team_id) if team_id else None,
        ))

    @api.model
    def report_missing(self, tool_id, piece_ids):
        """Say which pieces lacked in the kit that just came back: they are with the borrower again.

        :raise UserError: TOO-47 such a piece did not come back with the kit.
        """
        self._ensure_counter()
        kit = self.env['aftersales.tool'].browse(tool_id)
        kit._ensure_keeper()
        Move = self.env['aftersales.tool.move'].sudo()
        back = Move.search([('tool_id', '=', kit.id), ('kind', '=', 'return')], limit=1)
        moves = Move.search([
            ('name', '=', back.name), ('company_id', '=', kit.company_id.id), ('kind', '=', 'return'),
            ('tool_id', 'in', piece_ids), ('tool_id', 'in', kit.piece_ids.ids),
        ])
        if not back or len(moves) != len(set(piece_ids)) or moves.reversal_ids:
            raise coded_error('TOO-47', self.env._(
                "Not all of these pieces came back with %(kit)s just now.", kit=kit.display_name,
            ))
        moves.sudo(False)._reverse(self.env._("Missing when %(kit)s came back", kit=kit.display_name))
        return {'kind': 'returned', 'tool': self._tool_card(kit), 'who': back.source_employee_id.name or ''}

    @api.model
    def record_damage(self, tool_id, note, photos=()):
        """Record damage seen when the tool came back, or on the shelf: it goes to repair.

        :param list photos: pictures taken at the counter, base64.
        """
        self._ensure_counter()
        tool = self.env['aftersales.tool'].browse(tool_id)
        tool._ensure_keeper()
        photos = tool._keep_photos_sudo(photos)
        if tool._open_moves():
            tool._take_back('damaged', note, photos=photos)
        else:
            tool._record_damage(note, photos=photos)
        return {'kind': 'tool', 'tool': self._tool_card(tool)}

    @api.model
    def send_calibration(self, tool_id):
        """Send a tool to calibration."""
        self._ensure_counter()
        tool = self.env['aftersales.tool'].browse(tool_id)
        tool._send_calibration()
        return {'kind': 'tool', 'tool': self._tool_card(tool)}

    @api.model
    def sign(self, move_ids, signature, name):
        """Let the borrower sign for what he has and did not sign for yet."""
        self._ensure_counter()
        self.env['aftersales.tool.move'].browse(move_ids)._sign(signature, name)
        return True
