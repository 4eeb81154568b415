from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from ...models.tools.const import HELD
from ...reports.base.workbook import Column, workbook


class AftersalesToolLedgerWizard(models.TransientModel):
    """The three books of the tool room at the end of any day: general ledger, sub-ledgers, loans (R-TOOL-01, R-DOC-22)."""

    _name = 'aftersales.tool.ledger.wizard'
    _description = "Tool Ledger at a Date"
    _inherit = ['aftersales.download.mixin']

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, readonly=True)
    date = fields.Date("At the End Of", required=True, default=lambda self: self.env.company._aftersales_today())
    keeper_id = fields.Many2one(
        'hr.employee.public', "Tool Keeper", domain="[('company_id', '=', company_id)]", help="Empty: all sub-ledgers."
    )
    category_ids = fields.Many2many('aftersales.tool.category', string="Categories", help="Empty: all.")
    proof = fields.Html(compute='_compute_proof', sanitize=False)

    # === COMPUTE METHODS === #

    @api.depends('date', 'keeper_id', 'category_ids')
    def _compute_proof(self):
        """General ledger = sum of the sub-ledgers: two readings of the entries, side by side."""
        for wizard in self:
            wizard.proof = wizard._proof_html() if wizard.date else False

    # === ACTION METHODS === #

    def action_xlsx(self):
        """Download the books as a workbook."""
        self.ensure_one()
        return self.action_download('ledger')

    def action_print(self):
        """Print the books."""
        self.ensure_one()
        return self.env.ref('aftersales_service.action_report_tool_ledger').report_action(self)

    # === READING === #

    @api.model
    def _downloads(self):
        return super()._downloads() | {'ledger': '_write_ledger'}

    def _moment(self):
        """Return the last second of the day in question, UTC."""
        self.ensure_one()
        return self.company_id._aftersales_day_bounds(self.date)[1] - timedelta(seconds=1)

    def _tools(self):
        """Return the tools on the list, with the rights of the reader."""
        domain = [('company_id', '=', self.company_id.id)]
        if self.category_ids:
            domain.append(('category_id', 'in', self.category_ids.ids))
        return self.env['aftersales.tool'].with_context(active_test=False).search(domain, order='category_id, code, id')

    def _ledger(self):
        """Return the books: where the pieces of each tool were at that moment.

        Value is the purchase price a piece; readers without the right to it see none.

        :return: dictionaries with tool, category, keeper, place, holder, quantity, value, since, due, order
        :rtype: list[dict]
        """
        self.ensure_one()
        tools, moment = self._tools(), self._moment()
        can_value = tools._has_field_access(tools._fields['purchase_value'], 'read')
        places = dict(self.env['aftersales.tool.move']._fields['dest_place']._description_selection(self.env))
        # sudo: names of people on the reader's own list.
        employees, teams = self.env['hr.employee'].sudo(), self.env['aftersales.team'].sudo()
        loans = self._last_loans_sudo(tools, moment)
        rows = []
        for tool, spots in tools._balances(moment).items():
            for spot, quantity in sorted(spots.items(), key=lambda item: item[0][0]):
                if self.keeper_id and spot.keeper_id != self.keeper_id.id:
                    continue
                loan = loans.get((tool.id, spot.employee_id, spot.team_id)) if spot.place in HELD else None
                rows.append({
                    'tool': tool,
                    'category': tool.category_id.name,
                    'keeper': employees.browse(spot.keeper_id or ()).name or '–',
                    'place': places[spot.place],
                    'is_loan': spot.place in HELD,
                    'holder': employees.browse(spot.employee_id or ()).name or teams.browse(spot.team_id or ()).name or '',
                    'quantity': quantity,
                    'value': tool.purchase_value * quantity if can_value else 0.0,
                    'since': loan and loan.at,
                    'due': loan and loan.due_at,
                    'order': loan and loan.order_id.name or '',
                })
        return rows

    def _last_loans_sudo(self, tools, moment):
        """Return the latest entry that put a tool into somebody's hands; sudo: of tools the reader may list.

        :return: {(tool id, employee id, team id): aftersales.tool.move}
        :rtype: dict
        """
        moves = self.env['aftersales.tool.move'].sudo().search_fetch(
            [('tool_id', 'in', tools.ids), ('dest_place', 'in', HELD), ('at', '<=', moment)],
            ['tool_id', 'dest_employee_id', 'dest_team_id', 'at', 'due_at', 'order_id'], order='at, id',
        )
        return {(move.tool_id.id, move.dest_employee_id.id, move.dest_team_id.id): move for move in moves}

    def _general(self, rows):
        """Return the general ledger: one row a tool, (tool, category, pieces, in the room, out, elsewhere, value).

        Read from the entries' own sums, not from the sub-ledgers, so that the two can be compared.
        """
        totals = defaultdict(lambda: [0, 0, 0, 0.0])
        for row in rows:
            sums = totals[row['tool']]
            sums[0 if row['place'] == self._store_label() else 1 if row['is_loan'] else 2] += row['quantity']
            sums[3] += row['value']
        return [(tool, tool.category_id.name, sum(sums[:3]), *sums) for tool, sums in totals.items()]

    def _store_label(self):
        return dict(self.env['aftersales.tool.move']._fields['dest_place']._description_selection(self.env))['store']

    def _received_less_gone(self):
        """Return {category: pieces} on the books at that moment, from what came in and went out: the general ledger."""
        self.ensure_one()
        Move = self.env['aftersales.tool.move'].sudo()  # sums of tools the reader may list
        tools, moment = self._tools(), self._moment()
        totals = defaultdict(int)
        for side, sign in (('source', 1), ('dest', -1)):
            for category, quantity in Move._read_group(
                [('tool_id', 'in', tools.ids), ('at', '<=', moment), (f'{side}_place', '=', 'outside')],
                ['category_id'], ['quantity:sum'],
            ):
                totals[category.name] += sign * quantity
        return dict(totals)

    def _proof_html(self):
        """Return the proof on one screen: category by category, general ledger against each keeper's sub-ledger."""
        self.ensure_one()
        rows = self._ledger()
        keepers = sorted({row['keeper'] for row in rows})
        by_cell, names = defaultdict(int), []
        for row in rows:
            by_cell[row['category'], row['keeper']] += row['quantity']
            if row['category'] not in names:
                names.append(row['category'])
        general = self._received_less_gone()
        if not names:
            return Markup('<p class="text-muted">%s</p>') % self.env._("Nothing was on the books on that day.")
        head = [self.env._("Category"), *([] if self.keeper_id else [self.env._("General ledger")]), *keepers]
        if not self.keeper_id:
            head.append(self.env._("Difference"))
        body, sums = [], defaultdict(int)
        for name in names:
            subs = [by_cell[name, keeper] for keeper in keepers]
            cells = subs if self.keeper_id else [general.get(name, 0), *subs, general.get(name, 0) - sum(subs)]
            for index, cell in enumerate(cells):
                sums[index] += cell
            body.append(self._html_row([name, *cells]))
        body.append(self._html_row([self.env._("Total"), *(sums[index] for index in range(len(sums)))], 'fw-bold'))
        return Markup('<table class="table table-sm o_aftersales_proof"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>') % (
            Markup().join(Markup('<th%s>%s</th>') % (Markup(' class="text-end"') if index else '', text)
                          for index, text in enumerate(head)),
            Markup().join(body),
        )

    @api.model
    def _html_row(self, cells, style=''):
        return Markup('<tr class="%s">%s</tr>') % (style, Markup().join(
            Markup('<td%s>%s</td>') % (Markup(' class="text-end"') if index else '', cell)
            for index, cell in enumerate(cells)))

    # === WRITING === #

    def _write_ledger(self, _options):
        """Write the workbook: general ledger, one sheet a keeper, register of loans.

        :return: file name, contents
        """
        self.ensure_one()
        rows = self._ledger()
        company = self.company_id
        note = self.env._("At the end of %(date)s", date=fields.Date.to_string(self.date))
        piece, total = self.env._("Pieces"), self.env._("Total")
        with workbook() as (book, buffer):
            book.sheet(
                self.env._("General ledger"),
                [Column(self.env._("Code")), Column(self.env._("Tool"), width=28), Column(self.env._("Category"), width=20),
                 Column(piece, 'number', True), Column(self.env._("In the tool room"), 'number', True),
                 Column(self.env._("Out"), 'number', True), Column(self.env._("Elsewhere"), 'number', True),
                 Column(self.env._("Value"), 'money', True)],
                ((tool.code, tool.name, category, *rest) for tool, category, *rest in self._general(rows)),
                title=self.env._("Tool general ledger, %(company)s", company=company.name), notes=[note], total_label=total,
            )
            by_keeper = defaultdict(list)
            for row in rows:
                by_keeper[row['keeper']].append(row)
            for number, (keeper, own) in enumerate(sorted(by_keeper.items()), 1):
                book.sheet(
                    f'{number} {keeper}',
                    [Column(self.env._("Code")), Column(self.env._("Tool"), width=28),
                     Column(self.env._("Where it is"), width=18), Column(self.env._("Held by"), width=18),
                     Column(piece, 'number', True), Column(self.env._("Value"), 'money', True)],
                    ((row['tool'].code, row['tool'].name, row['place'], row['holder'], row['quantity'], row['value'])
                     for row in own),
                    title=self.env._("Sub-ledger of %(keeper)s", keeper=keeper), notes=[note], total_label=total,
                )

            def local(moment):
                return company._aftersales_local_time(moment).replace(tzinfo=None) if moment else None

            book.sheet(
                self.env._("Loans"),
                [Column(self.env._("Held by"), width=18), Column(self.env._("Code")), Column(self.env._("Tool"), width=28),
                 Column(piece, 'number', True), Column(self.env._("Since"), 'datetime', width=18),
                 Column(self.env._("Due back"), 'datetime', width=18), Column(self.env._("Repair order"), width=18)],
                ((row['holder'], row['tool'].code, row['tool'].name, row['quantity'], local(row['since']),
                  local(row['due']), row['order'])
                 for row in sorted(rows, key=lambda row: (row['holder'], row['tool'].code)) if row['is_loan']),
                title=self.env._("Register of temporary loans"), notes=[note], total_label=total,
            )
        name = self.env._("Tool ledger %(date)s", date=fields.Date.to_string(self.date))
        return f'{name}.xlsx', buffer.getvalue()
