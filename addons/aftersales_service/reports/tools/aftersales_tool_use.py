from odoo import fields, models


class AftersalesToolUse(models.Model):
    """One loan of a tool, from the shelf or from hand to hand until it went on: use per tool, late returns, by team."""

    _name = 'aftersales.tool.use'
    _description = "Tool Use"
    _auto = False
    _order = 'out_at desc, id desc'
    _rec_name = 'tool_id'

    tool_id = fields.Many2one('aftersales.tool', readonly=True)
    category_id = fields.Many2one('aftersales.tool.category', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    employee_id = fields.Many2one('hr.employee', "Person", readonly=True)
    team_id = fields.Many2one('aftersales.team', readonly=True)
    order_id = fields.Many2one('aftersales.repair.order', "Repair Order", readonly=True)
    keeper_id = fields.Many2one('hr.employee', "Tool Keeper", readonly=True)
    quantity = fields.Integer("Pieces", readonly=True)
    out_at = fields.Datetime("Lent at", readonly=True)
    due_at = fields.Datetime("Due Back", readonly=True)
    back_at = fields.Datetime("Returned at", readonly=True)
    hours = fields.Float("Hours Out", readonly=True)
    is_late = fields.Boolean("Returned late", readonly=True)
    loan_count = fields.Integer("Times Lent", readonly=True)
    late_count = fields.Integer("Late Returns", readonly=True)
    late_hours = fields.Float("Hours Late", readonly=True)
    is_open = fields.Boolean("Still Out", readonly=True)

    @property
    def _table_query(self):
        """One row an entry that put pieces into somebody's hands; it ends with the last entry that took them out.

        Reversed entries and reversals never happened.
        """
        return """
            SELECT loan.id, loan.tool_id, loan.category_id, loan.company_id, loan.order_id,
                   loan.dest_employee_id AS employee_id, loan.source_keeper_id AS keeper_id,
                   COALESCE(loan.dest_team_id, member.team_id) AS team_id,
                   loan.quantity, loan.at AS out_at, loan.due_at,
                   CASE WHEN loan.open_qty = 0 THEN back.at END AS back_at,
                   EXTRACT(EPOCH FROM COALESCE(CASE WHEN loan.open_qty = 0 THEN back.at END,
                                               now() AT TIME ZONE 'UTC') - loan.at) / 3600 AS hours,
                   loan.open_qty > 0 AS is_open, late.hours > 0 AS is_late,
                   1 AS loan_count, (late.hours > 0)::int AS late_count, GREATEST(late.hours, 0) AS late_hours
              FROM aftersales_tool_move loan
         LEFT JOIN LATERAL (SELECT max(next.at) AS at FROM aftersales_tool_move next
                             WHERE next.previous_move_id = loan.id) back ON TRUE
         LEFT JOIN LATERAL (SELECT min(rel.team_id) AS team_id FROM aftersales_team_member_rel rel
                             WHERE rel.employee_id = loan.dest_employee_id) member ON TRUE
        CROSS JOIN LATERAL (SELECT COALESCE(EXTRACT(EPOCH FROM COALESCE(
                                CASE WHEN loan.open_qty = 0 THEN back.at END, now() AT TIME ZONE 'UTC'
                            ) - loan.due_at) / 3600, 0) AS hours) late
             WHERE loan.dest_place IN ('employee', 'team') AND loan.kind != 'reversal'
               AND NOT EXISTS (SELECT 1 FROM aftersales_tool_move undone WHERE undone.reversed_move_id = loan.id)
        """
