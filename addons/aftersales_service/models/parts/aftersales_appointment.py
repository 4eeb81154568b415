from odoo import models


class AftersalesAppointment(models.Model):
    _inherit = 'aftersales.appointment'

    def _after_confirm(self):
        """Reserve the parts an appointment wishes for (R-PROC-06); cancelling gives them back with the order."""
        result = super()._after_confirm()
        orders = self.sudo().order_id.filtered(lambda order: order.outcome == 'open')
        orders.filtered(lambda order: order.warehouse_id and order._parts_lines())._request_parts()
        return result
