from odoo import api, fields, models

from ..base.errors import coded_error

LIMIT = 100


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
                ('outcome', '=', 'open'),
                ('settled_at', '=', False),
                ('id', 'not in', orders.ids),
                ('state', 'in', ('quoted', 'authorised', 'in_progress', 'inspecting')),
                ('partner_id', '!=', False),
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
                }
                for order in working
            ],
            'reasons': [
                {'id': reason.id, 'name': reason.name}
                for reason in self.env['aftersales.reason'].search(
                    [('kind', 'in', ('refund', 'reopen')), ('company_id', 'in', (company.id, False))]
                )
            ],
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
    def red_refund(self, settlement_id, reason_id, approver_id=False, journal_id=False):
        """Reopen the order of a settlement by credit notes and ask for the money to be paid back.

        The approver is only named here: he approves the request himself, on his own screen.

        :return: action to the refund request, or True when nothing was paid.
        """
        settlement = self.env['aftersales.settlement'].browse(settlement_id)
        settlement.check_access('read')
        order = settlement.order_id
        order._reopen(self.env['aftersales.reason'].browse(reason_id))
        payment = settlement.payment_ids.filtered(lambda p: p.payment_type == 'inbound')[-1:]
        if not payment:
            return True
        refund = self.env['aftersales.refund']._request(
            order, payment=payment, kind='deposit', reason=self.env['aftersales.reason'].browse(reason_id)
        )
        if approver_id:
            refund.activity_schedule(
                'mail.mail_activity_data_todo',
                summary=self.env._("Approve refund %(refund)s", refund=refund.name),
                user_id=approver_id,
            )
        return refund.with_env(self.env)._get_records_action()
