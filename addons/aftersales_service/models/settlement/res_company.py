from odoo import api, fields, models
from odoo.fields import Command

from ..base.errors import coded_error
from .account_journal import MEANS

EXPENSE = "[('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_other'))]"
# Setting, label, account type, whether its items are matched: what the set-up check proposes.
ACCOUNTS = {
    'cost': ('aftersales_cost_account_id', "Cost of repairs", 'expense_direct_cost', False),
    'transit': ('aftersales_transit_account_id', "Claims in transit", 'asset_current', True),
    'writeoff': ('aftersales_writeoff_account_id', "Claims written off", 'expense', False),
    'goodwill': ('aftersales_goodwill_account_id', "Goodwill", 'expense', False),
    'internal': ('aftersales_internal_account_id', "Internal work", 'expense', False),
    'disbursement': ('aftersales_disbursement_account_id', "Paid out for customers", 'asset_current', True),
    'advance': ('aftersales_advance_account_id', "Customer advances", 'liability_current', False),
    'forfeit': ('aftersales_forfeit_account_id', "Forfeited deposits", 'income_other', False),
    'cash_difference': ('aftersales_cash_difference_account_id', "Cash differences pending", 'asset_current', False),
    'fee': ('aftersales_fee_account_id', "Payment provider fees", 'expense', False),
    'difference': ('aftersales_difference_account_id', "Small differences", 'expense', False),
}


