"""Conduct and payroll in the random walk: rewards and losses, objections, batches handed over, reversed and paid."""

from dateutil.relativedelta import relativedelta

ACCOUNTS = {
    'aftersales_wages_account_id': 'liability_current',
    'aftersales_reward_account_id': 'expense',
    'aftersales_employee_account_id': 'asset_current',
    'aftersales_fine_account_id': 'income_other',
}


class PeopleVerbs:
    """Verbs of the people room for `Simulation`; the company's own integrity list checks them."""

    def open_people(self):
        """Put the rules into force, hand over by a journal entry, and let two people share HR's work."""
        case = self.case
        case._make_rulebook(*self.mechanics)
        for gate in ('payroll_preview', 'payroll_wage', 'conduct_proposer_decides'):
            case._set_gate(gate, 'off')
        self.company.write({
            'aftersales_payroll_mode': 'entry', 'aftersales_review_suspends': False,
            **{name: self.env['account.account'].create({
                'name': name, 'code': f'9970{number}', 'account_type': kind, 'company_ids': [(6, 0, self.company.ids)],
            }).id for number, (name, kind) in enumerate(ACCOUNTS.items())},
        })
        self.hr = case._role('hr_officer')
        self.second_hr = case._make_user('hr_officer', login='simulated_hr')
        self.witness = case._make_employee("Witness")
        for mechanic in self.mechanics:
            mechanic.wage = 4000.0

    def do_reward(self):
        record = self.case._propose_conduct(self.pick(self.mechanics), 'R03', user=self.hr)
        record.write({'measure_id': self.case._measure('bonus').id, 'bonus_amount': round(self.random.uniform(10, 300), 2)})
        record.with_user(self.case._role('service_manager'))._decide()

    def do_loss(self):
        """A tool is lost: looked into, the time to be heard passes, decided, served with a witness."""
        amount = round(self.random.uniform(50, 2500), 2)
        record = self.case._propose_conduct(self.pick(self.mechanics), 'P16', user=self.hr)
        record._investigate("Count sheet")
        record.sudo()._guarded().write({'hearing_until': self.company._aftersales_today() - relativedelta(days=1)})
        record._advance()
        record.write({
            'measure_id': self.case._measure('compensation').id, 'compensation_amount': amount, 'loss_amount': amount,
            'loss_proof': "Count sheet"})
        record.with_user(self.case._role('service_manager'))._decide()
        record._notify()
        record._serve(self.witness)

    def do_lower(self):
        """A review lowers or cancels a compensation, also one that the payroll has taken already."""
        record = self.pick(self.env['aftersales.conduct.record'].search([
            ('company_id', '=', self.company.id), ('compensation_amount', '>', 1), ('acknowledged_at', '!=', False),
            ('review_ids', '=', False)]))
        if record:
            review = self.env['aftersales.conduct.review'].sudo()._guarded().create({
                'record_id': record.id, 'kind': 'review', 'reason': "Too much", 'filed_at': record.acknowledged_at})
            record._advance()
            result = self.random.choice(['uphold', 'change', 'cancel'])
            amounts = {'compensation_amount': round(record.compensation_amount / 3, 2)} if result == 'change' else None
            review.with_user(self.case._role('general_manager'))._decide(result, "Heard", amounts)

    def do_payroll(self):
        """Hand over what is in effect; the batches before move a month into the past, as time does."""
        batches = self.env['aftersales.payroll.batch']
        for batch in batches.search([('company_id', '=', self.company.id)], order='month'):
            batch._guarded().write({'month': batch.month - relativedelta(months=1)})
            batch.flush_recordset()  # one after another: a month must be free before the next batch moves there
        month = self.company._aftersales_today().replace(day=1)
        batches.with_user(self.hr)._open_month(self.company, month).with_user(self.second_hr)._hand_over()

    def do_reverse_payroll(self):
        batch = self.pick(self.env['aftersales.payroll.batch'].search([
            ('company_id', '=', self.company.id), ('state', '=', 'locked'), ('reversed_id', '=', False), ('reversal_ids', '=', False)]))
        if batch:
            batch.with_user(self.hr)._reverse("Wrong month").with_user(self.second_hr)._hand_over()

    def do_paid(self):
        batch = self.pick(self.env['aftersales.payroll.batch'].search([
            ('company_id', '=', self.company.id), ('state', '=', 'locked'), ('line_ids', '!=', False)]))
        if batch:
            batch.with_user(self.second)._mark_paid(batch.line_ids)
