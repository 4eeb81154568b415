from odoo import api, fields, models


class AftersalesRoadTestWizard(models.TransientModel):
    """Record a road test: who drove, how far, what was found (R-PROC-75)."""

    _name = 'aftersales.road.test.wizard'
    _description = "Record a Road Test"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    company_id = fields.Many2one(related='order_id.company_id')
    employee_id = fields.Many2one(
        'hr.employee.public', "Driver", domain="[('company_id', '=', company_id)]",
        help="Empty: yourself. A team leader records for others.",
    )
    start_at = fields.Datetime("From")
    stop_at = fields.Datetime("Until", required=True, default=fields.Datetime.now)
    odometer_start = fields.Integer("Odometer Out (km)", compute='_compute_odometer', store=True, readonly=False)
    odometer_end = fields.Integer("Odometer Back (km)", compute='_compute_odometer', store=True, readonly=False)
    is_ok = fields.Boolean("In Order", default=True)
    findings = fields.Text()

    @api.depends('order_id')
    def _compute_odometer(self):
        for wizard in self:
            wizard.odometer_start = wizard.odometer_end = wizard.order_id._road_test_odometer()

    def action_confirm(self):
        self.ensure_one()
        self.order_id._road_test(
            self.odometer_start,
            self.odometer_end,
            employee=self.env['hr.employee'].browse(self.employee_id.id),
            findings=self.findings,
            is_ok=self.is_ok,
            start_at=self.start_at,
            stop_at=self.stop_at,
        )
        return {'type': 'ir.actions.act_window_close'}
