from odoo import Command, api, fields, models


class AftersalesCreditWizard(models.TransientModel):
    """Dialog: credit a part of what is settled, line by line; every payer gets his frozen share back."""

    _name = 'aftersales.credit.wizard'
    _description = "Credit Lines"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    company_id = fields.Many2one(related='order_id.company_id')
    line_ids = fields.One2many(
        'aftersales.credit.wizard.line', 'wizard_id', compute='_compute_line_ids', store=True, readonly=False
    )
    amount = fields.Monetary("To Credit", compute='_compute_amount')
    reason_id = fields.Many2one('aftersales.reason', required=True, domain="[('kind', '=', 'refund')]")

    @api.depends('order_id')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({'line_id': line.id})
                for line in wizard.order_id.line_ids
                if line.is_billable and line.price_amount > line.credited_amount + line.rounding_amount
            ]

    @api.depends('line_ids.amount')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard.line_ids.mapped('amount'))

    def action_confirm(self):
        """Post the credit notes; money that was paid becomes a credit the till pays out with a refund."""
        self.ensure_one()
        order = self.order_id
        order._credit_settled({row.line_id: row.amount for row in self.line_ids if row.amount}, self.reason_id)
        return {'type': 'ir.actions.act_window_close'}
