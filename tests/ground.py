"""The ground of every test: a company, its accounts, its stock, its people.

pytest lays it once per database (conftest.py), so a change here makes `./dev check` start from a fresh one. The rooms'
factories stand in common.py.
"""
from odoo import Command
from odoo.tests import new_test_user

MODULE = 'aftersales_service'
LAID = '__aftersales_test__'


class GroundFactory:
    """A company on the Chinese chart: perpetual AVCO, tax-included prices, one warehouse, users by role."""

    @classmethod
    def _lay(cls, env):
        """Make the company of this database unless it is there: a class then finds it instead of making its own."""
        if env.ref(f'{LAID}.company', raise_if_not_found=False):
            return
        cls.env = env
        cls.company = cls._make_company()
        env['ir.model.data'].create({'module': LAID, 'name': 'company', 'model': 'res.company', 'res_id': cls.company.id})

    @classmethod
    def _make_company(cls, name="Harmony Motors", **values):
        company = cls.env['res.company'].create({
            'name': name,
            'country_id': cls.env.ref('base.cn').id,
            'currency_id': cls.env.ref('base.CNY').id,
            **values,
        })
        cls.env.user.company_ids = [Command.link(company.id)]
        cls.env['account.chart.template'].try_loading('cn', company=company, install_demo=False)
        company.write({
            'account_price_include': 'tax_included',
            'inventory_valuation': 'real_time',
            'cost_method': 'average',
        })
        # The same choice under the name the add-on reads, once its room exists.
        if 'aftersales_wip_account_id' in company._fields:
            company.aftersales_wip_account_id = company.account_production_wip_account_id
        company.resource_calendar_id.tz = 'Asia/Shanghai'
        # Stock makes a company's warehouse by itself only while a test runs.
        if not cls.env['stock.warehouse'].search_count([('company_id', '=', company.id)], limit=1):
            cls.env['stock.warehouse'].create({'company_id': company.id})
        return company

    @classmethod
    def _make_user(cls, *roles, login=None, **values):
        """Create a user of the dealership who holds these roles, e.g. `_make_user('advisor', 'cashier')`."""
        return new_test_user(
            cls.env,
            login=login or 'user_' + '_'.join(roles),
            groups=','.join(f'{MODULE}.group_{role}' for role in roles or ('user',)),
            context={'no_reset_password': True},
            company_id=cls.company.id,
            tz='Asia/Shanghai',
            **values,
        )

    @classmethod
    def _role(cls, role):
        """Return the user who holds exactly this role; made at the first call."""
        login = f'test_{role}'
        user = cls.env['res.users'].search([('login', '=', login)])
        return user or cls._make_user(role, login=login)

    @classmethod
    def _make_part(cls, name="Brake pad", cost=100.0, price=226.0, on_hand=0.0, **values):
        """Create a stored part; `price` is what the customer pays, tax included."""
        product = cls.env['product.product'].create({
            'name': name,
            'is_storable': True,
            'categ_id': cls.part_category.id,
            'standard_price': cost,
            'list_price': price,
            'taxes_id': [Command.set(cls.tax_sale.ids)],
            'supplier_taxes_id': [Command.clear()],
            **values,
        })
        if on_hand:
            cls._receive(product, on_hand, cost)
        return product

    @classmethod
    def _receive(cls, product, quantity, cost=None, warehouse=None):
        """Receive goods from a supplier at this unit cost and return the done picking."""
        picking_type = (warehouse or cls.warehouse).in_type_id
        supplier = cls.env.ref('stock.stock_location_suppliers')
        picking = cls.env['stock.picking'].with_company(picking_type.company_id).create({
            'picking_type_id': picking_type.id,
            'location_id': supplier.id,
            'location_dest_id': picking_type.default_location_dest_id.id,
            'company_id': picking_type.company_id.id,
            'move_ids': [Command.create({
                'product_id': product.id,
                'product_uom_qty': quantity,
                'product_uom': product.uom_id.id,
                'price_unit': product.standard_price if cost is None else cost,
                'location_id': supplier.id,
                'location_dest_id': picking_type.default_location_dest_id.id,
                'company_id': picking_type.company_id.id,
            })],
        })
        picking.action_confirm()
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    @classmethod
    def _make_customer(cls, name="Mr Wang", **values):
        return cls.env['res.partner'].create({'name': name, 'country_id': cls.env.ref('base.cn').id, **values})

    @classmethod
    def _balance(cls, account, *domain):
        """Return the posted balance of an account in the test company, e.g. the work in progress."""
        [(balance,)] = cls.env['account.move.line']._read_group(
            [('account_id', '=', account.id), ('parent_state', '=', 'posted'), *domain], [], ['balance:sum'],
        )
        return cls.company.currency_id.round(balance or 0.0)
