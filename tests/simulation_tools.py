"""The random walk through the tool room: the shop of `simulation.py` goes on beside it, cars leave with tools lent.

    AFTERSALES_STEPS=5000 AFTERSALES_SEED=7 ./dev check tests/tools/test_simulation.py
"""

from collections import Counter

from odoo import fields

from .common import SIGNATURE
from .simulation import Simulation

GONE = ('lost', 'outside')


class ToolSimulation(Simulation):
    """Verbs named `tool_…`; after each step the ledger adds up on every way, and the books hold what is there."""

    def __init__(self, case, seed=1):
        super().__init__(case, seed)
        case._make_tool_room()
        self.company._aftersales_fix_tool_accounts()
        self.company.write({
            'aftersales_tool_amortisation': self.random.choice(['once', 'half', 'straight']),
            'aftersales_tool_asset_limit': 500.0,
        })
        self.user = case.keeper_user
        self.manager = case._role('service_manager')
        self.keepers = [case.keeper, case._make_employee("Keeper Bai")]
        self.people = [case.tech, case.tech2, case.leader, case.keeper]
        kind = case._make_tool_category
        self.tool_kinds = {
            'loan': kind("Pullers", service_life_months=24),
            'gauge': kind("Gauges", calibration_months=12),
            'personal': kind("Personal", behaviour='personal', service_life_months=24),
            'team': kind("Team", behaviour='team'),
            'counted': kind("Sockets", tracking='quantity', service_life_months=12),
        }
        make = case._make_tool
        for number in range(3):
            make(f"Puller {number}", self.tool_kinds['loan'])
            make("Ratchet", self.tool_kinds['personal'])
            make("Gauge", self.tool_kinds['gauge'], calibration_due='2099-01-01')
        make("Jack", self.tool_kinds['team'])
        make("Socket 10", self.tool_kinds['counted'], quantity=6)
        for number in range(2):
            make(f"Box {number}", self.tool_kinds['loan'], pieces=("A", "B", "C"))
        self.goods = case._make_part("Wrench", cost=120.01, price=1.0, on_hand=60)
        self.dear = case._make_part("Tester", cost=901.0, price=1.0, on_hand=40)
        self.accounts = self.company._aftersales_tool_account('use') | self.company._aftersales_tool_account('asset')
        self.opening = self._books()
        self.months = 0
        self.tool_verbs = [getattr(self, name) for name in sorted(dir(self)) if name.startswith('tool_')
                           and callable(getattr(self, name))]

    def choose(self):
        return self.random.choice(self.tool_verbs) if self.random.random() < 0.75 else super().choose()

    # === CHOICES === #

    def tools(self, *domain):
        """Return tools of the company as the keeper at the counter sees them."""
        return self.env['aftersales.tool'].with_user(self.user).with_context(active_test=False).search(
            [('company_id', '=', self.company.id), *domain], order='id')

    def one(self, *domain):
        return self.pick(self.tools(*domain)) or self.env['aftersales.tool']

    def pieces(self, tool, most=3):
        return self.random.choice([None, 1, self.random.randint(1, most)]) if tool.tracking == 'quantity' else None

    def order(self):
        return self.pick(self.open()) or None

    # === VERBS === #

    def tool_lend(self):
        """Anything on the shelf, a kit with its pieces, to somebody; the gates decide."""
        tool = self.one(('state', '=', 'in_store'))
        if tool:
            team = tool.behaviour == 'team'
            tool._check_out(
                None if team else self.pick(self.people), self.case.team if team else None, order=self.order(),
                quantity=self.random.choice([1, 1, 2, 3]), second=self.case.tech, signature=SIGNATURE,
            )

    tool_lend_again = tool_lend_more = tool_lend

    def tool_return(self):
        tool = self.one(('state', 'in', ('out', 'in_store', 'repair')), ('move_ids.open_qty', '>', 0))
        loans = tool._open_moves() if tool else None
        if tool:
            loan = self.pick(loans) if loans and tool.tracking == 'quantity' else None
            gone = tool.piece_ids.filtered(lambda piece: self.random.random() < 0.2)
            tool._take_back(
                self.random.choice(['good', 'good', 'good', 'worn', 'damaged']), quantity=self.pieces(tool),
                missing=gone, employee=loan and loan.dest_employee_id or None,
            )

    tool_return_again = tool_return_more = tool_return

    def tool_hand_on(self):
        tool = self.one(('state', '=', 'out'))
        if tool:
            team = tool.behaviour == 'team'
            tool._hand_on(
                None if team else self.pick(self.people), self.case.team if team else None, quantity=self.pieces(tool),
                second=self.case.tech2, signature=SIGNATURE)

    def tool_to_keeper(self):
        tool = self.one(('state', '!=', 'new'), ('parent_id', '=', False))
        if tool and self.random.random() < 0.5:
            tool._hand_on(to_keeper=self.pick(self.keepers))

    def tool_exchange(self):
        old = self.one(('behaviour', '=', 'personal'), ('state', '=', 'out'))
        new = self.one(('behaviour', '=', 'personal'), ('state', '=', 'in_store'))
        if old and new:
            old._exchange(new, signature=SIGNATURE, second=self.case.tech)

    def tool_lose(self):
        tool = self.one(('state', 'in', ('out', 'in_store', 'repair', 'calibration')))
        if tool and self.random.random() < 0.5:
            tool._record_loss("Gone", quantity=self.pieces(tool))

    def tool_find(self):
        tool = self.one(('move_ids', 'any', [('dest_place', '=', 'lost'), ('open_qty', '>', 0)]))
        if tool:
            tool._record_found("There it is", quantity=self.pieces(tool, 2))

    def tool_break(self):
        tool = self.one(('state', 'in', ('out', 'in_store')))
        if tool and self.random.random() < 0.5:
            tool._record_damage("Broken", quantity=self.pieces(tool))

    def tool_calibrate(self):
        tool = self.one(('category_id', '=', self.tool_kinds['gauge'].id), ('state', 'in', ('in_store', 'calibration')))
        if tool:
            tool._send_calibration("Institute") if tool.state == 'in_store' else tool._receive_calibration()

    def tool_count(self):
        """Count a keeper's shelves or look at one person's tools: short, over, broken; somebody else approves."""
        who = self.pick([
            {'kind': 'count', 'keeper_id': self.pick(self.keepers).id},
            {'kind': 'spot', 'employee_id': self.pick(self.people).id}, {'kind': 'spot', 'team_id': self.case.team.id},
        ])
        check = self.env['aftersales.tool.check'].with_user(self.user).create(who)
        check.action_all_present()
        for line in check.line_ids:
            if self.random.random() < 0.2:
                line.write({
                    'found_qty': max(0, line.found_qty + self.random.choice([-1, -1, 1])), 'reason': "Counted",
                    'settlement': self.random.choice(['loss', 'correction']),
                    'condition': self.random.choice(['good', 'damaged']),
                })
        if self.random.random() < 0.2:
            self.tool_lend()
            check.action_refresh()
            check.action_all_present()
        check._finish()
        if check.state == 'counted':
            if self.random.random() < 0.3:
                self.tool_lend()
            check.with_user(self.manager)._approve()

    def tool_dispose(self):
        tool = self.one(('state', 'in', ('lost', 'repair', 'in_store')))
        if tool and self.random.random() < 0.25:
            tool._dispose("Worn out", quantity=self.pieces(tool))

    def tool_reverse(self):
        """Take one of the last entries back, whatever it was."""
        moves = self.env['aftersales.tool.move'].with_user(self.user).search(
            [('company_id', '=', self.company.id)], limit=8, order='id desc')
        self.pick(moves)._reverse("Wrong")

    def tool_buy(self):
        """Bought tools leave stock, numbered or counted, cheap or dear."""
        self.env['aftersales.tool'].with_user(self.user)._put_in_use(
            self.pick([self.goods, self.dear]), self.random.randint(1, 3),
            self.pick([self.tool_kinds['loan'], self.tool_kinds['counted'], self.tool_kinds['personal']]), keeper=self.keepers[0])

    def tool_book(self):
        """The accountant books, sometimes in a later month."""
        self.months += self.random.choice([0, 0, 1, 3])
        day = fields.Date.add(self.company._aftersales_today(), months=self.months)
        self.company._aftersales_book_tools(day)
        self.findings += [
            f'after booking: {row["message"]}' for row in self.company._aftersales_integrity()
            if row['code'] in ('TOO-I5', 'TOO-I6', 'TOO-I7')
        ]

    tool_book_again = tool_book

    def tool_decide(self):
        """Accounting says who bears a loss, or takes that back."""
        tool = self.pick(self.tools().sudo())
        expense, pending = self.company._aftersales_tool_account('expense'), tool.pending_amount
        if pending:
            share = self.random.choice([0.0, pending, self.company.currency_id.round(pending / 3)])
            tool._decide_loss(expense, self.people[0], share, expense)
        elif tool._decisions_sudo():
            tool._undo_loss_decision()

    # === INVARIANTS === #

    def step(self, verb):
        name = verb.__name__
        refused = self.refused.total()
        super().step(verb)
        if name.startswith('tool_'):
            if self.refused.total() == refused:
                self.done[name] += 1
            self.check_tools(name)

    def _books(self):
        return self.env['account.move.line']._read_group(
            [('account_id', 'in', self.accounts.ids), ('parent_state', '=', 'posted'), ('company_id', '=', self.company.id)],
            [], ['balance:sum'])[0][0] or 0.0

    def check_tools(self, verb):
        """General ledger = sub-ledgers = holders; a numbered tool is in one place; cost on the books = accounts."""
        self.env.flush_all()
        self.env.invalidate_all()
        tools = self.tools().sudo()
        problems = [
            row['message'] for row in self.company._aftersales_integrity_tools()
        ]
        general, keepers = 0, Counter()
        for move in self.env['aftersales.tool.move'].search([('company_id', '=', self.company.id)]):
            general += move.quantity * ((move.source_place == 'outside') - (move.dest_place == 'outside'))
            keepers[move.dest_keeper_id] += move.quantity
            keepers[move.source_keeper_id] -= move.quantity
        del keepers[self.env['hr.employee']]
        balances = tools._balances()
        held = sum(sum(spots.values()) for spots in balances.values())
        if not general == sum(keepers.values()) == held == sum(tools.mapped('quantity')):
            problems.append(f'general {general}, sub-ledgers {keepers}, places {held}')
        for tool, spots in balances.items():
            if any(quantity < 0 for quantity in spots.values()):
                problems.append(f'{tool.display_name} below nought: {spots}')
            if tool.tracking == 'serial' and list(spots.values()) not in ([], [1]):
                problems.append(f'{tool.display_name} is in {len(spots)} places: {spots}')
            if tool.book_amortised - tool.book_cost > 0.005:
                problems.append(f'{tool.display_name} amortised {tool.book_amortised} of {tool.book_cost}')
        books = self._books() - self.opening
        if not self.company.currency_id.is_zero(books - sum(tools.mapped('book_cost'))):
            problems.append(f'{books} on the accounts, tools cost {sum(tools.mapped("book_cost"))}')
        loss = self.company._aftersales_tool_account('loss')
        waiting = sum(self.env['account.move.line'].search([
            ('account_id', '=', loss.id), ('company_id', '=', self.company.id), ('parent_state', '=', 'posted'),
        ]).mapped('balance'))
        if not self.company.currency_id.is_zero(waiting - sum(tools.mapped('pending_amount'))):
            problems.append(f'{waiting} wait for a decision, tools say {tools.mapped("pending_amount")}')
        self.findings += [f'{verb}: {problem}' for problem in problems]
