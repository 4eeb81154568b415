from odoo import api, fields, models

from ...models.base.errors import coded_error


class AftersalesRefundWizard(models.TransientModel):
    """Dialog of the till: give a deposit or a credit back, or keep a deposit the customer lost."""

    _name = 'aftersales.refund.wizard'
    _description = "Give Money Back"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    company_id = fields.Many2one(related='order_id.company_id')
    currency_id = fields.Many2one(related='order_id.currency_id')
    kind = fields.Selection(
        [('deposit', "Give a deposit back"), ('credit', "Pay out a credit note"), ('forfeit', "Keep a forfeited deposit")],
        required=True,
        default='deposit',
    )
    available_payment_ids = fields.Many2many('account.payment', compute='_compute_available')
    payment_id = fields.Many2one(
        'account.payment',
        "Money Received",
        compute='_compute_payment_id',
        store=True,
        readonly=False,
        domain="[('id', 'in', available_payment_ids)]",
    )
    journal_id = fields.Many2one(
        'account.journal',
        "Means",
        domain="[('company_id', '=', company_id), ('aftersales_means', '!=', False)]",
        help="A credit note is paid out by this means; a deposit goes back the way it came.",
    )
    available_amount = fields.Monetary("Amount Left", compute='_compute_available_amount')
    amount = fields.Monetary(compute='_compute_amount', store=True, readonly=False)
    reason_id = fields.Many2one('aftersales.reason', required=True, domain="[('kind', '=', 'refund')]")
    needs_second = fields.Boolean(compute='_compute_needs_second')
    approver_id = fields.Many2one('res.users', "Approved By", domain="[('id', 'in', approver_ids)]")
    approver_ids = fields.Many2many('res.users', compute='_compute_needs_second')

    @api.depends('order_id')
    def _compute_available(self):
        for wizard in self:
            received = wizard.order_id.sudo().payment_ids.filtered(lambda payment: payment.payment_type == 'inbound')
            wizard.available_payment_ids = received.browse(
                [payment.id for payment, left in received._aftersales_unused().items() if left > 0]
            )

    @api.depends('order_id', 'kind')
    def _compute_payment_id(self):
        for wizard in self:
            wizard.payment_id = False if wizard.kind == 'credit' else wizard.available_payment_ids[-1:]

    @api.depends('order_id', 'kind', 'payment_id')
    def _compute_available_amount(self):
        for wizard in self:
            if wizard.kind == 'credit':
                left = wizard.order_id.sudo()._credit_left_sudo()
            else:
                left = wizard.payment_id and wizard.payment_id.sudo()._aftersales_unused()[wizard.payment_id.sudo()]
            wizard.available_amount = left or 0.0

    @api.depends('available_amount')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.available_amount

    @api.depends('order_id')
    def _compute_needs_second(self):
        desk = self.env['aftersales.desk.cashier']
        for wizard in self:
            wizard.needs_second = wizard.company_id._aftersales_gate('refund_second_person') not in ('off', 'warn')
            wizard.approver_ids = [row['id'] for row in desk._approvers_sudo(wizard.company_id)]

    def action_confirm(self):
        """Ask for the refund; done at once where the shop wants no second person."""
        self.ensure_one()
        order, amount = self.order_id, self.amount or None
        if self.kind == 'credit':
            refund = order._refund(journal=self.journal_id, amount=amount, reason=self.reason_id)
        elif not self.payment_id:
            raise coded_error('SET-60', self.env._("No money of %(order)s is left to give back.", order=order.name))
        elif self.kind == 'forfeit':
            refund = order._forfeit_deposit(self.payment_id, amount=amount, reason=self.reason_id)
        else:
            refund = order._refund_deposit(self.payment_id, amount=amount, reason=self.reason_id)
        refund._ask(self.approver_id)
        return refund._get_records_action() if refund else {'type': 'ir.actions.act_window_close'}
