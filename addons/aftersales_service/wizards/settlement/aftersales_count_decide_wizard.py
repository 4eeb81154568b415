from odoo import api, fields, models

from ...models.settlement.aftersales_count_decision import KINDS


class AftersalesCountDecideWizard(models.TransientModel):
    """The accountant says who bears the differences of a count."""

    _name = 'aftersales.count.decide.wizard'
    _description = "Decide on Stock Differences"
    _check_company_auto = True

    count_id = fields.Many2one('aftersales.stock.count', required=True, readonly=True, check_company=True)
    company_id = fields.Many2one(related='count_id.company_id')
    currency_id = fields.Many2one(related='count_id.currency_id')
    line_ids = fields.Many2many(
        'aftersales.stock.count.line', string="Lines", compute='_compute_line_ids', store=True, readonly=False, precompute=True,
        domain="[('count_id', '=', count_id), ('decision_id', '=', False), ('applied_value', '!=', 0)]",
    )
    amount = fields.Monetary(compute='_compute_amount', help="What somebody bears; negative for a surplus.")
    kind = fields.Selection(KINDS, "Borne By", required=True, default='expense')
    account_id = fields.Many2one(
        'account.account', required=True, check_company=True, domain="[('active', '=', True)]",
        compute='_compute_account_id', store=True, readonly=False, precompute=True,
    )
    employee_id = fields.Many2one('hr.employee', check_company=True)
    partner_id = fields.Many2one('res.partner', "Insurer or Debtor")
    input_vat = fields.Monetary("Input VAT Given Back")
    vat_account_id = fields.Many2one('account.account', "VAT Account", check_company=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today())
    note = fields.Char("Grounds")

    @api.depends('count_id')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = wizard.count_id._undecided_lines()

    @api.depends('line_ids')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = -sum(wizard.line_ids.mapped('applied_value'))

    @api.depends('kind')
    def _compute_account_id(self):
        for wizard in self:
            wizard.account_id = self.env['aftersales.count.decision']._propose_account(wizard.company_id or self.env.company, wizard.kind)

    def action_confirm(self):
        self.ensure_one()
        self.count_id._decide(
            self.kind, lines=self.line_ids, account=self.account_id, employee=self.employee_id, partner=self.partner_id,
            note=self.note, date=self.date, input_vat=self.input_vat, vat_account=self.vat_account_id,
        )
        return {'type': 'ir.actions.act_window_close'}
