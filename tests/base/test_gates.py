from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .test_profiles import GateCase


class GateDocumentCase(GateCase):
    """A car that is dirty and not paid, on its way to the target `test`."""

    def setUp(self):
        super().setUp()
        self.car, self.other_car = self.env['aftersales.vehicle'].create([
            {'license_plate': "粤B12345", 'company_id': self.company.id},
            {'license_plate': "粤B54321", 'company_id': self.company.id},
        ])
        self.cure = {'label': "Wash it", 'action': {
            'type': 'ir.actions.act_window', 'res_model': 'aftersales.vehicle', 'views': [(False, 'list')],
        }}
        self.reasons = [
            ('test_wash', 'TST-01', "The car is dirty.", self.cure), ('test_pay', 'TST-02', "It is not paid.", None),
        ]
        vehicles = self.registry['aftersales.vehicle']
        shipped = vehicles._blockers

        def blockers(records, target):
            found = shipped(records, target)
            if target == 'test':
                for record in records & self.car:
                    found[record] += [record._blocker(*reason) for reason in self.reasons]
            return found

        self.patch(vehicles, '_blockers', blockers)
        self.patch(vehicles, '_gate_profile', lambda record: record.company_id._aftersales_profile('standard'))

    def _set(self, code, level):
        self._row(code).level = level

    def _codes(self, user=None):
        blockers = (self.car.with_user(user) if user else self.car).get_blockers('test')
        return [(blocker['code'], blocker['level']) for blocker in blockers]


class TestGates(GateDocumentCase):
    """Gates are server-side and explain themselves: every reason at once, each with the button to its cure."""

    def test_all_reasons_come_in_one_message(self):
        with self.assertRaises(UserError) as caught:
            (self.car | self.other_car)._ensure_no_blockers('test')
        message = str(caught.exception)
        self.assertTrue(message.startswith('[TST-01]'))
        for text in ("粤B12345", "The car is dirty. [TST-01]", "It is not paid. [TST-02]"):
            self.assertIn(text, message)
        self.assertNotIn("粤B54321", message)

    def test_off_lets_through_without_a_word(self):
        self._set('test_wash', 'off')
        self.reasons.pop()
        before = len(self.car.message_ids)
        self.car._ensure_no_blockers('test')
        self.assertEqual(self._codes(), [])
        self.assertEqual(len(self.car.message_ids), before)

    def test_warn_lets_through_and_is_written_down(self):
        self._set('test_wash', 'warn')
        self._set('test_pay', 'warn')
        self.car._ensure_no_blockers('test')
        self.assertIn("The car is dirty.", self.car.message_ids[0].body)
        self.assertIn("It is not paid.", self.car.message_ids[0].body)

    def test_block_blocks_even_the_manager(self):
        manager = self._role('service_manager')
        self.assertEqual(self._codes(manager), [('TST-01', 'block'), ('TST-02', 'block')])
        with self.assertBlocked('BAS-03', UserError):
            self.car.with_user(manager)._override('test', self._reason('override'))

    def test_what_is_never_off_needs_no_gate(self):
        self.reasons[:] = [(None, 'TST-03', "No owner.", None)]
        with self.assertBlocked('TST-03', UserError):
            self.car._ensure_no_blockers('test')

    def test_the_person_in_charge_passes_it_with_a_reason(self):
        self._set('test_wash', 'override')
        self._set('test_pay', 'override')
        manager, reason = self._role('service_manager'), self._reason('override', 'urgent')
        overrides = self.car.with_user(manager)._override('test', reason, "Bride waits")
        self.assertRecordValues(overrides.sorted('code'), [
            {'gate': 'test_wash', 'code': 'TST-01', 'target': 'test', 'res_model': 'aftersales.vehicle',
             'res_id': self.car.id, 'reason_id': reason.id, 'note': "Bride waits", 'user_id': manager.id,
             'company_id': self.company.id, 'profile_id': self.standard.id},
            {'gate': 'test_pay', 'code': 'TST-02', 'target': 'test', 'res_model': 'aftersales.vehicle',
             'res_id': self.car.id, 'reason_id': reason.id, 'note': "Bride waits", 'user_id': manager.id,
             'company_id': self.company.id, 'profile_id': self.standard.id},
        ])
        self.car._ensure_no_blockers('test')
        self.assertEqual(self._codes(), [])
        self.assertIn("Overridden by", self.car.message_ids[0].body)

    def test_an_override_holds_for_its_reason_only(self):
        self._set('test_wash', 'override')
        self.reasons.pop()
        self.car.with_user(self._role('service_manager'))._override('test', self._reason('override'))
        self.reasons[:] = [('test_wash', 'TST-09', "The windows are dirty too.", None)]
        self.assertEqual(self._codes(), [('TST-09', 'override')])

    def test_a_gate_set_to_block_afterwards_blocks_again(self):
        self._set('test_wash', 'override')
        self.reasons.pop()
        self.car.with_user(self._role('service_manager'))._override('test', self._reason('override'))
        self._set('test_wash', 'block')
        self.assertEqual(self._codes(), [('TST-01', 'block')])

    def test_others_cannot_override(self):
        self._set('test_wash', 'override')
        self._set('test_pay', 'override')
        advisor = self._role('advisor')
        self.assertFalse(any(blocker['can_override'] for blocker in self.car.with_user(advisor).get_blockers('test')))
        with self.assertBlocked('BAS-03', UserError):
            self.car.with_user(advisor)._override('test', self._reason('override'))
        with self.assertBlocked('BAS-01', UserError):
            self.env['aftersales.override'].with_user(self._role('service_manager')).sudo().create({
                'gate': 'test_wash', 'res_model': 'aftersales.vehicle', 'res_id': self.car.id, 'user_id': advisor.id,
                'reason_id': self._reason('override').id, 'company_id': self.company.id,
            })

    def test_a_gate_may_name_another_person_in_charge(self):
        self._set('test_wash', 'override')
        self.reasons.pop()
        group = 'aftersales_service.group_frontdesk_supervisor'
        wash = {'test_wash': {'name': "Washed", 'rule': '', 'large': {'*': 'block'}, 'small': {}, 'group': group}}
        supervisor = self._role('frontdesk_supervisor')
        with self._declared(wash):
            self.car.with_user(supervisor)._override('test', self._reason('override'))
        self.assertEqual(self._codes(), [])

    def test_overrides_stay_as_they_are(self):
        self._set('test_wash', 'override')
        self.reasons.pop()
        override = self.car.with_user(self._role('service_manager'))._override('test', self._reason('override'))
        with self.assertBlocked('BAS-01', UserError):
            override.note = "Never mind"
        with self.assertBlocked('BAS-05', UserError):
            override.unlink()
        manager = self._role('service_manager')
        counted = self.env['aftersales.override'].with_user(manager)._read_group(
            [('company_id', '=', self.company.id)], ['gate', 'user_id', 'create_date:month'], ['count:sum'],
        )
        self.assertEqual([(gate, user, count) for gate, user, _month, count in counted], [('test_wash', manager, 1)])
        self.assertEqual(self._row('test_wash').override_count, 1)

    def test_a_button_opens_the_dialog_only_when_something_blocks(self):
        self.assertEqual(self.car._gate_action('test')['res_model'], 'aftersales.gate.wizard')
        self._set('test_wash', 'warn')
        self.reasons.pop()
        self.assertFalse(self.car._gate_action('test'))


