from odoo import fields, models
from odoo.tools import SQL

from ..base.errors import coded_error
from ..parts.aftersales_stock_count import COST_GROUPS


class AftersalesStockCountLine(models.Model):
    _inherit = 'aftersales.stock.count.line'
    _guarded_fields = frozenset({'decision_id'})

    decision_id = fields.Many2one(
        'aftersales.count.decision', readonly=True, copy=False, index='btree_not_null', ondelete='restrict',
        groups=COST_GROUPS,
    )


class AftersalesStockCount(models.Model):
    """What the accountant decides about an adjusted count."""

    _inherit = 'aftersales.stock.count'

    decision_ids = fields.One2many(
        'aftersales.count.decision', 'count_id', "Decisions",
        groups=COST_GROUPS,
    )
    undecided_amount = fields.Monetary(
        compute='_compute_undecided_amount',
        groups=COST_GROUPS,
        help="Value of the adjustments nobody has decided about; it stands on the account of pending differences.",
    )

    def _compute_undecided_amount(self):
        amounts = dict(self.env['aftersales.stock.count.line']._read_group(
            [('count_id', 'in', self.ids), ('decision_id', '=', False)], ['count_id'], ['applied_value:sum'],
        ))
        for count in self:
            count.undecided_amount = amounts.get(count._origin, 0.0)

    def action_decide(self):
        """Open the accountant's decision about what is not decided yet."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Decide"), 'res_model': 'aftersales.count.decide.wizard',
            'view_mode': 'form', 'target': 'new', 'context': {'default_count_id': self.id},
        }

    def _undecided_lines(self):
        return super()._undecided_lines().filtered(lambda line: not line.sudo().decision_id)

    def _decide(self, kind, lines=None, account=None, employee=None, partner=None, note=False, date=None, input_vat=0.0, vat_account=None):
        """Record who bears differences and book it (see aftersales.count.decision).

        :param str kind: expense | employee | insurance | loss | income | other.
        :param lines: aftersales.stock.count.line, all that are undecided unless given; several decisions share a count.
        :param account: account.account, proposed by its name unless given.
        :param employee: hr.employee, for kind `employee`; a conduct proposal (case) goes to HR.
        :param partner: res.partner that pays, for kind `insurance`.
        :param float input_vat: input VAT to give back for goods lost by poor management.
        :return: aftersales.count.decision
        :raise UserError: CNT-04 role, CNT-39 nothing undecided, CNT-40 account, CNT-41 who bears it
        """
        self.ensure_one()
        self._ensure_role('accountant', self.env._("The accountant decides about differences."))
        self._lock(('applied',))
        open_lines = self._undecided_lines()
        self.env.execute_query(SQL(
            "SELECT id FROM aftersales_stock_count_line WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(open_lines.ids) or (0,)))
        # Read as the accountant, whoever has gathered them.
        lines = open_lines if lines is None else lines.with_env(self.env)
        if not lines or lines - open_lines:
            raise coded_error('CNT-39', self.env._("%(count)s: these differences are decided already, or there are none.", count=self.name))
        account = account or self.env['aftersales.count.decision']._propose_account(self.company_id, kind)
        pending = self.company_id._aftersales_count_account()
        if not account or account == pending or not account.active or self.company_id.root_id not in account.sudo().company_ids:
            raise coded_error('CNT-40', self.env._("Choose the account that bears the difference; it is neither archived nor the pending one."))
        if (kind == 'employee' and not employee) or (kind == 'insurance' and not partner):
            raise coded_error('CNT-41', self.env._("Name the employee, or the insurer, who bears the difference."))
        if input_vat and (input_vat < 0 or not vat_account):
            raise coded_error('CNT-42', self.env._("Input VAT to give back needs a positive amount and its account."))
        amount = -sum(lines.mapped('applied_value'))
        # sudo: an accountant has no right to create decisions by hand, only through here.
        decision = self.env['aftersales.count.decision'].sudo()._guarded().create({
            'count_id': self.id, 'kind': kind, 'account_id': account.id, 'employee_id': employee.id if employee else False,
            'partner_id': partner.id if partner else False, 'amount': self.currency_id.round(amount),
            'input_vat': self.currency_id.round(input_vat), 'vat_account_id': vat_account.id if vat_account else False,
            'date': date or self.company_id._aftersales_today(), 'note': note, 'decided_by_id': self.env.uid,
        })
        lines.sudo()._guarded().write({'decision_id': decision.id})
        decision._post_entry_sudo()
        if kind == 'employee':
            decision._guarded().proposal_id = self.env['aftersales.conduct.proposal']._propose(
                'case', employee, decision,
                self.env._("Parts missing at stock count %(count)s", count=self.name), amount=decision.amount + decision.input_vat,
            )
        self._close_decided_sudo()
        return decision.sudo(self.env.su)
