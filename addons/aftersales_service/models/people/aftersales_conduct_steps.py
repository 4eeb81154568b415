from odoo import fields, models

from ..base.errors import coded_error
from .const import GENERAL_MANAGER, HR_OFFICER, SERVICE_MANAGER


class AftersalesConductRecord(models.Model):
    """The steps of a record: each records a fact with who and when, and lets the state follow."""

    _inherit = 'aftersales.conduct.record'

    # === PENALTY: LOOKED INTO, HEARD === #

    def _investigate(self, findings):
        """Record what was found out; the person concerned is asked to speak (R-RP-11).

        :param str findings: what is established, and how.
        :raise UserError: PPL-15 role, PPL-16 wrong step, PPL-17 findings missing, PPL-13 own case.
        """
        self._ensure_group(SERVICE_MANAGER, HR_OFFICER, GENERAL_MANAGER)
        self._ensure_not_own()
        for record in self:
            if record.kind != 'penalty' or record.state != 'proposed':
                record._refuse_step()
            if not (findings or '').strip():
                raise coded_error('PPL-17', self.env._("Write down what is established on %(record)s, and how.", record=record.name))
            company = record.company_id
            record._guarded().write({
                'investigated_by_id': self.env.uid,
                'investigated_at': fields.Datetime.now(),
                'investigation': findings,
                'hearing_asked_at': fields.Datetime.now(),
                'hearing_until': company._aftersales_workdays_after(company._aftersales_today(), company.aftersales_hearing_days),
            })
            record._ask_person_sudo(record.env._("You may state your view on %(record)s", record=record.name), record.hearing_until)
        self._advance()

    def _state_view(self, statement, paper=None):
        """The employee says what happened from his side; once, before the decision.

        :param paper: (file name, bytes) where HR records what he handed in on paper.
        :raise UserError: PPL-18 not his record, PPL-16 not asked or decided already, PPL-17 empty, PPL-38 paper.
        """
        self.ensure_one()
        record = self._as_concerned_sudo(paper)
        if not record.hearing_asked_at or record.decided_at or record.withdrawn_at:
            record._refuse_step()
        if record.statement_at:
            raise coded_error('PPL-16', self.env._("Your statement on %(record)s is on file already.", record=record.name))
        if not (statement or '').strip():
            raise coded_error('PPL-17', self.env._("Write your statement first."))
        record._guarded().write({
            'statement': statement, 'statement_at': fields.Datetime.now(), 'statement_recorded_by_id': paper and self.env.uid,
        })
        record._done_asking()
        record._advance()

    # === DECIDED === #

    def _decide(self):
        """Decide what was prepared; facts and gates are checked, all reasons at once (R-RP-03, -04, -09, -10).

        A leader proposes, a manager decides, HR applies (R-CON-26): a person, never the system.

        :raise UserError: PPL-15 role, PPL-16 wrong step, and the codes of `_blockers('decided')`.
        """
        self._ensure_group(SERVICE_MANAGER, GENERAL_MANAGER)
        self._ensure_not_own()
        for record in self:
            if record.decided_at or record.withdrawn_at:
                record._refuse_step()
        self._ensure_no_blockers('decided')
        for record in self:
            step = record._ladder_step()
            record._guarded().write({
                'decided_by_id': self.env.uid, 'decided_at': fields.Datetime.now(), 'ladder_number': step.number if step else 0,
            })
            if record.kind == 'reward' and not record._needs_approval():
                record._tell()
        self._advance()

    def _approve(self):
        """The general manager approves a serious case that somebody else decided (R-RP-16).

        :raise UserError: PPL-15 role, PPL-13 own case, PPL-19 he decided it himself, PPL-16 wrong step.
        """
        self._ensure_group(GENERAL_MANAGER)
        self._ensure_not_own()
        for record in self:
            if not record.decided_at or record.approved_at or record.notified_at or record.withdrawn_at:
                record._refuse_step()
            if record.decided_by_id == self.env.user:
                raise coded_error('PPL-19', self.env._(
                    "You decided %(record)s yourself; another person approves it.", record=record.name))
            record._guarded().write({'approved_by_id': self.env.uid, 'approved_at': fields.Datetime.now()})
            if record.kind == 'reward':
                record._tell()
        self._advance()

    def _send_back(self, reason):
        """The general manager sends a decision back to be decided anew."""
        self._ensure_group(GENERAL_MANAGER)
        self._ensure_not_own()
        for record in self:
            if not record.decided_at or record.notified_at or record.withdrawn_at:
                record._refuse_step()
            if not (reason or '').strip():
                raise coded_error('PPL-17', self.env._("Write down why %(record)s goes back.", record=record.name))
            record._guarded().write({'decided_by_id': False, 'decided_at': False, 'approved_by_id': False, 'approved_at': False})
            record.message_post(body=self.env._("Sent back: %(reason)s", reason=reason))
        self._advance()

    # === TOLD === #

    def _tell(self):
        """Tell a reward; it takes effect at once."""
        for record in self:
            record._guarded().write({'notified_by_id': self.env.uid, 'notified_at': fields.Datetime.now()})
            record._ask_person_sudo(record.env._("Well done: %(record)s", record=record.summary), False)

    def _notify(self):
        """Hand the written notice to the person; his time to object begins when he acknowledges or is served.

        :raise UserError: PPL-15 role, PPL-16 wrong step, `_blockers('notified')`.
        """
        self._ensure_group(HR_OFFICER, SERVICE_MANAGER)
        self._ensure_not_own()
        for record in self:
            if record.kind != 'penalty' or not record.decided_at or record.notified_at or record.withdrawn_at:
                record._refuse_step()
        self._ensure_no_blockers('notified')
        for record in self:
            record._guarded().write({'notified_by_id': self.env.uid, 'notified_at': fields.Datetime.now()})
            record._ask_person_sudo(record.env._("Please read and acknowledge %(record)s", record=record.name), False)
        self._advance()

    def _acknowledge(self, agreed, note=None, paper=None):
        """The employee confirms that he knows the decision, agreed or not agreed; both start the time to object.

        :param bool agreed: False: known, not agreed.
        :param paper: (file name, bytes) of the signed notice, where HR records it.
        :raise UserError: PPL-18 not his record, PPL-16 not told or acknowledged already, PPL-38 paper.
        """
        self.ensure_one()
        record = self._as_concerned_sudo(paper)
        if not record.notified_at or record.acknowledged_at or record.withdrawn_at:
            record._refuse_step()
        record._guarded().write({
            'acknowledgement': 'known' if agreed else 'disagreed',
            'acknowledged_at': fields.Datetime.now(),
            'acknowledge_note': note,
            'acknowledge_recorded_by_id': paper and self.env.uid,
        })
        record._done_asking()
        record._advance()

    def _serve(self, witness, note=None):
        """Hand the notice over with a witness, where the person refuses to sign.

        :param witness: hr.employee, neither the person concerned nor who serves.
        :raise UserError: PPL-08 witness, PPL-15 role, PPL-16 wrong step.
        """
        self._ensure_group(HR_OFFICER, SERVICE_MANAGER)
        self._ensure_not_own()
        for record in self:
            if record.kind != 'penalty' or not record.notified_at or record.acknowledged_at or record.withdrawn_at:
                record._refuse_step()
            if not witness or witness == record.employee_id or witness.sudo().user_id == self.env.user:
                raise coded_error('PPL-08', self.env._(
                    "Name a witness for %(record)s: neither the person concerned nor yourself.", record=record.name))
            record._guarded().write({
                'acknowledgement': 'served', 'acknowledged_at': fields.Datetime.now(), 'witness_id': witness.id,
                'acknowledge_note': note,
            })
            record._done_asking()
        self._advance()

    # === REVIEW AND APPEAL === #

    def _object(self, reason, paper=None):
        """The employee asks for a review; after its answer, for an appeal (R-RP-06, -07). One of each.

        :param paper: (file name, bytes) of a written objection that HR records.
        :return: aftersales.conduct.review, as superuser.
        :raise UserError: PPL-18 not his record, PPL-20 time passed or nothing to object to, PPL-17 reason missing,
            PPL-38 paper.
        """
        self.ensure_one()
        record = self._as_concerned_sudo(paper)
        until = record._objection_until()
        company = record.company_id
        if not until or record.withdrawn_at or record.is_cancelled or record.review_ids.filtered(lambda item: not item.decided_at):
            raise coded_error('PPL-20', self.env._(
                "There is nothing to object to on %(record)s now: one review, then one appeal, after the notice.",
                record=record.name))
        if company._aftersales_today() > until:
            raise coded_error('PPL-20', self.env._(
                "The time to object to %(record)s ended on %(day)s. Labour arbitration stays open to you.",
                record=record.name, day=until))
        if not (reason or '').strip():
            raise coded_error('PPL-17', self.env._("Write down why you object."))
        review = self.env['aftersales.conduct.review'].sudo()._guarded().create({
            'record_id': record.id,
            'kind': 'appeal' if record.review_ids else 'review',
            'reason': reason,
            'filed_at': fields.Datetime.now(),
            'recorded_by_id': paper and self.env.uid,
        })
        record._advance()
        return review

    def _after_review(self, review):
        """Called after an objection was answered, before the state follows; payroll extends.

        :param review: aftersales.conduct.review as superuser.
        """
        self.ensure_one()
        if review.result == 'cancel':
            self._guarded().write({'closed_at': fields.Datetime.now(), 'closed_by_id': self.env.uid})
        self._ask_person_sudo(self.env._("Your objection to %(record)s was answered", record=self.name), False)

    # === ENDED === #

    def _withdraw(self, reason):
        """Take a record back, with a reason; what the payroll has already stays until a reversing batch.

        :raise UserError: PPL-15 role, PPL-16 handed over or ended, PPL-17 reason missing.
        """
        for record in self:
            if record.state == 'proposed' and record.proposed_by_id == self.env.user:
                pass  # a leader takes back what nobody has looked into yet
            else:
                record._ensure_group(SERVICE_MANAGER, HR_OFFICER, GENERAL_MANAGER)
                record._ensure_not_own()
            if record.withdrawn_at or record.closed_at or record._is_in_payroll():
                record._refuse_step()
            if not (reason or '').strip():
                raise coded_error('PPL-17', self.env._("Write down why %(record)s is withdrawn.", record=record.name))
            record._guarded().write({
                'withdrawn_by_id': self.env.uid, 'withdrawn_at': fields.Datetime.now(), 'withdrawn_reason': reason,
            })
            record._done_asking()
        self._advance()

    def _hand_to_authorities(self, day, note):
        """Record that a criminal case was handed to the authorities (R-RP-05)."""
        self._ensure_group(HR_OFFICER, GENERAL_MANAGER)
        self._ensure_not_own()
        for record in self:
            if not day or not (note or '').strip() or day < record.act_date:
                raise coded_error('PPL-17', self.env._(
                    "Name the day (not before the act) and the office to which %(record)s was handed.", record=record.name))
            record._guarded().write({'authorities_on': day, 'authorities_note': note})

    def _close(self):
        """Close a record that has had its effect.

        :raise UserError: PPL-15 role, PPL-16 not effective, `_blockers('closed')`.
        """
        self._ensure_group(HR_OFFICER, SERVICE_MANAGER)
        self._ensure_not_own()
        for record in self:
            if record.state not in ('effective', 'handed_over') and not record.is_cancelled:
                record._refuse_step()
        self._ensure_no_blockers('closed')
        for record in self:
            record._guarded().write({'closed_at': fields.Datetime.now(), 'closed_by_id': self.env.uid})
        self._advance()

    # === HELPERS === #

    def _needs_approval(self):
        """Whether the general manager's approval is asked for: serious cases (R-RP-16)."""
        self.ensure_one()
        return self.gravity == 'serious' and self.company_id._aftersales_gate('conduct_serious_approval') not in ('off', 'warn')

    def _ladder_step(self):
        """Return the step of the ladder this offence stands on; None for a rule without a ladder."""
        self.ensure_one()
        ladder = self.rule_id.sudo().ladder_id
        return ladder._step(self.employee_id, self.act_date, exclude=self) if ladder and self.kind == 'penalty' else None

    def _is_in_payroll(self):
        """Whether a payroll batch holds money of this record; payroll extends."""
        self.ensure_one()
        return False

    def _refuse_step(self):
        raise coded_error('PPL-16', self.env._(
            "%(record)s is “%(state)s”; this step does not fit now. Open it and follow its buttons.",
            record=self.name, state=dict(self._fields['state']._description_selection(self.env)).get(self.state)))

    def _ask_person_sudo(self, summary, deadline):
        """Tell the person concerned; sudo: he reads his record by rule or on his page, activities are ours to make."""
        self.sudo().employee_id._aftersales_tell_sudo(self, summary, deadline)

    def _done_asking(self):
        """Close the activities of the person concerned."""
        record = self.sudo()
        record.activity_ids.filtered(lambda activity: activity.user_id == record.employee_id.user_id).action_done()
