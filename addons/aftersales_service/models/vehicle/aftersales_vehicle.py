import math

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules import odometer as odometer_rules
from ...rules import plate as plate_rules
from ...rules import vin as vin_rules
from ..base.errors import coded_error
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
