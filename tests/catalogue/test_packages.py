from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form

from .test_labour import CatalogueCase


class TestPackages(CatalogueCase):
    """R-PROC-34: packages by model, at catalogue prices or for one price."""

    def setUp(self):
        super().setUp()
        self._make_labour_rate(200.0)
        self.item = self._make_labour_item("Change oil", hours=0.5, times={self.suv: 0.8})
        self.oil = self._make_part("Oil", price=68.0)
        self.filter = self._make_part("Filter", price=45.0)

    def test_a_package_costs_what_its_lines_cost(self):
        package = self._make_package(labour=[self.item], parts=[(self.oil, 4), (self.filter, 1)])
        self.assertRecordValues(package, [{'list_amount': 417.0, 'total_amount': 417.0, 'book_hours': 0.5}])

    def test_a_package_with_its_own_price(self):
        package = self._make_package(labour=[self.item], parts=[(self.oil, 4)], fixed_price=299.0)
        self.assertRecordValues(package, [{'list_amount': 372.0, 'total_amount': 299.0}])
        package.is_fixed_price = False
        self.assertRecordValues(package, [{'fixed_price': 0.0, 'total_amount': 372.0}])

    def test_a_package_of_one_group_takes_that_groups_time(self):
        package = self._make_package(labour=[self.item], model_group_ids=self.suv.ids)
        self.assertRecordValues(package, [{'book_hours': 0.8, 'list_amount': 160.0}])

    def test_a_line_without_price_is_pointed_out(self):
        free = self._make_part("Washer", price=0.0)
        package = self._make_package(labour=[self.item], parts=[(free, 1)])
        self.assertEqual(package.missing_price_count, 1)

    def test_a_model_is_offered_its_own_packages_first(self):
        for_all = self._make_package("For all", labour=[self.item])
        for_suv = self._make_package("For SUV", labour=[self.item], model_group_ids=self.suv.ids)
        self._make_package("For compact", labour=[self.item], model_group_ids=self.compact.ids)
        offered = self.env['aftersales.package']._for_model(self.big_car, self.company)
        self.assertEqual(offered, for_suv | for_all)
        self.assertEqual(offered[0], for_suv)
        self.assertEqual(self.env['aftersales.package']._for_model(self.plain_car, self.company), for_all)

    def test_packages_of_another_company_are_not_offered(self):
        self._make_package("Here", labour=[self.item])
        other = self._make_company("Second Shop")
        self.assertFalse(self.env['aftersales.package']._for_model(self.plain_car, other))

    def test_labour_leads_to_its_packages(self):
        package = self._make_package(labour=[self.item, self.item])
        self.assertEqual(self.item.package_count, 1)
        found = self.env['aftersales.package'].search(self.item.action_view_packages()['domain'])
        self.assertEqual(found, package)

    def test_lines_say_what_they_are(self):
        service = self.env.ref('aftersales_service.product_labour')
        for line in ({'kind': 'labour'}, {'kind': 'part'}):
            with self.assertBlocked('CAT-02', ValidationError):
                self._make_package(line_ids=[(0, 0, line)])
        for line in ({'kind': 'part', 'product_id': service.id}, {'kind': 'fee', 'product_id': self.oil.id}):
            with self.assertBlocked('CAT-03', ValidationError):
                self._make_package(line_ids=[(0, 0, line)])

    def test_the_form_builds_a_package(self):
        with Form(self.env['aftersales.package'].with_user(self._role('frontdesk_supervisor'))) as form:
            form.name = "Small service"
            form.is_fixed_price = True
            form.fixed_price = 199.0
            with form.line_ids.new() as line:
                line.kind = 'labour'
                line.labour_item_id = self.item
            with form.line_ids.new() as line:
                line.kind = 'part'
                line.product_id = self.oil
                line.quantity = 4
        self.assertEqual(form.record.line_ids.mapped('kind'), ['labour', 'part'])
        self.assertEqual(form.record.total_amount, 199.0)

    def test_advisors_use_packages_but_do_not_change_them(self):
        """R-PERM-02: the charge standard is not the advisor's to change."""
        package = self._make_package(labour=[self.item], fixed_price=299.0)
        advisor = package.with_user(self._role('advisor'))
        self.assertEqual(advisor.total_amount, 299.0)
        with self.assertRaises(AccessError):
            advisor.fixed_price = 1.0
        with self.assertRaises(AccessError):
            advisor.line_ids.quantity = 2

    def test_a_list_of_packages_does_not_ask_per_package(self):
        def read(packages):
            self.env.invalidate_all()
            with self.assertQueryCount(14):
                packages.read(['name', 'list_amount', 'total_amount', 'book_hours'])

        packages = self.env['aftersales.package'].browse()
        for number in range(12):
            packages |= self._make_package(f"P{number}", labour=[self.item], parts=[(self.oil, 1), (self.filter, 2)])
        self.env['aftersales.labour.rate']._rates_of(self.company.id)
        read(packages[:2])
        read(packages)


class TestCategories(CatalogueCase):
    """R-MISC-09, R-MISC-17: categories of repair, among them maintenance of two levels and same-day work."""

    def test_shipped_categories(self):
        categories = self.env['aftersales.repair.category'].search([])
        self.assertEqual(set(categories.mapped('code')), {
            'maintenance_1', 'maintenance_2', 'small_repair', 'large_repair', 'body', 'paint', 'accident', 'warranty',
            'pdi', 'inspection',
        })
        self.assertEqual(set(categories.filtered('is_maintenance').mapped('code')), {'maintenance_1', 'maintenance_2'})
        self.assertTrue({'maintenance_1', 'maintenance_2', 'small_repair'} <= set(
            categories.filtered('same_day').mapped('code')))
        self.assertNotIn('large_repair', categories.filtered('same_day').mapped('code'))

    def test_a_profile_proposes_a_category(self):
        profile = self.company._aftersales_profile('internal')
        profile.category_id = self.env.ref('aftersales_service.category_pdi')
        self.assertEqual(profile.with_user(self._role('advisor')).category_id.code, 'pdi')
