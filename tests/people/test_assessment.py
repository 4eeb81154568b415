import io
from datetime import timedelta

import openpyxl
from dateutil.relativedelta import relativedelta
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import SIGNATURE, AftersalesCommon


class AssessmentCase(AftersalesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.hr = cls._role('service_manager'), cls._role('hr_officer')
        cls.leader_user = cls._make_user('conduct_proposer', login='test_leader')
        cls.leader_person = cls._make_employee("Leader Zhou", cls.leader_user)
        cls.user = cls._make_user('technician', login='test_person')
        cls.person = cls._make_employee("Master Li", cls.user, parent_id=cls.leader_person.id)
        cls.stranger = cls._make_employee("Keeper He")
        cls.today = cls.company._aftersales_today()
        cls.month = cls.today.replace(day=1)
        cls.sheets = cls.env['aftersales.assessment'].with_user(cls.hr)
        cls.criterion = cls.env.ref('aftersales_service.assessment_criterion_01')

    def _sheet(self, person=None, month=None):
        return self.sheets._make_sheets(self.company, month or self.month, person or self.person)

    def _score(self, sheet, score=80):
        sheet.with_user(self.leader_user).line_ids.write({'score': score})


class TestSheet(AssessmentCase):
    """R-ASM-01 to R-ASM-20, R-ASM-24: eighteen criteria as data, scored by the superior, signed off, graded, told."""

    def test_the_whole_way(self):
        sheet = self._sheet()
        self.assertEqual((len(sheet.line_ids), sheet.assessor_id, sheet.grade), (18, self.leader_user, False))
        self.assertEqual(len(set(sheet.line_ids.mapped('group'))), 4)
        leader = sheet.with_user(self.leader_user)
        with self.assertBlocked('PPL-64'):
            leader._compile()
        self._score(sheet)
        leader.line_ids[0].score = 98
        self.assertEqual((sheet.score, sheet.grade), (81.0, 'B'))
        leader._compile()
        with self.assertBlocked('PPL-62'):
            leader.line_ids[0].score = 100
        with self.assertBlocked('PPL-65'):
            sheet.with_user(self.manager)._approve()
        with self.assertRaises(AccessError):
            leader._review()
        sheet._review()
        self.assertFalse(self.env['aftersales.assessment'].with_user(self.user).search([]), "not before it is approved")
        sheet.with_user(self.manager)._approve()
        own = self.env['aftersales.assessment'].with_user(self.user).search([])
        self.assertEqual((own, own.grade), (sheet.with_user(self.user), 'B'))
        with self.assertBlocked('PPL-08'):
            own._see(False)
        own._see(SIGNATURE, agreed=False, note="The rework was not mine.")
        self.assertEqual((sheet.seen_agreed, sheet.seen_note, bool(sheet.seen_at and sheet.seen_signature)),
                         ('disagreed', "The rework was not mine.", True))
        self.assertIn(self.leader_user, sheet.sudo().activity_ids.user_id, "who assessed hears of it")
        with self.assertBlocked('PPL-62'):
            own._see(SIGNATURE)
        with self.assertRaises(AccessError):
            own.write({'comment': "I am better"})

    def test_review_gate_off(self):
        """R-ASM-24: a small shop signs twice."""
        self._set_gate('assessment_review', 'off')
        sheet = self._sheet()
        self._score(sheet)
        sheet.with_user(self.leader_user)._compile()
        sheet.with_user(self.manager)._approve()
        self.assertEqual(sheet.state, 'approved')

    def test_complete_gate_off(self):
        self._set_gate('assessment_complete', 'off')
        sheet = self._sheet()
        sheet.with_user(self.leader_user)._compile()
        self.assertEqual((sheet.state, sheet.grade), ('compiled', False))

    def test_persons_gate(self):
        sheet = self._sheet()
        sheet.assessor_id = self.manager
        sheet.with_user(self.manager).line_ids.write({'score': 70})
        sheet.with_user(self.manager)._compile()
        with self.assertBlocked('PPL-66'):
            sheet.with_user(self.manager)._review()
        self._set_gate('assessment_persons', 'off')
        sheet.with_user(self.manager)._review()
        sheet.with_user(self.manager)._approve()
        self.assertEqual(sheet.grade, 'C')

    def test_nobody_assesses_himself_or_others_people(self):
        chief = self._make_employee("Chief", self.manager)
        own = self._sheet(chief)
        own.assessor_id = self.manager
        for call in (
            lambda: own.with_user(self.manager)._compile(),
            lambda: own.with_user(self.manager).write({'comment': "Great"}),
            lambda: own.with_user(self.manager)._send_back(),
        ):
            with self.assertBlocked('PPL-13'):
                call()
        other = self._sheet(self.stranger)
        with self.assertRaises(AccessError):
            other.with_user(self.leader_user).write({'comment': "x"})
        with self.assertRaises(AccessError):
            self.sheets.with_user(self.leader_user)._make_sheets(self.company, self.month, self.stranger)

    def test_rpc(self):
        sheet = self._sheet()
        for call in (
            lambda: sheet.write({'state': 'approved'}),
            lambda: sheet.write({'order_count': 9}),
            lambda: self.sheets.create({'employee_id': self.person.id, 'month': self.month}),
            lambda: sheet.with_user(self.manager)._see(SIGNATURE),
            lambda: sheet.write({'seen_at': '2026-01-01'}),
        ):
            with self.assertRaises(UserError):
                call()
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            sheet.line_ids[0].score = 101
            sheet.line_ids.flush_recordset()
        self.assertFalse(self._sheet(), "a second pass makes no second sheet")
        with self.assertBlocked('PPL-41'):
            self._sheet(month=self.month + relativedelta(months=1))

    def test_send_back_voids_the_signatures(self):
        sheet = self._sheet()
        self._score(sheet)
        sheet.with_user(self.leader_user)._compile()
        sheet._send_back()
        self.assertEqual((sheet.state, sheet.compiled_by_id.id), ('draft', False))

    def test_criteria_with_dates_and_weights(self):
        self.env['aftersales.assessment.criterion'].create([
            {'name': "Local", 'company_id': self.company.id, 'weight': 3, 'group': 'target'},
            {'name': "Not yet", 'company_id': self.company.id, 'date_from': self.month + relativedelta(months=1)},
            {'name': "No more", 'company_id': self.company.id, 'date_to': self.month - relativedelta(days=1)},
        ])
        sheet = self._sheet()
        self.assertEqual(len(sheet.line_ids), 19)
        self._score(sheet, 60)
        sheet.with_user(self.leader_user).line_ids.filtered(lambda line: line.weight == 3).score = 100
        self.assertEqual(sheet.score, round((18 * 60 + 300) / 21, 2))

    def test_results_workbook(self):
        """R-REP-24: result list to HR."""
        sheet = self._sheet()
        self._score(sheet, 95)
        name, contents = sheet._download('results')
        cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(contents)).active.iter_rows() for cell in row]
        self.assertIn("Master Li", cells)
        self.assertIn('A', cells)
        with self.assertRaises(AccessError):
            sheet.with_user(self.leader_user)._download('results')


