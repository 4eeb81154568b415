from odoo import fields, models

from ..base.errors import coded_error
from .const import HR_OFFICER


class AftersalesConductRecord(models.Model):
    """The steps of the person concerned: on his own page, or on paper that HR records for him."""

    _inherit = 'aftersales.conduct.record'
    _guarded_fields = frozenset({'statement_recorded_by_id', 'acknowledge_recorded_by_id'})

    rule_text = fields.Text(related='rule_id.text', string="Wording of the rule")
    answer_until = fields.Date(compute='_compute_answer_until', compute_sudo=True, help="Day by which the open objection is answered.")
    statement_recorded_by_id = fields.Many2one(
        'res.users', string="Statement recorded by", readonly=True, copy=False, help="Handed in on paper; the scan is attached.")
    acknowledge_recorded_by_id = fields.Many2one(
        'res.users', string="Acknowledgement recorded by", readonly=True, copy=False, help="Signed on paper; the scan is attached.")

    def _compute_answer_until(self):
        for record in self:
            record.answer_until = record.review_ids.filtered(lambda review: not review.decided_at)[:1].answer_until

    def action_print_hearing(self):
        """Print what is held against the person and until when he may speak, for who has no login."""
        return self.env.ref('aftersales_service.action_report_conduct_hearing').report_action(self)

    def _own_steps(self):
        """Return what the person concerned may do now; called as superuser.

        :return: {statement | acknowledge | object: last day, False where no day is set}.
        :rtype: dict
        """
        self.ensure_one()
        steps, until = {}, self._objection_until()
        if self.withdrawn_at or self.is_cancelled:
            return steps
        if self.hearing_asked_at and not self.decided_at and not self.statement_at:
            steps['statement'] = self.hearing_until
        if self.kind == 'penalty' and self.notified_at and not self.acknowledged_at:
            steps['acknowledge'] = False
        if until and self.company_id._aftersales_today() <= until and all(self.review_ids.mapped('decided_at')):
            steps['object'] = until
        return steps

    def _as_concerned_sudo(self, paper=None):
        """Return the record as superuser for the person it is about; or for HR who records what he handed in on paper.

        :param paper: (file name, bytes) of the scan; it stays with the record.
        :raise UserError: PPL-18 neither the person nor HR with a paper; PPL-13 HR's own case; PPL-38 paper missing.
        """
        self.ensure_one()
        record = self.sudo()
        if paper is None:
            if record.employee_id.user_id != self.env.user or not record.is_disclosed:
                raise coded_error('PPL-18', self.env._("This step belongs to the person concerned, on his own page."))
            return record
        self._ensure_group(HR_OFFICER)
        self._ensure_not_own()
        self.check_access('write')
        if not record.is_disclosed:
            record._refuse_step()
        name, contents = paper
        if not contents:
            raise coded_error('PPL-38', self.env._(
                "Attach the paper that %(person)s signed for %(record)s.", person=record.employee_id.name, record=record.name))
        record.message_post(
            body=self.env._("Handed in on paper by %(person)s, recorded by %(user)s.",
                            person=record.employee_id.name, user=self.env.user.name),
            attachments=[(name or self.env._("Paper"), contents)])
        return record
