from odoo.exceptions import AccessError

from ..common import AftersalesCommon


class TestPeople(AftersalesCommon):

    def test_phones_are_masked_for_those_who_do_not_call(self):
        """R-PERM-01: phones are whole only for the groups whose work is to call customers."""
        self.customer.phone = '+86 138 1234 5678'
        for role in ('technician', 'parts_keeper', 'inspector', 'gate_guard', 'report_reader'):
            partner = self.customer.with_user(self._role(role))
            self.assertEqual(partner.aftersales_phone_masked, '+86138****5678', role)
        for role in ('advisor', 'receptionist', 'cashier', 'service_manager'):
            partner = self.customer.with_user(self._role(role))
            self.assertEqual(partner.aftersales_phone_masked, '+86 138 1234 5678', role)

    def test_short_and_empty_numbers(self):
        mask = self.env['res.partner']._aftersales_mask_phone
        self.assertEqual(mask('13812345678'), '138****5678')
        self.assertEqual(mask('8234 567'), '*****67')
        self.assertEqual(mask('12'), '12')
        self.assertFalse(mask(False))

    def test_a_dispatcher_without_hr_rights_sees_trade_and_driving(self):
        """R-PERM-08: appointed drivers are marked on the employee, and every desk can see the mark."""
        employee = self._make_employee(aftersales_skill='3_senior')
        seen = employee.with_user(self._role('dispatcher')).read(
            ['aftersales_trade', 'aftersales_can_drive', 'aftersales_skill'],
        )[0]
        self.assertEqual(
            (seen['aftersales_trade'], seen['aftersales_can_drive'], seen['aftersales_skill']),
            ('mechanical', True, '3_senior'),
        )

    def test_shipped_reasons_cover_every_kind(self):
        reasons = self.env['aftersales.reason']
        kinds = {kind for kind, _label in reasons._fields['kind'].selection}
        self.assertEqual(kinds, set(reasons.search([]).mapped('kind')))
        self.assertEqual(self._reason('goodwill', 'gift').vat_treatment, 'deemed_sale')
        self.assertEqual(self._reason('goodwill', 'courtesy').vat_treatment, 'none')

    def test_the_accountant_sets_the_account_of_free_work(self):
        reason = self._reason('goodwill', 'gift').with_user(self._role('accountant'))
        reason.account_id = self.company.expense_account_id
        with self.assertRaises(AccessError):
            reason.with_user(self._role('cashier')).account_id = False

    def test_a_reasons_account_is_each_companys_own(self):
        reason = self._reason('goodwill', 'gift')
        reason.account_id = self.company.expense_account_id
        other = self._make_company("Second Shop")
        self.assertFalse(reason.with_company(other).account_id)
        self.assertEqual(reason.with_company(self.company).account_id, self.company.expense_account_id)
