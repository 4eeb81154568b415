"""The parts keeper's afternoon: a delivery that is not as ordered, consumables for a team, a customer who asked in vain."""

from odoo import Command

# number, ordered, counted, of these to Hold, condition
DELIVERY = [('17801-21050', 10, 10, 0, 'ok'), ('85222-WIPER', 6, 6, 1, 'damaged'), ('90981-BULB', 20, 18, 0, 'ok')]


def keep_parts(day):
    """Let the keeper accept a delivery with differences, serve a team and note a lost sale.

    :param day: the working day (`day.Day`), whose verbs and people are used.
    :return: the acceptance.
    """
    purchase = day.env['purchase.order'].create(
        {
            'partner_id': day.get('supplier').id,
            'company_id': day.company.id,
            'order_line': [
                Command.create(
                    {
                        'product_id': day.part(number).id,
                        'product_qty': ordered,
                        'price_unit': day.part(number).standard_price,
                    }
                )
                for number, ordered, _counted, _held, _condition in DELIVERY
            ],
        }
    )
    purchase.button_confirm()
    check = day.as_('keeper', purchase.picking_ids)._aftersales_acceptance_sudo()
    for number, _ordered, counted, held, condition in DELIVERY:
        check.line_ids.filtered(lambda line, number=number: line.product_id == day.part(number)).write(
            {'counted_qty': counted, 'doubtful_qty': held, 'quality': condition, 'note': '外盒压瘪' if held else False}
        )
    check.note = '送货单 SH-20261122-07,外箱一角受潮'
    check._accept()
    purchase.action_create_invoice()
    purchase.invoice_ids.write({'invoice_date': day.company._aftersales_today(), 'ref': 'FP-SH-07'})
    purchase.invoice_ids.action_post()
    day.as_('keeper', day.env['stock.picking'])._aftersales_consume(
        day.get('team_mechanical'), day.employee('tech1'), [(day.part('08823-DOT4'), 2)], note='车间清洗与补液'
    )
    day.as_('advisor', day.env['aftersales.lost.sale']).create(
        {
            'product_id': day.part('22030-0T090').id,
            'quantity': 1,
            'reason_id': day.env.ref('aftersales_service.reason_miss_never_stocked').id,
            'note': '电话询价,等不了三天',
        }
    )
    return check


def leave_work(day):
    """Leave on the counter what the parts room finds in the morning: parts to hand over, one to take back, one missing.

    :return: the orders that wait, `{title: order}`.
    """
    cooling = day.order(day.arrive('苏E52KQ9', '水温偏高,空调风小'), customer_place='waiting')
    filters = day.job(cooling, '更换空调滤清器', ['L-ACF'], [('87139-06080', 2)])
    day.sign(cooling)
    day.dispatch(cooling, bay='bay_3')
    day.issue(cooling)
    line = filters.line_ids.filtered(lambda line: line.kind == 'part')
    day.as_('tech1', line)._announce_return(1)
    pump = day.job(cooling, '更换冷却水泵', ['L-PMP'], ['16100-39466', '17801-21050', ('08880-0W20', 4)])
    day.phone(cooling, pump)
    day.dispatch(cooling, pump, bay='bay_3')

    throttle = day.order(day.arrive('苏E9K15F', '怠速忽高忽低,加速无力'))
    job = day.job(throttle, '更换节气门', ['L-THR'], ['22030-0T090', '17801-21050'])
    day.sign(throttle)
    day.as_('cashier', throttle)._take_deposit(690.0, day.journal('wechat'))
    day.dispatch(throttle, bay='bay_4')
    missing = job.line_ids.filtered(lambda line: line.product_id == day.part('22030-0T090'))
    day.as_('keeper', day.env['aftersales.desk.parts']).order_urgently(missing.id, 1)
    purchase = day.env['purchase.order'].search(
        [('order_line.product_id', '=', missing.product_id.id), ('state', '=', 'draft'), ('priority', '=', '1')]
    )
    day.as_('partsmanager', purchase).button_confirm()
    return {'待领料:水泵': cooling, '待料:节气门': throttle}
