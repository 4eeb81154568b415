from odoo import api, fields, models


class AftersalesChargebackWizard(models.TransientModel):
    """Dialog: what the manufacturer takes back of a credited claim, and who bears it."""

    _name = 'aftersales.chargeback.wizard'
    _description = "Charge-back of a Claim"

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, ondelete='cascade')
    currency_id = fields.Many2one(related='claim_id.currency_id')
    left_amount = fields.Monetary("Credited by Manufacturer", compute='_compute_left')
    amount = fields.Monetary("Taken Back", compute='_compute_taken', store=True, readonly=False, precompute=True)
    reason_id = fields.Many2one('aftersales.reason', domain="[('kind', '=', 'claim')]", required=True)
    note = fields.Char()
    responsible_id = fields.Many2one('res.partner', "Responsible", help="Who owes it; empty: it stays an expense.")
    recovered_amount = fields.Monetary("He Owes")

    @api.depends('claim_id')
    def _compute_left(self):
        for wizard in self:
            wizard.left_amount = wizard.claim_id.credited_total - wizard.claim_id.charged_back_total

    @api.depends('claim_id')
    def _compute_taken(self):
        for wizard in self:
            wizard.amount = wizard.claim_id.credited_total - wizard.claim_id.charged_back_total

    @api.onchange('responsible_id', 'amount')
    def _onchange_responsible_id(self):
        self.recovered_amount = self.amount if self.responsible_id else 0.0

    def action_confirm(self):
        self.ensure_one()
        self.claim_id._charge_back(
            self.amount, self.reason_id, self.note, self.responsible_id or None,
            self.recovered_amount if self.responsible_id else None)
        return {'type': 'ir.actions.act_window_close'}
