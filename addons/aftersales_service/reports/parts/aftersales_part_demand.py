from odoo import fields, models
from odoo.tools import SQL

SOURCES = [
    ('issue', "Issued"),
    ('return', "Taken back"),
    ('open', "Missing"),
    ('lost', "Lost sale"),
]


class AftersalesPartDemand(models.Model):
    """What customers and the workshop wanted of each part, day by day, whether it was there or not.

    Issues less returns (orders, counter, consumables, deliveries), what orders still wait for, and lost sales. A miss
    that was filled later is its issue, a miss that was lost is its lost sale: nothing counts twice, and what was
    cancelled although it was there is no demand. A superseded part's demand is also its successor's
    (`current_product_id`).
    """

    _name = 'aftersales.part.demand'
    _description = "Demand of Parts"
    _auto = False
    _order = 'date desc, id desc'
    _rec_name = 'product_id'
    # What must be written to the database before the rows are read.
    _depends = {
        'aftersales.lost.sale': ['company_id', 'date', 'order_id', 'partner_id', 'product_id', 'product_uom_id', 'quantity', 'request_id'],
        'aftersales.part.request': [
            'asked_at', 'asked_qty', 'company_id', 'filled_at_once', 'order_id', 'product_id', 'product_uom_id', 'state',
        ],
        'aftersales.profile': ['code'],
        'aftersales.repair.order': ['is_subdealer', 'profile_id'],
        'product.product': ['product_tmpl_id'],
        'product.template': ['aftersales_is_part', 'aftersales_superseded_by_id', 'categ_id', 'uom_id'],
        'res.company': ['aftersales_day_start', 'resource_calendar_id'],
        'res.partner': ['aftersales_is_subdealer', 'commercial_partner_id'],
        'resource.calendar': ['tz'],
        'stock.location': ['usage'],
        'stock.move': [
            'aftersales_order_id', 'aftersales_request_id', 'company_id', 'date', 'is_in', 'is_out', 'location_dest_id',
            'location_id', 'origin_returned_move_id', 'picking_id', 'product_id', 'product_uom', 'product_uom_qty', 'quantity', 'state',
        ],
        'stock.picking': ['partner_id'],
    }

    product_id = fields.Many2one('product.product', "Part Asked For", readonly=True)
    current_product_id = fields.Many2one(
        'product.product', "Part", readonly=True, help="What is ordered today: the end of the chain of supersessions.",
    )
    product_categ_id = fields.Many2one('product.category', "Category", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    date = fields.Date("Day", readonly=True, help="Business day of the company.")
    quantity = fields.Float(digits='Product Unit', readonly=True, help="In the unit of the part.")
    hits = fields.Integer("Demands", readonly=True, help="How often it was asked for; a return takes none away.")
    source = fields.Selection(SOURCES, readonly=True)
    order_id = fields.Many2one('aftersales.repair.order', "Repair Order", readonly=True)
    is_counter = fields.Boolean("Counter Sale", readonly=True)
    is_subdealer = fields.Boolean("Sub-Dealer", readonly=True, help="Asked for by a sub-dealer, not for our own use.")

    @property
    def _table_query(self):
        """Build the rows; ids are unique per source (a fourth of the numbers each)."""
        return SQL(
            """
            WITH RECURSIVE chain AS (
                SELECT product.id AS product_id, template.aftersales_superseded_by_id AS next_id, 1 AS depth
                  FROM product_product product JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE template.aftersales_superseded_by_id IS NOT NULL
                 UNION ALL
                SELECT chain.product_id, template.aftersales_superseded_by_id, chain.depth + 1
                  FROM chain JOIN product_product product ON product.id = chain.next_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE template.aftersales_superseded_by_id IS NOT NULL AND chain.depth < 50
            ), last AS (
                SELECT DISTINCT ON (product_id) product_id, next_id FROM chain ORDER BY product_id, depth DESC
            ), zone AS (
                SELECT company.id AS company_id, COALESCE(calendar.tz, partner.tz, 'UTC') AS tz,
                       COALESCE(company.aftersales_day_start, 0) * INTERVAL '1 hour' AS shift
                  FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id
                  LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
            ), fact AS (
                SELECT 4 * move.id AS id, move.product_id, move.company_id, move.date AS at, NULL::date AS day,
                       move.quantity * CASE WHEN move.is_out THEN 1 ELSE -1 END AS quantity, move.product_uom AS uom_id,
                       CASE WHEN move.is_out THEN 1 ELSE 0 END AS hits,
                       CASE WHEN move.is_out THEN 'issue' ELSE 'return' END AS source, move.aftersales_order_id AS order_id,
                       picking.partner_id
                  FROM stock_move move
                  LEFT JOIN stock_picking picking ON picking.id = move.picking_id
                  JOIN stock_location origin ON origin.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                 WHERE move.state = 'done'
                   AND ((move.is_out AND target.usage IN ('customer', 'production'))
                     OR (move.is_in AND origin.usage IN ('customer', 'production')
                         AND move.origin_returned_move_id IS NOT NULL))
                 UNION ALL
                SELECT 4 * move.id + 1, move.product_id, move.company_id, request.asked_at, NULL, move.product_uom_qty,
                       move.product_uom, 1, 'open', move.aftersales_order_id, NULL
                  FROM stock_move move JOIN aftersales_part_request request ON request.id = move.aftersales_request_id
                 WHERE move.state IN ('waiting', 'confirmed', 'partially_available') AND NOT request.filled_at_once
                   AND NOT EXISTS (SELECT FROM aftersales_lost_sale sale WHERE sale.request_id = request.id)
                 UNION ALL
                SELECT 4 * request.id + 2, request.product_id, request.company_id, request.asked_at, NULL,
                       request.asked_qty, request.product_uom_id, 1, 'open', request.order_id, NULL
                  FROM aftersales_part_request request
                 WHERE request.state = 'asked' AND NOT request.filled_at_once
                   AND NOT EXISTS (SELECT FROM aftersales_lost_sale sale WHERE sale.request_id = request.id)
                 UNION ALL
                SELECT 4 * sale.id + 3, sale.product_id, sale.company_id, NULL, sale.date, sale.quantity,
                       sale.product_uom_id, 1, 'lost', sale.order_id, sale.partner_id
                  FROM aftersales_lost_sale sale
            )
            SELECT fact.id, fact.product_id, COALESCE(last.next_id, fact.product_id) AS current_product_id,
                   template.categ_id AS product_categ_id, fact.company_id,
                   COALESCE(fact.day, ((fact.at AT TIME ZONE 'UTC') AT TIME ZONE zone.tz - zone.shift)::date) AS date,
                   fact.quantity * unit.factor / own.factor AS quantity, fact.hits, fact.source, fact.order_id,
                   COALESCE(profile.code = 'counter', FALSE) AS is_counter,
                   CASE WHEN orders.id IS NULL THEN COALESCE(whole.aftersales_is_subdealer, FALSE)
                        ELSE COALESCE(orders.is_subdealer, FALSE) END AS is_subdealer
              FROM fact
              JOIN product_product product ON product.id = fact.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = fact.uom_id
              JOIN uom_uom own ON own.id = template.uom_id
              JOIN zone ON zone.company_id = fact.company_id
              LEFT JOIN last ON last.product_id = fact.product_id
              LEFT JOIN aftersales_repair_order orders ON orders.id = fact.order_id
              LEFT JOIN aftersales_profile profile ON profile.id = orders.profile_id
              LEFT JOIN res_partner partner ON partner.id = fact.partner_id
              LEFT JOIN res_partner whole ON whole.id = partner.commercial_partner_id
             WHERE template.aftersales_is_part
            """
        )
