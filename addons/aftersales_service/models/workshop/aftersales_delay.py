from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesDelay(models.Model):
    """A new time for work that takes longer: reported at once, and when the customer was told (R-PROC-61)."""

    _name = 'aftersales.delay'
    _description = "Delay"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'id desc'
    _guarded_fields = frozenset(
        {
            'order_id',
            'operation_id',
            'old_due_at',
            'new_due_at',
            'reason_id',
            'note',
            'reported_by_id',
            'reported_at',
            'informed_at',
            'informed_by_id',
            'informed_means',
        }
    )

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    operation_id = fields.Many2one('aftersales.operation', readonly=True, ondelete='restrict', index='btree_not_null')
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    old_due_at = fields.Datetime("Promised Before", readonly=True)
    new_due_at = fields.Datetime("New Time", required=True, readonly=True)
    reason_id = fields.Many2one('aftersales.reason', "Cause", required=True, readonly=True, ondelete='restrict')
    note = fields.Char(readonly=True)
    reported_by_id = fields.Many2one('res.users', required=True, readonly=True)
    reported_at = fields.Datetime(required=True, readonly=True)
    informed_at = fields.Datetime("Customer Told", readonly=True)
    informed_by_id = fields.Many2one('res.users', readonly=True)
    informed_means = fields.Selection(
        [('phone', "Phone"), ('message', "Message"), ('in_person', "In Person")],
        readonly=True,
    )

    _not_told_idx = models.Index("(company_id) WHERE informed_at IS NULL")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error(
                'WRK-41', self.env._("A delay is reported with “New time” on the operation or the order.")
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WRK-24', self.env._("Recorded facts of the workshop are not deleted."))

    # === ACTION METHODS === #

    def action_informed(self, means='phone'):
        """Stamp that the customer was told, and move the promise to the new time."""
        self._inform(means)
        return True

    # === BUSINESS METHODS === #

    def _inform(self, means='phone'):
        """Record that the customer was told of the new time; the promise follows.

        :param str means: phone, message or in_person.
        :raise UserError: WRK-42 not for this user.
        """
        self.check_access('read')
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_receptionist')):
            raise coded_error('WRK-42', self.env._("The service advisor tells the customer and stamps it."))
        for delay in self.sudo().filtered(lambda delay: not delay.informed_at):
            delay._guarded().write(
                {
                    'informed_at': fields.Datetime.now(),
                    'informed_by_id': self.env.uid,
                    'informed_means': means,
                }
            )
            order = delay.order_id
            order._promise(delay.new_due_at, reason=delay.reason_id, note=delay.note)
            order.activity_feedback(['aftersales_service.mail_activity_delay'], feedback=self.env._("Customer told"))
            order._advance()
