from odoo import models

from ...rules.split import split_amount
from ..base.errors import coded_error


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
        if source:
            # The manufacturer pays what his list comes to: the red note is matched with its credits.
            items = (note_move | source.move_id).line_ids.filtered(
                lambda line: line.account_id.account_type == 'asset_receivable' and not line.reconciled)
            for group in items.grouped('account_id').values():
                if len({line.amount_residual > 0 for line in group}) > 1:
                    group._guarded().with_context(skip_invoice_sync=True).reconcile()
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
