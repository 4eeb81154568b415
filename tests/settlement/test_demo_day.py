from odoo.addons.aftersales_service import demo

from ..common import AftersalesCommon


class TestDemoDay(AftersalesCommon):
    """The working day of the demo dealership, played by its people: R-PROC-79, R-PROC-83, R-PROC-84."""

    def test_the_day_agrees_to_the_cent(self):
        """R-PROC-83, R-PROC-84: fourteen and more orders; stock, accounting and orders agree, nothing is left in progress."""
        env = self.env(context={}, user=self.env.ref('base.user_root'))
        demo.load(env)
        orders = demo.play(env)
        self.assertGreaterEqual(len(orders), 14)
        figures = demo.table(env, orders)
        self.assertEqual(
            figures,
            {
                'integrity_findings': [],
                'wip_of_finished_orders': 0.0,
                'wip_differs_from_facts': 0.0,
                'shares_differ_from_totals': 0.0,
                'stock_differs_from_lines': 0.0,
                'trial_balance': 0.0,
            },
        )
        done = [title for title, order in orders.items() if order.state in ('released', 'closed')]
        self.assertGreaterEqual(len(done), 14, {title: order.state for title, order in orders.items()})
