from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time

from ..common import AftersalesCommon


class TestToolIncident(AftersalesCommon):
    """R-TOOL-06 to -08, R-PEN-16 to -18, R-DOC-18: lost, broken, lent outside; told in time, judged, handed over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.category = cls._make_tool_category("Gauges", service_life_months=60)
        cls.tool = cls._make_tool("Gauge", cls.category, bought_on='2024-01-01', purchase_value=600.0)

    def _lose(self):
        self.tool._check_out(self.tech)
        self.tool._record_loss("Not in the box any more")
        return self.tool.incident_ids

    def _statement(self, incident):
        incident.statement_ids = [(0, 0, {'name': 'statement.jpg', 'raw': b'x'})]

    def _judged(self, **values):
        incident = self._lose()
        incident._report()
        incident.write({'opinion': "Left in a car", **values})
        incident._give_opinion()
        return incident

    def test_a_loss_opens_an_incident_with_residual_value_and_deadline(self):
        """R-TOOL-06, R-PEN-16: who had it, what it was worth, until when to report; the keeper is reminded."""
        incident = self._lose()
        today = self.company._aftersales_today()
        self.assertRecordValues(incident, [{
            'kind': 'loss', 'state': 'draft', 'employee_id': self.tech.id, 'team_id': self.team.id,
            'keeper_id': self.keeper.id, 'treatment': 'compensation', 'is_late': False,
            'deadline_at': self.company._aftersales_day_bounds(today + timedelta(days=1))[1] - timedelta(seconds=1),
        }])
        self.assertAlmostEqual(incident.residual_value, sum(self.tool._residual_value(today).values()))
        self.assertEqual(incident.compensation_amount, incident.residual_value)
        self.assertEqual(incident.activity_ids.user_id, self.keeper_user)

    def test_the_head_and_accounting_are_told(self):
        """R-TOOL-06: report to the head and to finance."""
        manager, accountant = self._role('service_manager'), self._role('accountant')
        incident = self._lose()
        incident._report()
        told = incident.message_ids.notified_partner_ids
        self.assertLessEqual(manager.partner_id | accountant.partner_id, told)
        self.assertEqual(incident.state, 'reported')

    def test_the_statement_is_attached_before_it_is_handed_over(self):
        """R-DOC-18: block and off; refused in front of a witness counts as an answer."""
        incident = self._judged()
        with self.assertBlocked('TOO-64'):
            incident._hand_over()
        self._set_gate('tool_statement', 'off')
        incident._hand_over()
        self.assertEqual(incident.state, 'handed_over')

    def test_a_refused_statement_needs_a_witness(self):
        incident = self._judged()
        incident.statement_refused = True
        with self.assertBlocked('TOO-64'):
            incident._hand_over()
        incident.witness_id = self.leader
        incident._hand_over()
        self.assertEqual(incident.state, 'handed_over')

    def test_the_opinion_is_needed(self):
        """R-TOOL-08: the keeper writes his opinion; block and off."""
        incident = self._lose()
        incident._report()
        self._statement(incident)
        with self.assertBlocked('TOO-65'):
            incident._give_opinion()
        with self.assertBlocked('TOO-65'):
            incident._hand_over()
        self._set_gate('tool_opinion', 'off')
        incident._hand_over()

    def test_handed_over_as_a_case_with_compensation(self):
        """R-PEN-16: a proposal of kind case over the residual value, share of the fault counted; no fine."""
        incident = self._judged(share_percent=50)
        self._statement(incident)
        incident._hand_over()
        proposal = incident.sudo().proposal_ids
        self.assertRecordValues(proposal, [{
            'kind': 'case', 'employee_id': self.tech.id, 'amount': incident.compensation_amount,
            'rule_hint': 'R-PEN-16', 'state': 'new',
        }])
        self.assertAlmostEqual(incident.compensation_amount, incident.residual_value / 2, 2)
        with self.assertBlocked('TOO-61'):
            incident.opinion = "Another one"

    def test_fine_and_compensation_stay_apart_and_fines_are_off(self):
        """R-PEN-16: a fine is refused while fines are off; allowed, it is a proposal of its own."""
        incident = self._judged(treatment='sanction', share_percent=100, fine_amount=100.0)
        self._statement(incident)
        with self.assertBlocked('TOO-66'):
            incident._hand_over()
        self.company.aftersales_tool_fine_allowed = True
        incident._hand_over()
        self.assertEqual(sorted(incident.sudo().proposal_ids.mapped('amount')), sorted([100.0, incident.compensation_amount]))

    def test_who_tells_himself_is_taught(self):
        """R-TOOL-08: a self-report in time defaults to education, without money, and cannot be fined."""
        self.tool._check_out(self.tech)
        self.tool.with_user(self.tech.user_id).action_report_own()
        incident = self.tool.incident_ids
        self.assertRecordValues(incident, [{
            'is_self_report': True, 'treatment': 'education', 'compensation_amount': 0.0, 'employee_id': self.tech.id,
        }])
        self.tool._record_loss("Told by himself")
        self.assertEqual(len(self.tool.incident_ids), 1, "the keeper's entry belongs to the same incident")
        self.assertEqual(incident.move_id.kind, 'loss')
        self.company.aftersales_tool_fine_allowed = True
        incident._report()
        incident.write({'opinion': "Honest", 'treatment': 'sanction', 'fine_amount': 50.0})
        incident._give_opinion()
        self._statement(incident)
        with self.assertBlocked('TOO-66'):
            incident._hand_over()
        with self.assertBlocked('TOO-70'):
            self.tool.with_user(self.tech2.user_id).action_report_own()

    def test_a_late_report_may_be_proposed_for_the_keeper(self):
        """R-TOOL-08, R-PEN-18: after the deadline the head may propose the same for the keeper; never by itself."""
        incident = self._lose()
        manager = self._role('service_manager')
        with self.assertBlocked('TOO-69'):
            incident.with_user(manager)._propose_keeper()
        with freeze_time(incident.deadline_at + timedelta(minutes=1)):
            incident._report()
            self.assertTrue(incident.is_late)
            self.assertIn(incident, self.env['aftersales.tool.incident'].search([('is_late', '=', True)]))
            self.assertFalse(incident.sudo().keeper_proposal_id)
            with self.assertBlocked('TOO-67'):
                incident._propose_keeper()
            incident.with_user(manager)._propose_keeper()
        self.assertRecordValues(incident.sudo().keeper_proposal_id, [{
            'employee_id': self.keeper.id, 'kind': 'case', 'rule_hint': 'R-PEN-18'}])

    def test_lent_outside_is_a_case_of_its_own(self):
        """R-TOOL-07, R-PEN-17: unauthorised external loan."""
        form = Form(self.env['aftersales.tool.incident'].with_user(self.keeper_user))
        form.tool_id, form.kind, form.employee_id = self.tool, 'external', self.tech
        incident = form.save()
        incident._report()
        incident.opinion = "Seen at his brother's shop"
        incident._give_opinion()
        self._statement(incident)
        incident._hand_over()
        self.assertEqual(incident.sudo().proposal_ids.rule_hint, 'R-PEN-17')

    def test_found_again_ends_it(self):
        incident = self._lose()
        self.tool._record_found("Behind the lift")
        self.assertEqual(incident.state, 'cancelled')

    def test_a_reversed_loss_ends_it(self):
        incident = self._lose()
        incident.move_id.with_user(self.keeper_user)._reverse("Wrong tool scanned")
        self.assertEqual(incident.state, 'cancelled')

    def test_an_overridden_early_exchange_is_an_incident(self):
        """R-TOOL-09: exchange before the end of the life against an override opens an incident; off opens none."""
        personal = self._make_tool_category("Sockets", behaviour='personal', service_life_months=24)
        old, new = self._make_tool("Socket", personal), self._make_tool("Socket", personal)
        sign = b'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=='
        old._check_out(self.tech, signature=sign)
        with self.assertBlocked('TOO-30'):
            old._exchange(new, signature=sign)
        old.with_user(self._role('service_manager'))._override('exchange', self._reason('override'), 'Broken')
        old._exchange(new, signature=sign)
        self.assertEqual(old.incident_ids.mapped('kind'), ['early_exchange'])

    def test_roles(self):
        """R-TOOL-06: keepers act, the person sees his own, others see nothing; facts cannot be typed."""
        incident = self._lose()
        self.assertTrue(incident.with_user(self.tech.user_id).read(['name']))
        with self.assertRaises(AccessError):
            incident.with_user(self.tech2.user_id).read(['name'])
        with self.assertBlocked('TOO-67'):
            incident.with_user(self.tech.user_id).action_report()
        with self.assertBlocked('BAS-01'):
            incident.write({'reported_at': fields.Datetime.now()})
        with self.assertBlocked('BAS-01'):
            incident.write({'found_at': fields.Datetime.now()})
        with self.assertBlocked('TOO-62'):
            incident.sudo().unlink()

    def test_the_sheet_is_printed(self):
        """R-DOC-18: the sheet on which the statement is written."""
        html = self._html('report_tool_incident', self._judged())
        self.assertIn("Statement of the person", html)
        self.assertIn("Master Li", html)

    def test_a_keeper_who_reports_late_takes_nothing_from_who_told_in_time(self):
        """R-TOOL-08: the moment the person told counts, not the moment the keeper passed it on."""
        self.tool._check_out(self.tech)
        self.tool.with_user(self.tech.user_id).action_report_own()
        incident = self.tool.incident_ids
        self.company.aftersales_tool_fine_allowed = True
        with freeze_time(incident.deadline_at + timedelta(hours=1)):
            incident.with_user(self.keeper_user)._report()
            self.assertRecordValues(incident, [{'is_late': True, 'is_self_report': True, 'treatment': 'education'}])

    def test_who_tells_after_the_deadline_is_not_taught_by_default(self):
        """R-TOOL-08: the keeper may name him as who told, but the moment is stamped and cannot be typed."""
        incident = self._lose()
        with self.assertBlocked('BAS-01'):
            incident.told_at = fields.Datetime.now()
        with freeze_time(incident.deadline_at + timedelta(hours=1)):
            incident.reporter_id = self.tech
            self.assertEqual(incident.told_at, fields.Datetime.now())
            self.assertRecordValues(incident, [{'is_self_report': False, 'treatment': 'compensation'}])

    def test_another_setting_moves_no_deadline(self):
        """R-TOOL-08: the days of the day on which it happened."""
        incident = self._lose()
        before = incident.deadline_at
        self.company.aftersales_tool_incident_report_days = 9
        self.assertEqual(incident.deadline_at, before)
