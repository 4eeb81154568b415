from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from .guard import opened

# What an account of pending stock differences is called, in the languages our shops keep their books in.
PENDING_NAMES = ("待处理财产损", "待處理財產損", "pending", "inventory loss")


class ResCompany(models.Model):
    """Parameters of stock counts, the account of differences nobody has decided about, and what must hold."""

    _inherit = 'res.company'

    aftersales_count_account_id = fields.Many2one(
        'account.account', "Stock Differences Pending", check_company=True, domain="[('active', '=', True)]",
        help="Adjustments of stock are booked against this account until the accountant has decided who bears them "
             "(待处理财产损溢). It also becomes the account of Odoo's inventory-loss location.",
    )
    aftersales_count_tolerance_percent = fields.Float(
        "Count Tolerance (%)", default=2.0, help="Differences up to this share of the book quantity are not counted again."
    )
    aftersales_count_tolerance_value = fields.Monetary(
        "Count Tolerance in Value", default=50.0, help="Differences worth more are counted again by somebody else."
    )
    aftersales_count_limit = fields.Monetary(
        "Accountant Approves Counts Above", default=1000.0, help="Sum of all differences of a count, missing or surplus."
    )
    aftersales_count_from = fields.Date(
        "Adjustments Explained From",
        help="Adjustments without a count before this day (such as opening balances) are not listed. Empty: from the first count on.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if 'aftersales_count_account_id' in vals:
            self._aftersales_sync_count_account()
        return result

    # === PREPARATION === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_count_sequence()
        return result

    @api.model
    def _aftersales_prepare_counts(self):
        """Give existing companies what this version adds; called on every update."""
        self.sudo().search([])._aftersales_ensure_count_sequence()

    def _aftersales_ensure_count_sequence(self):
        self._aftersales_ensure_sequence('aftersales.stock.count', self.env._("Stock Counts"), 'PD/%(year)s%(month)s/')

    # === GETTERS === #

    def _aftersales_count_account(self):
        """Return the account of pending stock differences: own, else the root's; may be empty; as superuser."""
        self.ensure_one()
        company = self.sudo()
        return company.aftersales_count_account_id or company.root_id.aftersales_count_account_id

    def _aftersales_count_location(self):
        """Return the place Odoo's adjustments go to and come from in this company; as superuser."""
        self.ensure_one()
        products = self.env['product.template'].sudo().with_company(self)
        return products._fields['property_stock_inventory'].get_company_dependent_fallback(products)

    def _aftersales_sync_count_account(self):
        """Value the inventory-loss location by the pending account, so that an adjustment is booked when it is made."""
        for company in self.sudo().search([('id', 'child_of', self.root_id.ids)]):
            account, location = company._aftersales_count_account(), company._aftersales_count_location()
            # A location that several companies share keeps what somebody has set there.
            if location.company_id == company and location.valuation_account_id != account:
                opened(location).valuation_account_id = account

    def _aftersales_count_since(self):
        """Return from which day on adjustments need a count: the set day, else that of the first count; None: no count yet."""
        self.ensure_one()
        company = self.sudo()
        return company.aftersales_count_from or self.env['aftersales.stock.count'].sudo().search(
            [('company_id', '=', self.id), ('applied_at', '!=', False)], order='applied_at', limit=1,
        ).frozen_at

    # === SET-UP CHECKS === #

    def _aftersales_setup_checks(self):
        checks = super()._aftersales_setup_checks()
        company = self.sudo().with_company(self)
        account, location = company._aftersales_count_account(), company._aftersales_count_location()
        ok = account and account.active and location.valuation_account_id == account
        proposal = company._aftersales_propose_count_account()
        if ok:
            message = self.env._("Differences of counts wait on %(account)s for a decision.", account=account.display_name)
        elif account:
            message = self.env._(
                "%(account)s is set, but %(location)s is valued by another account: differences would not reach it.",
                account=account.display_name, location=location.display_name or "-")
        else:
            message = self.env._(
                "No account: differences of stock counts would show at closing only. Proposed: %(proposal)s.",
                proposal=proposal.display_name or self.env._("a new account 1901"))
        has_chart = company.root_id.chart_template
        checks.append(company._aftersales_check(
            'count_account', self.env._("Stock differences pending"), ok, message, '_aftersales_fix_count_account' if has_chart else None))
        return checks

    def _aftersales_propose_count_account(self):
        """Return the chart's account for property losses and surpluses pending, by its name; may be empty."""
        self.ensure_one()
        accounts = self.env['account.account'].sudo().with_company(self.root_id).search([
            ('company_ids', 'in', self.root_id.ids), ('account_type', 'in', ('asset_current', 'liability_current', 'expense', 'expense_other')),
        ])
        for name in PENDING_NAMES:
            # The group account first: some charts split it into current and fixed assets.
            if found := accounts.filtered(lambda account, name=name: name in (account.name or '').lower()):
                return found.sorted('code')[:1]
        return accounts.filtered(lambda account: (account.code or '').startswith('1901'))[:1]

    def _aftersales_fix_count_account(self):
        """Set the chart's account of pending differences, creating 1901 where the chart has none, and value the location by it."""
        for company in self.sudo():
            if not company._aftersales_count_account():
                accounts = self.env['account.account'].sudo().with_company(company.root_id)
                company.root_id.aftersales_count_account_id = company._aftersales_propose_count_account() or accounts.create({
                    'code': accounts._search_new_account_code('190100'),
                    'name': self.env._("Property losses and surpluses pending"),
                    'account_type': 'asset_current',
                    'company_ids': [Command.set(company.root_id.ids)],
                })
            company._aftersales_sync_count_account()

    # === INTEGRITY === #

    def _aftersales_integrity(self):
        return super()._aftersales_integrity() + self._aftersales_integrity_counts() + self._aftersales_integrity_bypasses()

    def _aftersales_integrity_counts(self):
        """Adjusted counts whose movements are not what was counted: a movement was deleted, doubled or edited."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            SELECT l.id, l.count_id, l.name, l.difference_qty, COALESCE(SUM(
                       CASE WHEN m.location_dest_id = l.location_id THEN ml.quantity_product_uom ELSE -ml.quantity_product_uom END), 0)
              FROM aftersales_stock_count_line l JOIN aftersales_stock_count c ON c.id = l.count_id
              LEFT JOIN stock_move m ON m.aftersales_count_line_id = l.id AND m.state = 'done'
              LEFT JOIN stock_move_line ml ON ml.move_id = m.id
             WHERE c.company_id = %s AND c.applied_at IS NOT NULL AND l.location_id IS NOT NULL
               AND (l.difference_qty != 0 OR m.id IS NOT NULL)
             GROUP BY l.id HAVING ABS(COALESCE(SUM(
                       CASE WHEN m.location_dest_id = l.location_id THEN ml.quantity_product_uom ELSE -ml.quantity_product_uom END), 0)
                       - l.difference_qty) > 0.00001
            """, self.id,
        ))
        names = {count.id: count.name for count in self.env['aftersales.stock.count'].browse({row[1] for row in rows})}
        return [
            self._aftersales_finding(
                'CNT-I1', self.env._("Counted against adjusted"), 'aftersales.stock.count', count_id, 0.0,
                self.env._("%(count)s, %(line)s: counted difference %(counted)s, adjusted %(moved)s.",
                           count=names[count_id], line=name, counted=float(difference), moved=float(moved)))
            for _line_id, count_id, name, difference, moved in rows
        ]

    def _aftersales_integrity_bypasses(self):
        """Adjustments no count made and nobody explained, one finding for each person and part room."""
        since = self._aftersales_count_since()
        if not since:
            return []
        Move = self.env['stock.move']
        moves = Move.sudo().search([
            *Move._aftersales_bypass_domain(), ('company_id', '=', self.id), ('date', '>=', since),
            ('aftersales_explained_by_id', '=', False),
        ])
        return [
            {**self._aftersales_finding(
                'CNT-I2', self.env._("Adjusted without a count"), 'stock.move', move.id, move.value,
                self.env._("%(part)s: %(quantity)s adjusted by %(person)s without a count and unexplained.",
                           part=move.product_id.display_name, quantity=move.quantity, person=move.create_uid.name),
            ), 'severity': 'warning'}
            for move in moves
        ]
