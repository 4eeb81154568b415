from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesRoadTest(models.Model):
    """A road test: who drove, how far, how long, what was found (R-PROC-75)."""

    _name = 'aftersales.road.test'
    _description = "Road Test"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'start_at desc, id desc'
    _guarded_fields = frozenset(
        {
            'order_id',
            'check_id',
            'tester_id',
            'start_at',
            'stop_at',
            'odometer_start',
            'odometer_end',
            'findings',
            'is_ok',
        }
    )

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    check_id = fields.Many2one('aftersales.quality.check', readonly=True, ondelete='set null', index='btree_not_null')
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    tester_id = fields.Many2one('hr.employee', required=True, readonly=True, ondelete='restrict')
    start_at = fields.Datetime(required=True, readonly=True)
    stop_at = fields.Datetime(readonly=True)
    odometer_start = fields.Integer("Odometer Out (km)", readonly=True)
    odometer_end = fields.Integer("Odometer Back (km)", readonly=True)
    distance = fields.Integer("Driven (km)", compute='_compute_distance', store=True)
    findings = fields.Text(readonly=True)
    is_ok = fields.Boolean("In Order", readonly=True)

    _distance_positive = models.Constraint(
        'CHECK(odometer_end >= odometer_start)',
        "[WRK-61] The odometer after the road test is lower than before. Check both readings.",
    )
    _times = models.Constraint(
        'CHECK(stop_at IS NULL OR stop_at >= start_at)', "[WRK-62] A road test ends after it starts."
    )

    @api.depends('odometer_start', 'odometer_end')
    def _compute_distance(self):
        for test in self:
            test.distance = test.odometer_end - test.odometer_start

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('WRK-60', self.env._("A road test is recorded with its button on the order."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WRK-24', self.env._("Recorded facts of the workshop are not deleted."))
