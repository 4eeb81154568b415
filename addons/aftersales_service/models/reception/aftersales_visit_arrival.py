import re

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning
from odoo.fields import Domain

from ...rules import plate as plate_rules
from ...rules import vin as vin_rules
from ..base.errors import coded_error
from .aftersales_visit import CAR_TYPES

PLATE_SHORTEST = 4


class AftersalesVisit(models.Model):
    """Somebody comes in at the gate: recognised, filed, greeted, queued."""

    _inherit = 'aftersales.visit'

    # === ARRIVAL === #

    def _arrive(self, at=None):
        """The car (or person) is here: file found or made, odometer taken over, queue joined.

        :param datetime at: UTC; default now.
        :raise UserError: REC-02 car without plate and VIN, REC-07 wrong state.
        :raise RedirectWarning: REC-01 the car is inside already, with the link to its visit.
        """
        at = at or fields.Datetime.now()
        for visit in self:
            if visit.state != 'expected':
                raise coded_error('REC-07', self.env._(
                    "Visit %(name)s has arrived already.", name=visit.display_name))
            visit._ensure_vehicle()
        self._ensure_not_inside()
        for visit in self:
            visit._ensure_card_free(visit.gate_card_no)
        for visit in self:
            visit._guarded().write({
                'state': 'inside', 'arrived_at': at, 'location_since': at, 'is_new_customer': visit._is_first_visit(),
            })
            if visit.appointment_id.state in ('draft', 'confirmed', 'no_show') and not visit.appointment_id.visit_id:
                visit.appointment_id._guarded().write({
                    'state': visit.appointment_id._arrival_state(at), 'arrived_at': at, 'visit_id': visit.id})
        # The unique index is the judge between two desks: let it speak now, not at the end of the request.
        self.flush_recordset(['state'])
        self._record_odometer()
        self.filtered('owner_to_be_found')._schedule_owner_activity()
        return True

    @api.model
    def register_arrival(self, values):
        """Create a visit and let it arrive, in one call for the desks (RPC).

        :param dict values: plain field values of a visit: visit_type, vehicle_id or license_plate / vin, …
        :return: {'id', 'display_name', 'is_new_customer', 'queue_position'}
        """
        visit = self.create(values)
        visit._arrive()
        return {
            'id': visit.id, 'display_name': visit.display_name, 'is_new_customer': visit.is_new_customer,
            'queue_position': visit.queue_position,
        }

    def _ensure_vehicle(self, brings_car=False):
        """Find or make the car's file from plate or VIN (R-PROC-19)."""
        self.ensure_one()
        brings_car = brings_car or self.visit_type in CAR_TYPES
        if self.vehicle_id:
            return
        if not (self.license_plate or self.vin):
            if brings_car:
                raise coded_error('REC-02', self.env._(
                    "Type plate or VIN of the car before it is registered as arrived."))
            return
        found = self._recognise(self.license_plate, self.vin, company=self.company_id)
        vehicle = found['vehicle']
        if not vehicle and brings_car:
            vehicle = self._create_vehicle_sudo({
                'license_plate': self.license_plate or False, 'vin': self.vin or False,
                'partner_id': self.partner_id.id,
            }, self.company_id)
        self.vehicle_id = vehicle

    def _stay(self, vals):
        """Visitors who only asked leave their car here: it must have a file and not be inside already.

        :param dict vals: what is about to be written.
        """
        for visit in self:
            if not (vals.get('vehicle_id') or visit.vehicle_id):
                visit._ensure_vehicle(brings_car=True)
        self._ensure_not_inside(self)

    def _ensure_not_inside(self, staying=None):
        """Refuse a second open visit of a car and lead to the first one (REC-01)."""
        arriving = staying or self.filtered(lambda visit: visit.visit_type in CAR_TYPES)
        if not arriving:
            return
        others = self._find_inside_sudo(arriving)
        if not others:
            seen = set()
            for visit in arriving:
                if visit.vehicle_id in seen:
                    raise coded_error('REC-01', self.env._(
                        "%(car)s is in this list twice.", car=visit.vehicle_id.display_name))
                seen.add(visit.vehicle_id)
            return
        message = '[REC-01] ' + self.env._(
            "%(car)s is inside already, since %(when)s (visit %(name)s). Open that visit instead of registering it "
            "again.",
            car=others[0].vehicle_id.display_name, name=others[0].name,
            when=others[0].company_id._aftersales_local_time(others[0].arrived_at).strftime('%Y-%m-%d %H:%M'))
        if others[0].company_id not in self.env.companies:
            raise coded_error('REC-01', message.removeprefix('[REC-01] '))
        raise RedirectWarning(message, others[0]._form_action(), self.env._("Open the visit"))

    def _find_inside_sudo(self, arriving):
        """Visits that hold these cars now; sudo: a car inside another company's yard counts too, only named."""
        return self.sudo().search([
            ('vehicle_id', 'in', arriving.vehicle_id.ids), ('state', 'in', ('inside', 'out')),
            ('visit_type', 'in', CAR_TYPES), ('id', 'not in', arriving.ids),
        ], order='arrived_at', limit=1)

    def _is_first_visit(self):
        """Whether neither the car nor the customer has been here before (R-PROC-19)."""
        self.ensure_one()
        known = Domain('vehicle_id', '=', self.vehicle_id.id) if self.vehicle_id else Domain.FALSE
        if self.partner_id:
            known |= Domain('partner_id', '=', self.partner_id.id)
        return not self.search_count(
            known & Domain('arrived_at', '!=', False) & Domain('id', '!=', self.id), limit=1)

    @api.model
    def _recognise(self, license_plate=None, vin=None, phone=None, company=None):
        """Look a visitor up by plate, VIN, then phone (R-PROC-19).

        :param str license_plate: as typed; a part of it (four characters) is no match, only the whole plate is.
        :return: {'vehicle': aftersales.vehicle, 'partner': res.partner, 'is_new': bool}; empty recordsets if unknown.
        """
        company = company or self.env.company
        Vehicle, Partner = self.env['aftersales.vehicle'], self.env['res.partner']
        vehicle, partner = Vehicle, Partner
        own = Domain('company_id', '=', company.id)
        plate, vin = plate_rules.normalise(license_plate), vin_rules.normalise(vin)
        if len(plate) >= PLATE_SHORTEST:
            vehicle = Vehicle.search(own & Domain('license_plate', '=', plate), limit=1)
        if not vehicle and len(vin) == vin_rules.LENGTH:
            vehicle = Vehicle.search(own & Domain('vin', '=', vin), limit=1)
        partner = vehicle.partner_id
        if not partner and (numbers := self._phone_variants(phone)):
            partner = Partner.search(
                Domain('company_id', 'in', [company.id, False]) & Domain('phone', 'in', numbers), limit=1)
            if partner and not (vehicle or plate or vin):
                # A car is offered by phone only if there is no doubt which one.
                cars = Vehicle.search(
                    own & (Domain('partner_id', '=', partner.id) | Domain('driver_id', '=', partner.id)), limit=2)
                vehicle = cars if len(cars) == 1 else Vehicle
        return {'vehicle': vehicle, 'partner': partner, 'is_new': not vehicle and not partner}

    @api.model
    def _phone_variants(self, phone):
        """The ways people and Odoo write one number: 13812345678, 138 1234 5678, +86 138 1234 5678, …

        Equality on a handful of spellings uses the index; digits-only comparison of all partners would not.
        """
        digits = re.sub(r'\D', '', phone or '')
        if len(digits) < 7:
            return []
        national = digits.removeprefix('0086').removeprefix('86') if len(digits) > 11 else digits
        variants = {phone, phone.strip(), digits, national, '+86' + national, '+86 ' + national, '86' + national}
        if len(national) == 11:
            for separator in (' ', '-'):
                grouped = separator.join((national[:3], national[3:7], national[7:]))
                variants |= {grouped, '+86 ' + grouped, '+86' + separator + grouped}
        return sorted(variants)

    @api.model
    def _create_partner_sudo(self, values):
        """Create the file of a new customer; sudo: reception and gate register people without address-book rights.

        Called only by verbs that checked the right to write the visit or appointment, with name and phone only.
        """
        return self.env['res.partner'].sudo().create(values).sudo(self.env.su)

    @api.model
    def _create_vehicle_sudo(self, values, company):
        """Create the file of a new car; sudo: the guard registers a tow-in without rights on vehicles."""
        return self.env['aftersales.vehicle'].sudo().with_company(company).create({
            **values, 'company_id': company.id,
        }).sudo(self.env.su)

    def _record_odometer(self):
        """Hand the reading of each visit to the car's history; unreadable is a fact too."""
        for visit in self:
            if not visit.vehicle_id or visit.visit_type not in CAR_TYPES:
                continue
            if visit.odometer_unreadable:
                visit.vehicle_id._record_odometer(
                    0, source_record=visit, unreadable=True, reason=visit.odometer_reason_id)
            elif visit.odometer:
                visit.vehicle_id._record_odometer(visit.odometer, source_record=visit, reason=visit.odometer_reason_id)

    def _schedule_owner_activity(self):
        """Put “find the owner” on reception's list for the morning (tow-in without owner)."""
        for visit in self:
            recipients = visit.company_id._aftersales_appointment_recipients()
            user = visit.advisor_id or recipients['reception'] or self.env.user
            visit.activity_schedule(
                'mail.mail_activity_data_todo', date_deadline=visit.company_id._aftersales_today(), user_id=user.id,
                summary=self.env._("Find the owner of %(car)s (towed in)", car=visit.display_name))

    def _greet(self, at=None):
        """First contact with the customer (R-PROC-16); takes him out of the queue."""
        waiting = self.filtered(lambda visit: visit.state == 'inside' and not visit.first_contact_at)
        waiting._guarded().write({'first_contact_at': at or fields.Datetime.now()})
        for visit in waiting.filtered(lambda visit: not visit.advisor_id):
            visit.advisor_id = self.env.user

    @api.model
    def _queue_domain(self, companies):
        """Who waits for us: inside, not greeted, and the car not in work yet."""
        return Domain([
            ('company_id', 'in', companies.ids), ('state', '=', 'inside'), ('first_contact_at', '=', False),
            ('location', 'in', ('gate', 'waiting', False)),
        ])

    def _queue_key(self):
        """Sort key of the queue: on-time appointments by their time, then everybody by arrival (R-PROC-17)."""
        self.ensure_one()
        appointment = self.appointment_id
        promised = appointment.start_at if appointment.state == 'arrived' else False
        return (not promised, promised or self.arrived_at, self.arrived_at, self.id)

    @api.model
    @api.readonly
    def get_queue(self):
        """Return who waits to be greeted, in order, for the desks.

        :return: list of dict(id, position, plate, name, visit_type, arrived_at ISO, waiting_seconds, appointment).
        """
        self.check_access('read')
        visits = self.search(self._queue_domain(self.env.company))
        now = fields.Datetime.now()
        return [{
            'id': visit.id,
            'position': position,
            'plate': visit.license_plate or '',
            'name': visit.partner_id.name or visit.driver_name or '',
            'visit_type': visit.visit_type,
            'arrived_at': fields.Datetime.to_string(visit.arrived_at),
            'waiting_seconds': max(int((now - visit.arrived_at).total_seconds()), 0),
            'appointment': bool(visit.appointment_id),
        } for position, visit in enumerate(visits.sorted(lambda visit: visit._queue_key()), start=1)]
