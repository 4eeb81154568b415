from ..common import AftersalesCommon, AftersalesHttpCase


class TestGround(AftersalesCommon):
    """The set-up every other test trusts."""

    def test_company_is_perpetual_average_and_tax_included(self):
        part = self._make_part(cost=10.0, on_hand=5)
        self.assertEqual((part.valuation, part.cost_method), ('real_time', 'average'))
        self.assertEqual(part.total_value, 50.0)
        self.assertEqual(self.env.company, self.company)
        self.assertTrue(self.tax_sale.price_include)
        self.assertEqual(self.tax_sale.amount, 13.0)
        self.assertTrue(self.account_wip)

    def test_role_users_hold_exactly_their_role(self):
        advisor = self._role('advisor')
        self.assertTrue(advisor.has_group('aftersales_service.group_receptionist'))
        self.assertFalse(advisor.has_group('aftersales_service.group_cashier'))
        self.assertEqual(advisor.company_id, self.company)


class TestBrowser(AftersalesHttpCase):

    def test_an_advisor_opens_the_backend(self):
        advisor = self._role('advisor')
        self.browser_js('/odoo', "console.log('test successful')", "odoo.isReady", login=advisor.login)
