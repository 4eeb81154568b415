from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestConsumables(AftersalesCommon):
    """Goods without an order: to a team, and over the counter; R-PART-15, R-PART-17, R-PART-19, R-PART-22."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls.keeper = cls._role('parts_keeper')
        cls.duan = cls._make_employee("Keeper Duan", cls.keeper)
        cls.master = cls._make_employee("Master Li")
        cls.team = cls.env['aftersales.team'].create({'name': "Team Red", 'company_id': cls.company.id})
        cls.cleaner = cls._make_part("Brake cleaner", cost=20.0, price=45.2, on_hand=10)
        cls.pickings = cls.env['stock.picking'].with_user(cls.keeper)
        cls.company.aftersales_consumables_account_id = cls.account_consumables = cls.env['account.account'].create(
            {
                'name': "Workshop consumables",
                'code': '640199',
                'account_type': 'expense',
                'company_ids': [(6, 0, cls.company.ids)],
            }
        )

    def test_consumables_are_cost_of_the_team_at_once(self):
        """R-PART-22: two stamps, the team, its cost in the books and in the report; a return takes it back."""
        picking = self.pickings._aftersales_consume(self.team, self.master, [(self.cleaner, 3)])
        self.assertRecordValues(
            picking.sudo(),
            [
                {
                    'state': 'done',
                    'aftersales_kind': 'consume',
                    'aftersales_team_id': self.team.id,
                    'aftersales_receiver_id': self.master.id,
                    'aftersales_keeper_id': self.duan.id,
                }
            ],
        )
        self.assertEqual(self._balance(self.account_consumables), 60.0)
        self.assertEqual(self.cleaner.qty_available, 7.0)
        self.assertEqual(self._team_cost(), 60.0)
        wizard = self.env['stock.return.picking'].with_user(self.keeper).with_context(
            active_id=picking.id, active_ids=picking.ids, active_model='stock.picking'
        ).create({'picking_id': picking.id})
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.picked = True
        back.aftersales_receiver_id = self.master
        back.button_validate()
        self.assertEqual(back.state, 'done')
        self.assertEqual((self._balance(self.account_consumables), self._team_cost()), (40.0, 40.0))
        self.assertFalse([row for row in self.company._aftersales_integrity() if row['code'].startswith('PAR')])

    def test_more_came_back_than_went_out(self):
        picking = self.pickings._aftersales_consume(self.team, self.master, [(self.cleaner, 3)])
        wizard = self.env['stock.return.picking'].create({'picking_id': picking.id})
        wizard.product_return_moves.quantity = 4
        with self.assertBlocked('PAR-15', UserError):
            wizard._create_return()

    def test_who_and_which_team(self):
        """R-PART-22: no consumables without team and person, nor by anybody but a keeper, nor more than is free."""
        for team, person, items in (
            (self.team.browse(), self.master, [(self.cleaner, 1)]),
            (self.team, self.master.browse(), [(self.cleaner, 1)]),
            (self.team, self.master, []),
            (self.team, self.master, [(self.cleaner, 0)]),
        ):
            with self.assertBlocked('PAR-79', UserError):
                self.pickings._aftersales_consume(team, person, items)
        with self.assertBlocked('PAR-13', UserError):
            self.pickings._aftersales_consume(self.team, self.master, [(self.cleaner, 11)])
        with self.assertBlocked('PAR-17', UserError):
            self.pickings.with_user(self._role('technician'))._aftersales_consume(self.team, self.master, [(self.cleaner, 1)])
        picking = self.pickings._aftersales_consume(self.team, self.master, [(self.cleaner, 1)])
        with self.assertBlocked('PAR-18', UserError):
            picking.aftersales_team_id = False
        with self.assertBlocked('PAR-04', UserError):
            picking.move_ids.quantity = 5

    def test_no_other_way_into_the_consumables(self):
        """R-PART-17: a plain transfer to that place is refused."""
        place = self.warehouse.aftersales_consumption_location_id
        picking = self.env['stock.picking'].create(
            {
                'picking_type_id': self.warehouse.int_type_id.id,
                'location_id': self.warehouse.lot_stock_id.id,
                'location_dest_id': place.id,
                'move_ids': [
                    (
                        0,
                        0,
                        {
                            'product_id': self.cleaner.id,
                            'product_uom_qty': 1,
                            'product_uom': self.cleaner.uom_id.id,
                            'location_id': self.warehouse.lot_stock_id.id,
                            'location_dest_id': place.id,
                            'company_id': self.company.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.picked = True
        with self.assertBlocked('PAR-05', UserError):
            picking._action_done()

    def test_counter_sale_at_the_desk_and_its_margin(self):
        """R-PART-15, R-PART-19: sold without a car, paid, and its cost and margin stand apart."""
        desk = self.env['aftersales.desk.parts'].with_user(self.keeper)
        self.assertIn(self.journals['cash'].id, [means['id'] for means in desk.get_data()['means']])
        answer = desk.sell({str(self.cleaner.id): 2}, self.journals['cash'].id)
        order = self.env['aftersales.repair.order'].browse(answer['id'])
        self.assertEqual((order.profile_code, order.vehicle_id.id, answer['amount']), ('counter', False, 90.4))
        self.assertFalse(order.settlement_ids.amount_due)
        self.assertRecordValues(order.line_ids, [{'parts_cost': 40.0, 'parts_margin': 40.0}])
        domain = self.env.ref('aftersales_service.parts_margin_action').domain
        self.assertIn(order.line_ids, order.line_ids.search(eval(domain)))  # noqa: S307 our own action
        with self.assertBlocked('PAR-17', UserError):
            desk.with_user(self._role('technician')).sell({str(self.cleaner.id): 1}, self.journals['cash'].id)

    def test_issue_slip_of_a_team(self):
        """R-DOC-04: team, receiver and keeper on the paper."""
        picking = self.pickings._aftersales_consume(self.team, self.master, [(self.cleaner, 3)])
        html = self.env['ir.actions.report']._render_qweb_html('aftersales_service.report_parts_issue_slip', picking.ids)[0].decode()
        for word in ("Team Red", "Master Li", "Keeper Duan", "Brake cleaner"):
            self.assertIn(word, html)

    def _team_cost(self):
        return sum(
            self.env['stock.move'].search([('aftersales_team_id', '=', self.team.id), ('state', '=', 'done')]).mapped('aftersales_cost')
        )