class ResCompany(models.Model):
    _inherit = 'res.company'

    # Accounts
    aftersales_cost_account_id = fields.Many2one(
        'account.account',
        "Cost of Repairs",
        check_company=True,
        domain=EXPENSE,
        help="Bears the cost of what customers and approved claims pay. Empty: the company's default expense account.",
    )
    aftersales_transit_account_id = fields.Many2one(
        'account.account',
        "Claims in Transit",
        check_company=True,
        domain="[('account_type', 'in', ('asset_current', 'asset_prepayments'))]",
        help="Keeps the cost of claims until manufacturer or insurer answers. An asset only while "
        "recovery is probable: ask your accountant.",
    )
    aftersales_writeoff_account_id = fields.Many2one(
        'account.account',
        "Claims Written Off",
        check_company=True,
        domain=EXPENSE,
        help="Bears the cost of refused claims. Empty: cost of repairs.",
    )
    aftersales_goodwill_account_id = fields.Many2one(
        'account.account',
        "Goodwill",
        check_company=True,
        domain=EXPENSE,
        help="Bears goodwill whose reason names no account of its own.",
    )
    aftersales_internal_account_id = fields.Many2one(
        'account.account',
        "Internal Work",
        check_company=True,
        help="Bears internal work whose reason names no account of its own (PDI, demo cars, own cars).",
    )
    aftersales_disbursement_account_id = fields.Many2one(
        'account.account',
        "Paid Out for Customers",
        check_company=True,
        help="Other receivables: towing or fuel laid out for the customer comes back here, without revenue and VAT.",
    )
    aftersales_advance_account_id = fields.Many2one(
        'account.account',
        "Customer Advances",
        check_company=True,
        help="Optional. Shows open deposits as a liability at month end by an entry that is reversed the next day. "
        "Empty: the list of open deposits is used for the reclassification.",
    )
    aftersales_forfeit_account_id = fields.Many2one(
        'account.account', "Forfeited Deposits", check_company=True, help="Other income."
    )
    aftersales_cash_difference_account_id = fields.Many2one(
        'account.account',
        "Cash Differences Pending",
        check_company=True,
        help="Differences of the cash count wait here for a decision.",
    )
    aftersales_fee_account_id = fields.Many2one(
        'account.account',
        "Provider Fees",
        check_company=True,
        domain=EXPENSE,
        help="Fees of WeChat, Alipay and card terminals.",
    )
    aftersales_difference_account_id = fields.Many2one(
        'account.account',
        "Small Differences",
        check_company=True,
        domain=EXPENSE,
        help="Bears the last cents of a settled order that never came (financial or selling expense).",
    )

    # Journals
    aftersales_sale_journal_id = fields.Many2one(
        'account.journal',
        "Settlement Journal",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Empty: the company's first sales journal.",
    )
    aftersales_cost_journal_id = fields.Many2one(
        'account.journal',
        "Cost Journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Journal of the cost entries of repair orders, apart from the others; created by the set-up check.",
    )

    aftersales_counter_partner_id = fields.Many2one(
        'res.partner',
        "Walk-in Customer",
        check_company=True,
        help="Buyer of counter sales without a name. Made at the first sale when empty.",
    )

    # Parameters
    aftersales_deposit_part_threshold = fields.Monetary(
        "Deposit for Parts From",
        default=1000.0,
        help="Unit price incl. tax from which a part needs a deposit before it is ordered.",
    )
    aftersales_deposit_min_ratio = fields.Float(
        "Deposit Ratio",
        default=0.5,
        digits=(6, 4),
        help="Least part of the price. Above 20 % the law treats the money as a prepayment, whatever "
        "the slip says: ask your accountant.",
    )
    aftersales_rounding_limit = fields.Monetary(
        "Rounding by the Cashier Below", default=1.0, help="Small change a cashier may waive before settlement."
    )
    aftersales_rounding_limit_supervisor = fields.Monetary(
        "Rounding by a Supervisor Below", default=10.0, help="Small change a supervisor may waive."
    )
    aftersales_difference_limit = fields.Monetary(
        "Small Difference Up To",
        default=1.0,
        help="What a payer still owes after posting may be written off up to this amount; 0 switches it off.",
    )
    aftersales_goodwill_limit_advisor = fields.Monetary(
        "Given Away by an Advisor Up To",
        default=200.0,
        help="Goodwill and discounts of one order, incl. tax. More needs a supervisor's approval.",
    )
    aftersales_goodwill_limit_supervisor = fields.Monetary(
        "Given Away by a Supervisor Up To",
        default=2000.0,
        help="More needs the service manager.",
    )
    aftersales_transit_days = fields.Integer(
        "Claims Overdue After (Days)", default=90, help="Claims in transit older than this are listed for impairment."
    )
    aftersales_notify_short_hours = fields.Float(
        "Tell Before, Short Jobs (h)", default=1.0, help="Customer is told this long before the promised time."
    )
    aftersales_notify_long_hours = fields.Float(
        "Tell Before, Long Jobs (h)", default=4.0, help="The same for long jobs."
    )
    aftersales_notify_limit_days = fields.Float(
        "Long Jobs From (Days)", default=2.0, help="Exactly so many days count as long."
    )
    aftersales_maintenance_km = fields.Integer(
        "Maintenance Every (km)", default=5000, help="Next maintenance told at handover."
    )
    aftersales_maintenance_months = fields.Integer(
        "Maintenance Every (Months)", default=6, help="Next maintenance told at handover."
    )

    _aftersales_deposit_ratio_range = models.Constraint(
        'CHECK(aftersales_deposit_min_ratio >= 0 AND aftersales_deposit_min_ratio <= 1)',
        "The deposit ratio lies between 0 and 1.",
    )
    _aftersales_difference_limit_positive = models.Constraint(
        'CHECK(aftersales_difference_limit >= 0)', "The limit of small differences cannot be negative."
    )

    # === PREPARATION === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        for code, name, prefix in (
            ('aftersales.settlement', self.env._("Settlements"), 'ST/%(year)s%(month)s/'),
            ('aftersales.gate.pass', self.env._("Gate Passes"), 'GP/%(year)s%(month)s/'),
            ('aftersales.cash.count', self.env._("Cash Counts"), 'CC/%(year)s/'),
            ('aftersales.refund', self.env._("Refunds"), 'RF/%(year)s/'),
        ):
            self._aftersales_ensure_sequence(code, name, prefix, 5)
        return result

    # === GETTERS === #

    def _aftersales_account(self, key):
        """Return the account of a purpose: the company's, its root's, or what stands in for it.

        :param str key: see ACCOUNTS
        :rtype: recordset of account.account, as superuser
        :raise UserError: SET-10 nothing is set.
        """
        self.ensure_one()
        company = self.sudo()
        name, label, _type, _reconcile = ACCOUNTS[key]
        account = company[name] or company.root_id[name]
        if not account and key == 'writeoff':
            return company._aftersales_account('cost')
        if not account and key == 'cost':
            account = company.expense_account_id or company.root_id.expense_account_id
        if not account:
            raise coded_error(
                'SET-10',
                self.env._(
                    "%(company)s has no account for “%(account)s”. The accountant sets it in the after-sales "
                    "settings; the set-up check can create it.",
                    company=company.name,
                    account=self._fields[name]._description_string(self.env),
                ),
            )
        return account

    def _aftersales_sale_journal(self):
        """Return the journal of settlement invoices."""
        self.ensure_one()
        company = self.sudo()
        journal = company.aftersales_sale_journal_id or self.env['account.journal'].sudo().search(
            [*self.env['account.journal']._check_company_domain(company), ('type', '=', 'sale')],
            limit=1,
        )
        if not journal:
            raise coded_error(
                'SET-12',
                self.env._("%(company)s has no sales journal. Load a chart of accounts first.", company=company.name),
            )
        return journal

    def _aftersales_cost_journal(self):
        """Return the journal of cost entries, made at first use: the entries of orders stay apart from others."""
        self.ensure_one()
        company = self.sudo()
        if not company.aftersales_cost_journal_id:
            journals = self.env['account.journal'].sudo().with_context(active_test=False)
            journal = journals.search(
                [('company_id', '=', company.id), ('code', '=', 'ASC'), ('type', '=', 'general')], limit=1
            )
            if journal:
                journal.active = True
            company.aftersales_cost_journal_id = journal or journals.create(
                {
                    'name': self.env._("Cost of Repair Orders"),
                    'code': 'ASC',
                    'type': 'general',
                    'company_id': company.id,
                    'show_on_dashboard': False,
                }
            )
        return company.aftersales_cost_journal_id

    def _aftersales_counter_partner(self):
        """Return the buyer of counter sales without a name, made at first use."""
        self.ensure_one()
        company = self.sudo()
        if not company.aftersales_counter_partner_id:
            company.aftersales_counter_partner_id = (
                self.env['res.partner']
                .sudo()
                .create(
                    {
                        'name': self.env._("Walk-in customer"),
                        'company_id': company.id,
                        'country_id': company.country_id.id,
                    }
                )
            )
        return company.aftersales_counter_partner_id.with_env(self.env)

    def _aftersales_concession_limit(self, user):
        """Return up to which amount a user may give away on one order; None: without limit (R-PERM-10)."""
        self.ensure_one()
        if user.has_group('aftersales_service.group_service_manager'):
            return None
        if user.has_group('aftersales_service.group_frontdesk_supervisor'):
            return self.aftersales_goodwill_limit_supervisor
        return self.aftersales_goodwill_limit_advisor if user.has_group('aftersales_service.group_advisor') else 0.0

    # === SET-UP CHECKS === #

    def _aftersales_setup_checks(self):
        checks = super()._aftersales_setup_checks()
        _ = self.env._
        company = self.sudo()
        has_chart = bool(company.root_id.chart_template)
        missing = [
            company._fields[name]._description_string(self.env)
            for key, (name, *_rest) in ACCOUNTS.items()
            if key not in ('advance', 'writeoff') and not (company[name] or company.root_id[name])
        ]
        checks.append(
            {
                'code': 'SET-A',
                'name': _("Accounts of settlement"),
                'ok': not missing,
                'message': _("Not set: %(accounts)s.", accounts=', '.join(missing))
                if missing
                else _("All accounts are set."),
                'fix': '_aftersales_fix_accounts' if has_chart and missing else None,
            }
        )
        checks.append(
            {
                'code': 'SET-B',
                'name': _("Journal of cost entries"),
                'ok': bool(company.aftersales_cost_journal_id),
                'message': _("Cost entries of repair orders have a journal of their own."),
                'fix': '_aftersales_fix_cost_journal' if has_chart else None,
            }
        )
        means = set(
            self.env['account.journal']
            .sudo()
            .search([('company_id', '=', company.id), ('aftersales_means', '!=', False)])
            .mapped('aftersales_means')
        )
        lacking = [label for code, label in self._aftersales_means_labels() if code not in means]
        checks.append(
            {
                'code': 'SET-C',
                'name': _("Payment means of the till"),
                'ok': not lacking,
                'message': _("No journal for: %(means)s.", means=', '.join(lacking))
                if lacking
                else _("Every payment means has its journal."),
                'fix': '_aftersales_fix_means' if has_chart and lacking else None,
            }
        )
        selling = company.aftersales_cost_account_id or company.expense_account_id
        checks.append(
            {
                'code': 'SET-D',
                'name': _("Part cost goes to cost of sales"),
                'ok': not company._aftersales_wip_account()
                or selling.account_type == 'expense_direct_cost'
                or bool(company.aftersales_cost_account_id),
                'message': _(
                    "Cost of repairs should be a cost-of-sales account; the stock variation account of the small "
                    "Chinese chart is a selling expense."
                ),
                'fix': None,
            }
        )
        return checks

    @api.model
    def _aftersales_means_labels(self):
        labels = dict(self.env['account.journal']._fields['aftersales_means']._description_selection(self.env))
        return [(code, labels[code]) for code, _label in MEANS]

    def _aftersales_fix_accounts(self):
        """Create the missing accounts beside the company's own, never by a fixed code, and set them."""
        self.check_access('write')
        labels = {
            'cost': self.env._("Cost of repairs"),
            'transit': self.env._("Claims in transit"),
            'goodwill': self.env._("After-sales goodwill"),
            'internal': self.env._("Internal repair work"),
            'disbursement': self.env._("Paid out for customers"),
            'forfeit': self.env._("Forfeited deposits"),
            'cash_difference': self.env._("Cash differences pending"),
            'fee': self.env._("Payment provider fees"),
            'difference': self.env._("Small differences"),
        }
        for company in self.sudo():
            accounts = self.env['account.account'].sudo().with_company(company.root_id)
            for key, label in labels.items():
                name, _label, account_type, reconcile = ACCOUNTS[key]
                if company[name] or company.root_id[name]:
                    continue
                if key == 'cost' and company.expense_account_id:
                    company[name] = company.expense_account_id
                    continue
                beside = accounts.search(
                    [('company_ids', 'in', company.root_id.ids), ('account_type', '=', account_type)],
                    order='code desc',
                    limit=1,
                )
                code = accounts._search_new_account_code(beside.code or '190001')
                company[name] = accounts.create(
                    {
                        'code': code,
                        'name': label,
                        'account_type': account_type,
                        'reconcile': reconcile,
                        'company_ids': [Command.set(company.root_id.ids)],
                    }
                )
        return True

    def _aftersales_fix_cost_journal(self):
        self.check_access('write')
        for company in self:
            company._aftersales_cost_journal()
        return True

    def _aftersales_fix_means(self):
        """Mark the cash and bank journals, create clearing journals for WeChat, Alipay and cards."""
        self.check_access('write')
        for company in self.sudo():
            journals = self.env['account.journal'].sudo().with_company(company)
            taken = set(
                journals.search([('company_id', '=', company.id), ('aftersales_means', '!=', False)]).mapped(
                    'aftersales_means'
                )
            )
            for means, label in self._aftersales_means_labels():
                if means in taken:
                    continue
                if means in ('cash', 'bank'):
                    journal = journals.search(
                        [('company_id', '=', company.id), ('type', '=', means), ('aftersales_means', '=', False)],
                        limit=1,
                    )
                    journal = journal or journals.create(
                        {'name': label, 'type': means, 'company_id': company.id, 'code': 'AS' + means[:3].upper()}
                    )
                else:
                    journal = journals.search(
                        [('company_id', '=', company.id), ('code', '=', 'AS' + means[:3].upper())], limit=1
                    ) or journals.create(
                        {
                            'name': label,
                            'type': 'bank',
                            'company_id': company.id,
                            'code': 'AS' + means[:3].upper(),
                        }
                    )
                journal.aftersales_means = means
                # Money of the till is there at once: no detour over outstanding receipts (Dr means / Cr receivable).
                if means != 'bank':
                    (
                        journal.inbound_payment_method_line_ids | journal.outbound_payment_method_line_ids
                    ).payment_account_id = journal.default_account_id
        return True

    # === MONTH END === #

    def _aftersales_advances(self, date=None):
        """Return the open deposits: money on the receivable account that is really an advance.

        :rtype: list[dict]  order, partner, payment, amount, days
        """
        self.ensure_one()
        today = self._aftersales_today()
        lines = (
            self.env['account.move.line']
            .sudo()
            .search(
                [
                    ('company_id', '=', self.id),
                    ('move_id.aftersales_kind', '=', 'payment'),
                    ('account_id.account_type', '=', 'asset_receivable'),
                    ('parent_state', '=', 'posted'),
                    ('reconciled', '=', False),
                    ('amount_residual', '<', 0),
                    *([('date', '<=', date)] if date else []),
                ]
            )
        )
        return [
            {
                'order': line.move_id.aftersales_order_id,
                'partner': line.partner_id,
                'payment': line.move_id.origin_payment_id,
                'account': line.account_id,
                'amount': -line.amount_residual,
                'days': (today - line.date).days,
            }
            for line in lines
        ]

    def _aftersales_post_advances(self, date):
        """Show open deposits as a liability on a day: Dr receivable / Cr customer advances, reversed the day after.

        :param datetime.date date: last day of the month.
        :return: the entry and its reversal; empty when nothing is open.
        :raise UserError: SET-10 no account is set, SET-02 role
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('SET-02', self.env._("Advances are reclassified by the accountant."))
        advance = self._aftersales_account('advance')
        sums = {}
        for row in self._aftersales_advances(date):
            key = (row['partner'], row['account'])
            sums[key] = sums.get(key, 0.0) + row['amount']
        moves = self.env['account.move']
        if not sums:
            return moves
        label = self.env._("Customer advances of after-sales on %(date)s", date=date)
        move = (
            moves.sudo()
            .with_company(self)
            ._guarded()
            .create(
                {
                    'move_type': 'entry',
                    'journal_id': self._aftersales_cost_journal().id,
                    'company_id': self.id,
                    'date': date,
                    'ref': label,
                    'aftersales_kind': 'bridge',
                    'line_ids': [
                        command
                        for (partner, account), amount in sums.items()
                        for command in (
                            Command.create(
                                {'name': label, 'account_id': account.id, 'partner_id': partner.id, 'balance': amount}
                            ),
                            Command.create(
                                {'name': label, 'account_id': advance.id, 'partner_id': partner.id, 'balance': -amount}
                            ),
                        )
                    ],
                }
            )
        )
        move._post(soft=False)
        reversal = move._reverse_moves([{'date': fields.Date.add(date, days=1), 'ref': label}], cancel=True)
        return move | reversal
