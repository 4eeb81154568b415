import io
from datetime import timedelta

import openpyxl
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError

from ..common import AftersalesCommon
from ..concurrency import AftersalesConcurrencyCase


class PayrollCase(AftersalesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.hr, cls.accountant = (cls._role(role) for role in ('service_manager', 'hr_officer', 'accountant'))
        cls.second = cls._make_user('hr_officer', login='test_second_hr')
        cls.user = cls._make_user('technician', login='test_person')
        cls.person = cls._make_employee("Master Li", cls.user, wage=5000)
        cls.other = cls._make_employee("Master Sun", wage=2500)
        cls._make_rulebook(cls.person, cls.other)
        cls.company.aftersales_review_suspends = False
        cls.today = cls.company._aftersales_today()
        cls.month = cls.today.replace(day=1)
        cls.env['aftersales.minimum.wage'].create({'company_id': cls.company.id, 'date_from': '2020-01-01', 'amount': 2200})
        cls.batches = cls.env['aftersales.payroll.batch'].with_user(cls.hr)

    def _reward(self, employee, amount):
        record = self._propose_conduct(employee, 'R03', user=self.hr)
        record.write({'measure_id': self._measure('bonus').id, 'bonus_amount': amount})
        record.with_user(self.manager)._decide()
        return record

    def _loss(self, employee, amount):
        return self._decide_conduct(
            employee, 'P16', 'compensation', compensation_amount=amount, loss_amount=amount, loss_proof="Count sheet")

    def _batch(self, month=None, wages=True):
        batch = self.batches._open_month(self.company, month or self.month)
        if wages:
            for person in batch.person_ids:
                person.wage_base = person.wage_base
        return batch

    def _hand_over(self, batch):
        self._set_gate('payroll_preview', 'off')
        batch.with_user(self.second)._hand_over()
        return batch


class TestBatch(PayrollCase):
    """R-RP-08, R-RP-12, R-RP-15: one batch a month; capped, carried, oldest first; locked; to the cent."""

    def test_month(self):
        reward, loss = self._reward(self.person, 300), self._loss(self.person, 1400)
        fine = self._decide_conduct(self.person, 'P13', performance_amount=80)
        batch = self._batch()
        self.assertEqual((batch.bonus_total, batch.performance_total, batch.compensation_total, batch.carried_total),
                         (300, 80, 1000, 400), "a fifth of 5,000 is taken, the rest carried")
        person = batch.person_ids
        self.assertEqual((person.wage_base, person.compensation_taken, person.compensation_carried), (5000, 1000, 400))
        self._hand_over(batch)
        self.assertEqual((reward.state, fine.state, loss.state), ('handed_over', 'handed_over', 'effective'))
        self.assertTrue(loss.has_carried)
        self.assertEqual(batch.state, 'locked')
        batch.with_user(self.accountant)._mark_paid(batch.line_ids)
        self.assertEqual((reward.state, fine.state, loss.state), ('closed', 'closed', 'effective'))
        self.assertFalse([finding for finding in self.company._aftersales_integrity() if finding['code'].startswith('PPL')])

    def test_carried_over_is_taken_next_month_oldest_first(self):
        first, second = self._loss(self.person, 700), self._loss(self.person, 600)
        first.sudo()._guarded().write({'acknowledged_at': first.acknowledged_at - timedelta(days=3)})
        first._advance()
        batch = self._hand_over(self._batch(self.month))
        self.assertEqual((first.is_settled, second.is_settled, batch.carried_total), (True, False, 300))
        batch.sudo()._guarded().write({'month': self.month - relativedelta(months=1)})
        following = self._batch()
        self.assertEqual((following.line_ids.record_id, following.compensation_total), (second, 300))
        self._hand_over(following)
        self.assertTrue(second.is_settled)

    def test_minimum_wage_stays(self):
        self._loss(self.other, 500)
        batch = self._batch()
        self.assertEqual((batch.compensation_total, batch.carried_total), (300, 200), "2,500 − 300 = 2,200")
        batch.person_ids.wage_base = 2100
        self.assertEqual((batch.compensation_total, batch.carried_total), (0, 500))
        batch.person_ids.wage_base = 9000
        self.assertEqual(batch.compensation_total, 500)

    def test_wage_gate(self):
        self._loss(self.person, 100)
        batch = self._batch(wages=False)
        self._set_gate('payroll_preview', 'off')
        with self.assertBlocked('PPL-46'):
            batch.with_user(self.second)._hand_over()
        self._set_gate('payroll_wage', 'off')
        batch.with_user(self.second)._hand_over()
        self.assertEqual(batch.state, 'locked')

    def test_preview_gate(self):
        self._reward(self.person, 10)
        batch = self._batch()
        with self.assertBlocked('PPL-44'):
            batch.with_user(self.second)._hand_over()
        lines = self.env['aftersales.payroll.line'].with_user(self.user)
        self.assertFalse(lines.search([]), "not shown yet")
        batch._show()
        self.assertEqual(lines.search([]).amount, 10)
        with self.assertBlocked('PPL-44'):
            batch.with_user(self.second)._hand_over()
        batch.sudo()._guarded().write({'previewed_on': self.today - timedelta(days=9)})
        batch.with_user(self.second)._hand_over()
        self.assertEqual(batch.state, 'locked')

    def test_second_person_gate(self):
        self._reward(self.person, 10)
        batch = self._batch()
        self._set_gate('payroll_preview', 'off')
        with self.assertBlocked('PPL-47'):
            batch._hand_over()
        own = self._make_employee("HR Ma", self.second)
        self._reward(own, 5)
        batch._collect()
        with self.assertBlocked('PPL-13'):
            batch.with_user(self.second)._hand_over()
        with self.assertRaises(AccessError):
            batch.with_user(self._role('technician'))._hand_over()
        self._set_gate('payroll_second_person', 'off')
        batch._hand_over()
        self.assertEqual(batch.state, 'locked')

    def test_open_reviews_stay_out(self):
        self.company.aftersales_review_suspends = True
        record = self._decide_conduct(self.person, 'P13', performance_amount=80)
        self.assertFalse(self._batch().line_ids, "the time to object runs")
        record.with_user(self.user)._object("Not me.")
        batch = self._batch()
        self.assertFalse(batch.line_ids)
        self.assertEqual(batch.blocked_count, 1)

    def test_changed_since_collected(self):
        record = self._decide_conduct(self.person, 'P13', performance_amount=80)
        batch = self._batch()
        self._set_gate('payroll_preview', 'off')
        second = self._make_user('service_manager', login='test_second_manager')
        record.with_user(self.user)._object("Half of it.").with_user(second)._decide('change', "Half.", {'performance_amount': 40})
        with self.assertBlocked('PPL-45'):
            batch.with_user(self.second)._hand_over()
        batch._collect()
        batch.with_user(self.second)._hand_over()
        self.assertEqual(batch.performance_total, 40)

    def test_lowered_after_the_payroll_goes_back(self):
        record = self._decide_conduct(self.person, 'P13', performance_amount=80)
        first = self._hand_over(self._batch())
        second = self._make_user('service_manager', login='test_second_manager')
        record.with_user(self.user)._object("Not me.").with_user(second)._decide('cancel', "It was not.")
        self.assertTrue(record.is_overpaid)
        first.sudo()._guarded().write({'month': self.month - relativedelta(months=1)})
        batch = self._hand_over(self._batch())
        self.assertEqual(batch.performance_total, -80)
        self.assertFalse(record.is_overpaid)

    def test_reverse(self):
        loss = self._loss(self.person, 700)
        batch = self._hand_over(self._batch())
        self.assertEqual(loss.state, 'handed_over')
        with self.assertBlocked('PPL-17'):
            batch._reverse(" ")
        reversal = batch._reverse("Wrong month")
        with self.assertBlocked('PPL-49'):
            batch._reverse("Twice")
        reversal.with_user(self.second)._hand_over()
        self.assertEqual((reversal.compensation_total, loss.state, loss.is_settled), (-700, 'effective', False))
        with self.assertBlocked('PPL-42'):
            batch.with_user(self.second)._hand_over()

    def test_absence_is_no_money(self):
        """R-PEN-23: the day counts as absence, in attendance."""
        self._decide_conduct(self.person, 'P23', 'talk')
        batch = self._batch()
        self.assertEqual((batch.person_ids.late_count, len(batch.line_ids)), (1, 0))

    def test_absence_counts_working_days(self):
        """R-RP-08: a leave over a weekend counts its working days, half a day is half; working elsewhere is no absence."""
        monday = self.month + timedelta(days=-self.month.weekday() % 7)
        moment, calendar = self.company._aftersales_moment, self.person.resource_calendar_id
        hours = {'calendar_id': calendar.id, 'company_id': self.company.id}
        self.env['resource.calendar.leaves'].create([
            {'name': "Ill", 'resource_id': self.person.resource_id.id, **hours,
             'date_from': moment(monday + timedelta(days=4)) + timedelta(hours=8),
             'date_to': moment(monday + timedelta(days=7)) + timedelta(hours=12)},
            {'name': "At the manufacturer", 'resource_id': self.other.resource_id.id, 'time_type': 'other', **hours,
             'date_from': moment(monday), 'date_to': moment(monday + timedelta(days=1))},
        ])
        persons = self._batch().person_ids
        self.assertEqual((persons.employee_id, persons.absence_days), (self.person, 1.5), "Friday, and Monday until noon")

    def test_cancelled_after_the_hand_over_gives_back(self):
        """R-RP-06, R-RP-08: compensation that a review cancels after it was taken has no day any more; it goes back whole,
        beside what the month may still take."""
        first, second = self._loss(self.person, 700), self._loss(self.person, 600)
        batch = self._hand_over(self._batch())
        self.assertEqual((first.is_settled, second.is_settled, batch.compensation_total), (True, False, 1000))
        manager = self._make_user('service_manager', login='test_second_manager')
        first.with_user(self.user)._object("It was found.").with_user(manager)._decide('cancel', "It was.")
        self.assertFalse(first.effective_from)
        batch.sudo()._guarded().write({'month': self.month - relativedelta(months=1)})
        following = self._batch()
        self.assertEqual({line.record_id: (line.amount, line.carried_amount) for line in following.line_ids},
                         {first: (-700, 0), second: (300, 0)})
        self._hand_over(following)
        self.assertEqual((first.is_overpaid, second.is_settled, following.compensation_total), (False, True, -400))

    def test_locked_against_hands(self):
        self._reward(self.person, 10)
        batch = self._hand_over(self._batch())
        record = batch.line_ids.record_id
        for call in (
            lambda: batch.write({'state': 'draft'}),
            lambda: batch.line_ids.sudo().write({'amount': 1}),
            lambda: batch.person_ids.write({'wage_base': 1}),
            lambda: batch.person_ids.sudo().write({'compensation_taken': 1}),
            lambda: self.batches.create({'company_id': self.company.id, 'month': self.month}),
            lambda: batch._collect(),
            lambda: batch._cancel(),
            lambda: record.with_user(self.hr)._withdraw("Mistake"),
        ):
            with self.assertRaises(UserError):
                call()
        with self.assertRaises(UserError):
            batch.line_ids.with_user(self.hr).write({'amount': 1})
        with self.assertBlocked('PPL-10'):
            batch.sudo().unlink()
        with self.assertBlocked('PPL-41', ValidationError):
            self.batches._open_month(self.company, self.month + relativedelta(months=2))
        self.assertEqual(self.batches._open_month(self.company, self.month), batch, "one batch a month")

    def test_workbook(self):
        """R-REP-22, R-RP-08: attendance of everybody, rewards and deductions of the month, the tax flag of each line."""
        self._loss(self.person, 1400)
        self._reward(self.other, 300)
        quiet = self._make_employee("Nothing happened", barcode='QUIET1')
        begin = self.company._aftersales_moment(self.month)
        self.env['hr.attendance'].create({
            'employee_id': quiet.id, 'check_in': begin + timedelta(hours=8), 'check_out': begin + timedelta(hours=17)})
        batch = self._batch()
        self.assertNotIn(quiet, batch.person_ids.employee_id)
        name, contents = batch._download('summary')
        book = openpyxl.load_workbook(io.BytesIO(contents), data_only=True)
        persons, lines, attendance = book.worksheets
        everybody = {row[1].value: [cell.value for cell in row] for row in attendance.iter_rows()}
        self.assertEqual(everybody["Nothing happened"][2:4], ['QUIET1', 1])
        self.assertLessEqual({"Master Li", "Master Sun"}, everybody.keys())
        rows = [[cell.value for cell in row] for row in persons.iter_rows()]
        self.assertIn(1000, next(row for row in rows if row[1] == "Master Li"))
        self.assertIn("After tax", [cell.value for row in lines.iter_rows() for cell in row])
        self.assertTrue(name.endswith('.xlsx'))
        with self.assertRaises(AccessError):
            batch.with_user(self.user)._download('summary')

    def test_leaver(self):
        self._loss(self.person, 100)
        self.person.version_id.departure_date = self.month
        self._loss(self.other, 100)
        self.other.version_id.write({
            'contract_date_start': self.month - relativedelta(years=1), 'contract_date_end': self.month + timedelta(days=3)})
        self.assertEqual(self._batch().person_ids.mapped('is_leaver'), [True, True], "left, and a contract that ends")

    def test_cutoff_day(self):
        self.company.aftersales_payroll_cutoff_day = 1
        batch = self._batch()
        self.assertEqual(batch.cutoff_on, self.month)
        self.company.aftersales_payroll_cutoff_day = 31
        batch.invalidate_recordset()
        self.assertEqual(batch.cutoff_on, self.month + relativedelta(months=1, days=-1))


class TestHandOver(PayrollCase):
    """R-RP-08, accounting 18 to 21: one way only: a workbook, an entry, or payslip inputs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env['account.account'].with_company(cls.company)

        def account(code, name, kind):
            return accounts.create({'code': code, 'name': name, 'account_type': kind, 'company_ids': [(6, 0, cls.company.ids)]})

        cls.wages, cls.cost = account('991001', "Wages", 'liability_current'), account('991002', "Cost", 'expense')
        cls.sales = account('991005', "Selling", 'expense')
        cls.owed, cls.income = account('991003', "Employees", 'asset_current'), account('991004', "Other income", 'income_other')
        cls.company.write({
            'aftersales_payroll_mode': 'entry', 'aftersales_wages_account_id': cls.wages.id,
            'aftersales_reward_account_id': cls.cost.id, 'aftersales_employee_account_id': cls.owed.id,
            'aftersales_fine_account_id': cls.income.id,
        })

    def test_entry(self):
        self.other.department_id = self.env['hr.department'].create({
            'name': "Front desk", 'company_id': self.company.id, 'aftersales_reward_account_id': self.sales.id})
        self._set_gate('conduct_fine_money', 'off')
        self._reward(self.person, 300)
        self._reward(self.other, 50)
        self._loss(self.person, 700)
        self._decide_conduct(self.person, 'P13', fine_amount=20, legal_note="Clause 9")
        self._decide_conduct(self.person, 'P13', performance_amount=80)
        batch = self._hand_over(self._batch())
        move = batch.move_id
        sums = {account: sum(move.line_ids.filtered(lambda line, account=account: line.account_id == account).mapped('balance'))
                for account in (self.wages, self.cost, self.sales, self.owed, self.income)}
        self.assertEqual(sums, {self.wages: 370, self.cost: 300, self.sales: 50, self.owed: -700, self.income: -20})
        self.assertEqual(move.state, 'posted')
        with self.assertBlocked('PPL-51'):
            move.button_draft()
        batch._hand_over_entry_sudo()
        self.assertEqual(batch.move_id, move, "pressed twice, booked once")
        self.assertFalse([finding for finding in self.company._aftersales_integrity() if finding['code'].startswith('PPL')])
        reversal = batch._reverse("Wrong")
        self._hand_over(reversal)
        self.assertEqual(self._balance(self.wages), 0)
        self.assertEqual(self._balance(self.owed), 0)

    def test_file_books_nothing(self):
        self.company.aftersales_payroll_mode = 'file'
        self._reward(self.person, 300)
        batch = self._hand_over(self._batch())
        self.assertFalse(batch.move_id)
        self.assertEqual(batch.mode, 'file')

    def test_missing_account(self):
        self.company.aftersales_reward_account_id = False
        self._reward(self.person, 300)
        with self.assertBlocked('PPL-52'):
            self._hand_over(self._batch())
        checks = {check['code']: check for check in self.company._aftersales_setup_checks()}
        self.assertFalse(checks['PPL-S2']['ok'])

    def test_payslip_adapter_without_a_payroll(self):
        self.company.aftersales_payroll_mode = 'payslip'
        self._reward(self.person, 300)
        if 'hr.payslip.input' in self.env:
            self.fail("written for a database without a payroll")
        with self.assertBlocked('PPL-50'):
            self._hand_over(self._batch())

    def test_integrity_finds_disagreement(self):
        record = self._reward(self.person, 300)
        batch = self._hand_over(self._batch())
        record.sudo()._guarded().write({'bonus_amount': 250})
        self.env.flush_all()
        self.env.cr.execute("UPDATE aftersales_payroll_line SET amount = 200 WHERE batch_id = %s", [batch.id])
        self.env.invalidate_all()
        codes = {finding['code'] for finding in self.company._aftersales_integrity()}
        self.assertLessEqual({'PPL-I1', 'PPL-I2'}, codes)


class TestBudget(PayrollCase):
    """House §8: a batch of 500 records in at most 60 queries."""

    def test_batch_of_500(self):
        employees = self.env['hr.employee'].create([{'name': f"Person {n}", 'company_id': self.company.id} for n in range(50)])
        records = self.env['aftersales.conduct.record']._guarded().create([{
            'employee_id': employees[n % 50].id, 'company_id': self.company.id, 'rule_id': self._rule('R03').id,
            'measure_id': self._measure('bonus').id, 'bonus_amount': 10, 'decided_at': '2026-01-01', 'notified_at': '2026-01-02',
        } for n in range(501)])
        records._advance()
        self._set_gate('payroll_preview', 'off')
        # A month of one record first: rights and gates are read, as on any working day.
        records[1:].sudo()._guarded().write({'is_settled': True})
        first = self._batch(wages=False)
        first.with_user(self.second)._hand_over()
        first.sudo()._guarded().write({'month': self.month - relativedelta(months=1)})
        records[1:].sudo()._guarded().write({'is_settled': False})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        batch = self._batch(wages=False)
        batch.with_user(self.second)._hand_over()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual((len(batch.line_ids), batch.bonus_total), (500, 5000))
        self.assertLessEqual(queries, 60)


class TestTwoAtOnce(AftersalesConcurrencyCase):
    """R-RP-08: two people confirming at once cannot hand over twice (two real cursors)."""

    def test_one_hands_over(self):
        with self.committed() as env:
            self.company = type(self).company = self._make_company("Two confirm")
            type(self).env = env(context={'allowed_company_ids': self.company.ids})
            self.company.with_env(self.env)._aftersales_prepare_company()
            self._set_gate('payroll_preview', 'off')
            self._make_rulebook()
            users = [self._make_user('hr_officer', login=f'two_confirm_{number}').id for number in (1, 2)]
            person = self._make_employee("Both want him paid")
            record = self._propose_conduct(person, 'R03', user=self._make_user('service_manager', login='two_manager'))
            record.write({'measure_id': self._measure('bonus').id, 'bonus_amount': 10})
            record.with_user(self._make_user('service_manager', login='two_decider'))._decide()
            hr = self._make_user('hr_officer', login='two_prepares')
            month = self.company._aftersales_today().replace(day=1)
            batch_id = self.env['aftersales.payroll.batch'].with_user(hr)._open_month(self.company, month).id

        def confirm(user):
            def task(env):
                env['aftersales.payroll.batch'].with_user(user).browse(batch_id)._hand_over()
                return True
            return task

        results = self.race(*map(confirm, users))
        self.assertEqual(sum(result is True for result in results), 1, results)
        self.assertIn('PPL-42', str([result for result in results if result is not True][0]))
