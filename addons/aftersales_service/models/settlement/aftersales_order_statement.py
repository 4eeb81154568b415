from decimal import Decimal

from odoo import models

from ...rules.amount_words import chinese_capital


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'

    def _statement_data(self):
        """Return what the settlement statement shows; after settlement every total is that of the posted invoices.

        :rtype: dict  amounts in the order's currency, tax included unless named otherwise
        """
        self.ensure_one()
        order = self.sudo()
        settled = bool(order.settled_at)
        rows = {'labour': [], 'material': [], 'other': []}
        for line in order.line_ids.filtered('is_billable'):
            rows[line._trade_label(line)].append(
                {
                    'name': line._name_without_number(),
                    'code': line.labour_item_id.code or line.product_id.default_code or '',
                    'quantity': f'{line.quantity:g}',
                    'uom': line.product_uom_id.name,
                    'hours': f'{line.billed_hours:g}' if line.billed_hours else '',
                    'price_unit': line.price_unit,
                    'discount': f'{line.discount:g}' if line.discount else '',
                    'amount': line.price_total,
                }
            )
        payers = [order._statement_payer(payer, settled) for payer in order._payers_to_settle()]
        customer = [row for row in payers if row['kind'] == 'customer']
        deposits = sum(
            payment.amount
            for payment in order.payment_ids
            if payment.aftersales_kind == 'deposit'
            and payment.state in ('in_process', 'paid')
            and payment.payment_type == 'inbound'
        )
        customer_total = order.currency_id.round(sum(row['total'] for row in customer))
        next_date, next_km = order._next_maintenance()[order]
        signed = order.settlement_ids.filtered('on_account_signature')[:1]
        return {
            **rows,
            'settled': settled,
            'currency': order.currency_id,
            'payers': payers,
            'rounded': order.amount_rounded,
            'credited': order.amount_credited,
            'deposit': deposits,
            'customer_total': customer_total,
            'customer_paid': order.currency_id.round(sum(row['paid'] for row in customer)),
            'customer_due': order.currency_id.round(sum(row['due'] for row in customer)),
            'words': chinese_capital(Decimal(str(customer_total))),
            'next_date': next_date,
            'next_km': next_km,
            'signatures': [
                (
                    self.env._("Customer"),
                    signed.on_account_signed_by or order.handover_name or '',
                    signed.on_account_signature or order.handover_signature,
                ),
                self.env._("Advisor"),
                self.env._("Cashier"),
            ],
        }

    def _statement_payer(self, payer, settled):
        """Return one payer's row: from the posted invoices once he is settled, from his share before."""
        self.ensure_one()
        settlement = self.settlement_ids.filtered(lambda s: s.payer_id == payer)
        name = payer.display_name
        if settlement.settled_at and settlement.move_ids:
            return {
                'name': name,
                'kind': payer.kind,
                'waiting': False,
                'total': settlement.amount_total,
                'tax': settlement.amount_tax,
                'untaxed': settlement.amount_total - settlement.amount_tax,
                'paid': settlement.amount_paid,
                'due': settlement.amount_due,
            }
        totals = payer._settlement_totals()[payer]
        is_free = payer.kind in ('internal', 'goodwill')
        return {
            'name': name,
            'kind': payer.kind,
            'waiting': settlement.state == 'awaiting_approval',
            'total': totals['total'],
            'tax': totals['tax'],
            'untaxed': totals['untaxed'],
            'paid': 0.0,
            'due': 0.0 if settled or is_free else totals['total'],
        }
