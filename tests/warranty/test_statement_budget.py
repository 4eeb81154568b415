from odoo import SUPERUSER_ID, api

from ..common import AftersalesCommon
from ..concurrency import AftersalesConcurrencyCase


class TestStatementBudget(AftersalesCommon):
    """Queries of a long statement: each claim costs the same, however many there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_statements()

    def _queries(self, task):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        task()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_import_and_match(self):
        """R-WAR-13: 200 rows come in and are matched by at most 1 query each beyond a fixed part of 250."""
        claims = self._make_sent_claims(3)
        statement = self._make_statement()
        rows = [["", claim.name, "", "", 346.9] for claim in claims] + [[f"X{n}", "", "", "", 10] for n in range(197)]
        file = self._make_list(rows)
        self.assertLessEqual(self._queries(lambda: statement._import(file)), 450)
        self.assertEqual((statement.line_count, statement.open_count), (200, 197))

    def test_posting_costs_the_same_for_each_claim(self):
        """R-WAR-13: a claim more costs at most 75 queries more, cut or not; the rest is paid once."""
        few, many = self._make_sent_claims(2), self._make_sent_claims(8)
        warm = self._make_sent_claims()
        self._post_statement([(warm, 346.90)])
        used = []
        for claims in (few, many):
            statement = self._make_statement(
                [(claim, 346.90 if number % 2 else 300.0) for number, claim in enumerate(claims)]).with_user(self.accountant)
            used.append(self._queries(statement._post))
        self.assertLessEqual((used[1] - used[0]) / 6, 75, used)

    def test_board_of_rests_and_report(self):
        """R-WAR-13: the claim-to-cash list of many claims costs no query per claim."""
        self._make_sent_claims(2)
        report = self.env['aftersales.claim.cash.report'].with_user(self.accountant)
        specification = {name: {} for name in ('stage', 'days', 'claimed_total', 'waiting_total')} | {
            name: {'fields': {'display_name': {}}} for name in ('claim_id', 'partner_id', 'reason_id')}
        report.web_search_read([], specification)
        few = self._queries(lambda: report.web_search_read([], specification))
        self._make_sent_claims(4)
        self.assertLessEqual(self._queries(lambda: report.web_search_read([], specification)), few + 1)


class TestTwoAccountants(AftersalesConcurrencyCase):
    """One statement, two accountants, the same second."""

    @classmethod
    def _open_shop(cls):
        """Open a shop of its own: gates and accounts of the common one stay as they are."""
        super()._open_shop()
        cls.company = cls._make_company("Two accountants")
        cls.env = cls.env(context={'allowed_company_ids': cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.company._aftersales_prepare_company()
        cls.warehouse = cls.env['stock.warehouse'].search([('company_id', '=', cls.company.id)], limit=1)
        cls.tax_sale = cls.company.account_sale_tax_id
        cls.account_wip = cls.company.account_production_wip_account_id
        cls.customer = cls._make_customer()

    def test_one_of_two_postings_counts(self):
        """R-WAR-13: both press “Post”; one invoice comes of it, the other one is told."""
        with self.committed():
            self._open_statements()
            claim = self._make_claim(order=self._make_warranty_order(parts=[]), submit=True)
            accountants = [self._make_user('accountant', login=f'two_accountants_{number}').id for number in (1, 2)]
            statement_id = self._make_statement([(claim, claim.claimed_total)]).id
            claim_id, total = claim.id, claim.claimed_total

        def post(accountant):
            return lambda env: env['aftersales.warranty.statement'].with_user(accountant).browse(statement_id)._post().id

        results = self.race(*map(post, accountants))
        posted = [result for result in results if isinstance(result, int)]
        refused = [str(result) for result in results if not isinstance(result, int)]
        self.assertEqual(len(posted), 1, results)
        self.assertRegex(refused[0], 'WAR-86|WAR-84|SET-03')
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            statement = env['aftersales.warranty.statement'].browse(statement_id)
            self.assertEqual((statement.move_ids.ids, statement.move_id.amount_total), (posted, total))
            self.assertEqual(env['aftersales.warranty.claim'].browse(claim_id).state, 'credited')
