from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError

from .test_record import ConductCase


class DueProcessCase(ConductCase):
    """Every step is taken by the person whose step it is, with that person's rights; everybody else tries in vain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._make_user('service_manager', login='due_second_manager')
        cls.deputy = cls._make_user('report_reader', login='due_deputy')
        cls.union = cls._make_user('technician', login='due_union')
        cls.accountant = cls._role('accountant')
        cls.other_hr = cls._make_user('hr_officer', login='due_second_hr')
        cls._set_gate('conduct_education_first', 'off')

    def _records(self, user):
        return self.env['aftersales.conduct.record'].with_user(user)

    def _refused(self, *calls):
        """Every call is refused by a role, a step or a rule; none of them changes the state."""
        for user, call in calls:
            with self.subTest(user=user.login), self.assertRaises(UserError):  # an AccessError is one
                call()

    def _heard(self, rule='P24', user=None):
        record = self._propose_conduct(self.person, rule, user=user or self.leader_user)
        record.with_user(self.hr)._investigate("Two witnesses, camera 3.")
        record.with_user(self.user)._state_view("I was somewhere else.")
        return record.sudo()

    def _told(self, **values):
        """A light case, decided by the manager, told, acknowledged."""
        record = self._heard('P13')
        record.with_user(self.hr).write({'measure_id': self._measure('performance').id, 'performance_amount': 100, **values})
        record.with_user(self.manager)._decide()
        record.with_user(self.hr)._notify()
        record.with_user(self.user)._acknowledge(False)
        return record


class TestLifeCycles(DueProcessCase):

    def test_reward(self):
        """R-RWD-03, R-RP-02, R-RP-11, R-RP-12, R-PERM-13: proposed by the leader, decided by the manager, told, paid, closed."""
        self._refused(
            (self.user, lambda: self._propose_conduct(self.stranger, 'R03', user=self.user)),
            (self.leader_user, lambda: self._propose_conduct(self.stranger, 'R03', user=self.leader_user)),
            (self.leader_user, lambda: self._propose_conduct(self.leader_person, 'R03', user=self.leader_user)),
        )
        record = self._propose_conduct(self.person, 'R03', user=self.leader_user)
        self.assertFalse(self._records(self.user).search([]), "a proposal is nothing to hope for")
        record.with_user(self.hr).write({'measure_id': self._measure('bonus').id, 'bonus_amount': 300})
        self._refused(
            (self.leader_user, lambda: record.with_user(self.leader_user)._decide()),
            (self.leader_user, lambda: record.with_user(self.leader_user).write({'bonus_amount': 900})),
            (self.hr, lambda: record.with_user(self.hr)._decide()),
            (self.hr, lambda: record.with_user(self.hr)._notify()),
        )
        record.with_user(self.manager)._decide()
        record = record.sudo()
        self.assertEqual((record.state, record.effective_from, record.decided_by_id), ('effective', self.today, self.manager))
        self.assertEqual(self._records(self.user).search([]).bonus_amount, 300)
        self._refused(
            (self.user, lambda: record.with_user(self.user)._object("More.")),
            (self.hr, lambda: record.with_user(self.hr).write({'bonus_amount': 900})),
        )
        batch = self._hand_over()
        self.assertEqual((batch.bonus_total, record.state), (300, 'handed_over'))
        batch.with_user(self.accountant)._mark_paid(batch.line_ids)
        self.assertEqual(record.state, 'closed')

    def _hand_over(self):
        self._set_gate('payroll_preview', 'off')
        batch = self.env['aftersales.payroll.batch'].with_user(self.hr)._open_month(self.company, self.today.replace(day=1))
        batch.with_user(self.other_hr)._hand_over()
        return batch

    def test_grave_case(self):
        """R-PEN-24, R-RP-06, R-RP-07, R-RP-11, R-RP-16, R-CON-26: leader, HR, person, manager, general manager, another
        manager, panel: seven people, each at his step; grave cases are approved by the general manager, and the appeal
        against what he approved is heard by a panel."""
        record = self._propose_conduct(self.person, 'P24', user=self.leader_user, facts="Asked for 500 in cash.")
        self.assertEqual((record.gravity, record.state), ('serious', 'proposed'))
        self._refused(
            (self.leader_user, lambda: record.with_user(self.leader_user)._investigate("x")),
            (self.user, lambda: record.with_user(self.user)._state_view("Not asked yet.")),
            (self.manager, lambda: record.with_user(self.manager)._decide()),
        )
        record.with_user(self.hr)._investigate("The customer and the cashier confirm it.")
        record = record.sudo()
        record.with_user(self.hr).write({'measure_id': self._measure('warning').id})
        self.assertIn('PPL-22', self._codes(record.with_user(self.manager), 'decided'), "hearing is never off")
        record.with_user(self.user)._state_view("It was for parts.")
        self.assertEqual(record.state, 'heard')
        self._refused(
            (self.leader_user, lambda: record.with_user(self.leader_user)._decide()),
            (self.hr, lambda: record.with_user(self.hr)._decide()),
            (self.accountant, lambda: record.with_user(self.accountant)._decide()),
        )
        record.with_user(self.manager)._decide()
        self._refused(
            (self.hr, lambda: record.with_user(self.hr)._notify()),
            (self.manager, lambda: record.with_user(self.manager)._approve()),
            (self.second, lambda: record.with_user(self.second)._decide()),
        )
        with self.assertBlocked('PPL-32'):
            record.with_user(self.hr)._notify()
        record.with_user(self.boss)._approve()
        record.with_user(self.hr)._notify()
        self.assertEqual((record.state, record.approved_by_id), ('notified', self.boss))
        record.with_user(self.user)._acknowledge(False, "I do not agree.")
        review = record.with_user(self.user)._object("The receipt exists.")
        for involved in (self.manager, self.boss):
            with self.assertBlocked('PPL-35'):
                review.with_user(involved)._decide('uphold', "It stays.")
        self._refused(
            (self.leader_user, lambda: review.with_user(self.leader_user)._decide('cancel', "x")),
            (self.hr, lambda: review.with_user(self.hr)._decide('cancel', "x")),
            (self.user, lambda: review.with_user(self.user)._decide('cancel', "x")),
        )
        review.with_user(self.second)._decide('uphold', "There is no receipt.")
        appeal = record.with_user(self.user)._object("Ask the customer again.")
        self.assertEqual(record.state, 'appeal')
        for involved in (self.boss, self.second, self.manager):
            with self.assertBlocked('PPL-35'):
                appeal.with_user(involved)._decide('cancel', "x")
        with self.assertBlocked('PPL-34'):
            appeal.with_user(self.hr)._name_panel(self.deputy | self.user)
        appeal.with_user(self.hr)._name_panel(self.deputy | self.union)
        self.assertEqual(self._records(self.union).search([]), record.with_user(self.union), "the panel reads this case, no other")
        with self.assertBlocked('PPL-35'):
            appeal.with_user(self.boss)._decide('uphold', "It stays.")
        appeal.with_user(self.deputy)._decide('uphold', "The customer confirmed it again.")
        self.assertEqual((record.state, appeal.result), ('appeal', False), "one member alone decides nothing")
        appeal.with_user(self.union)._decide('uphold', "The customer confirmed it again.")
        self.assertEqual((record.state, appeal.panel_agreed_ids), ('closed', self.deputy | self.union))
        self.assertFalse(record._own_steps(), "what is left is arbitration")

    def test_panel_that_does_not_agree(self):
        """R-RP-07: members of a panel who answer differently have not answered; the last word of each counts."""
        record = self._heard()
        record.with_user(self.hr).write({'measure_id': self._measure('performance').id, 'performance_amount': 90})
        record.with_user(self.manager)._decide()
        record.with_user(self.boss)._approve()
        record.with_user(self.hr)._notify()
        record.with_user(self.user)._acknowledge(True)
        record.with_user(self.user)._object("No.").with_user(self.second)._decide('uphold', "Yes.")
        appeal = record.with_user(self.user)._object("Still no.")
        portal = self.env['res.users'].with_context(no_reset_password=True).create({
            'name': "Guest", 'login': 'due_guest', 'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)],
            'company_id': self.company.id, 'company_ids': [(6, 0, self.company.ids)]})
        with self.assertBlocked('PPL-34'):
            appeal.with_user(self.hr)._name_panel(self.deputy | portal)
        appeal.with_user(self.hr)._name_panel(self.deputy | self.union)
        appeal.with_user(self.deputy)._decide('uphold', "It stays.")
        appeal.with_user(self.union)._decide('change', "Half.", {'performance_amount': 45})
        self.assertEqual((appeal.decided_at, record.performance_amount), (False, 90))
        self.assertEqual(appeal.panel_agreed_ids, self.union)
        appeal.with_user(self.deputy)._decide('change', "Half, then.", {'performance_amount': 45})
        self.assertEqual((appeal.result, appeal.answer, record.performance_amount), ('change', "Half, then.", 45))
        with self.assertBlocked('PPL-16'):
            appeal.with_user(self.union)._decide('uphold', "Too late.")

    def test_panel_only_where_the_general_manager_took_part(self):
        """R-RP-07: he hears what he did not approve; a panel of managers alone is none."""
        record = self._told()
        record.with_user(self.user)._object("No.").with_user(self.second)._decide('uphold', "Yes.")
        appeal = record.with_user(self.user)._object("Still no.")
        with self.assertBlocked('PPL-34'):
            appeal.with_user(self.hr)._name_panel(self.deputy | self.union)
        appeal.with_user(self.boss)._decide('uphold', "It stays.")
        serious = self._heard()
        serious.with_user(self.hr).write({'measure_id': self._measure('performance').id, 'performance_amount': 90})
        serious.with_user(self.manager)._decide()
        serious.with_user(self.boss)._approve()
        serious.with_user(self.hr)._notify()
        serious.with_user(self.user)._acknowledge(False)
        serious.with_user(self.user)._object("No.").with_user(self.second)._decide('uphold', "Yes.")
        appeal = serious.with_user(self.user)._object("Still no.")
        with self.assertBlocked('PPL-34'):
            appeal.with_user(self.hr)._name_panel(self.hr | self.other_hr)
        appeal.with_user(self.hr)._name_panel(self.hr | self.union)

    def test_the_manager_himself(self):
        """R-RP-11, R-CON-26: whoever he is, nobody works on his own case; the house goes on without him."""
        chief = self._make_employee("Chief", self.manager)
        record = self._propose_conduct(chief, 'P28', user=self.hr)
        self.assertFalse(self._records(self.manager).search([]), "not before he is asked")
        record.with_user(self.other_hr)._investigate("Three complaints of one week.")
        record = record.sudo()
        mine = record.with_user(self.manager)
        for call in (
            lambda: mine._decide(), lambda: mine._notify(), lambda: mine._withdraw("Mine."), lambda: mine._serve(self.stranger),
            lambda: mine._close(), lambda: mine._write_proof_folder({}),
        ):
            with self.assertBlocked('PPL-13'):
                call()
        mine._state_view("The lift was broken.")
        record.with_user(self.hr).write({'measure_id': self._measure('criticism').id})
        record.with_user(self.boss)._decide()
        record.with_user(self.hr)._notify()
        mine._acknowledge(True)
        review = mine._object("Look at the lift's log.")
        with self.assertBlocked('PPL-13'):
            review.with_user(self.manager)._decide('cancel', "Mine.")
        review.with_user(self.second)._decide('cancel', "The log shows it.")
        self.assertEqual((record.state, record.is_cancelled), ('closed', True))

    def test_the_general_manager_himself(self):
        """R-RP-16: his own grave case is not approved by himself; without a second one it is not told at all."""
        boss = self._make_employee("Boss", self.boss)
        record = self._propose_conduct(boss, 'P24', user=self.hr)
        record._investigate("Bank statement.")
        record.with_user(self.boss)._state_view("It was a loan.")
        record.measure_id = self._measure('warning')
        record.with_user(self.manager)._decide()
        with self.assertBlocked('PPL-13'):
            record.with_user(self.boss)._approve()
        with self.assertBlocked('PPL-13'):
            record.with_user(self.boss)._send_back("No.")
        with self.assertBlocked('PPL-32'):
            record._notify()


class TestTimes(DueProcessCase):

    def test_limitation_to_the_day(self):
        """R-RP-11, conduct practice 8: thirty days from discovery are enough, the thirty-first is too late; the general
        manager may let it through with a reason, which is kept."""
        for days, codes in ((30, set()), (31, {'PPL-23'})):
            record = self._propose_conduct(
                self.person, 'P13', user=self.hr, act_date=self.today - timedelta(days=days), discovered_on=self.today - timedelta(days=days))
            record._investigate("Seen.")
            record.with_user(self.user)._state_view("No.")
            record.measure_id = self._measure('talk')
            self.assertEqual(self._codes(record.with_user(self.manager), 'decided'), codes)
            self.assertEqual(record.decide_until, self.today - timedelta(days=days) + timedelta(days=30))
        with self.assertBlocked('PPL-23'):
            record.with_user(self.manager)._decide()
        self.company.aftersales_decide_days = 60
        record.with_user(self.manager)._decide()
        self.assertTrue(record.decided_at, "the company's own period")

    def test_ladder_window(self):
        """R-RP-09: an offence counts until the day before twelve months are over, then it has lapsed; a withdrawn or cancelled one never counted."""
        first, second, third = (self._decide_conduct(self.person, 'P29', performance_amount=50) if not number else
                                self._decide_conduct(self.person, 'P29', performance_amount=100) for number in range(3))
        second.sudo()._guarded().write({'is_cancelled': True})
        ladder = self._rule('P29').ladder_id
        self.assertEqual(ladder._step(self.person, self.today).number, 3, "cancelled ones do not count")
        for record, ago, number in (
            (first, relativedelta(months=12, days=-1), 3), (first, relativedelta(months=12), 2), (third, relativedelta(months=13), 1),
        ):
            record.sudo()._guarded().write({'act_date': self.today - ago})
            self.assertEqual(ladder._step(self.person, self.today).number, number)

    def test_last_day_to_object(self):
        """R-RP-06, R-RP-07, R-CON-27: the fifth working day counts in full, then review and appeal are over."""
        record = self._told()
        until = record.review_until
        self.assertEqual(until, self.company._aftersales_workdays_after(self.today, 5))
        record._guarded().write({'acknowledged_at': record.acknowledged_at - (until - self.today)})
        while record.review_until > self.today:  # weekends lie differently further back
            record._guarded().write({'acknowledged_at': record.acknowledged_at - timedelta(days=1)})
        self.assertLessEqual(record.review_until, self.today)
        if record.review_until == self.today:
            self.assertIn('object', record._own_steps())
            review = record.with_user(self.user)._object("On the last day.")
            review.with_user(self.second)._decide('uphold', "In time, but no.")
            self.assertEqual(record.review_until, self.company._aftersales_workdays_after(self.today, 5), "the time to appeal")
            review._guarded().write({'decided_at': review.decided_at - timedelta(days=30)})
            record.invalidate_recordset()
        else:
            record._guarded().write({'acknowledged_at': record.acknowledged_at - timedelta(days=30)})
        record._advance()
        self.assertNotIn('object', record._own_steps())
        with self.assertBlocked('PPL-20'):
            record.with_user(self.user)._object("Too late.")
        self.assertEqual(record.state, 'effective')

    def test_late_answers_do_no_harm(self):
        """R-RP-06: while the company is late with its answer, nothing is taken."""
        record = self._told()
        review = record.with_user(self.user)._object("No.")
        review._guarded().write({'filed_at': review.filed_at - timedelta(days=60)})
        record._guarded().write({'acknowledged_at': record.acknowledged_at - timedelta(days=70)})
        self.env['aftersales.conduct.record']._cron_advance()
        self.assertLess(review.answer_until, self.today)
        self.assertEqual((record.state, record.effective_from), ('review', False))
        batch = self.env['aftersales.payroll.batch'].with_user(self.hr)._open_month(self.company, self.today.replace(day=1))
        self.assertFalse(batch.line_ids)
        review.with_user(self.second)._decide('uphold', "Late, but no.")
        review._guarded().write({'decided_at': review.decided_at - timedelta(days=30)})
        record._advance()
        batch._collect()
        self.assertEqual(batch.line_ids.record_id, record, "in effect when the time to appeal is over, too")

    def test_suspension_is_a_setting(self):
        """R-RP-06: a company that does not suspend takes at once, and gives back what a review lowers."""
        self.company.aftersales_review_suspends = False
        record = self._told()
        self.assertEqual((record.state, record.effective_from), ('effective', self.today))
        review = record.with_user(self.user)._object("No.")
        self.assertEqual((record.state, record.effective_from), ('review', self.today))
        review.with_user(self.second)._decide('change', "Half.", {'performance_amount': 50})
        self.assertEqual((record.state, record.amount_total), ('effective', -50))


class TestWitness(DueProcessCase):

    def test_who_may_witness(self):
        """R-RP-11, conduct practice 5: served by HR before a third person; the person may still object."""
        record = self._heard('P13')
        record.with_user(self.hr).write({'measure_id': self._measure('performance').id, 'performance_amount': 100})
        record.with_user(self.manager)._decide()
        clerk = self._make_employee("HR Tang", self.hr)
        with self.assertBlocked('PPL-16'):
            record.with_user(self.hr)._serve(self.stranger)
        record.with_user(self.hr)._notify()
        for witness in (self.person, clerk, self.env['hr.employee']):
            with self.assertBlocked('PPL-08'):
                record.with_user(self.hr)._serve(witness)
        for user in (self.leader_user, self.user, self.accountant):
            with self.assertBlocked('PPL-15', AccessError):
                record.with_user(user)._serve(self.stranger)
        record.with_user(self.hr)._serve(self.stranger, "Read out, left on his bench.")
        self.assertEqual((record.acknowledgement, record.witness_id), ('served', self.stranger))
        with self.assertBlocked('PPL-16'):
            record.with_user(self.user)._acknowledge(True)
        with self.assertBlocked('PPL-16'):
            record.with_user(self.hr)._serve(clerk)
        self.assertEqual(record.review_until, self.company._aftersales_workdays_after(self.today, 5), "the time begins with the service")
        record.with_user(self.user)._object("I was on leave.")
        self.assertEqual(record.state, 'review')
