from collections import defaultdict

from odoo import Command, fields, models

from ...rules.split import split_amount


class AftersalesRepairOrder(models.Model):
    """What the order cost: from work in progress to the account of whoever bears it."""

    _inherit = 'aftersales.repair.order'

    wip_balance = fields.Monetary(
        "Work in Progress",
        compute='_compute_wip_balance',
        currency_field='currency_id',
        groups='aftersales_service.group_accountant',
        help="Balance of the order on the work-in-progress account; 0.00 once it is settled, declined or cancelled.",
    )

    def _compute_wip_balance(self):
        balances = self._wip_balance()
        for order in self:
            order.wip_balance = balances[order]

    def _wip_balance(self):
        """Return the balance of the orders' posted items on work in progress, company currency.

        :rtype: dict  `{order: float}`; 0.0 for orders without items and in plain periodic mode.
        """
        balances = dict.fromkeys(self, 0.0)
        for order, _line, _kind, balance in self._wip_items_sudo():
            balances[order] += balance
        return {order: order.company_id.currency_id.round(balance) for order, balance in balances.items()}

    def _wip_items_sudo(self):
        """Return the posted items on work in progress; sudo: technicians' steps sum them too, only sums leave.

        :return: tuples (order, repair line or empty, is cost entry, balance)
        :rtype: list[tuple]
        """
        items = []
        for company, orders in self.grouped('company_id').items():
            account = company._aftersales_wip_account()
            if not account:
                continue
            lines = (
                self.env['account.move.line']
                .sudo()
                .search_fetch(
                    [
                        ('aftersales_order_id', 'in', orders.ids),
                        ('account_id', '=', account.id),
                        ('parent_state', '=', 'posted'),
                    ],
                    ['aftersales_order_id', 'aftersales_line_id', 'move_id', 'balance'],
                )
            )
            sums = defaultdict(float)
            for line in lines:
                sums[
                    line.aftersales_order_id.id, line.aftersales_line_id.id, line.move_id.aftersales_kind == 'cost'
                ] += line.balance
            items += [
                (self.browse(order_id), self.env['aftersales.repair.line'].browse(line_id or ()), is_cost, balance)
                for (order_id, line_id, is_cost), balance in sums.items()
            ]
        return items

    def _post_cost_entry(self):
        """Bring the orders' balance on work in progress to 0.00 and the cost to who bears it now.

        Posts the difference between the target (all that went into the order, split by the payers' shares) and
        what earlier cost entries booked: run after settling, settling again, cancelling, declining, and when a
        claim is decided.

        :return: the entries posted.
        :rtype: recordset of account.move
        """
        return self._post_settlement_sudo(self.env['aftersales.settlement'])

    def _prepare_cost_vals_list(self):
        """Return one entry per order whose cost does not lie where it belongs; called as superuser."""
        vals_list = []
        orders = self.filtered(lambda order: order.company_id._aftersales_wip_account())
        if not orders:
            return vals_list
        # An order still being worked on keeps its cost in progress.
        orders = orders.filtered(
            lambda order: order.settled_at or order.outcome in ('declined', 'cancelled', 'total_loss')
        )
        spent, open_balance = defaultdict(lambda: defaultdict(float)), defaultdict(float)
        for order, line, is_cost, balance in orders._wip_items_sudo():
            open_balance[order] += balance
            if not is_cost:
                spent[order][line] += balance
        booked = orders._booked_cost()
        for order in orders:
            company = order.company_id
            currency = company.currency_id
            target = order._cost_targets(spent[order])
            keys = list(dict.fromkeys([*target, *booked[order]]))
            differences = {key: currency.round(target.get(key, 0.0) - booked[order].get(key, 0.0)) for key in keys}
            differences = {key: value for key, value in differences.items() if not currency.is_zero(value)}
            balance = currency.round(open_balance[order])
            if differences or not currency.is_zero(balance):
                vals_list.append(order._prepare_cost_vals(differences))
        return vals_list

    def _booked_cost(self):
        """Return what earlier cost entries booked outside work in progress.

        :rtype: dict  `{order: {(payer id, account): balance}}`
        """
        booked = defaultdict(lambda: defaultdict(float))
        for item in self.env['account.move.line'].search_fetch(
            [
                ('aftersales_order_id', 'in', self.ids),
                ('move_id.aftersales_kind', '=', 'cost'),
                ('parent_state', '=', 'posted'),
            ],
            ['aftersales_order_id', 'aftersales_payer_id', 'account_id', 'balance', 'company_id'],
        ):
            if item.account_id != item.company_id._aftersales_wip_account():
                booked[item.aftersales_order_id][item.aftersales_payer_id.id, item.account_id] += item.balance
        return booked

    def _cost_targets(self, spent):
        """Return where all cost of the order belongs now.

        :param dict spent: `{repair line or empty: cost}`, company currency
        :return: `{(payer id, account): balance}`; the sum equals the sum of `spent`.
        :rtype: dict
        """
        self.ensure_one()
        currency = self.company_id.currency_id
        unit = currency.rounding
        shares = self._payer_line_amounts()
        payers = self.payer_ids.sorted(lambda payer: (payer.sequence, payer.id))
        accounts = {payer: payer._cost_accounts(self.line_ids.union(*spent)) for payer in payers}
        cents_of = defaultdict(int)
        for (payer, line), cents in self._cost_cents(spent, payers, shares).items():
            account = accounts[payer][line] if payer else self.company_id._aftersales_account('cost')
            cents_of[payer.id, account] += cents
        targets = {key: currency.round(cents * unit) for key, cents in cents_of.items()}
        for payer in payers:
            for account, amount in payer._deemed_sale_vat(shares.get(payer, {})).items():
                cost_key, tax_key = (payer.id, payer._cost_account()), (payer.id, account)
                targets[cost_key] = currency.round(targets.get(cost_key, 0.0) + amount)
                targets[tax_key] = currency.round(targets.get(tax_key, 0.0) - amount)
        return targets

    def _cost_cents(self, spent, payers, shares):
        """Return who bears how much of the cost of each line.

        :return: `{(payer or empty, line or empty): cents}`, company currency; the sum is that of `spent`.
        :rtype: dict
        """
        cents_of = {}
        for line, cost in spent.items():
            cents = round(cost / self.company_id.currency_id.rounding)
            weights = self._cost_weights(line, payers, shares)
            if not weights:
                cents_of[payers.browse(), line] = cents
                continue
            for payer, part in zip(weights, split_amount(cents, list(weights.values())), strict=True):
                cents_of[payer, line] = part
        return cents_of

    def _cost_weights(self, line, payers, shares):
        """Return by what weights payers bear the cost of a line: his price shares, else those of job or order.

        :rtype: dict  `{payer: int}`, in the order in which the last takes the remainder
        """
        weights = {payer: abs(self._cents(shares.get(payer, {}).get(line, 0.0))) for payer in payers} if line else {}
        if not any(weights.values()) and line:
            # A free or fully credited line: as its job is agreed.
            job = line.job_id
            weights = {
                share.payer_id: abs(self._cents(share.amount)) or (1 if len(job.share_ids) == 1 else 0)
                for share in job.share_ids.sorted(lambda share: (share.payer_id.sequence, share.id))
            }
        if not any(weights.values()):
            weights = {
                payer: sum(abs(self._cents(value)) for value in shares.get(payer, {}).values()) for payer in payers
            }
        weights = {payer: weight for payer, weight in weights.items() if weight}
        if not weights and payers and self.outcome != 'cancelled':
            weights = {payers[-1]: 1}
        return weights

    def _prepare_cost_vals(self, differences):
        """Return the cost entry of an order.

        :param dict differences: `{(payer id, account): balance to book}`; the counterpart is work in progress.
        """
        self.ensure_one()
        company = self.company_id
        currency = company.currency_id
        today = company._aftersales_today()
        label = self.env._("Cost of %(order)s", order=self.name)

        def item(account, balance, payer_id, is_reversal):
            return Command.create(
                {
                    'name': label,
                    'account_id': account.id,
                    'balance': balance,
                    'amount_currency': balance,
                    'currency_id': currency.id,
                    'partner_id': self.env['aftersales.repair.payer']
                    .browse(payer_id or ())
                    .partner_id.commercial_partner_id.id,
                    'aftersales_order_id': self.id,
                    'aftersales_payer_id': payer_id,
                    # Red-letter bookkeeping: taking back is a negative amount on the same side.
                    'is_storno': bool(company.account_storno and is_reversal),
                }
            )

        transit = company.aftersales_transit_account_id
        commands = [
            item(account, balance, payer_id, balance < 0 and account != transit and account.internal_group == 'expense')
            for (payer_id, account), balance in differences.items()
        ]
        rest = currency.round(-sum(differences.values()))
        if not currency.is_zero(rest):
            commands.append(item(company._aftersales_wip_account(), rest, False, rest > 0))
        return {
            'move_type': 'entry',
            'journal_id': company._aftersales_cost_journal().id,
            'company_id': company.id,
            'date': today,
            'ref': label,
            'line_ids': commands,
            **self.env['account.move']._aftersales_link_vals(self, 'cost'),
        }

    def _reconcile_transit(self):
        """Match what went into claims in transit with what came out, by order and payer; called as superuser."""
        for company, orders in self.grouped('company_id').items():
            account = company.aftersales_transit_account_id
            if not account.reconcile:
                continue
            items = self.env['account.move.line'].search(
                [
                    ('aftersales_order_id', 'in', orders.ids),
                    ('account_id', '=', account.id),
                    ('parent_state', '=', 'posted'),
                    ('reconciled', '=', False),
                ]
            )
            for _key, lines in items.grouped(lambda line: (line.aftersales_order_id, line.aftersales_payer_id)).items():
                if any(line.balance > 0 for line in lines) and any(line.balance < 0 for line in lines):
                    lines.reconcile()

    # === HOOKS OF THE ORDER'S END === #

    def _after_end(self):
        result = super()._after_end()
        # Declined or cancelled: what went in and did not come back is cost now.
        self._post_cost_entry()
        return result

    def _has_cleared_wip(self):
        return super()._has_cleared_wip() | self.filtered('settled_at')

    def _is_locked(self):
        return super()._is_locked() or bool(self.settled_at)

    def _blockers(self, target):
        found = super()._blockers(target)
        if target == 'cancelled':
            spent = {order: balance for order, balance in self._wip_balance().items() if balance}
            for order in self:
                if any(settlement.amount_total for settlement in order.sudo().settlement_ids):
                    found[order].append(
                        order._blocker(
                            None,
                            'SET-05',
                            self.env._(
                                "%(order)s has posted invoices. Reopen it first: credit notes take them back.",
                                order=order.name,
                            ),
                        )
                    )
                if order in spent:
                    found[order].append(
                        order._blocker(
                            'cancel_after_issue',
                            'SET-06',
                            self.env._(
                                "Parts of %(amount)s were issued to %(order)s: cancelling it needs approval.",
                                amount=order.company_id.currency_id.format(spent[order]),
                                order=order.name,
                            ),
                        )
                    )
        return found
