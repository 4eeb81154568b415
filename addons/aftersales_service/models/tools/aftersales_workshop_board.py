from odoo import api, models
from odoo.tools import SQL

from ..workshop.const import CLOSED_STATES


class AftersalesWorkshopBoard(models.AbstractModel):
    _inherit = 'aftersales.workshop.board'

    @api.model
    def _board_operations(self, company, start, end, warehouse, now, teams, bays):
        """Add to each open operation the special tools it waits for; one query.

        Keys added: `tools` [names of kinds], `tool_clash` [names of kinds of which no tool is in the store, reserved for
        the operation, or at its car].
        """
        rows = super()._board_operations(company, start, end, warehouse, now, teams, bays)
        for row in rows:
            row.update(tools=[], tool_clash=[])
        by_id = {row['id']: row for row in rows if row['state'] not in CLOSED_STATES}
        if by_id:
            for operation_id, name, has_one in self._board_tools_sudo(company, tuple(by_id)):
                by_id[operation_id]['tools'].append(name)
                if not has_one:
                    by_id[operation_id]['tool_clash'].append(name)
        return rows

    @api.model
    def _board_tools_sudo(self, company, operation_ids):
        """Return (operation id, kind of tool, whether one is there) of the operations on the board.

        Plain SQL of rows the user may see already; a tool counts as there when it lies in the store and nobody else has
        spoken for it now, when it is reserved for the operation, or out for its order.
        """
        lang = self.env.lang or 'en_US'
        return self.env.execute_query(
            SQL(
                """SELECT need.operation_id, COALESCE(category.name->>%(lang)s, category.name->>'en_US'),
                          EXISTS (SELECT 1 FROM aftersales_tool tool
                                   WHERE tool.category_id = need.category_id AND tool.company_id = %(company)s
                                     AND (tool.available_qty > 0 AND NOT EXISTS (
                                              SELECT 1 FROM aftersales_tool_reservation other
                                               WHERE other.tool_id = tool.id AND other.state = 'open'
                                                 AND other.operation_id != need.operation_id
                                                 AND other.from_at <= now() AT TIME ZONE 'UTC'
                                                 AND other.until_at > now() AT TIME ZONE 'UTC')
                                          OR EXISTS (SELECT 1 FROM aftersales_tool_move loan
                                                      WHERE loan.tool_id = tool.id AND loan.open_qty > 0
                                                        AND loan.order_id = need.order_id)
                                          OR EXISTS (SELECT 1 FROM aftersales_tool_reservation own
                                                      WHERE own.tool_id = tool.id AND own.state = 'open'
                                                        AND own.operation_id = need.operation_id
                                                        AND own.until_at > now() AT TIME ZONE 'UTC')))
                     FROM (SELECT DISTINCT line.operation_id, line.order_id, rel.category_id
                             FROM aftersales_repair_line line
                             JOIN aftersales_labour_item_tool_category_rel rel ON rel.item_id = line.labour_item_id
                            WHERE line.operation_id IN %(ids)s) need
                     JOIN aftersales_tool_category category ON category.id = need.category_id
                 ORDER BY need.operation_id, category.sequence, category.id""",
                lang=lang,
                company=company.id,
                ids=operation_ids,
            )
        )
