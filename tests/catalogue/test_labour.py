from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from ..common import AftersalesCommon


class CatalogueCase(AftersalesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brand = cls.env['aftersales.vehicle.brand'].create({'name': "Hongqi Test"})
        cls.compact, cls.suv = cls.env['aftersales.vehicle.model.group'].create([{'name': "Compact"}, {'name': "SUV"}])
        cls.small_car, cls.big_car, cls.plain_car = cls.env['aftersales.vehicle.model'].create([
            {'name': "H1", 'brand_id': cls.brand.id, 'model_group_id': cls.compact.id},
            {'name': "H9", 'brand_id': cls.brand.id, 'model_group_id': cls.suv.id},
            {'name': "H0", 'brand_id': cls.brand.id},
        ])


class TestLabourItems(CatalogueCase):
    """R-DOC-28, R-PROC-41: the standard labour-time table, with book time by model group."""

    def test_a_model_group_has_its_own_book_time(self):
        item = self._make_labour_item(hours=1.0, times={self.suv: 1.4})
        self.assertEqual(item._book_hours(self.big_car), 1.4)
        self.assertEqual(item._book_hours(self.small_car), 1.0)
        self.assertEqual(item._book_hours(self.plain_car), 1.0)
        self.assertEqual(item._book_hours(self.env['aftersales.vehicle.model']), 1.0)

    def test_a_group_time_of_zero_is_a_time(self):
        item = self._make_labour_item(hours=1.0, times={self.suv: 0.0})
        self.assertEqual(item._book_hours(self.big_car), 0.0)

    def test_a_group_has_one_time_per_item(self):
        item = self._make_labour_item(times={self.suv: 1.4})
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            item.time_ids.copy({'hours': 2.0})

    def test_book_time_is_not_negative(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._make_labour_item(hours=-1.0)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._make_labour_item(times={self.suv: -0.1})

    def test_a_code_is_used_once_per_brand_and_company(self):
        self._make_labour_item(code='40201')
        self._make_labour_item(code='40201', brand_id=self.brand.id)
        self._make_labour_item(code='40201', company_id=self.company.id)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._make_labour_item(code='40201')

    def test_an_archived_item_frees_its_code(self):
        self._make_labour_item(code='40201').active = False
        self.env.flush_all()
        self._make_labour_item(code='40201')

    def test_a_copy_gets_another_code_and_keeps_the_times(self):
        item = self._make_labour_item(code='40201', times={self.suv: 1.4})
        copy = item.copy()
        self.assertNotEqual(copy.code, '40201')
        self.assertEqual(copy._book_hours(self.big_car), 1.4)

    def test_labour_is_a_service(self):
        part = self._make_part()
        with self.assertBlocked('CAT-01', ValidationError):
            self._make_labour_item(product_id=part.id)

    def test_labour_takes_the_shipped_service_unless_told(self):
        item = self._make_labour_item()
        self.assertEqual(item.product_id, self.env.ref('aftersales_service.product_labour'))

    def test_labour_is_found_by_code_and_name(self):
        item = self._make_labour_item("Replace clutch", code='77123')
        search = self.env['aftersales.labour.item'].name_search
        self.assertEqual([found[0] for found in search('77123')], item.ids)
        self.assertIn(item.id, [found[0] for found in search('clutch')])
        self.assertEqual(item.display_name, "[77123] Replace clutch")

    def test_only_supervisors_change_the_table(self):
        """R-PERM-02: nobody but the front-desk supervisor and the service manager makes up labour or its price."""
        item = self._make_labour_item()
        rate = self._make_labour_rate()
        for role in ('technician', 'advisor', 'receptionist', 'parts_manager', 'cashier', 'workshop_supervisor'):
            user = self._role(role)
            self.assertEqual(item.with_user(user).book_hours, 1.0)
            for record, vals in ((item, {'book_hours': 9.0}), (rate, {'price_per_hour': 9.0})):
                with self.assertRaises(AccessError):
                    record.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    record.with_user(user).copy()
        for role in ('frontdesk_supervisor', 'service_manager'):
            item.with_user(self._role(role)).book_hours = 2.0
            rate.with_user(self._role(role)).price_per_hour = 250.0
        self.assertEqual((item.book_hours, rate.price_per_hour), (2.0, 250.0))

    def test_changes_of_time_and_price_are_written_down(self):
        """R-PERM-02: a change of the charge standard leaves its trace: who, old and new value."""
        item, rate = self._make_labour_item(), self._make_labour_rate(226.0)
        self.flush_tracking()
        item.with_user(self._role('frontdesk_supervisor')).book_hours = 2.0
        rate.with_user(self._role('frontdesk_supervisor')).price_per_hour = 250.0
        self.flush_tracking()
        for record, old, new in ((item, 1.0, 2.0), (rate, 226.0, 250.0)):
            tracking = record.message_ids.sudo().tracking_value_ids
            self.assertEqual((tracking.old_value_float, tracking.new_value_float), (old, new))
            self.assertEqual(tracking.mail_message_id.author_id, self._role('frontdesk_supervisor').partner_id)

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()


class TestLabourRates(CatalogueCase):
    """R-PERM-02: labour is charged at the standard rate of payer, brand and skill, valid on the day."""

    def _rate(self, payer='customer', skill=False, brand=None, day=date(2026, 3, 2), company=None):
        return self.env['aftersales.labour.rate']._rate(payer, skill, brand, day, company or self.company)

    def test_no_rate_is_no_price(self):
        self.assertEqual(self._rate(), 0.0)

    def test_one_open_rate_serves_everybody(self):
        self._make_labour_rate(226.0)
        for payer in ('customer', 'warranty', 'insurance', 'internal', 'goodwill'):
            self.assertEqual(self._rate(payer, '4_master', self.brand), 226.0)

    def test_what_is_named_goes_before_what_is_open(self):
        self._make_labour_rate(200.0)
        self._make_labour_rate(300.0, skill='4_master')
        self._make_labour_rate(250.0, brand=self.brand)
        self._make_labour_rate(120.0, payer_kind='warranty')
        self.assertEqual(self._rate(skill='4_master'), 300.0)
        self.assertEqual(self._rate(brand=self.brand, skill='4_master'), 250.0)
        self.assertEqual(self._rate('warranty', '4_master', self.brand), 120.0)
        self.assertEqual(self._rate(skill='2_skilled'), 200.0)

    def test_a_new_price_counts_from_its_day(self):
        self._make_labour_rate(200.0, date='2026-01-01')
        self._make_labour_rate(220.0, date='2026-03-02')
        self.assertEqual(self._rate(day=date(2026, 3, 1)), 200.0)
        self.assertEqual(self._rate(day=date(2026, 3, 2)), 220.0)
        self.assertEqual(self._rate(day=date(2025, 12, 31)), 0.0)

    def test_a_changed_or_archived_rate_counts_at_once(self):
        rate = self._make_labour_rate(200.0)
        self.assertEqual(self._rate(), 200.0)
        rate.price_per_hour = 210.0
        self.assertEqual(self._rate(), 210.0)
        rate.active = False
        self.assertEqual(self._rate(), 0.0)

    def test_another_companys_rate_is_its_own(self):
        self._make_labour_rate(200.0)
        other = self._make_company("Second Shop")
        self.assertEqual(self._rate(company=other), 0.0)
        manager = self._role('service_manager')
        self._make_labour_rate(90.0, company_id=other.id)
        self.assertEqual(
            self.env['aftersales.labour.rate'].with_user(manager).search([('company_id', '=', other.id)]).ids, [],
        )

    def test_the_same_rate_twice_is_refused(self):
        self._make_labour_rate(200.0)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._make_labour_rate(210.0)

    def test_a_technician_s_step_may_ask_for_the_price(self):
        self._make_labour_rate(200.0)
        rates = self.env['aftersales.labour.rate'].with_user(self._role('technician'))
        self.assertEqual(rates._rate('customer', False, None, date(2026, 3, 2), self.company), 200.0)

    def test_asking_again_costs_no_query(self):
        self._make_labour_rate(200.0)
        self._rate()
        with self.assertQueryCount(0):
            for _line in range(50):
                self._rate(skill='4_master', brand=self.brand)

    def test_the_setup_check_asks_for_rate_and_table(self):
        def check(code):
            return next(check for check in self.company._aftersales_setup_checks() if check['code'] == code)

        self.env['aftersales.labour.item'].search([]).unlink()
        self.assertFalse(check('labour_rate')['ok'])
        self.assertFalse(check('labour_items')['ok'])
        self._make_labour_rate(200.0, payer_kind='warranty')
        self.assertFalse(check('labour_rate')['ok'], "a rate for warranty is none for customers")
        self._make_labour_rate(200.0, skill='2_skilled')
        self._make_labour_item()
        self.assertTrue(check('labour_rate')['ok'])
        self.assertTrue(check('labour_items')['ok'])
