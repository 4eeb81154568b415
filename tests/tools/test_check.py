from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time
from odoo.tools import mute_logger

from ..common import SIGNATURE, AftersalesCommon


class TestToolCheck(AftersalesCommon):
    """R-TOOL-05, R-TOOL-10: spot checks, counts with differences and approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.tool = cls._make_tool("Puller", cls._make_tool_category("Pullers", behaviour='personal'))
        cls.sockets = cls._make_tool("Socket 10", cls._make_tool_category("Sockets", tracking='quantity'), quantity=10)
        cls._set_gate('tool_issue_receipt', 'warn')
        cls.Check = cls.env['aftersales.tool.check'].with_user(cls.keeper_user)
        cls.manager = cls._role('service_manager')

    def _count(self):
        return self.Check.create({'kind': 'count', 'keeper_id': self.keeper.id})

    def _integrity(self):
        return [row['message'] for row in self.company._aftersales_integrity() if row['code'].startswith('TOO')]

    def test_a_count_lists_what_the_sub_ledger_says(self):
        """R-TOOL-10: expected pieces come from the ledger; everything there closes it without approval."""
        self.tool._check_out(self.tech)
        check = self._count()
        self.assertEqual({line.tool_id: line.expected_qty for line in check.line_ids}, {self.sockets: 10})
        with self.assertBlocked('TOO-74'):
            check._finish()
        check.action_all_present()
        check._finish()
        self.assertEqual((check.state, check.difference_count), ('approved', 0))

    def test_scanning_counts(self):
        check = self._count()
        with Form(check) as form:
            form.scan = self.tool.code
            form.scan = self.sockets.code
            form.scan = self.sockets.code
        found = {line.tool_id: line.found_qty for line in check.line_ids if line.is_counted}
        self.assertEqual(found, {self.tool: 1, self.sockets: 2})

    def test_differences_need_reason_and_another_person(self):
        """R-TOOL-10: gates tool_check_reason and tool_check_second at block and off; then the ledger is corrected."""
        check = self._count()
        check.action_all_present()
        line = check.line_ids.filtered(lambda line: line.tool_id == self.sockets)
        line.write({'found_qty': 8, 'settlement': 'correction'})
        with self.assertBlocked('TOO-75'):
            check._finish()
        line.reason = "Two were written in twice"
        check._finish()
        self.assertEqual(check.state, 'counted')
        self.assertEqual(self.sockets.quantity, 10, "counting changes nothing")
        with self.assertBlocked('TOO-76'):
            check._approve()
        check.with_user(self.manager)._approve()
        self.assertEqual((self.sockets.quantity, line.move_ids.kind), (8, 'correction'))
        self.assertFalse(self._integrity())

    def test_gates_off_let_one_person_do_it_all(self):
        """R-TOOL-10: the small shop's levels."""
        self._set_gate('tool_check_reason', 'off')
        self._set_gate('tool_check_second', 'off')
        check = self._count()
        check.action_all_present()
        check.line_ids.filtered(lambda line: line.tool_id == self.sockets).write({'found_qty': 12})
        check._finish()
        check._approve()
        self.assertEqual(self.sockets.quantity, 12)
        self.assertFalse(self._integrity())

    def test_missing_at_a_spot_check_is_a_loss_with_an_incident(self):
        """R-TOOL-05, R-TOOL-06: what a person cannot show is lost once somebody else approves it."""
        self.tool._check_out(self.tech)
        check = self.Check.create({'kind': 'spot', 'employee_id': self.tech.id})
        self.assertEqual(check.line_ids.tool_id, self.tool)
        check.line_ids.write({'is_counted': True, 'found_qty': 0, 'reason': "Not in his cart"})
        check._finish()
        check.with_user(self.manager)._approve()
        self.assertEqual((self.tool.state, self.tool.incident_ids.employee_id), ('lost', self.tech))
        self.assertFalse(self._integrity())

    def test_spot_check_of_a_team(self):
        """R-TOOL-05: the common tools of a team; what lacks is a loss for which its leader is asked."""
        jack = self._make_tool("Jack", self._make_tool_category("Team", behaviour='team'))
        jack._check_out(team=self.team)
        self.sockets._check_out(self.tech, quantity=2)
        self.tool._check_out(self.tech)
        check = self.Check.create({'kind': 'spot', 'team_id': self.team.id})
        self.assertEqual((check.subject, check.line_ids.tool_id), (self.team.name, jack))
        check.line_ids.action_missing()
        check.line_ids.reason = "Not in the bay"
        check._finish()
        check.with_user(self.manager)._approve()
        incident = jack.incident_ids
        self.assertEqual((jack.state, incident.team_id, incident.employee_id), ('lost', self.team, self.leader))
        self.assertEqual(self.tool.state, 'out', "what a member holds himself is another check")
        self.assertFalse(self._integrity())

    def test_a_spot_check_is_of_one(self):
        """R-TOOL-05: a person or a team, not both, not none; one open check each."""
        for values in ({}, {'employee_id': self.tech.id, 'team_id': self.team.id}):
            with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
                self.Check.create({'kind': 'spot', **values})
                self.env.flush_all()
        self.Check.create({'kind': 'spot', 'team_id': self.team.id})
        self.Check.create({'kind': 'spot', 'employee_id': self.tech.id})
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.Check.create({'kind': 'spot', 'team_id': self.team.id})
            self.env.flush_all()

    def test_teams_are_on_the_schedule(self):
        """R-TOOL-05: by the days of the settings, each team once."""
        self._make_tool("Jack", self._make_tool_category("Team", behaviour='team'))._check_out(team=self.team)
        self.assertFalse(self.Check.sudo()._schedule(self.company))
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=31)):
            checks = self.Check.sudo()._schedule(self.company)
            self.assertEqual((checks.team_id, checks.employee_id.ids), (self.team, []))
            self.assertEqual(checks.activity_ids.user_id, self.keeper_user)
            self.assertFalse(self.Check.sudo()._schedule(self.company))

    def test_one_press_a_tool_on_the_phone(self):
        """R-TOOL-05: here, or missing; not on a finished check."""
        check = self._count()
        check.line_ids.action_present()
        self.assertEqual((check.to_count, check.difference_count), (0, 0))
        line = check.line_ids.filtered(lambda line: line.tool_id == self.sockets)
        line.action_missing()
        self.assertEqual((line.found_qty, line.difference), (0, -10))
        line.action_present()
        check._finish()
        with self.assertBlocked('TOO-73'):
            line.action_missing()

    def test_what_moved_meanwhile_is_taken_again(self):
        check = self._count()
        check.action_all_present()
        self.tool._check_out(self.tech)
        with self.assertBlocked('TOO-78'):
            check._finish()
        check.action_refresh()
        check._finish()
        self.assertEqual(check.line_ids.tool_id, self.sockets)

    def test_schedule(self):
        """R-TOOL-05: everybody who holds tools so many days; not twice, not before."""
        self.company.aftersales_tool_check_days = 30
        self.tool._check_out(self.tech)
        self.assertFalse(self.Check.sudo()._schedule(self.company).filtered(lambda c: c.employee_id == self.tech))
        self.env.cr.execute("UPDATE aftersales_tool_move SET at = at - interval '40 days'")
        self.env.invalidate_all()
        checks = self.Check.sudo()._schedule(self.company)
        self.assertEqual((checks.employee_id, checks.activity_ids.user_id), (self.tech, self.keeper_user))
        self.assertFalse(self.Check.sudo()._schedule(self.company))
        checks.action_all_present()
        checks._finish()
        self.assertFalse(self.Check.sudo()._schedule(self.company), "checked today")

    def test_others_see_no_checks(self):
        """R-TOOL-05: the keeper checks; technicians and team leaders do not look into each other's."""
        check = self._count()
        with self.assertRaises(AccessError):
            check.with_user(self.leader.user_id).read(['name'])
        with self.assertRaises(AccessError):
            self.Check.with_user(self.leader.user_id).create({'kind': 'spot', 'employee_id': self.tech.id})

    def test_facts_cannot_be_typed(self):
        check = self._count()
        with self.assertBlocked('BAS-01'):
            check.line_ids[0].write({'expected_qty': 3})
        with self.assertBlocked('BAS-01'):
            check.write({'state': 'approved'})
        with self.assertBlocked('TOO-73'):
            check.line_ids.create({'check_id': check.id, 'tool_id': self.tool.id})
        with self.assertBlocked('aftersales_tool_check_subject'), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.Check.create({'kind': 'spot'}).flush_recordset()

    def test_lent_between_count_and_approval(self):
        """R-TOOL-10: what was counted as missing and then lent is not written off behind the borrower's back."""
        check = self._count()
        check.action_all_present()
        check.line_ids.filtered(lambda line: line.tool_id == self.tool).write({'found_qty': 0, 'reason': "Not there"})
        check.line_ids.filtered(lambda line: line.tool_id == self.sockets).write({
            'found_qty': 8, 'reason': "Two short", 'settlement': 'correction'})
        check._finish()
        self.tool._check_out(self.tech, signature=SIGNATURE)
        with self.assertBlocked('TOO-78') as caught:
            check.with_user(self.manager)._approve()
        self.assertIn(self.tool.code, str(caught.exception))
        self.assertNotIn(self.sockets.code, str(caught.exception), "eight of ten are still there")
        self.tool._take_back()
        self.sockets._check_out(self.tech, quantity=3)
        check.with_user(self.manager)._approve()
        self.assertEqual((self.tool.state, self.sockets.quantity, self.sockets.available_qty), ('lost', 8, 5))
        self.assertFalse(self._integrity())

    def test_a_numbered_tool_is_found_once(self):
        check = self._count()
        with Form(check) as form:
            form.scan = self.tool.code
            form.scan = self.tool.code
        line = check.line_ids.filtered(lambda line: line.tool_id == self.tool)
        self.assertEqual(line.found_qty, 1)
        with self.assertBlocked('TOO-79'):
            line.found_qty = 2

    def test_found_broken_goes_to_repair_on_approval(self):
        """R-TOOL-05, R-TOOL-10: from the shelf and out of the hands of who showed it."""
        shown = self._make_tool("Ratchet", self.tool.category_id)
        shown._check_out(self.tech, signature=SIGNATURE)
        checks = self._count() | self.Check.create({'kind': 'spot', 'employee_id': self.tech.id})
        for check in checks:
            check.action_all_present()
            check.line_ids.filtered(lambda line: line.tool_id in (self.tool, shown)).write({
                'condition': 'damaged', 'reason': "Jaw broken"})
            check._finish()
            check.with_user(self.manager)._approve()
        self.assertEqual((self.tool | shown).mapped('state'), ['repair', 'repair'])
        self.assertEqual(shown.move_ids.sorted('id')[-1].source_employee_id, self.tech)
        self.assertFalse(self._integrity())
