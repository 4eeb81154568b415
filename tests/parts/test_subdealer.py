from datetime import date, datetime

from .test_indicators import APRIL, MARCH, IndicatorCase


class TestSubdealer(IndicatorCase):
    """R-PART-25: deliveries to sub-dealers count, and stand apart from our own use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._role('parts_keeper')
        cls._make_employee("Keeper Duan", user=cls.keeper)
        cls.subdealer = cls.env['res.partner'].create({
            'name': "Outlet North", 'is_company': True, 'aftersales_is_subdealer': True, 'aftersales_on_account': True,
            'aftersales_credit_limit': 10000.0,
        })
        cls.buyer = cls.env['res.partner'].create({'name': "Mr Ma", 'parent_id': cls.subdealer.id})
        cls.part = cls._make_part("Filter", cost=10.0, price=20.0, on_hand=6, aftersales_is_part=True)

    def _deliver(self, quantity, partner=None, moment=None):
        desk = self.env['aftersales.desk.parts'].with_user(self.keeper).with_context(allowed_company_ids=self.company.ids)
        result = desk.deliver({str(self.part.id): quantity}, (partner or self.buyer).id)
        order = self.env['aftersales.repair.order'].browse(result['id'])
        if moment:
            order.part_request_ids._guarded().asked_at = moment
            order.picking_ids.move_ids.filtered(lambda move: move.state == 'done').date = moment
        return order, result

    def test_delivered_on_account(self):
        """R-PART-25: what is there goes with the invoice on the sub-dealer's account, in one call of the keeper."""
        order, result = self._deliver(4)
        self.assertRecordValues(order, [{'is_subdealer': True, 'state': 'released', 'amount_total': 80.0}])
        self.assertEqual((result['missing'], order.line_ids.net_issued_qty), ([], 4.0))
        self.assertTrue(order.settlement_ids.is_on_account)
        self.assertEqual(order.settlement_ids.amount_due, 80.0)
        self.assertTrue(order.part_request_ids.is_subdealer)

    def test_what_is_missing_stays_asked_for(self):
        """R-PART-25: six of ten go now, four wait; settled by the keeper when the last is out."""
        order, result = self._deliver(10)
        self.assertEqual((order.line_ids.net_issued_qty, result['missing']), (6.0, ["Filter"]))
        self.assertFalse(order.settled_at)
        self.assertRecordValues(order.part_request_ids, [{'asked_qty': 10.0, 'filled_qty': 6.0, 'filled_at_once': False}])
        row = next(
            row for row in self.env['aftersales.desk.parts'].with_user(self.keeper).get_data()['orders'] if row['id'] == order.id
        )
        self.assertEqual((row['plate'], row['lines'][0]['open_qty']), ("Mr Ma", 4.0))
        self._receive(self.part, 4)
        mine = order.with_user(self.keeper)
        mine._issue_parts(receiver=self.tech)
        mine._settle()
        mine.settlement_ids._put_on_account()
        self.assertEqual((order.line_ids.net_issued_qty, order.settlement_ids.amount_due), (10.0, 200.0))

    def test_only_sub_dealers(self):
        """R-PART-25: nobody else takes parts away on this way; without an account nobody does."""
        with self.assertBlocked('SET-102'):
            self._deliver(1, self.customer)
        self.subdealer.aftersales_on_account = False
        with self.assertBlocked('SET-45'):
            self._deliver(1)
        with self.assertBlocked('PAR-17'):
            self.env['aftersales.desk.parts'].with_user(self._role('technician')).deliver({str(self.part.id): 1}, self.buyer.id)

    def test_apart_in_fill_rate(self):
        """R-PART-25, R-KPI-06: both count together and each alone; nothing asked gives no figure."""
        moment = datetime(2026, 3, 10)
        self._deliver(10, moment=moment)  # 6 of 10 pieces, 0 of 1 lines
        self._receive(self.part, 10)
        own = self._signed_order([(self.part, 2)])
        own.part_request_ids._guarded().asked_at = moment
        self.company.aftersales_fill_rate_method = 'quantity'
        self.assertAlmostEqual(self._value('parts_first_fill_rate'), 100 * 8 / 12)
        self.assertEqual(self._value('parts_own_fill_rate'), 100.0)
        self.assertEqual(self._value('parts_subdealer_fill_rate'), 60.0)
        self.company.aftersales_fill_rate_method = 'variety'
        self.assertEqual(
            [self._value(code) for code in ('parts_first_fill_rate', 'parts_own_fill_rate', 'parts_subdealer_fill_rate')],
            [50.0, 100.0, 0.0],
        )
        self.assertIsNone(self._value('parts_subdealer_fill_rate', APRIL))

    def test_apart_in_issues_and_sales(self):
        """R-PART-25, R-KPI-03, R-KPI-04: their share of issues and of money received; a sale of Odoo's own counts too."""
        self._receive(self.part, 20)
        order, _result = self._deliver(4, moment=datetime(2026, 3, 10))
        self._issue_at(self.part, 3, datetime(2026, 3, 11))
        self.assertEqual((self._value('parts_issue_value'), self._value('parts_subdealer_issue_value')), (70.0, 40.0))
        picking = self._plain_delivery(self.subdealer, 2)
        picking.move_ids.date = datetime(2026, 3, 12)
        self.assertEqual((self._value('parts_issue_value'), self._value('parts_subdealer_issue_value')), (90.0, 60.0))
        self.assertIsNone(self._value('parts_subdealer_sales'))
        order.settlement_ids._pay(self.journals['cash'])
        self.env['account.partial.reconcile'].search([], order='id desc', limit=1).max_date = date(2026, 3, 20)
        self.assertEqual(self._value('parts_subdealer_sales'), 80.0)

    def _plain_delivery(self, partner, quantity):
        picking = self.env['stock.picking'].create({
            'picking_type_id': self.warehouse.out_type_id.id, 'partner_id': partner.id,
            'location_id': self.warehouse.lot_stock_id.id,
            'location_dest_id': self.env.ref('stock.stock_location_customers').id,
            'move_ids': [(0, 0, {
                'product_id': self.part.id, 'product_uom_qty': quantity, 'location_id': self.warehouse.lot_stock_id.id,
                'location_dest_id': self.env.ref('stock.stock_location_customers').id,
            })],
        })
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    def test_apart_in_demand(self):
        """R-PART-25: demand tells sub-dealers from our own use, by order, by delivery and by lost sale."""
        self._receive(self.part, 20)
        moment = datetime(2026, 3, 10)
        self._deliver(4, moment=moment)
        self._issue_at(self.part, 3, moment)
        self._plain_delivery(self.buyer, 2).move_ids.date = moment
        self.env['aftersales.lost.sale'].create([
            {'product_id': self.part.id, 'quantity': 1, 'date': MARCH[0], 'partner_id': partner.id}
            for partner in (self.buyer, self.customer)
        ])
        demand = dict(self.env['aftersales.part.demand']._read_group(
            [('company_id', '=', self.company.id), ('product_id', '=', self.part.id)], ['is_subdealer'], ['quantity:sum'],
        ))
        self.assertEqual(demand, {True: 7.0, False: 4.0})

    def test_mark_taken_away_later(self):
        """R-PART-25: what was a delivery to a sub-dealer stays one."""
        order, _result = self._deliver(1)
        self.subdealer.aftersales_is_subdealer = False
        self.env.invalidate_all()
        self.assertTrue(order.is_subdealer)
        self.assertFalse(self._deliver_counter().is_subdealer)

    def _deliver_counter(self):
        return self.env['aftersales.repair.order'].with_user(self.keeper)._counter_sale(
            [(self.part, 1)], [(self.journals['cash'], None, None)], partner=self.customer,
        )
