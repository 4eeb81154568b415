from odoo import api, fields, models

from ..base.errors import coded_error

LIMIT = 100
# Money received that no invoice has used: deposits of orders that ended.
OPEN_CREDIT = [
    ('account_id.account_type', '=', 'asset_receivable'),
    ('parent_state', '=', 'posted'),
    ('reconciled', '=', False),
    ('amount_residual', '<', 0),
]


class AftersalesDeskCashier(models.AbstractModel):
    """*Ready to pay*: who stands at the till, what is due, what is still in the way."""

    _name = 'aftersales.desk.cashier'
    _description = "Desk of the Cashier"

    @api.model
    @api.readonly
    def get_data(self):
        """Return what the till shows, sorted by promise; a handful of queries, whatever the number of cars.

        :rtype: dict  keys journals, settlements, deposits, passes, reasons, approvers, currency_id, cash_today
        """
        self._ensure_cashier()
        company = self.env.company
        orders = self.env['aftersales.repair.order'].search(
            [
                ('company_id', '=', company.id),
                ('outcome', '!=', 'cancelled'),
                '|',
                '&',
                ('state', '=', 'ready'),
                ('settled_at', '=', False),
                '&',
                ('settled_at', '!=', False),
                ('state', 'not in', ('released', 'closed')),
            ],
            order='promised_at, id',
            limit=LIMIT,
        )
        cards = orders._desk_cards()
        rows = []
        for order in orders:
            rows += self._rows(order, cards[order.id])
        journals = self.env['account.journal'].search(
            [('company_id', '=', company.id), ('aftersales_means', '!=', False)], order='sequence, id'
        )
        today = company._aftersales_today()
        totals = {
            journal.id: amount
            for journal, amount in self.env['account.payment']._read_group(
                [
                    ('journal_id', 'in', journals.ids),
                    ('date', '=', today),
                    ('state', 'in', ('in_process', 'paid')),
                    ('payment_type', '=', 'inbound'),
                ],
                ['journal_id'],
                ['amount:sum'],
            )
        }
        working = self.env['aftersales.repair.order'].search(
            [
                ('company_id', '=', company.id),
                ('id', 'not in', orders.ids),
                ('partner_id', '!=', False),
                '|',
                '&',
                '&',
                ('outcome', '=', 'open'),
                ('settled_at', '=', False),
                ('state', 'in', ('quoted', 'authorised', 'in_progress', 'inspecting')),
                '&',
                ('outcome', 'in', ('cancelled', 'declined')),
                ('payment_ids', 'any', [('move_id.line_ids', 'any', OPEN_CREDIT)]),
            ],
            order='promised_at, id',
            limit=LIMIT,
        )
        held = working._deposits_held_sudo()
        return {
            'journals': [{'id': j.id, 'name': j.name, 'means': j.aftersales_means} for j in journals],
            'settlements': rows,
            'deposits': [
                {
                    'order_id': order.id,
                    'order': order.name,
                    'plate': order.license_plate or '',
                    'plate_kind': order.vehicle_id.plate_kind or 'none',
                    'customer': order.partner_name or '',
                    'amount_total': order.amount_total,
                    'deposit': held.get(order.id, 0.0),
                    'promised_at': fields.Datetime.to_string(order.promised_at) if order.promised_at else False,
                    'is_over': order.outcome != 'open',
                }
                for order in working
            ],
            'reasons': [
                {'id': reason.id, 'name': reason.name}
                for reason in self.env['aftersales.reason'].search(
                    [('kind', 'in', ('refund', 'reopen')), ('company_id', 'in', (company.id, False))]
                )
            ],
            'approvers': self._approvers_sudo(company)
            if company._aftersales_gate('refund_second_person') not in ('off', 'warn')
            else [],
            'cash_today': [{'journal_id': j.id, 'name': j.name, 'amount': totals.get(j.id, 0.0)} for j in journals],
            'currency_id': company.currency_id.id,
        }

    def _ensure_cashier(self):
        if not self.env.user.has_group('aftersales_service.group_cashier'):
            raise coded_error('SET-02', self.env._("The till is the cashier's desk."))

    def _rows(self, order, card):
        """Return the rows of one order: each customer payer, settled or not."""
        settled = {settlement.payer_id: settlement for settlement in order.settlement_ids}
        payers = order.payer_ids.filtered(
            lambda payer: payer.kind == 'customer' and (payer.amount_total or payer in settled)
        )
        gate_pass = order.gate_pass_ids.filtered(lambda p: p.kind == 'final' and p.state == 'issued')[:1]
        rows = []
        for payer in payers or order.payer_ids[:1]:
            settlement = settled.get(payer)
            is_settled = bool(settlement and settlement.settled_at)
            rows.append(
                {
                    'id': settlement.id if settlement else False,
                    'order_id': order.id,
                    'payer_id': payer.id,
                    'order': order.name,
                    'plate': card['plate'],
                    'plate_kind': card['plate_kind'],
                    'payer': payer.partner_id.name or order.partner_name or '',
                    'kind': payer.kind,
                    'amount_total': settlement.amount_total if is_settled else payer.amount_total,
                    'amount_due': settlement.amount_due
                    if is_settled
                    else order.currency_id.round(payer.amount_total - card['deposit']),
                    'state': settlement.state if settlement else 'open',
                    'settled': is_settled,
                    'on_account': bool(settlement and settlement.is_on_account),
                    'promised_at': card['promised_at'],
                    'deposit': card['deposit'],
                    'blockers': card['blocks'],
                    'pass_id': gate_pass.id,
                }
            )
        return rows

    # === VERBS === #

    def _browse_order(self, order_id):
        order = self.env['aftersales.repair.order'].browse(order_id)
        order.check_access('read')
        return order

    @api.model
    def settle(self, order_id, payer_id=False):
        """Settle an order, or open the dialog that explains what is in the way."""
        order = self._browse_order(order_id)
        if not order.settled_at:
            if action := order._gate_action('settled'):
                return action
            order._settle()
        return True

    @api.model
    def pay(self, order_id, payer_id=False, parts=()):
        """Settle when needed and take the money by one or several means.

        :param list parts: `[[journal_id, amount], …]`
        :return: True, or the explaining dialog.
        """
        order = self._browse_order(order_id)
        result = self.settle(order_id)
        if result is not True:
            return result
        payers = self.env['aftersales.repair.payer'].browse(payer_id or ())
        settlement = order.settlement_ids.filtered(lambda s: s.payer_id == payers) if payers else None
        for journal_id, amount in parts:
            journal = self.env['account.journal'].browse(journal_id)
            if settlement:
                settlement._pay(journal, amount)
            else:
                order._pay_split([(journal, amount, None)])
        return True

    @api.model
    def deposit(self, order_id, amount, journal_id):
        """Take a deposit on an order."""
        self._browse_order(order_id)._take_deposit(amount, self.env['account.journal'].browse(journal_id))
        return True

    @api.model
    def on_account(self, order_id, name=False, signature=False):
        """Settle and put the customer's share on account, signed."""
        order = self._browse_order(order_id)
        result = self.settle(order_id)
        if result is not True:
            return result
        if action := order._gate_action('on_account'):
            return action
        order.settlement_ids.filtered(lambda s: s.kind == 'customer')._put_on_account(signature or None, name or None)
        return True

    @api.model
    def round_off(self, order_id, amount):
        """Waive small change before settlement."""
        return self._browse_order(order_id)._round_off(amount)

    @api.model
    def gate_pass(self, order_id):
        """Issue and print the exit pass, or explain what keeps the car."""
        order = self._browse_order(order_id)
        gate_pass = order._issue_gate_pass()
        return gate_pass.action_print() if gate_pass._check()[0] else gate_pass._get_records_action()

    @api.model
    def red_refund(self, settlement_id, reason_id, approver_id=False):
        """Ask to credit the order of a settlement and to give its money back; the approver does both on his screen.

        :param int approver_id: who is asked; none where the shop wants no second person.
        :return: action to the request, or True when it is done already.
        """
        self._ensure_cashier()
        settlement = self.env['aftersales.settlement'].browse(settlement_id)
        settlement.check_access('read')
        refund = self.env['aftersales.refund']._request_red(
            settlement, self.env['aftersales.reason'].browse(reason_id), self.env['res.users'].browse(approver_id)
        )
        return True if refund.state == 'done' else refund.with_env(self.env)._get_records_action()

    @api.model
    def give_back(self, order_id):
        """Open the dialog that gives a deposit or a credit back, or keeps a forfeited one."""
        self._ensure_cashier()
        return self._browse_order(order_id).action_give_back()

    def _approvers_sudo(self, company):
        """Return who may approve a refund, never the cashier himself; sudo: only names leave."""
        groups = self.env.ref('aftersales_service.group_accountant') | self.env.ref(
            'aftersales_service.group_frontdesk_supervisor'
        )
        users = groups.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids and user != self.env.user
        )
        return [{'id': user.id, 'name': user.name} for user in users.sorted('name')[:12]]
