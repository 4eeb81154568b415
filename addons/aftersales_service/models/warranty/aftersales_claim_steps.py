"""What people do with a claim: check, send, answer queries, record the manufacturer's decision, cancel."""

from odoo import api, fields, models
from odoo.exceptions import LockError

from ..base.errors import coded_error
from .claim_const import DECIDED_STATES, OPEN_STATES, SENT_STATES


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    # === RIGHTS AND LOCKS === #

    def _ensure_clerk(self):
        """Refuse who does not work at the warranty desk.

        :raise UserError: WAR-33
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_warranty_clerk')):
            raise coded_error('WAR-33', self.env._(
                "Claims are made and sent at the warranty desk. Ask the warranty clerk.",
            ))
        self.check_access('write')

    def _ensure_may_answer(self):
        """Refuse who may not record an answer: the clerk may, and the accountant, who gets the statements."""
        if not (self.env.su or self.env.user.has_groups(
            'aftersales_service.group_warranty_clerk,aftersales_service.group_accountant',
        )):
            raise coded_error('WAR-34', self.env._(
                "The manufacturer's answer is recorded by the warranty clerk or the accountant.",
            ))
        self.check_access('read')

    def _ensure_state(self, *states):
        """Refuse a step that does not fit the state.

        :raise UserError: WAR-35
        """
        for claim in self:
            if claim.state not in states:
                labels = dict(self._fields['state']._description_selection(self.env))
                raise coded_error('WAR-35', self.env._(
                    "%(claim)s is %(state)s; this step is for claims that are: %(states)s.",
                    claim=claim.display_name, state=labels[claim.state],
                    states=", ".join(labels[state] for state in states),
                ))

    def _lock_sudo(self):
        """Let one person at a time take a step; sudo: the verb checked the rights.

        :raise UserError: WAR-36
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError:
            raise coded_error('WAR-36', self.env._(
                "%(claims)s is being worked on by somebody else right now. Wait a moment and open it again.",
                claims=", ".join(self.mapped('name')),
            )) from None

    # === ACTIONS === #

    def action_check(self):
        return self._check()

    def action_submit(self):
        """Send the claim, or explain what is missing."""
        if len(self) == 1 and (explain := self._gate_action('submitted', 'action_submit')):
            return explain
        self._submit()
        return True

    def action_step(self, step):
        """Open the dialog of a step that needs words: query, answer, appeal, cancel, escalate."""
        self.ensure_one()
        labels = dict(self.env['aftersales.warranty.step']._fields['step']._description_selection(self.env))
        return {
            'type': 'ir.actions.act_window', 'name': labels[step], 'res_model': 'aftersales.warranty.step',
            'views': [(False, 'form')], 'target': 'new', 'context': {'default_claim_id': self.id, 'default_step': step},
        }

    def action_open_order(self):
        """Open the order of the claim."""
        self.ensure_one()
        return self._open('aftersales.repair.order', self.order_id.id)

    def action_query(self):
        return self.action_step('query')

    def action_answer(self):
        return self.action_step('answer')

    def action_appeal(self):
        return self.action_step('appeal')

    def action_cancel(self):
        return self.action_step('cancel')

    def action_escalate(self):
        return self.action_step('escalate')

    def action_decide(self):
        """Open the dialog for the manufacturer's answer."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Manufacturer's Answer"),
            'res_model': 'aftersales.warranty.decision', 'views': [(False, 'form')], 'target': 'new',
            'context': {'default_claim_id': self.id},
        }

    # === STEPS === #

    def _check(self):
        """Record that the claim was looked through before it goes out."""
        self._ensure_clerk()
        self._ensure_state('draft')
        self._refresh()
        self._ensure_state('draft')
        self.sudo()._guarded().write({'checked_at': fields.Datetime.now(), 'checked_by_id': self.env.uid})
        self._advance_sudo()
        return True

    def _submit(self, note=None):
        """Send the claims: freeze what they say as a submission.

        :param str note: what is written along with it; the answer, when the manufacturer asked back.
        :return: the submissions.
        :raise UserError: WAR-33 role, WAR-35 state, the blockers of target `submitted`.
        """
        self._ensure_clerk()
        self._lock_sudo()
        self._ensure_state('draft', 'checked', 'queried')
        self._refresh()
        self._ensure_state('draft', 'checked', 'queried')
        self._ensure_no_blockers('submitted')
        return self._record_submission_sudo(note)

    def _record_submission_sudo(self, note=None):
        """Write the submissions down; sudo: the verb checked role, state and gates."""
        now = fields.Datetime.now()
        claims = self.sudo()
        submissions = self.env['aftersales.warranty.submission'].sudo()._guarded().create([{
            'claim_id': claim.id,
            'number': (claim._last_submission().number or 0) + 1,
            'at': now,
            'user_id': self.env.uid,
            'note': note or False,
            'snapshot': claim._snapshot(),
            'claimed_amount': claim.claimed_total,
        } for claim in claims])
        for claim in claims:
            claim._guarded().write({
                'submitted_at': claim.submitted_at or now, 'last_submitted_at': now, 'queried_at': False,
                'decided_at': False, 'decided_by_id': False, 'approved_total': 0.0,
            })
        claims._advance()
        claims.activity_feedback(['aftersales_service.activity_claim_deadline'])
        return submissions.with_env(self.env)

    def _snapshot(self):
        """Return what the claim says, as plain values that no later change touches.

        :rtype: dict
        """
        self.ensure_one()
        return {
            'number': self.name,
            'claim_type': self.claim_type,
            'manufacturer': self.partner_id.name,
            'vin': self.vin,
            'plate': self.license_plate,
            'odometer': self.odometer,
            'repaired_at': fields.Datetime.to_string(self.repaired_at) if self.repaired_at else False,
            'fault_code': self.fault_code,
            'causal_part': self.causal_product_id.default_code or self.causal_product_id.name,
            'preauthorisation_no': self.preauthorisation_no,
            'concern': self.concern,
            'cause': self.cause,
            'correction': self.correction,
            'claimed_total': self.claimed_total,
            'lines': [
                {
                    'kind': line.kind, 'code': line.labour_item_id.code or line.product_id.default_code, 'name': line.name,
                    'quantity': line.quantity, 'hours': line.hours, 'amount': line.claimed_amount,
                } for line in self.line_ids
            ],
        }

    def _query(self, text):
        """Record that the manufacturer asks back: the claim may be corrected and sent again.

        :param str text: what he asks.
        """
        self._ensure_may_answer()
        self._lock_sudo()
        self._ensure_state('submitted')
        if not (text or '').strip():
            raise coded_error('WAR-37', self.env._("Write down what the manufacturer asks."))
        now = fields.Datetime.now()
        for claim in self.sudo():
            claim._last_submission()._guarded().write({
                'query_text': text, 'queried_at': now, 'queried_by_id': self.env.uid,
            })
            claim._guarded().write({'queried_at': now})
        self._advance_sudo()
        return True

    def _answer(self, text):
        """Answer a query: send the claim again, with what was corrected meanwhile.

        :param str text: the answer.
        :return: the new submissions.
        """
        self._ensure_state('queried')
        if not (text or '').strip():
            raise coded_error('WAR-37', self.env._("Write down what you answer the manufacturer."))
        return self._submit(text)

    def _appeal(self, text):
        """Send a claim again that was cut or rejected, before its answer is in the books.

        :param str text: why the answer is disputed.
        :return: the new submissions.
        """
        self._ensure_clerk()
        self._lock_sudo()
        self._ensure_state('partly', 'rejected')
        if booked := self.sudo().filtered('booked_at'):
            raise coded_error('WAR-35', self.env._(
                "The answer to %(claim)s is in the books. Take it off its statement first.", claim=booked[:1].display_name,
            ))
        if not (text or '').strip():
            raise coded_error('WAR-37', self.env._("Write down what you answer the manufacturer."))
        # The order stands as it was claimed: only the argument is new. The former answer stays on its submission.
        self.sudo().line_ids._guarded().write({
            'approved_amount': 0.0, 'is_decided': False, 'reason_id': False, 'note': False,
        })
        return self._record_submission_sudo(text)

    def _decide(self, approved=None, reasons=None, notes=None, manufacturer_number=None):
        """Record the manufacturer's answer by line. Only the claim knows: the books move with his statement.

        :param dict approved: `{claim line: approved amount in the price basis}`; lines not named are approved in full.
        :param dict reasons: `{claim line: aftersales.reason}` of the lines that were cut.
        :param dict notes: `{claim line: text}`
        :param str manufacturer_number: his number of the claim.
        :raise UserError: WAR-34 role, WAR-35 state, WAR-39 amount out of range, WAR-40 reason missing.
        """
        self.ensure_one()
        self._ensure_may_answer()
        self._lock_sudo()
        self._ensure_state(*SENT_STATES)
        approved, reasons, notes = approved or {}, reasons or {}, notes or {}
        claim = self.sudo()
        currency = claim.currency_id
        by_id = {line.id: currency.round(amount) for line, amount in approved.items()}
        why = {line.id: reason for line, reason in reasons.items() if reason}
        said = {line.id: text for line, text in notes.items()}
        for line in claim.line_ids:
            amount = by_id.get(line.id, line.claimed_amount)
            low, high = min(0.0, line.claimed_amount), max(0.0, line.claimed_amount)
            if currency.compare_amounts(amount, low) < 0 or currency.compare_amounts(amount, high) > 0:
                raise coded_error('WAR-39', self.env._(
                    "The approved amount of “%(line)s” must lie between 0 and the claimed %(claimed)s.",
                    line=line.name, claimed=currency.format(line.claimed_amount),
                ))
            if currency.compare_amounts(amount, line.claimed_amount) and line.id not in why:
                raise coded_error('WAR-40', self.env._(
                    "Say why the manufacturer cut “%(line)s” of %(claim)s: choose his reason.",
                    line=line.name, claim=claim.display_name,
                ))
            line._guarded().write({
                'approved_amount': amount, 'is_decided': True, 'reason_id': why[line.id].id if line.id in why else False,
                'note': said.get(line.id) or False,
            })
        claim._record_decision(self.env.user, manufacturer_number)
        return True

    def _record_decision(self, user, manufacturer_number=None):
        """Write down outcome, totals and who recorded it; called as superuser."""
        self.ensure_one()
        now = fields.Datetime.now()
        amounts = {line.line_id: line.approved_amount for line in self.line_ids if line.approved_amount}
        total = self.order_id._invoice_totals(self.payer_id, amounts)['total']
        cut = any(line._is_cut() for line in self.line_ids)
        outcome = 'approved' if not cut else 'partly' if amounts else 'rejected'
        self._last_submission()._guarded().write({
            'outcome': outcome, 'decided_at': now, 'decided_by_id': user.id, 'approved_amount': total,
        })
        self._guarded().write({
            'decided_at': now, 'decided_by_id': user.id, 'approved_total': total,
            'manufacturer_number': manufacturer_number or self.manufacturer_number,
        })
        self._advance()
        if outcome == 'rejected':
            self._escalate_sudo(self.env._("The manufacturer rejected %(claim)s.", claim=self.display_name))

    def _cancel(self, reason):
        """Give a claim up before it was ever sent.

        :param reason: `aftersales.reason` of kind `claim_cancel`.
        """
        self._ensure_clerk()
        self._lock_sudo()
        self._ensure_state('draft', 'checked')
        if not reason:
            raise coded_error('WAR-40', self.env._("Choose why the claim is given up."))
        self.sudo()._guarded().write({'cancelled_at': fields.Datetime.now(), 'cancel_reason_id': reason.id})
        self._advance_sudo()
        return True

    # === ESCALATION === #

    def _escalate(self, text):
        """Hand a claim to the person in charge, with an activity.

        :param str text: what is asked of him.
        """
        self._ensure_clerk()
        if not (text or '').strip():
            raise coded_error('WAR-37', self.env._("Write down what is asked of the person in charge."))
        self._escalate_sudo(text)
        return True

    def _escalate_sudo(self, text):
        """Schedule the activity; sudo: the person in charge need not be known to who escalates."""
        for claim in self.sudo():
            company = claim.company_id
            user = company.aftersales_claim_escalation_id or claim.advisor_id or self.env.user
            claim.activity_schedule(
                'aftersales_service.activity_claim_escalated', company._aftersales_today(), user_id=user.id, note=text,
            )

    @api.model
    def _cron_deadlines(self):
        """Remind of claims whose deadline is near or over, each once; done when the claim is sent."""
        for company in self.env['res.company'].search([]):
            limit = fields.Date.add(company._aftersales_today(), days=company.aftersales_claim_warn_days)
            claims = self.search([
                ('company_id', '=', company.id), ('state', 'in', OPEN_STATES), ('deadline', '<=', limit),
            ])
            kind = self.env.ref('aftersales_service.activity_claim_deadline')
            told = self.env['mail.activity'].search([
                ('res_model', '=', self._name), ('res_id', 'in', claims.ids), ('activity_type_id', '=', kind.id),
            ]).mapped('res_id')
            for claim in claims.filtered(lambda claim: claim.id not in told):  # noqa: B023
                claim.activity_schedule(
                    'aftersales_service.activity_claim_deadline', claim.deadline, user_id=claim._clerk().id,
                )

    def _clerk(self):
        """Return who is reminded: who checked the claim, else the company's warranty clerk, else the advisor."""
        self.ensure_one()
        return self.checked_by_id or self.company_id.aftersales_warranty_clerk_id or self.advisor_id or self.env.user

    def _advance_sudo(self):
        """Recompute the states; sudo: the verb checked its right to the fact."""
        self.sudo()._advance()

    def _is_decided(self):
        """Tell whether the manufacturer has answered."""
        self.ensure_one()
        return self.state in (*DECIDED_STATES, 'credited', 'paid')
