from datetime import timedelta

import pytz

from odoo import api, fields, models

from ...rules.promise import inquiry_window
from .const import CLOSED_STATES, WORK_KINDS

SIDE_EXITS = ('declined', 'cancelled', 'total_loss')


class AftersalesRepairOrder(models.Model):
    """What the workshop adds to the order: operations, clocks, checks, progress, and the facts of three states."""

    _inherit = 'aftersales.repair.order'
    _guarded_fields = frozenset(
        {
            'is_sampled',
            'parking_place',
            'dispatched_at',
            'clocked_hours',
            'planned_hours',
            'rework_count',
            'tracking_due_at',
            'inquiry_from',
            'inquiry_to',
            'inquiry_done',
            'ready_at',
        }
    )

    # Work
    operation_ids = fields.One2many('aftersales.operation', 'order_id', "Operations")
    operation_count = fields.Integer(compute='_compute_operation_count')
    time_ids = fields.One2many('aftersales.labour.time', 'order_id', "Clock Times")
    dispatched_at = fields.Datetime("First Dispatched", compute='_compute_work', store=True)
    planned_hours = fields.Float("Planned Hours", compute='_compute_work', store=True)
    clocked_hours = fields.Float("Clocked Hours", compute='_compute_work', store=True)
    rework_count = fields.Integer("Reworks", compute='_compute_work', store=True)
    ready_at = fields.Datetime("Ready Since", readonly=True, copy=False)

    # Hand-over and place
    handover_ids = fields.One2many('aftersales.workshop.handover', 'order_id', "Hand-overs to the Workshop")
    road_test_ids = fields.One2many('aftersales.road.test', 'order_id', "Road Tests", readonly=True)
    car_move_ids = fields.One2many('aftersales.car.move', 'order_id', "Car Moves", readonly=True)
    handover_id = fields.Many2one('aftersales.workshop.handover', "Hand-over", compute='_compute_handover_id')
    car_move_ids = fields.One2many('aftersales.car.move', 'order_id', "Car Moves")
    parking_place = fields.Char(readonly=True, copy=False, help="Where the finished car stands, facing the exit.")

    # Progress
    progress_check_ids = fields.One2many('aftersales.progress.check', 'order_id', "Progress Checks")
    delay_ids = fields.One2many('aftersales.delay', 'order_id', "Delays")
    tracking_due_at = fields.Datetime(
        "Next Progress Check", compute='_compute_progress', store=True, index='btree_not_null'
    )
    inquiry_from = fields.Datetime(compute='_compute_progress', store=True)
    inquiry_to = fields.Datetime(compute='_compute_progress', store=True)
    inquiry_done = fields.Boolean(compute='_compute_progress', store=True)

    # Quality
    check_ids = fields.One2many('aftersales.quality.check', 'order_id', "Checks")
    road_test_ids = fields.One2many('aftersales.road.test', 'order_id', "Road Tests")
    accident_ids = fields.One2many('aftersales.quality.accident', 'order_id', "Quality Accidents")
    is_sampled = fields.Boolean("Drawn for a Sample", readonly=True, copy=False)
    final_check_id = fields.Many2one('aftersales.quality.check', "Passed Inspection", compute='_compute_final_check_id')

    # Same-day list
    is_same_day_late = fields.Boolean(
        "Stayed Overnight",
        compute='_compute_is_same_day_late',
        search='_search_is_same_day_late',
        help="A job of a same-day category whose car was not ready on the day it came (R-PROC-69).",
    )

    # === COMPUTE METHODS === #

    def _compute_operation_count(self):
        counts = dict(
            self.env['aftersales.operation']._read_group(
                [('order_id', 'in', self.ids), ('state', '!=', 'cancelled')],
                ['order_id'],
                ['__count'],
            )
        )
        for order in self:
            order.operation_count = counts.get(order, 0)

    @api.depends(
        'operation_ids.state',
        'operation_ids.kind',
        'operation_ids.dispatched_at',
        'operation_ids.planned_hours',
        'operation_ids.clocked_hours',
    )
    def _compute_work(self):
        for order in self:
            operations = order.operation_ids.filtered(lambda operation: operation.state != 'cancelled')
            order.planned_hours = sum(operations.mapped('planned_hours'))
            order.clocked_hours = sum(operations.mapped('clocked_hours'))
            order.rework_count = sum(operation.kind == 'rework' for operation in operations)
            order.dispatched_at = min(
                (
                    operation.dispatched_at
                    for operation in operations
                    if operation.dispatched_at and operation.kind in WORK_KINDS
                ),
                default=False,
            )

    @api.depends('handover_ids.at')
    def _compute_handover_id(self):
        for order in self:
            order.handover_id = order.handover_ids.sorted(lambda handover: (handover.at, handover.id))[-1:]

    @api.depends(
        'state',
        'outcome',
        'dispatched_at',
        'promised_at',
        'customer_place',
        'profile_id',
        'planned_hours',
        'progress_check_ids.at',
        'progress_check_ids.kind',
    )
    def _compute_progress(self):
        """When the advisor asks next: half-hourly while somebody waits or the job is long, once at 50 to 80 %."""
        for order in self:
            company, profile = order.company_id.sudo(), order.profile_id
            order.inquiry_done = any(check.kind == 'inquiry' for check in order.progress_check_ids)
            order.tracking_due_at = order.inquiry_from = order.inquiry_to = False
            if not order.dispatched_at or order.outcome != 'open' or order.state not in ('in_progress', 'inspecting'):
                continue
            if profile._gate('tracking') != 'off' and (
                order.customer_place == 'waiting' or order.planned_hours >= company.aftersales_track_min_hours
            ):
                last = max(
                    [check.at for check in order.progress_check_ids if check.kind == 'tracking']
                    + [order.dispatched_at],
                )
                order.tracking_due_at = fields.Datetime.add(last, minutes=profile._track_minutes())
            if profile._gate('inquiry') != 'off' and order.promised_at and order.promised_at > order.dispatched_at:
                window = inquiry_window(
                    order.dispatched_at,
                    order.promised_at,
                    order._work_intervals(order.dispatched_at, order.promised_at),
                    from_pct=company.aftersales_inquiry_from_pct,
                    to_pct=company.aftersales_inquiry_to_pct,
                )
                order.inquiry_from, order.inquiry_to = (
                    window.start.replace(microsecond=0),
                    window.end.replace(microsecond=0),
                )

    @api.depends('check_ids.is_current', 'check_ids.at')
    def _compute_final_check_id(self):
        for order in self:
            order.final_check_id = order._releasing_check()

    @api.depends('category_id.same_day', 'state', 'outcome', 'visit_id.arrived_at', 'visit_id.state')
    def _compute_is_same_day_late(self):
        late = set(self.search([('id', 'in', self.ids), ('is_same_day_late', '=', True)]).ids)
        for order in self:
            order.is_same_day_late = order.id in late

    def _search_is_same_day_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domains = []
        for company in self.env.companies:
            today, _tomorrow = company._aftersales_day_bounds()
            domains.append(
                fields.Domain(
                    [
                        ('company_id', '=', company.id),
                        ('category_id.same_day', '=', True),
                        ('outcome', '=', 'open'),
                        ('state', 'not in', ('ready', 'released', 'closed')),
                        ('visit_id.state', '=', 'inside'),
                        ('visit_id.arrived_at', '<', today),
                    ]
                )
            )
        found = fields.Domain('id', 'in', self.env['aftersales.repair.order']._search(fields.Domain.OR(domains)))
        return found if True in value else ~found

    # === STATE PROJECTION === #

    def _state_facts(self):
        """Add the facts of in progress, inspecting and ready (house §4)."""
        facts = super()._state_facts()
        authorised = self.browse(
            order.id for order in self if facts[order]['authorised'] and order.outcome not in SIDE_EXITS
        )
        inspecting = authorised._open_blockers('inspecting') if authorised else {}
        finished = self.browse(order.id for order, blockers in inspecting.items() if not _blocks(blockers))
        ready = finished._open_blockers('ready') if finished else {}
        for order in self:
            order_facts = facts[order]
            # Who advances an order (a cashier, a customer who signs) need not be allowed to read operations.
            order_facts['in_progress'] = order_facts['authorised'] and any(
                operation.kind in WORK_KINDS and operation.state not in ('planned', 'cancelled')
                for operation in order.sudo().operation_ids
            )
            if order.outcome in SIDE_EXITS:
                order_facts['inspecting'] = False
                order_facts['ready'] = not order.sudo()._open_operations()
            else:
                order_facts['inspecting'] = order in finished
                order_facts['ready'] = order in ready and not _blocks(ready[order])
        return facts

    def _after_transition(self, source, target):
        result = super()._after_transition(source, target)
        if target == 'ready':
            self.sudo()._guarded().write({'ready_at': fields.Datetime.now()})
            self._place_car_sudo('ready', self.parking_place)
        elif source == 'ready' and target not in ('released', 'closed'):
            self.sudo()._guarded().write({'ready_at': False})
        return result

    # === GETTERS === #

    def _open_operations(self):
        """Return the operations still to be done, the wash and what belongs to parked jobs left aside."""
        return self.operation_ids.filtered(
            lambda operation: (
                operation.state not in CLOSED_STATES and operation.kind != 'wash' and not operation.job_id.is_parked
            )
        )

    def _checked_operations(self):
        """Return the finished work that the checks must cover."""
        return self.operation_ids.filtered(lambda operation: operation.kind in WORK_KINDS and operation.state == 'done')

    def _needs_inspection(self):
        """Tell whether there is work to inspect: an operation that worked on the car, or a subcontractor's work."""
        self.ensure_one()
        return bool(self._checked_operations()) or any(
            line.kind == 'sublet'
            for line in self.line_ids
            if line.job_id.outcome == 'open' and not line.job_id.is_parked
        )

    def _is_covered(self, *levels, operations=None):
        """Tell whether checks of these levels that count cover the operations; without any, whether one exists.

        :param str levels: levels of aftersales.quality.check, any of which counts.
        """
        self.ensure_one()
        checks = self.check_ids.filtered(lambda check: check.is_current and check.level in levels)
        operations = self._checked_operations() if operations is None else operations
        return not operations - checks.operation_ids if operations else bool(checks)

    def _releasing_check(self):
        """Return the check that lets the car leave: the last final inspection, or the leader's where that is final.

        Empty as long as it does not cover all the work.
        """
        self.ensure_one()
        for level in ('final', 'leader', 'self'):
            if level != 'final' and self.profile_id._gate('final_check') != 'off':
                break
            checks = self.check_ids.filtered(
                lambda check, level=level: check.is_current and check.level == level and not check.is_stage
            )
            if checks and self._is_covered(level):
                return checks.sorted(lambda check: (check.at, check.id))[-1:]
        return self.env['aftersales.quality.check']

    def _work_intervals(self, start, end):
        """Return the company's open hours between two moments, for promises and inquiries over days.

        :return: naive UTC intervals; None for spans within one day, where the clock on the wall counts.
        :rtype: list[tuple] | None
        """
        self.ensure_one()
        calendar = self.company_id.sudo().resource_calendar_id
        if not calendar or end - start <= timedelta(hours=10):
            return None
        intervals = calendar._work_intervals_batch(pytz.utc.localize(start), pytz.utc.localize(end))[False]
        return [
            (opens.astimezone(pytz.utc).replace(tzinfo=None), closes.astimezone(pytz.utc).replace(tzinfo=None))
            for opens, closes, _meta in intervals
        ]

    def _desk_cards(self):
        """Add operations, clocks, the next check and the workshop's flags to the desks' cards."""
        cards = super()._desk_cards()
        now = fields.Datetime.now()
        operations = (
            self.env['aftersales.operation'].sudo().search([('order_id', 'in', self.ids), ('state', '!=', 'cancelled')])
        )
        by_order = operations.grouped('order_id')
        labels = dict(self.env['aftersales.operation']._fields['state']._description_selection(self.env))
        for order in self:
            own = by_order.get(order.sudo(), operations.browse())
            card = cards[order.id]
            card['operations'] = [{**row, 'state_label': labels[row['state']]} for row in own._desk_dict()]
            running = own.time_ids.filtered(lambda time: not time.stop)
            card['clock'] = {
                'running': [
                    {
                        'employee': time.employee_id.name,
                        'operation_id': time.operation_id.id,
                        'since': fields.Datetime.to_string(time.start),
                    }
                    for time in running
                ],
                'clocked_hours': order.clocked_hours,
                'planned_hours': order.planned_hours,
            }
            card['next_check_due'] = (
                fields.Datetime.to_string(order.tracking_due_at) if order.tracking_due_at else False
            )
            inquiry_open = bool(order.inquiry_from) and not order.inquiry_done and order.inquiry_from <= now
            card['inquiry'] = {
                'from': fields.Datetime.to_string(order.inquiry_from) if order.inquiry_from else False,
                'to': fields.Datetime.to_string(order.inquiry_to) if order.inquiry_to else False,
                'open': inquiry_open,
                'late': inquiry_open and order.inquiry_to < now,
            }
            card['rework_count'] = order.rework_count
            card['parking_place'] = order.parking_place or ''
            flags = card['flags']
            if order.tracking_due_at and order.tracking_due_at < now:
                flags.append('check_overdue')
            if inquiry_open:
                flags.append('inquiry')
            if any(not delay.informed_at for delay in order.sudo().delay_ids):
                flags.append('delay_not_told')
            if any(operation.kind == 'rework' and operation.state not in CLOSED_STATES for operation in own):
                flags.append('rework')
            if any(time.to_confirm for time in own.time_ids):
                flags.append('clock_to_confirm')
        return cards

    # === NOTICES === #

    def _tell_advisor(self, body, summary, activity='mail.mail_activity_data_todo', deadline=None):
        """Put a to-do on the advisor's list; without an advisor it goes to the supervisors."""
        for order in self.sudo():
            if order.advisor_id:
                order.activity_schedule(
                    activity,
                    date_deadline=deadline or order.company_id._aftersales_today(),
                    summary=summary,
                    note=body,
                    user_id=order.advisor_id.id,
                )
            else:
                order._tell_supervisors(body, summary)

    def _tell_supervisors(self, body, summary):
        """Notify the workshop's supervisors of the company through the order's history."""
        group = self.env.ref('aftersales_service.group_workshop_supervisor').sudo()
        for order in self.sudo():
            users = group.user_ids.filtered(
                lambda user, order=order: order.company_id in user.company_ids and user.active
            )
            order.message_post(
                body=body,
                subject=summary,
                partner_ids=users.partner_id.ids,
                message_type='notification',
                subtype_xmlid='mail.mt_note',
            )

    def _place_car_sudo(self, location, note=None):
        """Let the visit say where the car is; sudo: the verb that moved it has checked its own rights."""
        for order in self.sudo():
            visit = order.visit_id
            if visit.state == 'inside' and visit.location != location:
                # Quietly: the operation and the car moves are the record, not one chatter line a step.
                visit._guarded().with_context(tracking_disable=True).write(
                    {'location': location, 'location_note': note or False}
                )


def _blocks(blockers):
    """Tell whether any of these reasons holds the order back; warnings do not."""
    return any(blocker.level != 'warn' for blocker in blockers)
