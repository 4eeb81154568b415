from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesQualityAccident(models.Model):
    """A quality accident in the workshop: what happened, why, what it costs, who, what is done (R-PROC-70)."""

    _name = 'aftersales.quality.accident'
    _description = "Quality Accident"
    _inherit = ['aftersales.people.mixin', 'aftersales.guarded.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'date desc, id desc'
    _check_company_auto = True
    _rec_name = 'summary'
    _people_fields = ('responsible_ids',)
    _guarded_fields = frozenset({'state', 'closed_by_id', 'closed_at'})

    order_id = fields.Many2one(
        'aftersales.repair.order',
        check_company=True,
        ondelete='restrict',
        index='btree_not_null',
    )
    check_id = fields.Many2one('aftersales.quality.check', ondelete='restrict', index='btree_not_null')
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today())
    summary = fields.Char("What Happened", required=True)
    cause = fields.Text(help="Result of the appraisal.")
    cost_amount = fields.Monetary("Cost", tracking=True)
    responsible_ids = fields.Many2many(
        'hr.employee',
        'aftersales_quality_accident_responsible_rel',
        'accident_id',
        'employee_id',
        string="Responsible",
        check_company=True,
    )
    measure = fields.Text(help="What keeps it from happening again.")
    state = fields.Selection(
        [('open', "Under Appraisal"), ('closed', "Closed")],
        required=True,
        readonly=True,
        default='open',
        copy=False,
        tracking=True,
    )
    closed_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)

    _cost_positive = models.Constraint('CHECK(cost_amount >= 0)', "The cost of an accident is not negative.")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        accidents = super().create(vals_list)
        for accident in accidents:
            manager = accident._manager_sudo()
            if manager:
                accident.activity_schedule(
                    'mail.mail_activity_data_todo',
                    summary=self.env._("Quality accident to appraise"),
                    user_id=manager.id,
                )
        return accidents

    def write(self, vals):
        if (
            closed := self.filtered(lambda accident: accident.state == 'closed')
            if not self._is_guarded()
            else self.browse()
        ):
            raise coded_error(
                'WRK-70', self.env._("The appraisal of “%(accident)s” is closed.", accident=closed[0].summary)
            )
        return super().write(vals)

    # === ACTION METHODS === #

    def action_close(self):
        """Close the appraisal; cause, responsible and measure must be there."""
        self.check_access('write')
        for accident in self:
            if not (accident.cause and accident.measure and accident.responsible_ids):
                raise coded_error(
                    'WRK-71',
                    self.env._(
                        "Fill in cause, responsible and measure of “%(accident)s” first.",
                        accident=accident.summary,
                    ),
                )
        self._guarded().write({'state': 'closed', 'closed_by_id': self.env.uid, 'closed_at': fields.Datetime.now()})
        for accident in self:
            self.env['aftersales.conduct.proposal']._propose(
                'case',
                accident.responsible_ids,
                accident,
                accident.summary,
                rule_hint='R-PROC-70',
                amount=accident.cost_amount,
            )
        return True

    # === GETTERS === #

    def _manager_sudo(self):
        """Return the service manager who hears of it; sudo: only to address the to-do."""
        group = self.env.ref('aftersales_service.group_service_manager').sudo()
        return group.user_ids.filtered(
            lambda user: self.company_id in user.company_ids and user.active and not user.share
        )[:1]
