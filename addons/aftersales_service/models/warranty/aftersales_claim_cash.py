from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesWarrantyClaim(models.Model):
    """What a claim brought: credited by a statement, refused, replaced in kind, taken back; who bears the rest."""

    _inherit = 'aftersales.warranty.claim'
    _guarded_fields = frozenset({
        'booked_at', 'booked_by_id', 'statement_line_id', 'transfer_ids', 'rest_ids', 'chargeback_ids', 'replaced_total',
    })

    booked_at = fields.Datetime("In the Books", readonly=True, copy=False, index='btree_not_null')
    booked_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    statement_line_id = fields.Many2one(
        'aftersales.warranty.statement.line', "Credited By", readonly=True, copy=False, index='btree_not_null', ondelete='restrict',
    )
    statement_id = fields.Many2one(related='statement_line_id.statement_id', store=True, string="Statement", index='btree_not_null')
    credited_total = fields.Monetary("Credited by Manufacturer", related='statement_line_id.total_amount', store=True, help="Including tax.")
    paid_total = fields.Monetary("Paid Amount", related='statement_line_id.paid_amount', store=True)
    due_total = fields.Monetary("Still Owed", related='statement_line_id.due_amount', store=True)
    transfer_ids = fields.One2many('aftersales.share.transfer', 'claim_id', "Not Approved", readonly=True)
    rest_ids = fields.One2many('aftersales.claim.rest', 'claim_id', "Decisions on the Rest", readonly=True)
    rest_amount = fields.Monetary(
        "Rest Undecided", compute='_compute_rest', store=True, help="Not approved, and nobody decided who bears it. In the price basis.")
    rest_state = fields.Selection(
        [('none', "No Rest"), ('open', "To Decide"), ('requested', "Waits for Approval"), ('decided', "Decided")],
        "Rest", compute='_compute_rest', store=True, index=True,
    )
    chargeback_ids = fields.One2many('aftersales.claim.chargeback', 'claim_id', "Charge-backs", readonly=True)
    replaced_total = fields.Monetary("Replaced in Kind", readonly=True, copy=False, help="Claimed for parts sent instead of money; incl. tax.")
    charged_back_total = fields.Monetary("Charged Back", compute='_compute_charged_back', store=True, help="Including tax.")

    # === COMPUTE METHODS === #

    @api.depends('booked_at', 'transfer_ids.step', 'transfer_ids.amount', 'transfer_ids.rest_id.state')
    def _compute_rest(self):
        for claim in self:
            rests = claim.transfer_ids.filtered(lambda transfer: transfer.step == 'rest')
            left = rests.filtered(lambda transfer: transfer.rest_id.state != 'done')
            claim.rest_amount = sum(left.mapped('amount'))
            if not rests:
                claim.rest_state = 'none'
            elif not left:
                claim.rest_state = 'decided'
            else:
                claim.rest_state = 'requested' if all(item.rest_id.state == 'requested' for item in left) else 'open'

    @api.depends('chargeback_ids.amount_total')
    def _compute_charged_back(self):
        for claim in self:
            claim.charged_back_total = sum(claim.chargeback_ids.mapped('amount_total'))

    # === STATE === #

    def _state_facts(self):
        facts = super()._state_facts()
        for claim in self:
            line = claim.statement_line_id
            credited = bool(claim.booked_at and line.total_amount)
            replaced = bool(claim.booked_at and claim.line_ids and all(item.replaced_move_id for item in claim.line_ids))
            facts[claim] |= {
                'credited': credited or replaced,
                'paid': replaced or (credited and claim.currency_id.is_zero(line.due_amount)),
            }
        return facts

    # === BOOKING === #

    def _book_sudo(self, owed=None):
        """Let the answer reach the books: what was not approved leaves the payer's share; called as superuser.

        No invoice and no cost is posted here: the caller does that for many claims at once.

        :param dict owed: `{order: order._payer_line_amounts()}` where the caller has them already.
        :raise UserError: WAR-85 less is owed than was approved.
        """
        vals_list = []
        for claim in self:
            amounts = (owed or {}).get(claim.order_id) or claim.order_id._payer_line_amounts()
            amounts = amounts.get(claim.payer_id, {})
            currency = claim.currency_id
            for line in claim.line_ids.filtered(lambda line: not line.replaced_move_id):
                cut = currency.round(amounts.get(line.line_id, 0.0) - line.approved_amount)
                if currency.is_zero(cut):
                    continue
                if cut * (line.claimed_amount or 1.0) < 0:
                    raise coded_error('WAR-85', self.env._(
                        "“%(line)s” of %(claim)s is worth %(owed)s since a credit to the customer, and %(approved)s was approved. "
                        "Record the answer with the lower amount.",
                        line=line.name, claim=claim.display_name, owed=currency.format(amounts.get(line.line_id, 0.0)),
                        approved=currency.format(line.approved_amount),
                    ))
                vals_list.append(claim._prepare_transfer_vals(line.line_id, cut, 'rest'))
        self.env['aftersales.share.transfer']._guarded().create(vals_list)
        self._guarded().write({'booked_at': fields.Datetime.now(), 'booked_by_id': self.env.uid})

    def _prepare_transfer_vals(self, line, amount, step, **values):
        self.ensure_one()
        return {
            'settlement_id': self.settlement_id.id,
            'claim_id': self.id,
            'line_id': line.id,
            'from_payer_id': self.payer_id.id,
            'amount': amount,
            'step': step,
            **values,
        }

    def _unbook_sudo(self):
        """Take the answer out of the books again; called as superuser, the caller posts what follows."""
        self.transfer_ids.filtered(lambda transfer: transfer.step == 'rest')._guarded().unlink()
        self._guarded().write({'booked_at': False, 'booked_by_id': False, 'statement_line_id': False})

    def _book_refusal(self):
        """Book a refused claim that stands on no statement: somebody has to decide who bears it.

        Its cost leaves transit with that decision.

        :raise UserError: WAR-34 role, WAR-88 not refused, or booked already; WAR-36 busy.
        """
        self._ensure_may_answer()
        self._lock_sudo()
        for claim in self:
            if claim.state != 'rejected' or claim.booked_at or not claim.settlement_id.settled_at:
                raise coded_error('WAR-88', self.env._(
                    "%(claim)s is %(state)s: only a claim that was rejected as a whole, of a settled order, is booked without "
                    "a statement.", claim=claim.display_name, state=claim._state_label(),
                ))
        claims = self.sudo()
        claims.order_id._lock_settlement_sudo()
        claims._book_sudo()
        claims._follow_up_sudo()
        return True

    def _follow_up_sudo(self):
        """Bring settlements, cost and states to what the claims say now; called as superuser."""
        settlements = self.settlement_id
        settlements._follow_claims_sudo()
        self.order_id._post_settlement_sudo(settlements)
        self._advance()

    def _appeal(self, text):
        """Refuse to dispute an answer that is in the books: reverse it there first.

        :raise UserError: WAR-85
        """
        for claim in self.sudo().filtered('booked_at'):
            raise coded_error('WAR-85', self.env._(
                "%(claim)s is in the books already (%(statement)s).", claim=claim.name,
                statement=claim.statement_id.name or self.env._("refused")))
        return super()._appeal(text)

    # === COST === #

    def _transit_cents(self):
        """Return the cost in claims in transit by claim, as the shares say; called as superuser.

        :rtype: dict  `{claim: cents of the company's currency}`; 0 where the order is not settled.
        """
        cents = dict.fromkeys(self, 0)
        by_key = {(claim.payer_id, claim.job_id): claim for claim in self if not claim.cancelled_at}
        orders = self.order_id.filtered(lambda order: order.settled_at and order.company_id._aftersales_wip_account())
        for (_order, payer, line), value in orders._waiting_cents().items():
            claim = by_key.get((payer, line.job_id))
            if claim:
                cents[claim] += value
        return cents
