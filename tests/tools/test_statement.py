import io
from datetime import timedelta

import openpyxl
from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..common import SIGNATURE, AftersalesCommon


class TestToolStatement(AftersalesCommon):
    """R-TOOL-01, R-DOC-22: the general ledger, the sub-ledgers and the holders at any past date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.category = cls._make_tool_category()
        cls.other_keeper = cls._make_employee("Parts keeper Fang")
        with freeze_time(fields.Datetime.now() - timedelta(days=3)):
            cls.tool = cls._make_tool("Puller", cls.category, purchase_value=300.0)
            cls.other = cls._make_tool("Vice", cls.category, purchase_value=200.0)
            cls.tool._check_out(cls.tech)

    def _statement(self, role='tool_keeper', **values):
        statement = self.env['aftersales.tool.statement'].with_user(self._role(role)).create(values)
        statement.action_show()
        return statement

    def test_three_sums_agree_at_any_date(self):
        self.other._hand_on(to_keeper=self.other_keeper)
        self.tool._take_back()
        self.tool._dispose("Sold")
        today = self.company._aftersales_today()
        now, then = self._statement(), self._statement(date=today - timedelta(days=2))
        before = self._statement(date=today - timedelta(days=9))
        for statement, pieces in ((now, 1), (then, 2), (before, 0)):
            with self.subTest(date=statement.date):
                self.assertTrue(statement.is_even)
                self.assertEqual(
                    (statement.general_total, statement.keeper_total, statement.holder_total), (pieces,) * 3)
        self.assertEqual(sum(then.line_ids.mapped('out_qty')), 1)
        self.assertEqual(sum(then.line_ids.mapped('value')), 500.0)
        own = self._statement(keeper_id=self.other_keeper.id)
        self.assertEqual(own.line_ids.tool_id, self.other.with_user(own.env.user))
        self.assertEqual(own.keeper_total, 1)

    def test_a_falsified_entry_is_seen(self):
        """R-TOOL-01: whoever changes an entry in the database breaks the proof."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_tool_move SET source_keeper_id = NULL WHERE tool_id = %s AND kind = 'checkout'", [self.tool.id])
        self.env.invalidate_all()
        self.assertFalse(self._statement().is_even)

    def test_workbook_and_print(self):
        """R-DOC-22: the same for the accountant's folder."""
        statement = self._statement('accountant')
        name, content = statement._download('ledger')
        self.assertTrue(name.endswith('.xlsx'))
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        self.assertEqual(len(book.sheetnames), 2)
        cells = [cell.value for row in book.worksheets[1] for cell in row]
        self.assertIn("Master Li", cells)
        html = self._html('report_tool_statement', statement)
        self.assertIn("Puller", html)
        self.assertIn("Keeper Duan", html)

    def test_not_for_everybody(self):
        with self.assertRaises(AccessError):
            self._statement('technician')


class TestToolDialog(AftersalesCommon):
    """The keeper's dialog calls the verbs of the ledger, each once (R-TOOL-04, R-TOOL-10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.tool = cls._make_tool("Puller", cls._make_tool_category("Gauges", calibration_months=12),
                                  calibration_due='2099-01-01')

    def _record(self, tools, act, **values):
        context = tools.action_act()['context']
        wizard = self.env['aftersales.tool.act.wizard'].with_user(self.keeper_user).with_context(**context).create(
            {'act': act, **values})
        wizard.action_apply()

    def test_each_act(self):
        self.tool._check_out(self.tech)
        steps = [
            ('hand_on', {'employee_id': self.tech2.id}, 'out'),
            ('loss', {'note': "Gone"}, 'lost'),
            ('found', {}, 'in_store'),
            ('calibration_out', {'note': "Institute"}, 'calibration'),
            ('calibration_in', {'certificate': SIGNATURE, 'certificate_name': 'c.pdf'}, 'in_store'),
            ('damage', {'note': "Broken"}, 'repair'),
            ('disposal', {'note': "Not worth it"}, 'disposed'),
        ]
        for act, values, state in steps:
            with self.subTest(act=act):
                self._record(self.tool, act, **values)
                self.assertEqual(self.tool.state, state)
        wrong = self.tool.move_ids.sorted('id')[-1]
        self.env['aftersales.tool.act.wizard'].with_user(self.keeper_user).with_context(
            **wrong.with_user(self.keeper_user).action_reverse()['context']).create({'note': "Too early"}).action_apply()
        self.assertEqual(self.tool.state, 'repair')

    def test_exchange_and_keeper(self):
        category = self._make_tool_category("Personal", behaviour='personal')
        old, new = self._make_tool("Ratchet", category), self._make_tool("Ratchet", category)
        old._check_out(self.tech, signature=SIGNATURE)
        with Form(self.env['aftersales.tool.act.wizard'].with_user(self.keeper_user).with_context(
                **old.with_context(aftersales_act='exchange').action_act()['context'])) as form:
            self.assertEqual(form.act, 'exchange')
            form.new_tool_id = new
            form.signature = SIGNATURE
        form.record.action_apply()
        self.assertEqual(new.holder_employee_id, self.tech)
        self._record(new, 'to_keeper', employee_id=self.leader.id)
        self.assertEqual(new.keeper_id, self.leader)


class TestTeamCheck(AftersalesCommon):
    """R-TOOL-13: the leader looks at the team's tools before work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.jack = cls._make_tool("Jack", cls._make_tool_category("Team", behaviour='team'))
        cls.jack._check_out(team=cls.team)

    def test_checked_once_a_day_by_the_leader(self):
        Check = self.env['aftersales.tool.team.check'].with_user(self.leader.user_id)
        check = Check.create({'missing_ids': [(6, 0, self.jack.ids)], 'note': "Not in the bay"})
        self.assertRecordValues(check, [{
            'team_id': self.team.id, 'tool_count': 1, 'is_complete': False, 'user_id': self.leader.user_id.id,
        }])
        self.assertEqual(self.jack.sudo().activity_ids.user_id, self.keeper_user)
        with self.assertBlocked('TOO-51'):
            check.write({'missing_ids': [(5,)]})
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            Check.create({})
            self.env.flush_all()

    def test_the_list_to_look_at(self):
        """R-TOOL-13: what the team holds now, pieces shared with another team included; only these can be missing."""
        sockets = self._make_tool("Sockets", self._make_tool_category("Counted", tracking='quantity'), quantity=4)
        sockets._check_out(team=self.team)
        sockets._check_out(self.tech)
        with Form(self.env['aftersales.tool.team.check'].with_user(self.leader.user_id)) as form:
            self.assertEqual(len(form.team_tool_ids), 2)
            form.missing_ids.add(sockets.with_user(self.leader.user_id))
        self.assertEqual((form.record.tool_count, form.record.missing_ids.ids), (2, sockets.ids))
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=1)), self.assertBlocked('TOO-52'):
            self.env['aftersales.tool.team.check'].with_user(self.leader.user_id).create(
                {'missing_ids': [(6, 0, self._make_tool("Puller").ids)]})

    def test_not_by_others(self):
        other = self._make_user('team_leader', login='other_leader')
        with self.assertBlocked('TOO-52'):
            self.env['aftersales.tool.team.check'].with_user(other).create({'team_id': self.team.id})
