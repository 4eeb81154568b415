from collections import defaultdict

from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesRepairPayer(models.Model):
    _name = 'aftersales.repair.payer'
    _inherit = ['aftersales.repair.payer', 'aftersales.guarded.mixin']
    _guarded_fields = frozenset({'concession_amount', 'concession_by_id', 'concession_at'})

    settlement_ids = fields.One2many('aftersales.settlement', 'payer_id', "Settlement")
    transfer_in_ids = fields.One2many('aftersales.share.transfer', 'to_payer_id', "Taken Over")
    # Goodwill above an advisor's own limit needs somebody who may grant that much (R-PERM-10).
    concession_amount = fields.Monetary("Goodwill Approved Up To", readonly=True, copy=False)
    concession_by_id = fields.Many2one('res.users', "Goodwill Approved By", readonly=True, copy=False)
    concession_at = fields.Datetime(readonly=True, copy=False)

    @api.depends('transfer_in_ids.amount', 'transfer_in_ids.line_id')
    def _compute_amount_total(self):
        result = super()._compute_amount_total()
        for payer in self:
            shared = payer.share_ids.job_id
            payer.amount_total += sum(
                transfer.line_id._tax_totals(transfer.amount)[1]
                for transfer in payer.transfer_in_ids
                if transfer.line_id.job_id not in shared
            )
        return result

    def _is_final(self):
        return super()._is_final() or any(settlement.decision == 'approved' for settlement in self.settlement_ids)

    def _settlement_totals(self):
        """Return what an invoice over the payers' whole shares comes to, taxes as Odoo computes them.

        :return: `{payer: {'total', 'untaxed', 'tax'}}` in the order's currency.
        :rtype: dict
        """
        totals = {}
        for order, payers in self.grouped('order_id').items():
            amounts = order._payer_line_amounts()
            for payer in payers:
                totals[payer] = order._invoice_totals(payer, amounts.get(payer, {}))
        return totals

    def _taxes(self, line):
        """Return the taxes of a repair line on this payer's invoice, by his own fiscal position."""
        self.ensure_one()
        if line.kind == 'disbursement':
            return self.env['account.tax']
        order = line.order_id
        if not self.partner_id or self.partner_id == order.partner_id:
            return line.tax_ids
        company = order.company_id
        taxes = line.product_id.taxes_id._filter_taxes_by_company(company) or company.account_sale_tax_id
        position = self.env['account.fiscal.position'].with_company(company)._get_fiscal_position(self.partner_id)
        return position.map_tax(taxes)

    # === COST === #

    def _cost_account(self):
        """Return the account that bears this payer's share of the cost now.

        Customer and approved claims: cost of sales. Waiting claims: in transit. Refused claims: write-off.
        Internal and goodwill: the reason's account, else the one of the settings.

        :raise UserError: SET-10 the account is not set up.
        """
        self.ensure_one()
        company = self.company_id
        if self.kind in ('internal', 'goodwill'):
            return self.reason_id.with_company(company).account_id or company._aftersales_account(self.kind)
        if self.needs_approval:
            decision = self.settlement_ids[:1].decision
            if not decision:
                return company._aftersales_account('transit')
            if decision == 'refused':
                return company._aftersales_account('writeoff')
        return company._aftersales_account('cost')

    def _cost_accounts(self, lines):
        """Return the account that bears this payer's cost of each line; a later room may know it line by line.

        :param lines: repair lines of the order.
        :rtype: dict  `{line: account}`; the empty line stands for cost that hangs on no line.
        :raise UserError: SET-10 the account is not set up.
        """
        self.ensure_one()
        return dict.fromkeys([*lines, lines.browse()], self._cost_account())

    def _deemed_sale_vat(self, by_line):
        """Return the output VAT of goods given away for a reason that counts as a sale, at market price.

        Services given free are left out: they are no deemed sale.

        :param dict by_line: the payer's `{line: amount in the price basis}`
        :rtype: dict  `{tax account: amount}`, company currency
        """
        self.ensure_one()
        goods = {line: amount for line, amount in by_line.items() if line.kind == 'part' and amount}
        if self.kind not in ('internal', 'goodwill') or self.reason_id.vat_treatment != 'deemed_sale' or not goods:
            return {}
        order = self.order_id
        AccountTax = self.env['account.tax'].with_company(order.company_id)
        base_lines = [
            AccountTax._prepare_base_line_for_taxes_computation(
                {},
                price_unit=amount,
                quantity=1.0,
                tax_ids=line.tax_ids,
                currency_id=order.currency_id,
                product_id=line.product_id,
                sign=1,
                rate=1.0,
            )
            for line, amount in goods.items()
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, order.company_id)
        AccountTax._round_base_lines_tax_details(base_lines, order.company_id)
        amounts = defaultdict(float)
        for base_line in base_lines:
            for data in base_line['tax_details']['taxes_data']:
                for part in data['tax'].invoice_repartition_line_ids.filtered(lambda r: r.repartition_type == 'tax'):
                    if not part.account_id:
                        raise coded_error(
                            'SET-11',
                            self.env._(
                                "Tax %(tax)s has no account: set it before goods are given away.", tax=data['tax'].name
                            ),
                        )
                    amounts[part.account_id] += data['tax_amount'] * part.factor
        return {account: order.company_id.currency_id.round(amount) for account, amount in amounts.items()}

    # === GOODWILL AND DISCOUNT LIMITS === #

    def _approve_concession(self):
        """Approve what is given away on this order, up to the user's own limit (R-PERM-10).

        :raise UserError: SET-36 the user's limit is lower.
        """
        for payer in self:
            amount = payer.order_id._concessions()[payer.order_id]
            limit = payer.company_id._aftersales_concession_limit(self.env.user)
            if limit is not None and payer.currency_id.compare_amounts(amount, limit) > 0:
                raise coded_error(
                    'SET-36',
                    self.env._(
                        "You may grant goodwill and discounts up to %(limit)s; %(order)s gives away %(amount)s. Ask a "
                        "person with a higher limit.",
                        limit=payer.currency_id.format(limit),
                        amount=payer.currency_id.format(amount),
                        order=payer.order_id.name,
                    ),
                )
            payer.sudo()._guarded().write(
                {
                    'concession_amount': amount,
                    'concession_by_id': self.env.uid,
                    'concession_at': fields.Datetime.now(),
                }
            )
            payer.order_id.message_post(
                body=self.env._(
                    "Goodwill and discounts of %(amount)s approved.",
                    amount=payer.currency_id.format(amount),
                )
            )
        return True

    def action_approve_concession(self):
        return self._approve_concession()
