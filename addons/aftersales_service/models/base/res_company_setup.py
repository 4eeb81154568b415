from datetime import datetime

import pytz

from odoo import models

from .errors import coded_error

# What an account of work in progress is called, in the languages our shops keep their books in.
WIP_NAMES = ("Work In Progress", "合同履约成本", "在产品", "在產品", "劳务成本", "勞務成本")

GOODS_NAMES = ("Inventory", "Merchandise", "库存商品", "庫存商品")


class ResCompany(models.Model):
    """What must be set before the first car: each check proposes, verifies, and repairs where it safely can."""

    _inherit = 'res.company'

    # === BUSINESS METHODS: CHECKS === #

    def _aftersales_setup_checks(self):
        """Return what a shop must have set before the first car; rooms add their own through super().

        :return: dictionaries with code, name, ok, message and fix (name of a `_aftersales_fix_…` method or None).
        :rtype: list[dict]
        """
        self.ensure_one()
        company = self.sudo().with_company(self)
        checks = [company._aftersales_check_chart(), company._aftersales_check_calendar()]
        checks += [company._aftersales_check_wip()]
        if company._aftersales_wip_account():
            checks += [
                company._aftersales_check_valuation(),
                company._aftersales_check_stock_accounts(),
                company._aftersales_check_variation(),
            ]
        checks += [
            company._aftersales_check_prices(), company._aftersales_check_warehouse(),
            company._aftersales_check_managers(),
        ]
        return checks

    def _aftersales_check(self, code, name, ok, message, fix=None):
        """Return one check in the shape of `_aftersales_setup_checks`."""
        return {'code': code, 'name': name, 'ok': bool(ok), 'message': message, 'fix': fix if not ok else None}

    def _aftersales_check_chart(self):
        chart = self.root_id.chart_template or self.chart_template
        return self._aftersales_check(
            'chart', self.env._("Chart of accounts"), chart,
            self.env._("Loaded.") if chart else self.env._(
                "No chart of accounts. Choose one under Invoicing › Configuration › Settings: without accounts nothing "
                "can be settled."),
        )

    def _aftersales_check_calendar(self):
        expected = self._aftersales_country_timezones()
        calendar = self.resource_calendar_id
        known = calendar.tz in expected if expected else bool(calendar.tz)
        # Several names may stand for the same hour; only a different hour cuts days wrongly.
        same_hour = known or (calendar.tz and expected and self._aftersales_offset(calendar.tz) in {
            self._aftersales_offset(zone) for zone in expected
        })
        if not calendar:
            message = self.env._("The company has no working hours; days are cut at midnight of %(tz)s.",
                                 tz=self._aftersales_workday_tz().zone)
        elif same_hour:
            message = self.env._("%(name)s, %(tz)s.", name=calendar.name, tz=calendar.tz)
        else:
            message = self.env._(
                "%(name)s is kept in %(tz)s, but the company is in %(country)s: promises and daily lists would be cut "
                "at the wrong hour.", name=calendar.name, tz=calendar.tz, country=self.country_id.name)
        return self._aftersales_check(
            'calendar', self.env._("Working hours and time zone"), calendar and same_hour, message,
            '_aftersales_fix_calendar' if calendar else None,
        )

    def _aftersales_check_wip(self):
        account = self._aftersales_wip_account()
        name = self.env._("Accounting mode")
        if not account:
            proposal = self._aftersales_propose_wip_account()
            return self._aftersales_check('wip_account', name, True, self.env._(
                "Periodic: no work in progress is kept, the cost of orders is only reported. To keep it, set the "
                "account in the settings%(proposal)s.",
                proposal=self.env._(" (proposed: %s)", proposal.display_name) if proposal else "",
            ))
        ok = account.active and account.account_type in ('asset_current', 'asset_prepayments')
        message = self.env._("Perpetual: parts of open orders are kept on %(account)s.", account=account.display_name)
        if not ok:
            message = self.env._(
                "%(account)s is no current asset: parts of open orders would be shown in the wrong place.",
                account=account.display_name)
        return self._aftersales_check('wip_account', name, ok, message, '_aftersales_fix_wip_account')

    def _aftersales_check_valuation(self):
        periodic = self._aftersales_periodic_categories()
        company_ok = self.inventory_valuation == 'real_time'
        if periodic:
            message = self.env._(
                "Valued only at closing: %(names)s. Parts of these categories cannot be issued to orders.",
                names=", ".join(periodic[:5].mapped('display_name')) + (" …" if len(periodic) > 5 else ""))
        elif not company_ok:
            message = self.env._("New categories would be valued only at closing; the company's setting is periodic.")
        else:
            message = self.env._("Every category with stored goods is valued perpetually.")
        return self._aftersales_check(
            'valuation', self.env._("Perpetual valuation of parts"), company_ok and not periodic, message,
            '_aftersales_fix_valuation',
        )

    def _aftersales_check_stock_accounts(self):
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ('account_stock_valuation_id', 'account_stock_journal_id') if not self[name]
        ]
        account, usual = self.account_stock_valuation_id, self._aftersales_goods_account()
        if missing:
            message = self.env._(
                "Missing: %(names)s. Set them under Inventory › Configuration › Settings.", names=", ".join(missing))
        elif usual and account != usual:
            message = self.env._(
                "Parts are kept on %(account)s; goods for sale are usually on %(usual)s. Ask your accountant.",
                account=account.display_name, usual=usual.display_name)
        else:
            message = self.env._("Parts are kept on %(account)s.", account=account.display_name)
        return self._aftersales_check(
            'stock_accounts', self.env._("Stock account and journal"), not missing, message)

    def _aftersales_check_variation(self):
        account = self.account_stock_valuation_id.account_stock_variation_id
        ok = not account or account.account_type == 'expense_direct_cost'
        proposal = self._aftersales_cost_of_sales()
        return self._aftersales_check(
            'variation', self.env._("Differences of stock value"), ok,
            self.env._("Booked to %(account)s.", account=account.display_name) if account and ok
            else self.env._("No account: differences stay on the stock account.") if ok
            else self.env._(
                "%(account)s is no cost of sales: differences of parts would land in selling expenses.",
                account=account.display_name),
            '_aftersales_fix_variation' if proposal else None,
        )

    def _aftersales_check_prices(self):
        tax = self.account_sale_tax_id
        included = tax.price_include if tax else self.account_price_include == 'tax_included'
        name = self.env._("Price basis")
        if not tax:
            return self._aftersales_check('prices', name, False, self.env._(
                "The company has no sales tax: bills would show none. Choose one under Invoicing › Configuration › "
                "Settings."))
        return self._aftersales_check('prices', name, True, self.env._(
            "Prices include %(tax)s: estimates, limits and rounding work on what the customer pays.", tax=tax.name,
        ) if included else self.env._(
            "Prices are without %(tax)s. Counters that quote with tax set “Tax included” under Invoicing › "
            "Configuration › Settings before the first bill.", tax=tax.name,
        ))

    def _aftersales_check_warehouse(self):
        warehouse = self.env['stock.warehouse'].search([('company_id', '=', self.id)], limit=1)
        return self._aftersales_check(
            'warehouse', self.env._("Warehouse"), warehouse,
            self.env._("Parts are kept in %(name)s.", name=warehouse.name) if warehouse else self.env._(
                "The company has no warehouse. Create one under Inventory › Configuration › Warehouses."),
        )

    def _aftersales_check_managers(self):
        group = self.env.ref('aftersales_service.group_service_manager')
        managers = self.env['res.users'].search([
            ('all_group_ids', 'in', group.ids), ('company_ids', 'in', self.ids), ('share', '=', False),
        ])
        return self._aftersales_check(
            'managers', self.env._("Service manager"), managers,
            self.env._("%(names)s.", names=", ".join(managers[:3].mapped('name'))) if managers else self.env._(
                "Nobody can pass gates. Give a person the role Service manager under Settings › Users."),
        )

    # === BUSINESS METHODS: PROPOSALS === #

    def _aftersales_country_timezones(self):
        """Return the time zones of the company's country, the usual one first."""
        return pytz.country_timezones.get(self.country_id.code or '', [])

    def _aftersales_offset(self, zone):
        return datetime.now(pytz.timezone(zone)).utcoffset()

    def _aftersales_propose_wip_account(self):
        """Return the account to keep work in progress on, found by setting, type and name, never by its number.

        :rtype: recordset of account.account, empty when nothing fits.
        """
        company = self.root_id
        proposal = company.account_production_wip_account_id
        if proposal.active and proposal.account_type == 'asset_current':
            return proposal
        accounts = self.env['account.account'].with_company(company).search([
            ('company_ids', 'in', company.ids), ('account_type', '=', 'asset_current'),
        ], order='code')
        for name in WIP_NAMES:
            if found := accounts.filtered(lambda account, name=name: name.lower() in (account.name or '').lower()):
                # “Work In Progress” goes before “Work In Progress Overhead”.
                return min(found, key=lambda account: len(account.name))
        return self.env['account.account']

    def _aftersales_goods_account(self):
        """Return the account of goods for sale, found by type and name; empty when the chart has none."""
        accounts = self.env['account.account'].search([
            ('company_ids', 'in', self.root_id.ids), ('account_type', '=', 'asset_current'), ('name', 'in', GOODS_NAMES),
        ], order='code')
        return accounts if len(accounts) == 1 else self.env['account.account']

    def _aftersales_cost_of_sales(self):
        """Return the company's account of cost of sales: the expense default, verified by its type."""
        account = self.root_id.expense_account_id
        return account if account.account_type == 'expense_direct_cost' else self.env['account.account']

    def _aftersales_periodic_categories(self):
        """Return the categories with stored goods that are valued only at closing in this company."""
        groups = self.env['product.template']._read_group(
            [('is_storable', '=', True), ('company_id', 'in', (self.id, False))], ['categ_id'],
        )
        categories = self.env['product.category'].union(*(category for category, in groups))
        return categories.filtered(lambda category: category.property_valuation == 'periodic')

    # === BUSINESS METHODS: REPAIRS === #

    def _aftersales_run_fix(self, code):
        """Repair what a check complains about, then return the check as it stands now.

        :param str code: code of a check of `_aftersales_setup_checks`.
        :raise UserError: BAS-10 the check cannot be repaired automatically.
        """
        self.ensure_one()
        self._aftersales_ensure_manager()
        check = next((check for check in self._aftersales_setup_checks() if check['code'] == code), {})
        if not check.get('fix'):
            raise coded_error('BAS-10', self.env._(
                "“%(name)s” cannot be repaired automatically. Do what its message says.",
                name=check.get('name') or code,
            ))
        self._aftersales_call_fix_sudo(check['fix'])
        return next(check for check in self._aftersales_setup_checks() if check['code'] == code)

    def _aftersales_call_fix_sudo(self, method):
        """Call a repair; sudo: `_aftersales_run_fix` checked that the user is the service manager."""
        getattr(self.sudo().with_company(self), method)()

    def _aftersales_ensure_manager(self):
        """Refuse everybody but the service manager and the system's administrators.

        :raise UserError: BAS-11.
        """
        groups = 'aftersales_service.group_service_manager,base.group_system'
        if not self.env.su and not self.env.user.has_groups(groups):
            raise coded_error('BAS-11', self.env._("Only the service manager sets up the shop."))

    def _aftersales_fix_calendar(self):
        zones = self._aftersales_country_timezones()
        if zones:
            self.resource_calendar_id.tz = zones[0]

    def _aftersales_fix_wip_account(self):
        proposal = self._aftersales_propose_wip_account()
        if not proposal:
            raise coded_error('BAS-10', self.env._(
                "No account fits. Create a current asset account for work in progress and choose it in the settings."))
        self.aftersales_wip_account_id = proposal

    def _aftersales_fix_valuation(self):
        """Switch to perpetual valuation, only while no stock would change its books by it.

        :raise UserError: BAS-12 goods are on hand: value and books must be brought together first.
        """
        periodic = self._aftersales_periodic_categories()
        switched = periodic or self.env['product.category']
        if self.inventory_valuation != 'real_time':
            # Categories without a choice of their own follow the company.
            switched |= self.env['product.category'].search([]).filtered(lambda categ: not categ.property_valuation)
        quants = self.env['stock.quant'].search_count([
            ('company_id', '=', self.id), ('location_id.usage', '=', 'internal'), ('quantity', '!=', 0),
            ('product_id.categ_id', 'in', switched.ids),
        ], limit=1)
        if quants:
            raise coded_error('BAS-12', self.env._(
                "Goods are on hand in the categories to switch. Close the stock valuation first (Inventory › Reporting "
                "› Valuation), then set the categories to perpetual."))
        self.inventory_valuation = 'real_time'
        periodic.property_valuation = 'real_time'

    def _aftersales_fix_variation(self):
        self.account_stock_valuation_id.account_stock_variation_id = self._aftersales_cost_of_sales()
