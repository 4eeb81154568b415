from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules.stock_ledger import open_book

# Columns of the in / stock / out statement: what a movement is to the store.
RECEIPTS = ('purchase', 'order_return', 'other_in')
ISSUES = ('order_issue', 'counter', 'consumable', 'scrap', 'vendor_return', 'other_out')
ADJUSTMENTS = ('gain', 'loss')
LEAVING = frozenset((*ISSUES, 'loss'))
COLUMNS = (*RECEIPTS, *ISSUES, *ADJUSTMENTS, 'transfer')

# So many movements are in memory at once, however long the history is (or those of one product, if it has more).
CHUNK = 20_000

VALUED = {'source': SQL("(s.usage IN ('internal', 'transit') AND s.company_id IS NOT NULL)"),
          'target': SQL("(d.usage IN ('internal', 'transit') AND d.company_id IS NOT NULL)")}

KIND = SQL("""
    CASE WHEN m.is_in THEN
        CASE WHEN m.aftersales_kind = 'return' THEN 'order_return'
             WHEN MIN(s.usage) = 'supplier' THEN 'purchase'
             WHEN MIN(s.usage) = 'inventory' AND m.scrap_id IS NULL THEN 'gain'
             ELSE 'other_in' END
    WHEN m.is_out THEN
        CASE WHEN m.aftersales_kind = 'issue' AND MIN(profile.code) = 'counter' THEN 'counter'
             WHEN m.aftersales_kind = 'issue' AND m.aftersales_order_id IS NOT NULL THEN 'order_issue'
             WHEN m.scrap_id IS NOT NULL THEN 'scrap'
             WHEN MIN(d.usage) = 'supplier' THEN 'vendor_return'
             WHEN MIN(d.usage) = 'inventory' THEN 'loss'
             WHEN MIN(d.usage) = 'production' THEN 'consumable'
             ELSE 'other_out' END
    ELSE 'transfer' END
""")


def insert_rows(cr, table, rows, conflict=None):
    """Write many rows at once: figures of thousands of parts, which no person ever enters.

    :param list[dict] rows: all with the same columns.
    :param SQL conflict: what happens to rows that are there already.
    """
    if not rows:
        return
    columns = sorted(rows[0])
    head = SQL(
        "INSERT INTO %s (create_date, write_date, %s) VALUES ", SQL.identifier(table),
        SQL(", ").join(SQL.identifier(column) for column in columns),
    ).code
    cr.execute_values(
        f"{head}%s {conflict.code if conflict else ''}",
        [[row[column] for column in columns] for row in rows],
        template=f"(now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', {', '.join(['%s'] * len(columns))})",
        page_size=1000,
    )


class Part(NamedTuple):
    """What one product did between the first and the last moment asked for."""

    product_id: int
    categ_id: int
    is_part: bool
    points: list  #: (quantity, worth) at each moment, in the product's unit and company currency, worth not rounded
    flows: dict  #: column of COLUMNS to [quantity, value]: positive, but a `transfer` may be either
    price_change: float  #: worth gained or lost by prices set by hand
    unit: float  #: worth of one piece at the last moment


class Entry(NamedTuple):
    """One movement of a stock card."""

    move_id: int
    date: datetime
    kind: str
    quantity: float  #: what came (positive) or went (negative)
    value: float
    balance: float
    worth: float


