from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form

from ..common import SIGNATURE, AftersalesCommon


class TestMoneyDialogs(AftersalesCommon):
    """Every verb of money has its screen, and the screen does what the verb does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.pad = cls._make_part("Brake pad", cost=100.0, price=226.0, on_hand=50, barcode='690001', default_code='BP-1')
        cls.cashier = cls._role('cashier')
        cls.accountant = cls._role('accountant')

    def _dialog(self, action, user):
        return Form(self.env[action['res_model']].with_user(user).with_context(**action['context']))

    def _order_with_deposit(self, amount=50.0):
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id), labour=[self.labour])
        order.with_user(self.cashier)._take_deposit(amount, self.journals['wechat'])
        return order

    def test_deposit_goes_back_after_a_second_person_agreed(self):
        """R-PROC-08, R-PERM-18: asked for at the till, the way it came, approved by the person named."""
        order = self._order_with_deposit()
        for level, state in (('block', 'requested'), ('off', 'done')):
            self._set_gate('refund_second_person', level)
            form = self._dialog(order.with_user(self.cashier).action_give_back(), self.cashier)
            self.assertEqual((form.kind, form.amount, form.needs_second), ('deposit', 50.0, level == 'block'))
            form.reason_id = self._reason('refund')
            if level == 'block':
                form.approver_id = self.accountant
            form.save().action_confirm()
            refund = order.refund_ids[:1]
            self.assertRecordValues(refund, [{'state': state, 'amount': 50.0, 'journal_id': self.journals['wechat'].id}])
            if level == 'block':
                self.assertEqual(refund.activity_ids.user_id, self.accountant)
                refund.with_user(self.accountant).action_refuse()
        self.assertEqual(order._deposits_held_sudo()[order.id], 0.0)

    def test_deposit_is_kept(self):
        """R-PROC-08: a deposit the customer lost becomes other income."""
        self._set_gate('refund_second_person', 'off')
        order = self._order_with_deposit()
        form = self._dialog(order.with_user(self.cashier).action_give_back(), self.cashier)
        form.kind = 'forfeit'
        form.amount = 30.0
        form.reason_id = self._reason('refund')
        form.save().action_confirm()
        self.assertEqual(order.refund_ids.move_id.aftersales_kind, 'forfeit')
        self.assertEqual(order._deposits_held_sudo()[order.id], 20.0)

    def test_deposits_of_orders_that_ended_stay_on_the_till(self):
        """R-PROC-08: money of a cancelled order is found at the till until it is given back."""
        order = self._order_with_deposit()
        order._cancel(self._reason('cancel'))
        till = self.env['aftersales.desk.cashier'].with_user(self.cashier)
        [row] = [row for row in till.get_data()['deposits'] if row['order_id'] == order.id]
        self.assertEqual((row['deposit'], row['is_over']), (50.0, True))
        self._set_gate('refund_second_person', 'off')
        form = self._dialog(till.give_back(order.id), self.cashier)
        form.reason_id = self._reason('refund')
        form.save().action_confirm()
        self.assertNotIn(order.id, [row['order_id'] for row in till.get_data()['deposits']])

    def test_a_part_of_a_line_is_credited_and_paid_out(self):
        """R-PERM-18, R-PROC-83: the supervisor credits 26.00 of a paid line, the cashier gives it back."""
        self._set_gate('refund_second_person', 'off')
        order = self._settled_order(parts=[self.pad])
        order.settlement_ids.with_user(self.cashier)._pay(self.journals['cash'])
        supervisor = self._role('frontdesk_supervisor')
        form = self._dialog(order.with_user(supervisor).action_credit_lines(), supervisor)
        form.reason_id = self._reason('refund')
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.left_amount, 226.0)
            line.amount = 26.0
        form.save().action_confirm()
        self.assertEqual(order.settlement_ids.amount_total, 200.0)
        form = self._dialog(order.with_user(self.cashier).action_give_back(), self.cashier)
        self.assertEqual((form.kind, form.amount), ('credit', 26.0))
        form.journal_id = self.journals['cash']
        form.reason_id = self._reason('refund')
        form.save().action_confirm()
        self.assertEqual((order._credit_left_sudo(), self._wip(order)), (0.0, 0.0))
        form = self._dialog(order.with_user(supervisor).action_credit_lines(), supervisor)
        form.reason_id = self._reason('refund')
        with self.assertBlocked('SET-50', UserError):
            form.save().action_confirm()

    def test_red_letter_of_a_fapiao(self):
        """R-PROC-83: a red letter over a part, then over the rest; never more, and the settlement stays."""
        order = self._settled_order(parts=[self.pad])
        fapiao = self.env['aftersales.fapiao'].with_user(self.accountant)._paste_numbers('1' * 20, order.settlement_ids)
        for number, amount in (('2' * 20, 100.0), ('3' * 20, None)):
            form = self._dialog(fapiao.action_red(), self.accountant)
            form.number = number
            form.reason = 'allowance'
            if amount:
                form.amount = amount
            form.save().action_confirm()
        self.assertEqual(sorted(fapiao.red_ids.mapped('amount_total')), [-126.0, -100.0])
        self.assertEqual((order.settlement_ids.uninvoiced_amount, order.settlement_ids.amount_total), (226.0, 226.0))
        form = self._dialog(fapiao.action_red(), self.accountant)
        form.number = '4' * 20
        with self.assertBlocked('SET-13', UserError):
            form.save().action_confirm()

    def test_statement_is_signed_later(self):
        """R-PROC-85: on account without a signature blocks the gate where asked; the dialog cures it."""
        self.customer.with_company(self.company).write({'aftersales_on_account': True, 'aftersales_credit_limit': 1000.0})
        order = self._settled_order(labour=[self.labour])
        order.settlement_ids.with_user(self.cashier)._put_on_account()
        self._set_gate('on_account_signed', 'block')
        [blocker] = [b for b in order._open_blockers('released')[order] if b.code == 'SET-74']
        form = self._dialog(blocker.cure['action'], self.cashier)
        form.signature = SIGNATURE
        form.save().action_confirm()
        self.assertNotIn('SET-74', self._codes(order, 'released'))

    def test_counter_sale_by_scanner(self):
        """R-PROC-83, R-PART-06: scanned, counted, paid: issued, settled and released in one press by the parts keeper."""
        keeper = self._role('parts_keeper')
        self._make_employee("Keeper", keeper)
        sale = self.env['aftersales.counter.sale'].with_user(keeper)
        form = Form(sale)
        for code in ('690001', 'bp-1'):
            form.scan = code
        self.assertEqual(form.amount_total, 452.0)
        form.scan = 'nothing'
        self.assertIn('nothing', form.scan_note)
        before = self.pad.qty_available
        form.save().action_sell()
        order = self.env['aftersales.repair.order'].search([('profile_code', '=', 'counter')], limit=1)
        self.assertRecordValues(order.settlement_ids, [{'state': 'paid', 'amount_total': 452.0}])
        self.assertEqual(self.pad.qty_available, before - 2)
        with self.assertRaises(UserError):
            sale.create({}).action_sell()
        on_account = sale.create({
            'partner_id': self.customer.id, 'line_ids': [Command.create({'product_id': self.pad.id, 'quantity': 1.0})]})
        with self.assertBlocked('SET-45', UserError):
            on_account.action_on_account()
