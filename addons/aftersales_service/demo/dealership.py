"""A believable Chinese dealership: people, bays, catalogue, stock, customers and their cars."""

from odoo import Command, fields

from ..rules.vin import with_check_digit

USERS = [
    # login, name, roles, trade
    ('manager', '顾建国', ('service_manager',), None),
    ('gm', '沈国华', ('general_manager',), None),
    ('advisor', '林晓燕', ('advisor',), None),
    ('advisor2', '许志强', ('advisor',), None),
    ('supervisor', '周敏', ('frontdesk_supervisor',), None),
    ('receptionist', '吴倩', ('receptionist',), None),
    ('dispatcher', '郑海涛', ('workshop_supervisor',), None),
    ('leader', '何涛', ('team_leader',), 'mechanical'),
    ('tech1', '陆伟', ('technician',), 'mechanical'),
    ('tech2', '孙磊', ('technician',), 'electrical'),
    ('tech3', '赵军', ('team_leader',), 'body'),
    ('inspector', '钱永明', ('inspector',), None),
    ('keeper', '冯丽', ('parts_keeper',), None),
    ('planner', '郭蕾', ('parts_planner',), None),
    ('partsmanager', '陈斌', ('parts_manager',), None),
    ('cashier', '蒋芳', ('cashier',), None),
    ('accountant', '韩雪', ('accountant',), None),
    ('guard', '马师傅', ('gate_guard',), None),
    ('hr', '唐静', ('hr_officer',), None),
    ('toolkeeper', '段志远', ('tool_keeper',), None),
    ('clerk', '高雅琴', ('warranty_clerk',), None),
]

# The screen that opens when one of them logs in, by login.
HOME = {
    'advisor': 'advisor', 'advisor2': 'advisor', 'dispatcher': 'board', 'leader': 'board', 'tech1': 'technician',
    'tech2': 'technician', 'tech3': 'technician', 'inspector': 'inspector', 'keeper': 'parts', 'cashier': 'cashier',
    'accountant': 'accountant', 'guard': 'guard', 'hr': 'hr', 'toolkeeper': 'tools', 'clerk': 'warranty',
}

# code, name, trade, skill, book hours, needs another person
LABOUR = [
    ('L-OIL', '更换机油机滤', 'mechanical', '2_skilled', 0.5, False),
    ('L-AIR', '更换空气滤清器', 'mechanical', '2_skilled', 0.2, False),
    ('L-ACF', '更换空调滤清器', 'mechanical', '2_skilled', 0.3, False),
    ('L-CHK', '全车检查(22项)', 'mechanical', '2_skilled', 0.4, False),
    ('L-BRF', '更换前制动片', 'mechanical', '2_skilled', 1.2, True),
    ('L-BRD', '更换前制动盘', 'mechanical', '2_skilled', 0.8, True),
    ('L-BFL', '更换制动液', 'mechanical', '2_skilled', 0.5, True),
    ('L-BAT', '更换蓄电池', 'electrical', '2_skilled', 0.4, False),
    ('L-DIA', '故障诊断', 'electrical', '3_senior', 0.8, False),
    ('L-THR', '更换节气门', 'electrical', '3_senior', 1.0, False),
    ('L-PMP', '更换冷却水泵', 'mechanical', '3_senior', 2.5, False),
    ('L-WIN', '更换玻璃升降电机', 'electrical', '2_skilled', 1.0, False),
    ('L-BMP', '更换前保险杠', 'body', '2_skilled', 1.5, False),
    ('L-FEN', '左前翼子板钣金', 'body', '3_senior', 3.0, False),
    ('L-PNT', '喷漆(每面)', 'paint', '3_senior', 2.0, False),
    ('L-PDI', '新车交付前检查', 'mechanical', '2_skilled', 1.0, False),
    ('L-TOW', '夜间接车与安全固定', 'mechanical', '2_skilled', 0.5, False),
]

