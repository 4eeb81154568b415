"""The parts manager's post: the manufacturer's next price list, and a delivery to a sub-dealer."""

from dateutil.relativedelta import relativedelta

from odoo import Command

# number, new price, new purchase price
NEXT_PRICES = [
    ('04152-YZZA1', 42.00, 17.00), ('90981-BULB', 50.00, None), ('43512-02160', 508.00, 220.00),
    ('08823-DOT4', 70.00, None), ('28800-YZZ60', 738.00, 328.00),
]
NEWS = (
    '<p>厂家冬季价格表:制动、蓄电池类上调,机油滤清器下调。</p>'
    '<ul><li>旧蓄电池以旧换新返利每只 30 元,随月度返利结算。</li>'
    '<li>配件业务培训:下周三 14:00,二楼会议室,服务顾问与库管参加。</li></ul>'
)


def set_prices(day):
    """Announce the price list of next month, and deliver bulbs to an outlet on account."""
    day.get('supplier').aftersales_is_manufacturer = True
    first = day.company._aftersales_today().replace(day=1) + relativedelta(months=1)
    version = day.as_('partsmanager', day.env['aftersales.price.list']).create({
        'name': '厂家价格表 冬季版', 'date_from': first, 'partner_id': day.get('supplier').id, 'note': NEWS,
        'line_ids': [
            Command.create({
                'product_tmpl_id': day.part(number).product_tmpl_id.id, 'price': price,
                **({'purchase_price': purchase} if purchase else {}),
            })
            for number, price, purchase in NEXT_PRICES
        ],
    })
    version._announce()
    outlet = day.env['res.partner'].create({
        'name': '城北二级网点', 'is_company': True, 'lang': 'zh_CN', 'country_id': day.env.ref('base.cn').id,
        'aftersales_is_subdealer': True, 'aftersales_on_account': True, 'aftersales_credit_limit': 20000.0,
    })
    order = day.as_('keeper', day.env['aftersales.repair.order'])._deliver_to_subdealer(
        [(day.part('90981-BULB'), 4)], outlet,
    )
    return day.keep('二级网点发货', order)
