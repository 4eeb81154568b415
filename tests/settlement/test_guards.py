from odoo import Command
from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestGuards(AftersalesCommon):
    """What an invoicing user could try beside the verbs: every path is closed (R-PROC-83)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.pad = cls._make_part("Brake pad", cost=100.0, price=226.0, on_hand=50)
        cls.accountant = cls._role('accountant')
        cls.order = cls._settled_order(parts=[(cls.pad, 2)], labour=[cls.labour])
        cls.invoice = cls.order.settlement_ids.sudo().move_ids.with_user(cls.accountant)
        cls.cost = (
            cls.env['account.move']
            .search([('aftersales_order_id', '=', cls.order.id), ('aftersales_kind', '=', 'cost')])
            .with_user(cls.accountant)
        )

    def test_posted_invoice_stays(self):
        """R-PROC-83: no reset, no cancel, no line edit, not even with the contexts core listens to."""
        for attempt in (
            lambda: self.invoice.button_draft(),
            lambda: self.invoice.button_cancel(),
            lambda: self.invoice.write({'state': 'draft'}),
            lambda: self.invoice.unlink(),
            lambda: self.cost.button_draft(),
            lambda: self.cost.button_cancel(),
            lambda: self.cost.unlink(),
        ):
            with self.assertBlocked('SET-20', UserError):
                attempt()
        line = self.invoice.invoice_line_ids[0]
        with self.assertBlocked('SET-22', UserError):
            line.write({'price_unit': 1.0})
        with self.assertBlocked('SET-21', UserError):
            self.invoice.with_context(skip_readonly_check=True).write(
                {'invoice_line_ids': [Command.update(line.id, {'price_unit': 1.0})]}
            )
        with self.assertBlocked('SET-21', UserError):
            self.invoice.with_context(skip_readonly_check=True).write({'partner_id': self.company.partner_id.id})
        with self.assertBlocked('SET-22', UserError):
            line.unlink()

    def test_stock_entry_of_an_order_stays(self):
        """R-PROC-83: the entry that put parts into work in progress cannot be reset or deleted."""
        entry = self.order.line_ids.move_ids.account_move_id.with_user(self.accountant)
        self.assertTrue(entry)
        for attempt in (entry.button_draft, entry.button_cancel, entry.unlink):
            with self.assertBlocked('SET-20', UserError):
                attempt()

    def test_links_cannot_be_written_or_forged(self):
        """R-PROC-83: no sale line claims to belong to an order (it would carry revenue without cost)."""
        with self.assertBlocked('SET-22', UserError):
            self.env['account.move'].with_user(self.accountant).create(
                {
                    'move_type': 'out_invoice',
                    'partner_id': self.customer.id,
                    'invoice_line_ids': [
                        Command.create({'product_id': self.pad.id, 'aftersales_line_id': self.order.line_ids[0].id})
                    ],
                }
            )
        with self.assertBlocked('BAS-01', UserError):
            self.invoice.write({'aftersales_order_id': False})
        with self.assertBlocked('BAS-01', UserError):
            self.env['account.move'].with_user(self.accountant).with_context(aftersales_guard=True).create(
                {
                    'move_type': 'entry',
                    'aftersales_kind': 'cost',
                    'aftersales_order_id': self.order.id,
                }
            )
        with self.assertBlocked('SET-22', UserError):
            self.env['account.move.line'].with_user(self.accountant).create(
                {
                    'move_id': self.invoice.id,
                    'name': "Extra",
                    'price_unit': 5.0,
                    'account_id': self.invoice.invoice_line_ids[0].account_id.id,
                }
            )

    def test_facts_of_settlement_are_guarded(self):
        """R-PROC-83: state, decision and amounts are recorded by verbs; users cannot even create a settlement."""
        settlement = self.order.settlement_ids
        for vals in (
            {'settled_at': False},
            {'decision': 'approved'},
            {'approved_amount': 5.0},
            {'is_on_account': True},
        ):
            with self.assertBlocked('BAS-01', UserError):
                settlement.write(vals)
        with self.assertRaises(UserError):
            self.env['aftersales.settlement'].with_user(self.accountant).create(
                {'order_id': self.order.id, 'payer_id': settlement.payer_id.id}
            )
        with self.assertBlocked('BAS-01', UserError):
            self.order.write({'settled_at': False})
        with self.assertBlocked('BAS-01', UserError):
            self.order.line_ids.write({'credited_amount': 5.0})
        with self.assertBlocked('SET-01', UserError):
            settlement.unlink()

    def test_duplicate_loses_the_link_and_credit_note_keeps_it(self):
        """R-PROC-83: a copied invoice is an ordinary one with COGS; a native credit note stays linked, locked
        and without COGS.
        """
        copied = self.invoice.copy()
        self.assertFalse(
            copied.aftersales_order_id or copied.aftersales_kind or copied.invoice_line_ids.aftersales_line_id
        )
        wizard = (
            self.env['account.move.reversal']
            .with_user(self.accountant)
            .with_context(
                active_model='account.move',
                active_ids=self.invoice.ids,
            )
            .create({'journal_id': self.invoice.journal_id.id})
        )
        wizard.refund_moves()
        note = wizard.new_move_ids
        self.assertRecordValues(
            note,
            [
                {
                    'aftersales_order_id': self.order.id,
                    'aftersales_settlement_id': self.order.settlement_ids.id,
                    'state': 'draft',
                }
            ],
        )
        self.assertEqual(note.invoice_line_ids.aftersales_line_id, self.order.line_ids)
        with self.assertBlocked('SET-22', UserError):
            note.invoice_line_ids[0].write({'price_unit': 1.0})
        with self.assertBlocked('SET-21', UserError):
            note.write({'invoice_line_ids': [Command.create({'name': "x", 'price_unit': 3.0})]})
        note.action_post()
        self.assertFalse(note.line_ids.filtered(lambda line: line.display_type == 'cogs'))
        self.assertTrue(self.company.account_storno)
        self.assertTrue(
            all(line.credit < 0 for line in note.line_ids.filtered(lambda line: line.display_type == 'product')),
            "Red letters are negative amounts.",
        )
        self.assertIn('SET-I4', [row['code'] for row in self.company._aftersales_integrity()])

    def test_draft_credit_note_may_be_deleted(self):
        """R-PROC-83: what was never posted may go."""
        note = self.invoice._reverse_moves()
        note.unlink()
        self.assertFalse(note.exists())

    def test_payment_stays(self):
        """R-PERM-18: no way back to the money beside a refund."""
        payment = (
            self.order.settlement_ids.with_user(self._role('cashier'))
            ._pay(self.journals['cash'])
            .with_user(self.accountant)
        )
        for attempt in (
            payment.action_draft,
            payment.action_cancel,
            payment.unlink,
            lambda: payment.write({'amount': 1.0}),
        ):
            with self.assertBlocked('SET-23', UserError):
                attempt()
        with self.assertBlocked('SET-20', UserError):
            payment.move_id.button_draft()

    def test_other_company_sees_nothing(self):
        """R-PROC-83: settlements, passes and counts of one company are invisible and unreachable in another."""
        other = self.env['res.company'].create({'name': "Other garage"})
        stranger = self._make_user('cashier', login='foreign_cashier')
        stranger.write({'company_ids': [Command.set(other.ids)], 'company_id': other.id})
        order = self.order.with_user(stranger).with_context(allowed_company_ids=other.ids)
        for attempt in (
            lambda: order.settlement_ids.sudo(False).read(['amount_total']),
            lambda: order._settle(),
            lambda: order.settlement_ids.with_user(stranger)._pay(self.journals['cash']),
            lambda: (
                self.env['aftersales.desk.cashier']
                .with_user(stranger)
                .pay(order.id, False, [[self.journals['cash'].id, 1.0]])
            ),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertFalse(
            self.env['aftersales.settlement']
            .with_user(stranger)
            .with_context(allowed_company_ids=other.ids)
            .search_count([('order_id', '=', self.order.id)])
        )

    def test_journal_entry_by_an_analytic_company(self):
        """R-PROC-83: an analytic distribution on the cost account is taken once, by the cost entry."""
        plan = self.env['account.analytic.plan'].search([], limit=1) or self.env['account.analytic.plan'].create(
            {'name': "Department"}
        )
        account = self.env['account.analytic.account'].create(
            {'name': "After-sales", 'plan_id': plan.id, 'company_id': self.company.id}
        )
        self.env['account.analytic.distribution.model'].create(
            {
                'account_prefix': self.account_cost.code,
                'analytic_distribution': {str(account.id): 100},
                'company_id': self.company.id,
            }
        )
        order = self._settled_order(parts=[self.pad])
        lines = self.env['account.analytic.line'].search(
            [('account_id', '=', account.id), ('move_line_id.aftersales_order_id', '=', order.id)]
        )
        self.assertEqual(lines.mapped('amount'), [-100.0])
