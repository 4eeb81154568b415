from odoo.exceptions import AccessError

from .count_common import CountFactory

NUMBERS = ('frozen_qty', 'book_at_count_qty', 'unit_cost')


class TestCountGates(CountFactory):
    """Who may count, approve and look, at block and at off."""

    def _different(self, **values):
        return self._counted({self.pad: 8, self.oil: 50, self.disc: 4}, **values)

    def test_every_line_counted(self):
        """R-PART-04: at block nothing is left out; at off an uncounted line has no difference; override is recorded."""
        self._set_gate('count_complete', 'block')
        count = self._started()
        self._enter(count, {self.pad: 10, self.disc: 4})
        with self.assertBlocked('CNT-10'):
            count._finish()
        self.assertEqual(count.action_finish()['res_model'], 'aftersales.gate.wizard')
        self._set_gate('count_complete', 'off')
        count._finish()
        self.assertEqual((count.state, count.counted_count, count.line_count), ('to_approve', 2, 3))
        self.assertEqual((self._line(count, self.oil).state, self._line(count, self.oil).difference_qty), ('missed', 0))

    def test_second_count(self):
        """R-PART-04: outside the tolerance twice; at off once."""
        self._set_gate('count_second', 'off')
        count = self._started()
        self._enter(count, {self.pad: 1, self.oil: 50, self.disc: 4})
        count._finish()
        self.assertEqual((count.state, self._line(count, self.pad).difference_qty), ('to_approve', -9))
        count.with_user(self.planner)._cancel(self._reason('cancel'))
        self._set_gate('count_second', 'block')
        count = self._started()
        self._enter(count, {self.pad: 1, self.oil: 50, self.disc: 4})
        count._finish()
        self.assertEqual(count.state, 'recount')
        with self.assertBlocked('CNT-23'):
            self._enter(count, {self.oil: 50}, self.second)

    def test_second_counter_is_another_person(self):
        """R-PART-04: at block the first counter is refused, at off he may."""
        count = self._started()
        self._enter(count, {self.pad: 1, self.oil: 50, self.disc: 4})
        count._finish()
        with self.assertBlocked('CNT-24'):
            self._enter(count, {self.pad: 1})
        self._set_gate('count_second_person', 'off')
        self._enter(count, {self.pad: 2})
        self.assertEqual(self._line(count, self.pad).second_qty, 2)

    def test_who_counted_does_not_approve(self):
        """R-PART-04: persons are compared, not roles: the manager who counted is refused at block, passes at off."""
        count = self._started()
        self._enter(count, {self.pad: 10, self.oil: 50, self.disc: 4}, self.manager)
        count._finish()
        with self.assertBlocked('CNT-12'):
            count.with_user(self.manager)._approve()
        self._set_gate('count_four_eyes', 'off')
        count.with_user(self.manager)._approve()
        self.assertEqual(count.state, 'decided')

    def test_reasons(self):
        """R-PART-04: a difference without a reason is refused at block, passes at off."""
        count = self._different()
        self._line(count, self.pad).reason_id = False
        with self.assertBlocked('CNT-11'):
            count.with_user(self.manager)._approve()
        self._set_gate('count_reason', 'off')
        count.with_user(self.manager)._approve()
        self.assertEqual(count.state, 'applied')

    def test_accountant_above_the_limit(self):
        """R-PART-04: up to the limit the manager's word is enough, above it nothing moves before the accountant's."""
        self.company.aftersales_count_limit = 160.0
        self.assertFalse(self._different().needs_accountant, "exactly the limit")
        self.env['aftersales.stock.count'].search([('state', '=', 'to_approve')])._cancel(self._reason('cancel'))
        self.company.aftersales_count_limit = 159.99
        count = self._different()
        count.with_user(self.manager)._approve()
        self.assertEqual((count.state, count.approved_by_id, self.pad.qty_available), ('to_approve', self.manager, 10))
        with self.assertBlocked('CNT-04'):
            count.with_user(self.manager)._approve()
        both = self._make_user('parts_manager', 'accountant', login='test_both')
        count._guarded().approved_by_id = both
        with self.assertBlocked('CNT-08'):
            count.with_user(both)._approve()
        count.with_user(self.accountant)._approve()
        self.assertEqual((count.state, count.accountant_id, self.pad.qty_available), ('applied', self.accountant, 8))

    def test_accountant_above_the_limit_warns_or_is_off(self):
        """R-PART-04: at warn the missing accountant is written down, at off not asked for."""
        self.company.aftersales_count_limit = 1.0
        for level in ('warn', 'off'):
            self._set_gate('count_accountant', level)
            count = self._counted({self.pad: self.pad.qty_available - 1, self.oil: 50, self.disc: 4})
            count.with_user(self.manager)._approve()
            self.assertEqual(count.state, 'applied')
            said = 'CNT-13' in ''.join(count.message_ids.mapped(lambda message: str(message.body)))
            self.assertEqual(said, level == 'warn')

    def test_roles(self):
        """R-PART-04: the keeper counts, the planner plans, the manager approves; others are denied."""
        Count = self.env['aftersales.stock.count']
        with self.assertRaises(AccessError):
            Count.with_user(self.keeper).create({'company_id': self.company.id})
        with self.assertRaises(AccessError):
            self.env['aftersales.stock.count.plan'].with_user(self.keeper).create({'name': "A"})
        plan = self._plan()
        for role in ('accountant', 'technician', 'advisor'):
            with self.subTest(role), self.assertBlocked('CNT-04'):
                plan.with_user(self._role(role))._start()
        count = self._different()
        for user in (self.keeper, self.planner, self.accountant):
            with self.subTest(user.login), self.assertBlocked('CNT-04'):
                self._set_gate('count_four_eyes', 'off')
                count.with_user(user)._approve()
        with self.assertBlocked('CNT-04'):
            count.with_user(self.keeper)._cancel(self._reason('cancel'))
        with self.assertBlocked('CNT-04'):
            count.with_user(self.planner)._send_back(False)
        with self.assertBlocked('CNT-04'):
            self.env['aftersales.desk.count'].with_user(self._role('technician')).get_data()

    def test_facts_are_not_written_by_hand(self):
        """R-PART-04: RPC can forge neither state, numbers, book nor approval; a begun count keeps its scope."""
        count = self._started()
        line = self._line(count, self.pad)
        for values in ({'state': 'applied'}, {'approved_by_id': self.keeper.id}, {'is_revealed': True}):
            with self.subTest(values), self.assertBlocked('BAS-01'):
                count.write(values)
        for values in ({'first_qty': 3}, {'difference_qty': 0}, {'second_by_id': self.second.id}, {'applied_value': 1.0}):
            with self.subTest(values), self.assertBlocked('BAS-01'):
                line.write(values)
        for values in ({'state': 'to_approve'}, {'absolute_value': 0.01}):
            with self.subTest(values), self.assertBlocked('BAS-01'):
                self._plan(**values)
        with self.assertBlocked('CNT-01'):
            count.is_blind = False
        with self.assertBlocked('CNT-20'):
            line.sudo().unlink()
        with self.assertBlocked('BAS-01'):
            self._plan(name="PD/1")
        self.assertEqual(self._plan().name[:3], 'PD/')
        self._enter(count, {self.pad: 10, self.oil: 50, self.disc: 4})
        count._finish()
        count.with_user(self.manager)._approve()
        with self.assertBlocked('CNT-19'):
            line.note = "afterwards"

    def test_blind_is_blind(self):
        """R-PART-04: while a blind count runs, neither reading, searching, grouping nor the desk gives the book."""
        count = self._started()
        self._enter(count, {self.oil: 49})
        lines = count.line_ids
        for name in NUMBERS:
            for way in (
                lambda name=name: lines.read([name]), lambda name=name: lines.search([(name, '>', 5)]),
                lambda name=name: lines._read_group([], [], [f'{name}:sum']),
                lambda name=name: lines.search([], order=name), lambda name=name: lines.with_user(self.manager).read([name]),
            ):
                with self.subTest(name), self.assertRaises(AccessError):
                    way()
        row = lines.read()[0]
        self.assertFalse([name for name in ('book_qty', 'moved_qty', 'difference_qty', 'counted_qty') if row[name]])
        data = self.env['aftersales.desk.count'].with_user(self.keeper).get_data(count.id)
        self.assertEqual(len(data['count']['lines']), 3)
        for row in data['count']['lines']:
            self.assertNotIn('book', row)
            self.assertNotIn(10, row.values())
        self.assertNotIn('>Book quantity<', self._html('report_stock_count_sheet', count))
        count.with_user(self.planner)._cancel(self._reason('cancel'))
        count = self._started(is_blind=False)
        self.assertEqual(self._line(count, self.pad).book_qty, 10)
        data = self.env['aftersales.desk.count'].with_user(self.keeper).get_data(count.id)
        self.assertIn(10, [row['book'] for row in data['count']['lines']])
        self.assertIn('>Book quantity<', self._html('report_stock_count_sheet', count))

    def test_values_are_for_the_accounts(self):
        """R-PART-04: what a difference is worth is shown to manager and accountant, not to the keeper."""
        count = self._different()
        line = self._line(count, self.pad)
        for name in ('difference_value', 'book_value'):
            with self.assertRaises(AccessError):
                line.read([name])
            self.assertTrue(line.with_user(self.manager).read([name])[0][name])
            self.assertTrue(line.with_user(self.accountant).read([name])[0][name])

    def test_other_company(self):
        """R-PART-04: counts of another company stay unseen."""
        count = self._started()
        other = self._make_user('parts_manager', login='test_other_manager')
        company = self.env['res.company'].create({'name': "Other"})
        other.write({'company_ids': [(6, 0, company.ids)], 'company_id': company.id})
        with self.assertRaises(AccessError):
            count.with_user(other).with_context(allowed_company_ids=company.ids).read(['name'])
        with self.assertRaises(AccessError):
            count.line_ids.with_user(other).with_context(allowed_company_ids=company.ids).read(['name'])

    def test_bypass(self):
        """R-PART-17: who adjusts stock past a count stands on the list until somebody else explains it."""
        count = self._counted({self.pad: 8, self.oil: 50, self.disc: 4})
        count.with_user(self.manager)._approve()
        self.assertEqual(self._count_findings(), [])
        quant = self.env['stock.quant'].search([('product_id', '=', self.disc.id), ('location_id', '=', self.shelf_b.id)])
        quant = quant.with_user(self.manager).with_context(inventory_mode=True)
        quant.inventory_quantity = 1
        quant.with_context(aftersales_count_lines={quant.id: count.line_ids[0].id}).action_apply_inventory()
        Move = self.env['stock.move']
        move = Move.search([*Move._aftersales_bypass_domain(), ('product_id', '=', self.disc.id)])
        self.assertEqual((move.quantity, move.create_uid), (3, self.manager))
        self.assertEqual(self._count_findings(), ['CNT-I2'])
        with self.assertBlocked('CNT-29'):
            move.with_user(self.manager).aftersales_count_line_id = count.line_ids[0]
        with self.assertBlocked('CNT-31'):
            move.with_user(self.manager)._aftersales_explain(self.reason)
        with self.assertBlocked('CNT-04'):
            move.with_user(self.keeper)._aftersales_explain(self.reason)
        with self.assertBlocked('CNT-30'):
            move.with_user(self.accountant)._aftersales_explain(self._reason('cancel'))
        wizard = self.env['aftersales.count.explain.wizard'].with_user(self.accountant).with_context(
            active_model='stock.move', active_ids=move.ids).create({'reason_id': self.reason.id, 'note': "forgotten scrap"})
        wizard.action_confirm()
        self.assertEqual((move.aftersales_explained_by_id, self._count_findings()), (self.accountant, []))

    def test_counted_is_not_adjusted(self):
        """R-PART-04: an edited movement of a count is found by the integrity list."""
        count = self._different()
        count.with_user(self.manager)._approve()
        self.env.cr.execute("DELETE FROM stock_move_line WHERE move_id IN %s", [tuple(count.line_ids.move_id.ids)])
        self.env.invalidate_all()
        self.assertEqual(self._count_findings(), ['CNT-I1'])

    def test_setup_check(self):
        """R-PART-04: the set-up check proposes the chart's account of pending differences, sets it and values the location by it."""
        self.company.aftersales_count_account_id = False

        def check():
            [row] = [row for row in self.company._aftersales_setup_checks() if row['code'] == 'count_account']
            return row
        self.assertFalse(check()['ok'])
        self.assertIn('1901', check()['message'])
        getattr(self.company, check()['fix'])()
        self.assertTrue(check()['ok'])
        self.assertEqual(self.company._aftersales_count_location().valuation_account_id, self.company.aftersales_count_account_id)
        self.account_pending.active = False
        self.assertFalse(check()['ok'])
