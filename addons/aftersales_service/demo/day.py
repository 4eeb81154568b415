"""One working day of the demo dealership, order by order, through the verbs the screens call."""

from odoo import Command, fields

from . import warranty_old_parts
from .count import begin_next_count, count_stock
from .people import PeopleMonth
from .planning import plan_parts
from .prices import set_prices
from .receiving import keep_parts, leave_work
from .shop import DRAWING, Shop
from .stock import close_month
from .tools import ToolRoom
from .warranty import agree_terms, claim_warranty, leave_on_the_desk
from .warranty_cash import play_cash
from .warranty_coverage import play_coverage, prepare_coverage


def play(env):
    """Play the day.

    :return: `{title: order}` in the order of the day.
    :rtype: dict
    """
    day = Day(env)
    for step in STORIES:
        getattr(day, step)()
        env.flush_all()
    return day.orders


STORIES = (
    'what_the_manufacturer_promises',
    'terms_of_the_manufacturer',
    'express_oil_change',
    'additional_work_by_phone',
    'safety_item_refused',
    'part_on_back_order',
    'unused_part_returned',
    'accident_shared_by_three',
    'three_new_cars',
    'own_part_with_disclaimer',
    'comeback_free_of_charge',
    'declined_with_diagnosis_fee',
    'failed_inspection',
    'fleet_on_account',
    'deposit_cancelled_and_refunded',
    'tow_in_at_night',
    'counter_sale',
    'warranty_claims',
    'is_it_covered',
    'cars_still_inside',
    'tool_room',
    'people_month',
    'parts_planning',
    'parts_receiving',
    'manufacturer_statement',
    'parts_month_end',
    'stock_count',
    'old_parts_sent',
    'claims_on_the_desk',
    'parts_left_for_tomorrow',
)


