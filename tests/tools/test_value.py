from odoo.exceptions import AccessError

from ..common import AftersalesCommon


class TestToolValue(AftersalesCommon):
    """R-TOOL-01, accounting 23: bought tools leave stock once, to tools in use; amortised, written off, never twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.company._aftersales_fix_tool_accounts()
        cls.loan = cls._make_tool_category("Wrenches", service_life_months=10)
        cls.counted = cls._make_tool_category("Sockets", tracking='quantity')
        cls.accountant = cls._role('accountant')

    def _bought(self, quantity, cost, category=None, in_use=None):
        """Buy goods and put them in use."""
        product = self._make_part(on_hand=quantity, cost=cost)
        tools = self.env['aftersales.tool'].with_user(self.keeper_user)._put_in_use(
            product, in_use or quantity, category or self.loan)
        return product, tools

    def _book(self):
        return self.company.with_user(self.accountant)._aftersales_book_tools()

    def _balance(self, key):
        account = self.company._aftersales_tool_account(key)
        return sum(self.env['account.move.line'].search([
            ('account_id', '=', account.id), ('company_id', '=', self.company.id), ('parent_state', '=', 'posted'),
        ]).mapped('balance'))

    def _findings(self):
        return [row['code'] for row in self.company._aftersales_integrity() if row['code'] in ('TOO-I5', 'TOO-I6')]

    def test_out_of_stock_once_to_tools_in_use(self):
        """Dr tools in use / Cr stock, by Odoo's own entry; each piece gets its exact cost and a label's number."""
        before = self._balance('use')
        product, tools = self._bought(3, 100.0)
        self.assertEqual(len(tools), 3)
        self.assertEqual(product.with_context(warehouse_id=self.warehouse.id).free_qty, 0)
        self.assertAlmostEqual(self._balance('use') - before, 300.0)
        self.assertEqual(tools.sudo().mapped('book_cost'), [100.0] * 3)
        self.assertEqual(set(tools.mapped('state')), {'in_store'})
        self.assertFalse(self._findings())
        with self.assertBlocked('TOO-92'):
            self.env['aftersales.tool'].with_user(self.keeper_user)._put_in_use(product, 1, self.loan)

    def test_odd_cents_are_not_lost(self):
        product = self._make_part(on_hand=3, cost=10.0)
        product.standard_price = 33.34
        tools = self.env['aftersales.tool'].with_user(self.keeper_user)._put_in_use(product, 3, self.loan).sudo()
        value = sum(abs(move.value) for move in tools.stock_move_ids)
        self.assertAlmostEqual(sum(tools.mapped('book_cost')), value, 2)

    def test_only_keepers_put_in_use(self):
        product = self._make_part(on_hand=1, cost=10.0)
        with self.assertBlocked('TOO-01'):
            self.env['aftersales.tool'].with_user(self.tech.user_id)._put_in_use(product, 1, self.loan)
        with self.assertRaises(AccessError):
            self.env['aftersales.tool.in.use.wizard'].with_user(self.tech.user_id).create({'product_id': product.id})

    def test_amortised_once_half_or_monthly(self):
        """The company's method; booked once, whatever often it is asked."""
        for method, amount in (('once', 100.0), ('half', 50.0), ('straight', 0.0)):
            self.company.aftersales_tool_amortisation = method
            tool = self._bought(1, 100.0)[1].sudo()
            self._book()
            tool.invalidate_recordset()
            self.assertAlmostEqual(tool.book_amortised, amount, 2, method)
        count = self.env['account.move'].search_count([('aftersales_kind', '=', 'tool')])
        self.assertFalse(self._book())
        self.assertEqual(self.env['account.move'].search_count([('aftersales_kind', '=', 'tool')]), count)

    def test_monthly_over_the_life(self):
        self.company.aftersales_tool_amortisation = 'straight'
        tool = self._bought(1, 100.0)[1].sudo()
        tool._guarded().write({'in_use_on': self.company._aftersales_today().replace(day=1, year=2024, month=1)})
        self._book()
        tool.invalidate_recordset()
        self.assertEqual((tool.book_amortised, tool.book_value), (100.0, 0.0))

    def test_equipment_becomes_a_fixed_asset(self):
        self.company.aftersales_tool_asset_limit = 1000.0
        asset = self._balance('asset')
        tool = self._bought(1, 5000.0)[1].sudo()
        self.assertEqual(tool.value_kind, 'asset')
        self._book()
        self.assertAlmostEqual(self._balance('asset') - asset, 5000.0)
        self.assertFalse(self._findings())

    def test_more_of_the_same_equipment(self):
        """Counted equipment bought twice: the second lot becomes a fixed asset too, and is booked like the first."""
        self.company.aftersales_tool_asset_limit = 500.0
        asset = self._balance('asset')
        product, tool = self._bought(4, 900.0, self.counted, in_use=2)
        self._book()
        self.company.aftersales_tool_asset_limit = 5000.0
        self.env['aftersales.tool'].with_user(self.keeper_user)._put_in_use(product, 2, self.counted)
        self.assertEqual((tool.sudo().value_kind, tool.sudo().book_qty), ('asset', 4))
        self._book()
        self.assertAlmostEqual(self._balance('asset') - asset, 3600.0)
        self.assertEqual(tool.sudo().capitalised_cost, 3600.0)
        tool._dispose("Old", quantity=1)
        self._book()
        self.assertAlmostEqual(self._balance('asset') - asset, 2700.0)
        self.assertFalse(self._findings())

    def test_a_loss_leaves_the_books_and_comes_back_when_found(self):
        """Dr pending loss, Dr amortised / Cr tools in use; found again: reversed. Two entries, both native."""
        self.company.aftersales_tool_amortisation = 'half'
        tool = self._bought(1, 100.0)[1]
        self._book()
        pending = self._balance('loss')
        tool._record_loss("Gone")
        self.assertIn('TOO-I6', self._findings())
        self._book()
        self.assertAlmostEqual(self._balance('loss') - pending, 50.0)
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (0, 0.0))
        self.assertFalse(self._findings())
        tool._record_found("Under the lift")
        self._book()
        tool.sudo().invalidate_recordset()
        self.assertAlmostEqual(self._balance('loss') - pending, 0.0)
        self.assertEqual((tool.sudo().book_cost, tool.sudo().book_value), (100.0, 50.0))
        self.assertFalse(self._findings())

    def test_some_pieces_are_disposed_of(self):
        """A third of the pieces takes a third of the cost along, to the cent; the last takes the rest."""
        tool = self._bought(3, 33.34, self.counted)[1]
        self.assertEqual(len(tool), 1)
        cost = tool.sudo().book_cost
        self._book()
        tool._dispose("Worn out", quantity=1)
        self._book()
        self.assertAlmostEqual(tool.sudo().book_cost, cost - int(cost * 100) // 3 / 100, 2)
        tool._dispose("Worn out", quantity=2)
        self._book()
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (0, 0.0))
        self.assertFalse(self._findings())

    def test_entries_of_the_tool_room_are_not_taken_back(self):
        self._bought(1, 100.0)
        move = self._book()
        with self.assertBlocked('TOO-91'):
            move.sudo().button_draft()
        with self.assertBlocked('TOO-93'):
            self.company.with_user(self.keeper_user)._aftersales_book_tools()

    def test_an_entry_by_hand_on_the_account_is_found(self):
        """TOO-I5: what stands on tools in use is what the tools on it cost."""
        self._bought(1, 100.0)
        use, expense = (self.company._aftersales_tool_account(key) for key in ('use', 'expense'))
        self.env['account.move'].create({
            'move_type': 'entry', 'journal_id': self.company._aftersales_cost_journal().id,
            'line_ids': [(0, 0, {'account_id': use.id, 'balance': 7.0}), (0, 0, {'account_id': expense.id, 'balance': -7.0})],
        })._post()
        found = [row for row in self.company._aftersales_integrity() if row['code'] == 'TOO-I5']
        self.assertEqual([row['amount'] for row in found], [7.0])

    def test_without_an_account_it_is_said(self):
        self.company.aftersales_tool_expense_account_id = False
        self._bought(1, 100.0)
        with self.assertBlocked('TOO-90'):
            self._book()
        check = next(c for c in self.company._aftersales_setup_checks() if c['code'] == 'tool_accounts')
        self.assertFalse(check['ok'])

    def test_some_of_the_lost_pieces_turn_up(self):
        """Each piece brings back its own part of what was written off; all together exactly what had gone."""
        self.company.aftersales_tool_amortisation = 'half'
        tool = self._bought(3, 33.35, self.counted)[1]
        cost = tool.sudo().book_cost
        self._book()
        pending = self._balance('loss')
        tool._record_loss("Gone", quantity=2)
        self._book()
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (1, 33.35))
        tool._record_found("One", quantity=1)
        self._book()
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (2, 66.70))
        self.assertFalse(self._findings())
        tool._record_found("The other", quantity=1)
        self._book()
        tool.sudo().invalidate_recordset()
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (3, cost))
        self.assertAlmostEqual(self._balance('loss') - pending, 0.0)
        self.assertEqual(round(tool.sudo().book_amortised, 2), 50.03, "half of 100.05")
        self.assertFalse(self._findings())
        self.assertFalse(self._book())

    def test_found_was_a_mistake(self):
        """A find that is reversed takes the tool off the books again; one that went to another keeper meanwhile too."""
        tool = self._bought(1, 100.0)[1]
        tool._record_loss("Gone")
        self._book()
        tool._hand_on(to_keeper=self._make_employee("Keeper Bai"))
        found = tool._record_found("There")
        self._book()
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (1, 100.0))
        found._reverse("Another one")
        self._book()
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (0, 0.0))
        self.assertFalse(self._findings())

    def test_lost_found_and_disposed_of_between_two_bookings(self):
        tools = self._bought(2, 100.0)[1]
        tools._record_loss("Gone")
        tools[0]._record_found("There")
        tools[1]._dispose("Never found")
        self._book()
        self.assertEqual(tools.sudo().mapped('book_qty'), [1, 0])
        self.assertFalse(self._findings())
        self.assertFalse(self._book())

    def test_missing_at_a_count_leaves_the_books(self):
        """What a count takes off the tool ledger is a loss to decide on the books; found again by reversal, it is back."""
        tool = self._bought(3, 100.0, self.counted)[1]
        pending = self._balance('loss')
        self.company.aftersales_tool_amortisation = 'half'
        missing = tool._correct(-1, "Counted two")
        self.assertIn('TOO-I6', self._findings())
        self._book()
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (2, 200.0))
        self.assertAlmostEqual(self._balance('loss') - pending, 50.0)
        missing._reverse("Counted wrongly")
        self._book()
        self.assertEqual((tool.sudo().book_qty, tool.sudo().book_cost), (3, 300.0))
        self.assertAlmostEqual(self._balance('loss') - pending, 0.0)
        self.assertFalse(self._findings())

    def test_the_receipt_of_bought_tools_is_not_undone(self):
        tool = self._bought(1, 100.0)[1]
        with self.assertBlocked('TOO-94'):
            tool.move_ids._reverse("Not ours")

    def test_old_pieces_take_nothing_off_new_ones(self):
        """What was disposed of before anything stood on the books is no cost of what was bought later."""
        product = self._make_part(on_hand=2, cost=50.0)
        tool = self._make_tool("Socket", self.counted, quantity=5, product_id=product.id)
        tool._dispose("Worn out", quantity=2)
        bought = self.env['aftersales.tool'].with_user(self.keeper_user)._put_in_use(product, 2, self.counted)
        self.assertEqual(bought, tool)
        self._book()
        self.assertEqual((tool.quantity, tool.sudo().book_qty, tool.sudo().book_cost), (5, 2, 100.0))

    def test_more_on_the_books_than_in_the_ledger_is_found(self):
        """TOO-I7."""
        tool = self._bought(1, 100.0)[1]
        self.env.flush_all()
        self.env.cr.execute("UPDATE aftersales_tool SET book_qty = 2 WHERE id = %s", [tool.id])
        self.env.invalidate_all()
        self.assertIn('TOO-I7', [row['code'] for row in self.company._aftersales_integrity()])

    def test_both_ways_by_hand(self):
        """Accounting 23: a year of a 周转材料 at 1,200.00 (五五) and of equipment at 6,000.00 over 60 months, to the cent.

        Bought in January: tools in use 7,200.00. Booked in January: half of the small one is amortised (600.00), the
        equipment becomes a fixed asset. In December: eleven months of 100.00 are depreciated. Then the small one is
        lost (600.00 to decide) and the equipment is disposed of (6,000.00 less 1,100.00 is cost).
        """
        company, day = self.company, self.company._aftersales_today()
        company.write({'aftersales_tool_amortisation': 'half', 'aftersales_tool_asset_limit': 5000.0})
        life = self._make_tool_category("Equipment", service_life_months=60)
        keys = ('use', 'amortised', 'asset', 'depreciated', 'expense', 'loss')
        opening = {key: self._balance(key) for key in keys}

        def booked():
            return [round(self._balance(key) - opening[key], 2) for key in keys]

        small, big = self._bought(1, 1200.0)[1], self._bought(1, 6000.0, life)[1]
        self.assertEqual(booked(), [7200.0, 0, 0, 0, 0, 0])
        (small | big).sudo()._guarded().write({'in_use_on': day.replace(month=1, day=15)})
        book = company.with_user(self.accountant)._aftersales_book_tools
        book(day.replace(month=1, day=31))
        self.assertEqual(booked(), [1200.0, -600.0, 6000.0, 0, 600.0, 0])
        book(day.replace(month=12, day=31))
        self.assertEqual(booked(), [1200.0, -600.0, 6000.0, -1100.0, 1700.0, 0])
        small._record_loss("Gone")
        big._dispose("Sold for scrap")
        book(day.replace(month=12, day=31))
        self.assertEqual(booked(), [0, 0, 0, 0, 6600.0, 600.0])
        self.assertFalse(self._findings())
        self.assertFalse(book(day.replace(month=12, day=31)))