# part number, name, cost, price incl. VAT, stock, grade
PARTS = [
    ('04152-YZZA1', '机油滤清器', 18.00, 45.00, 60, 'oem'),
    ('08880-0W20', '全合成机油 0W-20 (升)', 32.00, 78.00, 240, 'oem'),
    ('17801-21050', '空气滤清器', 35.00, 88.00, 40, 'oem'),
    ('87139-06080', '空调滤清器', 30.00, 108.00, 40, 'oem'),
    ('04465-02220', '前制动片(副)', 165.00, 412.00, 20, 'oem'),
    ('43512-02160', '前制动盘', 210.00, 486.00, 12, 'oem'),
    ('08823-DOT4', '制动液 DOT4 (升)', 22.00, 68.00, 50, 'oem'),
    ('28800-YZZ60', '蓄电池 60Ah', 310.00, 698.00, 8, 'oem'),
    ('22030-0T090', '节气门总成', 640.00, 1380.00, 0, 'oem'),
    ('16100-39466', '冷却水泵', 285.00, 620.00, 6, 'oem'),
    ('85720-02230', '玻璃升降电机', 180.00, 420.00, 5, 'oem'),
    ('52119-02E80', '前保险杠皮', 520.00, 1180.00, 3, 'oem'),
    ('53812-02330', '左前翼子板', 380.00, 860.00, 2, 'oem'),
    ('PAINT-2K', '水性漆(面)', 60.00, 180.00, 40, 'brand'),
    ('85222-WIPER', '雨刮片(对)', 46.00, 128.00, 30, 'brand'),
    ('90981-BULB', '大灯灯泡', 15.00, 48.00, 40, 'brand'),
]

# name, phone, plate, vin, model, colour, odometer
CARS = [
    ('沈佳', '13800010001', '苏E7H30N', 'LFMAP22C9M0100011', '锐行 1.5T', '珍珠白', 46812),
    ('许明', '13800010002', '苏ED41853', 'LFMAP22C9M0100028', '锐行 EV', '星空蓝', 21930),
    ('陆平', '13800010003', '苏E52KQ9', 'LFMAP22C9M0100035', '锐行 1.5T', '曜石黑', 30211),
    ('高洁', '13800010004', '苏E8P61T', 'LFMAP22C9M0100042', '远途 2.0T', '银灰', 78400),
    ('罗成', '13800010005', '苏E3A77B', 'LFMAP22C9M0100059', '远途 2.0T', '珍珠白', 55120),
    ('宋雨', '13800010006', '苏E6C20D', 'LFMAP22C9M0100066', '锐行 1.5T', '枫叶红', 12040),
    ('谢强', '13800010007', '苏E9K15F', 'LFMAP22C9M0100073', '远途 2.0T', '曜石黑', 91300),
    ('董琳', '13800010008', '苏E1M48G', 'LFMAP22C9M0100080', '锐行 1.5T', '银灰', 60010),
    ('潘峰', '13800010009', '苏E4N93H', 'LFMAP22C9M0100097', '锐行 1.5T', '珍珠白', 38770),
    ('杜娟', '13800010010', '沪C8M417', 'LFMAP22C9M0100104', '远途 2.0T', '星空蓝', 0),
]
FLEET = (
    '恒运物流有限公司',
    '051288880001',
    [
        ('苏E9T06B', 'LFMAP22C9M0100111', '远途 2.0T', 120300),
        ('苏E9T07B', 'LFMAP22C9M0100128', '远途 2.0T', 98050),
    ],
)
NEW_CARS = ['LFMAP22C9N0200011', 'LFMAP22C9N0200028', 'LFMAP22C9N0200035']


def load(env):
    """Build the dealership in the main company of a fresh database.

    :param odoo.api.Environment env: superuser environment.
    """
    env['res.lang']._activate_lang('zh_CN')
    Dealership(env).build()


