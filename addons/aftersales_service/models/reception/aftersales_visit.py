
from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import vin as vin_rules
from ..base.errors import coded_error

VISIT_TYPES = [
    ('repair', "Repair"),
    ('tow_in', "Tow-in"),
    ('inquiry', "Inquiry"),
    ('quote', "Quote"),
    ('appointment', "Makes an appointment"),
    ('delivery', "Collects the car"),
]
# Visits that bring a car which stays: one of them per car at a time.
CAR_TYPES = ('repair', 'tow_in')
# Visits that end with an answer instead of a repair (R-PROC-18).
ANSWER_TYPES = ('inquiry', 'quote', 'appointment')
LOCATIONS = [
    ('gate', "At the gate"),
    ('waiting', "Parking, waiting"),
    ('bay', "In the bay"),
    ('wash', "Wash"),
    ('ready', "Ready lane"),
    ('sublet', "Sublet"),
    ('road_test', "Road test"),
    ('away', "Away"),
]
# Where a car is while it is outside the gate; only exits and leaving put it there.
OUTSIDE = ('sublet', 'road_test', 'away')
NO_KEY_REASONS = [
    ('with_customer', "Stays with the waiting customer"),
    ('phone_key', "Phone or card key, no key handed over"),
    ('in_tow_truck', "Left in the tow truck"),
    ('lost', "Customer has no key"),
    ('other', "Other, see note"),
]


