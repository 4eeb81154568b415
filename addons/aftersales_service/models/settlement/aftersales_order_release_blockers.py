from odoo import models


class AftersalesRepairOrder(models.Model):
    """What keeps a car from being verified, settled, released and its order closed."""

    _inherit = 'aftersales.repair.order'

    # === BLOCKERS === #

    def _verification_blockers(self):
        """Lines nobody verified (R-PERM-11)."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.is_billable and not line.is_verified and line.job_id.share_ids)
        if not lines:
            return []
        return [
            self._blocker(
                'lines_verified',
                'SET-70',
                self.env._(
                    "%(count)s lines of %(order)s are not verified: %(lines)s.",
                    count=len(lines),
                    order=self.name,
                    lines=', '.join(lines[:5].mapped('name')),
                ),
                self._cure_method(self.env._("Verify the lines"), 'action_verify_lines'),
            )
        ]

    def _concessions(self):
        """Return what each order gives away: goodwill shares and discounts on what the customer pays.

        :rtype: dict  `{order: amount including tax}`
        """
        result = {}
        for order in self:
            goodwill = sum(order.payer_ids.filtered(lambda p: p.kind == 'goodwill').mapped('amount_total'))
            discount = sum(
                max(
                    line.list_price_unit
                    * line.quantity
                    * (1 + (line.price_total - line.price_amount) / line.price_amount)
                    - line.price_total,
                    0.0,
                )
                if line.price_amount
                else line.list_price_unit * line.quantity
                for line in order.line_ids.filtered(
                    lambda item: (
                        item.is_billable and (item.discount or item.has_manual_price) and item.price_changed_by_id
                    )
                )
            )
            result[order] = order.currency_id.round(goodwill + discount)
        return result

    def _concession_blockers(self, amount):
        """Goodwill and discounts above the advisor's limit need somebody who may grant that much (R-PERM-10)."""
        self.ensure_one()
        currency = self.currency_id
        if currency.compare_amounts(amount, self.company_id.aftersales_goodwill_limit_advisor) <= 0:
            return []
        approved = max(self.payer_ids.mapped('concession_amount'), default=0.0)
        if currency.compare_amounts(approved, amount) >= 0:
            return []
        return [
            self._blocker(
                'concession_approved',
                'SET-71',
                self.env._(
                    "%(order)s gives away %(amount)s: above %(limit)s a supervisor approves, above %(upper)s the "
                    "service manager.",
                    order=self.name,
                    amount=currency.format(amount),
                    limit=currency.format(self.company_id.aftersales_goodwill_limit_advisor),
                    upper=currency.format(self.company_id.aftersales_goodwill_limit_supervisor),
                ),
                self._cure_method(self.env._("Approve"), 'action_approve_concession'),
            )
        ]

    def _money_blockers(self):
        """Nothing leaves unpaid: never off (R-PROC-84)."""
        self.ensure_one()
        if self.outcome == 'cancelled' and not self.settled_at:
            return []  # nothing was done: the car leaves without a settlement
        reasons = []
        if not self.settled_at:
            reasons.append(
                self._blocker(
                    None,
                    'SET-72',
                    self.env._("%(order)s is not settled.", order=self.name),
                    self._cure_method(self.env._("Settle"), 'action_settle'),
                )
            )
        for settlement in self.sudo().settlement_ids.filtered(lambda s: s.kind == 'customer' and s.settled_at):
            if not settlement._is_cleared():
                reasons.append(
                    self._blocker(
                        None,
                        'SET-73',
                        self.env._(
                            "%(partner)s still owes %(amount)s.",
                            partner=settlement.partner_id.name,
                            amount=self.currency_id.format(settlement.amount_due),
                        ),
                        {'label': self.env._("Take payment"), 'action': self.action_open_till()},
                    )
                )
            elif settlement.is_on_account and not settlement.on_account_signature and settlement.amount_due:
                reasons.append(
                    self._blocker(
                        'on_account_signed',
                        'SET-74',
                        self.env._(
                            "%(partner)s pays on account and has not signed the statement.",
                            partner=settlement.partner_id.name,
                        ),
                        {'label': self.env._("Sign"), 'action': settlement.action_sign_statement()},
                    )
                )
        return reasons

    def _release_blockers(self):
        """What belongs to a complete handover, at the levels of the profile."""
        self.ensure_one()
        _ = self.env._
        reasons = []
        if self.handover_issue and not self.handover_issue_cleared_at:
            reasons.append(
                self._blocker(
                    'handover_issue',
                    'SET-75',
                    _(
                        "Something was wrong at handover and is not cleared: %(issue)s",
                        issue=self.handover_issue,
                    ),
                    self._cure_method(_("Clear"), 'action_clear_handover_issue'),
                )
            )
        if not self.explained_at:
            reasons.append(
                self._blocker(
                    'explained',
                    'SET-76',
                    _("The work was not explained at the car yet."),
                    self._cure_method(_("Explained"), 'action_explained'),
                )
            )
        elif not self.old_parts_shown_at and self.line_ids.filtered(
            lambda line: line.kind == 'part' and line.is_billable
        ):
            reasons.append(
                self._blocker(
                    'explained',
                    'SET-77',
                    _("The old parts were not shown to the customer."),
                    self._cure_method(_("Old parts shown"), 'action_old_parts_shown'),
                )
            )
        if not self.pickup_code_checked_at:
            reasons.append(
                self._blocker(
                    'pickup_code',
                    'SET-78',
                    _("The pick-up code of the customer's copy was not checked."),
                    self._cure_method(_("Check the code"), 'action_hand_over'),
                )
            )
        if not self.handover_signature:
            reasons.append(
                self._blocker(
                    'handover_signed',
                    'SET-79',
                    _("Nobody signed for car, tools and belongings yet."),
                    self._cure_method(_("Sign"), 'action_hand_over'),
                )
            )
        passes = self.sudo().gate_pass_ids.filtered(lambda p: p.kind == 'final' and p.state != 'void')
        missing = passes.handout_ids.filtered(lambda item: item.is_needed and not item.is_done)
        if not passes or missing:
            reasons.append(
                self._blocker(
                    'handout_complete',
                    'SET-80',
                    _(
                        "Not handed out yet: %(items)s.",
                        items=', '.join(missing.mapped('name')) or _("gate pass with its list"),
                    ),
                    self._cure_method(_("Open the list"), 'action_gate_pass'),
                )
            )
        if not (self.notified_at or self.delay_notified_at) and self.customer_place != 'waiting':
            reasons.append(
                self._blocker(
                    'customer_notified',
                    'SET-81',
                    _("The customer was not told in time that the car is ready or late."),
                    self._cure_method(_("Told"), 'action_notified'),
                )
            )
        return reasons

    def _closing_blockers(self):
        self.ensure_one()
        return [
            self._blocker(
                None,
                'SET-82',
                self.env._(
                    "%(settlement)s is %(state)s.",
                    settlement=settlement.display_name,
                    state=dict(settlement._fields['state']._description_selection(self.env))[settlement.state],
                ),
            )
            for settlement in self.sudo().settlement_ids
            if settlement.state not in ('paid', 'refused')
        ]

    def _credit_usage_sudo(self):
        """Return what each order's customer would owe with this order: open invoices, open orders, this order.

        sudo: the limit counts what other desks sold him; only the sum leaves. One query a source.

        :rtype: dict  `{order: amount including tax}`
        """
        partners = self.partner_id.commercial_partner_id
        usage = {}
        for company, orders in self.grouped('company_id').items():
            owed, working = dict.fromkeys(partners.ids, 0.0), dict.fromkeys(partners.ids, 0.0)
            for partner, residual in (
                self.env['account.move.line']
                .sudo()
                ._read_group(
                    [
                        ('company_id', '=', company.id),
                        ('partner_id.commercial_partner_id', 'in', partners.ids),
                        ('parent_state', '=', 'posted'),
                        ('account_id.account_type', '=', 'asset_receivable'),
                        ('reconciled', '=', False),
                    ],
                    ['partner_id'],
                    ['amount_residual:sum'],
                )
            ):
                owed[partner.commercial_partner_id.id] += residual
            for payer, amount in (
                self.env['aftersales.repair.payer']
                .sudo()
                ._read_group(
                    [
                        ('order_id.company_id', '=', company.id),
                        ('kind', '=', 'customer'),
                        ('order_id.settled_at', '=', False),
                        ('order_id.outcome', 'in', ('open', 'done', 'total_loss')),
                        ('partner_id.commercial_partner_id', 'in', partners.ids),
                    ],
                    ['partner_id'],
                    ['amount_total:sum'],
                )
            ):
                working[payer.commercial_partner_id.id] += amount
            for order in orders:
                partner_id = order.partner_id.commercial_partner_id.id
                usage[order] = owed.get(partner_id, 0.0) + working.get(partner_id, 0.0)
        return usage

    def _credit_blockers(self, usage):
        """On account only within the limit (R-PROC-85)."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id.with_company(self.company_id)
        limit = partner.sudo().aftersales_credit_limit
        if self.currency_id.compare_amounts(usage, limit) <= 0:
            return []
        return [
            self._blocker(
                'on_account_limit',
                'SET-46',
                self.env._(
                    "%(partner)s would owe %(usage)s with open orders; the limit is %(limit)s.",
                    partner=partner.name,
                    usage=self.currency_id.format(usage),
                    limit=self.currency_id.format(limit),
                ),
                {'label': self.env._("Take payment"), 'action': self.action_open_till()},
            )
        ]
