from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form

from ..common import AftersalesCommon


class TestBusinessDay(AftersalesCommon):
    """Days and months are cut in the time zone of the company's working calendar."""

    def test_today_is_the_shops_today_not_the_servers(self):
        with freeze_time('2026-03-01 17:30:00'):
            self.assertEqual(self.company._aftersales_today(), date(2026, 3, 2))
        with freeze_time('2026-03-01 15:59:59'):
            self.assertEqual(self.company._aftersales_today(), date(2026, 3, 1))

    def test_the_users_time_zone_does_not_matter(self):
        self.env.user.tz = 'America/New_York'
        with freeze_time('2026-03-01 17:30:00'):
            self.assertEqual(self.company._aftersales_today(), date(2026, 3, 2))

    def test_a_day_has_bounds_in_utc(self):
        self.assertEqual(
            self.company._aftersales_day_bounds(date(2026, 3, 2)),
            (datetime(2026, 3, 1, 16, 0), datetime(2026, 3, 2, 16, 0)),
        )

    def test_a_month_has_bounds_in_utc(self):
        self.assertEqual(
            self.company._aftersales_month_bounds(date(2026, 12, 31)),
            (datetime(2026, 11, 30, 16, 0), datetime(2026, 12, 31, 16, 0)),
        )

    def test_a_night_shift_belongs_to_the_day_it_began(self):
        self.company.aftersales_day_start = 4.0
        with freeze_time('2026-03-01 17:30:00'):  # 01:30 on the 2nd in the shop
            self.assertEqual(self.company._aftersales_today(), date(2026, 3, 1))
        start, end = self.company._aftersales_day_bounds(date(2026, 3, 1))
        self.assertEqual((start, end), (datetime(2026, 2, 28, 20, 0), datetime(2026, 3, 1, 20, 0)))

    def test_days_follow_summer_time(self):
        self.company.resource_calendar_id.tz = 'Europe/Berlin'
        start, end = self.company._aftersales_day_bounds(date(2026, 3, 29))
        self.assertEqual((end - start).total_seconds(), 23 * 3600)

    def test_a_company_without_calendar_has_days_too(self):
        self.company.resource_calendar_id = False
        self.company.partner_id.tz = 'Asia/Shanghai'
        self.assertEqual(self.company._aftersales_day_bounds(date(2026, 3, 2))[0], datetime(2026, 3, 1, 16, 0))


class TestAccountingMode(AftersalesCommon):
    """One switch per company: with an account of work in progress perpetual, without it periodic."""

    def test_a_branch_without_an_account_follows_its_root(self):
        branch = self.env['res.company'].create({'name': "Branch", 'parent_id': self.company.id})
        self.assertFalse(branch.aftersales_wip_account_id)
        self.assertEqual(branch._aftersales_wip_account(), self.account_wip)

    def test_an_own_account_goes_before_the_roots(self):
        branch = self.env['res.company'].create({'name': "Branch", 'parent_id': self.company.id})
        own = self.account_wip.copy({'code': '140699'})
        branch.aftersales_wip_account_id = own
        self.assertEqual(branch._aftersales_wip_account(), own)
        self.assertEqual(self.company._aftersales_wip_account(), self.account_wip)

    def test_rooms_hear_of_a_change_also_for_branches(self):
        branch = self.env['res.company'].create({'name': "Branch", 'parent_id': self.company.id})
        heard = {}
        hook = self.registry['res.company']._aftersales_on_wip_account_change

        def listen(company, old, new):
            heard[company.id] = (old, new)
            return hook(company, old, new)

        self.patch(self.registry['res.company'], '_aftersales_on_wip_account_change', listen)
        self.company.aftersales_wip_account_id = self.account_wip
        self.assertFalse(heard, "the same account is no change")
        self.company.aftersales_wip_account_id = False
        empty = self.env['account.account']
        self.assertEqual(heard, {
            self.company.id: (self.account_wip, empty), branch.id: (self.account_wip, empty),
        })

    def test_a_technician_may_ask_for_the_mode(self):
        company = self.company.with_user(self._role('technician'))
        self.assertEqual(company._aftersales_wip_account(), self.account_wip)

    def test_the_settings_page_writes_the_company(self):
        with Form(self.env['res.config.settings']) as form:
            form.aftersales_day_start = 4.0
        form.record.execute()
        self.assertEqual(self.company.aftersales_day_start, 4.0)


