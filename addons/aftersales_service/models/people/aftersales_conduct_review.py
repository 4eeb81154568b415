from odoo import api, fields, models

from ..base.errors import coded_error
from .const import GENERAL_MANAGER, MANAGER_GROUPS, SERVICE_MANAGER


class AftersalesConductReview(models.Model):
    """The employee's objection: first a review by another person than who decided, then an appeal to the general manager.

    Where the general manager took part in the case himself, a panel named on the appeal hears it.
    """

    _name = 'aftersales.conduct.review'
    _description = "Review of a conduct record"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'filed_at desc, id desc'
    _rec_name = 'record_id'
    _guarded_fields = frozenset({
        'record_id', 'kind', 'reason', 'filed_at', 'result', 'answer', 'decided_by_id', 'decided_at', 'panel_ids',
        'before', 'panel_named_by_id', 'panel_votes', 'panel_agreed_ids',
        'recorded_by_id',
    })

    record_id = fields.Many2one('aftersales.conduct.record', string="Conduct record", required=True, readonly=True, ondelete='restrict', index=True)
    company_id = fields.Many2one(related='record_id.company_id', store=True, index=True)
    employee_id = fields.Many2one(related='record_id.employee_id', store=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    kind = fields.Selection([('review', "Review"), ('appeal', "Appeal")], required=True, readonly=True)
    reason = fields.Text(string="Objection", required=True, readonly=True)
    filed_at = fields.Datetime(required=True, readonly=True)
    recorded_by_id = fields.Many2one('res.users', readonly=True, copy=False, help="Handed in on paper; the scan is attached to the record.")
    answer_until = fields.Date(compute='_compute_answer_until', compute_sudo=True)
    result = fields.Selection(
        [('uphold', "Upheld"), ('change', "Decision changed"), ('cancel', "Decision cancelled")], readonly=True, copy=False, tracking=True,
        help="What happened to the decision.",
    )
    answer = fields.Text(readonly=True, copy=False)
    before = fields.Char(string="Decision before", readonly=True, copy=False)
    panel_ids = fields.Many2many(
        'res.users', 'aftersales_conduct_review_panel_rel', 'review_id', 'user_id', string="Panel", readonly=True, copy=False,
        help="Deputy, employee or union member; who hears the appeal where the general manager took part before.",
    )
    panel_votes = fields.Json(readonly=True, copy=False, groups=MANAGER_GROUPS)
    panel_agreed_ids = fields.Many2many(
        'res.users', 'aftersales_conduct_review_agreed_rel', 'review_id', 'user_id', string="Agreed", readonly=True, copy=False,
        groups=MANAGER_GROUPS,
        help="Members of the panel who gave the answer given last; more than half of them decide.",
    )
    panel_named_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    decided_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)

    _once = models.UniqueIndex("(record_id, kind)", "A record has one review and one appeal.")

    @api.depends('filed_at', 'company_id')
    def _compute_answer_until(self):
        for review in self:
            company = review.company_id
            review.answer_until = review.filed_at and company and company._aftersales_workdays_after(
                company._aftersales_today(review.filed_at), company.aftersales_answer_days)

    # === BUSINESS METHODS === #

    def _involved_users(self):
        """Return who took part in the case before: he does not judge it again."""
        self.ensure_one()
        record = self.record_id.sudo()
        earlier = record.review_ids.filtered('decided_at') - self.sudo()
        return record.decided_by_id | record.approved_by_id | earlier.decided_by_id

    def _name_panel(self, users):
        """Name who hears an appeal in which the general manager took part before: two people at least, with a desk here,
        one of them no manager (a deputy and an employee, or somebody of the union).

        :raise UserError: PPL-15 role, PPL-34 panel.
        """
        self.ensure_one()
        self.record_id._ensure_group(GENERAL_MANAGER, 'aftersales_service.group_hr_officer')
        self.record_id._ensure_not_own()
        if self.kind != 'appeal' or self.decided_at:
            raise coded_error('PPL-34', self.env._("A panel is named for an open appeal only."))
        concerned = self._involved_users() | self.record_id.sudo().employee_id.user_id
        chiefs = self.env.ref(GENERAL_MANAGER).sudo().all_user_ids.filtered(lambda user: self.company_id in user.company_ids)
        if chiefs and not chiefs & concerned:
            raise coded_error('PPL-34', self.env._(
                "The general manager took no part in %(record)s: he hears this appeal himself.", record=self.record_id.name))
        if all(member.has_groups(MANAGER_GROUPS) for member in users.sudo()):
            raise coded_error('PPL-34', self.env._(
                "One member of the panel is an employee or speaks for the union: not all of them are managers."))
        if len(users) < 2 or users & concerned or any(users.sudo().mapped('share')):
            raise coded_error('PPL-34', self.env._(
                "A panel has two members or more, none of whom took part in %(record)s before.", record=self.record_id.name))
        self.sudo()._guarded().write({
            'panel_ids': [fields.Command.set(users.ids)], 'panel_named_by_id': self.env.uid,
            'panel_votes': False, 'panel_agreed_ids': [fields.Command.clear()],
        })

    def _ensure_can_decide(self):
        """Reviewer ≠ decider; the general manager hears appeals, a panel where he took part (R-RP-06, -07; never off).

        :raise UserError: PPL-35 who, PPL-16 decided already.
        """
        self.ensure_one()
        user, record = self.env.user, self.record_id
        if self.decided_at:
            raise coded_error('PPL-16', self.env._("The objection to %(record)s is answered.", record=record.name))
        record._ensure_not_own()
        if user in self._involved_users():
            raise coded_error('PPL-35', self.env._(
                "You took part in %(record)s before. Another person answers the objection.", record=record.name))
        if user in self.sudo().panel_ids:
            return
        if self.sudo().panel_ids or not user.has_group(GENERAL_MANAGER) and (
            self.kind == 'appeal' or not user.has_group(SERVICE_MANAGER)
        ):
            raise coded_error('PPL-35', self.env._(
                "A review is answered by a manager who did not decide the case, an appeal by the general manager or the panel "
                "named on it."))

    def _decide(self, result, answer, amounts=None):
        """Answer the objection; of a panel, more than half give the same answer before it counts.

        :param str result: uphold | change | cancel.
        :param str answer: why; the employee reads it.
        :param dict amounts: for `change`: new amounts by field of the record, never above those decided.
        :raise UserError: PPL-35 who, PPL-36 answer or amounts.
        """
        self.ensure_one()
        self._ensure_can_decide()
        record = self.record_id.sudo()
        amounts = amounts or {}
        if result not in ('uphold', 'change', 'cancel') or not (answer or '').strip():
            raise coded_error('PPL-36', self.env._("Choose a result and write down why; the employee reads it."))
        names = {'performance_amount', 'compensation_amount', 'fine_amount'}
        compare = record.currency_id.compare_amounts
        if result == 'change' and (
            not amounts or amounts.keys() - names
            or any(value < 0 or compare(value, record[name]) > 0 for name, value in amounts.items())
            or all(compare(value, record[name]) == 0 for name, value in amounts.items())
        ):
            raise coded_error('PPL-36', self.env._(
                "A changed decision names the new amounts, lower than before: an objection never makes it worse."))
        if result == 'cancel':
            amounts = dict.fromkeys(names, 0.0)
        if self.sudo().panel_ids and not self._vote_sudo(result, amounts):
            return
        self.sudo()._guarded().write({
            'result': result, 'answer': answer, 'decided_by_id': self.env.uid, 'decided_at': fields.Datetime.now(),
            'before': record.currency_id.format(record.amount_total),
        })
        if result != 'uphold':
            record._guarded().write({**amounts, **({'is_cancelled': True} if result == 'cancel' else {})})
        record._after_review(self.sudo())
        record._advance()

    def _vote_sudo(self, result, amounts):
        """Keep what a member of the panel answers; sudo: `_ensure_can_decide` checked that he is one.

        :return: whether more than half of the panel gave this answer.
        :rtype: bool
        """
        review, vote = self.sudo(), [result, amounts]
        votes = {**(review.panel_votes or {}), str(self.env.uid): vote}
        agreed = review.panel_ids.filtered(lambda member: votes.get(str(member.id)) == vote)
        review._guarded().write({'panel_votes': votes, 'panel_agreed_ids': [fields.Command.set(agreed.ids)]})
        return 2 * len(agreed) > len(review.panel_ids)
