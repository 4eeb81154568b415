from odoo import fields, models


class AftersalesVisit(models.Model):
    _inherit = 'aftersales.visit'

    order_id = fields.Many2one(
        'aftersales.repair.order', "Repair Order", index='btree_not_null', check_company=True, ondelete='restrict'
    )

    def _create_order(self, profile_code=None, **values):
        """Open the repair order of this visit, or return the one it has; the check-in's findings come along as offers.

        An order prepared by the appointment, or a follow-up order that waits for the car's next visit, is taken up
        instead of opening a new one.

        :param str profile_code: profile of the order; default the visit's own.
        :rtype: recordset of aftersales.repair.order
        """
        self.ensure_one()
        if self.order_id:
            return self.order_id
        order = self._prepared_order()
        if not order:
            profile = self.company_id._aftersales_profile(profile_code) if profile_code else self.profile_id
            order = self.env['aftersales.repair.order'].create(
                {
                    'company_id': self.company_id.id,
                    'vehicle_id': self.vehicle_id.id,
                    'profile_id': profile.id,
                    'partner_id': self.partner_id.id or self.vehicle_id.partner_id.id,
                    'contact_name': self.driver_name,
                    'contact_phone': self.sudo().driver_phone,
                    'advisor_id': (self.advisor_id or self.env.user).id,
                    **values,
                }
            )
            if self.request:
                order._add_job(self.request)
        self.write({'order_id': order.id, 'profile_id': order.profile_id.id})
        order._add_recommendations(self._recommendations())
        return order

    def _prepared_order(self):
        """Return the order that waits for this visit: of its appointment, or carried over from an earlier one."""
        self.ensure_one()
        booked = self.appointment_id.order_id
        if booked.outcome == 'open' and not booked.visit_ids:
            return booked
        return self.env['aftersales.repair.order'].search(
            [
                ('vehicle_id', '=', self.vehicle_id.id),
                ('origin_order_id', '!=', False),
                ('visit_ids', '=', False),
                ('outcome', '=', 'open'),
            ],
            limit=1,
        )

    def _after_batch_intake(self, visits):
        """Open one order per car of a batch (R-PROC-04) and show them."""
        super()._after_batch_intake(visits)
        orders = self.env['aftersales.repair.order']
        for visit in visits:
            orders |= visit._create_order()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('aftersales_service.repair_order_action'),
            'domain': [('id', 'in', orders.ids)],
            'context': {},
        }

    def action_create_order(self):
        self.ensure_one()
        order = self._create_order()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'aftersales.repair.order',
            'res_id': order.id,
            'views': [(False, 'form')],
        }

    def _welcome_line(self):
        """Say how the repair stands, in the customer's words, and until when (R-DOC-13)."""
        line = super()._welcome_line()
        order = self.order_id
        if order and self.state == 'inside':
            labels = {
                'draft': (self.env._("Being received"), 'mute'),
                'quoted': (self.env._("Waiting for your signature"), 'soon'),
                'authorised': (self.env._("Waiting for a bay"), 'info'),
                'in_progress': (self.env._("In the workshop"), 'info'),
                'inspecting': (self.env._("Quality check"), 'info'),
                'ready': (self.env._("Ready"), 'ok'),
                'released': (self.env._("Ready"), 'ok'),
                'closed': (self.env._("Ready"), 'ok'),
            }
            line['label'], line['tone'] = labels[order.state]
            if order.promised_at and line['tone'] != 'ok':
                local = order.company_id._aftersales_local_time(order.promised_at)
                same_day = local.date() == order.company_id._aftersales_today()
                line['promised'] = local.strftime('%H:%M' if same_day else '%m-%d %H:%M')
        return line
