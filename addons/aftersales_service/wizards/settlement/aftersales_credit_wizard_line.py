from odoo import api, fields, models


class AftersalesCreditWizardLine(models.TransientModel):
    """What is given back of one settled line."""

    _name = 'aftersales.credit.wizard.line'
    _description = "Line to Credit"

    wizard_id = fields.Many2one('aftersales.credit.wizard', required=True, ondelete='cascade')
    line_id = fields.Many2one('aftersales.repair.line', required=True, readonly=True)
    currency_id = fields.Many2one(related='line_id.currency_id')
    left_amount = fields.Monetary("Posted", compute='_compute_left_amount')
    amount = fields.Monetary("To Credit")

    @api.depends('line_id')
    def _compute_left_amount(self):
        for row in self:
            line = row.line_id
            row.left_amount = line.price_amount - line.credited_amount - line.rounding_amount
