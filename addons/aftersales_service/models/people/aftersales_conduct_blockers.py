from datetime import timedelta

from odoo import models

from .aftersales_conduct_record import AMOUNT_FIELDS


class AftersalesConductRecord(models.Model):
    """Why a record may not go on yet: every reason at once."""

    _inherit = 'aftersales.conduct.record'

    def _blockers(self, target):
        """Add the reasons of this room for proposed, decided, notified and closed (house §1.5)."""
        found = super()._blockers(target)
        for record in self:
            method = {
                'proposed': record._proposed_blockers, 'decided': record._decided_blockers,
                'notified': record._notified_blockers, 'closed': record._closed_blockers,
            }.get(target)
            found[record] += method() if method else []
        return found

    def _proposed_blockers(self):
        if self.employee_id in self._own_people_sudo():
            return []
        return [self._blocker('conduct_own_people', 'PPL-14', self.env._(
            "%(person)s is not one of your people. Tell the person's leader, or HR.", person=self.employee_id.name))]

    def _decided_blockers(self):
        found = [
            *self._measure_blockers(), *self._amount_blockers(),
            self.decided_by_id and self._blocker(None, 'PPL-16', self.env._("%(record)s is decided.", record=self.name)),
        ]
        if self.proposed_by_id == self.env.user:
            found.append(self._blocker('conduct_proposer_decides', 'PPL-21', self.env._(
                "You proposed %(record)s yourself; another manager decides it.", record=self.name)))
        if self.kind == 'reward':
            return found
        company, today = self.company_id, self.company_id._aftersales_today()
        if not self.investigated_at:
            found.append(self._blocker(None, 'PPL-22', self.env._("%(record)s was not looked into yet.", record=self.name)))
        elif not self._is_heard(today):
            found.append(self._blocker(None, 'PPL-22', self.env._(
                "%(person)s has until %(day)s to state his view on %(record)s.",
                person=self.employee_id.name, day=self.hearing_until, record=self.name)))
        if self.discovered_on + timedelta(days=company.aftersales_decide_days) < today:
            found.append(self._blocker('conduct_limitation', 'PPL-23', self.env._(
                "%(record)s was discovered on %(day)s: more than %(number)s days ago. Old matters lapse.",
                record=self.name, day=self.discovered_on, number=company.aftersales_decide_days)))
        # Making good a proven loss is no sanction.
        is_sanction = not self.measure_id.counts_as_education and (
            self.measure_id.code != 'compensation' or self.performance_amount or self.fine_amount)
        if is_sanction and not (self.prior_record_id or self.rule_id.is_immediate):
            found.append(self._blocker('conduct_education_first', 'PPL-24', self.env._(
                "Talk first: no earlier criticism of %(person)s is named on %(record)s, and rule %(rule)s does not allow an "
                "immediate sanction.", person=self.employee_id.name, record=self.name, rule=self.rule_id.code)))
        if self.prior_record_id and (
            self.prior_record_id.sudo().employee_id != self.employee_id or not self.prior_record_id.sudo().decided_at
        ):
            found.append(self._blocker(None, 'PPL-24', self.env._(
                "The earlier talk named on %(record)s was with somebody else, or is not decided.", record=self.name)))
        if self._has_money() and not self.env['aftersales.conduct.receipt']._covers_sudo(self.employee_id, company, self.act_date):
            found.append(self._blocker('conduct_receipt', 'PPL-25', self.env._(
                "%(person)s had not signed for the rules in force on %(day)s: %(record)s cannot carry money.",
                person=self.employee_id.name, day=self.act_date, record=self.name)))
        return found

    def _measure_blockers(self):
        _, measure = self.env._, self.measure_id
        if not measure:
            return [self._blocker(None, 'PPL-26', _("Choose the measure of %(record)s.", record=self.name))]
        found = []
        if measure not in self.rule_id.measure_ids or measure.kind != self.kind:
            found.append(self._blocker(None, 'PPL-26', _(
                "Rule %(rule)s does not allow “%(measure)s”.", rule=self.rule_id.display_name, measure=measure.name)))
        if measure.needs_amount and not self._has_money():
            found.append(self._blocker(None, 'PPL-27', _("“%(measure)s” needs an amount.", measure=measure.name)))
        if measure.needs_period and not (self.period_from and self.period_to and self.period_from <= self.period_to):
            found.append(self._blocker(None, 'PPL-27', _("“%(measure)s” needs a period, from – to.", measure=measure.name)))
        if measure.needs_job and not self.new_job:
            found.append(self._blocker(None, 'PPL-27', _("“%(measure)s” needs the new position.", measure=measure.name)))
        if measure.needs_checklist:
            if not self.ends_on:
                found.append(self._blocker(None, 'PPL-27', _("“%(measure)s” needs the day on which the contract ends.", measure=measure.name)))
            if not self.check_ids or not all(self.check_ids.mapped('is_done')):
                found.append(self._blocker('conduct_termination_checklist', 'PPL-28', _(
                    "The checklist of %(record)s is not complete: published rule, proof, hearing, union, protected periods.",
                    record=self.name)))
        return found

    def _amount_blockers(self):
        _, currency, found = self.env._, self.currency_id, []
        if any(currency.compare_amounts(self[name], currency.round(self[name])) for name in AMOUNT_FIELDS):
            found.append(self._blocker(None, 'PPL-27', _("An amount has more decimals than the currency.")))
        wrong = self.bonus_amount if self.kind == 'penalty' else (
            self.performance_amount + self.compensation_amount + self.fine_amount)
        if not currency.is_zero(wrong):
            found.append(self._blocker(None, 'PPL-27', _("A reward gives, a penalty takes: an amount stands in the wrong field.")))
        if not currency.is_zero(self.fine_amount):
            found.append(self._blocker('conduct_fine_money', 'PPL-29', _(
                "%(record)s carries a fine of %(amount)s. Employers have no general right to fine: use performance pay by the "
                "published scheme, or compensation for a proven loss.",
                record=self.name, amount=currency.format(self.fine_amount))))
            if not (self.legal_note or '').strip():
                found.append(self._blocker(None, 'PPL-29', _("Write down the legal ground of the fine on %(record)s.", record=self.name)))
            if self.employee_id.sudo().work_location_id.aftersales_forbids_fines:
                found.append(self._blocker(None, 'PPL-29', _(
                    "The place of work of %(person)s forbids fines.", person=self.employee_id.name)))
        step = self._ladder_step()
        ladder_money = self.performance_amount + self.fine_amount
        if step and currency.compare_amounts(ladder_money, step.amount * currency.rounding) > 0:
            found.append(self._blocker(None, 'PPL-30', _(
                "Offence no. %(number)s of its class costs %(amount)s at most, not %(wanted)s.", number=step.number,
                amount=currency.format(step.amount * currency.rounding), wanted=currency.format(ladder_money))))
        if not currency.is_zero(self.compensation_amount):
            if not self.rule_id.has_compensation or not self.loss_amount or not (self.loss_proof or '').strip():
                found.append(self._blocker('conduct_compensation_proof', 'PPL-31', _(
                    "Compensation on %(record)s needs a rule that speaks of damage, the loss, and how it is proven.", record=self.name)))
            if currency.compare_amounts(self.compensation_amount, self.compensation_limit) > 0:
                found.append(self._blocker(None, 'PPL-31', _(
                    "Compensation of %(amount)s is more than loss × fault × own share: %(limit)s.",
                    amount=currency.format(self.compensation_amount), limit=currency.format(self.compensation_limit))))
        return found

    def _notified_blockers(self):
        if self.gravity == 'serious' and not self.approved_at:
            return [self._blocker('conduct_serious_approval', 'PPL-32', self.env._(
                "%(record)s is serious: the general manager approves it first.", record=self.name))]
        return []

    def _closed_blockers(self):
        if self.is_criminal and not self.authorities_on and not self.is_cancelled:
            return [self._blocker('conduct_authorities', 'PPL-33', self.env._(
                "%(record)s may be criminal: note when it was handed to the authorities, or why not.", record=self.name))]
        return []
