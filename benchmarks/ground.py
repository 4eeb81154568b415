"""The shop of the benchmarks: 20,000 orders, laid once into a template database."""
from odoo import fields

from tests.common import Factories, VehicleFactory
from tests.ground import GroundFactory
from tests.life_cycle import LifeCycle

ORDERS, SEEDS, OPEN = 20000, 200, 400

# Tables that an order's row in them is copied with, parents before children.
TABLES = (
    'aftersales_repair_order', 'aftersales_repair_job', 'aftersales_repair_line', 'aftersales_repair_payer',
    'aftersales_repair_share', 'aftersales_estimate', 'aftersales_estimate_line', 'aftersales_consent',
)


class Shop(LifeCycle, Factories):
    """The dealership of the tests, outside of a test."""


def open_shop(env):
    """Return the class with the factories, working in the laid company."""
    Shop.env = env
    Shop._open_shop()
    Shop.env.user.company_id = Shop.company
    VehicleFactory._vehicle_number = 50000  # beyond the cars of the template
    return Shop


def lay(env):
    """Fill the template: company, 200 signed orders made by Odoo, 20,000 by copying their rows."""
    GroundFactory._lay(env)
    shop = open_shop(env)
    VehicleFactory._vehicle_number = 10000
    env = shop.env
    shop._make_labour_rate(226.0, date='2019-01-01')
    labour = [shop._make_labour_item(f"Old labour {number}", hours=0.5) for number in range(3)]
    parts = [shop._make_part(f"Old part {number}", cost=100.0, price=226.0) for number in range(20)]
    shop.company.aftersales_auto_request = False
    shop._only_gates()
    for number in range(SEEDS):
        order = shop._make_order(
            shop._make_vehicle(f'沪Z{number:05}', partner_id=shop._make_customer(f"Customer {number}").id),
            parts=[(parts[(number + shift) % 20], 2) for shift in range(5)], labour=labour,
        )
        shop._approve(order)
    env.cr.flush()
    copy_rows(env.cr, ORDERS // SEEDS - 1)
    # Most of them are history: only the newest are open, as in a shop that has worked for years.
    env.cr.execute("""
        UPDATE aftersales_repair_order
           SET promised_at = %(now)s - (rank / 40.0) * interval '1 day', create_date = %(now)s - (rank / 40.0) * interval '1 day',
               state = CASE WHEN rank > %(open)s THEN 'closed' ELSE state END,
               outcome = CASE WHEN rank > %(open)s THEN 'done' ELSE outcome END
          FROM (SELECT id AS ranked, row_number() OVER (ORDER BY id DESC) AS rank FROM aftersales_repair_order) ranks
         WHERE ranked = id
    """, {'now': fields.Datetime.now(), 'open': OPEN})
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute('VACUUM ANALYZE')


def copy_rows(cr, times):
    """Copy the rows of all orders so many times, their links among each other kept; Odoo alone would take an hour."""
    spans = {}
    for table in TABLES:
        cr.execute(f'SELECT COALESCE(max(id), 0) FROM {table}')
        spans[table] = cr.fetchone()[0]
    cr.execute("""
        SELECT conrelid::regclass::text, attname, confrelid::regclass::text
          FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
         WHERE contype = 'f' AND confrelid::regclass::text = ANY(%s)
    """, [list(TABLES)])
    links = {(table, column): target for table, column, target in cr.fetchall()}
    relations = {table: column for (table, column), target in links.items()
                 if target == 'aftersales_repair_line' and table.endswith('_rel')}
    for table in (*TABLES, *relations):
        cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table])
        columns = [column for column, in cr.fetchall()]
        values = []
        for column in columns:
            target = table if column == 'id' else links.get((table, column))
            if target in spans:
                values.append(f'"{column}" + n * {spans[target]}')
            elif column == 'access_token':
                values.append('NULL')
            elif column == 'name' and table == 'aftersales_repair_order':
                values.append("name || '-' || n")
            else:
                values.append(f'"{column}"')
        names = ', '.join(f'"{column}"' for column in columns)
        cr.execute(
            f'INSERT INTO {table} ({names}) SELECT {", ".join(values)} FROM {table}, generate_series(1, {int(times)}) AS n'
        )
        if table in spans:
            cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