class Dealership:
    """Builder of the demo company; every record gets an xmlid `aftersales_demo.<key>` so that the day finds it."""

    def __init__(self, env):
        self.company = env.ref('base.main_company')
        self.env = env(
            context={
                **env.context,
                'lang': 'zh_CN',
                'allowed_company_ids': self.company.ids,
                'tracking_disable': True,
                'no_reset_password': True,
            }
        )
        self.company = self.company.with_env(self.env)

    def keep(self, key, record):
        """Remember a record under a key."""
        self.env['ir.model.data'].create(
            {
                'module': 'aftersales_demo',
                'name': key,
                'model': record._name,
                'res_id': record.id,
                'noupdate': True,
            }
        )
        return record

    def build(self):
        self.company_setup()
        self.people()
        self.workshop()
        self.catalogue()
        self.parts()
        self.customers()

    def company_setup(self):
        """Chinese chart, perpetual average cost, tax-included prices, the large shop's gates."""
        company = self.company
        company.write(
            {
                'name': '苏州和谐汽车销售服务有限公司',
                'country_id': self.env.ref('base.cn').id,
                'city': '苏州',
                'street': '工业园区星湖街 188 号',
                'phone': '0512-66660000',
            }
        )
        if company.chart_template != 'cn':
            self.env['account.chart.template'].try_loading('cn', company=company, install_demo=False)
        company.write(
            {
                'account_price_include': 'tax_included',
                'inventory_valuation': 'real_time',
                'cost_method': 'average',
                'aftersales_shop_size': 'large',
            }
        )
        company.aftersales_wip_account_id = company.account_production_wip_account_id
        company.resource_calendar_id.tz = 'Asia/Shanghai'
        company._aftersales_prepare_company()
        for check in company._aftersales_setup_checks():
            if not check['ok'] and check.get('fix'):
                getattr(company, check['fix'])()
        self.env['res.users'].browse(self.env.ref('base.user_admin').id).write(
            {
                'tz': 'Asia/Shanghai',
                'lang': 'zh_CN',
                'group_ids': [
                    Command.link(self.env.ref('aftersales_service.group_service_manager').id),
                    Command.link(self.env.ref('aftersales_service.group_general_manager').id),
                ],
            }
        )

    def people(self):
        """A user and an employee for each desk; login and password are the same word."""
        for login, name, roles, trade in USERS:
            desk = HOME.get(login)
            user = self.env['res.users'].create(
                {
                    'action_id': desk and self.env.ref(f'aftersales_service.action_desk_{desk}').id,
                    'name': name,
                    'login': login,
                    'password': login,
                    'lang': 'zh_CN',
                    'tz': 'Asia/Shanghai',
                    'company_id': self.company.id,
                    'company_ids': [Command.set(self.company.ids)],
                    'group_ids': [
                        Command.set(
                            [
                                self.env.ref('base.group_user').id,
                                *(self.env.ref(f'aftersales_service.group_{role}').id for role in roles),
                            ]
                        )
                    ],
                }
            )
            self.keep(f'user_{login}', user)
            employee = self.env['hr.employee'].create(
                {
                    'name': name,
                    'user_id': user.id,
                    'company_id': self.company.id,
                    # The badge, as a scanner reads it at the counters.
                    'barcode': f'GP{login.upper()}',
                    'hourly_cost': 45.0,
                    'aftersales_can_drive': True,
                    **({'aftersales_trade': trade} if trade else {}),
                }
            )
            self.keep(f'employee_{login}', employee)

    def employee(self, login):
        return self.env.ref(f'aftersales_demo.employee_{login}')

    def workshop(self):
        """Two teams and six bays."""
        self.keep(
            'team_mechanical',
            self.env['aftersales.team'].create(
                {
                    'name': '机电一组',
                    'leader_id': self.employee('leader').id,
                    'company_id': self.company.id,
                    'trade': 'mechanical',
                    'member_ids': [Command.set([self.employee(login).id for login in ('leader', 'tech1', 'tech2')])],
                }
            ),
        )
        self.keep(
            'team_body',
            self.env['aftersales.team'].create(
                {
                    'name': '钣喷组',
                    'leader_id': self.employee('tech3').id,
                    'company_id': self.company.id,
                    'trade': 'body',
                    'member_ids': [Command.set(self.employee('tech3').ids)],
                }
            ),
        )
        for number in range(1, 7):
            self.keep(
                f'bay_{number}',
                self.env['aftersales.bay'].create({'name': f'工位 {number}', 'company_id': self.company.id}),
            )

    def catalogue(self):
        """Labour with book time, rates by payer and skill, packages."""
        brand = self.keep(
            'brand',
            self.env['aftersales.vehicle.brand'].create(
                {
                    'name': '瑞途',
                    'claim_partner_id': self.keep(
                        'oem', self.env['res.partner'].create({'name': '瑞途汽车有限公司', 'is_company': True})
                    ).id,
                }
            ),
        )
        group = self.env['aftersales.vehicle.model.group'].create({'name': '乘用车'})
        for name, energy in (('锐行 1.5T', 'petrol'), ('远途 2.0T', 'petrol'), ('锐行 EV', 'electric')):
            self.keep(
                f'model_{name.replace(" ", "_").replace(".", "_")}',
                self.env['aftersales.vehicle.model'].create(
                    {
                        'name': name,
                        'brand_id': brand.id,
                        'model_group_id': group.id,
                        'energy': energy,
                    }
                ),
            )
        for kind, price in (
            ('customer', 280.0),
            ('warranty', 180.0),
            ('insurance', 260.0),
            ('internal', 150.0),
            ('goodwill', 280.0),
        ):
            for skill, factor in (('2_skilled', 1.0), ('3_senior', 1.25)):
                self.env['aftersales.labour.rate'].create(
                    {
                        'payer_kind': kind,
                        'skill': skill,
                        'price_per_hour': price * factor,
                        'company_id': self.company.id,
                        'date_from': '2026-01-01',
                    }
                )
        for code, name, trade, skill, hours, other in LABOUR:
            self.keep(
                f'labour_{code}',
                self.env['aftersales.labour.item'].create(
                    {
                        'code': code,
                        'name': name,
                        'trade': trade,
                        'skill': skill,
                        'book_hours': hours,
                        'needs_other_person': other,
                        'warranty_months': 6,
                        'warranty_km': 10000,
                    }
                ),
            )

    def parts(self):
        """Spare parts with stock received from a supplier."""
        category = self.keep(
            'category',
            self.env['product.category'].create(
                {
                    'name': '汽车配件',
                    'property_valuation': 'real_time',
                    'property_cost_method': 'average',
                }
            ),
        )
        warehouse = self.env['stock.warehouse'].search([('company_id', '=', self.company.id)], limit=1)
        supplier = self.keep(
            'supplier',
            self.env['res.partner'].create(
                {
                    'name': '瑞途配件销售公司',
                    'is_company': True,
                    'supplier_rank': 1,
                    # Its original parts come from the manufacturer; others are stopped at the counter.
                    'aftersales_oem_approved': True,
                }
            ),
        )
        moves = []
        for number, name, cost, price, quantity, grade in PARTS:
            product = self.keep(
                f'part_{number}',
                self.env['product.product'].create(
                    {
                        'name': name,
                        'default_code': number,
                        'aftersales_no_old_part': name.endswith(('(升)', '(面)')),
                        'is_storable': True,
                        'categ_id': category.id,
                        'standard_price': cost,
                        'list_price': price,
                        'aftersales_is_part': True,
                        'aftersales_grade': grade,
                        'aftersales_warranty_months': 12,
                        'aftersales_warranty_km': 20000,
                        'seller_ids': [Command.create({'partner_id': supplier.id, 'price': cost, 'delay': 3})],
                    }
                ),
            )
            if quantity:
                moves.append(
                    Command.create(
                        {
                            'product_id': product.id,
                            'product_uom_qty': quantity,
                            'product_uom': product.uom_id.id,
                            'price_unit': cost,
                            'location_id': self.env.ref('stock.stock_location_suppliers').id,
                            'location_dest_id': warehouse.lot_stock_id.id,
                            'company_id': self.company.id,
                        }
                    )
                )
        receipt = self.env['stock.picking'].create(
            {
                'picking_type_id': warehouse.in_type_id.id,
                'partner_id': supplier.id,
                'company_id': self.company.id,
                'location_id': self.env.ref('stock.stock_location_suppliers').id,
                'location_dest_id': warehouse.lot_stock_id.id,
                'move_ids': moves,
            }
        )
        receipt.action_confirm()
        receipt._aftersales_acceptance_sudo()._accept()
        self.packages()

    def packages(self):
        """What an advisor picks with one click."""

        def labour(code):
            return Command.create(
                {'kind': 'labour', 'labour_item_id': self.env.ref(f'aftersales_demo.labour_{code}').id, 'quantity': 1}
            )

        def part(number, quantity):
            return Command.create(
                {'kind': 'part', 'product_id': self.env.ref(f'aftersales_demo.part_{number}').id, 'quantity': quantity}
            )

        self.keep(
            'package_small',
            self.env['aftersales.package'].create(
                {
                    'code': 'P-5000',
                    'name': '小保养(机油机滤)',
                    'company_id': self.company.id,
                    'is_fixed_price': True,
                    'fixed_price': 468.0,
                    'line_ids': [labour('L-OIL'), labour('L-CHK'), part('04152-YZZA1', 1), part('08880-0W20', 4)],
                }
            ),
        )
        self.keep(
            'package_big',
            self.env['aftersales.package'].create(
                {
                    'code': 'P-20000',
                    'name': '大保养(三滤)',
                    'company_id': self.company.id,
                    'line_ids': [
                        labour('L-OIL'),
                        labour('L-AIR'),
                        labour('L-ACF'),
                        labour('L-CHK'),
                        part('04152-YZZA1', 1),
                        part('08880-0W20', 4),
                        part('17801-21050', 1),
                        part('87139-06080', 1),
                    ],
                }
            ),
        )
        self.keep(
            'package_brake',
            self.env['aftersales.package'].create(
                {
                    'code': 'P-BRAKE',
                    'name': '更换前制动片',
                    'company_id': self.company.id,
                    'line_ids': [labour('L-BRF'), part('04465-02220', 1)],
                }
            ),
        )

    def customers(self):
        """Customers, their cars, a fleet on account, new cars in stock."""
        for name, phone, plate, vin, model, colour, odometer in CARS:
            partner = self.keep(
                f'customer_{plate}',
                self.env['res.partner'].create(
                    {
                        'name': name,
                        'phone': phone,
                        'lang': 'zh_CN',
                        'country_id': self.env.ref('base.cn').id,
                        'city': '苏州',
                    }
                ),
            )
            self.vehicle(plate, vin, model, partner, colour, odometer)
        name, phone, cars = FLEET
        fleet = self.keep(
            'customer_fleet',
            self.env['res.partner'].create(
                {
                    'name': name,
                    'phone': phone,
                    'is_company': True,
                    'lang': 'zh_CN',
                    'country_id': self.env.ref('base.cn').id,
                    'aftersales_on_account': True,
                    'aftersales_credit_limit': 50000.0,
                }
            ),
        )
        for plate, vin, model, odometer in cars:
            self.vehicle(plate, vin, model, fleet, '珍珠白', odometer)
        for vin in NEW_CARS:
            self.vehicle(False, vin, '锐行 1.5T', self.company.partner_id, '白', 12)
        self.keep('insurer', self.env['res.partner'].create({'name': '泰安财产保险苏州分公司', 'is_company': True}))

    def vehicle(self, plate, vin, model, partner, colour, odometer):
        vin = with_check_digit(vin)  # the table above is invented
        record = self.env['aftersales.vehicle'].create(
            {
                'license_plate': plate,
                'vin': vin,
                'partner_id': partner.id,
                'color': colour,
                'company_id': self.company.id,
                'model_id': self.env.ref(f'aftersales_demo.model_{model.replace(" ", "_").replace(".", "_")}').id,
                'warranty_start': fields.Date.subtract(fields.Date.today(), months=20),
                'year': 2024,
            }
        )
        if odometer:
            record._record_odometer(odometer)
        return self.keep(f'vehicle_{plate or vin[-6:]}', record)
