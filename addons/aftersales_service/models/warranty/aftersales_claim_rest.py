from odoo import api, fields, models

from ..base.errors import coded_error

KINDS = [('goodwill', "Goodwill"), ('customer', "Customer pays"), ('write_off', "Written off")]


class AftersalesClaimRest(models.Model):
    """Who bears what the manufacturer did not approve of a claim: goodwill, the customer by his consent, or nobody.

    Writing off above the limit waits for a second person (R-WAR-13).
    """

    _name = 'aftersales.claim.rest'
    _description = "Rest of a Claim"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset({
        'claim_id', 'kind', 'amount', 'amount_total', 'cost_amount', 'state', 'requested_by_id', 'approved_by_id', 'approved_at', 'transfer_ids',
        'reason_id', 'note', 'consent_means', 'consent_name', 'payer_id',
    })

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, readonly=True, index=True, ondelete='restrict')
    order_id = fields.Many2one(related='claim_id.order_id', store=True, index=True)
    company_id = fields.Many2one(related='claim_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='claim_id.currency_id')
    partner_id = fields.Many2one(related='claim_id.partner_id', store=True, string="Manufacturer")
    kind = fields.Selection(KINDS, required=True, readonly=True, tracking=True)
    amount = fields.Monetary(readonly=True, help="In the price basis.")
    amount_total = fields.Monetary("Amount incl. Tax", readonly=True)
    reason_id = fields.Many2one('aftersales.reason', readonly=True, ondelete='restrict')
    note = fields.Char(readonly=True)
    consent_means = fields.Selection(
        [('phone', "Phone"), ('message', "Message"), ('paper', "Signed paper")], readonly=True)
    consent_name = fields.Char("Who Agreed", readonly=True)
    payer_id = fields.Many2one('aftersales.repair.payer', "Borne By", readonly=True, ondelete='restrict')
    transfer_ids = fields.One2many('aftersales.share.transfer', 'rest_id', "Lines", readonly=True)
    state = fields.Selection(
        [('requested', "Waits for approval"), ('done', "Done"), ('refused', "Refused"), ('undone', "Decision taken back")],
        required=True, readonly=True, default='requested', tracking=True, index=True,
    )
    requested_by_id = fields.Many2one('res.users', required=True, readonly=True, default=lambda self: self.env.user)
    approved_by_id = fields.Many2one('res.users', readonly=True, tracking=True)
    approved_at = fields.Datetime(readonly=True)

    @api.depends('claim_id.display_name', 'kind')
    def _compute_display_name(self):
        labels = dict(self._fields['kind']._description_selection(self.env))
        for rest in self:
            rest.display_name = ' · '.join(filter(None, (rest.claim_id.display_name, labels.get(rest.kind))))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WAR-88', self.env._("Decisions on a claim's rest stay in the archive. Take them back instead."))

    # === APPROVAL === #

    def _needs_second_person(self):
        """Tell whether another person has to approve: a write-off above the limit, where the gate asks for it."""
        self.ensure_one()
        company = self.company_id
        return (
            self.kind == 'write_off'
            and company._aftersales_gate('claim_write_off_second') not in ('off', 'warn')
            and self.currency_id.compare_amounts(self.amount_total, company.aftersales_claim_write_off_limit) > 0
        )

    def _ensure_may_approve(self):
        """Check the second person: the accountant or the service manager, another one than who asked.

        :raise UserError: WAR-90
        """
        for rest in self:
            problem = False
            if rest.state != 'requested':
                problem = self.env._("It was decided already.")
            elif rest.requested_by_id == self.env.user:
                problem = self.env._("You asked for it yourself: a second person has to approve it.")
            elif not self.env.user.has_groups(
                'aftersales_service.group_accountant,aftersales_service.group_service_manager'
            ):
                problem = self.env._("An accountant or the service manager approves it.")
            if problem:
                raise coded_error('WAR-90', self.env._(
                    "The write-off of %(claim)s cannot be approved. %(problem)s", claim=rest.claim_id.name, problem=problem))

    def _approve(self):
        """Approve write-offs as the second person; the cost leaves transit at once.

        :raise UserError: WAR-90, WAR-36 busy
        """
        self.claim_id._lock_sudo()
        self.sudo().invalidate_recordset(['state'])
        self._ensure_may_approve()
        self.sudo()._apply()
        return True

    def _refuse(self):
        """Refuse a requested write-off: the rest is open again."""
        self.claim_id._lock_sudo()
        self.sudo().invalidate_recordset(['state'])
        self._ensure_may_approve()
        rests = self.sudo()
        rests.transfer_ids._guarded().write({'rest_id': False})
        rests._guarded().write({'state': 'refused', 'approved_by_id': self.env.uid, 'approved_at': fields.Datetime.now()})
        return True

    def _apply(self):
        """Move the shares to who bears them and post what follows; called as superuser, rights are checked."""
        for rest in self:
            claim, order = rest.claim_id, rest.order_id
            order._lock_settlement_sudo()
            rest._guarded().write({'state': 'done', 'approved_by_id': self.env.uid, 'approved_at': fields.Datetime.now()})
            settlements = claim.settlement_id
            if rest.kind != 'write_off':
                payer = order._payer(rest.kind, reason=rest.reason_id or None)
                rest._guarded().write({'payer_id': payer.id})
                rest.transfer_ids._guarded().write({'to_payer_id': payer.id})
                if rest.kind == 'customer':
                    order._record_transfer_consent(claim.job_id, payer, rest.consent_means, rest.consent_name, claim.settlement_id)
                # Who takes the rest over is settled with this payer, at once.
                taker = order._ensure_settlements(payer)
                taker.filtered(lambda settlement: not settlement.settled_at)._guarded().write(
                    {'settled_at': fields.Datetime.now(), 'settled_by_id': self.env.uid})
                settlements |= taker
            claim.settlement_id._follow_claims_sudo()
            order._post_settlement_sudo(settlements)
            claim._advance()

    def _undo(self):
        """Take a decision back: the rest is open again, a customer's invoice is credited, the cost waits in transit.

        :raise UserError: WAR-81 role, WAR-88 not done, WAR-36 busy.
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('WAR-81', self.env._("Decisions on a claim's rest are taken back by the accountant."))
        self.claim_id._lock_sudo()
        for rest in self.sudo():
            if rest.state != 'done':
                raise coded_error('WAR-88', self.env._("%(rest)s is not in force.", rest=rest.display_name))
            claim, order = rest.claim_id, rest.order_id
            order._lock_settlement_sudo()
            rest.transfer_ids._guarded().write({'to_payer_id': False, 'rest_id': False})
            rest._guarded().write({'state': 'undone'})
            claim.settlement_id._follow_claims_sudo()
            order._post_settlement_sudo(claim.settlement_id | rest.payer_id.settlement_ids)
            claim._advance()
        return True

    # === ACTIONS === #

    def action_approve(self):
        return self._approve()

    def action_refuse(self):
        return self._refuse()

    def action_undo(self):
        return self._undo()
