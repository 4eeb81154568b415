from odoo import Command, api, fields, models

from ..base.errors import coded_error


class AftersalesClaimChargeback(models.Model):
    """What a manufacturer takes back of a claim he credited before, often months later: an audit, a part that was not faulty.

    A red note over the amount, linked to the original invoice and claim; the loss stays an expense or goes to who is
    responsible.
    """

    _name = 'aftersales.claim.chargeback'
    _description = "Charge-back of a Claim"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset({
        'claim_id', 'statement_id', 'original_statement_id', 'date', 'amount', 'amount_total', 'reason_id', 'note', 'bearer',
        'responsible_id', 'recovered_amount', 'user_id', 'move_id', 'recourse_move_id', 'transfer_ids',
    })

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, readonly=True, index=True, ondelete='restrict')
    order_id = fields.Many2one(related='claim_id.order_id', store=True, index=True)
    company_id = fields.Many2one(related='claim_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='claim_id.currency_id')
    partner_id = fields.Many2one(related='claim_id.partner_id', store=True, string="Manufacturer")
    original_statement_id = fields.Many2one(
        'aftersales.warranty.statement', "Credited By", readonly=True, ondelete='restrict', index='btree_not_null')
    statement_id = fields.Many2one(
        'aftersales.warranty.statement', "Taken Back By", readonly=True, ondelete='restrict', index='btree_not_null',
        help="The statement with the negative line; empty when a letter told it.")
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="In the price basis.")
    amount_total = fields.Monetary("Taken Back", readonly=True, help="Including tax.")
    reason_id = fields.Many2one('aftersales.reason', readonly=True, ondelete='restrict')
    note = fields.Char(readonly=True)
    bearer = fields.Selection(
        [('expense', "Expense"), ('responsible', "Responsible person")], required=True, readonly=True, default='expense')
    responsible_id = fields.Many2one('res.partner', "Responsible", readonly=True, ondelete='restrict')
    recovered_amount = fields.Monetary("Passed On", readonly=True, help="What the responsible person owes.")
    user_id = fields.Many2one('res.users', "Recorded By", readonly=True)
    move_id = fields.Many2one(
        'account.move', "Red Note", readonly=True, ondelete='restrict',
        groups='account.group_account_invoice,account.group_account_readonly')
    recourse_move_id = fields.Many2one(
        'account.move', "Entry of the Responsible", readonly=True, ondelete='restrict',
        groups='account.group_account_invoice,account.group_account_readonly')
    transfer_ids = fields.One2many('aftersales.share.transfer', 'chargeback_id', readonly=True)

    @api.depends('claim_id.display_name', 'date')
    def _compute_display_name(self):
        for chargeback in self:
            chargeback.display_name = ' · '.join(
                filter(None, (chargeback.claim_id.display_name, fields.Date.to_string(chargeback.date))))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WAR-91', self.env._("Charge-backs have entries in the books and stay."))

    def _post_recourse(self):
        """Let the responsible person owe his part: Dr receivable / Cr charge-backs; called as superuser."""
        self.ensure_one()
        company = self.company_id
        label = self.env._("Charge-back of %(claim)s", claim=self.claim_id.name)
        partner = self.responsible_id.with_company(company)
        move = self.env['account.move'].with_company(company)._guarded().create({
            'move_type': 'entry',
            'journal_id': company._aftersales_cost_journal().id,
            'company_id': company.id,
            'date': company._aftersales_today(),
            'ref': label,
            **self.env['account.move']._aftersales_link_vals(self.order_id, 'recourse'),
            'line_ids': [
                Command.create({
                    'name': label, 'account_id': partner.property_account_receivable_id.id,
                    'partner_id': partner.commercial_partner_id.id, 'balance': self.recovered_amount}),
                Command.create({
                    'name': label, 'account_id': company._aftersales_chargeback_account().id, 'balance': -self.recovered_amount}),
            ],
        })
        move._guarded()._post(soft=False)
        self._guarded().write({'recourse_move_id': move.id})
