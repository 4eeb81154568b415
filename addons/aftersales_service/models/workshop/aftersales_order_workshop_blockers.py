from odoo import fields, models

from .const import CLOSED_STATES, FREE_KINDS, WORK_KINDS


class AftersalesRepairOrder(models.Model):
    """Why the workshop cannot go on yet: every reason at once, each with its cure.

    Targets: hand_over, in_progress and diagnosing (dispatch), start (clock), drive, check_process, check_self,
    check_leader, check_final, check_sample, check_failed, wash, inspecting, ready, settled.
    Verbs pass what they are about in the context; a desk that only asks gets the reasons of the whole order.
    """

    _inherit = 'aftersales.repair.order'

    def _blockers(self, target):
        found = super()._blockers(target)
        collect = (
            getattr(self, f'_blockers_{target}', None)
            if target
            in (
                'hand_over',
                'in_progress',
                'diagnosing',
                'start',
                'drive',
                'check_process',
                'check_self',
                'check_leader',
                'check_final',
                'check_sample',
                'check_failed',
                'wash',
                'inspecting',
                'ready',
                'settled',
            )
            else None
        )
        if collect is not None:
            for order in self:
                # The reasons name operations and people that the asking user may not be allowed to list.
                found[order] += getattr(order.sudo(), f'_blockers_{target}')()
        return found

    # === CONTEXT OF A VERB === #

    def _context_operations(self):
        """Return the operations a verb is about; None when a desk asks about the whole order."""
        ids = self.env.context.get('aftersales_operation_ids')
        return None if ids is None else self.operation_ids.filtered(lambda operation: operation.id in ids)

    def _context_person(self, key):
        """Return the person a verb is about, else the user's own employee."""
        person_id = self.env.context.get(key)
        if person_id:
            return self.env['hr.employee'].sudo().browse(person_id)
        return (
            self.env['hr.employee']
            .sudo()
            .search(
                [('user_id', '=', self.env.uid), ('company_id', '=', self.company_id.id)],
                limit=1,
            )
        )

    def _workshop_cure(self, label, method):
        """Return the cure button that opens a dialog of this order."""
        return {'label': label, 'action': getattr(self, method)()}

    # === HAND-OVER AND DISPATCH === #

    def _blockers_hand_over(self):
        context = self.env.context
        moment = context.get('aftersales_handover_at')
        blockers = []
        if moment and not context.get('aftersales_handover_reason') and not self._handover_is_precise(moment):
            blockers.append(
                self._blocker(
                    'handover_precision',
                    'WRK-45',
                    self.env._(
                        "The hand-over time of %(order)s is more than %(minutes)s minutes from now. "
                        "Say why it is recorded late.",
                        order=self.display_name,
                        minutes=self.company_id.aftersales_handover_precision_min,
                    ),
                )
            )
        if not context.get('aftersales_handover_papers', True):
            blockers.append(
                self._blocker(
                    'handover_papers',
                    'WRK-48',
                    self.env._(
                        "Key, repair order and intake sheet go along with %(order)s, explained to the receiver. "
                        "Tick what you handed over.",
                        order=self.display_name,
                    ),
                )
            )
        return blockers

    def _blockers_in_progress(self):
        blockers = self._blockers_dispatch()
        if not self.handover_ids:
            blockers.append(
                self._blocker(
                    'handover_stamp',
                    'WRK-30',
                    self.env._(
                        "%(order)s was not handed over to the workshop yet.",
                        order=self.display_name,
                    ),
                    self._workshop_cure(self.env._("Hand over"), 'action_hand_to_workshop'),
                )
            )
        operations = self._context_operations()
        jobs = (
            operations.job_id
            if operations is not None
            else self._open_jobs().filtered(
                lambda job: not job.is_parked and job._needs_dispatch(),
            )
        )
        for job in jobs:
            if not job.is_approved and not (
                operations is not None
                and all(
                    operation.kind in FREE_KINDS
                    for operation in operations.filtered(lambda o, job=job: o.job_id == job)
                )
            ):
                blockers.append(self._blocker_not_approved(job))
        return blockers

    def _blockers_diagnosing(self):
        return self._blockers_dispatch()

    def _blockers_dispatch(self):
        """Scope and due time of what is being dispatched (R-ROLE-11)."""
        operations = self._context_operations()
        if operations is None:
            return (
                []
                if self.promised_at
                else [
                    self._blocker(
                        'dispatch_due_time',
                        'WRK-32',
                        self.env._(
                            "%(order)s has no promised time; a dispatch needs a due time.",
                            order=self.display_name,
                        ),
                    )
                ]
            )
        blockers = []
        for operation in operations:
            if not (operation.scope or '').strip():
                blockers.append(
                    self._blocker(
                        'dispatch_scope',
                        'WRK-31',
                        self.env._(
                            "“%(operation)s” names nothing to do. Add lines to the job, or write the scope.",
                            operation=operation.name,
                        ),
                    )
                )
            if not operation.due_at:
                blockers.append(
                    self._blocker(
                        'dispatch_due_time',
                        'WRK-32',
                        self.env._(
                            "“%(operation)s” has no due time. Enter one, or promise the customer a time.",
                            operation=operation.name,
                        ),
                    )
                )
            if not operation.team_id and not operation.technician_ids:
                blockers.append(
                    self._blocker(
                        None,
                        'WRK-36',
                        self.env._(
                            "Nobody can take “%(operation)s”: choose a team or technicians.",
                            operation=operation.name,
                        ),
                    )
                )
        return blockers

    def _blocker_not_approved(self, job):
        return self._blocker(
            'approved_only',
            'WRK-33',
            self.env._(
                "“%(job)s” is not approved by everybody who pays it. Nothing is worked on without consent.",
                job=job.name,
            ),
        )

    # === CLOCK === #

    def _blockers_start(self):
        operations = self._context_operations()
        if operations is None:
            operations = self.operation_ids.filtered(
                lambda operation: operation.state not in (*CLOSED_STATES, 'planned')
            )
        return [blocker for operation in operations for blocker in self._blockers_of_start(operation)]

    def _blockers_of_start(self, operation):
        """Return what keeps one operation from being started."""
        blockers = []
        job = operation.job_id
        if job and (job.outcome != 'open' or job.is_parked):
            blockers.append(
                self._blocker(
                    None,
                    'WRK-35',
                    self.env._(
                        "“%(job)s” of %(order)s is not open: it is parked or left the order.",
                        job=job.name,
                        order=self.display_name,
                    ),
                )
            )
        elif job and operation.kind not in FREE_KINDS and not job.is_approved:
            blockers.append(self._blocker_not_approved(job))
        if (
            operation.state == 'dispatched'
            and operation.kind not in ('wash', 'road_test')
            and not operation.accepted_at
        ):
            blockers.append(
                self._blocker(
                    'team_acceptance',
                    'WRK-37',
                    self.env._(
                        "The team has not accepted the car for “%(operation)s” yet.",
                        operation=operation.name,
                    ),
                )
            )
        if operation.needs_qc_approval and not operation.qc_approved_at:
            blockers.append(
                self._blocker(
                    'qc_approval',
                    'WRK-38',
                    self.env._(
                        "“%(operation)s” is a special process: an inspector approves its start.",
                        operation=operation.name,
                    ),
                )
            )
        before = self._steps_before(operation)
        if before:
            if operation.previous_ok != 'ok':
                blockers.append(
                    self._blocker(
                        'previous_step',
                        'WRK-39',
                        self.env._(
                            "Say first whether “%(before)s” is in order, before starting “%(operation)s”.",
                            before=before[-1:].name,
                            operation=operation.name,
                        ),
                    )
                )
            unchecked = before.filtered(
                lambda step: not self._is_covered('process', 'leader', 'final', operations=step)
            )
            if unchecked:
                blockers.append(
                    self._blocker(
                        'stage_check',
                        'WRK-44',
                        self.env._(
                            "“%(before)s” has not passed a stage check; “%(operation)s” waits for it.",
                            before=', '.join(unchecked.mapped('name')),
                            operation=operation.name,
                        ),
                    )
                )
        return blockers

    def _steps_before(self, operation):
        """Return the finished work of other trades that comes before an operation."""
        if operation.kind != 'work' or not operation.trade:
            return operation.browse()
        return self.operation_ids.filtered(
            lambda step: (
                step.kind in WORK_KINDS
                and step.state == 'done'
                and step.trade
                and step.trade != operation.trade
                and (step.sequence, step.id) < (operation.sequence, operation.id)
            )
        ).sorted(lambda step: (step.sequence, step.id))

    def _blockers_drive(self):
        driver = self._context_person('aftersales_driver_id')
        if driver.aftersales_can_drive:
            return []
        return [
            self._blocker(
                'driver_qualified',
                'WRK-55',
                self.env._(
                    "%(employee)s is not appointed to move customers' cars. Ask somebody who is.",
                    employee=driver.name or self.env.user.name,
                ),
            )
        ]

    # === STATES === #

    def _blockers_inspecting(self):
        return [
            *self._blockers_unfinished(),
            *(
                blocker
                for operation in self._checked_operations()
                if not self._is_covered('self', operations=operation)
                for blocker in self._blockers_record(operation)
            ),
        ]

    def _blockers_unfinished(self):
        """Return what is left to do: open jobs without a decision or with work, open operations. Parked jobs wait aside."""
        blockers = []
        for job in self._open_jobs():
            if job.is_parked or job.consent_state == 'declined' or job._is_handover_only():
                continue
            if not job.is_approved:
                blockers.append(
                    self._blocker(
                        None,
                        'WRK-50',
                        self.env._(
                            "“%(job)s” waits for a decision. Get the consent, record the refusal, or park it.",
                            job=job.name,
                        ),
                    )
                )
            elif (
                job._needs_operation()
                and not job.operation_ids.filtered(lambda operation: operation.state not in CLOSED_STATES)
                and not job._is_worked()
            ):
                blockers.append(
                    self._blocker(
                        None,
                        'WRK-51',
                        self.env._(
                            "“%(job)s” is approved but not dispatched completely.",
                            job=job.name,
                        ),
                        self._workshop_cure(self.env._("Dispatch"), 'action_dispatch'),
                    )
                )
        for operation in self._open_operations():
            blockers.append(
                self._blocker(
                    None,
                    'WRK-52',
                    self.env._(
                        "“%(operation)s” is not finished (%(state)s).",
                        operation=operation.name,
                        state=operation._state_label(),
                    ),
                    self._workshop_cure(self.env._("Operations"), 'action_view_operations'),
                )
            )
        return blockers

    def _blockers_ready(self):
        if self.outcome in ('declined', 'cancelled', 'total_loss'):
            return self._blockers_open_work()
        blockers = self._blockers_inspecting()
        if self._needs_inspection():
            operations = self._checked_operations()
            blockers += self._blockers_missing('self', operations) + self._blockers_missing('leader', operations)
            blockers += self._blockers_missing('final', operations)
            for operation in operations.filtered('needs_other_person'):
                workers = operation._workers()[operation] | self._checkers('self', operation)
                if not (self._checkers('leader', operation) | self._checkers('final', operation)) - workers:
                    blockers.append(
                        self._blocker(
                            None,
                            'WRK-67',
                            self.env._(
                                "“%(operation)s” is safety work: another person than who did it checks it.",
                                operation=operation.name,
                            ),
                        )
                    )
            if self.is_sampled and not self._is_covered('sample', operations=operations):
                blockers.append(
                    self._blocker(
                        'sample_check',
                        'WRK-74',
                        self.env._(
                            "%(order)s was drawn for a random sample and has not been looked at.",
                            order=self.display_name,
                        ),
                    )
                )
            if self.wash_wanted and not self._is_washed():
                blockers.append(
                    self._blocker(
                        'wash',
                        'WRK-75',
                        self.env._(
                            "The customer of %(order)s wants the car washed.",
                            order=self.display_name,
                        ),
                    )
                )
        return blockers + self._blockers_progress()

    def _blockers_progress(self):
        """Return the progress checks that are due but not logged."""
        now, blockers = fields.Datetime.now(), []
        if self.tracking_due_at and self.tracking_due_at < now:
            blockers.append(
                self._blocker(
                    'tracking',
                    'WRK-80',
                    self.env._(
                        "The progress check of %(order)s is overdue.",
                        order=self.display_name,
                    ),
                )
            )
        if self.inquiry_from and self.inquiry_from < now and not self.inquiry_done:
            blockers.append(
                self._blocker(
                    'inquiry',
                    'WRK-81',
                    self.env._(
                        "Nobody has asked yet how %(order)s goes; the inquiry is due.",
                        order=self.display_name,
                    ),
                )
            )
        return blockers

    def _blockers_open_work(self):
        blockers = []
        for operation in self._open_operations():
            blockers.append(
                self._blocker(
                    None,
                    'WRK-52',
                    self.env._(
                        "“%(operation)s” is not finished (%(state)s).",
                        operation=operation.name,
                        state=operation._state_label(),
                    ),
                    self._workshop_cure(self.env._("Operations"), 'action_view_operations'),
                )
            )
        return blockers

    def _blockers_settled(self):
        """Open clocks, operations and checks (R-PROC-79); delays nobody told, automatic stops nobody confirmed."""
        blockers = []
        for time in self.time_ids.filtered(lambda time: not time.stop):
            blockers.append(
                self._blocker(
                    None,
                    'WRK-84',
                    self.env._(
                        "The clock of %(employee)s still runs on “%(operation)s”.",
                        employee=time.employee_id.name,
                        operation=time.operation_id.name,
                    ),
                )
            )
        if self.state not in ('ready', 'released', 'closed'):
            blockers += self._blockers_ready()
        if any(time.to_confirm for time in self.time_ids):
            blockers.append(
                self._blocker(
                    'clock_confirmed',
                    'WRK-83',
                    self.env._(
                        "Clock times of %(order)s were stopped automatically and are not confirmed.",
                        order=self.display_name,
                    ),
                )
            )
        if any(not delay.informed_at for delay in self.delay_ids):
            blockers.append(
                self._blocker(
                    'delay_informed',
                    'WRK-82',
                    self.env._(
                        "Nobody has stamped that the customer of %(order)s was told of the delay.",
                        order=self.display_name,
                    ),
                )
            )
        return blockers

    def _blockers_wash(self):
        if not self._needs_inspection() or self._releasing_check():
            return []
        return [
            self._blocker(
                'wash_after_final',
                'WRK-76',
                self.env._(
                    "%(order)s is washed after it has passed the inspection.",
                    order=self.display_name,
                ),
            )
        ]

    def _is_washed(self):
        """Tell whether the car was washed after its last work."""
        self.ensure_one()
        washes = self.operation_ids.filtered(lambda operation: operation.kind == 'wash' and operation.state == 'done')
        last_work = max((operation.finished_at for operation in self._checked_operations()), default=None)
        return any(last_work is None or wash.finished_at >= last_work for wash in washes)
