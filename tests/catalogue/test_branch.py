from datetime import date

from odoo.exceptions import AccessError

from .test_labour import CatalogueCase


class TestBranch(CatalogueCase):
    """House §5: a branch without prices and packages of its own sells at those of its root company."""

    def setUp(self):
        super().setUp()
        self.branch = self.env['res.company'].create({'name': "Harmony East", 'parent_id': self.company.id})
        self.rate = self._make_labour_rate(200.0)
        self.item = self._make_labour_item("Change oil", hours=0.5)
        self.package = self._make_package("Small service", labour=[self.item])
        self.advisor = self._make_user('advisor', login='branch_advisor')
        self.advisor.write({'company_ids': [(6, 0, self.branch.ids)], 'company_id': self.branch.id})

    def _price(self, payer='customer'):
        rates = self.env['aftersales.labour.rate']
        return rates._rate(payer, False, self.brand, date(2026, 11, 1), self.branch)

    def test_rates_come_from_the_root_until_the_branch_agrees_on_its_own(self):
        """R-PROC-34: own → root, payer by payer."""
        self.assertEqual(self._price(), 200.0)
        self._make_labour_rate(180.0, payer_kind='warranty')
        self._make_labour_rate(230.0, payer_kind='customer', company_id=self.branch.id)
        self.assertEqual((self._price(), self._price('warranty')), (230.0, 180.0))
        other = self._make_company("Elsewhere")
        self.assertEqual(
            self.env['aftersales.labour.rate']._rate('customer', False, self.brand, date(2026, 11, 1), other), 0.0)
        checks = {check['code']: check['ok'] for check in self.branch._aftersales_setup_checks()}
        self.assertTrue(checks['labour_rate'])

    def test_packages_of_the_root_are_sold_and_not_changed_by_the_branch(self):
        """R-PROC-34: offered, read and put on an order of the branch; written only where they belong."""
        packages = self.env['aftersales.package'].with_user(self.advisor).with_context(allowed_company_ids=self.branch.ids)
        self.assertEqual(packages._for_model(self.plain_car, self.branch), self.package)
        own = self._make_package("East service", labour=[self.item], company_id=self.branch.id)
        self.assertEqual(packages._for_shop(self.branch), self.package | own)
        self.assertNotIn(own, packages._for_shop(self.company))
        self.assertEqual(packages.browse(self.package.id).line_ids.labour_item_id, self.item)
        supervisor = self._make_user('frontdesk_supervisor', login='branch_supervisor')
        supervisor.write({'company_ids': [(6, 0, self.branch.ids)], 'company_id': self.branch.id})
        packages = packages.with_user(supervisor)
        packages.browse(own.id).name = "East"
        with self.assertRaises(AccessError):
            packages.browse(self.package.id).name = "Mine now"
