from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError

from ..parts.count_common import CountFactory
from .test_record import ConductCase


class AttendanceMixin:
    """Days in the past with punches."""

    def _working_days(self, month, number):
        """Return the first working days of a month."""
        days, day = [], month
        while len(days) < number:
            if day.weekday() < 5:
                days.append(day)
            day += timedelta(days=1)
        return days

    def _punch(self, person, day, start=8.0, stop=17.0):
        """Punch in and out at these hours of the company's time; the calendar works from eight to five."""
        begin = self.company._aftersales_moment(day) - timedelta(hours=self.company.aftersales_day_start)
        return self.env['hr.attendance'].create({
            'employee_id': person.id, 'check_in': begin + timedelta(hours=start), 'check_out': begin + timedelta(hours=stop)})

    def _punch_month(self, person, month, late=0, early=0, missing=0):
        """Punch every working day of a month but the missing ones, some late, some early."""
        days, day = [], month
        while day < month + relativedelta(months=1):
            if day.weekday() < 5:
                days.append(day)
            day += timedelta(days=1)
        for number, day in enumerate(days[missing:]):
            self._punch(person, day, 9.0 if number < late else 8.0, 16.0 if late <= number < late + early else 17.0)


class TestSources(ConductCase):
    """R-PEN-19, R-PEN-20, R-PEN-21: what desks notice is a fact for sheet and training; a case only where the shop says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_workshop()

    def setUp(self):
        super().setUp()
        self.proposals = self.env['aftersales.conduct.proposal'].search([])

    def _new(self):
        found = self.env['aftersales.conduct.proposal'].search([]) - self.proposals
        self.proposals |= found
        return found

    def _failed_check(self):
        """Play an order until its final check fails by the fault of the mechanic."""
        order = self._make_signed_order(labour=[self._make_labour_item()])
        self._do_work(self._dispatch(order))
        for operation in order._checked_operations():
            order._check('self', True, operation._workers()[operation][:1], operations=operation)
        order._check('leader', True, self.leader)
        self._new()
        order._check('final', False, self.inspector, note="Gap of the door", responsible=self.tech)
        return order

    def test_failed_inspection_at_each_level(self):
        for level, expected in (('fact', ['fact']), ('case', ['case']), ('off', [])):
            self.company.aftersales_source_rework = level
            self._failed_check()
            found = self._new()
            self.assertEqual((found.mapped('kind'), found.record_ids.ids), (expected, []), "nobody is punished by the system")
        self.company.aftersales_source_rework = 'open'
        self._failed_check()
        found = self._new()
        self.assertEqual((found.state, found.record_ids.state, found.record_ids.proposed_by_id), (
            'taken', 'proposed', self.env.ref('base.user_root')), "opened by the system, decided by people")

    def test_fact_goes_to_the_sheet_and_to_training(self):
        self._failed_check()
        fact = self._new()
        self.assertEqual((fact.source, fact.employee_id), ('rework', self.tech))
        with self.assertBlocked('PPL-15'):
            fact.with_user(self.leader_user)._to_sheet()
        note = fact.with_user(self.hr)._to_sheet(needs_training=True)
        self.assertEqual((note.criterion_id.code, note.needs_training, note.text, fact.state), ('A16', True, fact.summary, 'taken'))
        with self.assertBlocked('BAS-06'):
            fact.with_user(self.hr)._to_sheet()
        sheet = self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(self.company, self.today, self.tech)
        line = sheet.line_ids.filtered(lambda line: line.criterion_id.code == 'A16')
        self.assertIn("Gap of the door", line.sudo().notes)
        self.assertEqual(sheet.rework_count, 1)

    def test_fact_about_oneself_or_of_an_approved_month(self):
        own = self._make_employee("HR Ma", self.hr)
        fact = self.env['aftersales.conduct.proposal']._propose('fact', own, own, "Late", source='attendance')
        with self.assertBlocked('PPL-13'):
            fact.with_user(self.hr)._to_sheet()
        sheet = self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(self.company, self.today, self.person)
        sheet.sudo()._guarded().write({'state': 'approved'})
        fact = self.env['aftersales.conduct.proposal']._propose('fact', self.person, self.person, "Late", source='attendance')
        with self.assertBlocked('PPL-60'):
            fact.with_user(self.hr)._to_sheet()

    def test_late_promise(self):
        """Ready after the promise: a fact for the advisor, once; a promise moved in time is none."""
        advisor = self._make_user('advisor', login='test_advisor_late')
        person = self._make_employee("Advisor Gu", advisor)
        order = self._make_signed_order(labour=[self._make_labour_item()], advisor_id=advisor.id)
        self._new()
        order._notice_delay()
        self.assertFalse(self._new(), "the promise still holds")
        order.sudo()._guarded().write({'promised_at': datetime.now() - timedelta(hours=2)})
        order._after_transition('inspecting', 'ready')
        order._after_transition('inspecting', 'ready')
        found = self._new()
        self.assertEqual((found.source, found.kind, found.employee_id), ('delay', 'fact', person))
        self.company.aftersales_source_delay = 'off'
        found.sudo()._guarded().write({'source': False})
        order._notice_delay()
        self.assertFalse(self._new())

    def test_complaint(self):
        """Two stars and less are a complaint; three are none."""
        advisor = self._make_user('advisor', login='test_advisor_bad')
        person = self._make_employee("Advisor Gu", advisor)
        order = self._make_order(advisor_id=advisor.id)
        for stars, expected in ((3, []), (2, ['complaint'])):
            rating = self.env['rating.rating'].create({
                'res_model_id': self.env['ir.model']._get_id(order._name), 'res_id': order.id, 'rating': 0,
                'partner_id': order.partner_id.id})
            order.rating_apply(stars, rating=rating)
            self.assertEqual(self._new().mapped('source'), expected)
        self.assertEqual(self.env['aftersales.conduct.proposal'].search([('source', '=', 'complaint')]).employee_id, person)
        self.company.aftersales_source_complaint = 'off'
        order._notice_complaint(1)
        self.assertFalse(self._new())


class TestAttendanceOffer(AttendanceMixin, ConductCase):
    """R-PEN-02: who is often late, early or absent is laid before HR, counted from attendance; a person decides."""

    def setUp(self):
        super().setUp()
        self.last = (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)

    def test_offered_once_from_the_threshold(self):
        self._punch_month(self.person, self.last, late=2, early=1)
        self._punch_month(self.stranger, self.last, late=2)
        found = self.company._aftersales_offer_attendance_sudo(self.last)
        self.assertEqual((found.employee_id, found.rule_hint, found.kind, found.source), (self.person, 'R-PEN-02', 'fact', 'attendance'))
        self.assertIn("late 2, left early 1", found.summary)
        self.assertFalse(self.company._aftersales_offer_attendance_sudo(self.last), "told once")
        case = found.with_user(self.hr)._open_case()
        self.assertEqual(case.rule_id.code, 'P02')
        case.act_date = self.last + timedelta(days=20)
        self.assertIn("late 2, left early 1", case.attendance_text)
        case.rule_id = self._rule('P03')
        self.assertFalse(case.attendance_text)

    def test_off_and_higher_threshold(self):
        self._punch_month(self.person, self.last, late=2, missing=2)
        self.company.aftersales_attendance_offer = 5
        self.assertFalse(self.company._aftersales_offer_attendance_sudo(self.last))
        self.company.aftersales_attendance_offer = 0
        self.assertFalse(self.company._aftersales_offer_attendance_sudo(self.last))
        self.company.write({'aftersales_attendance_offer': 4, 'aftersales_source_attendance': 'off'})
        self.assertFalse(self.company._aftersales_offer_attendance_sudo(self.last))
        self.company.aftersales_source_attendance = 'case'
        self.assertEqual(self.company._aftersales_offer_attendance_sudo(self.last).kind, 'case')

    def test_leave_is_not_missing(self):
        days = self._working_days(self.last, 2)
        self._punch_month(self.person, self.last, missing=2)
        fact = self.company._aftersales_attendance_sudo(self.person, *self.company._aftersales_month_bounds(self.last))[self.person]
        self.assertEqual((fact['missing_count'], fact.get('absence_days', 0)), (2, 0))
        self.env['resource.calendar.leaves'].create({
            'name': "Leave", 'resource_id': self.person.resource_id.id, 'company_id': self.company.id,
            'calendar_id': self.person.resource_calendar_id.id,
            'date_from': self.company._aftersales_moment(days[0]), 'date_to': self.company._aftersales_moment(days[0]) + timedelta(days=1)})
        fact = self.company._aftersales_attendance_sudo(self.person, *self.company._aftersales_month_bounds(self.last))[self.person]
        self.assertEqual((fact['missing_count'], fact['absence_days']), (1, 1.0))

    def test_nightly_once_a_month(self):
        self._punch_month(self.person, self.last, late=3)
        self.company.aftersales_attendance_offered_on = False
        self.company._aftersales_offer_last_month_sudo()
        self.assertEqual(self.company.aftersales_attendance_offered_on, self.last)
        self.assertTrue(self.env['aftersales.conduct.proposal'].search([('employee_id', '=', self.person.id), ('source', '=', 'attendance')]))


class TestUnacceptedGoods(CountFactory):
    """R-PEN-22: damage found on goods that nobody accepted opens a case for the keeper who received them, with the loss."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper_person = cls._make_employee("Keeper He", cls.keeper)
        cls.env['aftersales.profile.gate'].search([('code', '=', 'receipt_acceptance')]).level = 'off'

    def _set_aside(self):
        before = self.env['aftersales.conduct.proposal'].search([])
        quant = self.env['stock.quant'].search([('product_id', '=', self.disc.id), ('location_id', '=', self.shelf_b.id)])
        quant.with_user(self.keeper)._aftersales_set_aside(2, "Cracked")
        return self.env['aftersales.conduct.proposal'].search([]) - before

    def _skipped(self):
        move = self.env['stock.move'].search([('product_id', '=', self.disc.id), ('state', '=', 'done'), ('location_id.usage', '=', 'supplier')], limit=1)
        check = self.env['aftersales.receipt.check']._guarded().create({'picking_id': move.picking_id.id, 'company_id': self.company.id})
        check.with_user(self.keeper).sudo()._skip()
        return check

    def test_case_with_the_loss(self):
        check = self._skipped()
        found = self._set_aside()
        self.assertEqual((found.kind, found.rule_hint, found.employee_id, found.amount, found.res_id),
                         ('case', 'R-PEN-22', self.keeper_person, 600.0, check.id), "two discs at 300.00")
        self._make_rulebook()
        case = found.with_user(self._role('hr_officer'))._open_case()
        self.assertEqual((case.rule_id.code, case.loss_amount), ('P22', 600.0))

    def test_off_and_accepted(self):
        self.assertFalse(self._set_aside(), "accepted, or received before acceptances were kept: nobody's fault")
        self._skipped()
        self.company.aftersales_source_goods = 'off'
        self.assertFalse(self._set_aside())


