from odoo import fields, models


class AftersalesSettlementDecision(models.TransientModel):
    """Dialog: what the manufacturer or the insurer answered, and who bears the rest."""

    _name = 'aftersales.settlement.decision'
    _description = "Decision on a Settlement"

    settlement_id = fields.Many2one('aftersales.settlement', required=True)
    step = fields.Selection(
        [('approve', "Approve"), ('refuse', "Refuse"), ('rest', "Decide the Rest")], required=True, default='approve'
    )
    currency_id = fields.Many2one(related='settlement_id.currency_id')
    claimed_amount = fields.Monetary(related='settlement_id.claimed_amount')
    amount = fields.Monetary("Approved Amount", compute='_compute_amount', store=True, readonly=False, precompute=True)
    rest_kind = fields.Selection(
        [('write_off', "Written Off"), ('goodwill', "Goodwill"), ('customer', "Customer Pays")],
        "Rest",
        default='write_off',
        required=True,
    )
    reason_id = fields.Many2one('aftersales.reason')
    consent_name = fields.Char("Who Agreed")
    consent_means = fields.Selection(
        [('phone', "Phone"), ('message', "Message"), ('paper', "Signed Paper")], default='phone'
    )

    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.settlement_id.claimed_amount

    def action_confirm(self):
        self.ensure_one()
        settlement = self.settlement_id
        if self.step == 'approve':
            settlement._approve(self.amount)
        elif self.step == 'refuse':
            settlement._refuse(self.reason_id)
        else:
            settlement._resolve_short(self.rest_kind, self.reason_id, self.consent_means, self.consent_name)
        return {'type': 'ir.actions.act_window_close'}
