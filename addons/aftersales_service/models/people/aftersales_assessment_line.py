from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesAssessmentLine(models.Model):
    """One criterion on a sheet: 0 to 100 points."""

    _name = 'aftersales.assessment.line'
    _description = "Line of an assessment"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'assessment_id, criterion_id, id'
    _rec_name = 'criterion_id'
    _guarded_fields = frozenset({'assessment_id', 'criterion_id', 'weight', 'fact', 'is_automatic'})

    assessment_id = fields.Many2one('aftersales.assessment', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='assessment_id.company_id', store=True, index=True, precompute=True)
    state = fields.Selection(related='assessment_id.state')
    criterion_id = fields.Many2one('aftersales.assessment.criterion', required=True, readonly=True, ondelete='restrict', index=True)
    group = fields.Selection(related='criterion_id.group', store=True, precompute=True)
    weight = fields.Float(readonly=True)
    score = fields.Float(digits=(6, 2), help="0 to 100.")
    is_scored = fields.Boolean(string="Scored", help="Ticked by entering a score.")
    fact = fields.Float(readonly=True, help="The month's figure, where a fact scores the criterion.")
    is_automatic = fields.Boolean(string="By fact", readonly=True, help="Scored by a fact of the month, not by hand.")
    comment = fields.Char(string="Assessor's words")
    note_count = fields.Integer(compute='_compute_notes', string="Number of notes")
    notes = fields.Text(string="Spot notes", compute='_compute_notes', help="What was noted on the spot this month.")

    _score_range = models.Constraint('CHECK(score BETWEEN 0 AND 100)', "A score lies between 0 and 100.")

    @api.depends('assessment_id', 'criterion_id')
    def _compute_notes(self):
        found = {}
        if sheets := self.assessment_id:
            for note in self.env['aftersales.assessment.note'].search(sheets._note_domain(), order='date'):
                found.setdefault((note.employee_id, note.date.replace(day=1), note.criterion_id), []).append(note)
        for line in self:
            notes = found.get((line.assessment_id.employee_id, line.assessment_id.month, line.criterion_id), [])
            line.note_count = len(notes)
            line.notes = "\n".join(f'{note.date} {"＋" if note.is_good else "－"} {note.text}' for note in notes)

    @api.onchange('score')
    def _onchange_score(self):
        self.is_scored = True

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('PPL-61', self.env._("The criteria of a sheet are those of its month."))
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_guarded():
            self.check_access('write')
            self.assessment_id._ensure_editable()
            if vals.keys() & {'score', 'is_scored'} and (fixed := self.filtered('is_automatic')):
                raise coded_error('PPL-70', self.env._(
                    "“%(criterion)s” is scored by a fact of the month. Correct the fact, or write a comment.",
                    criterion=fixed[0].criterion_id.name))
            if 'score' in vals:
                vals = {'is_scored': True, **vals}
        return super().write(vals)
