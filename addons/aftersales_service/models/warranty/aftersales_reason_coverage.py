from odoo import fields, models


class AftersalesReason(models.Model):
    _inherit = 'aftersales.reason'

    kind = fields.Selection(
        selection_add=[('coverage_refusal', "Not covered")], ondelete={'coverage_refusal': 'cascade'},
    )
