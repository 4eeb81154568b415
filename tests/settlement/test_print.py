from odoo.exceptions import UserError
from odoo.tests import Form

from ..common import SIGNATURE, AftersalesCommon


class TestPrint(AftersalesCommon):
    """Settlement statement and gate pass (R-FORM-05, R-FORM-07), forms and dialogs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item("Replace pads", book_hours=2.0)
        cls.pad = cls._make_part("Brake pad", cost=100.0, price=226.0, on_hand=50)
        cls.cashier = cls._role('cashier')

    def _html(self, report, record):
        return self.env['ir.actions.report']._render_qweb_html(f'aftersales_service.{report}', record.ids)[0].decode()

    def test_statement_totals_are_the_posted_invoices(self):
        """R-FORM-05: labour and material apart, payer split, deposit, paid, due, amount in words: equal to
        the books to the cent.
        """
        insurer = self.env['res.partner'].create({'name': "Ping An", 'is_company': True})

        def shares(order):
            payer = order._payer('insurance', insurer)
            payer.needs_approval = False
            order.job_ids._set_shares([(payer, 'percent', 33.33), (order._payer('customer'), 'rest', 0)])

        order = self._ready_order(parts=[(self.pad, 3)], labour=[self.labour], shares=shares)
        order.with_user(self.cashier)._take_deposit(100.0, self.journals['wechat'])
        order.with_user(self.cashier)._settle()
        data = order._statement_data()
        self.assertEqual(
            [sum(row['amount'] for row in data[kind]) for kind in ('labour', 'material', 'other')], [226.0, 678.0, 0]
        )
        invoices = order.settlement_ids.sudo().move_ids
        self.assertEqual(
            round(sum(row['total'] for row in data['payers']), 2), round(sum(invoices.mapped('amount_total')), 2)
        )
        self.assertEqual(round(sum(row['total'] for row in data['payers']), 2), order.amount_total)
        own = order.settlement_ids.filtered(lambda s: s.kind == 'customer')
        self.assertEqual(
            (data['customer_total'], data['customer_due'], data['deposit']), (own.amount_total, own.amount_due, 100.0)
        )
        html = self._html('report_settlement_statement', order)
        for text in (order.name, order.license_plate, "Replace pads", "Ping An", data['words']):
            self.assertIn(text, html)
        self.assertIn('元', data['words'])

    def test_draft_statement_says_so(self):
        """R-FORM-05: before settlement the statement is marked as a draft."""
        order = self._ready_order(labour=[self.labour])
        self.assertIn("Draft, not settled", self._html('report_settlement_statement', order))

    def test_gate_pass_prints_only_when_the_car_may_go(self):
        """R-FORM-07: refused before the release condition; afterwards order, plate, proof, releasing person, QR."""
        order = self._settled_order(labour=[self.labour])
        gate_pass = order.with_user(self.cashier)._issue_gate_pass()
        with self.assertBlocked('SET-91', UserError):
            self._html('report_gate_pass', gate_pass)
        order.settlement_ids.with_user(self.cashier)._pay(self.journals['cash'])
        html = self._html('report_gate_pass', gate_pass)
        for text in (gate_pass.name, order.license_plate, order.name, self.cashier.name, order.settlement_ids.name):
            self.assertIn(text, html)
        self.assertIn('/aftersales/gate/' + gate_pass.sudo().token, gate_pass.sudo()._url())

    def test_forms_open_for_their_people(self):
        """R-PROC-83: order with its settlement page, settlement, refund, fapiao, count and pass open for who
        works with them.
        """
        order = self._settled_order(parts=[self.pad], labour=[self.labour])
        gate_pass = order.with_user(self.cashier)._issue_gate_pass()
        count = self.env['aftersales.cash.count'].with_user(self.cashier).create({})
        for user, records in (
            ('cashier', (order, order.settlement_ids, gate_pass, count)),
            ('accountant', (order, order.settlement_ids, gate_pass, count)),
            ('service_manager', (order, order.settlement_ids, gate_pass, count)),
            ('advisor', (order.settlement_ids, gate_pass)),
        ):
            for record in records:
                with self.subTest(user=user, record=record):
                    Form(record.with_user(self._role(user)))

    def test_till_dialog(self):
        """R-PROC-83: the dialog proposes what is due, takes two means, puts the rest on account."""
        order = self._settled_order(labour=[self.labour])
        till = Form(self.env['aftersales.till'].with_user(self.cashier).with_context(default_order_id=order.id))
        self.assertEqual(till.amount_entered, 226.0)
        with till.line_ids.edit(0) as line:
            line.journal_id = self.journals['cash']
            line.amount = 26.0
        till.save().action_confirm()
        self.assertEqual(order.amount_due, 200.0)
        self.customer.with_company(self.company).write(
            {'aftersales_on_account': True, 'aftersales_credit_limit': 900.0}
        )
        till = Form(self.env['aftersales.till'].with_user(self.cashier).with_context(default_order_id=order.id))
        till.signed_by = "Mr Wang"
        till.signature = SIGNATURE
        till.save().action_on_account()
        self.assertTrue(order.settlement_ids.is_on_account)
        handover = Form(
            self.env['aftersales.order.handover']
            .with_user(self._role('advisor'))
            .with_context(default_order_id=order.id)
        )
        handover.signature = SIGNATURE
        handover.save().action_confirm()
        self.assertTrue(order.handed_over_at)

    def test_decision_and_reopen_dialogs(self):
        """R-PROC-83: approve by dialog; reopen by dialog with its reason."""
        order = self._ready_order(labour=[self.labour], payer_kind='warranty')
        order.with_user(self.cashier)._settle()
        accountant = self._role('accountant')
        wizard = Form(
            self.env['aftersales.settlement.decision']
            .with_user(accountant)
            .with_context(default_settlement_id=order.settlement_ids.id)
        )
        self.assertEqual(wizard.amount, 226.0)
        wizard.save().action_confirm()
        self.assertEqual(order.settlement_ids.state, 'posted')
        wizard = Form(self.env['aftersales.order.reopen'].with_user(accountant).with_context(default_order_id=order.id))
        wizard.reason_id = self._reason('reopen')
        wizard.save().action_confirm()
        self.assertFalse(order.settled_at)
