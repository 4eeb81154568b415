import json
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError

from ..common import SIGNATURE, AftersalesHttpCase

HOME = '/my/aftersales/conduct'


class OwnPageCase(AftersalesHttpCase):
    """One employee with a portal login, one with a role of ours, one who has none; leaders and HR as people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.hr, cls.boss = (cls._role(role) for role in ('service_manager', 'hr_officer', 'general_manager'))
        cls.second = cls._make_user('service_manager', login='test_second_manager')
        cls.portal_user = cls._make_login('own_portal', 'base.group_portal')
        cls.user = cls._make_user('technician', login='own_technician')
        cls.plain_user = cls._make_login('own_plain', 'base.group_user')
        cls.portal = cls._make_employee("Cleaner Wu", cls.portal_user, wage=3000)
        cls.person = cls._make_employee("Master Li", cls.user, wage=5000)
        cls.plain = cls._make_employee("Driver Gu", cls.plain_user)
        cls._make_rulebook(cls.portal, cls.person)
        cls.today = cls.company._aftersales_today()

    @classmethod
    def _make_login(cls, login, group, company=None):
        """Create a user of a group that is not ours; the password is the login."""
        company = company or cls.company
        return cls.env['res.users'].with_context(no_reset_password=True).create({
            'name': login, 'login': login, 'password': login, 'email': f'{login}@example.com', 'company_id': company.id,
            'company_ids': [Command.set(company.ids)], 'group_ids': [Command.set(cls.env.ref(group).ids)],
        })

    def _log_in(self, user):
        user.sudo().password = user.login
        self.authenticate(user.login, user.login)

    def _get(self, path, user=None):
        if user:
            self._log_in(user)
        return self.url_open(path, allow_redirects=False)

    def _post(self, path, **data):
        """Send a form of the page, with the token that the page carries."""
        page = self.url_open(HOME if '/pay/' not in path else path.removesuffix('/say'))
        token = page.text.split('csrf_token: "')[1].split('"')[0]
        return self.url_open(path, data={'csrf_token': token, **data}, allow_redirects=False)

    def _rpc(self, path, **params):
        return self.url_open(path, data=json.dumps({'params': params}), headers={'Content-Type': 'application/json'}).json()

    def _case(self, employee, rule='P02', **values):
        """Open a case that was looked into: the person is asked to speak."""
        record = self._propose_conduct(employee, rule, user=self.hr, **values)
        record._investigate("The clock shows three late arrivals.")
        return record

    def _told(self, employee, **values):
        """Bring a case to its notice, statement given."""
        record = self._case(employee)
        record.with_user(employee.user_id)._state_view("The bus was late.")
        record.write({'measure_id': self._measure('warning').id, **values})
        record.with_user(self.manager)._decide()
        record._notify()
        return record

    def _approved_sheet(self, person):
        sheet = self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(self.company, self.today.replace(day=1), person)
        sheet.assessor_id = self.second
        sheet.with_user(self.second).line_ids.write({'score': 88})
        sheet.with_user(self.second)._compile()
        sheet.with_user(self.hr)._review()
        sheet.with_user(self.manager)._approve()
        return sheet

    def _shown_month(self, person, amount=300):
        record = self._propose_conduct(person, 'R03', user=self.hr)
        record.write({'measure_id': self._measure('bonus').id, 'bonus_amount': amount})
        record.with_user(self.manager)._decide()
        batch = self.env['aftersales.payroll.batch'].with_user(self.hr)._open_month(self.company, self.today.replace(day=1))
        batch._show()
        return batch.person_ids.filtered(lambda item: item.employee_id == person)


class TestOwnPage(OwnPageCase):
    """R-RP-06, R-RP-07, R-RP-08, issue 6.4: the employee's own page, on a portal login and on an internal one."""

    def test_the_whole_way_on_a_portal_login(self):
        """R-RP-11, R-RP-06, R-RP-07: statement, acknowledgement, review and appeal by forms, without any role of ours."""
        record = self._case(self.portal)
        self.assertTrue(self.env['mail.message'].sudo().search_count([
            ('partner_ids', 'in', self.portal_user.partner_id.ids), ('body', 'like', HOME)]), "a portal login is told by mail")
        page = self._get(HOME, self.portal_user)
        self.assertEqual(page.status_code, 200)
        self.assertIn('no-store', page.headers['Cache-Control'])
        for text in ("State your view", record.name, " left"):
            self.assertIn(text, page.text)
        page = self._get(f'{HOME}/{record.id}')
        for text in ("The clock shows three late arrivals.", "P02", record.rulebook_id.display_name, "signed on"):
            self.assertIn(text, page.text)
        self.assertEqual(self._get(f'{HOME}/{record.id}/notice').status_code, 404, "nothing is decided")
        answer = self._post(f'{HOME}/{record.id}/statement', text="   ")
        self.assertIn('PPL-17', answer.text)
        answer = self._post(f'{HOME}/{record.id}/statement', text="The bus was late.")
        self.assertEqual((answer.status_code, record.statement, record.state), (303, "The bus was late.", 'heard'))
        answer = self._post(f'{HOME}/{record.id}/statement', text="Something else, which I typed long.")
        self.assertIn('PPL-16', answer.text, "once")
        self.assertEqual(record.statement, "The bus was late.")

        record.write({'measure_id': self._measure('performance').id, 'performance_amount': 80, 'decision_reason': "Three times."})
        record.with_user(self.manager)._decide()
        self.assertNotIn("Three times.", self._get(f'{HOME}/{record.id}').text, "not before he is told")
        record._notify()
        page = self._get(f'{HOME}/{record.id}').text
        self.assertIn("Three times.", page)
        self.assertIn("I know it and do not agree", page)
        self.assertEqual(self._get(f'{HOME}/{record.id}/notice').status_code, 200)
        self._post(f'{HOME}/{record.id}/disagreed', text="Twice, not three times.")
        self.assertEqual((record.acknowledgement, record.acknowledge_note), ('disagreed', "Twice, not three times."))
        self._post(f'{HOME}/{record.id}/object', text="The clock was wrong.")
        self.assertEqual((record.state, record.review_ids.reason), ('review', "The clock was wrong."))
        self.assertIn("Your objection is being answered.", self._get(f'{HOME}/{record.id}').text)
        record.review_ids.with_user(self.second)._decide('change', "One day is taken out.", {'performance_amount': 50})
        page = self._get(f'{HOME}/{record.id}').text
        for text in ("One day is taken out.", "Appeal", "50.00"):
            self.assertIn(text, page)
        self._post(f'{HOME}/{record.id}/object', text="Still too much.")
        self.assertEqual(record.state, 'appeal')
        record.review_ids.filtered(lambda review: review.kind == 'appeal').with_user(self.boss)._decide('uphold', "It stays.")
        page = self._get(f'{HOME}/{record.id}').text
        self.assertIn("It stays.", page)
        self.assertNotIn("Why do you object?", page, "one review, one appeal")

    def test_internal_logins(self):
        """Issue 6.4: the same page with a role of ours and with a bare internal login; on their desk an activity waits."""
        for user, employee in ((self.user, self.person), (self.plain_user, self.plain)):
            record = self._case(employee)
            self.assertIn(user, record.sudo().activity_ids.user_id)
            page = self._get(f'{HOME}/{record.id}', user)
            self.assertEqual(page.status_code, 200)
            self._post(f'{HOME}/{record.id}/statement', text=f"I am {user.login}.")
            self.assertEqual(record.statement, f"I am {user.login}.")

    def test_what_is_not_ones_own_is_not_found(self):
        """House §6: by URL, by form, by JSON: the same answer for another's number and for one that does not exist."""
        foreign = self._told(self.person)
        attachment = self.env['ir.attachment'].with_user(self.hr).create({'name': "photo.png", 'raw': b'x'})
        hidden = self._propose_conduct(self.portal, user=self.hr, evidence_ids=attachment.ids)
        sheet = self._approved_sheet(self.person)
        month = self._shown_month(self.person)
        self._case(self.portal)
        self._log_in(self.portal_user)
        nowhere = 999999
        for path in (
            f'{HOME}/%s', f'{HOME}/%s/notice', f'{HOME}/%s/evidence/{attachment.id}',
        ):
            for number in (foreign.id, hidden.id, nowhere):
                self.assertEqual(self._get(path % number).status_code, 404, path % number)
        for path in (f'/my/aftersales/assessments/{sheet.id}', f'/my/aftersales/pay/{month.id}', f'/my/aftersales/rules/{nowhere}'):
            self.assertEqual(self._get(path).status_code, 404, path)
        for step in ('statement', 'known', 'disagreed', 'object', 'withdraw', '_decide'):
            self.assertEqual(self._post(f'{HOME}/{foreign.id}/{step}', text="Mine now").status_code, 404, step)
        self.assertEqual(self._post(f'{HOME}/{hidden.id}/statement', text="What is it?").status_code, 404)
        self.assertFalse(foreign.acknowledged_at or hidden.statement)
        self.assertIn('error', self._rpc(f'/my/aftersales/assessments/{sheet.id}/sign', signature=SIGNATURE.decode())['result'])
        self.assertFalse(sheet.seen_at)
        home = self._get(HOME).text
        for text in (foreign.name, hidden.name, "Master Li"):
            self.assertNotIn(text, home)

    def test_rpc_gives_nothing(self):
        """R-PERM-13, house §6: a portal login reads none of the models; an internal one reads his own rows only."""
        record, own = self._told(self.person), self._case(self.portal)
        sheet, month = self._approved_sheet(self.person), self._shown_month(self.person)
        for model, ids in (
            ('aftersales.conduct.record', record.ids + own.ids), ('aftersales.conduct.review', [1]), ('aftersales.assessment', sheet.ids),
            ('aftersales.payroll.line', month.line_ids.ids), ('aftersales.payroll.person', month.ids), ('hr.employee', self.person.ids),
            ('aftersales.conduct.receipt', self.rulebook.receipt_ids.ids), ('aftersales.conduct.rulebook', self.rulebook.ids),
        ):
            self._log_in(self.portal_user)
            for method, args in (('read', [ids, ['id']]), ('search_read', [[]]), ('write', [ids, {'active': False}]), ('unlink', [ids])):
                answer = self._rpc(f'/web/dataset/call_kw/{model}/{method}', model=model, method=method, args=args, kwargs={})
                self.assertIn('error', answer, (model, method))
        self._log_in(self.plain_user)
        answer = self._rpc('/web/dataset/call_kw/aftersales.conduct.record/search_read', model='aftersales.conduct.record',
                           method='search_read', args=[[]], kwargs={})
        self.assertIn('error', answer, "no role of ours, no model")
        other = self._make_user('technician', login='own_other')
        self._log_in(other)
        for model, ids in (('aftersales.conduct.record', record.ids), ('aftersales.assessment', sheet.ids),
                           ('aftersales.payroll.line', month.line_ids.ids)):
            answer = self._rpc(f'/web/dataset/call_kw/{model}/search_read', model=model, method='search_read', args=[[], ['id']], kwargs={})
            self.assertEqual(answer['result'], [], model)
            answer = self._rpc(f'/web/dataset/call_kw/{model}/read', model=model, method='read', args=[ids, ['id']], kwargs={})
            self.assertIn('error', answer, model)
        answer = self._rpc('/web/dataset/call_kw/aftersales.own.page/_records_sudo', model='aftersales.own.page',
                           method='_records_sudo', args=[], kwargs={})
        self.assertIn('error', answer, "what reads as superuser is private")
        for user in (other, self.plain_user, self.portal_user, self.manager):
            with self.assertBlocked('PPL-18'):
                record.with_user(user)._object("For him.")
            with self.assertBlocked('PPL-18'):
                sheet.with_user(user)._see(SIGNATURE)
            with self.assertBlocked('PPL-18'):
                month.with_user(user)._say("Mine?")

    def test_forms_need_the_token_of_the_page(self):
        """Issue 6.4: a form sent from a foreign site (no CSRF token) does nothing, and nothing is done by a link."""
        record = self._case(self.portal)
        self._log_in(self.portal_user)
        answer = self.url_open(f'{HOME}/{record.id}/statement', data={'text': "Forged"}, allow_redirects=False)
        self.assertEqual(answer.status_code, 400)
        self.assertIn(self._get(f'{HOME}/{record.id}/statement?text=Forged').status_code, (404, 405))
        self.assertFalse(record.statement)

    def test_nobody_logged_in(self):
        record = self._case(self.portal)
        self.authenticate(None, None)
        for path in (HOME, f'{HOME}/{record.id}', f'{HOME}/{record.id}/notice'):
            self.assertIn('/web/login', self._get(path).headers.get('Location', ''))

    def test_other_company(self):
        """House §6: an employee of another company reads neither page nor rule book here; one of two companies sees both."""
        other = self._make_company("Other Motors")
        record = self._told(self.person)
        stranger = self._make_login('own_stranger', 'base.group_portal', other)
        self.env['hr.employee'].create({'name': "Stranger", 'company_id': other.id, 'user_id': stranger.id})
        for path in (f'{HOME}/{record.id}', f'/my/aftersales/rules/{self.rulebook.id}'):
            self.assertEqual(self._get(path, stranger).status_code, 404)
        self.assertEqual(self._get(HOME, stranger).status_code, 200)
        self.assertEqual(self._get(HOME, self._make_login('own_customer', 'base.group_portal')).status_code, 404, "a customer has no such page")

    def test_an_employee_who_left(self):
        """R-RP-06: who left keeps his page while he has a login: the time to object does not end with the contract."""
        record = self._told(self.portal)
        record.with_user(self.portal_user)._acknowledge(False)
        self.portal.action_archive()
        page = self._get(HOME, self.portal_user)
        self.assertEqual(page.status_code, 200)
        self.assertIn(record.name, page.text)
        self._post(f'{HOME}/{record.id}/object', text="I left, and I still object.")
        self.assertEqual(record.state, 'review')
        self.assertFalse(self.env['aftersales.own.page'].with_user(self.portal_user)._signer_sudo(self.rulebook.copy()), "rules bind who works here")
        person = self._told(self.person)
        self.person.action_archive()
        own = self.env['aftersales.conduct.record'].with_user(self.user).search([('id', '=', person.id)])
        self.assertEqual(own, person.with_user(self.user), "in the backend, too")

    def test_evidence_and_rules(self):
        """R-RP-04, conduct practice 5: he sees what speaks against him, as a download that no browser runs."""
        evidence, other = self.env['ir.attachment'].with_user(self.hr).create([
            {'name': "photo.html", 'raw': b'<script>'}, {'name': "secret.txt", 'raw': b'secret'}])
        record = self._case(self.portal, evidence_ids=evidence.ids)
        self._log_in(self.portal_user)
        answer = self._get(f'{HOME}/{record.id}/evidence/{evidence.id}')
        self.assertEqual((answer.content, answer.headers['Content-Type']), (b'<script>', 'application/octet-stream'))
        self.assertIn('attachment', answer.headers['Content-Disposition'])
        self.assertEqual(self._get(f'{HOME}/{record.id}/evidence/{other.id}').status_code, 404)
        page = self._get(f'/my/aftersales/rules/{self.rulebook.id}').text
        self.assertIn("P29", page)
        self.assertIn("You signed for this version", page)


