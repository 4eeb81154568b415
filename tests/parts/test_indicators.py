from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from odoo import fields

from ..common import AftersalesCommon

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
APRIL = (date(2026, 4, 1), date(2026, 4, 30))
# The last half hour of March in Shanghai, and the first of April: the same day in UTC.
LAST, FIRST = datetime(2026, 3, 31, 15, 30), datetime(2026, 3, 31, 16, 30)


class IndicatorCase(AftersalesCommon):
    """A parts room whose figures a child can add up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls.tech = cls._make_employee("Master Li", cls._role('technician'))

    def _part(self, name="Filter", **values):
        return self._make_part(name, **{'cost': 10.0, 'aftersales_is_part': True, **values})

    def _says(self, code, period=MARCH):
        """Return (numerator, denominator, value) of an indicator over a period."""
        indicator = self.env['aftersales.indicator'].search([('company_id', '=', self.company.id), ('code', '=', code)])
        measure = indicator._measure(*period)
        return measure.numerator, measure.denominator, measure.value

    def _value(self, code, period=MARCH):
        return self._says(code, period)[2]

    def _receive_at(self, part, quantity, cost, moment):
        picking = self._receive(part, quantity, cost)
        picking.move_ids.date = moment
        return picking

    def _issue_at(self, part, quantity, moment, **values):
        order = self._signed_order([(part, quantity)], **values)
        order._request_parts()
        self._issue(order)
        order.picking_ids.move_ids.date = moment
        return order


class TestPartsValues(IndicatorCase):
    """R-KPI-01, R-KPI-02, R-KPI-03, R-KPI-05, R-KPI-21: what was in stock, came in and went out."""

    def test_empty_shop_says_nothing(self):
        """R-KPI: no data is a dash in every figure of the parts room, never a division by zero."""
        codes = [code for code in self.env['aftersales.indicator']._indicator_definitions() if code.startswith(('parts', 'oil'))]
        self.assertGreaterEqual(len(codes), 14)
        for code in codes:
            self.assertIsNone(self._value(code, (date(1999, 1, 1), date(1999, 1, 31))), code)

    def test_stock_receipts_issues_and_turnover(self):
        """R-KPI-01: 10 × 10 in March, 6 left; R-KPI-02: 100; R-KPI-03: 40 less 10 back; R-KPI-05: 30 ÷ 70 = 42.86 %."""
        part = self._part()
        self._receive_at(part, 10, 10.0, datetime(2026, 3, 5))
        order = self._issue_at(part, 4, datetime(2026, 3, 10))
        order.line_ids._return_parts(1, receiver=self.tech)
        order.picking_ids.filtered(lambda picking: picking.aftersales_kind == 'return').move_ids.date = datetime(2026, 3, 20)
        self.assertEqual(self._value('parts_stock_value'), 70.0)
        self.assertEqual(self._value('parts_receipt_value_all'), 100.0)
        self.assertEqual(self._value('parts_issue_value'), 30.0)
        self.assertAlmostEqual(self._value('parts_turnover'), 42.857, 3)
        self.assertEqual(self._value('parts_stock_value', APRIL), 70.0)
        self.assertIsNone(self._value('parts_issue_value', APRIL))

    def test_months_end_at_midnight_in_the_shop(self):
        """R-KPI-02, R-KPI-03: what moves at 23:30 in Shanghai is of March, at 00:30 of April, though UTC says March to both."""
        part = self._part()
        self._receive_at(part, 10, 10.0, LAST)
        self._receive_at(part, 20, 10.0, FIRST)
        self._issue_at(part, 3, FIRST)
        self.assertEqual((self._value('parts_receipt_value_all'), self._value('parts_receipt_value_all', APRIL)), (100.0, 200.0))
        self.assertEqual((self._value('parts_issue_value'), self._value('parts_issue_value', APRIL)), (None, 30.0))
        self.assertEqual((self._value('parts_stock_value'), self._value('parts_stock_value', APRIL)), (100.0, 270.0))

    def test_stock_value_is_odoos_valuation(self):
        """R-KPI-01: equal to Odoo's own valuation, also after prices moved and a cost was set by hand."""
        today = self.company._aftersales_today()
        parts = [self._part(f"P{number}", cost=7.0 + number) for number in range(3)]
        for number, part in enumerate(parts):
            self._receive(part, 3 + number, 9.99)
            self._receive(part, 4, 13.37)
            order = self._signed_order([(part, 2)])
            order._request_parts()
            self._issue(order)
        parts[1].standard_price = 20.0
        self._receive(parts[1], 1, 5.0)
        ours = self._value('parts_stock_value', (today.replace(day=1), today))
        self.env.invalidate_all()
        self.assertAlmostEqual(ours, sum(part.with_company(self.company).total_value for part in parts), 2)

    def test_receipts_from_the_manufacturer(self):
        """R-KPI-02: only what the manufacturer delivered, by purchase, by transfer or by a branch of his; none marked, no figure."""
        part = self._part()
        maker, wholesaler = self.env['res.partner'].create([{'name': "Manufacturer"}, {'name': "Wholesaler"}])
        store = self.env['res.partner'].create({'name': "Parts store of the manufacturer", 'parent_id': maker.id})

        def buy(vendor, quantity, cost):
            purchase = self.env['purchase.order'].create({
                'partner_id': vendor.id,
                'order_line': [(0, 0, {'product_id': part.id, 'product_qty': quantity, 'price_unit': cost, 'tax_ids': False})],
            })
            purchase.button_confirm()
            receipt = purchase.picking_ids
            receipt.move_ids.write({'quantity': quantity, 'picked': True})
            receipt._action_done()
            receipt.move_ids.date = datetime(2026, 3, 5)
            return receipt

        buy(maker, 5, 10.0)
        buy(store, 3, 10.0)
        receipt = buy(wholesaler, 7, 10.0)
        plain = self._receive_at(part, 2, 10.0, datetime(2026, 3, 6))
        plain.partner_id = maker
        self.assertIsNone(self._value('parts_receipt_value'))
        maker.aftersales_is_manufacturer = True
        self.assertEqual((self._value('parts_receipt_value'), self._value('parts_receipt_value_all')), (100.0, 170.0))
        maker.aftersales_is_manufacturer = False
        self._make_brand("Ours", claim_partner_id=wholesaler.id)
        self.assertEqual(self._value('parts_receipt_value'), 70.0)
        self.assertEqual(receipt.partner_id, wholesaler)

    def test_returns_to_the_vendor_lower_the_receipts(self):
        part = self._part()
        receipt = self._receive_at(part, 10, 10.0, datetime(2026, 3, 5))
        wizard = self.env['stock.return.picking'].with_context(active_id=receipt.id, active_model='stock.picking').create({
            'picking_id': receipt.id,
        })
        wizard.product_return_moves.quantity = 2
        back = self.env['stock.picking'].browse(wizard.action_create_returns()['res_id'])
        back.move_ids.picked = True
        back._action_done()
        back.move_ids.date = datetime(2026, 3, 6)
        self.assertEqual(self._value('parts_receipt_value_all'), 80.0)

    def test_other_goods_are_no_parts(self):
        """R-KPI-01: a stored product that is no car part counts nowhere."""
        self._receive_at(self._make_part("New car", aftersales_is_part=False), 1, 100000.0, datetime(2026, 3, 5))
        self.assertIsNone(self._value('parts_stock_value'))
        self.assertIsNone(self._value('parts_receipt_value_all'))

    def test_engine_oil(self):
        """R-KPI-21: 8 litres issued, 1 back: 7; nothing without the category set."""
        oil = self.env['product.category'].create({
            'name': "Oil", 'parent_id': self.part_category.id, 'property_valuation': 'real_time', 'property_cost_method': 'average',
        })
        part = self._part("0W-20", categ_id=oil.id)
        self._receive_at(part, 20, 30.0, datetime(2026, 3, 1, 2))
        order = self._issue_at(part, 8, datetime(2026, 3, 10))
        order.line_ids._return_parts(1, receiver=self.tech)
        order.picking_ids.move_ids.date = datetime(2026, 3, 10)
        self.assertIsNone(self._value('oil_issue_quantity'))
        self.company.aftersales_oil_categ_id = oil
        self.assertEqual(self._value('oil_issue_quantity'), 7.0)


