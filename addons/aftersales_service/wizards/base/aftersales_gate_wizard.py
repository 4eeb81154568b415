from odoo import Command, api, fields, models

from ...models.base.const import GATE_LEVELS
from ...models.base.errors import coded_error


class AftersalesGateWizard(models.TransientModel):
    """Dialog that says why a document may not go on yet: every reason, its cure, and the way past it."""

    _name = 'aftersales.gate.wizard'
    _description = "Why not yet"
    _rec_name = 'record_name'

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    target = fields.Char("Target Step", required=True, readonly=True)
    method = fields.Char(readonly=True)
    record_name = fields.Char(compute='_compute_record_name')
    line_ids = fields.One2many('aftersales.gate.wizard.line', 'wizard_id', readonly=True)
    is_free = fields.Boolean(compute='_compute_state')
    can_override = fields.Boolean(compute='_compute_state')
    reason_id = fields.Many2one('aftersales.reason', domain=[('kind', '=', 'override')])
    note = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends('res_model', 'res_id')
    def _compute_record_name(self):
        for wizard in self:
            wizard.record_name = wizard._record().display_name

    @api.depends('line_ids.level', 'line_ids.can_override')
    def _compute_state(self):
        for wizard in self:
            stops = wizard.line_ids.filtered(lambda line: line.level != 'warn')
            wizard.is_free = not stops
            # Only when the override opens the way: a reason typed for nothing is worse than none.
            wizard.can_override = bool(stops) and all(stops.mapped('can_override'))

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        # The screen asks for its own fields only; what the lines depend on is not among them.
        document = super().default_get(['res_model', 'res_id', 'target'])
        if 'line_ids' in fields and len(document) == 3:
            record = self._browse_record(document['res_model'], document['res_id'])
            values['line_ids'] = [Command.create(vals) for vals in self._line_vals(record, document['target'])]
        return values

    # === ACTION METHODS === #

    def action_refresh(self):
        """Ask again: something was cured meanwhile."""
        self.ensure_one()
        return self._record().action_explain(self.target, self.method)

    def action_override(self):
        """Pass the reasons with a reason, then go on."""
        self.ensure_one()
        if not self.reason_id:
            raise coded_error('BAS-08', self.env._("Choose a reason for the override."))
        if self.reason_id.note_required and not (self.note or '').strip():
            raise coded_error('BAS-08', self.env._(
                "The reason “%(reason)s” needs a few words of explanation.", reason=self.reason_id.name,
            ))
        self._record()._override(self.target, self.reason_id, self.note)
        return self.action_continue()

    def action_continue(self):
        """Go on with the step for which the dialog was opened; the step checks its gates itself."""
        self.ensure_one()
        record = self._record()
        # Only what a button of the document could call anyway.
        if self.method and self.method.startswith('action_') and hasattr(record, self.method):
            return getattr(record, self.method)()
        return {'type': 'ir.actions.act_window_close'}

    # === BUSINESS METHODS === #

    @api.model
    def _browse_record(self, model, res_id):
        """Return the document, which must be one that passes gates and that the user may read."""
        mixin = self.env.registry['aftersales.gate.mixin']
        if model not in self.env or not issubclass(self.env.registry[model], mixin):
            raise coded_error('BAS-09', self.env._("“%(model)s” has no gates to explain.", model=model))
        record = self.env[model].browse(res_id)
        record.check_access('read')
        return record

    def _record(self):
        self.ensure_one()
        return self._browse_record(self.res_model, self.res_id)

    @api.model
    def _line_vals(self, record, target):
        """Return the values of one line per reason, what stops first."""
        order = {'block': 0, 'override': 1, 'warn': 2}
        blockers = sorted(record._open_blockers(target)[record], key=lambda blocker: order[blocker.level])
        return [{
            'code': blocker.code,
            'gate': blocker.gate,
            'message': blocker.message,
            'level': blocker.level,
            'cure_label': blocker.cure and blocker.cure['label'],
            'cure_action': blocker.cure and blocker.cure['action'],
            'can_override': record._can_override(blocker),
        } for blocker in blockers]


class AftersalesGateWizardLine(models.TransientModel):
    """One reason in the dialog."""

    _name = 'aftersales.gate.wizard.line'
    _description = "Reason why not yet"

    wizard_id = fields.Many2one('aftersales.gate.wizard', required=True, ondelete='cascade', index=True)
    code = fields.Char(readonly=True)
    gate = fields.Char("Gate rule", readonly=True)
    message = fields.Char(readonly=True)
    level = fields.Selection(GATE_LEVELS, readonly=True)
    cure_label = fields.Char(string="Cure", readonly=True)
    cure_action = fields.Json(readonly=True)
    can_override = fields.Boolean(readonly=True)

    def action_cure(self):
        """Open the place where this reason goes away."""
        self.ensure_one()
        if not self.cure_action:
            return self.wizard_id.action_refresh()
        return self.cure_action