class AftersalesStockLedger(models.AbstractModel):
    """The history of stock, read in one pass: what was there and what it was worth at any moment.

    Statement, stock card, stock health and integrity take their figures here. Quantities come from done movements, values
    from `stock.move.value`; the worth is worked out as Odoo's own valuation does it (rules/stock_ledger.py).
    """

    _name = 'aftersales.stock.ledger'
    _description = "History of stock and its worth"

    @api.model
    def _walk_sudo(self, company, moments, products=None, locations=None, trace=None):
        """Go through the history of a company's goods and yield a `Part` for each product that ever moved.

        sudo: only sums leave; the caller checked who asks. A fixed number of queries for every 20,000 movements.

        :param company: res.company.
        :param list moments: UTC datetimes in rising order, None for this moment; flows are those after the first one.
            A movement of exactly a moment comes after it.
        :param products: product.product, all stored goods unless given.
        :param list[int] locations: stock.location ids to look at: quantities, flows and share of the worth are theirs.
        :param trace: called with (product id, Entry) for each movement after the first moment.
        """
        ledger = self.sudo().with_company(company).with_context(allowed_company_ids=company.ids)
        ledger.env.flush_all()
        goods = ledger._goods(company, moments[-1], products)
        for chunk in ledger._chunks(goods):
            yield from ledger._walk_chunk(company, moments, {key: goods[key] for key in chunk}, locations, trace)

    def _goods(self, company, until, products):
        """Return the products that moved, with what decides their worth.

        :rtype: dict[int, dict]  moves, categ_id, method, lots, part, price
        """
        rows = self.env.execute_query_dict(SQL(
            """
            SELECT p.id, COUNT(*) AS moves, t.categ_id, COALESCE(t.lot_valuated, FALSE) AS lots,
                   COALESCE(t.aftersales_is_part, FALSE) AS part,
                   COALESCE((p.standard_price ->> %(key)s)::float, 0) AS price
              FROM stock_move m
              JOIN product_product p ON p.id = m.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE m.company_id = %(company)s AND m.state = 'done' AND t.is_storable %(until)s %(products)s
             GROUP BY p.id, t.id
             ORDER BY p.id
            """,
            key=str(company.id), company=company.id,
            until=SQL("AND m.date < %s", until) if until else SQL(),
            products=SQL("AND m.product_id = ANY(%s)", products.ids) if products is not None else SQL(),
        ))
        categories = self.env['product.category'].browse({row['categ_id'] for row in rows if row['categ_id']})
        methods = {category.id: category.property_cost_method for category in categories}
        return {
            row['id']: {**row, 'method': methods.get(row['categ_id']) or company.cost_method} for row in rows
        }

    def _chunks(self, goods):
        chunk, size = [], 0
        for product_id, values in goods.items():
            if chunk and size + values['moves'] > CHUNK:
                yield chunk
                chunk, size = [], 0
            chunk.append(product_id)
            size += values['moves']
        if chunk:
            yield chunk

    def _walk_chunk(self, company, moments, goods, locations, trace):
        prices = defaultdict(list)
        for product_id, date, price, company_id in self.env.execute_query(SQL(
            """
            SELECT product_id, date, value, company_id FROM product_value
             WHERE product_id = ANY(%s) AND move_id IS NULL AND lot_id IS NULL
             ORDER BY date, id
            """, list(goods),
        )):
            # Odoo's average does not ask which company set a price; its standard cost is the company's own.
            if goods[product_id]['method'] != 'standard' or company_id == company.id:
                prices[product_id].append((date, price))
        histories = defaultdict(list)
        for product_id, *row in self._moves(company, list(goods), moments[-1], locations):
            histories[product_id].append(row)
        now = fields.Datetime.now()
        live = [moment is None or moment > now for moment in moments]
        digits = self.env['decimal.precision'].precision_get('Product Unit')
        for product_id, values in goods.items():
            if product_id in histories:
                yield _History(
                    self, values, histories.pop(product_id), prices[product_id], locations is not None, digits, trace,
                ).go_through(moments, live)

    def _moves(self, company, product_ids, until, locations=None, since=None):
        """Return the done movements in order: (product, date, id, kind, in, out, value, change in scope).

        :param list[int] product_ids: None for all products.
        """
        inside = SQL("ml.quantity_product_uom")
        scope = SQL(
            "SUM(CASE WHEN d.id = ANY(%(ids)s) THEN %(qty)s ELSE 0 END - CASE WHEN s.id = ANY(%(ids)s) THEN %(qty)s ELSE 0 END)",
            ids=locations, qty=inside,
        ) if locations is not None else SQL("0")
        return self.env.execute_query(SQL(
            """
            SELECT m.product_id, m.date, m.id, %(kind)s,
                   SUM(CASE WHEN m.is_in AND NOT %(source)s AND %(target)s THEN %(qty)s ELSE 0 END),
                   SUM(CASE WHEN m.is_out AND %(source)s AND NOT %(target)s THEN %(qty)s ELSE 0 END),
                   COALESCE(m.value, 0), %(scope)s
              FROM stock_move m
              JOIN stock_move_line ml ON ml.move_id = m.id AND ml.picked
              JOIN stock_location s ON s.id = ml.location_id
              JOIN stock_location d ON d.id = ml.location_dest_id
              LEFT JOIN aftersales_repair_order o ON o.id = m.aftersales_order_id
              LEFT JOIN aftersales_profile profile ON profile.id = o.profile_id
             WHERE m.company_id = %(company)s AND m.state = 'done' %(products)s %(since)s
               AND (ml.owner_id IS NULL OR ml.owner_id = %(partner)s) %(valued)s %(until)s
             GROUP BY m.id
             ORDER BY m.product_id, m.date, m.id
            """,
            kind=KIND, qty=inside, scope=scope, source=VALUED['source'], target=VALUED['target'], company=company.id,
            products=SQL("AND m.product_id = ANY(%s)", product_ids) if product_ids is not None else SQL(),
            since=SQL("AND m.date >= %s", since) if since else SQL(), partner=company.partner_id.id,
            valued=SQL("AND (m.is_in OR m.is_out)") if locations is None else SQL(),
            until=SQL("AND m.date < %s", until) if until else SQL(),
        ))

    def _worth_of_lots_sudo(self, product_id, moment):
        """Return what Odoo itself says of a product valued by lot: each lot has a history of its own."""
        product = self.env['product.product'].browse(product_id)
        if moment is None or moment > fields.Datetime.now():
            return product.total_value
        at_date = moment - timedelta(seconds=1)
        lots = self.env['stock.lot'].search([('product_id', '=', product_id)])
        return sum(product._run_avco(at_date=at_date, lot=lot)[1] for lot in lots)


