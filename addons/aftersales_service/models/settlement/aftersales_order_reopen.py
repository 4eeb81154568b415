from odoo import fields, models

from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """After settlement only credit notes lead back: reopening, credits of single lines, refunds."""

    _inherit = 'aftersales.repair.order'

    def _ensure_may_reopen(self):
        if not (
            self.env.su
            or self.env.user.has_groups(
                'aftersales_service.group_accountant,aftersales_service.group_frontdesk_supervisor'
            )
        ):
            raise coded_error(
                'SET-53', self.env._("Settled orders are reopened by the accountant or a front-desk supervisor.")
            )

    def _reopen(self, reason):
        """Take the settlement back by full credit notes, so that the order can change and be settled again.

        Money stays received: it is matched again at the next settlement, or refunded. Cost entries stay; the
        next run posts the difference.

        :param reason: `aftersales.reason` of kind reopen.
        :return: the credit notes.
        :raise UserError: SET-53 role, SET-54 not settled, SET-55 no reason.
        """
        self._ensure_may_reopen()
        if not reason:
            raise coded_error('SET-55', self.env._("Choose why the order is reopened."))
        self._lock_settlement_sudo()
        credit_notes = self.env['account.move']
        for order in self:
            settled = order.sudo().settlement_ids.filtered('settled_at')
            if not settled:
                raise coded_error(
                    'SET-54', self.env._("%(order)s is not settled; change it directly.", order=order.name)
                )
            settled._undo_write_off_sudo()
            invoices = settled.move_ids.filtered(
                lambda m: m.state == 'posted' and m.move_type == 'out_invoice' and m.payment_state != 'reversed'
            )
            credit_notes |= order._credit_invoices_sudo(invoices, settled, reason)
            order.sudo().line_ids.filtered(lambda line: line.rounding_amount or line.credited_amount)._guarded().write(
                {
                    'rounding_amount': 0.0,
                    'credited_amount': 0.0,
                }
            )
            order.env['aftersales.share.transfer'].sudo().search([('order_id', '=', order.id)])._guarded().unlink()
            settled._guarded().write(
                {
                    'settled_at': False,
                    'settled_by_id': False,
                    'reopened_at': fields.Datetime.now(),
                    'decision': False,
                    'decided_at': False,
                    'decided_by_id': False,
                    'approved_amount': 0.0,
                    'claimed_amount': 0.0,
                    'rest_decided_at': False,
                    'is_on_account': False,
                    'on_account_signature': False,
                    'on_account_signed_by': False,
                }
            )
            order.sudo()._guarded().write({'settled_at': False, 'handed_over_at': False, 'handover_signature': False})
            order.sudo()._void_passes()
            order.message_post(body=self.env._("Reopened: %(reason)s", reason=reason.name))
        self._guarded()._after_payment()
        return credit_notes

    def _credit_invoices_sudo(self, invoices, settlements, reason):
        """Reverse what is left of the invoices; sudo: `_reopen` checked the right.

        An invoice already credited in part gets a credit note over the rest only.
        """
        self.ensure_one()
        company = self.company_id
        env = self.sudo().with_company(company).env
        notes = env['account.move']
        posted = self._posted_line_amounts_sudo()
        whole = invoices.filtered(
            lambda move: (
                not move.reversal_move_ids.filtered(lambda r: r.state == 'posted') and self._is_only_invoice(move)
            )
        )
        if whole:
            notes |= whole.with_env(env)._reverse_moves(
                [
                    {
                        'ref': env._("Reopened %(order)s: %(reason)s", order=self.name, reason=reason.name),
                        'date': company._aftersales_today(),
                        'invoice_date': company._aftersales_today(),
                    }
                    for _move in whole
                ],
                cancel=True,
            )
        for settlement in settlements.filtered(lambda s: not (s.move_ids & whole)):
            amounts = {
                line: -value
                for line, value in posted.get(settlement.payer_id, {}).items()
                if not self.currency_id.is_zero(value)
            }
            if amounts:
                move = (
                    env['account.move']
                    ._guarded()
                    .create(self.sudo()._prepare_invoice_vals(settlement.sudo(), amounts, first=False))
                )
                move._post(soft=False)
                notes |= move
                self.sudo()._reconcile_settlements(settlement.sudo())
        return notes

    def _is_only_invoice(self, move):
        """Tell whether a payer's posted documents are this one invoice."""
        documents = move.aftersales_settlement_id.move_ids.filtered(
            lambda m: m.state == 'posted' and m.move_type in ('out_invoice', 'out_refund')
        )
        return documents == move

    # === REFUNDS === #

    def _credit_lines_sudo(self, settlement=None):
        """Return open credit items of the order: credit notes, overpayments; sudo: the caller checked the role."""
        self.ensure_one()
        domain = [
            ('move_id.aftersales_order_id', '=', self.id),
            ('account_id.account_type', '=', 'asset_receivable'),
            ('parent_state', '=', 'posted'),
            ('reconciled', '=', False),
            ('amount_residual', '<', 0),
        ]
        if settlement:
            domain.append(('move_id.aftersales_settlement_id', 'in', (settlement.id, False)))
        return self.env['account.move.line'].sudo().search(domain)

    def _credit_left_sudo(self, settlement=None):
        return -sum(self._credit_lines_sudo(settlement).mapped('amount_residual_currency'))

    def _credit_settled(self, credits, reason=None):
        """Credit parts of settled lines by credit notes; every payer gets his frozen share back (R-PERM-18).

        :param dict credits: `{line: amount in the price basis}`.
        :param reason: `aftersales.reason`, written down on the order.
        :raise UserError: SET-53 role, SET-50 nothing to credit, more than is left, or a line of another order.
        """
        self.ensure_one()
        self._ensure_may_reopen()
        self._lock_settlement_sudo()
        if not credits:
            raise coded_error('SET-50', self.env._("Enter what is credited on at least one line of %s.", self.name))
        for line, value in credits.items():
            if line.order_id != self:
                raise coded_error(
                    'SET-50', self.env._("“%(line)s” is not on %(order)s.", line=line.name, order=self.name)
                )
            line._credit(value)
        if reason:
            self.message_post(body=self.env._("Credited: %(reason)s", reason=reason.name))
        return self._post_settlement_sudo(self.sudo().settlement_ids.filtered('settled_at'))

    def _refund(self, credits=None, journal=None, amount=None, second_user=None, reason=None, settlement=None):
        """Credit settled lines and give the money back, approved by a second person (R-PERM-18).

        :param dict credits: `{line: amount in the price basis}` to credit first; every payer gets his frozen share.
        :param journal: means of the pay-out, needed to pay.
        :param float amount: to pay out; all open credit unless given.
        :param second_user: who approves.
        :param settlement: whose credit is paid out; the customer's unless given.
        :return: the refund; empty when the credit only lowered what was still due.
        :rtype: recordset of aftersales.refund
        """
        self.ensure_one()
        if credits:
            self._credit_settled(credits, reason)
        settlement = settlement or self.settlement_ids.filtered(lambda s: s.kind == 'customer')[:1]
        if self.currency_id.compare_amounts(self._credit_left_sudo(settlement), 0.0) <= 0:
            return self.env['aftersales.refund']
        refund = self.env['aftersales.refund']._request(
            self,
            kind='credit',
            amount=amount,
            reason=reason,
            journal=journal,
            settlement=settlement,
        )
        return refund._approve_by(second_user)

    def action_reopen(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Reopen"),
            'res_model': 'aftersales.order.reopen',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    def _open_money_dialog(self, name, model, **defaults):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_order_id': self.id, **defaults},
        }

    def action_give_back(self):
        """Open the dialog that gives a deposit or a credit back, or keeps a forfeited one."""
        self.ensure_one()
        credit = self.sudo()._credit_left_sudo() and not self.amount_deposit
        return self._open_money_dialog(
            self.env._("Give Money Back"), 'aftersales.refund.wizard', default_kind='credit' if credit else 'deposit'
        )

    def action_credit_lines(self):
        """Open the dialog that credits parts of settled lines."""
        return self._open_money_dialog(self.env._("Credit Lines"), 'aftersales.credit.wizard')
