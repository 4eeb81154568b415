from odoo import api, fields, models

from ...rules import plate as plate_rules
from ..base.errors import coded_error
from ..base.gates import BLOCKING

LIMIT = 200
EXIT_HOURS = 1


class AftersalesDeskGuard(models.AbstractModel):
    """The gate: a pass or a plate → green or red with every reason; arrivals, temporary exits, tow-ins."""

    _name = 'aftersales.desk.guard'
    _description = "Desk of the Gate Guard"

    def _ensure_guard(self):
        if not self.env.user.has_groups('aftersales_service.group_gate_guard,aftersales_service.group_receptionist'):
            raise coded_error('SET-29', self.env._("The gate is the guard's desk."))

    # === READING === #

    @api.model
    @api.readonly
    def get_data(self):
        """Return which cars are inside, out for a while and expected; a fixed number of queries.

        :rtype: dict  keys plate_prefix, inside_text, inside, away, expected, purposes
        """
        self._ensure_guard()
        company = self.env.company
        visits = self.env['aftersales.visit'].search(
            [
                ('company_id', '=', company.id),
                ('state', 'in', ('expected', 'inside', 'out')),
                ('visit_type', 'in', ('repair', 'tow_in')),
            ],
            order='arrived_at, id',
            limit=LIMIT,
        )
        inside = visits.filtered(lambda visit: visit.state == 'inside')
        start, end = company._aftersales_day_bounds(company._aftersales_today())
        appointments = self._appointments_sudo(company, start, end)
        purposes = self.env['aftersales.visit.exit']._fields['purpose']._description_selection(self.env)
        places = dict(visits._fields['location']._description_selection(self.env))
        labels = dict(purposes)
        return {
            'plate_prefix': self.env['aftersales.desk.advisor']._plate_prefix(company),
            'inside_text': self.env._("%s inside", len(inside)),
            'inside': [{**self._row(visit), 'place': places.get(visit.location, '')} for visit in inside],
            'away': [
                {
                    **self._row(visit),
                    'purpose': labels.get(visit.current_exit_id.purpose, ''),
                    'overdue': visit.is_exit_overdue,
                    'due': visit.exit_due_back
                    and company._aftersales_local_time(visit.exit_due_back).strftime('%H:%M')
                    or '',
                }
                for visit in visits.filtered(lambda visit: visit.state == 'out')
            ],
            'expected': [
                {**self._row(visit), 'visit_id': visit.id, 'appointment_id': False, 'time': ''}
                for visit in visits.filtered(lambda visit: visit.state == 'expected')
            ]
            + appointments,
            'purposes': [{'id': code, 'name': name} for code, name in purposes],
        }

    def _row(self, visit):
        return {
            'id': visit.id,
            'plate': visit.license_plate or '',
            'plate_kind': visit.vehicle_id.plate_kind or plate_rules.kind(visit.license_plate),
            'customer': visit.partner_id.name or '',
        }

    def _appointments_sudo(self, company, start, end):
        """Return today's expected cars; sudo: the guard sees plate and time, not the appointment."""
        appointments = (
            self.env['aftersales.appointment']
            .sudo()
            .search(
                [
                    ('company_id', '=', company.id),
                    ('state', 'in', ('draft', 'confirmed')),
                    ('start_at', '>=', start),
                    ('start_at', '<', end),
                    ('license_plate', '!=', False),
                ],
                order='start_at',
                limit=LIMIT,
            )
        )
        return [
            {
                'id': -appointment.id,
                'visit_id': False,
                'appointment_id': appointment.id,
                'plate': appointment.license_plate,
                'plate_kind': appointment.vehicle_id.plate_kind or plate_rules.kind(appointment.license_plate),
                'customer': '',
                'time': company._aftersales_local_time(appointment.start_at).strftime('%H:%M'),
            }
            for appointment in appointments
        ]

    @api.model
    @api.readonly
    def check(self, code):
        """Tell whether a car may leave: by the address of its QR code, the number of its pass, or its plate.

        :return: {'ok', 'title', 'reasons': [str], 'plate', 'plate_kind', 'pass_id'}
        :rtype: dict
        """
        self._ensure_guard()
        code = (code or '').strip()
        gate_pass = self._find_pass_sudo(code)
        if gate_pass:
            ok, reasons = gate_pass._check()
            return self._verdict(gate_pass.sudo().license_plate, ok, reasons, gate_pass)
        plate = plate_rules.normalise(code)
        visit = self.env['aftersales.visit'].search(
            [
                ('company_id', '=', self.env.company.id),
                ('license_plate', '=', plate),
                ('state', 'in', ('inside', 'out')),
            ],
            limit=1,
        )
        if not visit:
            return self._verdict(
                plate if plate_rules.is_valid(plate) else False,
                False,
                [self.env._("No pass, and no such car inside: “%s”.", code)],
            )
        if visit.state == 'out':
            return self._verdict(plate, False, [self.env._("This car is out already.")])
        planned = visit.exit_ids.filtered(lambda outing: outing.state == 'planned')[:1]
        if planned:
            reasons = [
                blocker.message for blocker in planned._open_blockers('out')[planned] if blocker.level in BLOCKING
            ]
            return self._verdict(plate, not reasons, reasons, title=self.env._("Planned exit"))
        return self._verdict(plate, False, [self.env._("No pass was issued for this car."), *self._reasons_sudo(visit)])

    def _find_pass_sudo(self, code):
        """Return the pass of a code with the user's rights; sudo: the token is the key, only what `_check` says leaves."""
        passes = self.env['aftersales.gate.pass'].sudo()
        own = [('company_id', 'in', self.env.user.company_ids.ids)]
        token = code.rstrip('/').rsplit('/', 1)[-1]
        found = passes.search([('token', '=', token), *own], limit=1) or passes.search(
            [('name', '=', code), *own], limit=1
        )
        if not found and plate_rules.is_valid(code):
            found = passes.search(
                [
                    ('license_plate', '=', plate_rules.normalise(code)),
                    ('state', '=', 'issued'),
                    *own,
                ],
                limit=1,
            )
        return found.with_env(self.env)

    def _reasons_sudo(self, visit):
        """Return why the order of a car keeps it; sudo: the guard reads the reasons, not the order."""
        order = visit.sudo().order_id
        return (
            [blocker.message for blocker in order._open_blockers('released')[order] if blocker.level in BLOCKING]
            if order
            else []
        )

    def _verdict(self, plate, ok, reasons, gate_pass=None, title=None):
        return {
            'ok': ok,
            'reasons': reasons,
            'plate': plate or '',
            'plate_kind': plate_rules.kind(plate),
            'title': title or (self.env._("May leave") if ok else self.env._("Stop")),
            'pass_id': gate_pass.id if gate_pass else False,
        }

    # === VERBS === #

    @api.model
    def let_out(self, pass_id):
        """Stamp the pass: the car is out."""
        self._ensure_guard()
        self.env['aftersales.gate.pass'].browse(pass_id)._let_out()
        return True

    @api.model
    def arrive(self, plate, visit_id=False, appointment_id=False):
        """Register a car at the gate; the front desk sees it at once.

        :return: {'plate', 'plate_kind', 'text'}
        """
        self._ensure_guard()
        visits = self.env['aftersales.visit']
        if appointment_id:
            visit = self._arrive_appointment_sudo(appointment_id)
        elif visit_id:
            visit = visits.browse(visit_id)
            visit._arrive()
        else:
            visit = visits.browse(
                visits.register_arrival({'visit_type': 'repair', 'license_plate': plate_rules.normalise(plate)})['id']
            )
        return {
            'plate': visit.license_plate or '',
            'plate_kind': plate_rules.kind(visit.license_plate),
            'text': self.env._("Queue position %s", visit.queue_position) if visit.queue_position else '',
        }

    def _arrive_appointment_sudo(self, appointment_id):
        """Let the car of an appointment arrive; sudo: the guard registers arrivals without rights on appointments."""
        appointment = self.env['aftersales.appointment'].sudo().browse(appointment_id)
        if appointment.company_id not in self.env.companies:
            raise coded_error('SET-35', self.env._("This appointment belongs to another company."))
        return appointment._arrive().with_env(self.env)

    @api.model
    def temporary_exit(self, visit_id, purpose):
        """Let a car out for a while: the exit that was planned with its driver, else a new one.

        :param str purpose: see `aftersales.visit.exit.purpose`.
        :return: verdict, green or red with every reason
        """
        self._ensure_guard()
        visit = self.env['aftersales.visit'].browse(visit_id)
        visit.check_access('write')
        planned = visit.exit_ids.filtered(lambda outing: outing.state == 'planned' and outing.purpose == purpose)[:1]
        outing = planned or self.env['aftersales.visit.exit'].new(
            {
                'visit_id': visit.id,
                'purpose': purpose,
                'due_back': fields.Datetime.add(fields.Datetime.now(), hours=EXIT_HOURS),
                'driver_name': visit.driver_name if purpose == 'customer' else False,
            }
        )
        reasons = [blocker.message for blocker in outing._open_blockers('out')[outing] if blocker.level in BLOCKING]
        if reasons:
            return self._verdict(visit.license_plate, False, reasons)
        if planned:
            self._go_out_sudo(planned)
        else:
            visit._temporary_exit(purpose, driver_name=outing.driver_name or None, due_back=outing.due_back)
        return self._verdict(
            visit.license_plate,
            True,
            [],
            title=self.env._(
                "Out, back by %s",
                visit.company_id._aftersales_local_time(
                    visit.exit_due_back or outing.due_back,
                ).strftime('%H:%M'),
            ),
        )

    def _go_out_sudo(self, planned):
        """Stamp a planned exit as the user; sudo: the guard has no right to write exits, the gates were just asked."""
        planned.sudo()._go_out()

    @api.model
    def come_back(self, visit_id):
        """The car is inside again."""
        self._ensure_guard()
        visit = self.env['aftersales.visit'].browse(visit_id)
        visit.check_access('write')
        # sudo: the guard has no right to write exits; the return is the only thing recorded.
        visit.sudo()._come_back()
        return True

    @api.model
    def tow_in(self, plate, photos=(), driver=False, signature=False):
        """Take in a car that is towed to the gate: plate, photos, the tow driver's signature; the owner may be unknown.

        :param list photos: base64 images.
        :return: {'plate', 'plate_kind', 'visit_id'}
        :raise UserError: SET-37 no signature of the tow driver
        """
        self._ensure_guard()
        if not signature:
            raise coded_error('SET-37', self.env._("The tow driver signs for the car he leaves here."))
        visit = self.env['aftersales.visit'].create(
            {
                'visit_type': 'tow_in',
                'license_plate': plate_rules.normalise(plate),
                'tow_driver_name': driver or False,
                'tow_signature': signature,
                'odometer_unreadable': True,
                'no_key_reason': 'in_tow_truck',
            }
        )
        visit._arrive()
        self.env['aftersales.check.in.photo'].create(
            [{'visit_id': visit.id, 'zone': 'front', 'image': photo} for photo in photos]
        )
        return {
            'visit_id': visit.id,
            'plate': visit.license_plate,
            'plate_kind': plate_rules.kind(visit.license_plate),
            'order': visit.name,
        }