class AftersalesVisit(models.Model):
    """One stay of one car on our premises, or one person at the desk without a repair.

    Opened by gate, reception, an appointment or a batch; ended by `_leave`. The order of the next room hangs on one
    or more visits. Facts (arrived, greeted, out, back, left) are recorded by verbs, `state` projects them.
    """

    _name = 'aftersales.visit'
    _description = "Visit"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'aftersales.guarded.mixin', 'aftersales.gate.mixin']
    _order = 'arrived_at desc, id desc'
    _check_company_auto = True
    _rec_names_search = ['name', 'license_plate', 'vehicle_id', 'partner_id']
    _guarded_fields = frozenset({
        'state', 'arrived_at', 'first_contact_at', 'left_at', 'is_new_customer', 'location_since',
        'gate_card_issued_at', 'gate_card_issued_by_id', 'gate_card_returned_at', 'answered_at', 'answered_by_id',
        'belongings_rechecked_at', 'belongings_rechecked_by_id', 'tow_signed_at',
    })

    # Identity
    name = fields.Char(string="Number", readonly=True, copy=False, index=True)
    company_id = fields.Many2one(
        comodel_name='res.company', required=True, index=True, default=lambda self: self.env.company)
    visit_type = fields.Selection(selection=VISIT_TYPES, required=True, default='repair', tracking=True, index=True)
    state = fields.Selection(
        selection=[('expected', "Expected"), ('inside', "Inside"), ('out', "Temporarily out"), ('left', "Left")],
        required=True, default='expected', readonly=True, copy=False, tracking=True, index=True)
    profile_id = fields.Many2one(
        comodel_name='aftersales.profile', string="Profile", compute='_compute_profile_id', store=True, readonly=False,
        precompute=True, check_company=True, domain="[('company_id', '=', company_id), ('code', '!=', 'company')]",
        help="Decides which steps of the intake are required. Set by the order when there is one.")
    appointment_id = fields.Many2one(
        comodel_name='aftersales.appointment', copy=False, check_company=True, index='btree_not_null')

    # Car and people
    vehicle_id = fields.Many2one(
        comodel_name='aftersales.vehicle', tracking=True, index='btree_not_null', check_company=True)
    license_plate = fields.Char(
        compute='_compute_vehicle_data', store=True, readonly=False, precompute=True, index='trigram',
        help="Type the plate: a known car is found, a new one gets its file on arrival.")
    vin = fields.Char(string="VIN", compute='_compute_vehicle_data', store=True, readonly=False, precompute=True)
    partner_id = fields.Many2one(
        comodel_name='res.partner', string="Customer", compute='_compute_partner_id', store=True, readonly=False,
        precompute=True, tracking=True, index='btree_not_null', check_company=True)
    owner_to_be_found = fields.Boolean(compute='_compute_owner_to_be_found', store=True)
    driver_name = fields.Char(string="Brought by")
    driver_phone = fields.Char(
        string="Driver's Phone", groups='aftersales_service.group_receptionist,aftersales_service.group_gate_guard')
    advisor_id = fields.Many2one(
        comodel_name='res.users', string="Advisor", tracking=True, index='btree_not_null',
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]")
    is_new_customer = fields.Boolean(
        string="New Customer", readonly=True, copy=False, help="First visit of this car and of this customer.")
    recognised_note = fields.Char(compute='_compute_recognised_note')
    request = fields.Text(string="Customer's Words", help="What the customer said, in his own words.")

    # Arrival, queue, departure
    arrived_at = fields.Datetime(readonly=True, copy=False, index=True)
    first_contact_at = fields.Datetime(string="Greeted", readonly=True, copy=False)
    greet_seconds = fields.Integer(
        string="Seconds to Greeting", compute='_compute_greet', store=True, aggregator='avg')
    is_greeted_in_time = fields.Boolean(string="Greeted in Time", compute='_compute_greet', store=True)
    greeted_share = fields.Float(
        string="Share Greeted in Time", compute='_compute_greet', store=True, aggregator='avg',
        help="1 when greeted within the seconds of the settings, 0 when later; only visits where both were captured.")
    queue_position = fields.Integer(
        compute='_compute_queue_position',
        help="Customers with an appointment by its time, then the others by arrival.")
    left_at = fields.Datetime(readonly=True, copy=False)
    inside_hours = fields.Float(
        string="Hours Inside", compute='_compute_inside_hours',
        help="From arrival until now or departure, without exits.")

    # Where the car is
    location = fields.Selection(
        selection=LOCATIONS, default='gate', tracking=True, index=True, copy=False, group_expand=True)
    location_note = fields.Char(string="Exact Place", tracking=True, copy=False, help="Bay or parking place, e.g. B12.")
    location_since = fields.Datetime(readonly=True, copy=False)
    exit_ids = fields.One2many(comodel_name='aftersales.visit.exit', inverse_name='visit_id')
    current_exit_id = fields.Many2one(comodel_name='aftersales.visit.exit', compute='_compute_current_exit')
    exit_due_back = fields.Datetime(string="Due Back", compute='_compute_current_exit')
    is_exit_overdue = fields.Boolean(
        string="Overdue", compute='_compute_current_exit', search='_search_is_exit_overdue')

    # Gate card (R-DOC-05)
    gate_card_no = fields.Char(string="Gate Card", tracking=True, copy=False)
    gate_card_issued_at = fields.Datetime(readonly=True, copy=False)
    gate_card_issued_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)
    gate_card_returned_at = fields.Datetime(readonly=True, copy=False)

    # Odometer
    odometer = fields.Integer(string="Odometer (km)", tracking=True, copy=False, aggregator=None)
    odometer_unreadable = fields.Boolean(tracking=True, copy=False)
    odometer_reason_id = fields.Many2one(
        comodel_name='aftersales.reason', string="Odometer Reason", domain=[('kind', '=', 'odometer')], copy=False,
        help="Needed when the reading is lower than the last one.")

    # Tow-in
    tow_driver_name = fields.Char(string="Tow Driver")
    tow_driver_phone = fields.Char(
        groups='aftersales_service.group_receptionist,aftersales_service.group_gate_guard')
    tow_company = fields.Char()
    tow_place = fields.Char(string="Towed From")
    tow_signature = fields.Image(string="Tow Driver's Signature", max_width=1024, max_height=1024, copy=False)
    tow_signed_at = fields.Datetime(readonly=True, copy=False)

    # Check-in, belongings, custody
    check_in_ids = fields.One2many(comodel_name='aftersales.check.in', inverse_name='visit_id')
    check_in_count = fields.Integer(compute='_compute_check_in')
    is_checked_in = fields.Boolean(compute='_compute_check_in', search='_search_is_checked_in')
    damage_ids = fields.One2many(comodel_name='aftersales.check.in.damage', inverse_name='visit_id')
    photo_ids = fields.One2many(comodel_name='aftersales.check.in.photo', inverse_name='visit_id')
    photo_count = fields.Integer(compute='_compute_photo_count')
    belonging_ids = fields.One2many(comodel_name='aftersales.belonging', inverse_name='visit_id')
    no_belongings = fields.Boolean(
        string="No Belongings", tracking=True, copy=False, help="Counted: nothing of the customer stays in the car.")
    box_no = fields.Char(string="Box No.", copy=False, help="Box that holds this car's belongings.")
    valuables_reminded = fields.Boolean(
        copy=False, help="The customer was asked to take money and valuables along.")
    belongings_rechecked_at = fields.Datetime(readonly=True, copy=False)
    belongings_rechecked_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)
    exit_signature = fields.Image(
        string="Customer's Signature at Exit", max_width=1024, max_height=1024, copy=False)
    custody_ids = fields.One2many(comodel_name='aftersales.custody', inverse_name='visit_id')
    key_count = fields.Integer(string="Keys", compute='_compute_key_count')
    no_key_reason = fields.Selection(selection=NO_KEY_REASONS, tracking=True, copy=False)
    no_key_note = fields.Char(copy=False)
    no_papers = fields.Boolean(
        string="No Papers Taken", copy=False, help="Neither licence nor handbook was handed over.")

    # Answer of a visit without repair
    answer = fields.Text(tracking=True, copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)

    _one_car_inside = models.UniqueIndex(
        "(vehicle_id) WHERE state IN ('inside', 'out') AND visit_type IN ('repair', 'tow_in')",
        "[REC-01] This car is inside already. Open its visit instead of registering it again.",
    )
    _gate_card_in_use = models.UniqueIndex(
        "(company_id, gate_card_no) WHERE gate_card_no IS NOT NULL AND gate_card_no != '' "
        "AND gate_card_returned_at IS NULL AND state IN ('inside', 'out')",
        "[REC-34] This gate card is out with another car. Take another card.",
    )
    _company_state_idx = models.Index("(company_id, state, location)")

    # === COMPUTE METHODS === #

    @api.depends('visit_type', 'company_id')
    def _compute_profile_id(self):
        for visit in self:
            code = 'tow_in' if visit.visit_type == 'tow_in' else 'standard'
            if visit.profile_id and visit.profile_id.code not in ('standard', 'tow_in'):
                continue  # chosen by somebody, e.g. express or fleet
            visit.profile_id = (visit.company_id or self.env.company)._aftersales_profile(code)

    @api.depends('vehicle_id.license_plate', 'vehicle_id.vin')
    def _compute_vehicle_data(self):
        """Follow the car's file while it is here; afterwards the visit keeps the plate it came with."""
        for visit in self:
            if visit.state == 'left':
                visit.license_plate, visit.vin = visit.license_plate, visit.vin
                continue
            visit.license_plate = visit.vehicle_id.license_plate or visit.license_plate
            visit.vin = visit.vehicle_id.vin or visit.vin

    @api.depends('vehicle_id')
    def _compute_partner_id(self):
        for visit in self:
            visit.partner_id = visit.partner_id or visit.vehicle_id.partner_id

    @api.depends('visit_type', 'partner_id')
    def _compute_owner_to_be_found(self):
        for visit in self:
            visit.owner_to_be_found = visit.visit_type == 'tow_in' and not visit.partner_id

    @api.depends('license_plate', 'vin', 'driver_phone', 'vehicle_id', 'partner_id', 'state')
    def _compute_recognised_note(self):
        for visit in self:
            visit.recognised_note = False
            if visit.state != 'expected' or (visit.vehicle_id and visit.partner_id):
                continue
            phone = visit.sudo().driver_phone
            if not (visit.license_plate or visit.vin or phone):
                continue
            found = self._recognise(visit.license_plate, visit.vin, phone, company=visit.company_id)
            visit.recognised_note = (
                self.env._("New customer: no file with this plate, VIN or phone.") if found['is_new']
                else self.env._("Known: %(who)s", who=" · ".join(
                    filter(None, [found['vehicle'].display_name, found['partner'].display_name]))))

    @api.depends('arrived_at', 'first_contact_at')
    def _compute_greet(self):
        for visit in self:
            if not (visit.arrived_at and visit.first_contact_at):
                visit.greet_seconds = visit.greeted_share = 0
                visit.is_greeted_in_time = False
                continue
            seconds = max(int((visit.first_contact_at - visit.arrived_at).total_seconds()), 0)
            visit.greet_seconds = seconds
            visit.is_greeted_in_time = seconds <= visit.company_id.aftersales_greet_seconds
            visit.greeted_share = float(visit.is_greeted_in_time)

    @api.depends('state', 'first_contact_at', 'location')
    @api.depends_context('uid')
    def _compute_queue_position(self):
        """Position in the queue of those inside whom nobody has greeted yet; 0 for everybody else (R-PROC-17)."""
        self.queue_position = 0
        waiting = self.search(self._queue_domain(self.company_id))
        for _company, visits in waiting.grouped('company_id').items():
            for position, visit in enumerate(visits.sorted(lambda visit: visit._queue_key()), start=1):
                if visit in self:
                    visit.queue_position = position

    @api.depends('exit_ids.out_at', 'exit_ids.back_at', 'arrived_at', 'left_at')
    def _compute_inside_hours(self):
        now = fields.Datetime.now()
        for visit in self:
            if not visit.arrived_at:
                visit.inside_hours = 0.0
                continue
            end = visit.left_at or now
            away = sum(
                ((outing.back_at or end) - outing.out_at).total_seconds() for outing in visit.exit_ids if outing.out_at)
            visit.inside_hours = max((end - visit.arrived_at).total_seconds() - away, 0.0) / 3600

    @api.depends('exit_ids.state', 'exit_ids.due_back')
    def _compute_current_exit(self):
        now = fields.Datetime.now()
        for visit in self:
            outing = visit.exit_ids.filtered(lambda outing: outing.state == 'out')[:1]
            visit.current_exit_id = outing
            visit.exit_due_back = outing.due_back
            visit.is_exit_overdue = bool(outing.due_back and outing.due_back < now)

    def _search_is_exit_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('exit_ids', 'any', [('state', '=', 'out'), ('due_back', '<', fields.Datetime.now())])

    @api.depends('check_in_ids.state')
    def _compute_check_in(self):
        for visit in self:
            visit.check_in_count = len(visit.check_in_ids)
            visit.is_checked_in = any(
                sheet.kind == 'check_in' and sheet.state == 'done' for sheet in visit.check_in_ids)

    def _search_is_checked_in(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('check_in_ids', 'any', [('kind', '=', 'check_in'), ('state', '=', 'done')])

    @api.depends('photo_ids')
    def _compute_photo_count(self):
        counts = dict(self.env['aftersales.check.in.photo']._read_group(
            [('visit_id', 'in', self.ids)], ['visit_id'], ['__count']))
        for visit in self:
            visit.photo_count = counts.get(visit._origin, 0)

    @api.depends('custody_ids.kind', 'custody_ids.returned_at')
    def _compute_key_count(self):
        for visit in self:
            visit.key_count = len(visit.custody_ids.filtered(lambda item: item.kind == 'key' and not item.returned_at))

    @api.depends('name', 'license_plate', 'vin')
    def _compute_display_name(self):
        for visit in self:
            car = visit.license_plate or vin_rules.tail(visit.vin)
            visit.display_name = " · ".join(filter(None, [car, visit.name])) or self.env._("New visit")

    # === ONCHANGE METHODS === #

    @api.onchange('license_plate', 'vin')
    def _onchange_vehicle_data(self):
        """Offer the file we have for a typed plate or VIN (R-PROC-19)."""
        if self.vehicle_id or not (self.license_plate or self.vin):
            return
        found = self._recognise(self.license_plate, self.vin, company=self.company_id)
        self.vehicle_id = found['vehicle']

    @api.onchange('driver_phone')
    def _onchange_driver_phone(self):
        if self.partner_id or self.visit_type == 'tow_in' or not self.driver_phone:
            return
        self.partner_id = self._recognise(phone=self.driver_phone, company=self.company_id)['partner']

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
            if not vals.get('name'):
                vals['name'] = self.env['ir.sequence'].with_company(company).next_by_code(self._name)
        visits = super().create(vals_list)
        visits._stamp_facts(set().union(*vals_list))
        return visits

    def write(self, vals):
        if 'location' in vals:
            self._ensure_can_move(vals['location'])
        if 'box_no' in vals or 'no_belongings' in vals:
            self.filtered('belongings_rechecked_at')._guarded().write({
                'belongings_rechecked_at': False, 'belongings_rechecked_by_id': False,
            })
        if vals.get('gate_card_no'):
            self.filtered(lambda visit: visit.state in ('inside', 'out'))._ensure_card_free(vals['gate_card_no'])
        if vals.get('visit_type') in CAR_TYPES:
            self.filtered(
                lambda visit: visit.state in ('inside', 'out') and visit.visit_type not in CAR_TYPES)._stay(vals)
        readings = {visit: (visit.odometer, visit.odometer_unreadable) for visit in self}
        result = super().write(vals)
        self._stamp_facts(set(vals))
        if 'odometer' in vals or 'odometer_unreadable' in vals:
            self.filtered(
                lambda visit: visit.state == 'inside'
                and readings[visit] != (visit.odometer, visit.odometer_unreadable),
            )._record_odometer()
        return result

    def _stamp_facts(self, names):
        """Write who and when beside what people typed: gate card, tow driver's signature, answer, place."""
        now = fields.Datetime.now()
        for visit in self:
            stamps = {}
            if 'gate_card_no' in names:
                stamps |= {
                    'gate_card_issued_at': now if visit.gate_card_no else False,
                    'gate_card_issued_by_id': visit.gate_card_no and self.env.uid,
                    'gate_card_returned_at': False,
                }
            if 'tow_signature' in names:
                stamps['tow_signed_at'] = now if visit.tow_signature else False
            if 'answer' in names:
                stamps |= {
                    'answered_at': now if visit.answer else False, 'answered_by_id': visit.answer and self.env.uid}
            if 'location' in names or 'location_note' in names:
                stamps['location_since'] = now
            if stamps:
                visit._guarded().write(stamps)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_arrived(self):
        for visit in self:
            if visit.state != 'expected':
                raise coded_error('REC-33', self.env._(
                    "Visit %(name)s has happened and cannot be deleted.", name=visit.display_name))

    # === ACTION METHODS === #

    def action_arrive(self):
        self._arrive()

    def action_greet(self):
        self._greet()

    def action_leave(self):
        if len(self) == 1 and (action := self._gate_action('left', 'action_leave')):
            return action
        self._leave()
        return True

    def action_check_in(self):
        """Open the walk-round sheet of this visit; a new one with its template when there is none."""
        self.ensure_one()
        sheet = self.check_in_ids.filtered(lambda sheet: sheet.kind == 'check_in')[:1] or self._create_check_in()
        return sheet._form_action()

    def action_pre_check(self):
        self.ensure_one()
        sheet = self.check_in_ids.filtered(lambda sheet: sheet.kind == 'pre_check')[:1]
        return (sheet or self._create_check_in('pre_check'))._form_action()

    def action_finish_check_in(self):
        """Finish the walk-round of this visit; the dialog of the gates goes on with it."""
        self.ensure_one()
        return self.check_in_ids.filtered(
            lambda sheet: sheet.kind == 'check_in' and sheet.state == 'draft')[:1].action_finish()

    def action_open_check_ins(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_check_in_action')
        return {**action, 'domain': [('visit_id', '=', self.id)], 'context': {'default_visit_id': self.id}}

    def action_temporary_exit(self):
        """Open the form of a new temporary exit."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Temporary exit"), 'res_model': 'aftersales.visit.exit',
            'view_mode': 'form', 'views': [(False, 'form')], 'target': 'new', 'context': {'default_visit_id': self.id},
        }

    def action_come_back(self):
        self._come_back()

    def action_recheck_belongings(self):
        self._recheck_belongings()

    def action_return_custody(self):
        """Give back everything that is still in custody."""
        self.custody_ids.filtered(lambda item: not item.returned_at)._return()

    def action_return_gate_card(self):
        self._return_gate_card()

    def action_make_repair(self):
        """An inquiry becomes a repair: the car stays."""
        self.write({'visit_type': 'repair'})

    def action_make_appointment(self):
        """Open a new appointment with what this visitor told us."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'aftersales.appointment', 'view_mode': 'form',
            'views': [(False, 'form')],
            'context': {
                'default_vehicle_id': self.vehicle_id.id, 'default_partner_id': self.partner_id.id,
                'default_license_plate': self.license_plate, 'default_vin': self.vin,
                'default_contact_name': self.driver_name, 'default_contact_phone': self.sudo().driver_phone,
                'default_wish': self.request,
            },
        }

    def action_print_belongings(self):
        return self.env.ref('aftersales_service.report_belongings').report_action(self)

    def action_print_check_in(self):
        sheets = self.check_in_ids.filtered(lambda sheet: sheet.kind == 'check_in')
        return self.env.ref('aftersales_service.report_check_in').report_action(sheets)

    def action_move_waiting(self):
        self._move('waiting')

    def action_move_bay(self):
        self._move('bay')

    def action_move_wash(self):
        self._move('wash')

    def action_move_ready(self):
        self._move('ready')

    def _form_action(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'views': [(False, 'form')], 'target': 'current',
        }

    # === BUSINESS METHODS - WHERE THE CAR IS === #

    def _move(self, location, note=None, mover=None):
        """Record where the car stands now; tracked in the history.

        :param str location: gate | waiting | bay | wash | ready.
        :param recordset mover: hr.employee who drove, must be appointed to move cars (R-PERM-08) when named.
        """
        if mover:
            for visit in self:
                visit._ensure_qualified(mover)
        self.write({'location': location, 'location_note': note or False})

    def _ensure_can_move(self, location):
        """Refuse a move of a car that is not inside, and places outside the gate by hand (REC-31)."""
        if self._is_guarded():
            return
        for visit in self:
            if visit.location == location:
                continue
            if visit.state in ('out', 'left'):
                raise coded_error('REC-31', self.env._(
                    "%(car)s is not inside. Record its return first.", car=visit.display_name))
            if visit.state == 'inside' and location in OUTSIDE:
                raise coded_error('REC-31', self.env._(
                    "%(car)s leaves the gate: use a temporary exit, so that driver and return are known.",
                    car=visit.display_name))

    def _ensure_qualified(self, employee):
        """Refuse a driver who is not appointed to move cars, as strictly as the profile's gate says (R-PERM-08)."""
        self.ensure_one()
        if employee.aftersales_can_drive:
            return
        blocker = self._blocker('driver_qualified', 'REC-09', self.env._(
            "%(who)s is not appointed to move cars. Name somebody who is.", who=employee.name))
        if not blocker:
            return
        if blocker.level == 'warn':
            self._message_log(body=blocker.message)
        else:
            raise coded_error(blocker.code, blocker.message)

    def _temporary_exit(self, purpose, driver=None, *, driver_name=None, due_back=None, reason=None, note=None,
                        licence_seen=False):
        """Let the car out for a while: record and go out in one call.

        :param str purpose: road_test | sublet | fuel | inspection | customer | other.
        :param recordset driver: hr.employee who drives; or `driver_name` of an outsider with `licence_seen`.
        :param datetime due_back: UTC.
        :return: the exit, out.
        :raise UserError: a gate (REC-09, REC-10) or a wrong state (REC-08).
        """
        self.ensure_one()
        outing = self.env['aftersales.visit.exit'].create({
            'visit_id': self.id, 'purpose': purpose, 'driver_id': driver.id if driver else False,
            'driver_name': driver_name, 'due_back': due_back, 'reason_id': reason.id if reason else False, 'note': note,
            'licence_seen': licence_seen,
        })
        outing._go_out()
        return outing

    def _come_back(self, odometer=None):
        """The car is back from its temporary exit."""
        for visit in self:
            if not visit.current_exit_id:
                raise coded_error('REC-08', self.env._("%(car)s is not out.", car=visit.display_name))
            visit.current_exit_id._come_back(odometer)

    # === BUSINESS METHODS - BELONGINGS, CARDS, LEAVING === #

    def _recheck_belongings(self, differences=None):
        """Hand the belongings back and compare with the signed list (R-PROC-22, R-PROC-78).

        :param dict differences: {aftersales.belonging: (state, note)} for what is missing or damaged; the rest is ok.
        """
        differences = differences or {}
        now = fields.Datetime.now()
        for visit in self:
            for belonging in visit.belonging_ids:
                state, note = differences.get(belonging, ('ok', False))
                belonging._guarded().write({
                    'recheck_state': state, 'recheck_note': note, 'rechecked_at': now, 'rechecked_by_id': self.env.uid})
            visit._guarded().write({'belongings_rechecked_at': now, 'belongings_rechecked_by_id': self.env.uid})
            wrong = visit.belonging_ids.filtered(lambda belonging: belonging.recheck_state in ('missing', 'damaged'))
            if wrong:
                visit._report_difference(wrong)

    def _report_difference(self, belongings):
        """Tell the service manager what is missing or damaged at the exit (R-PROC-87)."""
        self.ensure_one()
        user = self.company_id._aftersales_appointment_recipients()['manager'] or self.advisor_id or self.env.user
        self.activity_schedule(
            'mail.mail_activity_data_warning', date_deadline=self.company_id._aftersales_today(), user_id=user.id,
            summary=self.env._("Belongings differ: %(what)s", what=", ".join(belongings.mapped('name'))))

    def _ensure_card_free(self, number):
        """Name the car that has the card; between two desks the unique index is the judge (R-DOC-05)."""
        for visit in self if number else ():
            other = self.search([
                ('company_id', '=', visit.company_id.id), ('gate_card_no', '=', number),
                ('gate_card_returned_at', '=', False), ('state', 'in', ('inside', 'out')), ('id', '!=', visit.id),
            ], limit=1)
            if other:
                raise coded_error('REC-34', self.env._(
                    "Gate card %(card)s is out with %(car)s. Take another card, or record its return.",
                    card=number, car=other.display_name))

    def _return_gate_card(self):
        self.filtered('gate_card_no')._guarded().write({'gate_card_returned_at': fields.Datetime.now()})

    def _leave(self, at=None):
        """The car leaves for good (or the visitor goes): everything owed to the customer is given back.

        A car that never came back from a temporary exit may be closed too; its exit becomes final.
        :raise UserError: REC-07 it is not here; or the gates of target `left`.
        """
        at = at or fields.Datetime.now()
        for visit in self:
            if visit.state not in ('inside', 'out'):
                raise coded_error('REC-07', self.env._(
                    "Visit %(name)s cannot leave: it is “%(state)s”.", name=visit.display_name,
                    state=dict(visit._fields['state']._description_selection(self.env))[visit.state]))
        self._ensure_no_blockers('left')
        self.exit_ids.filtered(lambda outing: outing.state == 'out')._guarded().write({'is_final': True})
        self._guarded().write({'state': 'left', 'left_at': at, 'location': 'away', 'location_note': False})
        return True

    # === BUSINESS METHODS - CHECK-IN === #

    def _create_check_in(self, kind='check_in'):
        """Create a sheet from the template of this car and mileage; whoever walks round it has met the customer."""
        self.ensure_one()
        self._greet()
        return self.env['aftersales.check.in'].create({'visit_id': self.id, 'kind': kind})

    def _recommendations(self):
        """What the sheets of these visits recommend, see `aftersales.check.in._recommendations`."""
        return self.check_in_ids._recommendations()

    # === BUSINESS METHODS - BATCH === #

    @api.model
    def _after_batch_intake(self, visits):
        """Hook: called once with the visits of a batch intake that have arrived; the next room adds orders.

        :return: an action to show what was made, or None for the list of visits.
        """
        return None

    def _ensure_sheet_open(self):
        """Refuse a change of what the customer signed on the check-in sheet (REC-20)."""
        for visit in self:
            signed = visit.check_in_ids.filtered(lambda sheet: sheet.kind == 'check_in' and sheet.state == 'done')
            if signed:
                raise coded_error('REC-20', self.env._(
                    "The check-in of %(car)s is finished and signed. Reopen it with a reason to change it.",
                    car=visit.display_name))

    # === BUSINESS METHODS - WELCOME BOARD === #

    @api.model
    def _welcome_plate(self, plate):
        """Return a plate that its owner recognises and nobody else can use: 苏E···30."""
        return plate and plate[:2] + '···' + plate[-2:] or ''

    def _welcome_line(self):
        """Return how a car that is here stands, for the screen in the hall; rooms say more.

        :rtype: dict  plate, name, label, tone (mute, info, ok, soon), promised (local time or '')
        """
        self.ensure_one()
        name = self.partner_id.name or self.driver_name or ''
        return {
            'plate': self._welcome_plate(self.license_plate or ''),
            'name': name[:1] and name[:1] + '**',
            'label': self.env._("On the road") if self.state == 'out' else self.env._("Being received"),
            'tone': 'mute',
            'promised': '',
        }
