from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'
    _guarded_fields = frozenset({'aftersales_statement_line_id'})

    aftersales_statement_line_id = fields.Many2one(
        'aftersales.warranty.statement.line', "Line of the Statement", copy=False, readonly=True, index='btree_not_null',
        ondelete='restrict',
    )
