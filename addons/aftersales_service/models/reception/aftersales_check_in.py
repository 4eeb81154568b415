from odoo import api, fields, models

from ..base.errors import coded_error

KINDS = [('check_in', "Walk-round"), ('pre_check', "Pre-check")]
FUEL_LEVELS = [
    ('empty', "Reserve"), ('1_4', "1/4"), ('1_2', "1/2"), ('3_4', "3/4"), ('full', "Full"),
]


class AftersalesCheckIn(models.Model):
    """The sheet of walking round one car with its customer: condition, damage, photos, lamps; or a pre-check.

    Lines come from the template of the car's model group and mileage. Finishing freezes it: it is what the customer
    signed. The results “soon” and “now” feed recommended jobs.
    """

    _name = 'aftersales.check.in'
    _description = "Check-In Sheet"
    _inherit = ['mail.thread', 'aftersales.guarded.mixin']
    _order = 'id desc'
    _check_company_auto = True
    _guarded_fields = frozenset({'state', 'done_at', 'done_by_id', 'signed_at'})
    # What stays open once the sheet is finished.
    _open_fields = frozenset({'state', 'done_at', 'done_by_id', 'signed_at', 'message_follower_ids', 'message_ids'})

    name = fields.Char(string="Number", readonly=True, copy=False, index=True)
    visit_id = fields.Many2one(
        comodel_name='aftersales.visit', required=True, ondelete='restrict', index=True, check_company=True)
    company_id = fields.Many2one(related='visit_id.company_id', store=True, index=True)
    vehicle_id = fields.Many2one(related='visit_id.vehicle_id', store=True, index='btree_not_null')
    partner_id = fields.Many2one(related='visit_id.partner_id')
    license_plate = fields.Char(related='visit_id.license_plate')
    kind = fields.Selection(selection=KINDS, required=True, default='check_in')
    state = fields.Selection(
        selection=[('draft', "Open"), ('done', "Finished")], default='draft', required=True, readonly=True, copy=False,
        tracking=True, index=True)
    template_id = fields.Many2one(
        comodel_name='aftersales.check.in.template', string="Template", compute='_compute_template_id', store=True,
        readonly=False, precompute=True, check_company=True, domain="[('kind', '=', kind)]")
    user_id = fields.Many2one(comodel_name='res.users', string="Checked by", default=lambda self: self.env.user)
    with_customer = fields.Boolean(string="Together with the Customer", default=True)

    # Condition
    covers_fitted = fields.Boolean(help="Seat, steering-wheel and mat covers are on before anybody gets in.")
    covers_pieces = fields.Integer(
        string="Pieces", compute='_compute_covers_pieces', store=True, readonly=False, precompute=True,
        help="Pieces of the cover set: three, or four where the brand asks for it.")
    odometer = fields.Integer(related='visit_id.odometer', readonly=False)
    odometer_unreadable = fields.Boolean(related='visit_id.odometer_unreadable', readonly=False)
    fuel_level = fields.Selection(selection=FUEL_LEVELS)
    battery_level = fields.Integer(string="Battery (%)", aggregator=None, help="High-voltage battery, electric cars.")
    lamp_ids = fields.Many2many(comodel_name='aftersales.dashboard.lamp', string="Warning Lamps")
    function_state = fields.Text(
        string="How It Works", help="State of function as found: what works, what does not, noises, smells.")
    line_ids = fields.One2many(comodel_name='aftersales.check.in.line', inverse_name='check_in_id', copy=False)
    damage_ids = fields.One2many(comodel_name='aftersales.check.in.damage', inverse_name='check_in_id')
    photo_ids = fields.One2many(comodel_name='aftersales.check.in.photo', inverse_name='check_in_id')
    soon_count = fields.Integer(compute='_compute_result_counts', store=True)
    now_count = fields.Integer(compute='_compute_result_counts', store=True)
    open_count = fields.Integer(string="Not Looked At", compute='_compute_result_counts', store=True)

    # Belongings and keys live on the visit; the sheet shows and prints them.
    belonging_ids = fields.One2many(related='visit_id.belonging_ids', readonly=False)
    no_belongings = fields.Boolean(related='visit_id.no_belongings', readonly=False)
    box_no = fields.Char(related='visit_id.box_no', readonly=False)
    valuables_reminded = fields.Boolean(related='visit_id.valuables_reminded', readonly=False)
    custody_ids = fields.One2many(related='visit_id.custody_ids', readonly=False)
    no_key_reason = fields.Selection(related='visit_id.no_key_reason', readonly=False)
    no_papers = fields.Boolean(related='visit_id.no_papers', readonly=False)
    request = fields.Text(related='visit_id.request', readonly=False)

    # Agreement
    signature = fields.Image(string="Customer's Signature", max_width=1024, max_height=1024, copy=False)
    signed_by = fields.Char(copy=False)
    signed_at = fields.Datetime(readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)

    _battery_range = models.Constraint(
        "CHECK (battery_level IS NULL OR (battery_level >= 0 AND battery_level <= 100))",
        "The battery level is between 0 and 100 %.")

    # === COMPUTE METHODS === #

    @api.depends('kind', 'visit_id')
    def _compute_template_id(self):
        for sheet in self:
            if sheet.template_id.kind == sheet.kind and sheet._origin:
                continue
            visit = sheet.visit_id
            sheet.template_id = self.env['aftersales.check.in.template']._find(
                sheet.kind, visit.vehicle_id, visit.odometer, visit.company_id)

    @api.depends('template_id')
    def _compute_covers_pieces(self):
        for sheet in self:
            sheet.covers_pieces = sheet.template_id.covers_pieces or 3

    @api.depends('line_ids.result')
    def _compute_result_counts(self):
        for sheet in self:
            results = sheet.line_ids.mapped('result')
            sheet.soon_count = results.count('soon')
            sheet.now_count = results.count('now')
            sheet.open_count = results.count(False)

    @api.depends('kind', 'name', 'license_plate')
    def _compute_display_name(self):
        labels = dict(self._fields['kind']._description_selection(self.env))
        for sheet in self:
            sheet.display_name = " · ".join(filter(None, [labels.get(sheet.kind), sheet.license_plate, sheet.name]))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get('name'):
                company = self.env['aftersales.visit'].browse(vals.get('visit_id')).company_id or self.env.company
                vals['name'] = self.env['ir.sequence'].with_company(company).next_by_code(self._name)
        sheets = super().create(vals_list)
        sheets.filtered(lambda sheet: not sheet.line_ids)._fill_from_template()
        sheets.filtered('signature')._guarded().write({'signed_at': fields.Datetime.now()})
        return sheets

    def write(self, vals):
        if not set(vals) <= self._open_fields:
            self._ensure_open()
        refill = self.browse()
        if 'template_id' in vals:
            refill = self.filtered(lambda sheet: sheet.template_id.id != vals['template_id'])
        result = super().write(vals)
        if 'signature' in vals:
            self._guarded().write({'signed_at': fields.Datetime.now() if vals['signature'] else False})
        for sheet in refill:
            sheet.line_ids.filtered(lambda line: not line.result).unlink()
            sheet._fill_from_template()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._ensure_open()

    # === ACTION METHODS === #

    def action_finish(self):
        """Finish the sheet; when the intake is not complete, say why with the cures."""
        self.ensure_one()
        if self.kind == 'check_in' and (action := self.visit_id._gate_action('checked_in', 'action_finish_check_in')):
            return action
        self._finish()
        return True

    def action_all_ok(self):
        """Everything nobody has looked at yet is fine."""
        self.line_ids.filtered(lambda line: not line.result).write({'result': 'ok'})

    def action_reopen(self):
        self._reopen()

    def action_print(self):
        report = 'report_check_in' if self[:1].kind == 'check_in' else 'report_pre_check'
        return self.env.ref(f'aftersales_service.{report}').report_action(self)

    def action_open_visit(self):
        self.ensure_one()
        return self.visit_id._form_action()

    def _form_action(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'views': [(False, 'form')], 'target': 'current',
        }

    # === BUSINESS METHODS === #

    def _finish(self):
        """Freeze the sheet; a walk-round needs the gates of target `checked_in` of its visit.

        :raise UserError: the gates (REC-11 to REC-32).
        """
        for sheet in self:
            sheet._ensure_open()
        self.filtered(lambda sheet: sheet.kind == 'check_in').visit_id._ensure_no_blockers('checked_in')
        self._guarded().write({'state': 'done', 'done_at': fields.Datetime.now(), 'done_by_id': self.env.uid})

    def _reopen(self, note=None):
        """Open a finished sheet again: the signature no longer covers it and is asked for anew."""
        for sheet in self:
            if sheet.state == 'done':
                if sheet.visit_id.state == 'left':
                    raise coded_error('REC-20', self.env._(
                        "The car of %(name)s has left: its check-in stays as it was signed.", name=sheet.display_name))
                sheet._guarded().write({'state': 'draft', 'done_at': False, 'done_by_id': False, 'signed_at': False})
                sheet.write({'signature': False})
                sheet._message_log(body=self.env._("Reopened. %(note)s", note=note or ''))

    def _ensure_open(self):
        """Refuse a change of what was signed (REC-20)."""
        for sheet in self:
            if sheet.state == 'done':
                raise coded_error('REC-20', self.env._(
                    "%(name)s is finished and signed. Reopen it to change it; the customer then signs again.",
                    name=sheet.display_name))

    def _fill_from_template(self):
        """Add the template's items that the sheet does not have yet."""
        vals_list = []
        for sheet in self:
            present = sheet.line_ids.template_line_id
            vals_list += [
                {'check_in_id': sheet.id, **line._prepare_check_line_vals()}
                for line in sheet.template_id.line_ids - present
            ]
        self.env['aftersales.check.in.line'].create(vals_list)

    def _recommendations(self):
        """Return what these sheets recommend: every item marked soon or now, urgent ones first.

        :return: list of dict(check_in_id, line_id, vehicle_id, name, result soon|now, note, zone, is_safety bool,
            labour_item_id id or False, package_id id or False).
        """
        lines = self.line_ids.filtered(lambda line: line.result in ('soon', 'now'))
        return [{
            'check_in_id': line.check_in_id.id,
            'line_id': line.id,
            'vehicle_id': line.check_in_id.vehicle_id.id,
            'name': line.name,
            'result': line.result,
            'note': line.note or '',
            'zone': line.zone,
            'is_safety': line.is_safety,
            'labour_item_id': line.labour_item_id.id,
            'package_id': line.package_id.id,
        } for line in lines.sorted(lambda line: (line.result != 'now', not line.is_safety, line.sequence, line.id))]
