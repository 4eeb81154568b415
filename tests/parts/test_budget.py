from ..common import AftersalesCommon


class TestBudget(AftersalesCommon):
    """Queries of the counter's steps, each as its own request (house §8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.company.aftersales_auto_request = False
        cls.keeper = cls._role('parts_keeper')
        cls.technician = cls._make_employee("Master Li", cls._role('technician'))
        cls.parts = [cls._make_part(f"Part {number}", cost=10.0 + number, on_hand=100) for number in range(20)]

    def _count(self, step):
        """Return the queries of a step with an empty cache, everything flushed."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        step()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def _issue(self, count):
        """Return the queries of request and issue, measured the third time: ormcaches are warm."""
        for _number in range(3):
            order = self._signed_order([(part, 2) for part in self.parts[:count]]).with_user(self.keeper)
            asked = self._count(order._request_parts)
            issued = self._count(lambda order=order: order._issue_parts(receiver=self.technician))
        return order, asked, issued

    def test_issue_five_parts(self):
        order, asked, issued = self._issue(5)
        self.assertLessEqual(asked + issued, 260, f"request {asked}, issue {issued}")
        self.assertEqual(sum(order.sudo().part_line_ids.mapped('net_issued_qty')), 10)

    def test_issue_twenty_parts(self):
        _order, asked, issued = self._issue(20)
        self.assertLessEqual(asked, 60, "issue 3, point 10: a request of 20 lines")
        self.assertLessEqual(asked + issued, 520, f"request {asked}, issue {issued}")

    def test_return_one_part(self):
        order, _asked, _issued = self._issue(5)
        lines = order.sudo().part_line_ids.with_user(self.keeper)
        lines[0]._return_parts(1)
        queries = self._count(lambda: lines[1]._return_parts(1))
        self.assertLessEqual(queries, 140)

    def test_forty_orders_in_one_batch(self):
        """40 orders of 5 parts, asked and issued at once: the settlement's share of the 110 is its own room's."""
        orders = (
            self.env['aftersales.repair.order']
            .concat(*(self._signed_order([(part, 1) for part in self.parts[:5]]) for _number in range(40)))
            .with_user(self.keeper)
        )
        queries = self._count(orders._request_parts) + self._count(
            lambda: orders._issue_parts(receiver=self.technician)
        )
        self.assertLessEqual(queries / 40, 75)
        self.assertTrue(all(picking.state == 'done' for picking in orders.sudo().picking_ids))

    def test_list_of_eighty_transfers(self):
        """The keeper's list costs the same for 10 and for 80 rows."""
        orders = self.env['aftersales.repair.order'].concat(
            *(self._signed_order([self.parts[number % 20]]) for number in range(40))
        )
        orders._request_parts()
        fields = [
            'priority',
            'aftersales_promised_at',
            'aftersales_license_plate',
            'aftersales_order_id',
            'aftersales_parts_label',
            'aftersales_customer_place',
            'aftersales_requested_by_id',
            'name',
            'state',
        ]
        pickings = orders.picking_ids.with_user(self.keeper)
        counts = [
            self._count(
                lambda limit=limit: (
                    self.env['stock.picking'].with_user(self.keeper).browse(pickings.ids[:limit]).read(fields)
                )
            )
            for limit in (40, 10, 40)
        ]
        self.assertLessEqual(counts[2], counts[1] + 2)
        self.assertLessEqual(counts[2], 15)

    def test_desk_costs_the_same_for_four_orders_and_for_twenty(self):
        """R-PART-06: the counter's screen, polled all day: to issue, missing and coming back; at most 30 queries."""
        def open_orders(count):
            orders = [self._signed_order([(self.parts[number], 2), (self.parts[-1 - number], 500)]) for number in range(count)]
            for order in orders:
                order._request_parts()
        desk = self.env['aftersales.desk.parts'].with_user(self.keeper)
        open_orders(4)
        desk.get_data()
        few = self._count(desk.get_data)
        open_orders(10)
        self.assertGreaterEqual(desk.get_data()['counts']['missing'], 10)
        many = self._count(desk.get_data)
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, 30)

    def test_desk_cards_cost_the_same_for_one_and_for_forty(self):
        orders = self.env['aftersales.repair.order'].concat(
            *(self._signed_order([(self.parts[number % 20], 200)]) for number in range(20))
        )
        orders._request_parts()
        cards = [
            self._count(lambda some=some: self.env['aftersales.repair.order'].browse(some)._desk_cards())
            for some in (orders.ids[:2], orders.ids)
        ]
        self.assertLessEqual(cards[1], cards[0] + 5)
