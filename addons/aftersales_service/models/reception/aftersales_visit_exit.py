from odoo import api, fields, models

from ..base.errors import coded_error

PURPOSES = [
    ('road_test', "Road test"),
    ('sublet', "Sublet work outside"),
    ('fuel', "Fuel or charging"),
    ('inspection', "Vehicle inspection station"),
    ('customer', "Customer takes the car meanwhile"),
    ('other', "Other"),
]
LOCATION = {'road_test': 'road_test', 'sublet': 'sublet'}


class AftersalesVisitExit(models.Model):
    """One time the car leaves the gate without ending its visit; who drives and when it is due back are known."""

    _name = 'aftersales.visit.exit'
    _description = "Temporary Exit"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin']
    _order = 'id desc'
    _check_company_auto = True
    _guarded_fields = frozenset({'out_at', 'back_at', 'is_final', 'let_out_by_id', 'location_before'})

    visit_id = fields.Many2one(
        comodel_name='aftersales.visit', required=True, ondelete='restrict', index=True, check_company=True)
    company_id = fields.Many2one(related='visit_id.company_id', store=True, index=True)
    vehicle_id = fields.Many2one(related='visit_id.vehicle_id', store=True, index='btree_not_null')
    license_plate = fields.Char(related='visit_id.license_plate')
    purpose = fields.Selection(selection=PURPOSES, required=True, default='road_test')
    reason_id = fields.Many2one(comodel_name='aftersales.reason', domain=[('kind', '=', 'exit')])
    note = fields.Char()
    driver_id = fields.Many2one(
        comodel_name='hr.employee', string="Driver", check_company=True, index='btree_not_null',
        help="Our driver; must be appointed to move cars.")
    driver_name = fields.Char(string="Outside Driver", help="Customer, sublet workshop or delivery driver.")
    licence_seen = fields.Boolean(help="The outside driver's licence was looked at.")
    due_back = fields.Datetime()
    out_at = fields.Datetime(readonly=True, copy=False)
    back_at = fields.Datetime(readonly=True, copy=False)
    let_out_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)
    is_final = fields.Boolean(readonly=True, copy=False, help="The visit ended without the car coming back.")
    odometer_out = fields.Integer(string="Odometer Out", aggregator=None)
    odometer_back = fields.Integer(string="Odometer Back", aggregator=None)
    location_before = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        selection=[('planned', "Planned"), ('out', "Out"), ('back', "Back"), ('final', "Did not come back")],
        compute='_compute_state', store=True, index=True)
    is_overdue = fields.Boolean(compute='_compute_is_overdue', search='_search_is_overdue')

    _one_open = models.UniqueIndex(
        "(visit_id) WHERE state = 'out'", "[REC-08] This car is out already. Record its return first.")
    _due_after_out = models.Constraint(
        "CHECK (back_at IS NULL OR back_at >= out_at)", "A car cannot be back before it went out.")

    # === COMPUTE METHODS === #

    @api.depends('out_at', 'back_at', 'is_final')
    def _compute_state(self):
        for outing in self:
            if outing.is_final:
                outing.state = 'final'
            elif outing.back_at:
                outing.state = 'back'
            else:
                outing.state = 'out' if outing.out_at else 'planned'

    @api.depends('state', 'due_back')
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for outing in self:
            outing.is_overdue = outing.state == 'out' and bool(outing.due_back) and outing.due_back < now

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('state', '=', 'out'), ('due_back', '<', fields.Datetime.now())]

    @api.depends('purpose', 'visit_id')
    def _compute_display_name(self):
        labels = dict(self._fields['purpose']._description_selection(self.env))
        for outing in self:
            outing.display_name = f"{labels.get(outing.purpose, '')} · {outing.visit_id.display_name}"

    # === CRUD METHODS === #

    def write(self, vals):
        if {'visit_id', 'purpose', 'driver_id', 'driver_name', 'licence_seen', 'odometer_out'} & set(vals):
            for outing in self:
                if outing.state != 'planned':
                    raise coded_error('REC-08', self.env._(
                        "Exit %(name)s has happened: driver and purpose stay as they were.", name=outing.display_name))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_happened(self):
        for outing in self:
            if outing.out_at:
                raise coded_error('REC-33', self.env._(
                    "Exit %(name)s has happened and cannot be deleted.", name=outing.display_name))

    # === ACTION METHODS === #

    def action_go_out(self):
        self.ensure_one()
        if action := self._gate_action('out', 'action_go_out'):
            return action
        self._go_out()
        return {'type': 'ir.actions.act_window_close'}

    def action_come_back(self):
        self._come_back()

    # === BUSINESS METHODS === #

    def _gate_profile(self):
        self.ensure_one()
        return self.visit_id.profile_id

    def _blockers(self, target):
        """Target of this model: out."""
        result = super()._blockers(target)
        if target == 'out':
            for outing in self:
                result[outing] += [blocker for blocker in (outing._gate_driver(), outing._gate_due_back()) if blocker]
        return result

    def _gate_driver(self):
        """R-PERM-08: only appointed people drive a customer's car outside; outsiders show their licence."""
        self.ensure_one()
        if self.purpose == 'customer' or self.driver_id.aftersales_can_drive:
            return None
        if not self.driver_id and self.driver_name and self.licence_seen and self.purpose != 'road_test':
            return None
        who = self.driver_id.name or self.driver_name
        if who:
            message = self.env._(
                "%(who)s is not appointed to drive customers' cars. Name somebody who is.", who=who)
        else:
            message = self.env._(
                "Who drives %(car)s? Name a driver appointed to move cars.", car=self.visit_id.display_name)
        return self._blocker('driver_qualified', 'REC-09', message)

    def _gate_due_back(self):
        self.ensure_one()
        return not self.due_back and self._blocker('exit_due_back', 'REC-10', self.env._(
            "When is %(car)s due back?", car=self.visit_id.display_name))

    def _go_out(self, at=None):
        """Let the car out.

        :raise UserError: REC-08 the car is not inside or this exit is over; gates REC-09, REC-10.
        """
        at = at or fields.Datetime.now()
        for outing in self:
            if outing.state != 'planned' or outing.visit_id.state != 'inside':
                raise coded_error('REC-08', self.env._(
                    "%(car)s cannot go out: it is not inside, or this exit is over.", car=outing.visit_id.display_name))
        self._ensure_no_blockers('out')
        labels = dict(self._fields['purpose']._description_selection(self.env))
        for outing in self:
            visit, due = outing.visit_id, outing.due_back
            outing._guarded().write({'out_at': at, 'let_out_by_id': self.env.uid, 'location_before': visit.location})
            visit._guarded().write({
                'state': 'out', 'location': LOCATION.get(outing.purpose, 'away'), 'location_note': False})
            visit._message_log(body=self.env._(
                "Out: %(purpose)s, driver %(driver)s, due back %(due)s.",
                purpose=labels[outing.purpose],
                driver=outing.driver_id.name or outing.driver_name or visit.driver_name or "–",
                due=due and visit.company_id._aftersales_local_time(due).strftime('%m-%d %H:%M') or "–"))

    def _come_back(self, odometer=None, at=None):
        """The car is inside again, where it stood before."""
        at = at or fields.Datetime.now()
        for outing in self:
            if outing.state != 'out':
                raise coded_error('REC-08', self.env._("%(car)s is not out.", car=outing.visit_id.display_name))
        self._guarded().write({'back_at': at, **({'odometer_back': odometer} if odometer else {})})
        for outing in self:
            outing.visit_id._guarded().write({'state': 'inside', 'location': outing.location_before or 'waiting'})
            if outing.odometer_back:
                outing.vehicle_id._record_odometer(outing.odometer_back, source_record=outing.visit_id)
