import base64
import io
import zipfile

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..common import SIGNATURE, AftersalesCommon


class TestClaimSteps(AftersalesCommon):
    """Gates before a claim is sent, its history, its archive, who may do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_claims()
        cls.terms = cls._make_terms()

    # === GATES === #

    def test_above_the_permit_only_with_a_number(self):
        """R-WAR-05, R-PERM-06: above the permitted amount only with a pre-authorisation number; the gate off, it goes."""
        self.terms.permit_amount = 300.0
        claim = self._make_claim()
        claim._check()
        self._set_gate('claim_permit', 'block')
        with self.assertBlocked('WAR-56', UserError):
            claim._submit()
        self._set_gate('claim_permit', 'off')
        self.assertEqual(self._codes(claim, 'submitted'), set())
        self._set_gate('claim_permit', 'block')
        claim.preauthorisation_no = 'PWA-7'
        claim._submit()
        self.assertEqual(claim.submission_ids.snapshot['preauthorisation_no'], 'PWA-7')

    def test_not_covered(self):
        """R-PERM-06: nothing is claimed outside the warranty; the gate off, it goes."""
        claim = self._make_claim()
        vehicle = claim.vehicle_id.sudo()
        vehicle.write({'warranty_start': '2010-01-01', 'warranty_months': 24, 'warranty_km': 50000})
        claim.invalidate_recordset()
        self.env.invalidate_all()
        self.assertEqual(claim.job_id.coverage_state, 'out')
        claim._check()
        self._set_gate('claim_permit', 'block')
        with self.assertBlocked('WAR-58', UserError):
            claim._submit()
        self._set_gate('claim_permit', 'off')
        claim._submit()
        self.assertEqual(claim.state, 'submitted')

    def test_order_of_a_sent_claim_is_not_reopened(self):
        """R-WAR-11: what the manufacturer reads stays true: block until a query opens the claim, then it is sent anew with
        the corrected amounts; off lets it go, and the nightly check names the difference (WAR-I1).
        """
        self._set_gate('claim_reopen', 'block')
        accountant, reason = self._role('accountant'), self._reason('reopen')
        claim = self._make_claim(submit=True)
        order = claim.order_id.with_user(accountant)
        with self.assertBlocked('WAR-96', UserError):
            order._reopen(reason)
        [blocker] = order._open_blockers('reopened')[order]
        self.assertEqual((blocker.cure['action']['res_model'], blocker.cure['action']['res_id']), (claim._name, claim.id))
        self.assertEqual(order.action_reopen()['res_model'], 'aftersales.gate.wizard')
        claim._query("Wrong hours")
        self.assertEqual(order.action_reopen()['res_model'], 'aftersales.order.reopen')
        order._reopen(reason)
        labour = order.sudo().line_ids.filtered(lambda line: line.kind == 'labour')
        order.sudo()._change_price(labour, 195.0, reason=self._reason('price'))
        order.sudo()._settle()
        claim._answer("A little less")
        owed = order.sudo()._payer_line_amounts()[claim.sudo().payer_id]
        self.assertEqual((claim.claimed_total, round(sum(owed.values()), 2)), (341.90, 341.90))
        self.assertFalse([row for row in self.company._aftersales_integrity() if row['code'].startswith('WAR')])
        claim._decide()
        with self.assertBlocked('WAR-96', UserError):
            order._reopen(reason)
        self._set_gate('claim_reopen', 'off')
        order._reopen(reason)
        self.assertFalse(order.settled_at)

    def test_papers_are_complete(self):
        """R-WAR-11: a required paper of this brand keeps the claim at home until it is attached; off lets it go."""
        brand = self._make_vehicle_model().brand_id
        Type = self.env['aftersales.warranty.document.type']
        kind = Type.create({'name': "Paint thickness", 'brand_id': brand.id})
        Type.create({'name': "Only for others", 'brand_id': self._make_brand("Other").id})
        claim = self._make_claim()
        self.assertIn("Paint thickness", claim.document_ids.mapped('name'))
        self.assertNotIn("Only for others", claim.document_ids.mapped('name'))
        claim._check()
        self._set_gate('claim_documents', 'block')
        with self.assertBlocked('WAR-55', UserError):
            claim._submit()
        self._set_gate('claim_documents', 'off')
        self.assertEqual(self._codes(claim, 'submitted'), set())
        self._set_gate('claim_documents', 'block')
        claim.document_ids.filtered(lambda paper: paper.type_id == kind).attachment_ids = [Command.create(
            {'name': "thickness.png", 'datas': SIGNATURE})]
        claim._submit()
        self.assertEqual(claim.state, 'submitted')

    def test_unchecked(self):
        """R-WAR-11: somebody looks through it first; the gate off, it goes at once."""
        claim = self._make_claim()
        self._set_gate('claim_check', 'block')
        with self.assertBlocked('WAR-57', UserError):
            claim._submit()
        self._set_gate('claim_check', 'off')
        claim._submit()
        self.assertEqual(claim.state, 'submitted')

    # === ARCHIVE === #

    def test_what_was_sent_cannot_change(self):
        """R-DOC-29: neither the claim nor its lines, submissions or files are changed or deleted, by anybody."""
        claim = self._make_claim()
        paper = claim.document_ids[:1]
        paper.attachment_ids = [Command.create({'name': "order.png", 'datas': SIGNATURE})]
        own = self.env['ir.attachment'].create({
            'name': "mail.png", 'datas': SIGNATURE, 'res_model': claim._name, 'res_id': claim.id})
        claim._check()
        claim._submit()
        with self.assertBlocked('WAR-31', UserError):
            claim.cause = "Something else"
        with self.assertBlocked('WAR-32', UserError):
            claim.sudo().unlink()
        with self.assertBlocked('WAR-30', UserError):
            claim.submission_ids.sudo().unlink()
        with self.assertBlocked('BAS-01', UserError):
            claim.sudo().line_ids.write({'claimed_amount': 1.0})
        with self.assertBlocked('BAS-01', UserError):
            claim.sudo().write({'state': 'paid'})
        for file in paper.attachment_ids | own:
            with self.assertBlocked('WAR-59', UserError):
                file.sudo().unlink()
            with self.assertBlocked('WAR-59', UserError):
                file.sudo().write({'raw': b'x'})
        with self.assertBlocked('WAR-59', UserError):
            paper.attachment_ids = [Command.clear()]
        with self.assertBlocked('WAR-59', UserError):
            paper.sudo().unlink()
        paper.attachment_ids = [Command.create({'name': "more.png", 'datas': SIGNATURE})]
        self.assertEqual(len(paper.attachment_ids), 2)
        line = claim.line_ids.line_id[:1]
        with self.assertRaises(UserError):
            line.sudo().unlink()

    def test_line_of_a_sent_claim_stays_on_the_order(self):
        """R-DOC-29: what the manufacturer was told of does not vanish from the order; a draft follows the order."""
        order = self._make_order(parts=[self.claim_part, self.claim_part], payer_kind='warranty')
        self._approve(order)
        claim = order._make_claims()
        order.line_ids[-1:].unlink()
        self.assertEqual(len(claim.line_ids), 1)
        claim.with_user(self.clerk)._check()
        claim.with_user(self.clerk)._submit()
        with self.assertBlocked('WAR-42', UserError):
            order.line_ids.unlink()

    # === HISTORY === #

    def test_query_opens_the_claim_again(self):
        """R-WAR-11: after a query it may be corrected; each submission keeps what it said."""
        claim = self._make_claim(submit=True)
        with self.assertBlocked('WAR-37', UserError):
            claim._query(" ")
        claim._query("Which fault code?")
        claim.fault_code = 'P0118'
        with self.assertBlocked('WAR-37', UserError):
            claim._answer("")
        claim._answer("P0118")
        first, second = claim.submission_ids.sorted('number')
        self.assertEqual((first.snapshot['fault_code'], second.snapshot['fault_code']), (False, 'P0118'))
        self.assertEqual((first.query_text, second.note), ("Which fault code?", "P0118"))

    def test_rejection_goes_up_and_may_be_disputed(self):
        """R-WAR-11: a rejected claim gives an activity to the person in charge; the objection keeps the former answer."""
        boss = self._role('service_manager')
        self.company.aftersales_claim_escalation_id = boss
        claim = self._make_claim(submit=True)
        reason = self._reason('claim', 'late')
        claim._decide(dict.fromkeys(claim.line_ids, 0.0), dict.fromkeys(claim.line_ids, reason))
        self.assertEqual((claim.state, claim.approved_total), ('rejected', 0.0))
        self.assertEqual(claim.activity_ids.user_id, boss)
        claim._appeal("It was sent in time, see the receipt.")
        self.assertEqual(claim.state, 'submitted')
        self.assertEqual(claim.submission_ids.sorted('number').mapped('outcome'), ['rejected', False])
        self.assertFalse(any(claim.line_ids.mapped('is_decided')))
        claim._decide()
        self.assertEqual((claim.state, claim.approved_total), ('approved', claim.claimed_total))

    def test_amounts_of_the_answer(self):
        """R-WAR-12: nothing above the claim, nothing below zero."""
        claim = self._make_claim(submit=True)
        line = claim.line_ids[:1]
        for amount in (-0.01, line.claimed_amount + 0.01):
            with self.assertBlocked('WAR-39', UserError):
                claim._decide({line: amount}, {line: self._reason('claim')})

    def test_dialog_by_line(self):
        """R-WAR-12: the dialog records amounts and reasons by line."""
        claim = self._make_claim(submit=True)
        wizard = self.env['aftersales.warranty.decision'].with_user(self.clerk).create(
            {'claim_id': claim.id, 'answer': 'lines', 'manufacturer_number': 'M-1'})
        labour = wizard.line_ids.filtered(lambda row: row.kind == 'labour')
        labour.write({'approved_amount': 150.0, 'reason_id': self._reason('claim', 'hours').id, 'note': "0.75 h"})
        wizard.action_confirm()
        self.assertEqual((claim.state, claim.manufacturer_number, claim.approved_total), ('partly', 'M-1', 296.90))
        cut = claim.line_ids.filtered('reason_id')
        self.assertEqual((cut.difference, cut.note), (50.0, "0.75 h"))

    def test_dialog_rejects_all(self):
        claim = self._make_claim(submit=True)
        self.env['aftersales.warranty.decision'].with_user(self.clerk).create(
            {'claim_id': claim.id, 'answer': 'rejected', 'reason_id': self._reason('claim', 'late').id}).action_confirm()
        self.assertEqual(claim.state, 'rejected')

    def test_given_up_before_it_was_sent(self):
        """R-WAR-11: given up with a reason; afterwards a new one may be drafted; a sent one is not given up."""
        claim = self._make_claim()
        with self.assertBlocked('WAR-40', UserError):
            claim._cancel(None)
        claim._cancel(self._reason('claim_cancel', 'mistake'))
        self.assertEqual(claim.state, 'cancelled')
        second = claim.order_id.sudo()._make_claims().with_user(self.clerk)
        self.assertNotEqual(second, claim)
        second._check()
        second._submit()
        with self.assertBlocked('WAR-35', UserError):
            second._cancel(self._reason('claim_cancel', 'mistake'))

    def test_somebody_else_pays_after_all(self):
        """R-WAR-11: a draft whose job the manufacturer does not pay any more gives itself up."""
        order = self._make_order(parts=[self.claim_part], payer_kind='warranty')
        claim = order._make_claims()
        self.assertEqual(claim.state, 'draft')
        order.job_ids.payer_kind = 'customer'
        claim._refresh()
        self.assertEqual(claim.state, 'cancelled')

    # === PRICES === #

    def test_handling_fee(self):
        """R-WAR-12: the fee of the terms is a line of the order and of the claim, in percent or fixed."""
        self.terms.write({'handling_method': 'percent', 'handling_value': 10.0})
        claim = self._make_claim()
        fee = claim.line_ids.filtered(lambda line: line.kind == 'fee')
        self.assertEqual((fee.claimed_amount, claim.claimed_total), (34.69, 381.59))
        self.terms.write({'handling_method': 'fixed', 'handling_value': 25.0})
        claim = self._make_claim()
        self.assertEqual(claim.line_ids.filtered(lambda line: line.kind == 'fee').claimed_amount, 25.0)
        amounts = claim.order_id._payer_line_amounts()[claim.payer_id]
        self.assertEqual(claim.claimed_amount, sum(amounts.values()))

    def test_terms_by_date_and_kind(self):
        """R-WAR-12: a kind of claim goes before every kind, a newer row before an older one, a branch falls back."""
        brand = self.terms.brand_id
        today = self.company._aftersales_today()
        goodwill = self._make_terms(claim_type='goodwill', part_factor=1.0)
        newer = self._make_terms(date_from='2024-01-01', part_factor=1.4)
        future = self._make_terms(date_from=fields.Date.add(today, days=1), part_factor=9.0)
        self.assertEqual(brand._warranty_terms(today, self.company, 'normal'), newer.sudo())
        self.assertEqual(brand._warranty_terms(today, self.company, 'goodwill'), goodwill.sudo())
        self.assertEqual(brand._warranty_terms(future.date_from, self.company), future.sudo())
        self.assertEqual(brand._warranty_terms(fields.Date.to_date('2021-01-01'), self.company), self.terms.sudo())
        branch = self.env['res.company'].create({'name': "Branch", 'parent_id': self.company.id})
        self.assertEqual(brand._warranty_terms(today, branch), newer.sudo())
        self.assertFalse(self._make_brand("Other")._warranty_terms(today, self.company))

    def test_price_list_of_the_terms(self):
        """R-WAR-12: parts at the price list × factor, where the manufacturer pays so."""
        self.terms.write({'part_basis': 'price', 'part_factor': 0.8})
        order = self._make_order(parts=[self.claim_part], payer_kind='warranty')
        self.assertEqual(order.line_ids.price_unit, 208.0)

    # === DEADLINES === #

    def test_reminders(self):
        """R-WAR-11: a claim near its deadline is reminded of once; sending it ends the reminder."""
        claim = self._make_claim()
        claim.repaired_at = fields.Datetime.subtract(fields.Datetime.now(), days=29)
        for _turn in range(2):
            self.env['aftersales.warranty.claim']._cron_deadlines()
        kind = self.env.ref('aftersales_service.activity_claim_deadline')
        self.assertEqual(len(claim.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)), 1)
        claim._check()
        claim._submit()
        self.assertFalse(claim.activity_ids.filtered(lambda activity: activity.activity_type_id == kind))

    # === FILES === #

    def test_audit_pack(self):
        """R-DOC-29, anchor (c) 2: one PDF and every file, zipped, for whoever may read the claim."""
        claim = self._make_claim()
        claim.document_ids[:1].attachment_ids = [Command.create({'name': "order.png", 'datas': SIGNATURE})]
        with self.allow_pdf_render():
            name, contents = claim._download('pack')
        self.assertTrue(name.endswith('.zip'))
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            names = archive.namelist()
            pdf = next(entry for entry in names if entry.endswith('.pdf'))
            self.assertTrue(archive.read(pdf).startswith(b'%PDF'))
            picture = next(entry for entry in names if entry.endswith('order.png'))
            self.assertEqual(archive.read(picture), base64.b64decode(SIGNATURE))

    def test_application_in_print(self):
        """R-DOC-10: the application says car, concern, causal part, lines and total."""
        claim = self._make_claim()
        html = self._html('report_claim', claim)
        for text in (claim.name, claim.vin, "Worn", "Water pump", "346.90"):
            self.assertIn(text, html)

    def test_workbook_by_template(self):
        """R-WAR-12: the columns are data of the brand's template; many claims in one workbook."""
        brand = self.terms.brand_id
        template = self.env['aftersales.warranty.template'].create({
            'name': "Ruitu", 'brand_id': brand.id, 'level': 'claim',
            'column_ids': [
                Command.create({'name': "VIN", 'path': 'vin'}),
                Command.create({'name': "Engine", 'path': 'vehicle_id.engine_no'}),
                Command.create({'name': "Total", 'path': 'claimed_total', 'kind': 'money', 'has_total': True}),
            ],
        })
        claims = self._make_claim() | self._make_claim()
        self.assertEqual(claims._export_template(), template.with_user(self.clerk))
        name, contents = claims._download('export')
        self.assertTrue(name.endswith('.xlsx'))
        rows = self._sheet(contents)
        self.assertEqual(rows[0], ["VIN", "Engine", "Total"])
        self.assertEqual([row[:2] for row in rows[1:3]], [[claim.vin, claim.vehicle_id.engine_no] for claim in claims])
        self.assertEqual(float(rows[3][2]), 693.80)
        with self.assertBlocked('WAR-38'):
            template.column_ids[:1].path = 'vin.secret'
        self.env['aftersales.warranty.template'].search([]).unlink()
        with self.assertBlocked('WAR-41', UserError):
            claims._download('export')

    def test_warranty_report(self):
        """R-REP-12: claims and returned parts of a brand and a period in one workbook."""
        claim = self._make_claim(submit=True)
        report = self.env['aftersales.warranty.report'].with_user(self.clerk).create({'brand_id': claim.brand_id.id})
        _name, contents = report._download('report')
        texts = [cell for row in self._sheet(contents) for cell in row]
        self.assertIn(claim.name, texts)
        self.assertIn(claim.vin, texts)
        other = self.env['aftersales.warranty.report'].with_user(self.clerk).create(
            {'brand_id': self._make_brand("Other").id})
        self.assertNotIn(claim.name, [cell for row in self._sheet(other._download('report')[1]) for cell in row])

    def _sheet(self, contents):
        """Return the texts of a workbook's first sheet, row by row."""
        from openpyxl import load_workbook  # noqa: PLC0415 - only the tests read workbooks

        sheet = load_workbook(io.BytesIO(contents), data_only=True).worksheets[0]
        return [[cell if cell is not None else '' for cell in row] for row in sheet.iter_rows(values_only=True)]

    # === RIGHTS === #

    def test_roles(self):
        """House §6: the clerk sends, the advisor reads, the technician sees nothing; answers also by the accountant."""
        claim = self._make_claim()
        advisor = claim.with_user(self._role('advisor'))
        self.assertEqual(advisor.name, claim.name)
        for step in (advisor._check, advisor._submit):
            with self.assertBlocked('WAR-33', UserError):
                step()
        with self.assertRaises(AccessError):
            advisor.write({'cause': "x"})
        with self.assertRaises(AccessError):
            claim.with_user(self._role('technician')).read(['name'])
        claim._check()
        claim._submit()
        with self.assertBlocked('WAR-34', UserError):
            advisor._decide()
        claim.with_user(self._role('accountant'))._decide()
        self.assertEqual(claim.state, 'approved')

    def test_another_company(self):
        """House §6: claims of another company are not seen."""
        claim = self._make_claim()
        other = self._make_company("Other Motors")
        stranger = new_test_user(
            self.env, login='other_clerk', groups='aftersales_service.group_warranty_clerk', company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env['aftersales.warranty.claim'].with_user(stranger).with_context(
            allowed_company_ids=other.ids).search([('id', '=', claim.id)]))

    # === EXACTNESS === #

    def test_integrity(self):
        """Claim lines and the payer's share say the same; a settled warranty job without a claim is found."""
        def findings(code):
            return [row for row in self.company._aftersales_integrity() if row['code'] == code]

        claim = self._make_claim()
        self.assertEqual(findings('WAR-I1') + findings('WAR-I2'), [])
        claim.sudo().line_ids[:1]._guarded().write({'claimed_amount': 1.0})
        self.assertEqual([row['res_id'] for row in findings('WAR-I1')], [claim.id])
        claim.sudo()._refresh()
        self.assertEqual(findings('WAR-I1'), [])
        claim._cancel(self._reason('claim_cancel', 'own'))
        self.assertEqual([row['res_id'] for row in findings('WAR-I2')], [claim.job_id.id])

    def test_claim_of_ten_lines_costs_little(self):
        """Budget: a claim from an order with 10 lines ≤ 40 queries."""
        parts = [self._make_part(f"Part {number}", cost=10.0 + number, on_hand=5) for number in range(8)]
        order = self._make_order(parts=parts, labour=[self.claim_labour, self._make_labour_item("Bleed", 0.5)], payer_kind='warranty')
        self.assertEqual(len(order.line_ids), 10)
        # What the server remembers between requests (model names, defaults) is no part of the claim's price.
        self._make_order(parts=parts[:1], payer_kind='warranty')._make_claims()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        claim = order._make_claims()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(len(claim.line_ids), 10)
        self.assertLessEqual(queries, 40)


