from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesRefund(models.Model):
    """Money that leaves the till again: asked for by one person, approved by another, paid by the source channel.

    Covers a deposit given back, an overpayment or credit note paid out, and a deposit forfeited (no money moves).
    """

    _name = 'aftersales.refund'
    _description = "Refund"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {
            'name',
            'order_id',
            'kind',
            'payment_id',
            'partner_id',
            'amount',
            'journal_id',
            'state',
            'requested_by_id',
            'approved_by_id',
            'approved_at',
            'refund_payment_id',
            'move_id',
            'settlement_id',
        }
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='restrict', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    kind = fields.Selection(
        [('deposit', "Deposit"), ('credit', "Credit Note"), ('forfeit', "Forfeited Deposit")],
        required=True,
        readonly=True,
        default='deposit',
    )
    payment_id = fields.Many2one('account.payment', "Original Payment", readonly=True, index='btree_not_null')
    settlement_id = fields.Many2one('aftersales.settlement', readonly=True, index='btree_not_null')
    partner_id = fields.Many2one('res.partner', readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    journal_id = fields.Many2one('account.journal', "Means", readonly=True, help="The channel the money came by.")
    reason_id = fields.Many2one('aftersales.reason', domain="[('kind', 'in', ('refund', 'reopen'))]")
    note = fields.Char()
    state = fields.Selection(
        [('requested', "Requested"), ('done', "Done"), ('refused', "Refused")],
        required=True,
        readonly=True,
        default='requested',
        tracking=True,
        index=True,
    )
    requested_by_id = fields.Many2one('res.users', readonly=True, default=lambda self: self.env.user)
    approved_by_id = fields.Many2one('res.users', readonly=True, tracking=True)
    approved_at = fields.Datetime(readonly=True)
    refund_payment_id = fields.Many2one('account.payment', "Payment Out", readonly=True)
    move_id = fields.Many2one('account.move', "Entry", readonly=True)

    _amount_positive = models.Constraint('CHECK(amount > 0)', "A refund is above zero.")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env['aftersales.repair.order'].browse(vals.get('order_id')).company_id or self.env.company
            vals['name'] = self.env['ir.sequence'].sudo().with_company(company).next_by_code('aftersales.refund') or '/'
        return super(AftersalesRefund, self._guarded() if self._is_guarded() else self).create(vals_list)

    # === REQUEST === #

    @api.model
    def _request(self, order, payment=None, kind='deposit', amount=None, reason=None, journal=None, settlement=None):
        """Ask for a refund; nothing is paid before it is approved.

        :raise UserError: SET-02 role, SET-60 nothing left to give back, SET-61 another channel than it came by.
        """
        order._ensure_may_cash()
        order._lock_settlement_sudo()
        self = self.sudo()
        currency = order.currency_id
        if payment:
            payment = payment.sudo()
            left = (
                payment._aftersales_unused()[payment]
                if payment.aftersales_order_id == order and payment.payment_type == 'inbound'
                else 0.0
            )
            journal = journal or payment.journal_id
            if kind != 'forfeit' and journal != payment.journal_id:
                raise coded_error(
                    'SET-61',
                    self.env._(
                        "Money goes back the way it came: %(payment)s was taken by %(journal)s.",
                        payment=payment.name,
                        journal=payment.journal_id.display_name,
                    ),
                )
        else:
            left = order._credit_left_sudo(settlement)
        pending = sum(
            self.search(
                [
                    ('order_id', '=', order.id),
                    ('state', '=', 'requested'),
                    ('payment_id', '=', payment.id if payment else False),
                ]
            ).mapped('amount')
        )
        left = currency.round(left - pending)
        amount = left if amount is None else currency.round(amount)
        if amount <= 0 or currency.compare_amounts(amount, left) > 0:
            raise coded_error(
                'SET-60',
                self.env._(
                    "%(left)s can be given back on %(order)s, not %(amount)s.",
                    left=currency.format(left),
                    order=order.name,
                    amount=currency.format(amount),
                ),
            )
        refund = self._guarded().create(
            {
                'order_id': order.id,
                'kind': kind,
                'payment_id': payment.id if payment else False,
                'settlement_id': settlement.id if settlement else False,
                'partner_id': (
                    payment.partner_id if payment else settlement.partner_id if settlement else order.partner_id
                ).id,
                'amount': amount,
                'journal_id': journal.id if journal else False,
                'reason_id': reason.id if reason else False,
            }
        )
        refund.message_post(body=self.env._("Refund of %(amount)s requested.", amount=currency.format(amount)))
        return refund

    # === APPROVAL === #

    def _approve_by(self, user=None):
        """Approve as a named second person, or leave the request waiting where the gate asks for one.

        :param user: who approves; without, the gate must be off.
        """
        for refund in self:
            if user:
                refund._approve(user)
            elif refund.company_id._aftersales_gate('refund_second_person') in ('off', 'warn'):
                refund._approve(self.env.user)
        return self.with_env(self.env)

    def _ensure_can_approve(self, user):
        """Check the second person: another one than who asked, with the right (R-PERM-18).

        :raise UserError: SET-62 same person, SET-63 no right, SET-64 not waiting.
        """
        self.ensure_one()
        strict = self.company_id._aftersales_gate('refund_second_person') not in ('off', 'warn')
        if self.state != 'requested':
            raise coded_error('SET-64', self.env._("%(refund)s was decided already.", refund=self.name))
        if strict and user == self.requested_by_id:
            raise coded_error(
                'SET-62',
                self.env._("You asked for %(refund)s yourself: a second person has to approve it.", refund=self.name),
            )
        if strict and not user.has_groups(
            'aftersales_service.group_accountant,aftersales_service.group_frontdesk_supervisor'
        ):
            raise coded_error(
                'SET-63',
                self.env._(
                    "%(user)s may not approve refunds: an accountant or a front-desk supervisor does.", user=user.name
                ),
            )

    def _approve(self, user):
        """Approve and pay out (or forfeit) at once."""
        for refund in self:
            refund._ensure_can_approve(user)
            refund.order_id._lock_settlement_sudo()
            refund = refund.sudo()
            refund._guarded().write({'approved_by_id': user.id, 'approved_at': fields.Datetime.now(), 'state': 'done'})
            if refund.kind == 'forfeit':
                refund._forfeit()
            else:
                refund._pay_out()
            refund.order_id._guarded()._after_payment()
        return True

    def _pay_out(self):
        """Pay the money out and match it with the credit it settles."""
        self.ensure_one()
        order = self.order_id
        if not self.journal_id:
            raise coded_error('SET-42', self.env._("Choose the means by which %(refund)s is paid.", refund=self.name))
        payment = order._create_payment_sudo(
            self.journal_id,
            self.amount,
            self.partner_id,
            'refund',
            settlement=self.settlement_id,
            reference=self.name,
            payment_type='outbound',
        )
        self._guarded().write({'refund_payment_id': payment.id})
        source = (
            self.payment_id._aftersales_open_lines()
            if self.payment_id
            else order._credit_lines_sudo(self.settlement_id)
        )
        (source | payment._aftersales_open_lines()).reconcile()

    def _forfeit(self):
        """Book the kept deposit as other income: Dr customer (its advance) / Cr other income."""
        self.ensure_one()
        order, company = self.order_id, self.company_id
        line = self.payment_id._aftersales_open_lines()[:1]
        move = (
            self.env['account.move']
            .with_company(company)
            ._guarded()
            .create(
                {
                    'move_type': 'entry',
                    'journal_id': company._aftersales_cost_journal().id,
                    'company_id': company.id,
                    'date': company._aftersales_today(),
                    'ref': self.env._("Forfeited deposit %(refund)s", refund=self.name),
                    'line_ids': [
                        fields.Command.create(
                            {
                                'account_id': line.account_id.id,
                                'partner_id': line.partner_id.id,
                                'debit': self.amount,
                                'aftersales_order_id': order.id,
                            }
                        ),
                        fields.Command.create(
                            {
                                'account_id': company._aftersales_account('forfeit').id,
                                'credit': self.amount,
                                'aftersales_order_id': order.id,
                            }
                        ),
                    ],
                    **self.env['account.move']._aftersales_link_vals(order, 'forfeit'),
                }
            )
        )
        move._post(soft=False)
        self._guarded().write({'move_id': move.id})
        (line | move.line_ids.filtered(lambda item: item.account_id == line.account_id)).reconcile()

    # === ACTIONS === #

    def action_approve(self):
        """Approve as the person logged in."""
        self.check_access('write')
        return self._approve(self.env.user)

    def action_refuse(self):
        self.check_access('write')
        for refund in self:
            refund._ensure_can_approve(self.env.user)
        self.sudo()._guarded().write(
            {'state': 'refused', 'approved_by_id': self.env.uid, 'approved_at': fields.Datetime.now()}
        )
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('SET-65', self.env._("A refund stays on record. Refuse it instead."))
