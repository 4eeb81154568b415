from odoo import fields, models


class AftersalesReason(models.Model):
    _inherit = 'aftersales.reason'

    kind = fields.Selection(selection_add=[('count', "Stock difference")], ondelete={'count': 'cascade'})
