from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestSmallDifference(AftersalesCommon):
    """The cents that never came after posting: written off by the accountant within the company's limit (R-PROC-83)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.accountant = cls._role('accountant')
        cls.order = cls._settled_order(labour=[cls.labour])
        cls.settlement = cls.order.settlement_ids.with_user(cls.accountant)
        cls.reason = cls.env.ref('aftersales_service.reason_difference_bank')

    def _pay(self, amount):
        self.settlement.with_user(self._role('cashier'))._pay(self.journals['bank'], amount)

    def _balance_of(self, account):
        return sum(self.env['account.move.line'].search(
            [('account_id', '=', account.id), ('aftersales_order_id', 'in', (self.order.id, False)),
             ('move_id.aftersales_settlement_id', '=', self.settlement.id), ('parent_state', '=', 'posted')]).mapped('balance'))

    def test_last_cents_are_an_expense_and_close_the_invoice(self):
        """R-PROC-83: Dr small differences 0.03 / Cr receivable 0.03; the invoice is paid and stays as it was."""
        self._pay(112.97)
        self.assertTrue(self.settlement.can_write_off)
        dialog = self.env['aftersales.settlement.difference'].with_user(self.accountant).create(
            {'settlement_ids': self.settlement.ids, 'reason_id': self.reason.id})
        self.assertAlmostEqual(dialog.amount, 0.03)
        dialog.action_confirm()
        move = self.settlement.move_ids.filtered(lambda m: m.aftersales_kind == 'loss')
        account = self.company._aftersales_account('difference')
        receivable = self.settlement.move_ids.filtered(lambda m: m.move_type == 'out_invoice').line_ids.account_id.filtered(
            lambda a: a.account_type == 'asset_receivable')
        self.assertEqual(
            self._items(move), sorted([(account.code, 0.03, 0.0), (receivable.code, 0.0, 0.03)]))
        self.assertRecordValues(self.settlement, [
            {'state': 'paid', 'amount_due': 0.0, 'amount_total': 113.0, 'amount_written_off': 0.03}])
        self.assertEqual(self.company._aftersales_integrity(), [])

    def test_only_the_accountant_within_the_limit_with_a_reason(self):
        """R-PROC-83: nobody else, nothing above the limit, nothing without a reason; limit 0 switches it off."""
        self._pay(111.99)
        with self.assertBlocked('SET-101', UserError):
            self.settlement._write_off(self.reason)
        self._pay(0.5)
        for role in ('cashier', 'advisor', 'frontdesk_supervisor'):
            with self.assertBlocked('SET-02', UserError):
                self.settlement.with_user(self._role(role))._write_off(self.reason)
        with self.assertBlocked('SET-100', UserError):
            self.settlement._write_off(self.env['aftersales.reason'])
        with self.assertBlocked('SET-100', UserError):
            self.settlement._write_off(self._reason('discount'))
        with self.assertBlocked('SET-100', UserError):
            self.settlement._write_off(self.env.ref('aftersales_service.reason_difference_other'))
        self.company.aftersales_difference_limit = 0.0
        with self.assertBlocked('SET-101', UserError):
            self.settlement._write_off(self.reason)
        self.company.aftersales_difference_limit = 1.0
        self.settlement._write_off(self.reason)
        with self.assertBlocked('SET-101', UserError):
            self.settlement._write_off(self.reason)

    def test_reopening_takes_the_difference_back(self):
        """R-PERM-18: credited in full, only what was really paid is refunded."""
        self._pay(112.97)
        self.settlement._write_off(self.reason)
        self.order.with_user(self.accountant)._reopen(self._reason('reopen'))
        self.assertEqual(self._balance_of(self.company._aftersales_account('difference')), 0.0)
        self.assertEqual(self.settlement.amount_written_off, 0.0)
        self.assertAlmostEqual(self.order._credit_left_sudo(), 112.97)
