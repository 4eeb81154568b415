from datetime import timedelta

from odoo import fields

from ..common import AftersalesHttpCase


class TestWelcomeBoard(AftersalesHttpCase):
    """The screen in the hall, without a user."""

    def test_board_shows_states_and_gives_nobody_away(self):
        """R-PROC-12, R-DOC-13: plates masked, states, promised time, refreshing itself; a wrong key shows nothing."""
        self._make_labour_rate()
        order = self._make_signed_order(labour=[self._make_labour_item(hours=1.0)])
        order.vehicle_id.license_plate = '苏E7H30N'
        order.promised_at = fields.Datetime.now() + timedelta(minutes=5)
        start = self.company._aftersales_day_bounds(self.company._aftersales_today())[0] + timedelta(hours=23, minutes=30)
        self._make_appointment(self._make_car('京B10001'), start)._confirm()
        action = self.company.with_user(self._role('receptionist')).action_aftersales_welcome_board()
        self.assertEqual(action['type'], 'ir.actions.act_url')
        page = self.url_open(action['url'])
        self.assertEqual(page.status_code, 200)
        for shown in ('苏E···0N', '京B···01', '23:30', 'http-equiv="refresh"'):
            self.assertIn(shown, page.text)
        for hidden in ('苏E7H30N', '京B10001', '7H30', self.customer.name, order.name):
            self.assertNotIn(hidden, page.text)
        label = order.visit_id._welcome_line()
        self.assertIn(label['label'], page.text)
        self.assertTrue(label['promised'])
        self.assertEqual(self.url_open('/aftersales/welcome/wrong').status_code, 404)
        self.company.with_user(self._role('service_manager')).action_aftersales_renew_welcome()
        self.assertEqual(self.url_open(action['url']).status_code, 404)
        with self.assertBlocked('BAS-11'):
            self.company.with_user(self._role('advisor')).action_aftersales_renew_welcome()
