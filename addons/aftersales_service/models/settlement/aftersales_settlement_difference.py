from odoo import api, fields, models
from odoo.fields import Command

from ..base.errors import coded_error


class AftersalesSettlement(models.Model):
    """The cents that never came after posting (尾差): written off by the accountant, with a reason, within a limit."""

    _inherit = 'aftersales.settlement'

    amount_written_off = fields.Monetary(
        "Small Difference", compute='_compute_amount_written_off', help="Written off after posting, including tax."
    )
    can_write_off = fields.Boolean(compute='_compute_can_write_off')

    @api.depends('amount_due', 'amount_total')
    def _compute_amount_written_off(self):
        sums = dict(
            self.env['account.move']
            .sudo()
            ._read_group(
                [
                    ('aftersales_settlement_id', 'in', self.ids),
                    ('aftersales_kind', '=', 'loss'),
                    ('state', '=', 'posted'),
                    ('reversed_entry_id', '=', False),
                    ('reversal_move_ids', '=', False),
                ],
                ['aftersales_settlement_id'],
                ['amount_total:sum'],
            )
        )
        for settlement in self:
            settlement.amount_written_off = sums.get(settlement, 0.0)

    @api.depends('amount_due', 'settled_at', 'company_id.aftersales_difference_limit')
    def _compute_can_write_off(self):
        for settlement in self:
            due, limit = settlement.amount_due, settlement.company_id.aftersales_difference_limit
            settlement.can_write_off = bool(
                settlement.settled_at
                and settlement.currency_id.compare_amounts(due, 0.0) > 0
                and settlement.currency_id.compare_amounts(due, limit) <= 0
            )

    def _write_off(self, reason, note=None):
        """Write off what is still due: Dr small differences / Cr receivable, matched with the invoice.

        :param reason: `aftersales.reason` of kind difference; its account goes before the company's.
        :param str note: a few words, where the reason asks for them.
        :return: the entries.
        :rtype: recordset of account.move
        :raise UserError: SET-02 role, SET-100 no reason, SET-101 nothing due or above the limit, SET-03 busy.
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('SET-02', self.env._("Small differences are written off by the accountant."))
        if not reason or reason.kind != 'difference' or (reason.note_required and not note):
            raise coded_error('SET-100', self.env._("Choose why the difference is written off, and explain it where asked."))
        self.order_id._lock_settlement_sudo()
        self.sudo().invalidate_recordset(['amount_due'])
        for settlement in self:
            if not settlement.can_write_off:
                raise coded_error(
                    'SET-101',
                    self.env._(
                        "%(name)s owes %(due)s: only what is due and not above %(limit)s is written off as a small "
                        "difference. Collect the rest, or credit it with a reason.",
                        name=settlement.display_name,
                        due=settlement.currency_id.format(settlement.amount_due),
                        limit=settlement.currency_id.format(settlement.company_id.aftersales_difference_limit),
                    ),
                )
        moves = self.env['account.move'].browse([move.id for item in self for move in item._post_difference_sudo(reason, note)])
        self.order_id._guarded()._after_payment()
        return moves

    def _post_difference_sudo(self, reason, note):
        """Post the entry of one settlement and match it; sudo: `_write_off` checked role, reason and limit."""
        self.ensure_one()
        settlement, company = self.sudo(), self.sudo().company_id
        open_items = settlement.move_ids.line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable'
            and line.parent_state == 'posted'
            and not line.reconciled
        )
        account = reason.sudo().with_company(company).account_id or company._aftersales_account('difference')
        moves = self.env['account.move'].sudo().with_company(company)
        for receivable, items in open_items.grouped('account_id').items():
            amount = sum(items.mapped('amount_residual'))
            if self.currency_id.is_zero(amount):
                continue
            label = self.env._("Small difference: %(reason)s", reason=" · ".join(filter(None, (reason.name, note))))
            move = moves._guarded().create(
                {
                    'move_type': 'entry',
                    'journal_id': company._aftersales_cost_journal().id,
                    'company_id': company.id,
                    'date': company._aftersales_today(),
                    'ref': label,
                    **moves._aftersales_link_vals(settlement.order_id, 'loss', settlement),
                    'line_ids': [
                        Command.create({'name': label, 'account_id': account.id, 'balance': amount}),
                        Command.create(
                            {
                                'name': label,
                                'account_id': receivable.id,
                                'partner_id': settlement.partner_id.commercial_partner_id.id,
                                'balance': -amount,
                            }
                        ),
                    ],
                }
            )
            move._post(soft=False)
            (items | move.line_ids.filtered(lambda line, account=receivable: line.account_id == account)).reconcile()
            moves |= move
            settlement.message_post(
                body=self.env._(
                    "%(amount)s written off. %(label)s", amount=settlement.currency_id.format(amount), label=label
                )
            )
        return moves

    def _undo_write_off_sudo(self):
        """Take small differences back before a settlement is credited; sudo: `_reopen` checked the right."""
        losses = self.sudo().move_ids.filtered(
            lambda move: move.aftersales_kind == 'loss'
            and move.state == 'posted'
            and not move.reversed_entry_id
            and not move.reversal_move_ids
        )
        losses.line_ids.remove_move_reconcile()
        for company, moves in losses.grouped('company_id').items():
            moves._reverse_moves([{'date': company._aftersales_today()} for _move in moves], cancel=True)

    def action_write_off(self):
        """Ask for the reason."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Write Off a Small Difference"),
            'res_model': 'aftersales.settlement.difference',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_settlement_ids': self.ids},
        }
