from odoo import fields, models


class AftersalesRepairPayer(models.Model):
    """What a manufacturer decided, line by line, by his claims."""

    _inherit = 'aftersales.repair.payer'

    claim_ids = fields.One2many('aftersales.warranty.claim', 'payer_id', "Claims")

    def _sent_claims(self):
        """Return the claims the manufacturer has seen: they, and no longer a hand, decide about the settlement."""
        return self.claim_ids.filtered(lambda claim: claim.submitted_at and not claim.cancelled_at)

    def _line_outcomes(self, lines):
        """Tell what became of each line as far as this payer is concerned.

        :return: `{line: outcome}`: `open` (waits for an answer or a decision), `final`, `refused` (written off),
            `replaced` (in kind) or `charged_back`.
        :rtype: dict
        """
        self.ensure_one()
        claims = {claim.job_id: claim for claim in self.sudo()._sent_claims()} if self.needs_approval else {}
        outcomes = dict.fromkeys([*lines, lines.browse()], self._outcome())
        if not claims or self.sudo().settlement_ids[:1]._is_decided_by_hand():
            return outcomes
        for line in outcomes:
            claim = claims.get(line.job_id)
            outcomes[line] = claim._line_outcome(line) if claim else 'open'
        return outcomes

    def _outcome(self):
        """Return what the payer said to all of it."""
        self.ensure_one()
        decision = self.sudo().settlement_ids[:1].decision
        if not self.needs_approval or decision == 'approved':
            return 'final'
        return 'refused' if decision == 'refused' else 'open'

    def _cost_accounts(self, lines):
        if not self.needs_approval or not self.sudo()._sent_claims():
            return super()._cost_accounts(lines)
        company = self.company_id
        keys = {'open': 'transit', 'replaced': 'transit', 'final': 'cost', 'refused': 'writeoff'}
        outcomes = self._line_outcomes(lines)
        accounts = {
            outcome: company._aftersales_chargeback_account() if outcome == 'charged_back' else company._aftersales_account(
                keys[outcome])
            for outcome in set(outcomes.values())
        }
        return {line: accounts[outcome] for line, outcome in outcomes.items()}