class TestOwnPapers(OwnPageCase):
    """R-PEN-23, R-ASM-19, R-ASM-24, R-RP-08: rules to sign, sheets, the month's preview."""

    def test_sign_the_rules(self):
        """R-RP-15, conduct practice 4: each version is signed for by the person himself, on his phone, once."""
        draft = self.rulebook.copy()
        draft.write({'adopted_on': self.today, 'published_on': self.today})
        draft._publish()
        url = f'/my/aftersales/rules/{draft.id}'
        self.assertIn("Read and sign the rules", self._get(HOME, self.portal_user).text)
        self.assertIn('own_signature', self._get(url).text)
        self.assertIn('PPL-08', self._rpc(f'{url}/sign')['result']['error'])
        self.assertIn('error', self._rpc(f'{url}/sign', signature="not a picture")['result'])
        self.assertFalse(draft.receipt_ids)
        self.assertIn('redirect', self._rpc(f'{url}/sign', signature=SIGNATURE.decode())['result'])
        receipt = draft.receipt_ids
        self.assertEqual((receipt.employee_id, receipt.means, receipt.signed_on, receipt.recorded_by_id),
                         (self.portal, 'screen', self.today, self.portal_user))
        self.assertIn('error', self._rpc(f'{url}/sign', signature=SIGNATURE.decode())['result'], "once")
        self.assertNotIn("Read and sign the rules", self._get(HOME).text)
        self.assertEqual(self._get(f'/my/aftersales/rules/{self.rulebook.id}').status_code, 200, "the version he signed stays readable")

    def test_sign_the_sheet(self):
        """R-ASM-19, R-ASM-24: he sees his approved sheet, signs with a note, agreed or not; once."""
        sheet = self._approved_sheet(self.portal)
        url = f'/my/aftersales/assessments/{sheet.id}'
        page = self._get(url, self.portal_user).text
        for text in ("88", sheet.line_ids[0].criterion_id.name.split(",")[0], "own_signature"):
            self.assertIn(text, page)
        self._rpc(f'{url}/sign', signature=SIGNATURE.decode(), agreed=False, note="The rework was not mine.")
        self.assertEqual((sheet.seen_agreed, sheet.seen_note), ('disagreed', "The rework was not mine."))
        self.assertIn('PPL-62', self._rpc(f'{url}/sign', signature=SIGNATURE.decode())['result']['error'])
        self.assertIn("The rework was not mine.", self._get(url).text)
        sheet.with_user(self.manager)._send_back()
        self.assertFalse(sheet.seen_at or sheet.seen_signature, "another sheet, another signature")
        self.assertEqual(self._get(url).status_code, 404, "a sheet in work is not shown")

    def test_sign_the_sheet_in_the_backend(self):
        sheet = self._approved_sheet(self.person)
        action = sheet.with_user(self.user).action_seen()
        self.env[action['res_model']].with_user(self.user).with_context(action['context']).create({
            'signature': SIGNATURE, 'note': "Fine."}).action_confirm()
        self.assertEqual((sheet.seen_agreed, sheet.seen_note), ('agreed', "Fine."))

    def test_preview_of_the_month(self):
        """R-RP-08: two working days before the lock each sees his own lines and may speak up; HR hears of it."""
        month = self._shown_month(self.portal)
        batch = month.batch_id
        self._shown_month(self.person, 77)
        month = batch.person_ids.filtered(lambda person: person.employee_id == self.portal)
        url = f'/my/aftersales/pay/{month.id}'
        self.assertGreaterEqual(batch.lock_from, self.company._aftersales_workdays_after(self.today, 2))
        self.assertIn("Check what this month brings", self._get(HOME, self.portal_user).text)
        page = self._get(url).text
        self.assertIn("300.00", page)
        self.assertNotIn("77.00", page)
        self._post(f'{url}/say', text="It was two rewards.")
        self.assertEqual(month.remark, "It was two rewards.")
        self.assertTrue(batch.activity_ids.filtered(lambda activity: "Cleaner Wu" in activity.summary))
        batch._collect()
        month = batch.person_ids.filtered(lambda person: person.employee_id == self.portal)
        self.assertEqual(month.remark, "It was two rewards.", "collected again, not forgotten")
        self.assertEqual(self._get(f'/my/aftersales/pay/{month.id}').status_code, 404, "a draft is not shown")
        batch._show()
        self._set_gate('payroll_preview', 'off')
        batch.with_user(self._make_user('hr_officer', login='own_second_hr'))._hand_over()
        self.assertEqual(self._get(f'/my/aftersales/pay/{month.id}').status_code, 200)
        with self.assertBlocked('PPL-42'):
            month.with_user(self.portal_user)._say("Too late?")