class TestLoss(ConductCase):
    """R-PEN-14, R-RP-10: what broke fills in the loss: its cost, or its sale price where the contract says so."""

    def test_loss_of_an_airbag(self):
        airbag = self._make_part("Airbag", cost=1200.0, price=2260.0)
        record = self._propose_conduct(self.person, 'P14', user=self.hr)
        record.loss_product_id = airbag
        record.action_fill_loss()
        self.assertEqual(record.loss_amount, 1200.0)
        record.loss_basis = 'contract'
        record.action_fill_loss()
        self.assertEqual(record.loss_amount, airbag.list_price)
        record.fault_percent = 50
        self.assertEqual(record.compensation_limit, airbag.list_price / 2)
        record = self._propose_conduct(self.person, 'P14', user=self.leader_user)
        with self.assertBlocked('PPL-11'):
            record.loss_product_id = airbag

    def test_overrides_of_prices(self):
        """R-PEN-25: the log of overrides of the person, and of nobody else, opens from the case."""
        other = self._make_user('advisor', login='test_other_advisor')
        profile = self.company._aftersales_profile('company')
        mine, _theirs = self.env['aftersales.override'].sudo()._guarded().create([{
            'gate': 'price_upward', 'target': 'quoted', 'res_model': 'res.partner', 'res_id': 1, 'user_id': user.id, 'message': "x",
            'reason_id': self.env['aftersales.reason'].search([('kind', '=', 'override')], limit=1).id,
            'profile_id': profile.id, 'company_id': self.company.id,
        } for user in (self.user, other)])
        record = self._propose_conduct(self.person, 'P25', user=self.manager)
        found = self.env['aftersales.override'].search(record.action_view_overrides()['domain'])
        self.assertEqual(found, mine)
        with self.assertRaises(AccessError):
            record.with_user(self.hr).action_view_overrides()


