"""What the manufacturer of the demo dealership promises, and a day of questions about it."""

from odoo import Command, fields

from .shop import DRAWING

# system (empty: the whole car), months, km; None: excluded
POLICIES = {
    '乘用车整车质保(2023 年起)': ('petrol', [
        (None, 36, 100000), ('engine', 60, 150000), ('gearbox', 60, 150000), ('wear', 3, 5000), ('paint', None, None),
    ]),
    '纯电车整车质保(2023 年起)': ('electric', [
        (None, 36, 120000), ('hv_battery', 96, 160000), ('drive_motor', 96, 160000), ('wear', 3, 5000),
    ]),
}
LABOUR_SYSTEMS = {
    'L-BRF': 'wear', 'L-BRD': 'brakes', 'L-BFL': 'wear', 'L-AIR': 'wear', 'L-ACF': 'wear', 'L-OIL': 'wear',
    'L-BAT': 'electrics', 'L-THR': 'engine', 'L-PMP': 'cooling', 'L-WIN': 'electrics', 'L-PNT': 'paint',
}
PART_SYSTEMS = {
    '04465-02220': 'wear', '43512-02160': 'brakes', '28800-YZZ60': 'electrics', '22030-0T090': 'engine',
    '16100-39466': 'cooling', '85720-02230': 'electrics', '85222-WIPER': 'wear',
}


def prepare_coverage(day):
    """Enter policies, a campaign, an extended warranty; which system labour and parts belong to; the clerk's training."""
    env = day.env

    def system(code):
        return env.ref(f'aftersales_service.system_{code}').id if code else False

    brand = day.get('brand')
    models = env['aftersales.vehicle.model'].search([('brand_id', '=', brand.id)])
    for name, (energy, lines) in POLICIES.items():
        env['aftersales.warranty.policy'].create({
            'name': name, 'kind': 'manufacturer', 'brand_id': brand.id, 'date_from': '2023-01-01',
            'model_ids': [Command.set(models.filtered(lambda model, energy=energy: model.energy == energy).ids)],
            'line_ids': [
                Command.create({
                    'system_id': system(code), 'months': months or 0, 'km': km or 0, 'is_excluded': months is None,
                }) for code, months, km in lines
            ],
        })
    env['aftersales.warranty.policy'].create({
        'name': '原厂配件质保', 'kind': 'part', 'brand_id': brand.id,
        'line_ids': [Command.create({'months': 12, 'km': 20000})],
    })
    for code, name in LABOUR_SYSTEMS.items():
        day.labour(code).system_id = system(name)
    for number, name in PART_SYSTEMS.items():
        day.part(number).aftersales_system_id = system(name)
    env['aftersales.vehicle.coverage'].create([
        {'vehicle_id': day.vehicle('苏E9T06B').id, 'kind': 'extended', 'number': 'EW-2026-00123',
         'description': '三电及动力总成延保', 'system_ids': [Command.set([system('engine'), system('gearbox')])],
         'partner_id': day.get('insurer').id, 'date_from': '2026-01-01', 'date_to': '2028-12-31', 'km_to': 200000},
        {'vehicle_id': day.vehicle('苏E6C20D').id, 'kind': 'campaign', 'number': 'R2026-07',
         'description': '玻璃升降电机线束加固', 'system_ids': [Command.set([system('electrics')])]},
    ])
    day.employee('clerk').aftersales_warranty_trained_on = fields.Date.subtract(fields.Date.today(), months=5)
    day.company.write({
        'aftersales_warranty_clerk_id': day.user('clerk').id,
        'aftersales_technical_adviser_id': day.user('dispatcher').id,
    })


def ask(day, job, question):
    """Let the advisor ask the clerk about a job."""
    return day.as_('advisor', day.env['aftersales.warranty.appraisal']).create(
        {'job_id': job.id, 'question': question})


def answer(day, appraisal, result, finding, **values):
    """Let the clerk answer, with a photo."""
    appraisal = day.as_('clerk', appraisal)
    appraisal.write({
        'answer': result, 'finding': finding, 'photo_ids': [Command.create({'image': DRAWING, 'name': '故障部位'})], **values})
    appraisal._give_answer()
    return appraisal


def play_coverage(day):
    """A refusal the customer accepts, a doubtful case that waits for the manufacturer, a car near a 三包 limit."""
    refused_and_paid(day)
    waiting_for_the_manufacturer(day)
    near_the_limit(day)


def refused_and_paid(day):
    """Brake pads at 60,000 km are wear: explained at the car, the customer pays himself."""
    order = day.keep('鉴定:不予保修', day.order(day.arrive('苏E1M48G', '前制动片磨没了,应该保修吧')))
    job = day.job(order, '前制动片磨损', ['L-BRF'], ['04465-02220'], payer_kind='undecided')
    appraisal = answer(
        day, ask(day, job, '客户要求保修前制动片,行驶 6 万公里'), 'not_covered',
        '制动片磨损至极限,均匀磨损,无质量缺陷。易损件保修期 3 个月或 5,000 公里。',
        refusal_reason_id=day.reason('coverage_refusal', 'wear').id,
    )
    appraisal = day.as_('advisor', appraisal)
    appraisal._explain(order.partner_id.name)
    appraisal._turn_to_customer('paper', order.partner_id.name)
    day.sign(order)
    day.dispatch(order)
    day.issue(order)
    day.finish(order)


def waiting_for_the_manufacturer(day):
    """The gearbox jerks, the cause is not clear: the manufacturer is asked and the job waits for his number."""
    order = day.keep('鉴定:等待厂家预授权', day.order(day.arrive('沪C8M417', '二挡升三挡有顿挫', odometer=41200)))
    job = day.job(order, '变速器顿挫', ['L-DIA'], payer_kind='undecided', symptom='冷车二升三挡顿挫,热车减轻')
    job.system_id = day.env.ref('aftersales_service.system_gearbox')
    appraisal = day.as_('clerk', ask(day, job, '变速器顿挫是否在动力总成质保内?需要更换阀体吗?'))
    appraisal._ask_help('阀体更换还是匹配学习?附诊断报告。')
    appraisal._record_help('先做匹配学习,无效则申请阀体更换,需预授权。')
    answer(day, appraisal, 'doubtful', '匹配学习后仍有顿挫,阀体疑似卡滞。', fault_code='P0741')
    appraisal._ask_preauthorisation()


def near_the_limit(day):
    """A warranty repair of the brakes: the first safety repair of this car; the second would let the owner ask for another."""
    order = day.keep('质保:制动(三包临近)', day.order(day.arrive('苏E4N93H', '制动时方向盘抖动')))
    job = day.job(
        order, '前制动盘变形', ['L-BRD'], [('43512-02160', 2)], payer_kind='undecided',
        symptom='80 km/h 制动时方向盘抖动', cause='制动盘端面跳动 0.12 mm', correction='更换前制动盘并测量跳动')
    answer(day, ask(day, job, '制动盘变形是否质量问题?'), 'covered', '端面跳动超差,非外力变形。',
           is_safety_fault=True, fault_code='C-2160', causal_product_id=day.part('43512-02160').id)
    day.sign(order)
    day.dispatch(order)
    day.issue(order)
    day.as_('clerk', job).action_report_quality()
