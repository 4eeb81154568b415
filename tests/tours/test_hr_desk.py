from dateutil.relativedelta import relativedelta

from ..common import AftersalesHttpCase
from ..people.test_desk import DeskCase

PATH = '/odoo/this-month'


class TestHrDeskTours(DeskCase, AftersalesHttpCase):
    """The click budgets of HR's desk: praise 2, case from a fact 3, notice 1, sheets of a department 2, lock a batch 2."""

    def _walk(self, tour, user):
        user.sudo().company_id = self.company
        self.start_tour(PATH, f'aftersales_hr_{tour}', login=user.login)

    def test_praise(self):
        self._walk('praise', self.hr)
        record = self.env['aftersales.conduct.record'].search([('summary', '=', "Repaired the lift on Sunday")])
        self.assertEqual((record.employee_id, record.measure_id), (self.person, self._measure('praise')))

    def test_case_from_a_fact(self):
        """R-PEN-16: taken over by a person, under the rule the tool room hinted at."""
        fact = self.env['aftersales.conduct.proposal']._propose(
            'case', self.person, self.person, "Wrench lost", rule_hint='R-PEN-16', amount=320, source='tool')
        self._walk('case', self.hr)
        self.assertEqual((fact.state, fact.record_ids.rule_id.code), ('taken', 'P16'))

    def test_notice(self):
        record = self._decide_conduct(self.person, 'P13', performance_amount=80, notify=False)
        self._walk('notice', self.hr)
        self.assertEqual(record.state, 'notified')

    def test_sheets_of_a_department(self):
        department = self.env['hr.department'].create({'name': "Workshop", 'company_id': self.company.id})
        (self.person | self.other).department_id = department
        self._walk('sheets', self.hr)
        self.assertEqual(self.env['aftersales.assessment'].search_count([('department_id', '=', department.id)]), 2)

    def test_lock_a_batch(self):
        self._reward(self.person, 300)
        batch = self._batch()
        batch._show()
        batch.sudo()._guarded().write({'previewed_on': self.today - relativedelta(days=9)})
        self._walk('lock', self.second)
        self.assertEqual((batch.state, batch.confirmed_by_id), ('locked', self.second))

    def test_leader(self):
        """R-PERM-13: his own people, notes and sheets to sign; nothing that belongs to HR."""
        self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(self.company, self.month, self.person)
        self._walk('leader', self.leader_user)
        self.assertEqual(self.env['aftersales.assessment.note'].search([('employee_id', '=', self.person.id)]).text, "Place clean every evening")
