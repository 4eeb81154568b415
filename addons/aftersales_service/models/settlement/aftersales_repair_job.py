from collections import defaultdict

from odoo import models

from ...rules.split import split_amount


class AftersalesRepairJob(models.Model):
    _inherit = 'aftersales.repair.job'

    def write(self, vals):
        result = super().write(vals)
        if vals.get('outcome', 'open') != 'open':
            # What the till waived on work that is not done any more is waived on nothing.
            self.sudo().line_ids.filtered('rounding_amount')._guarded().write({'rounding_amount': 0.0})
        return result

    def _payer_line_amounts(self):
        """Follow what happened to the agreed shares since: credits, rounding at the till, an insurer's cut.

        Every adjustment is a recorded fact in exact amounts of the price basis; the shares stay as agreed.
        """
        amounts = super()._payer_line_amounts()
        order = self.order_id
        if not amounts or not order.id:
            return amounts
        currency = order.currency_id
        result = defaultdict(dict, {payer: dict(by_line) for payer, by_line in amounts.items()})
        for line in self.line_ids:
            if not (line.credited_amount or line.rounding_amount):
                continue
            payers = [payer for payer in result if line in result[payer]]
            if line.credited_amount and payers:
                cents = split_amount(
                    order._cents(line.credited_amount),
                    [order._cents(result[payer][line]) for payer in payers],
                )
                for payer, part in zip(payers, cents, strict=True):
                    result[payer][line] = currency.round(result[payer][line] - part * currency.rounding)
            for payer in payers:
                if payer.kind == 'customer' and line.rounding_amount:
                    result[payer][line] = currency.round(result[payer][line] - line.rounding_amount)
                    break
        for transfer in self.line_ids.transfer_ids:
            line = transfer.line_id
            if line in result[transfer.from_payer_id]:
                result[transfer.from_payer_id][line] = currency.round(
                    result[transfer.from_payer_id][line] - transfer.amount
                )
                if transfer.to_payer_id:
                    result[transfer.to_payer_id][line] = currency.round(
                        result[transfer.to_payer_id].get(line, 0.0) + transfer.amount
                    )
        return dict(result)
