from odoo import Command, api, fields, models

from ...rules.split import split_amount
from ..base.errors import coded_error


class AftersalesClaimChargeback(models.Model):
    """What a manufacturer takes back of a claim he credited before, often months later: an audit, a part that was not faulty.

    A red note over the amount, linked to the original invoice and claim; the loss stays an expense or goes to who is
    responsible.
    """

    _name = 'aftersales.claim.chargeback'
    _description = "Charge-back of a Claim"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset({
        'claim_id', 'statement_id', 'original_statement_id', 'date', 'amount', 'amount_total', 'reason_id', 'note', 'bearer',
        'responsible_id', 'recovered_amount', 'user_id', 'move_id', 'recourse_move_id', 'transfer_ids',
    })

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, readonly=True, index=True, ondelete='restrict')
    order_id = fields.Many2one(related='claim_id.order_id', store=True, index=True)
    company_id = fields.Many2one(related='claim_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='claim_id.currency_id')
    partner_id = fields.Many2one(related='claim_id.partner_id', store=True, string="Manufacturer")
    original_statement_id = fields.Many2one(
        'aftersales.warranty.statement', "Credited By", readonly=True, ondelete='restrict', index='btree_not_null')
    statement_id = fields.Many2one(
        'aftersales.warranty.statement', "Taken Back By", readonly=True, ondelete='restrict', index='btree_not_null',
        help="The statement with the negative line; empty when a letter told it.")
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="In the price basis.")
    amount_total = fields.Monetary("Taken Back", readonly=True, help="Including tax.")
    reason_id = fields.Many2one('aftersales.reason', readonly=True, ondelete='restrict')
    note = fields.Char(readonly=True)
    bearer = fields.Selection(
        [('expense', "Expense"), ('responsible', "Responsible person")], required=True, readonly=True, default='expense')
    responsible_id = fields.Many2one('res.partner', "Responsible", readonly=True, ondelete='restrict')
    recovered_amount = fields.Monetary("Passed On", readonly=True, help="What the responsible person owes.")
    user_id = fields.Many2one('res.users', "Recorded By", readonly=True)
    move_id = fields.Many2one(
        'account.move', "Red Note", readonly=True, ondelete='restrict',
        groups='account.group_account_invoice,account.group_account_readonly')
    recourse_move_id = fields.Many2one(
        'account.move', "Entry of the Responsible", readonly=True, ondelete='restrict',
        groups='account.group_account_invoice,account.group_account_readonly')
    transfer_ids = fields.One2many('aftersales.share.transfer', 'chargeback_id', readonly=True)

    @api.depends('claim_id.display_name', 'date')
    def _compute_display_name(self):
        for chargeback in self:
            chargeback.display_name = ' · '.join(
                filter(None, (chargeback.claim_id.display_name, fields.Date.to_string(chargeback.date))))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WAR-91', self.env._("Charge-backs have entries in the books and stay."))

    def _post_recourse(self):
        """Let the responsible person owe his part: Dr receivable / Cr charge-backs; called as superuser."""
        self.ensure_one()
        company = self.company_id
        label = self.env._("Charge-back of %(claim)s", claim=self.claim_id.name)
        partner = self.responsible_id.with_company(company)
        move = self.env['account.move'].with_company(company)._guarded().create({
            'move_type': 'entry',
            'journal_id': company._aftersales_cost_journal().id,
            'company_id': company.id,
            'date': company._aftersales_today(),
            'ref': label,
            **self.env['account.move']._aftersales_link_vals(self.order_id, 'recourse'),
            'line_ids': [
                Command.create({
                    'name': label, 'account_id': partner.property_account_receivable_id.id,
                    'partner_id': partner.commercial_partner_id.id, 'balance': self.recovered_amount}),
                Command.create({
                    'name': label, 'account_id': company._aftersales_chargeback_account().id, 'balance': -self.recovered_amount}),
            ],
        })
        move._guarded()._post(soft=False)
        self._guarded().write({'recourse_move_id': move.id})


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    def _charge_back(self, amount=None, reason=None, note=None, responsible=None, recovered=None):
        """Record that the manufacturer takes back what he credited: red note today, also when the invoice's period is locked.

        :param float amount: including tax; all that is left of the credit unless given.
        :param reason: `aftersales.reason` of kind claim.
        :param responsible: `res.partner` who owes it instead of the shop; the rest stays an expense.
        :param float recovered: what he owes; the whole amount unless given.
        :rtype: recordset of aftersales.claim.chargeback
        :raise UserError: WAR-81 role, WAR-91 not credited, amount out of range, reason missing; WAR-36, SET-03 busy.
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('WAR-81', self.env._("Charge-backs are recorded by the accountant."))
        self.check_access('read')
        if not reason:
            raise coded_error('WAR-91', self.env._("Choose why the manufacturer takes it back."))
        return self.sudo()._charge_back_sudo(amount, reason, note, responsible, recovered).with_env(self.env)

    def _charge_back_sudo(self, amount=None, reason=None, note=None, responsible=None, recovered=None, source=None):
        """See `_charge_back`; sudo: the verb, or the posting of the statement `source`, checked the rights."""
        self.ensure_one()
        self._lock_sudo()
        order, currency = self.order_id, self.currency_id
        order._lock_settlement_sudo()
        left = currency.round(self.credited_total - self.charged_back_total)
        amount = left if amount is None else currency.round(amount)
        recovered = (amount if recovered is None else currency.round(recovered)) if responsible else 0.0
        if not self.booked_at or amount <= 0 or currency.compare_amounts(amount, left) > 0 or recovered < 0 or (
            currency.compare_amounts(recovered, amount) > 0
        ):
            raise coded_error('WAR-91', self.env._(
                "%(amount)s cannot be charged back: %(left)s is left of what was credited for %(claim)s. Nobody owes more than that.",
                amount=currency.format(amount), left=currency.format(left), claim=self.display_name))
        by_line = self._charge_back_lines(amount, left)
        chargeback = self.env['aftersales.claim.chargeback']._guarded().create({
            'claim_id': self.id,
            'original_statement_id': self.statement_id.id,
            'statement_id': source.id if source else False,
            'date': self.company_id._aftersales_today(),
            'amount': sum(by_line.values()),
            'amount_total': amount,
            'reason_id': reason.id if reason else False,
            'note': note or False,
            'bearer': 'responsible' if responsible else 'expense',
            'responsible_id': responsible.id if responsible else False,
            'recovered_amount': recovered,
            'user_id': self.env.uid,
        })
        self.env['aftersales.share.transfer']._guarded().create([
            self._prepare_transfer_vals(line, value, 'chargeback', chargeback_id=chargeback.id) for line, value in by_line.items()
        ])
        before = self.settlement_id.move_ids
        order._post_settlement_sudo(self.settlement_id)
        note_move = self.settlement_id.move_ids - before
        chargeback._guarded().write({'move_id': note_move[:1].id, 'amount_total': sum(note_move.mapped('amount_total')) or amount})
        if recovered:
            chargeback._post_recourse()
        self._advance()
        return chargeback

    def _charge_back_lines(self, amount, left):
        """Return what a charge-back takes of each repair line, in the price basis, exact to the cent.

        :rtype: dict  `{repair line: amount}`
        """
        order, currency = self.order_id, self.currency_id
        amounts = order._payer_line_amounts().get(self.payer_id, {})
        mine = {
            line: value for line, value in amounts.items() if line in self.line_ids.line_id and not currency.is_zero(value)
        }
        if not currency.compare_amounts(amount, left):
            return mine
        basis = order._basis_of_total(list(mine), mine, currency.round(left - amount))
        cents = split_amount(
            sum(order._cents(value) for value in mine.values()) - order._cents(basis), [order._cents(value) for value in mine.values()])
        return {
            line: currency.round(part * currency.rounding) for line, part in zip(mine, cents, strict=True) if part
        }

    def action_charge_back(self):
        """Open the dialog of a charge-back."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Charge-back"),
            'res_model': 'aftersales.chargeback.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_claim_id': self.id},
        }
