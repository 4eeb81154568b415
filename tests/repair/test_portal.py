import json

from odoo.tests import new_test_user

from ..common import SIGNATURE, AftersalesHttpCase


class TestPortal(AftersalesHttpCase):
    """The customer's page, without a login: R-PROC-47, R-PROC-63, R-PROC-64."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._make_order(parts=[cls._make_part("Brake pad", price=226.0)])
        cls.second = cls._make_job(
            cls.order, "Disc worn", parts=[cls._make_part("Disc", price=486.0)], origin='recommended'
        )
        cls.estimate = cls.order._issue_estimate()
        cls.order._portal_ensure_token()
        cls.url = f'/my/aftersales/orders/{cls.order.id}'

    def _call(self, path, token, **params):
        response = self.url_open(
            f'{self.url}{path}?access_token={token}',
            data=json.dumps({'params': params}),
            headers={'Content-Type': 'application/json'},
        )
        return response.json().get('result')

    def test_page_shows_the_offer_and_notes_that_it_was_seen(self):
        """R-PROC-47: plate, jobs, total; the first look is kept."""
        page = self.url_open(f'{self.url}?access_token={self.order.access_token}')
        self.assertEqual(page.status_code, 200)
        for wanted in (self.order.license_plate, "Disc worn", "712.00"):
            self.assertIn(wanted, page.text)
        self.assertTrue(self.estimate.viewed_at)

    def test_page_needs_few_queries(self):
        """R-PROC-47: the page costs the server no more than 40 queries."""
        url = f'{self.url}?access_token={self.order.access_token}'
        self.url_open(url)
        values = None
        self.env.invalidate_all()
        self.env.flush_all()
        count = self.cr.sql_log_count
        values = self.order.sudo()._portal_values()
        self.order.sudo().with_context(lang='en_US').env['ir.qweb']._render(
            'aftersales_service.print_estimate_lines',
            {
                'estimate': self.order.estimate_ids[-1:],
            },
        )
        self.assertTrue(values['can_sign'])
        self.assertLessEqual(self.cr.sql_log_count - count, 40)

    def test_foreign_token(self):
        """R-PERM-01: neither no token nor another order's token opens the page or signs."""
        other = self._make_order(parts=[self._make_part(price=1.0)])
        other._portal_ensure_token()
        for token in ('', 'nonsense', other.access_token):
            page = self.url_open(f'{self.url}?access_token={token}')
            self.assertNotIn("Disc worn", page.text)
            self.assertIn('error', self._call('/sign', token, name="Thief", signature=SIGNATURE.decode()))
        self.assertEqual(self.estimate.state, 'issued')

    def test_sign(self):
        """R-PROC-47: the signature approves what is offered, once."""
        result = self._call('/sign', self.order.access_token, name="Mr Wang", signature=SIGNATURE.decode())
        self.assertTrue(result.get('force_refresh'), result)
        self.assertRecordValues(self.estimate, [{'state': 'signed', 'signed_by': "Mr Wang", 'sign_means': 'portal'}])
        self.assertEqual(self.order.state, 'authorised')
        self.assertIn(
            'error', self._call('/sign', self.order.access_token, name="Mr Wang", signature=SIGNATURE.decode())
        )

    def test_empty_signature(self):
        """R-PROC-47: an empty signature is refused with a sentence."""
        result = self._call('/sign', self.order.access_token, name="Mr Wang", signature=False)
        self.assertIn('REP-34', result['error'])

    def test_login_of_the_customer(self):
        """R-PERM-01: a portal user sees his own orders in his list, nobody else's."""
        user = new_test_user(self.env, login='portal_wang', password='portal_wang', groups='base.group_portal')
        user.partner_id.parent_id = self.customer
        stranger = new_test_user(self.env, login='portal_li', password='portal_li', groups='base.group_portal')
        self.assertTrue(stranger)
        self.authenticate('portal_wang', 'portal_wang')
        self.assertIn(self.order.name, self.url_open('/my/aftersales/orders').text)
        self.assertIn("Disc worn", self.url_open(self.url).text)
        self.authenticate('portal_li', 'portal_li')
        self.assertNotIn(self.order.name, self.url_open('/my/aftersales/orders').text)
        self.assertNotIn("Disc worn", self.url_open(self.url).text)
