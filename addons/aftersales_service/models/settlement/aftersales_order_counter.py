from odoo import api, models

from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """Sales over the parts counter: the same issue and the same settlement, in one call."""

    _inherit = 'aftersales.repair.order'

    @api.model
    def _counter_sale(self, items, payments, partner=None, receiver=None, warehouse=None):
        """Sell parts over the counter: order, issue, settlement and money in one go.

        :param list items: tuples `(product, quantity)`.
        :param list payments: tuples `(journal, amount, reference)`; together the price (amount None: all of it), or
            empty for on account.
        :param partner: who buys; the company's walk-in customer unless given.
        :param receiver: hr.employee stamped as receiver; the keeper himself unless given.
        :return: the order, settled and released.
        :rtype: recordset of aftersales.repair.order
        :raise UserError: SET-55 role, SET-56 nothing to sell, the gates of issue and settlement.
        """
        user, company = self.env.user, self.env.company
        self._ensure_can_sell(items)
        partner = partner or company._aftersales_counter_partner()
        order = self._prepare_counter_order_sudo(items, partner, warehouse)
        order._request_parts()
        employee = receiver or user.with_company(company).employee_id
        order._issue_parts(receiver=employee)
        order._settle()
        if payments:
            order._pay_split(
                [(journal, order.amount_due if amount is None else amount, text) for journal, amount, text in payments]
            )
        else:
            order.settlement_ids._put_on_account()
        return order

    @api.model
    def _deliver_to_subdealer(self, items, partner, receiver=None, warehouse=None):
        """Deliver parts to a sub-dealer on account: what is there goes now, the rest stays asked for (R-PART-25).

        A delivery that is complete is settled at once; else the order waits in the parts room for what comes in, and is
        settled when the last part is out.

        :param list items: tuples `(product, quantity)`.
        :return: the order.
        :rtype: recordset of aftersales.repair.order
        :raise UserError: SET-57 role, SET-56 nothing to deliver, SET-102 no sub-dealer, SET-45 no account, the gates of
            issue and settlement.
        """
        self._ensure_can_sell(items)
        # sudo: a keeper reads the mark, not the contact.
        if not partner.sudo().commercial_partner_id.aftersales_is_subdealer:
            raise coded_error('SET-102', self.env._(
                "%(partner)s is no sub-dealer. Mark the contact as one, or sell over the counter.",
                partner=partner.sudo().display_name,
            ))
        order = self._prepare_counter_order_sudo(items, partner, warehouse)
        order._request_parts()
        if any(line.reserved_qty > 0 for line in order.part_line_ids):
            order._issue_parts(receiver=receiver or self.env.user.with_company(order.company_id).employee_id)
        if order.parts_issued_count == order.parts_asked_count:
            order._settle()
            order.settlement_ids._put_on_account()
        return order

    @api.model
    def _ensure_can_sell(self, items):
        """:raise UserError: SET-57 role, SET-56 nothing to sell"""
        if not (
            self.env.su
            or self.env.user.has_groups('aftersales_service.group_parts_keeper,aftersales_service.group_cashier')
        ):
            raise coded_error('SET-57', self.env._("Counter sales are made by the parts keeper or the cashier."))
        if not items:
            raise coded_error('SET-56', self.env._("Scan at least one part to sell."))

    def _prepare_counter_order_sudo(self, items, partner, warehouse):
        """Create the counter order with its approved job; sudo: the keeper may not write orders, the role was checked."""
        company = self.env.company
        values = {
            'company_id': company.id,
            'profile_id': company._aftersales_profile('counter').id,
            'partner_id': partner.id,
            'advisor_id': self.env.uid,
            'customer_place': 'waiting',
            'wash_wanted': False,
        }
        if warehouse:
            values['warehouse_id'] = warehouse.id
        order = self.sudo().create(values)
        job = order._add_job(self.env._("Counter sale"))
        order.env['aftersales.repair.line'].create(
            [
                {'job_id': job.id, 'kind': 'part', 'product_id': product.id, 'quantity': quantity}
                for product, quantity in items
            ]
        )
        # The customer takes the goods off the counter: his yes needs no estimate.
        order._record_consent(job, 'approved', 'system', name=partner.name)
        return order.with_env(self.env)
