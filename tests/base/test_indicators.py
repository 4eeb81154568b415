from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form

from odoo.addons.aftersales_service.rules.indicators import Measure

from ..common import AftersalesCommon

CODE = 'parts_first_fill_rate'


class TestIndicators(AftersalesCommon):
    """The mechanism of indicators: rows per company, targets, readers, periods, months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicator = cls.env['aftersales.indicator'].search([('company_id', '=', cls.company.id), ('code', '=', CODE)])

    def _says(self, measure):
        """Let the indicator say this."""
        return patch.object(type(self.indicator), f'_indicator_{CODE}', lambda *args: measure)

    def test_every_declared_indicator_is_complete_and_computed(self):
        """Each declared code has a row in every company, a method, and a formula in words."""
        definitions = self.indicator._indicator_definitions()
        rows = self.env['aftersales.indicator'].search([('company_id', '=', self.company.id)])
        self.assertEqual(set(rows.mapped('code')), set(definitions))
        for row in rows:
            self.assertTrue(row.name and row.formula and row.unit and row.room and row.rule, row.code)
            self.assertTrue(hasattr(row, f'_indicator_{row.code}'), row.code)

    def test_a_new_company_has_all_and_a_target_survives_the_next_update(self):
        other = self._make_company("Second Shop")
        rows = self.env['aftersales.indicator'].search([('company_id', '=', other.id)])
        row = rows.filtered(lambda row: row.code == CODE)
        self.assertEqual((row.target, row.has_target), (90.0, True))
        row.target = 95.0
        self.env['aftersales.indicator']._sync_indicators()
        self.assertEqual(row.target, 95.0)
        self.assertEqual(rows, self.env['aftersales.indicator'].search([('company_id', '=', other.id)]))

    def test_no_data_is_a_dash_and_no_lamp(self):
        with self._says(Measure()):
            self.assertEqual((self.indicator.value_label, self.indicator.lamp), ("—", 'none'))
            self.assertFalse(self.indicator.has_value)
            with self.assertBlocked('BAS-14'):
                self.indicator.action_drill()

    def test_lamp_and_label_follow_target_and_unit(self):
        with self._says(Measure(9.0, 10.0, 90.0, {'model': 'res.partner', 'domain': []})):
            self.assertEqual((self.indicator.value_label, self.indicator.lamp), ("90.00 %", 'green'))
            self.assertEqual(self.indicator.action_drill()['res_model'], 'res.partner')
            self.indicator.target = 99.0
            self.assertEqual(self.indicator.lamp, 'amber')
            self.indicator.has_target = False
            self.assertEqual((self.indicator.lamp, self.indicator.target_label), ('none', "—"))

    def test_period_of_the_context(self):
        """A named period, two dates, or this month; ends with today."""
        asked = []
        with patch.object(type(self.indicator), f'_indicator_{CODE}', lambda _self, _company, start, end: asked.append((start, end)) or Measure()):
            wizard = Form(self.env['aftersales.indicator.period'])
            wizard.period = 'own'
            wizard.date_from, wizard.date_to = date(2025, 3, 1), date(2025, 3, 31)
            context = wizard.save().action_show()['context']
            self.indicator.with_context(**context).mapped('value')
            self.assertEqual(asked[-1], (date(2025, 3, 1), date(2025, 3, 31)))
            self.indicator.with_context(aftersales_period='last_month').mapped('value')
            today = self.company._aftersales_today()
            self.assertEqual(asked[-1][1], date.fromordinal(today.replace(day=1).toordinal() - 1))
            self.indicator.mapped('value')
            self.assertEqual(asked[-1], (today.replace(day=1), today))
        bad = self.env['aftersales.indicator.period'].create({'period': 'own', 'date_from': '2025-03-31', 'date_to': '2025-03-01'})
        with self.assertBlocked('BAS-15'):
            bad.action_show()

    def test_period_bounds_are_cut_in_the_shops_time_zone(self):
        """R-KPI: a month begins at midnight in Shanghai, which is 16:00 UTC of the day before."""
        start, end = self.company._aftersales_period_bounds(date(2026, 3, 1), date(2026, 3, 31))
        self.assertEqual((start, end), (datetime(2026, 2, 28, 16), datetime(2026, 3, 31, 16)))

    def test_months_are_kept_and_the_last_two_computed_anew(self):
        with self._says(Measure(1.0, 2.0, 50.0)):
            self.indicator._store_months()
        self.assertEqual(len(self.indicator.value_ids), 12)
        with self._says(Measure(1.0, 1.0, 100.0)):
            self.indicator._store_months()
        self.assertEqual(self.indicator.value_ids.sorted('month').mapped('value'), [50.0] * 10 + [100.0] * 2)
        self.assertIn('"value": 100.0', self.indicator.trend)
        with self._says(Measure()):
            self.indicator.with_user(self._role('service_manager')).action_refresh_months()
        self.assertFalse(any(self.indicator.value_ids.mapped('has_value')))

    def test_trends_of_a_board_cost_one_query(self):
        rows = self.env['aftersales.indicator'].search([('company_id', '=', self.company.id)])
        rows._store_months()
        counts = []
        for some in (rows[:1], rows):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped('company_id.resource_calendar_id.tz')
            before = self.env.cr.sql_log_count
            some.mapped('trend')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_readers(self):
        """Each role reads the figures named for it; only the service manager sets targets; nobody writes months."""
        keeper = self._role('parts_keeper')
        Indicator = self.env['aftersales.indicator']
        seen = Indicator.with_user(keeper).search([]).mapped('code')
        self.assertIn(CODE, seen)
        self.assertNotIn('parts_stock_value', seen)
        self.assertIn('parts_stock_value', Indicator.with_user(self._role('parts_manager')).search([]).mapped('code'))
        self.assertFalse(Indicator.with_user(self._role('technician')).search([]))
        self.assertEqual(
            set(Indicator.with_user(self._role('report_reader')).search([]).mapped('code')), set(Indicator._indicator_definitions()),
        )
        with self.assertRaises(AccessError):
            self.indicator.with_user(keeper).target = 1.0
        self.indicator.with_user(self._role('service_manager')).target = 91.0
        with self.assertBlocked('BAS-01'):
            self.indicator.with_user(self._role('service_manager')).code = 'parts_slow_rate'
        self.indicator._store_months()
        with self.assertBlocked('BAS-01'):
            self.indicator.value_ids[0].value = 100.0
