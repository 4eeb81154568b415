from datetime import timedelta

from odoo import api, fields, models

from .const import PLANS


class AftersalesTool(models.Model):
    """The plan of calibration and maintenance: due days, reminders, certificates (R-TOOL-11, R-TOOL-14)."""

    _inherit = 'aftersales.tool'

    maintenance_due = fields.Date("Maintenance Due", copy=False, index='btree_not_null')
    next_service_due = fields.Date(
        "Next Service", compute='_compute_next_service_due', store=True, index='btree_not_null',
        help="Calibration or maintenance, whichever comes first.",
    )
    service_ids = fields.One2many('aftersales.tool.service', 'tool_id', "Services", readonly=True)
    service_count = fields.Integer("Number of Services", compute='_compute_service_count')
    age_years = fields.Float("Age (Years)", compute='_compute_age_years', digits=(6, 1))

    is_idle = fields.Boolean("Idle", compute='_compute_is_idle', search='_search_is_idle')

    # === COMPUTE METHODS === #

    @api.depends('calibration_due', 'maintenance_due', 'state')
    def _compute_next_service_due(self):
        for tool in self:
            days = [day for day in (tool.calibration_due, tool.maintenance_due) if day]
            tool.next_service_due = min(days) if days and tool.state not in ('lost', 'disposed') else False

    def _compute_service_count(self):
        # sudo: a number.
        counts = dict(self.env['aftersales.tool.service'].sudo()._read_group(
            [('tool_id', 'in', self.ids)], ['tool_id'], ['__count']))
        for tool in self:
            tool.service_count = counts.get(tool._origin.sudo(), 0)

    @api.depends('bought_on')
    def _compute_age_years(self):
        today = self.env.company._aftersales_today()
        for tool in self:
            tool.age_years = (today - tool.bought_on).days / 365.25 if tool.bought_on else 0.0

    @api.model
    def _search_is_idle(self, operator, value):
        """Tools that nobody had for ninety days; those received since then are not idle yet."""
        if operator != 'in':
            return NotImplemented
        since = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        # sudo: who had it does not leave.
        used = self.env['aftersales.tool.move'].sudo()._search([
            ('kind', 'in', ('checkout', 'transfer', 'exchange', 'return', 'receipt')), ('at', '>=', since)])
        idle = [('state', '=', 'in_store'), ('move_ids', 'not in', used)]
        return idle if True in value else ['!', '&', *idle]

    def _compute_is_idle(self):
        idle = self.filtered_domain(self._search_is_idle('in', [True]))
        for tool in self:
            tool.is_idle = tool in idle

    # === ACTION METHODS === #

    def action_view_services(self):
        """Open what was calibrated and maintained on the tool."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_tool_service_action')
        action.update(domain=[('tool_id', '=', self.id)], context={'default_tool_id': self.id})
        return action

    # === BUSINESS METHODS === #

    def _receive_calibration(self, due=None, certificate=None, note='', keeper=None):
        """Also record the service with its certificate."""
        moves = super()._receive_calibration(due, certificate, note, keeper)
        vals_list = []
        for move in moves.sudo():
            papers = self.env['ir.attachment'].sudo().search(
                [('res_model', '=', self._name), ('res_id', '=', move.tool_id.id), ('name', '=', certificate[0])],
                order='id desc', limit=1,
            ) if certificate else self.env['ir.attachment']
            vals_list.append({
                'tool_id': move.tool_id.id, 'kind': 'calibration', 'valid_until': move.calibration_due,
                'done_on': move.company_id._aftersales_today(move.at), 'note': note or False, 'move_id': move.id,
                'certificate_no': certificate[0] if certificate else False, 'user_id': self.env.uid,
                'attachment_ids': [(6, 0, papers.ids)],
            })
        self.env['aftersales.tool.service'].sudo()._guarded().create(vals_list)
        return moves

    def _after_post(self, moves):
        """A return from calibration that was reversed takes its date along."""
        result = super()._after_post(moves)
        for undone in moves.reversed_move_id.filtered(lambda move: move.kind == 'calibration_in'):
            tool = undone.tool_id
            service = self.env['aftersales.tool.service'].sudo().search([('move_id', '=', undone.id)], limit=1)
            last = service._latest() if service else service
            receipt = tool.move_ids.filtered(lambda move: move.kind == 'receipt').sorted('id')[-1:]
            tool._guarded().write({'calibration_due': last._due() if last else receipt.calibration_due})
        return result

    @api.model
    def _cron_services(self):
        """Remind the keepers of calibrations and maintenance that come due (R-TOOL-11)."""
        for company in self.env['res.company'].search([]):
            self._remind_services(company)

    @api.model
    def _remind_services(self, company):
        """Give each tool that comes due one activity, to its keeper; tools that have one are left alone.

        :return: the tools reminded of.
        """
        until = company._aftersales_today() + timedelta(days=company.aftersales_tool_service_notice_days)
        reminded = self.browse()
        for kind, name in PLANS.items():
            activity_type = self.env.ref(f'aftersales_service.mail_activity_tool_{kind}')
            tools = self.search([
                ('company_id', '=', company.id), (name, '<=', until), ('state', 'not in', ('new', 'lost', 'disposed',
                                                                                          'calibration')),
                ('activity_ids', 'not any', [('activity_type_id', '=', activity_type.id)]),
            ])
            for tool in tools:
                user = tool.keeper_id.user_id
                if user.active and not user.share:
                    tool.activity_schedule(activity_type_id=activity_type.id, date_deadline=tool[name], user_id=user.id)
                    reminded |= tool
        return reminded
