from odoo import fields, models


class AftersalesVisit(models.Model):
    _inherit = 'aftersales.visit'

    order_id = fields.Many2one('aftersales.repair.order', "Repair Order", index='btree_not_null', check_company=True, ondelete='restrict')

    def _create_order(self, profile_code=None, **values):
        """Open the repair order of this visit, or return the one it has.

        :param str profile_code: profile of the order; default by the type of visit.
        :rtype: recordset of aftersales.repair.order
        """
        self.ensure_one()
        if self.order_id:
            return self.order_id
        profile = self.company_id._aftersales_profile(profile_code or ('tow_in' if self.visit_type == 'tow_in' else 'standard'))
        order = self.env['aftersales.repair.order'].create({
            'company_id': self.company_id.id, 'vehicle_id': self.vehicle_id.id, 'profile_id': profile.id,
            'partner_id': self.partner_id.id or self.vehicle_id.partner_id.id,
            'contact_name': self.driver_name, 'advisor_id': (self.advisor_id or self.env.user).id, **values,
        })
        self.write({'order_id': order.id, 'profile_id': profile.id})
        return order

    def action_create_order(self):
        self.ensure_one()
        order = self._create_order()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'aftersales.repair.order', 'res_id': order.id, 'view_mode': 'form', 'views': [(False, 'form')],
        }
