from odoo import models


class ResCompany(models.Model):
    _inherit = 'res.company'

    def _aftersales_integrity(self):
        return super()._aftersales_integrity() + self._aftersales_integrity_claims()

    def _aftersales_integrity_claims(self):
        """What claims say against the order: lines and payer's share to the cent; settled warranty jobs without a claim."""
        Claim = self.env['aftersales.warranty.claim'].sudo()
        claims = Claim.search([('company_id', '=', self.id), ('cancelled_at', '=', False)])
        found = []
        # While an order is not settled, or opened again, its prices may still change; settling brings drafts up to date.
        for claim in claims.filtered('order_id.settled_at'):
            owed = claim._payer_amounts()
            listed = {line.line_id: line.claimed_amount for line in claim.line_ids}
            wrong = [
                line for line in owed.keys() | listed.keys()
                if claim.currency_id.compare_amounts(owed.get(line, 0.0), listed.get(line, 0.0))
                # A credit to the customer came after the claim was sent: the answer has to be lower.
                and (claim._is_open() or not line.credited_amount)
            ]
            if wrong:
                found.append(self._aftersales_finding(
                    'WAR-I1', self.env._("Claim against the order"), claim._name, claim.id,
                    sum(listed.values()) - sum(owed.values()),
                    self.env._("%(claim)s does not claim what the manufacturer bears on %(order)s: %(lines)s.",
                               claim=claim.name, order=claim.order_id.name,
                               lines=", ".join(line.name or '' for line in wrong)),
                ))
        settlements = self.env['aftersales.settlement'].sudo().search([
            ('company_id', '=', self.id), ('kind', '=', 'warranty'), ('settled_at', '!=', False), ('decision', '=', False),
        ])
        claimed = {(claim.job_id, claim.payer_id) for claim in claims}
        for settlement in settlements:
            payer = settlement.payer_id
            for job in payer.share_ids.job_id.filtered(lambda job: job.outcome == 'open'):
                amount = sum(job._payer_line_amounts().get(payer, {}).values())
                if amount and (job, payer) not in claimed:
                    found.append(self._aftersales_finding(
                        'WAR-I2', self.env._("Settled, not claimed"), job._name, job.id, amount,
                        self.env._("“%(job)s” of %(order)s was settled on the manufacturer's account, but nobody claims it.",
                                   job=job.name, order=job.order_id.name),
                    ))
        return found
