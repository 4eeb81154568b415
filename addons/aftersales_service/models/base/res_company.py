from datetime import datetime, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools

from .const import SHOP_SIZES


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_shop_size = fields.Selection(
        SHOP_SIZES, string="Shop size", default='large', required=True,
        help="Decides which levels the gates are shipped with.",
    )
    aftersales_wip_account_id = fields.Many2one(
        'account.account', string="Work in progress account", check_company=True, ondelete='restrict',
        domain="[('active', '=', True), ('account_type', 'in', ('asset_current', 'asset_prepayments'))]",
        help="Parts issued to open orders are kept on this account until the order is settled; every part must then "
             "be in a category with perpetual valuation. Empty: plain periodic accounting, cost is only reported.",
    )
    aftersales_day_start = fields.Float(
        string="Day starts at", default=0.0,
        help="Hour at which a business day begins: a night shift until 02:00 belongs to the day before when this is "
             "04:00. Hours in the time zone of the working calendar.",
    )

    _aftersales_day_start_range = models.Constraint(
        'CHECK(aftersales_day_start >= 0 AND aftersales_day_start < 24)', "The day starts between 00:00 and 23:59.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._aftersales_prepare_company()
        return companies

    def write(self, vals):
        if 'aftersales_wip_account_id' not in vals:
            return super().write(vals)
        # Branches without an account of their own follow their root.
        family = self.sudo().with_context(active_test=False).search([('id', 'child_of', self.root_id.ids)])
        before = {company: company._aftersales_wip_account() for company in family}
        result = super().write(vals)
        for company, old in before.items():
            if (new := company._aftersales_wip_account()) != old:
                company._aftersales_on_wip_account_change(old, new)
        return result

    # === ACTION METHODS === #

    def action_aftersales_apply_defaults(self, size):
        """Set every gate of these companies to the levels shipped for a shop of that size.

        :param str size: large | small.
        :raise UserError: BAS-11 the user is not the service manager.
        """
        self._aftersales_ensure_manager()
        self._aftersales_apply_defaults_sudo(size)

    # === BUSINESS METHODS: PREPARATION === #

    def _aftersales_prepare_company(self):
        """Create what each company needs to run the shop; every room adds its own through super().

        Idempotent: looks for a record before creating it (a reinstall finds the old ones).
        """
        self.env['aftersales.profile']._sync_profiles(self)
        self.env['aftersales.indicator']._sync_indicators(self)

    def _aftersales_retire_company(self):
        """Archive, at uninstallation, what `_aftersales_prepare_company` made without an xmlid."""
        self.env['ir.sequence'].sudo().search([
            ('company_id', 'in', self.ids), ('code', '=like', 'aftersales.%'),
        ]).active = False

    def _aftersales_ensure_sequence(self, code, name, prefix, padding=4):
        """Give each company its own number sequence of a code; one that an uninstallation archived goes on.

        :param str code: model name.
        :param str name: translated, completed with the company's name.
        :param str prefix: with year and month.
        """
        sequences = self.env['ir.sequence'].sudo().with_context(active_test=False).search([
            ('code', '=', code), ('company_id', 'in', self.ids),
        ])
        sequences.filtered(lambda sequence: not sequence.active).active = True
        sequences.create([
            {
                'code': code, 'name': f'{name} {company.name}', 'company_id': company.id, 'prefix': prefix,
                'padding': padding,
            }
            for company in self - sequences.company_id
        ])

    # === BUSINESS METHODS: PROFILES AND GATES === #

    def _aftersales_profile(self, code):
        """Return this company's profile of one kind.

        :param str code: standard, express, … or company.
        :rtype: recordset of aftersales.profile
        """
        self.ensure_one()
        return self.env['aftersales.profile'].browse(self._aftersales_profile_id(code))

    @tools.ormcache('self.id', 'code')
    def _aftersales_profile_id(self, code):
        """Return the id of a profile; sudo: profiles are no secret and every verb asks for them."""
        profiles = self.env['aftersales.profile'].sudo().with_context(active_test=False)
        profile = profiles.search([('company_id', '=', self.id), ('code', '=', code)], limit=1)
        if not profile:
            profiles._sync_profiles(self)
            profile = profiles.search([('company_id', '=', self.id), ('code', '=', code)], limit=1)
        return profile.id

    def _aftersales_gate(self, code):
        """Return how strict a gate without an order is: off | warn | block | override.

        :param str code: gate declared for the company-wide profile.
        """
        return self._aftersales_profile('company')._gate(code)

    def _aftersales_apply_defaults_sudo(self, size):
        """Reset the levels; sudo: the caller checked that the user is the service manager, no administrator."""
        self.sudo().write({'aftersales_shop_size': size})
        gates = self.env['aftersales.profile.gate'].sudo().search([('company_id', 'in', self.ids)])
        gates._apply_shipped(size)

    # === BUSINESS METHODS: ACCOUNTING MODE === #

    def _aftersales_wip_account(self):
        """Return the account of work in progress: the company's own, else its root's; empty: periodic mode.

        :rtype: recordset of account.account, as superuser (accounts are not readable for a technician's step).
        """
        self.ensure_one()
        company = self.sudo()
        return company.aftersales_wip_account_id or company.root_id.aftersales_wip_account_id

    def _aftersales_on_wip_account_change(self, old, new):
        """Called after this company's effective account of work in progress changed; rooms extend through super().

        :param old: account.account before, may be empty.
        :param new: account.account now, may be empty.
        :raise UserError: a room cannot follow while work is open.
        """
        self.ensure_one()

    # === BUSINESS METHODS: DAYS === #

    def _aftersales_workday_tz(self):
        """Return the time zone in which this company's days are cut: its working calendar's.

        :rtype: datetime.tzinfo
        """
        self.ensure_one()
        company = self.sudo()
        return pytz.timezone(company.resource_calendar_id.tz or company.partner_id.tz or self.env.user.tz or 'UTC')

    def _aftersales_today(self, now=None):
        """Return the business day at a moment.

        :param datetime now: UTC without zone, this moment unless given.
        :rtype: datetime.date
        """
        moment = pytz.utc.localize(now or fields.Datetime.now()).astimezone(self._aftersales_workday_tz())
        return (moment.replace(tzinfo=None) - timedelta(hours=self.sudo().aftersales_day_start)).date()

    def _aftersales_day_bounds(self, date=None):
        """Return when a business day begins and ends.

        :param datetime.date date: the day, today unless given.
        :return: (first moment, first moment of the next day), UTC without zone, for Datetime domains (>= and <).
        :rtype: tuple[datetime, datetime]
        """
        date = fields.Date.to_date(date) or self._aftersales_today()
        return self._aftersales_moment(date), self._aftersales_moment(date + timedelta(days=1))

    def _aftersales_month_bounds(self, date=None):
        """Return when the business month of a day begins and ends, as `_aftersales_day_bounds` does."""
        first = (fields.Date.to_date(date) or self._aftersales_today()).replace(day=1)
        return self._aftersales_moment(first), self._aftersales_moment(first + relativedelta(months=1))

    def _aftersales_period_bounds(self, date_from, date_to):
        """Return when a period of whole business days begins and ends, as `_aftersales_day_bounds` does.

        :param date_from: first day. :param date_to: last day, included.
        """
        first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        return self._aftersales_moment(first), self._aftersales_moment(last + timedelta(days=1))

    def _aftersales_moment(self, date):
        """Return the moment at which a business day begins, UTC without zone."""
        start = datetime.combine(date, datetime.min.time()) + timedelta(hours=self.sudo().aftersales_day_start)
        return self._aftersales_workday_tz().localize(start).astimezone(pytz.utc).replace(tzinfo=None)

    # === BUSINESS METHODS: CHECKS === #

    def _aftersales_integrity(self):
        """Return every disagreement between documents, stock and books; rooms add their own through super().

        Called as superuser with the company active; one query a check, not one a document.

        :return: dictionaries with code, name, severity (info|warning|error), res_model, res_id, amount, message.
        :rtype: list[dict]
        """
        self.ensure_one()
        return []