class TestNotes(AssessmentCase):
    """R-ASM-21: what was seen on the spot feeds the sheet and can become a case."""

    def test_note(self):
        note = self.env['aftersales.assessment.note'].with_user(self.leader_user).create({
            'employee_id': self.person.id, 'criterion_id': self.criterion.id, 'text': "Without helmet", 'company_id': self.company.id})
        sheet = self._sheet()
        line = sheet.with_user(self.leader_user).line_ids.filtered(lambda line: line.criterion_id == self.criterion)
        self.assertIn("Without helmet", line.notes)
        self.assertEqual(note.action_open_case()['context']['default_employee_id'], self.person.id)
        with self.assertBlocked('PPL-14'):
            note.copy({'employee_id': self.stranger.id})
        self._set_gate('conduct_own_people', 'off')
        note.copy({'employee_id': self.stranger.id})
        with self.assertBlocked('PPL-13'):
            note.copy({'employee_id': self.leader_person.id})
        with self.assertBlocked('PPL-12'):
            note.copy({'date': self.today + timedelta(days=1)})
        self._set_gate('conduct_own_people', 'block')
        for person, code in ((self.stranger, 'PPL-14'), (self.leader_person, 'PPL-13')):
            with self.assertBlocked(code), self.env.cr.savepoint():
                note.employee_id = person
        sheet.sudo()._guarded().write({'state': 'approved'})
        with self.assertBlocked('PPL-60'):
            note.text = "Something else"
        with self.assertBlocked('PPL-60'), self.env.cr.savepoint():
            note.copy()
        last = self.env['aftersales.assessment.note'].with_user(self.leader_user).create({
            'employee_id': self.person.id, 'criterion_id': self.criterion.id, 'text': "Last month", 'company_id': self.company.id,
            'date': self.month - timedelta(days=1)})
        with self.assertBlocked('PPL-60'), self.env.cr.savepoint():
            last.date = self.today

    def test_leaders_compare_their_own_people_only(self):
        """Issue 6.5: comparison of sheets is for HR and the managers; a leader sees whom he scores, a colleague nobody."""
        sheets = self._sheet(self.person | self.stranger)
        seen = self.env['aftersales.assessment']
        self.assertEqual(seen.with_user(self.leader_user).search([('id', 'in', sheets.ids)]).employee_id.ids, self.person.ids)
        self.assertEqual(seen.with_user(self.leader_user)._read_group([('id', 'in', sheets.ids)], [], ['__count']), [(1,)])
        for role in ('technician', 'advisor', 'parts_keeper', 'accountant'):
            self.assertFalse(seen.with_user(self._role(role)).search([('id', 'in', sheets.ids)]), role)
        for user in (self.hr, self.manager, self._role('general_manager')):
            self.assertEqual(len(seen.with_user(user).search([('id', 'in', sheets.ids)])), 2)
        menu = self.env.ref('aftersales_service.menu_people_assessment_analysis')
        visible = self.env['ir.ui.menu']
        self.assertNotIn(menu.id, visible.with_user(self.leader_user)._visible_menu_ids())
        self.assertIn(menu.id, visible.with_user(self.hr)._visible_menu_ids())
        with self.assertBlocked('BAS-01'):
            sheets[:1].score = 100


