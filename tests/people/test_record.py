import hashlib
import io
import zipfile
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from ..common import SIGNATURE, AftersalesCommon


class ConductCase(AftersalesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.hr, cls.boss = (cls._role(role) for role in ('service_manager', 'hr_officer', 'general_manager'))
        cls.leader_user = cls._make_user('conduct_proposer', login='test_leader')
        cls.leader_person = cls._make_employee("Leader Zhou", cls.leader_user)
        cls.user = cls._make_user('technician', login='test_person')
        cls.person = cls._make_employee("Master Li", cls.user, parent_id=cls.leader_person.id)
        cls.stranger = cls._make_employee("Keeper He")
        cls._make_rulebook(cls.person, cls.leader_person)
        cls.today = cls.company._aftersales_today()

    def _pass_days(self, record, days):
        """Let calendar days pass over a record: its moments move into the past."""
        for name in ('notified_at', 'acknowledged_at', 'decided_at', 'hearing_asked_at'):
            if record[name]:
                record.sudo()._guarded().write({name: record[name] - timedelta(days=days)})
        record._advance()


class TestRulebook(ConductCase):
    """R-RP-03, R-RWD-01 to R-RWD-08, R-PEN-01 to R-PEN-18, R-PEN-22 to R-PEN-30: the rules are versioned data, adopted,
    published, signed for by each person."""

    def test_shipped_rules(self):
        rules = self.rulebook.rule_ids
        self.assertEqual(len(rules.filtered(lambda rule: rule.kind == 'penalty')), 30)
        self.assertGreaterEqual(len(rules.filtered(lambda rule: rule.kind == 'reward')), 8)
        self.assertTrue(all(rule.measure_ids for rule in rules))
        self.assertEqual(self._rule('P29').ladder_id.step_ids.mapped('amount'), [50.0, 100.0, 200.0])
        self.assertTrue(self._rule('P13').is_immediate)
        self.assertTrue(self._rule('P07').is_criminal)

    def test_published_version_stays(self):
        with self.assertBlocked('PPL-03'):
            self._rule('P02').with_user(self.hr).amount = 5
        with self.assertBlocked('PPL-03'):
            self.rulebook.with_user(self.hr).adopted_on = self.today
        with self.assertRaises(AccessError):
            self.rulebook.with_user(self.manager).name = "Mine"
        draft = self.rulebook.with_user(self.hr).copy()
        draft.rule_ids[0].amount = 100
        with self.assertBlocked('PPL-04', ValidationError):
            draft._publish()
        draft.write({'adopted_on': self.today, 'published_on': self.today})
        with self.assertBlocked('PPL-05'):
            draft.with_user(self.manager)._publish()
        draft._publish()
        self.assertEqual(self.rulebook.state, 'replaced')
        at = self.env['aftersales.conduct.rulebook']._at
        self.assertEqual(at(self.company, self.today), draft)
        self.assertEqual(at(self.company, self.today - timedelta(days=1)), self.rulebook, "an older act, the older version")

    def test_rule_of_the_day_of_the_act_gate(self):
        """R-RP-15, conduct practice 4: an older act under the older version, a newer under the newer; block and off. A reward
        may always be given."""
        draft = self.rulebook.with_user(self.hr).copy()
        draft.write({'adopted_on': self.today, 'published_on': self.today})
        draft._publish()
        yesterday = self.today - timedelta(days=1)
        old, new = self._rule('P02'), draft.rule_ids.filtered(lambda rule: rule.code == 'P02')

        def propose(rule, day):
            return self.env['aftersales.conduct.record'].with_user(self.hr).create({
                'employee_id': self.person.id, 'company_id': self.company.id, 'rule_id': rule.id, 'act_date': day})

        record = propose(old, yesterday)
        self.assertEqual((record.rulebook_id, record.book_in_force_id), (self.rulebook, self.rulebook))
        for call in (
            lambda: propose(new, yesterday), lambda: propose(old, self.today), lambda: record.write({'rule_id': new.id}),
            lambda: record.write({'act_date': self.today}),
        ):
            with self.assertBlocked('PPL-39', ValidationError), self.env.cr.savepoint():
                call()
        later = propose(new, self.today)
        self.assertEqual(later.rulebook_id, draft)
        later.write({'rule_id': old.id, 'act_date': yesterday})
        self.assertEqual(later.rulebook_id, self.rulebook, "the version goes with the rule")
        case = self.env['aftersales.conduct.proposal']._propose('case', self.person, self.person, "Found on the day", date=yesterday)
        self.assertEqual(case.with_user(self.hr)._open_case(draft.rule_ids.filtered(lambda rule: rule.code == 'P16')).rule_id,
                         self._rule('P16'), "the rule chosen on the desk, in the version of that day")
        reward = draft.rule_ids.filtered(lambda rule: rule.code == 'R04')
        self.assertTrue(propose(reward, yesterday - timedelta(days=500)))
        self._set_gate('conduct_rule_version', 'off')
        self.assertTrue(propose(new, yesterday))

    def test_the_shipped_rules_belong_to_nobody(self):
        shipped = self.env.ref('aftersales_service.conduct_rulebook_shipped')
        with self.assertRaises(AccessError):
            shipped.with_user(self.hr).name = "Mine"
        with self.assertRaises(AccessError):
            shipped.rule_ids[0].with_user(self.hr).amount = 7

    def test_receipt(self):
        receipts = self.env['aftersales.conduct.receipt']
        draft = self.rulebook.copy()
        with self.assertBlocked('PPL-06'):
            receipts.with_user(self.user)._sign(draft, self.person, signature=SIGNATURE)
        draft.write({'adopted_on': self.today, 'published_on': self.today})
        draft._publish()
        with self.assertBlocked('PPL-08'):
            receipts.with_user(self.user)._sign(draft, self.person)
        with self.assertBlocked('PPL-07'):
            receipts.with_user(self.hr)._sign(draft, self.person, signature=SIGNATURE)
        with self.assertBlocked('PPL-07'):
            receipts.with_user(self.manager)._sign(draft, self.person, means='paper', signed_on=self.today)
        with self.assertBlocked('PPL-08'):
            receipts.with_user(self.hr)._sign(draft, self.stranger, means='witness', signed_on=self.today)
        with self.assertBlocked('PPL-08'):
            receipts.with_user(self.hr)._sign(draft, self.stranger, means='paper', signed_on=self.today - timedelta(days=9))
        receipt = receipts.with_user(self.user)._sign(draft, self.person, signature=SIGNATURE)
        self.assertEqual((receipt.signed_on, receipt.means), (self.today, 'screen'))
        with self.assertBlocked('PPL-09'):
            receipts.with_user(self.user)._sign(draft, self.person, signature=SIGNATURE)
        with self.assertBlocked('PPL-10'):
            receipt.sudo().unlink()
        with self.assertBlocked('BAS-01'):
            receipt.sudo().signed_on = self.today - timedelta(days=3)
        self.assertFalse(receipts.with_user(self.leader_user).search([('rulebook_id', '=', draft.id)]), "own receipts only")


class TestReward(ConductCase):
    """R-RP-01, R-RP-02: three kinds of reward, with or without money, effective on the day they are told."""

    def test_praise_is_short(self):
        record = self._propose_conduct(self.person, 'R04', user=self.leader_user)
        record.with_user(self.manager).measure_id = self._measure('praise')
        record.with_user(self.manager)._decide()
        self.assertEqual(record.sudo().state, 'closed', "praise has nothing to be handed over")
        self.assertEqual(record.with_user(self.user).summary, record.sudo().summary, "the person sees it at once")

    def test_bonus_needs_an_amount_and_promotion_a_position(self):
        record = self._propose_conduct(self.person, 'R03', user=self.hr)
        record.measure_id = self._measure('bonus')
        self.assertIn('PPL-27', self._codes(record.with_user(self.manager), 'decided'))
        record.bonus_amount = 200
        self.assertFalse(self._codes(record.with_user(self.manager), 'decided'))
        record.measure_id = self._measure('promotion')
        self.assertIn('PPL-27', self._codes(record.with_user(self.manager), 'decided'))
        record.new_job = "Team leader"
        self.assertFalse(self._codes(record.with_user(self.manager), 'decided'))
        record.performance_amount = 10
        self.assertIn('PPL-27', self._codes(record.with_user(self.manager), 'decided'), "a reward takes nothing")

    def test_bonus_is_effective_today(self):
        record = self._propose_conduct(self.person, 'R03', user=self.hr)
        record.write({'measure_id': self._measure('bonus').id, 'bonus_amount': 200})
        record.with_user(self.manager)._decide()
        self.assertEqual((record.state, record.effective_from, record.amount_total), ('effective', self.today, 200))


class TestPenalty(ConductCase):
    """R-RP-03, R-RP-04, R-RP-11, R-CON-26: proposed, looked into, heard, decided by a person, told, effective."""

    def test_the_whole_way(self):
        record = self._propose_conduct(self.person, 'P02', user=self.leader_user, facts="Three times late.")
        self.assertEqual((record.state, record.gravity, record.rulebook_id), ('proposed', 'light', self.rulebook))
        self.assertFalse(self.env['aftersales.conduct.record'].with_user(self.user).search([]), "not disclosed yet")
        record.with_user(self.hr)._investigate("The clock shows three late arrivals.")
        self.assertEqual(record.sudo().state, 'investigated')
        self.assertEqual(self.env['aftersales.conduct.record'].with_user(self.user).search([]).state, 'investigated')
        self.assertIn(self.user, record.sudo().activity_ids.user_id)
        record.with_user(self.hr).write({'measure_id': self._measure('criticism').id})
        with self.assertBlocked('PPL-22'):
            record.with_user(self.manager)._decide()
        record.with_user(self.user)._state_view("The bus broke down.")
        self.assertEqual(record.sudo().state, 'heard')
        record.with_user(self.manager)._decide()
        record.with_user(self.hr)._notify()
        self.assertEqual(record.sudo().state, 'notified')
        self._pass_days(record.sudo(), 30)
        self.assertEqual(record.sudo().state, 'notified', "the time to object begins with the acknowledgement")
        record.with_user(self.user)._acknowledge(False, "I disagree.")
        self.assertEqual((record.sudo().acknowledgement, record.sudo().state), ('disagreed', 'notified'))
        self._pass_days(record.sudo(), 30)
        self.assertEqual(record.sudo().state, 'closed', "in effect, nothing to hand over")

    def test_hearing_time_passes(self):
        record = self._propose_conduct(self.person, user=self.hr)
        record._investigate("Seen.")
        self.assertEqual(record.hearing_until, self.company._aftersales_workdays_after(self.today, 2))
        record.sudo()._guarded().write({'hearing_until': self.today - timedelta(days=1)})
        self.env['aftersales.conduct.record']._cron_advance()
        self.assertEqual(record.state, 'heard')

    def test_wrong_steps_and_people_are_refused(self):
        record = self._propose_conduct(self.person, user=self.leader_user)
        for code, error, call in (
            ('PPL-15', AccessError, lambda: record._investigate("x")),
            ('PPL-15', AccessError, lambda: record._decide()),
            ('PPL-15', AccessError, lambda: record.with_user(self.hr)._decide()),
            ('PPL-15', AccessError, lambda: record.with_user(self.manager)._approve()),
            ('PPL-17', UserError, lambda: record.with_user(self.hr)._investigate(" ")),
            ('PPL-16', UserError, lambda: record.with_user(self.hr)._notify()),
            ('PPL-18', UserError, lambda: record.with_user(self.manager)._state_view("x")),
            ('PPL-18', UserError, lambda: record.with_user(self.manager)._acknowledge(True)),
            ('PPL-16', UserError, lambda: record.with_user(self.hr)._serve(self.stranger)),
            ('BAS-01', UserError, lambda: record.with_user(self.manager).write({'state': 'closed'})),
            ('BAS-01', UserError, lambda: record.with_user(self.manager).write({'decided_by_id': self.manager.id})),
            ('PPL-11', UserError, lambda: record.write({'performance_amount': 5})),
            ('PPL-10', UserError, lambda: record.sudo().unlink()),
        ):
            with self.subTest(code=code), self.assertBlocked(code, error):
                call()
        record.with_user(self.hr)._investigate("Seen.")
        with self.assertBlocked('PPL-11'):
            record.write({'facts': "Something else"})
        with self.assertBlocked('PPL-16'):
            record.with_user(self.hr)._investigate("Again")

    def test_nobody_proposes_or_decides_on_himself(self):
        chief = self._make_employee("Chief", self.manager)
        with self.assertBlocked('PPL-13'):
            self._propose_conduct(chief, user=self.manager)
        record = self._propose_conduct(chief, user=self.hr)
        with self.assertBlocked('PPL-13'):
            record.with_user(self.manager)._investigate("Nothing happened.")
        self.assertFalse(self.env['aftersales.conduct.record'].with_user(self.manager).search([('id', '=', record.id)]),
                         "what is not disclosed is kept from a manager concerned, too")

    def test_own_people_gate(self):
        """R-PERM-13: block, off, and teams count as one's people."""
        with self.assertBlocked('PPL-14'):
            self._propose_conduct(self.stranger, user=self.leader_user)
        team = self.env['aftersales.team'].create({
            'name': "T", 'company_id': self.company.id, 'trade': 'mechanical', 'leader_id': self.leader_person.id})
        team.member_ids = self.stranger
        self.assertTrue(self._propose_conduct(self.stranger, user=self.leader_user))
        team.member_ids = False
        self._set_gate('conduct_own_people', 'off')
        self.assertTrue(self._propose_conduct(self.stranger, user=self.leader_user))
        with self.assertRaises(AccessError):
            self._propose_conduct(self.stranger, user=self.user)

    def test_a_proposal_is_not_turned_on_somebody_else(self):
        """R-PERM-13, R-RP-11: by RPC, too: neither on a stranger nor on oneself; department and team go with the person."""
        department = self.env['hr.department'].create({'name': "Store", 'company_id': self.company.id})
        record = self._propose_conduct(self.person, 'R04', user=self.leader_user)
        for person, code in ((self.stranger, 'PPL-14'), (self.leader_person, 'PPL-13')):
            with self.assertBlocked(code), self.env.cr.savepoint():
                record.employee_id = person
        self.stranger.department_id = department
        record.with_user(self.hr).employee_id = self.stranger
        self.assertEqual(record.sudo().department_id, department)
        for name, value in (('department_id', False), ('team_id', False), ('amount_total', 9999)):
            with self.subTest(name=name), self.assertBlocked('BAS-01'):
                record.with_user(self.hr).write({name: value})

    def test_evidence_is_ones_own(self):
        """Conduct practice 5: nobody lays a file beside a case that he may not open himself; the person would read it."""
        secret = self.env['ir.attachment'].create({
            'name': "contract.pdf", 'raw': b'x', 'res_model': 'hr.version', 'res_id': self.stranger.version_id.id})
        record = self._propose_conduct(self.person, user=self.leader_user)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            record.evidence_ids = [(4, secret.id)]
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._propose_conduct(self.person, user=self.leader_user, evidence_ids=[(4, secret.id)])
        record.evidence_ids = self.env['ir.attachment'].with_user(self.leader_user).create({'name': "photo.png", 'raw': b'y'})
        self.assertEqual(record.evidence_ids.mapped('name'), ["photo.png"])

    def test_proposer_decides_gate(self):
        record = self._propose_conduct(self.person, user=self.manager)
        record._investigate("Seen.")
        record.with_user(self.user)._state_view("No.")
        record.measure_id = self._measure('talk')
        self.assertEqual(self._codes(record, 'decided'), {'PPL-21'})
        self._set_gate('conduct_proposer_decides', 'off')
        self.assertFalse(self._codes(record, 'decided'))

    def test_education_first_gate(self):
        """R-RP-03, R-CON-19: an earlier talk, or an immediate rule."""
        self._set_gate('conduct_education_first', 'block')
        with self.assertBlocked('PPL-24'):
            self._decide_conduct(self.person, 'P02', performance_amount=50)
        self._decide_conduct(self.person, 'P13', performance_amount=50)
        talk = self._decide_conduct(self.person, 'P02', 'talk')
        record = self._propose_conduct(self.person, 'P02', user=self.hr, prior_record_id=talk.id)
        record._investigate("Again late.")
        record.with_user(self.user)._state_view("Sorry.")
        record.write({'measure_id': self._measure('performance').id, 'performance_amount': 50})
        record.with_user(self.manager)._decide()
        self._set_gate('conduct_education_first', 'off')
        self._decide_conduct(self.person, 'P02', performance_amount=50)

    def test_making_good_a_loss_is_no_sanction(self):
        """R-RP-03, R-RP-10: compensation alone asks for no earlier talk; with performance pay beside it, it does."""
        self._set_gate('conduct_education_first', 'block')
        loss = {'compensation_amount': 100, 'loss_amount': 100, 'loss_proof': "Invoice"}
        self.assertEqual(self._decide_conduct(self.person, 'P16', 'compensation', **loss).state, 'notified')
        with self.assertBlocked('PPL-24'):
            self._decide_conduct(self.person, 'P16', 'compensation', performance_amount=50, **loss)

    def test_board_follows_the_way(self):
        """R-RP-11: the board's columns stand in the order of the steps."""
        self._decide_conduct(self.person, 'P02', 'talk')
        self._propose_conduct(self.person, 'P13', user=self.hr)
        self._propose_conduct(self.person, 'P02', user=self.hr)._investigate("Seen.")
        groups = self.env['aftersales.conduct.record'].with_user(self.hr).with_context(read_group_expand=True).web_read_group(
            [('employee_id', '=', self.person.id)], ['state'], [])['groups']
        self.assertEqual([group['state'] for group in groups], ['proposed', 'investigated', 'notified'])

    def test_prior_talk_of_somebody_else(self):
        other = self._make_employee("Other")
        talk = self._decide_conduct(other, 'P02', 'talk')
        record = self._propose_conduct(self.person, 'P02', user=self.hr, prior_record_id=talk.id)
        self.assertIn('PPL-24', self._codes(record, 'decided'))

    def test_receipt_gate(self):
        """R-RP-15: an act before the receipt carries no money."""
        early = self.today - timedelta(days=5)
        with self.assertBlocked('PPL-25'):
            self._decide_conduct(self.stranger, 'P02', performance_amount=50, act_date=early, discovered_on=early)
        self._decide_conduct(self.stranger, 'P02', 'talk', act_date=early, discovered_on=early)
        self._set_gate('conduct_receipt', 'off')
        self._decide_conduct(self.stranger, 'P02', performance_amount=50, act_date=early, discovered_on=early)

    def test_limitation_gate(self):
        old = self.today - timedelta(days=40)
        with self.assertBlocked('PPL-23'):
            self._decide_conduct(self.person, 'P02', performance_amount=50, act_date=old, discovered_on=old)
        self._set_gate('conduct_limitation', 'off')
        self._decide_conduct(self.person, 'P02', performance_amount=50, act_date=old, discovered_on=old)

    def test_fine_gate(self):
        """R-RP-15: fines in money are off; let through by the general manager with a legal ground, never where forbidden."""
        with self.assertBlocked('PPL-29'):
            self._decide_conduct(self.person, 'P13', fine_amount=50, legal_note="Clause 9")
        self._set_gate('conduct_fine_money', 'off')
        with self.assertBlocked('PPL-29'):
            self._decide_conduct(self.person, 'P13', fine_amount=50)
        self._decide_conduct(self.person, 'P13', fine_amount=50, legal_note="Clause 9")
        self.person.work_location_id = self.env['hr.work.location'].create({
            'name': "Shenzhen", 'location_type': 'other', 'address_id': self.company.partner_id.id,
            'company_id': self.company.id, 'aftersales_forbids_fines': True})
        with self.assertBlocked('PPL-29'):
            self._decide_conduct(self.person, 'P13', fine_amount=50, legal_note="Clause 9")

    def test_compensation(self):
        """R-RP-10, R-PEN-04, R-PEN-14, R-PEN-16: fine and compensation apart; loss × fault × own share is the limit."""
        with self.assertBlocked('PPL-31'):
            self._decide_conduct(self.person, 'P16', 'compensation', compensation_amount=100)
        with self.assertBlocked('PPL-31'):
            self._decide_conduct(self.person, 'P16', 'compensation', compensation_amount=401, loss_amount=1000,
                                 loss_proof="Count sheet", fault_percent=50, own_share_percent=80)
        record = self._decide_conduct(self.person, 'P16', 'compensation', compensation_amount=400, loss_amount=1000,
                                      loss_proof="Count sheet", fault_percent=50, own_share_percent=80)
        self.assertEqual((record.compensation_limit, record.amount_total), (400, -400))
        self._set_gate('conduct_compensation_proof', 'off')
        record = self._propose_conduct(self.person, 'P16', user=self.hr)
        record.write({'measure_id': self._measure('compensation').id, 'loss_amount': 10, 'compensation_amount': 10})
        self.assertNotIn('PPL-31', self._codes(record, 'decided'))

    def test_measures_and_their_fields(self):
        record = self._propose_conduct(self.person, 'P06', user=self.hr)
        self.assertIn('PPL-26', self._codes(record, 'decided'))
        record.measure_id = self._measure('admonition')
        self.assertIn('PPL-26', self._codes(record, 'decided'), "the rule does not allow it")
        record.measure_id = self._measure('withhold')
        self.assertIn('PPL-27', self._codes(record, 'decided'))
        record.write({'performance_amount': 300, 'period_from': self.today, 'period_to': self.today + timedelta(days=30)})
        self.assertNotIn('PPL-27', self._codes(record, 'decided'))
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            record.performance_amount = -1
            record.flush_recordset()

    def test_ladder(self):
        """R-RP-09, R-PEN-29: 50, 100, 200; the third never dismisses by itself; twelve months' window."""
        with self.assertBlocked('PPL-30'):
            self._decide_conduct(self.person, 'P29', performance_amount=60)
        for number, amount in enumerate((50, 100, 200), 1):
            record = self._propose_conduct(self.person, 'P29', user=self.hr)
            record.with_user(self.manager).action_propose_amount()
            self.assertEqual(record.performance_amount, amount)
            done = self._decide_conduct(self.person, 'P29', performance_amount=amount)
            self.assertEqual((done.ladder_number, done.ends_on), (number, False))
        self.assertNotIn(self._measure('termination'), self._rule('P29').measure_ids)
        records = self.env['aftersales.conduct.record'].search([('employee_id', '=', self.person.id), ('ladder_number', '>', 0)])
        records.sudo()._guarded().write({'act_date': self.today - timedelta(days=370)})
        self.assertEqual(self._decide_conduct(self.person, 'P29', performance_amount=50).ladder_number, 1)

    def test_serious_needs_the_general_manager(self):
        """R-RP-16: block and off; who decided does not approve."""
        record = self._decide_conduct_until_notice('P24')
        with self.assertBlocked('PPL-32'):
            record._notify()
        both = self._make_user('service_manager', 'general_manager', login='test_both')
        other = self._decide_conduct_until_notice('P24', user=both)
        with self.assertBlocked('PPL-19'):
            other.with_user(both)._approve()
        with self.assertBlocked('PPL-17'):
            record.with_user(self.boss)._send_back("")
        record.with_user(self.boss)._send_back("Ask the customer first.")
        self.assertEqual(record.state, 'heard')
        record.with_user(self.manager)._decide()
        record.with_user(self.boss)._approve()
        record._notify()
        self._set_gate('conduct_serious_approval', 'off')
        other._notify()
        self.assertEqual(other.state, 'notified')

    def _decide_conduct_until_notice(self, rule, user=None):
        record = self._propose_conduct(self.person, rule, user=self.hr)
        record._investigate("Seen.")
        record.with_user(self.user)._state_view("No.")
        record.measure_id = self._measure('warning')
        record.with_user(user or self.manager)._decide()
        return record

    def test_termination_checklist(self):
        """R-RP-04: ending a contract asks for the law's checklist; block and off."""
        record = self._propose_conduct(self.person, 'P07', user=self.hr)
        record._investigate("Camera.")
        record.with_user(self.user)._state_view("No.")
        record.write({'measure_id': self._measure('termination').id, 'ends_on': self.today})
        self.assertEqual(self._codes(record.with_user(self.manager), 'decided'), {'PPL-28'})
        record.action_checklist()
        self.assertEqual(len(record.check_ids), 6)
        with self.assertBlocked('PPL-17'):
            record.check_ids[0].action_done()
        for check in record.check_ids:
            check.note = "Minutes of 3 March"
            check.action_done()
        self.assertFalse(self._codes(record.with_user(self.manager), 'decided'))
        with self.assertBlocked('BAS-01'):
            record.check_ids[0].is_done = False
        record.check_ids.sudo()._guarded().is_done = False
        self._set_gate('conduct_termination_checklist', 'off')
        self.assertFalse(self._codes(record.with_user(self.manager), 'decided'))

    def test_authorities(self):
        """R-RP-05: a criminal case is not closed before the authorities were told; block and off."""
        self._set_gate('conduct_authorities', 'block')
        record = self._decide_conduct_until_notice('P07')
        record.with_user(self.boss)._approve()
        record._notify()
        record.with_user(self.user)._acknowledge(True)
        self._pass_days(record, 30)
        self.assertEqual(record.state, 'effective', "not closed by itself")
        with self.assertBlocked('PPL-33'):
            record._close()
        with self.assertBlocked('PPL-17'):
            record._hand_to_authorities(self.today, "")
        record._hand_to_authorities(self.today, "Police station East")
        record._close()
        self.assertEqual(record.state, 'closed')
        other = self._decide_conduct_until_notice('P07')
        self._set_gate('conduct_authorities', 'off')
        self.assertFalse(self._codes(other, 'closed'))

    def test_serve_with_a_witness(self):
        record = self._decide_conduct(self.person, 'P02', 'warning', notify=False)
        record._notify()
        with self.assertBlocked('PPL-08'):
            record._serve(self.person)
        record._serve(self.stranger, "Refused to sign.")
        self.assertEqual((record.acknowledgement, record.witness_id), ('served', self.stranger))

    def test_withdraw(self):
        record = self._propose_conduct(self.person, user=self.leader_user)
        with self.assertBlocked('PPL-17'):
            record._withdraw("")
        record._withdraw("Mistaken for somebody else.")
        self.assertEqual(record.state, 'withdrawn')
        record = self._propose_conduct(self.person, user=self.leader_user)
        record.with_user(self.hr)._investigate("Seen.")
        with self.assertBlocked('PPL-15', AccessError):
            record._withdraw("Mine.")
        record.with_user(self.hr)._withdraw("Not proven.")
        with self.assertBlocked('PPL-16'):
            record.with_user(self.hr)._withdraw("Again.")

    def test_dates(self):
        with self.assertBlocked('PPL-12', ValidationError):
            self._propose_conduct(self.person, act_date=self.today + timedelta(days=1), discovered_on=self.today + timedelta(days=1))
        with self.assertBlocked('PPL-12', ValidationError):
            self._propose_conduct(self.person, discovered_on=self.today - timedelta(days=2))


class TestReview(ConductCase):
    """R-RP-06, R-RP-07, R-CON-27: one review by another person, then one appeal to the general manager or a panel."""

    def setUp(self):
        super().setUp()
        self.record = self._decide_conduct(self.person, 'P13', performance_amount=100)
        self.second = self._make_user('service_manager', login='test_second_manager')

    def test_review_suspends_changes_and_is_appealed(self):
        record = self.record
        with self.assertBlocked('PPL-18'):
            record.with_user(self.manager)._object("For him.")
        review = record.with_user(self.user)._object("It was raining.")
        self.assertEqual((record.state, review.kind), ('review', 'review'))
        self._pass_days(record, 60)
        self.assertEqual((record.state, record.effective_from), ('review', False), "suspended while open")
        with self.assertBlocked('PPL-20'):
            record.with_user(self.user)._object("Twice.")
        with self.assertBlocked('PPL-35'):
            review.with_user(self.manager)._decide('uphold', "No.")
        with self.assertBlocked('PPL-35'):
            review.with_user(self.hr)._decide('uphold', "No.")
        with self.assertBlocked('PPL-36'):
            review.with_user(self.second)._decide('uphold', " ")
        with self.assertBlocked('PPL-36'):
            review.with_user(self.second)._decide('change', "Worse.", {'performance_amount': 150})
        with self.assertBlocked('PPL-36'):
            review.with_user(self.second)._decide('change', "Same.", {'performance_amount': 100})
        review.with_user(self.second)._decide('change', "The rain is taken into account.", {'performance_amount': 60})
        self.assertEqual((record.performance_amount, record.amount_total), (60, -60))
        appeal = record.with_user(self.user)._object("Still too much.")
        self.assertEqual((record.state, appeal.kind), ('appeal', 'appeal'))
        with self.assertBlocked('PPL-35'):
            appeal.with_user(self.second)._decide('cancel', "x")
        appeal.with_user(self.boss)._decide('uphold', "It stays.")
        self.assertEqual(record.state, 'effective')
        with self.assertBlocked('PPL-20'):
            record.with_user(self.user)._object("A third time.")

    def test_cancelled_on_review(self):
        review = self.record.with_user(self.user)._object("Not me.")
        review.with_user(self.second)._decide('cancel', "It was somebody else.")
        self.assertEqual((self.record.state, self.record.amount_total, self.record.is_cancelled), ('closed', 0, True))

    def test_time_is_over(self):
        self._pass_days(self.record, 30)
        self.assertEqual(self.record.state, 'effective')
        with self.assertBlocked('PPL-20'):
            self.record.with_user(self.user)._object("Too late.")

    def test_deadline_counts_working_days(self):
        """Five working days over a weekend and a public holiday."""
        monday = self.today - timedelta(days=self.today.weekday())
        calendar = self.company.resource_calendar_id
        after = self.company._aftersales_workdays_after
        self.assertEqual(after(monday, 5), monday + timedelta(days=7))
        self.env['resource.calendar.leaves'].create({
            'name': "Holiday", 'calendar_id': calendar.id, 'company_id': self.company.id,
            'date_from': self.company._aftersales_moment(monday + timedelta(days=2)),
            'date_to': self.company._aftersales_moment(monday + timedelta(days=3)),
        })
        self.assertEqual(after(monday, 5), monday + timedelta(days=8))
        self.assertEqual(after(monday, 0), monday)

    def test_not_suspended_when_the_company_says_so(self):
        self.company.aftersales_review_suspends = False
        self.record._advance()
        self.assertEqual(self.record.state, 'effective')

    def test_panel_where_the_general_manager_took_part(self):
        record = self._propose_conduct(self.person, 'P24', user=self.hr)
        record._investigate("Seen.")
        record.with_user(self.user)._state_view("No.")
        record.measure_id = self._measure('warning')
        record.with_user(self.manager)._decide()
        record.with_user(self.boss)._approve()
        record._notify()
        record.with_user(self.user)._acknowledge(False)
        record.with_user(self.user)._object("No.").with_user(self.second)._decide('uphold', "Yes.")
        appeal = record.with_user(self.user)._object("Still no.")
        with self.assertBlocked('PPL-35'):
            appeal.with_user(self.boss)._decide('uphold', "Yes.")
        deputy, union = self._make_user('report_reader', login='test_deputy'), self._make_user('technician', login='test_union')
        with self.assertBlocked('PPL-34'):
            appeal.with_user(self.hr)._name_panel(deputy)
        with self.assertBlocked('PPL-34'):
            appeal.with_user(self.hr)._name_panel(deputy | self.boss)
        with self.assertBlocked('PPL-15', AccessError):
            appeal.with_user(self.manager)._name_panel(deputy | union)
        appeal.with_user(self.hr)._name_panel(deputy | union)
        self.assertEqual(record.with_user(union).summary, record.summary, "the panel reads the case")
        appeal.with_user(union)._decide('cancel', "The proof does not hold.")
        self.assertFalse(record.is_cancelled, "one member is not the panel")
        appeal.with_user(deputy)._decide('cancel', "The proof does not hold.")
        self.assertTrue(record.is_cancelled)


class TestWhoSees(ConductCase):
    """House §6, R-RP-11: everybody sees his own records, leaders what they proposed, managers and HR all."""

    def test_visibility(self):
        record = self._decide_conduct(self.person, 'P02', 'warning')
        found = self.env['aftersales.conduct.record'].with_user
        self.assertIn(record, found(self.user).search([]))
        self.assertFalse(found(self.leader_user).search([]), "a leader does not browse what others proposed")
        self.assertFalse(found(self._role('technician')).search([]), "nobody else's")
        with self.assertRaises(AccessError):
            record.with_user(self._role('technician')).read(['summary'])
        with self.assertRaises(AccessError):
            record.with_user(self.user).write({'facts': "x"})
        with self.assertRaises(UserError):
            self.env['aftersales.conduct.review'].with_user(self.user).create({'record_id': record.id, 'kind': 'review', 'reason': "x"})
        with self.assertRaises(AccessError):
            record.with_user(self.user)._write_proof_folder({})

    def test_leaders_see_two_years(self):
        record = self._propose_conduct(self.person, user=self.leader_user)
        record.sudo()._guarded().write({'act_date': self.today - timedelta(days=800)})
        record.sudo()._advance()
        self.assertFalse(self.env['aftersales.conduct.record'].with_user(self.leader_user).search([]))

    def test_other_company(self):
        other = self._make_company("Other Motors")
        record = self._decide_conduct(self.person, 'P02', 'warning')
        stranger = self.env['res.users'].with_context(no_reset_password=True).create({
            'name': "Other HR", 'login': 'test_other_hr', 'company_id': other.id, 'company_ids': [(6, 0, other.ids)],
            'group_ids': [(6, 0, self.env.ref('aftersales_service.group_hr_officer').ids)]})
        self.assertFalse(self.env['aftersales.conduct.record'].with_user(stranger).with_context(allowed_company_ids=other.ids).search([]))
        with self.assertRaises(AccessError):
            record.with_user(stranger).with_context(allowed_company_ids=other.ids).read(['summary'])


class TestOrigin(ConductCase):
    """R-PEN-19 to R-PEN-21: facts stay facts until a person opens a case; the case keeps the link to where it came from."""

    def test_open_case(self):
        proposal = self.env['aftersales.conduct.proposal']._propose(
            'case', self.person, self.person, "Torque wrench lost", rule_hint='R-PEN-16', amount=320)
        self.assertFalse(proposal.record_ids, "nothing happens by itself")
        with self.assertRaises(AccessError):
            proposal.with_user(self.leader_user).action_open_case()
        proposal.with_user(self.hr).action_open_case()
        record = proposal.record_ids
        self.assertEqual((record.rule_id.code, record.loss_amount, record.res_model, proposal.state),
                         ('P16', 320, 'hr.employee', 'taken'))
        proposal.with_user(self.hr).action_open_case()
        self.assertEqual(len(proposal.record_ids), 1, "pressed twice, opened once")

    def test_unknown_hint_falls_to_other_breach(self):
        proposal = self.env['aftersales.conduct.proposal']._propose('fact', self.person, self.person, "Late", rule_hint='R-PROC-70')
        self.assertEqual(proposal.with_user(self.hr)._open_case().rule_id.code, 'P12')


class TestPapers(ConductCase):
    """Notice and proof folder: rule, reason, amount, deadline, the way to arbitration (conduct_practice)."""

    def test_notice(self):
        record = self._decide_conduct(self.person, 'P16', 'compensation', compensation_amount=400, loss_amount=400,
                                      loss_proof="Count sheet", decision_reason="Left outside overnight.")
        text = self._html('report_conduct_notice', record)
        for part in ("Left outside overnight.", "400.00", "arbitration", "P16", str(record.name), "working days", "by the person's own login"):
            self.assertIn(part, text)

    def test_notice_of_a_served_case(self):
        """R-RP-06, R-RP-07: witness, both answers, the arbitration office and the days stand on the reprinted notice."""
        self.company.aftersales_arbitration_office = "Arbitration Committee East, Lake Road 9"
        record = self._decide_conduct(self.person, 'P13', performance_amount=100, notify=False)
        record._notify()
        self.assertIn("in the presence of a witness", self._html('report_conduct_notice', record), "boxes to sign")
        record._serve(self.stranger, "Read out, refused to sign.")
        second = self._make_user('service_manager', login='test_second_manager')
        record.with_user(self.user)._object("It was raining.").with_user(second)._decide(
            'change', "The rain counts.", {'performance_amount': 60})
        text = self._html('report_conduct_notice', record)
        for part in ("witness: Keeper He", "Read out, refused to sign.", "It was raining.", "The rain counts.", "60.00", "100.00",
                     "Arbitration Committee East", "labour dispute arbitration within one year"):
            self.assertIn(part, text)

    def test_hearing_notice(self):
        """R-RP-11: what is held against the person, what is in view, until when he may speak; nothing is decided."""
        record = self._propose_conduct(self.person, 'P13', user=self.hr, facts="In bay 3.")
        record._investigate("Two witnesses.")
        record.write({'measure_id': self._measure('performance').id, 'performance_amount': 50})
        text = self._html('report_conduct_hearing', record)
        for part in ("In bay 3.", "Two witnesses.", "50.00", "nothing is decided yet", "P13"):
            self.assertIn(part, text)

    def test_proof_folder(self):
        record = self._decide_conduct(self.person, 'P02', 'warning', evidence_ids=self.env['ir.attachment'].with_user(self.hr).create(
            {'name': "../photo.png", 'raw': b'x'}).ids)
        record.with_user(self.user)._object("Why me?")
        with self.assertBlocked('PPL-11'):
            record.evidence_ids = False
        name, contents = record.with_user(self.hr)._download('proof')
        self.assertTrue(name.endswith('.zip'))
        with zipfile.ZipFile(io.BytesIO(contents)) as folder:
            names = folder.namelist()
            files = {item.split('/', 1)[1]: folder.read(item) for item in names}
        self.assertFalse(any('..' in item for item in names))
        history, rules = files['History of the case.txt'].decode(), files['Rules of conduct.txt'].decode()
        self.assertIn("Why me?", history)
        self.assertLess(history.index("Seen by two people"), history.index("Why me?"))
        self.assertIn("Signed on paper", rules, "how the person came to know the rule")
        self.assertTrue(any(item.startswith("Evidence/") and item.endswith("photo.png") for item in files))
        self.assertTrue(any(item.startswith("Notice.") for item in files))
        self.assertTrue(any(item.startswith("Notice to Be Heard.") for item in files))
        sums = dict(reversed(line.split('  ', 1)) for line in files.pop('SHA256SUMS').decode().splitlines())
        self.assertEqual(sums, {item: hashlib.sha256(contents).hexdigest() for item, contents in files.items()})

    def test_proof_folder_holds_the_origin(self):
        """R-PEN-16, R-DOC-18: the written statement from the tool room, the proof of adoption, the money taken."""
        statement = self.env['ir.attachment'].create({'name': "statement.png", 'raw': b'y'})
        self.rulebook.message_post(attachments=[("minutes.txt", b'Adopted.')])
        origin = self._make_incident(statement)
        proposal = self.env['aftersales.conduct.proposal']._propose('case', self.person, origin, "Wrench lost", rule_hint='R-PEN-16', amount=300)
        record = proposal.with_user(self.hr)._open_case()
        contents = record.with_user(self.hr)._download('proof')[1]
        with zipfile.ZipFile(io.BytesIO(contents)) as folder:
            names = folder.namelist()
        self.assertTrue(any("Origin/" in item and "statement.png" in item for item in names))
        self.assertTrue(any("Adoption of the rules/" in item and "minutes.txt" in item for item in names))
        self.assertFalse(any("Notice" in item for item in names), "nothing was told yet")

    def _make_incident(self, statement):
        self._make_tool_room()
        return self.env['aftersales.tool.incident'].create({
            'tool_id': self._make_tool().id, 'employee_id': self.person.id, 'statement_ids': statement.ids})
