from odoo import api, fields, models


class AftersalesStatementNet(models.TransientModel):
    """Dialog: how much of the statement is netted with purchases."""

    _name = 'aftersales.statement.net'
    _description = "Netting with Purchases"

    statement_id = fields.Many2one('aftersales.warranty.statement', required=True, ondelete='cascade')
    currency_id = fields.Many2one(related='statement_id.currency_id')
    receivable_amount = fields.Monetary("They Owe", related='statement_id.amount_due')
    payable_amount = fields.Monetary("We Owe", compute='_compute_payable_amount')
    amount = fields.Monetary("To Net", compute='_compute_amount', store=True, readonly=False, precompute=True)

    @api.depends('statement_id')
    def _compute_payable_amount(self):
        for wizard in self:
            wizard.statement_id._ensure_accountant()
            wizard.payable_amount = -sum(wizard.statement_id._payables_sudo().mapped('amount_residual'))

    @api.depends('receivable_amount', 'payable_amount')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = max(0.0, min(wizard.receivable_amount, wizard.payable_amount))

    def action_confirm(self):
        self.ensure_one()
        self.statement_id._net(self.amount)
        return {'type': 'ir.actions.act_window_close'}
