from odoo import Command, models

from ..base.errors import coded_error


class AftersalesWarrantyStatement(models.Model):
    """Netting: what the manufacturer owes for claims against what we owe him for parts."""

    _inherit = 'aftersales.warranty.statement'

    def _payables_sudo(self):
        """Return our open items with the manufacturer; sudo: the verb checked that the accountant asks."""
        self.ensure_one()
        return self.env['account.move.line'].sudo().search([
            ('company_id', '=', self.company_id.id),
            ('partner_id', 'child_of', self.partner_id.commercial_partner_id.id),
            ('account_id.account_type', '=', 'liability_payable'),
            ('parent_state', '=', 'posted'),
            ('reconciled', '=', False),
            ('amount_residual', '<', 0),
            ('currency_id', '=', self.currency_id.id),
        ], order='date_maturity, id')

    def _net(self, amount=None, bills=None):
        """Net the statement's invoice with purchases of parts: Dr payables / Cr receivables, both matched.

        :param float amount: what is open on both sides unless given.
        :param bills: vendor bills to net with, oldest first; all open ones of the manufacturer unless given.
        :return: the entry.
        :rtype: recordset of account.move
        :raise UserError: WAR-81 role, WAR-86 busy, WAR-94 nothing open, or less than the amount.
        """
        self.ensure_one()
        self._ensure_accountant()
        self._lock_sudo()
        statement = self.sudo().with_company(self.company_id)
        currency = statement.currency_id
        statement.move_id.invalidate_recordset(['amount_residual'])
        receivables = statement.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable' and not line.reconciled and line.parent_state == 'posted')
        payables = statement._payables_sudo()
        if bills is not None:
            payables = payables.filtered(lambda line: line.move_id in bills)
        if statement.reversed_at:
            receivables = receivables.browse()
        theirs, ours = sum(receivables.mapped('amount_residual')), -sum(payables.mapped('amount_residual'))
        most = currency.round(min(theirs, ours))
        amount = most if amount is None else currency.round(amount)
        if amount <= 0 or currency.compare_amounts(amount, most) > 0:
            raise coded_error('WAR-94', self.env._(
                "%(amount)s cannot be netted: %(theirs)s is open on %(statement)s and %(ours)s on our purchases from %(partner)s.",
                amount=currency.format(amount), theirs=currency.format(theirs), ours=currency.format(ours),
                statement=self.name, partner=self.partner_id.display_name))
        label = self.env._("Netting of %(statement)s with purchases", statement=self.display_name)
        partner = self.partner_id.commercial_partner_id

        def items(lines, sign):
            left, commands = amount, []
            for account, group in lines.grouped('account_id').items():
                part = min(left, abs(sum(group.mapped('amount_residual'))))
                if not currency.is_zero(part):
                    commands.append(Command.create({
                        'name': label, 'account_id': account.id, 'partner_id': partner.id, 'balance': sign * part}))
                    left = currency.round(left - part)
            return commands

        move = self.env['account.move'].sudo().with_company(self.company_id)._guarded().create({
            'move_type': 'entry',
            'journal_id': self.company_id._aftersales_cost_journal().id,
            'company_id': self.company_id.id,
            'date': self.company_id._aftersales_today(),
            'ref': label,
            'aftersales_statement_id': self.id,
            'aftersales_kind': 'netting',
            'line_ids': items(payables, 1) + items(receivables, -1),
        })
        move._guarded()._post(soft=False)
        for lines in (payables, receivables):
            for account, group in lines.grouped('account_id').items():
                both = group | move.line_ids.filtered(lambda line, account=account: line.account_id == account)
                both._guarded().with_context(skip_invoice_sync=True).reconcile()
        statement._follow_payment_sudo()
        self.message_post(body=self.env._("%(amount)s netted with purchases.", amount=currency.format(amount)))
        return move.with_env(self.env)

    def action_net(self):
        """Open the dialog that nets with purchases."""
        self.ensure_one()
        self._ensure_accountant()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Net with Purchases"),
            'res_model': 'aftersales.statement.net',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_statement_id': self.id},
        }
