from odoo import fields, models


class AftersalesAppointment(models.Model):
    _inherit = 'aftersales.appointment'

    def _after_confirm(self):
        """Reserve the parts an appointment wishes for (R-PROC-06); cancelling gives them back with the order."""
        result = super()._after_confirm()
        orders = self.sudo().order_id.filtered(lambda order: order.outcome == 'open')
        orders.filtered(lambda order: order.warehouse_id and order._parts_lines())._request_parts()
        return result

    def _aftersales_is_prepicked(self):
        """Tell whether all parts of the booked work were reserved before the customer came (R-KPI-31).

        Reservations have no history of their own: what counts is that everything was free when it was asked for before
        the arrival, or that its goods were set aside before it.
        """
        self.ensure_one()
        order = self.order_id
        moment = self.arrived_at or fields.Datetime.now()
        lines = order._parts_lines()
        for line in lines:
            covered = 0.0
            for request in line.request_ids:
                if request.asked_at <= moment and (
                    request.filled_at_once or any(
                        move.state in ('assigned', 'done') and all(goods.create_date <= moment for goods in move.move_line_ids)
                        for move in request.move_ids
                    )
                ):
                    covered += request.asked_qty
            if line.product_uom_id.compare(covered, line.quantity) < 0:
                return False
        return bool(lines)
