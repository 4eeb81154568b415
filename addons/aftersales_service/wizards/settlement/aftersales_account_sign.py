from odoo import api, fields, models


class AftersalesAccountSign(models.TransientModel):
    """Dialog: the customer signs the statement of an order that is on account (R-PROC-85)."""

    _name = 'aftersales.account.sign'
    _description = "Sign the Statement"

    settlement_id = fields.Many2one('aftersales.settlement', required=True, readonly=True)
    currency_id = fields.Many2one(related='settlement_id.currency_id')
    amount_due = fields.Monetary(related='settlement_id.amount_due')
    name = fields.Char("Signed By", required=True, compute='_compute_name', store=True, readonly=False)
    signature = fields.Image(required=True, max_width=1024, max_height=1024)

    @api.depends('settlement_id')
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.settlement_id.partner_id.name

    def action_confirm(self):
        self.ensure_one()
        self.settlement_id._sign_on_account(self.name, self.signature)
        return {'type': 'ir.actions.act_window_close'}
