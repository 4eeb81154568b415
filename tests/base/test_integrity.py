from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw

from ..common import AftersalesCommon


class TestIntegrity(AftersalesCommon):
    """One method lists every disagreement; the accountant's menu, the nightly run and the tests call the same one."""

    def setUp(self):
        super().setUp()
        self.findings = self.env['aftersales.integrity.finding']
        self.amount = 12.5
        shipped = self.registry['res.company']._aftersales_integrity

        def integrity(company):
            found = shipped(company)
            if company == self.company and self.amount:
                found.append({
                    'code': 'TST', 'name': "Test", 'severity': 'error', 'res_model': 'res.partner',
                    'res_id': self.customer.id, 'amount': self.amount, 'message': "Books and stock differ.",
                })
            return found

        self.patch(self.registry['res.company'], '_aftersales_integrity', integrity)

    def _stored(self):
        return self.findings.search([('code', '=', 'TST')])

    def test_a_run_replaces_the_last_one(self):
        self.findings._run(self.company)
        self.amount = 20.0
        self.findings._run(self.company)
        self.assertEqual(self._stored().mapped('amount'), [20.0])
        self.amount = 0
        self.findings._run(self.company)
        self.assertFalse(self._stored())

    def test_the_accountant_runs_it_and_opens_the_document(self):
        accountant = self._role('accountant')
        action = call_kw(self.findings.with_user(accountant), 'action_run', [[]], {})  # as the button of the list
        self.assertEqual(action['res_model'], 'aftersales.integrity.finding')
        finding = self._stored().with_user(accountant)
        self.assertEqual(finding.action_open_record()['res_id'], self.customer.id)
        self.assertEqual(finding.message, "Books and stock differ.")

    def test_others_neither_run_nor_read_it(self):
        self.findings._run(self.company)
        for role in ('advisor', 'cashier', 'parts_manager', 'technician'):
            with self.assertRaises(AccessError):
                self.findings.with_user(self._role(role)).action_run()
            with self.assertRaises(AccessError):
                self._stored().with_user(self._role(role)).read(['amount'])

    def test_nobody_edits_a_finding(self):
        self.findings._run(self.company)
        with self.assertBlocked('BAS-01', UserError):
            self._stored().amount = 0.0
        with self.assertRaises(AccessError):
            self._stored().with_user(self._role('accountant')).unlink()

    def test_the_nightly_run_checks_every_company(self):
        cron = self.env.ref('aftersales_service.ir_cron_integrity')
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._stored().company_id, self.company)

    def test_findings_of_another_company_are_not_seen(self):
        self.findings._run(self.company)
        other = self._make_company("Second Shop")
        accountant = self._make_user('accountant', login='other_accountant')
        accountant.write({'company_ids': other.ids, 'company_id': other.id})
        findings = self.findings.with_user(accountant).with_context(allowed_company_ids=other.ids)
        self.assertFalse(findings.search([('code', '=', 'TST')]))
