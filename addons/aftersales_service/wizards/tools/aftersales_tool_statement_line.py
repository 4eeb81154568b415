from odoo import fields, models


class AftersalesToolStatementLine(models.TransientModel):
    """A tool in one keeper's sub-ledger at the moment of the statement."""

    _name = 'aftersales.tool.statement.line'
    _description = "Line of the tool general ledger"
    _order = 'keeper_id, tool_id'

    statement_id = fields.Many2one('aftersales.tool.statement', required=True, index=True, ondelete='cascade')
    tool_id = fields.Many2one('aftersales.tool', required=True, ondelete='cascade')
    category_id = fields.Many2one(related='tool_id.category_id')
    keeper_id = fields.Many2one('hr.employee', "Tool Keeper")
    store_qty = fields.Integer("In the tool room")
    out_qty = fields.Integer("With holders")
    calibration_qty = fields.Integer("In calibration")
    repair_qty = fields.Integer("In repair")
    lost_qty = fields.Integer("Lost")
    total = fields.Integer("On the books")
    currency_id = fields.Many2one(related='statement_id.currency_id')
    value = fields.Monetary("Purchase Value", help="What they cost.")
