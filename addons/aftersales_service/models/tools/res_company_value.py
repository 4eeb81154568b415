from odoo import fields, models
from odoo.fields import Command

from ..base.errors import coded_error
from ..parts.guard import opened

# Key: setting, account type. What the set-up check creates when nothing is chosen.
TOOL_ACCOUNTS = {
    'use': ('aftersales_tool_use_account_id', 'asset_current'),
    'amortised': ('aftersales_tool_amortised_account_id', 'asset_current'),
    'asset': ('aftersales_tool_asset_account_id', 'asset_fixed'),
    'depreciated': ('aftersales_tool_depreciated_account_id', 'asset_fixed'),
    'expense': ('aftersales_tool_expense_account_id', 'expense'),
    'loss': ('aftersales_tool_loss_account_id', 'asset_current'),
}
TOOLS_BARCODE = 'AS-TOOLS'


class ResCompany(models.Model):
    """How bought tools reach the books and leave them (accounting 23)."""

    _inherit = 'res.company'

    aftersales_tool_use_account_id = fields.Many2one(
        'account.account', "Tools in Use", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('asset_current', 'asset_non_current'))]",
        help="周转材料—在用: what bought tools are worth once they leave stock.",
    )
    aftersales_tool_amortised_account_id = fields.Many2one(
        'account.account', "Tools Amortised", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('asset_current', 'asset_non_current'))]",
        help="周转材料—摊销, beside tools in use.",
    )
    aftersales_tool_asset_account_id = fields.Many2one(
        'account.account', "Equipment", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('asset_fixed', 'asset_non_current'))]",
        help="固定资产: tools from the limit below.",
    )
    aftersales_tool_depreciated_account_id = fields.Many2one(
        'account.account', "Equipment Depreciated", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('asset_fixed', 'asset_non_current'))]", help="累计折旧.",
    )
    aftersales_tool_expense_account_id = fields.Many2one(
        'account.account', "Cost of Tools", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_depreciation'))]",
        help="Bears amortisation, depreciation and what is left at disposal.",
    )
    aftersales_tool_loss_account_id = fields.Many2one(
        'account.account', "Lost Tools Pending", check_company=True, ondelete='restrict',
        help="待处理财产损溢: book value of lost tools until somebody decides who bears it.",
    )
    aftersales_tool_amortisation = fields.Selection(
        [('once', "At once"), ('half', "Half in use, half at disposal"), ('straight', "Monthly over the service life")],
        "Tools Are Amortised", default='once', required=True, help="一次摊销, 五五摊销, or monthly. Ask your accountant.",
    )
    aftersales_tool_asset_limit = fields.Monetary(
        "Equipment From", default=5000.0, help="A tool that costs this or more is equipment, depreciated monthly.",
    )
    aftersales_tool_asset_months = fields.Integer(
        "Equipment Serves (Months)", default=60, help="Where the category names no service life.",
    )
    aftersales_tools_location_id = fields.Many2one(
        'stock.location', "Place of Tools in Use", readonly=True, check_company=True, ondelete='restrict', copy=False
    )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if 'aftersales_tool_use_account_id' in vals:
            for company in self.sudo().filtered('aftersales_tools_location_id'):
                opened(company.aftersales_tools_location_id).valuation_account_id = company.aftersales_tool_use_account_id
        return result

    # === GETTERS === #

    def _aftersales_tool_account(self, key):
        """Return the account of a purpose, the company's or its root's, as superuser.

        :param str key: see TOOL_ACCOUNTS.
        :raise UserError: TOO-90 nothing is set.
        """
        self.ensure_one()
        company, name = self.sudo(), TOOL_ACCOUNTS[key][0]
        account = company[name] or company.root_id[name]
        if not account:
            raise coded_error('TOO-90', self.env._(
                "%(company)s has no account for “%(account)s”. The accountant sets it in the after-sales settings; the "
                "set-up check can create it.",
                company=company.name, account=self._fields[name]._description_string(self.env)))
        return account

    def _aftersales_owed_account(self):
        """Return the account of what employees owe, as superuser; none before the people's room names it."""
        self.ensure_one()
        return self.env['account.account'].sudo()

    def _aftersales_tools_place_sudo(self):
        """Return the place where bought tools go when they leave stock, made at first use and found again.

        Usage production: what lies there is no stock, and is valued on the account of tools in use.
        Sudo: whoever may put tools in use need not keep the warehouse.
        """
        self.ensure_one()
        company = self.sudo()
        if company.aftersales_tools_location_id:
            return company.aftersales_tools_location_id
        locations = opened(self.env['stock.location'].sudo().with_company(company).with_context(active_test=False))
        barcode = f'{TOOLS_BARCODE}-{company.id}'
        account = company.aftersales_tool_use_account_id or company.root_id.aftersales_tool_use_account_id
        place = locations.search([('barcode', '=', barcode), ('company_id', '=', company.id)], limit=1)
        if place:
            place.write({'active': True, 'valuation_account_id': account.id})
        else:
            place = locations.create({
                'name': self.env._("Tools in Use"), 'usage': 'production', 'location_id': False, 'barcode': barcode,
                'company_id': company.id, 'valuation_account_id': account.id,
            })
        company.aftersales_tools_location_id = place
        return place

    def _aftersales_retire_company(self):
        result = super()._aftersales_retire_company()
        self.sudo().aftersales_tools_location_id.active = False
        return result

    # === SET-UP CHECKS === #

    def _aftersales_setup_checks(self):
        checks = super()._aftersales_setup_checks()
        company = self.sudo()
        missing = [
            company._fields[name]._description_string(self.env)
            for name, _type in TOOL_ACCOUNTS.values() if not (company[name] or company.root_id[name])
        ]
        checks.append(company._aftersales_check(
            'tool_accounts', self.env._("Accounts of tools"), not missing,
            self.env._("Not set: %(accounts)s.", accounts=", ".join(missing)) if missing
            else self.env._("All accounts are set."),
            '_aftersales_fix_tool_accounts' if company.root_id.chart_template else None,
        ))
        return checks

    def _aftersales_fix_tool_accounts(self):
        """Create the missing accounts beside the company's own, never by a fixed code, and set them."""
        labels = {
            'use': self.env._("Tools in use"),
            'amortised': self.env._("Tools amortised"),
            'asset': self.env._("Workshop equipment"),
            'depreciated': self.env._("Workshop equipment depreciated"),
            'expense': self.env._("Cost of tools"),
            'loss': self.env._("Lost tools pending"),
        }
        for company in self:
            accounts = self.env['account.account'].sudo().with_company(company.root_id)
            for key, (name, account_type) in TOOL_ACCOUNTS.items():
                if company[name] or company.root_id[name]:
                    continue
                beside = accounts.search(
                    [('company_ids', 'in', company.root_id.ids), ('account_type', '=', account_type)],
                    order='code desc', limit=1,
                )
                company[name] = accounts.create({
                    'code': accounts._search_new_account_code(beside.code or '190001'),
                    'name': labels[key],
                    'account_type': account_type,
                    'company_ids': [Command.set(company.root_id.ids)],
                })
        return True