class TestPartsSales(IndicatorCase):
    """R-KPI-04, R-KPI-22: money that came in, for parts."""

    def _paid(self, amount, parts, labour=(), **values):
        order = self._settled_order(parts=parts, labour=labour, **values)
        if amount:
            order.settlement_ids.with_user(self._role('cashier'))._pay(self.journals['cash'], amount)
        return order

    def test_only_received_money_and_only_its_parts(self):
        """R-KPI-04: 452 parts + 226 labour, half of it paid: 226; R-PART-15 counter apart; R-KPI-22 oil apart."""
        today = self.company._aftersales_today()
        period = (today.replace(day=1), today)
        self._make_labour_rate(226.0)
        part = self._part(price=226.0, on_hand=10)
        labour = self._make_labour_item(book_hours=1.0)
        self.assertIsNone(self._value('parts_sales', period))
        order = self._paid(0, [(part, 2)], [labour])
        self.assertIsNone(self._value('parts_sales', period), "nothing was received yet")
        order.settlement_ids.with_user(self._role('cashier'))._pay(self.journals['cash'], 339.0)
        self.assertEqual(self._value('parts_sales', period), 226.0)
        order.settlement_ids.with_user(self._role('cashier'))._pay(self.journals['cash'], 339.0)
        self.assertEqual(self._value('parts_sales', period), 452.0)
        self.assertIsNone(self._value('parts_counter_sales', period))
        before = (period[0] - relativedelta(months=1), period[0] - relativedelta(days=1))
        self.assertIsNone(self._value('parts_sales', before))

    def test_counter_sales_apart(self):
        """R-PART-15: parts over the counter count in the sales, and once more on their own."""
        today = self.company._aftersales_today()
        period = (today.replace(day=1), today)
        part = self._part(price=50.0, on_hand=10)
        self.env['aftersales.repair.order'].with_user(self._make_user('parts_keeper', 'cashier'))._counter_sale(
            [(part, 3)], [(self.journals['cash'], 150.0, False)], partner=self.customer, receiver=self.tech,
        )
        self.assertEqual(self._value('parts_sales', period), 150.0)
        self.assertEqual(self._value('parts_counter_sales', period), 150.0)
        self.assertEqual(self._value('parts_counter_issue_value', period), 30.0)

    def test_oil(self):
        """R-KPI-22: the oil's share of what was paid."""
        today = self.company._aftersales_today()
        period = (today.replace(day=1), today)
        oil = self.env['product.category'].create({
            'name': "Oil", 'parent_id': self.part_category.id, 'property_valuation': 'real_time', 'property_cost_method': 'average',
        })
        self.company.aftersales_oil_categ_id = oil
        litre = self._part("0W-20", price=78.0, on_hand=20, categ_id=oil.id)
        other = self._part("Filter", price=44.0, on_hand=20)
        self._paid(356.0, [(litre, 4), (other, 1)])
        self.assertEqual(self._value('oil_sales', period), 312.0)


