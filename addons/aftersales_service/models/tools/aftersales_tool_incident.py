from datetime import timedelta

from odoo import api, fields, models

from ...rules.split import to_cents
from ...rules.tool_liability import compensation, may_fine
from ..base.board import states_in_order
from ..base.errors import coded_error

KINDS = [
    ('loss', "Loss"),
    ('damage', "Damage by breach of rules"),
    ('external', "Lent outside without leave"),
    ('early_exchange', "Exchanged before its time"),
]
# Which rule of the shop an incident may touch; conduct looks it up in its own published text.
RULE_HINTS = {'loss': 'R-PEN-16', 'damage': 'R-TOOL-08', 'external': 'R-PEN-17', 'early_exchange': 'R-TOOL-09'}
LATE_KEEPER_RULE = 'R-PEN-18'
OPEN_STATES = ('draft', 'reported', 'judged')
# What happened stays as it was told once the head knows; what the keeper thinks, once he has signed it.
STORY_FIELDS = frozenset({'kind', 'employee_id', 'team_id', 'reporter_id', 'quantity', 'tool_id', 'description'})
OPINION_FIELDS = frozenset({'opinion', 'treatment', 'share_percent', 'fine_amount'})


class AftersalesToolIncident(models.Model):
    """A tool lost, broken against the rules, or lent outside: told in time, explained in writing, judged, handed over.

    Opened by the verb of the ledger that records the loss or damage, by the keeper, or by the person himself. It decides
    nothing about people: the proposal it ends in goes to those in charge of conduct.
    """

    _name = 'aftersales.tool.incident'
    _description = "Tool Incident"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'found_at desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {
            'name', 'state', 'found_at', 'deadline_at', 'reported_at', 'reported_by_id', 'opinion_at', 'opinion_by_id',
            'handed_over_at', 'handed_over_by_id', 'closed_at', 'close_note', 'proposal_ids', 'keeper_proposal_id',
            'move_id', 'residual_value', 'company_id', 'keeper_id', 'told_at',
        }
    )

    # Identity
    name = fields.Char("Number", required=True, readonly=True, copy=False, default='/')
    kind = fields.Selection(KINDS, required=True, default='loss', tracking=True, index=True)
    state = fields.Selection(
        [
            ('draft', "Noticed"),
            ('reported', "Reported"),
            ('judged', "Opinion given"),
            ('handed_over', "Passed on"),
            ('closed', "Closed"),
            ('cancelled', "Cancelled"),
        ],
        required=True, readonly=True, default='draft', copy=False, tracking=True, index=True,
        group_expand=states_in_order,
    )
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related='company_id.currency_id')

    # What and who
    tool_id = fields.Many2one(
        'aftersales.tool', required=True, index=True, ondelete='restrict', check_company=True, tracking=True
    )
    category_id = fields.Many2one(related='tool_id.category_id', store=True, index=True)
    quantity = fields.Integer(default=1, required=True)
    move_id = fields.Many2one(
        'aftersales.tool.move', "Ledger Entry", readonly=True, copy=False, index='btree_not_null', ondelete='restrict'
    )
    employee_id = fields.Many2one(
        'hr.employee', "Responsible", index='btree_not_null', check_company=True, ondelete='restrict', tracking=True,
        help="Who had the tool; may stay empty until it is known.",
    )
    team_id = fields.Many2one(
        'aftersales.team', index='btree_not_null', check_company=True, ondelete='restrict',
        help="Team that held the tool, or the team of the responsible person.",
    )
    keeper_id = fields.Many2one(
        'hr.employee', "Tool Keeper", readonly=True, index='btree_not_null', check_company=True, ondelete='restrict'
    )
    order_id = fields.Many2one('aftersales.repair.order', "Repair Order", index='btree_not_null', check_company=True)
    description = fields.Text("What Happened")

    # Report (R-TOOL-06, R-TOOL-08)
    found_at = fields.Datetime(
        "Noticed At", required=True, readonly=True, copy=False, default=fields.Datetime.now, index=True
    )
    deadline_at = fields.Datetime("Report Until", compute='_compute_deadline_at', store=True)
    reporter_id = fields.Many2one(
        'hr.employee', "Told By", check_company=True, ondelete='restrict',
        help="Who came and said so. Somebody who reports himself in time is taught, not fined.",
    )
    told_at = fields.Datetime(
        "Told At", readonly=True, copy=False, help="When this was said, or written down for the person; never typed.",
    )
    reported_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    reported_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    is_late = fields.Boolean("Reported Late", compute='_compute_is_late', search='_search_is_late')
    is_self_report = fields.Boolean(
        "Reported Himself in Time", compute='_compute_is_self_report', store=True,
    )

    # Written statement (R-DOC-18)
    statement_ids = fields.Many2many(
        'ir.attachment', 'aftersales_tool_incident_statement_rel', 'incident_id', 'attachment_id',
        string="Written Statement", copy=False, help="The statement of the responsible person, as photo or scan.",
    )
    statement_refused = fields.Boolean("Statement Refused", copy=False, tracking=True)
    witness_id = fields.Many2one('hr.employee', "Witness", check_company=True, copy=False, tracking=True)

    # Opinion
    opinion = fields.Text("Keeper's Opinion", copy=False)
    treatment = fields.Selection(
        [('education', "Teach and warn"), ('compensation', "Compensation"), ('sanction', "Sanction by the rules"),
         ('none', "Nobody's fault")],
        compute='_compute_treatment', store=True, readonly=False, tracking=True,
    )
    share_percent = fields.Float(
        "Own Share (%)", compute='_compute_treatment', store=True, readonly=False,
        help="How much of the damage is this person's own fault, 0 to 100.",
    )
    residual_value = fields.Monetary(
        "Residual Value", compute='_compute_residual_value', store=True,
        help="What the tool was still worth when it was lost: basis of the compensation, never the price of a new one.",
    )
    compensation_amount = fields.Monetary("Compensation", compute='_compute_compensation_amount', store=True)
    fine_amount = fields.Monetary(
        "Fine", copy=False, tracking=True,
        help="Apart from the compensation. Refused while fines are off in the settings.",
    )
    opinion_at = fields.Datetime(readonly=True, copy=False)
    opinion_by_id = fields.Many2one('res.users', readonly=True, copy=False)

    # Hand-over
    proposal_ids = fields.Many2many(
        'aftersales.conduct.proposal', 'aftersales_tool_incident_proposal_rel', 'incident_id', 'proposal_id',
        string="Proposals", readonly=True, copy=False,
    )
    keeper_proposal_id = fields.Many2one('aftersales.conduct.proposal', readonly=True, copy=False)
    handed_over_at = fields.Datetime(readonly=True, copy=False)
    handed_over_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    close_note = fields.Char("Outcome", readonly=True, copy=False)

    _share_range = models.Constraint(
        'CHECK(share_percent >= 0 AND share_percent <= 100)', "[TOO-60] The own share lies between 0 and 100 %."
    )
    _amounts = models.Constraint('CHECK(fine_amount >= 0 AND quantity > 0)', "[TOO-60] A fine is not negative.")

    # === COMPUTE METHODS === #

    @api.depends('found_at')
    def _compute_deadline_at(self):
        # By the days of the settings when it happened: another setting does not make yesterday's report late.
        for incident in self:
            company = incident.company_id.sudo()
            day = company._aftersales_today(incident.found_at or fields.Datetime.now())
            days = company.aftersales_tool_incident_report_days
            # Until the end of that business day: nobody is late by an hour.
            incident.deadline_at = company._aftersales_day_bounds(day + timedelta(days=days))[1] - timedelta(seconds=1)

    @api.depends('deadline_at', 'reported_at')
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for incident in self:
            incident.is_late = bool(incident.deadline_at) and (incident.reported_at or now) > incident.deadline_at

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        now = fields.Datetime.now()
        late = self._search([('reported_at', '=', False), ('deadline_at', '<', now), ('state', '!=', 'cancelled')])
        told_late = self.sudo().search_fetch([('reported_at', '!=', False)], ['reported_at', 'deadline_at']).filtered(
            lambda incident: incident.reported_at > incident.deadline_at
        )
        return ['|' if True in value else '&', ('id', 'in' if True in value else 'not in', late),
                ('id', 'in' if True in value else 'not in', told_late.ids)]

    @api.depends('reporter_id', 'employee_id', 'told_at', 'deadline_at')
    def _compute_is_self_report(self):
        # Whether the person told in time; that the keeper reports late is not his fault.
        for incident in self:
            incident.is_self_report = bool(
                incident.employee_id
                and incident.reporter_id == incident.employee_id
                and incident.told_at
                and incident.told_at <= incident.deadline_at
            )

    @api.depends('kind', 'is_self_report')
    def _compute_treatment(self):
        """Propose: who tells himself in time is taught; who does not, pays what it was worth. The keeper may differ."""
        for incident in self:
            taught = incident.is_self_report or incident.kind == 'early_exchange'
            incident.treatment = 'education' if taught else 'compensation'
            incident.share_percent = 0.0 if incident.treatment == 'education' else 100.0

    @api.depends('tool_id', 'found_at', 'quantity')
    def _compute_residual_value(self):
        for incident in self:
            tool = incident.tool_id.sudo()
            day = incident.company_id.sudo()._aftersales_today(incident.found_at or fields.Datetime.now())
            incident.residual_value = (
                sum(tool._residual_value(day).values()) * incident.quantity if tool else 0.0
            )

    @api.depends('residual_value', 'share_percent', 'treatment')
    def _compute_compensation_amount(self):
        for incident in self:
            cents = to_cents(incident.residual_value or 0.0)
            share = incident.share_percent if incident.treatment != 'none' else 0
            incident.compensation_amount = compensation(cents, share) / 100

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            tool = self.env['aftersales.tool'].browse(vals.get('tool_id'))
            tool.check_access('read')
            company = tool.sudo().company_id or self.env.company
            vals.update(
                company_id=company.id,
                name=company._aftersales_next_sudo(self._name),
                keeper_id=vals.get('keeper_id') if self._is_guarded() else tool.sudo().keeper_id.id,
            )
            if not self._is_guarded():
                vals.pop('found_at', None)
                self._refuse_guarded({
                    name for name in self._get_guarded_fields() & vals.keys() - {'company_id', 'name', 'keeper_id'}
                    if vals[name] and not self._is_guarded_default(name, vals[name])
                })
            vals['told_at'] = vals.get('reporter_id') and fields.Datetime.now()
        incidents = super(AftersalesToolIncident, self._guarded()).create(vals_list).with_env(self._unguarded().env)
        incidents._schedule_report()
        return incidents

    def write(self, vals):
        if not self._is_guarded():
            if OPINION_FIELDS & vals.keys() and any(incident.state not in ('draft', 'reported') for incident in self):
                raise coded_error('TOO-61', self.env._(
                    "The keeper's opinion is given. Take it back before it is handed over, then change it."))
            if (STORY_FIELDS | {'statement_ids', 'statement_refused', 'witness_id'}) & vals.keys() and any(
                incident.state not in OPEN_STATES for incident in self
            ):
                raise coded_error('TOO-61', self.env._("What was handed over does not change any more."))
            if (STORY_FIELDS - {'description'}) & vals.keys() and any(incident.state == 'judged' for incident in self):
                raise coded_error('TOO-61', self.env._(
                    "The keeper's opinion is given. Take it back before it is handed over, then change it."))
        if 'reporter_id' in vals:
            told = self.filtered(lambda incident: incident.reporter_id.id != vals['reporter_id'])
            super(AftersalesToolIncident, told._guarded()).write(
                {'told_at': vals['reporter_id'] and fields.Datetime.now()})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('TOO-62', self.env._("An incident stays on record. Cancel it with a reason instead."))

    # === ACTION METHODS === #

    def action_report(self):
        """Report to the head and to accounting."""
        self._report()
        return True

    def action_give_opinion(self):
        """Sign the keeper's opinion."""
        self._give_opinion()
        return True

    def action_take_back_opinion(self):
        """Take a signed opinion back that was not handed over yet."""
        self._ensure_keeper()
        for incident in self:
            if incident.state != 'judged':
                raise incident._wrong_state()
        self._guarded().write({'state': 'reported', 'opinion_at': False, 'opinion_by_id': False})
        return True

    def action_hand_over(self):
        """Hand the case over; shows what is missing."""
        self.ensure_one()
        self._ensure_keeper()
        return self._gate_action('hand_over', 'action_hand_over') or self._hand_over()

    def action_propose_keeper(self):
        """Propose the same for a keeper who reported late."""
        self._propose_keeper()
        return True

    def action_close(self):
        """Close what was decided."""
        self._close()
        return True

    def action_cancel(self, note=None):
        """Cancel an incident that was none."""
        self._ensure_keeper()
        self._cancel(note)
        return True

    def action_view_proposals(self):
        """Open the proposals this incident ended in."""
        self.ensure_one()
        return (self.proposal_ids | self.keeper_proposal_id)._get_records_action()

    # === GATES === #

    def _blockers(self, target):
        found = super()._blockers(target)
        if target == 'hand_over':
            for incident in self:
                found[incident] += incident._blockers_hand_over()
        return found

    def _blockers_hand_over(self):
        self.ensure_one()
        blockers = []
        if not self.employee_id:
            blockers.append(self._blocker(None, 'TOO-63', self.env._(
                "%(incident)s names nobody: say who had the tool, or close it as nobody's fault.", incident=self.name)))
        written = self.statement_ids or (self.statement_refused and self.witness_id)
        if self.kind in ('loss', 'damage', 'external') and self.treatment != 'none' and not written:
            blockers.append(self._blocker('tool_statement', 'TOO-64', self.env._(
                "The written statement of %(person)s is missing on %(incident)s. Attach it, or record with a witness that "
                "it was refused.", person=self.employee_id.name or '–', incident=self.name)))
        if self.state != 'judged':
            blockers.append(self._blocker('tool_opinion', 'TOO-65', self.env._(
                "The keeper has not given his opinion on %(incident)s.", incident=self.name)))
        company = self.company_id.sudo()
        if self.fine_amount and not may_fine(self.treatment, company.aftersales_tool_fine_allowed, self.is_self_report):
            blockers.append(self._blocker(None, 'TOO-66', self.env._(
                "No fine on %(incident)s: fines are off in the settings, the person reported himself in time, or the "
                "treatment is no sanction. Compensation is kept apart.", incident=self.name)))
        return blockers

    # === BUSINESS METHODS === #

    def _ensure_keeper(self):
        """Refuse everybody but keepers and the head.

        :raise UserError: TOO-67.
        """
        self.check_access('read')
        if not self.env.su and not self.env.user.has_groups(
            'aftersales_service.group_tool_keeper,aftersales_service.group_service_manager'
        ):
            raise coded_error('TOO-67', self.env._("The tool keeper or the service manager does this."))

    def _wrong_state(self):
        labels = dict(self._fields['state']._description_selection(self.env))
        return coded_error('TOO-68', self.env._(
            "%(incident)s is “%(state)s”: this step does not fit.", incident=self.name, state=labels[self.state]))

    def _schedule_report(self):
        """Remind the keeper to report before the deadline."""
        for incident in self.sudo():
            user = incident.keeper_id.user_id or incident.create_uid
            if user.active and not user.share:
                incident.activity_schedule(
                    'aftersales_service.mail_activity_tool_incident',
                    date_deadline=incident.company_id._aftersales_today(incident.deadline_at),
                    user_id=user.id,
                    summary=self.env._("Report to the head and accounting, with opinion"),
                )

    def _report(self, reporter=None):
        """Report to the service managers and the accountants, now (R-TOOL-06, R-TOOL-08).

        :param reporter: hr.employee who told it; as it stands on the record unless given.
        :raise UserError: TOO-67, TOO-68
        """
        self._ensure_keeper()
        for incident in self:
            if incident.state != 'draft':
                raise incident._wrong_state()
            incident._guarded().write({
                'state': 'reported', 'reported_at': fields.Datetime.now(), 'reported_by_id': self.env.uid,
                **({'reporter_id': reporter.id} if reporter else {}),
            })
            incident._notify_report_sudo()
        return True

    def _notify_report_sudo(self):
        """Tell the head and accounting; sudo: the keeper need not read users and their groups."""
        self.ensure_one()
        groups = self.env.ref('aftersales_service.group_service_manager') | self.env.ref(
            'aftersales_service.group_accountant'
        )
        users = self.env['res.users'].sudo().search([
            ('all_group_ids', 'in', groups.ids), ('company_ids', 'in', self.company_id.ids), ('share', '=', False),
        ])
        labels = dict(self._fields['kind']._description_selection(self.env))
        self.sudo().message_post(
            body=self.env._(
                "%(kind)s of %(tool)s, %(person)s. Residual value %(amount)s.",
                kind=labels[self.kind], tool=self.tool_id.display_name, person=self.sudo().employee_id.name or '–',
                amount=self.currency_id.format(self.residual_value),
            ),
            partner_ids=users.partner_id.ids,
            author_id=self.env.user.partner_id.id,
        )

    def _give_opinion(self):
        """Sign the opinion: what happened to the tool, and what the keeper proposes.

        :raise UserError: TOO-65 no opinion written, TOO-67, TOO-68
        """
        self._ensure_keeper()
        for incident in self:
            if incident.state != 'reported':
                raise incident._wrong_state()
            if not (incident.opinion or '').strip() or not incident.treatment:
                raise coded_error('TOO-65', self.env._(
                    "Write down what you think of %(incident)s and choose a treatment first.", incident=incident.name))
            incident._guarded().write({
                'state': 'judged', 'opinion_at': fields.Datetime.now(), 'opinion_by_id': self.env.uid})
        self.activity_feedback(['aftersales_service.mail_activity_tool_incident'])
        return True

    def _hand_over(self):
        """Hand over as a case: compensation and fine as proposals of their own (R-PEN-16, R-PEN-17).

        :return: True; the proposals are on the incident.
        :raise UserError: gates of target `hand_over`, TOO-67, TOO-68
        """
        self._ensure_keeper()
        for incident in self:
            if incident.state not in ('reported', 'judged'):
                raise incident._wrong_state()
        self._ensure_no_blockers('hand_over')
        for incident in self:
            incident._guarded().write({
                'state': 'handed_over', 'handed_over_at': fields.Datetime.now(), 'handed_over_by_id': self.env.uid,
            })
            # sudo: the keeper makes the proposals, but need not read them.
            incident.sudo()._guarded().proposal_ids = incident._propose_cases_sudo()
            if incident.treatment == 'none':
                incident._guarded().write({'state': 'closed', 'closed_at': fields.Datetime.now()})
        return True

    def _propose_cases_sudo(self):
        """Make the proposals; sudo: `_propose` does, the keeper need not read them. Nobody's fault proposes nothing."""
        self.ensure_one()
        Proposal = self.env['aftersales.conduct.proposal']
        if self.treatment == 'none':
            return Proposal.sudo()
        labels = dict(self._fields['kind']._description_selection(self.env))
        treatments = dict(self._fields['treatment']._description_selection(self.env))
        values = {'kind': labels[self.kind], 'tool': self.tool_id.display_name, 'incident': self.name,
                  'treatment': treatments[self.treatment]}
        hint = RULE_HINTS[self.kind]
        proposals = Proposal._propose(
            'case', self.employee_id, self,
            self.env._("%(kind)s: %(tool)s (%(incident)s). Proposed: %(treatment)s, compensation %(amount)s", **values,
                       amount=self.currency_id.format(self.compensation_amount)),
            rule_hint=hint, amount=self.compensation_amount,
        )
        if self.fine_amount:
            proposals |= Proposal._propose(
                'case', self.employee_id, self,
                self.env._("%(kind)s: %(tool)s (%(incident)s). Fine %(amount)s", kind=values['kind'],
                           tool=values['tool'], incident=self.name, amount=self.currency_id.format(self.fine_amount)),
                rule_hint=hint, amount=self.fine_amount,
            )
        return proposals

    def _propose_keeper(self):
        """Propose for the keeper what the breaker gets, because he reported late (R-TOOL-08, R-PEN-18).

        Never by itself: punishing late reports makes people hide losses, so the head decides case by case. What is
        proposed equally is the fine; the damage is compensated once.

        :raise UserError: TOO-69 not late, proposed already, no keeper; TOO-67 not the head
        """
        if not self.env.su and not self.env.user.has_group('aftersales_service.group_service_manager'):
            raise coded_error('TOO-67', self.env._("The service manager decides whether a late report goes further."))
        for incident in self:
            if not incident.is_late or incident.keeper_proposal_id or not incident.keeper_id or (
                incident.state == 'cancelled'
            ):
                raise coded_error('TOO-69', self.env._(
                    "%(incident)s was reported in time, has no keeper, or was proposed already.", incident=incident.name))
            proposal = self.env['aftersales.conduct.proposal']._propose(
                'case', incident.keeper_id, incident,
                self.env._("%(incident)s on %(tool)s was not reported until %(deadline)s", incident=incident.name,
                           tool=incident.tool_id.display_name,
                           deadline=fields.Datetime.context_timestamp(incident, incident.deadline_at).strftime(
                               '%Y-%m-%d %H:%M')),
                rule_hint=LATE_KEEPER_RULE, amount=incident.fine_amount,
            )
            incident._guarded().write({'keeper_proposal_id': proposal.id})
        return True

    def _close(self, note=None):
        """Close an incident that was handed over, or that is nobody's fault.

        :raise UserError: TOO-67, TOO-68
        """
        self._ensure_keeper()
        for incident in self:
            if incident.state != 'handed_over':
                raise incident._wrong_state()
        self._guarded().write({'state': 'closed', 'closed_at': fields.Datetime.now(), 'close_note': note or False})
        return True

    def _cancel(self, note=None):
        """Cancel incidents that were none (the tool was found); those handed over only get a note: people decide.

        :param str note: why.
        """
        note = note or self.env._("No incident after all")
        for incident in self.sudo():
            if incident.state in OPEN_STATES:
                incident._guarded().write({'state': 'cancelled', 'closed_at': fields.Datetime.now(), 'close_note': note})
                incident.activity_unlink(['aftersales_service.mail_activity_tool_incident'])
            elif incident.state == 'handed_over':
                incident._message_log(body=note)