class TestGateDialog(GateDocumentCase):
    """The dialog: all reasons, the cure of each, the override with reason, and the way on."""

    def _dialog(self, user, method=None):
        action = self.car.with_user(user).action_explain('test', method)
        return self.env[action['res_model']].with_user(user).with_context(**action['context']).create({})

    def test_it_lists_every_reason_and_opens_its_cure(self):
        dialog = self._dialog(self._role('advisor'))
        self.assertEqual(dialog.line_ids.mapped('code'), ['TST-01', 'TST-02'])
        self.assertEqual(dialog.record_name, self.car.display_name)
        self.assertEqual(dialog.line_ids[0].cure_label, "Wash it")
        self.assertEqual(dialog.line_ids[0].action_cure()['res_model'], 'aftersales.vehicle')
        self.assertFalse(dialog.can_override)
        self.assertFalse(dialog.is_free)

    def test_the_screen_works_as_the_browser_opens_it(self):
        self._set('test_wash', 'override')
        self._set('test_pay', 'override')
        manager = self._role('service_manager')
        action = self.car.with_user(manager).action_explain('test', 'action_archive')
        wizards = self.env[action['res_model']].with_user(manager).with_context(**action['context'])
        with Form(wizards) as form:
            self.assertEqual(form.record_name, self.car.display_name)
            self.assertEqual(len(form.line_ids), 2)
            form.reason_id = self._reason('override', 'urgent')
        form.record.action_override()
        self.assertFalse(self.car.active)

    def test_one_hard_reason_makes_the_override_useless(self):
        self._set('test_wash', 'override')
        self.assertFalse(self._dialog(self._role('service_manager')).can_override)

    def test_the_manager_overrides_and_goes_on(self):
        self._set('test_wash', 'override')
        self._set('test_pay', 'override')
        dialog = self._dialog(self._role('service_manager'), 'action_archive')
        self.assertTrue(dialog.can_override)
        with self.assertBlocked('BAS-08', UserError):
            dialog.action_override()
        dialog.reason_id = self._reason('override', 'manager')
        with self.assertBlocked('BAS-08', UserError):
            dialog.action_override()
        dialog.note = "Talked to him"
        dialog.action_override()
        self.assertFalse(self.car.active, "the dialog went on with the step")
        self.assertEqual(self._codes(), [])

    def test_lines_sent_by_rpc_override_nothing(self):
        advisor = self._role('advisor')
        dialog = self._dialog(advisor)
        dialog.line_ids.write({'can_override': True, 'level': 'override'})
        dialog.reason_id = self._reason('override')
        with self.assertBlocked('BAS-03', UserError):
            dialog.action_override()

    def test_it_explains_only_documents_with_gates_that_the_user_may_read(self):
        wizards = self.env['aftersales.gate.wizard'].with_user(self._role('advisor'))
        for model in ('res.partner', 'no.such.model'):
            with self.assertBlocked('BAS-09', UserError):
                wizards.create({'res_model': model, 'res_id': self.customer.id, 'target': 'test'}).action_refresh()
        other = self._make_company("Second Shop")
        hidden = self.env['aftersales.vehicle'].create({'license_plate': "粤B99999", 'company_id': other.id})
        with self.assertRaises(AccessError):
            wizards.create({
                'res_model': 'aftersales.vehicle', 'res_id': hidden.id, 'target': 'test',
            }).action_refresh()

    def test_it_goes_on_only_by_what_a_button_could_call(self):
        self.reasons.clear()
        with patch.object(self.registry['aftersales.vehicle'], '_secret', lambda car: 1 / 0, create=True):
            for method in ('_secret', 'unlink', 'no_such'):
                result = self._dialog(self._role('advisor'), method).action_continue()
                self.assertEqual(result['type'], 'ir.actions.act_window_close')
        self.assertTrue(self.car.exists())
