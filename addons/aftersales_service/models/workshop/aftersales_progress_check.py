from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesProgressCheck(models.Model):
    """The advisor asked how it goes: the half-hourly look (R-PROC-66), or the inquiry at 50 to 80 % (R-PROC-67)."""

    _name = 'aftersales.progress.check'
    _description = "Progress Check"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'at desc, id desc'
    _guarded_fields = frozenset(
        {'order_id', 'kind', 'at', 'due_at', 'is_late', 'result', 'measure', 'new_due_at', 'note', 'user_id'}
    )

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    kind = fields.Selection(
        [('tracking', "Progress Check"), ('inquiry', "Progress Inquiry")], required=True, readonly=True, index=True
    )
    at = fields.Datetime("Asked At", required=True, readonly=True)
    due_at = fields.Datetime("Due At", readonly=True)
    is_late = fields.Boolean(readonly=True, help="Asked after it was due.")
    result = fields.Selection([('on_time', "On Time"), ('abnormal', "Abnormal")], required=True, readonly=True)
    measure = fields.Char("Measure", readonly=True, help="What is done about it.")
    new_due_at = fields.Datetime("New Time", readonly=True)
    note = fields.Char(readonly=True)
    user_id = fields.Many2one('res.users', "Asked By", required=True, readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('WRK-43', self.env._("A progress check is logged with its button on the order."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WRK-24', self.env._("Recorded facts of the workshop are not deleted."))
