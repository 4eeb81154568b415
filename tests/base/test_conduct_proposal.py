from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from ..common import AftersalesCommon


class TestConductProposal(AftersalesCommon):
    """The desks note facts and cases about people; only the people in charge read and decide them."""

    def setUp(self):
        super().setUp()
        self.employee = self._make_employee()
        self.proposals = self.env['aftersales.conduct.proposal']

    def test_a_technicians_step_may_note_a_fact_it_cannot_read(self):
        technician = self._role('technician')
        with freeze_time('2026-03-01 17:30:00'):
            proposal = self.proposals.with_user(technician)._propose(
                'fact', self.employee, self.customer, "Check failed twice", rule_hint='R-1', amount=50.0,
            )
        self.assertRecordValues(proposal, [{
            'kind': 'fact', 'employee_id': self.employee.id, 'res_model': 'res.partner', 'res_id': self.customer.id,
            'amount': 50.0, 'state': 'new', 'date': date(2026, 3, 2), 'company_id': self.company.id,
            'proposed_by_id': technician.id,
        }])
        with self.assertRaises(AccessError):
            proposal.with_user(technician).read(['summary'])

    def test_hr_takes_over_or_dismisses_once(self):
        officer = self._role('hr_officer')
        first, second = (self.proposals._propose('case', self.employee, None, text) for text in ("Lost", "Broken"))
        first.with_user(officer).action_take()
        second.with_user(officer).action_dismiss()
        self.assertEqual((first.state, second.state), ('taken', 'dismissed'))
        self.assertEqual(first.decided_by_id, officer)
        with self.assertBlocked('BAS-06', UserError):
            first.with_user(officer).action_dismiss()

    def test_the_service_manager_reads_but_does_not_decide(self):
        proposal = self.proposals._propose('fact', self.employee, None, "Late")
        manager = self._role('service_manager')
        self.assertEqual(proposal.with_user(manager).summary, "Late")
        with self.assertRaises(AccessError):
            proposal.with_user(manager).action_take()

    def test_nobody_makes_one_up(self):
        for user in (self._role('general_manager'), self.env.ref('base.user_root')):
            with self.assertBlocked('BAS-01', UserError):
                self.proposals.with_user(user).sudo().create({
                    'kind': 'case', 'employee_id': self.employee.id, 'summary': "Invented", 'date': '2026-03-01',
                    'company_id': self.company.id,
                })
