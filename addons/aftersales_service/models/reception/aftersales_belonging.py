from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesBelonging(models.Model):
    """A thing of the customer that stays with us: counted at intake, signed for, compared at the exit."""

    _name = 'aftersales.belonging'
    _description = "Belonging"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'visit_id, id'
    _check_company_auto = True
    _guarded_fields = frozenset({'recheck_state', 'recheck_note', 'rechecked_at', 'rechecked_by_id'})

    visit_id = fields.Many2one(
        comodel_name='aftersales.visit', required=True, ondelete='cascade', index=True, check_company=True)
    company_id = fields.Many2one(related='visit_id.company_id', store=True, index=True)
    name = fields.Char(string="Belonging", required=True)
    quantity = fields.Integer(default=1, required=True)
    note = fields.Char(string="Condition")
    recheck_state = fields.Selection(
        selection=[('ok', "Complete"), ('missing', "Missing"), ('damaged', "Damaged")], string="At Exit", readonly=True,
        copy=False)
    recheck_note = fields.Char(readonly=True, copy=False)
    rechecked_at = fields.Datetime(readonly=True, copy=False)
    rechecked_by_id = fields.Many2one(comodel_name='res.users', readonly=True, copy=False)

    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "Count at least one piece.")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env['aftersales.visit'].browse({vals['visit_id'] for vals in vals_list})._ensure_sheet_open()
        return super().create(vals_list)

    def write(self, vals):
        if {'visit_id', 'name', 'quantity', 'note'} & set(vals):
            self.visit_id._ensure_sheet_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self.visit_id._ensure_sheet_open()

    # === ACTION METHODS === #

    def action_missing(self):
        self._recheck_difference('missing')

    def action_damaged(self):
        self._recheck_difference('damaged')

    def action_ok(self):
        self._recheck_difference('ok')

    # === BUSINESS METHODS === #

    def _recheck_difference(self, state, note=None):
        """Record how one thing was found at the exit; a difference goes to the service manager (R-PROC-87)."""
        for belonging in self:
            if belonging.visit_id.state not in ('inside', 'out'):
                raise coded_error('REC-07', self.env._(
                    "Visit %(name)s is over or has not begun: nothing can be checked.",
                    name=belonging.visit_id.display_name))
        self._guarded().write({
            'recheck_state': state, 'recheck_note': note, 'rechecked_at': fields.Datetime.now(),
            'rechecked_by_id': self.env.uid,
        })
        for visit, belongings in self.grouped('visit_id').items():
            if state != 'ok':
                visit._report_difference(belongings)
            if all(belonging.recheck_state for belonging in visit.belonging_ids):
                visit._guarded().write({
                    'belongings_rechecked_at': fields.Datetime.now(), 'belongings_rechecked_by_id': self.env.uid})
