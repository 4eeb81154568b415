from collections import defaultdict

from odoo import Command, api, fields, models

from ...models.base.errors import coded_error
from ...models.tools.const import HELD, OUTSIDE
from ...reports.base.workbook import Column, workbook


class AftersalesToolStatement(models.TransientModel):
    """General ledger, sub-ledgers and holders at a moment, side by side: three ways to add up the same entries."""

    _name = 'aftersales.tool.statement'
    _description = "Tool general ledger"
    _inherit = ['aftersales.download.mixin']

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    date = fields.Date(
        "At the end of", required=True, default=lambda self: self.env.company._aftersales_today(),
        help="Business day whose last moment counts.",
    )
    keeper_id = fields.Many2one('hr.employee', "Sub-ledger", domain="[('company_id', '=', company_id)]")
    category_id = fields.Many2one('aftersales.tool.category')
    line_ids = fields.One2many('aftersales.tool.statement.line', 'statement_id', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    general_total = fields.Integer("General ledger", readonly=True, help="Received less disposed of.")
    keeper_total = fields.Integer("Sub-ledgers", readonly=True, help="Sum of what the keepers answer for.")
    holder_total = fields.Integer("Tool room and holders", readonly=True, help="Sum of where the pieces are.")
    is_even = fields.Boolean("They agree", readonly=True)

    @api.depends('date')
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._("Tools on %s", statement.date)

    # === ACTION METHODS === #

    def action_show(self):
        """Add up the ledger and show it."""
        self.ensure_one()
        self._fill()
        return {
            'type': 'ir.actions.act_window', 'name': self.display_name, 'res_model': self._name, 'res_id': self.id,
            'views': [(False, 'form')], 'target': 'current',
        }

    def action_workbook(self):
        """Fetch the workbook."""
        self._fill()
        return self.action_download('ledger')

    def action_print(self):
        """Print the statement."""
        self._fill()
        return self.env.ref('aftersales_service.report_tool_statement_action').report_action(self)

    # === BUSINESS METHODS === #

    def _tools(self):
        """Return the tools of the statement, archived ones too.

        :raise UserError: TOO-49 the user has no business with the whole ledger.
        """
        self.ensure_one()
        groups = ','.join(f'aftersales_service.group_{name}' for name in (
            'tool_keeper', 'accountant', 'general_manager', 'report_reader', 'hr_officer'))
        if not self.env.su and not self.env.user.has_groups(groups):
            raise coded_error('TOO-49', self.env._("The general ledger is for keepers, accounting and management."))
        domain = [('company_id', '=', self.company_id.id)]
        if self.category_id:
            domain.append(('category_id', '=', self.category_id.id))
        return self.env['aftersales.tool'].with_context(active_test=False).search(domain)

    def _fill(self):
        """Write the lines and the three totals, each added up on its own way from the entries."""
        tools = self._tools()
        _start, end = self.company_id._aftersales_day_bounds(self.date)
        # Bounds are the first moment of the next day; entries carry seconds.
        at = fields.Datetime.subtract(end, seconds=1)
        keeper = self.keeper_id
        rows = []
        for tool, spots in tools._balances(at).items():
            by_keeper = defaultdict(lambda: defaultdict(int))
            for spot, pieces in spots.items():
                if not keeper or spot.keeper_id == keeper.id:
                    by_keeper[spot.keeper_id]['out' if spot.place in HELD else spot.place] += pieces
            rows += [
                {'tool_id': tool.id, 'keeper_id': keeper_id, 'total': sum(places.values()),
                 **{f'{place}_qty': places[place] for place in ('store', 'out', 'calibration', 'repair', 'lost')},
                 'value': tool.purchase_value * sum(places.values())}
                for keeper_id, places in by_keeper.items()
            ]
        general, by_keeper = self._general_total(tools, at), self._keeper_total(tools, at)
        holders = sum(row['total'] for row in rows)
        self.write({
            'line_ids': [Command.clear(), *(Command.create(row) for row in rows)],
            'general_total': general, 'keeper_total': by_keeper, 'holder_total': holders,
            'is_even': general == by_keeper == holders,
        })

    def _sum(self, tools, at, side, domain):
        """Return the pieces of entries up to a moment; sudo: the right to the statement was checked."""
        [[pieces]] = self.env['aftersales.tool.move'].sudo()._read_group([
            ('tool_id', 'in', tools.ids), ('at', '<=', at), *domain,
            *([(f'{side}_keeper_id', '=', self.keeper_id.id)] if self.keeper_id else []),
        ], [], ['quantity:sum'])
        return pieces or 0

    def _general_total(self, tools, at):
        """Return what came in from outside less what went out for good (of one keeper: what came to him and left)."""
        if self.keeper_id:
            return self._keeper_total(tools, at)
        return self._sum(tools, at, 'dest', [('source_place', '=', OUTSIDE.place)]) - self._sum(
            tools, at, 'source', [('dest_place', '=', OUTSIDE.place)])

    def _keeper_total(self, tools, at):
        """Return the sum of the sub-ledgers."""
        return self._sum(tools, at, 'dest', [('dest_keeper_id', '!=', False)]) - self._sum(
            tools, at, 'source', [('source_keeper_id', '!=', False)])

    # === FILES === #

    def _downloads(self):
        return super()._downloads() | {'ledger': '_write_ledger'}

    def _write_ledger(self, options):
        """Write the workbook: totals, general ledger, who holds what at that moment."""
        self.ensure_one()
        tools = self._tools()
        _start, end = self.company_id._aftersales_day_bounds(self.date)
        notes = [
            self.env._("At the end of %s", self.date),
            self.env._("General ledger %(general)s, sub-ledgers %(keepers)s, tool room and holders %(holders)s",
                       general=self.general_total, keepers=self.keeper_total, holders=self.holder_total),
        ]
        with workbook() as (book, buffer):
            book.sheet(self.env._("General ledger"), [
                Column(self.env._("Code")), Column(self.env._("Tool"), width=28), Column(self.env._("Category")),
                Column(self.env._("Tool Keeper")),
                *(Column(self.line_ids._fields[name]._description_string(self.env), 'number', total=True)
                  for name in ('store_qty', 'out_qty', 'calibration_qty', 'repair_qty', 'lost_qty', 'total')),
                Column(self.env._("Purchase Value"), 'money', total=True),
            ], (
                (line.tool_id.code, line.tool_id.name, line.tool_id.category_id.name, line.sudo().keeper_id.name or '',
                 line.store_qty, line.out_qty, line.calibration_qty, line.repair_qty, line.lost_qty, line.total,
                 line.value)
                for line in self.line_ids
            ), title=self.env._("Tool general ledger"), notes=notes, total_label=self.env._("Total"))
            book.sheet(self.env._("Holders"), [
                Column(self.env._("Holder"), width=20), Column(self.env._("Code")), Column(self.env._("Tool"), width=28),
                Column(self.env._("Tool Keeper")), Column(self.env._("Pieces"), 'number', total=True),
            ], self._holder_rows(tools, fields.Datetime.subtract(end, seconds=1)),
                title=self.env._("Holders"), notes=notes[:1], total_label=self.env._("Total"))
        return self.env._("Tools %s.xlsx", self.date), buffer.getvalue()

    def _holder_rows(self, tools, at):
        """Return who held what at a moment, by name."""
        people, teams = self.env['hr.employee'].sudo(), self.env['aftersales.team'].sudo()
        rows = [
            (people.browse(spot.employee_id or ()).name or teams.browse(spot.team_id or ()).name, tool.code, tool.name,
             people.browse(spot.keeper_id or ()).name or '', pieces)
            for tool, spots in tools._balances(at).items() for spot, pieces in spots.items()
            if spot.place in HELD and (not self.keeper_id or spot.keeper_id == self.keeper_id.id)
        ]
        return sorted(rows, key=lambda row: (row[0] or '', row[1]))
