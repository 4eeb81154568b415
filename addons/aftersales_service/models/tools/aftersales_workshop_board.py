from odoo import api, models
from odoo.tools import SQL

from ..workshop.const import CLOSED_STATES


class AftersalesWorkshopBoard(models.AbstractModel):
    _inherit = 'aftersales.workshop.board'

    @api.model
    def _board_operations(self, company, start, end, warehouse, now, teams, bays):
        """Add to each open operation the special tools it waits for, read with the operations themselves.

        Keys added: `tools` [names of kinds], `tool_clash` [names of kinds of which no tool is in the store, reserved for
        the operation, or at its car].
        """
        rows = super()._board_operations(company, start, end, warehouse, now, teams, bays)
        for row in rows:
            kinds = row.pop('tool_kinds') or []
            if row['state'] in CLOSED_STATES:
                kinds = []
            row['tools'] = [name for name, _has_one in kinds]
            row['tool_clash'] = [name for name, has_one in kinds if not has_one]
        return rows

    @api.model
    def _board_columns_sudo(self, company):
        """Read with each operation [kind of tool, whether one is there].

        Plain SQL of operations the user may see; a tool counts as there when it lies in the store and nobody else has
        spoken for it now, when it is reserved for the operation, or out for its order.
        """
        lang = self.env.lang or 'en_US'
        return SQL(
            """%(before)s,
               (SELECT json_agg(json_build_array(need.name, need.has_one) ORDER BY need.sequence, need.id) FROM (
                    SELECT DISTINCT category.id, category.sequence,
                           COALESCE(category.name->>%(lang)s, category.name->>'en_US') AS name,
                           EXISTS (SELECT 1 FROM aftersales_tool tool
                                    WHERE tool.category_id = category.id AND tool.company_id = %(company)s
                                      AND (tool.available_qty > 0 AND NOT EXISTS (
                                               SELECT 1 FROM aftersales_tool_reservation other
                                                WHERE other.tool_id = tool.id AND other.state = 'open'
                                                  AND other.operation_id != operation.id
                                                  AND other.from_at <= now() AT TIME ZONE 'UTC'
                                                  AND other.until_at > now() AT TIME ZONE 'UTC')
                                           OR EXISTS (SELECT 1 FROM aftersales_tool_move loan
                                                       WHERE loan.tool_id = tool.id AND loan.open_qty > 0
                                                         AND loan.order_id = operation.order_id)
                                           OR EXISTS (SELECT 1 FROM aftersales_tool_reservation own
                                                       WHERE own.tool_id = tool.id AND own.state = 'open'
                                                         AND own.operation_id = operation.id
                                                         AND own.until_at > now() AT TIME ZONE 'UTC'))) AS has_one
                      FROM aftersales_repair_line line
                      JOIN aftersales_labour_item_tool_category_rel rel ON rel.item_id = line.labour_item_id
                      JOIN aftersales_tool_category category ON category.id = rel.category_id
                     WHERE line.operation_id = operation.id) need) AS tool_kinds""",
            before=super()._board_columns_sudo(company),
            lang=lang,
            company=company.id,
        )
