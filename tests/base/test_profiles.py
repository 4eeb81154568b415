from contextlib import contextmanager
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from ..common import AftersalesCommon

GATES = {
    'test_wash': {
        'name': "Car washed", 'rule': 'R-TEST-01', 'help': "The car is clean when the customer comes.",
        'large': {'*': 'block', 'express': 'off'}, 'small': {'*': 'warn', 'express': 'off'},
    },
    'test_pay': {
        'name': "Paid", 'rule': 'R-TEST-02', 'never_off': True,
        'large': {'*': 'block'}, 'small': {'*': 'override'},
    },
    'test_count': {
        'name': "Blind count", 'rule': 'R-TEST-03',
        'large': {'company': 'block'}, 'small': {'company': 'off'},
    },
}


class GateCase(AftersalesCommon):
    """Declares three gates of its own, whatever the rooms declare."""

    @contextmanager
    def _declared(self, gates):
        model = self.registry['aftersales.profile.gate']
        shipped = model._gate_definitions

        def definitions(records):
            return shipped(records) | gates

        with patch.object(model, '_gate_definitions', definitions):
            yield

    def setUp(self):
        super().setUp()
        self.enterContext(self._declared(GATES))
        self.gates = self.env['aftersales.profile.gate']
        self.gates._sync_gates(self.company)
        self.addCleanup(self.registry.clear_all_caches)
        self.standard = self.company._aftersales_profile('standard')

    def _row(self, code, profile='standard'):
        return self.gates.search([
            ('company_id', '=', self.company.id), ('code', '=', code), ('profile_id.code', '=', profile),
        ])


class TestProfiles(GateCase):
    """How strict each gate is, per kind of order: data that the service manager reads and edits."""

    def test_a_new_company_has_one_profile_of_each_kind(self):
        codes = self.env['aftersales.profile'].search([('company_id', '=', self.company.id)]).mapped('code')
        self.assertEqual(sorted(codes), sorted([
            'standard', 'express', 'tow_in', 'fleet', 'internal', 'on_site', 'counter', 'accident', 'company',
        ]))

    def test_preparing_twice_creates_nothing_twice(self):
        before = self.env['aftersales.profile'].search_count([]), self.gates.search_count([])
        self.company._aftersales_prepare_company()
        self.assertEqual((self.env['aftersales.profile'].search_count([]), self.gates.search_count([])), before)

    def test_a_second_profile_of_a_kind_is_refused(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env['aftersales.profile']._guarded().create({'code': 'standard', 'company_id': self.company.id})

    def test_gates_take_the_shipped_level_of_the_shop_size(self):
        self.assertEqual(self.standard._gate('test_wash'), 'block')
        self.assertEqual(self.company._aftersales_profile('express')._gate('test_wash'), 'off')
        self.assertEqual(self.company._aftersales_gate('test_count'), 'block')
        self.company.action_aftersales_apply_defaults('small')
        self.assertEqual(self.standard._gate('test_wash'), 'warn')
        self.assertEqual(self.standard._gate('test_pay'), 'override')
        self.assertEqual(self.company._aftersales_gate('test_count'), 'off')
        self.company.action_aftersales_apply_defaults('large')
        self.assertEqual(self.standard._gate('test_wash'), 'block')

    def test_company_gates_are_not_on_order_profiles(self):
        self.assertFalse(self._row('test_count'))
        self.assertTrue(self._row('test_count', 'company'))
        self.assertFalse(self._row('test_wash', 'company'))

    def test_a_changed_level_counts_at_once(self):
        self.assertEqual(self.standard._gate('test_wash'), 'block')
        self._row('test_wash').level = 'override'
        self.assertEqual(self.standard._gate('test_wash'), 'override')

    def test_an_update_keeps_what_the_manager_set_and_drops_what_is_gone(self):
        row = self._row('test_wash')
        row.level = 'off'
        self.gates._sync_gates()
        self.assertEqual(row.level, 'off')
        with patch.object(self.registry['aftersales.profile.gate'], '_gate_definitions', lambda gates: {}):
            self.gates._sync_gates(self.company)
        self.assertFalse(row.exists())

    def test_an_undeclared_gate_is_a_mistake_not_an_open_door(self):
        with self.assertRaises(ValueError):
            self.standard._gate('test_wsah')

    def test_a_gate_without_a_row_has_its_shipped_level(self):
        self._row('test_wash').unlink()
        self.assertEqual(self.standard._gate('test_wash'), 'block')

    def test_what_is_never_off_cannot_be_switched_off(self):
        row = self._row('test_pay')
        with self.assertBlocked('BAS-04', ValidationError):
            row.level = 'off'
        row.level = 'warn'

    def test_the_service_manager_edits_levels_others_only_read(self):
        row = self._row('test_wash')
        row.with_user(self._role('service_manager')).level = 'warn'
        self.assertEqual(row.level, 'warn')
        for role in ('advisor', 'frontdesk_supervisor', 'technician', 'general_manager'):
            self.assertEqual(row.with_user(self._role(role)).level, 'warn')
            with self.assertRaises(AccessError):
                row.with_user(self._role(role)).level = 'off'

    def test_code_and_profile_of_a_gate_are_fixed(self):
        with self.assertBlocked('BAS-01', UserError):
            self._row('test_wash').with_user(self._role('service_manager')).code = 'test_pay'

    def test_the_profile_remembers_who_changed_which_level(self):
        row = self._row('test_wash')
        row.with_user(self._role('service_manager')).level = 'warn'
        message = self.standard.message_ids[0]
        self.assertIn("Car washed: Block → Warn", message.body)
        self.assertEqual(message.author_id, self._role('service_manager').partner_id)

    def test_only_the_service_manager_applies_the_defaults(self):
        company = self.company.with_user(self._role('advisor'))
        with self.assertBlocked('BAS-11', UserError):
            company.action_aftersales_apply_defaults('small')
        self.company.with_user(self._role('service_manager')).action_aftersales_apply_defaults('small')
        self.assertEqual(self.company.aftersales_shop_size, 'small')

    def test_a_profile_is_archived_not_deleted(self):
        with self.assertBlocked('BAS-02', UserError):
            self.standard.unlink()
        self.standard.active = False
        self.assertEqual(self.standard._gate('test_wash'), 'block')

    def test_a_profile_takes_an_own_name(self):
        self.assertEqual(self.standard.name, "Standard")
        self.standard.name = "Workshop order"
        self.assertEqual(self.standard.display_name, "Workshop order")

    def test_changed_levels_are_found_in_the_table(self):
        row = self._row('test_wash')
        self.assertFalse(row.is_changed)
        row.level = 'off'
        self.assertTrue(row.is_changed)
        self.assertIn(row, self.gates.search([('is_changed', '=', True), ('company_id', '=', self.company.id)]))

    def test_profiles_of_another_company_are_not_seen(self):
        other = self._make_company("Second Shop")
        manager = self._role('service_manager')
        rows = self.gates.with_user(manager).search([('code', '=', 'test_wash')])
        self.assertEqual(rows.company_id, self.company)
        self.assertNotEqual(other._aftersales_profile('standard'), self.standard)

    def test_reading_a_level_costs_no_query_once_known(self):
        self.standard._gate('test_wash')
        self.company._aftersales_gate('test_count')
        with self.assertQueryCount(0):
            for _again in range(20):
                self.standard._gate('test_wash')
                self.company._aftersales_gate('test_count')
