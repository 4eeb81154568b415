from odoo import api, fields, models

from .errors import coded_error


class AftersalesOverride(models.Model):
    """One gate passed on one record, with a reason. Never changed, never deleted: overrides are counted."""

    _name = 'aftersales.override'
    _description = "Override of a gate"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'id desc'
    _rec_name = 'res_name'
    _guarded_fields = frozenset({
        'gate', 'code', 'target', 'message', 'res_model', 'res_id', 'res_name', 'reason_id', 'note', 'user_id',
        'profile_id', 'company_id',
    })

    gate = fields.Selection('_selection_gate', string="Gate rule", required=True, readonly=True, index=True)
    code = fields.Char(readonly=True, help="Code of the reason that stood in the way.")
    target = fields.Char("Target Step", readonly=True, help="Step that was asked for.")
    message = fields.Text(readonly=True)
    res_model = fields.Char(string="Document type", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Document ID", model_field='res_model', required=True, readonly=True)
    res_name = fields.Char(string="Document", readonly=True)
    reason_id = fields.Many2one('aftersales.reason', required=True, readonly=True, index=True, ondelete='restrict')
    note = fields.Text(readonly=True)
    user_id = fields.Many2one('res.users', string="Overridden by", required=True, readonly=True, index=True)
    profile_id = fields.Many2one('aftersales.profile', readonly=True, index='btree_not_null', ondelete='restrict')
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    count = fields.Integer(string="Overrides", default=1, readonly=True, aggregator='sum')

    _record_idx = models.Index("(res_model, res_id)")

    # === SELECTION METHODS === #

    @api.model
    def _selection_gate(self):
        return self.env['aftersales.profile.gate']._selection_code()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('BAS-01', self.env._("An override is recorded by the dialog that explains the gate."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('BAS-05', self.env._("Overrides are kept: they are counted. They cannot be deleted."))

    # === ACTION METHODS === #

    def action_open_record(self):
        """Open the document on which the gate was overridden."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self.res_model,
            'res_id': self.res_id,
            'views': [(False, 'form')],
        }
