from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form

from ..common import AftersalesCommon


class CashCase(AftersalesCommon):
    """A warranty desk with sent claims and an accountant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_statements()
        cls.writeoff = cls._account("Claims lost", '560177')
        cls.chargeback = cls._account("Charge-backs", '560178')
        cls.company.write({
            'aftersales_writeoff_account_id': cls.writeoff.id, 'aftersales_chargeback_account_id': cls.chargeback.id})

    @classmethod
    def _account(cls, name, code, account_type='expense'):
        return cls.env['account.account'].create({
            'name': name, 'code': code, 'account_type': account_type, 'company_ids': [Command.set(cls.company.ids)]})

    def _of(self, account, claim):
        return self._balance(account, ('aftersales_order_id', '=', claim.order_id.id))

    def assertSound(self):
        self.assertEqual([row for row in self.company._aftersales_integrity() if row['severity'] == 'error'], [])


class TestRest(CashCase):
    """What the manufacturer did not approve: somebody decides who bears it."""

    def _short(self, amount=246.90):
        """One claim of 346.90 of which so much came."""
        claim = self._make_sent_claims()
        self._post_statement([(claim, amount)])
        return claim.with_user(self.accountant)

    def test_goodwill_takes_its_share_of_cost(self):
        """R-WAR-13: short pay to goodwill with a reason: its account bears its share of the cost, nothing is invoiced."""
        claim = self._short()
        self.assertEqual((claim.rest_state, claim.rest_amount, claim.settlement_id.state), ('open', 100.0, 'short'))
        with self.assertBlocked('WAR-89', UserError):
            claim._resolve_rest('goodwill')
        rest = claim._resolve_rest('goodwill', reason=self._reason('goodwill', 'courtesy'))
        self.assertRecordValues(rest, [{'state': 'done', 'kind': 'goodwill', 'amount_total': 100.0, 'approved_by_id': self.accountant.id}])
        self.assertEqual((claim.rest_state, claim.settlement_id.state), ('decided', 'posted'))
        goodwill = self._of(self.company.aftersales_goodwill_account_id, claim)
        self.assertGreater(goodwill, 0.0)
        self.assertEqual(round(goodwill + self._of(self.account_cost, claim), 2), 100.0)
        self.assertSound()

    def test_customer_pays_with_consent_only(self):
        """R-WAR-14, R-WAR-13: the customer's yes is recorded, he gets an invoice over the rest; both invoices are the claim."""
        claim = self._short()
        with self.assertBlocked('WAR-89', UserError):
            claim._resolve_rest('customer', consent_name=" ")
        claim._resolve_rest('customer', consent_name="Mr Wang", consent_means='message')
        own = claim.order_id.settlement_ids.filtered(lambda settlement: settlement.kind == 'customer')
        self.assertRecordValues(own, [{'amount_total': 100.0, 'state': 'posted'}])
        consent = claim.order_id.consent_ids.filtered(lambda consent: consent.payer_id == own.payer_id)
        self.assertRecordValues(consent, [{'state': 'approved', 'decided_by': "Mr Wang", 'amount': 100.0}])
        self.assertEqual(sum(claim.order_id.settlement_ids.mapped('amount_total')), 346.90)
        self.assertSound()

    def test_refused_claim_leaves_transit_with_an_approved_write_off(self):
        """R-WAR-13: above the limit a second person approves (WAR-90), then Dr claims lost / Cr claims in transit; with the
        gate off one person is enough; within the limit too.
        """
        self._set_gate('claim_write_off_second', 'block', 'company')
        claim = self._short(0.0)
        self.assertFalse(claim.statement_id.sudo().move_id)
        self.assertEqual((claim.state, claim.settlement_id.state), ('rejected', 'refused'))
        self.assertEqual(self._of(self.account_transit, claim), 100.0)
        rest = claim._resolve_rest('write_off', note="Not worth the trouble")
        self.assertEqual((rest.state, claim.rest_state), ('requested', 'requested'))
        self.assertEqual(self._of(self.account_transit, claim), 100.0)
        with self.assertBlocked('WAR-90', UserError):
            rest._approve()
        with self.assertBlocked('WAR-90', UserError):
            rest.with_user(self._role('frontdesk_supervisor'))._approve()
        second = self._make_user('accountant', login='second_accountant')
        rest.with_user(second)._approve()
        self.assertRecordValues(rest, [{'state': 'done', 'requested_by_id': self.accountant.id, 'approved_by_id': second.id}])
        self.assertEqual([self._of(account, claim) for account in (self.account_transit, self.writeoff)], [0.0, 100.0])
        self.assertSound()
        with self.assertBlocked('WAR-88', UserError):
            claim._resolve_rest('write_off')
        within = self._short(300.0)
        self.assertEqual(within._resolve_rest('write_off').state, 'done')
        self._set_gate('claim_write_off_second', 'off', 'company')
        self.assertEqual(self._short(0.0)._resolve_rest('write_off').state, 'done')
        self.assertSound()

    def test_refused_request_opens_the_rest_again(self):
        """R-WAR-13: the second person may say no; somebody else may decide otherwise then."""
        self._set_gate('claim_write_off_second', 'block', 'company')
        claim = self._short(0.0)
        rest = claim._resolve_rest('write_off')
        rest.with_user(self._make_user('accountant', login='second_accountant'))._refuse()
        self.assertEqual((rest.state, claim.rest_state), ('refused', 'open'))
        claim._resolve_rest('customer', consent_name="Mr Wang")
        self.assertEqual([self._of(account, claim) for account in (self.account_transit, self.account_cost)], [0.0, 100.0])
        self.assertSound()

    def test_refusal_without_a_statement(self):
        """R-WAR-13: a claim rejected by letter is booked by itself; nothing else is (WAR-88)."""
        claim = self._make_sent_claims().with_user(self.accountant)
        with self.assertBlocked('WAR-88', UserError):
            claim._book_refusal()
        claim.with_user(self.clerk)._decide(
            dict.fromkeys(claim.line_ids, 0.0), dict.fromkeys(claim.line_ids, self._reason('claim', 'late')))
        claim._resolve_rest('goodwill', reason=self._reason('goodwill', 'courtesy'))
        self.assertEqual((claim.state, bool(claim.booked_at), claim.settlement_id.decision), ('rejected', True, 'refused'))
        self.assertEqual(self._of(self.company.aftersales_goodwill_account_id, claim), 100.0)
        self.assertSound()

    def test_rest_split_by_line_and_taken_back(self):
        """R-WAR-13: lines of one claim go to different bearers; a decision taken back opens its rest and credits the customer."""
        claim = self._short(0.0)
        part = claim.line_ids.filtered(lambda line: line.kind == 'part')
        goodwill = claim._resolve_rest('goodwill', reason=self._reason('goodwill', 'courtesy'), lines=claim.line_ids - part)
        self.assertEqual((claim.rest_state, claim.rest_amount, self._of(self.account_transit, claim)), ('open', 146.90, 100.0))
        customer = claim._resolve_rest('customer', consent_name="Mr Wang", lines=part)
        own = customer.payer_id.settlement_ids
        self.assertEqual((own.amount_total, claim.rest_state), (146.90, 'decided'))
        with self.assertBlocked('WAR-92', UserError):
            claim.statement_id._reverse("Wrong list")
        (goodwill | customer)._undo()
        self.assertEqual((own.amount_total, claim.rest_state, claim.rest_amount), (0.0, 'open', 346.90))
        self.assertEqual(self._of(self.account_transit, claim), 100.0)
        self.assertSound()
        claim.statement_id._reverse("Wrong list")
        self.assertSound()

    def test_who_may_decide(self):
        """R-WAR-13: not the clerk, not the advisor (WAR-81); nobody writes a decision by hand."""
        claim = self._short()
        for role in ('warranty_clerk', 'advisor', 'cashier'):
            with self.assertBlocked('WAR-81', UserError):
                claim.with_user(self._role(role))._resolve_rest('write_off')
        rest = claim._resolve_rest('write_off')
        with self.assertBlocked('BAS-01', UserError):
            rest.sudo().write({'state': 'undone'})
        with self.assertBlocked('WAR-88', UserError):
            rest.sudo().unlink()

    def test_dialog_for_many_claims(self):
        """R-WAR-13: one dialog decides the rests of several claims."""
        claims = self._make_sent_claims(2)
        self._post_statement([(claim, 300.0) for claim in claims])
        action = claims.with_user(self.accountant).action_resolve_rest()
        wizard = Form(self.env[action['res_model']].with_user(self.accountant).with_context(action['context']))
        self.assertEqual((wizard.kind, wizard.amount), ('goodwill', 93.80))
        wizard.kind = 'write_off'
        wizard.save().action_confirm()
        self.assertEqual(set(claims.mapped('rest_state')), {'decided'})


