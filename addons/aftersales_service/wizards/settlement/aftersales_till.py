from odoo import api, fields, models
from odoo.fields import Command


class AftersalesTill(models.TransientModel):
    """Dialog of the till: pay by one or several means, take a deposit, round off, put on account."""

    _name = 'aftersales.till'
    _description = "Till"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    company_id = fields.Many2one(related='order_id.company_id')
    currency_id = fields.Many2one(related='order_id.currency_id')
    mode = fields.Selection([('pay', "Payment"), ('deposit', "Deposit")], required=True, default='pay')
    amount_due = fields.Monetary(related='order_id.amount_due')
    amount_deposit = fields.Monetary(related='order_id.amount_deposit')
    is_settled = fields.Boolean(related='order_id.is_settled')
    line_ids = fields.One2many(
        'aftersales.till.line', 'till_id', compute='_compute_line_ids', store=True, readonly=False, precompute=True
    )
    amount = fields.Monetary(help="Amount proposed for the first means.")
    amount_entered = fields.Monetary("Entered", compute='_compute_amount_entered')
    round_off = fields.Monetary(help="Small change to waive, before settlement.")
    signed_by = fields.Char()
    signature = fields.Binary()

    @api.depends('order_id', 'mode')
    def _compute_line_ids(self):
        for till in self:
            journal = self.env['account.journal'].search(
                [
                    ('company_id', '=', till.company_id.id),
                    ('aftersales_means', '!=', False),
                ],
                order='sequence, id',
                limit=1,
            )
            amount = till.amount or (
                till.order_id.amount_due
                if till.mode == 'pay'
                else till.order_id._deposit_shortfall()
                if till.order_id
                else 0.0
            )
            till.line_ids = [Command.clear()] + (
                [Command.create({'journal_id': journal.id, 'amount': amount})] if journal else []
            )

    @api.depends('line_ids.amount')
    def _compute_amount_entered(self):
        for till in self:
            till.amount_entered = sum(till.line_ids.mapped('amount'))

    def action_confirm(self):
        """Take the money entered."""
        self.ensure_one()
        parts = [(line.journal_id, line.amount, line.reference) for line in self.line_ids if line.amount]
        if self.mode == 'deposit':
            for journal, amount, reference in parts:
                self.order_id._take_deposit(amount, journal, reference=reference)
        else:
            self.order_id._pay_split(parts)
        return {'type': 'ir.actions.act_window_close'}

    def action_round_off(self):
        self.ensure_one()
        self.order_id._round_off(self.round_off)
        return {'type': 'ir.actions.act_window_close'}

    def action_on_account(self):
        self.ensure_one()
        if action := self.order_id._gate_action('on_account'):
            return action
        self.order_id.settlement_ids.filtered(lambda s: s.kind == 'customer')._put_on_account(
            self.signature, self.signed_by
        )
        return {'type': 'ir.actions.act_window_close'}
