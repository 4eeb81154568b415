from odoo import fields
from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestIssue(AftersalesCommon):
    """Request, reservation, issue: R-PART-06, R-PART-07, R-PART-17, R-PERM-05."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.pads = cls._make_part("Brake pad", cost=100.0, on_hand=10)
        cls.disc = cls._make_part("Brake disc", cost=200.0, on_hand=2)
        cls.keeper = cls._role('parts_keeper')
        cls.keeper_employee = cls._make_employee("Keeper Zhao", cls.keeper)
        cls.technician = cls._make_employee("Master Li", cls._role('technician'))

    def test_signing_puts_the_picking_copy_into_the_keepers_list(self):
        """R-PART-07: signed means reserved and in the list, by promise, before anybody presses a button."""
        order = self._signed_order([(self.pads, 4), self.disc])
        picking = order.picking_ids
        self.assertRecordValues(
            picking,
            [
                {
                    'aftersales_kind': 'issue',
                    'state': 'assigned',
                    'aftersales_license_plate': order.license_plate,
                    'aftersales_promised_at': order.promised_at,
                    'location_dest_id': self.warehouse.aftersales_workshop_location_id.id,
                }
            ],
        )
        self.assertEqual(picking.aftersales_parts_label, '2/2')
        self.assertRecordValues(
            order.part_line_ids,
            [
                {'requested_qty': 4.0, 'reserved_qty': 4.0, 'issued_qty': 0.0, 'parts_state': 'reserved'},
                {'requested_qty': 1.0, 'reserved_qty': 1.0, 'issued_qty': 0.0, 'parts_state': 'reserved'},
            ],
        )
        found = (
            self.env['stock.picking']
            .with_user(self.keeper)
            .search([('aftersales_kind', '=', 'issue'), ('state', '=', 'assigned')])
        )
        self.assertIn(picking, found)
        order._request_parts()
        self.assertEqual(len(order.picking_ids.move_ids), 2, "Asking twice asks nothing.")

    def test_additional_work_joins_the_open_transfer(self):
        """R-PART-07: what is approved later appears at once too."""
        order = self._signed_order([self.disc])
        self._make_job(order, "Also the pads", parts=[(self.pads, 2)], origin='additional')
        self.assertEqual(len(order.picking_ids.move_ids), 1, "Not approved yet.")
        self._approve(order)
        self.assertEqual(len(order.picking_ids), 1)
        self.assertEqual(len(order.picking_ids.move_ids), 2)

    def test_no_automatic_request_when_switched_off(self):
        self.company.aftersales_auto_request = False
        order = self._signed_order([self.disc])
        self.assertFalse(order.picking_ids)

    def test_issue_books_cost_into_work_in_progress_with_both_stamps(self):
        """R-PART-06: keeper and receiver are on the transfer; the cost is on the order's WIP to the cent."""
        order = self._signed_order([(self.pads, 4), self.disc])
        picking = order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        self.assertRecordValues(
            picking.sudo(),
            [
                {
                    'state': 'done',
                    'aftersales_keeper_id': self.keeper_employee.id,
                    'aftersales_receiver_id': self.technician.id,
                }
            ],
        )
        self.assertTrue(picking.aftersales_keeper_at and picking.aftersales_received_at)
        self.assertEqual(order._parts_cost()[order], 600.0)
        self.assertEqual(self._wip(order), 600.0)
        entry = picking.sudo().move_ids.account_move_id
        items = entry.line_ids.filtered(lambda item: item.account_id == self.account_wip)
        self.assertEqual(items.aftersales_line_id, order.part_line_ids)
        self.assertEqual(entry.line_ids.partner_id, self.customer)
        self.assertEqual(set(order.part_request_ids.mapped('state')), {'issued'})
        self._assert_parts_agree(self, order)

    def test_what_is_missing_stays_on_a_back_order_of_the_same_line(self):
        order = self._signed_order([(self.disc, 3)])
        self.assertEqual(order.part_line_ids.parts_state, 'missing')
        self.assertEqual(order.parts_missing_count, 1)
        self.assertEqual(order.aftersales_status, 'waiting_parts')
        order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        self.assertRecordValues(
            order.part_line_ids, [{'issued_qty': 2.0, 'requested_qty': 3.0, 'parts_state': 'missing'}]
        )
        backorder = order.picking_ids.filtered(lambda picking: picking.state != 'done')
        self.assertEqual(backorder.move_ids.aftersales_line_id, order.part_line_ids)
        self._receive(self.disc, 1)
        self.disc.standard_price = 260.0
        backorder.action_assign()
        self.assertEqual(order.part_line_ids.parts_state, 'reserved')
        order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        self.assertEqual(self._wip(order), 660.0)
        self._assert_parts_agree(self, order)

    def test_only_a_keeper_validates_also_on_native_screens(self):
        """R-PERM-05: a stock user outside the parts room, an advisor and a technician are refused everywhere."""
        order = self._signed_order([self.disc])
        picking = order.picking_ids
        stock_user = self._make_user('user', login='stock_only')
        stock_user.group_ids += self.env.ref('stock.group_stock_user')
        for user in (stock_user, self._role('advisor'), self._role('technician')):
            with self.assertBlocked('PAR-17', UserError):
                order.with_user(user)._issue_parts()
        with self.assertBlocked('PAR-17', UserError):
            picking.with_user(stock_user).button_validate()
        picking.move_ids.picked = True
        with self.assertBlocked('PAR-17', UserError):
            picking.with_user(stock_user).move_ids._action_done()
        with self.assertBlocked('PAR-17', UserError):
            picking.with_user(stock_user).aftersales_badge('1')
        self.assertEqual(picking.state, 'assigned')
        picking.with_user(self.keeper).button_validate()
        self.assertEqual(picking.state, 'done')
        self.assertEqual(picking.aftersales_keeper_id, self.keeper_employee)
        self.assertEqual(self._wip(order), 200.0)

    def test_no_issue_without_dispatch(self):
        """R-PART-06: at block refused, at off let through."""
        order = self._signed_order([self.disc])
        self._set_gate('parts_dispatch', 'block')
        self.assertIn('PAR-23', self._codes(order, 'issue'))
        with self.assertBlocked('PAR-23', UserError):
            order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        with self.assertBlocked('PAR-23', UserError):
            order.picking_ids.with_user(self.keeper).button_validate()
        self.assertEqual(order.part_line_ids.issued_qty, 0.0)
        self._set_gate('parts_dispatch', 'off')
        order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        self.assertEqual(order.part_line_ids.issued_qty, 1.0)
        self._set_gate('parts_dispatch', 'block')
        order = self._signed_order([self.disc])
        self._give_to(order, self.technician)
        order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        self.assertEqual(order.part_line_ids.issued_qty, 1.0)

    def test_receiver_must_be_named(self):
        """R-PART-06: at block a second stamp is needed, at off who asked is taken; the badge names the person."""
        self._set_gate('parts_receiver', 'block')
        order = self._signed_order([self.disc])
        picking = order.picking_ids.with_user(self.keeper)
        with self.assertBlocked('PAR-26', UserError):
            picking._aftersales_issue()
        action = picking.action_aftersales_issue()
        self.assertEqual(action['res_model'], 'aftersales.gate.wizard')
        self.technician.barcode = '4711'
        self.assertEqual(picking.aftersales_badge('4711'), {'id': self.technician.id, 'name': "Master Li"})
        self.assertFalse(picking.aftersales_badge('0000'))
        self.assertEqual(picking.aftersales_scan('4711')['kind'], 'badge')
        picking.action_aftersales_issue()
        self.assertEqual(picking.aftersales_receiver_id, self.technician)
        self._set_gate('parts_receiver', 'off')
        order = self._signed_order([self.disc])
        order.picking_ids.with_user(self.keeper)._aftersales_issue()
        self.assertEqual(order.picking_ids.state, 'done')

    def test_parts_of_a_job_not_approved_stay_on_the_shelf(self):
        """R-PROC-48: at block refused, at off let through."""
        order = self._signed_order([self.disc])
        order.line_ids.quantity = 2
        self.assertFalse(order.job_ids.is_approved)
        with self.assertBlocked('PAR-25', UserError):
            order.with_user(self.keeper)._issue_parts()
        self._set_gate('parts_consent', 'off')
        order.with_user(self.keeper)._issue_parts()
        self.assertEqual(order.part_line_ids.issued_qty, 1.0)

    def test_parked_job_gets_no_parts(self):
        order = self._signed_order([self.disc])
        order.job_ids._park(self._reason('park'))
        with self.assertBlocked('PAR-24', UserError):
            order.with_user(self.keeper)._issue_parts()

    def test_counter_scans_part_and_badge(self):
        """R-PART-06: five scans and a badge hand over an order of five parts; an empty shelf says so."""
        self.pads.barcode = '690001'
        self.disc.default_code = 'D-77'
        self.technician.barcode = '4711'
        order = self._signed_order([(self.pads, 4), self.disc])
        picking = order.picking_ids.with_user(self.keeper)
        self.assertEqual(picking.aftersales_scan('690001')['complete'], False)
        self.assertEqual(picking.aftersales_scan('D-77')['complete'], True)
        self.assertEqual(picking.aftersales_scan('nothing'), {'kind': 'unknown', 'name': 'nothing'})
        self.assertEqual(picking.aftersales_scan('4711')['id'], self.technician.id)
        picking.action_aftersales_issue()
        self.assertEqual(picking.state, 'done')
        with self.assertBlocked('PAR-20', UserError):
            picking.action_aftersales_issue()

    def test_many_orders_are_one_movement_and_one_entry(self):
        orders = self.env['aftersales.repair.order'].concat(
            *(self._signed_order([(self.pads, 1)]) for _number in range(3))
        )
        pickings = orders.with_user(self.keeper)._issue_parts(receiver=self.technician)
        self.assertEqual(len(pickings), 3)
        self.assertEqual(len(pickings.sudo().move_ids.account_move_id), 1)
        for order in orders:
            self.assertEqual(self._wip(order), 100.0)
        self._assert_parts_agree(self, orders)

    def test_same_product_on_two_lines_stays_two_moves(self):
        """R-PART-17: each line keeps its own issue, and with it its payer's cost."""
        order = self._signed_order([(self.pads, 1), (self.pads, 2)])
        self.assertEqual(len(order.picking_ids.move_ids), 2)
        order.picking_ids.action_confirm()
        self.assertEqual(order.picking_ids.move_ids.aftersales_line_id, order.part_line_ids)
        order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        self.assertEqual(order.part_line_ids.mapped('issued_qty'), [1.0, 2.0])
        self._assert_parts_agree(self, order)

    def test_user_of_two_companies_issues_for_the_other(self):
        """R-PART-17: the accounts are those of the order's company, whatever company is on top."""
        order = self._signed_order([self.disc])
        other = self.env['res.company'].create({'name': "Elsewhere"})
        self.keeper.company_ids += other
        self.keeper.company_id = other
        picking = order.picking_ids.with_user(self.keeper).with_context(allowed_company_ids=[other.id, self.company.id])
        picking.button_validate()
        self.assertEqual(self._wip(order), 200.0)
        self.assertEqual(picking.move_ids.account_move_id.company_id, self.company)

    def test_transfer_planned_in_a_locked_period_still_goes(self):
        order = self._signed_order([self.disc])
        picking = order.picking_ids
        picking.scheduled_date = fields.Datetime.subtract(fields.Datetime.now(), days=60)
        self.company.fiscalyear_lock_date = fields.Date.subtract(fields.Date.today(), days=30)
        picking.with_user(self.keeper).button_validate()
        self.assertEqual(picking.state, 'done')

    def test_periodic_company_books_nothing_at_issue(self):
        """House §5: without an account of work in progress the cost is only reported."""
        self.company.aftersales_wip_account_id = False
        order = self._signed_order([self.disc])
        order.with_user(self.keeper)._issue_parts(receiver=self.technician)
        self.assertFalse(order.picking_ids.move_ids.account_move_id)
        self.assertEqual(order._parts_cost()[order], 200.0)

    def test_blockers_are_readable_by_who_cannot_issue(self):
        self._set_gate('parts_dispatch', 'block')
        order = self._signed_order([self.disc])
        codes = {row['code'] for row in order.with_user(self._role('advisor')).get_blockers('issue')}
        self.assertIn('PAR-23', codes)

    def test_desk_card_tells_parts(self):
        order = self._signed_order([(self.disc, 3), self.pads])
        card = order._desk_cards()[order.id]
        self.assertEqual((card['parts']['asked'], card['parts']['issued'], card['parts']['ready']), (2, 0, 1))
        self.assertEqual([row['name'] for row in card['parts']['missing']], [order.part_line_ids[0].name])
        self.assertIn('waiting_parts', card['flags'])
