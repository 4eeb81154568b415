from datetime import timedelta

from odoo.exceptions import AccessError

from .test_payroll import PayrollCase


class AnalysisCase(PayrollCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._role('general_manager')
        cls.team = cls.env['aftersales.team'].create({
            'name': "Team 1", 'company_id': cls.company.id, 'trade': 'mechanical', 'leader_id': cls.other.id,
            'member_ids': [(6, 0, cls.person.ids)]})

    def _rows(self, user=None, **wanted):
        self.env.flush_all()
        return self.env['aftersales.conduct.analysis'].with_user(user or self.hr).search(
            [('company_id', '=', self.company.id), *((name, '=', value) for name, value in wanted.items())])

    def _figure(self, code, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        row = self.env['aftersales.indicator'].with_user(user or self.hr).search([('company_id', '=', self.company.id), ('code', '=', code)])
        return row.value if row.has_value else None

    def _play(self):
        """Two rewards (one of 300.00), a talk, a loss of 1,400 of which 1,000 is handed over, a case that is not told."""
        reward, praise = self._reward(self.person, 300), self._propose_conduct(self.other, 'R04', user=self.hr)
        praise.write({'measure_id': self._measure('praise').id})
        praise.with_user(self.manager)._decide()
        loss = self._loss(self.person, 1400)
        talk = self._decide_conduct(self.person, 'P02', 'talk')
        untold = self._decide_conduct(self.person, 'P13', performance_amount=80, notify=False)
        self._hand_over(self._batch())
        return reward, praise, loss, talk, untold


class TestAnalysis(AnalysisCase):
    """Issue point 8, R-RP-08: rewards and penalties by rule, team, month, channel; objections; ready and blocked and why."""

    def test_empty(self):
        self.assertFalse(self._rows())
        for code in ('people_reward_ratio', 'people_objection_success', 'people_decide_days', 'people_ready', 'people_blocked', 'people_sheets'):
            with self.subTest(code=code):
                self.assertIsNone(self._figure(code), "nothing to say is no zero")

    def test_by_rule_team_channel(self):
        reward, praise, loss, talk, untold = self._play()
        rows = self._rows()
        self.assertEqual({(row.record_id, row.channel): (row.amount, row.handed_amount, row.payroll) for row in rows}, {
            (reward, 'bonus'): (300, 300, 'handed_over'), (praise, 'none'): (0, 0, 'none'),
            (loss, 'compensation'): (-1400, -1000, 'ready'), (talk, 'none'): (0, 0, 'none'),
            (untold, 'performance'): (-80, 0, 'blocked'),
        })
        self.assertEqual((sum(rows.mapped('reward_count')), sum(rows.mapped('penalty_count'))), (2, 3))
        self.assertEqual(self._rows(team_id=self.team.id).record_id, reward | loss | talk | untold)
        self.assertEqual(self._rows(hold='notify').record_id, untold, "blocked, and why: not told")
        self.assertEqual(self._rows(hold='carried').record_id, loss)
        groups = {code: count for code, count in self.env['aftersales.conduct.analysis'].with_user(self.hr)._read_group(
            [('company_id', '=', self.company.id)], ['rule_code'], ['penalty_count:sum'])}
        self.assertEqual(groups, {'R03': 0, 'R04': 0, 'P16': 1, 'P02': 1, 'P13': 1})
        self.assertEqual(rows[0].action_open_record()['res_id'], rows[0].record_id.id)

    def test_two_channels_count_one_record(self):
        self._set_gate('conduct_fine_money', 'off')
        self._decide_conduct(self.person, 'P13', performance_amount=50, fine_amount=20, legal_note="Clause 9")
        rows = self._rows()
        self.assertEqual((len(rows), sum(rows.mapped('penalty_count')), sum(rows.mapped('amount'))), (2, 1, -70))

    def test_objections(self):
        second = self._make_user('service_manager', login='test_second_manager')
        changed, upheld = (self._decide_conduct(self.person, 'P13', performance_amount=80) for _number in range(2))
        gone = self._decide_conduct(self.person, 'P13', performance_amount=40)
        waiting = self._decide_conduct(self.person, 'P13', performance_amount=40)
        for record, result, amounts in (
            (changed, 'change', {'performance_amount': 40}), (upheld, 'uphold', None), (gone, 'cancel', None)):
            record.with_user(self.user)._object("No.").with_user(second)._decide(result, "Because.", amounts)
        waiting.with_user(self.user)._object("No.")
        self.assertEqual({row.record_id: row.review_result for row in self._rows()},
                         {changed: 'change', upheld: 'uphold', gone: 'cancel', waiting: 'open'})
        self.assertEqual(sum(self._rows().mapped('penalty_count')), 3, "a cancelled penalty is none")
        self.assertAlmostEqual(self._figure('people_objection_success'), 66.67, 2)
        self.assertEqual(self._figure('people_blocked'), 1.0, "in review")

    def test_figures_by_hand(self):
        """2 rewards ÷ 3 penalties; one carried over is ready, one untold is blocked; decided on the day it was found."""
        self._play()
        self.assertAlmostEqual(self._figure('people_reward_ratio'), 0.67, 2)
        self.assertEqual((self._figure('people_ready'), self._figure('people_blocked')), (1.0, 1.0))
        self.assertEqual(self._figure('people_decide_days'), 0.0)
        records = self.env['aftersales.conduct.record'].search([('kind', '=', 'penalty')])
        records[0].sudo()._guarded().write({'discovered_on': self.today - timedelta(days=6), 'act_date': self.today - timedelta(days=6)})
        self.assertEqual(self._figure('people_decide_days'), 2.0, "(6 + 0 + 0) ÷ 3")
        people = self.env['hr.employee'].search_count([('company_id', '=', self.company.id)])
        self.assertAlmostEqual(self._figure('people_receipts'), 100 * 2 / people, 2)
        sheets = self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(self.company, self.today, self.person | self.other)
        sheets[0].sudo()._guarded().write({'state': 'approved'})
        self.assertEqual(self._figure('people_sheets'), 50.0)

    def test_drill(self):
        self._play()
        row = self.env['aftersales.indicator'].with_user(self.hr).search(
            [('company_id', '=', self.company.id), ('code', '=', 'people_blocked')])
        action = row.action_drill()
        self.assertEqual(self.env[action['res_model']].with_user(self.hr).search_count(action['domain']), 1)

    def test_who(self):
        """Comparing people is for HR and the managers; what is kept from oneself is not in the analysis either."""
        chief = self._make_employee("Chief", self.manager)
        record = self._propose_conduct(chief, 'P02', user=self.hr)
        record.sudo()._guarded().write({'decided_at': record.proposed_at})
        self.assertTrue(self._rows())
        self.assertFalse(self._rows(self.manager), "his own, not disclosed")
        for user in (self.user, self._role('conduct_proposer')):
            with self.assertRaises(AccessError):
                self._rows(user)
        other = self._make_company("Other Motors")
        self.hr.sudo().company_ids = [(4, other.id)]
        rows = self.env['aftersales.conduct.analysis'].with_user(self.hr).with_context(allowed_company_ids=other.ids)
        self.assertFalse(rows.search([]), "another company's")


class TestClock(AnalysisCase):
    """R-RP-11, R-CON-27: what a record waits for and until when follows from its facts."""

    def test_the_way(self):
        self.company.aftersales_review_suspends = True
        record = self._propose_conduct(self.person, 'P13', user=self.hr)
        until = self.today + timedelta(days=self.company.aftersales_decide_days)

        def waits():
            return record.sudo().hold, record.sudo().deadline_on

        self.assertEqual(waits(), ('investigate', until))
        record._investigate("Seen.")
        self.assertEqual(waits(), ('hear', record.hearing_until))
        record.with_user(self.user)._state_view("No.")
        self.assertEqual(waits(), ('decide', until))
        record.write({'measure_id': self._measure('performance').id, 'performance_amount': 80})
        record.with_user(self.manager)._decide()
        self.assertEqual(waits(), ('notify', False))
        record._notify()
        self.assertEqual(waits(), ('acknowledge', False))
        record.with_user(self.user)._acknowledge(False)
        self.assertEqual(waits(), ('object', self.company._aftersales_workdays_after(self.today, 5)))
        review = record.with_user(self.user)._object("No.")
        self.assertEqual(waits(), ('review', review.answer_until))
        second = self._make_user('service_manager', login='test_second_manager')
        review.with_user(second)._decide('uphold', "Yes.")
        self.assertEqual(waits()[0], 'object', "an appeal is possible")
        record.with_user(self.user)._object("No!").with_user(self.boss)._decide('uphold', "Yes.")
        self.assertEqual(waits(), ('ready', False))
        self._hand_over(self._batch())
        self.assertEqual(waits(), ('done', False))

    def test_serious_and_ended(self):
        record = self._propose_conduct(self.person, 'P24', user=self.hr)
        record._investigate("Seen.")
        record.with_user(self.user)._state_view("No.")
        record.measure_id = self._measure('warning')
        record.with_user(self.manager)._decide()
        self.assertEqual(record.hold, 'approve')
        record.with_user(self.boss)._approve()
        self.assertEqual(record.hold, 'notify')
        record._withdraw("Not proven.")
        self.assertEqual((record.hold, record.deadline_on), ('done', False))
        with self.assertBlocked('BAS-01'):
            record.with_user(self.manager).write({'hold': 'ready'})

    def test_talk_is_done(self):
        record = self._decide_conduct(self.person, 'P02', 'talk')
        self.assertEqual((record.state, record.hold), ('closed', 'done'))
