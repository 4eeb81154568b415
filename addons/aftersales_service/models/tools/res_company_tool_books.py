from odoo import models
from odoo.fields import Command

from ...rules.split import from_cents, to_cents
from ...rules.tool_amortisation import amortised, months_between, share_of
from ..base.errors import coded_error
from .const import GONE


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
        """Post one entry of the tool room; none when every amount is nought.

        :param lines: (account, balance, tool or None[, res.partner who owes it])
        :return: account.move, as superuser.
        """
        self.ensure_one()
        items = [
            Command.create({'account_id': account.id, 'name': tool.display_name if tool else ref, 'balance': balance,
                            'aftersales_tool_id': tool.id if tool else False,
                            'partner_id': partner[0].id if partner and partner[0] else False})
            for account, balance, tool, *partner in lines if not self.currency_id.is_zero(balance)
        ]
        move = self.env['account.move'].sudo().with_company(self)._guarded()
        if not items:
            return move.browse()
        move = move.create({
            'move_type': 'entry', 'journal_id': self._aftersales_cost_journal().id, 'company_id': self.id, 'date': day,
            'ref': ref, 'aftersales_kind': 'tool', 'line_ids': items, **links,
        })
        move._post(soft=False)
        return move

    def _aftersales_capitalise(self, tools, day):
        """Move equipment from tools in use to fixed assets, each piece once."""
        fresh = tools.filtered(lambda tool: tool.value_kind == 'asset' and tool.currency_id.compare_amounts(
            tool.book_cost, tool.capitalised_cost))
        if not fresh:
            return self.env['account.move'].sudo()
        asset, use = self._aftersales_tool_account('asset'), self._aftersales_tool_account('use')
        lines = []
        for tool in fresh:
            cost = tool.book_cost - tool.capitalised_cost
            lines += [(asset, cost, tool), (use, -cost, tool)]
            tool._guarded().write({'capitalised_cost': tool.book_cost})
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
        """Take lost, disposed and miscounted pieces off the books, put found ones back; one entry each."""
        moves = self.env['account.move'].sudo()
        for entry in self._aftersales_tool_moves_to_book():
            if entry._leaves_books():
                moves |= self._aftersales_take_off(entry, day)
            else:
                moves |= self._aftersales_put_back(entry, day)
        return moves

    def _aftersales_tool_moves_to_book(self):
        """Return what left or came back since the last booking, of tools on the books, the oldest first."""
        return self.env['aftersales.tool.move'].sudo().search([
            ('company_id', '=', self.id), ('tool_id.value_kind', '!=', 'none'), ('is_booked', '=', False),
            '|', ('source_place', 'in', GONE), ('dest_place', 'in', GONE),
        ], order='id').filtered(lambda entry: entry._leaves_books() or entry._origin_off_books())

    def _aftersales_take_off(self, entry, day):
        """Write pieces off: their cost and what is amortised of it.

        The rest is a loss to decide when they are lost or miscounted, and cost of tools at disposal.
        """
        tool, digits = entry.tool_id, self.currency_id.decimal_places
        pieces = min(entry.quantity, tool.book_qty)
        entry._guarded().write({'is_booked': True, 'booked_qty': pieces})
        if not pieces:
            return self.env['account.move'].sudo()
        cost = to_cents(tool.book_cost, digits)
        gone = to_cents(tool._amortised_sudo().get(tool.id, 0.0), digits)
        cost, gone = (share_of(part, 0, pieces, tool.book_qty) for part in (cost, gone))
        accounts = self._aftersales_value_accounts(tool)
        rest = self._aftersales_tool_account('expense' if entry.kind == 'disposal' else 'loss')
        lines = [
            (accounts['amortised'], float(from_cents(gone, digits)), tool),
            (rest, float(from_cents(cost - gone, digits)), tool),
            (accounts['cost'], -float(from_cents(cost, digits)), tool),
        ]
        tool._guarded().write({
            'book_qty': tool.book_qty - pieces,
            **self._aftersales_cost_vals(tool, -cost),
        })
        return self._aftersales_tool_entry(
            day, f'{entry.name} {tool.display_name}', lines, aftersales_tool_move_id=entry.id)

    def _aftersales_put_back(self, entry, day):
        """Put back what was written off of these pieces: they turned up, or the entry of the ledger was wrong."""
        tool, digits = entry.tool_id, self.currency_id.decimal_places
        origin = entry._origin_off_books()
        before = sum(
            other.booked_qty for other in tool.move_ids
            if other.is_booked and not other._leaves_books() and other._origin_off_books() == origin
        )
        pieces = min(entry.quantity, origin.booked_qty - before)
        entry._guarded().write({'is_booked': True, 'booked_qty': pieces})
        if pieces <= 0:
            return self.env['account.move'].sudo()
        items = origin.account_move_ids.filtered(lambda move: move.state == 'posted').line_ids
        accounts, shares = self._aftersales_value_accounts(tool), {}
        for account in accounts.values():
            balance = sum(items.filtered(lambda line, account=account: line.account_id == account).mapped('balance'))
            shares[account] = -share_of(to_cents(balance, digits), before, pieces, origin.booked_qty)
        # What had been written off beside them takes the rest, so that the entry is even to the cent.
        rest = items.account_id - self.env['account.account'].sudo().union(*shares)
        cost = shares[accounts['cost']]
        shares[rest] = -sum(shares.values())
        lines = [(account, float(from_cents(cents, digits)), tool) for account, cents in shares.items() if account]
        tool._guarded().write({
            'book_qty': tool.book_qty + pieces,
            **self._aftersales_cost_vals(tool, cost),
        })
        return self._aftersales_tool_entry(
            day, f'{entry.name} {tool.display_name}', lines, aftersales_tool_move_id=entry.id)

    def _aftersales_cost_vals(self, tool, cents):
        """Return the tool's cost after a change; that of equipment changes among equipment."""
        digits = self.currency_id.decimal_places
        names = ['book_cost', *(['capitalised_cost'] if tool.value_kind == 'asset' else [])]
        return {name: float(from_cents(to_cents(tool[name], digits) + cents, digits)) for name in names}

    def _aftersales_value_accounts(self, tool):
        """Return where a tool's cost stands, and what is amortised of it: `{'cost', 'amortised'}`."""
        asset = tool.value_kind == 'asset'
        return {
            'cost': self._aftersales_tool_account('asset' if asset else 'use'),
            'amortised': self._aftersales_tool_account('depreciated' if asset else 'amortised'),
        }

    # === INTEGRITY === #

    def _aftersales_integrity(self):
        return super()._aftersales_integrity() + self._aftersales_integrity_tool_books()

    def _aftersales_integrity_tool_books(self):
        """The cost of tools on the books against their accounts; losses and disposals that nobody booked."""
        tools = self._aftersales_booked_tools()
        findings = []
        capitalised = sum(tools.mapped('capitalised_cost'))
        for name, cost, domain in (
            ('aftersales_tool_use_account_id', sum(tools.mapped('book_cost')) - capitalised, []),
            # Other equipment stands there too: only our own items are compared.
            ('aftersales_tool_asset_account_id', capitalised, [('aftersales_tool_id', '!=', False)]),
        ):
            account = self[name] or self.root_id[name]
            if not account:
                continue
            balance = self.env['account.move.line']._read_group(
                [('company_id', '=', self.id), ('account_id', '=', account.id), ('parent_state', '=', 'posted'), *domain],
                [], ['balance:sum'])[0][0] or 0.0
            difference = balance - cost
            if not self.currency_id.is_zero(difference):
                findings.append(self._finding(
                    'TOO-I5', self.env._("Tools against their account"), 'warning', account, difference,
                    self.env._("%(account)s differs by %(amount)s from what the tools on it cost.",
                               account=account.display_name, amount=self.currency_id.format(difference))))
        waiting = self._aftersales_tool_moves_to_book()
        for entry in waiting:
            if entry._leaves_books() and entry.tool_id.book_qty:
                findings.append(self._finding(
                    'TOO-I6', self.env._("Lost or disposed of, still on the books"), 'info', entry.tool_id,
                    entry.tool_id.book_cost,
                    self.env._("%(tool)s left the tool room with %(slip)s: book the tools.",
                               tool=entry.tool_id.display_name, slip=entry.name)))
        lost = dict(self.env['aftersales.tool.move'].sudo()._read_group(
            [('tool_id', 'in', tools.ids), ('dest_place', '=', 'lost'), ('open_qty', '>', 0)],
            ['tool_id'], ['open_qty:sum']))
        for tool in tools - waiting.tool_id:
            if tool.book_qty > tool.quantity - lost.get(tool, 0):
                findings.append(self._finding(
                    'TOO-I7', self.env._("More pieces on the books than there are"), 'warning', tool, tool.book_cost,
                    self.env._("%(tool)s: %(books)s pieces on the books, %(there)s in the tool ledger.",
                               tool=tool.display_name, books=tool.book_qty, there=tool.quantity - lost.get(tool, 0))))
        return findings
