from odoo import fields, models


class AftersalesWarrantyDecisionLine(models.TransientModel):
    """A line of the claim in the dialog."""

    _name = 'aftersales.warranty.decision.line'
    _description = "Answer to a Line of a Warranty Claim"
    _order = 'id'

    wizard_id = fields.Many2one('aftersales.warranty.decision', required=True, ondelete='cascade', index=True)
    line_id = fields.Many2one('aftersales.warranty.claim.line', required=True, readonly=True)
    currency_id = fields.Many2one(related='line_id.currency_id')
    name = fields.Char(related='line_id.name')
    kind = fields.Selection(related='line_id.kind')
    claimed_amount = fields.Monetary(related='line_id.claimed_amount')
    approved_amount = fields.Monetary("Approved Amount")
    reason_id = fields.Many2one('aftersales.reason', domain="[('kind', '=', 'claim')]")
    note = fields.Char("Remark")
