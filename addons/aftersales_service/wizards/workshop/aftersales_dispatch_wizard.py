from markupsafe import Markup

from odoo import api, fields, models


class AftersalesDispatchWizard(models.TransientModel):
    """Give jobs to a team, a bay and technicians, with what the load suggests."""

    _name = 'aftersales.dispatch.wizard'
    _description = "Dispatch"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    company_id = fields.Many2one(related='order_id.company_id')
    kind = fields.Selection(
        [('work', "Work"), ('diagnose', "Diagnosis"), ('secure', "Securing the Car")],
        required=True,
        default=lambda self: self._default_kind(),
    )
    job_ids = fields.Many2many(
        'aftersales.repair.job',
        string="Jobs",
        domain="[('order_id', '=', order_id), ('outcome', '=', 'open')]",
        compute='_compute_job_ids',
        store=True,
        readonly=False,
    )
    team_id = fields.Many2one('aftersales.team', domain="[('company_id', '=', company_id)]")
    bay_id = fields.Many2one(
        'aftersales.bay', domain="[('company_id', '=', company_id)]", compute='_compute_bay_id', store=True, readonly=False
    )
    technician_ids = fields.Many2many(
        'hr.employee.public',
        string="Technicians",
        domain="[('company_id', '=', company_id), ('aftersales_trade', '!=', False)]",
    )
    due_at = fields.Datetime("Due At", compute='_compute_due_at', store=True, readonly=False)
    scope = fields.Text(help="Instead of the lines of the job; needed where a job has none yet.")
    priority = fields.Selection(
        [('0', "Normal"), ('1', "Appointment"), ('2', "Customer Waiting"), ('3', "Urgent")],
        compute='_compute_due_at',
        store=True,
        readonly=False,
    )
    suggestion = fields.Html(compute='_compute_suggestion', sanitize=False)

    def _default_kind(self):
        order = self.env['aftersales.repair.order'].browse(self.env.context.get('default_order_id'))
        return 'work' if not order or order._dispatchable_jobs() else 'diagnose'

    @api.depends('order_id', 'kind')
    def _compute_job_ids(self):
        for wizard in self:
            wizard.job_ids = wizard.order_id._dispatchable_jobs(wizard.kind if wizard.kind != 'work' else None)

    @api.depends('order_id')
    def _compute_bay_id(self):
        for wizard in self:
            wizard.bay_id = wizard.order_id.sudo()._kept_bay().with_env(self.env) if wizard.order_id else False

    @api.depends('order_id')
    def _compute_due_at(self):
        for wizard in self:
            wizard.due_at = wizard.order_id.promised_at
            wizard.priority = wizard.order_id._workshop_priority() if wizard.order_id else '0'

    @api.depends('job_ids', 'due_at')
    def _compute_suggestion(self):
        """Show open hours and load of the teams that fit the trade of the work (R-PROC-56)."""
        for wizard in self:
            trade = wizard.job_ids._workshop_lines().labour_item_id[:1].trade or False
            rows = (
                self.env['aftersales.operation']._suggestions(wizard.company_id, trade, wizard.due_at)
                if wizard.order_id
                else []
            )
            if not rows:
                wizard.suggestion = Markup('<p class="text-muted mb-0">%s</p>') % self.env._(
                    "No team takes this trade: choose technicians by name."
                )
                continue
            wizard.suggestion = Markup(
                '<table class="table table-sm mb-0"><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead>'
                '<tbody>%s</tbody></table>'
            ) % (
                self.env._("Team"),
                self.env._("Open hours"),
                self.env._("Hours until due"),
                self.env._("Load"),
                Markup().join(
                    Markup('<tr><td>%s</td><td>%.1f</td><td>%.1f</td><td>%s</td></tr>')
                    % (
                        row['team'],
                        row['open_hours'],
                        row['capacity_hours'],
                        '–' if row['load_pct'] is None else f"{row['load_pct']} %",
                    )
                    for row in rows
                ),
            )

    def action_confirm(self):
        self.ensure_one()
        self.order_id._dispatch(
            self.job_ids,
            team=self.team_id,
            bay=self.bay_id,
            technicians=self.env['hr.employee'].browse(self.technician_ids.ids),
            due_at=self.due_at,
            kind=self.kind if self.kind != 'work' else None,
            scope=self.scope,
            priority=self.priority,
        )
        return {'type': 'ir.actions.act_window_close'}
