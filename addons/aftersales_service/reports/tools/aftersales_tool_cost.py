from odoo import fields, models


class AftersalesToolCost(models.Model):
    """What tools cost a year: bought, calibrated and maintained, lost; by tool, category and team."""

    _name = 'aftersales.tool.cost'
    _description = "Cost of Tools"
    _auto = False
    _order = 'date desc, id desc'
    _rec_name = 'tool_id'

    kind = fields.Selection(
        [('purchase', "Bought"), ('service', "Calibration and maintenance"), ('loss', "Lost or broken"),
         ('compensation', "Compensated")], readonly=True,
    )
    date = fields.Date(readonly=True)
    tool_id = fields.Many2one('aftersales.tool', readonly=True)
    category_id = fields.Many2one('aftersales.tool.category', readonly=True)
    team_id = fields.Many2one('aftersales.team', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    quantity = fields.Integer("Pieces", readonly=True)
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        """Rows of purchases (receipts at their price), services, incidents at the residual value, compensation."""
        return """
            SELECT cost.*, company.currency_id FROM (
                SELECT entry.id * 4 AS id, 'purchase' AS kind, COALESCE(tool.bought_on, entry.at::date) AS date,
                       entry.tool_id, entry.category_id, NULL::int AS team_id, entry.company_id, entry.quantity,
                       entry.quantity * COALESCE(tool.purchase_value, 0) AS amount
                  FROM aftersales_tool_move entry JOIN aftersales_tool tool ON tool.id = entry.tool_id
                 WHERE entry.kind = 'receipt'
                   AND NOT EXISTS (SELECT 1 FROM aftersales_tool_move undone WHERE undone.reversed_move_id = entry.id)
             UNION ALL
                SELECT id * 4 + 1, 'service', done_on, tool_id, category_id, NULL, company_id, 1, COALESCE(cost, 0)
                  FROM aftersales_tool_service
             UNION ALL
                SELECT id * 4 + 2, 'loss', found_at::date, tool_id, category_id, team_id, company_id, quantity,
                       COALESCE(residual_value, 0)
                  FROM aftersales_tool_incident WHERE state != 'cancelled' AND kind IN ('loss', 'damage', 'external')
             UNION ALL
                SELECT id * 4 + 3, 'compensation', found_at::date, tool_id, category_id, team_id, company_id, 0,
                       -compensation_amount
                  FROM aftersales_tool_incident WHERE state IN ('handed_over', 'closed') AND compensation_amount > 0
            ) cost JOIN res_company company ON company.id = cost.company_id
        """
