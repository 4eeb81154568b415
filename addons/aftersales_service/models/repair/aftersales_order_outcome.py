from odoo import fields, models

from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """How an order ends or goes on: carried over, declined, cancelled, total loss."""

    _inherit = 'aftersales.repair.order'

    def _is_locked(self):
        """Tell whether the content can no longer change; rooms extend."""
        self.ensure_one()
        return self.state in ('released', 'closed') or self.outcome in ('cancelled',)

    def _ensure_editable(self):
        """Refuse changes to an order that is over; settlement verbs work through the guard."""
        if self._is_guarded():
            return
        for order in self:
            if order._is_locked():
                raise coded_error(
                    'REP-05',
                    self.env._(
                        "%(order)s is %(state)s and cannot change. Reopen it through a credit note, or open a new order.",
                        order=order.name,
                        state=dict(self._fields['state']._description_selection(self.env))[order.state],
                    ),
                )

    def _carry_over(self, jobs):
        """Move open jobs to a follow-up order, with consents; rooms move reservation, purchase and deposit along.

        The former order can then be settled for what was done; the follow-up waits for the car's next visit.

        :param jobs: open jobs of this order.
        :rtype: recordset of aftersales.repair.order
        """
        self.ensure_one()
        self._ensure_editable()
        jobs = jobs.filtered(lambda job: job.outcome == 'open')
        if not jobs:
            raise coded_error('REP-60', self.env._("Choose open jobs of %(order)s to carry over.", order=self.name))
        self._ensure_can_carry_over(jobs)
        follow_up = self.copy({'job_ids': [], 'line_ids': [], 'payer_ids': [], 'promised_at': False, 'visit_ids': []})
        follow_up._guarded().write({'origin_order_id': self.id, 'advisor_id': self.advisor_id.id})
        payers = {
            payer: follow_up._payer(payer.kind, payer.partner_id, payer.reason_id) for payer in jobs.share_ids.payer_id
        }
        for job in jobs:
            new = job.copy({'order_id': follow_up.id, 'payer_kind': 'undecided', 'revived_from_id': job.id})
            self.env['aftersales.repair.share'].create(
                [
                    {
                        'job_id': new.id,
                        'payer_id': payers[share.payer_id].id,
                        'method': share.method,
                        'value': share.value,
                    }
                    for share in job.share_ids
                ]
            )
            moved = {line: line.copy({'job_id': new.id}) for line in job.line_ids}
            for line, copy in moved.items():
                copy._guarded().priced_at = line.priced_at
                if line.has_manual_price or line.discount:
                    copy._guarded().write(
                        {
                            'has_manual_price': line.has_manual_price,
                            'manual_price_unit': line.manual_price_unit,
                            'discount': line.discount,
                            'price_reason_id': line.price_reason_id.id,
                            'price_changed_by_id': line.price_changed_by_id.id,
                        }
                    )
            self._carry_over_consents(job, new, payers)
            self._after_carry_over(job, new, moved)
        jobs._guarded().write({'outcome': 'carried', 'outcome_at': fields.Datetime.now(), 'parked_at': False})
        self.message_post(
            body=self.env._(
                "Carried over to %(order)s: %(jobs)s", order=follow_up.name, jobs=', '.join(jobs.mapped('name'))
            )
        )
        (self | follow_up)._advance()
        return follow_up

    def _ensure_can_carry_over(self, jobs):
        """Refuse to carry over what has begun; rooms extend (issued parts, running operations)."""

    def _carry_over_consents(self, job, new, payers):
        """Let each payer's last answer hold on the follow-up job."""
        fingerprint = new._fingerprints()[new]
        kept = ('state', 'amount', 'means', 'decided_at', 'decided_by', 'phone', 'signed_later_at', 'note')
        vals_list = []
        for share in job.share_ids:
            consent = job._payer_consent(share)
            if consent:
                vals_list.append(
                    {
                        **{name: consent.sudo()[name] for name in kept},
                        'order_id': new.order_id.id,
                        'job_id': new.id,
                        'payer_id': payers[share.payer_id].id,
                        'fingerprint': fingerprint,
                        'estimate_id': consent.estimate_id.id,
                        'user_id': consent.user_id.id,
                        'second_user_id': consent.second_user_id.id,
                        'listener_id': consent.listener_id.id,
                    }
                )
        self.env['aftersales.consent']._guarded().create(vals_list)

    def _after_carry_over(self, job, new, lines):
        """Move along what hangs on the job; override point of the rooms.

        :param job: the job of the former order.
        :param new: its copy on the follow-up order.
        :param dict lines: `{line: copied line}`.
        """

    def _decline(self, reason, fee_job=None):
        """The customer does not want the repair; a diagnosis fee, if any, is settled on the usual path (R-PROC-49).

        :param reason: `aftersales.reason` of kind decline.
        :param fee_job: the job that is charged all the same.
        """
        self.ensure_one()
        self._ensure_editable()
        if not reason:
            raise coded_error('REP-61', self.env._("Choose why the customer declines."))
        jobs = self._open_jobs() - (fee_job or self.env['aftersales.repair.job'])
        self._ensure_can_end(jobs)
        jobs._guarded().write(
            {'outcome': 'declined', 'outcome_reason_id': reason.id, 'outcome_at': fields.Datetime.now()}
        )
        self._guarded().write({'outcome': 'declined', 'outcome_reason_id': reason.id})
        self._after_end()
        self._advance()

    def _cancel(self, reason):
        """Cancel the whole order; rooms refuse while parts are out and settle what is left."""
        self.ensure_one()
        self._ensure_editable()
        if not reason:
            raise coded_error('REP-62', self.env._("Choose why the order is cancelled."))
        self._ensure_no_blockers('cancelled')
        jobs = self._open_jobs()
        self._ensure_can_end(jobs)
        jobs._guarded().write(
            {'outcome': 'cancelled', 'outcome_reason_id': reason.id, 'outcome_at': fields.Datetime.now()}
        )
        self._guarded().write({'outcome': 'cancelled', 'outcome_reason_id': reason.id})
        self._after_end()
        self._advance()

    def _total_loss(self, reason):
        """The car is not repaired after dismantling: what was done is settled, the rest is dropped."""
        self.ensure_one()
        self._ensure_editable()
        self._guarded().write({'outcome': 'total_loss', 'outcome_reason_id': reason.id})
        self._after_end()
        self._advance()

    def _ensure_can_end(self, jobs):
        """Refuse to end jobs that still hold parts or money; rooms extend."""

    def _after_end(self):
        """Clean up after a decline, a cancellation or a total loss; rooms extend (reservations, purchases, deposits)."""
