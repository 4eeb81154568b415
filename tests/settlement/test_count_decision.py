from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from ..parts.count_common import CountFactory


class TestCountDecision(CountFactory):
    """Who bears the differences of a count: accounting.md 16, R-PART-04, R-ROLE-31."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 2 pads of 80 missing, 5 filters of 20 too many: net loss 60.
        cls.count = cls._counted({cls.pad: 8, cls.oil: 55, cls.disc: 4})
        cls.count.with_user(cls.manager)._approve()
        cls.loss, cls.surplus = cls._line(cls.count, cls.pad), cls._line(cls.count, cls.oil)
        cls.book = cls.count.with_user(cls.accountant)

    def _items(self, move):
        return sorted((line.account_id.name, line.balance) for line in move.line_ids)

    def _account(self, kind):
        return self.env['aftersales.count.decision']._propose_account(self.company, kind).with_env(self.env)

    def test_pending_until_decided(self):
        """R-PART-04: the adjustment goes against 待处理财产损溢; two decisions empty it and close the count."""
        self.assertEqual(self._balance(self.account_pending), 60.0)
        self.assertEqual(self.book.undecided_amount, -60.0)
        expense = self.book._decide('expense', lines=self.loss)
        self.assertEqual((self.count.state, self._balance(self.account_pending)), ('applied', -100.0))
        income = self.book._decide('income', lines=self.surplus)
        self.assertEqual((self.count.state, self._balance(self.account_pending)), ('decided', 0.0))
        pending = self.account_pending.name
        self.assertEqual(dict(self._items(expense.move_id)), {self._account('expense').name: 160.0, pending: -160.0})
        self.assertEqual(dict(self._items(income.move_id)), {self._account('income').name: -100.0, pending: 100.0})
        self.assertEqual(expense.move_id.aftersales_count_id, self.count)
        self.assertEqual(self._count_findings(), [])

    def test_accounts_of_the_chart(self):
        """R-PART-04: the proposed accounts are those an accountant expects."""
        codes = {kind: self._account(kind).code[:4] for kind in ('expense', 'employee', 'loss', 'income')}
        self.assertEqual(codes, {'expense': '5602', 'employee': '1221', 'loss': '5711', 'income': '5301'})

    def test_recovered_from_an_employee(self):
        """R-PART-04: the employee's share is a receivable and a case for HR, who decides; the reversal dismisses it."""
        with self.assertBlocked('CNT-41'):
            self.book._decide('employee', lines=self.loss)
        employee = self._make_employee("Keeper Duan")
        decision = self.book._decide('employee', lines=self.loss, employee=employee, note="Shelf left open")
        proposal = decision.sudo().proposal_id
        self.assertRecordValues(proposal, [{'kind': 'case', 'employee_id': employee.id, 'amount': 160.0, 'state': 'new'}])
        decision._reverse("Found behind the shelf")
        self.assertEqual((proposal.state, decision.state, self.count.state), ('dismissed', 'reversed', 'applied'))
        self.assertFalse(self.loss.sudo().decision_id)
        self.assertEqual(decision.reversal_id.reversed_entry_id, decision.move_id)
        self.assertEqual(self._balance(self.account_pending), 60.0)
        with self.assertBlocked('CNT-38'):
            decision._reverse("again")
        self.assertEqual(self._count_findings(), [])

    def test_insurer_and_input_vat(self):
        """R-PART-04: the insurer's debt carries his name; input VAT of goods lost by poor management is given back."""
        insurer = self.env['res.partner'].create({'name': "Insurer"})
        with self.assertBlocked('CNT-41'):
            self.book._decide('insurance', lines=self.loss)
        with self.assertBlocked('CNT-42'):
            self.book._decide('insurance', lines=self.loss, partner=insurer, input_vat=20.8)
        vat = self.env['account.account'].search([('company_ids', 'in', self.company.ids), ('account_type', '=', 'liability_current')], limit=1)
        decision = self.book._decide('insurance', lines=self.loss, partner=insurer, input_vat=20.8, vat_account=vat)
        self.assertEqual(sorted(decision.move_id.line_ids.mapped('balance')), [-160.0, -20.8, 180.8])
        self.assertEqual(decision.move_id.line_ids.filtered(lambda line: line.balance > 0).partner_id, insurer)

    def test_refusals(self):
        """R-PART-04: another role, the pending account itself, twice, a locked period, no account at all."""
        for user in (self.manager, self.keeper):
            with self.subTest(user.login), self.assertBlocked('CNT-04'):
                self.count.with_user(user)._decide('expense')
        with self.assertBlocked('CNT-40'):
            self.book._decide('other', account=self.account_pending)
        with self.assertBlocked('CNT-40'):
            self.book._decide('other')
        self.company.sudo().fiscalyear_lock_date = fields.Date.today() - timedelta(days=1)
        with self.assertBlocked('CNT-37'):
            self.book._decide('expense', date=fields.Date.today() - timedelta(days=3))
        decision = self.book._decide('expense', lines=self.loss)
        with self.assertBlocked('CNT-39'):
            self.book._decide('expense', lines=self.loss)
        with self.assertBlocked('CNT-04'):
            decision.with_user(self.manager)._reverse("no")
        self.company.aftersales_count_account_id = False
        with self.assertBlocked('CNT-36'):
            self.book._decide('income', lines=self.surplus)

    def test_by_hand(self):
        """R-PART-04: a decision is neither made, changed nor deleted by hand; its entries and the adjustment's stay posted."""
        decision = self.book._decide('expense')
        Decision = self.env['aftersales.count.decision']
        with self.assertBlocked('CNT-34'):
            Decision.create({'count_id': self.count.id, 'kind': 'expense', 'account_id': self.account_pending.id, 'date': '2026-01-01'})
        with self.assertBlocked('BAS-01'):
            decision.sudo().amount = 1.0
        with self.assertBlocked('CNT-35'):
            decision.sudo().unlink()
        with self.assertRaises(AccessError):
            decision.with_user(self.accountant).unlink()
        adjustment = self.loss.sudo().move_id.account_move_id
        self.assertEqual(adjustment.aftersales_count_id, self.count)
        for move in (decision.sudo().move_id, adjustment):
            for press in (move.button_draft, move.button_cancel):
                with self.subTest(move.name), self.assertBlocked('CNT-33'):
                    press()
        with self.assertBlocked('CNT-32'):
            self.env['account.move'].create({'move_type': 'entry', 'aftersales_count_id': self.count.id})
        # A duplicate claims nothing.
        self.assertFalse(adjustment.copy().aftersales_count_id)

    def test_dialogs_and_cockpit(self):
        """R-ROLE-31: the accountant sees what waits, decides and reverses in two dialogs."""
        desk = self.env['aftersales.desk.accountant'].with_user(self.accountant)
        [box] = [box for box in desk.get_data()['boxes'] if box['code'] == 'counts']
        self.assertEqual((box['count'], box['amount']), (1, -60.0))
        action = self.book.action_decide()
        wizard = self.env[action['res_model']].with_user(self.accountant).with_context(**action['context']).create({})
        self.assertEqual((wizard.amount, wizard.line_ids), (60.0, self.loss | self.surplus))
        wizard.action_confirm()
        self.assertEqual(self.count.state, 'decided')
        decision = self.book.decision_ids
        self.env['aftersales.count.reverse.wizard'].with_user(self.accountant).create(
            {'decision_id': decision.id, 'note': "Wrong account"}).action_confirm()
        self.assertEqual((decision.state, self.count.state), ('reversed', 'applied'))

    def test_undecided_for_a_month(self):
        """R-PART-04: a difference nobody decides about is listed after a month."""
        self.assertEqual(self._count_findings(), [])
        self.count._guarded().applied_at = fields.Datetime.now() - timedelta(days=31)
        self.assertEqual(self._count_findings(), ['CNT-I3'])

    def test_account_changed_underneath(self):
        """R-PART-04: the books of a count that no longer add up are found."""
        self.book._decide('expense', lines=self.loss)
        self.env.cr.execute("UPDATE account_move_line SET balance = balance + 7 WHERE move_id = %s AND account_id = %s", [
            self.loss.sudo().decision_id.move_id.id, self.account_pending.id])
        self.env.invalidate_all()
        self.assertEqual(self._count_findings(), ['CNT-I4'])

    def test_periodic_company(self):
        """R-PART-04: without perpetual valuation the decision is booked all the same; closing brings the other side."""
        self.part_category.property_valuation = 'periodic'
        count = self._counted({self.pad: 7, self.oil: 55, self.disc: 4})
        count.with_user(self.manager)._approve()
        self.assertEqual(self._balance(self.account_pending), 60.0, "no entry at the adjustment")
        count.with_user(self.accountant)._decide('expense')
        self.assertEqual(self._balance(self.account_pending), -20.0)
        self.assertEqual(self._count_findings(), [])