class TestOptional(ConductCase):
    """R-RP-13, R-RWD-09: admonition and demotion for managers, contest winners and reuse of old parts, with their fields."""

    def test_admonition_and_demotion(self):
        """R-RP-13: a talk for managers, a demotion that names the position it leads to."""
        chief = self._make_employee("Workshop head", self._make_user('workshop_supervisor', login='test_head'))
        self._sign_rules(chief)
        talk = self._decide_conduct(chief, 'P28', 'admonition')
        self.assertTrue(talk.measure_id.counts_as_education, "a later demotion may refer to it")
        record = self._propose_conduct(chief, 'P28', user=self.hr, prior_record_id=talk.id)
        record._investigate("Three weeks without a plan.")
        record.with_user(chief.user_id)._state_view("No.")
        record.measure_id = self._measure('demotion')
        self.assertIn('PPL-27', self._codes(record.with_user(self.manager), 'decided'))
        record.new_job = "Team leader"
        self.assertFalse(self._codes(record.with_user(self.manager), 'decided'))

    def _sign_rules(self, person):
        self.env['aftersales.conduct.receipt'].with_user(self.hr)._sign(
            self.rulebook, person, means='paper', signed_on=self.rulebook.published_on)

    def test_contest_and_reuse(self):
        """R-RWD-09: the winners of a team contest get a bonus each under one rule."""
        for person in (self.person, self.stranger):
            record = self._propose_conduct(person, 'R09', user=self.hr, summary="Won the team contest of October")
            record.write({'measure_id': self._measure('bonus').id, 'bonus_amount': 100})
            record.with_user(self.manager)._decide()
            self.assertEqual((record.state, record.hold, record.bonus_amount), ('effective', 'ready', 100))


