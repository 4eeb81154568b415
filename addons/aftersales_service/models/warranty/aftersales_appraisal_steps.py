from markupsafe import Markup

from odoo import api, fields, models

from ..base.errors import coded_error
from ..base.gates import Blocker

CLERK = 'aftersales_service.group_warranty_clerk'
REVIEWERS = (
    'aftersales_service.group_frontdesk_supervisor,aftersales_service.group_workshop_supervisor,'
    'aftersales_service.group_service_manager'
)


class AftersalesWarrantyAppraisal(models.Model):
    """The steps of an appraisal, each recorded with who and when, and what its outcome does to the job."""

    _inherit = 'aftersales.warranty.appraisal'

    # === RIGHTS === #

    def _ensure_clerk(self):
        """Refuse people who do not judge warranty.

        :raise UserError: WAR-14
        """
        self.check_access('write')
        if not self.env.su and not self.env.user.has_group(CLERK):
            raise coded_error('WAR-14', self.env._("Appraisals are answered by the warranty clerk."))

    @api.model
    def _has_training_sudo(self, user, company):
        """Tell whether a user may work as warranty clerk today; sudo: only yes or no leaves the employee's file.

        :rtype: bool
        """
        employees = self.env['hr.employee'].sudo().search([('user_id', '=', user.id), ('company_id', '=', company.id)])
        today = company._aftersales_today()
        return any(employee._has_warranty_training(today) for employee in employees)

    # === BLOCKERS === #

    def _blockers(self, target):
        """Targets: answered (give the answer), reviewed, customer_pays (the job turns to the customer)."""
        found = super()._blockers(target)
        collect = {
            'answered': '_answer_blockers',
            'customer_pays': '_customer_blockers',
        }.get(target)
        if collect:
            for appraisal in self:
                found[appraisal] += getattr(appraisal, collect)()
        return found

    def _answer_blockers(self):
        """A careful answer: trained clerk, finding in words, fault code or part, photo (R-WAR-04, R-PERM-07)."""
        self.ensure_one()
        reasons = []
        if not self._has_training_sudo(self.env.user, self.company_id):
            reasons.append(self._training_blocker())
        missing = []
        if not self.finding:
            missing.append(self.env._("what was found"))
        if self.answer == 'covered' and not (self.fault_code or self.causal_product_id):
            missing.append(self.env._("fault code or causal part"))
        if self.answer == 'covered' and not self.photo_ids:
            missing.append(self.env._("a photo"))
        if self.answer == 'not_covered' and not self.refusal_reason_id:
            missing.append(self.env._("the reason of the refusal"))
        if missing:
            reasons.append(self._blocker('appraisal_complete', 'WAR-16', self.env._(
                "The appraisal %(name)s lacks: %(missing)s.", name=self.name, missing=', '.join(missing))))
        return reasons

    def _training_blocker(self):
        """Return the reason against an untrained clerk, at the level of the company-wide gate; None when it is off."""
        level = self.company_id._aftersales_gate('clerk_training')
        if level == 'off':
            return None
        return Blocker('WAR-15', self.env._(
            "%(user)s has no valid warranty training on the employee's file.", user=self.env.user.name,
        ), level, 'clerk_training')

    def _customer_blockers(self):
        """A refusal is explained, and the customer agrees to pay, before the job is his (R-WAR-14)."""
        self.ensure_one()
        reasons = []
        if self.state == 'refused':
            reasons.append(self._blocker('refusal_consent', 'WAR-17', self.env._(
                "Nobody has explained to the customer yet why “%(job)s” is not covered.", job=self.job_id.name,
            ), self._cure_explain()))
        if not self.env.context.get('aftersales_asking_consent'):
            reasons.append(self._blocker('refusal_consent', 'WAR-18', self.env._(
                "“%(job)s” is the customer's only when he agrees to pay: record his answer.", job=self.job_id.name,
            ), self._cure_explain()))
        return reasons

    def _cure_explain(self):
        return {'label': self.env._("Explain and ask"), 'action': self.action_explain_refusal()}

    # === STEPS === #

    def _give_answer(self):
        """Give the answer that the form holds: from now on it stays (R-WAR-03).

        :raise UserError: WAR-14 no clerk, WAR-19 nothing to give, the blockers of target `answered`.
        """
        self._ensure_clerk()
        for appraisal in self:
            if not appraisal.answer or appraisal.answered_at or appraisal.cancelled_at:
                raise coded_error('WAR-19', self.env._(
                    "Choose the answer of %(appraisal)s first; an answer is given once.", appraisal=appraisal.name))
        self._ensure_no_blockers('answered')
        self._guarded().write({'answered_at': fields.Datetime.now(), 'answered_by_id': self.env.uid})
        self._conclude()

    def _ask_help(self, question):
        """Ask the manufacturer for technical help (R-WAR-04).

        :param str question: what is not clear.
        """
        self._ensure_clerk()
        self._ensure_open()
        if not (question or '').strip():
            raise coded_error('WAR-20', self.env._("Write down what you ask the manufacturer."))
        self._guarded().write({
            'help_question': question, 'help_asked_at': fields.Datetime.now(), 'help_asked_by_id': self.env.uid,
            'help_answered_at': False,
        })

    def _record_help(self, answer):
        """Record what the manufacturer said."""
        self._ensure_clerk()
        if not self.help_asked_at or not (answer or '').strip():
            raise coded_error('WAR-20', self.env._("Write down what the manufacturer said to your question."))
        self._guarded().write({'help_answer': answer, 'help_answered_at': fields.Datetime.now()})

    def _review(self):
        """Confirm an answer as a second person (R-WAR-16).

        :raise UserError: WAR-21 role, or the same person.
        """
        self.check_access('read')
        for appraisal in self:
            if not self.env.user.has_groups(REVIEWERS) or appraisal.answered_by_id == self.env.user:
                raise coded_error('WAR-21', self.env._(
                    "%(appraisal)s is reviewed by a supervisor, and not by who answered it.", appraisal=appraisal.name))
            if appraisal.state != 'review':
                raise coded_error('WAR-22', self.env._("%(appraisal)s waits for no review.", appraisal=appraisal.name))
        self.sudo()._guarded().write({'supervisor_id': self.env.uid, 'reviewed_at': fields.Datetime.now()})
        self._conclude()

    def _send_back(self, note):
        """Do not confirm an answer: the clerk looks again."""
        for appraisal in self:
            if not self.env.user.has_groups(REVIEWERS) or appraisal.answered_by_id == self.env.user:
                raise coded_error('WAR-21', self.env._(
                    "%(appraisal)s is reviewed by a supervisor, and not by who answered it.", appraisal=appraisal.name))
            if appraisal.state != 'review':
                raise coded_error('WAR-22', self.env._("%(appraisal)s waits for no review.", appraisal=appraisal.name))
            appraisal.message_post(body=self.env._("Sent back: %(note)s", note=note or '–'))
        self.sudo()._guarded().write({'answered_at': False, 'answered_by_id': False})

    def _ask_preauthorisation(self):
        """Record that the manufacturer was asked to agree beforehand; the job waits, its neighbours go on (R-WAR-05)."""
        self._ensure_clerk()
        self._guarded().write({'preauthorisation_asked_at': fields.Datetime.now()})
        self._wait_sudo()

    def _record_preauthorisation(self, number, amount=0.0):
        """Record the manufacturer's number; the job goes on.

        :param str number: as given by the manufacturer.
        :param float amount: up to which he agreed, tax included; 0: without a limit.
        """
        self._ensure_clerk()
        self.ensure_one()
        if not (number or '').strip() or self.cancelled_at:
            raise coded_error('WAR-23', self.env._("Enter the manufacturer's pre-authorisation number."))
        if amount and self.currency_id.compare_amounts(self.amount, amount) > 0:
            raise coded_error('WAR-24', self.env._(
                "The manufacturer agreed to %(agreed)s, “%(job)s” comes to %(amount)s. Reduce the job, or ask again.",
                agreed=self.currency_id.format(amount), job=self.job_id.name,
                amount=self.currency_id.format(self.amount),
            ))
        self._guarded().write({
            'preauthorisation_no': number.strip(),
            'preauthorised_amount': amount,
            'preauthorised_at': fields.Datetime.now(),
            'preauthorised_by_id': self.env.uid,
        })
        self._conclude()

    def _explain(self, name):
        """Stamp that the refusal was explained to the customer (R-WAR-14).

        :param str name: to whom.
        """
        self.ensure_one()
        self._ensure_serves_customer()
        if self.state not in ('refused', 'explained') or not (name or '').strip():
            raise coded_error('WAR-25', self.env._(
                "A refusal is explained to a person: say to whom. %(appraisal)s must have been refused.",
                appraisal=self.name))
        self.sudo()._guarded().write({
            'explained_at': fields.Datetime.now(), 'explained_by_id': self.env.uid, 'explained_to': name.strip(),
        })
        self._message_log(body=self.env._("Refusal explained to %(name)s.", name=name.strip()))

    def _turn_to_customer(self, means, name, **answer):
        """Let the customer pay a job that is not covered; his agreement is recorded in the same step (R-WAR-14).

        :param str means: see `order._record_consent`, which takes the other values too (phone, second_user, note).
        :param str name: who agreed.
        """
        self.ensure_one()
        self._ensure_serves_customer()
        if self.state not in ('refused', 'explained') or self != self.job_id.appraisal_id:
            raise coded_error('WAR-25', self.env._(
                "A refusal is explained to a person: say to whom. %(appraisal)s must have been refused.",
                appraisal=self.name))
        order = self.order_id
        order._ensure_editable()
        self.with_context(aftersales_asking_consent=True)._ensure_no_blockers('customer_pays')
        job = self.job_id
        job._guarded()._set_single_payer(order._payer('customer'))
        order._record_consent(job._unguarded(), 'approved', means, name=name, **answer)

    def _ensure_serves_customer(self):
        """Only who serves the customer speaks for him."""
        self.check_access('read')
        if not self.env.su and not self.env.user.has_groups(f'aftersales_service.group_advisor,{CLERK}'):
            raise coded_error('WAR-26', self.env._("The advisor or the warranty clerk explains a refusal."))

    def _escalate(self, note):
        """Tell managers, the technical adviser and the clerk that the customer does not accept a refusal (R-PERM-14).

        :param str note: what the customer says.
        """
        self.ensure_one()
        self._ensure_serves_customer()
        if self.state not in ('refused', 'explained'):
            raise coded_error('WAR-27', self.env._(
                "%(appraisal)s was not refused; there is nothing to escalate.", appraisal=self.name))
        self.sudo()._guarded().write({'escalated_at': fields.Datetime.now(), 'escalated_by_id': self.env.uid})
        self._tell_managers_sudo(note)

    def _tell_managers_sudo(self, note):
        """Put the case on the managers' desks; sudo: who may manage is looked up."""
        company = self.company_id.sudo()
        managers = self.env.ref('aftersales_service.group_service_manager').sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids)[:3]
        for user in managers | company.aftersales_technical_adviser_id:
            self.sudo().activity_schedule(
                'aftersales_service.mail_activity_type_escalation', user_id=user.id,
                summary=self.env._("Customer does not accept the refusal"), note=note,
            )
        self.message_post(body=self.env._("Escalated by %(user)s: %(note)s", user=self.env.user.name, note=note or '–'))

    def _cancel(self):
        """Call an appraisal off that is not needed any more."""
        self._ensure_open()
        for appraisal in self:
            if appraisal.requested_by_id != self.env.user:
                appraisal._ensure_clerk()
        self.sudo()._guarded().write({'cancelled_at': fields.Datetime.now()})
        self._unwait_sudo()
        self._close_reminders_sudo()

    def _ensure_open(self):
        for appraisal in self:
            if not appraisal.is_open:
                raise coded_error('WAR-28', self.env._(
                    "%(appraisal)s is answered already. Ask for a new appraisal.", appraisal=appraisal.name))

    # === WHAT FOLLOWS === #

    def _conclude(self):
        """Let the job follow an outcome: covered: the manufacturer pays; refused: nobody until the customer agrees."""
        self._conclude_sudo()
        for appraisal in self.sudo():
            if appraisal.state not in ('review',):
                appraisal._tell_advisor()

    def _conclude_sudo(self):
        """Change who pays; sudo: the clerk judges, he does not write orders."""
        for appraisal in self.sudo():
            job = appraisal.job_id
            if job.order_id._is_locked() or job.outcome != 'open':
                continue
            if appraisal.state == 'covered':
                appraisal._unwait_sudo()
                if job.payer_kind in ('undecided', 'customer') and job.order_id._default_payer_partner('warranty'):
                    job._set_single_payer(job.order_id._payer('warranty'))
            elif appraisal.state == 'preauthorisation':
                appraisal._wait_sudo()
            elif appraisal.state == 'refused':
                appraisal._unwait_sudo()
                job.share_ids.filtered(lambda share: share.payer_id.kind == 'warranty').unlink()

    def _wait_sudo(self):
        """Park the job until the manufacturer agreed; sudo: see `_conclude_sudo`."""
        reason = self.env.ref('aftersales_service.reason_park_approval', raise_if_not_found=False)
        for job in self.sudo().job_id:
            if not job.is_parked and job.outcome == 'open' and not job.order_id._is_locked():
                job._park(reason or self.env['aftersales.reason'].sudo().search([('kind', '=', 'park')], limit=1))

    def _unwait_sudo(self):
        """Take a job up again that waited for this answer only; sudo: see `_conclude_sudo`."""
        reason = self.env.ref('aftersales_service.reason_park_approval', raise_if_not_found=False)
        for job in self.sudo().job_id:
            if job.is_parked and reason and job.park_reason_id == reason:
                job._unpark()

    # === REMINDERS === #

    def _clerk_sudo(self):
        """Return who is reminded: the clerk of the settings, else the first one, else who asked; sudo: looked up."""
        self.ensure_one()
        company = self.company_id.sudo()
        if company.aftersales_warranty_clerk_id:
            return company.aftersales_warranty_clerk_id
        clerks = self.env.ref(CLERK).sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids)
        managers = self.env.ref('aftersales_service.group_service_manager').sudo().all_user_ids
        return (clerks - managers)[:1] or clerks[:1] or self.sudo().requested_by_id

    def _remind_clerk(self):
        """Put the question on the clerk's list; sudo: the advisor schedules for somebody else."""
        for appraisal in self.sudo():
            appraisal.activity_schedule(
                'aftersales_service.mail_activity_type_appraisal',
                date_deadline=appraisal.company_id._aftersales_today(appraisal.due_at),
                user_id=appraisal._clerk_sudo().id,
                summary=appraisal.job_id.name,
            )

    def _tell_advisor(self):
        """Tell who asked what came out; his list is cleared of the question."""
        self._close_reminders_sudo()
        labels = dict(self._fields['state']._description_selection(self.env))
        for appraisal in self.sudo():
            appraisal.message_post(
                body=Markup("<b>%s</b> %s") % (labels[appraisal.state], appraisal.finding or ''),
                partner_ids=appraisal.requested_by_id.partner_id.ids,
                subtype_xmlid='mail.mt_note',
            )
            appraisal.order_id._message_log(body=self.env._(
                "Appraisal %(name)s of “%(job)s”: %(state)s",
                name=appraisal.name, job=appraisal.job_id.name, state=labels[appraisal.state]))

    def _close_reminders_sudo(self):
        """Clear the reminders of these appraisals; sudo: they belong to the clerk."""
        self.sudo().activity_unlink(['aftersales_service.mail_activity_type_appraisal'])

    @api.model
    def _cron_alert(self):
        """Remind of questions whose answer is overdue, once each: the clerk's managers get an activity (R-WAR-03)."""
        for appraisal in self.search([('is_overdue', '=', True), ('alerted_at', '=', False)]):
            appraisal.activity_schedule(
                'aftersales_service.mail_activity_type_appraisal_overdue',
                user_id=appraisal._clerk_sudo().id,
                summary=self.env._("Appraisal overdue: %(job)s", job=appraisal.job_id.name),
            )
            appraisal._guarded().write({'alerted_at': fields.Datetime.now()})

    # === ACTIONS === #

    def action_give_answer(self):
        self.ensure_one()
        if explain := self._gate_action('answered', 'action_give_answer'):
            return explain
        self._give_answer()
        return False

    def action_ask_help(self):
        for appraisal in self:
            appraisal._ask_help(appraisal.help_question)

    def action_record_help(self):
        for appraisal in self:
            appraisal._record_help(appraisal.help_answer)

    def action_ask_preauthorisation(self):
        self._ask_preauthorisation()

    def action_review(self):
        self._review()

    def action_cancel(self):
        self._cancel()

    def _step_action(self, step, title):
        """Return the dialog of a step that asks for a few words."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': title,
            'res_model': 'aftersales.appraisal.wizard',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_appraisal_id': self.id, 'default_step': step},
        }

    def action_send_back(self):
        return self._step_action('send_back', self.env._("Send Back"))

    def action_preauthorise(self):
        return self._step_action('preauthorise', self.env._("Pre-authorisation Number"))

    def action_explain_refusal(self):
        return self._step_action('explain', self.env._("Explain the Refusal"))

    def action_escalate(self):
        return self._step_action('escalate', self.env._("Escalate"))

    def action_open_order(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'aftersales.repair.order', 'res_id': self.order_id.id,
            'views': [(False, 'form')],
        }
