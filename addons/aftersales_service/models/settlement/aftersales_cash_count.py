from odoo import api, fields, models
from odoo.fields import Command

from ..base.errors import coded_error


class AftersalesCashCount(models.Model):
    """The day's money, counted per means before the cashier leaves and handed to finance (R-PROC-89)."""

    _name = 'aftersales.cash.count'
    _description = "Cash Count"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'date desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {'name', 'state', 'counted_at', 'counted_by_id', 'received_at', 'received_by_id', 'move_ids'}
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today())
    state = fields.Selection(
        [('draft', "Counting"), ('counted', "Counted"), ('received', "Handed to Finance")],
        required=True,
        readonly=True,
        default='draft',
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many('aftersales.cash.count.line', 'count_id', "Means")
    amount_system = fields.Monetary("System", compute='_compute_amounts', store=True)
    amount_counted = fields.Monetary("Counted", compute='_compute_amounts', store=True)
    amount_difference = fields.Monetary("Difference", compute='_compute_amounts', store=True)
    counted_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    counted_at = fields.Datetime(readonly=True, copy=False)
    received_by_id = fields.Many2one('res.users', "Received in Finance", readonly=True, copy=False)
    received_at = fields.Datetime(readonly=True, copy=False)
    move_ids = fields.Many2many('account.move', string="Difference Entries", readonly=True, copy=False)
    note = fields.Char()

    _day_uniq = models.UniqueIndex(
        "(company_id, date)", "[SET-15] The money of this day is counted in another sheet already."
    )

    @api.depends('line_ids.amount_system', 'line_ids.amount_counted')
    def _compute_amounts(self):
        for count in self:
            count.amount_system = sum(count.line_ids.mapped('amount_system'))
            count.amount_counted = sum(count.line_ids.mapped('amount_counted'))
            count.amount_difference = count.amount_counted - count.amount_system

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
            vals['name'] = (
                self.env['ir.sequence'].sudo().with_company(company).next_by_code('aftersales.cash.count') or '/'
            )
        counts = super(AftersalesCashCount, self._guarded()).create(vals_list)
        counts.filtered(lambda count: not count.line_ids)._fill()
        return counts.with_env(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        if any(count.state != 'draft' for count in self):
            raise coded_error('SET-16', self.env._("A finished count stays on record."))

    def write(self, vals):
        if (
            {'line_ids', 'date', 'company_id'} & vals.keys()
            and not self._is_guarded()
            and any(count.state != 'draft' for count in self)
        ):
            raise coded_error(
                'SET-16', self.env._("A finished count cannot change. Explain the difference in the note.")
            )
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _fill(self):
        """Put one line per payment means of the till with what the system says."""
        for count in self:
            journals = (
                self.env['account.journal']
                .sudo()
                .search(
                    [
                        ('company_id', '=', count.company_id.id),
                        ('aftersales_means', '!=', False),
                    ]
                )
            )
            totals = count._system_totals_sudo(journals)
            # sudo: the sheet makes its own lines; a cashier only fills them in.
            count.sudo()._guarded().write(
                {
                    'line_ids': [
                        Command.clear(),
                        *(Command.create({'journal_id': journal.id, **totals[journal]}) for journal in journals),
                    ]
                }
            )

    def _system_totals_sudo(self, journals):
        """Return per means what must be there: for cash the float and the day's moves, else the day's receipts.

        sudo: cashiers see the totals of their till, not the ledger.

        :rtype: dict  `{journal: {'amount_opening', 'amount_in', 'amount_out'}}`
        """
        self.ensure_one()
        totals = {journal: {'amount_opening': 0.0, 'amount_in': 0.0, 'amount_out': 0.0} for journal in journals}
        for journal, kind, amount in (
            self.env['account.payment']
            .sudo()
            ._read_group(
                [('journal_id', 'in', journals.ids), ('date', '=', self.date), ('state', 'in', ('in_process', 'paid'))],
                ['journal_id', 'payment_type'],
                ['amount:sum'],
            )
        ):
            totals[journal]['amount_in' if kind == 'inbound' else 'amount_out'] += amount
        last = self.sudo().search(
            [
                ('company_id', '=', self.company_id.id),
                ('date', '<', self.date),
                ('state', '!=', 'draft'),
            ],
            order='date desc',
            limit=1,
        )
        for line in last.line_ids:
            if line.journal_id in totals and line.means == 'cash':
                totals[line.journal_id]['amount_opening'] = line.amount_counted - line.amount_handed
        return totals

    def _finish(self):
        """Close the count: the figures of the system are taken again at this second.

        :raise UserError: SET-17 a difference without explanation; SET-02 role
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_cashier')):
            raise coded_error('SET-02', self.env._("The cashier counts the till."))
        for count in self:
            if count.state != 'draft':
                raise coded_error('SET-16', self.env._("%(count)s is finished already.", count=count.name))
            totals = count._system_totals_sudo(count.line_ids.journal_id)
            for line in count.line_ids:
                line._guarded().write(totals[line.journal_id])
                if line.difference and not line.note:
                    raise coded_error(
                        'SET-17',
                        self.env._(
                            "%(means)s differs by %(amount)s: write down why.",
                            means=line.journal_id.display_name,
                            amount=count.currency_id.format(line.difference),
                        ),
                    )
            count._guarded().write(
                {'state': 'counted', 'counted_at': fields.Datetime.now(), 'counted_by_id': self.env.uid}
            )
        return True

    def _receive(self):
        """Finance takes the money over; another person than who counted it (R-PROC-89).

        :raise UserError: SET-18 same person, SET-19 not counted
        """
        for count in self:
            if count.state != 'counted':
                raise coded_error(
                    'SET-19', self.env._("%(count)s is not counted yet, or received already.", count=count.name)
                )
            if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
                raise coded_error('SET-02', self.env._("Finance takes the day's money over: an accountant does."))
            if (
                count.company_id._aftersales_gate('cash_count_second') in ('block', 'override')
                and count.counted_by_id == self.env.user
            ):
                raise coded_error(
                    'SET-18', self.env._("You counted this money yourself: somebody else of finance takes it over.")
                )
            count._guarded().write(
                {'state': 'received', 'received_at': fields.Datetime.now(), 'received_by_id': self.env.uid}
            )
        return True

    def _propose_difference(self):
        """Return the entries that bring the books to what was counted; short: Dr pending / Cr cash.

        :rtype: list[dict]
        """
        self.ensure_one()
        company = self.company_id
        pending = company._aftersales_account('cash_difference')
        vals_list = []
        for line in self.line_ids.filtered(lambda item: not company.currency_id.is_zero(item.difference)):
            account = line.journal_id.sudo().default_account_id
            vals_list.append(
                {
                    'move_type': 'entry',
                    'journal_id': line.journal_id.id,
                    'company_id': company.id,
                    'date': self.date,
                    'ref': self.env._("Difference of %(count)s: %(note)s", count=self.name, note=line.note or ''),
                    'aftersales_kind': 'difference',
                    'line_ids': [
                        Command.create({'account_id': account.id, 'balance': line.difference}),
                        Command.create({'account_id': pending.id, 'balance': -line.difference}),
                    ],
                }
            )
        return vals_list

    def _post_difference(self):
        """Book the differences of the count on the account for pending differences; the accountant decides later.

        :raise UserError: SET-38 nothing to book, SET-02 role
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('SET-02', self.env._("Differences are booked by the accountant."))
        for count in self:
            vals_list = count._propose_difference()
            if not vals_list or count.move_ids or count.state == 'draft':
                raise coded_error(
                    'SET-38',
                    self.env._("%(count)s has no difference to book, or it is booked already.", count=count.name),
                )
            moves = self.env['account.move'].with_company(count.company_id)._guarded().create(vals_list)
            moves._post(soft=False)
            count._guarded().write({'move_ids': [Command.set(moves.ids)]})
        return True

    def action_finish(self):
        return self._finish()

    def action_receive(self):
        return self._receive()

    def action_post_difference(self):
        return self._post_difference()

    def action_refresh(self):
        """Take the system's figures again while counting."""
        for count in self.filtered(lambda c: c.state == 'draft'):
            totals = count._system_totals_sudo(count.line_ids.journal_id)
            for line in count.line_ids:
                line._guarded().write(totals[line.journal_id])
        return True
