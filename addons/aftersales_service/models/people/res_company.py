from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

from ..base.errors import coded_error
from .const import CHANNELS, HR_OFFICER

PEOPLE_ACCOUNTS = {
    'wages': 'aftersales_wages_account_id',
    'reward': 'aftersales_reward_account_id',
    'receivable': 'aftersales_employee_account_id',
    'fine': 'aftersales_fine_account_id',
}


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_hearing_days = fields.Integer(
        string="Days to be heard", default=2, help="Working days in which a person may state his view before a decision.")
    aftersales_review_days = fields.Integer(string="Days to ask for a review", default=5, help="Working days (R-RP-06).")
    aftersales_appeal_days = fields.Integer(string="Days to appeal", default=5, help="Working days (R-RP-07).")
    aftersales_answer_days = fields.Integer(string="Days to answer an objection", default=5, help="Working days.")
    aftersales_decide_days = fields.Integer(
        string="Days to decide", default=30, help="Calendar days from discovery to decision; older matters lapse.")
    aftersales_max_deduction_pct = fields.Float(
        string="Compensation at most (% of the month's wage)", default=20.0,
        help="By the rule on wage payment a month's wage bears 20 % at most, and the minimum wage stays (R-RP-15).")
    aftersales_payroll_mode = fields.Selection(
        [('file', "Workbook for an outside payroll"), ('entry', "Journal entry"), ('payslip', "Payslip inputs")],
        string="Hand-over to the payroll", default='file', required=True,
        help="One way only: a file for an outside payroll and an entry here would book it twice.")
    aftersales_payroll_cutoff_day = fields.Integer(
        string="Cut-off day", default=0, help="What is effective later belongs to the next month. 0: the last day.")
    aftersales_preview_days = fields.Integer(
        string="Days of preview", default=2, help="Working days in which the employees see the batch before it is handed over.")
    aftersales_wages_account_id = fields.Many2one(
        'account.account', string="Wages payable", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('liability_current', 'liability_payable'))]", help="应付职工薪酬")
    aftersales_reward_account_id = fields.Many2one(
        'account.account', string="Rewards", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost'))]",
        help="Cost of rewards of departments that name no account of their own.")
    aftersales_employee_account_id = fields.Many2one(
        'account.account', string="Receivable from employees", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('asset_current', 'asset_receivable'))]", help="其他应收款—员工")
    aftersales_fine_account_id = fields.Many2one(
        'account.account', string="Income from fines", check_company=True, ondelete='restrict',
        domain="[('account_type', 'in', ('income_other', 'income'))]", help="营业外收入")
    aftersales_grade_a = fields.Float(string="Grade A from", default=90.0, help="Score from which the grade is given.")
    aftersales_grade_b = fields.Float(string="Grade B from", default=75.0)
    aftersales_grade_c = fields.Float(string="Grade C from", default=60.0)
    aftersales_arbitration_office = fields.Text(
        string="Arbitration office", help="Name, address and telephone of the labour dispute arbitration committee, printed on every notice.")
    aftersales_review_suspends = fields.Boolean(
        string="Objections suspend the effect", default=True, help="Nothing is deducted while the person may still object.")

    _aftersales_conduct_days = models.Constraint(
        'CHECK(aftersales_preview_days >= 0 AND aftersales_payroll_cutoff_day BETWEEN 0 AND 31 AND aftersales_max_deduction_pct BETWEEN 0 AND 100 '
        'AND aftersales_hearing_days >= 0 AND aftersales_review_days >= 1 AND aftersales_appeal_days >= 1 '
        'AND aftersales_answer_days >= 1 AND aftersales_decide_days >= 1)',
        "Everybody has at least a day to object, to appeal and to answer.",
    )

    _aftersales_grades = models.Constraint(
        'CHECK(aftersales_grade_a > aftersales_grade_b AND aftersales_grade_b > aftersales_grade_c AND aftersales_grade_c >= 0)',
        "Grades of the assessment fall from A to C.",
    )

    # === BUSINESS METHODS === #

    def _aftersales_grade(self, score):
        """Return the grade of a score: A, B, C by the company's thresholds, else D (R-ASM-20).

        :param score: number from 0 to 100.
        """
        self.ensure_one()
        for grade in 'abc':
            if score >= self[f'aftersales_grade_{grade}']:
                return grade.upper()
        return 'D'

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence('aftersales.payroll.batch', self.env._("Payroll batches"), 'PB%(year)s%(month)s', 3)
        self._aftersales_ensure_sequence('aftersales.conduct.record', self.env._("Conduct records"), 'RP%(year)s%(month)s')
        return result

    def _aftersales_workdays_after(self, day, number):
        """Return the day on which so many working days after a day have passed, by the company's calendar.

        :param datetime.date day: the day before the first one that counts.
        :param int number: working days; 0 gives the day itself.
        :rtype: datetime.date
        """
        self.ensure_one()
        if number <= 0:
            return day
        calendar = self.sudo().resource_calendar_id
        tz = self._aftersales_workday_tz()
        start = tz.localize(datetime.combine(day + timedelta(days=1), time.min))
        end = calendar.plan_days(number, start, compute_leaves=True) if calendar else False
        if end:
            return (end.astimezone(tz) if end.tzinfo else pytz.utc.localize(end).astimezone(tz)).date()
        while number:
            day += timedelta(days=1)
            number -= day.weekday() < 5
        return day

    def _aftersales_setup_checks(self):
        """Add: rules of conduct in force, and signed for."""
        checks = super()._aftersales_setup_checks()
        self.ensure_one()
        books = self.env['aftersales.conduct.rulebook'].sudo()
        book = books._at(self, self._aftersales_today())
        checks.append({
            'code': 'PPL-S1',
            'name': self.env._("Rules of conduct"),
            'ok': bool(book),
            'message': self.env._("%(book)s is in force.", book=book.display_name) if book else self.env._(
                "No rule book is in force: rewards and penalties need one. Take the shipped rules, adapt them, enter the day "
                "of adoption and publication, publish."),
            'fix': None if book or books.search_count([('company_id', '=', self.id)], limit=1)
            else '_aftersales_draft_rulebook',
        })
        if self.aftersales_payroll_mode == 'entry':
            missing = [
                self._fields[name]._description_string(self.env) for name in PEOPLE_ACCOUNTS.values()
                if not (self[name] or self.root_id[name])
            ]
            checks.append({
                'code': 'PPL-S2',
                'name': self.env._("Accounts of rewards and deductions"),
                'ok': not missing,
                'message': self.env._("All set.") if not missing else self.env._(
                    "Set in the after-sales settings: %(accounts)s.", accounts=", ".join(missing)),
                'fix': None,
            })
        if self.aftersales_payroll_mode == 'payslip':
            installed = 'hr.payslip.input' in self.env
            checks.append({
                'code': 'PPL-S3',
                'name': self.env._("Payroll with payslip inputs"),
                'ok': installed,
                'message': self.env._("Installed.") if installed else self.env._(
                    "No payroll is installed: choose the workbook or the entry."),
                'fix': None,
            })
        return checks

    def _aftersales_people_account(self, key):
        """Return an account of rewards and deductions: the company's, else its root's.

        :param str key: wages | reward | receivable | fine.
        :rtype: recordset of account.account, as superuser
        :raise UserError: PPL-52 nothing is set.
        """
        self.ensure_one()
        name, company = PEOPLE_ACCOUNTS[key], self.sudo()
        account = company[name] or company.root_id[name]
        if not account:
            raise coded_error('PPL-52', self.env._(
                "%(company)s has no account for “%(account)s”. The accountant sets it in the after-sales settings.",
                company=company.name, account=self._fields[name]._description_string(self.env)))
        return account

    def _aftersales_payslip_input_types(self):
        """Return {channel: input type} of an installed payroll that knows types, by code AFTERSALES_<CHANNEL>; else {}.

        :raise UserError: PPL-50 a type is missing.
        """
        self.ensure_one()
        if 'hr.payslip.input.type' not in self.env:
            return {}
        types = {
            kind.code: kind for kind in self.env['hr.payslip.input.type'].sudo().search([('code', '=like', 'AFTERSALES_%')])
        }
        wanted = {channel: f'AFTERSALES_{channel.upper()}' for channel, _label in CHANNELS}
        if missing := set(wanted.values()) - set(types):
            raise coded_error('PPL-50', self.env._(
                "The payroll needs input types with these codes: %(codes)s.", codes=", ".join(sorted(missing))))
        return {channel: types[code] for channel, code in wanted.items()}

    def _aftersales_integrity(self):
        """Add: money handed over = sums of the records; nothing handed over twice; the entry agrees with its batch."""
        findings = super()._aftersales_integrity()
        self.ensure_one()
        records = self.env['aftersales.conduct.record'].sudo().search([
            ('company_id', '=', self.id), '|', ('is_settled', '=', True), ('payroll_line_ids.batch_state', '=', 'locked')])
        for record, claims in records._open_amounts().items():
            wrong = record.is_settled and any(claims.values())
            twice = any(amount < 0 for amount in claims.values()) and not record.is_overpaid
            if wrong or twice:
                findings.append({
                    'code': 'PPL-I1', 'name': self.env._("Payroll and conduct records disagree"), 'severity': 'error',
                    'res_model': record._name, 'res_id': record.id, 'amount': sum(claims.values()),
                    'message': self.env._("%(record)s: decided and handed over differ.", record=record.name)})
        batches = self.env['aftersales.payroll.batch'].sudo().search([('company_id', '=', self.id), ('move_id', '!=', False)])
        for batch in batches:
            expected = sum(row['balance'] for row in batch._entry_rows() if row['balance'] > 0)
            posted = sum(batch.move_id.line_ids.mapped('debit'))
            if batch.move_id.state != 'posted' or self.currency_id.compare_amounts(expected, posted):
                findings.append({
                    'code': 'PPL-I2', 'name': self.env._("Entry and payroll batch disagree"), 'severity': 'error',
                    'res_model': batch._name, 'res_id': batch.id, 'amount': posted - expected,
                    'message': self.env._("%(batch)s: the entry does not hold what was handed over.", batch=batch.name)})
        return findings

    def _aftersales_draft_rulebook(self):
        """Make the company's first draft from the shipped rules; people adopt and publish it.

        :rtype: recordset of aftersales.conduct.rulebook
        """
        self.ensure_one()
        if not self.env.user.has_group(HR_OFFICER):
            self._aftersales_ensure_manager()
        return self.env.ref('aftersales_service.conduct_rulebook_shipped').sudo().copy({'company_id': self.id})
