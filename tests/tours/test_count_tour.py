from odoo.tests import tagged

from ..common import AftersalesHttpCase
from ..parts.count_common import CountFactory


@tagged('is_tour')
class TestCountTour(CountFactory, AftersalesHttpCase):
    """Counting on the phone."""

    def test_count_blind(self):
        """R-PART-04: one scan and the number a line, no click; the book is nowhere on the screen; then the second round."""
        count = self._started()
        self.start_tour('/odoo/count-stock', 'aftersales_count_blind', login=self.keeper.login)
        self.assertEqual({line.product_id: line.first_qty for line in count.line_ids}, {self.pad: 8, self.oil: 50, self.disc: 4})
        self.assertEqual(count.state, 'recount')
