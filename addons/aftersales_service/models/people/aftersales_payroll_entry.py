from odoo import models
from odoo.fields import Command

from ..base.errors import coded_error
from .const import CHANNEL_SIGNS


class AftersalesPayrollBatch(models.Model):
    """The two ways of handing over that write here: a native entry, or the inputs of an installed payroll."""

    _inherit = 'aftersales.payroll.batch'

    def _hand_over_entry_sudo(self):
        """Post one entry: reward to the department's cost, compensation against the person's receivable, fine to income.

        Performance pay and bonuses withheld have no entry: the wage is simply accrued lower. Idempotent by batch.
        sudo: the people of HR confirm, the entry is made for them behind the checks of `_hand_over`.
        """
        self.ensure_one()
        batch, company = self.sudo(), self.sudo().company_id
        if batch.move_id:
            return
        rows = batch._entry_rows()
        if not rows:
            return
        move = self.env['account.move'].sudo().with_company(company)._guarded().create({
            'move_type': 'entry',
            'journal_id': company._aftersales_cost_journal().id,
            'company_id': company.id,
            'date': company._aftersales_today(),
            'ref': batch.name,
            'aftersales_kind': 'payroll',
            'line_ids': [Command.create(row) for row in rows],
        })
        move._post(soft=False)
        batch._guarded().write({'move_id': move.id})

    def _entry_rows(self):
        """Return the items of the entry: one per person and account, debit and credit equal.

        :rtype: list[dict]
        """
        company, sums = self.company_id, {}
        wages = company._aftersales_people_account('wages')
        for line in self.line_ids.filtered(lambda line: line.channel != 'performance' and line.amount):
            partner = line.employee_id.work_contact_id
            if line.channel == 'bonus':
                other = line.department_id.aftersales_reward_account_id or company._aftersales_people_account('reward')
            else:
                other = company._aftersales_people_account({'compensation': 'receivable', 'fine': 'fine'}[line.channel])
            amount = line.amount * CHANNEL_SIGNS[line.channel]
            for account, balance in ((wages, -amount), (other, amount)):
                key = (account, partner if account in (wages, company._aftersales_people_account('receivable')) else partner.browse())
                sums[key] = sums.get(key, 0.0) + balance
        return [
            {'account_id': account.id, 'partner_id': partner.id, 'balance': company.currency_id.round(balance),
             'name': self.env._("Rewards and deductions %(month)s", month=f'{self.month:%Y-%m}')}
            for (account, partner), balance in sums.items() if not company.currency_id.is_zero(balance)
        ]

    def _hand_over_payslip_sudo(self):
        """Write the inputs of the draft payslips of an installed payroll; refused where there is none.

        sudo: payslips are the payroll's; only inputs with this batch's number are written.
        """
        self.ensure_one()
        if 'hr.payslip.input' not in self.env:
            raise coded_error('PPL-50', self.env._(
                "No payroll with payslip inputs is installed. Choose the file or the entry in the settings."))
        slips = self._payslips_sudo()
        if missing := self.sudo().person_ids.employee_id - slips.employee_id:
            raise coded_error('PPL-50', self.env._(
                "%(names)s have no draft payslip for %(month)s. Make the payslips first.",
                names=", ".join(missing.mapped('name')[:5]), month=f'{self.month:%Y-%m}'))
        inputs = self.env['hr.payslip.input'].sudo()
        if inputs.search_count([('name', '=like', f'{self.name} %')], limit=1):
            return
        slip_of = {slip.employee_id: slip for slip in slips}
        types = self.sudo().company_id._aftersales_payslip_input_types()
        inputs.create([
            self._prepare_input_vals(line, slip_of[line.employee_id], types) for line in self.sudo().line_ids if line.amount
        ])

    def _prepare_input_vals(self, line, slip, types):
        """Return the values of one input; payrolls differ in which of code, type and contract they ask for.

        :param line: aftersales.payroll.line. :param slip: hr.payslip in draft.
        :param dict types: {channel: input type} of a payroll that knows types, else empty.
        """
        known = self.env['hr.payslip.input']._fields
        vals = {
            'payslip_id': slip.id,
            'name': f'{self.name} {line.record_id.name}',
            'amount': line.amount * CHANNEL_SIGNS[line.channel],
        }
        if types:
            vals['input_type_id'] = types[line.channel].id
        if 'code' in known and not known['code'].related:
            vals['code'] = f'AFTERSALES_{line.channel.upper()}'
        for contract in ('contract_id', 'version_id'):
            if contract in known and contract in slip._fields:
                vals[contract] = slip[contract].id
        return vals

    def _payslips_sudo(self):
        """Return the draft payslips of the persons for the month."""
        return self.env['hr.payslip'].sudo().search([
            ('employee_id', 'in', self.sudo().person_ids.employee_id.ids), ('state', '=', 'draft'),
            ('date_from', '<=', self.month), ('date_to', '>=', self.month),
        ])
