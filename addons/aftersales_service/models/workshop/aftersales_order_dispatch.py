import random
from collections import defaultdict

from odoo import fields, models

from ...rules.promise import is_precise
from ..base.errors import coded_error
from .const import CLOSED_STATES, FREE_KINDS, WORK_KINDS

# Work goes through the trades in this order.
TRADE_ORDER = {
    trade: rank
    for rank, trade in enumerate(
        ('diagnosis', 'mechanical', 'electrical', 'tyre', 'body', 'paint', 'accessory', 'wash'),
    )
}


class AftersalesRepairOrder(models.Model):
    """Hand-over to the workshop, dispatch, and who moved the car."""

    _inherit = 'aftersales.repair.order'

    # === ACTION METHODS === #

    def action_hand_to_workshop(self):
        """Open the hand-over to the workshop."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Hand Over to the Workshop"),
            'res_model': 'aftersales.handover.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    def action_dispatch(self):
        """Open the dispatch, with suggestions."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Dispatch"),
            'res_model': 'aftersales.dispatch.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    def action_view_operations(self):
        """Open the operations of the order."""
        self.ensure_one()
        # Written out: this is also the way out that blockers offer, and reading the action takes seven queries each time.
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Operations"),
            'res_model': 'aftersales.operation',
            'view_mode': 'kanban,list,calendar,form',
            'views': [(False, mode) for mode in ('kanban', 'list', 'calendar', 'form')],
            'domain': [('order_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_move_car(self):
        """Open the dialog that records who moved the car, and where to (R-ROLE-14)."""
        return self._open_car_dialog(self.env._("Move the Car"), 'aftersales.car.move.wizard')

    # === HAND-OVER === #

    def _hand_over(
        self,
        receiver=None,
        at=None,
        reason=None,
        note=None,
        has_key=True,
        has_order=True,
        has_sheet=True,
        is_explained=True,
        wash_before=None,
    ):
        """Record that the front desk gave the car to the workshop (R-PROC-53, R-PROC-54).

        :param receiver: hr.employee who took it; the user's own unless given.
        :param datetime at: UTC, now unless given; further from now than the company's precision it needs a reason.
        :param str reason: why the time differs from now.
        :param str wash_before: why the car is washed before it enters (R-PROC-55).
        :return: aftersales.workshop.handover, as superuser.
        :raise UserError: WRK-47 in the future; gates of target `hand_over`.
        """
        handovers = self.env['aftersales.workshop.handover'].sudo()
        now = fields.Datetime.now()
        moment = at or now
        for order in self:
            order.check_access('read')
            if not (
                self.env.su
                or self.env.user.has_groups(
                    'aftersales_service.group_receptionist,aftersales_service.group_dispatcher',
                )
            ):
                raise coded_error(
                    'WRK-46', self.env._("The front desk hands cars over to the workshop, or a dispatcher takes them.")
                )
            if moment > fields.Datetime.add(now, minutes=1):
                raise coded_error(
                    'WRK-47',
                    self.env._(
                        "The hand-over of %(order)s lies in the future. Check the time.", order=order.display_name
                    ),
                )
            person = receiver or self.env['hr.employee']._aftersales_acting(order.company_id)
            order = order.sudo()
            order.with_context(
                aftersales_handover_at=moment,
                aftersales_handover_reason=reason,
                aftersales_handover_papers=bool(has_key and has_order and has_sheet and is_explained),
            )._ensure_no_blockers('hand_over')
            handovers |= handovers._guarded().create(
                {
                    'order_id': order.id,
                    'receiver_id': person.id,
                    'at': moment,
                    'recorded_at': now,
                    'user_id': self.env.uid,
                    'late_reason': reason or False,
                    'has_key': has_key,
                    'has_order': has_order,
                    'has_sheet': has_sheet,
                    'is_explained': is_explained,
                    'wash_before': wash_before or False,
                    'note': note or False,
                }
            )
            if has_key:
                order._give_keys_sudo(person)
            order._advance()
        return handovers

    def _give_keys_sudo(self, person):
        """Let the workshop's receiver hold the keys that are in custody; sudo: the hand-over has checked."""
        for order in self:
            keys = order.visit_id.custody_ids.filtered(
                lambda custody: custody.kind == 'key' and not custody.returned_at
            )
            if keys:
                keys._hand_to(person)

    def _auto_hand_over_sudo(self):
        """Stamp the hand-over by the dispatch where the profile asks for none; sudo: the dispatch has checked."""
        now = fields.Datetime.now()
        own = (
            self.env['hr.employee']
            .sudo()
            .search([('user_id', '=', self.env.uid), ('company_id', 'in', self.company_id.ids)])
        )
        self.env['aftersales.workshop.handover'].sudo()._guarded().create(
            [
                {
                    'order_id': order.id,
                    'receiver_id': own.filtered(lambda person, order=order: person.company_id == order.company_id)[:1].id,
                    'at': now,
                    'recorded_at': now,
                    'user_id': self.env.uid,
                    'is_auto': True,
                }
                for order in self
                if not order.handover_ids
            ]
        )

    # === DISPATCH === #

    def _ensure_can_dispatch(self):
        """Refuse whoever may not dispatch orders of this profile (R-ROLE-11).

        :raise UserError: WRK-34.
        """
        self.check_access('read')
        user = self.env.user
        if self.env.su or user.has_group('aftersales_service.group_dispatcher'):
            return
        helper = user.has_groups('aftersales_service.group_advisor,aftersales_service.group_team_leader')
        for order in self:
            if not helper or order.sudo()._open_gate('dispatcher_only'):
                raise coded_error(
                    'WRK-34',
                    self.env._(
                        "Only a dispatcher dispatches %(order)s.",
                        order=order.display_name,
                    ),
                )

    def _open_gate(self, gate):
        """Tell whether a gate of the profile stops somebody: block, or override that nobody has given."""
        self.ensure_one()
        level = self.profile_id._gate(gate)
        if level == 'override':
            return not any(code == gate for code, _blocker_code in self._overridden_sudo()[self.id])
        return level == 'block'

    def _dispatch(
        self, jobs=None, team=None, bay=None, technicians=None, due_at=None, kind=None, scope=None, priority=None
    ):
        """Give jobs to the workshop: one operation per job and trade, with scope and due time.

        Planned operations of the jobs are dispatched as they are, changed by what is given here. Without team and
        technicians the least loaded team of the trade takes it, or the least loaded technician (R-PROC-56).

        :param jobs: aftersales.repair.job; all jobs that still need a dispatch unless given.
        :param team: aftersales.team.
        :param bay: aftersales.bay.
        :param technicians: hr.employee.
        :param datetime due_at: UTC, the order's promise unless given.
        :param str kind: work, diagnose, secure; a diagnosis job is diagnosed, everything else is work.
        :param str scope: text instead of the lines of the job.
        :param str priority: 0 to 3; from appointment and waiting customer unless given.
        :return: aftersales.operation, as superuser.
        :raise UserError: WRK-34 not for this user, WRK-35 nothing to dispatch, WRK-36 nobody to give it to; gates of
            target `in_progress` (`diagnosing` when only free kinds are dispatched).
        """
        self._ensure_can_dispatch()
        operations = self.env['aftersales.operation'].sudo()
        for order in self.sudo():
            chosen = jobs.sudo() & order.job_ids if jobs else order._dispatchable_jobs(kind)
            if not chosen:
                raise coded_error(
                    'WRK-35',
                    self.env._(
                        "%(order)s has nothing left to dispatch. Approve a job, or add a line to one.",
                        order=order.display_name,
                    ),
                )
            for job in chosen:
                if job.outcome != 'open' or job.is_parked:
                    raise coded_error(
                        'WRK-35',
                        self.env._(
                            "“%(job)s” of %(order)s is not open: it is parked or left the order.",
                            job=job.name,
                            order=order.display_name,
                        ),
                    )
            planned = chosen.operation_ids.filtered(lambda operation: operation.state == 'planned')
            vals_list = order._prepare_operation_vals_list(chosen - planned.job_id, kind, scope, due_at, priority)
            planned |= order._create_operations_sudo(vals_list)
            arranged = {
                name: value
                for name, value in (
                    ('team_id', team and team.id),
                    ('bay_id', (bay or order._kept_bay()).id),
                    ('due_at', due_at),
                    ('priority', priority),
                    ('technician_ids', technicians and [(6, 0, technicians.ids)]),
                )
                if value
            }
            if arranged:
                planned._guarded().write(arranged)
            operations |= order._dispatch_planned(planned)
        return operations

    def _kept_bay(self):
        """Return the bay that the car's appointment kept, where nobody has arranged another (R-PROC-10)."""
        self.ensure_one()
        return self.env['aftersales.bay'] if self.operation_ids.bay_id else self.visit_id.appointment_id.bay_id

    def _plan(self, jobs=None, due_at=None, **arrangement):
        """Make operations without dispatching them, to arrange tomorrow's work on the board.

        :param arrangement: values of aftersales.operation that a dispatcher arranges.
        :return: aftersales.operation in state planned, as superuser.
        """
        self._ensure_can_dispatch()
        operations = self.env['aftersales.operation'].sudo()
        for order in self.sudo():
            chosen = (
                jobs.sudo() & order.job_ids
                if jobs
                else order._open_jobs().filtered(
                    lambda job: job._needs_dispatch(),
                )
            )
            vals_list = order._prepare_operation_vals_list(chosen, None, None, due_at, None)
            operations |= order._create_operations_sudo([{**vals, **arrangement} for vals in vals_list])
        return operations

    def _dispatch_planned(self, operations):
        """Dispatch planned operations of one order; callers have checked who asks.

        :return: the operations, as superuser.
        """
        self.ensure_one()
        order, operations = self.sudo(), operations.sudo().filtered(lambda operation: operation.state == 'planned')
        if not operations:
            raise coded_error(
                'WRK-35',
                self.env._(
                    "%(order)s has nothing left to dispatch. Approve a job, or add a line to one.",
                    order=order.display_name,
                ),
            )
        for operation in operations:
            if not operation.team_id and not operation.technician_ids:
                operation._suggest_people()
        target = 'diagnosing' if all(operation.kind in FREE_KINDS for operation in operations) else 'in_progress'
        order.with_context(aftersales_operation_ids=operations.ids)._ensure_no_blockers(target)
        if target == 'in_progress' and not order.dispatched_at:
            order._draw_sample_sudo()
        operations._guarded().write({'dispatched_at': fields.Datetime.now(), 'dispatched_by_id': self.env.uid})
        if not order.handover_ids:
            order._auto_hand_over_sudo()
        order._advance()
        return operations

    def _dispatchable_jobs(self, kind=None):
        """Return the jobs a dispatch without a choice takes: approved ones with work left; any open one for free kinds."""
        self.ensure_one()
        jobs = self._open_jobs()
        if kind in FREE_KINDS:
            return jobs.filtered(
                lambda job: (
                    not job.is_parked
                    and not job.operation_ids.filtered(
                        lambda operation: operation.kind == kind and operation.state != 'cancelled',
                    )
                )
            )
        return jobs.filtered(lambda job: job.is_approved and job._needs_dispatch())

    def _prepare_operation_vals_list(self, jobs, kind, scope, due_at, priority):
        """Return the values of one operation per job and trade.

        :rtype: list[dict]
        """
        self.ensure_one()
        vals_list = []
        sequence = max(self.operation_ids.mapped('sequence'), default=0)
        for job in jobs:
            job_kind = kind or ('diagnose' if job.is_diagnosis else 'work')
            by_trade = defaultdict(self.env['aftersales.repair.line'].browse)
            if job_kind in WORK_KINDS or job.is_diagnosis:
                for line in job._undispatched_lines():
                    by_trade[line.labour_item_id.trade or False] |= line
            if not by_trade:
                by_trade[False] = self.env['aftersales.repair.line']
            parts = job._workshop_lines().filtered(lambda line: line.kind == 'part')
            trades = sorted(by_trade, key=lambda trade: (TRADE_ORDER.get(trade, 99), trade or ''))
            for trade in trades:
                lines = by_trade[trade]
                sequence += 10
                # Parts are named once, where the work begins.
                named = lines | (parts if trade == trades[0] else parts.browse())
                vals_list.append(
                    {
                        'order_id': self.id,
                        'job_id': job.id,
                        'name': job.name if len(trades) == 1 else ', '.join(lines.mapped('name')) or job.name,
                        'kind': job_kind,
                        'trade': trade,
                        'sequence': sequence,
                        'scope': scope or job._scope_text(named, job_kind),
                        'due_at': due_at or self.promised_at,
                        'planned_hours': sum(line.book_hours or line.billed_hours for line in lines),
                        'priority': priority or self._workshop_priority(),
                        'line_ids': [(6, 0, lines.ids)],
                    }
                )
        return vals_list

    def _create_operations_sudo(self, vals_list):
        """Create operations quietly; sudo: the dispatch has checked who asks."""
        return (
            self.env['aftersales.operation']
            .sudo()
            .with_context(
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                tracking_disable=True,
            )
            ._guarded()
            .create(vals_list)
            .with_env(self.sudo().env)
        )

    def _workshop_priority(self):
        """Return the priority of an order's work: waiting customers, then appointments, then the rest (R-PROC-56)."""
        self.ensure_one()
        if self.customer_place == 'waiting':
            return '2'
        return '1' if self.visit_id.appointment_id else '0'

    def _draw_sample_sudo(self):
        """Draw the order for a second look, at the company's sampling rate (R-CON-10); sudo: called by the dispatch."""
        share = self.company_id.sudo().aftersales_sample_pct
        if share and random.randrange(100) < share:  # noqa: S311 a draw, no secret
            self.sudo()._guarded().write({'is_sampled': True})

    # === THE CAR === #

    def _move_car(self, location, employee=None, note=None):
        """Record who moved the car and where to; only qualified drivers move cars (R-PERM-08).

        :param str location: place of aftersales.visit.
        :return: aftersales.car.move, as superuser.
        :raise UserError: gate of target `drive`; REC-31 the car is not inside, or the place is outside the gate.
        """
        self.ensure_one()
        self.check_access('read')
        person = self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        order = self.sudo()
        order.with_context(aftersales_driver_id=person.id)._ensure_no_blockers('drive')
        move = (
            self.env['aftersales.car.move']
            .sudo()
            ._guarded()
            .create(
                {
                    'order_id': order.id,
                    'employee_id': person.id,
                    'at': fields.Datetime.now(),
                    'place_from': order.visit_id.location or False,
                    'place_to': location,
                    'note': note or False,
                }
            )
        )
        order.visit_id._move(location, note)
        return move

    # === CHANGES OF THE CONTRACT === #

    def write(self, vals):
        result = super().write(vals)
        if vals.get('outcome') in ('declined', 'cancelled', 'total_loss'):
            self.sudo().operation_ids.filtered(lambda operation: operation.state not in CLOSED_STATES)._close_for_job(
                self.env._("The order ended"),
            )
        return result

    def _handover_is_precise(self, moment):
        """Tell whether a hand-over time is near enough to now to need no reason."""
        self.ensure_one()
        return is_precise(moment, fields.Datetime.now(), self.company_id.sudo().aftersales_handover_precision_min)
