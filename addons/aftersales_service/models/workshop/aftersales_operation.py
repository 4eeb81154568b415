from odoo import api, fields, models

from ..base.const import TRADES
from ..base.errors import coded_error
from .const import CLOSED_STATES, OPERATION_KINDS, OPERATION_STATES

# What the dispatcher arranges by hand; everything else is recorded by a verb.
ARRANGED_FIELDS = frozenset(
    {
        'name',
        'sequence',
        'team_id',
        'bay_id',
        'technician_ids',
        'scope',
        'due_at',
        'planned_hours',
        'priority',
    }
)


class AftersalesOperation(models.Model):
    """One piece of work for one trade on one job: dispatched, accepted, clocked, finished, checked.

    The state is a projection of those facts; the dispatcher arranges team, bay, technicians and due time,
    everything else is recorded by verbs.
    """

    _name = 'aftersales.operation'
    _description = "Workshop Operation"
    _inherit = ['aftersales.people.mixin', 'aftersales.guarded.mixin', 'mail.thread']
    _order = 'priority desc, due_at, sequence, id'
    _check_company_auto = True
    _mail_post_access = 'read'
    _people_fields = ('technician_ids',)
    _guarded_fields = frozenset(
        {
            'order_id',
            'job_id',
            'kind',
            'state',
            'trade',
            'dispatched_at',
            'dispatched_by_id',
            'accepted_at',
            'accepted_by_id',
            'difference_note',
            'is_auto_accepted',
            'finished_at',
            'finished_by_id',
            'cancelled_at',
            'cancel_note',
            'record_text',
            'cause_chip_ids',
            'correction_chip_ids',
            'record_chip_ids',
            'previous_ok',
            'previous_note',
            'previous_by_id',
            'qc_approved_at',
            'qc_approved_by_id',
            'rework_check_id',
            'responsible_ids',
            'parking_place',
            'is_scratch_free',
            'clocked_hours',
            'first_started_at',
            'needs_other_person',
            'needs_qc_approval',
            'line_ids',
            'origin_id',
        }
    )

    # Identity
    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    job_id = fields.Many2one('aftersales.repair.job', readonly=True, ondelete='restrict', index='btree_not_null')
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    warehouse_id = fields.Many2one(related='order_id.warehouse_id', store=True, index='btree_not_null')
    vehicle_id = fields.Many2one(related='order_id.vehicle_id')
    license_plate = fields.Char(related='order_id.license_plate')
    name = fields.Char(required=True)
    kind = fields.Selection(OPERATION_KINDS, required=True, readonly=True, default='work')
    trade = fields.Selection(TRADES, readonly=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        OPERATION_STATES,
        compute='_compute_state',
        store=True,
        index=True,
        precompute=True,
        group_expand='_group_expand_state',
    )

    # Arrangement
    team_id = fields.Many2one(
        'aftersales.team',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        tracking=True,
    )
    bay_id = fields.Many2one(
        'aftersales.bay',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        tracking=True,
        group_expand='_group_expand_bay_id',
    )
    technician_ids = fields.Many2many(
        'hr.employee',
        'aftersales_operation_technician_rel',
        'operation_id',
        'employee_id',
        string="Technicians",
        check_company=True,
    )
    scope = fields.Text(help="What is to be done, line by line; nothing else is touched.")
    due_at = fields.Datetime("Due At", index=True, tracking=True)
    planned_hours = fields.Float("Planned Hours", help="Book hours of the lines; capacity is planned with them.")
    priority = fields.Selection(
        [('0', "Normal"), ('1', "Appointment"), ('2', "Customer Waiting"), ('3', "Urgent")],
        default='0',
        required=True,
        index=True,
        tracking=True,
    )
    color = fields.Integer(related='bay_id.color')

    # Stamps
    dispatched_at = fields.Datetime(readonly=True, copy=False)
    dispatched_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    accepted_at = fields.Datetime(readonly=True, copy=False)
    accepted_by_id = fields.Many2one('hr.employee', readonly=True, copy=False)
    is_auto_accepted = fields.Boolean("Accepted by Starting", readonly=True, copy=False)
    difference_note = fields.Text(
        "Differences",
        readonly=True,
        copy=False,
        help="What differs from the intake sheet when the team takes the car (R-PROC-58).",
    )
    first_started_at = fields.Datetime("Started", compute='_compute_clocked_hours', store=True)
    finished_at = fields.Datetime("Finished", readonly=True, copy=False)
    finished_by_id = fields.Many2one('hr.employee', readonly=True, copy=False)
    cancelled_at = fields.Datetime(readonly=True, copy=False)
    cancel_note = fields.Char(readonly=True, copy=False)

    # Work record (R-PROC-60, R-DOC-08)
    record_text = fields.Text("Work Record", readonly=True, copy=False)
    record_chip_ids = fields.Many2many(
        'aftersales.work.chip',
        'aftersales_operation_record_chip_rel',
        string="Work Done",
        readonly=True,
        copy=False,
    )
    cause_chip_ids = fields.Many2many(
        'aftersales.work.chip',
        'aftersales_operation_cause_chip_rel',
        string="Causes",
        readonly=True,
        copy=False,
    )
    correction_chip_ids = fields.Many2many(
        'aftersales.work.chip',
        'aftersales_operation_correction_chip_rel',
        string="Correction",
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many('aftersales.repair.line', 'operation_id', string="Lines", readonly=True)
    time_ids = fields.One2many('aftersales.labour.time', 'operation_id', string="Clock Times")
    clocked_hours = fields.Float("Clocked Hours", compute='_compute_clocked_hours', store=True)
    efficiency = fields.Float("Efficiency (%)", compute='_compute_efficiency', help="Planned hours over clocked hours.")

    # Quality
    check_ids = fields.Many2many(
        'aftersales.quality.check',
        'aftersales_quality_check_operation_rel',
        'operation_id',
        'check_id',
        string="Checks",
        readonly=True,
    )
    needs_other_person = fields.Boolean(
        "Safety Work",
        compute='_compute_needs',
        store=True,
        precompute=True,
        recursive=True,
        help="Brake, steering, airbag or high voltage: another person always checks it.",
    )
    needs_qc_approval = fields.Boolean(
        "Needs QC Approval",
        compute='_compute_needs',
        store=True,
        precompute=True,
        help="Special process: an inspector approves before it starts.",
    )
    qc_approved_at = fields.Datetime(readonly=True, copy=False)
    qc_approved_by_id = fields.Many2one('hr.employee', readonly=True, copy=False)
    has_previous = fields.Boolean(compute='_compute_has_previous', help="Another trade worked on this order before.")
    previous_ok = fields.Selection(
        [('ok', "In Order"), ('doubt', "Doubts")],
        "Previous Step",
        readonly=True,
        copy=False,
        help="What the next trade thinks of the work before it (R-PROC-68).",
    )
    previous_note = fields.Text(readonly=True, copy=False)
    previous_by_id = fields.Many2one('hr.employee', readonly=True, copy=False)
    origin_id = fields.Many2one(
        'aftersales.operation',
        "Work Redone",
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='restrict',
    )
    rework_check_id = fields.Many2one(
        'aftersales.quality.check', "Failed Check", readonly=True, copy=False, index='btree_not_null'
    )
    responsible_ids = fields.Many2many(
        'hr.employee',
        'aftersales_operation_responsible_rel',
        'operation_id',
        'employee_id',
        string="Responsible",
        readonly=True,
        copy=False,
    )

    # Wash
    parking_place = fields.Char(readonly=True, copy=False)
    is_scratch_free = fields.Boolean(
        "No Scratches", readonly=True, copy=False, help="Looked over after the wash (R-PROC-77)."
    )

    # Screen
    can_accept = fields.Boolean(compute='_compute_can')
    can_start = fields.Boolean(compute='_compute_can')
    can_finish = fields.Boolean(compute='_compute_can')
    is_mine_running = fields.Boolean(compute='_compute_can')

    _open_idx = models.Index("(company_id, due_at) WHERE state NOT IN ('done', 'cancelled')")

    # === COMPUTE METHODS === #

    @api.depends('dispatched_at', 'accepted_at', 'finished_at', 'cancelled_at', 'time_ids.stop')
    def _compute_state(self):
        for operation in self:
            if operation.cancelled_at:
                operation.state = 'cancelled'
            elif operation.finished_at:
                operation.state = 'done'
            elif operation.time_ids:
                operation.state = 'running' if any(not time.stop for time in operation.time_ids) else 'paused'
            elif operation.accepted_at:
                operation.state = 'accepted'
            else:
                operation.state = 'dispatched' if operation.dispatched_at else 'planned'

    @api.depends('time_ids.hours', 'time_ids.start')
    def _compute_clocked_hours(self):
        for operation in self:
            operation.clocked_hours = sum(operation.time_ids.mapped('hours'))
            operation.first_started_at = min(operation.time_ids.mapped('start'), default=False)

    @api.depends('planned_hours', 'clocked_hours')
    def _compute_efficiency(self):
        for operation in self:
            operation.efficiency = (
                100 * operation.planned_hours / operation.clocked_hours if operation.clocked_hours else 0.0
            )

    @api.depends(
        'line_ids.labour_item_id.needs_other_person',
        'line_ids.labour_item_id.qc_approval',
        'origin_id.needs_other_person',
    )
    def _compute_needs(self):
        for operation in self:
            items = operation.line_ids.labour_item_id
            # Redoing safety work is safety work.
            operation.needs_other_person = (
                any(items.mapped('needs_other_person')) or operation.origin_id.needs_other_person
            )
            operation.needs_qc_approval = any(items.mapped('qc_approval'))

    @api.depends('state', 'time_ids.stop', 'time_ids.employee_id')
    @api.depends_context('uid')
    def _compute_can(self):
        for operation in self:
            state = operation.state
            operation.is_mine_running = any(
                not time.stop and time.employee_id.user_id == self.env.user for time in operation.sudo().time_ids
            )
            operation.can_accept = state == 'dispatched'
            operation.can_start = (
                state in ('dispatched', 'accepted', 'running', 'paused') and not operation.is_mine_running
            )
            operation.can_finish = state in ('accepted', 'running', 'paused')

    @api.depends('name', 'license_plate')
    def _compute_display_name(self):
        for operation in self:
            operation.display_name = ' · '.join(part for part in (operation.license_plate, operation.name) if part)

    @api.model
    def _group_expand_state(self, states, domain):
        return [state for state, _label in OPERATION_STATES if state != 'cancelled']

    @api.model
    def _group_expand_bay_id(self, bays, domain):
        return bays.search([('company_id', 'in', self.env.companies.ids)])

    @api.depends('order_id.operation_ids.trade', 'order_id.operation_ids.sequence', 'trade', 'sequence')
    def _compute_has_previous(self):
        for operation in self:
            operation.has_previous = any(
                other.trade != operation.trade and other.sequence < operation.sequence and other.state != 'cancelled'
                for other in operation.sudo().order_id.operation_ids
            )

    # === CONSTRAINT METHODS === #

    @api.constrains('planned_hours')
    def _check_planned_hours(self):
        for operation in self:
            if not 0 <= operation.planned_hours <= 500:
                raise coded_error(
                    'WRK-03',
                    self.env._(
                        "%(hours)s planned hours on %(operation)s are impossible. Enter 0 to 500.",
                        hours=operation.planned_hours,
                        operation=operation.display_name,
                    ),
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error(
                'WRK-04', self.env._("An operation is made by dispatching a job. Use “Dispatch” on the order.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_guarded() and ARRANGED_FIELDS.intersection(vals):
            self._ensure_can_arrange()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dispatched(self):
        for operation in self:
            if operation.state != 'planned':
                raise coded_error(
                    'WRK-05',
                    self.env._(
                        "%(operation)s was dispatched and stays in the books. Cancel it instead.",
                        operation=operation.display_name,
                    ),
                )

    # === ACTION METHODS === #

    def action_open_order(self):
        """Open the order of the operation."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'aftersales.repair.order',
            'res_id': self.order_id.id,
            'views': [(False, 'form')],
        }

    def action_dispatch(self):
        """Dispatch planned operations as they are arranged."""
        for order, operations in self.grouped('order_id').items():
            order._ensure_can_dispatch()
            order._dispatch_planned(operations)
        return True

    def action_cancel(self, note=None):
        """Cancel operations on which nobody has worked."""
        for order in self.order_id:
            order._ensure_can_dispatch()
        self._cancel(note)
        return True

    def action_delay(self):
        """Open the dialog for a new time (R-PROC-61)."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("New Time"),
            'res_model': 'aftersales.delay.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_id': self.order_id.id, 'default_operation_id': self.id},
        }

    # === BUSINESS METHODS === #

    def _ensure_can_arrange(self):
        """Refuse to rearrange what is finished; the lists of rights decide who may arrange at all.

        :raise UserError: WRK-06.
        """
        if closed := self.filtered(lambda operation: operation.state in CLOSED_STATES):
            raise coded_error(
                'WRK-06',
                self.env._(
                    "%(operation)s is finished; its arrangement stays as it was.",
                    operation=closed[0].display_name,
                ),
            )

    def _assign(self, technicians):
        """Name the technicians of operations; a team leader may do so within the team.

        :param technicians: hr.employee.
        :raise UserError: WRK-07 not his team, or a person from outside it.
        """
        self.check_access('read')
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_dispatcher')):
            for operation in self.sudo():
                team = operation.team_id
                if team.leader_id.user_id != self.env.user or technicians.sudo() - team._people():
                    raise coded_error(
                        'WRK-07',
                        self.env._(
                            "Only the leader of the team names its technicians on %(operation)s, and only people of the team.",
                            operation=operation.display_name,
                        ),
                    )
        self.sudo()._ensure_can_arrange()
        self.sudo()._guarded().write({'technician_ids': [(6, 0, technicians.ids)]})

    def _cancel(self, note=None):
        """Take operations back on which nobody has clocked; their lines can be dispatched again.

        :raise UserError: WRK-08 somebody has worked on it.
        """
        operations = self.sudo().filtered(lambda operation: operation.state not in CLOSED_STATES)
        for operation in operations:
            if operation.time_ids:
                raise coded_error(
                    'WRK-08',
                    self.env._(
                        "Somebody has worked on %(operation)s. Finish it instead of cancelling it.",
                        operation=operation.display_name,
                    ),
                )
        operations._cancel_sudo(note)
        operations.order_id._advance()

    def _cancel_sudo(self, note):
        """Record the cancellation; sudo: callers have checked who asks for it."""
        self.line_ids._guarded().write({'operation_id': False})
        self._guarded().write({'cancelled_at': fields.Datetime.now(), 'cancel_note': note or False})

    def _close_for_job(self, note):
        """End what is open because the job left the order: stop clocks, cancel the untouched, finish the begun."""
        operations = self.sudo().filtered(lambda operation: operation.state not in CLOSED_STATES)
        operations.time_ids.filtered(lambda time: not time.stop)._close_sudo(fields.Datetime.now())
        begun = operations.filtered('time_ids')
        begun._guarded().write({'finished_at': fields.Datetime.now(), 'record_text': note})
        (operations - begun)._cancel_sudo(note)

    # === GETTERS === #

    def _workers(self):
        """Return who clocked on the operations; without clocks, who is assigned.

        :return: `{operation: hr.employee}`, as superuser.
        :rtype: dict
        """
        return {operation: operation.time_ids.employee_id or operation.technician_ids for operation in self.sudo()}

    def _has_record(self):
        """Tell whether the work record says what was done: text, or chips (R-PROC-60)."""
        self.ensure_one()
        return bool(
            (self.record_text or '').strip() or self.record_chip_ids or self.cause_chip_ids or self.correction_chip_ids
        )

    def _desk_dict(self):
        """Return operations as the desks draw them, without a query per record.

        :rtype: list[dict]
        """
        return [
            {
                'id': operation.id,
                'order_id': operation.order_id.id,
                'job_id': operation.job_id.id,
                'name': operation.name,
                'kind': operation.kind,
                'trade': operation.trade,
                'state': operation.state,
                'team_id': operation.team_id.id,
                'team': operation.team_id.name or '',
                'bay_id': operation.bay_id.id,
                'bay': operation.bay_id.code or operation.bay_id.name or '',
                'technicians': [{'id': person.id, 'name': person.name} for person in operation.technician_ids],
                'due_at': fields.Datetime.to_string(operation.due_at) if operation.due_at else False,
                'planned_hours': operation.planned_hours,
                'clocked_hours': operation.clocked_hours,
                'priority': operation.priority,
                'needs_other_person': operation.needs_other_person,
                'running': [time.employee_id.name for time in operation.time_ids if not time.stop],
            }
            for operation in self.sudo()
        ]