class TestHonours(AttendanceMixin, ConductCase):
    """R-RWD-02, R-RWD-03, R-RWD-05: lists of the year from accidents, attendance and sheets; people decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = cls.today.year

    def _list(self, kind, user=None, year=None):
        honours = self.env['aftersales.honour.list'].with_user(user or self.hr).create({'kind': kind, 'year': year or self.year})
        honours.action_show()
        return honours

    def _listed(self, honours):
        return honours.line_ids.filtered('is_listed').employee_id

    def test_no_accident(self):
        """R-RWD-02: an accident, even one under appraisal, or a decided case of an accident rule keeps a person off."""
        self.assertLessEqual(self.person | self.stranger | self.leader_person, self._listed(self._list('accident')))
        accident = self.env['aftersales.quality.accident'].create({
            'summary': "Lift", 'company_id': self.company.id, 'responsible_ids': [(6, 0, self.stranger.ids)]})
        self._decide_conduct(self.person, 'P05', 'warning')
        honours = self._list('accident')
        self.assertFalse(self._listed(honours) & (self.person | self.stranger))
        self.assertIn(self.leader_person, self._listed(honours))
        self.assertIn("1", honours.line_ids.filtered(lambda line: line.employee_id == self.person).reason)
        accident.date = self.today - relativedelta(years=1)
        self.assertIn(self.stranger, self._listed(self._list('accident')), "last year's accident")

    def test_no_absence(self):
        """R-RWD-05: attended, and not a day missing, on leave or counted as absence by a rule."""
        month = (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)
        day = self.company._aftersales_moment
        # The shop was closed all year but for one month.
        self.env['resource.calendar.leaves'].create([
            {'name': "Closed", 'calendar_id': self.company.resource_calendar_id.id, 'company_id': self.company.id, 'date_from': day(begin), 'date_to': day(end)}
            for begin, end in ((month.replace(month=1), month), (month + relativedelta(months=1), self.today + timedelta(days=1)))
            if begin < end
        ])
        for person in (self.person, self.stranger, self.leader_person):
            self._punch_month(person, month, missing=person == self.stranger)
        honours = self._list('absence', year=month.year)
        self.assertEqual(self._listed(honours), self.person | self.leader_person)
        self.assertGreaterEqual(honours.line_ids.filtered(lambda line: line.employee_id == self.person).worked_days, 19)
        working = self._working_days(month, 1)[0]
        self.env['resource.calendar.leaves'].create({
            'name': "Leave", 'resource_id': self.leader_person.resource_id.id, 'company_id': self.company.id,
            'date_from': day(working), 'date_to': day(working + timedelta(days=1))})
        self.assertEqual(self._listed(self._list('absence', year=month.year)), self.person)
        self._decide_conduct(self.person, 'P23', 'talk', act_date=month)
        self.assertFalse(self._listed(self._list('absence', year=month.year)))

    def test_targets(self):
        """R-RWD-03: the mean of the year's approved sheets reaches grade A."""
        sheets = self.env['aftersales.assessment'].with_user(self.hr)._make_sheets(
            self.company, self.today, self.person | self.stranger)
        for sheet, score in zip(sheets, (95, 80), strict=True):
            sheet.sudo().line_ids._guarded().write({'score': score, 'is_scored': True})
        self.assertFalse(self._listed(self._list('target')), "no sheet is approved yet")
        sheets.sudo()._guarded().write({'state': 'approved'})
        self.assertEqual(self._listed(self._list('target')), self.person)

    def test_propose(self):
        honours = self._list('accident')
        line = honours.line_ids.filtered(lambda line: line.employee_id == self.person)
        line.action_propose()
        self.assertEqual((line.record_id.rule_id.code, line.record_id.state), ('R02', 'proposed'))
        line.action_propose()
        self.assertEqual(self.env['aftersales.conduct.record'].search_count([('employee_id', '=', self.person.id)]), 1, "once")
        self._decide_conduct(self.stranger, 'P05', 'warning')
        other = self._list('accident').line_ids.filtered(lambda line: line.employee_id == self.stranger)
        other.is_listed = True  # as a browser might send
        with self.assertBlocked('PPL-72'):
            other.action_propose()
        self.rulebook._guarded().write({'state': 'draft'})
        with self.assertBlocked('PPL-71', ValidationError):
            self._list('accident').line_ids.filtered(lambda line: line.employee_id == self.leader_person).action_propose()

    def test_who(self):
        honours = self._list('accident')
        with self.assertRaises(AccessError):
            self._list('accident', self.leader_user)
        with self.assertRaises(AccessError):
            honours.with_user(self.manager).read(['year'])
        honours.year = self.year + 1
        with self.assertBlocked('PPL-73', ValidationError):
            honours.action_show()
        with self.assertRaises(UserError):
            honours.with_user(self.leader_user)._lines()
