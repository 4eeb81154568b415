from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw

from ..common import SIGNATURE, AftersalesCommon


class TestToolAttacks(AftersalesCommon):
    """R-TOOL-01, R-TOOL-02, R-PERM-05: what a person with a login and a script can try, through the door of the RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.category = cls._make_tool_category()
        cls.tool = cls._make_tool("Puller", cls.category)
        cls.sockets = cls._make_tool("Socket", cls._make_tool_category("Sockets", tracking='quantity'), quantity=6)

    def _rpc(self, user, model, method, *args, **kwargs):
        """Call a public method as the web client of a user does."""
        return call_kw(self.env[model].with_user(user), method, args, kwargs)

    def _facts(self):
        """Return all there is in the ledger and on the tools."""
        self.env.flush_all()
        self.env.invalidate_all()
        tools = (self.tool | self.sockets).sudo()
        return tools.read(['state', 'available_qty', 'quantity', 'holder_employee_id', 'due_at', 'keeper_id']) + \
            tools.move_ids.sorted('id').read(['kind', 'quantity', 'at', 'open_qty', 'dest_employee_id', 'due_at', 'note'])

    def _assert_refused(self, user, model, method, *args, **kwargs):
        """The call is refused, in words or for lack of rights, and nothing has changed."""
        before = self._facts()
        try:
            with self.cr.savepoint():
                answer = self._rpc(user, model, method, *args, **kwargs)
                self.env.flush_all()
        except UserError:  # AccessError and ValidationError are such
            self.assertEqual(self._facts(), before)
        else:
            self.fail(f'{user.login} could call {model}.{method}: {answer}')

    def test_the_ledger_is_written_by_no_role(self):
        """R-TOOL-01: create, write, unlink, import, copy; every role of the shop, and the administrator."""
        loan = self.tool._check_out(self.tech)
        vals = {
            'name': 'X', 'kind': 'return', 'tool_id': self.tool.id, 'company_id': self.company.id, 'quantity': 1,
            'source_place': 'employee', 'dest_place': 'store', 'user_id': self.env.uid, 'at': '2026-01-01 00:00:00',
        }
        users = [self._role(role) for role in (
            'tool_keeper', 'technician', 'parts_keeper', 'service_manager', 'accountant', 'hr_officer', 'general_manager')]
        for user in [*users, self.env.ref('base.user_admin')]:
            for method, args in (
                ('create', [vals]), ('create', [[vals, vals]]), ('write', [loan.ids, {'quantity': 2}]),
                ('write', [loan.ids, {'at': '2026-01-01 00:00:00'}]), ('write', [loan.ids, {'due_at': False}]),
                ('write', [loan.ids, {'photo_ids': [(5,)]}]), ('unlink', [loan.ids]), ('copy', [loan.ids]),
                ('web_save', [loan.ids, {'note': "x"}, {'note': {}}]), ('web_save', [[], vals, {'name': {}}]),
                ('name_create', ["X"]),
            ):
                with self.subTest(user=user.login, method=method):
                    self._assert_refused(user, 'aftersales.tool.move', method, *args)
        loaded = self._rpc(self.keeper_user, 'aftersales.tool.move', 'load', ['name', 'kind', 'quantity'], [['X', 'receipt', '1']])
        self.assertFalse(loaded['ids'])

    def test_not_through_the_records_around_it(self):
        """R-TOOL-01: entries nested in a tool, an order or a check are refused like any other."""
        loan = self.tool._check_out(self.tech)
        new = {'name': 'X', 'kind': 'receipt', 'quantity': 9, 'source_place': 'outside', 'dest_place': 'store',
               'company_id': self.company.id, 'user_id': self.env.uid, 'at': '2026-01-01 00:00:00'}
        manager = self._role('service_manager')
        for command in ((0, 0, new), (1, loan.id, {'quantity': 3}), (2, loan.id), (3, loan.id), (5,)):
            with self.subTest(command=command):
                self._assert_refused(manager, 'aftersales.tool', 'write', self.tool.ids, {'move_ids': [command]})
        order = self._make_order()
        self._assert_refused(manager, 'aftersales.repair.order', 'write', order.ids, {'tool_move_ids': [(4, loan.id)]})

    def test_the_key_of_the_guard_cannot_be_sent(self):
        """R-TOOL-01: a context from outside opens nothing."""
        loan = self.tool._check_out(self.tech)
        keys = [key for key in loan._guarded().env.context if key not in loan.env.context]
        for value in (True, 1, 'sentinel', {}):
            context = dict.fromkeys(keys, value)
            self._assert_refused(
                self.keeper_user, 'aftersales.tool.move', 'write', loan.ids, {'open_qty': 0}, context=context)
            self._assert_refused(
                self.keeper_user, 'aftersales.tool', 'write', self.tool.ids, {'state': 'in_store'}, context=context)

    def test_private_verbs_are_not_callable(self):
        """R-TOOL-02: the verbs of the ledger start with an underscore and stay inside."""
        for method in ('_check_out', '_take_back', '_post_moves', '_receive', '_dispose', '_project', '_guarded'):
            self._assert_refused(self.keeper_user, 'aftersales.tool', method, self.tool.ids)

    def test_backdating(self):
        """R-TOOL-01: an entry carries the second in which it was made, whatever the request says."""
        yesterday = fields.Datetime.now() - timedelta(days=1)
        context = {'default_at': yesterday, 'default_due_at': yesterday, 'default_kind': 'return'}
        self._rpc(self.keeper_user, 'aftersales.desk.tools', 'lend', self.tool.ids, self.tech.id, context=context)
        loan = self.tool._open_moves()
        self.assertGreater(loan.at, yesterday + timedelta(hours=23))
        self.assertEqual((loan.kind, loan.due_at), ('checkout', self.tool._return_time()))
        with self.assertRaises(TypeError):
            self._rpc(self.keeper_user, 'aftersales.desk.tools', 'lend', self.tool.ids, self.tech.id, at='2026-01-01')
        with self.assertRaises(TypeError):
            self._rpc(self.keeper_user, 'aftersales.desk.tools', 'take_back', self.tool.id, at='2026-01-01')

    def test_a_technician_confirms_nothing(self):
        """R-TOOL-02, R-PERM-05: no method of counter, tool, dialog, check or incident lets a borrower return or lend."""
        loan = self.tool._check_out(self.tech)
        technician = self.tech.user_id
        for user in (technician, self._role('advisor'), self._role('cashier'), self._role('parts_keeper')):
            for method, args in (
                ('scan', [self.tool.code]), ('take_back', [self.tool.id]), ('lend', [self.sockets.ids, self.tech.id]),
                ('record_damage', [self.tool.id, "x"]), ('send_calibration', [self.tool.id]),
                ('report_missing', [self.tool.id, []]), ('sign', [loan.ids, SIGNATURE.decode(), "x"]), ('get_data', []),
                ('search_quick', ["Pul"]),
            ):
                with self.subTest(user=user.login, method=method):
                    self._assert_refused(user, 'aftersales.desk.tools', method, *args)
            self._assert_refused(user, 'aftersales.tool', 'action_receive', self.sockets.ids)
            self._assert_refused(user, 'aftersales.tool.act.wizard', 'create', {
                'act': 'found', 'tool_ids': [(6, 0, self.tool.ids)]})

    def test_the_dialog_of_another_person_is_not_applied(self):
        """R-TOOL-02: a dialog that the keeper opened is not pressed by the technician."""
        self.tool._check_out(self.tech)
        wizard = self.env['aftersales.tool.act.wizard'].with_user(self.keeper_user).create(
            {'act': 'loss', 'tool_ids': [(6, 0, self.tool.ids)], 'note': "x"})
        self._assert_refused(self.tech.user_id, 'aftersales.tool.act.wizard', 'action_apply', wizard.ids)

    def test_nothing_is_borrowed_for_or_by_another_company(self):
        """R-TOOL-07: not its people, not its orders, not its teams, not its tools; even for who works in both."""
        other = self.env['res.company'].create({'name': "Other shop"})
        self.keeper_user.company_ids |= other
        stranger = self._make_employee("Stranger", company_id=other.id, barcode='STRANGER')
        order = self.env['aftersales.repair.order'].with_company(other).create({
            'company_id': other.id, 'partner_id': self._make_order().partner_id.id})
        context = {'allowed_company_ids': [self.company.id, other.id]}
        lend = ('aftersales.desk.tools', 'lend', self.tool.ids)
        self._assert_refused(self.keeper_user, *lend, stranger.id, context=context)
        self._assert_refused(self.keeper_user, *lend, self.tech.id, order_id=order.id, context=context)
        self._assert_refused(self.keeper_user, *lend, self.tech.id, context={'allowed_company_ids': [other.id]})
        seen = self._rpc(self.keeper_user, 'aftersales.desk.tools', 'scan', 'STRANGER', context=context)
        self._assert_refused(
            self.keeper_user, 'aftersales.desk.tools', 'scan', self.tool.code, person_id=seen['id'], context=context)
        self.tool._check_out(self.tech)
        for values in ({'employee_id': stranger.id}, {'act': 'to_keeper', 'employee_id': stranger.id}):
            wizard = self.env['aftersales.tool.act.wizard'].with_user(self.keeper_user).create(
                {'act': 'hand_on', 'tool_ids': [(6, 0, self.tool.ids)], **values})
            self._assert_refused(self.keeper_user, 'aftersales.tool.act.wizard', 'action_apply', wizard.ids)

    def test_lending_to_oneself_above_the_value(self):
        """R-TOOL-02: not by oneself, not by naming a colleague, one's own badge, or a badge from outside."""
        self.company.action_aftersales_apply_defaults('small')
        other = self.env['res.company'].create({'name': "Other shop"})
        self.keeper_user.company_ids |= other
        self._make_employee("Stranger", company_id=other.id, barcode='STRANGER')
        context = {'allowed_company_ids': [self.company.id, other.id]}
        for badge in (False, '', 'Master Li', str(self.tech.id), self.keeper.sudo().barcode, 'STRANGER', '%'):
            answer = self._rpc(self.keeper_user, 'aftersales.desk.tools', 'lend', self.tool.ids, self.keeper.id,
                               second_badge=badge, context=context)
            self.assertEqual((answer['kind'], answer['blockers'][0]['code']), ('blocked', 'TOO-22'), badge)
        self.assertEqual(self.tool.state, 'in_store')
        with self.assertRaises(TypeError):
            self._rpc(self.keeper_user, 'aftersales.desk.tools', 'lend', self.tool.ids, self.keeper.id, second_id=self.tech.id)
        # Through the back door: to a colleague first, then handed on to oneself.
        self.tool._check_out(self.tech)
        wizard = self.env['aftersales.tool.act.wizard'].with_user(self.keeper_user).create(
            {'act': 'hand_on', 'tool_ids': [(6, 0, self.tool.ids)], 'employee_id': self.keeper.id})
        self._assert_refused(self.keeper_user, 'aftersales.tool.act.wizard', 'action_apply', wizard.ids)
        wizard.second_badge = 'LI01'
        self._rpc(self.keeper_user, 'aftersales.tool.act.wizard', 'action_apply', wizard.ids)
        self.assertEqual(self.tool.holder_employee_id, self.keeper)

    def test_the_setting_is_not_the_keepers(self):
        """R-TOOL-02: who is held by a gate does not turn it off, nor raises the value up to which it does not count."""
        gate = self.env['aftersales.profile.gate'].search([('code', '=', 'tool_self_loan'), ('company_id', '=', self.company.id)])
        self._assert_refused(self.keeper_user, 'aftersales.profile.gate', 'write', gate.ids, {'level': 'off'})
        self._assert_refused(self.keeper_user, 'res.company', 'write', self.company.ids, {'aftersales_tool_self_value': 9999})

    def test_a_check_is_not_approved_by_who_made_it_over_another_login_of_his_role(self):
        """R-TOOL-10: lines of a finished check stand, its facts are not typed, its differences need another person."""
        check = self.env['aftersales.tool.check'].with_user(self.keeper_user).create(
            {'kind': 'count', 'keeper_id': self.keeper.id})
        check.action_all_present()
        check.line_ids.filtered(lambda line: line.tool_id == self.sockets).write({'found_qty': 4, 'reason': "x"})
        check._finish()
        for method, args in (
            ('action_approve', [check.ids]), ('write', [check.ids, {'finished_by_id': self.tech.user_id.id}]),
            ('write', [check.ids, {'line_ids': [(1, check.line_ids[0].id, {'found_qty': 1})]}]),
            ('write', [check.ids, {'state': 'approved'}]), ('unlink', [check.ids]),
        ):
            before = self._facts()
            try:
                with self.cr.savepoint():
                    answer = self._rpc(self.keeper_user, 'aftersales.tool.check', method, *args)
            except UserError:
                answer = None
            # The button answers with the dialog that explains.
            self.assertTrue(answer is None or answer.get('res_model') == 'aftersales.gate.wizard', method)
            self.assertEqual((check.state, self._facts()), ('counted', before))

    def test_portal_and_public_see_no_tool(self):
        """R-TOOL-07: nobody from outside even reads the tool room."""
        portal = self.env['res.users'].create({
            'name': "Customer", 'login': 'tool_portal', 'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)]})
        for user in (portal, self.env.ref('base.public_user')):
            for model in ('aftersales.tool', 'aftersales.tool.move', 'aftersales.tool.incident', 'aftersales.tool.check'):
                with self.assertRaises(AccessError):
                    self._rpc(user, model, 'search_read', [], ['id'])
            self._assert_refused(user, 'aftersales.desk.tools', 'scan', self.tool.code)
