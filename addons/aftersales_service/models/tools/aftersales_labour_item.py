from odoo import fields, models


class AftersalesLabourItem(models.Model):
    _inherit = 'aftersales.labour.item'

    tool_category_ids = fields.Many2many(
        'aftersales.tool.category',
        'aftersales_labour_item_tool_category_rel',
        'item_id',
        'category_id',
        string="Special Tools",
        help="Kinds of special tools this work cannot be done without; the dispatch shows where they are.",
    )
