"""The parts manager's month-end: what lies too long, last month's statement handed in, this month's under way."""

from dateutil.relativedelta import relativedelta

from odoo import Command, fields

# number, name, cost, price, bought, months ago, sold, months ago: stock of models that are hardly on the road any more
LYING = [
    ('52119-0D906', '前保险杠皮(老款)', 380.00, 860.00, 3, 16, 1, 14),
    ('81130-02850', '右前大灯总成(老款)', 720.00, 1680.00, 2, 20, 0, 0),
    ('53301-0D160', '发动机罩锁', 96.00, 230.00, 5, 11, 1, 10),
    ('85212-YZZ1B', '雨刮胶条', 9.00, 25.00, 40, 9, 12, 7),
    ('90080-43037', '油底壳垫片', 3.50, 10.00, 60, 7, 20, 4),
]


def close_month(day):
    """Let stock age, look at its health and hand the month's statement in.

    :param day: the working day (`day.Day`), whose people are used.
    :return: last month's statement, confirmed by the accountant.
    """
    for row in LYING:
        _lay_in(day, *row)
    health = day.env['aftersales.stock.health']
    day.as_('planner', health).action_refresh()
    oldest = health.search([('product_id', '=', day.part('81130-02850').id)])
    day.as_('planner', oldest).write({
        'action': 'vendor_return', 'responsible_id': day.user('partsmanager').id, 'note': '与厂家协商退货',
        'action_date': fields.Date.add(day.company._aftersales_today(), days=14),
    })
    today = day.company._aftersales_today()
    Statement = day.as_('partsmanager', day.env['aftersales.stock.statement'])
    last = Statement._ensure_statement(day.company, today - relativedelta(months=1))
    last._submit()
    day.as_('accountant', last)._confirm()
    Statement._ensure_statement(day.company, today).action_compute()
    return last


def _lay_in(day, number, name, cost, price, bought, bought_ago, sold, sold_ago):
    """Buy a part and sell some of it, so many months ago."""
    product = day.env['product.product'].create({
        'name': name, 'default_code': number, 'is_storable': True, 'categ_id': day.part('04152-YZZA1').categ_id.id,
        'standard_price': cost, 'list_price': price, 'aftersales_is_part': True, 'aftersales_grade': 'oem',
        'seller_ids': [Command.create({'partner_id': day.get('supplier').id, 'price': cost, 'delay': 7})],
    })
    day.env['ir.model.data'].create({
        'module': 'aftersales_demo', 'name': f'part_{number}', 'model': 'product.product', 'res_id': product.id,
        'noupdate': True,
    })
    now = fields.Datetime.now()
    # The cost was entered when the part was bought.
    day.env['product.value'].search([('product_id', '=', product.id)]).date = now - relativedelta(months=bought_ago, days=1)
    day.buy(number, bought, cost)
    product.stock_move_ids.date = now - relativedelta(months=bought_ago)
    if sold:
        warehouse = day.env['stock.warehouse'].search([('company_id', '=', day.company.id)], limit=1)
        delivery = day.env['stock.picking'].create({
            'picking_type_id': warehouse.out_type_id.id, 'location_id': warehouse.lot_stock_id.id,
            'location_dest_id': day.env.ref('stock.stock_location_customers').id, 'company_id': day.company.id,
            'move_ids': [Command.create({
                'product_id': product.id, 'product_uom_qty': sold, 'location_id': warehouse.lot_stock_id.id,
                'location_dest_id': day.env.ref('stock.stock_location_customers').id, 'company_id': day.company.id,
            })],
        })
        delivery.action_confirm()
        delivery.action_assign()
        delivery.move_ids.picked = True
        delivery._action_done()
        delivery.move_ids.date = now - relativedelta(months=sold_ago)
