import io
import math
from collections import defaultdict

import xlsxwriter
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...rules import odometer as odometer_rules
from ...rules import plate as plate_rules
from ...rules import vin as vin_rules
from ...rules.text import letters_and_digits
from ..base.errors import coded_error
from ..base.gates import BLOCKING
from .const import ENERGIES, NEW_ENERGIES, PLATE_KINDS


class AftersalesVehicle(models.Model):
    """A car the shop knows: what it is, who owned it when, how far it has come, when it is due.

    Created at the desk, by import or by a tow-in; never deleted once something was done to it.
    """

    _name = 'aftersales.vehicle'
    _description = "Vehicle"
    _inherit = [
        'mail.thread', 'mail.activity.mixin', 'aftersales.guarded.mixin', 'aftersales.gate.mixin',
        'aftersales.import.mixin',
    ]
    _order = 'license_plate, id'
    _check_company_auto = True
    _mail_post_access = 'read'
    # Stored projections: nobody writes them by hand.
    _guarded_fields = frozenset({
        'vin_tail', 'partner_name', 'phone_digits', 'odometer_at', 'distance', 'km_per_day', 'service_due_on',
        'warranty_end',
    })

    # === IDENTITY === #

    license_plate = fields.Char(
        index='trigram', tracking=1,
        help="Stored without spaces and dots, in capital letters; type it as you like.",
    )
    plate_kind = fields.Selection(
        PLATE_KINDS, string="Plate colour", compute='_compute_plate_kind', store=True, readonly=False, required=True,
        precompute=True,
        help="Colour of the plate. Large vehicles carry yellow plates of the same text as the blue ones.",
    )
    plate_override_reason_id = fields.Many2one(
        'aftersales.reason', string="Plate accepted because", domain=[('kind', '=', 'override')], copy=False,
        ondelete='restrict', check_company=True,
    )
    vin = fields.Char(string="VIN", index='trigram', copy=False, tracking=2, help="Chassis number, 17 characters.")
    vin_tail = fields.Char(string="VIN tail", compute='_compute_vin_tail', store=True, index='btree_not_null')
    vin_override_reason_id = fields.Many2one(
        'aftersales.reason', string="VIN accepted because", domain=[('kind', '=', 'vin')], copy=False,
        ondelete='restrict', check_company=True, tracking=True,
        help="Why a chassis number that fails the check is right nevertheless.",
    )
    identity_warning = fields.Text(compute='_compute_identity_warning')
    has_vin_problem = fields.Boolean(compute='_compute_identity_warning')
    has_plate_problem = fields.Boolean(compute='_compute_identity_warning')
    engine_no = fields.Char(string="Engine number", index='btree_not_null', copy=False)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True, tracking=True)

    # === WHAT IT IS === #

    brand_id = fields.Many2one(
        'aftersales.vehicle.brand', compute='_compute_brand_id', store=True, readonly=False, precompute=True,
        index='btree_not_null', ondelete='restrict',
    )
    model_id = fields.Many2one(
        'aftersales.vehicle.model', index='btree_not_null', ondelete='restrict',
        domain="[('brand_id', '=?', brand_id)]",
    )
    model_group_id = fields.Many2one(
        related='model_id.model_group_id', store=True, index='btree_not_null', string="Model group",
    )
    year = fields.Integer(
        string="Model year", compute='_compute_year', store=True, readonly=False, precompute=True, aggregator=False,
    )
    color = fields.Char()
    energy = fields.Selection(ENERGIES, compute='_compute_energy', store=True, readonly=False, precompute=True)
    is_new_energy = fields.Boolean(
        string="New energy", compute='_compute_is_new_energy', search='_search_is_new_energy',
    )

    # === PEOPLE === #

    partner_id = fields.Many2one(
        'res.partner', string="Owner", index='btree_not_null', ondelete='restrict', tracking=3, copy=False,
        check_company=True, help="Current owner. Earlier owners are kept in the history.",
    )
    partner_name = fields.Char(
        related='partner_id.complete_name', string="Owner name", store=True, index='trigram',
    )
    driver_id = fields.Many2one(
        'res.partner', string="Usual driver", index='btree_not_null', ondelete='restrict', tracking=True, copy=False,
        check_company=True, help="Who brings the car, when it is not the owner (company cars).",
    )
    phone_shown = fields.Char(
        string="Phone", compute='_compute_phone_shown',
        help="Hidden in the middle for people who do not call customers.",
    )
    # Restricted: search goes through a subquery as superuser, so that a masked phone is not read from here.
    phone_digits = fields.Char(
        compute='_compute_phone_digits', store=True, index='trigram',
        groups='aftersales_service.group_service_manager',
    )
    owner_ids = fields.One2many('aftersales.vehicle.owner', 'vehicle_id', string="Owners", copy=False)

    # === ODOMETER === #

    odometer = fields.Integer(
        string="Odometer (km)", compute='_compute_odometer', inverse='_inverse_odometer', store=True, copy=False,
        aggregator='avg', help="Last reading. It only rises; a lower one needs a reason (button “Odometer”).",
    )
    odometer_ids = fields.One2many('aftersales.vehicle.odometer', 'vehicle_id', string="Readings", copy=False)
    odometer_at = fields.Datetime(string="Read on", compute='_compute_driving', store=True)
    distance = fields.Integer(
        string="Distance (km)", compute='_compute_driving', store=True, aggregator='avg',
        help="How far the car has come, over all instruments it had.",
    )
    km_per_day = fields.Float(
        string="Kilometres a day", compute='_compute_driving', store=True, digits=(16, 1), aggregator='avg',
    )

    # === DATES === #

    registration_date = fields.Date(string="First registration")
    warranty_start = fields.Date(tracking=True, help="Usually the date of sale.")
    warranty_months = fields.Integer(
        string="Warranty (months)", compute='_compute_warranty_terms', store=True, readonly=False, precompute=True,
        aggregator=False,
    )
    warranty_km = fields.Integer(
        string="Warranty (km)", compute='_compute_warranty_terms', store=True, readonly=False, precompute=True,
        aggregator=False, help="0: without a limit.",
    )
    warranty_end = fields.Date(compute='_compute_warranty_end', store=True)
    warranty_state = fields.Selection(
        [('unknown', "Unknown"), ('in', "In warranty"), ('near', "Ends soon"), ('out', "Out of warranty")],
        string="Warranty", compute='_compute_warranty_state',
    )
    next_service_date = fields.Date(tracking=True)
    next_service_odometer = fields.Integer(string="Next service at (km)", tracking=True, aggregator=False)
    service_due_on = fields.Date(
        string="Service due", compute='_compute_service_due_on', store=True, index='btree_not_null',
        help="The earlier of the planned date and the day on which the car, driven as before, reaches the kilometres.",
    )
    inspection_date = fields.Date(string="Annual inspection until", tracking=True)
    insurance_date = fields.Date(string="Insured until", tracking=True)
    note = fields.Html()

    _vin_company_uniq = models.UniqueIndex(
        "(upper(vin), company_id) WHERE vin IS NOT NULL AND active",
        "[VEH-02] Another active vehicle of this company has this VIN.",
    )
    _identified = models.Constraint(
        "CHECK(license_plate IS NOT NULL OR vin IS NOT NULL)",
        "[VEH-12] A vehicle needs a plate or a VIN, or nobody will find it again.",
    )
    _positive = models.Constraint(
        "CHECK(warranty_months >= 0 AND warranty_km >= 0 AND next_service_odometer >= 0)",
        "[VEH-04] Months and kilometres cannot be negative.",
    )
    _company_due_idx = models.Index("(company_id, service_due_on) WHERE active")

    # === COMPUTE METHODS === #

    @api.depends('license_plate', 'vin_tail', 'partner_name', 'model_id.name')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for vehicle in self:
            vehicle.display_name = ' · '.join(filter(None, (
                vehicle.license_plate or vehicle.vin_tail, vehicle.partner_name, vehicle.model_id.name,
            )))

    @api.depends('license_plate')
    def _compute_plate_kind(self):
        for vehicle in self:
            vehicle.plate_kind = plate_rules.kind(vehicle.license_plate)

    @api.depends('vin')
    def _compute_vin_tail(self):
        for vehicle in self:
            vehicle.vin_tail = vin_rules.tail(vehicle.vin) or False

    @api.depends('vin', 'license_plate', 'brand_id', 'company_id', 'active', 'vin_override_reason_id',
                 'plate_override_reason_id')
    def _compute_identity_warning(self):
        for vehicle, problems in self._identity_problems().items():
            vehicle.identity_warning = "\n".join(
                blocker.message for blocker, reason in problems if not reason) or False
            gates = {blocker.gate for blocker, _reason in problems}
            vehicle.has_vin_problem = 'vin_check' in gates
            vehicle.has_plate_problem = bool(gates - {'vin_check'})

    @api.depends('model_id', 'vin')
    def _compute_brand_id(self):
        by_wmi = None
        for vehicle in self:
            if vehicle.model_id:
                vehicle.brand_id = vehicle.model_id.brand_id
            elif not vehicle.brand_id and vehicle.vin:
                by_wmi = self.env['aftersales.vehicle.brand']._by_wmi() if by_wmi is None else by_wmi
                vehicle.brand_id = by_wmi.get(vin_rules.normalise(vehicle.vin)[:3])
            else:
                vehicle.brand_id = vehicle.brand_id

    @api.depends('vin')
    def _compute_year(self):
        latest = fields.Date.today().year + 1
        for vehicle in self:
            vehicle.year = vehicle.year or vin_rules.model_year(vehicle.vin, latest) or 0

    @api.depends('model_id', 'license_plate')
    def _compute_energy(self):
        by_plate = {'electric': 'electric', 'hybrid': 'phev'}
        for vehicle in self:
            vehicle.energy = (
                vehicle.model_id.energy or vehicle.energy or by_plate.get(plate_rules.energy(vehicle.license_plate))
            )

    @api.depends('plate_kind', 'energy')
    def _compute_is_new_energy(self):
        for vehicle in self:
            vehicle.is_new_energy = vehicle.energy in NEW_ENERGIES or vehicle.plate_kind in ('green', 'yellow_green')

    def _search_is_new_energy(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('energy', 'in', NEW_ENERGIES) | Domain('plate_kind', 'in', ('green', 'yellow_green'))

    @api.depends('partner_id.aftersales_phone_masked', 'driver_id.aftersales_phone_masked',
                 'partner_id.commercial_partner_id.aftersales_phone_masked')
    @api.depends_context('uid')
    def _compute_phone_shown(self):
        # Owners and drivers in one query, not one for each field.
        (self.partner_id | self.driver_id)._origin.fetch(['phone', 'commercial_partner_id'])
        for vehicle in self:
            vehicle.phone_shown = (
                vehicle.driver_id.aftersales_phone_masked or vehicle.partner_id.aftersales_phone_masked
                or vehicle.partner_id.commercial_partner_id.aftersales_phone_masked
            )

    @api.depends('partner_id.phone', 'partner_id.commercial_partner_id.phone', 'driver_id.phone')
    def _compute_phone_digits(self):
        for vehicle in self:
            partners = vehicle.partner_id | vehicle.partner_id.commercial_partner_id | vehicle.driver_id
            vehicle.phone_digits = ' '.join(
                ''.join(filter(str.isdigit, phone)) for phone in partners.mapped('phone') if phone
            ) or False

    @api.depends('odometer_ids')
    def _compute_odometer(self):
        for vehicle in self:
            vehicle.odometer = vehicle._last_reading().value

    def _inverse_odometer(self):
        """A number typed over or imported is a reading like any other: it has to be higher than the last."""
        for vehicle in self:
            last = vehicle._last_reading()
            if vehicle.odometer != last.value or (vehicle.odometer and not last):
                vehicle._record_odometer(vehicle.odometer)

    @api.depends('odometer_ids')
    def _compute_driving(self):
        for vehicle in self:
            readings = vehicle._readings()[::-1]
            vehicle.distance = odometer_rules.distance([
                odometer_rules.Reading(None if reading.is_unreadable else reading.value, reading.is_replacement)
                for reading in readings
            ])
            readable = readings.filtered(lambda reading: not reading.is_unreadable)
            vehicle.odometer_at = readable[-1:].date
            vehicle.km_per_day = self._driven_per_day(readable)

    @api.depends('model_id', 'brand_id')
    def _compute_warranty_terms(self):
        for vehicle in self:
            model, brand = vehicle.model_id, vehicle.brand_id
            vehicle.warranty_months = model.warranty_months or brand.warranty_months or vehicle.warranty_months
            vehicle.warranty_km = model.warranty_km or brand.warranty_km or vehicle.warranty_km

    @api.depends('warranty_start', 'warranty_months')
    def _compute_warranty_end(self):
        for vehicle in self:
            vehicle.warranty_end = (
                vehicle.warranty_start + relativedelta(months=vehicle.warranty_months)
                if vehicle.warranty_start and vehicle.warranty_months else False
            )

    @api.depends('warranty_end', 'warranty_km', 'distance')
    def _compute_warranty_state(self):
        today = fields.Date.context_today(self)
        for vehicle in self:
            limit = vehicle.warranty_km
            if not vehicle.warranty_end:
                vehicle.warranty_state = 'unknown'
            elif vehicle.warranty_end < today or limit and vehicle.distance > limit:
                vehicle.warranty_state = 'out'
            elif vehicle.warranty_end < today + relativedelta(months=1) or limit and vehicle.distance > limit * 0.97:
                vehicle.warranty_state = 'near'
            else:
                vehicle.warranty_state = 'in'

    @api.depends('next_service_date', 'next_service_odometer', 'odometer', 'odometer_at', 'km_per_day')
    def _compute_service_due_on(self):
        for vehicle in self:
            days = [vehicle.next_service_date] if vehicle.next_service_date else []
            left = vehicle.next_service_odometer - vehicle.odometer
            if vehicle.next_service_odometer and vehicle.odometer_at and (left <= 0 or vehicle.km_per_day > 0):
                ahead = math.ceil(left / vehicle.km_per_day) if left > 0 else 0
                # Beyond ten years a forecast says nothing (and a parked car would overflow the calendar).
                if ahead < 3650:
                    days.append(vehicle.odometer_at.date() + relativedelta(days=ahead))
            vehicle.service_due_on = min(days, default=False)

    # === SEARCH METHODS === #

    @api.model
    def _search_display_name(self, operator, value):
        """Find vehicles by anything people say at the counter: plate, VIN tail, phone, name of owner."""
        if operator in ('ilike', 'not ilike') and isinstance(value, str) and value.strip():
            found = Domain('id', 'in', self._matching_sudo(value))
            return ~found if operator == 'not ilike' else found
        if operator in ('in', 'not in'):
            values = [text for text in value if isinstance(text, str)]
            plates = [letters_and_digits(text) for text in values]
            # A name as it is displayed begins with the plate or the tail of the VIN.
            plates += [letters_and_digits(text.split(' · ')[0]) for text in values if ' · ' in text]
            found = (
                Domain('license_plate', 'in', plates) | Domain('vin', 'in', plates) | Domain('vin_tail', 'in', plates)
            )
            return ~found if operator == 'not in' else found
        if operator in ('like', 'ilike') and not value:
            return Domain.TRUE
        return Domain('license_plate', operator, value)

    @api.model
    @api.readonly
    def name_search(self, name='', domain=None, operator='ilike', limit=100):
        if operator != 'ilike' or not letters_and_digits(name):
            return super().name_search(name, domain, operator, limit)
        vehicles = self._search_ranked(name, domain, limit)
        return [(vehicle.id, vehicle.display_name) for vehicle in vehicles.sudo()]

    @api.model
    @api.readonly
    def search_quick(self, term, limit=8):
        """Return the vehicles that a counter's search box finds, best first: exact plate, VIN tail, phone, name.

        At most four queries, whatever is found.

        :param str term: a plate in any spelling, the end of a VIN, part of a phone number or of a name.
        :param int limit: most results.
        :return: dictionaries with id, display_name, plate, plate_text, plate_kind, vin, vin_tail, partner_id,
            partner_name, phone (masked for people who do not call), model, color, odometer, match.
        :rtype: list[dict]
        """
        vehicles = self._search_ranked(term, limit=min(int(limit), 80))
        kind = self._term_kind(term)
        return [{
            'id': vehicle.id,
            'display_name': vehicle.display_name,
            'plate': vehicle.license_plate or '',
            'plate_text': plate_rules.pretty(vehicle.license_plate),
            'plate_kind': vehicle.plate_kind,
            'vin': vehicle.vin or '',
            'vin_tail': vehicle.vin_tail or '',
            'partner_id': vehicle.partner_id.id,
            'partner_name': vehicle.partner_name or '',
            'phone': vehicle.phone_shown or '',
            'model': vehicle.model_id.name or '',
            'color': vehicle.color or '',
            'odometer': vehicle.odometer,
            'match': kind(vehicle),
        } for vehicle in vehicles]

    @api.model
    def _search_ranked(self, term, domain=None, limit=8):
        """Return the vehicles that match a term, best first, within the user's rules.

        :param str term: what was typed.
        :param domain: further restriction.
        :rtype: recordset of aftersales.vehicle
        """
        text = letters_and_digits(term)
        if not text:
            return self.browse()
        self.flush_model(['license_plate', 'vin', 'vin_tail', 'phone_digits', 'partner_name'])
        query = self._search(Domain('id', 'in', self._matching_sudo(term)) & Domain(domain or Domain.TRUE))
        if query.is_empty():
            return self.browse()
        # Which of these is true first decides; ties go to the vehicle touched last.
        query.order = SQL(
            "CASE WHEN %(t)s.license_plate = %(x)s THEN 0 WHEN %(t)s.vin = %(x)s THEN 1"
            " WHEN %(t)s.vin_tail = %(x)s THEN 2 WHEN %(t)s.license_plate LIKE %(end)s THEN 3"
            " WHEN %(t)s.license_plate LIKE %(begin)s THEN 4"
            " WHEN %(t)s.phone_digits LIKE %(end)s THEN 5 WHEN %(t)s.vin LIKE %(end)s THEN 6"
            " WHEN %(t)s.partner_name = %(name)s THEN 7 ELSE 8 END, %(t)s.write_date DESC, %(t)s.id DESC",
            t=SQL.identifier(self._table), x=text, begin=text + '%', end='%' + text, name=term.strip(),
        )
        query.limit = limit
        return self._fetch_query(query, self._determine_fields_to_fetch(None))

    @api.model
    def _matching_sudo(self, term):
        """Return the query of what matches a term; sudo: phones are compared, not shown, and rules come on top.

        :rtype: odoo.tools.Query
        """
        text = letters_and_digits(term)
        if plate_rules.parse(text).province:
            return self.sudo()._search(Domain('license_plate', '=', text))
        # Plates, VINs and phones are stored in one spelling; comparing it as it is, is several times cheaper.
        name = term.strip()
        found = Domain('partner_name', 'like' if name.lower() == name.upper() else 'ilike', name)
        if text:
            found |= Domain('license_plate', 'like', text) | Domain('vin', 'like', text)
            digits = ''.join(filter(str.isdigit, text))
            # With other signs than a phone's between them, digits are part of a plate or VIN.
            if len(digits) >= 4 and len(digits) == len(text):
                found |= Domain('phone_digits', 'like', digits)
            if len(text) >= 5:
                found |= Domain('engine_no', '=', text)
        return self.sudo()._search(found)

    @api.model
    def _term_kind(self, term):
        """Return a function that tells by what a vehicle was found: plate, vin, phone, name or engine."""
        text, name = letters_and_digits(term), (term or '').strip().lower()

        def kind(vehicle):
            if text in (vehicle.license_plate or ''):
                return 'plate'
            if text in (vehicle.vin or ''):
                return 'vin'
            if name in (vehicle.partner_name or '').lower():
                return 'name'
            # Not compared: whole numbers are not read for people who see masked ones.
            return 'phone' if text.isdigit() and text not in (vehicle.engine_no or '') else 'engine'

        return kind

    # === CONSTRAINT AND ONCHANGE METHODS === #

    @api.constrains('model_id', 'brand_id')
    def _check_model_brand(self):
        for vehicle in self:
            if vehicle.model_id and vehicle.model_id.brand_id != vehicle.brand_id:
                raise coded_error('VEH-13', self.env._(
                    "%(model)s is no model of %(brand)s (%(vehicle)s). Choose the brand's own model.",
                    model=vehicle.model_id.display_name, brand=vehicle.brand_id.name or '–',
                    vehicle=vehicle.display_name,
                ), ValidationError)

    @api.onchange('license_plate', 'vin')
    def _onchange_identity(self):
        """Show plate and VIN at once as they will be stored."""
        for vehicle in self:
            vehicle.license_plate = plate_rules.normalise(vehicle.license_plate) or False
            vehicle.vin = vin_rules.normalise(vehicle.vin) or False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._normalise_identity(vals) for vals in vals_list]
        self._check_vin_unique(vals_list)
        vehicles = super().create(vals_list)
        vehicles._check_identity()
        vehicles._open_ownership_sudo()
        return vehicles

    def write(self, vals):
        vals = self._normalise_identity(vals)
        moved = self.browse()
        if 'partner_id' in vals and not self._is_guarded():
            moved = self.filtered(lambda vehicle: vehicle.partner_id.id != vals['partner_id'])
        if vals.keys() & {'vin', 'license_plate', 'company_id', 'active'}:
            self._check_vin_unique([{**{
                'vin': vehicle.vin, 'company_id': vehicle.company_id.id, 'active': vehicle.active,
            }, **vals, 'id': vehicle.id} for vehicle in self])
        result = super().write(vals)
        if vals.keys() & {'vin', 'license_plate', 'company_id', 'active', 'brand_id', 'model_id',
                          'vin_override_reason_id', 'plate_override_reason_id'}:
            self._check_identity()
        if 'company_id' in vals:
            # The ORM checks the rules before a write only: nobody pushes a vehicle into a company he is not in.
            self.check_access('write')
        if moved:
            moved._close_ownership_sudo()
            moved._open_ownership_sudo()
        return result

    def copy_data(self, default=None):
        # The plate identifies one car: a copy is another one, and is asked for its own VIN or plate.
        vals_list = super().copy_data(default)
        return [dict(vals, license_plate=(default or {}).get('license_plate', False)) for vals in vals_list]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self._used_by_sudo()
        if used:
            raise coded_error('VEH-05', self.env._(
                "These vehicles have a history and cannot be deleted: %(vehicles)s. Archive them instead.",
                vehicles="; ".join(
                    f'{vehicle.display_name} ({", ".join(reasons)})' for vehicle, reasons in used.items()),
            ))

    # === ACTION METHODS === #

    def action_record_odometer(self):
        """Open the dialog for a reading: number, unreadable, new instrument, reason."""
        self.ensure_one()
        return self._dialog(self.env._("Odometer"), 'aftersales.vehicle.odometer.wizard')

    def action_change_owner(self):
        """Open the dialog for a change of owner, which keeps the history."""
        self.ensure_one()
        return self._dialog(self.env._("Change owner"), 'aftersales.vehicle.owner.wizard')

    def action_view_odometer(self):
        """Open the readings of this vehicle."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_vehicle_odometer_action')
        return {**action, 'domain': [('vehicle_id', '=', self.id)], 'context': {}}

    def action_plan_next_service(self):
        """Plan the next service from today and the last reading, by the model's intervals."""
        self.check_access('write')
        for vehicle in self:
            vehicle._plan_next_service()

    def _dialog(self, name, model):
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_vehicle_id': self.id},
        }

    # === BUSINESS METHODS: IDENTITY === #

    @api.model
    def _normalise_identity(self, vals):
        """Return the values with plate, VIN and engine number as they are stored."""
        clean = {
            'license_plate': plate_rules.normalise,
            'vin': vin_rules.normalise,
            'engine_no': letters_and_digits,
        }
        return {
            name: (clean[name](str(value)) or False) if name in clean and value else value
            for name, value in vals.items()
        }

    def _vin_rule(self):
        """Return how this vehicle's VIN is checked: off, structure or check_digit.

        :rtype: str
        """
        self.ensure_one()
        own = self.brand_id.vin_check
        if own and own != 'company':
            return own
        return 'check_digit' if self.company_id._aftersales_uses_vin_check_digit() else 'structure'

    def _identity_problems(self):
        """Return what is wrong with VIN and plate, at the level of the company's gates.

        :return: {vehicle: [(Blocker, reason that was given or empty record)]}, every vehicle of self as key.
        :rtype: dict
        """
        twins = self._plate_twins_sudo()
        result = {}
        for vehicle in self:
            company = vehicle.company_id or self.env.company
            found = []
            if vehicle.vin and (text := vehicle._vin_problem()):
                found.append((vehicle._blocker('vin_check', 'VEH-01', text), vehicle.vin_override_reason_id))
            if vehicle.license_plate:
                reason = vehicle.plate_override_reason_id
                china = company.sudo().country_id.code in (False, 'CN')
                if china and plate_rules.kind(vehicle.license_plate) == 'other':
                    found.append((vehicle._blocker('plate_format', 'VEH-06', self.env._(
                        "%(plate)s is no Chinese plate. Compare it with the car.", plate=vehicle.license_plate,
                    )), reason))
                plate = plate_rules.normalise(vehicle.license_plate)
                if others := twins.get((company.id, plate), self.browse()) - vehicle._origin:
                    found.append((vehicle._blocker('plate_duplicate', 'VEH-07', self.env._(
                        "Plate %(plate)s also belongs to %(vehicles)s. Clear it there if it was moved to this car.",
                        plate=vehicle.license_plate, vehicles=", ".join(others.mapped('display_name')),
                    )), reason))
            result[vehicle] = [(blocker, reason) for blocker, reason in found if blocker]
        return result

    def _vin_problem(self):
        """Return a sentence about what is wrong with the VIN, or False."""
        self.ensure_one()
        rule = self._vin_rule()
        problems = vin_rules.problems(self.vin, check=rule == 'check_digit') if rule != 'off' else []
        if not problems:
            return False
        texts = {
            'length': self.env._("it has %(count)s characters instead of 17", count=len(vin_rules.normalise(self.vin))),
            'letters': self.env._("only digits and letters without I, O and Q are used"),
            'check_digit': self.env._("the check digit in position 9 does not fit, so one character is wrong"),
        }
        return self.env._(
            "VIN %(vin)s is wrong: %(problems)s. Compare it with the car.",
            vin=self.vin, problems=", ".join(texts[problem] for problem in problems if problem in texts),
        )

    def _plate_twins_sudo(self):
        """Return {(company id, plate): vehicles} of all active vehicles with the plates of self; one query."""
        plates = [plate_rules.normalise(plate) for plate in self.mapped('license_plate') if plate]
        twins = defaultdict(self.browse)
        if plates:
            for vehicle in self.sudo().search_fetch(
                [('license_plate', 'in', plates)],
                ['company_id', 'license_plate', 'vin_tail', 'partner_name', 'model_id'],
            ):
                twins[vehicle.company_id.id, vehicle.license_plate] |= vehicle
        return twins

    def _check_identity(self):
        """Refuse or note down wrong VINs and plates; a reason passes where the gate allows it.

        :raise ValidationError: VEH-01 VIN, VEH-06 plate, VEH-07 plate of another car, VEH-11 no right to override.
        """
        noted = defaultdict(list)
        for vehicle, problems in self.filtered('active')._identity_problems().items():
            for blocker, reason in problems:
                if blocker.level in BLOCKING:
                    vehicle._pass_blocker(blocker, 'identity', reason)
                else:
                    noted[vehicle.id].append(blocker.message)
        if noted:
            self.browse(noted)._message_log_batch(bodies={
                vehicle_id: " ".join(messages) for vehicle_id, messages in noted.items()
            })

    def _pass_blocker(self, blocker, target, reason, note=None):
        """Let a blocking reason pass with the user's reason, recorded and counted, or refuse.

        :param Blocker blocker: at level block or override.
        :raise ValidationError: the blocker's code, or VEH-11 if the user may not override.
        """
        self.ensure_one()
        if blocker.level != 'override' or not reason:
            hint = self.env._("If it is right nevertheless, choose a reason.") if blocker.level == 'override' else ''
            raise coded_error(blocker.code, f'{blocker.message} {hint}'.strip(), ValidationError)
        known = self.env['aftersales.override'].sudo().search_count([
            ('res_model', '=', self._name), ('res_id', '=', self.id), ('gate', '=', blocker.gate),
            ('message', '=', blocker.message), ('reason_id', '=', reason.id),
        ], limit=1)
        # A reading is accepted once, for itself; an identity stays accepted while nothing changes.
        if known and target == 'identity':
            return
        if not self.env.su and not self._can_override(blocker):
            raise coded_error('VEH-11', self.env._(
                "%(message)s You may not accept it; ask the front desk.", message=blocker.message,
            ), ValidationError)
        if reason.note_required and not note:
            raise coded_error('VEH-11', self.env._(
                "The reason “%(reason)s” needs a note.", reason=reason.name), ValidationError)
        self._record_override_sudo(target, [blocker], reason, note)

    @api.model
    def _check_vin_unique(self, vals_list):
        """Refuse a VIN that another active vehicle of the company has, naming that vehicle.

        The unique index holds against two people at once; this is the kind way of saying so.

        :param list[dict] vals_list: vin, company_id, active, and id of the vehicle if it exists.
        :raise ValidationError: VEH-02.
        """
        wanted = [vals for vals in vals_list if vals.get('vin') and vals.get('active', True)]
        if not wanted:
            return
        taken = {
            (vehicle.company_id.id, vehicle.vin): vehicle for vehicle in self.sudo().search_fetch(
                [('vin', 'in', [vals['vin'] for vals in wanted])],
                ['vin', 'company_id', 'license_plate', 'vin_tail', 'partner_name', 'model_id'],
            )
        }
        for vals in wanted:
            other = taken.get((vals.get('company_id') or self.env.company.id, vals['vin']))
            if other and other.id != vals.get('id'):
                raise coded_error('VEH-02', self.env._(
                    "VIN %(vin)s belongs to %(vehicle)s already. Open that vehicle instead of making a second one.",
                    vin=vals['vin'], vehicle=other.display_name,
                ), ValidationError)

    # === BUSINESS METHODS: ODOMETER === #

    def _record_odometer(self, value, source_record=None, unreadable=False, reason=None, note=None, replaced=False):
        """Record a reading of the odometer (R-PROC-24).

        No rights are asked for here: the document whose verb calls this has been checked.

        :param int value: kilometres; ignored when `unreadable`.
        :param source_record: document on which it was read, kept as a link.
        :param bool unreadable: the display could not be read; the last reading stays.
        :param reason: aftersales.reason of kind `odometer` for a reading below the last one, or a jump.
        :param bool replaced: first reading of a new instrument; may be lower, needs no further reason.
        :return: the reading.
        :rtype: recordset of aftersales.vehicle.odometer
        :raise ValidationError: VEH-03 lower, VEH-04 absurd, VEH-10 jump, VEH-11 wrong reason or no right.
        """
        self.ensure_one()
        reason = reason or self.env['aftersales.reason']
        if reason and reason.kind != 'odometer':
            raise coded_error('VEH-11', self.env._(
                "“%(reason)s” is no reason for an odometer correction.", reason=reason.name), ValidationError)
        if not unreadable:
            self._check_odometer(value, reason, note, replaced)
        return self.env['aftersales.vehicle.odometer'].sudo()._guarded().create({
            'vehicle_id': self.id,
            'value': 0 if unreadable else int(value),
            'is_unreadable': unreadable,
            'is_replacement': replaced,
            'date': fields.Datetime.now(),
            'reason_id': reason.id,
            'note': note,
            'user_id': self.env.uid,
            'res_model': source_record._name if source_record else False,
            'res_id': source_record.id if source_record else False,
            'source': source_record.display_name if source_record else False,
        }).sudo(self.env.su)

    def _check_odometer(self, value, reason, note, replaced):
        """Refuse or note down a reading that cannot be, as the company's gates say."""
        last = self.env['aftersales.vehicle.odometer'] if replaced else self._last_reading()
        found = odometer_rules.problems(
            int(value), last.value if last else None,
            days=(fields.Datetime.now() - last.date).days if last else None,
            most_per_day=self.company_id.sudo().aftersales_odometer_daily_max,
        )
        if not found:
            return
        values = {'vehicle': self.display_name, 'value': value, 'last': last.value}
        if found[0] in ('negative', 'too_high'):
            raise coded_error('VEH-04', self.env._(
                "%(value)s km is no odometer reading (%(vehicle)s). Type what the instrument shows.", **values,
            ), ValidationError)
        if found[0] == 'lower':
            blocker = self._blocker('odometer_lower', 'VEH-03', self.env._(
                "%(value)s km is below the last reading of %(last)s km (%(vehicle)s). "
                "Read the instrument again; an instrument that was replaced is recorded as new.", **values,
            ))
        else:
            blocker = self._blocker('odometer_jump', 'VEH-10', self.env._(
                "%(value)s km is very far above the last reading of %(last)s km (%(vehicle)s). "
                "Read the instrument again.", **values,
            ))
        if blocker and blocker.level in BLOCKING:
            self._pass_blocker(blocker, 'odometer', reason, note)
        elif blocker:
            self._message_log(body=blocker.message)

    def _readings(self):
        """Return the readings, newest first (the cache of a one2many appends new rows at its end)."""
        self.ensure_one()
        return self.odometer_ids.sorted(lambda reading: (reading.date, reading._origin.id or 0), reverse=True)

    def _last_reading(self):
        """Return the last readable reading of the present instrument, empty if it has none yet."""
        for reading in self._readings():
            if not reading.is_unreadable:
                return reading
            if reading.is_replacement:
                break
        return self.env['aftersales.vehicle.odometer']

    @api.model
    def _driven_per_day(self, readings):
        """Return the kilometres a day over the last two years, from readings in time order; 0.0 if unknown."""
        if len(readings) < 2:
            return 0.0
        last = readings[-1]
        since = last.date - relativedelta(years=2)
        span = readings.browse()
        for reading in readings[::-1]:
            if reading.date < since and len(span) > 1:
                break
            span = reading | span
            if reading.is_replacement:
                break
        days = (last.date - span[0].date).total_seconds() / 86400
        # Two readings on one day tell nothing about a year; a correction downwards neither.
        return max(0.0, (last.value - span[0].value) / days) if days >= 7 else 0.0

    # === BUSINESS METHODS: OWNERS === #

    def _change_owner(self, partner, date=None, note=None, correction=False, shares_history=False):
        """Record that these vehicles belong to somebody else; earlier owners stay in the history.

        :param partner: res.partner, may be empty (sold, buyer unknown).
        :param date: first day of the new owner, today unless given.
        :param bool correction: the owner recorded now was a mistake and is replaced in the history.
        :param bool shares_history: the new owner may see what was done before.
        :raise UserError: VEH-08 same owner, a day in the future or before the present owner's first day.
        """
        self.check_access('write')
        for vehicle in self:
            today = vehicle.company_id._aftersales_today()
            day = fields.Date.to_date(date) or today
            current = vehicle.sudo().owner_ids.filtered(lambda row: not row.date_to)
            if partner == vehicle.partner_id:
                raise coded_error('VEH-08', self.env._(
                    "%(partner)s owns %(vehicle)s already.",
                    partner=partner.name or self.env._("Nobody"), vehicle=vehicle.display_name,
                ))
            if day > today or not correction and current and day < current.date_from:
                raise coded_error('VEH-08', self.env._(
                    "%(vehicle)s cannot change hands on %(date)s: that is in the future, or before its present owner "
                    "(%(partner)s) bought it.",
                    vehicle=vehicle.display_name, date=fields.Date.to_string(day), partner=vehicle.partner_name or '–',
                ))
            vehicle._guarded().write({'partner_id': partner.id})
            if correction and current and partner:
                current._guarded().write({'partner_id': partner.id, 'note': note or current.note})
                continue
            vehicle._close_ownership_sudo(day)
            vehicle._open_ownership_sudo(day, note, shares_history)

    def _close_ownership_sudo(self, day=None):
        """End the present ownerships; sudo: the right to the vehicle was checked, the history is the system's."""
        rows = self.sudo().owner_ids.filtered(lambda row: not row.date_to)
        for row in rows:
            until = day or row.company_id._aftersales_today()
            row._guarded().write({'date_to': max(until, row.date_from)})
        # The next owner's row is inserted at once; the database must know by then that this one has ended.
        rows.flush_recordset(['date_to'])

    def _open_ownership_sudo(self, day=None, note=None, shares_history=False):
        """Begin the ownerships of the present owners; sudo as in `_close_ownership_sudo`."""
        self.env['aftersales.vehicle.owner'].sudo()._guarded().create([{
            'vehicle_id': vehicle.id,
            'partner_id': vehicle.partner_id.id,
            'date_from': day or vehicle.company_id._aftersales_today(),
            'note': note,
            'user_id': self.env.uid,
            'shares_history': shares_history,
        } for vehicle in self if vehicle.partner_id])

    @api.model
    def _owner_mismatch_sql(self, company):
        """Return the query of vehicles whose owner is not the open row of their history: id and name."""
        return SQL(
            "SELECT v.id, COALESCE(v.license_plate, v.vin) AS name FROM aftersales_vehicle v "
            "LEFT JOIN aftersales_vehicle_owner o ON o.vehicle_id = v.id AND o.date_to IS NULL "
            "WHERE v.company_id = %s AND v.partner_id IS DISTINCT FROM o.partner_id", company.id,
        )

    # === BUSINESS METHODS: SERVICE === #

    def _service_intervals(self):
        """Return how often this car comes: (kilometres, months), from model, brand, company; 0: not by this.

        :rtype: tuple[int, int]
        """
        self.ensure_one()
        company = self.company_id.sudo()
        return (
            self.model_id.service_interval_km or self.brand_id.service_interval_km
            or company.aftersales_service_interval_km,
            self.model_id.service_interval_months or self.brand_id.service_interval_months
            or company.aftersales_service_interval_months,
        )

    def _plan_next_service(self, date=None, odometer=None):
        """Plan the next service after one that was done.

        :param date: day of the service, today unless given.
        :param int odometer: reading at the service, the last reading unless given.
        """
        self.ensure_one()
        kilometres, months = self._service_intervals()
        day = fields.Date.to_date(date) or self.company_id._aftersales_today()
        reading = self.odometer if odometer is None else odometer
        self.write({
            'next_service_date': day + relativedelta(months=months) if months else False,
            'next_service_odometer': odometer_rules.next_service(reading, kilometres) if kilometres and reading else 0,
        })

    # === BUSINESS METHODS: HISTORY === #

    def _history_events(self):
        """Return what happened to these vehicles; each room adds its documents through super(), in one query.

        An event is a dictionary: `date` (date), `name` (document or kind), `text` (what was done), `odometer`
        (int or False), `model` and `id` of the document or False; `is_private` keeps it off what owners get. Rooms
        append; readers sort.

        :return: {vehicle: [event]}, every vehicle of self as key.
        :rtype: dict
        """
        result = {vehicle: [] for vehicle in self}
        for vehicle in self:
            for row in vehicle.owner_ids:
                result[vehicle].append({
                    'date': row.date_from, 'name': self.env._("Owner"), 'text': row.partner_id.display_name,
                    'odometer': False, 'model': False, 'id': False, 'is_private': True,
                })
            for reading in vehicle.odometer_ids.filtered('is_replacement'):
                result[vehicle].append({
                    'date': vehicle.company_id._aftersales_today(reading.date), 'name': self.env._("New instrument"),
                    'text': reading.note or '', 'odometer': reading.value, 'model': False, 'id': False,
                })
        return result

    def _history_rows(self, limit=None, for_owner=False):
        """Return the events of one vehicle, newest first, for a print.

        :param bool for_owner: the print goes to the present owner: no names of earlier owners, and nothing from
            before his time unless they agreed (`shares_history`).
        :rtype: list[dict]
        """
        self.ensure_one()
        events = self._history_events()[self]
        if for_owner:
            current = self.sudo().owner_ids.filtered(lambda row: not row.date_to)
            is_first = len(self.sudo().owner_ids) <= 1
            events = [
                event for event in events
                if not event.get('is_private')
                and (is_first or current.shares_history or current and event['date'] >= current.date_from)
            ]
        return sorted(events, key=lambda event: (event['date'], event['id'] or 0), reverse=True)[:limit]

    # === BUSINESS METHODS: USE === #

    def _used_by_sudo(self):
        """Return why vehicles may not be deleted; each room adds its documents through super().

        :return: {vehicle: [translated words]}, only vehicles that are used.
        :rtype: dict
        """
        used = {}
        for vehicle in self.sudo():
            reasons = []
            if len(vehicle.owner_ids) > 1:
                reasons.append(self.env._("several owners"))
            if vehicle.odometer_ids.filtered('res_id'):
                reasons.append(self.env._("odometer readings on documents"))
            if reasons:
                used[vehicle] = reasons
        return used

    # === BUSINESS METHODS: IMPORT === #

    @api.model
    def get_import_templates(self):
        return [{
            'label': self.env._("Import template for vehicles"),
            'template': '/aftersales_service/import_template/vehicle',
        }]

    @api.model
    def _import_columns(self):
        """Return the columns of the import template; later rooms may add theirs.

        :return: (field, value of the sample row, what to write) per column.
        :rtype: list[tuple[str, object, str]]
        """
        name = self.env._("the name as it is in the system; the import offers to create it")
        day = self.env._("a date, 2026-01-31")
        sample = self.search_fetch([('model_id', '!=', False)], ['brand_id', 'model_id'], limit=1)
        return [
            ('license_plate', '京A·12345', self.env._("in any spelling; plate or VIN is needed")),
            ('vin', vin_rules.with_check_digit('LSVAM41870N012345'), self.env._("17 characters")),
            ('partner_id', '', name),
            ('brand_id', sample.brand_id.name or '', name),
            ('model_id', sample.model_id.display_name or '', self.env._("brand and model")),
            ('year', 2022, self.env._("four digits; found from the VIN if empty")),
            ('color', self.env._("white"), self.env._("free text")),
            ('engine_no', 'EA211123456', self.env._("as on the registration")),
            ('odometer', 35000, self.env._("kilometres; on a second import only higher ones")),
            ('registration_date', '2022-05-20', day),
            ('warranty_start', '2022-05-20', day),
            ('next_service_date', '2026-12-01', day),
            ('next_service_odometer', 40000, self.env._("kilometres")),
            ('inspection_date', '2027-05-31', day),
            ('insurance_date', '2026-12-31', day),
        ]

    @api.model
    def _import_template_xlsx(self):
        """Return the import template: headings in the user's language, one sample row, a sheet that explains.

        :rtype: bytes
        """
        columns = self._import_columns()
        labels = self.fields_get([name for name, _sample, _help in columns], ['string'])
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {'in_memory': True}) as book:
            head = book.add_format({'bold': True, 'bg_color': '#E8EEF7', 'border': 1})
            sheet = book.add_worksheet(self.env._("Vehicles"))
            explained = book.add_worksheet(self.env._("What to write"))
            for index, (name, sample, text) in enumerate(columns):
                label = labels[name]['string']
                sheet.write(0, index, label, head)
                sheet.write(1, index, sample)
                sheet.set_column(index, index, max(16, len(label) + 4))
                explained.write_row(index, 0, [label, text, str(sample)])
            sheet.freeze_panes(1, 1)
            explained.set_column(0, 2, 36)
        return buffer.getvalue()
