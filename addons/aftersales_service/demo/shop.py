"""The desks of the demo dealership: each verb is what one person does, with that person's own rights."""

from datetime import timedelta

from odoo import Command, fields

from . import warranty_old_parts

# A white point: the smallest drawing that passes as a photo or a signature.
DRAWING = b'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=='


class Shop:
    """Plays the people of `dealership.USERS`; nothing here works around a right or a gate."""

    def __init__(self, env):
        self.env = env(
            context={**env.context, 'lang': 'zh_CN', 'allowed_company_ids': env.ref('base.main_company').ids}
        )
        self.company = self.env.ref('base.main_company').with_env(self.env)

    # === LOOKING THINGS UP === #

    def get(self, key):
        """Return a record of the demo by its key."""
        return self.env.ref(f'aftersales_demo.{key}')

    def user(self, login):
        return self.get(f'user_{login}')

    def employee(self, login):
        return self.get(f'employee_{login}')

    def as_(self, login, record):
        """Return a record as this person sees it."""
        return record.with_user(self.user(login)).with_context(self.env.context)

    def part(self, number):
        return self.get(f'part_{number}')

    def labour(self, code):
        return self.get(f'labour_{code}')

    def vehicle(self, plate):
        return self.get(f'vehicle_{plate}')

    def reason(self, kind, code=None):
        domain = [('kind', '=', kind), *([('code', '=', code)] if code else [])]
        return self.env['aftersales.reason'].search(domain, limit=1)

    def journal(self, means='bank'):
        """Return the journal of a payment means: cash, bank, wechat, alipay or card."""
        journals = self.env['account.journal'].search(
            [('company_id', '=', self.company.id), ('type', 'in', ('cash', 'bank', 'credit'))]
        )
        return journals.filtered(lambda journal: journal.aftersales_means == means)[:1] or journals[:1]

    def leader_of(self, team):
        """Return the login of a team's leader."""
        return team.leader_id.user_id.login or 'leader'

    # === RECEPTION === #

    def arrive(self, plate, request, odometer=None, profile='standard', **values):
        """A car comes in: visit, walk-round, belongings, key, signature."""
        vehicle = self.vehicle(plate)
        visit = self.as_('advisor', self.env['aftersales.visit']).create(
            {
                'vehicle_id': vehicle.id,
                'company_id': self.company.id,
                'request': request,
                'odometer': odometer or vehicle.odometer + 37,
                'profile_id': self.company._aftersales_profile(profile).id,
                'advisor_id': self.user('advisor').id,
                'driver_name': vehicle.partner_id.name,
                'gate_card_no': f'G{vehicle.id:03d}',
                **values,
            }
        )
        visit._arrive()
        visit._greet()
        self.check_in(visit)
        return visit

    def check_in(self, visit, findings=()):
        """Walk round the car: photos, covers, key, nothing left in the car; findings are (name, result, labour code)."""
        visit.write(
            {
                'no_belongings': True,
                'valuables_reminded': True,
                'no_papers': True,
                'custody_ids': [
                    Command.create({'kind': 'key', 'number': f'K{visit.id}', 'hook': f'A{visit.id % 40 + 1}'})
                ],
            }
        )
        sheet = visit._create_check_in()
        sheet.write(
            {
                'covers_fitted': True,
                'fuel_level': '1_2',
                'signature': DRAWING,
                'signed_by': visit.driver_name or visit.partner_id.name or '拖车司机',
                'photo_ids': [
                    Command.create({'visit_id': visit.id, 'zone': zone, 'image': DRAWING})
                    for zone in ('front', 'rear', 'left', 'right')
                ],
                'line_ids': [
                    Command.create(
                        {'name': name, 'result': result, 'labour_item_id': self.labour(code).id if code else False}
                    )
                    for name, result, code in findings
                ],
            }
        )
        sheet.line_ids.filtered(lambda line: not line.result).write({'result': 'ok'})
        sheet._finish()
        return sheet

    def order(self, visit, comeback=False, **values):
        """Open the order of a visit and promise a time; a car that is back soon has something else unless `comeback`."""
        order = visit._create_order(**values)
        order.job_ids.filtered(lambda job: not job.line_ids).unlink()
        if not comeback:
            desk = self.as_('advisor', order)
            for former in desk._former_jobs()[desk]:
                desk._triage(former, False)
        order._promise(order._proposed_promise() or fields.Datetime.now() + timedelta(hours=3))
        return order

    def job(self, order, name, labour=(), parts=(), payer_kind='customer', **values):
        """Add a job: labour codes, and parts as numbers or (number, quantity)."""
        order = self.as_('advisor', order)
        job = order._add_job(name, payer_kind=payer_kind, **values)
        for code in labour:
            order._add_line(job, kind='labour', labour_item_id=self.labour(code).id)
        for part in parts:
            number, quantity = part if isinstance(part, tuple) else (part, 1)
            order._add_line(job, kind='part', product_id=self.part(number).id, quantity=quantity)
        return job

    # === AUTHORISATION === #

    def sign(self, order, name=None):
        """Issue the estimate; the customer signs on the advisor's tablet."""
        order = self.as_('advisor', order)
        if order.amount_total > self.company.aftersales_major_job_amount:
            self.as_('supervisor', order).action_review()
        estimate = order._issue_estimate()
        estimate._sign(name or order.contact_name or order.partner_id.name, DRAWING)
        return estimate

    def phone(self, order, jobs, decision='approved'):
        """Call the customer; a colleague listens."""
        order = self.as_('advisor', order)
        if not order.estimate_ids.filtered(lambda version: version.state == 'issued'):
            order._issue_estimate(self.as_('advisor', jobs))
        order._record_consent(
            self.as_('advisor', jobs),
            decision,
            'phone',
            name=order.partner_id.name,
            phone=order.partner_id.phone,
            second_user=self.user('receptionist'),
            listener=self.employee('leader') if decision == 'declined' else None,
        )

    # === WORKSHOP === #

    def dispatch(self, order, jobs=None, team='team_mechanical', technicians=('tech1',), bay='bay_1'):
        """Hand the car over and give its jobs to people."""
        if not order.handover_id:
            self.as_('advisor', order)._hand_over(self.employee('leader'))
        return self.as_('dispatcher', order)._dispatch(
            jobs,
            team=self.get(team),
            bay=self.get(bay),
            technicians=self.env['hr.employee'].browse([self.employee(login).id for login in technicians]),
        )

    def work(self, operations, technician='tech1', hours=None, text='按维修手册作业,紧固力矩已复核'):
        """Work on operations one after another: accept, clock, record, finish, self check."""
        for operation in operations.filtered(lambda op: op.state not in ('done', 'cancelled')):
            if operation.state == 'dispatched':
                self.as_(self.leader_of(operation.team_id), operation)._accept()
            mine = self.as_(technician, operation)
            start = fields.Datetime.now() - timedelta(
                hours=hours if hours is not None else max(operation.planned_hours, 0.2)
            )
            last = self.env['aftersales.labour.time'].search(
                [('employee_id', '=', self.employee(technician).id)], order='stop desc', limit=1
            )
            mine._start(at=max(start, last.stop) if last.stop else start)
            mine._record(text, cause='见维修记录', correction='按标准工艺处理')
            mine._finish()
            mine._self_check()

    def inspect(self, order, ok=True, responsible='tech1', note=''):
        """Each team's leader, then the inspector."""
        for team in order._checked_operations().team_id[1:]:
            operations = order._checked_operations().filtered(lambda operation, team=team: operation.team_id == team)
            self.as_(self.leader_of(team), order)._check('leader', True, operations=operations)
        self.as_('dispatcher' if len(order._checked_operations().team_id) > 1 else 'leader', order)._check(
            'leader', True, advice='正常使用'
        )
        if ok:
            return self.as_('inspector', order)._check('final', True, care_note='1000 公里后复检')
        return self.as_('inspector', order)._check(
            'final',
            False,
            note=note,
            responsible=self.employee(responsible),
            defects=self.env['aftersales.quality.defect'].search([], limit=1),
        )

    def wash(self, order):
        """Wash the car where the customer wants it."""
        if order.wash_wanted and order.profile_id._gate('wash') != 'off':
            self.as_('tech2', order)._start_wash()
            self.as_('tech2', order)._finish_wash(place='B12')

    # === PARTS === #

    def issue(self, order, receiver='tech1'):
        """Ask for the parts and hand them out."""
        self.as_(receiver, order)._request_parts() if order.operation_ids else None
        self.as_('keeper', order)._issue_parts(receiver=self.employee(receiver))

    def take_back(self, line, quantity, receiver='tech1'):
        """Put unused parts back on the shelf."""
        return self.as_('keeper', line)._return_parts(quantity, self.employee(receiver))

    def buy(self, number, quantity, cost):
        """Order a part from the manufacturer, receive it and book the bill."""
        part = self.part(number)
        purchase = self.env['purchase.order'].create(
            {
                'partner_id': self.get('supplier').id,
                'company_id': self.company.id,
                'order_line': [Command.create({'product_id': part.id, 'product_qty': quantity, 'price_unit': cost})],
            }
        )
        purchase.button_confirm()
        receipt = purchase.picking_ids
        self.as_('keeper', receipt)._aftersales_acceptance_sudo()._accept()
        purchase.action_create_invoice()
        purchase.invoice_ids.write({'invoice_date': fields.Date.context_today(purchase), 'ref': f'FP-{number}'})
        purchase.invoice_ids.action_post()
        return purchase

    # === MONEY AND HANDOVER === #

    def settle(self, order):
        """Keep the old parts, verify the lines and settle every payer."""
        warranty_old_parts.keep(self, order, DRAWING)
        order = self.as_('cashier', order)
        order.action_verify_lines()
        return order._settle()

    def pay(self, order, means='wechat'):
        """Take what the customer owes."""
        order = self.as_('cashier', order)
        for settlement in order.settlement_ids.filtered(
            lambda s: s.kind == 'customer' and s.currency_id.compare_amounts(s.amount_due, 0) > 0
        ):
            settlement._pay(self.journal(means))

    def hand_back(self, order, acknowledge=None):
        """Explain at the car, give everything back, let the car out at the gate."""
        desk = self.as_('advisor', order)
        desk._notify_customer('客户知悉')
        desk._explain(old_parts=True)
        if desk._unsigned_phone_consents():
            desk._sign_phone_consents(order.partner_id.name, DRAWING)
        if acknowledge:
            desk._acknowledge_safety(acknowledge)
        desk._hand_back(order.contact_name or order.partner_id.name, DRAWING, order.pickup_code)
        visit = self.as_('advisor', order.visit_id)
        if visit:
            visit.custody_ids.filtered(lambda item: not item.returned_at)._return()
            visit._recheck_belongings()
            visit._return_gate_card()
        gate_pass = desk._issue_gate_pass()
        gate_pass.handout_ids.filtered('is_needed').write({'is_done': True})
        self.as_('guard', gate_pass)._let_out()
        return gate_pass

    def finish(self, order, means='wechat', acknowledge=None, operations=None, technician='tech1'):
        """From finished work to the gate: check, wash, settle, pay, hand back."""
        self.work(operations if operations is not None else order.operation_ids, technician)
        self.inspect(order)
        self.wash(order)
        self.settle(order)
        self.pay(order, means)
        self.hand_back(order, acknowledge)
