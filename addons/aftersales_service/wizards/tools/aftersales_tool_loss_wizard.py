from odoo import api, fields, models


class AftersalesToolLossWizard(models.TransientModel):
    """Accounting says who bears a lost tool: what the employee pays, where the rest goes."""

    _name = 'aftersales.tool.loss.wizard'
    _description = "Who bears a lost tool"

    tool_id = fields.Many2one('aftersales.tool', required=True, readonly=True)
    company_id = fields.Many2one(related='tool_id.company_id')
    currency_id = fields.Many2one(related='tool_id.currency_id')
    pending_amount = fields.Monetary(related='tool_id.pending_amount')
    employee_id = fields.Many2one(
        'hr.employee', "Employee", compute='_compute_share', store=True, readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    employee_amount = fields.Monetary(
        "Employee Pays", compute='_compute_share', store=True, readonly=False,
        help="The compensation of the incident that was passed on; never more than what is pending.",
    )
    employee_account_id = fields.Many2one(
        'account.account', "Owed by Employees", compute='_compute_share', store=True, readonly=False,
        help="其他应收款: what is taken off the wage later is booked against it.",
    )
    account_id = fields.Many2one(
        'account.account', "Rest Goes To", compute='_compute_share', store=True, readonly=False,
        help="Cost of tools, or an extraordinary loss after theft or disaster.",
    )
    has_decision = fields.Boolean(compute='_compute_has_decision')
    note = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends('tool_id')
    def _compute_share(self):
        for wizard in self:
            tool = wizard.tool_id.sudo()
            incident = tool.incident_ids.filtered(
                lambda incident: incident.kind == 'loss' and incident.state in ('handed_over', 'closed'))[:1]
            wizard.employee_id = incident.employee_id.sudo(False)
            wizard.employee_amount = min(incident.compensation_amount, max(tool.pending_amount, 0.0))
            wizard.employee_account_id = tool.company_id._aftersales_owed_account().sudo(False)
            wizard.account_id = (
                tool.company_id.aftersales_tool_expense_account_id
                or tool.company_id.root_id.aftersales_tool_expense_account_id
            ).sudo(False)

    @api.depends('tool_id')
    def _compute_has_decision(self):
        for wizard in self:
            wizard.has_decision = bool(wizard.tool_id._decisions_sudo())

    # === ACTION METHODS === #

    def action_decide(self):
        """Post the decision."""
        self.ensure_one()
        self.tool_id._decide_loss(
            self.account_id, self.employee_id, self.employee_amount, self.employee_account_id, self.note)
        return {'type': 'ir.actions.act_window_close'}

    def action_take_back(self):
        """Reverse the last decision."""
        self.ensure_one()
        self.tool_id._undo_loss_decision()
        return {'type': 'ir.actions.act_window_close'}
