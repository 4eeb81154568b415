from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesSettlement(models.Model):
    _inherit = 'aftersales.settlement'

    claim_ids = fields.One2many('aftersales.warranty.claim', 'settlement_id', "Claims")
    claim_credit_ids = fields.One2many('aftersales.warranty.statement.line', 'settlement_id', "Credited by Statements")

    # === COMPUTE METHODS === #

    @api.depends(
        'claim_credit_ids.is_booked', 'claim_credit_ids.total_amount', 'claim_credit_ids.tax_amount', 'claim_credit_ids.due_amount',
    )
    def _compute_amounts(self):
        """Add this payer's part of the statements' invoices: what is open on one is shared among its claims."""
        result = super()._compute_amounts()
        for settlement in self:
            credits = settlement.claim_credit_ids.filtered('is_booked')
            if not credits:
                continue
            settlement.amount_total += sum(credits.mapped('total_amount'))
            settlement.amount_tax += sum(credits.mapped('tax_amount'))
            settlement.amount_due += sum(credits.mapped('due_amount'))
            settlement.amount_paid = settlement.amount_total - settlement.amount_due
            dates = [move.invoice_date for move in credits.statement_id.sudo().move_id if move.invoice_date]
            settlement.invoice_date = max([*dates, *filter(None, [settlement.invoice_date])], default=False)
        return result

    # === GETTERS === #

    def _has_claims(self):
        """Tell whether the manufacturer has seen a claim of this settlement: then its claims decide, not a hand."""
        self.ensure_one()
        return bool(self.payer_id.sudo()._sent_claims()) and not self._is_decided_by_hand()

    def _is_decided_by_hand(self):
        """Tell whether somebody recorded the answer on the settlement, not on a claim."""
        return bool(self.decision) and not any(claim.booked_at for claim in self.sudo().payer_id.claim_ids)

    def _final_lines(self, lines):
        if not self._has_claims():
            return super()._final_lines(lines)
        booked = {claim.job_id for claim in self.payer_id.sudo()._sent_claims() if claim.booked_at}
        return lines.filtered(lambda line: line.job_id in booked)

    def _invoices(self):
        credits = self.sudo().claim_credit_ids.filtered(lambda line: line.is_booked and line.total_amount)
        return super()._invoices() | credits.statement_id.move_id.filtered(lambda move: move.state == 'posted').with_env(self.env)

    # === DECISION === #

    def _ensure_may_decide(self):
        result = super()._ensure_may_decide()
        self._ensure_no_claims()
        return result

    def _ensure_may_resolve(self):
        result = super()._ensure_may_resolve()
        self._ensure_no_claims()
        return result

    def _ensure_no_claims(self):
        """Point to the claim where the manufacturer has one.

        :raise UserError: WAR-80
        """
        for settlement in self:
            if settlement._has_claims():
                raise coded_error('WAR-80', self.env._(
                    "%(settlement)s is decided by its claims (%(claims)s): record the answer there; the manufacturer's statement "
                    "brings the invoice.", settlement=settlement.display_name,
                    claims=", ".join(settlement.payer_id.sudo()._sent_claims().mapped('name')),
                ))

    def _follow_claims_sudo(self):
        """Set the decision of the settlements whose last claim is in the books, take it back where one left them."""
        for settlement in self.sudo():
            claims = settlement.payer_id.claim_ids.filtered(lambda claim: not claim.cancelled_at)
            amounts = settlement.order_id._payer_line_amounts().get(settlement.payer_id, {})
            jobs = {line.job_id for line, value in amounts.items() if not settlement.currency_id.is_zero(value)}
            complete = claims and all(claim.booked_at for claim in claims) and jobs <= set(claims.job_id)
            approved = sum(claims.mapped('credited_total'))
            decided = all(claim.rest_state in ('none', 'decided') for claim in claims)
            replaced = any(claim.line_ids.replaced_move_id for claim in claims)
            settlement._guarded().write({
                'decision': ('approved' if approved or replaced else 'refused') if complete else False,
                'approved_amount': approved if complete else 0.0,
                'decided_at': fields.Datetime.now() if complete else False,
                'decided_by_id': self.env.uid if complete else False,
                'rest_decided_at': fields.Datetime.now() if complete and decided else False,
            })

    def _pay(self, journal, amount=None, reference=None):
        """Refuse a payment of one claim's share: the manufacturer pays the invoice of his statement.

        :raise UserError: WAR-98
        """
        for settlement in self.filtered(lambda settlement: settlement.sudo().claim_credit_ids.filtered('is_booked')):
            raise coded_error('WAR-98', self.env._(
                "%(settlement)s is invoiced together with other claims. Register the payment on the invoice of %(statement)s.",
                settlement=settlement.display_name,
                statement=settlement.sudo().claim_credit_ids.filtered('is_booked').statement_id[:1].name,
            ))
        return super()._pay(journal, amount, reference)