class TestSetupCheck(AftersalesCommon):
    """The set-up check proposes, verifies, and repairs where it safely can."""

    def _check(self, code, company=None):
        checks = (company or self.company)._aftersales_setup_checks()
        return next(check for check in checks if check['code'] == code)

    def test_the_test_company_is_ready(self):
        self.assertFalse(self._check('managers')['ok'], "nobody of the shop can pass gates yet")
        self._role('service_manager')
        for code in ('chart', 'calendar', 'wip_account', 'valuation', 'stock_accounts', 'warehouse', 'managers'):
            self.assertTrue(self._check(code)['ok'], self._check(code)['message'])

    def test_a_company_without_chart_is_told_so(self):
        company = self.env['res.company'].create({'name': "New Shop", 'country_id': self.env.ref('base.cn').id})
        self.assertFalse(self._check('chart', company)['ok'])

    def test_a_calendar_of_another_hour_is_found_and_repaired(self):
        self.company.resource_calendar_id.tz = 'Europe/Brussels'
        self.assertFalse(self._check('calendar')['ok'])
        self.company._aftersales_run_fix('calendar')
        self.assertEqual(self.company.resource_calendar_id.tz, 'Asia/Shanghai')
        self.assertTrue(self._check('calendar')['ok'])

    def test_another_name_of_the_same_hour_is_fine(self):
        self.company.resource_calendar_id.tz = 'Asia/Hong_Kong'
        self.assertTrue(self._check('calendar')['ok'])

    def test_the_proposed_account_is_found_by_setting_then_by_name_never_by_number(self):
        self.assertEqual(self.company._aftersales_propose_wip_account(), self.account_wip)
        self.account_wip.code = '999001'
        self.company.account_production_wip_account_id = False
        self.assertEqual(self.company._aftersales_propose_wip_account(), self.account_wip)
        self.env['account.account'].search([
            ('company_ids', 'in', self.company.ids), ('account_type', '=', 'asset_current'),
            ('name', 'ilike', 'progress'),
        ]).account_type = 'expense'
        self.assertNotEqual(self.company._aftersales_propose_wip_account(), self.account_wip)

    def test_an_account_of_the_wrong_type_is_found_and_repaired(self):
        wrong = self.account_wip.copy({'code': '560199', 'account_type': 'expense'})
        self.company.aftersales_wip_account_id = wrong
        self.assertFalse(self._check('wip_account')['ok'])
        self.company._aftersales_run_fix('wip_account')
        self.assertEqual(self.company.aftersales_wip_account_id, self.account_wip)

    def test_periodic_is_a_mode_not_a_mistake(self):
        self.company.aftersales_wip_account_id = False
        check = self._check('wip_account')
        self.assertTrue(check['ok'])
        self.assertIn(self.account_wip.display_name, check['message'])
        self.assertNotIn('valuation', [check['code'] for check in self.company._aftersales_setup_checks()])

    def test_a_category_valued_at_closing_is_named_and_switched(self):
        category = self.env['product.category'].create({'name': "Oils", 'property_valuation': 'periodic'})
        self._make_part("Oil", categ_id=category.id)
        check = self._check('valuation')
        self.assertFalse(check['ok'])
        self.assertIn("Oils", check['message'])
        self.company._aftersales_run_fix('valuation')
        self.assertEqual(category.property_valuation, 'real_time')
        self.assertTrue(self._check('valuation')['ok'])

    def test_goods_on_hand_keep_their_books(self):
        category = self.env['product.category'].create({'name': "Oils", 'property_valuation': 'periodic'})
        self._make_part("Oil", categ_id=category.id, on_hand=3)
        with self.assertBlocked('BAS-12', UserError):
            self.company._aftersales_run_fix('valuation')
        self.assertEqual(category.property_valuation, 'periodic')

    def test_stock_differences_belong_to_cost_of_sales(self):
        """The Chinese chart books them to selling expenses; the check proposes cost of sales, by its type."""
        self.assertFalse(self._check('variation')['ok'])
        self.company._aftersales_run_fix('variation')
        account = self.company.account_stock_valuation_id.account_stock_variation_id
        self.assertEqual(account.account_type, 'expense_direct_cost')
        self.assertEqual(account, self.company.expense_account_id)
        self.assertTrue(self._check('variation')['ok'])

    def test_goods_for_sale_are_proposed_for_raw_materials(self):
        """The Chinese chart values stock on raw materials; dealers expect goods for sale, which is only a hint."""
        goods = self.env['account.account'].search([
            ('company_ids', 'in', self.company.ids), ('name', '=', "Inventory"),
        ])
        check = self._check('stock_accounts')
        self.assertTrue(check['ok'])
        self.assertIn(goods.display_name, check['message'])
        self.company.account_stock_valuation_id = goods
        self.assertEqual(self._check('stock_accounts')['message'], f"Parts are kept on {goods.display_name}.")

    def test_what_is_right_has_nothing_to_repair(self):
        with self.assertBlocked('BAS-10', UserError):
            self.company._aftersales_run_fix('chart')

    def test_the_screen_is_for_the_service_manager(self):
        checks = self.env['aftersales.setup.check']
        manager = checks.with_user(self._role('service_manager'))
        self.company.resource_calendar_id.tz = 'Europe/Brussels'
        action = manager.action_open()
        screen = manager.browse(action['res_id'])
        line = screen.line_ids.filtered(lambda line: line.code == 'calendar')
        self.assertTrue(line.can_fix)
        open_before = screen.open_count
        line.action_fix()
        self.assertEqual(screen.open_count, open_before - 1)
        screen.action_small()
        self.assertEqual(self.company.aftersales_shop_size, 'small')
        with self.assertBlocked('BAS-11', UserError):
            checks.with_user(self._role('advisor')).action_open()

    def test_nobody_else_repairs_by_rpc(self):
        self.company.resource_calendar_id.tz = 'Europe/Brussels'
        with self.assertBlocked('BAS-11', UserError):
            self.company.with_user(self._role('advisor'))._aftersales_run_fix('calendar')
