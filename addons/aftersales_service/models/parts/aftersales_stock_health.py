from odoo import api, fields, models
from odoo.tools import SQL

from ..base.errors import coded_error
from .aftersales_stock_ledger import insert_rows
from .aftersales_stock_statement_line import COST_GROUPS

BANDS = [
    ('00_03', "0–3 months"), ('04_06', "4–6 months"), ('07_09', "7–9 months"), ('10_12', "10–12 months"), ('over_12', "Over 12 months"),
]
ACTIONS = [
    ('none', "Keep"), ('vendor_return', "Return to Vendor"), ('promote', "Promote"), ('transfer', "Transfer"),
    ('write_down', "Write Down"), ('scrap', "Scrap"), ('count', "Count and Correct"),
]
FIGURES = (
    'categ_id', 'quantity', 'hold_qty', 'value', 'last_issue', 'last_receipt', 'idle_months', 'band', 'is_slow', 'is_dead',
    'is_negative', 'issued_qty', 'max_qty', 'overstock_qty', 'overstock_value', 'dead_value', 'suggestion', 'computed_at',
)
OPEN_ACTION = SQL("(action IS NOT NULL AND action != 'none')")


class AftersalesStockHealth(models.Model):
    """How alive the stock of a part in a warehouse is, and what is done about it (R-PART-11, R-PART-12).

    The figures are taken every night, or when the planner asks, for all parts at once; what the planner decided (action,
    responsible, date, note) stays. A line disappears when the part is gone and nothing was decided.
    """

    _name = 'aftersales.stock.health'
    _description = "Health of a part's stock"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'idle_months desc, id'
    _rec_name = 'product_id'
    _check_company_auto = True
    _guarded_fields = frozenset({'company_id', 'warehouse_id', 'product_id', *FIGURES})

    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    warehouse_id = fields.Many2one('stock.warehouse', required=True, readonly=True, ondelete='cascade', index=True)
    product_id = fields.Many2one('product.product', "Part", required=True, readonly=True, ondelete='cascade', index=True)
    default_code = fields.Char(related='product_id.default_code', string="Part Number")
    uom_id = fields.Many2one(related='product_id.uom_id')
    categ_id = fields.Many2one('product.category', "Category", readonly=True)
    computed_at = fields.Datetime("Figures of", readonly=True)

    quantity = fields.Float("On Hand", digits='Product Unit', readonly=True)
    hold_qty = fields.Float("Of Which in Hold", digits='Product Unit', readonly=True)
    value = fields.Monetary("Stock Value", readonly=True, groups=COST_GROUPS)
    last_issue = fields.Datetime(readonly=True, help="Last time a piece left the store; counts and scrap do not tell of use.")
    last_receipt = fields.Datetime(readonly=True)
    idle_months = fields.Integer(
        "Months Without Issue", readonly=True, aggregator='avg',
        help="Whole months since the last issue; since the last receipt when none was ever issued.",
    )
    band = fields.Selection(BANDS, "Age", readonly=True, index=True)
    is_slow = fields.Boolean("Slow", readonly=True, help="Neither issue nor receipt in the months set for slow movers (R-KPI-07).")
    is_dead = fields.Boolean("Dead", readonly=True)
    is_negative = fields.Boolean("Negative", readonly=True)
    issued_qty = fields.Float("Issued in 12 Months", digits='Product Unit', readonly=True)
    max_qty = fields.Float(
        "Maximum", digits='Product Unit', readonly=True,
        help="Of the reordering rule; without one, the use of the months set for overstock.",
    )
    overstock_qty = fields.Float("Overstock", digits='Product Unit', readonly=True)
    overstock_value = fields.Monetary(readonly=True, groups=COST_GROUPS)
    dead_value = fields.Monetary(readonly=True, groups=COST_GROUPS)
    suggestion = fields.Selection(ACTIONS, readonly=True)

    action = fields.Selection(ACTIONS, "Decision", help="What is done about it; stays when the figures are taken anew.")
    responsible_id = fields.Many2one('res.users', domain="[('share', '=', False)]")
    action_date = fields.Date("Until")
    note = fields.Char()

    _part_uniq = models.UniqueIndex("(product_id, warehouse_id)", "A part appears once for each warehouse.")

    # === CRUD METHODS === #

    def write(self, vals):
        if vals.get('action') not in (None, False, 'none'):
            vals = {'responsible_id': self.env.uid, **vals} if 'responsible_id' not in vals and any(
                not line.responsible_id for line in self) else vals
        return super().write(vals)

    # === ACTION METHODS === #

    def action_take_suggestion(self):
        """Decide as suggested, for the chosen lines."""
        for action, lines in self.filtered('suggestion').grouped('suggestion').items():
            lines.write({'action': action})

    def action_card(self):
        self.ensure_one()
        return self.env['aftersales.stock.card']._open(self.product_id, warehouse=self.warehouse_id)

    @api.model
    def action_refresh(self):
        """Take the figures of the current companies anew and show them."""
        groups = 'aftersales_service.group_parts_planner,aftersales_service.group_accountant'
        if not (self.env.su or self.env.user.has_groups(groups)):
            raise coded_error('PAR-213', self.env._("The parts planner takes the figures anew; they are taken every night."))
        self._refresh_sudo(self.env.companies)
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.stock_health_action')
        return {**action, 'target': 'main'}

    # === BUSINESS METHODS === #

    @api.model
    def _cron_refresh(self):
        self._refresh_sudo(self.env['res.company'].search([]))

    @api.model
    def _refresh_sudo(self, companies):
        """Take the figures of all parts anew: a fixed number of queries a company and 20,000 movements.

        sudo: only the service itself writes figures; the caller checked who asks, or is the nightly job.
        """
        for company in companies:
            health = self.sudo().with_company(company)
            worth = {
                part.product_id: part for part in health.env['aftersales.stock.ledger']._walk_sudo(company, [None])
            }
            rows = [health._prepare_row(company, row, worth) for row in health._figures(company)]
            health._upsert(company, rows)

    def _figures(self, company):
        """Return, by part and warehouse, what is there, when it last moved and how much is used."""
        return self.env.execute_query_dict(SQL(
            """
            WITH stock AS (
                SELECT q.product_id, l.warehouse_id, SUM(q.quantity) AS quantity,
                       SUM(q.quantity) FILTER (WHERE l.aftersales_role = 'hold') AS hold
                  FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
                 WHERE q.company_id = %(company)s AND l.usage IN ('internal', 'transit') AND l.warehouse_id IS NOT NULL
                   AND (q.owner_id IS NULL OR q.owner_id = %(partner)s)
                 GROUP BY 1, 2
            ), moved AS (
                SELECT m.product_id, COALESCE(s.warehouse_id, d.warehouse_id) AS warehouse_id,
                       MIN(m.date) AS first_move, MAX(m.date) FILTER (WHERE m.is_out AND d.usage != 'inventory') AS last_issue,
                       MAX(m.date) FILTER (WHERE m.is_in AND s.usage NOT IN ('production', 'customer')) AS last_receipt,
                       SUM(CASE WHEN m.is_out AND d.usage NOT IN ('inventory', 'supplier') THEN m.quantity * u.factor / pu.factor
                                WHEN m.is_in AND s.usage IN ('production', 'customer') THEN -m.quantity * u.factor / pu.factor
                           END) FILTER (WHERE m.date >= %(now)s - interval '12 months') AS issued
                  FROM stock_move m
                  JOIN stock_location s ON s.id = m.location_id
                  JOIN stock_location d ON d.id = m.location_dest_id
                  JOIN uom_uom u ON u.id = m.product_uom
                  JOIN product_product p ON p.id = m.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom pu ON pu.id = t.uom_id
                 WHERE m.company_id = %(company)s AND m.state = 'done' AND (m.is_in OR m.is_out)
                 GROUP BY 1, 2
            ), rules AS (
                SELECT product_id, warehouse_id, SUM(product_max_qty) AS max_qty
                  FROM stock_warehouse_orderpoint WHERE company_id = %(company)s AND active GROUP BY 1, 2
            )
            SELECT stock.product_id, stock.warehouse_id, t.categ_id, stock.quantity, COALESCE(stock.hold, 0) AS hold,
                   moved.last_issue, moved.last_receipt, COALESCE(moved.issued, 0) AS issued, rules.max_qty,
                   EXTRACT(YEAR FROM idle) * 12 + EXTRACT(MONTH FROM idle) AS idle,
                   EXTRACT(YEAR FROM still) * 12 + EXTRACT(MONTH FROM still) AS still,
                   EXTRACT(YEAR FROM known) * 12 + EXTRACT(MONTH FROM known) AS known
              FROM stock
              JOIN product_product p ON p.id = stock.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable
              LEFT JOIN moved ON moved.product_id = stock.product_id AND moved.warehouse_id = stock.warehouse_id
              LEFT JOIN rules ON rules.product_id = stock.product_id AND rules.warehouse_id = stock.warehouse_id
             CROSS JOIN LATERAL (
                SELECT AGE(%(now)s, COALESCE(moved.last_issue, moved.last_receipt, p.create_date)) AS idle,
                       AGE(%(now)s, COALESCE(GREATEST(moved.last_issue, moved.last_receipt), p.create_date)) AS still,
                       AGE(%(now)s, COALESCE(moved.first_move, p.create_date)) AS known
             ) ages
             WHERE stock.quantity != 0
            """,
            company=company.id, partner=company.partner_id.id, now=fields.Datetime.now(),
        ))

    def _prepare_row(self, company, row, worth):
        """Return the figures of a line as a row of the table."""
        part = worth.get(row['product_id'])
        total, total_value = part.points[0] if part else (0.0, 0.0)
        unit = total_value / total if total else part.unit if part else 0.0
        quantity, idle, issued = row['quantity'], int(row['idle'] or 0), max(row['issued'], 0.0)
        maximum = row['max_qty'] or issued / 12 * company.aftersales_overstock_months
        # Nobody knows the use of a part that came last week: without a rule it is judged after the months it is compared with.
        judged = row['max_qty'] or int(row['known'] or 0) >= company.aftersales_overstock_months
        over = max(quantity - max(maximum, 0.0), 0.0) if judged else 0.0
        value = company.currency_id.round(quantity * unit)
        # What came in last month is not dead, however long ago one was issued.
        still = int(row['still'] or 0)
        is_dead = quantity > 0 and still >= company.aftersales_dead_months
        is_slow = quantity > 0 and still >= company.aftersales_slow_months
        figures = {
            'company_id': company.id, 'product_id': row['product_id'], 'warehouse_id': row['warehouse_id'],
            'categ_id': row['categ_id'], 'quantity': quantity, 'hold_qty': row['hold'], 'value': value,
            'last_issue': row['last_issue'], 'last_receipt': row['last_receipt'], 'idle_months': idle,
            'band': self._band(idle), 'is_slow': is_slow, 'is_dead': is_dead, 'is_negative': quantity < 0,
            'issued_qty': issued, 'max_qty': maximum, 'overstock_qty': over,
            'overstock_value': company.currency_id.round(over * unit), 'dead_value': value if is_dead else 0.0,
            'computed_at': fields.Datetime.now(),
        }
        return {**figures, 'suggestion': self._suggest(figures)}

    def _band(self, months):
        """Return the age of so many whole months without issue; the fourth month begins after three whole ones."""
        for limit, band in ((3, '00_03'), (6, '04_06'), (9, '07_09'), (12, '10_12')):
            if months < limit:
                return band
        return 'over_12'

    def _suggest(self, figures):
        """Return what to do about a line; planners decide otherwise as they like.

        :param dict figures: as `_prepare_row` makes them.
        """
        if figures['is_negative']:
            return 'count'
        if figures['is_dead']:
            return 'scrap' if figures['hold_qty'] >= figures['quantity'] else 'write_down'
        if figures['is_slow']:
            return 'vendor_return' if figures['idle_months'] < 9 else 'promote'
        if figures['overstock_qty'] > 0 and figures['overstock_qty'] >= figures['quantity'] / 2:
            return 'transfer'
        return 'none'

    def _upsert(self, company, rows):
        """Write the lines, keep the decisions, drop what is gone."""
        self.env.flush_all()
        updates = SQL(", ").join(SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name)) for name in FIGURES)
        insert_rows(self.env.cr, 'aftersales_stock_health', rows, SQL(
            "ON CONFLICT (product_id, warehouse_id) DO UPDATE SET %s", updates,
        ))
        keys = [(row['product_id'], row['warehouse_id']) for row in rows]
        gone = SQL(
            "company_id = %s AND (product_id, warehouse_id) NOT IN (SELECT * FROM unnest(%s::int[], %s::int[]))",
            company.id, [key[0] for key in keys], [key[1] for key in keys],
        )
        self.env.cr.execute(SQL("DELETE FROM aftersales_stock_health WHERE %s AND NOT %s", gone, OPEN_ACTION))
        self.env.cr.execute(SQL(
            "UPDATE aftersales_stock_health SET quantity = 0, hold_qty = 0, value = 0, overstock_qty = 0, "
            "overstock_value = 0, dead_value = 0, is_dead = FALSE, is_slow = FALSE, is_negative = FALSE, suggestion = 'none' "
            "WHERE %s", gone,
        ))
        self.env.invalidate_all()