class TestPartsService(IndicatorCase):
    """R-KPI-06, R-KPI-07, R-KPI-31, R-KPI-39, R-KPI-41: is it there, is it too much, does it move."""

    def _ask(self, part, asked, free, moment=datetime(2026, 3, 10)):
        order = self._make_order(self._make_vehicle(), parts=[(part, asked)])
        return self.env['aftersales.part.request']._guarded().create({
            'order_id': order.id, 'line_id': order.line_ids.id, 'company_id': self.company.id, 'product_id': part.id,
            'product_uom_id': part.uom_id.id, 'asked_qty': asked, 'free_qty': free, 'filled_qty': min(asked, free),
            'filled_at_once': free >= asked, 'asked_at': moment,
        })

    def test_first_time_supply_rate(self):
        """R-KPI-06: 9 of 10 lines and 95 of 100 pieces are 92.47 %; by lines 90 %, by pieces 95 %."""
        part = self._part()
        for _line in range(9):
            self._ask(part, 10, 12)
        self._ask(part, 10, 5)
        numerator, denominator, value = self._says('parts_first_fill_rate')
        self.assertEqual((numerator, denominator, round(value, 2)), (9, 10, 92.47))
        self.company.aftersales_fill_rate_method = 'variety'
        self.assertEqual(self._value('parts_first_fill_rate'), 90.0)
        self.company.aftersales_fill_rate_method = 'quantity'
        self.assertEqual(self._says('parts_first_fill_rate'), (95, 100, 95.0))

    def test_a_request_belongs_to_the_month_of_the_shops_clock(self):
        """R-KPI-06: asked at 23:30 in Shanghai counts in March, at 00:30 in April."""
        part = self._part()
        self._ask(part, 1, 1, LAST)
        self._ask(part, 1, 0, FIRST)
        self.assertEqual((self._value('parts_first_fill_rate'), self._value('parts_first_fill_rate', APRIL)), (100.0, 0.0))

    def test_slow_rate(self):
        """R-KPI-07: of four parts in stock one was issued lately, one came lately, two have stood for over six months: 50 %."""
        old, never, new, moving = (self._part(name) for name in ("Old", "Never", "New", "Moving"))
        for part in (old, never, moving):
            self._receive_at(part, 10, 10.0, datetime(2025, 6, 1))
        self._receive_at(new, 10, 10.0, datetime(2026, 2, 1))
        self._issue_at(old, 1, datetime(2025, 9, 30, 15))
        self._issue_at(moving, 1, datetime(2025, 9, 30, 17))
        self.assertEqual(self._says('parts_slow_rate'), (2, 4, 50.0))
        self.company.aftersales_slow_months = 7
        self.assertEqual(self._says('parts_slow_rate'), (1, 4, 25.0))

    def test_safety_stock_and_overstock(self):
        """R-KPI-39: one of two parts reaches its minimum: 50 %; R-KPI-41: 20 there, 12 allowed, at 10: 80."""
        much, little, free = self._part("Much"), self._part("Little"), self._part("Free")
        for part, quantity in ((much, 20), (little, 1), (free, 99)):
            self._receive_at(part, quantity, 10.0, datetime(2026, 3, 2))
        for part in (much, little):
            self.env['stock.warehouse.orderpoint'].create({
                'product_id': part.id, 'product_min_qty': 5, 'product_max_qty': 12, 'trigger': 'manual',
                'warehouse_id': self.warehouse.id, 'location_id': self.warehouse.lot_stock_id.id,
            })
        self.assertEqual(self._says('parts_safety_stock_rate'), (1, 2, 50.0))
        self.assertEqual(self._value('parts_overstock_value'), 80.0)
        # In February nothing was there: below both minimums, above no maximum.
        february = (date(2026, 2, 1), date(2026, 2, 28))
        self.assertEqual(self._says('parts_safety_stock_rate', february), (0, 2, 0.0))
        self.assertEqual(self._value('parts_overstock_value', february), 0.0)

    def test_prepick_rate(self):
        """R-KPI-31: two appointments need parts, one's parts were all reserved before arrival: 50 %."""
        part, missing = self._part("There", on_hand=5), self._part("Missing")
        tomorrow = self.company._aftersales_today() + relativedelta(days=1)
        period = (tomorrow, tomorrow)
        for plate, wanted in (('京A12345', part), ('京A12346', missing), ('京A12347', None)):
            car = self._make_car(plate)
            appointment = self._make_appointment(car, **({'line_ids': [
                fields.Command.create({'kind': 'part', 'product_id': wanted.id, 'quantity': 1}),
            ]} if wanted else {}))
            appointment.action_confirm()
        self.assertEqual(self._says('parts_prepick_rate', period), (1, 2, 50.0))

    def test_drill_down_opens_the_facts(self):
        """Each figure opens the rows it was counted from."""
        part = self._part()
        requests = self._ask(part, 10, 12) | self._ask(part, 10, 5)
        indicator = self.env['aftersales.indicator'].search([
            ('company_id', '=', self.company.id), ('code', '=', 'parts_first_fill_rate'),
        ]).with_context(aftersales_date_from='2026-03-01', aftersales_date_to='2026-03-31')
        action = indicator.with_user(self._role('parts_keeper')).action_drill()
        self.assertEqual(action['res_model'], 'aftersales.part.request')
        self.assertEqual(self.env[action['res_model']].search(action['domain']), requests)
