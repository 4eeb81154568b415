from odoo import api, fields, models

from .const import COVERAGE_STATES


class AftersalesRepairOrder(models.Model):
    """Coverage at intake: what the car is covered for, and who pays by it (R-WAR-01, R-PROC-31)."""

    _inherit = 'aftersales.repair.order'

    coverage_state = fields.Selection(COVERAGE_STATES, "Warranty", compute='_compute_coverage')
    coverage_reason = fields.Char("Why", compute='_compute_coverage')

    @api.depends('vehicle_id')
    def _compute_coverage(self):
        """Tell what the car as a whole was covered for when it came in; each job has its own answer."""
        with_car = self.filtered('vehicle_id')
        Coverage = self.env['aftersales.coverage']
        found = Coverage._of_orders(with_car)
        for order in self:
            coverage = found.get(order)
            order.coverage_state = coverage.state if coverage else False
            order.coverage_reason = Coverage._sentence(coverage) if coverage else False

    def _intake_day(self):
        """Return the business day on which the car came in first: coverage is judged on that day."""
        self.ensure_one()
        arrivals = [visit.arrived_at for visit in self.visit_ids if visit.arrived_at]
        return self.company_id._aftersales_today(min(arrivals, default=self.create_date))