class TestClaimIndicators(AftersalesCommon):
    """Figures of the warranty desk against cases counted by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_claims()
        cls._make_terms()

    def _figure(self, code):
        today = self.company._aftersales_today()
        indicator = self.env['aftersales.indicator'].search([('company_id', '=', self.company.id), ('code', '=', code)])
        return indicator._measure(today.replace(day=1), fields.Date.end_of(today, 'month'))

    def test_parts_amount_and_cost_rate(self):
        """R-KPI-08, R-KPI-09: two claims of one part each at 146.90; sales 5,876.00 → 5.00 %, below the 8 %."""
        claims = self._make_claim() | self._make_claim()
        figure = self._figure('warranty_parts_amount')
        self.assertEqual(figure.value, 293.80)
        self.assertEqual(self.env[figure.drill['model']].search(figure.drill['domain']), claims.with_user(self.env.user))
        self.assertIsNone(self._figure('warranty_cost_rate').value)
        self.env['aftersales.vehicle.sales'].with_user(self._role('accountant')).create(
            {'month': self.company._aftersales_today(), 'amount': 5876.0})
        self.assertEqual(self._figure('warranty_cost_rate').value, 5.0)
        indicator = self.env['aftersales.indicator'].search(
            [('company_id', '=', self.company.id), ('code', '=', 'warranty_cost_rate')])
        self.assertEqual((indicator.target, indicator.lamp), (8.0, 'green'))

    def test_success_rate(self):
        """R-KPI-42: of three sent, one approved, one cut by 46.90, one without an answer."""
        whole, cut, _open = (self._make_claim(submit=True) for _number in range(3))
        whole._decide()
        part = cut.line_ids.filtered(lambda line: line.kind == 'part')
        cut._decide({part: 100.0}, {part: self._reason('claim', 'price')})
        self.assertAlmostEqual(self._figure('claim_success_rate').value, 66.67, 2)
        self.assertAlmostEqual(self._figure('claim_success_amount').value, (346.90 + 300.0) / (3 * 346.90) * 100, 2)
        self.assertEqual(self._figure('claim_first_pass_rate').value, 50.0)
        self.assertEqual(self._figure('claim_success_rate').numerator, 2)
