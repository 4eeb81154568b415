from collections import defaultdict

from odoo import models

from ..base.errors import coded_error
from .claim_const import DECIDED_STATES


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'

    def _waiting_cents(self):
        """Return the cost that waits for an answer, as shares and claims say; called as superuser.

        :rtype: dict  `{(order, payer, line): cents}`, company currency
        """
        spent = defaultdict(lambda: defaultdict(float))
        for order, line, is_cost, balance in self._wip_items_sudo():
            if not is_cost:
                spent[order][line] += balance
        waiting = {}
        for order in self:
            payers = order.payer_ids.sorted(lambda payer: (payer.sequence, payer.id))
            if not any(payer.needs_approval for payer in payers):
                continue
            outcomes = {payer: payer._line_outcomes(order.line_ids.union(*spent[order])) for payer in payers}
            for (payer, line), cents in order._cost_cents(spent[order], payers, order._payer_line_amounts()).items():
                if payer and outcomes[payer][line] == 'open' and cents:
                    waiting[order, payer, line] = cents
        return waiting

    def _blockers(self, target):
        found = super()._blockers(target)
        if target == 'reopened':
            # sudo: the accountant learns that there is a claim, and opens it with his own rights.
            sent = self.sudo().claim_ids.filtered(lambda claim: claim.state in ('submitted', *DECIDED_STATES) and not claim.booked_at)
            for claim in sent:
                message = self.env._(
                    "The manufacturer has %(claim)s of this order: record a query on it first, correct the order, then send "
                    "the claim again.", claim=claim.name,
                ) if claim.state == 'submitted' else self.env._(
                    "The manufacturer has answered %(claim)s of this order: his statement comes first; then credit single "
                    "lines or record a charge-back.", claim=claim.name,
                )
                order = claim.order_id.with_env(self.env)
                found[order].append(order._blocker('claim_reopen', 'WAR-96', message, {
                    'label': self.env._("Open the claim"), 'action': claim.with_env(self.env)._get_records_action(),
                }))
        return found

    def action_reopen(self):
        """Open the dialog, or explain what stands against it."""
        return self._gate_action('reopened', 'action_reopen') or super().action_reopen()

    def _reopen(self, reason):
        """Refuse while a claim is credited: its invoice belongs to a statement of many claims.

        :raise UserError: WAR-96; the blockers of target `reopened`.
        """
        self._ensure_may_reopen()
        for claim in self.sudo().claim_ids.filtered('booked_at'):
            raise coded_error('WAR-96', self.env._(
                "%(claim)s of %(order)s is in the books (%(statement)s), so that the order cannot be reopened as a whole. Credit "
                "single lines, record a charge-back, or reverse the statement first.",
                claim=claim.name, order=claim.order_id.name, statement=claim.statement_id.name or self.env._("refused"),
            ))
        self._ensure_no_blockers('reopened')
        return super()._reopen(reason)