class TestOnPaper(OwnPageCase):
    """R-RP-11, R-RP-06: who has no login speaks, signs and objects on paper; HR records it with the scan."""

    def test_a_case_on_paper(self):
        person = self._make_employee("Old Master Qian")
        record = self._case(person)
        scan = ("statement.jpg", b'JPEG')
        with self.assertBlocked('PPL-18'):
            record._state_view("He says…")
        with self.assertBlocked('PPL-38'):
            record._state_view("He says…", ("statement.jpg", b''))
        with self.assertBlocked('PPL-15', AccessError):
            record.with_user(self.manager)._state_view("He says…", scan)
        record._state_view("I was at the doctor's.", scan)
        self.assertEqual((record.state, record.statement_recorded_by_id), ('heard', self.hr))
        record.write({'measure_id': self._measure('warning').id})
        record.with_user(self.manager)._decide()
        record._notify()
        wizard = self.env['aftersales.conduct.wizard'].with_user(self.hr).create({
            'record_id': record.id, 'step': 'paper', 'paper_step': 'disagreed', 'paper': SIGNATURE, 'paper_name': "notice.png"})
        wizard.action_confirm()
        self.assertEqual((record.acknowledgement, record.acknowledge_recorded_by_id), ('disagreed', self.hr))
        review = record._object("I had a note from the doctor.", scan)
        self.assertEqual((record.state, review.recorded_by_id), ('review', self.hr))
        papers = self.env['ir.attachment'].sudo().search([('res_model', '=', record._name), ('res_id', '=', record.id)])
        self.assertEqual(sorted(papers.mapped('name')), ["notice.png", "statement.jpg", "statement.jpg"])

    def test_hr_does_not_record_for_himself(self):
        own = self._make_employee("HR Tang", self.hr)
        second = self._make_user('hr_officer', login='own_second_hr')
        record = self._propose_conduct(own, user=second)
        record._investigate("Seen.")
        with self.assertBlocked('PPL-13'):
            record.with_user(self.hr)._state_view("x", ("a.jpg", b'x'))
        record.with_user(self.hr)._state_view("On my own page.")
        with self.assertRaises(UserError):
            record.with_user(self.hr).write({'statement_recorded_by_id': False})

    def test_clock(self):
        """R-CON-27: deadlines are shown as clocks, ending with the working day of the company."""
        clock = self.env['aftersales.own.page']._clock
        self.assertFalse(clock(self.company, False))
        self.assertEqual(clock(self.company, self.today - timedelta(days=1))['level'], 'secondary')
        self.assertEqual(clock(self.company, self.today)['level'], 'danger')
        self.assertEqual(clock(self.company, self.today + timedelta(days=9))['level'], 'info')