class TestFacts(AssessmentCase):
    """R-ASM-22, R-ASM-23: attendance, orders, rework of the month on the sheet."""

    def test_attendance(self):
        day = self.today - timedelta(days=1)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        month = day.replace(day=1)
        begin = self.company._aftersales_moment(day)
        self.env['hr.attendance'].create({
            'employee_id': self.person.id, 'check_in': begin + timedelta(hours=9), 'check_out': begin + timedelta(hours=15)})
        sheet = self._sheet(month=month)
        self.assertEqual((sheet.late_count, sheet.early_count), (1, 1), "eight to five is the calendar")
        self.assertGreater(sheet.worked_hours, 4)

    def test_orders_and_rework(self):
        self._make_workshop()
        order = self._make_signed_order(labour=[self._make_labour_item()])
        self._dispatch(order)
        for operation in order.operation_ids:
            self._do_work(operation)
        sheet = self._sheet(self.tech)
        self.assertEqual(sheet.order_count, 1)
        self.assertEqual(sheet.clocked_hours, sum(self.env['aftersales.labour.time'].search(
            [('employee_id', '=', self.tech.id)]).mapped('hours')))

    def test_budget_200_sheets(self):
        """House §8: 200 sheets in at most 40 queries."""
        people = self.env['hr.employee'].create([{'name': f"Person {n}", 'company_id': self.company.id} for n in range(200)])
        self._sheet()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        sheets = self.sheets._make_sheets(self.company, self.month, people)
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual((len(sheets), len(sheets.line_ids)), (200, 3600))
        self.assertLessEqual(queries, 40)
