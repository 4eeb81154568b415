from hypothesis import given, settings
from hypothesis import strategies as st

from ..common import AftersalesCommon


class TestReserve(AftersalesCommon):
    """Reserving many lines at once gives what Odoo gives line by line (R-PART-21)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.company.aftersales_auto_request = False
        cls.shelf = cls.env['stock.location'].create(
            {'name': "Shelf A", 'location_id': cls.warehouse.lot_stock_id.id, 'company_id': cls.company.id}
        )

    @settings(max_examples=6, deadline=None)
    @given(
        stock=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=3),
        wanted=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5)), min_size=2, max_size=5),
    )
    def test_same_as_line_by_line(self, stock, wanted):
        """Two places, the same part twice, too little: reserved, missing and the rows of the stock agree."""
        parts = []
        for number, (there, beside) in enumerate(stock):
            part = self._make_part(f"Part {number}")
            for place, quantity in ((self.warehouse.lot_stock_id, there), (self.shelf, beside)):
                if quantity:
                    self.env['stock.quant']._update_available_quantity(part, place, quantity)
            parts.append(part)
        lines = [(parts[index % len(parts)], quantity) for index, quantity in wanted]
        order = self._signed_order(lines)
        order._request_parts()
        left = {part: there + beside for part, (there, beside) in zip(parts, stock, strict=True)}
        for line, (part, quantity) in zip(order.part_line_ids, lines, strict=True):
            got = min(quantity, left[part])
            left[part] -= got
            self.assertEqual((line.reserved_qty, line.requested_qty), (got, quantity))
            move = line.move_ids
            self.assertEqual(
                move.state, 'assigned' if got == quantity else 'partially_available' if got else 'confirmed'
            )
        for part in parts:
            quants = self.env['stock.quant'].search([('product_id', '=', part.id), ('location_id.usage', '=', 'internal')])
            reserved = sum(line.reserved_qty for line in order.part_line_ids if line.product_id == part)
            self.assertEqual(sum(quants.mapped('reserved_quantity')), reserved)
            self.assertFalse(quants.filtered(lambda quant: quant.reserved_quantity > quant.quantity))
            held = sum(order.picking_ids.move_line_ids.filtered(lambda line, part=part: line.product_id == part).mapped('quantity'))
            self.assertEqual(held, reserved)

    def test_numbers_and_owners_are_left_to_odoo(self):
        """A part with serial numbers and one that somebody else owns are reserved as Odoo does it."""
        serial = self._make_part("Battery", tracking='serial')
        lots = self.env['stock.lot'].create([{'name': name, 'product_id': serial.id} for name in ('A1', 'A2')])
        for lot in lots:
            self.env['stock.quant']._update_available_quantity(serial, self.warehouse.lot_stock_id, 1, lot_id=lot)
        plain = self._make_part("Lamp", on_hand=4)
        order = self._signed_order([(serial, 2), (plain, 3), (plain, 1)])
        order._request_parts()
        self.assertEqual(order.part_line_ids.mapped('reserved_qty'), [2.0, 3.0, 1.0])
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, lots)
        order.with_user(self._role('parts_keeper'))._issue_parts()
        self.assertEqual(plain.qty_available, 0.0)
        self.assertEqual(order.part_line_ids.mapped('issued_qty'), [2.0, 3.0, 1.0])
