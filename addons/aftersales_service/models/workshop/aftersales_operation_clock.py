from odoo import fields, models

from ..base.errors import coded_error


class AftersalesOperation(models.Model):
    """The technician's verbs: accept, start, pause, stop, record, finish, report."""

    _inherit = 'aftersales.operation'

    # === ACTION METHODS (screens and desks) === #

    def action_accept(self, note=None):
        """Take over the car for the team, with differences from the intake sheet (R-PROC-58)."""
        self._accept(note=note)
        return True

    def action_start(self):
        """Start the user's clock."""
        self._start()
        return True

    def action_pause(self, reason_id=None):
        """Pause the user's clock.

        :param int reason_id: aftersales.reason of kind pause.
        """
        self._pause(reason=self.env['aftersales.reason'].browse(reason_id) if reason_id else None)
        return True

    def action_stop(self):
        """Stop the user's clock; the operation stays open."""
        self._stop()
        return True

    def action_finish(self):
        """Stop the clock and report the operation finished."""
        self._finish()
        return True

    def action_record(
        self,
        text=None,
        record_chip_ids=None,
        cause_chip_ids=None,
        correction_chip_ids=None,
        cause=None,
        correction=None,
    ):
        """Write the work record by chips and text; None leaves a part as it is.

        :param str text: what was done, in words.
        :param list[int] record_chip_ids: aftersales.work.chip.
        :param str cause: goes to the job's cause (3C).
        :param str correction: goes to the job's correction (3C).
        """
        chips = self.env['aftersales.work.chip']
        self._record(
            text=text,
            record_chips=None if record_chip_ids is None else chips.browse(record_chip_ids),
            cause_chips=None if cause_chip_ids is None else chips.browse(cause_chip_ids),
            correction_chips=None if correction_chip_ids is None else chips.browse(correction_chip_ids),
            cause=cause,
            correction=correction,
        )
        return True

    def action_self_check(self, passed=True, note=''):
        """Finish if need be, and record the technician's own check (R-PROC-72)."""
        self.ensure_one()
        self._self_check(passed=passed, note=note)
        return True

    def action_report_extra(self, description, photos=None, is_safety=False, hours=0.0):
        """Report additional work found on the car; the advisor phones the customer (R-PROC-62).

        :param str description: what was found.
        :param list[dict] photos: `{'name': str, 'datas': base64}`.
        :param float hours: extra time asked for.
        :return: id of the new job.
        """
        self.ensure_one()
        return self._report_extra(description, photos=photos, is_safety=is_safety, hours=hours).id

    def action_confirm_previous(self):
        """Ask whether the step before is in order (R-PROC-68)."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Step Before"),
            'res_model': 'aftersales.previous.wizard',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_operation_id': self.id},
        }

    def action_approve_special(self):
        """Approve the start of a special process as inspector (R-PERM-09)."""
        self._approve_special()
        return True

    def action_reopen(self, note=None):
        """Take back a finished report."""
        self._reopen(note)
        return True

    # === ACCEPTANCE === #

    def _accept(self, employee=None, note=None):
        """Record that the team has compared the car with the intake sheet and takes it.

        :param employee: hr.employee who accepts; the user's own unless given.
        :param str note: differences found; the advisor is told of them.
        :raise UserError: WRK-09 not dispatched, or not his team's.
        """
        for operation in self:
            operation.check_access('read')
            person = self.env['hr.employee']._aftersales_acting(operation.company_id, employee)
            operation = operation.sudo()
            if operation.state != 'dispatched':
                raise coded_error(
                    'WRK-09',
                    self.env._(
                        "%(operation)s is not waiting to be accepted (%(state)s).",
                        operation=operation.display_name,
                        state=operation._state_label(),
                    ),
                )
            operation._ensure_may_work(person)
            operation._guarded().write(
                {
                    'accepted_at': fields.Datetime.now(),
                    'accepted_by_id': person.id,
                    'difference_note': note or False,
                }
            )
            if note:
                operation.order_id._tell_advisor(
                    self.env._(
                        "%(employee)s accepted the car with differences from the intake sheet: %(note)s",
                        employee=person.name,
                        note=note,
                    ),
                    self.env._("Differences at acceptance"),
                )
        self.sudo().order_id._advance()

    # === CLOCK === #

    def _start(self, employee=None, at=None):
        """Start a person's clock on the operation.

        :param employee: hr.employee; the user's own unless given.
        :param datetime at: UTC, now unless given.
        :return: aftersales.labour.time, as superuser.
        :raise UserError: a gate of target `start` blocks; WRK-10 not in a state to work on; WRK-11 not dispatched to
            him; WRK-20 his clock runs on another operation.
        """
        self.ensure_one()
        self.check_access('read')
        person = self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        operation = self.sudo()
        if operation.state not in ('dispatched', 'accepted', 'running', 'paused'):
            raise coded_error(
                'WRK-10',
                self.env._(
                    "Nobody can start on %(operation)s: it is %(state)s.",
                    operation=operation.display_name,
                    state=operation._state_label(),
                ),
            )
        operation._ensure_may_work(person)
        person._aftersales_lock_clock_sudo()
        running = (
            self.env['aftersales.labour.time']
            .sudo()
            .search([('employee_id', '=', person.id), ('stop', '=', False)], limit=1)
        )
        if running:
            raise coded_error(
                'WRK-20',
                self.env._(
                    "The clock of %(employee)s already runs on %(operation)s. Pause that one first.",
                    employee=person.name,
                    operation=running.operation_id.display_name,
                ),
            )
        operation.order_id.with_context(aftersales_operation_ids=operation.ids)._ensure_no_blockers('start')
        at = at or fields.Datetime.now()
        vals = {}
        if not operation.accepted_at:
            vals.update(accepted_at=at, accepted_by_id=person.id, is_auto_accepted=True)
        if person not in operation.technician_ids:
            vals['technician_ids'] = [(4, person.id)]
        if vals:
            operation._guarded().write(vals)
        time = (
            self.env['aftersales.labour.time']
            .sudo()
            ._guarded()
            .create(
                {
                    'employee_id': person.id,
                    'operation_id': operation.id,
                    'start': at,
                    'recorded_by_id': False if person.user_id == self.env.user else self.env.uid,
                }
            )
        )
        operation._place_car()
        operation.order_id._advance()
        return time

    def _pause(self, employee=None, reason=None, at=None):
        """Pause a person's clock, with the reason if there is one.

        :param reason: aftersales.reason of kind pause.
        :raise UserError: WRK-12 no clock of his runs here.
        """
        self._stop(employee, at, reason=reason)

    def _stop(self, employee=None, at=None, reason=None):
        """Stop a person's clock; the operation stays open for the next stretch.

        :raise UserError: WRK-12 no clock of his runs here.
        """
        self.ensure_one()
        self.check_access('read')
        person = self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        operation = self.sudo()
        running = operation.time_ids.filtered(lambda time: not time.stop and time.employee_id == person)
        if not running:
            raise coded_error(
                'WRK-12',
                self.env._(
                    "No clock of %(employee)s runs on %(operation)s.",
                    employee=person.name,
                    operation=operation.display_name,
                ),
            )
        person._aftersales_lock_clock_sudo()
        running._close_sudo(at or fields.Datetime.now(), pause_reason_id=reason.id if reason else False)
        operation.order_id._advance()

    def _finish(self, employee=None, at=None):
        """Report the operation finished; stops the person's own clock.

        :raise UserError: WRK-13 nobody has worked on it or it is closed, WRK-14 somebody else still clocks on it.
        """
        for operation in self:
            operation.check_access('read')
            person = self.env['hr.employee']._aftersales_acting(operation.company_id, employee)
            operation = operation.sudo()
            if operation.state not in ('accepted', 'running', 'paused'):
                raise coded_error(
                    'WRK-13',
                    self.env._(
                        "%(operation)s cannot be finished: it is %(state)s.",
                        operation=operation.display_name,
                        state=operation._state_label(),
                    ),
                )
            operation._ensure_may_work(person)
            running = operation.time_ids.filtered(lambda time: not time.stop)
            others = running.filtered(lambda time, person=person: time.employee_id != person)
            if others:
                raise coded_error(
                    'WRK-14',
                    self.env._(
                        "%(names)s still works on %(operation)s. Stop that clock first.",
                        names=', '.join(others.employee_id.mapped('name')),
                        operation=operation.display_name,
                    ),
                )
            at = at or fields.Datetime.now()
            running._close_sudo(at)
            operation._guarded().write({'finished_at': at, 'finished_by_id': person.id})
        self.sudo().order_id._advance()

    def _reopen(self, note=None):
        """Void a finished report, so that work can go on; checks that covered it are void too.

        :raise UserError: WRK-15 not finished, WRK-16 not his to reopen, WRK-28 the car is gone.
        """
        for operation in self:
            operation.check_access('read')
            if not (self.env.su or self.env.user.has_group('aftersales_service.group_team_leader')):
                raise coded_error('WRK-16', self.env._("A team leader takes back a finished report."))
            operation = operation.sudo()
            if operation.state != 'done':
                raise coded_error(
                    'WRK-15', self.env._("%(operation)s is not finished.", operation=operation.display_name)
                )
            if operation.order_id.state in ('released', 'closed'):
                raise coded_error(
                    'WRK-28',
                    self.env._(
                        "%(order)s has left the workshop; its hours are closed.",
                        order=operation.order_id.display_name,
                    ),
                )
            operation._void_finish(note or self.env._("Finished report taken back"))
            operation.order_id._advance()

    def _void_finish(self, note):
        """Void the finish and what was checked of it; sudo: callers check who asks."""
        self.ensure_one()
        operation = self.sudo()
        operation.check_ids._void(note)
        operation._guarded().write({'finished_at': False, 'finished_by_id': False})

    # === RECORD === #

    def _record(
        self, text=None, record_chips=None, cause_chips=None, correction_chips=None, cause=None, correction=None
    ):
        """Write the work record (R-PROC-60); causes and corrections feed the job's 3C.

        :raise UserError: WRK-17 the operation was cancelled or the car is gone.
        """
        self.ensure_one()
        self.check_access('read')
        operation = self.sudo()
        if operation.state in ('planned', 'cancelled') or operation.order_id.state in ('released', 'closed'):
            raise coded_error(
                'WRK-17', self.env._("Nothing can be recorded on %(operation)s now.", operation=operation.display_name)
            )
        operation._ensure_may_work(
            self.env['hr.employee']._aftersales_acting(operation.company_id) if not self.env.su else None
        )
        vals = {}
        if text is not None:
            vals['record_text'] = text
        for name, chips in (
            ('record_chip_ids', record_chips),
            ('cause_chip_ids', cause_chips),
            ('correction_chip_ids', correction_chips),
        ):
            if chips is not None:
                vals[name] = [(6, 0, chips.exists().ids)]
        if vals:
            operation._guarded().write(vals)
        job = operation.job_id
        if job:
            job_vals = {}
            for field, words, chips in (('cause', cause, cause_chips), ('correction', correction, correction_chips)):
                parts = [part for part in (job[field] or '').split('\n') if part.strip()]
                added = ([words.strip()] if words and words.strip() else []) + (chips.mapped('name') if chips else [])
                merged = parts + [part for part in added if part not in parts]
                if merged != parts:
                    job_vals[field] = '\n'.join(merged)
            if job_vals:
                job.write(job_vals)

    def _self_check(self, employee=None, passed=True, note=''):
        """Finish if the work is still open, then record the technician's own check of it."""
        self.ensure_one()
        if passed and self.sudo().state in ('accepted', 'running', 'paused'):
            self._finish(employee)
        person = self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        return self.order_id._check('self', passed, person, note, operations=self)

    # === REPORTS TO THE ADVISOR === #

    def _report_extra(self, description, photos=None, is_safety=False, hours=0.0, employee=None):
        """Propose additional work that was found on the car; nothing of it is workable before the customer agrees.

        :return: aftersales.repair.job, as superuser.
        :raise UserError: WRK-18 no words.
        """
        self.ensure_one()
        self.check_access('read')
        if not (description or '').strip():
            raise coded_error('WRK-18', self.env._("Say what was found, so that the advisor can tell the customer."))
        person = self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        self.sudo()._ensure_may_work(person)
        order = self.sudo().order_id
        return order._propose_extra(description.strip(), person, photos=photos, is_safety=is_safety, hours=hours)

    def _confirm_previous(self, is_ok=True, note=None, employee=None):
        """Record what the next trade thinks of the step before; doubts go to the supervisor and the inspector."""
        for operation in self:
            operation.check_access('read')
            person = self.env['hr.employee']._aftersales_acting(operation.company_id, employee)
            operation = operation.sudo()
            operation._ensure_may_work(person)
            if not is_ok and not (note or '').strip():
                raise coded_error(
                    'WRK-19',
                    self.env._(
                        "Say what is doubtful about the step before %(operation)s.", operation=operation.display_name
                    ),
                )
            operation._guarded().write(
                {
                    'previous_ok': 'ok' if is_ok else 'doubt',
                    'previous_note': note or False,
                    'previous_by_id': person.id,
                }
            )
            if not is_ok:
                operation.order_id._tell_supervisors(
                    self.env._(
                        "%(employee)s doubts the step before “%(operation)s”: %(note)s",
                        employee=person.name,
                        operation=operation.name,
                        note=note,
                    ),
                    self.env._("Doubts about the step before"),
                )

    def _approve_special(self, employee=None):
        """Let an inspector approve that a special process starts (R-PERM-09).

        :raise UserError: WRK-29 not an inspector, or the person who will do the work.
        """
        for operation in self:
            operation.check_access('read')
            person = self.env['hr.employee']._aftersales_acting(operation.company_id, employee, group=None)
            operation = operation.sudo()
            if (
                not (self.env.su or self.env.user.has_group('aftersales_service.group_inspector'))
                or person in operation.technician_ids
            ):
                raise coded_error(
                    'WRK-29',
                    self.env._(
                        "An inspector who does not work on it approves the start of %(operation)s.",
                        operation=operation.display_name,
                    ),
                )
            operation._guarded().write({'qc_approved_at': fields.Datetime.now(), 'qc_approved_by_id': person.id})

    # === GETTERS === #

    def _ensure_may_work(self, person):
        """Refuse whoever the operation was not dispatched to: neither named, nor in the team, nor its leader.

        :param person: hr.employee as superuser; None passes (a verb of the system).
        :raise UserError: WRK-11.
        """
        for operation in self.sudo():
            if person and person not in operation.technician_ids | operation.team_id._people():
                raise coded_error(
                    'WRK-11',
                    self.env._(
                        "%(operation)s was not dispatched to %(employee)s. Ask the dispatcher.",
                        operation=operation.display_name,
                        employee=person.name,
                    ),
                )

    def _place_car(self):
        """Let the visit show where the car stands now."""
        for operation in self.sudo():
            # A road test leaves the gate: that is a temporary exit, recorded by the front desk's own verb.
            if operation.kind != 'road_test':
                operation.order_id._place_car_sudo('wash' if operation.kind == 'wash' else 'bay', operation.bay_id.name)

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields['state']._description_selection(self.env))[self.state]
