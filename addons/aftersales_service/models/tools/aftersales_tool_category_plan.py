from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL, format_datetime

from .const import HELD

GONE_STATES = ('new', 'disposed')
AWAY_PLACES = ('calibration', 'repair')


class AftersalesToolCategory(models.Model):
    """Where the tools of a kind are, for whoever plans work with them (R-TOOL-12)."""

    _inherit = 'aftersales.tool.category'

    # === BUSINESS METHODS === #

    def _situation_sudo(self, company, start, end, operation=None):
        """Return where the tools of these categories are and whether one is free in a window; three queries in all.

        Sudo: that a colleague has the puller until four is what the board exists to tell.

        :param company: res.company whose tools count.
        :param datetime start: UTC, beginning of the window; `end` its end.
        :param operation: aftersales.operation whose own reservations and loans do not stand in its way.
        :return: one dictionary a category, in their order: category_id, category, total, free (pieces nobody has or
            speaks for at any moment of the window), reserved (the operation has spoken for one), out_here (one is out for
            its order), clash (text, empty when one is free or theirs) and tools: rows of `tool._plan_row`.
        :rtype: list[dict]
        """
        tools = self.env['aftersales.tool'].sudo().search(
            [('category_id', 'in', self.ids), ('company_id', '=', company.id), ('state', 'not in', GONE_STATES)]
        )
        reservations = self.env['aftersales.tool.reservation']._standing_sudo(tools, start, end)
        away = defaultdict(self.env['aftersales.tool.move'].sudo().browse)
        for move in tools._open_moves((*HELD, *AWAY_PLACES, 'lost')):
            away[move.tool_id.id] |= move
        by_category = tools.grouped(lambda tool: tool.category_id.id)
        result = []
        for category in self.sudo():
            rows = [
                tool._plan_row(
                    start, end, away[tool.id],
                    reservations.get(tool.id, self.env['aftersales.tool.reservation'].sudo()), operation,
                )
                for tool in by_category.get(category.id, tools.browse())
            ]
            reserved, here = any(row['mine'] for row in rows), any(row['here'] for row in rows)
            free_count = sum(row['free'] for row in rows)
            result.append(
                {
                    'category_id': category.id,
                    'category': category.name,
                    'total': sum(row['capacity'] for row in rows),
                    'free': free_count,
                    'reserved': reserved,
                    'out_here': here,
                    'clash': '' if free_count or reserved or here else self._clash_text(company, category, rows),
                    'tools': rows,
                }
            )
        return result

    def _lock_tools_sudo(self, company):
        """Let everybody who wants one of these tools wait for each other until the transaction ends.

        The rows are updated, not only locked: who waited gets a serialization failure, is retried by Odoo, and then
        sees the other's reservation. Sudo: plain SQL on rows that the verb was allowed to use.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE aftersales_tool SET write_date = write_date WHERE id IN "
                "(SELECT id FROM aftersales_tool WHERE category_id IN %s AND company_id = %s ORDER BY id FOR NO KEY UPDATE)",
                tuple(self.ids) or (0,),
                company.id,
            )
        )

    def _clash_text(self, company, category, rows):
        """Return in one sentence why none of a kind is free."""
        if not rows:
            return self.env._("%(category)s: the tool room has none.", category=category.name)
        zone = company._aftersales_workday_tz().zone
        reasons = []
        for row in rows[:3]:
            if row['place'] in AWAY_PLACES:
                reasons.append(self.env._("%(tool)s is in calibration or repair", tool=row['code']))
            elif row['place'] == 'lost':
                reasons.append(self.env._("%(tool)s is lost", tool=row['code']))
            elif row['holder'] and row['until']:
                when = format_datetime(self.env, fields.Datetime.to_datetime(row['until']), tz=zone, dt_format='MM-dd HH:mm')
                reasons.append(self.env._("%(tool)s is with %(holder)s until %(until)s", tool=row['code'],
                                          holder=row['holder'], until=when))
            elif row['holder']:
                reasons.append(self.env._("%(tool)s is with %(holder)s", tool=row['code'], holder=row['holder']))
            else:
                reasons.append(self.env._("%(tool)s is reserved by %(person)s", tool=row['code'],
                                          person=row['reserved_by'] or '–'))
        return self.env._("%(category)s: none free; %(reasons)s.", category=category.name, reasons="; ".join(reasons))
