from odoo import api, fields, models

from ..base.errors import coded_error
from .const import CHECK_LEVELS


class AftersalesQualityCheck(models.Model):
    """One check of finished work: process, self, team leader, final, sample. Recorded once; void when work is redone."""

    _name = 'aftersales.quality.check'
    _description = "Quality Check"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'at desc, id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset(
        {
            'name',
            'order_id',
            'level',
            'is_stage',
            'operation_ids',
            'result',
            'checker_id',
            'at',
            'note',
            'advice',
            'defect_ids',
            'responsible_ids',
            'measure_ids',
            'is_void',
            'void_note',
            'warranty_until',
            'warranty_km',
            'care_note',
            'recorded_by_id',
            'rework_operation_id',
        }
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index='trigram')
    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    vehicle_id = fields.Many2one(related='order_id.vehicle_id')
    license_plate = fields.Char(related='order_id.license_plate')
    level = fields.Selection(CHECK_LEVELS, required=True, readonly=True, index=True)
    is_stage = fields.Boolean(
        "Stage Check", readonly=True, help="Covers one department's work only, before the next one starts."
    )
    operation_ids = fields.Many2many(
        'aftersales.operation',
        'aftersales_quality_check_operation_rel',
        'check_id',
        'operation_id',
        string="Work Covered",
        readonly=True,
    )
    result = fields.Selection([('passed', "Passed"), ('failed', "Failed")], required=True, readonly=True, index=True)
    checker_id = fields.Many2one(
        'hr.employee', "Checked By", required=True, readonly=True, ondelete='restrict', index=True
    )
    recorded_by_id = fields.Many2one('res.users', readonly=True)
    at = fields.Datetime("Checked", required=True, readonly=True)
    note = fields.Text(readonly=True)
    advice = fields.Text("Repair Advice", readonly=True, help="What the team leader advises the customer.")
    care_note = fields.Text(
        "Care Note", readonly=True, help="What the customer should mind; printed on the certificate."
    )
    measure_ids = fields.One2many('aftersales.quality.measure', 'check_id', "Items", readonly=True)
    road_test_ids = fields.One2many('aftersales.road.test', 'check_id', "Road Tests", readonly=True)

    # Failed
    defect_ids = fields.Many2many('aftersales.quality.defect', string="Defects", readonly=True)
    responsible_ids = fields.Many2many(
        'hr.employee',
        'aftersales_quality_check_responsible_rel',
        'check_id',
        'employee_id',
        string="Responsible",
        readonly=True,
    )
    rework_operation_id = fields.Many2one('aftersales.operation', "Rework", readonly=True, ondelete='set null')

    # Passed: the repair's own warranty (R-PROC-76)
    warranty_until = fields.Date(readonly=True)
    warranty_km = fields.Integer("Warranty Until (km)", readonly=True)

    is_void = fields.Boolean(readonly=True, help="The work was taken up again; the check counts no more.")
    void_note = fields.Char(readonly=True)
    is_current = fields.Boolean("Counts", compute='_compute_is_current', store=True)

    # === COMPUTE METHODS === #

    @api.depends('is_void', 'result')
    def _compute_is_current(self):
        for check in self:
            check.is_current = check.result == 'passed' and not check.is_void

    @api.depends('name', 'level')
    def _compute_display_name(self):
        labels = dict(self._fields['level']._description_selection(self.env))
        for check in self:
            check.display_name = ' · '.join(
                part for part in (check.name, labels.get(check.level)) if part and part != '/'
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('WRK-85', self.env._("A check is recorded with “Pass” or “Fail”, not typed in."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WRK-24', self.env._("Recorded facts of the workshop are not deleted."))

    # === ACTION METHODS === #

    def action_print_sheet(self):
        """Print the process or completion inspection sheet (R-DOC-07)."""
        return self.env.ref('aftersales_service.action_report_inspection_sheet').report_action(self)

    def action_print_certificate(self):
        """Print the exit certificate (R-DOC-06); only after a pass that still counts.

        :raise UserError: WRK-79.
        """
        self._ensure_certifiable()
        return self.env.ref('aftersales_service.action_report_exit_certificate').report_action(self)

    # === BUSINESS METHODS === #

    def _void(self, note):
        """Let checks count no more, since what they covered is worked on again."""
        self.sudo().filtered(lambda check: not check.is_void)._guarded().write({'is_void': True, 'void_note': note})

    def _attach_sudo(self, photos):
        """Attach photos of what was found; sudo: recording the check was allowed."""
        for check in self:
            check.order_id._attach_photos_sudo(check, photos)

    def _ensure_certifiable(self):
        """Refuse a certificate without the pass that lets the car leave (R-PROC-76): never off.

        :raise UserError: WRK-79.
        """
        for check in self:
            if not check.is_current or check.is_stage or check != check.order_id._releasing_check():
                raise coded_error(
                    'WRK-79',
                    self.env._(
                        "%(order)s has no passed inspection that still counts, so there is no certificate yet.",
                        order=check.order_id.display_name,
                    ),
                )
