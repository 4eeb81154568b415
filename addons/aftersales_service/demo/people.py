"""A month of rewards, decisions, assessments and payroll at the demo dealership, played by its people on its own days."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import Command, fields

from .shop import DRAWING

# login: department, superior, contract wage
STAFF = {
    'manager': ('管理', 'gm', 15000), 'deputy': ('管理', 'manager', 12000), 'hr': ('管理', 'manager', 7800),
    'supervisor': ('前台', 'manager', 9200), 'advisor': ('前台', 'supervisor', 6800), 'advisor2': ('前台', 'supervisor', 6500),
    'receptionist': ('前台', 'supervisor', 4800), 'dispatcher': ('车间', 'manager', 9500), 'leader': ('车间', 'dispatcher', 8200),
    'tech1': ('车间', 'leader', 6200), 'tech2': ('车间', 'leader', 6000), 'tech3': ('车间', 'dispatcher', 5600),
    'inspector': ('车间', 'dispatcher', 7000), 'keeper': ('配件', 'partsmanager', 5200), 'planner': ('配件', 'partsmanager', 6000),
    'partsmanager': ('配件', 'manager', 8800), 'guard': ('管理', 'manager', 4200), 'cleaner': ('管理', 'hr', 3200),
}
# login: criteria that are weaker, base score, the assessor's words
SCORES = {
    'leader': (2, 92, '带班稳定,返修率下降;下月把早会记录补齐。'),
    'tech1': (4, 86, '技术过硬,工位整理有进步;客户车内设备不得使用,已谈话。'),
    'tech2': (5, 83, '诊断思路清楚;工具用后及时归还。'),
    'tech3': (6, 78, '钣金质量合格;工具保管要加强。'),
    'inspector': (1, 95, '把关认真,挡住两起制动隐患。'),
}
NOTES = [
    # day, login, who noted, criterion, good, text
    (5, 'tech1', 'leader', '02', True, '下班前主动清理工位和通道'),
    (8, 'inspector', 'dispatcher', '16', True, '终检发现制动软管干涉,及时返工'),
    (11, 'tech2', 'leader', '02', False, '工具车未归位,提醒后整改'),
    (17, 'tech3', 'dispatcher', '06', False, '早会迟到 10 分钟'),
]


class PeopleMonth:
    """Part of the day: what HR's desk holds this morning, and the month that lies behind it."""

    def people_month(self):
        """Rules signed, a month of rewards and cases, sheets, the batch handed over; then what is open today."""
        # Far enough back that preview and lock of the month lie behind us on any day the demo is played.
        self.month = (self.company._aftersales_today() - timedelta(days=9)).replace(day=1) - relativedelta(months=1)
        self.staff()
        self.publish_rules()
        self.rewards()
        self.service_ladder()
        self.changed_on_review()
        self.upheld_on_appeal()
        self.lost_endoscope()
        self.assessments()
        self.payroll()
        self.open_this_morning()

    # === THE CLOCK === #

    @contextmanager
    def on(self, day, hour=10, months=0):
        """Play on a day of the month: every verb takes this moment for now.

        :param int day: 1 is the first of the month; above its length: the next month. :param int months: other months.
        """
        date = self.month + relativedelta(months=months) + timedelta(days=day - 1)
        moment = self.company._aftersales_moment(date) + timedelta(hours=hour)
        env, today = self.env, fields.Date.context_today
        self.env = env(context={**env.context, 'ir_sequence_date': str(date)})
        try:
            with (
                patch.object(fields.Datetime, 'now', lambda: moment),
                patch.object(fields.Date, 'today', lambda: date),
                patch.object(fields.Date, 'context_today', lambda record, timestamp=None: today(record, timestamp or moment)),
            ):
                yield date
                self.env.flush_all()
        finally:
            self.env = env

    def let_pass(self, day):
        """What the night brings: hearings end, decisions take effect."""
        with self.on(day, hour=5):
            self.env['aftersales.conduct.record']._cron_advance()

    # === PEOPLE AND RULES === #

    def staff(self):
        """Departments with their cost, superiors, wages; a deputy, and a cleaner who has a portal login only."""
        people = self.env['hr.employee']
        for login, name, group in (
            ('deputy', '俞振华', 'aftersales_service.group_service_manager'), ('cleaner', '吴阿姨', 'base.group_portal'),
        ):
            user = self.env['res.users'].with_context(no_reset_password=True).create({
                'name': name, 'login': login, 'password': login, 'lang': 'zh_CN', 'tz': 'Asia/Shanghai',
                'company_id': self.company.id, 'company_ids': [Command.set(self.company.ids)],
                'group_ids': [Command.set(self.env.ref(group).ids)],
            })
            employee = people.create({'name': name, 'user_id': user.id, 'company_id': self.company.id})
            for key, record in (('user', user), ('employee', employee)):
                self.env['ir.model.data'].create({
                    'module': 'aftersales_demo', 'name': f'{key}_{login}', 'model': record._name, 'res_id': record.id,
                    'noupdate': True,
                })
        for login in ('leader', 'dispatcher', 'supervisor', 'partsmanager'):
            self.user(login).group_ids = [Command.link(self.env.ref('aftersales_service.group_conduct_proposer').id)]
        account = {code: self.account(code) for code in ('2211', '1221', '5301', '5401', '5601', '5602')}
        costs = {'管理': '5602', '前台': '5601', '车间': '5401', '配件': '5602'}
        self.departments = {
            name: self.env['hr.department'].create({
                'name': name, 'company_id': self.company.id, 'aftersales_reward_account_id': account[code].id})
            for name, code in costs.items()
        }
        for login, (department, superior, wage) in STAFF.items():
            self.employee(login).write({
                'department_id': self.departments[department].id, 'parent_id': self.employee(superior).id, 'wage': wage,
                'date_version': self.month - relativedelta(months=14), 'work_location_id': False,
            })
        self.company.write({
            'aftersales_payroll_mode': 'entry', 'aftersales_wages_account_id': account['2211'].id,
            'aftersales_employee_account_id': account['1221'].id, 'aftersales_fine_account_id': account['5301'].id,
            'aftersales_reward_account_id': account['5602'].id,
            'aftersales_arbitration_office': '苏州工业园区劳动人事争议仲裁委员会\n工业园区现代大道 999 号,电话 0512-66680000;咨询 12333',
        })
        self.as_('hr', self.env['aftersales.minimum.wage']).create({
            'company_id': self.company.id, 'date_from': self.month - relativedelta(months=10), 'amount': 2490,
            'note': '苏州市最低月工资标准',
        })

    def account(self, code):
        """Return the account of this code, or the first below it."""
        return self.env['account.account'].with_company(self.company).search(
            [('code', '=like', f'{code}%'), ('company_ids', 'in', self.company.ids)], order='code', limit=1)

    def publish_rules(self):
        """The draft the set-up made is adopted and published; people sign on their phones, two on paper, one refuses."""
        book = self.as_('hr', self.env['aftersales.conduct.rulebook'].search([('company_id', '=', self.company.id)], limit=1))
        book.write({
            'adopted_on': self.month - relativedelta(months=2), 'published_on': self.month - relativedelta(months=1),
            'adoption_note': '职工代表大会讨论通过,工会盖章;会议纪要见附件。',
        })
        book.message_post(attachments=[('职工代表大会会议纪要.txt', '讨论并通过《员工奖惩制度》。'.encode())])
        receipts = self.env['aftersales.conduct.receipt']
        with self.on(2, months=-1):
            book._publish()
            book.action_remind()
        with self.on(3, months=-1) as day:
            for login in STAFF:
                if login not in ('manager', 'planner', 'tech3', 'guard'):
                    self.as_(login, receipts)._sign(book, self.employee(login), signature=DRAWING)
            self.as_('hr', receipts)._sign(book, self.employee('tech3'), means='paper', signed_on=day)
            self.as_('hr', receipts)._sign(
                book, self.employee('guard'), means='witness', signed_on=day, witness=self.employee('receptionist'))
        self.rulebook = book

    def rule(self, code):
        return self.rulebook.rule_ids.filtered(lambda rule: rule.code == code)

    def measure(self, code):
        return self.env.ref(f'aftersales_service.conduct_measure_{code}')

    # === REWARDS === #

    def rewards(self):
        """Praise with and without money, told the same day."""
        for day, login, leader, rule, summary, bonus in (
            (4, 'tech2', 'leader', 'R04', '改进举升机挂架,取件时间减半', 0),
            (9, 'inspector', 'dispatcher', 'R06', '终检挡住两起制动隐患', 500),
            (12, 'keeper', 'partsmanager', 'R08', '呆滞件退厂,收回货款 8,600 元', 300),
            (15, 'cleaner', 'hr', 'R01', '拾到客户钱包,原物归还', 100),
            (18, 'advisor', 'supervisor', 'R03', '当月客户满意度第一', 200),
        ):
            with self.on(day):
                record = self.propose(login, leader, rule, summary)
                self.as_('manager', record).write({
                    'measure_id': self.measure('bonus' if bonus else 'praise').id, 'bonus_amount': bonus})
                self.as_('manager', record)._decide()

    def propose(self, login, proposer, rule, summary, **values):
        """A leader proposes for one of his people."""
        return self.as_(proposer, self.env['aftersales.conduct.record']).create({
            'employee_id': self.employee(login).id, 'company_id': self.company.id, 'rule_id': self.rule(rule).id,
            'act_date': self.company._aftersales_today(), 'discovered_on': self.company._aftersales_today(),
            'summary': summary, **values,
        })

    # === CASES === #

    def look_into(self, record, findings):
        self.as_('hr', record)._investigate(findings)

    def decide(self, record, measure, reason, **values):
        """HR prepares, the manager decides, HR tells."""
        self.as_('hr', record).write({'measure_id': self.measure(measure).id, 'decision_reason': reason, **values})
        self.as_('manager', record)._decide()
        self.as_('hr', record)._notify()

    def service_ladder(self):
        """A talk first; then the service rule three times: 50, 100, 200."""
        login = 'advisor2'
        with self.on(2):
            talk = self.propose(login, 'supervisor', 'P02', '交车未讲解维修项目', facts='客户离店后来电询问更换了什么。')
            self.look_into(talk, '交车单无讲解签字,监控显示直接交钥匙。')
        with self.on(3):
            self.as_(login, talk)._state_view('当时前台排队,漏了。')
            self.decide(talk, 'talk', '当面教育,重申交车流程。')
            self.as_(login, talk)._acknowledge(True)
        self.ladder = self.env['aftersales.conduct.record']
        for day, summary, view in (
            (4, '接车未做环车检查', '客户赶时间,拍了照片没填单。'), (8, '未按承诺时间回电客户', '忙到下班忘记了。'),
            (13, '交车未讲解维修项目(再次)', '没有异议。'),
        ):
            with self.on(day):
                record = self.propose(login, 'supervisor', 'P29', summary, prior_record_id=talk.id)
                self.look_into(record, '主管现场核实,工单记录为证。')
            with self.on(day + 1):
                self.as_(login, record)._state_view(view)
                self.as_('hr', record).action_propose_amount()
                self.decide(record, 'performance', '按服务规范阶梯扣减绩效。')
                self.as_(login, record)._acknowledge(True, '知道了,会改。')
            self.ladder |= record

    def changed_on_review(self):
        """The radio of a customer's car: the person objects, another manager halves it."""
        with self.on(5):
            record = self.propose('tech1', 'leader', 'P13', '等件时在客户车内听音响', facts='苏E52KQ9,约 10 分钟。')
            self.look_into(record, '组长与检验员均在场,本人当场关闭。')
        with self.on(6):
            self.as_('tech1', record)._state_view('在排查喇叭异响,不是听歌。')
            self.decide(record, 'performance', '非作业需要不得使用客户车辆音响。', performance_amount=100)
            self.as_('tech1', record)._acknowledge(False, '当时确实在试喇叭。')
        with self.on(9):
            review = self.as_('tech1', record)._object('工单上有“右后喇叭异响”,请核对。')
        with self.on(11):
            self.as_('deputy', review)._decide('change', '工单确有该项目,但试听后未关闭。减半。', {'performance_amount': 50})
        self.reviewed = record

    def upheld_on_appeal(self):
        """The guard let a car out with another car's pass: review and appeal uphold it."""
        with self.on(3):
            record = self.propose('guard', 'hr', 'P05', '未核对出门证放行车辆', facts='出门证车牌与车辆不一致。', gravity='medium')
            self.look_into(record, '监控与出门证存根一致证明未核对,车辆当日追回。')
        with self.on(4):
            self.as_('guard', record)._state_view('天黑下雨,看错一个字母。')
            self.decide(record, 'performance', '放行是最后一道关,须逐字核对。', performance_amount=150)
        with self.on(5):
            self.as_('hr', record)._serve(self.employee('receptionist'), '本人拒绝签字,当面宣读并留置通知书。')
        with self.on(8):
            review = self.as_('guard', record)._object('扣得太多。')
        with self.on(10):
            self.as_('deputy', review)._decide('uphold', '事实清楚,金额在公布的绩效方案之内。')
        with self.on(12):
            appeal = self.as_('guard', record)._object('请总经理考虑我十年没有出过错。')
        with self.on(15):
            self.as_('gm', appeal)._decide('uphold', '理解多年辛劳,另行表扬;本次决定维持。')
        self.appealed = record

    def lost_endoscope(self):
        """A tool worth more than a month bears: compensation by residual value and own share, capped, carried over."""
        category = self.tool_categories['scanner']
        with self.on(3, hour=8):
            bought = self.month - relativedelta(months=7)
            tool = self.as_('toolkeeper', self.env['aftersales.tool']).create({
                'name': '工业内窥镜', 'category_id': category.id, 'purchase_value': 3600.0, 'shelf': 'C-2', 'bought_on': bought,
                'keeper_id': self.employee('toolkeeper').id, 'company_id': self.company.id,
            })
            tool._receive(note='建账')
        with self.on(4, hour=9):
            tool._check_out(self.employee('tech3'), signature=DRAWING)
        with self.on(4, hour=18):
            tool._record_loss('收工清点时未找到')
            incident = tool.incident_ids
            incident.description = '外出救援后未带回,返回现场未找到。'
            incident._report()
            incident.write({
                'statement_ids': [Command.create({'name': '检查书-赵军.png', 'datas': DRAWING})],
                'opinion': '外出救援前未登记随车清单,建议按残值的一半赔偿。', 'treatment': 'compensation', 'share_percent': 50.0,
            })
            incident._give_opinion()
            incident._hand_over()
        with self.on(5):
            record = self.as_('hr', incident.sudo().proposal_ids)._open_case()
            self.look_into(record, f'工具室台账与检查书一致;残值 {incident.residual_value:.2f} 元,个人承担一半。')
        with self.on(6):
            self.as_('tech3', record)._state_view('当时天黑,收拾得急。愿意承担一半。')
            # The proposal holds the half already: of the loss as it stands here, all is his own.
            self.decide(record, 'compensation', '按残值与过失程度赔偿,每月不超过应发工资的 20%。', compensation_amount=record.loss_amount,
                        loss_proof='工具台账、检查书、残值计算表')
            self.as_('tech3', record)._acknowledge(True)
        self.as_('accountant', self.company)._aftersales_book_tools()
        self.lost = record

    # === SHEETS === #

    def assessments(self):
        """Notes on the spot, sheets for the workshop, three signatures and the person's own."""
        criterion = 'aftersales_service.assessment_criterion_{}'
        for day, login, leader, code, good, text in NOTES:
            with self.on(day):
                self.as_(leader, self.env['aftersales.assessment.note']).create({
                    'employee_id': self.employee(login).id, 'criterion_id': self.env.ref(criterion.format(code)).id,
                    'is_good': good, 'text': text, 'date': self.company._aftersales_today(),
                })
        after = (self.month + relativedelta(months=1) - self.month).days
        people = self.env['hr.employee'].browse([self.employee(login).id for login in SCORES])
        with self.on(after + 1, hour=9):
            sheets = self.as_('hr', self.env['aftersales.assessment'])._make_sheets(self.company, self.month, people)
            for login, (weak, score, comment) in SCORES.items():
                sheet = sheets.filtered(lambda sheet, login=login: sheet.employee_id == self.employee(login))
                mine = sheet.with_user(sheet.sudo().assessor_id)
                for number, line in enumerate(mine.line_ids):
                    line.score = min(100, score - 12 if number % 6 < weak // 2 else score + number % 4)
                mine.comment = comment
                mine._compile()
            self.as_('hr', sheets)._review()
        with self.on(after + 1, hour=15):
            self.as_('manager', sheets)._approve()
        with self.on(after + 2):
            for login in SCORES:
                if login != 'leader':  # his sheet waits on his own page
                    sheet = sheets.filtered(lambda sheet, login=login: sheet.employee_id == self.employee(login))
                    self.as_(login, sheet)._see(DRAWING, login != 'tech3', '' if login != 'tech3' else '早会那天是去接拖车。')
        self.sheets = sheets

    # === PAYROLL === #

    def payroll(self):
        """The first of the next month: collected, shown, two working days later handed over as an entry, then paid."""
        after = (self.month + relativedelta(months=1) - self.month).days
        self.let_pass(after)
        with self.on(after + 1, hour=16):
            batch = self.as_('hr', self.env['aftersales.payroll.batch'])._open_month(self.company, self.month)
            capped = batch.person_ids.filtered('compensation_claimed')
            capped.wage_base = 5600.0
            batch._show()
        wait = (batch.lock_from - self.month).days + 1
        with self.on(wait):
            self.as_('accountant', batch)._hand_over()
        with self.on(wait + 2):
            self.as_('accountant', batch)._mark_paid(batch.line_ids)
        self.batch = batch
        self.env['mail.activity'].search([
            ('res_model', 'in', ('aftersales.conduct.record', 'aftersales.payroll.batch')),
            ('res_id', 'in', self.env['aftersales.conduct.record'].search([]).ids + batch.ids),
        ]).action_done()

    # === THIS MORNING === #

    def open_this_morning(self):
        """What HR finds: one to hear (the puller lost today), one told and not acknowledged, one reward to decide."""
        incident = self.env['aftersales.tool.incident'].search(
            [('company_id', '=', self.company.id), ('state', '=', 'handed_over')], order='id').filtered(
                lambda item: item.proposal_ids.filtered(lambda proposal: proposal.state == 'new'))[:1]
        case = self.as_('hr', incident.proposal_ids)._open_case()
        self.look_into(case, '工具台账与检查书一致,请本人说明当日经过。')
        late = self.propose('receptionist', 'supervisor', 'P02', '本周迟到三次', facts='打卡记录 8:41、8:37、8:52。')
        self.look_into(late, '考勤记录属实。')
        self.as_('receptionist', late)._state_view('孩子换了学校,路线变了,下周起调整。')
        self.decide(late, 'criticism', '情况可以理解,请提前报备。')
        self.propose('tech1', 'leader', 'R09', '修旧利废:翻新废旧举升机托脚 8 个')


def people_figures(env, company):
    """Return what the month left at HR's desk, and whether its money agrees.

    :rtype: dict
    """
    records = env['aftersales.conduct.record'].search([('company_id', '=', company.id)])
    rewards = records.filtered(lambda record: record.kind == 'reward')
    batches = env['aftersales.payroll.batch'].search([('company_id', '=', company.id), ('state', '=', 'locked')])
    reviews = env['aftersales.conduct.review'].search([('company_id', '=', company.id)])
    sheets = env['aftersales.assessment'].search([('company_id', '=', company.id)])
    exact = company.currency_id.round
    wages = company._aftersales_people_account('wages')
    return {
        'receipts': env['aftersales.conduct.receipt'].search_count([('company_id', '=', company.id)]),
        'rewards': len(rewards),
        'penalties': len(records - rewards),
        'ladder_steps': sorted(records.filtered('ladder_number').mapped('ladder_number')),
        'reviews': sorted(f'{review.kind}:{review.result}' for review in reviews),
        'open': len(records.filtered(lambda record: record.state not in ('closed', 'handed_over', 'withdrawn'))),
        'sheets_signed': len(sheets.filtered('seen_at')),
        'batches': len(batches),
        'bonus': exact(sum(batches.mapped('bonus_total'))),
        'performance': exact(sum(batches.mapped('performance_total'))),
        'compensation': exact(sum(batches.mapped('compensation_total'))),
        'carried': exact(sum(batches.mapped('carried_total'))),
        'entry_less_batch': exact(
            sum(line.balance for line in batches.move_id.line_ids if line.account_id == wages)
            - sum(batches.mapped('compensation_total')) - sum(batches.mapped('fine_total')) + sum(batches.mapped('bonus_total'))),
    }


def print_people(env, company, row):
    """Print the records of the month, as the table of orders does."""
    states = dict(env['aftersales.conduct.record']._fields['state']._description_selection(env))
    print(row('编号', '事由', '员工', '状态', '措施', '奖惩金额', '', ''))
    for record in env['aftersales.conduct.record'].search([('company_id', '=', company.id)], order='act_date, id'):
        print(row(record.name, record.summary[:12], record.employee_id.name, states[record.state],
                  (record.measure_id.name or '—')[:4], f'{record.amount_total:.2f}', '', ''))
