from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...rules import conduct
from ..base.board import states_in_order
from ..base.errors import coded_error
from .const import GENERAL_MANAGER, GRAVITIES, HR_OFFICER, KINDS, MANAGER_GROUPS, SERVICE_MANAGER, STATES

#: What happened: the proposer's words, until somebody has looked into it.
FACT_FIELDS = frozenset({
    'kind', 'employee_id', 'company_id', 'rule_id', 'act_date', 'discovered_on', 'summary', 'facts', 'prior_record_id',
})
#: What shall follow: prepared by managers and HR, until it is decided.
DECISION_FIELDS = frozenset({
    'gravity', 'measure_id', 'bonus_amount', 'performance_amount', 'compensation_amount', 'fine_amount', 'period_from',
    'period_to', 'new_job', 'ends_on', 'loss_amount', 'loss_basis', 'loss_proof', 'fault_percent', 'own_share_percent',
    'decision_reason', 'legal_note', 'check_ids',
})
AMOUNT_FIELDS = ('bonus_amount', 'performance_amount', 'compensation_amount', 'fine_amount')


class AftersalesConductRecord(models.Model):
    """A reward or a penalty of one person, from the proposal to the payroll.

    Verbs record facts (proposed, investigated, heard, decided, told …); the state is a projection of them, written by
    `_advance()` only. Rewards take a short way, so that praise reaches people while it is warm.
    """

    _name = 'aftersales.conduct.record'
    _description = "Conduct record"
    _inherit = [
        'aftersales.guarded.mixin', 'aftersales.gate.mixin', 'aftersales.download.mixin', 'mail.thread',
        'mail.activity.mixin',
    ]
    _order = 'act_date desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset({
        'name', 'state', 'rulebook_id', 'proposal_id', 'res_model', 'res_id', 'proposed_by_id', 'proposed_at',
        'investigated_by_id', 'investigated_at', 'investigation', 'hearing_asked_at', 'hearing_until', 'statement',
        'statement_at', 'decided_by_id', 'decided_at', 'approved_by_id', 'approved_at', 'notified_by_id', 'notified_at',
        'acknowledgement', 'acknowledged_at', 'acknowledge_note', 'witness_id', 'effective_from', 'closed_at',
        'closed_by_id', 'withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason', 'is_cancelled', 'is_disclosed',
        'is_recent', 'ladder_number', 'authorities_on', 'authorities_note', 'hold', 'deadline_on', 'department_id', 'team_id',
        'amount_total',
    })

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index=True)
    kind = fields.Selection(KINDS, required=True, default='penalty', index=True)
    # Not tracked: who did what when stands in the facts, and a payroll moves hundreds at once.
    state = fields.Selection(STATES, default='proposed', required=True, readonly=True, copy=False, index=True,
                             group_expand=states_in_order)
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')

    # What happened
    employee_id = fields.Many2one('hr.employee', required=True, index=True, ondelete='restrict', check_company=True)
    department_id = fields.Many2one('hr.department', compute='_compute_department_id', store=True, compute_sudo=True, index=True)
    rulebook_id = fields.Many2one('aftersales.conduct.rulebook', string="Rule book", readonly=True, copy=False, index=True,
                                  help="The version in force on the day of the act.")
    rule_id = fields.Many2one('aftersales.conduct.rule', required=True, ondelete='restrict', index=True,
                              domain="[('kind', '=', kind), ('rulebook_id', '=', book_in_force_id)]")
    act_date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today(), index=True)
    discovered_on = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today())
    summary = fields.Char(required=True)
    facts = fields.Text(help="What was seen, by whom, where. No health, no family, no customer's name.")
    evidence_ids = fields.Many2many('ir.attachment', 'aftersales_conduct_record_evidence_rel', 'record_id', 'attachment_id',
                                    string="Evidence", copy=False)
    gravity = fields.Selection(GRAVITIES, required=True, default='light', tracking=True)
    prior_record_id = fields.Many2one(
        'aftersales.conduct.record', string="Earlier talk", index='btree_not_null', ondelete='restrict', copy=False,
        domain="[('employee_id', '=', employee_id), ('measure_id.counts_as_education', '=', True), ('decided_at', '!=', False)]",
        help="The criticism or talk that did not help (R-RP-03).",
    )
    proposal_id = fields.Many2one('aftersales.conduct.proposal', readonly=True, copy=False, index='btree_not_null')
    res_model = fields.Char(string="Document type", readonly=True, copy=False)
    res_id = fields.Many2oneReference(string="Document", model_field='res_model', readonly=True, copy=False)
    proposed_by_id = fields.Many2one('res.users', string="Proposed by", readonly=True, copy=False, index=True)
    proposed_at = fields.Datetime(readonly=True, copy=False)

    # Looked into, heard
    investigated_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    investigated_at = fields.Datetime(readonly=True, copy=False)
    investigation = fields.Text(readonly=True, copy=False)
    hearing_asked_at = fields.Datetime(readonly=True, copy=False)
    hearing_until = fields.Date(readonly=True, copy=False, help="Without a statement the case may be decided after this day.")
    statement = fields.Text(string="Employee's statement", readonly=True, copy=False)
    statement_at = fields.Datetime(readonly=True, copy=False)

    # Decided
    measure_id = fields.Many2one('aftersales.conduct.measure', ondelete='restrict', index='btree_not_null', copy=False, tracking=True,
                                 domain="[('kind', '=', kind), ('id', 'in', allowed_measure_ids)]")
    allowed_measure_ids = fields.Many2many(related='rule_id.measure_ids')
    needs_amount = fields.Boolean(related='measure_id.needs_amount')
    needs_period = fields.Boolean(related='measure_id.needs_period')
    needs_job = fields.Boolean(related='measure_id.needs_job')
    needs_checklist = fields.Boolean(related='measure_id.needs_checklist')
    bonus_amount = fields.Monetary(string="Bonus", copy=False, tracking=True)
    performance_amount = fields.Monetary(string="Performance pay withheld", copy=False, tracking=True,
                                         help="By the published scheme of performance pay; before tax.")
    compensation_amount = fields.Monetary(string="Compensation", copy=False, tracking=True, help="For a proven loss only.")
    fine_amount = fields.Monetary(string="Fine", copy=False, tracking=True,
                                  help="Employers have no general right to fine: off unless the gate allows it.")
    amount_total = fields.Monetary(string="Money", compute='_compute_amount_total', store=True,
                                   help="What the person receives (+) or gives (−).")
    period_from = fields.Date(copy=False)
    period_to = fields.Date(copy=False)
    new_job = fields.Char(string="New position", copy=False)
    ends_on = fields.Date(string="Contract ends on", copy=False)
    loss_amount = fields.Monetary(string="Amount of the loss", copy=False)
    loss_basis = fields.Selection(
        [('cost', "Cost"), ('residual', "Residual value"), ('contract', "Sale price, agreed in the contract")], default='cost',
    )
    loss_proof = fields.Text(copy=False, help="Invoice, count, photos: how the loss is known.")
    fault_percent = fields.Float(string="Degree of fault %", default=100.0)
    own_share_percent = fields.Float(string="Own share %", default=100.0)
    compensation_limit = fields.Monetary(compute='_compute_compensation_limit', help="Loss × fault × own share.")
    decision_reason = fields.Text(copy=False)
    legal_note = fields.Text(copy=False, help="On which ground a fine stands here: clause, place, adviser.")
    ladder_number = fields.Integer(string="Offence no.", readonly=True, copy=False, help="Step of the ladder when it was decided.")
    check_ids = fields.One2many('aftersales.conduct.check', 'record_id', string="Checklist", copy=False)
    decided_by_id = fields.Many2one('res.users', readonly=True, copy=False, index=True, tracking=True)
    decided_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one('res.users', string="Approved by", readonly=True, copy=False, tracking=True,
                                     help="The general manager, for serious cases.")
    approved_at = fields.Datetime(readonly=True, copy=False)

    # Told
    notified_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    notified_at = fields.Datetime(readonly=True, copy=False)
    acknowledgement = fields.Selection(
        [('known', "Known"), ('disagreed', "Known, not agreed"), ('served', "Served with a witness")],
        readonly=True, copy=False, tracking=True,
    )
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    acknowledge_note = fields.Text(readonly=True, copy=False)
    witness_id = fields.Many2one('hr.employee', readonly=True, copy=False, ondelete='restrict')
    review_ids = fields.One2many('aftersales.conduct.review', 'record_id', string="Reviews", readonly=True)
    review_until = fields.Date(compute='_compute_deadlines', compute_sudo=True, help="Last day to ask for a review or to appeal.")
    decide_until = fields.Date(compute='_compute_deadlines', compute_sudo=True)
    effective_from = fields.Date(readonly=True, copy=False, index=True)
    is_cancelled = fields.Boolean(string="Cancelled on review", readonly=True, copy=False)

    # Ended
    is_criminal = fields.Boolean(related='rule_id.is_criminal')
    authorities_on = fields.Date(string="Handed to the authorities on", readonly=True, copy=False)
    authorities_note = fields.Char(readonly=True, copy=False)
    closed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    withdrawn_at = fields.Datetime(readonly=True, copy=False)
    withdrawn_reason = fields.Char(readonly=True, copy=False)

    # Who sees it
    is_disclosed = fields.Boolean(readonly=True, copy=False, help="The person concerned sees it.")
    is_recent = fields.Boolean(readonly=True, copy=False, default=True, help="Leaders see records of the last 24 months.")
    is_mine = fields.Boolean(compute='_compute_is_mine')

    _amounts_positive = models.Constraint(
        'CHECK(bonus_amount >= 0 AND performance_amount >= 0 AND compensation_amount >= 0 AND fine_amount >= 0 '
        'AND loss_amount >= 0)', "Amounts are not negative.",
    )
    _percent_range = models.Constraint(
        'CHECK(fault_percent BETWEEN 0 AND 100 AND own_share_percent BETWEEN 0 AND 100)',
        "Percentages lie between 0 and 100.",
    )
    _state_idx = models.Index("(company_id, state, act_date)")

    # === COMPUTE METHODS === #

    @api.depends('employee_id')
    def _compute_department_id(self):
        for record in self:
            # Kept from the day of the proposal: a person who changes departments takes no records along.
            record.department_id = record.department_id or record.employee_id.department_id

    @api.depends(*AMOUNT_FIELDS)
    def _compute_amount_total(self):
        for record in self:
            record.amount_total = record.bonus_amount - record.performance_amount - record.compensation_amount - record.fine_amount

    @api.depends('loss_amount', 'fault_percent', 'own_share_percent')
    def _compute_compensation_limit(self):
        for record in self:
            record.compensation_limit = conduct.compensation(
                max(0, round(record.loss_amount * 100)),
                *(min(max(Decimal(str(percent)), Decimal()), Decimal(100))
                  for percent in (record.fault_percent, record.own_share_percent)),
            ) / 100

    @api.depends('notified_at', 'acknowledged_at', 'discovered_on', 'review_ids.decided_at', 'company_id')
    def _compute_deadlines(self):
        for record in self:
            company = record.company_id
            record.decide_until = record.discovered_on and company and fields.Date.add(
                record.discovered_on, days=company.aftersales_decide_days)
            record.review_until = record._objection_until()

    @api.depends_context('uid')
    def _compute_is_mine(self):
        for record in self:
            record.is_mine = record.employee_id.sudo().user_id == self.env.user

    @api.depends('name', 'summary')
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.name if not record.summary else f'{record.name} {record.summary}'

    @api.onchange('rule_id')
    def _onchange_rule_id(self):
        if self.rule_id:
            self.gravity = self.rule_id.gravity
            self.summary = self.summary or self.rule_id.name
            if self.measure_id not in self.rule_id.measure_ids:
                self.measure_id = False

    # === CONSTRAINT METHODS === #

    @api.constrains('act_date', 'discovered_on', 'kind', 'rule_id')
    def _check_dates(self):
        for record in self:
            if record.act_date > record.discovered_on:
                raise coded_error('PPL-12', self.env._("%(record)s: an act is not discovered before it happens.", record=record.display_name), ValidationError)
            if record.discovered_on > record.company_id._aftersales_today():
                raise coded_error('PPL-12', self.env._("%(record)s: the day lies in the future.", record=record.display_name), ValidationError)
            if record.rule_id.kind != record.kind:
                raise coded_error('PPL-02', self.env._(
                    "Rule %(rule)s does not fit: rewards and penalties keep apart.", rule=record.rule_id.display_name), ValidationError)
            if record.rule_id.company_id != record.company_id:
                raise coded_error('PPL-02', self.env._(
                    "Rule %(rule)s belongs to another company's rule book.", rule=record.rule_id.display_name), ValidationError)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_proposal_vals(vals) for vals in vals_list]
        if not self._is_guarded():
            for vals in vals_list:
                self._refuse_guarded(self._get_guarded_fields().intersection(vals) - {'name', 'proposed_by_id', 'proposed_at', 'rulebook_id'})
        records = super(AftersalesConductRecord, self._guarded()).create(vals_list)
        if not self._is_guarded():
            records = records._unguarded()
            records._after_rule_changed()
            records._ensure_evidence_is_yours(self.env['ir.attachment'])
        for record in records:
            record._ensure_may_propose()
        records._refuse_foreign_company()
        records._advance()
        return records

    def write(self, vals):
        if self._is_guarded():
            return super().write(vals)
        self._ensure_phase(vals)
        evidence = self.sudo().evidence_ids
        result = super().write(vals)
        if 'company_id' in vals:
            self._refuse_foreign_company()
        if 'employee_id' in vals:
            for record in self:
                record._ensure_may_propose()
                record._guarded().write({'department_id': record.sudo().employee_id.department_id.id, 'team_id': False})
            self._guarded()._compute_team_id()
        if 'evidence_ids' in vals:
            self._ensure_evidence_is_yours(evidence)
        if vals.keys() & {'rule_id', 'act_date', 'kind', 'company_id'}:
            self._after_rule_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('PPL-10', self.env._("A conduct record stays on file. Withdraw it with a reason."))

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_proposal_vals(self, vals):
        """Complete what a proposal says: number, proposer, the version in force, what the rule proposes."""
        company = self.env['res.company'].browse(vals.get('company_id')) or self.env.company
        rule = self.env['aftersales.conduct.rule'].browse(vals.get('rule_id'))
        vals = {
            'company_id': company.id,
            'name': self.env['ir.sequence'].sudo().with_company(company).next_by_code('aftersales.conduct.record') or '/',
            'kind': rule.kind or 'penalty',
            'gravity': rule.gravity or 'light',
            'summary': rule.name,
            **vals,
        }
        vals['rulebook_id'] = rule.rulebook_id.id
        vals['proposed_by_id'] = self.env.uid
        vals['proposed_at'] = fields.Datetime.now()
        return vals

    def _refuse_foreign_company(self):
        """A record is not pushed to a company the user does not work for: rules are checked before a write only."""
        if not self.env.su and (self.company_id - self.env.companies):
            raise coded_error('PPL-11', self.env._("The record belongs to a company you do not work for."), AccessError)

    def _ensure_evidence_is_yours(self, before):
        """Refuse to lay a file beside a case that its proposer may not open himself: the person concerned will read it.

        :param before: attachments that were there already.
        """
        if not self.env.su:
            (self.sudo().evidence_ids - before).with_env(self.env).check_access('read')

    def _ensure_phase(self, vals):
        """What happened is written until it was looked into, what follows until it is decided; each by its people.

        :raise UserError: PPL-11 too late, or not yours.
        """
        self.check_access('write')
        names = vals.keys()
        for record in self:
            managing = self.env.su or self.env.user.has_groups(MANAGER_GROUPS)
            if names & FACT_FIELDS and (
                record.state != 'proposed' or not (managing or record.proposed_by_id == self.env.user)
            ):
                raise coded_error('PPL-11', self.env._(
                    "%(record)s: what happened is written by who proposed it, and stays as it is once it was looked into. "
                    "Add a note, or withdraw the record with a reason.", record=record.name))
            if 'evidence_ids' in names and (
                record.decided_at or not (managing or (record.state == 'proposed' and record.proposed_by_id == self.env.user))
            ):
                raise coded_error('PPL-11', self.env._("%(record)s: evidence is added until the case is decided.", record=record.name))
            if names & DECISION_FIELDS and (record.decided_at or record.withdrawn_at or not managing):
                raise coded_error('PPL-11', self.env._(
                    "%(record)s: what follows is prepared by the managers and HR, until it is decided; afterwards a review "
                    "changes it.", record=record.name))

    # === ACTION METHODS === #

    def action_step(self):
        """Open the small dialog of a step that needs words; context `step` names it."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.display_name,
            'res_model': 'aftersales.conduct.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_record_id': self.id, 'default_step': self.env.context.get('step')},
        }

    def action_decide(self):
        """Decide, or explain what is still missing."""
        return (len(self) == 1 and self._gate_action('decided', 'action_decide')) or self._decide()

    def action_approve(self):
        """Approve a serious case as the general manager."""
        self._approve()

    def action_notify(self):
        """Tell the person, and open the notice to print."""
        if len(self) == 1 and (action := self._gate_action('notified', 'action_notify')):
            return action
        self._notify()
        return self.action_print_notice()

    def action_print_notice(self):
        """Print the notice: rule, reason, amount, time to object, the way to arbitration."""
        return self.env.ref('aftersales_service.action_report_conduct_notice').report_action(self)

    def action_close(self):
        """Close what has had its effect, or explain what is missing."""
        return (len(self) == 1 and self._gate_action('closed', 'action_close')) or self._close()

    def action_checklist(self):
        """Lay out the checklist for ending a contract."""
        self._ensure_group(HR_OFFICER, SERVICE_MANAGER)
        for record in self:
            self.env['aftersales.conduct.check']._prepare(record)

    def action_propose_amount(self):
        """Fill the amount that the rule or its ladder proposes; a person still decides."""
        for record in self:
            record._ensure_phase({'performance_amount': 0})
            step = record._ladder_step()
            amount = step.amount * record.currency_id.rounding if step else record.rule_id.amount
            record.write({'bonus_amount' if record.kind == 'reward' else 'performance_amount': amount})

    def action_open_origin(self):
        """Open the document on which the case was noticed."""
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': self.res_model, 'res_id': self.res_id, 'views': [(False, 'form')]}

    def action_proof_folder(self):
        """Fetch everything about the case as one zip, for arbitration."""
        self._ensure_group(HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)
        return self.action_download('proof')

    # === PROJECTION === #

    def _advance(self):
        """Bring the state to what the facts say; called at the end of each verb and every night."""
        changes, moved = defaultdict(lambda: self.browse()), []
        for record in self.sudo():
            today = record.company_id._aftersales_today()
            effective_from = record._effective_from()
            state = record._projected_state(effective_from, today)
            vals = {
                'state': state,
                'effective_from': effective_from,
                'is_disclosed': bool(record.notified_at if record.kind == 'reward' else record.hearing_asked_at),
                'is_recent': record.act_date >= conduct.months_before(today, 24),
                **record._waiting(state),
            }
            changed = {name: value for name, value in vals.items() if record[name] != value}
            if changed:
                changes[frozenset(changed.items())] |= record
            if record.state != state:
                moved.append((record, record.state, state))
        for vals, records in changes.items():
            records.sudo()._guarded().write(dict(vals))
        for record, before, state in moved:
            record._after_transition(before, state)
        return True

    def _projected_state(self, effective_from, today):
        """Return the furthest state whose facts are complete.

        :param effective_from: date or False.
        :rtype: str
        """
        self.ensure_one()
        if self.withdrawn_at:
            return 'withdrawn'
        if self.closed_at:
            return 'closed'
        if self._is_handed_over():
            return 'handed_over'
        open_reviews = self.review_ids.filtered(lambda review: not review.decided_at)
        if open_reviews:
            return 'appeal' if 'appeal' in open_reviews.mapped('kind') else 'review'
        if effective_from and effective_from <= today:
            return 'effective'
        for state, fact in (
            ('notified', self.notified_at), ('decided', self.decided_at), ('heard', self._is_heard(today)),
            ('investigated', self.investigated_at),
        ):
            if fact:
                return state
        return 'proposed'

    def _is_heard(self, today):
        """Whether the employee has spoken, or his time has passed (house: hearing is never off)."""
        return bool(self.statement_at or (self.hearing_until and self.hearing_until < today))

    def _is_handed_over(self):
        """Whether the payroll has all of its money; payroll extends."""
        return False

    def _has_money(self):
        """Whether the decision carries money in any channel."""
        return any(not self.currency_id.is_zero(self[name]) for name in AMOUNT_FIELDS)

    def _objection_until(self):
        """Return the last day on which the employee may object: a review first, then an appeal; False when he may not."""
        if self.kind == 'reward' or not self.acknowledged_at:
            return False
        company = self.company_id
        told = company._aftersales_today(self.acknowledged_at)
        review = self.review_ids.filtered(lambda item: item.kind == 'review' and item.decided_at)[:1]
        if any(item.kind == 'appeal' for item in self.review_ids):
            return False
        if review:
            return company._aftersales_workdays_after(company._aftersales_today(review.decided_at), company.aftersales_appeal_days)
        return company._aftersales_workdays_after(told, company.aftersales_review_days)

    def _effective_from(self):
        """Return from which day the decision has effect; False while it has none.

        Suspended while the employee may still object or an objection is open, as the company sets (R-RP-06).
        """
        if self.kind == 'reward':
            return self.notified_at and self.company_id._aftersales_today(self.notified_at)
        if not self.acknowledged_at or self.is_cancelled:
            return False
        company = self.company_id
        told = company._aftersales_today(self.acknowledged_at)
        if not company.aftersales_review_suspends:
            return told
        if self.review_ids.filtered(lambda review: not review.decided_at):
            return False
        if appeal := self.review_ids.filtered(lambda review: review.kind == 'appeal'):
            return company._aftersales_today(appeal[0].decided_at)
        return fields.Date.add(self._objection_until(), days=1)

    def _after_transition(self, source, target):
        """Called after the state changed; rooms and later parts of this room extend through super().

        :param str source: state before.
        :param str target: state now.
        """
        self.ensure_one()
        if target == 'effective' and not self._has_money() and not self.needs_period and not self.needs_checklist:
            # A talk, praise or warning has nothing to be handed over.
            if not self.is_criminal or self.authorities_on:
                self._guarded().write({'closed_at': fields.Datetime.now(), 'closed_by_id': self.env.uid, 'state': 'closed', 'hold': 'done',
                                       'deadline_on': False})

    @api.model
    def _cron_advance(self):
        """Every night: hearings that ended, decisions that take effect, records that leaders need not see any more."""
        self.search([('state', 'not in', ('closed', 'withdrawn'))])._advance()
        old = self.search([('is_recent', '=', True), ('act_date', '<', conduct.months_before(fields.Date.today(), 24))])
        old._guarded().write({'is_recent': False})
        self.env['res.company'].search([])._aftersales_offer_last_month_sudo()

    def _own_people_sudo(self):
        """Return the employees the user leads: by hierarchy and in his teams; sudo: only ids are compared."""
        me = self.env['hr.employee'].sudo().search([('user_id', '=', self.env.uid)])
        if not me:
            return me
        people = self.env['hr.employee'].sudo().search([('id', 'child_of', me.ids)])
        people |= self.env['hr.employee'].sudo().search([('department_id.manager_id', 'in', me.ids)])
        teams = self.env['aftersales.team'].sudo().search([('leader_id', 'in', me.ids)])
        return (people | teams.member_ids) - me

    def _ensure_may_propose(self):
        """Leaders propose for their own people (R-PERM-13); managers, HR and rooms for everybody; nobody for himself.

        :raise UserError: PPL-13 himself, PPL-14 somebody else's people.
        """
        if self.env.su:
            return
        if self.employee_id.sudo().user_id == self.env.user:
            raise coded_error('PPL-13', self.env._("Nobody proposes a reward or a penalty for himself. Ask your leader."))
        if self.env.user.has_groups(MANAGER_GROUPS):
            return
        self._ensure_no_blockers('proposed')

    def _ensure_group(self, *groups):
        """Refuse who has none of these roles.

        :raise AccessError: PPL-15.
        """
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            raise coded_error('PPL-15', self.env._(
                "This step is done by: %(roles)s.",
                roles=", ".join(self.env.ref(group).sudo().name for group in groups)), AccessError)

    def _ensure_not_own(self):
        """Nobody handles his own case, at any level (never off).

        :raise UserError: PPL-13.
        """
        if any(record.employee_id.sudo().user_id == self.env.user for record in self):
            raise coded_error('PPL-13', self.env._("Nobody decides on himself. Somebody else has to do this step."))

