from odoo import fields, models

from ...rules import claim_match
from ...rules.split import to_cents


class AftersalesWarrantyStatementLine(models.Model):
    _inherit = 'aftersales.warranty.statement.line'

    from_file = fields.Boolean("From the Workbook", readonly=True)

    def _match_with(self, claims):
        """Write the claims found on these lines.

        :rtype: int
        """
        if not self:
            return 0
        backs = self[0].amount < 0
        result = claim_match.match(
            [
                claim_match.Row(
                    line.id, line.their_number or '', line.our_number or '', line.vin or '', line.day or None,
                    to_cents(abs(line.amount)),
                ) for line in self
            ],
            [
                claim_match.Row(
                    claim.id, claim.manufacturer_number or '', claim.name or '', claim.vin or '',
                    claim.repaired_at.date() if claim.repaired_at else None,
                    to_cents(claim.credited_total if backs else claim.approved_total if claim.decided_at else claim.claimed_total),
                ) for claim in claims
            ],
        )
        for line in self:
            claim_id, how = result.pairs.get(line.id, (False, False))
            if claim_id:
                line._guarded().write({'claim_id': claim_id, 'matched_by': how, 'candidate_ids': [fields.Command.clear()]})
            elif line.id in result.doubtful or line.candidate_ids:
                line.candidate_ids = [fields.Command.set(result.doubtful.get(line.id, []))]
        return len(result.pairs)
