"""A seeded random walk over the verbs of the shop, with the invariants of stock, money and orders after each step.

A refusal with a sentence (UserError) is what a user would see and counts as such; anything else that is raised, and
any invariant that breaks, is a finding. The walk of a seed is always the same, so a finding can be played again:

    AFTERSALES_STEPS=10000 AFTERSALES_SEED=7 ./dev check tests/settlement/test_simulation.py
"""

import random
import re
from collections import Counter

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import SIGNATURE
from .simulation_old_parts import OldPartVerbs
from .simulation_people import PeopleVerbs

CODE = re.compile(r'\[([A-Z]{3}-\d{2,3})\]')


class Simulation(OldPartVerbs, PeopleVerbs):
    """Plays a shop; `verbs` are the methods named `do_…`, each works on a random order that suits it.

    :param case: a test case with the factories of `AftersalesCommon`.
    :param int seed: same seed, same walk.
    """

    #: who pays a new job, drawn from these
    kinds = ('customer', 'customer', 'customer', 'customer', 'warranty', 'internal', 'goodwill')

    def __init__(self, case, seed=1):
        self.case, self.env, self.company = case, case.env, case.company
        self.random = random.Random(seed)
        self.company.action_aftersales_apply_defaults('small')
        for check in self.company._aftersales_setup_checks():
            if not check['ok'] and check.get('fix'):
                getattr(self.company, check['fix'])()
        case._make_labour_rate(price_per_hour=199.99)
        self.parts = [
            case._make_part(f"Part {n}", cost=cost, price=price, on_hand=40)
            for n, (cost, price) in enumerate(
                [(10.0, 33.33), (99.97, 226.0), (3.21, 7.77)],
            )
        ]
        # A number that another one supersedes: what is left of it is still sold.
        self.parts.append(
            case._make_part("Part 0, former number", cost=9.0, price=30.0, on_hand=5,
                            aftersales_superseded_by_id=self.parts[0].id)
        )
        for part in self.parts:
            part.aftersales_is_part = True
        self.labour = [case._make_labour_item(f"Labour {n}", book_hours=hours) for n, hours in enumerate((0.3, 1.7))]
        self.mechanics = [case._make_employee(f"Mechanic {n}") for n in range(3)]
        self.insurer = self.env['res.partner'].create({'name': "Insurer", 'is_company': True})
        self.subcontractor = self.env['res.partner'].create({'name': "Paint shop", 'is_company': True})
        self.paint = self.env['product.product'].create(
            {'name': "Paint", 'type': 'service', 'list_price': 400.0, 'purchase_method': 'receive'}
        )
        self.journal = self.env['account.journal'].search(
            [('company_id', '=', self.company.id), ('type', '=', 'bank')], limit=1
        )
        self.second = case._role('accountant')
        self.case.customer.write(
            {'aftersales_on_account': True, 'aftersales_credit_limit': 1000000.0, 'phone': "13800000000"}
        )
        self.open_people()
        self.vendor = self.env['res.partner'].create({'name': "Parts wholesale", 'is_company': True})
        self.subdealer = self.env['res.partner'].create({
            'name': "Outlet North", 'is_company': True, 'aftersales_is_subdealer': True, 'aftersales_on_account': True,
            'aftersales_credit_limit': 1000000.0,
        })
        self.orders = self.env['aftersales.repair.order']
        self.verbs = [getattr(self, name) for name in sorted(dir(self)) if name.startswith('do_')]
        # Among so many verbs the everyday one would hardly come up: parts come back every day.
        self.verbs += [self.do_return] * 4
        self.done, self.refused, self.findings = Counter(), Counter(), []

    # === WALK === #

    def run(self, steps):
        """Take this many steps; findings gather in `findings`."""
        for step in range(1, steps + 1):
            self.step(self.choose())
            if step % 50 == 0:
                self.check_company()
            if self.findings:
                break
        self.check_company()

    def choose(self):
        """Return the next verb."""
        wish = self.random.random()
        if len(self.open()) < 4:
            return self.do_new_order
        return self.do_next_step if wish < 0.5 else self.random.choice(self.verbs)

    def step(self, verb):
        name = verb.__name__.removeprefix('do_')
        order = None
        try:
            with self.env.cr.savepoint():
                order = verb()
                self.env.flush_all()
        except (UserError, ValidationError) as refusal:
            code = CODE.search(str(refusal))
            self.refused[f'{name} {code[1] if code else "without code"}'] += 1
            if not code:
                self.findings.append(f'{name}: refused without a code: {refusal}')
            return
        except Exception as error:  # a finding, whatever it is
            self.findings.append(f'{name}: {type(error).__name__}: {error}')
            return
        if order is not None:
            self.done[name] += 1
            self.check_order(name, order)

    # === INVARIANTS === #

    def check_order(self, verb, order):
        """State is what the facts say, shares are totals, work in progress is what was issued."""
        zero = order.currency_id.is_zero
        wip, cost = order._wip_balance()[order], order._parts_cost()[order]
        state = order.state
        order._advance()
        problems = []
        if order.state != state:
            problems.append(f'state {state} but the facts say {order.state}')
        # What a payer did not approve belongs to nobody until somebody decides who bears it.
        undecided = order.has_undecided or any(
            settlement.state in ('short', 'refused') for settlement in order.settlement_ids
        )
        written_off = self.env['aftersales.share.transfer'].search([
            ('settlement_id', 'in', order.settlement_ids.ids), ('to_payer_id', '=', False),
        ])
        if not undecided and not zero(
            sum(order.payer_ids.mapped('amount_total'))
            + sum(written_off.mapped('amount'))
            + order.amount_credited
            + order.amount_rounded
            - order.amount_total
        ):
            problems.append(
                f'shares {order.payer_ids.mapped("amount_total")} of {order.amount_total}, credited '
                f'{order.amount_credited}, rounded {order.amount_rounded}, written off {written_off.mapped("amount")}')
        over = bool(order.settled_at) or order.outcome in ('cancelled', 'declined')
        sublet = sum(order.line_ids.filtered('sublet_accepted_at').mapped('sublet_accrued_amount'))
        if over and not zero(wip):
            problems.append(f'over, but {wip} in progress')
        if not over and not order.settlement_ids.filtered('reopened_at') and not zero(wip - cost - sublet):
            problems.append(f'{wip} in progress, parts {cost}, sublet {sublet}')
        for line in order.line_ids:
            if line.returned_qty > line.issued_qty:
                problems.append(f'{line.returned_qty} of {line.issued_qty} returned')
        for settlement in order.settlement_ids.filtered(lambda s: s.settled_at and s._is_invoiced() and s._is_final()):
            invoiced = sum(
                settlement.move_ids.filtered(lambda m: m.state == 'posted' and m.is_sale_document()).mapped(
                    'amount_total_signed'
                )
            )
            total = settlement.payer_id._settlement_totals()[settlement.payer_id]['total']
            if (
                settlement.decision != 'approved'
                and not zero(invoiced - total)
                and not order.line_ids.filtered('credited_amount')
            ):
                problems.append(f'{settlement.kind} owes {total}, invoiced {invoiced}')
        self.findings += [f'{verb} on {order.name}: {problem}' for problem in problems]

    def check_company(self):
        """The company's own integrity list holds no error, and the books balance."""
        self.findings += [
            finding['message'] for finding in self.company._aftersales_integrity() if finding['severity'] == 'error'
        ]
        [(balance,)] = self.env['account.move.line']._read_group(
            [('company_id', '=', self.company.id), ('parent_state', '=', 'posted')],
            [],
            ['balance:sum'],
        )
        if not self.company.currency_id.is_zero(balance or 0.0):
            self.findings.append(f'trial balance {balance}')

    # === CHOICES === #

    def open(self):
        return self.orders.filtered(
            lambda order: order.outcome == 'open' and order.state not in ('released', 'closed') and not order.settled_at
        )

    def pick(self, records):
        """Return one of the records, None when there is none."""
        return self.random.choice(list(records)) if records else None

    def reason(self, kind):
        return self.env['aftersales.reason'].search([('kind', '=', kind)], limit=1)

    def do_next_step(self):
        """Bring an order one natural step on, so that the walk reaches till and gate often enough."""
        order = self.pick(
            self.orders.filtered(
                lambda order: order.outcome != 'cancelled' and order.state not in ('released', 'closed')
            )
        )
        if not order:
            return None
        parked = order._open_jobs().filtered('is_parked')
        pending = order.operation_ids.filtered(lambda op: op.state in ('dispatched', 'accepted', 'paused'))
        due = order.settlement_ids.filtered(lambda s: s.settled_at and s.kind == 'customer' and s.amount_due > 0)
        if due:
            due[0]._pay(self.journal)
        elif order.settled_at:
            order._hand_back("Mr Wang", SIGNATURE, order.pickup_code)
        elif parked:
            parked._unpark()
        elif any(not job.share_ids for job in order._open_jobs()):
            order._open_jobs().filtered(lambda job: not job.share_ids).payer_kind = 'customer'
        elif order._open_jobs().filtered(lambda job: not job.is_approved):
            self.case._approve(order)
        elif order.state in ('in_progress', 'inspecting') and order._parts_lines().filtered(
            lambda line: line.net_issued_qty < line.quantity
        ):
            for line in order._parts_lines():
                self.case._receive(line.product_id, line.quantity, cost=round(self.random.uniform(3.0, 120.0), 2))
            order._request_parts()
            order._issue_parts(receiver=self.mechanics[0])
        elif pending:
            self.work(pending[0])
        elif order.state == 'inspecting':
            order._check('final', True, employee=self.mechanics[2], note="Checked")
        elif order.state == 'ready':
            order.action_verify_lines()
            order._settle()
        else:
            order._dispatch(technicians=self.mechanics[0], due_at=order.promised_at)
        return order

    # === VERBS: document === #

    def do_new_order(self):
        order = self.case._make_order(
            profile=self.random.choice(['standard', 'express', 'accident']), wash_wanted=False
        )
        self.orders |= order
        self.add_job(order)
        return order

    def add_job(self, order):
        kind = self.random.choice(self.kinds)
        job = order._add_job("Concern", payer_kind=kind)
        if kind in ('internal', 'goodwill'):
            job.share_ids.payer_id.reason_id = self.reason(kind)
        order._add_line(job, kind='part', product_id=self.pick(self.parts).id, quantity=self.random.randint(1, 4))
        if self.random.random() < 0.7:
            order._add_line(job, kind='labour', labour_item_id=self.pick(self.labour).id)
        return job

    def do_additional_job(self):
        order = self.pick(self.open())
        self.add_job(order).origin = 'additional'
        return order

    def do_count(self):
        """Count the shelves, adjust what differs, and decide about it, or take a decision back."""
        open_decisions = self.env['aftersales.count.decision'].search([('state', '=', 'posted')])
        if open_decisions and self.random.random() < 0.3:
            open_decisions[0]._reverse("found again")
            return self.pick(self.orders)
        count = self.env['aftersales.stock.count'].create({
            'company_id': self.company.id, 'scope': 'category', 'category_ids': self.case.part_category.ids})
        count._start()
        books = count._book_at_sudo(count.line_ids)
        count.line_ids._record({line: max(0.0, books[line] + self.random.choice([0, 0, 0, -1, 1])) for line in count.line_ids})
        count._finish()
        count._approve()
        if count.state == 'applied' and self.random.random() < 0.7:
            count._decide(self.random.choice(['expense', 'income', 'loss']))
        return self.pick(self.orders)

    def do_change_quantity(self):
        line = self.pick(self.open().line_ids.filtered(lambda line: line.kind == 'part'))
        if line:
            line.quantity = self.random.randint(1, 5)
            return line.order_id

    def do_remove_line(self):
        line = self.pick(self.open().line_ids)
        if line:
            order = line.order_id
            line.unlink()
            return order

    def do_discount(self):
        line = self.pick(self.open().line_ids.filtered(lambda line: line.kind in ('part', 'labour')))
        if line:
            line.order_id._change_price(
                line, discount=self.random.choice([0.0, 3.3, 12.5]), reason=self.reason('discount')
            )
            return line.order_id

    def do_share(self):
        job = self.pick(self.open().job_ids.filtered(lambda job: job.outcome == 'open'))
        if job:
            order = job.order_id
            customer, insurer = order._payer('customer'), order._payer('insurance', self.insurer)
            insurer.needs_approval = self.random.random() < 0.5
            job._set_shares(
                self.random.choice(
                    [
                        [(insurer, 'percent', 33.33), (customer, 'rest', 0)],
                        [(customer, 'fixed', 20.0), (insurer, 'rest', 0)],
                        [(customer, 'rest', 0)],
                    ]
                )
            )
            return order

    def do_sign(self):
        order = self.pick(self.open())
        self.case._approve(order)
        return order

    def do_phone(self):
        job = self.pick(self.open().job_ids.filtered(lambda job: job.outcome == 'open' and not job.is_approved))
        if job:
            job.order_id._record_consent(
                job,
                self.random.choice(['approved', 'approved', 'declined']),
                'phone',
                name="Mr Wang",
                phone="13800000000",
                second_user=self.second,
            )
            return job.order_id

    def do_park(self):
        job = self.pick(self.open().job_ids.filtered(lambda job: job.outcome == 'open'))
        if job:
            job._unpark() if job.is_parked else job._park(self.reason('park'))
            return job.order_id

    def do_carry_over(self):
        job = self.pick(self.open().job_ids.filtered('is_parked'))
        if job:
            self.orders |= job.order_id._carry_over(job)
            return job.order_id

    def do_decline(self):
        order = self.pick(self.open())
        order._decline(self.reason('decline'), self.pick(order._open_jobs()))
        return order

    def do_cancel(self):
        order = self.pick(self.open())
        order._cancel(self.reason('cancel'))
        return order

    # === VERBS: is it covered? === #

    def do_appraise(self):
        """Ask the warranty clerk about a job and answer: covered, refused and explained, or waiting for a number."""
        job = self.pick(self.open().job_ids.filtered(
            lambda job: job.outcome == 'open' and len(job.share_ids) <= 1 and not job.operation_ids))
        if not job:
            return None
        appraisal = job.appraisal_id
        if appraisal.state == 'preauthorisation':
            appraisal._record_preauthorisation("PA-1")
        elif appraisal.state in ('refused', 'explained') and appraisal._customer_agreed() is False:
            appraisal._explain("Mr Wang")
            appraisal._turn_to_customer('paper', "Mr Wang")
        else:
            appraisal = appraisal.create({'job_id': job.id, 'question': "Is it covered?"})
            appraisal.write({
                'answer': self.random.choice(['covered', 'not_covered', 'doubtful']), 'finding': "Seen",
                'refusal_reason_id': self.reason('coverage_refusal').id,
            })
            appraisal._give_answer()
        return job.order_id

    def do_come_back(self):
        """A car is back soon: the same complaint, paid by us, or something else."""
        former = self.pick(self.orders.filtered(lambda order: order.outcome == 'done'))
        if not former:
            return None
        order = self.case._make_order(vehicle=former.vehicle_id, profile='standard', wash_wanted=False)
        self.orders |= order
        self.add_job(order)
        for job in order._former_jobs()[order]:
            order._triage(job, self.random.random() < 0.5, payer_kind=self.random.choice(['internal', 'customer', 'undecided']))
        return order

    # === VERBS: workshop === #

    def do_dispatch(self):
        order = self.pick(self.open())
        order._dispatch(technicians=self.pick(self.mechanics), due_at=order.promised_at)
        return order

    do_dispatch_again = do_dispatch

    def do_work(self):
        operation = self.pick(
            self.orders.operation_ids.filtered(lambda op: op.state in ('dispatched', 'accepted', 'paused'))
        )
        if operation:
            self.work(operation)
            return operation.order_id

    do_work_again = do_work

    def work(self, operation):
        """One mechanic does it from start to self check."""
        mechanic = operation.technician_ids[:1] or self.mechanics[0]
        operation._start(mechanic)
        operation._record("Done as the manual says", cause="Worn", correction="Replaced")
        operation._finish(mechanic)
        operation._self_check(mechanic)

    def do_inspect(self):
        order = self.pick(self.open().filtered(lambda order: order.state == 'inspecting'))
        if order:
            passed = self.random.random() < 0.85
            order._check(
                'final',
                passed,
                employee=self.mechanics[2],
                responsible=None if passed else self.mechanics[0],
                note="Checked",
            )
            return order

    # === VERBS: parts === #

    def do_receive_goods(self):
        self.case._receive(
            self.pick(self.parts), self.random.randint(5, 20), cost=round(self.random.uniform(3.0, 120.0), 2)
        )

    def do_receive_with_differences(self):
        """A delivery comes short, damaged or too large; doubtful pieces lie in Hold until somebody decides."""
        part, ordered = self.pick(self.parts), self.random.randint(2, 8)
        purchase = self.env['purchase.order'].create({
            'partner_id': self.vendor.id, 'company_id': self.company.id,
            'order_line': [Command.create({
                'product_id': part.id, 'product_qty': ordered, 'price_unit': round(self.random.uniform(3.0, 120.0), 2),
            })],
        })
        purchase.button_confirm()
        check = purchase.picking_ids._aftersales_acceptance_sudo()
        counted = self.random.randint(1, ordered + 1)
        doubtful = self.random.choice([0, 0, 1])
        check.line_ids.write({
            'counted_qty': counted, 'doubtful_qty': doubtful, 'quality': 'damaged' if doubtful else 'ok',
        })
        check._accept()
        return self.pick(self.orders)

    def do_decide_on_hold(self):
        held = self.pick(self.env['stock.quant'].search([
            ('location_id', '=', self.case.warehouse.aftersales_hold_location_id.id), ('quantity', '>', 0),
        ]))
        if held:
            if self.random.random() < 0.5:
                held._aftersales_back_to_shelf(1, "looked at again")
            else:
                held._aftersales_scrap(1, self.env['stock.scrap.reason.tag'], "broken")
            return self.pick(self.orders)

    def do_use_substitute(self):
        """Put the successor on a line with the former number."""
        line = self.pick(self.open().line_ids.filtered(lambda line: line.product_id == self.parts[-1]))
        if line:
            line._use_substitute()
            return line.order_id

    def do_deliver_to_subdealer(self):
        """Deliver on account what is there; a delivery that is short stays an open order."""
        part = self.pick(self.parts)
        if part.qty_available < 1:
            return None
        order = self.env['aftersales.repair.order']._deliver_to_subdealer(
            [(part, self.random.randint(1, 3))], self.subdealer, receiver=self.mechanics[0],
        )
        self.orders |= order
        return order

    def do_change_prices(self):
        """A new price list comes into force; sometimes an open order takes today's prices."""
        part = self.pick(self.parts)
        version = self.env['aftersales.price.list'].create({
            'name': "Version", 'date_from': self.company._aftersales_today(), 'company_id': self.company.id,
            'line_ids': [Command.create({
                'product_tmpl_id': part.product_tmpl_id.id, 'price': round(self.random.uniform(5.0, 250.0), 2),
            })],
        })
        version._announce()
        order = self.pick(self.open())
        if self.random.random() < 0.5:
            order._take_current_prices()
        return order

    def do_request_and_issue(self):
        order = self.pick(self.open())
        order._request_parts()
        order._issue_parts(receiver=self.mechanics[0])
        return order

    do_issue_again = do_request_and_issue

    def do_return(self):
        line = self.pick(self.orders.line_ids.filtered(lambda line: line.net_issued_qty > 0))
        if line:
            line._return_parts(
                self.random.choice([1.0, line.net_issued_qty, line.net_issued_qty + 1]), self.mechanics[0]
            )
            return line.order_id

    def do_sublet(self):
        job = self.pick(self.open().job_ids.filtered(lambda job: job.outcome == 'open' and job.is_approved))
        if job:
            line = job.line_ids.filtered(lambda line: line.kind == 'sublet')[:1]
            line = line or job.order_id._add_line(job, kind='sublet', product_id=self.paint.id, quantity=1)
            if not line.sublet_purchase_id:
                self.case._approve(job.order_id) if not job.is_approved else None
                line._order_sublet(self.subcontractor, 250.0)
            elif not line.sublet_accepted_at:
                line._accept_sublet()
            return job.order_id

    # === VERBS: money === #

    def do_deposit(self):
        order = self.pick(self.open())
        order._take_deposit(round(self.random.uniform(1.0, 200.0), 2), self.journal)
        return order

    def do_refund_deposit(self):
        order = self.pick(self.orders.filtered(lambda order: order.amount_deposit))
        if order:
            payments = self.env['account.payment'].search(
                [
                    ('aftersales_order_id', '=', order.id),
                    ('payment_type', '=', 'inbound'),
                    ('state', 'in', ('in_process', 'paid')),
                ]
            )
            order._refund_deposit(self.pick(payments), second_user=self.second, reason=self.reason('refund'))
            return order

    def do_round_off(self):
        order = self.pick(self.open())
        order._round_off(self.random.choice([0.0, 0.33, 5.0]))
        return order

    def do_settle(self):
        order = self.pick(self.open().filtered(lambda order: order.state == 'ready') or self.open())
        order.action_verify_lines()
        order._settle()
        return order

    do_settle_again = do_settle

    def do_pay(self):
        settlement = self.pick(self.orders.settlement_ids.filtered(lambda s: s.settled_at and s.amount_due > 0))
        if settlement:
            settlement._pay(self.journal, self.random.choice([None, round(settlement.amount_due / 2, 2)]))
            return settlement.order_id

    do_pay_again = do_pay

    def do_on_account(self):
        settlement = self.pick(
            self.orders.settlement_ids.filtered(lambda s: s.settled_at and s.kind == 'customer' and s.amount_due > 0)
        )
        if settlement:
            settlement._put_on_account(SIGNATURE, "Mr Wang")
            return settlement.order_id

    def do_answer_claim(self):
        settlement = self.pick(self.orders.settlement_ids.filtered(lambda s: s.state == 'awaiting_approval'))
        if settlement:
            if self.random.random() < 0.2:
                settlement._refuse(self.reason('decline'))
            else:
                settlement._approve(self.random.choice([None, round(settlement.claimed_amount * 0.8, 2)]))
            return settlement.order_id

    def do_resolve_short(self):
        settlement = self.pick(self.orders.settlement_ids.filtered(lambda s: s.state == 'short'))
        if settlement:
            settlement._resolve_short(
                self.random.choice(['customer', 'goodwill', 'write_off']),
                self.reason('goodwill'),
                consent_name="Mr Wang",
            )
            return settlement.order_id

    # === VERBS: claim to cash === #

    def my_claims(self, *states):
        return self.env['aftersales.warranty.claim'].search(
            [('order_id', 'in', self.orders.ids), ('state', 'in', states)], order='id')

    def do_send_claims(self):
        claims = self.my_claims('draft').filtered(lambda claim: claim.settlement_id.state == 'awaiting_approval')
        if claims:
            claims._check()
            claims._submit()
            return claims.order_id[0]

    def do_statement(self):
        """The manufacturer credits, cuts, refuses, adds a bonus, takes something back: all on one list."""
        waiting = self.my_claims('submitted', 'approved', 'partly', 'rejected').filtered(
            lambda claim: not claim.booked_at and claim.settlement_id.state == 'awaiting_approval')[:5]
        if not waiting:
            return None
        rows = [
            {'our_number': claim.name, 'amount': round(claim.claimed_total * self.random.choice([1, 1, 0.7, 0.31, 0, 1.1]), 2)}
            for claim in waiting.sorted('id')
        ]
        if self.random.random() < 0.3:
            rows.append({'kind': 'extra', 'amount': 113.0})
        credited = self.pick(self.my_claims('credited', 'paid').filtered(
            lambda claim: claim.partner_id == waiting[0].partner_id and claim.credited_total - claim.charged_back_total > 1))
        if credited and self.random.random() < 0.3:
            rows.append({'our_number': credited.name, 'amount': -1.0})
        statement = self.env['aftersales.warranty.statement'].create({
            'partner_id': waiting[0].partner_id.id, 'company_id': self.company.id,
            'line_ids': [Command.create(row) for row in rows],
        })
        statement._match()
        statement.action_accept_all()
        statement._post()
        return self.pick(waiting).order_id

    do_statement_again = do_statement

    def do_reverse_statement(self):
        statement = self.pick(self.my_claims('credited', 'paid', 'rejected').statement_id)
        if statement:
            order = statement.line_ids.claim_id.order_id[:1]
            statement._reverse("Wrong list")
            return order

    def do_resolve_rest(self):
        claim = self.pick(self.my_claims('credited', 'paid', 'rejected').filtered(lambda claim: claim.rest_state == 'open'))
        if claim:
            rest = claim._resolve_rest(
                self.random.choice(['customer', 'goodwill', 'write_off']), self.reason('goodwill'), consent_name="Mr Wang")
            if rest.state == 'requested':
                rest.with_user(self.second)._approve()
            return claim.order_id

    do_resolve_rest_again = do_resolve_rest

    def do_undo_rest(self):
        rest = self.pick(self.my_claims('credited', 'paid', 'rejected').rest_ids.filtered(lambda rest: rest.state == 'done'))
        if rest:
            rest._undo()
            return rest.order_id

    def do_charge_back(self):
        claim = self.pick(self.my_claims('credited', 'paid').filtered('credited_total'))
        if claim:
            left = claim.credited_total - claim.charged_back_total
            claim._charge_back(
                self.random.choice([None, round(left / 3, 2)]), self.reason('claim'),
                responsible=self.random.choice([None, self.subcontractor]))
            return claim.order_id

    def do_replace_in_kind(self):
        claim = self.pick(self.my_claims('submitted').filtered(lambda claim: not claim.booked_at))
        if claim:
            claim._replace_in_kind()
            return claim.order_id

    def do_refund(self):
        order = self.pick(self.orders.filtered(lambda order: order.settled_at and order.line_ids))
        if order:
            line = self.pick(order.line_ids)
            order._refund(
                {line: round(line.price_amount / 3, 2)},
                journal=self.journal,
                second_user=self.second,
                reason=self.reason('refund'),
            )
            return order

    def do_reopen(self):
        order = self.pick(self.orders.filtered('settled_at'))
        if order:
            order._reopen(self.reason('reopen'))
            return order

    def do_hand_back(self):
        order = self.pick(self.orders.filtered(lambda order: order.settled_at and order.state == 'ready'))
        if order:
            order._explain(old_parts=True)
            order._hand_back("Mr Wang", SIGNATURE, order.pickup_code)
            return order
