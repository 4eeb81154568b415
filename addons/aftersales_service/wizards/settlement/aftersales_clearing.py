from odoo import fields, models
from odoo.fields import Command

from ...models.base.errors import coded_error


class AftersalesClearing(models.TransientModel):
    """Dialog: the provider paid out what rested on a clearing journal, less its fee (T+1)."""

    _name = 'aftersales.clearing'
    _description = "Payout of a Payment Provider"

    company_id = fields.Many2one('res.company', default=lambda self: self.env.company, required=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    journal_id = fields.Many2one(
        'account.journal',
        "Means",
        required=True,
        domain="[('aftersales_means', 'in', ('wechat', 'alipay', 'card')), ('company_id', '=', company_id)]",
    )
    bank_journal_id = fields.Many2one(
        'account.journal',
        "Bank",
        required=True,
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id), ('id', '!=', journal_id)]",
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today())
    amount = fields.Monetary("Amount Cleared", required=True)
    fee = fields.Monetary("Fee Kept")

    def action_confirm(self):
        """Post Dr bank, Dr fee / Cr clearing account."""
        self.ensure_one()
        move = self._post_payout()
        return move._get_records_action()

    def _post_payout(self):
        """Post the payout.

        :rtype: recordset of account.move
        :raise UserError: SET-02 role, SET-39 amounts
        """
        if not self.env.user.has_group('aftersales_service.group_accountant'):
            raise coded_error('SET-02', self.env._("Payouts of providers are booked by the accountant."))
        currency = self.currency_id
        if self.amount <= 0 or self.fee < 0 or currency.compare_amounts(self.fee, self.amount) >= 0:
            raise coded_error('SET-39', self.env._("The fee must be smaller than the amount cleared."))
        clearing = self.journal_id.default_account_id
        company = self.company_id
        label = self.env._("Payout %(means)s", means=self.journal_id.name)
        lines = [
            Command.create(
                {
                    'name': label,
                    'account_id': self.bank_journal_id.default_account_id.id,
                    'balance': currency.round(self.amount - self.fee),
                }
            ),
            Command.create({'name': label, 'account_id': clearing.id, 'balance': -self.amount}),
        ]
        if self.fee:
            lines.append(
                Command.create(
                    {'name': label, 'account_id': company._aftersales_account('fee').id, 'balance': self.fee}
                )
            )
        move = (
            self.env['account.move']
            .with_company(company)
            ._guarded()
            .create(
                {
                    'move_type': 'entry',
                    'journal_id': self.bank_journal_id.id,
                    'company_id': company.id,
                    'date': self.date,
                    'ref': label,
                    'aftersales_kind': 'clearing',
                    'line_ids': lines,
                }
            )
        )
        move._post(soft=False)
        return move
