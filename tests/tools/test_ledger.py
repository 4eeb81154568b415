from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.models.tools.const import Spot

from ..common import SIGNATURE, AftersalesCommon


class TestToolLedger(AftersalesCommon):
    """R-TOOL-01, R-TOOL-02, R-TOOL-04: one append-only ledger; everything else is added up from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.tool = cls._make_tool("Puller")

    def _assert_sound(self):
        """The tools say what the ledger says."""
        found = [row for row in self.company._aftersales_integrity() if row['code'].startswith('TOO')]
        self.assertEqual(found, [])

    def test_received_lent_and_returned(self):
        """R-TOOL-02, R-TOOL-04: a loan names borrower, order, time and due; the return condition and receiver."""
        order = self._make_order()
        loan = self.tool._check_out(self.tech, order=order)
        self.assertRecordValues(self.tool, [{
            'state': 'out', 'holder_employee_id': self.tech.id, 'available_qty': 0, 'quantity': 1,
        }])
        self.assertRecordValues(loan, [{
            'kind': 'checkout', 'order_id': order.id, 'open_qty': 1, 'keeper_id': self.keeper.id,
            'user_id': self.keeper_user.id, 'due_at': self.tool._return_time(), 'dest_keeper_id': self.keeper.id,
        }])
        back = self.tool._take_back('worn', "Tip blunt")
        self.assertRecordValues(back, [{
            'kind': 'return', 'condition': 'worn', 'note': "Tip blunt", 'previous_move_id': loan.id,
            'order_id': order.id, 'source_employee_id': self.tech.id,
        }])
        self.assertEqual(loan.open_qty, 0)
        self.assertRecordValues(self.tool, [{'state': 'in_store', 'holder_employee_id': False, 'due_at': False}])
        self._assert_sound()

    def test_balances_at_any_past_moment(self):
        """R-TOOL-01: general ledger = sub-ledgers = holders, today and at any moment before."""
        sockets = self._make_tool("Wheel sockets", self._make_tool_category("Sockets", tracking='quantity'), quantity=8)
        start = fields.Datetime.now()
        self.env['aftersales.tool.move'].flush_model()
        self.env.cr.execute("UPDATE aftersales_tool_move SET at = at - interval '2 day' WHERE tool_id = %s", [sockets.id])
        sockets._check_out(self.tech, quantity=3)
        sockets._check_out(self.tech2, quantity=2)
        self.assertEqual(sockets._balances()[sockets], {
            Spot('store', self.keeper.id): 3,
            Spot('employee', self.keeper.id, self.tech.id): 3,
            Spot('employee', self.keeper.id, self.tech2.id): 2,
        })
        self.assertEqual(sockets._balances(start - timedelta(days=1))[sockets], {Spot('store', self.keeper.id): 8})
        self.assertEqual(sockets._balances(start - timedelta(days=3))[sockets], {})
        self._assert_sound()

    def test_nobody_edits_the_ledger(self):
        """R-TOOL-01: no role writes, creates or deletes an entry, nor a projection of it; not by RPC, not as superuser."""
        loan = self.tool._check_out(self.tech)
        vals = {'kind': 'receipt', 'tool_id': self.tool.id, 'name': 'X', 'quantity': 1, 'user_id': self.env.uid}
        for role in ('tool_keeper', 'service_manager', 'accountant', 'general_manager', 'technician'):
            move = loan.with_user(self._role(role))
            for change in ({'quantity': 5}, {'open_qty': 0}, {'note': "x"}, {'at': fields.Datetime.now()}):
                with self.subTest(role=role, change=change), self.assertBlocked('TOO-19'):
                    move.write(change)
            with self.subTest(role=role), self.assertRaises(AccessError):
                move.unlink()
            with self.subTest(role=role), self.assertBlocked('TOO-19'):
                move.create(vals)
        with self.assertBlocked('TOO-19'):
            loan.sudo().write({'note': "x"})
        with self.assertBlocked('TOO-19'):
            loan.sudo()._guarded().write({'quantity': 2})
        with self.assertBlocked('TOO-19'):
            loan.sudo().unlink()
        with self.assertBlocked('TOO-19'):
            loan.sudo().create(vals)
        for change in ({'state': 'in_store'}, {'available_qty': 5}, {'holder_employee_id': False}, {'due_at': False}):
            with self.assertBlocked('BAS-01'):
                self.tool.write(change)

    def test_what_the_ledger_relies_on_is_settled(self):
        """R-TOOL-01: keeper, category and calibration of a tool in the ledger change by an entry only."""
        for change in (
            {'keeper_id': self.tech.id}, {'calibration_due': '2099-01-01'},
            {'category_id': self._make_tool_category("Other").id},
        ):
            with self.assertBlocked('TOO-13'):
                self.tool.write(change)
        with self.assertBlocked('TOO-10'):
            self.tool.category_id.behaviour = 'team'
        with self.assertBlocked('TOO-14'):
            self.tool.active = False
        with self.assertBlocked('TOO-15'):
            self.tool.sudo().unlink()
        self.tool.write({'keeper_id': self.keeper.id, 'shelf': "C-04"})

    def test_new_tool_gets_the_next_code(self):
        """R-TOOL-01: each tool has a code of its own in the company."""
        with Form(self.env['aftersales.tool'].with_user(self.keeper_user)) as form:
            form.name = "Vacuum pump"
            form.category_id = self.tool.category_id
        tool = form.record
        self.assertRegex(tool.code, r'^T-\d{4}$')
        self.assertEqual(tool.keeper_id, self.keeper)
        self.assertEqual(tool.state, 'new')
        tool.action_receive()
        self.assertRecordValues(tool, [{'state': 'in_store', 'quantity': 1}])
        with self.assertBlocked('TOO-08'):
            tool._receive()
        with self.assertRaisesRegex(Exception, 'code_uniq'), mute_logger('odoo.sql_db'), self.cr.savepoint():
            tool.copy({'code': tool.code})

    def test_kit_goes_whole_and_comes_back_with_names_of_what_lacks(self):
        """R-TOOL-02: a box is lent whole; on return the missing piece is named and stays with the borrower."""
        kit = self._make_tool("Timing set", pieces=("Pin A", "Pin B", "Bar"))
        pin = kit.piece_ids[0]
        with self.assertBlocked('TOO-03'):
            pin._check_out(self.tech)
        moves = kit._check_out(self.tech)
        self.assertEqual(len(moves), 4)
        self.assertEqual(len(set(moves.mapped('name'))), 1, "one slip")
        with self.assertBlocked('TOO-03'):
            pin._take_back()
        back = kit._take_back(missing=pin)
        self.assertEqual(back.filtered(lambda move: move.tool_id == kit).condition, 'incomplete')
        self.assertEqual(kit.missing_piece_ids, pin)
        self.assertEqual(pin.holder_employee_id, self.tech)
        with self.assertBlocked('TOO-33'):
            self.tool._take_back(missing=pin)
        pin._take_back()
        self.assertFalse(kit.missing_piece_ids)
        self._assert_sound()

    def test_counted_tools_know_each_holder(self):
        """R-TOOL-01: several people hold pieces of one record; each returns his own."""
        sockets = self._make_tool("Sockets", self._make_tool_category("Sockets", tracking='quantity'), quantity=4)
        sockets._check_out(self.tech, quantity=1)
        sockets._check_out(self.tech2, quantity=2)
        with self.assertBlocked('TOO-09'):
            sockets._check_out(self.tech, quantity=2)
        with self.assertBlocked('TOO-32'):
            sockets._take_back()
        with self.assertBlocked('TOO-16'):
            sockets._take_back(employee=self.tech, quantity=2)
        sockets._take_back(employee=self.tech2, quantity=1)
        self.assertEqual(sockets.available_qty, 2)
        self.assertEqual(sum(sockets._open_moves(employee=self.tech2).mapped('open_qty')), 1)
        self._assert_sound()

    def test_wrong_entry_is_reversed(self):
        """R-TOOL-01: a wrong entry is taken back by another one, once, while the pieces are still there."""
        loan = self.tool._check_out(self.tech)
        with self.assertBlocked('TOO-28'):
            loan._reverse(" ")
        reversal = loan._reverse("Wrong badge")
        self.assertRecordValues(reversal, [{
            'kind': 'reversal', 'reversed_move_id': loan.id, 'note': "Wrong badge", 'dest_place': 'store',
        }])
        self.assertEqual(self.tool.state, 'in_store')
        for move in (loan, reversal):
            with self.assertBlocked('TOO-29'):
                move._reverse("Again")
        loan = self.tool._check_out(self.tech2)
        back = self.tool._take_back()
        with self.assertBlocked('TOO-29'):
            loan._reverse("Too late")
        back._reverse("Scanned the wrong one")
        self.assertRecordValues(self.tool, [{
            'state': 'out', 'holder_employee_id': self.tech2.id, 'due_at': loan.due_at,
        }])
        self._assert_sound()

    def test_reversed_loan_of_a_kit_takes_its_pieces_along(self):
        kit = self._make_tool("Timing set", pieces=("Pin", "Bar"))
        moves = kit._check_out(self.tech)
        reversal = moves.filtered(lambda move: move.tool_id == kit)._reverse("Wrong person")
        self.assertEqual(len(reversal), 3)
        self.assertEqual(set((kit | kit.piece_ids).mapped('state')), {'in_store'})
        self._assert_sound()

    def test_hand_on_to_a_colleague_and_to_another_keeper(self):
        """R-TOOL-01, R-CON-08: handed on it keeps its order; in another sub-ledger the general ledger stays."""
        loan = self.tool._check_out(self.tech)
        self.tool._hand_on(self.tech2)
        self.assertEqual(self.tool.holder_employee_id, self.tech2)
        self.assertEqual(loan.open_qty, 0)
        with self.assertBlocked('TOO-34'):
            self.tool._hand_on(self.tech2)
        keeper = self._make_employee("Parts keeper Fang", self._make_user('parts_keeper', login='fang'))
        self.tool._hand_on(to_keeper=keeper)
        self.assertEqual(self.tool._balances()[self.tool], {Spot('employee', keeper.id, self.tech2.id): 1})
        self.assertEqual(self.tool.keeper_id, keeper)
        self._assert_sound()
        # R-TOOL-15: a parts keeper may keep special tools; he confirms theirs, and no others.
        self.tool.with_user(keeper.user_id)._take_back()
        with self.assertBlocked('TOO-01'):
            self._make_tool("Not his").with_user(keeper.user_id)._check_out(self.tech)

    def test_damage_repair_loss_found_disposal(self):
        """R-TOOL-10: each event is an entry; a lost tool stays on the books until it is disposed of."""
        self.tool._check_out(self.tech)
        moves = self.tool._take_back('damaged', "Jaw broken")
        self.assertEqual(moves.mapped('kind'), ['return', 'damage'])
        self.assertEqual(self.tool.state, 'repair')
        self.tool._take_back()
        self.tool._check_out(self.tech2)
        loss = self.tool._record_loss("Left in a car")
        self.assertEqual(loss.source_employee_id, self.tech2)
        self.assertRecordValues(self.tool, [{'state': 'lost', 'quantity': 1, 'available_qty': 0}])
        self.tool._record_found()
        self.assertEqual(self.tool.state, 'in_store')
        with self.assertBlocked('TOO-38'):
            self.tool._record_found()
        self.tool._record_loss("Gone")
        with self.assertBlocked('TOO-39'):
            self.tool._dispose("")
        self.tool._dispose("Written off")
        self.assertRecordValues(self.tool, [{'state': 'disposed', 'quantity': 0}])
        self.tool.active = False
        self._assert_sound()

    def test_tool_that_is_out_is_not_disposed_of(self):
        self.tool._check_out(self.tech)
        with self.assertBlocked('TOO-40'):
            self.tool._dispose("Old")

    def test_count_correction(self):
        """R-TOOL-10: a difference of a count is an entry with its reason."""
        sockets = self._make_tool("Sockets", self._make_tool_category("Sockets", tracking='quantity'), quantity=4)
        sockets._correct(-1, "Counted 3")
        self.assertEqual(sockets.available_qty, 3)
        sockets._correct(2, "Counted 5")
        self.assertEqual(sockets.quantity, 5)
        for difference in (0, -6):
            with self.assertBlocked('TOO-41'):
                sockets._correct(difference, "No")
        with self.assertBlocked('TOO-41'):
            self.tool._correct(1, "A second one of a numbered tool")
        self._assert_sound()

    def test_integrity_finds_a_falsified_tool(self):
        """R-TOOL-01: whoever changes a balance in the database is found."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE aftersales_tool SET available_qty = 7 WHERE id = %s", [self.tool.id])
        self.env.invalidate_all()
        codes = [row['code'] for row in self.company._aftersales_integrity()]
        self.assertIn('TOO-I1', codes)
        self.assertNotIn('TOO-I2', codes)
        self.env.cr.execute("UPDATE aftersales_tool SET keeper_id = %s WHERE id = %s", [self.tech.id, self.tool.id])
        self.env.invalidate_all()
        self.assertIn('TOO-I2', [row['code'] for row in self.company._aftersales_integrity()])

    def test_own_loans_only(self):
        """R-DOC-22: a technician sees his own loans in the register, the keeper all of them."""
        mine = self.tool._check_out(self.tech)
        other = self._make_tool("Vice")._check_out(self.tech2)
        seen = self.env['aftersales.tool.move'].with_user(self.tech.user_id).search([('kind', '=', 'checkout')])
        self.assertEqual(seen, mine)
        seen = self.env['aftersales.tool.move'].with_user(self.keeper_user).search([('kind', '=', 'checkout')])
        self.assertEqual(seen, mine | other)

    def test_other_company_sees_nothing(self):
        """Tools and entries stay in their company."""
        stranger = self.env['res.company'].create({'name': "Other shop"})
        user = self._make_user('tool_keeper', login='stranger')
        user.write({'company_ids': [(6, 0, stranger.ids)], 'company_id': stranger.id})
        for model in ('aftersales.tool', 'aftersales.tool.move'):
            self.assertFalse(self.env[model].with_user(user).with_context(allowed_company_ids=stranger.ids).search([]))
        with self.assertRaises(AccessError):
            self.tool.with_user(user).with_context(allowed_company_ids=stranger.ids)._check_out(self.tech)

    def test_borrower_may_sign(self):
        """R-TOOL-02: the signature stands on the entry with name and time."""
        loan = self.tool._check_out(self.tech, signature=SIGNATURE)
        self.assertEqual(loan.signature, SIGNATURE)
        self.assertEqual(loan.signed_by, "Master Li")
        self.assertTrue(loan.signed_at)

    def test_a_change_of_keeper_is_reversed_whole(self):
        """R-TOOL-01, R-CON-08: all pieces go back into the former sub-ledger; older entries stay as they are."""
        sockets = self._make_tool("Sockets", self._make_tool_category("Sockets", tracking='quantity'), quantity=8)
        sockets._check_out(self.tech, quantity=3)
        back = sockets._take_back(quantity=1)
        other = self._make_employee("Keeper Bai")
        change = sockets._hand_on(to_keeper=other)
        self.assertEqual(len(change), 2, "what lies there and what is out")
        with self.assertBlocked('TOO-29'):
            back._reverse("Booked in the former sub-ledger")
        change[0]._reverse("Wrong keeper")
        self.assertEqual(sockets.keeper_id, self.keeper)
        self.assertEqual(sockets._balances()[sockets], {
            Spot('store', self.keeper.id): 6, Spot('employee', self.keeper.id, self.tech.id): 2,
        })
        self._assert_sound()

    def test_an_exchange_is_reversed_whole(self):
        """R-TOOL-09: the old tool back in his hands, the new one on the shelf."""
        category = self._make_tool_category("Personal", behaviour='personal')
        old, new = self._make_tool("Ratchet", category), self._make_tool("Ratchet", category)
        old._check_out(self.tech, signature=SIGNATURE)
        old._exchange(new, signature=SIGNATURE)[1]._reverse("Wrong one")
        self.assertEqual((old.state, old.holder_employee_id, new.state), ('out', self.tech, 'in_store'))
        self._assert_sound()

    def test_less_than_one_piece_is_refused_everywhere(self):
        """R-TOOL-01: no verb takes a number that is not there, nor a negative one."""
        sockets = self._make_tool("Sockets", self._make_tool_category("Sockets", tracking='quantity'), quantity=4)
        sockets._check_out(self.tech, quantity=2)
        for verb, code in (
            (lambda: sockets._receive(quantity=0), 'TOO-09'), (lambda: sockets._receive(quantity=-2), 'TOO-09'),
            (lambda: sockets._check_out(self.tech, quantity=-1), 'TOO-09'),
            (lambda: sockets._take_back(quantity=-1), 'TOO-16'), (lambda: sockets._hand_on(self.tech2, quantity=-1), 'TOO-16'),
            (lambda: sockets._send_calibration(quantity=-1), 'TOO-09'), (lambda: sockets._send_calibration(quantity=3), 'TOO-09'),
            (lambda: sockets._record_loss("x", quantity=-1), 'TOO-16'), (lambda: sockets._dispose("x", quantity=-1), 'TOO-40'),
        ):
            with self.subTest(code=code), self.assertBlocked(code):
                verb()
        self._assert_sound()

    def test_a_piece_that_lacks_is_a_loan_of_its_own(self):
        """R-TOOL-02, R-TOOL-03: what came back without its box's piece is seen at the counter, on the order, when late."""
        order = self._make_order()
        kit = self._make_tool("Timing set", pieces=("Pin", "Bar"))
        kit._check_out(self.tech, order=order)
        desk = self.env['aftersales.desk.tools'].with_user(self.keeper_user)

        def seen():
            self.env.invalidate_all()
            loans = desk.get_data(self.tech.id)['person']['loans']
            return [loan['name'] for loan in loans], desk.get_data()['counts']['out'], order.tool_out_count

        self.assertEqual(seen(), (["Timing set"], 1, 1))
        kit._take_back(missing=kit.piece_ids[0])
        self.assertEqual(seen(), (["Pin"], 1, 1))
        self._set_gate('tool_overdue', 'off')
        kit._check_out(self.tech2)
        self.assertEqual(seen()[0], ["Pin"], "the box went on to somebody else")
        pin = kit.piece_ids[0]
        with freeze_time(pin._open_moves().due_at + timedelta(hours=1)):
            self.env['aftersales.tool.move']._cron_remind()
        self.assertEqual(pin.sudo().activity_ids.user_id, self.tech.user_id)
        self.assertFalse(kit.piece_ids[1].sudo().activity_ids, "the box stands for it")
