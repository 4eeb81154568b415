from odoo import Command, fields, models

from ..base.errors import coded_error


class ResCompany(models.Model):
    """Accounts and rules of the way from claim to cash."""

    _inherit = 'res.company'

    aftersales_chargeback_account_id = fields.Many2one(
        'account.account', "Charge-backs", check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_other'))]",
        help="Bears the cost of claims the manufacturer takes back later (non-operating expense). Empty: claims written off.")
    aftersales_claim_write_off_limit = fields.Monetary(
        "Write Off Without Approval Up To", default=200.0,
        help="What a manufacturer did not pay may be written off by one person up to this amount, incl. tax.")
    aftersales_claim_accrual = fields.Boolean(
        "Accrue Approved Claims at Year End",
        help="For firms under CAS: revenue approved and not invoiced yet is shown as a contract asset on the last day, with "
        "its cost, and reversed the day after. Ask your accountant.")
    aftersales_contract_asset_account_id = fields.Many2one(
        'account.account', "Contract Assets", check_company=True, domain="[('account_type', '=', 'asset_current')]",
        help="Approved claims that are not invoiced yet.")
    aftersales_replacement_location_id = fields.Many2one(
        'stock.location', "Replacements of Manufacturers", check_company=True, readonly=True,
        help="Where parts come from that a manufacturer sends instead of money; made at first use.")

    _aftersales_write_off_limit_positive = models.Constraint(
        'CHECK(aftersales_claim_write_off_limit >= 0)', "The limit of write-offs cannot be negative.")

    # === PREPARATION === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence(
            'aftersales.warranty.statement', self.env._("Manufacturers' Statements"), 'WS%(y)s%(month)s-')
        return result

    def _aftersales_statement_number_sudo(self):
        """Return the next number of a statement; sudo: counters are readable by administrators only."""
        self.ensure_one()
        sequence = self.env['ir.sequence'].sudo().with_company(self)
        number = sequence.next_by_code('aftersales.warranty.statement')
        if not number:
            self.sudo()._aftersales_prepare_company()
            number = sequence.next_by_code('aftersales.warranty.statement')
        return number

    # === ACCOUNTS AND PLACES === #

    def _aftersales_chargeback_account(self):
        """Return the account of charge-backs: the company's, its root's, else that of write-offs; as superuser."""
        self.ensure_one()
        company = self.sudo()
        return (
            company.aftersales_chargeback_account_id
            or company.root_id.aftersales_chargeback_account_id
            or company._aftersales_account('writeoff')
        )

    def _aftersales_replacement_location(self):
        """Return where replacements come from, valued by claims in transit; made at first use, kept in step since."""
        self.ensure_one()
        company = self.sudo()
        transit = company._aftersales_account('transit')
        if not company.aftersales_replacement_location_id:
            company.aftersales_replacement_location_id = self.env['stock.location'].sudo().create({
                'name': self.env._("Replacements of manufacturers"),
                'usage': 'production',
                'company_id': company.id,
                'valuation_account_id': transit.id,
            })
        location = company.aftersales_replacement_location_id
        if location.valuation_account_id != transit:
            location.valuation_account_id = transit
        return location

    # === YEAR END === #

    def _aftersales_claims_to_accrue(self, date):
        """Return the claims answered with money until a day whose invoice has not come yet."""
        self.ensure_one()
        end = self._aftersales_day_bounds(date)[1]
        return self.env['aftersales.warranty.claim'].sudo().search([
            ('company_id', '=', self.id), ('decided_at', '!=', False), ('decided_at', '<', end), ('approved_total', '>', 0),
            ('settlement_id.settled_at', '<', end), ('settlement_id.decision', '=', False),
            '|', ('booked_at', '=', False), ('booked_at', '>=', end),
        ])

    def _aftersales_accrue_claims(self, date):
        """Show approved claims without invoice as contract assets on a day, with their cost; reversed the day after.

        :param datetime.date date: last day of the year.
        :return: the entry and its reversal; empty when nothing waits.
        :raise UserError: WAR-81 role, WAR-97 switched off, no account, or accrued for this day already.
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('WAR-81', self.env._("Claims are accrued by the accountant."))
        company = self.sudo()
        asset = company.aftersales_contract_asset_account_id or company.root_id.aftersales_contract_asset_account_id
        moves = self.env['account.move'].sudo().with_company(company)
        label = self.env._("Approved claims not invoiced on %(date)s", date=date)
        if not company.aftersales_claim_accrual or not asset or moves.search_count([
            ('company_id', '=', self.id), ('aftersales_kind', '=', 'accrual'), ('date', '=', date), ('state', '=', 'posted'),
            ('reversed_entry_id', '=', False),
        ], limit=1):
            raise coded_error('WAR-97', self.env._(
                "Claims of %(date)s cannot be accrued: the switch or the account of contract assets is not set, or they were "
                "accrued for this day already.", date=date))
        claims = company._aftersales_claims_to_accrue(date)
        items = []
        income = company._aftersales_sale_journal().default_account_id
        unit = company.currency_id.rounding
        transit, cost = company._aftersales_account('transit'), company._aftersales_account('cost')
        costs = claims._transit_cents()
        for claim in claims:
            amounts = {line.line_id: line.approved_amount for line in claim.line_ids if line.approved_amount}
            revenue = claim.order_id._invoice_totals(claim.payer_id, amounts)['untaxed']
            partner, name = claim.partner_id.commercial_partner_id, f'{label} · {claim.name}'
            for account, balance in (
                (asset, revenue), (income, -revenue), (cost, costs[claim] * unit), (transit, -costs[claim] * unit),
            ):
                if not company.currency_id.is_zero(balance):
                    items.append(Command.create({
                        'name': name, 'account_id': account.id, 'partner_id': partner.id,
                        'balance': company.currency_id.round(balance)}))
        if not items:
            return moves
        move = moves._guarded().create({
            'move_type': 'entry', 'journal_id': company._aftersales_cost_journal().id, 'company_id': company.id, 'date': date,
            'ref': label, 'aftersales_kind': 'accrual', 'line_ids': items,
        })
        move._guarded()._post(soft=False)
        reversal = move._guarded()._reverse_moves([
            {'date': fields.Date.add(date, days=1), 'ref': label, 'aftersales_kind': 'accrual'}], cancel=True)
        return (move | reversal).with_env(self.env)

    # === SET-UP === #

    def _aftersales_setup_checks(self):
        checks = super()._aftersales_setup_checks()
        company = self.sudo()
        ready = not company.aftersales_claim_accrual or bool(
            company.aftersales_contract_asset_account_id or company.root_id.aftersales_contract_asset_account_id)
        checks.append({
            'code': 'WAR-A',
            'name': self.env._("Accrual of approved claims"),
            'ok': ready,
            'message': self.env._("The account of contract assets is set, or claims are not accrued.")
            if ready else self.env._("Claims are accrued at year end, but the account of contract assets is missing."),
            'fix': None,
        })
        return checks