class _History:
    """Goes through the movements of one product."""

    def __init__(self, ledger, values, moves, prices, is_scoped, digits, trace):
        self.ledger, self.values, self.digits, self.trace, self.is_scoped = ledger, values, digits, trace, is_scoped
        self.moves, self.prices = moves, prices
        self.book = open_book(values['method'], prices[0][1] if prices else values['price'])
        self.flows = defaultdict(lambda: [0.0, 0.0])
        self.held = self.change = 0.0
        self.at = self.priced = 0

    def go_through(self, moments, live):
        points = []
        for index, (moment, is_live) in enumerate(zip(moments, live, strict=True)):
            end = moment or datetime.max
            while self.at < len(self.moves) and self.moves[self.at][0] < end:
                self._set_prices(lambda date, now=self.moves[self.at][0]: date <= now, bool(index))
                self._move(self.moves[self.at], bool(index))
                self.at += 1
            self._set_prices(lambda date, end=end: date < end, bool(index))
            points.append((self.held, self._worth(moment, is_live)))
        values = self.values
        return Part(
            values['id'], values['categ_id'], values['part'], points, self.flows, self.change, self.book.unit,
        )

    def _set_prices(self, is_due, is_counted):
        while self.priced < len(self.prices) and is_due(self.prices[self.priced][0]):
            date, price = self.prices[self.priced]
            share = self._share()
            delta = self.book.set_price(date, price) * share
            self.priced += 1
            if is_counted:
                self.change += delta
                if self.trace and round(delta, 2):
                    self._tell(0, date, 'price', 0.0, delta)

    def _move(self, row, is_counted):
        date, move_id, kind, qty_in, qty_out, value, shift = row
        if qty_in:
            self.book.receive(date, qty_in, value)
        if qty_out:
            self.book.issue(date, qty_out)
        if not self.is_scoped:
            shift = qty_in - qty_out
        if not shift:
            return
        self.held += shift
        if not is_counted:
            return
        # A movement within the store has no value of its own: it takes the worth of the moment along.
        moved = value * shift / (qty_in or qty_out) if qty_in or qty_out else shift * self.book.unit
        sign = -1 if kind in LEAVING else 1
        self.flows[kind][0] += sign * shift
        self.flows[kind][1] += sign * moved
        if self.trace:
            self._tell(move_id, date, kind, shift, moved)

    def _tell(self, move_id, date, kind, quantity, value):
        worth = self.book.worth() * self._share() if round(self.held, self.digits) else 0.0
        self.trace(self.values['id'], Entry(move_id, date, kind, quantity, value, self.held, worth))

    def _share(self):
        """Return which part of the product's worth lies in the locations looked at."""
        if not self.is_scoped:
            return 1.0
        return self.held / self.book.quantity if round(self.book.quantity, self.digits) else 0.0

    def _worth(self, moment, is_live):
        if not round(self.held, self.digits):
            return 0.0
        if self.is_scoped and not round(self.book.quantity, self.digits):
            return self.held * self.book.unit
        if self.values['lots']:
            return self.ledger._worth_of_lots_sudo(self.values['id'], moment) * self._share()
        return self.book.worth(self.values['price'] if is_live else None) * self._share()
