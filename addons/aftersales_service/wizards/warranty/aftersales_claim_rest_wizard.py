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


class AftersalesChargebackWizard(models.TransientModel):
    """Dialog: what the manufacturer takes back of a credited claim, and who bears it."""

    _name = 'aftersales.chargeback.wizard'
    _description = "Charge-back of a Claim"

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, ondelete='cascade')
    currency_id = fields.Many2one(related='claim_id.currency_id')
    left_amount = fields.Monetary("Credited", compute='_compute_left')
    amount = fields.Monetary("Taken Back", compute='_compute_taken', store=True, readonly=False, precompute=True)
    reason_id = fields.Many2one('aftersales.reason', domain="[('kind', '=', 'claim')]", required=True)
    note = fields.Char()
    responsible_id = fields.Many2one('res.partner', "Responsible", help="Who owes it; empty: it stays an expense.")
    recovered_amount = fields.Monetary("He Owes")

    @api.depends('claim_id')
    def _compute_left(self):
        for wizard in self:
            wizard.left_amount = wizard.claim_id.credited_total - wizard.claim_id.charged_back_total

    @api.depends('claim_id')
    def _compute_taken(self):
        for wizard in self:
            wizard.amount = wizard.claim_id.credited_total - wizard.claim_id.charged_back_total

    @api.onchange('responsible_id', 'amount')
    def _onchange_responsible_id(self):
        self.recovered_amount = self.amount if self.responsible_id else 0.0

    def action_confirm(self):
        self.ensure_one()
        self.claim_id._charge_back(
            self.amount, self.reason_id, self.note, self.responsible_id or None,
            self.recovered_amount if self.responsible_id else None)
        return {'type': 'ir.actions.act_window_close'}
