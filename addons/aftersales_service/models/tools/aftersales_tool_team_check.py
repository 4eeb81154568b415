from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesToolTeamCheck(models.Model):
    """The leader looked at the team's tools before work (R-TOOL-13): all there, or what lacks. Made once, not changed."""

    _name = 'aftersales.tool.team.check'
    _description = "Daily check of team tools"
    _order = 'date desc, id desc'
    _check_company_auto = True

    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    team_id = fields.Many2one(
        'aftersales.team', required=True, index=True, check_company=True, ondelete='restrict',
        default=lambda self: self._default_team_id(),
    )
    date = fields.Date(
        required=True, readonly=True, index=True, default=lambda self: self.env.company._aftersales_today(),
    )
    user_id = fields.Many2one('res.users', "Checked by", required=True, readonly=True, default=lambda self: self.env.user)
    team_tool_ids = fields.Many2many(
        'aftersales.tool', string="Tools to Look At", compute='_compute_team_tool_ids',
        help="What the team holds now, by the ledger.",
    )
    missing_ids = fields.Many2many(
        'aftersales.tool', string="Missing", domain="[('id', 'in', team_tool_ids)]",
        help="Leave empty when everything is there.",
    )
    tool_count = fields.Integer("Tools of the team", compute='_compute_tool_count', store=True)
    is_complete = fields.Boolean("Complete", compute='_compute_is_complete', store=True)
    note = fields.Char()

    _once = models.UniqueIndex("(team_id, date)", "[TOO-50] The team's tools were checked today already.")

    def _default_team_id(self):
        return self.env['aftersales.team'].search([('leader_id.user_id', '=', self.env.uid)], limit=1)

    # === COMPUTE METHODS === #

    @api.depends('team_id')
    def _compute_team_tool_ids(self):
        held = self._held_sudo()
        for check in self:
            check.team_tool_ids = held.get(check.team_id.id, ())

    @api.depends('team_id')
    def _compute_tool_count(self):
        held = self._held_sudo()
        for check in self:
            check.tool_count = len(held.get(check.team_id.id, ()))

    @api.depends('missing_ids')
    def _compute_is_complete(self):
        for check in self:
            check.is_complete = not check.missing_ids

    @api.depends('team_id', 'date')
    def _compute_display_name(self):
        for check in self:
            check.display_name = f'{check.team_id.name} {check.date}'

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        today = self.env.company._aftersales_today()
        checks = super().create([{**vals, 'date': today, 'user_id': self.env.uid} for vals in vals_list])
        checks._ensure_leader()
        checks._tell_keepers_sudo()
        return checks

    # Nobody gets through to super.
    def write(self, vals):  # pylint: disable=method-required-super
        raise coded_error('TOO-51', self.env._("A check says what was seen that morning and is not changed."))

    # === BUSINESS METHODS === #

    def _held_sudo(self):
        """Return what the teams hold by the ledger, counted tools that several share included: {team id: tool ids}.

        sudo: the codes of a team's tools are no secret to who may check them.
        """
        held = {}
        for team, tool in self.env['aftersales.tool.move'].sudo()._read_group(
            [('dest_team_id', 'in', self.team_id.ids), ('dest_place', '=', 'team'), ('open_qty', '>', 0)],
            ['dest_team_id', 'tool_id'],
        ):
            held.setdefault(team.id, []).append(tool.id)
        return held

    def _ensure_leader(self):
        """Only the team's leader, or a tool keeper, checks its tools; only its tools can be missing.

        :raise UserError: TOO-52.
        """
        is_keeper = self.env.su or self.env.user.has_group('aftersales_service.group_tool_keeper')
        for check in self:
            leader = check.team_id.sudo().leader_id.user_id
            strange = check.missing_ids - check.team_tool_ids
            if strange or not is_keeper and leader != self.env.user:
                raise coded_error('TOO-52', self.env._(
                    "The leader of %(team)s checks the tools of %(team)s.", team=check.team_id.name,
                ))

    def _tell_keepers_sudo(self):
        """Ask the keepers of missing tools to look into it; sudo: the leader may not plan their work."""
        for check in self.sudo():
            for tool in check.missing_ids:
                tool.activity_schedule(
                    'mail.mail_activity_data_todo', summary=self.env._("Missing at %s", check.team_id.name),
                    note=check.note or '', user_id=(tool.keeper_id.user_id or check.user_id).id,
                )
