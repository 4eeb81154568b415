from odoo import api, fields, models
from odoo.tools import float_compare

from ...rules.split import split_amount
from ..base.board import states_in_order
from ..base.errors import coded_error

STATES = [
    ('open', "Open"),
    ('awaiting_approval', "Awaiting Approval"),
    ('short', "Paid Short"),
    ('posted', "Posted"),
    ('paid', "Paid"),
    ('refused', "Refused"),
]


class AftersalesSettlement(models.Model):
    """What one payer owes for one order, from the till to the last cent paid.

    The books are in its journal entries and payments; this record keeps who settled, what an insurer or a
    manufacturer approved, and who signed for an amount on account. Its state is a projection of them.
    """

    _name = 'aftersales.settlement'
    _description = "Settlement of a Payer"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset(
        {
            'name',
            'order_id',
            'payer_id',
            'settled_at',
            'settled_by_id',
            'decision',
            'decided_at',
            'decided_by_id',
            'approved_amount',
            'claimed_amount',
            'rest_decided_at',
            'decision_reason_id',
            'is_on_account',
            'on_account_at',
            'on_account_by_id',
            'on_account_signature',
            'on_account_signed_by',
            'reopened_at',
        }
    )

    # Identity
    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index='trigram')
    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='restrict', index=True)
    payer_id = fields.Many2one('aftersales.repair.payer', required=True, readonly=True, ondelete='restrict', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    kind = fields.Selection(related='payer_id.kind', store=True, string="Payer Kind")
    partner_id = fields.Many2one(related='payer_id.partner_id', store=True, index=True)
    license_plate = fields.Char(related='order_id.license_plate')
    advisor_id = fields.Many2one(related='order_id.advisor_id', store=True)

    # Facts
    state = fields.Selection(
        STATES, compute='_compute_state', store=True, index=True, tracking=True, group_expand=states_in_order
    )
    settled_at = fields.Datetime("Settled", readonly=True, copy=False, index='btree_not_null')
    settled_by_id = fields.Many2one('res.users', "Settled By", readonly=True, copy=False)
    reopened_at = fields.Datetime("Reopened", readonly=True, copy=False)
    decision = fields.Selection(
        [('approved', "Approved"), ('refused', "Refused")],
        readonly=True,
        copy=False,
        tracking=True,
        help="What the manufacturer or the insurer answered.",
    )
    decided_at = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one('res.users', "Decision Recorded By", readonly=True, copy=False)
    decision_reason_id = fields.Many2one('aftersales.reason', readonly=True, copy=False)
    claimed_amount = fields.Monetary("Claimed", readonly=True, copy=False, help="Including tax, when the car left.")
    approved_amount = fields.Monetary("Approved Amount", readonly=True, copy=False, help="Including tax.")
    rest_decided_at = fields.Datetime("Rest Decided", readonly=True, copy=False)
    is_on_account = fields.Boolean("On Account", readonly=True, copy=False, tracking=True)
    on_account_at = fields.Datetime("Put On Account", readonly=True, copy=False)
    on_account_by_id = fields.Many2one('res.users', "Put On Account By", readonly=True, copy=False)
    on_account_signature = fields.Binary("Signature", attachment=True, readonly=True, copy=False)
    on_account_signed_by = fields.Char("Signed By", readonly=True, copy=False)

    # Money
    move_ids = fields.One2many(
        'account.move',
        'aftersales_settlement_id',
        "Entries",
        readonly=True,
        groups='account.group_account_invoice,account.group_account_readonly',
    )
    payment_ids = fields.One2many(
        'account.payment',
        'aftersales_settlement_id',
        "Payments",
        readonly=True,
        groups='account.group_account_invoice,account.group_account_readonly',
    )
    amount_expected = fields.Monetary(
        "To Settle",
        compute='_compute_amount_expected',
        help="The payer's share of the order, including tax.",
    )
    amount_total = fields.Monetary(
        "Invoiced", compute='_compute_amounts', store=True, help="Invoices less credit notes, including tax."
    )
    amount_tax = fields.Monetary("Tax", compute='_compute_amounts', store=True)
    amount_due = fields.Monetary("Due", compute='_compute_amounts', store=True)
    amount_paid = fields.Monetary("Paid", compute='_compute_amounts', store=True)
    invoice_date = fields.Date("Invoiced On", compute='_compute_amounts', store=True)

    # Fapiao
    allocation_ids = fields.One2many('aftersales.fapiao.allocation', 'settlement_id', "Fapiao")
    fapiao_amount = fields.Monetary("On Fapiao", compute='_compute_fapiao', store=True)
    uninvoiced_amount = fields.Monetary(
        "Without Fapiao",
        compute='_compute_fapiao',
        store=True,
        help="Revenue without a fapiao yet: taxed all the same.",
    )
    fapiao_numbers = fields.Char(compute='_compute_fapiao', store=True)

    _payer_uniq = models.UniqueIndex('(payer_id)', "A payer has one settlement of an order.")

    # === COMPUTE METHODS === #

    @api.depends(
        'move_ids.state',
        'move_ids.amount_total',
        'move_ids.amount_tax',
        'move_ids.amount_residual',
        'move_ids.move_type',
        'move_ids.invoice_date',
    )
    def _compute_amounts(self):
        for settlement in self:
            total = tax = due = 0.0
            dates = []
            for move in settlement.move_ids:
                if move.state != 'posted' or move.move_type not in ('out_invoice', 'out_refund'):
                    continue
                sign = 1 if move.move_type == 'out_invoice' else -1
                total += sign * move.amount_total
                tax += sign * move.amount_tax
                due += sign * move.amount_residual
                dates.append(move.invoice_date)
            settlement.amount_total = total
            settlement.amount_tax = tax
            settlement.amount_due = due
            settlement.amount_paid = total - due
            settlement.invoice_date = max(dates) if dates else False

    @api.depends(
        'settled_at',
        'decision',
        'rest_decided_at',
        'approved_amount',
        'claimed_amount',
        'amount_due',
        'payer_id.needs_approval',
    )
    def _compute_state(self):
        for settlement in self:
            cut = (
                float_compare(
                    settlement.approved_amount,
                    settlement.claimed_amount,
                    precision_rounding=settlement.currency_id.rounding or 0.01,
                )
                < 0
            )
            if not settlement.settled_at:
                settlement.state = 'open'
            elif settlement.payer_id.needs_approval and not settlement.decision:
                settlement.state = 'awaiting_approval'
            elif settlement.decision == 'refused':
                settlement.state = 'refused'
            elif settlement.decision == 'approved' and cut and not settlement.rest_decided_at:
                settlement.state = 'short'
            elif settlement.currency_id.is_zero(settlement.amount_due):
                settlement.state = 'paid'
            else:
                settlement.state = 'posted'

    def _compute_amount_expected(self):
        totals = self.payer_id._settlement_totals()
        for settlement in self:
            settlement.amount_expected = totals.get(settlement.payer_id, {}).get('total', 0.0)

    @api.depends(
        'allocation_ids.amount', 'allocation_ids.fapiao_id.state', 'allocation_ids.fapiao_id.number', 'amount_total'
    )
    def _compute_fapiao(self):
        for settlement in self:
            issued = settlement.allocation_ids.filtered(
                lambda allocation: allocation.fapiao_id.state in ('issued', 'red')
            )
            settlement.fapiao_amount = sum(issued.mapped('amount'))
            settlement.uninvoiced_amount = settlement.amount_total - settlement.fapiao_amount
            settlement.fapiao_numbers = ', '.join(filter(None, issued.fapiao_id.mapped('number'))) or False

    @api.depends('name', 'payer_id.display_name', 'license_plate')
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = ' · '.join(
                part for part in (settlement.name, settlement.license_plate, settlement.payer_id.display_name) if part
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get('name', '/') == '/':
                company = (
                    self.env['aftersales.repair.order'].browse(vals.get('order_id')).company_id or self.env.company
                )
                vals['name'] = (
                    self.env['ir.sequence'].sudo().with_company(company).next_by_code('aftersales.settlement') or '/'
                )
        return super(AftersalesSettlement, self._guarded() if self._is_guarded() else self).create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for settlement in self:
            if settlement.settled_at or settlement.sudo().move_ids or settlement.sudo().payment_ids:
                raise coded_error(
                    'SET-01', self.env._("%(name)s has entries and stays in the books.", name=settlement.display_name)
                )

    # === GETTERS === #

    def _gate_profile(self):
        return self.order_id.profile_id

    def _is_final(self):
        """Tell whether the amount is known: nobody has to approve it, or he has."""
        self.ensure_one()
        return not self.payer_id.needs_approval or self.decision == 'approved'

    def _final_lines(self, lines):
        """Return which of the lines have a known amount for this payer; a later room may know it line by line.

        :param lines: repair lines of the order.
        :rtype: recordset of aftersales.repair.line
        """
        self.ensure_one()
        return lines if self._is_final() else lines.browse()

    def _invoices(self):
        """Return the posted invoices and credit notes that carry the settlements' amounts.

        :rtype: recordset of account.move
        """
        return self.move_ids.filtered(
            lambda move: move.state == 'posted' and move.move_type in ('out_invoice', 'out_refund')
        )

    def _is_invoiced(self):
        """Tell whether this payer gets an invoice; internal and goodwill work only moves cost."""
        self.ensure_one()
        return self.kind not in ('internal', 'goodwill')

    def _is_cleared(self):
        """Tell whether the car may go as far as this payer is concerned (R-PROC-84)."""
        self.ensure_one()
        if not self.settled_at:
            return False
        if self.kind != 'customer':
            return True
        return self.is_on_account or self.currency_id.compare_amounts(self.amount_due, 0.0) <= 0

    # === DECISION OF AN INSURER OR A MANUFACTURER === #

    def _ensure_may_decide(self):
        if not (
            self.env.su
            or self.env.user.has_groups(
                'aftersales_service.group_accountant,aftersales_service.group_frontdesk_supervisor'
            )
        ):
            raise coded_error(
                'SET-30',
                self.env._(
                    "Approvals of insurers and manufacturers are recorded by the accountant or a front-desk supervisor."
                ),
            )
        for settlement in self:
            if settlement.state != 'awaiting_approval':
                raise coded_error(
                    'SET-31',
                    self.env._(
                        "%(name)s waits for no approval: it is %(state)s.",
                        name=settlement.display_name,
                        state=dict(self._fields['state']._description_selection(self.env))[settlement.state],
                    ),
                )

    def _approve(self, amount=None):
        """Record the payer's yes, invoice what he approved and take its cost out of transit.

        Less than the claim leaves the settlement *short* until somebody decides who bears the rest
        (`_resolve_short`).

        :param float amount: approved amount including tax; the whole claim unless given.
        :return: True
        :raise UserError: SET-30 role, SET-31 nothing to approve, SET-32 amount out of range, SET-03 being settled.
        """
        self._ensure_may_decide()
        self.order_id._lock_settlement_sudo()
        for settlement in self.sudo():
            claimed = settlement.claimed_amount
            approved = claimed if amount is None else settlement.currency_id.round(amount)
            if approved <= 0 or settlement.currency_id.compare_amounts(approved, claimed) > 0:
                raise coded_error(
                    'SET-32',
                    self.env._(
                        "The approved amount must lie between 0.01 and the claim of %(claimed)s. Use “Refuse” for "
                        "nothing at all.",
                        claimed=settlement.currency_id.format(claimed),
                    ),
                )
            settlement._guarded().write(
                {
                    'decision': 'approved',
                    'approved_amount': approved,
                    'decided_at': fields.Datetime.now(),
                    'decided_by_id': self.env.uid,
                }
            )
            if settlement.currency_id.compare_amounts(approved, claimed) < 0:
                settlement._hold_back(claimed - approved)
        self.order_id._post_settlement_sudo(self)
        return True

    def _refuse(self, reason=None):
        """Record the payer's no: no invoice; the cost leaves transit for the write-off account.

        :param reason: optional `aftersales.reason`.
        :raise UserError: SET-30, SET-31, SET-03
        """
        self._ensure_may_decide()
        self.order_id._lock_settlement_sudo()
        self.sudo()._guarded().write(
            {
                'decision': 'refused',
                'decided_at': fields.Datetime.now(),
                'decided_by_id': self.env.uid,
                'decision_reason_id': reason.id if reason else False,
                'approved_amount': 0.0,
            }
        )
        self.order_id._post_settlement_sudo(self)
        return True

    def _hold_back(self, amount):
        """Keep what was not approved off the payer's invoice, spread over his lines; the last takes the rounding.

        :param float amount: including tax.
        """
        self.ensure_one()
        order = self.order_id
        totals = order._payer_line_amounts().get(self.payer_id, {})
        lines = [line for line, value in totals.items() if not order.currency_id.is_zero(value)]
        basis = order._basis_of_total(lines, totals, self.claimed_amount - amount)
        wanted = sum(order._cents(totals[line]) for line in lines) - order._cents(basis)
        parts = split_amount(wanted, [order._cents(totals[line]) for line in lines])
        self.env['aftersales.share.transfer']._guarded().create(
            [
                {
                    'settlement_id': self.id,
                    'line_id': line.id,
                    'from_payer_id': self.payer_id.id,
                    'amount': order.currency_id.round(cents * order.currency_id.rounding),
                }
                for line, cents in zip(lines, parts, strict=True)
                if cents
            ]
        )

    def _resolve_short(self, kind, reason=None, consent_means='phone', consent_name=None):
        """Decide who bears what the insurer or manufacturer did not approve.

        :param str kind: `customer` (he agreed; his yes is recorded), `goodwill` (with a reason, which sets the
            account) or `write_off` (cost of the claim, no other payer).
        :param reason: `aftersales.reason` of kind goodwill, for goodwill.
        :param str consent_means: how the customer agreed.
        :param str consent_name: who agreed.
        :raise UserError: SET-33 not short, SET-34 reason or name missing, SET-30, SET-03
        """
        self.ensure_one()
        self._ensure_may_resolve()
        if self.state != 'short':
            raise coded_error(
                'SET-33', self.env._("%(name)s was not paid short; nothing is left to decide.", name=self.display_name)
            )
        order = self.order_id
        order._lock_settlement_sudo()
        settlement = self.sudo()
        transfers = (
            self.env['aftersales.share.transfer']
            .sudo()
            .search([('settlement_id', '=', self.id), ('to_payer_id', '=', False)])
        )
        jobs = transfers.line_id.job_id
        if kind == 'goodwill' and not reason:
            raise coded_error('SET-34', self.env._("Choose the goodwill reason: it decides the cost account."))
        if kind == 'customer' and not consent_name:
            raise coded_error(
                'SET-34', self.env._("Write down who agreed to pay the rest: the customer's consent is needed.")
            )
        if kind != 'write_off':
            payer = order.sudo()._payer(kind, reason=reason)
            transfers._guarded().write({'to_payer_id': payer.id})
            if kind == 'customer':
                order.sudo()._record_transfer_consent(jobs, payer, consent_means, consent_name, settlement)
            # Who takes over the rest is settled with this payer, at once.
            taker = order.sudo()._ensure_settlements(payer)
            taker.filtered(lambda s: not s.settled_at)._guarded().write(
                {'settled_at': fields.Datetime.now(), 'settled_by_id': self.env.uid}
            )
            settlement |= taker
        self.sudo()._guarded().write({'rest_decided_at': fields.Datetime.now()})
        order._post_settlement_sudo(settlement)
        return True

    def _ensure_may_resolve(self):
        if not (
            self.env.su
            or self.env.user.has_groups(
                'aftersales_service.group_accountant,aftersales_service.group_frontdesk_supervisor'
            )
        ):
            raise coded_error(
                'SET-30', self.env._("Who bears the rest is decided by the accountant or a front-desk supervisor.")
            )

    # === PAYMENT === #

    def _pay(self, journal, amount=None, reference=None):
        """Take money for this settlement and match it with its invoices.

        :param journal: `account.journal` of the payment means.
        :param float amount: all that is due unless given.
        :param str reference: number of the terminal slip or transfer.
        :return: the payment.
        :rtype: recordset of account.payment
        :raise UserError: SET-40 nothing due, SET-41 more than due, SET-42 not a means of the till, SET-03 busy.
        """
        self.ensure_one()
        order = self.order_id
        order._ensure_may_cash()
        order._lock_settlement_sudo()
        settlement = self.sudo()
        settlement.invalidate_recordset(['amount_due'])
        currency = settlement.currency_id
        due = settlement.amount_due
        if not settlement.settled_at or currency.compare_amounts(due, 0.0) <= 0:
            raise coded_error(
                'SET-40',
                self.env._(
                    "%(name)s has nothing to pay. Settle the order first, or it is paid already.",
                    name=self.display_name,
                ),
            )
        amount = due if amount is None else currency.round(amount)
        if amount <= 0 or currency.compare_amounts(amount, due) > 0:
            raise coded_error(
                'SET-41',
                self.env._(
                    "%(amount)s cannot be taken: %(due)s is due on %(name)s.",
                    amount=currency.format(amount),
                    due=currency.format(due),
                    name=self.display_name,
                ),
            )
        payment = order._create_payment_sudo(
            journal, amount, settlement.partner_id, 'payment', settlement=settlement, reference=reference
        )
        order.sudo()._reconcile_settlements(settlement)
        order._guarded()._after_payment()
        return payment

    # === ON ACCOUNT === #

    def _put_on_account(self, signature=None, name=None):
        """Let the customer pay later by his terms: only a partner with an account, within his limit (R-PROC-85).

        :param bytes signature: base64 image of the signature on the statement.
        :param str name: who signed.
        :raise UserError: SET-45 no account; SET-46 over the limit (gate on_account_limit).
        """
        for settlement in self:
            order = settlement.order_id
            order._ensure_may_cash()
            # sudo: a parts keeper sells over his counter without reading who has an account.
            payer = settlement.sudo().partner_id.commercial_partner_id.with_company(order.company_id)
            if settlement.kind != 'customer' or not payer.aftersales_on_account:
                raise coded_error(
                    'SET-45',
                    self.env._(
                        "%(partner)s may not pay on account. The accountant opens an account on the customer's form.",
                        partner=settlement.partner_id.display_name or '',
                    ),
                )
            order._ensure_no_blockers('on_account')
            settlement.sudo()._guarded().write(
                {
                    'is_on_account': True,
                    'on_account_at': fields.Datetime.now(),
                    'on_account_by_id': self.env.uid,
                    'on_account_signature': signature or settlement.on_account_signature,
                    'on_account_signed_by': name or settlement.on_account_signed_by,
                }
            )
            settlement.sudo()._apply_account_terms()
            order._guarded()._after_payment()
        return True

    def _apply_account_terms(self):
        """Give the open invoices the partner's payment terms, so that they fall due as agreed."""
        for settlement in self:
            terms = settlement.partner_id.commercial_partner_id.with_company(
                settlement.company_id
            ).property_payment_term_id
            for move in settlement.move_ids.filtered(
                lambda m: m.state == 'posted' and m.move_type == 'out_invoice' and m.amount_residual
            ):
                due = terms and max(
                    (
                        term['date']
                        for term in terms._compute_terms(
                            date_ref=move.invoice_date,
                            currency=move.currency_id,
                            company=move.company_id,
                            tax_amount=0.0,
                            tax_amount_currency=0.0,
                            untaxed_amount=0.0,
                            untaxed_amount_currency=0.0,
                            sign=1,
                        )['line_ids']
                    ),
                    default=False,
                )
                if due:
                    move.line_ids.filtered(lambda line: line.display_type == 'payment_term')._guarded().write(
                        {'date_maturity': due}
                    )

    def _sign_on_account(self, name, signature):
        """Store the customer's signature on the statement (R-PROC-85)."""
        self.order_id._ensure_may_cash()
        self.sudo()._guarded().write({'on_account_signed_by': name, 'on_account_signature': signature})
        for order in self.order_id:
            order._guarded()._after_payment()
        return True

    # === ACTIONS === #

    def action_approve(self):
        return self._open_decision('approve')

    def action_refuse(self):
        return self._open_decision('refuse')

    def action_resolve_short(self):
        return self._open_decision('rest')

    def _open_decision(self, step):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Decision of the Payer"),
            'res_model': 'aftersales.settlement.decision',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_settlement_id': self.id, 'default_step': step},
        }

    def action_pay(self):
        """Open the till dialog for what is due."""
        self.ensure_one()
        return self.order_id.action_open_till()

    def action_sign_statement(self):
        """Let the customer sign the statement of what is on account."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Sign the Statement"),
            'res_model': 'aftersales.account.sign',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_settlement_id': self.id},
        }

    def action_view_moves(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Entries"),
            'res_model': 'account.move',
            'view_mode': 'list,form',
            'domain': [('aftersales_settlement_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_view_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()
