from odoo import api, fields, models

from ..base.const import TRADES


class AftersalesTeam(models.Model):
    """A team of technicians with one leader; operations are dispatched to it."""

    _name = 'aftersales.team'
    _description = "Workshop Team"
    _inherit = ['aftersales.people.mixin']
    _order = 'sequence, id'
    _check_company_auto = True
    _people_fields = ('member_ids',)

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name on the board.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    trade = fields.Selection(TRADES, help="What the team is for; empty: any trade.")
    leader_id = fields.Many2one(
        'hr.employee',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        help="Accepts cars for the team, makes the second check, corrects its clocks.",
    )
    member_ids = fields.Many2many(
        'hr.employee',
        'aftersales_team_member_rel',
        'team_id',
        'employee_id',
        string="Members",
        check_company=True,
    )
    color = fields.Integer()
    operation_ids = fields.One2many('aftersales.operation', 'team_id')
    open_hours = fields.Float(
        "Open Hours", compute='_compute_open_hours', help="Planned hours of what is not finished."
    )
    operation_count = fields.Integer("Open Operations", compute='_compute_open_hours')

    # === COMPUTE METHODS === #

    def _compute_open_hours(self):
        rows = {
            team.id: (hours, count)
            for team, hours, count in self.env['aftersales.operation']._read_group(
                [('team_id', 'in', self.ids), ('state', 'not in', ('done', 'cancelled'))],
                ['team_id'],
                ['planned_hours:sum', '__count'],
            )
        }
        for team in self:
            team.open_hours, team.operation_count = rows.get(team.id, (0.0, 0))

    # === ACTION METHODS === #

    def action_view_operations(self):
        """Open what the team still has to do."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_operation_action')
        action['domain'] = [('team_id', '=', self.id)]
        action['context'] = {'search_default_open': 1}
        return action

    # === BUSINESS METHODS === #

    def _people(self):
        """Return the leaders and members of the teams, as superuser (who is in a team is no secret).

        :rtype: recordset of hr.employee
        """
        teams = self.sudo()
        return teams.leader_id | teams.member_ids

    @api.model
    def _rank_sudo(self, company, trade):
        """Rank the teams that can take work of a trade, least loaded first (R-PROC-56).

        Load is the open planned hours per head; which of two equal teams comes first is the order of the list.
        Sudo: the dispatcher's right was checked by the verb; the load is no secret.

        :param company: res.company.
        :param str trade: trade of the work or False.
        :rtype: recordset of aftersales.team
        """
        teams = self.sudo().search(
            [
                ('company_id', '=', company.id),
                ('trade', 'in', [trade, False]),
                ('member_ids', '!=', False),
            ]
        )
        # A team of the very trade comes before one for anything.
        return teams.sorted(lambda team: (bool(trade) and team.trade != trade, team.open_hours / len(team.member_ids)))
