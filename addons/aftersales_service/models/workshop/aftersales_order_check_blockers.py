from odoo import models

from .const import CLOSED_STATES, WORK_KINDS


class AftersalesRepairOrder(models.Model):
    """What keeps a check from being recorded: the record, its level, the person who signs."""

    _inherit = 'aftersales.repair.order'

    # === CHECKS === #

    def _blockers_check_process(self):
        return []

    def _blockers_check_self(self):
        operations = self._context_operations()
        if operations is None:
            operations = self.operation_ids.filtered(
                lambda operation: operation.kind in WORK_KINDS and operation.state not in CLOSED_STATES
            )
        return [blocker for operation in operations for blocker in self._blockers_record(operation)]

    def _blockers_record(self, operation):
        """Return what the work record of an operation lacks (R-PROC-60); warranty work always needs its 3C."""
        blockers = []
        if operation.kind not in (*WORK_KINDS, 'diagnose'):
            return blockers
        job = operation.job_id
        if not operation._has_record():
            blockers.append(
                self._blocker(
                    'work_record',
                    'WRK-53',
                    self.env._(
                        "Nothing says what was done in “%(operation)s”. Tap what was done, or write it.",
                        operation=operation.name,
                    ),
                )
            )
        elif not (operation.record_text or '').strip():
            if job.symptom and not (job.cause and job.correction):
                blockers.append(
                    self._blocker(
                        'work_record',
                        'WRK-53',
                        self.env._(
                            "“%(job)s” was a fault: describe in words what was found and done.",
                            job=job.name,
                        ),
                    )
                )
            else:
                blockers.append(
                    self._blocker(
                        'work_record_text',
                        'WRK-53',
                        self.env._(
                            "Describe in words what was done in “%(operation)s”.",
                            operation=operation.name,
                        ),
                    )
                )
        if 'warranty' in job.share_ids.payer_id.mapped('kind') and operation.kind in WORK_KINDS:
            missing = [
                label
                for label, value in (
                    (self.env._("complaint"), job.symptom or job.name),
                    (self.env._("cause"), job.cause),
                    (self.env._("correction"), job.correction),
                )
                if not (value or '').strip()
            ]
            if missing:
                blockers.append(
                    self._blocker(
                        None,
                        'WRK-54',
                        self.env._(
                            "The manufacturer pays “%(job)s”: its %(missing)s is missing.",
                            job=job.name,
                            missing=', '.join(missing),
                        ),
                    )
                )
        return blockers

    def _blockers_check_leader(self):
        operations = self._context_operations()
        person = self._context_person('aftersales_checker_id')
        chosen = self._checked_operations() if operations is None else operations
        blockers = self._blockers_missing('self', chosen)
        if not self.env.context.get('aftersales_is_stage'):
            blockers += self._blockers_unfinished()
        blockers += self._blockers_person('leader', person, chosen)
        if (
            chosen.team_id
            and person not in chosen.team_id.leader_id
            and not self._person_has(
                person,
                'aftersales_service.group_workshop_supervisor',
            )
        ):
            blockers.append(
                self._blocker(
                    'own_team_leader',
                    'WRK-72',
                    self.env._(
                        "The leader of %(team)s makes this check.",
                        team=', '.join(chosen.team_id.mapped('name')),
                    ),
                )
            )
        return blockers

    def _blockers_check_final(self):
        operations = self._context_operations()
        person = self._context_person('aftersales_checker_id')
        chosen = self._checked_operations() if operations is None else operations
        blockers = (
            self._blockers_unfinished()
            + self._blockers_missing('self', chosen)
            + self._blockers_missing('leader', chosen)
        )
        blockers += self._blockers_person('final', person, chosen)
        if not self._person_has(person, 'aftersales_service.group_inspector'):
            blockers.append(
                self._blocker(
                    'inspector_only',
                    'WRK-69',
                    self.env._(
                        "Only a quality inspector passes the final inspection of %(order)s.",
                        order=self.display_name,
                    ),
                )
            )
        return blockers

    def _blockers_check_sample(self):
        return self._blockers_missing('final', self._checked_operations())

    def _blockers_check_failed(self):
        if self.env.context.get('aftersales_has_responsible'):
            return []
        return [
            self._blocker(
                'responsible_named',
                'WRK-73',
                self.env._(
                    "Name who is responsible for what failed on %(order)s; rework starts afterwards.",
                    order=self.display_name,
                ),
            )
        ]

    def _blockers_missing(self, level, operations):
        """Return the missing checks of a level among operations, each as one reason."""
        gate, code = {
            'self': ('self_check', 'WRK-64'),
            'leader': ('leader_check', 'WRK-65'),
            'final': ('final_check', 'WRK-66'),
        }[level]
        if level == 'self':
            missing = operations.filtered(lambda operation: not self._is_covered('self', operations=operation))
            return [
                self._blocker(
                    gate,
                    code,
                    self.env._(
                        "“%(operation)s” has no passed self check of its technician.",
                        operation=operation.name,
                    ),
                )
                for operation in missing
            ]
        if self._is_covered(level, operations=operations):
            return []
        return [
            self._blocker(
                gate,
                code,
                self.env._(
                    "%(order)s has not passed the team leader's check yet.",
                    order=self.display_name,
                )
                if level == 'leader'
                else self.env._(
                    "%(order)s has not passed the final inspection yet.",
                    order=self.display_name,
                ),
            )
        ]

    def _blockers_person(self, level, person, operations):
        """Return why this person may not pass this level: different people (R-PROC-72), another person for safety work."""
        blockers = []
        workers = {
            operation: self_workers | self._checkers('self', operation)
            for operation, self_workers in operations._workers().items()
        }
        safety = operations.filtered(lambda operation: operation.needs_other_person and person in workers[operation])
        if safety and person:
            blockers.append(
                self._blocker(
                    None,
                    'WRK-67',
                    self.env._(
                        "%(employee)s worked on “%(operation)s”. "
                        "Brake, steering, airbag and high voltage are checked by another person.",
                        employee=person.name,
                        operation=safety[0].name,
                    ),
                )
            )
        earlier = self.env['hr.employee'].sudo().union(*workers.values()) if workers else self.env['hr.employee'].sudo()
        if level == 'final':
            earlier |= self._checkers('leader', operations)
        if person and person in earlier:
            blockers.append(
                self._blocker(
                    'different_checkers',
                    'WRK-68',
                    self.env._(
                        "%(employee)s already worked on or checked %(order)s. "
                        "Self check, leader's check and final inspection are by different people.",
                        employee=person.name,
                        order=self.display_name,
                    ),
                )
            )
        return blockers

    def _checkers(self, level, operations):
        """Return who passed checks of a level on the operations, as superuser."""
        return self.check_ids.filtered(
            lambda check: check.is_current and check.level == level and check.operation_ids & operations
        ).checker_id

    def _person_has(self, person, group):
        """Tell whether a person's user holds a role; a person without a login is judged by who records."""
        user = person.user_id or self.env.user
        return user._has_group(group)
