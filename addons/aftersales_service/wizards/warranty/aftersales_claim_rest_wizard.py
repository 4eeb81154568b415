from odoo import api, fields, models


class AftersalesClaimRestWizard(models.TransientModel):
    """Dialog: who bears what the manufacturer did not approve, of one claim or of many."""

    _name = 'aftersales.claim.rest.wizard'
    _description = "Who Bears the Rest of a Claim"

    claim_ids = fields.Many2many('aftersales.warranty.claim', required=True)
    currency_id = fields.Many2one('res.currency', compute='_compute_amount')
    amount = fields.Monetary("Not Approved", compute='_compute_amount')
    kind = fields.Selection(
        [('goodwill', "Goodwill"), ('customer', "Customer pays"), ('write_off', "Written off")], required=True, default='goodwill')
    reason_id = fields.Many2one(
        'aftersales.reason', domain="[('kind', '=', 'goodwill')]", default=lambda self: self._default_reason_id())
    note = fields.Char()
    consent_name = fields.Char("Who Agreed", compute='_compute_consent_name', store=True, readonly=False)
    consent_means = fields.Selection(
        [('phone', "Phone"), ('message', "Message"), ('paper', "Signed paper")], default='phone')
    needs_second = fields.Boolean(compute='_compute_amount')

    @api.model
    def _default_reason_id(self):
        return self.env.ref('aftersales_service.reason_goodwill_courtesy', raise_if_not_found=False)

    @api.depends('claim_ids', 'kind')
    def _compute_amount(self):
        for wizard in self:
            claims = wizard.claim_ids
            wizard.currency_id = claims.currency_id[:1]
            wizard.amount = sum(claim.rest_amount if claim.booked_at else claim.claimed_amount for claim in claims)
            company = claims.company_id[:1]
            wizard.needs_second = bool(
                wizard.kind == 'write_off' and company
                and company._aftersales_gate('claim_write_off_second') not in ('off', 'warn')
                and wizard.amount > company.aftersales_claim_write_off_limit)

    @api.depends('kind')
    def _compute_consent_name(self):
        for wizard in self:
            # Nobody's consent is assumed: the name is typed by who asked him.
            wizard.consent_name = wizard.consent_name if wizard.kind == 'customer' else False

    def action_confirm(self):
        self.ensure_one()
        self.claim_ids._resolve_rest(
            self.kind, reason=self.reason_id if self.kind == 'goodwill' else None, note=self.note,
            consent_means=self.consent_means, consent_name=self.consent_name)
        return {'type': 'ir.actions.act_window_close'}