class TestChargeback(CashCase):
    """Months later the manufacturer takes back what he credited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(fields.Datetime.subtract(fields.Datetime.now(), days=40)):
            cls.claim, cls.other = cls._make_sent_claims(2)
            cls.statement = cls._post_statement([(cls.claim, 346.90), (cls.other, 346.90)])
        cls.claim = cls.claim.with_user(cls.accountant)
        cls.audit = cls.env.ref('aftersales_service.reason_claim_audit')

    def test_red_note_and_expense_after_lock_date(self):
        """R-WAR-13: red note over 346.90 linked to claim, order and original invoice, today, though the invoice's month is
        locked; the job's cost goes from cost of sales to charge-backs.
        """
        today = self.company._aftersales_today()
        self.assertLess(self.statement.sudo().move_id.date, fields.Date.subtract(today, days=30))
        self.company.fiscalyear_lock_date = fields.Date.subtract(today, days=10)
        back = self.claim._charge_back(reason=self.audit, note="Audit 2026")
        note = back.sudo().move_id
        self.assertRecordValues(note, [{
            'move_type': 'out_refund', 'amount_total': 346.90, 'state': 'posted', 'aftersales_order_id': self.claim.order_id.id,
            'reversed_entry_id': self.statement.sudo().move_id.id, 'date': today}])
        self.assertEqual(back.original_statement_id, self.statement)
        self.assertEqual([self._of(account, self.claim) for account in (self.account_cost, self.chargeback)], [0.0, 100.0])
        self.assertEqual(self._of(self.account_cost, self.other), 100.0)
        # Matched with the open invoice: the other claim alone is due.
        self.assertEqual((self.claim.due_total, self.other.due_total), (0.0, 346.90))
        self.assertEqual((self.claim.settlement_id.amount_total, self.other.settlement_id.amount_due), (0.0, 346.90))
        self.assertSound()

    def test_responsible_person_owes_it(self):
        """R-WAR-13: Dr receivable of the responsible / Cr charge-backs for what he bears."""
        person = self.env['res.partner'].create({'name': "Advisor Zhao"})
        back = self.claim._charge_back(amount=100.0, reason=self.audit, responsible=person, recovered=60.0)
        self.assertEqual(self._items(back.sudo().recourse_move_id), sorted([
            (person.with_company(self.company).property_account_receivable_id.code, 60.0, 0.0), (self.chargeback.code, 0.0, 60.0)]))
        self.assertEqual((back.sudo().move_id.amount_total, self.claim.charged_back_total), (100.0, 100.0))
        self.assertEqual(self._of(self.account_cost, self.claim), 100.0)
        self.assertSound()
        for amount in (0.0, -1.0, 246.91):
            with self.assertBlocked('WAR-91', UserError):
                self.claim._charge_back(amount=amount, reason=self.audit)
        with self.assertBlocked('WAR-91', UserError):
            self.claim._charge_back(amount=10.0)
        with self.assertBlocked('WAR-81', UserError):
            self.claim.with_user(self.clerk)._charge_back(reason=self.audit)
        self.claim._charge_back(reason=self.audit)
        self.assertEqual(self.claim.settlement_id.amount_total, 0.0)
        self.assertSound()
        with self.assertBlocked('WAR-92', UserError):
            self.statement._reverse("Too late")

    def test_negative_line_of_a_later_statement(self):
        """R-WAR-13: a negative row finds the claim credited before and takes it back beside the new credits, also when the
        first invoice was paid.
        """
        invoice = self.statement.sudo().move_id
        self.env['account.payment.register'].with_context(active_model='account.move', active_ids=invoice.ids).create(
            {'journal_id': self.journals['bank'].id})._create_payments()
        third = self._make_sent_claims()
        later = self._post_statement([(third, 346.90), {'our_number': self.claim.name, 'amount': -146.90, 'note': "Part not faulty"}])
        self.assertEqual(later.sudo().move_id.amount_total, 346.90)
        self.assertRecordValues(self.claim.chargeback_ids, [{
            'amount_total': 146.90, 'statement_id': later.id, 'original_statement_id': self.statement.id, 'note': "Part not faulty"}])
        # He pays what his list comes to: the red note is matched with its credits.
        self.assertEqual((later.sudo().move_id.amount_residual, self.claim.settlement_id.amount_due), (200.0, 0.0))
        self.assertEqual(self.claim.chargeback_ids.sudo().move_id.reversed_entry_id, invoice)
        self.assertSound()


class TestOtherWays(CashCase):
    """Netting with purchases, parts instead of money, accrual, ageing."""

    def _bill(self, amount):
        bill = self.env['account.move'].create({
            'move_type': 'in_invoice', 'partner_id': self.manufacturer.id, 'invoice_date': self.company._aftersales_today(),
            'company_id': self.company.id,
            'invoice_line_ids': [Command.create({'name': "Parts", 'price_unit': amount, 'tax_ids': [Command.clear()]})],
        })
        bill.action_post()
        return bill

    def test_netting_with_purchases(self):
        """R-WAR-13: Dr payables / Cr receivables of the manufacturer, both matched; what is left stays open (WAR-94)."""
        claim = self._make_sent_claims()
        statement = self._post_statement([(claim, 346.90)])
        bill = self._bill(200.0)
        with self.assertBlocked('WAR-94', UserError):
            statement._net(200.01)
        with self.assertBlocked('WAR-81', UserError):
            statement.with_user(self.clerk)._net()
        entry = statement._net()
        self.assertEqual(sum(entry.sudo().line_ids.mapped('debit')), 200.0)
        self.assertEqual((bill.amount_residual, statement.sudo().move_id.amount_residual), (0.0, 146.90))
        self.assertEqual((claim.state, claim.due_total), ('credited', 146.90))
        self._bill(500.0)
        statement._net()
        self.assertEqual((claim.state, statement.state), ('paid', 'paid'))
        self.assertSound()
        with self.assertBlocked('WAR-94', UserError):
            statement._net()
        with self.assertBlocked('SET-20', UserError):
            entry.sudo().button_draft()

    def test_replacement_in_kind(self):
        """R-WAR-13: the part comes into stock at exactly what the replaced one cost: Dr stock / Cr claims in transit, no
        invoice; the labour still waits for its money.
        """
        claim = self._make_sent_claims().with_user(self.accountant)
        part = self.claim_part
        part.standard_price = 130.0  # bought dearer meanwhile; the claim's part cost 100.00
        before, value = part.qty_available, part.total_value
        picking = claim._replace_in_kind().sudo()
        self.assertEqual((picking.state, part.qty_available - before), ('done', 1.0))
        self.assertEqual(picking.move_ids.value, 100.0)
        self.assertEqual(round(part.total_value - value, 2), 100.0)
        entry = picking.move_ids.account_move_id
        stock = part._get_product_accounts()['stock_valuation']
        self.assertEqual(self._items(entry), sorted([(stock.code, 100.0, 0.0), (self.account_transit.code, 0.0, 100.0)]))
        self.assertEqual(self._of(self.account_transit, claim), 0.0)
        items = self.env['account.move.line'].search([
            ('account_id', '=', self.account_transit.id), ('aftersales_order_id', '=', claim.order_id.id)])
        self.assertTrue(all(items.mapped('reconciled')))
        self.assertEqual((claim.state, claim.replaced_total), ('submitted', 146.90))
        self.assertSound()
        with self.assertBlocked('WAR-95', UserError):
            claim._replace_in_kind()
        statement = self._post_statement([(claim, 200.0)])
        self.assertEqual((statement.line_ids.difference, statement.sudo().move_id.amount_total), (0.0, 200.0))
        self.assertEqual((claim.state, claim.rest_state, claim.settlement_id.state), ('credited', 'none', 'posted'))
        self.assertSound()

    def test_replacement_of_everything_closes_the_claim(self):
        """R-WAR-13: a claim over parts alone is done with their replacement; only stored, untracked parts (WAR-95)."""
        order = self._make_warranty_order(labour=[])
        claim = self._make_claim(order=order, submit=True).with_user(self.accountant)
        with self.assertBlocked('WAR-81', UserError):
            claim.with_user(self.clerk)._replace_in_kind()
        claim._replace_in_kind()
        self.assertEqual((claim.state, claim.settlement_id.state, self._of(self.account_cost, claim)), ('paid', 'paid', 0.0))
        self.assertSound()
        labour = self._make_sent_claims().with_user(self.accountant)
        with self.assertBlocked('WAR-95', UserError):
            labour._replace_in_kind(labour.line_ids.filtered(lambda line: line.kind == 'labour'))

    def test_accrual_at_year_end(self):
        """R-WAR-13: switched on: Dr contract asset 306.99 / Cr revenue and Dr cost 100.00 / Cr transit, reversed the day
        after; switched off, or twice on a day: refused (WAR-97).
        """
        claim = self._make_sent_claims()
        self._make_sent_claims()  # not answered: no revenue
        claim.with_user(self.clerk)._decide()
        today = self.company._aftersales_today()
        company = self.company.with_user(self.accountant)
        with self.assertBlocked('WAR-97', UserError):
            company._aftersales_accrue_claims(today)
        asset = self._account("Contract assets", '112399', 'asset_current')
        self.company.write({'aftersales_claim_accrual': True, 'aftersales_contract_asset_account_id': asset.id})
        with self.assertBlocked('WAR-81', UserError):
            self.company.with_user(self.clerk)._aftersales_accrue_claims(today)
        entry, reversal = company._aftersales_accrue_claims(today).sorted('date')
        income = self.company._aftersales_sale_journal().default_account_id
        self.assertEqual(self._items(entry.sudo()), sorted([
            (asset.code, 306.99, 0.0), (income.code, 0.0, 306.99), (self.account_cost.code, 100.0, 0.0),
            (self.account_transit.code, 0.0, 100.0)]))
        self.assertEqual((reversal.date - entry.date).days, 1)
        with self.assertBlocked('WAR-97', UserError):
            company._aftersales_accrue_claims(today)
        self.assertSound()
        desk = self.env['aftersales.desk.accountant'].with_user(self.accountant).get_data()
        self.assertIn('accrual', [box['code'] for box in desk['boxes']])

    def test_ageing_and_the_accountants_desk(self):
        """R-WAR-13: claimed, approved and paid by age and reason, as a workbook too; the desk drills to old and cut claims."""
        waiting, short, done = self._make_sent_claims(3)
        self._post_statement([(short, 246.90), (done, 346.90)])
        waiting.settlement_id._guarded().write({'settled_at': fields.Datetime.subtract(fields.Datetime.now(), days=75)})
        self.env.flush_all()
        Report = self.env['aftersales.claim.cash.report'].with_user(self.accountant)
        rows = {row.claim_id: row for row in Report.search([])}
        self.assertEqual((rows[waiting].stage, rows[waiting].bucket, rows[waiting].waiting_total), ('waiting', '2', 346.90))
        self.assertEqual((rows[short].stage, rows[short].cut_total, rows[short].bucket), ('rest', 100.0, '0'))
        self.assertEqual(rows[short].reason_id, self.env.ref('aftersales_service.reason_claim_statement'))
        self.assertEqual((rows[done].stage, rows[done].due_total), ('unpaid', 346.90))
        name, content = Report.browse()._download('book')
        self.assertTrue(name.endswith('.xlsx') and content[:2] == b'PK')
        self.company.aftersales_transit_days = -1
        self._make_statement([(waiting, 10.0)])
        boxes = {box['code']: box for box in self.env['aftersales.desk.accountant'].with_user(self.accountant).get_data()['boxes']}
        self.assertEqual((boxes['rests']['count'], boxes['rests']['amount']), (1, 100.0))
        self.assertEqual((boxes['old_claims']['count'], boxes['old_claims']['amount']), (1, 100.0))
        self.assertEqual((boxes['statements']['count'], boxes['statements']['amount']), (1, 10.0))
        self.assertEqual(boxes['old_claims']['action']['domain'], [('id', 'in', waiting.ids)])

    def test_rejected_as_a_whole_stays_in_sight(self):
        """R-WAR-13, books 12: refused on a statement, the cost waits in transit until somebody bears it: among the cut claims, among
        the old ones with its age, in the ageing; gone from all three once it is decided.
        """
        claim = self._make_sent_claims()
        self._post_statement([(claim, 0.0)])
        self.assertEqual((claim.state, claim.rest_state), ('rejected', 'open'))
        claim.settlement_id._guarded().write({'settled_at': fields.Datetime.subtract(fields.Datetime.now(), days=100)})
        self.company.aftersales_transit_days = -1

        def seen():
            self.env.flush_all()
            boxes = {box['code']: box for box in self.env['aftersales.desk.accountant'].with_user(self.accountant).get_data()['boxes']}
            report = self.env['aftersales.claim.cash.report'].with_user(self.accountant)
            return boxes['rests']['count'], boxes['old_claims']['count'], boxes['old_claims']['amount'], report.search_count(
                [('claim_id', '=', claim.id), ('stage', '=', 'rest'), ('bucket', '=', '3')])

        self.assertEqual(seen(), (1, 1, 100.0, 1))
        claim.with_user(self.accountant)._resolve_rest('goodwill', reason=self._reason('goodwill', 'courtesy'))
        self.assertEqual(seen(), (0, 0, 0.0, 0))

    def test_integrity_finds_what_is_forged(self):
        """R-WAR-13: WAR-I5 and WAR-I6 speak when statement, invoice, settlement or transit disagree."""
        claim = self._make_sent_claims()
        statement = self._post_statement([(claim, 346.90)])
        other = self._make_sent_claims()
        self.assertSound()
        self.env.cr.execute("UPDATE aftersales_warranty_statement_line SET total_amount = 300 WHERE id = %s", [statement.line_ids.id])
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = 90, debit = 90 WHERE account_id = %s AND aftersales_order_id = %s",
            [self.account_transit.id, other.order_id.id])
        self.env.invalidate_all()
        codes = {row['code'] for row in self.company._aftersales_integrity()}
        self.assertLessEqual({'WAR-I5', 'WAR-I6'}, codes)
