from odoo.exceptions import AccessError
from odoo.tests import Form

from ..common import AftersalesCommon
from ..concurrency import AftersalesConcurrencyCase


class TestToolLoss(AftersalesCommon):
    """R-TOOL-06, R-PEN-16: what a lost tool was worth waits until accounting says who bears it, and only until then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.company._aftersales_fix_tool_accounts()
        cls.company.aftersales_tool_amortisation = 'straight'
        cls.accountant = cls._role('accountant')
        product = cls._make_part(on_hand=1, cost=100.0)
        category = cls._make_tool_category("Wrenches", service_life_months=60)
        cls.tool = cls.env['aftersales.tool'].with_user(cls.keeper_user)._put_in_use(product, 1, category)
        cls.owed = cls.env['account.account'].create({
            'code': '199901', 'name': "Owed by employees", 'account_type': 'asset_current',
            'company_ids': [(6, 0, cls.company.ids)],
        })
        cls.company.aftersales_employee_account_id = cls.owed
        cls.expense = cls.company._aftersales_tool_account('expense')
        cls.books = cls.tool.with_user(cls.accountant)

    def _lose(self):
        self.tool._check_out(self.tech)
        self.tool._record_loss("Not in the cart")
        self._book()

    def _book(self):
        self.company.with_user(self.accountant)._aftersales_book_tools()
        self.tool.sudo().invalidate_recordset()

    def _balance(self, account):
        return sum(self.env['account.move.line'].search([
            ('account_id', '=', account.id), ('parent_state', '=', 'posted'), ('aftersales_tool_id', '=', self.tool.id),
        ]).mapped('balance'))

    def _waiting(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env['aftersales.tool'].with_user(self.accountant).search([('pending_amount', '!=', 0)])

    def test_it_waits_even_after_disposal(self):
        """R-TOOL-06: disposed of or not, it stands on the list and in the cockpit until it is decided."""
        self.assertNotIn(self.tool, self._waiting())
        self._lose()
        self.assertEqual(self.books.pending_amount, 100.0)
        self.tool._dispose("Not found after a month")
        self._book()
        self.assertEqual((self.tool.state, self.books.pending_amount), ('disposed', 100.0))
        self.assertIn(self.tool, self._waiting())
        boxes = self.env['aftersales.desk.accountant'].with_user(self.accountant).with_company(self.company).get_data()
        box = next(box for box in boxes['boxes'] if box['code'] == 'lost_tools')
        self.assertGreaterEqual(box['amount'], 100.0)

    def test_the_employee_pays_his_share(self):
        """R-PEN-16: the compensation of the incident is proposed, never more than what is pending; decided once."""
        self._lose()
        incident = self.tool.incident_ids
        incident._report()
        incident.write({'opinion': "Left in a car", 'treatment': 'compensation', 'share_percent': 30.0,
                        'statement_refused': True, 'witness_id': self.leader.id})
        incident._give_opinion()
        incident._hand_over()
        wizard = self.env['aftersales.tool.loss.wizard'].with_user(self.accountant).create({'tool_id': self.tool.id})
        self.assertEqual((wizard.employee_id, wizard.employee_amount), (self.tech, incident.compensation_amount))
        self.assertEqual((wizard.employee_account_id, wizard.account_id), (self.owed, self.expense))
        wizard.employee_amount = 30.0
        wizard.action_decide()
        self.assertEqual([self._balance(self.owed), self.books.pending_amount], [30.0, 0.0])
        self.assertEqual(
            self.env['account.move.line'].search([('account_id', '=', self.owed.id)]).partner_id,
            self.tech.work_contact_id)
        self.assertNotIn(self.tool, self._waiting())
        self.assertFalse([row for row in self.company._aftersales_integrity() if row['code'] in ('TOO-I5', 'TOO-I6')])
        with self.assertBlocked('TOO-95'):
            self.books._decide_loss(self.expense)

    def test_a_decision_is_taken_back(self):
        self._lose()
        with self.assertBlocked('TOO-95'):
            self.books._undo_loss_decision()
        self.books._decide_loss(self.expense)
        self.books._undo_loss_decision()
        self.assertEqual(self.books.pending_amount, 100.0)
        with self.assertBlocked('TOO-95'):
            self.books._undo_loss_decision()
        self.books._decide_loss(self.expense, self.tech, 100.0, self.owed)
        self.assertEqual(self._balance(self.owed), 100.0)

    def test_found_after_the_decision_waits_again(self):
        """R-TOOL-01: it is back on the books; what was decided stands the other way round until decided anew."""
        self._lose()
        self.books._decide_loss(self.expense)
        self.tool._record_found("Under the lift")
        self._book()
        self.assertEqual(self.tool.sudo().book_cost, 100.0)
        self.assertEqual(self.books.pending_amount, -100.0)
        self.books._decide_loss(self.expense)
        self.assertEqual((self.books.pending_amount, self._balance(self.expense)), (0.0, 0.0))

    def test_shares_must_make_sense(self):
        self._lose()
        for share in (
            (self.expense, self.tech, 100.01, self.owed), (self.expense, self.tech, -1.0, self.owed),
            (self.expense, None, 10.0, self.owed), (self.expense, self.tech, 10.0, None),
            (None, self.tech, 10.0, self.owed),
        ):
            with self.assertBlocked('TOO-96'):
                self.books._decide_loss(*share)
        self.assertEqual(self.books.pending_amount, 100.0)

    def test_only_the_accountant_decides(self):
        """R-TOOL-06: the keeper sees what waits, accounting decides; by RPC too."""
        self._lose()
        self.assertEqual(self.tool.with_user(self.keeper_user).pending_amount, 100.0)
        for method in ('_decide_loss', '_undo_loss_decision'):
            with self.assertBlocked('TOO-93'):
                getattr(self.tool.with_user(self.keeper_user), method)(*([self.expense] if method == '_decide_loss' else []))
        with self.assertRaises(AccessError):
            self.env['aftersales.tool.loss.wizard'].with_user(self.keeper_user).create({'tool_id': self.tool.id})
        with self.assertRaises(AccessError):
            self.tool.with_user(self.tech.user_id).read(['pending_amount'])
        with self.assertBlocked('BAS-01'):
            self.books.sudo().write({'loss_decided_at': False})

    def test_the_dialog(self):
        self._lose()
        with Form(self.env['aftersales.tool.loss.wizard'].with_user(self.accountant).with_context(
            default_tool_id=self.tool.id)) as form:
            self.assertEqual(form.pending_amount, 100.0)
        form.record.action_decide()
        self.assertTrue(form.record.has_decision)
        form.record.action_take_back()
        self.assertEqual(self.books.pending_amount, 100.0)


class TestTwoAccountants(AftersalesConcurrencyCase):
    """R-TOOL-06: two accountants decide the same loss at once: it is booked once."""

    def setUp(self):
        super().setUp()
        cls = type(self)
        with self.registry.cursor() as cr:
            # What the company remembers of its books is older than the test: put back before the rest is wiped.
            cr.execute("""
                SELECT column_name FROM information_schema.columns
                 WHERE table_name = 'res_company' AND column_name ~ '^aftersales_(tool.*|.*_journal)_id$'
            """)
            columns = [name for name, in cr.fetchall()]
            cr.execute(f"SELECT id, {', '.join(columns)} FROM res_company")
            self.addCleanup(self._put_back, columns, cr.fetchall())
        with self.committed():
            cls.keeper_user = cls._make_user('tool_keeper', login='two_accountants')
            cls.keeper = cls._make_employee("Two accountants", cls.keeper_user)
            self.company._aftersales_fix_tool_accounts()
            tool = self.env['aftersales.tool'].with_user(cls.keeper_user)._put_in_use(
                cls._make_part(on_hand=1, cost=80.0), 1, cls._make_tool_category("Race wrenches"))
            tool._record_loss("Gone")
            # Written off before it is amortised, whatever the company's way.
            self.company._aftersales_write_off(self.company._aftersales_today())
            self.tool_id = tool.id
            self.account_id = self.company._aftersales_tool_account('expense').id

    def _put_back(self, columns, rows):
        with self.registry.cursor() as cr:
            for company_id, *values in rows:
                cr.execute(
                    f"UPDATE res_company SET {', '.join(f'{name} = %s' for name in columns)} WHERE id = %s",
                    (*values, company_id))

    def test_booked_once(self):
        def decide(env):
            return env['aftersales.tool'].browse(self.tool_id)._decide_loss(
                env['account.account'].browse(self.account_id)).ids

        results = self.race(decide, decide)
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('TOO-95', str(refused[0]))
        with self.committed():
            self.assertEqual(self.env['aftersales.tool'].browse(self.tool_id).pending_amount, 0.0)
