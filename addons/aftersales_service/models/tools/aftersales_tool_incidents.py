from odoo import fields, models

from ..base.errors import coded_error
from .const import HELD


class AftersalesTool(models.Model):
    """Losses open an incident by themselves; what is found again ends it (R-TOOL-06)."""

    _inherit = 'aftersales.tool'

    incident_ids = fields.One2many('aftersales.tool.incident', 'tool_id', "Incidents", readonly=True)
    incident_count = fields.Integer("Number of Incidents", compute='_compute_incident_count')

    # === COMPUTE METHODS === #

    def _compute_incident_count(self):
        # sudo: a number.
        counts = dict(self.env['aftersales.tool.incident'].sudo()._read_group(
            [('tool_id', 'in', self.ids), ('state', '!=', 'cancelled')], ['tool_id'], ['__count']))
        for tool in self:
            tool.incident_count = counts.get(tool._origin.sudo(), 0)

    # === ACTION METHODS === #

    def action_view_incidents(self):
        """Open the incidents of the tool."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_tool_incident_action')
        action.update(domain=[('tool_id', '=', self.id)], context={'default_tool_id': self.id})
        return action

    def action_report_incident(self):
        """Open a new incident on the tool: damage against the rules, lent outside."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("New Incident"),
            'res_model': 'aftersales.tool.incident',
            'views': [(False, 'form')],
            'context': {
                'default_tool_id': self.id,
                'default_kind': 'damage',
                'default_employee_id': self.holder_employee_id.id,
                'default_team_id': self.holder_team_id.id,
            },
        }

    def action_report_own(self, kind='loss', note=None):
        """Report by the person who has the tool that it is lost or broken; he is taught, not fined."""
        self.ensure_one()
        return self._report_own(kind, note)._get_records_action()

    # === BUSINESS METHODS === #

    def _report_own(self, kind, note=None):
        """Record that the holder himself tells of a loss or a damage; the ledger entry is the keeper's.

        :param str kind: loss | damage.
        :return: aftersales.tool.incident, with the rights of the user.
        :raise UserError: TOO-70 the user does not have the tool.
        """
        self.ensure_one()
        self.check_access('read')
        own = self.env.user.sudo().employee_ids.filtered(lambda person: person.company_id == self.sudo().company_id)
        loans = self._open_moves().filtered(
            lambda move: move.dest_employee_id in own or move.dest_team_id.leader_id in own
        ) if own else self.env['aftersales.tool.move']
        if not loans or kind not in ('loss', 'damage'):
            raise coded_error('TOO-70', self.env._(
                "%(tool)s is not in your hands. Tell the tool keeper.", tool=self.display_name))
        if (standing := self.sudo().incident_ids.filtered(
            lambda incident: incident.state == 'draft' and incident.employee_id in own and incident.kind == kind
        )):
            return standing[:1].sudo(False)
        vals = loans[:1]._prepare_incident_vals(kind)
        # sudo: the person holds the tool; only his own report is made.
        incident = self.env['aftersales.tool.incident'].sudo()._guarded().create({
            **vals, 'employee_id': own[:1].id, 'reporter_id': own[:1].id, 'description': note or False,
        })
        return incident.sudo(False).with_env(self.env)

    def _after_post(self, moves):
        """Open an incident for each loss; cancel it when the tool turns up or the entry is reversed."""
        result = super()._after_post(moves)
        Incident = self.env['aftersales.tool.incident'].sudo()
        if losses := moves.filtered(lambda move: move.kind == 'loss'):
            told = Incident.search([
                ('tool_id', 'in', losses.tool_id.ids), ('state', '=', 'draft'), ('move_id', '=', False),
                ('kind', '=', 'loss'),
            ]).grouped('tool_id')
            vals_list = []
            for move in losses:
                if own := told.get(move.tool_id):
                    # The person told first; the keeper's entry belongs to the same story.
                    own[:1]._guarded().write({'move_id': move.id})
                else:
                    vals_list.append({**move._prepare_incident_vals('loss'), 'move_id': move.id})
            if vals_list:
                Incident._guarded().create(vals_list)
        if early := moves._early_exchanges():
            Incident._guarded().create([move._prepare_incident_vals('early_exchange') for move in early])
        undone = moves.filtered(lambda move: move.kind == 'found').previous_move_id | moves.reversed_move_id
        if undone:
            Incident.search([('move_id', 'in', undone.ids)])._cancel(self.env._("The tool was found again"))
        return result


class AftersalesToolMove(models.Model):
    _inherit = 'aftersales.tool.move'

    def _prepare_incident_vals(self, kind):
        """Return the values of an incident about the pieces of this entry: an open loan, or a loss.

        :rtype: dict
        """
        self.ensure_one()
        is_loan = self.dest_place in HELD
        employee = self.dest_employee_id if is_loan else self.source_employee_id
        team = self.dest_team_id if is_loan else self.source_team_id
        return {
            'kind': kind,
            'tool_id': self.tool_id.id,
            'quantity': self.quantity if not is_loan else self.open_qty,
            'employee_id': employee.id or team.leader_id.id,
            'team_id': team.id or self._team_of_sudo(employee).id,
            'keeper_id': self.tool_id.keeper_id.id,
            'order_id': self.order_id.id or self.previous_move_id.order_id.id,
            'description': self.note if not is_loan else False,
            'found_at': self.at if not is_loan else fields.Datetime.now(),
        }

    def _early_exchanges(self):
        """Return the entries that brought a personal tool back before its time against an override (R-TOOL-09)."""
        early = self.browse()
        for move in self.filtered(lambda move: move.kind == 'exchange' and move.dest_place not in HELD):
            months = move.tool_id.category_id.service_life_months
            issued = move.previous_move_id.at
            if months and issued and move.company_id._aftersales_gate('tool_exchange_early') == 'override':
                if fields.Datetime.add(issued, months=months) > move.at:
                    early |= move
        return early

    def _team_of_sudo(self, employee):
        """Return the team a person works in; sudo: losses are counted by team."""
        return self.env['aftersales.team'].sudo().search(
            ['|', ('member_ids', 'in', employee.ids), ('leader_id', 'in', employee.ids)], limit=1,
        ) if employee else self.env['aftersales.team'].sudo()
