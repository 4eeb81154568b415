from odoo.exceptions import AccessError, UserError

from ..common import AftersalesCommon


class TestLostSale(AftersalesCommon):
    """What was missing when the customer left is demand: R-KPI-06, R-PART-08."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.company.aftersales_auto_request = False
        cls.advisor = cls._role('advisor')
        cls.keeper = cls._role('parts_keeper')
        cls.part = cls._make_part("Clutch", cost=300.0, list_price=500.0, on_hand=2)

    def test_request_freezes_what_was_filled_and_whether_the_part_is_kept(self):
        """R-KPI-06: filled quantity, kept in stock or not, and a proposed reason stay as they were at that second."""
        rare = self._make_part("Mirror")
        ordered = self._make_part("Lamp")
        self._order(ordered, 4)
        self.env['stock.warehouse.orderpoint'].create(
            {'product_id': ordered.id, 'product_min_qty': 1, 'product_max_qty': 3}
        )
        order = self._signed_order([(self.part, 3), (rare, 1), (ordered, 1)])
        requests = order.with_user(self.advisor)._request_parts().sudo()
        self.assertRecordValues(
            requests,
            [
                {'asked_qty': 3, 'free_qty': 2, 'filled_qty': 2, 'filled_at_once': False, 'is_stocked': True},
                {'asked_qty': 1, 'free_qty': 0, 'filled_qty': 0, 'filled_at_once': False, 'is_stocked': False},
                {'asked_qty': 1, 'free_qty': 0, 'filled_qty': 0, 'filled_at_once': False, 'is_stocked': True},
            ],
        )
        self.assertEqual(requests.miss_reason_id.mapped('code'), ['below_minimum', 'never_stocked', 'on_order'])
        with self.assertBlocked('BAS-01', UserError):
            requests[0].with_user(self.keeper).write({'is_stocked': False})

    def test_declined_job_with_a_missing_part_is_a_lost_sale(self):
        """R-KPI-06: what was there and what arrived in time is none; what was missing is, with value and reason."""
        there, late = self._make_part("There", on_hand=5), self._make_part("Late")
        order = self._signed_order([(self.part, 3), (there, 1), (late, 1)])
        order._request_parts()
        self._receive(late, 1)
        reason = self._reason('cancel')
        order._cancel(reason)
        sale = self.env['aftersales.lost.sale'].search([('order_id', '=', order.id)])
        self.assertRecordValues(
            sale,
            [
                {
                    'product_id': self.part.id,
                    'quantity': 3.0,
                    'price_value': 3 * order.line_ids[0].price_unit,
                    'reason_id': reason.id,
                    'is_stocked': True,
                    'date': self.company._aftersales_today(),
                    'partner_id': self.customer.id,
                }
            ],
        )

    def test_carried_over_is_not_lost(self):
        order = self._signed_order([(self.part, 3)])
        order._request_parts()
        order._carry_over(order.job_ids)
        self.assertFalse(self.env['aftersales.lost.sale'].search([('product_id', '=', self.part.id)]))

    def test_what_a_technician_asked_for_is_one_demand(self):
        """R-KPI-06: quoted and signed afterwards, it stays the same request with what was free then."""
        order = self._signed_order([self.part])
        rare = self._make_part("Hose")
        asked = order._ask_part(rare, 2)
        job = order.job_ids
        line = order._add_line(job, kind='part', product_id=rare.id, quantity=3)
        requests = order._request_parts(line)
        self.assertIn(asked.sudo(), requests)
        self.assertEqual(sorted(requests.mapped('asked_qty')), [1.0, 2.0])
        self.assertEqual(asked.state, 'missing')
        self.assertEqual(line.requested_qty, 3.0)

    def test_not_wanted_is_lost_and_leaves_the_list(self):
        order = self._signed_order([self.part])
        asked = order._ask_part(self._make_part("Hose"), 2)
        asked.with_user(self.advisor).action_dismiss()
        self.assertEqual(asked.state, 'cancelled')
        self.assertEqual(asked.lost_sale_ids.quantity, 2.0)
        with self.assertBlocked('PAR-73', UserError):
            asked.with_user(self.advisor).action_dismiss()

    def test_counter_records_what_somebody_asked_for(self):
        """Facts stay, the reason may be corrected; nobody deletes, nobody forges a link to an order."""
        LostSale = self.env['aftersales.lost.sale'].with_user(self.advisor)
        sale = LostSale.create({'product_id': self.part.id, 'quantity': 2})
        self.assertEqual((sale.price_value, sale.is_stocked, sale.user_id), (1000.0, True, self.advisor))
        with self.assertRaises(AccessError):
            sale.unlink()
        kept = sale.with_user(self.keeper)
        kept.reason_id = self._reason('miss')
        with self.assertBlocked('PAR-74', UserError):
            kept.quantity = 9
        with self.assertBlocked('BAS-01', UserError):
            LostSale.create({'product_id': self.part.id, 'order_id': self._signed_order([self.part]).id})

    def _order(self, product, quantity):
        """Confirm a purchase of a part."""
        purchase = self.env['purchase.order'].create(
            {
                'partner_id': self._make_customer("Vendor").id,
                'company_id': self.company.id,
                'order_line': [(0, 0, {'product_id': product.id, 'product_qty': quantity, 'price_unit': 10.0})],
            }
        )
        purchase.button_confirm()
        return purchase
