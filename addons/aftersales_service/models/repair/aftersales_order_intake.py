from datetime import timedelta

from odoo import fields, models

from ...rules import promise
from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """What comes with the car: findings of the check-in, a proposal for the finishing time, a fleet's one signature."""

    _inherit = 'aftersales.repair.order'

    # === RECOMMENDATIONS === #

    def _add_recommendations(self, findings):
        """Offer what the check-in found, once each (R-PROC-27, R-PROC-32).

        :param list findings: see `aftersales.check.in._recommendations`.
        :rtype: recordset of aftersales.repair.job
        """
        self.ensure_one()
        jobs = self.env['aftersales.repair.job']
        known = set(self.job_ids.mapped('name'))
        for finding in findings:
            if finding['name'] in known:
                continue
            known.add(finding['name'])
            package = self.env['aftersales.package'].browse(finding['package_id'] or [])
            origin = 'safety' if finding['is_safety'] else 'recommended'
            if package:
                job = self._apply_package(package)
                job.write({'origin': origin, 'name': finding['name'], 'symptom': finding['note']})
            else:
                job = self._add_job(finding['name'], origin=origin, symptom=finding['note'])
                if finding['labour_item_id']:
                    self._add_line(job, kind='labour', labour_item_id=finding['labour_item_id'])
            jobs |= job
        return jobs

    def action_offer_refused(self):
        """Offer everything the customer refused at earlier visits again."""
        self.ensure_one()
        for job in self.vehicle_id._offerable_jobs().filtered(lambda job: job.order_id != self):
            self._revive(job)

    # === PROMISE === #

    def _proposed_promise(self, start=None):
        """Return when the car can be ready: book hours on the working hours, margin, missing parts (R-PROC-41, R-PROC-42).

        :param datetime start: UTC; default now.
        :return: UTC datetime without seconds, or None when the calendar of the next weeks has no room.
        """
        self.ensure_one()
        start = start or fields.Datetime.now()
        hours = sum(self._open_jobs().filtered(lambda job: not job.is_parked).mapped('billed_hours'))
        calendar = self.company_id.resource_calendar_id
        end = start + timedelta(days=28)
        intervals = [
            (begin.replace(tzinfo=None) - begin.utcoffset(), stop.replace(tzinfo=None) - stop.utcoffset())
            for begin, stop, _meta in calendar._work_intervals_batch(
                fields.Datetime.context_timestamp(self, start),
                fields.Datetime.context_timestamp(self, end),
            )[False]
        ]
        finish = promise.finish(
            start,
            hours,
            intervals,
            margin_pct=self.company_id.aftersales_promise_margin_pct,
            queued_hours=self._queued_hours(),
            parts_eta=self._parts_eta(),
        )
        return finish and finish.replace(second=0, microsecond=0)

    def _queued_hours(self):
        """Return the hours waiting before this order's work, per person; the workshop knows."""
        return 0

    def _parts_eta(self):
        """Return when the last missing part arrives (UTC), None when all are here; the parts room knows."""
        return None

    def action_propose_promise(self):
        """Fill in the proposed finishing time."""
        for order in self:
            proposal = order._proposed_promise()
            if not proposal:
                raise coded_error(
                    'REP-97',
                    self.env._(
                        "The working hours of the next weeks leave no room. Check the company's working calendar."
                    ),
                )
            order._promise(proposal)

    def _promise_blockers(self):
        """Warn of a promise earlier than hours and capacity allow (R-PROC-41)."""
        self.ensure_one()
        if not self.promised_at or self.state in ('inspecting', 'ready'):
            return []
        proposal = self._proposed_promise(self.visit_id.arrived_at or None)
        if not proposal or self.promised_at >= proposal - timedelta(minutes=1):
            return []
        reason = self._blocker(
            'promise_realistic',
            'REP-98',
            self.env._(
                "Promised for %(promised)s, but hours and capacity allow %(proposal)s at the earliest.",
                promised=self._local(self.promised_at),
                proposal=self._local(proposal),
            ),
            self._cure_open(self.env._("Set the time")),
        )
        return [reason] if reason else []

    def _local(self, moment):
        """Return a UTC moment as text on the company's clock."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.company_id.resource_calendar_id.tz),
            moment,
        ).strftime('%Y-%m-%d %H:%M')

    # === FLEET === #

    def _sign_together(self, name, signature=None, means='signature'):
        """Let one person sign the estimates of several orders of one customer at once.

        :param str name: who signs.
        :param bytes signature: image in base64.
        """
        partners = self.partner_id.commercial_partner_id
        if len(partners) > 1:
            raise coded_error(
                'REP-46',
                self.env._(
                    "One signature covers orders of one customer only; these belong to %(count)s.", count=len(partners)
                ),
            )
        for order in self:
            estimate = (
                order.estimate_ids.filtered(lambda version: version.state == 'issued')[:1] or order._issue_estimate()
            )
            estimate._sign(name, signature, means)

    def _use_mandate(self):
        """Approve within the customer's standing mandate: an amount per car, valid until a date.

        :raise UserError: REP-47 no mandate, it is over, or the order exceeds it.
        """
        for order in self:
            partner = order.partner_id.commercial_partner_id
            limit = partner.aftersales_mandate_amount
            if not limit or (
                partner.aftersales_mandate_until and partner.aftersales_mandate_until < fields.Date.context_today(order)
            ):
                raise coded_error(
                    'REP-47',
                    self.env._("%(partner)s has no valid standing mandate. Ask for a signature.", partner=partner.name),
                )
            if order.currency_id.compare_amounts(order.amount_total, limit) > 0:
                raise coded_error(
                    'REP-47',
                    self.env._(
                        "%(order)s comes to %(amount)s, the standing mandate of %(partner)s covers %(limit)s per car. "
                        "Ask for a signature.",
                        order=order.name,
                        amount=order.currency_id.format(order.amount_total),
                        partner=partner.name,
                        limit=order.currency_id.format(limit),
                    ),
                )
            if not order.estimate_ids:
                order._issue_estimate()
            order._record_consent(
                order._open_jobs().filtered(lambda job: not job.is_approved),
                'approved',
                'mandate',
                name=partner.aftersales_mandate_holder or partner.name,
            )

    def action_use_mandate(self):
        """Approve these orders within the fleet's standing mandate."""
        self._use_mandate()
        return True
