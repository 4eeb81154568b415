from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError

from ..common import SIGNATURE, AftersalesCommon

# 09:30 in Suzhou.
MORNING = '2026-11-20 01:30:00'


@freeze_time(MORNING)
class TestToolGates(AftersalesCommon):
    """Each gate at block and off; what is never off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(MORNING):
            cls._make_tool_room()
            cls.loan_category = cls._make_tool_category("Special tools")
            cls.tool = cls._make_tool("Puller", cls.loan_category)

    def _calibrated(self, due):
        category = self._make_tool_category("Torque wrenches", calibration_months=12)
        return self._make_tool("Torque wrench", category, calibration_due=due, shelf="C-04")

    def test_only_keepers_confirm(self):
        """R-TOOL-02: a technician lends nothing, not even what he holds; the keeper of the very tool does."""
        for verb in ('_check_out', '_hand_on'):
            with self.assertBlocked('TOO-01'):
                getattr(self.tool.with_user(self.tech.user_id), verb)(self.tech)
        with self.assertBlocked('TOO-01'):
            self.env['aftersales.desk.tools'].with_user(self.tech.user_id).get_data()
        self.tool._check_out(self.tech)
        with self.assertBlocked('TOO-01'):
            self.tool.with_user(self.tech.user_id)._take_back()
        with self.assertRaises(AccessError):
            self.tool.with_user(self.tech.user_id).write({'name': "Mine"})

    def test_nothing_leaves_the_company(self):
        """R-TOOL-07: no gate lets a tool go to a stranger, a former colleague or another company's staff."""
        stranger = self._make_employee("Stranger", company_id=self.env['res.company'].create({'name': "Other"}).id)
        former = self._make_employee("Former", active=False)
        for borrower in (stranger, former):
            with self.assertBlocked('TOO-05'):
                self.tool._check_out(borrower)
            with self.assertBlocked('TOO-05'):
                self.tool._hand_on(to_keeper=borrower)
        with self.assertBlocked('TOO-02'):
            self.tool._check_out()
        with self.assertBlocked('TOO-02'):
            self.tool._check_out(self.tech, team=self.team)

    def test_contractor(self):
        """R-TOOL-07: outside workers borrow nothing; the gate may warn but is never off."""
        contractor = self._make_employee("Contractor", employee_type='contractor')
        with self.assertBlocked('TOO-24'):
            self.tool._check_out(contractor)
        with self.assertBlocked('BAS-04'):
            self._set_gate('tool_contractor', 'off')
        self._set_gate('tool_contractor', 'warn')
        self.tool._check_out(contractor)

    def test_expired_calibration(self):
        """R-TOOL-11: an expired gauge is not lent, the message names another; sent and back it may be lent."""
        expired, valid = self._calibrated('2026-11-19'), None
        with self.assertBlocked('TOO-20'):
            expired._check_out(self.tech)
        valid = self._make_tool("Torque wrench B", expired.category_id, calibration_due='2027-08-15', shelf="C-04")
        with self.assertBlocked(valid.code):
            expired._check_out(self.tech)
        expired._send_calibration("Metrology institute")
        self.assertEqual(expired.state, 'calibration')
        with self.assertBlocked('TOO-37'):
            expired._receive_calibration('2026-11-01')
        expired._receive_calibration(certificate=('certificate.pdf', b'%PDF-1.4'))
        self.assertEqual(fields.Date.to_string(expired.calibration_due), '2027-11-20')
        self.assertTrue(self.env['ir.attachment'].search_count([
            ('res_model', '=', 'aftersales.tool'), ('res_id', '=', expired.id), ('name', '=', 'certificate.pdf'),
        ]))
        expired._check_out(self.tech)
        with self.assertBlocked('TOO-36'):
            expired._receive_calibration()

    def test_expired_calibration_may_only_warn(self):
        """R-TOOL-11: the setting: at warn it is written down, at off nobody is told."""
        tool = self._calibrated('2026-11-19')
        self._set_gate('tool_calibration', 'warn')
        tool._check_out(self.tech)
        self.assertIn('TOO-20', tool.message_ids[0].body)
        tool._take_back()
        self._set_gate('tool_calibration', 'off')
        written = len(tool.message_ids)
        tool._check_out(self.tech)
        self.assertEqual(len(tool.message_ids), written, "off says nothing")

    def test_override_of_a_tool_holds_for_the_day(self):
        """R-TOOL-11: an override with reason passes today's loan, not the one of next week."""
        tool = self._calibrated('2026-11-19')
        self._set_gate('tool_calibration', 'override')
        manager = self._role('service_manager')
        tool.with_user(manager)._override('lend', self._reason('override'))
        self.env['aftersales.override'].flush_model()
        self.env.cr.execute("UPDATE aftersales_override SET create_date = %s", [MORNING])
        self.env.invalidate_all()
        tool._check_out(self.tech)
        tool._take_back()
        with freeze_time('2026-11-27 01:30:00'), self.assertBlocked('TOO-20'):
            tool._check_out(self.tech)

    def test_overdue_blocks_the_next_loan(self):
        """R-TOOL-03, R-CON-09: due the same day at closing time; who is late borrows no other tool."""
        self.tool._check_out(self.tech)
        self.assertEqual(self.tool.due_at, fields.Datetime.to_datetime('2026-11-20 10:00:00'), "18:00 in the shop")
        other = self._make_tool("Vice", self.loan_category)
        with freeze_time('2026-11-20 10:00:01'):
            self.env.invalidate_all()
            self.assertTrue(self.tool.is_overdue)
            self.assertEqual(self.env['aftersales.tool'].search([('is_overdue', '=', True)]), self.tool.sudo(False))
            with self.assertBlocked('TOO-21'):
                other._check_out(self.tech)
            self._set_gate('tool_overdue', 'off')
            other._check_out(self.tech)

    def test_overdue_is_noticed_once(self):
        """R-TOOL-03: after closing time the borrower has a notice; returning takes it away."""
        loan = self.tool._check_out(self.tech)
        Move = self.env['aftersales.tool.move']
        Move._cron_remind()
        self.assertFalse(self.tool.sudo().activity_ids)
        with freeze_time('2026-11-20 10:15:00'):
            self.env.invalidate_all()
            Move._cron_remind()
            Move._cron_remind()
            self.assertEqual(self.tool.sudo().activity_ids.user_id, self.tech.user_id)
            self.assertEqual(len(self.tool.sudo().activity_ids), 1)
            self.assertEqual(Move.search([('is_overdue', '=', True)]), loan.sudo(False))
            self.tool._take_back()
            self.assertFalse(self.tool.sudo().activity_ids)

    def test_same_day(self):
        """R-TOOL-03: a special tool is not promised beyond closing time; a rescue set may stay out over night."""
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        with self.assertBlocked('TOO-27'):
            self.tool._check_out(self.tech, due_at=tomorrow)
        rescue = self._make_tool("Rescue case", self._make_tool_category("Rescue", is_rescue=True))
        rescue._check_out(self.tech)
        self.assertFalse(rescue.due_at)
        self._set_gate('tool_same_day', 'off')
        self.tool._check_out(self.tech, due_at=tomorrow)
        self.assertEqual(self.tool.due_at, tomorrow)

    @freeze_time('2026-11-20 11:00:00')
    def test_loan_after_closing_time_is_due_the_next_day(self):
        """R-TOOL-03: at 19:00 closing time has passed."""
        self.tool._check_out(self.tech)
        self.assertEqual(self.tool.due_at, fields.Datetime.to_datetime('2026-11-21 10:00:00'))

    def test_keeper_lends_to_himself(self):
        """R-TOOL-02: only with a second person, who is not he; a small shop up to a value."""
        with self.assertBlocked('TOO-22'):
            self.tool._check_out(self.keeper)
        with self.assertBlocked('TOO-22'):
            self.tool._check_out(self.keeper, second=self.keeper)
        loan = self.tool._check_out(self.keeper, second=self.tech)
        self.assertEqual(loan.second_id, self.tech)
        self.company.action_aftersales_apply_defaults('small')
        cheap = self._make_tool("Prybar", self.loan_category, purchase_value=40.0)
        cheap._check_out(self.keeper)
        dear = self._make_tool("Scope", self.loan_category, purchase_value=500.01)
        with self.assertBlocked('TOO-22'):
            dear._check_out(self.keeper)
        self._set_gate('tool_self_value', 'off')
        dear._check_out(self.keeper)

    def test_signature(self):
        """R-TOOL-02: at block the borrower signs before the tool leaves; at warn afterwards, once for all he has."""
        self._set_gate('tool_signature', 'block')
        with self.assertBlocked('TOO-23'):
            self.tool._check_out(self.tech)
        self.assertTrue(self.tool._check_out(self.tech, signature=SIGNATURE).signed_at)
        self.tool._take_back()
        self._set_gate('tool_signature', 'warn')
        loan = self.tool._check_out(self.tech)
        self.assertFalse(loan.signed_at)
        with self.assertBlocked('TOO-23'):
            loan._sign(False, "Li")
        loan._sign(SIGNATURE, "Master Li")
        self.assertEqual(loan.signed_by, "Master Li")
        with self.assertBlocked('TOO-48'):
            loan._sign(SIGNATURE, "Somebody else")

    def test_all_reasons_at_once(self):
        """R-TOOL-02: one refusal names everything that is in the way."""
        tool = self._calibrated('2026-11-19')
        self._set_gate('tool_signature', 'block')
        with self.assertBlocked('TOO-20') as caught:
            tool._check_out(self.keeper)
        for code in ('TOO-20', 'TOO-22', 'TOO-23'):
            self.assertIn(code, str(caught.exception))

    def test_incomplete_kit(self):
        """R-TOOL-02: lending a kit that lacks a piece is refused, or written down."""
        kit = self._make_tool("Timing set", self.loan_category, pieces=("Pin", "Bar"))
        kit._check_out(self.tech)
        kit._take_back(missing=kit.piece_ids[0])
        self._set_gate('tool_kit_incomplete', 'block')
        with self.assertBlocked('TOO-26'):
            kit._check_out(self.tech2)
        self._set_gate('tool_kit_incomplete', 'off')
        moves = kit._check_out(self.tech2)
        self.assertEqual(moves.tool_id, (kit | kit.piece_ids[1]).sudo(False))

    def test_personal_issue_and_exchange(self):
        """R-TOOL-09, R-CON-09: signed receipt, no due hour, one of a kind, old for new, not before the end of its life."""
        category = self._make_tool_category("Personal", behaviour='personal', service_life_months=24)
        old, new = self._make_tool("Ratchet", category), self._make_tool("Ratchet", category)
        with self.assertBlocked('TOO-23'):
            old._check_out(self.tech)
        with self.assertBlocked('TOO-06'):
            old._check_out(team=self.team, signature=SIGNATURE)
        old._check_out(self.tech, signature=SIGNATURE)
        self.assertFalse(old.due_at)
        self.assertEqual(fields.Date.to_string(old.service_until), '2028-11-20')
        with self.assertBlocked('TOO-25'):
            new._check_out(self.tech, signature=SIGNATURE)
        with self.assertBlocked('TOO-30'):
            old._exchange(new, signature=SIGNATURE)
        with freeze_time('2028-11-20 01:30:00'):
            due = self.env['aftersales.tool'].search([
                ('behaviour', '=', 'personal'), ('state', '=', 'out'), ('service_until', '<=', '2028-11-20')])
            self.assertEqual(due, old.sudo(False), "the list of exchanges that are due")
            with self.assertBlocked('TOO-23'):
                old._exchange(new)
            with self.assertBlocked('TOO-35'):
                old._exchange(self.tool, signature=SIGNATURE)
            moves = old._exchange(new, signature=SIGNATURE)
        self.assertEqual(moves.mapped('kind'), ['exchange', 'exchange'])
        self.assertEqual(len(set(moves.mapped('name'))), 1)
        self.assertRecordValues(old | new, [
            {'state': 'in_store', 'holder_employee_id': False}, {'state': 'out', 'holder_employee_id': self.tech.id},
        ])
        self.assertEqual(fields.Date.to_string(new.service_until), '2030-11-20')

    def test_early_exchange_and_second_issue_as_the_gates_say(self):
        """R-TOOL-09: off."""
        category = self._make_tool_category("Personal", behaviour='personal', service_life_months=24)
        tools = [self._make_tool("Ratchet", category) for _number in range(3)]
        self._set_gate('tool_exchange_early', 'off')
        self._set_gate('tool_issue_twice', 'off')
        tools[0]._check_out(self.tech, signature=SIGNATURE)
        tools[1]._check_out(self.tech, signature=SIGNATURE)
        tools[0]._exchange(tools[2], signature=SIGNATURE)
        self.assertEqual(tools[2].holder_employee_id, self.tech)

    def test_team_tools(self):
        """R-TOOL-13: held by the team; its leader is who answers."""
        tool = self._make_tool("Jack", self._make_tool_category("Team tools", behaviour='team'))
        with self.assertBlocked('TOO-06'):
            tool._check_out(self.tech)
        tool._check_out(team=self.team)
        self.assertRecordValues(tool, [{'holder_team_id': self.team.id, 'holder_employee_id': False, 'due_at': False}])

    def test_tool_that_is_out_names_its_holder(self):
        """R-TOOL-02: the second borrower is told who has it."""
        self.tool._check_out(self.tech)
        with self.assertBlocked('TOO-04') as caught:
            self.tool._check_out(self.tech2)
        self.assertIn("Master Li", str(caught.exception))

    def test_order_leaves_with_a_tool_still_out(self):
        """R-TOOL-03: shown when the car goes; may block it; off."""
        order = self._make_order()
        self.tool._check_out(self.tech, order=order)
        self.assertEqual(order.tool_out_count, 1)
        for level in ('warn', 'block'):
            self._set_gate('tool_open_on_order', level)
            found = {b.code: b.level for b in order._open_blockers('released')[order]}
            self.assertEqual(found.get('TOO-45'), level)
        self._set_gate('tool_open_on_order', 'off')
        self.assertNotIn('TOO-45', [b.code for b in order._open_blockers('released')[order]])
        self._set_gate('tool_open_on_order', 'block')
        self.tool._take_back()
        self.assertNotIn('TOO-45', [b.code for b in order._open_blockers('released')[order]])

    def test_residual_value(self):
        """R-TOOL-06: what a tool is still worth, by its service life."""
        category = self._make_tool_category("Life", service_life_months=24)
        tool = self._make_tool("Tester", category, purchase_value=240.0, bought_on='2026-01-15')
        self.assertEqual(tool._residual_value('2026-01-15')[tool], 240.0)
        self.assertEqual(tool._residual_value('2027-01-20')[tool], 120.0)
        self.assertEqual(tool._residual_value('2030-01-20')[tool], 0.0)

    def test_a_gauge_in_a_kit_is_a_gauge(self):
        """R-TOOL-11: a kit does not take an expired gauge along; at off it does; one that is away does no harm."""
        kit = self._make_tool("Brake kit", self.loan_category, pieces=("Pin",))
        gauges = self._make_tool_category("Gauges", calibration_months=12)
        gauge = self._make_tool("Gauge", gauges, receive=False, calibration_due='2026-11-19', parent_id=kit.id)
        gauge._receive()
        with self.assertBlocked('TOO-20') as caught:
            kit._check_out(self.tech)
        self.assertIn(gauge.code, str(caught.exception))
        gauge._send_calibration("Institute")
        moves = kit._check_out(self.tech)
        self.assertNotIn(gauge.id, moves.tool_id.ids)
        self.assertEqual(kit.missing_piece_ids.ids, gauge.ids)
        gauge._receive_calibration('2027-11-19')
        kit._take_back()
        self.assertFalse(kit.missing_piece_ids)
        kit._check_out(self.tech)
        self.assertEqual(gauge.state, 'out')
        kit._take_back()
        self._set_gate('tool_calibration', 'off')
        with freeze_time('2028-01-10 01:30:00'):
            kit._check_out(self.tech)
            self.assertEqual(gauge.state, 'out')

    def test_nobody_cheapens_a_tool_to_lend_it_to_himself(self):
        """R-TOOL-02: the price by which loans to oneself and compensation are measured is the head's to correct."""
        self.company.action_aftersales_apply_defaults('small')
        dear = self._make_tool("Scope", self.loan_category, purchase_value=5000.0)
        for change in ({'purchase_value': 1.0}, {'bought_on': '2010-01-01'}):
            with self.assertBlocked('TOO-13'):
                dear.write(change)
        with self.assertBlocked('TOO-22'):
            dear._check_out(self.keeper)
        dear.write({'purchase_value': 5000.0, 'shelf': "C-1"})
        dear.with_user(self._role('service_manager')).purchase_value = 4500.0
        self.assertEqual(dear.purchase_value, 4500.0)