class Day(PeopleMonth, ToolRoom, Shop):
    def __init__(self, env):
        super().__init__(env)
        self.orders = {}

    def keep(self, title, order):
        self.orders[title] = order
        return order

    def what_the_manufacturer_promises(self):
        """Warranty policies, a campaign, an extended warranty; the clerk is trained."""
        prepare_coverage(self)

    def is_it_covered(self):
        """Questions to the warranty clerk: refused, doubtful, covered."""
        play_coverage(self)

    def terms_of_the_manufacturer(self):
        """What the manufacturer pays for warranty work, and what he wants to see."""
        agree_terms(self)

    def warranty_claims(self):
        """Claims drafted, sent, approved, cut and asked back."""
        claim_warranty(self)

    def manufacturer_statement(self):
        """The manufacturer's credit list: claims in full, short and refused, and who bears the rest."""
        play_cash(self)

    def express_oil_change(self):
        """Oil change while the customer waits: one package, one signature."""
        visit = self.arrive('苏E7H30N', '做个小保养', profile='express')
        order = self.keep('快保:机油保养', self.order(visit, customer_place='waiting'))
        self.as_('advisor', order)._apply_package(self.get('package_small'))
        self.sign(order)
        self.dispatch(order)
        self.issue(order)
        self.finish(order)

    def additional_work_by_phone(self):
        """Brake pads; the technician finds old brake fluid; the customer says yes on the phone."""
        order = self.keep('电话同意增项', self.order(self.arrive('苏E52KQ9', '刹车的时候有吱吱声,上周开始的')))
        self.job(order, '前制动异响', ['L-BRF'], ['04465-02220'])
        self.sign(order)
        operations = self.dispatch(order)
        self.issue(order)
        self.as_('leader', operations)._accept()
        found = self.as_('tech1', operations[0])._report_extra('制动液含水量超标', hours=0.5)
        extra = self.as_('advisor', order).job_ids.filtered(lambda job: job.id == found.id)
        order_desk = self.as_('advisor', order)
        order_desk._add_line(extra, kind='labour', labour_item_id=self.labour('L-BFL').id)
        order_desk._add_line(extra, kind='part', product_id=self.part('08823-DOT4').id)
        self.phone(order, extra)
        self.dispatch(order, extra)
        self.issue(order)
        self.finish(order, 'alipay')

    def safety_item_refused(self):
        """Worn discs found at the walk-round; the customer refuses, the warning is printed and signed."""
        order = self.keep('安全项目客户拒绝', self.order(self.arrive('苏E8P61T', '做个大保养')))
        self.as_('advisor', order)._apply_package(self.get('package_big'))
        self.sign(order)
        operations = self.dispatch(order)
        self.issue(order)
        self.as_('leader', operations)._accept()
        found = self.as_('tech1', operations[0])._report_extra('前制动盘磨损超限', is_safety=True, hours=0.8)
        extra = self.as_('advisor', order).job_ids.filtered(lambda job: job.id == found.id)
        self.as_('advisor', order)._add_line(extra, kind='labour', labour_item_id=self.labour('L-BRD').id)
        self.as_('advisor', order)._add_line(extra, kind='part', product_id=self.part('43512-02160').id, quantity=2)
        self.phone(order, extra, 'declined')
        self.finish(order, 'card', acknowledge=order.partner_id.name)

    def part_on_back_order(self):
        """The throttle is not in stock: the car leaves with the battery done and comes back for the rest."""
        order = self.keep('缺件:先交车', self.order(self.arrive('苏ED41853', '启动困难,发动机抖')))
        self.job(order, '更换蓄电池', ['L-BAT'], ['28800-YZZ60'])
        waiting = self.job(order, '更换节气门', ['L-THR'], ['22030-0T090'])
        self.sign(order)
        self.as_('cashier', order)._take_deposit(690.0, self.journal('wechat'))
        operations = self.dispatch(order, order.job_ids - waiting)
        self.issue(order)
        self.as_('advisor', waiting)._park(self.reason('park'))
        follow_up = self.keep('缺件:到货返店', self.as_('advisor', order)._carry_over(self.as_('advisor', waiting)))
        self.finish(order, operations=operations)
        self.buy('22030-0T090', 2, 640.0)
        visit = self.arrive('苏ED41853', '节气门到货,来换')
        self.order(visit)
        self.dispatch(follow_up)
        self.issue(follow_up)
        self.finish(follow_up)

    def unused_part_returned(self):
        """Two filters were issued, one goes back to the shelf."""
        order = self.keep('退料', self.order(self.arrive('苏E3A77B', '空调有异味')))
        job = self.job(order, '空调异味', ['L-ACF'], [('87139-06080', 2)])
        self.sign(order)
        self.dispatch(order)
        self.issue(order)
        line = job.line_ids.filtered(lambda line: line.kind == 'part')
        self.take_back(line, 1)
        self.as_('advisor', line).quantity = 1
        self.sign(order)
        self.finish(order, 'cash')

    def accident_shared_by_three(self):
        """Insurer, manufacturer and customer share; the car leaves before the manufacturer has said yes."""
        visit = self.arrive('苏E9K15F', '追尾,前保险杠和左前翼子板', profile='accident')
        order = self.keep('事故:三方分摊', self.order(visit, profile_code='accident'))
        desk = self.as_('advisor', order)
        insurer = desk._payer('insurance', self.get('insurer'))
        customer = desk._payer('customer')
        body = self.job(order, '更换前保险杠并喷漆', ['L-BMP', 'L-PNT'], ['52119-02E80', 'PAINT-2K'])
        fender = self.job(order, '左前翼子板', ['L-FEN', 'L-PNT'], ['53812-02330', 'PAINT-2K'])
        self.job(
            order,
            '水泵渗漏(质保)',
            ['L-PMP'],
            ['16100-39466'],
            payer_kind='warranty',
            symptom='冷却液减少',
            cause='水封失效',
            correction='更换水泵总成',
        )
        self.as_('advisor', body)._set_shares([(insurer, 'rest', 0), (customer, 'fixed', 200.0)])
        self.as_('advisor', fender)._set_shares([(insurer, 'percent', 80.0), (customer, 'rest', 0)])
        self.sign(order)
        self.dispatch(order, (body | fender), team='team_body', technicians=('tech3',), bay='bay_5')
        self.dispatch(order, order.job_ids - body - fender)
        self.issue(order, 'tech3')
        for operation in order.operation_ids.sorted('sequence'):
            mechanic = 'tech3' if self.employee('tech3') in operation.technician_ids else 'tech1'
            if order._steps_before(operation):
                self.as_(mechanic, operation)._confirm_previous()
            self.work(operation, mechanic)
            if operation.trade in ('body', 'paint'):
                self.as_('inspector', order)._check('process', True, operations=operation)
        self.inspect(order)
        self.wash(order)
        self.settle(order)
        insurance = order.settlement_ids.filtered(lambda settlement: settlement.kind == 'insurance')
        self.as_('accountant', insurance)._approve()
        self.pay(order, 'card')
        self.hand_back(order)

    def three_new_cars(self):
        """Pre-delivery inspection of three new cars, paid by the sales department."""
        vehicles = self.env['aftersales.vehicle'].search(
            [('license_plate', '=', False), ('company_id', '=', self.company.id)]
        )
        for number, vehicle in enumerate(vehicles, 1):
            visit = self.as_('advisor', self.env['aftersales.visit']).create(
                {
                    'vehicle_id': vehicle.id,
                    'company_id': self.company.id,
                    'odometer': 15,
                    'profile_id': self.company._aftersales_profile('internal').id,
                }
            )
            visit._arrive()
            order = self.keep(f'新车PDI {number}', visit._create_order('internal', wash_wanted=False))
            job = self.job(
                order, '新车交付前检查', ['L-PDI'], ['85222-WIPER'] if number == 1 else [], payer_kind='internal'
            )
            order.payer_ids.reason_id = self.reason('internal', 'pdi')
            self.as_('advisor', order)._record_consent(
                self.as_('advisor', job), 'approved', 'supervisor', name='销售部'
            )
            self.dispatch(order)
            if number == 1:
                self.issue(order)
            self.work(order.operation_ids, hours=0.2)
            self.inspect(order)
            self.settle(order)
            self.hand_back(order)

    def own_part_with_disclaimer(self):
        """The customer brings his own wiper blades: fitted, without guarantee."""
        order = self.keep('客户自带件', self.order(self.arrive('苏E6C20D', '自己买的雨刮,帮忙装一下')))
        job = self.job(order, '安装客户自带雨刮', ['L-AIR'])
        self.as_('advisor', order)._add_line(
            job, kind='part', supplied_by='customer', name='客户自带雨刮片', quantity=2, grade='aftermarket'
        )
        self.as_('keeper', job.line_ids.filtered(lambda line: line.supplied_by == 'customer'))._receive_own_part(
            2, '全新,包装完好'
        )
        self.sign(order)
        self.dispatch(order)
        self.finish(order)

    def comeback_free_of_charge(self):
        """The brake job of this morning squeaks again: own warranty, nobody pays."""
        order = self.keep('外返:保修期内免费', self.order(self.arrive('苏E52KQ9', '早上修的刹车又响了'), comeback=True))
        job = self.job(order, '制动异响返修', ['L-BRF'], ['04465-02220'])
        desk = self.as_('advisor', order)
        for former in desk._former_jobs()[desk].sorted('id'):
            same = former.line_ids.labour_item_id <= job.line_ids.labour_item_id and not desk.is_comeback
            desk._triage(former, same, job=job if same else None)
        self.as_('supervisor', order)._record_consent(
            self.as_('supervisor', job), 'approved', 'supervisor', name='周敏'
        )
        self.dispatch(order, technicians=('tech2',))
        self.issue(order, 'tech2')
        self.finish(order, technician='tech2')

    def declined_with_diagnosis_fee(self):
        """The diagnosis is paid, the repair refused."""
        order = self.keep('放弃维修:付诊断费', self.order(self.arrive('苏E1M48G', '发动机故障灯亮')))
        fee = self.job(order, '故障诊断', ['L-DIA'], is_diagnosis=True)
        self.sign(order)
        self.dispatch(order, technicians=('tech2',))
        self.work(order.operation_ids, 'tech2')
        repair = self.job(order, '更换节气门', ['L-THR'], ['22030-0T090'], origin='recommended')
        self.as_('advisor', order)._issue_estimate(self.as_('advisor', repair))
        self.as_('advisor', order)._decline(self.reason('decline'), self.as_('advisor', fee))
        self.settle(order)
        self.pay(order, 'cash')
        self.hand_back(order)

    def failed_inspection(self):
        """The inspector sends the window motor back; it is reworked and passes."""
        order = self.keep('终检不合格返工', self.order(self.arrive('苏E4N93H', '左前车窗升不上去')))
        self.job(order, '左前车窗不升', ['L-WIN'], ['85720-02230'])
        self.sign(order)
        self.dispatch(order, technicians=('tech2',))
        self.issue(order, 'tech2')
        self.work(order.operation_ids, 'tech2')
        self.inspect(order, ok=False, responsible='tech2', note='升降有异响,卡扣未到位')
        self.finish(order, technician='tech2')

    def fleet_on_account(self):
        """Two cars of one fleet: one signature, one credit account."""
        orders = self.env['aftersales.repair.order']
        for plate in ('苏E9T06B', '苏E9T07B'):
            visit = self.arrive(plate, '车队定期保养', profile='fleet', driver_name='车队司机')
            order = self.keep(f'车队挂账 {plate}', self.order(visit, payment_means='on_account'))
            self.as_('advisor', order)._apply_package(self.get('package_big'))
            orders |= order
        self.as_('advisor', orders)._sign_together('恒运物流 王经理', DRAWING)
        for order in orders:
            self.dispatch(order)
            self.issue(order)
            self.work(order.operation_ids)
            self.inspect(order)
            self.wash(order)
            self.settle(order)
            self.as_('cashier', order.settlement_ids)._put_on_account(DRAWING, '恒运物流 王经理')
            self.hand_back(order)

    def deposit_cancelled_and_refunded(self):
        """Half the price is paid in advance; the customer changes his mind; the money goes back with a second person."""
        order = self.keep('订金退款', self.order(self.arrive('苏E6C20D', '想换一个节气门')))
        self.job(order, '更换节气门', ['L-THR'], ['22030-0T090'])
        self.sign(order)
        deposit = self.as_('cashier', order)._take_deposit(order.amount_total / 2, self.journal('wechat'))
        self.as_('advisor', order)._cancel(self.reason('cancel'))
        self.as_('cashier', order)._refund_deposit(
            deposit, second_user=self.user('accountant'), reason=self.reason('refund')
        )
        self.hand_back(order)

    def tow_in_at_night(self):
        """A tow truck brings a car without its owner; only securing is allowed, the owner is found in the morning."""
        visit = self.as_('guard', self.env['aftersales.visit']).create(
            {
                'visit_type': 'tow_in',
                'license_plate': '沪A5R26K',
                'company_id': self.company.id,
                'odometer_unreadable': True,
                'tow_driver_name': '拖车李师傅',
                'tow_company': '苏州道路救援',
                'tow_place': '京沪高速昆山段',
                'tow_signature': DRAWING,
                'request': '高速抛锚,无法启动',
                'no_key_reason': 'in_tow_truck',
                'gate_card_no': 'G900',
            }
        )
        visit._arrive()
        order = self.keep('夜间拖车:车主待找', self.as_('advisor', visit)._create_order())
        secure = self.job(order, '夜间接车与安全固定', ['L-TOW'])
        self.as_('dispatcher', order)._dispatch(
            secure, team=self.get('team_mechanical'), kind='secure', due_at=fields.Datetime.now()
        )
        self.work(order.operation_ids, 'tech1', hours=0.1)

    def counter_sale(self):
        """Two bulbs over the counter: intake, settlement and release in one go."""
        bulbs = self.part('90981-BULB')
        order = self.as_('keeper', self.env['aftersales.repair.order'])._counter_sale(
            [(bulbs, 2)],
            [(self.journal('cash'), 2 * bulbs.list_price, False)],
            partner=self.vehicle('苏E4N93H').partner_id,
        )
        self.keep('柜台销售', order)

    def cars_still_inside(self):
        """What whoever opens the shop finds: a car at each desk, and an appointment for tomorrow."""
        order = self.keep('待客户同意', self.order(self.arrive('苏E8P61T', '方向盘抖动')))
        self.job(order, '更换前制动盘', ['L-BRD'], [('43512-02160', 2)], origin='safety')
        self.as_('advisor', order)._issue_estimate()
        self.waits_for_parts()
        self.waits_for_inspection()
        self.waits_at_the_till()
        self.waits_at_the_desk()
        self.is_at_work()
        self.comes_tomorrow()

    def waits_for_parts(self):
        """The technician has asked for his parts; the keeper picks them now."""
        order = self.keep('待发料', self.order(self.arrive('苏E7H30N', '空调出风有异味'), customer_place='waiting'))
        self.job(order, '更换空调滤清器和空气滤清器', ['L-ACF', 'L-AIR'], ['87139-06080', '17801-21050'])
        self.sign(order)
        self.as_('leader', self.dispatch(order, technicians=('tech1',), bay='bay_1'))._accept()
        self.as_('tech1', order)._request_parts()

    def waits_for_inspection(self):
        """The team leader has looked at the work; the inspector has not."""
        order = self.keep('待终检', self.order(self.arrive('苏E9T06B', '起步时有异响')))
        self.job(order, '更换前制动片', ['L-BRF'], ['04465-02220'])
        self.sign(order)
        operations = self.dispatch(order)
        self.issue(order)
        self.work(operations)
        self.as_('leader', order)._check('leader', True, advice='正常使用')

    def waits_at_the_till(self):
        """The work was explained at the car; the customer stands at the till."""
        order = self.keep('待付款', self.order(self.arrive('苏E6C20D', '做个小保养'), customer_place='waiting'))
        self.as_('advisor', order)._apply_package(self.get('package_small'))
        self.sign(order)
        operations = self.dispatch(order)
        self.issue(order)
        self.work(operations)
        self.inspect(order)
        self.wash(order)
        self.as_('advisor', order)._explain(old_parts=True)
        self.settle(order)

    def waits_at_the_desk(self):
        """A car has just driven up: nobody has greeted its driver yet."""
        vehicle = self.vehicle('苏E9T07B')
        self.as_('receptionist', self.env['aftersales.visit']).create(
            {
                'vehicle_id': vehicle.id,
                'company_id': self.company.id,
                'request': '倒车雷达不响',
                'odometer': vehicle.odometer + 12,
                'driver_name': vehicle.partner_id.name,
                'profile_id': self.company._aftersales_profile('standard').id,
            }
        )._arrive()

    def is_at_work(self):
        """The clock of a technician runs, his customer waits."""
        order = self.keep('维修中', self.order(self.arrive('苏E3A77B', '刹车偏软'), customer_place='waiting'))
        self.job(order, '更换制动液', ['L-BFL'], ['08823-DOT4'])
        self.sign(order)
        operations = self.dispatch(order, technicians=('tech2',), bay='bay_2')
        self.issue(order, 'tech2')
        self.as_('leader', operations)._accept()
        self.as_('tech2', operations)._start()

    def comes_tomorrow(self):
        """An appointment for new tyres."""
        vehicle = self.vehicle('苏E4N93H')
        appointment = self.as_('receptionist', self.env['aftersales.appointment']).create(
            {
                'partner_id': vehicle.partner_id.id,
                'vehicle_id': vehicle.id,
                'company_id': self.company.id,
                'direction': 'passive',
                'start_at': fields.Datetime.add(fields.Datetime.now(), days=1),
                'wish': '更换轮胎',
                'line_ids': [Command.create({'kind': 'labour', 'labour_item_id': self.labour('L-CHK').id})],
            }
        )
        appointment._confirm()

    def parts_receiving(self):
        """A delivery with differences, consumables for a team, a sale that was lost."""
        keep_parts(self)

    def parts_planning(self):
        """The manufacturer's new prices; the planner proposes the next stock order, the parts manager approves it."""
        set_prices(self)
        plan_parts(self)

    def stock_count(self):
        """The parts room counts before it goes home; two differences are decided the same evening."""
        count_stock(self)

    def parts_month_end(self):
        """The parts manager hands last month's statement in, the accountant confirms it."""
        close_month(self)

    def old_parts_sent(self):
        """The manufacturer wants old parts back: packed, sent, one rejected."""
        warranty_old_parts.play(self)

    def claims_on_the_desk(self):
        """What the warranty desk and the old-parts desk have to do tomorrow morning."""
        leave_on_the_desk(self)

    def parts_left_for_tomorrow(self):
        """What the parts counter shows in the morning: to hand over, to take back, missing and ordered urgently."""
        self.orders |= leave_work(self)
        begin_next_count(self)
