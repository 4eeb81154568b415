from odoo.exceptions import AccessError, UserError

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

    def test_exports_of_phones_are_masked_and_logged(self):
        """R-PERM-01: who does not call gets masked numbers; every export of phones is written down for the manager."""
        self.customer.phone = '13812345678'
        columns = ['name', 'phone']
        log = self.env['aftersales.export.log'].with_user(self._role('service_manager'))
        for role, shown in (('advisor', '13812345678'), ('technician', '138****5678')):
            user = self._role(role)
            with self.assertRaises(UserError):
                self.customer.with_user(user).export_data(columns)
            user.group_ids += self.env.ref('base.group_allow_export')
            data = self.customer.with_user(user).export_data(columns)['datas']
            self.assertEqual(data, [[self.customer.name, shown]], role)
            entry = log.search([('user_id', '=', user.id)])
            self.assertRecordValues(entry, [{
                'res_model': 'res.partner', 'row_count': 1, 'phone_count': 1, 'is_masked': role == 'technician',
                'columns': 'name, phone'}])
        # Through a relation too, and nothing is logged where there is no phone.
        car = self._make_vehicle()
        data = car.with_user(self._role('technician')).export_data(['license_plate', 'partner_id/phone'])['datas']
        self.assertEqual(data[0][1], '138****5678')
        before = log.search_count([])
        self.customer.with_user(self._role('advisor')).export_data(['name'])
        self.assertEqual(log.search_count([]), before)
        with self.assertBlocked('BAS-20'):
            log.sudo().create({'user_id': self.env.uid, 'company_id': self.company.id, 'res_model': 'x', 'model_name': 'x'})
        with self.assertBlocked('BAS-20'):
            log.sudo().search([], limit=1).unlink()
        with self.assertRaises(AccessError):
            log.with_user(self._role('advisor')).search([])
