from odoo import fields, models


class AftersalesAppointment(models.Model):
    _inherit = 'aftersales.appointment'

    order_id = fields.Many2one(
        'aftersales.repair.order', "Repair Order", readonly=True, copy=False, index='btree_not_null', check_company=True,
        help="Prepared from the wishes when the appointment was confirmed, so that parts and hours are kept (R-PROC-06).",
    )

    def _after_confirm(self):
        """Prepare the order of each appointment with wishes; the parts room reserves on it (R-PROC-06)."""
        result = super()._after_confirm()
        for appointment in self.sudo():
            if (appointment.line_ids or appointment.package_id) and appointment.vehicle_id and not appointment.order_id:
                appointment.order_id = appointment._prepare_order_sudo()
        return result

    def _after_release(self):
        """Give up the prepared order of an appointment that was cancelled or not kept, unless the car is here."""
        result = super()._after_release()
        orders = self.sudo().order_id.filtered(lambda order: order.outcome == 'open' and not order.visit_ids)
        reason = self.env['aftersales.reason'].sudo().search([('kind', '=', 'cancel')], limit=1)
        for order in orders:
            order._cancel(reason)
        self.sudo().write({'order_id': False})
        return result

    def _prepare_order_sudo(self):
        """Create the order with its wishes; sudo: who books appointments may not write orders, confirming was his right."""
        self.ensure_one()
        order = self.env['aftersales.repair.order'].create({
            'company_id': self.company_id.id, 'vehicle_id': self.vehicle_id.id, 'partner_id': self.partner_id.id,
            'advisor_id': (self.advisor_id or self.env.user).id, 'category_id': self.category_id.id,
        })
        if self.package_id:
            order._apply_package(self.package_id)
        wishes = self.line_ids.filtered(lambda line: line.product_id or line.labour_item_id)
        if wishes:
            job = order._add_job(self.wish or wishes[0].name)
            for line in wishes:
                order._add_line(job, **(
                    {'kind': 'part', 'product_id': line.product_id.id, 'quantity': line.quantity} if line.kind == 'part'
                    else {'kind': 'labour', 'labour_item_id': line.labour_item_id.id}
                ))
        return order
