"""A store with years behind it: thousands of parts with their movements, laid within the transaction that asks for it."""

TABLES = ('product_template', 'product_product', 'stock_move', 'stock_move_line', 'stock_quant')


def lay(shop, parts=5000, moves=100_000, rounds=10, days=1000, until=None):
    """Make so many parts with so many movements, half receipts and half deliveries, spread over so many days.

    One part is played through Odoo, with `rounds` receipts and deliveries; the others are copies of its rows.

    :param datetime until: UTC, where the days end; now unless given.
    :return: the first part.
    """
    env = shop.env
    customers = env.ref('stock.stock_location_customers')
    seed = shop._make_part("Old stock", cost=10.0)
    for number in range(rounds):
        shop._receive(seed, 3, 10.0 + number)
        move = env['stock.move'].create({
            'product_id': seed.id, 'product_uom_qty': 2, 'location_id': shop.warehouse.lot_stock_id.id,
            'location_dest_id': customers.id, 'company_id': shop.company.id,
        })
        move._action_confirm()
        move.write({'quantity': 2, 'picked': True})
        move._action_done()
    env.flush_all()
    cr = env.cr
    seeds = {'product_template': seed.product_tmpl_id.ids, 'product_product': seed.ids}
    for table in TABLES[2:]:
        cr.execute(f'SELECT id FROM {table} WHERE product_id = %s ORDER BY id', [seed.id])
        seeds[table] = [row[0] for row in cr.fetchall()]
    _copy(cr, seeds, parts - 1)
    # Move by move a step back in time, as many steps as make the wanted number.
    repeat = max(moves // (parts * 2 * rounds), 1) - 1
    if repeat:
        cr.execute("SELECT id FROM product_product WHERE id >= %s", [seed.id])
        products = [row[0] for row in cr.fetchall()]
        cr.execute("SELECT id FROM stock_move WHERE product_id = ANY(%s)", [products])
        moved = [row[0] for row in cr.fetchall()]
        cr.execute("SELECT id FROM stock_move_line WHERE product_id = ANY(%s)", [products])
        _copy(cr, {'stock_move': moved, 'stock_move_line': [row[0] for row in cr.fetchall()]}, repeat)
        cr.execute("UPDATE stock_quant SET quantity = quantity * %s WHERE product_id >= %s", [repeat + 1, seed.id])
    cr.execute("""
        UPDATE stock_move SET date = COALESCE(%s, now() AT TIME ZONE 'UTC') - (rank * %s * interval '1 day' / total)
          FROM (SELECT id AS ranked, row_number() OVER (PARTITION BY product_id ORDER BY id DESC) - 1 AS rank,
                       count(*) OVER (PARTITION BY product_id) AS total
                  FROM stock_move WHERE product_id >= %s) ranks
         WHERE ranked = id
    """, [until, days, seed.id])
    cr.execute("UPDATE product_value SET date = date - interval '2000 days' WHERE product_id = %s", [seed.id])
    for table in TABLES:
        cr.execute(f'ANALYZE {table}')
    env.invalidate_all()
    return seed


def _copy(cr, seeds, times):
    """Copy rows so many times; links among the copied tables lead to the copy of the same turn."""
    columns = {}
    for table in seeds:
        cr.execute("""
            SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'
        """, [table])
        columns[table] = [row[0] for row in cr.fetchall()]
    offsets = {}
    for table in seeds:
        cr.execute(f'SELECT max(id) FROM {table}')
        offsets[table] = (cr.fetchone()[0], min(seeds[table]), max(seeds[table]) - min(seeds[table]) + 1)
    links = {'product_tmpl_id': 'product_template', 'product_id': 'product_product', 'move_id': 'stock_move'}
    for table, ids in seeds.items():
        values = []
        for column in columns[table]:
            target = table if column == 'id' else links.get(column)
            if target in seeds:
                top, low, span = offsets[target]
                values.append(f'"{column}" - {low} + 1 + {top} + (n - 1) * {span}')
            elif column in ('account_move_id', 'barcode', 'picking_id'):
                values.append('NULL')
            else:
                values.append(f'"{column}"')
        names = ', '.join(f'"{column}"' for column in columns[table])
        cr.execute(
            f'INSERT INTO {table} ({names}) SELECT {", ".join(values)} FROM {table}, generate_series(1, {int(times)}) AS n '
            'WHERE id = ANY(%s)', [ids],
        )
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
