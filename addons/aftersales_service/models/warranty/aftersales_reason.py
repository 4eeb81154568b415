from odoo import fields, models


class AftersalesReason(models.Model):
    _inherit = 'aftersales.reason'

    kind = fields.Selection(
        selection_add=[('claim', "Manufacturer's refusal"), ('claim_cancel', "Claim cancelled")],
        ondelete={'claim': 'cascade', 'claim_cancel': 'cascade'},
    )
