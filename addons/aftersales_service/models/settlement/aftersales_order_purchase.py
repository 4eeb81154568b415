from collections import defaultdict

from odoo import models
from odoo.fields import Command

from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """Dear parts are ordered for an order only with a deposit; deposits follow jobs that move on."""

    _inherit = 'aftersales.repair.order'

    def _order_missing_parts(self):
        """Prepare purchase orders for the parts the order lacks, one per vendor (R-PROC-07).

        :return: the requests for quotation.
        :rtype: recordset of purchase.order
        :raise UserError: the gate deposit_required; SET-58 nothing is missing, SET-59 a part without vendor.
        """
        self.ensure_one()
        missing = self.line_ids.filtered(lambda line: line.parts_state == 'missing')
        if not missing:
            raise coded_error('SET-58', self.env._("%(order)s lacks no part that was requested.", order=self.name))
        self._ensure_no_blockers('purchase')
        by_vendor = defaultdict(list)
        for line in missing:
            product = line.product_id.with_company(self.company_id)
            seller = product._select_seller(quantity=line.quantity, uom_id=line.product_uom_id)
            if not seller:
                raise coded_error(
                    'SET-59',
                    self.env._("%(part)s has no vendor: enter one on the part first.", part=product.display_name),
                )
            by_vendor[seller.partner_id].append((line, seller))
        return self.env['purchase.order'].create(
            [
                {
                    'partner_id': vendor.id,
                    'company_id': self.company_id.id,
                    'aftersales_order_id': self.id,
                    'origin': self.name,
                    'order_line': [
                        Command.create(
                            {
                                'product_id': line.product_id.id,
                                'product_qty': line.quantity - line.issued_qty - line.reserved_qty,
                                'product_uom_id': line.product_uom_id.id,
                                'price_unit': seller.price,
                                'aftersales_request_id': line.request_ids.filtered(
                                    lambda request: request.state == 'missing'
                                )[:1].id,
                            }
                        )
                        for line, seller in rows
                    ],
                }
                for vendor, rows in by_vendor.items()
            ]
        )

    def action_order_missing_parts(self):
        self.ensure_one()
        if action := self._gate_action('purchase', 'action_order_missing_parts'):
            return action
        return self._order_missing_parts()._get_records_action()

    def _after_carry_over(self, job, new, lines):
        """A deposit follows the work it was paid for, once nothing of the former order is left to pay."""
        result = super()._after_carry_over(job, new, lines)
        rest = self._open_jobs() - job
        if not any(
            other.share_ids.payer_id.filtered(lambda p: p.kind == 'customer') and other.amount_total for other in rest
        ):
            self._carry_deposits_sudo(new.order_id)
        return result

    def _carry_deposits_sudo(self, order):
        """Move unused deposits to the follow-up order; sudo: the right to carry over was checked."""
        payments = (
            self.env['account.payment']
            .sudo()
            .search(
                [
                    ('aftersales_order_id', '=', self.id),
                    ('aftersales_kind', '=', 'deposit'),
                    ('state', 'in', ('in_process', 'paid')),
                ]
            )
        )
        for payment in payments.filtered(lambda p: p._aftersales_open_lines()):
            self.sudo()._move_deposit(payment, order.sudo())

    def _after_end(self):
        """A deposit left on an order that ended asks for a decision: refund, forfeit or another order."""
        result = super()._after_end()
        held = self._deposits_held_sudo()
        for order in self.filtered(lambda o: o.outcome in ('cancelled', 'declined') and held.get(o.id)):
            order.sudo().activity_schedule(
                'mail.mail_activity_data_todo',
                user_id=order.advisor_id.id or self.env.uid,
                summary=self.env._(
                    "Deposit of %(amount)s is still held: refund, forfeit or move it",
                    amount=order.currency_id.format(held[order.id]),
                ),
            )
        return result
