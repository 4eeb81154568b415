from odoo import fields, models


class AftersalesTillLine(models.TransientModel):
    """One means and its part of the money."""

    _name = 'aftersales.till.line'
    _description = "Payment by One Means"

    till_id = fields.Many2one('aftersales.till', required=True, ondelete='cascade')
    company_id = fields.Many2one(related='till_id.company_id')
    currency_id = fields.Many2one(related='till_id.currency_id')
    journal_id = fields.Many2one(
        'account.journal',
        "Means",
        required=True,
        domain="[('aftersales_means', '!=', False), ('company_id', '=', company_id)]",
    )
    amount = fields.Monetary(required=True)
    reference = fields.Char("Slip No.")
