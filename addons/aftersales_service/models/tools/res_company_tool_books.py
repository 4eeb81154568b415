from odoo import models
from odoo.fields import Command

from ...rules.split import from_cents, to_cents
from ...rules.tool_amortisation import amortised, months_between
from ..base.errors import coded_error


class ResCompany(models.Model):
    """The entries of the tool room: equipment, amortisation, losses and disposals; posted by the accountant."""

    _inherit = 'res.company'

    def action_aftersales_book_tools(self):
        """Book what the tool room owes the books until today, and show the entries."""
        moves = self._aftersales_book_tools()
        return moves._get_records_action(name=self.env._("Tool Entries")) if moves else {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'info', 'message': self.env._("Nothing to book: tools and books agree.")},
        }

    def _aftersales_book_tools(self, date=None):
        """Book equipment, amortisation until the month of a day, losses, disposals and what was found again.

        Idempotent: what is booked is not booked again.

        :param datetime.date date: day of the entries, today unless given.
        :return: account.move, posted.
        :raise UserError: TOO-93 not an accountant; TOO-90 an account lacks.
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('TOO-93', self.env._("Tools are booked by the accountant."))
        moves = self.env['account.move']
        for company in self:
            company = company.sudo().with_company(company)
            day = date or company._aftersales_today()
            tools = company._aftersales_booked_tools()
            moves |= company._aftersales_capitalise(tools, day)
            # Amortisation first: a tool that went this month has its share of the month before it goes.
            moves |= company._aftersales_amortise(tools, day)
            moves |= company._aftersales_write_off(day)
        return moves.sudo(False)

    def _aftersales_booked_tools(self):
        """Return the tools of the company that stand on its books."""
        return self.env['aftersales.tool'].sudo().with_context(active_test=False).search([
            ('company_id', '=', self.id), ('value_kind', '!=', 'none'), ('book_qty', '>', 0),
        ])

    def _aftersales_tool_entry(self, day, ref, lines, **links):
        """Post one entry of the tool room.

        :param lines: (account, balance, tool or None)
        """
        self.ensure_one()
        move = self.env['account.move'].sudo().with_company(self)._guarded().create({
            'move_type': 'entry', 'journal_id': self._aftersales_cost_journal().id, 'company_id': self.id, 'date': day,
            'ref': ref, 'aftersales_kind': 'tool', **links,
            'line_ids': [
                Command.create({'account_id': account.id, 'name': tool.display_name if tool else ref, 'balance': balance,
                                'aftersales_tool_id': tool.id if tool else False})
                for account, balance, tool in lines if not self.currency_id.is_zero(balance)
            ],
        })
        move._post(soft=False)
        return move

    def _aftersales_capitalise(self, tools, day):
        """Move equipment from tools in use to fixed assets, once."""
        fresh = tools.filtered(lambda tool: tool.value_kind == 'asset' and not tool.is_capitalised)
        if not fresh:
            return self.env['account.move'].sudo()
        asset, use = self._aftersales_tool_account('asset'), self._aftersales_tool_account('use')
        lines = []
        for tool in fresh:
            lines += [(asset, tool.book_cost, tool), (use, -tool.book_cost, tool)]
        fresh._guarded().write({'is_capitalised': True})
        return self._aftersales_tool_entry(day, self.env._("Equipment put into use"), lines)

    def _aftersales_amortise(self, tools, day):
        """Bring the amortisation of each tool to what it must be in the month of a day; one entry."""
        done = tools._amortised_sudo()
        digits = self.currency_id.decimal_places
        lines, total = [], 0
        for tool in tools:
            asset = tool.value_kind == 'asset'
            months = tool.category_id.service_life_months or (self.aftersales_tool_asset_months if asset else 0)
            start = tool.in_use_on or day
            due = amortised(
                to_cents(tool.book_cost, digits), 'straight' if asset else self.aftersales_tool_amortisation,
                months_between(start.year, start.month, day.year, day.month), months,
            ) - to_cents(done.get(tool.id, 0.0), digits)
            if due > 0:
                key = 'depreciated' if asset else 'amortised'
                lines.append((self._aftersales_tool_account(key), -float(from_cents(due, digits)), tool))
                total += due
        if not lines:
            return self.env['account.move'].sudo()
        lines.append((self._aftersales_tool_account('expense'), float(from_cents(total, digits)), None))
        return self._aftersales_tool_entry(
            day, self.env._("Tools amortised, %(month)s", month=day.strftime('%Y-%m')), lines)

    def _aftersales_write_off(self, day):
        """Take lost and disposed pieces off the books, put found ones back; one entry each."""
        moves = self.env['account.move'].sudo()
        for entry in self._aftersales_tool_moves_to_book():
            undone = entry.reversed_move_id or (entry.previous_move_id if entry.kind == 'found' else None)
            if undone:
                booked = undone.account_move_ids.filtered(lambda move: move.state == 'posted' and not move.reversal_move_ids)
                if booked:
                    moves |= self._aftersales_put_back(entry, booked, day)
            elif entry.tool_id.book_qty:
                moves |= self._aftersales_take_off(entry, day)
        return moves

    def _aftersales_tool_moves_to_book(self):
        """Return losses, disposals, what was found, and reversals of those, of tools on the books, not booked yet."""
        entries = self.env['aftersales.tool.move'].sudo().search([
            ('company_id', '=', self.id), ('kind', 'in', ('loss', 'disposal', 'found', 'reversal')),
            ('tool_id.value_kind', '!=', 'none'), ('account_move_ids', '=', False),
        ], order='id')
        return entries.filtered(
            lambda entry: (
                entry.reversed_move_id.kind in ('loss', 'disposal') if entry.kind == 'reversal'
                # What was lost before it was disposed of left the books with the loss.
                else not (entry.kind == 'disposal' and entry.previous_move_id.kind == 'loss')
            )
        )

    def _aftersales_take_off(self, entry, day):
        """Write pieces off: their cost and what is amortised of it; the rest is a loss to decide, or cost at disposal."""
        tool, digits = entry.tool_id, self.currency_id.decimal_places
        pieces = min(entry.quantity, tool.book_qty)
        last = pieces == tool.book_qty
        cost = to_cents(tool.book_cost, digits)
        gone = to_cents(tool._amortised_sudo().get(tool.id, 0.0), digits)
        cost, gone = (part if last else part * pieces // tool.book_qty for part in (cost, gone))
        asset = tool.value_kind == 'asset'
        rest = self._aftersales_tool_account('loss' if entry.kind == 'loss' else 'expense')
        lines = [
            (self._aftersales_tool_account('depreciated' if asset else 'amortised'), float(from_cents(gone, digits)), tool),
            (rest, float(from_cents(cost - gone, digits)), tool),
            (self._aftersales_tool_account('asset' if asset else 'use'), -float(from_cents(cost, digits)), tool),
        ]
        move = self._aftersales_tool_entry(
            day, f'{entry.name} {tool.display_name}', lines, aftersales_tool_move_id=entry.id)
        tool._guarded().write({
            'book_qty': tool.book_qty - pieces,
            'book_cost': float(from_cents(to_cents(tool.book_cost, digits) - cost, digits)),
        })
        return move

    def _aftersales_put_back(self, entry, booked, day):
        """Reverse what was written off: the pieces turned up, or the entry of the ledger was wrong."""
        tool = entry.tool_id
        accounts = self._aftersales_tool_account('asset') | self._aftersales_tool_account('use')
        cost = -sum(booked.line_ids.filtered(lambda line: line.account_id in accounts).mapped('balance'))
        reversal = booked._guarded()._reverse_moves(
            [{'date': day, 'ref': f'{entry.name} {tool.display_name}', 'aftersales_kind': 'tool',
              'aftersales_tool_move_id': entry.id} for _move in booked], cancel=True)
        for old, new in zip(booked, reversal, strict=True):
            # The reversal copies no links of ours; its items belong to the same tool.
            for line, copy in zip(old.line_ids, new.line_ids, strict=True):
                copy._guarded().write({'aftersales_tool_id': line.aftersales_tool_id.id})
        tool._guarded().write({'book_qty': tool.book_qty + entry.quantity, 'book_cost': tool.book_cost + cost})
        return reversal

    # === INTEGRITY === #

    def _aftersales_integrity(self):
        return super()._aftersales_integrity() + self._aftersales_integrity_tool_books()

    def _aftersales_integrity_tool_books(self):
        """The cost of tools on the books against their accounts; losses and disposals that nobody booked."""
        tools = self._aftersales_booked_tools()
        findings = []
        for kind, name in (('turnover', 'aftersales_tool_use_account_id'), ('asset', 'aftersales_tool_asset_account_id')):
            account = self[name] or self.root_id[name]
            own = tools.filtered(
                lambda tool, kind=kind: (tool.value_kind == 'asset' and tool.is_capitalised) == (kind == 'asset'))
            if not account or not (own or kind == 'turnover'):
                continue
            if kind == 'asset':
                # Other equipment stands there too: only our own items are compared.
                domain = [('aftersales_tool_id', '!=', False)]
            else:
                domain = []
            balance = self.env['account.move.line']._read_group(
                [('company_id', '=', self.id), ('account_id', '=', account.id), ('parent_state', '=', 'posted'), *domain],
                [], ['balance:sum'])[0][0] or 0.0
            difference = balance - sum(own.mapped('book_cost'))
            if not self.currency_id.is_zero(difference):
                findings.append(self._finding(
                    'TOO-I5', self.env._("Tools against their account"), 'warning', account, difference,
                    self.env._("%(account)s differs by %(amount)s from what the tools on it cost.",
                               account=account.display_name, amount=self.currency_id.format(difference))))
        for entry in self._aftersales_tool_moves_to_book():
            if entry.kind in ('loss', 'disposal') and entry.tool_id.book_qty:
                findings.append(self._finding(
                    'TOO-I6', self.env._("Lost or disposed of, still on the books"), 'info', entry.tool_id,
                    entry.tool_id.book_cost,
                    self.env._("%(tool)s left the tool room with %(slip)s: book the tools.",
                               tool=entry.tool_id.display_name, slip=entry.name)))
        return findings
