from odoo import api, models

from ..base.errors import coded_error


class AftersalesDeskAccountant(models.AbstractModel):
    """*Close cockpit*: what still keeps the books of the month open, each with amount and drill."""

    _name = 'aftersales.desk.accountant'
    _description = "Desk of the Accountant"

    @api.model
    @api.readonly
    def get_data(self):
        """Return the boxes of the month-end; a fixed number of queries.

        :rtype: dict  `{currency_id, month, boxes: [{code, name, count, amount, tone, action, verb, verb_label, help}]}`
        """
        self._ensure_accountant()
        company = self.env.company
        boxes = [
            self._box_to_post(company),
            self._box_wip(company),
            self._box_transit(company),
            self._box_deposits(company),
            self._box_cut_off(company),
            self._box_fapiao(company),
            self._box_cash(company),
            self._box_refunds(company),
            self._box_arrears(company),
            self._box_short(company),
            self._box_integrity(company),
        ]
        return {
            'currency_id': company.currency_id.id,
            'month': company._aftersales_today().strftime('%Y-%m'),
            'boxes': boxes,
        }

    def _ensure_accountant(self):
        if not self.env.user.has_group('aftersales_service.group_accountant'):
            raise coded_error('SET-02', self.env._("The close cockpit is the accountant's desk."))

    # === BOXES === #

    def _box(
        self, code, name, records, amount, tone='soon', help=False, verb=False, verb_label='', action=None, count=None
    ):
        count = len(records) if count is None else count
        return {
            'code': code,
            'name': name,
            'count': count,
            'amount': amount or 0.0,
            'tone': tone if count else 'ok',
            'help': help,
            'verb': verb,
            'verb_label': verb_label,
            'action': action or (self._action(name, records._name, [('id', 'in', records.ids)])),
        }

    def _action(self, name, model, domain, view_mode='list,form'):
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'view_mode': view_mode,
            'views': [(False, mode) for mode in view_mode.split(',')],
            'domain': domain,
            'context': {'create': False},
        }

    def _ready_orders(self, company):
        return self.env['aftersales.repair.order'].search(
            [
                ('company_id', '=', company.id),
                ('state', '=', 'ready'),
                ('settled_at', '=', False),
                ('outcome', '!=', 'cancelled'),
            ],
            order='promised_at, id',
        )

    def _box_to_post(self, company):
        """Ready orders that nothing keeps from being settled."""
        orders = self._ready_orders(company)
        blocked = orders._open_blockers('settled') if orders else {}
        clean = orders.filtered(lambda order: not [b for b in blocked[order] if b.level in ('block', 'override')])
        return self._box(
            'to_post',
            self.env._("Settlements to post"),
            clean,
            sum(clean.mapped('amount_total')),
            verb='post_clean',
            verb_label=self.env._("Post all clean"),
            help=self.env._("Ready orders without any open question."),
        )

    def _box_cut_off(self, company):
        orders = self._ready_orders(company)
        return self._box(
            'cut_off',
            self.env._("Ready, not settled"),
            orders,
            sum(orders.mapped('amount_total')),
            help=self.env._(
                "At month end their cost stays in progress and the revenue belongs to the month of settlement."
            ),
        )

    def _box_wip(self, company):
        account = company._aftersales_wip_account()
        rows = (
            self.env['account.move.line']._read_group(
                [
                    ('company_id', '=', company.id),
                    ('account_id', '=', account.id),
                    ('parent_state', '=', 'posted'),
                    ('aftersales_order_id', '!=', False),
                    '|',
                    ('aftersales_order_id.settled_at', '!=', False),
                    ('aftersales_order_id.outcome', 'in', ('declined', 'cancelled')),
                ],
                ['aftersales_order_id'],
                ['balance:sum'],
            )
            if account
            else []
        )
        wrong = [(order, balance) for order, balance in rows if not company.currency_id.is_zero(balance)]
        orders = self.env['aftersales.repair.order'].browse([order.id for order, _balance in wrong])
        return self._box(
            'wip',
            self.env._("Work in progress ≠ 0"),
            orders,
            sum(balance for _order, balance in wrong),
            tone='late',
            help=self.env._("Orders that are over and still hold cost in progress."),
            verb='clear_wip' if wrong else False,
            verb_label=self.env._("Post cost entries"),
            action=self._action(
                self.env._("Work in progress by order"),
                'account.move.line',
                [
                    ('account_id', '=', account.id),
                    ('parent_state', '=', 'posted'),
                    ('aftersales_order_id', 'in', orders.ids),
                ],
                'list,pivot,form',
            ),
        )

    def _box_transit(self, company):
        rows = company._aftersales_transit_rows()
        old = [row for row in rows if row['days'] > company.aftersales_transit_days]
        orders = self.env['aftersales.settlement'].union(*(row['settlement'] for row in rows))
        return self._box(
            'transit',
            self.env._("Claims in transit"),
            orders,
            sum(row['amount'] for row in rows),
            tone='late' if old else 'soon',
            count=len(rows),
            help=self.env._(
                "%(count)s older than %(days)s days; oldest %(oldest)s days.",
                count=len(old),
                days=company.aftersales_transit_days,
                oldest=max((row['days'] for row in rows), default=0),
            ),
        )

    def _box_deposits(self, company):
        rows = company._aftersales_advances()
        payments = self.env['account.payment'].union(*(row['payment'].with_env(self.env) for row in rows))
        return self._box(
            'deposits',
            self.env._("Deposits open"),
            payments,
            sum(row['amount'] for row in rows),
            count=len(rows),
            tone='mute',
            help=self.env._("Customer advances on the receivable account: reclassify them at month end."),
            verb='post_advances' if rows and company.aftersales_advance_account_id else False,
            verb_label=self.env._("Post reclassification"),
        )

    def _box_fapiao(self, company):
        settlements = self.env['aftersales.settlement'].search(
            [('company_id', '=', company.id), ('uninvoiced_amount', '!=', 0), ('settled_at', '!=', False)]
        )
        return self._box(
            'fapiao',
            self.env._("Revenue without fapiao"),
            settlements,
            sum(settlements.mapped('uninvoiced_amount')),
            tone='mute',
            help=self.env._("Declared as revenue without invoice all the same."),
        )

    def _box_cash(self, company):
        counts = self.env['aftersales.cash.count'].search(
            [
                ('company_id', '=', company.id),
                ('state', '!=', 'draft'),
                ('amount_difference', '!=', 0),
                ('move_ids', '=', False),
            ]
        )
        return self._box(
            'cash',
            self.env._("Cash differences"),
            counts,
            sum(counts.mapped('amount_difference')),
            tone='late',
            verb='post_differences' if counts else False,
            verb_label=self.env._("Book as pending"),
            help=self.env._("Counted and not booked yet."),
        )

    def _box_refunds(self, company):
        refunds = self.env['aftersales.refund'].search([('company_id', '=', company.id), ('state', '=', 'requested')])
        return self._box('refunds', self.env._("Refunds to approve"), refunds, sum(refunds.mapped('amount')))

    def _box_arrears(self, company):
        settlements = self.env['aftersales.settlement'].search(
            [('company_id', '=', company.id), ('amount_due', '>', 0)]
        )
        return self._box(
            'arrears',
            self.env._("Arrears"),
            settlements,
            sum(settlements.mapped('amount_due')),
            tone='mute',
            help=self.env._("On account, insurers and manufacturers."),
        )

    def _box_short(self, company):
        settlements = self.env['aftersales.settlement'].search(
            [('company_id', '=', company.id), ('state', '=', 'short')]
        )
        return self._box(
            'short',
            self.env._("Claims paid short"),
            settlements,
            sum(s.claimed_amount - s.approved_amount for s in settlements),
            tone='late',
            help=self.env._("Decide who bears the rest."),
        )

    def _box_integrity(self, company):
        findings = self.env['aftersales.integrity.finding'].search(
            [('company_id', '=', company.id), ('severity', '!=', 'info')]
        )
        return self._box(
            'integrity',
            self.env._("Integrity findings"),
            findings,
            sum(findings.mapped('amount')),
            tone='late',
            help=self.env._("Of the last run."),
        )

    # === VERBS === #

    @api.model
    def post_clean(self):
        """Settle every ready order that nothing keeps from it, in one posting.

        :return: how many
        :rtype: int
        """
        self._ensure_accountant()
        orders = self._ready_orders(self.env.company)
        blocked = orders._open_blockers('settled') if orders else {}
        clean = orders.filtered(lambda order: not [b for b in blocked[order] if b.level in ('block', 'override')])
        if clean:
            clean._settle()
        return len(clean)

    @api.model
    def clear_wip(self):
        """Post the cost entries of orders that are over."""
        self._ensure_accountant()
        company = self.env.company
        orders = self.env['aftersales.repair.order'].search(
            [
                ('company_id', '=', company.id),
                '|',
                ('settled_at', '!=', False),
                ('outcome', 'in', ('declined', 'cancelled')),
                ('state', '!=', 'closed'),
            ]
        )
        orders = orders.filtered(lambda order: order.wip_balance)
        orders._post_cost_entry()
        return len(orders)

    @api.model
    def post_differences(self):
        """Book the differences of finished cash counts as pending."""
        self._ensure_accountant()
        counts = self.env['aftersales.cash.count'].search(
            [
                ('company_id', '=', self.env.company.id),
                ('state', '!=', 'draft'),
                ('amount_difference', '!=', 0),
                ('move_ids', '=', False),
            ]
        )
        counts._post_difference()
        return len(counts)

    @api.model
    def post_advances(self):
        """Show open deposits as a liability on today's date, reversed tomorrow."""
        self._ensure_accountant()
        company = self.env.company
        return len(company._aftersales_post_advances(company._aftersales_today()))
