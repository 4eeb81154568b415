"""A claim is filled from its order: lines, amounts, papers; as long as nobody has sent it."""

from odoo import fields, models


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    # === FILLING === #

    def _refresh(self):
        """Bring the lines and totals of open claims to what the order says now.

        A claim whose job the manufacturer does not pay any more is cancelled, unless he has already seen it.
        """
        for claim in self.sudo().filtered(lambda claim: claim._is_open()):
            amounts = claim._payer_amounts()
            if not amounts and not claim.submission_ids:
                reason = self.env.ref('aftersales_service.reason_claim_cancel_payer', raise_if_not_found=False)
                claim._guarded().write({
                    'cancelled_at': fields.Datetime.now(), 'cancel_reason_id': reason.id if reason else False,
                })
                continue
            if not claim.submission_ids and claim.claim_type != claim.job_id.claim_type:
                claim._guarded().write({'claim_type': claim.job_id.claim_type})
            claim._write_lines(amounts)
            claim._sync_documents()
        self._advance()

    def _payer_amounts(self):
        """Return what the manufacturer bears of the job's lines, before anything he declined was moved on.

        :rtype: dict  `{line: amount in the price basis}`
        """
        self.ensure_one()
        amounts = dict(self.job_id._payer_line_amounts().get(self.payer_id, {}))
        currency = self.currency_id
        for transfer in self.job_id.line_ids.transfer_ids.filtered(lambda t: t.from_payer_id == self.payer_id):
            amounts[transfer.line_id] = currency.round(amounts.get(transfer.line_id, 0.0) + transfer.amount)
        return {line: amount for line, amount in amounts.items() if not currency.is_zero(amount)}

    def _write_lines(self, amounts):
        """Make the claim's lines the ones of these amounts; called as superuser on an open claim."""
        self.ensure_one()
        known = {line.line_id: line for line in self.line_ids}
        Line = self.env['aftersales.warranty.claim.line']._guarded()
        stale = Line.browse([line.id for repair_line, line in known.items() if repair_line not in amounts])
        stale.unlink()
        fresh = []
        for rank, (repair_line, amount) in enumerate(amounts.items(), start=1):
            vals = {
                'sequence': rank, 'name': repair_line.name, 'product_id': repair_line.product_id.id,
                'quantity': repair_line.quantity, 'hours': repair_line.billed_hours, 'claimed_amount': amount,
                'approved_amount': 0.0, 'is_decided': False, 'reason_id': False, 'note': False,
            }
            if line := known.get(repair_line):
                changed = {name: value for name, value in vals.items() if line._fields[name].convert_to_write(line[name], line) != value}
                if changed:
                    line._guarded().write(changed)
            else:
                fresh.append({'claim_id': self.id, 'line_id': repair_line.id, **vals})
        Line.create(fresh)
        total = self.order_id._invoice_totals(self.payer_id, amounts)['total']
        if self.currency_id.compare_amounts(self.claimed_total, total):
            self._guarded().write({'claimed_total': total})
