from datetime import timedelta

from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesToolCheck(models.Model):
    """Somebody looks whether the tools are there: with a person or a team, or on a keeper's shelves.

    Counting changes nothing; what differs becomes a loss or a correction of the ledger when somebody else approves it.
    """

    _name = 'aftersales.tool.check'
    _description = "Tool Check"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'date desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {'name', 'state', 'finished_at', 'finished_by_id', 'approved_at', 'approved_by_id', 'cancelled_at'}
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default='/')
    kind = fields.Selection(
        [('spot', "Spot check of a person or team"), ('count', "Count of a keeper's tools")],
        required=True, default='spot', index=True,
    )
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today(), index=True)
    state = fields.Selection(
        [('draft', "To do"), ('counted', "Checked"), ('approved', "Approved"), ('cancelled', "Cancelled")],
        required=True, readonly=True, default='draft', copy=False, tracking=True, index=True,
    )
    employee_id = fields.Many2one(
        'hr.employee', "Person", index='btree_not_null', check_company=True, ondelete='restrict'
    )
    team_id = fields.Many2one(
        'aftersales.team', index='btree_not_null', check_company=True, ondelete='restrict',
        help="Instead of a person: the common tools this team holds, for which its leader answers.",
    )
    keeper_id = fields.Many2one(
        'hr.employee', "Tool Keeper", index='btree_not_null', check_company=True, ondelete='restrict',
        help="Whose sub-ledger is counted.",
    )
    subject = fields.Char("Of", compute='_compute_subject')
    line_ids = fields.One2many('aftersales.tool.check.line', 'check_id', "Tools", copy=False)
    scan = fields.Char(store=False, help="Scan a tool: it counts as found.")
    line_count = fields.Integer("Tools on the List", compute='_compute_counts')
    to_count = fields.Integer("Still to look at", compute='_compute_counts')
    difference_count = fields.Integer("Differences", compute='_compute_difference_count', store=True)
    finished_at = fields.Datetime("Checked At", readonly=True, copy=False)
    finished_by_id = fields.Many2one('res.users', "Checked By", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    cancelled_at = fields.Datetime(readonly=True, copy=False)
    note = fields.Text()

    _subject = models.Constraint(
        "CHECK((kind = 'spot' AND (employee_id IS NULL) <> (team_id IS NULL)) OR (kind = 'count' AND keeper_id IS NOT NULL))",
        "[TOO-71] Say whose tools are checked: one person, one team, or a keeper.",
    )
    _one_open = models.UniqueIndex(
        "(company_id, kind, COALESCE(employee_id, 0), COALESCE(team_id, 0), COALESCE(keeper_id, 0)) WHERE state = 'draft'",
        "[TOO-72] These tools are being checked already. Finish that check first.",
    )

    # === COMPUTE METHODS === #

    @api.depends('employee_id', 'team_id', 'keeper_id', 'kind')
    def _compute_subject(self):
        for check in self:
            holder = check.keeper_id if check.kind == 'count' else check.employee_id or check.team_id
            check.subject = holder.sudo().name or ''

    @api.depends('line_ids.is_counted')
    def _compute_counts(self):
        for check in self:
            check.line_count = len(check.line_ids)
            check.to_count = len(check.line_ids.filtered(lambda line: not line.is_counted))

    @api.depends('line_ids.difference', 'line_ids.is_counted', 'line_ids.condition')
    def _compute_difference_count(self):
        for check in self:
            check.difference_count = len(check.line_ids._deviating())

    @api.onchange('scan')
    def _onchange_scan(self):
        """A scanned code counts one more piece of its tool; an unknown one is named."""
        code = (self.scan or '').strip()
        self.scan = False
        if not code:
            return None
        tool = self.env['aftersales.tool']._find_code(code)
        line = self.line_ids.filtered(lambda item: item.tool_id == tool)[:1] if tool else self.line_ids.browse()
        if not line:
            return {'warning': {
                'title': self.env._("Not on this list"),
                'message': self.env._("%(code)s does not belong to %(subject)s.", code=code, subject=self.subject),
            }}
        seen = line.found_qty if line.is_counted else 0
        # A numbered tool scanned twice is still one.
        line.found_qty = 1 if tool.tracking == 'serial' else seen + 1
        line.is_counted = True
        return None

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
            vals['company_id'] = company.id
            vals['name'] = company._aftersales_next_sudo(self._name)
        checks = super(AftersalesToolCheck, self._guarded()).create(vals_list).with_env(self._unguarded().env)
        checks.filtered(lambda check: not check.line_ids)._fill()
        return checks

    def write(self, vals):
        if not self._is_guarded():
            if {'line_ids', 'date'} & vals.keys() and any(check.state != 'draft' for check in self):
                raise coded_error('TOO-73', self.env._("A finished check does not change any more."))
            if {'kind', 'employee_id', 'team_id', 'keeper_id', 'company_id'} & vals.keys():
                raise coded_error('TOO-73', self.env._(
                    "Whose tools are checked is settled when the check begins. Cancel it and begin another."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        if any(check.state != 'draft' for check in self):
            raise coded_error('TOO-73', self.env._("A finished check stays on record."))

    # === ACTION METHODS === #

    def action_all_present(self):
        """Everything not counted yet is there and good."""
        for check in self:
            for line in check.line_ids.filtered(lambda line: not line.is_counted):
                line.write({'found_qty': line.expected_qty, 'is_counted': True})
        return True

    def action_finish(self):
        """Finish the check."""
        self.ensure_one()
        return self._gate_action('finish_check', 'action_finish') or self._finish()

    def action_approve(self):
        """Approve the differences; they reach the ledger now."""
        self.ensure_one()
        return self._gate_action('approve_check', 'action_approve') or self._approve()

    def action_cancel(self):
        """Cancel a check that was not approved."""
        if any(check.state == 'approved' for check in self):
            raise coded_error('TOO-73', self.env._("An approved check stays on record."))
        self.check_access('write')
        self._guarded().write({'state': 'cancelled', 'cancelled_at': fields.Datetime.now()})
        return True

    # === GATES === #

    def _blockers(self, target):
        found = super()._blockers(target)
        for check in self:
            if target == 'finish_check':
                found[check] += check._blockers_finish()
            elif target == 'approve_check':
                found[check] += check._blockers_approve()
        return found

    def _blockers_finish(self):
        self.ensure_one()
        blockers = []
        if left := self.line_ids.filtered(lambda line: not line.is_counted):
            blockers.append(self._blocker(None, 'TOO-74', self.env._(
                "Not looked at yet: %(tools)s.", tools=", ".join(left.tool_id.mapped('display_name')[:5]))))
        silent = self.line_ids._deviating().filtered(lambda line: not (line.reason or '').strip())
        if silent:
            blockers.append(self._blocker('tool_check_reason', 'TOO-75', self.env._(
                "Say why it differs: %(tools)s.", tools=", ".join(silent.tool_id.mapped('display_name')[:5]))))
        return blockers

    def _blockers_approve(self):
        self.ensure_one()
        if self.difference_count and self.finished_by_id == self.env.user:
            return [self._blocker('tool_check_second', 'TOO-76', self.env._(
                "You checked %(check)s yourself: differences are approved by somebody else.", check=self.name))]
        return []

    # === BUSINESS METHODS === #

    def _expected_sudo(self):
        """Return what must be there by the ledger: {tool: pieces}; sudo: of tools the keeper may list."""
        self.ensure_one()
        if self.kind == 'count':
            tools = self.env['aftersales.tool'].sudo().search([
                ('keeper_id', '=', self.keeper_id.id), ('company_id', '=', self.company_id.id),
                ('available_qty', '>', 0),
            ])
            return {tool: tool.available_qty for tool in tools}
        side = 'team' if self.team_id else 'employee'
        return {tool: quantity for tool, quantity in self.env['aftersales.tool.move'].sudo()._read_group(
            [(f'dest_{side}_id', '=', self[f'{side}_id'].id), ('dest_place', '=', side), ('open_qty', '>', 0),
             ('company_id', '=', self.company_id.id)], ['tool_id'], ['open_qty:sum'],
        )}

    def _fill(self):
        """Put on the list what must be there by the ledger."""
        for check in self:
            check.sudo()._guarded().write({'line_ids': [
                (0, 0, {'tool_id': tool.id, 'expected_qty': quantity})
                for tool, quantity in check._expected_sudo().items()
            ]})

    def _finish(self):
        """Close the check; nothing to approve when everything is there.

        :raise UserError: gates of target `finish_check`; TOO-73 done already; TOO-78 the ledger moved meanwhile.
        """
        self.check_access('write')
        self._ensure_no_blockers('finish_check')
        for check in self:
            if check.state != 'draft':
                raise coded_error('TOO-73', self.env._("A finished check does not change any more."))
            expected = check._expected_sudo()
            moved = check.line_ids.filtered(
                lambda line, expected=expected: expected.get(line.tool_id.sudo(), 0) != line.expected_qty)
            if moved:
                raise coded_error('TOO-78', self.env._(
                    "Meanwhile lent or brought back: %(tools)s. Take these lines again with “Refresh”.",
                    tools=", ".join(moved.tool_id.mapped('display_name')[:5])))
            clean = not check.difference_count
            check._guarded().write({
                'state': 'approved' if clean else 'counted', 'finished_at': fields.Datetime.now(),
                'finished_by_id': self.env.uid,
                **({'approved_at': fields.Datetime.now(), 'approved_by_id': self.env.uid} if clean else {}),
            })
            check.activity_feedback(['aftersales_service.mail_activity_tool_check'])
        return True

    def action_refresh(self):
        """Take lines again whose tool was lent or came back while the check was going on."""
        for check in self.filtered(lambda item: item.state == 'draft'):
            check.check_access('write')
            expected = check._expected_sudo()
            lines = check.sudo()._guarded().line_ids
            stale = lines.filtered(
                lambda line, expected=expected: expected.get(line.tool_id, 0) != line.expected_qty)
            known = lines.tool_id
            check.sudo()._guarded().write({'line_ids': [
                *((2, line.id) for line in stale if line.tool_id not in expected),
                *((1, line.id, {'expected_qty': expected[line.tool_id], 'is_counted': False, 'found_qty': 0})
                  for line in stale if line.tool_id in expected),
                *((0, 0, {'tool_id': tool.id, 'expected_qty': quantity})
                  for tool, quantity in expected.items() if tool not in known),
            ]})
        return True

    def _approve(self):
        """Bring the ledger to what was found: missing pieces are lost or written off, found ones added (R-TOOL-10).

        :raise UserError: gates of target `approve_check`; TOO-67 role; TOO-73 not to be approved; TOO-78 the ledger
            went on since the check.
        """
        if not self.env.su and not self.env.user.has_groups(
            'aftersales_service.group_tool_keeper,aftersales_service.group_workshop_supervisor'
        ):
            raise coded_error('TOO-67', self.env._("The tool keeper or the service manager does this."))
        self._ensure_no_blockers('approve_check')
        for check in self:
            if check.state != 'counted':
                raise coded_error('TOO-73', self.env._("There is nothing to approve on %(check)s.", check=check.name))
            deviating = check.line_ids._deviating()
            deviating.tool_id.sudo()._lock()
            if outrun := deviating.filtered(lambda line: line._is_outrun()):
                raise coded_error('TOO-78', self.env._(
                    "Lent or brought back since they were looked at: %(tools)s. Cancel %(check)s and look again.",
                    tools=", ".join(outrun.tool_id.mapped('display_name')[:5]), check=check.name))
            for line in deviating:
                line._settle()
            check._guarded().write({
                'state': 'approved', 'approved_at': fields.Datetime.now(), 'approved_by_id': self.env.uid})
        return True

    # === SCHEDULE === #

    @api.model
    def _cron_schedule(self):
        """Lay out a spot check for everybody and every team that holds tools and was not checked for so many days.

        R-TOOL-05.
        """
        for company in self.env['res.company'].search([('aftersales_tool_check_days', '>', 0)]):
            self._schedule(company)

    @api.model
    def _schedule(self, company):
        """Lay out the spot checks that are due in a company; who has an open one is left alone.

        :return: the new checks.
        """
        today = company._aftersales_today()
        since = today - timedelta(days=company.aftersales_tool_check_days)
        start = company._aftersales_day_bounds(since)[1]
        vals_list = []
        for side in ('employee', 'team'):
            holders = self.env['aftersales.tool.move']._read_group(
                [('company_id', '=', company.id), ('open_qty', '>', 0), ('dest_place', '=', side)],
                [f'dest_{side}_id'], ['at:min'],
            )
            recent = {holder.id for holder, in self._read_group(
                [('company_id', '=', company.id), ('kind', '=', 'spot'), ('state', '!=', 'cancelled'),
                 '|', ('state', '=', 'draft'), ('date', '>', since)],
                [f'{side}_id'],
            )}
            vals_list += [
                {'kind': 'spot', f'{side}_id': holder.id, 'company_id': company.id, 'date': today}
                for holder, first in holders if holder.id not in recent and first < start
            ]
        checks = self.with_company(company).create(vals_list)
        for check in checks:
            keeper = check.line_ids.tool_id.keeper_id[:1].user_id
            if keeper.active and not keeper.share:
                check.activity_schedule(
                    'aftersales_service.mail_activity_tool_check', date_deadline=today, user_id=keeper.id,
                    summary=self.env._("Check the tools of %(person)s", person=check.subject),
                )
        return checks
