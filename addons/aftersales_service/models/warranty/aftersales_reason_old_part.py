from odoo import fields, models


class AftersalesReason(models.Model):
    _inherit = 'aftersales.reason'

    kind = fields.Selection(selection_add=[('old_part', "No old part")], ondelete={'old_part': 'cascade'})
