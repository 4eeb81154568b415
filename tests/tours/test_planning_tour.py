from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import tagged

from .common import DeskHttpCase


@tagged('is_tour')
class TestPlanningTour(DeskHttpCase):
    """The parts planner's and the parts manager's screens in a browser."""

    def test_planned_and_approved(self):
        """R-PART-08, R-PART-09: computed and proposed by one, approved by another; limits and a request for quotation stand."""
        self._role('parts_planner')
        self._role('parts_manager')
        self._set_gate('order_plan_other_person', 'block')
        self.company.write({'aftersales_safety_days': 7, 'aftersales_order_cycle_days': 10})
        vendor = self.env['res.partner'].create({'name': "Parts factory"})
        part = self._make_part(
            "Filter", cost=20.0, on_hand=10, aftersales_is_part=True,
            seller_ids=[Command.create({'partner_id': vendor.id, 'price': 20.0, 'delay': 5})],
        )
        first = self.company._aftersales_today().replace(day=1)
        self.env['aftersales.lost.sale'].create([
            {'product_id': part.id, 'quantity': 60, 'date': first - relativedelta(months=months)} for months in range(1, 13)
        ])
        self._open('parts-order-plans', 'aftersales_plan_orders', 'test_parts_planner')
        plan = self.env['aftersales.order.plan'].search([('company_id', '=', self.company.id)])
        self.assertRecordValues(plan, [{'state': 'proposed', 'order_count': 1}])
        self.assertRecordValues(plan.line_ids, [{'quantity': 34.0, 'min_qty': 24.0, 'max_qty': 44.0}])
        self._open('parts-order-plans', 'aftersales_plan_approve', 'test_parts_manager')
        self.assertRecordValues(plan, [{'state': 'approved', 'approved_by_id': self._role('parts_manager').id}])
        limits = self.env['stock.warehouse.orderpoint'].search([('product_id', '=', part.id)])
        self.assertRecordValues(limits, [{'product_min_qty': 24.0, 'product_max_qty': 44.0, 'trigger': 'manual'}])
        purchase = plan.purchase_ids
        self.assertRecordValues(purchase, [{'partner_id': vendor.id, 'state': 'draft', 'origin': plan.name}])
        self.assertRecordValues(purchase.order_line, [{'product_id': part.id, 'product_qty': 24.0, 'price_unit': 20.0}])
