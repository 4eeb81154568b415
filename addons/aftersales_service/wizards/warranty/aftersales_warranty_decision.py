from odoo import Command, api, fields, models

from ...models.warranty.claim_const import SENT_STATES


class AftersalesWarrantyDecision(models.TransientModel):
    """Dialog: what the manufacturer approved, line by line, and why he cut what he cut."""

    _name = 'aftersales.warranty.decision'
    _description = "Answer to a Warranty Claim"

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, readonly=True, domain=[('state', 'in', SENT_STATES)])
    currency_id = fields.Many2one(related='claim_id.currency_id')
    manufacturer_number = fields.Char("Their Claim No.", compute='_compute_lines', store=True, readonly=False, precompute=True)
    answer = fields.Selection(
        [('approved', "Approved in full"), ('rejected', "Refused"), ('lines', "By line")], required=True, default='approved',
    )
    reason_id = fields.Many2one('aftersales.reason', "Reason for All Lines", domain="[('kind', '=', 'claim')]")
    line_ids = fields.One2many(
        'aftersales.warranty.decision.line', 'wizard_id', compute='_compute_lines', store=True, readonly=False, precompute=True,
    )
    claimed_amount = fields.Monetary(related='claim_id.claimed_amount')
    approved_amount = fields.Monetary("Approved Amount", compute='_compute_approved_amount')

    @api.depends('claim_id')
    def _compute_lines(self):
        for wizard in self:
            wizard.manufacturer_number = wizard.claim_id.manufacturer_number
            wizard.line_ids = [Command.clear()] + [
                Command.create({'line_id': line.id, 'approved_amount': line.claimed_amount}) for line in wizard.claim_id.line_ids
            ]

    @api.depends('answer', 'line_ids.approved_amount', 'claimed_amount')
    def _compute_approved_amount(self):
        for wizard in self:
            wizard.approved_amount = {
                'approved': wizard.claimed_amount, 'rejected': 0.0, 'lines': sum(wizard.line_ids.mapped('approved_amount')),
            }[wizard.answer or 'approved']

    def action_confirm(self):
        """Record the answer on the claim."""
        self.ensure_one()
        lines = self.line_ids if self.answer == 'lines' else self.line_ids.browse()
        approved = {row.line_id: row.approved_amount for row in lines}
        if self.answer == 'rejected':
            approved = dict.fromkeys(self.claim_id.line_ids, 0.0)
        reasons = {line: self.reason_id for line in self.claim_id.line_ids if self.reason_id}
        reasons.update({row.line_id: row.reason_id for row in lines if row.reason_id})
        amounts = {line: approved.get(line, line.claimed_amount) for line in self.claim_id.line_ids}
        self.claim_id._decide(
            amounts,
            {line: reason for line, reason in reasons.items() if amounts[line] != line.claimed_amount},
            {row.line_id: row.note for row in lines if row.note},
            self.manufacturer_number,
        )
        return {'type': 'ir.actions.act_window_close'}
