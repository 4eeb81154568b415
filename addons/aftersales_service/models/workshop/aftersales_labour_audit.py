from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesLabourAudit(models.Model):
    """One correction of a clock time: what it was, what it became, who changed it and why. Never edited."""

    _name = 'aftersales.labour.audit'
    _description = "Clock Correction"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'id desc'
    _guarded_fields = frozenset(
        {
            'time_id',
            'old_start',
            'old_stop',
            'new_start',
            'new_stop',
            'reason_id',
            'note',
            'user_id',
        }
    )

    time_id = fields.Many2one('aftersales.labour.time', required=True, readonly=True, ondelete='cascade', index=True)
    employee_id = fields.Many2one(related='time_id.employee_id', store=True, index=True)
    company_id = fields.Many2one(related='time_id.company_id', store=True, index=True)
    old_start = fields.Datetime(readonly=True)
    old_stop = fields.Datetime(readonly=True)
    new_start = fields.Datetime(readonly=True)
    new_stop = fields.Datetime(readonly=True)
    reason_id = fields.Many2one('aftersales.reason', readonly=True, ondelete='restrict')
    note = fields.Char(readonly=True)
    user_id = fields.Many2one('res.users', "Changed By", required=True, readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('WRK-23', self.env._("Corrections are recorded when a clock time is corrected."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WRK-24', self.env._("Corrections of clock times are not deleted."))
