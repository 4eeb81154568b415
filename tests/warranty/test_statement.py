from odoo.exceptions import AccessError, UserError

from ..common import AftersalesCommon


class TestStatement(AftersalesCommon):
    """The manufacturer's statement: matched line by line, posted as one invoice, cost of exactly its jobs out of transit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_statements()
        cls.claims = cls._make_sent_claims(3)
        cls.first, cls.second, cls.third = cls.claims

    def _transit(self, claim=None):
        domain = [('aftersales_order_id', '=', claim.order_id.id)] if claim else []
        return self._balance(self.account_transit, *domain)

    def assertSound(self):
        """No disagreement in the books of the company."""
        self.assertEqual([row for row in self.company._aftersales_integrity() if row['severity'] == 'error'], [])

    def test_one_invoice_for_all_claims(self):
        """R-WAR-13, R-WAR-12: one native invoice with approved amounts; Dr receivable 693.80 / Cr revenue, VAT; the cost
        of these two jobs leaves transit, the third one's stays.
        """
        self.assertEqual(self._transit(), 300.0)
        statement = self._post_statement([(self.first, 346.90), (self.second, 346.90)], number="CR-1")
        invoice = statement.sudo().move_id
        self.assertRecordValues(invoice, [{
            'move_type': 'out_invoice', 'state': 'posted', 'amount_total': 693.80, 'partner_id': self.manufacturer.id,
            'ref': "CR-1",
        }])
        self.assertEqual(len(statement.sudo().move_ids), 1)
        self.assertEqual([self._transit(claim) for claim in self.claims], [0.0, 0.0, 100.0])
        for claim in (self.first, self.second):
            self.assertRecordValues(claim, [{'state': 'credited', 'credited_total': 346.90, 'due_total': 346.90, 'rest_state': 'none'}])
            self.assertRecordValues(claim.settlement_id, [{
                'state': 'posted', 'amount_total': 346.90, 'amount_due': 346.90, 'approved_amount': 346.90}])
            self.assertEqual(self._balance(self.account_cost, ('aftersales_order_id', '=', claim.order_id.id)), 100.0)
        self.assertEqual((self.third.state, self.third.settlement_id.state), ('submitted', 'awaiting_approval'))
        items = self.env['account.move.line'].search([
            ('account_id', '=', self.account_transit.id), ('aftersales_order_id', '=', self.first.order_id.id)])
        self.assertTrue(all(items.mapped('reconciled')))
        self.assertSound()

    def test_native_payment_pays_the_claims(self):
        """R-WAR-13: claims and settlements are paid with the invoice, part payments are shared to the cent, and taking
        the payment off the invoice opens them again.
        """
        statement = self._post_statement([(claim, 346.90) for claim in self.claims])
        invoice = statement.sudo().move_id
        register = self.env['account.payment.register'].with_context(active_model='account.move', active_ids=invoice.ids)
        register.create({'amount': 500.0, 'payment_difference_handling': 'open', 'journal_id': self.journals['bank'].id})._create_payments()
        self.assertEqual(invoice.amount_residual, 540.70)
        self.assertEqual(round(sum(self.claims.mapped('due_total')), 2), 540.70)
        self.assertEqual(round(sum(self.claims.settlement_id.mapped('amount_due')), 2), 540.70)
        self.assertEqual(set(self.claims.mapped('state')), {'credited'})
        self.assertSound()
        register.create({'journal_id': self.journals['bank'].id})._create_payments()
        self.assertEqual(set(self.claims.mapped('state')), {'paid'})
        self.assertEqual(set(self.claims.settlement_id.mapped('state')), {'paid'})
        self.assertEqual(statement.state, 'paid')
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(set(self.claims.mapped('state')), {'credited'})
        self.assertEqual(statement.state, 'posted')
        self.assertSound()

    def test_difference_list(self):
        """R-WAR-13: in theirs not in ours, in ours not in theirs, amount differs; WAR-82 and WAR-83 at block and off."""
        self._set_gate('statement_complete', 'block', 'company')
        statement = self._make_statement(
            [(self.first, 300.0), (self.second, 346.90), ("X-404", 10.0)], stated_total=700.0)
        self.assertEqual(statement.line_ids.mapped('state'), ['differs', 'matched', 'unknown'])
        self.assertEqual(statement.missing_claim_ids, self.third)
        self.assertEqual((statement.open_count, statement.differing_count, statement.total_difference), (1, 1, -43.10))
        self.assertEqual(self._codes(statement, 'posted'), {'WAR-82', 'WAR-83'})
        with self.assertBlocked('WAR-82', UserError):
            statement.with_user(self.accountant)._post()
        name, content = statement._download('differences')
        self.assertTrue(name.endswith('.xlsx') and content[:2] == b'PK')
        self._set_gate('statement_complete', 'off', 'company')
        statement.with_user(self.accountant)._post()
        self.assertEqual(statement.sudo().move_id.amount_total, 646.90)
        self.assertEqual((self.first.state, self.first.rest_amount), ('credited', 46.90))
        self.assertSound()

    def test_answer_recorded_before_counts_until_accepted(self):
        """R-WAR-13: a statement that differs from the recorded answer is refused (WAR-87) until their amount is accepted."""
        part = self.first.line_ids.filtered(lambda line: line.kind == 'part')
        self.first.with_user(self.clerk)._decide({part: 100.0}, {part: self._reason('claim', 'price')})
        self.assertEqual(self.first.approved_total, 300.0)
        statement = self._make_statement([(self.first, 346.90)]).with_user(self.accountant)
        self.assertEqual(statement.line_ids.difference, 46.90)
        with self.assertBlocked('WAR-87', UserError):
            statement._post()
        statement.action_accept_all()
        statement._post()
        self.assertRecordValues(self.first, [{'state': 'credited', 'approved_total': 346.90, 'rest_state': 'none'}])
        self.assertSound()

    def test_more_than_claimed_and_bonus_are_lines_of_their_own(self):
        """R-WAR-12: bonus and handling of the manufacturer stand on the invoice beside the claims, with tax."""
        statement = self._post_statement([(self.first, 400.0), {'kind': 'extra', 'amount': 113.0, 'note': "Quality bonus"}])
        invoice = statement.sudo().move_id
        self.assertEqual(invoice.amount_total, 513.0)
        self.assertEqual((self.first.credited_total, self.first.approved_total), (346.90, 346.90))
        free = invoice.invoice_line_ids.filtered(lambda item: not item.aftersales_line_id)
        self.assertEqual(sorted(free.mapped('price_total')), [53.10, 113.0])
        self.assertEqual(invoice.amount_tax, round(sum(invoice.invoice_line_ids.mapped(lambda i: i.price_total - i.price_subtotal)), 2))
        self.assertEqual(self.first.settlement_id.amount_total, 346.90)
        self.assertSound()

    def test_only_the_accountant_posts_and_nobody_forges(self):
        """R-WAR-13: the clerk enters and matches (WAR-81); facts refuse a write by hand; posted statements are locked."""
        statement = self._make_statement([(self.first, 346.90)])
        with self.assertBlocked('WAR-81', UserError):
            statement._post()
        for record, vals in (
            (statement, {'posted_at': '2026-01-01 00:00:00'}), (statement.line_ids, {'is_booked': True}),
            (self.first, {'booked_at': '2026-01-01 00:00:00'}), (self.first, {'statement_line_id': statement.line_ids.id}),
        ):
            with self.assertBlocked('BAS-01', UserError):
                record.sudo().write(vals)
        statement.with_user(self.accountant)._post()
        for change in (
            lambda: statement.write({'date': '2026-01-01'}), lambda: statement.line_ids.write({'amount': 1.0}),
            lambda: statement.line_ids.create({'statement_id': statement.id, 'amount': 1.0}),
            lambda: statement.line_ids.unlink(), lambda: statement.unlink(), lambda: statement._match(),
        ):
            with self.assertBlocked('WAR-99', UserError):
                change()
        with self.assertBlocked('WAR-84', UserError):
            statement.with_user(self.accountant)._post()
        invoice = statement.sudo().move_id
        for code, change in (
            ('SET-20', invoice.button_draft), ('SET-21', lambda: invoice.write({'partner_id': self.customer.id})),
            ('SET-22', lambda: invoice.invoice_line_ids[0].write({'price_unit': 1.0})), ('WAR-99', invoice._reverse_moves),
        ):
            with self.assertBlocked(code, UserError):
                change()

    def test_settlement_points_to_its_claim(self):
        """R-WAR-13: what a claim decides is not decided by hand on the settlement (WAR-80), nor paid there (WAR-98), nor
        the order reopened under the statement (WAR-96).
        """
        settlement = self.first.settlement_id.with_user(self.accountant)
        with self.assertBlocked('WAR-80', UserError):
            settlement._approve()
        with self.assertBlocked('WAR-80', UserError):
            settlement._refuse()
        self._post_statement([(self.first, 346.90)])
        with self.assertBlocked('WAR-98', UserError):
            settlement.with_user(self._role('cashier'))._pay(self.journals['bank'])
        reason = self.env['aftersales.reason'].search([('kind', '=', 'reopen')], limit=1)
        with self.assertBlocked('WAR-96', UserError):
            self.first.order_id.with_user(self.accountant)._reopen(reason)

    def test_claims_that_cannot_be_on_it(self):
        """R-WAR-13: credited before, another manufacturer, not sent, settlement decided by hand: WAR-85 names the claim."""
        self._post_statement([(self.first, 346.90)])
        other = self.env['res.partner'].create({'name': "Another maker"})
        statement = self._make_statement()
        draft = self._make_claim()
        for claim, partner in ((self.first, self.manufacturer), (self.second, other), (draft, self.manufacturer)):
            statement.write({'partner_id': partner.id})
            statement.line_ids.unlink()
            statement.line_ids.create({'statement_id': statement.id, 'claim_id': claim.id, 'amount': 346.90})
            with self.assertBlocked('WAR-85', UserError):
                statement.with_user(self.accountant)._post()

    def test_reversal_of_a_wrongly_posted_statement(self):
        """R-WAR-13: credit note over everything, claims wait again, cost back in transit; posted anew it is the same."""
        statement = self._post_statement([(self.first, 300.0), (self.second, 346.90)])
        with self.assertBlocked('WAR-92', UserError):
            statement._reverse("")
        with self.assertBlocked('WAR-81', UserError):
            statement.with_user(self.clerk)._reverse("Wrong list")
        note = statement._reverse("Wrong list")
        self.assertRecordValues(note.sudo(), [{'move_type': 'out_refund', 'amount_total': 646.90, 'amount_residual': 0.0}])
        self.assertEqual(statement.state, 'reversed')
        self.assertEqual([self._transit(claim) for claim in (self.first, self.second)], [100.0, 100.0])
        self.assertEqual(set((self.first | self.second).settlement_id.mapped('state')), {'awaiting_approval'})
        self.assertEqual((self.first.state, self.second.state, self.first.rest_state), ('partly', 'approved', 'none'))
        self.assertSound()
        again = self._post_statement([(self.first, 300.0), (self.second, 346.90)])
        self.assertEqual(again.sudo().move_id.amount_total, 646.90)
        self.assertEqual((self.first | self.second).mapped('credited_total'), [300.0, 346.90])
        self.assertSound()

    def test_other_companies_neither_see_nor_post(self):
        """R-WAR-13: a statement belongs to its company."""
        statement = self._make_statement([(self.first, 346.90)])
        stranger = self._make_user('accountant', login='stranger_accountant')
        company = self.env['res.company'].create({'name': "Other dealership"})
        stranger.write({'company_ids': [(6, 0, company.ids)], 'company_id': company.id})
        strange = statement.with_user(stranger).with_context(allowed_company_ids=company.ids)
        with self.assertRaises(AccessError):
            strange._post()
        self.assertFalse(strange.search([('id', '=', statement.id)]))
