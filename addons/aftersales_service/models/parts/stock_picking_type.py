from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = 'stock.picking.type'

    aftersales_kind = fields.Selection(
        [('issue', "Issue to Repair Order"), ('return', "Return from Repair Order")],
        "After-Sales Kind", readonly=True, copy=False, index='btree_not_null',
    )
