from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesRefund(models.Model):
    """Credit note and money back in one request (红冲): the cashier asks, a second person's approval does both."""

    _inherit = 'aftersales.refund'
    _guarded_fields = frozenset({'parent_id'})

    kind = fields.Selection(selection_add=[('red', "Credit Note and Refund")], ondelete={'red': 'cascade'})
    parent_id = fields.Many2one('aftersales.refund', "Part Of", readonly=True, index='btree_not_null', ondelete='cascade')
    part_ids = fields.One2many('aftersales.refund', 'parent_id', "Paid Out", readonly=True)

    _amount_positive = models.Constraint(
        "CHECK(amount > 0 OR (kind = 'red' AND amount = 0))", "A refund is above zero."
    )

    @api.model
    def _request_red(self, settlement, reason, approver=None):
        """Ask to take a settlement back: nothing is credited and no money moves before somebody else approves.

        Where the gate of the second person is off, it is done at once if the user may reopen orders himself.

        :param settlement: `aftersales.settlement`, settled.
        :param reason: `aftersales.reason` of kind reopen or refund.
        :param approver: who is asked; gets a to-do.
        :rtype: recordset of aftersales.refund
        :raise UserError: SET-02 role, SET-54 not settled, SET-55 no reason, SET-60 asked for already, SET-62, SET-63.
        """
        order = settlement.order_id
        order._ensure_may_cash()
        order._lock_settlement_sudo()
        if not settlement.settled_at:
            raise coded_error('SET-54', self.env._("%(order)s is not settled; change it directly.", order=order.name))
        if not reason:
            raise coded_error('SET-55', self.env._("Choose why the order is reopened."))
        asked = self.sudo().search([('order_id', '=', order.id), ('kind', '=', 'red'), ('state', '=', 'requested')], limit=1)
        if asked:
            raise coded_error(
                'SET-60',
                self.env._(
                    "%(refund)s already asks to take %(order)s back. Let it be approved or refused first.",
                    refund=asked.name,
                    order=order.name,
                ),
            )
        refund = self.sudo()._guarded().create(
            {
                'order_id': order.id,
                'kind': 'red',
                'settlement_id': settlement.id,
                'partner_id': settlement.partner_id.id,
                'amount': settlement.sudo().amount_paid - settlement.amount_written_off,
                'reason_id': reason.id,
            }
        )
        refund.message_post(body=self.env._("Credit note and refund requested."))
        refund._ask(approver)
        return refund._approve_by()

    def _ask(self, approver):
        """Put the request on the approver's list."""
        for refund in self.sudo().filtered(lambda item: item.state == 'requested'):
            if approver:
                refund.activity_schedule(
                    'mail.mail_activity_data_todo',
                    summary=self.env._("Approve refund %(refund)s", refund=refund.name),
                    user_id=approver.id,
                )

    def _ensure_can_approve(self, user):
        result = super()._ensure_can_approve(user)
        if self.kind == 'red' and not user.has_groups(
            'aftersales_service.group_accountant,aftersales_service.group_frontdesk_supervisor'
        ):
            raise coded_error(
                'SET-63',
                self.env._(
                    "%(user)s may not approve refunds: an accountant or a front-desk supervisor does.", user=user.name
                ),
            )
        return result

    def _approve_by(self, user=None):
        """Leave a credit note waiting where the user may not approve it himself, gate or not."""
        able = self.env.user.has_groups(
            'aftersales_service.group_accountant,aftersales_service.group_frontdesk_supervisor'
        )
        waiting = self.filtered(lambda refund: refund.kind == 'red' and not user and not able)
        super(AftersalesRefund, self - waiting)._approve_by(user)
        return self.with_env(self.env)

    def _pay_out(self):
        if self.kind != 'red':
            return super()._pay_out()
        order = self.order_id
        order._reopen(self.reason_id)
        payments = order.payment_ids.filtered(
            lambda payment: payment.payment_type == 'inbound'
            and payment.partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
        )
        for payment, left in payments._aftersales_unused().items():
            if order.currency_id.compare_amounts(left, 0.0) > 0:
                self._guarded().create(
                    {
                        'parent_id': self.id,
                        'order_id': order.id,
                        'kind': 'deposit',
                        'payment_id': payment.id,
                        'partner_id': payment.partner_id.id,
                        'amount': left,
                        'journal_id': payment.journal_id.id,
                        'reason_id': self.reason_id.id,
                        'requested_by_id': self.requested_by_id.id,
                        'approved_by_id': self.approved_by_id.id,
                        'approved_at': self.approved_at,
                        'state': 'done',
                    }
                )._pay_out()
        return None
