from odoo import api, fields, models

from ..base.errors import coded_error
from .aftersales_tool_value import MONEY_GROUPS


class AftersalesTool(models.Model):
    """Who bears a loss (accounting 16, 23): what a lost tool was worth waits on *Lost tools pending* until accounting
    says so, whether the tool was disposed of meanwhile or not."""

    _inherit = 'aftersales.tool'
    _guarded_fields = frozenset({'loss_decided_at'})

    pending_amount = fields.Monetary(
        "Loss to Decide", compute='_compute_pending_amount', search='_search_pending_amount', groups=MONEY_GROUPS,
        help="On “Lost tools pending” until accounting decides who bears it; negative: it turned up after that.",
    )
    loss_decided_at = fields.Datetime("Loss Decided At", readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends('move_ids.is_booked', 'loss_decided_at')
    def _compute_pending_amount(self):
        pending = self._pending_sudo([('aftersales_tool_id', 'in', self.ids)])
        for tool in self:
            tool.pending_amount = pending.get(tool._origin.id, 0.0)

    def _search_pending_amount(self, operator, value):
        """Find tools with something to decide (`!= 0`), or with nothing (`= 0`); other comparisons likewise."""
        if operator in ('in', 'not in'):
            found = [tool_id for tool_id, _amount in self._pending_sudo([]).items()]
            with_pending = (operator == 'not in') == (0 in value or 0.0 in value)
            return [('id', 'in' if with_pending else 'not in', found)]
        return NotImplemented

    def _pending_sudo(self, domain):
        """Return what stands on the account of lost tools: `{tool id: amount}`, none that are nought.

        sudo: an amount, no entry; the field's groups say who reads it.
        """
        companies = self.env['res.company'].sudo().search([])
        accounts = self.env['account.account'].sudo().union(*(
            company.aftersales_tool_loss_account_id or company.root_id.aftersales_tool_loss_account_id
            for company in companies
        ))
        return {
            tool.id: balance for tool, balance in self.env['account.move.line'].sudo()._read_group(
                [*domain, ('aftersales_tool_id', '!=', False), ('account_id', 'in', accounts.ids),
                 ('parent_state', '=', 'posted')], ['aftersales_tool_id'], ['balance:sum'],
            ) if not tool.company_id.currency_id.is_zero(balance)
        } if accounts else {}

    # === ACTION METHODS === #

    def action_decide_loss(self):
        """Open the dialog in which accounting says who bears the loss."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Who Bears the Loss"),
            'res_model': 'aftersales.tool.loss.wizard', 'views': [(False, 'form')], 'target': 'new',
            'context': {'default_tool_id': self.id},
        }

    # === BUSINESS METHODS === #

    def _decide_loss(self, account, employee=None, employee_amount=0.0, employee_account=None, note=''):
        """Take a loss off *Lost tools pending*: the employee's share to what he owes, the rest to an account.

        :param account: account.account that bears the rest.
        :param employee: hr.employee who compensates a part of it.
        :param float employee_amount: his part, company currency, between 0 and what is pending.
        :param employee_account: account.account of what employees owe.
        :return: account.move, posted.
        :raise UserError: TOO-93 not the accountant; TOO-95 nothing to decide; TOO-96 a share out of range, or its
            account or person is missing.
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('TOO-93', self.env._("Tools are booked by the accountant."))
        self.check_access('read')
        tool = self.sudo()._lock()
        company = tool.company_id
        pending = tool._pending_sudo([('aftersales_tool_id', '=', tool.id)]).get(tool.id, 0.0)
        if not pending:
            raise coded_error('TOO-95', self.env._(
                "%(tool)s: nothing waits for a decision. Book the tools first, or somebody was faster.",
                tool=tool.display_name))
        share = company.currency_id.round(employee_amount)
        if share and not (employee and employee_account) or not min(0.0, pending) <= share <= max(0.0, pending) or (
            not account and company.currency_id.compare_amounts(share, pending)
        ):
            raise coded_error('TOO-96', self.env._(
                "%(amount)s are to be shared out: say who owes his part, on which account, and where the rest goes.",
                amount=company.currency_id.format(pending)))
        # Written so that a second decision at the same moment sees that this one was faster.
        tool._guarded().write({'loss_decided_at': fields.Datetime.now()})
        loss = company._aftersales_tool_account('loss')
        partner = employee.sudo().work_contact_id if employee else None
        return company.with_company(company)._aftersales_tool_entry(
            company._aftersales_today(), self.env._("Loss decided: %(tool)s %(note)s", tool=tool.display_name, note=note or ''),
            [
                *([(employee_account.sudo(), share, tool, partner)] if share else []),
                *([(account.sudo(), company.currency_id.round(pending - share), tool)] if account else []),
                (loss, -pending, tool),
            ],
        ).sudo(False)

    def _decisions_sudo(self):
        """Return the standing decisions on losses of these tools, the newest first, as superuser."""
        accounts = self.env['account.account'].sudo().union(*(
            company._aftersales_tool_account('loss') for company in self.sudo().company_id))
        lines = self.env['account.move.line'].sudo().search([
            ('aftersales_tool_id', 'in', self.ids), ('account_id', 'in', accounts.ids), ('parent_state', '=', 'posted'),
            ('move_id.aftersales_tool_move_id', '=', False), ('move_id.reversed_entry_id', '=', False),
        ], order='id desc')
        return lines.move_id.filtered(lambda move: not move.reversal_move_ids)

    def _undo_loss_decision(self):
        """Take the last decision back: its entry is reversed, the loss waits again.

        :return: account.move, posted.
        :raise UserError: TOO-93 not the accountant; TOO-95 nothing was decided.
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('TOO-93', self.env._("Tools are booked by the accountant."))
        self.check_access('read')
        tool = self.sudo()._lock()
        decision = tool._decisions_sudo()[:1]
        if not decision:
            raise coded_error('TOO-95', self.env._("%(tool)s: nothing was decided.", tool=tool.display_name))
        tool._guarded().write({'loss_decided_at': False})
        return tool.company_id.with_company(tool.company_id)._aftersales_tool_entry(
            tool.company_id._aftersales_today(), self.env._("Taken back: %(entry)s", entry=decision.name),
            [(line.account_id, -line.balance, tool, line.partner_id) for line in decision.line_ids],
            reversed_entry_id=decision.id,
        ).sudo(False)
