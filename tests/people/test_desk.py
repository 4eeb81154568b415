from datetime import timedelta

from odoo.exceptions import AccessError, UserError

from ..tours.common import PIXEL
from .test_payroll import PayrollCase

PHOTO = PIXEL.decode()


class DeskCase(PayrollCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._role('general_manager')
        cls.leader_user = cls._make_user('conduct_proposer', login='test_leader')
        cls.leader = cls._make_employee("Leader Zhou", cls.leader_user)
        cls.person.parent_id = cls.leader
        cls.desk = cls.env['aftersales.desk.hr'].with_context(allowed_company_ids=cls.company.ids)

    def _as(self, user):
        return self.desk.with_user(user)

    def _lane(self, code, user=None):
        return next(lane for lane in self._as(user or self.hr).get_data()['lanes'] if lane['code'] == code)

    def _card(self, record, user=None):
        return next(card for lane in self._as(user or self.hr).get_data()['lanes'] for card in lane['cards'] if card['id'] == record.id)


class TestDesk(DeskCase):
    """R-RP-11, R-PERM-13: HR's desk shows what waits and until when, with the step of each role; leaders see their own."""

    def test_lanes_and_steps_by_role(self):
        record = self._propose_conduct(self.person, 'P13', user=self.leader_user, summary="Music in a customer's car")
        self.assertEqual([card['id'] for card in self._lane('hear')['cards']], record.ids)
        self.assertEqual({role: self._card(record, user)['verb'] for role, user in (
            ('hr', self.hr), ('manager', self.manager), ('boss', self.boss))}, dict.fromkeys(('hr', 'manager', 'boss'), 'investigate'))
        action = self._as(self.hr).step(record.id, 'investigate')
        self.assertEqual((action['res_model'], action['context']['default_step']), ('aftersales.conduct.wizard', 'investigate'))
        record.with_user(self.hr)._investigate("Seen.")
        self.assertEqual((self._card(record)['verb'], self._card(record)['days']), (False, (record.sudo().hearing_until - self.today).days))
        record.with_user(self.user)._state_view("No.")
        record.sudo().with_user(self.hr).write({'measure_id': self._measure('performance').id, 'performance_amount': 80})
        self.assertEqual((self._card(record)['verb'], self._card(record, self.manager)['verb']), (False, 'decide'))
        self._as(self.manager).step(record.id, 'decide')
        self.assertEqual((self._card(record)['verb'], self._lane('tell')['count']), ('notify', 1))
        action = self._as(self.hr).step(record.id, 'notify')
        self.assertEqual(action['type'], 'ir.actions.report')
        self.assertEqual(self._card(record)['verb'], 'serve')
        record.with_user(self.user)._acknowledge(False)
        record.with_user(self.user)._object("It was silent.")
        self.assertEqual((self._card(record)['verb'], self._card(record, self.manager)['verb']), (False, 'answer'))
        self.assertEqual(self._card(record)['tone'], 'info')

    def test_unknown_step_and_foreign_record(self):
        record = self._propose_conduct(self.person, 'P13', user=self.hr)
        with self.assertBlocked('PPL-16'):
            self._as(self.hr).step(record.id, 'unlink')
        with self.assertRaises(AccessError):
            self._as(self.leader_user).step(record.id, 'investigate')
        with self.assertRaises(AccessError):
            self._as(self.user).get_data()

    def test_deadline_is_over(self):
        record = self._propose_conduct(self.person, 'P13', user=self.hr)
        record.sudo()._guarded().write({'deadline_on': self.today - timedelta(days=3)})
        card = self._card(record)
        self.assertEqual((card['days'], card['tone']), (-3, 'late'))

    def test_nobody_sees_or_handles_his_own(self):
        chief = self._make_employee("Chief", self.manager)
        record = self._propose_conduct(chief, 'P13', user=self.hr)
        self.assertFalse(self._lane('hear', self.manager)['cards'], "not disclosed to him")
        record._investigate("Seen.")
        record.with_user(self.manager)._state_view("No.")
        self.assertFalse(self._card(record, self.manager)['verb'])

    def test_praise(self):
        """Told at once where the manager may decide, else it waits; a photo is evidence."""
        rule = self._rule('R04').id
        result = self._as(self.leader_user).praise(self.person.id, rule, "Repaired the lift", [PHOTO])
        record = self.env['aftersales.conduct.record'].search([('name', '=', result['name'])])
        self.assertEqual((result['told'], record.state, len(record.evidence_ids), record.summary), (False, 'proposed', 1, "Repaired the lift"))
        self.assertEqual(self._card(record, self.manager)['verb'], 'decide')
        self._as(self.manager).step(record.id, 'decide')
        self.assertEqual(record.state, 'closed')
        result = self._as(self.manager).praise(self.person.id, rule, "")
        self.assertFalse(result['told'], "a large shop: who proposed does not decide")
        self._set_gate('conduct_proposer_decides', 'warn')
        result = self._as(self.manager).praise(self.person.id, rule, "")
        self.assertTrue(result['told'])
        with self.assertBlocked('PPL-75'):
            self._as(self.manager).praise(self.person.id, self._rule('P13').id, "x")
        with self.assertBlocked('PPL-74'):
            self._as(self.manager).praise(0, rule, "x")

    def test_leader(self):
        """R-PERM-13: praise, propose and note for his own people, sheets to sign, nothing of others."""
        self._loss(self.other, 100)
        data = self._as(self.leader_user).get_data()
        self.assertEqual((data['mode'], [person['name'] for person in data['people']]), ('leader', ["Master Li"]))
        self.assertFalse({'facts', 'batch', 'blocked', 'sheets', 'unsigned'} & data.keys(), "HR's part stays with HR")
        self.assertFalse(data['lanes'][0]['cards'])
        self._as(self.leader_user).propose(self.person.id, self._rule('P02').id, "Late again")
        mine = self._lane('mine', self.leader_user)['cards']
        self.assertEqual([(card['summary'], card['verb']) for card in mine], [("Late again", False)])
        with self.assertBlocked('PPL-14'):
            self._as(self.leader_user).propose(self.other.id, self._rule('P02').id, "Late again")
        criterion = data['criteria'][0]['id']
        self._as(self.leader_user).note(self.person.id, criterion, "Clean place", True, [PHOTO])
        self.assertEqual(self._as(self.leader_user).get_data()['people'][0]['notes'], 1)
        note = self.env['aftersales.assessment.note'].search([('employee_id', '=', self.person.id)])
        self.assertEqual((note.is_good, len(note.photo_ids), note.noted_by_id), (True, 1, self.leader_user))
        with self.assertBlocked('PPL-14'):
            self._as(self.leader_user).note(self.other.id, criterion, "Clean place")
        self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(self.company, self.today, self.person | self.other)
        to_sign = self._as(self.leader_user).get_data()['to_sign']
        self.assertEqual([(sheet['person'], sheet['open']) for sheet in to_sign], [("Master Li", 18)])
        self.assertEqual([person['name'] for person in self._as(self.leader_user).search_people('master')], ["Master Li"])
        self.assertLessEqual({"Master Li", "Master Sun"}, {person['name'] for person in self._as(self.hr).search_people('master')})
        for method, arguments in (
            ('take_fact', [1]), ('make_sheets', [False, f'{self.month:%Y-%m}']), ('new_batch', [f'{self.month:%Y-%m}']),
            ('read_attendance', []), ('dismiss_fact', [1]),
        ):
            with self.subTest(method=method), self.assertRaises(UserError):
                getattr(self._as(self.leader_user), method)(*arguments)

    def test_facts(self):
        def propose():
            return self.env['aftersales.conduct.proposal']._propose(
                'case', self.person, self.person, "Wrench lost", rule_hint='R-PEN-16', amount=320, source='tool')

        fact = propose()
        row = next(row for row in self._as(self.hr).get_data()['facts']['rows'] if row['id'] == fact.id)
        self.assertEqual((row['rule_id'], row['amount'], row['person']), ('P16', 320, "Master Li"))
        self._as(self.hr).take_fact(fact.id, self._rule('P04').id)
        self.assertEqual((fact.record_ids.rule_id.code, fact.state), ('P04', 'taken'), "the rule a person chose")
        other = propose()
        self._as(self.hr).fact_to_sheet(other.id, needs_training=True)
        self.assertTrue(other.note_ids.needs_training)
        third = propose()
        self._as(self.hr).dismiss_fact(third.id)
        self.assertEqual(third.state, 'dismissed')
        fourth = propose()
        with self.assertRaises(AccessError):
            self._as(self.manager).take_fact(fourth.id)
        self.assertFalse(self._as(self.manager).get_data()['can']['take'])

    def test_blocked_and_why(self):
        self.company.aftersales_review_suspends = True
        self._decide_conduct(self.person, 'P13', performance_amount=80)
        self._decide_conduct(self.person, 'P13', performance_amount=20, notify=False)
        self._decide_conduct(self.person, 'P02', 'talk', notify=False)
        blocked = self._as(self.hr).get_data()['blocked']
        self.assertEqual([(row['hold'], row['count'], row['amount']) for row in blocked], [('notify', 1, -20), ('object', 1, -80)],
                         "the talk carries no money")

    def test_month_end(self):
        self._reward(self.person, 300)
        data = self._as(self.hr).get_data()['batch']
        self.assertEqual((data['state'], data['ready'], data['ready_amount']), ('none', 1, 300))
        self._as(self.hr).new_batch(f'{self.month:%Y-%m}')
        batch = self.env['aftersales.payroll.batch'].search([('month', '=', self.month), ('company_id', '=', self.company.id)])
        data = self._as(self.hr).get_data()['batch']
        self.assertEqual((data['id'], data['bonus_total'], data['can_lock'], data['is_mine']), (batch.id, 300, False, True))
        self._as(self.hr).show_batch(batch.id)
        action = self._as(self.second).lock_batch(batch.id)
        self.assertEqual(action['res_model'], 'aftersales.gate.wizard', "two working days first: it says so")
        batch.sudo()._guarded().write({'previewed_on': self.today - timedelta(days=9)})
        self.assertTrue(self._as(self.second).get_data()['batch']['can_lock'])
        self.assertIs(self._as(self.second).lock_batch(batch.id), True)
        self.assertEqual(batch.state, 'locked')
        self.assertFalse(self._as(self.manager).get_data()['batch'], "the payroll is not the service manager's")

    def test_carried_over_is_what_is_still_open(self):
        """R-RP-15: of 1,400 a month took 1,000; 400 wait for the next."""
        self._loss(self.person, 1400)
        self._hand_over(self._batch())
        data = self._as(self.hr).get_data()['batch']
        self.assertEqual((data['ready'], data['ready_amount']), (1, -400))

    def test_sheets_by_department(self):
        department = self.env['hr.department'].create({'name': "Workshop", 'company_id': self.company.id})
        (self.person | self.other).department_id = department
        sheets = self._as(self.hr).get_data()['sheets']
        row = next(row for row in sheets['departments'] if row['id'] == department.id)
        self.assertEqual((row['people'], row['made']), (2, 0))
        self.assertEqual(self._as(self.hr).make_sheets(department.id, sheets['month']), 2)
        sheets = self._as(self.hr).get_data()['sheets']
        row = next(row for row in sheets['departments'] if row['id'] == department.id)
        self.assertEqual((row['people'], row['made']), (2, 2))
        self.assertEqual({stage['code']: stage['count'] for stage in sheets['stages']}['draft'], 2)

    def test_without_a_rule_book(self):
        self.rulebook._guarded().write({'state': 'draft'})
        data = self._as(self.hr).get_data()
        self.assertEqual((data['rules'], data['unsigned']), ([], False))

    def test_other_company(self):
        record = self._propose_conduct(self.person, 'P13', user=self.hr)
        other = self._make_company("Other Motors")
        hr = self.hr
        hr.sudo().company_ids = [(4, other.id)]
        data = self.env['aftersales.desk.hr'].with_user(hr).with_context(allowed_company_ids=other.ids).get_data()
        self.assertNotIn(record.id, [card['id'] for lane in data['lanes'] for card in lane['cards']])
        with self.assertBlocked('PPL-74'):
            self.env['aftersales.desk.hr'].with_user(hr).with_context(allowed_company_ids=other.ids).praise(self.person.id, self._rule('R04').id, "x")


class TestDeskBudget(DeskCase):
    """House §8: one call, the same number of queries for one record and for a hundred."""

    def _queries(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._as(user).get_data()
        return self.env.cr.sql_log_count - before

    def _fill(self, number):
        people = self.env['hr.employee'].create([
            {'name': f"Person {index}", 'company_id': self.company.id, 'parent_id': self.leader.id} for index in range(number)])
        self.env['aftersales.conduct.record']._guarded().create([{
            'employee_id': person.id, 'company_id': self.company.id, 'rule_id': self._rule('P13').id, 'summary': "x",
            'discovered_on': self.today, 'act_date': self.today,
        } for person in people])
        self.env['aftersales.conduct.proposal']._propose('fact', people, self.person, "Late", source='attendance')
        self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(
            self.company, (self.month - timedelta(days=1)).replace(day=1), people)

    def test_desk_of_hr(self):
        self._fill(1)
        self._queries(self.hr)
        one = self._queries(self.hr)
        self._fill(100)
        many = self._queries(self.hr)
        self.assertLessEqual(many, one + 2)
        self.assertLessEqual(many, 32)

    def test_desk_of_a_leader(self):
        self._fill(1)
        self._queries(self.leader_user)
        one = self._queries(self.leader_user)
        self._fill(60)
        many = self._queries(self.leader_user)
        self.assertLessEqual(many, one + 2)
        self.assertLessEqual(many, 25)
