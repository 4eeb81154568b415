"""The parts planner's evening: what was asked for in the past year, and the order that follows from it."""

from dateutil.relativedelta import relativedelta

from odoo import Command

# number, name, cost, price, how many there are, number that supersedes it
MORE_PARTS = [
    ('90915-YZZD4', '机油滤清器(新号)', 19.00, 48.00, 0, None),
    ('90915-YZZD1', '机油滤清器(旧号)', 18.00, 45.00, 6, '90915-YZZD4'),
    ('48157-02100', '减振器上胶', 68.00, 180.00, 0, None),
    ('87810-0R070', '车内后视镜', 260.00, 640.00, 3, None),
]
# number, months ago, quantity: customers who asked and went elsewhere
ASKED = [
    ('90915-YZZD1', 5, 4), ('90915-YZZD1', 3, 6), ('90915-YZZD4', 2, 8), ('90915-YZZD4', 1, 7),
    ('48157-02100', 4, 2), ('48157-02100', 2, 2), ('48157-02100', 1, 2),
    ('22030-0T090', 3, 1), ('22030-0T090', 2, 1), ('22030-0T090', 1, 1),
    ('28800-YZZ60', 2, 1),
]
# number, minimum, maximum kept so far
KEPT = [('90915-YZZD4', 4, 8), ('87810-0R070', 1, 3), ('04465-02220', 6, 12), ('28800-YZZ60', 2, 6)]


def plan_parts(day):
    """Let the parts room plan its next order, and the manager approve it.

    :param day: the working day (`day.Day`), whose verbs and people are used.
    :return: the plan, ordered.
    """
    _more_parts(day)
    warehouse = day.env['stock.warehouse'].search([('company_id', '=', day.company.id)], limit=1)
    today = day.company._aftersales_today()
    reason = day.env.ref('aftersales_service.reason_miss_never_stocked')
    day.as_('keeper', day.env['aftersales.lost.sale']).create([
        {
            'product_id': day.part(number).id, 'quantity': quantity, 'reason_id': reason.id,
            'date': today.replace(day=1) - relativedelta(months=months) + relativedelta(days=9),
        }
        for number, months, quantity in ASKED
    ])
    day.env['stock.warehouse.orderpoint'].create([
        {
            'product_id': day.part(number).id, 'product_min_qty': minimum, 'product_max_qty': maximum, 'trigger': 'manual',
            'warehouse_id': warehouse.id, 'location_id': warehouse.lot_stock_id.id,
        }
        for number, minimum, maximum in KEPT
    ])
    plan = day.as_('planner', day.env['aftersales.order.plan']).create({'note': '月末常规补货'})
    plan.action_compute()
    plan.action_propose()
    day.as_('partsmanager', plan)._approve()
    # The next one is under way: the manager finds it waiting.
    following = day.as_('planner', day.env['aftersales.order.plan']).create({'cycle_days': 14})
    following.action_compute()
    following.action_propose()
    day.env['aftersales.indicator'].sudo().search([('company_id', '=', day.company.id)])._store_months(12)
    return plan


def _more_parts(day):
    supplier, category = day.get('supplier'), day.part('04152-YZZA1').categ_id
    made = {}
    for number, name, cost, price, quantity, successor in MORE_PARTS:
        made[number] = day.env['product.product'].create({
            'name': name, 'default_code': number, 'is_storable': True, 'categ_id': category.id, 'standard_price': cost,
            'list_price': price, 'aftersales_is_part': True, 'aftersales_grade': 'oem',
            'aftersales_superseded_by_id': made[successor].id if successor else False,
            'seller_ids': [Command.create({'partner_id': supplier.id, 'price': cost, 'delay': 3})],
        })
        day.env['ir.model.data'].create({
            'module': 'aftersales_demo', 'name': f'part_{number}', 'model': 'product.product', 'res_id': made[number].id,
            'noupdate': True,
        })
        if quantity:
            day.buy(number, quantity, cost)
    # The mirror was bought for a customer who never came back for it.
    made['87810-0R070'].stock_move_ids.date -= relativedelta(months=15)
