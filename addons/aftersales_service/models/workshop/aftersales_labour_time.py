from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..base.errors import coded_error

# A pause shorter than this belongs to the shift (lunch); a longer one ends it.
SHIFT_GAP = timedelta(hours=3)
AUDIT_READERS = ','.join(
    f'aftersales_service.group_{role}' for role in ('technician', 'report_reader', 'general_manager', 'hr_officer')
)


class AftersalesLabourTime(models.Model):
    """One stretch of one person's work on one operation, from start to stop; open while he works."""

    _name = 'aftersales.labour.time'
    _description = "Clock Time"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'start desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {
            'employee_id',
            'operation_id',
            'start',
            'stop',
            'hours',
            'pause_reason_id',
            'auto_stopped',
            'to_confirm',
            'confirmed_by_id',
            'recorded_by_id',
        }
    )

    employee_id = fields.Many2one(
        'hr.employee', required=True, readonly=True, index=True, ondelete='restrict', check_company=True
    )
    operation_id = fields.Many2one(
        'aftersales.operation', required=True, readonly=True, index=True, ondelete='restrict'
    )
    order_id = fields.Many2one(related='operation_id.order_id', store=True, index=True)
    job_id = fields.Many2one(related='operation_id.job_id', store=True, index='btree_not_null')
    team_id = fields.Many2one(related='operation_id.team_id', store=True, index='btree_not_null')
    company_id = fields.Many2one(related='operation_id.company_id', store=True, index=True)
    kind = fields.Selection(related='operation_id.kind', store=True)
    start = fields.Datetime(required=True, readonly=True, index=True)
    stop = fields.Datetime(readonly=True)
    hours = fields.Float(
        compute='_compute_hours', store=True, precompute=True, digits=(16, 4), help="Zero while the clock runs."
    )
    pause_reason_id = fields.Many2one('aftersales.reason', "Paused For", readonly=True, ondelete='restrict')
    auto_stopped = fields.Boolean(readonly=True, help="Stopped at the end of the shift, because nobody had stopped it.")
    to_confirm = fields.Boolean(readonly=True, index=True, help="The leader still has to confirm or correct it.")
    confirmed_by_id = fields.Many2one('res.users', readonly=True)
    recorded_by_id = fields.Many2one(
        'res.users', readonly=True, help="Who pressed the button, if not the person himself."
    )
    # The front desk reads clock times, not who corrected them.
    audit_ids = fields.One2many(
        'aftersales.labour.audit', 'time_id', "Corrections", readonly=True, groups=AUDIT_READERS
    )

    _one_open = models.UniqueIndex(
        "(employee_id) WHERE stop IS NULL",
        "[WRK-20] This person already runs a clock on another operation. Pause that one first.",
    )
    _stop_after_start = models.Constraint(
        'CHECK(stop IS NULL OR stop >= start)', "[WRK-21] A clock stops after it has started."
    )
    _running_idx = models.Index("(operation_id) WHERE stop IS NULL")

    # === COMPUTE METHODS === #

    @api.depends('start', 'stop')
    def _compute_hours(self):
        for time in self:
            time.hours = (time.stop - time.start).total_seconds() / 3600 if time.stop and time.start else 0.0

    @api.depends('employee_id', 'start')
    def _compute_display_name(self):
        for time in self:
            time.display_name = (
                f'{time.sudo().employee_id.name} · {fields.Datetime.context_timestamp(time, time.start):%m-%d %H:%M}'
                if time.start
                else time.sudo().employee_id.name
            )

    # === CONSTRAINT METHODS === #

    @api.constrains('employee_id', 'start', 'stop')
    def _check_no_overlap(self):
        """One person works in one place at a time; intervals may touch."""
        self.flush_model(['employee_id', 'start', 'stop'])
        rows = self.env.execute_query(
            SQL(
                """SELECT mine.id, other.id
                 FROM aftersales_labour_time mine
                 JOIN aftersales_labour_time other ON other.employee_id = mine.employee_id AND other.id <> mine.id
                  AND other.start < COALESCE(mine.stop, 'infinity') AND COALESCE(other.stop, 'infinity') > mine.start
                WHERE mine.id IN %s LIMIT 1""",
                tuple(self.ids),
            )
        )
        if rows:
            mine, other = self.sudo().browse(rows[0][0]), self.sudo().browse(rows[0][1])
            raise coded_error(
                'WRK-22',
                self.env._(
                    "%(employee)s already clocked on %(operation)s from %(start)s to %(stop)s. Correct one of the two.",
                    employee=mine.employee_id.name,
                    operation=other.operation_id.display_name,
                    start=fields.Datetime.to_string(other.start),
                    stop=fields.Datetime.to_string(other.stop) if other.stop else self.env._("now"),
                ),
                ValidationError,
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error(
                'WRK-23', self.env._("Clock times come from Start and Stop on the operation, not from typing.")
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error(
            'WRK-24', self.env._("Clock times are not deleted. A team leader corrects them with a reason.")
        )

    # === ACTION METHODS === #

    def action_correct(self):
        """Open the dialog for an audited correction."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Correct Clock Time"),
            'res_model': 'aftersales.clock.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_time_id': self.id, 'default_start': self.start, 'default_stop': self.stop},
        }

    def action_confirm(self):
        """Confirm automatic stops as right."""
        self._confirm()
        return True

    # === BUSINESS METHODS === #

    def _ensure_leads(self):
        """Refuse corrections by anybody but the leader of the team or the workshop's supervisors; never one's own.

        :raise UserError: WRK-25.
        """
        self.check_access('read')
        if self.env.su:
            return
        user = self.env.user
        supervises = user.has_group('aftersales_service.group_dispatcher')
        for time in self.sudo():
            if (
                time.employee_id.user_id == user
                and not user.has_group('aftersales_service.group_service_manager')
                or not (supervises or time.team_id.leader_id.user_id == user)
            ):
                raise coded_error(
                    'WRK-25',
                    self.env._(
                        "The clock of %(employee)s is corrected by the leader of the team "
                        "or the workshop's supervisor, never by the person himself.",
                        employee=time.employee_id.name,
                    ),
                )

    def _confirm(self):
        """Accept automatic stops as they are (audited)."""
        self._ensure_leads()
        for time in self.sudo().filtered('to_confirm'):
            time._audit_sudo(time.start, time.stop, self.env['aftersales.reason'], self.env._("Confirmed"))
        self.sudo()._guarded().write({'to_confirm': False, 'confirmed_by_id': self.env.uid})

    def _correct(self, start, stop, reason, note=None):
        """Change a clock time and keep what it was before, why, and who changed it.

        :param datetime start: UTC.
        :param datetime stop: UTC; empty keeps the clock running.
        :param reason: aftersales.reason, required.
        :raise UserError: WRK-25 not his to correct, WRK-26 impossible times, WRK-27 no reason, WRK-28 settled already.
        """
        self.ensure_one()
        self._ensure_leads()
        time, now = self.sudo(), fields.Datetime.now()
        if not reason:
            raise coded_error('WRK-27', self.env._("Choose a reason for the correction."))
        if (
            not start
            or start > now
            or (stop and (stop > now or stop < start))
            or (stop and stop - start > timedelta(hours=24))
        ):
            raise coded_error(
                'WRK-26',
                self.env._(
                    "A clock time ends after it starts, not in the future, and lasts at most 24 hours. Check the times.",
                ),
            )
        if time.stop and not stop:
            raise coded_error('WRK-26', self.env._("A stopped clock is not opened again. Start a new one."))
        if time.order_id.state in ('released', 'closed'):
            raise coded_error(
                'WRK-28',
                self.env._(
                    "%(order)s has left the workshop; its hours are closed.",
                    order=time.order_id.display_name,
                ),
            )
        time.employee_id._aftersales_lock_clock_sudo()
        time._audit_sudo(start, stop, reason, note)
        time._guarded().write(
            {
                'start': start,
                'stop': stop,
                'to_confirm': False,
                'confirmed_by_id': self.env.uid,
            }
        )
        time.order_id._advance()

    def _audit_sudo(self, start, stop, reason, note):
        """Write down a correction; sudo: `_ensure_leads` decided who may."""
        self.env['aftersales.labour.audit'].sudo()._guarded().create(
            {
                'time_id': self.id,
                'old_start': self.start,
                'old_stop': self.stop,
                'new_start': start,
                'new_stop': stop,
                'reason_id': reason.id,
                'note': note,
                'user_id': self.env.uid,
            }
        )

    def _close_sudo(self, stop, **vals):
        """Stop running clocks; sudo: the verb or the cron has checked.

        :param datetime stop: UTC; never before the start.
        """
        for time in self:
            time._guarded().write({'stop': max(stop, time.start), **vals})

    # === SHIFT END === #

    @api.model
    def _cron_stop_forgotten(self):
        """Stop clocks that still run after the shift of their person, marked to be confirmed."""
        running = self.sudo().search([('stop', '=', False)]).try_lock_for_update(allow_referencing=True)
        running._stop_forgotten()

    def _stop_forgotten(self, now=None):
        """Stop those of these clocks whose shift is over (plus the company's grace minutes).

        :param datetime now: UTC, this moment unless given.
        :return: the clocks that were stopped.
        """
        now = now or fields.Datetime.now()
        stopped = self.browse()
        for time, end in self._shift_ends().items():
            if end + timedelta(minutes=time.company_id.aftersales_clock_grace_min) <= now:
                time._close_sudo(end, auto_stopped=True, to_confirm=True)
                stopped |= time
        stopped.order_id._advance()
        return stopped

    def _shift_ends(self):
        """Return when the shift ends in which each clock was started, also across midnight.

        Outside the working hours (overtime, no calendar) the company's longest shift counts from the start.

        :return: `{time: datetime}` UTC.
        :rtype: dict
        """
        ends = {}
        by_calendar = defaultdict(self.browse)
        for time in self.sudo():
            by_calendar[time.employee_id.resource_id.calendar_id or time.company_id.resource_calendar_id] |= time
        for calendar, times in by_calendar.items():
            resources = times.employee_id.resource_id
            intervals = (
                calendar._work_intervals_batch(
                    pytz.utc.localize(min(times.mapped('start')) - timedelta(days=1)),
                    pytz.utc.localize(max(times.mapped('start')) + timedelta(days=2)),
                    resources=resources,
                )
                if calendar
                else {}
            )
            for time in times:
                longest = time.start + timedelta(hours=time.company_id.aftersales_longest_shift)
                end = None
                for start, stop, _meta in intervals.get(time.employee_id.resource_id.id, ()):
                    start, stop = (moment.astimezone(pytz.utc).replace(tzinfo=None) for moment in (start, stop))
                    if end is not None and start - end > SHIFT_GAP:
                        break
                    if stop > time.start and (end is not None or start - SHIFT_GAP <= time.start):
                        end = stop
                    elif end is None and start > time.start:
                        break
                ends[time] = min(end, longest) if end else longest
        return ends
