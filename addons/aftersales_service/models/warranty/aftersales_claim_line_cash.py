from odoo import fields, models


class AftersalesWarrantyClaimLine(models.Model):
    _inherit = 'aftersales.warranty.claim.line'
    _guarded_fields = frozenset({'replaced_move_id'})

    replaced_move_id = fields.Many2one(
        'stock.move', "Replaced By", readonly=True, copy=False, ondelete='restrict', index='btree_not_null',
        help="The manufacturer sent a part instead of money.",
    )
