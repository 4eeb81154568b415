"""People with a month behind them: rewards in effect, sheets to make, a desk full of cases."""
from dateutil.relativedelta import relativedelta


class PeopleBench:
    """Cases of the people room; mixed into `Bench`."""

    def lay_people(self, number=200):
        """Hire people once, put the rules into force and the gates of the preview aside."""
        shop = self.shop
        if not hasattr(shop, 'staff'):
            shop._make_rulebook()
            shop.hr, shop.second_hr = (shop._make_user('hr_officer', login=f'bench_hr_{index}') for index in (1, 2))
            shop.staff = self.env['hr.employee'].create(
                [{'name': f"Staff {index}", 'company_id': shop.company.id} for index in range(number)])
            shop._set_gate('payroll_preview', 'off')
            shop.month = shop.company._aftersales_today().replace(day=1)
        return shop

    def records(self, number, rule, **values):
        shop = self.shop
        return self.env['aftersales.conduct.record']._guarded().create([{
            'employee_id': shop.staff[index % len(shop.staff)].id, 'company_id': shop.company.id, 'rule_id': shop._rule(rule).id,
            'summary': f"Case {index}", **values,
        } for index in range(number)])

    def payroll(self):
        """Collect and hand over 500 rewards of 50 people; each round the month before moves into the past."""
        shop = self.lay_people()

        def sample():
            self.records(
                500, 'R03', measure_id=shop._measure('bonus').id, bonus_amount=10, decided_at='2026-01-01', notified_at='2026-01-02')
            self.env['aftersales.conduct.record'].search([])._advance()

            def task():
                batch = self.env['aftersales.payroll.batch'].with_user(shop.hr)._open_month(shop.company, shop.month)
                batch.with_user(shop.second_hr)._hand_over()
            result = self.count(task)
            batches = self.env['aftersales.payroll.batch'].search([('state', '=', 'locked')], order='month')
            for batch in batches:
                batch._guarded().write({'month': batch.month - relativedelta(months=1)})
            return result
        return self.measured(sample)

    def sheets(self):
        """Make the sheets of 200 people, facts filled in; each round for a month further back."""
        shop = self.lay_people()
        months = iter(range(1, 1000))

        def sample():
            month = shop.month - relativedelta(months=next(months))
            return self.count(lambda: self.env['aftersales.assessment'].with_user(shop.hr)._make_sheets(shop.company, month, shop.staff))
        return self.measured(sample)

    def hr_desk(self):
        """HR's desk with 1,000 open cases."""
        shop = self.lay_people()
        if self.env['aftersales.conduct.record'].search_count([('hold', '=', 'investigate')]) < 1000:
            self.records(1000, 'P13')
        desk = self.env['aftersales.desk.hr'].with_user(shop.hr)
        return self.measured(lambda: self.count(desk.get_data))
