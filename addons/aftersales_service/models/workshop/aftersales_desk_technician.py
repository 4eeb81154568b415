from odoo import api, fields, models

from .const import CLOSED_STATES, FREE_KINDS


class AftersalesDeskTechnician(models.AbstractModel):
    """What the technician's phone shows: the next job first, approved lines only."""

    _name = 'aftersales.desk.technician'
    _description = "Technician's Desk"

    @api.model
    @api.readonly
    def get_technician_desk(self):
        """Return the user's operations, the one to work on first.

        Shape: `{'employee': {'id', 'name', 'hours_today'}, 'running': operation id or False, 'cards': [card],
        'pause_reasons': [{'id', 'name'}], 'delay_reasons': [...], 'chips':
        {'record'|'cause'|'correction': [{'id', 'name', 'trade'}]}}`.
        A card: `id, order_id, order, plate, plate_kind, model, bay, name, words (customer's), kind, trade, state, verbs
        (accept, start, pause, finish, self_check), scope, lines [{id, name, kind, hours, quantity, is_approved}],
        planned_hours, clocked_hours, since (running clock, UTC), due_at, minutes_left, priority, record {text, chip ids},
        symptom, cause, correction, needs_other_person, blockers [json]`; rooms add keys through `_technician_cards`.

        :rtype: dict
        """
        employee = (
            self.env['hr.employee']
            .sudo()
            .search(
                [('user_id', '=', self.env.uid), ('company_id', 'in', self.env.companies.ids)],
                limit=1,
            )
        )
        operations = self._technician_operations(employee)
        cards = self._technician_cards(operations, employee)
        today = employee.company_id._aftersales_day_bounds()[0] if employee else fields.Datetime.now()
        times = (
            self.env['aftersales.labour.time']
            .sudo()
            .search(
                [('employee_id', '=', employee.id), '|', ('start', '>=', today), ('stop', '=', False)],
            )
            if employee
            else self.env['aftersales.labour.time'].sudo()
        )
        now = fields.Datetime.now()
        running = times.filtered(lambda time: not time.stop)
        reasons = (
            self.env['aftersales.reason']
            .sudo()
            .search(
                [
                    ('kind', 'in', ('pause', 'delay')),
                    ('company_id', 'in', [employee.company_id.id, False]),
                ]
            )
        )
        chips = self.env['aftersales.work.chip'].sudo().search([('company_id', 'in', [employee.company_id.id, False])])
        return {
            'employee': {
                'id': employee.id,
                'name': employee.name or self.env.user.name,
                'hours_today': sum(
                    (max((time.stop or now) - max(time.start, today), now - now)).total_seconds() for time in times
                )
                / 3600,
            },
            'running': running[:1].operation_id.id,
            'cards': [cards[operation.id] for operation in operations],
            'pause_reasons': [{'id': reason.id, 'name': reason.name} for reason in reasons if reason.kind == 'pause'],
            'delay_reasons': [{'id': reason.id, 'name': reason.name} for reason in reasons if reason.kind == 'delay'],
            'chips': {
                kind: [{'id': chip.id, 'name': chip.name, 'trade': chip.trade} for chip in chips if chip.kind == kind]
                for kind in ('record', 'cause', 'correction')
            },
        }

    @api.model
    def _technician_operations(self, employee):
        """Return what was dispatched to a person and is not done, the running one first.

        Done work that awaits the self check comes last.

        :rtype: recordset of aftersales.operation, as superuser (restricted to that person)
        """
        operations = self.env['aftersales.operation'].sudo()
        if not employee:
            return operations
        mine = operations.search(
            [
                ('state', 'not in', ('planned', *CLOSED_STATES)),
                '|',
                ('technician_ids', 'in', employee.ids),
                '&',
                ('technician_ids', '=', False),
                '|',
                ('team_id.member_ids', 'in', employee.ids),
                ('team_id.leader_id', 'in', employee.ids),
            ]
        )
        to_check = operations.search(
            [
                ('state', '=', 'done'),
                ('technician_ids', 'in', employee.ids),
                ('order_id.state', 'in', ('in_progress', 'inspecting')),
                ('kind', 'in', ('work', 'rework')),
            ]
        )
        to_check = to_check.filtered(
            lambda operation: (
                operation.order_id.profile_id._gate('self_check') != 'off'
                and not operation.order_id._is_covered('self', operations=operation)
            )
        )
        running = mine.filtered(
            lambda operation: any(not time.stop and time.employee_id == employee for time in operation.time_ids)
        )
        return (
            running
            | mine.sorted(
                lambda operation: (
                    -int(operation.priority),
                    operation.due_at or fields.Datetime.add(fields.Datetime.now(), years=9),
                    operation.sequence,
                    operation.id,
                )
            )
            | to_check
        )

    @api.model
    def _technician_cards(self, operations, employee):
        """Return one card per operation; rooms add keys (parts state, tools) through super(), in batch.

        :param operations: aftersales.operation, as superuser.
        :param employee: hr.employee, as superuser.
        :rtype: dict[int, dict]
        """
        now = fields.Datetime.now()
        cards = {}
        for operation in operations:
            order, job = operation.order_id, operation.job_id
            lines = job._workshop_lines() if job else order.line_ids.browse()
            # Labour of another operation of the job is somebody else's work.
            lines = lines.filtered(lambda line, own=operation: line.kind == 'part' or line.operation_id == own)
            approved = operation.kind in FREE_KINDS or not job or job.is_approved
            own = operation.time_ids.filtered(lambda time: not time.stop and time.employee_id == employee)
            cards[operation.id] = {
                'id': operation.id,
                'order_id': order.id,
                'order': order.name,
                'job_id': job.id,
                'plate': order.license_plate or '',
                'plate_kind': order.vehicle_id.plate_kind or 'none',
                'model': order.vehicle_id.model_id.display_name or '',
                'bay': operation.bay_id.code or operation.bay_id.name or '',
                'name': operation.name,
                'words': job.name or '',
                'kind': operation.kind,
                'trade': operation.trade,
                'state': operation.state,
                'scope': operation.scope or '',
                'lines': [
                    {
                        'id': line.id,
                        'name': line.name,
                        'kind': line.kind,
                        'hours': line.book_hours,
                        'quantity': line.quantity,
                    }
                    for line in lines
                    if approved
                ],
                'is_approved': approved,
                'waiting': [
                    other.name for other in order.job_ids if other.outcome == 'open' and other.consent_state == 'quoted'
                ],
                'planned_hours': operation.planned_hours,
                'clocked_hours': operation.clocked_hours,
                'since': fields.Datetime.to_string(own[:1].start) if own else False,
                'others': [time.employee_id.name for time in operation.time_ids if not time.stop and time not in own],
                'due_at': fields.Datetime.to_string(operation.due_at) if operation.due_at else False,
                'minutes_left': int((operation.due_at - now).total_seconds() // 60) if operation.due_at else None,
                'priority': operation.priority,
                'customer_waiting': order.customer_place == 'waiting',
                'symptom': job.symptom or '',
                'cause': job.cause or '',
                'correction': job.correction or '',
                'is_warranty': 'warranty' in job.share_ids.payer_id.mapped('kind'),
                'record': {
                    'text': operation.record_text or '',
                    'record': operation.record_chip_ids.ids,
                    'cause': operation.cause_chip_ids.ids,
                    'correction': operation.correction_chip_ids.ids,
                },
                'needs_other_person': operation.needs_other_person,
                'previous_ok': operation.previous_ok or False,
                'verbs': self._technician_verbs(operation, bool(own)),
                'blockers': []
                if operation.state in CLOSED_STATES or own
                else [
                    blocker._asdict()
                    for blocker in order.with_context(aftersales_operation_ids=operation.ids)._open_blockers('start')[
                        order
                    ]
                ],
            }
        return cards

    @api.model
    def _technician_verbs(self, operation, is_running):
        """Return what the person can do next with an operation, the big button first."""
        if operation.state == 'done':
            return ['self_check']
        if is_running:
            return ['finish', 'self_check', 'pause', 'extra', 'delay', 'record']
        verbs = ['start', 'extra', 'delay', 'record']
        if operation.state in ('paused', 'accepted', 'running'):
            verbs.insert(1, 'finish')
        if operation.state == 'dispatched' and operation.order_id.profile_id._gate('team_acceptance') != 'off':
            verbs.insert(0, 'accept')
        return verbs
