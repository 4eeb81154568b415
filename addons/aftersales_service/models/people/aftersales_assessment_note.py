from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..base.errors import coded_error
from .const import MANAGER_GROUPS


class AftersalesAssessmentNote(models.Model):
    """Something seen on the spot during the month, good or bad; it stands beside the criterion on the sheet (R-ASM-21)."""

    _name = 'aftersales.assessment.note'
    _description = "Spot note"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'date desc, id desc'
    _rec_name = 'text'
    _guarded_fields = frozenset({'noted_by_id', 'record_id', 'proposal_id'})

    company_id = fields.Many2one('res.company', required=True, readonly=True, default=lambda self: self.env.company, index=True)
    employee_id = fields.Many2one('hr.employee', required=True, ondelete='restrict', index=True)
    criterion_id = fields.Many2one('aftersales.assessment.criterion', required=True, ondelete='restrict', index=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today(), index=True)
    is_good = fields.Boolean(string="Worth praise")
    text = fields.Char(required=True)
    photo_ids = fields.Many2many('ir.attachment', 'aftersales_assessment_note_photo_rel', 'note_id', 'attachment_id', string="Photos")
    needs_training = fields.Boolean(string="Training", help="The person should learn this; filter the notes to plan a training.")
    witness_id = fields.Many2one('hr.employee', ondelete='restrict')
    noted_by_id = fields.Many2one('res.users', readonly=True, copy=False, default=lambda self: self.env.user)
    record_id = fields.Many2one('aftersales.conduct.record', string="Case", readonly=True, copy=False, index='btree_not_null')
    proposal_id = fields.Many2one('aftersales.conduct.proposal', string="Fact", readonly=True, copy=False, index='btree_not_null')

    @api.constrains('date')
    def _check_date(self):
        for note in self:
            if note.date > note.company_id._aftersales_today():
                raise coded_error('PPL-12', self.env._("A note is about something seen, not about the future."), ValidationError)

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        notes._ensure_own_people()
        notes._ensure_not_used()
        return notes

    def write(self, vals):
        if not self._is_guarded():
            self.check_access('write')
            self._ensure_not_used()
        result = super().write(vals)
        if not self._is_guarded() and vals.keys() & {'employee_id', 'date', 'company_id'}:
            self._ensure_own_people()
            self._ensure_not_used()
            if not self.env.su and self.company_id - self.env.companies:
                raise coded_error('PPL-11', self.env._("The record belongs to a company you do not work for."), AccessError)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._ensure_not_used()

    def _ensure_own_people(self):
        """Leaders note what their own people do; managers and HR everybody; nobody himself.

        :raise UserError: PPL-13 himself, PPL-14 not his people.
        """
        if self.env.su:
            return
        people = None
        for note in self:
            if note.employee_id.sudo().user_id == self.env.user:
                raise coded_error('PPL-13', self.env._("Nobody writes notes about himself."))
            if not self.env.user.has_groups(MANAGER_GROUPS):
                people = self.env['aftersales.conduct.record']._own_people_sudo() if people is None else people
                if note.employee_id not in people and note.company_id._aftersales_gate('conduct_own_people') in ('block', 'override'):
                    raise coded_error('PPL-14', self.env._("%(person)s is not one of your people.", person=note.employee_id.name))

    def _ensure_not_used(self):
        """What an approved sheet rests on stays as it was (PPL-60)."""
        for note in self:
            if self.env['aftersales.assessment'].sudo().search_count([
                ('employee_id', '=', note.employee_id.id), ('month', '=', note.date.replace(day=1)), ('state', '=', 'approved'),
            ], limit=1):
                raise coded_error('PPL-60', self.env._("The sheet of that month is approved; its notes stay as they are."))

    def action_open_case(self):
        """Make a case of the note: a reward or penalty is proposed, filled from it."""
        self.ensure_one()
        if self.record_id:
            return self.record_id._get_records_action()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'aftersales.conduct.record', 'view_mode': 'form',
            'context': {
                'default_kind': 'reward' if self.is_good else 'penalty', 'default_employee_id': self.employee_id.id,
                'default_act_date': self.date, 'default_discovered_on': self.date, 'default_summary': self.text,
            },
        }
