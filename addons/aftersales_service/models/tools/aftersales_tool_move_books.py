from odoo import fields, models


class AftersalesToolMove(models.Model):
    _inherit = 'aftersales.tool.move'

    account_move_ids = fields.One2many(
        'account.move', 'aftersales_tool_move_id', "Journal Entries", readonly=True,
        groups='account.group_account_readonly,aftersales_service.group_accountant',
    )
