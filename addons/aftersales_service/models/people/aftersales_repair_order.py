from odoo import fields, models

#: Stars of five up to which a rating is a complaint.
COMPLAINT_STARS = 2


class AftersalesRepairOrder(models.Model):
    """What the day of an order tells about the work of its advisor: late promises and complaints, as facts."""

    _inherit = 'aftersales.repair.order'

    def _after_transition(self, source, target):
        result = super()._after_transition(source, target)
        if target == 'ready':
            self._notice_delay()
        return result

    def _notice_delay(self):
        """Note a promise that was not kept: a fact for the advisor's sheet, once an order. Telling a new time in time
        moves the promise, so who reports early is never worse off."""
        self.ensure_one()
        now = fields.Datetime.now()
        person = self.advisor_id.sudo().employee_ids.filtered(lambda employee: employee.company_id == self.company_id)[:1]
        if not self.promised_at or self.promised_at >= now or not person:
            return
        proposals = self.env['aftersales.conduct.proposal'].sudo()
        if proposals.search_count([
            ('res_model', '=', self._name), ('res_id', '=', self.id), ('source', '=', 'delay')], limit=1):
            return
        proposals.with_env(self.env)._propose(
            'fact', person, self, self.env._(
                "%(order)s was ready %(hours)s hours after the promise", order=self.name,
                hours=round((now - self.promised_at).total_seconds() / 3600, 1)),
            source='delay', rule_hint='R-ASM-16')

    def rating_apply(self, rate, **kwargs):
        rating = super().rating_apply(rate, **kwargs)
        if rate and rate <= COMPLAINT_STARS:
            for order in self:
                order._notice_complaint(rate)
        return rating

    def _notice_complaint(self, rate):
        """Note a bad rating as a complaint about the advisor's order; the customer's words stay with the rating."""
        person = self.advisor_id.sudo().employee_ids.filtered(lambda employee: employee.company_id == self.company_id)[:1]
        if person:
            self.env['aftersales.conduct.proposal']._propose(
                'fact', person, self, self.env._("%(order)s was rated %(rate)s of 5", order=self.name, rate=int(rate)),
                source='complaint', rule_hint='R-ASM-17')
