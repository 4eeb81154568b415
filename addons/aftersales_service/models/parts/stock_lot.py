from odoo import fields, models

from ..catalogue.product_template import GRADES


class StockLot(models.Model):
    _inherit = 'stock.lot'

    # Where a numbered part came from, for the day somebody doubts it (R-PART-13).
    aftersales_grade = fields.Selection(GRADES, "Grade", readonly=True, copy=False)
    aftersales_vendor_id = fields.Many2one(
        'res.partner', "Vendor", readonly=True, copy=False, index='btree_not_null'
    )
