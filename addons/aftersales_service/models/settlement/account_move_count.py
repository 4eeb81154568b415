from odoo import fields, models


class AccountMove(models.Model):
    _inherit = 'account.move'

    aftersales_kind = fields.Selection(selection_add=[('count', "Stock Difference")])
