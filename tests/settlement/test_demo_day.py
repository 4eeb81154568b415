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
        tools = demo.tool_figures(env, env.ref('base.main_company'))
        self.assertEqual(
            {name: tools[name] for name in (
                'tools', 'categories', 'calibration', 'lost', 'late_returns', 'incomplete_kits', 'incidents_handed_over',
                'general_less_sub_ledgers')},
            {
                'tools': 81, 'categories': 10, 'calibration': 1, 'lost': 2, 'late_returns': 1, 'incomplete_kits': 1,
                'incidents_handed_over': 2, 'general_less_sub_ledgers': 0,
            },
            "R-TOOL-01 to R-TOOL-11: the demo tool room",
        )
        self.assertGreater(tools['entries'], 120, "a day of traffic")
        self.assertGreater(tools['out'], 20)
        self.assertEqual(
            demo.people_figures(env, env.ref('base.main_company')),
            {
                'receipts': 16, 'rewards': 6, 'penalties': 9, 'ladder_steps': [1, 2, 3],
                'reviews': ['appeal:uphold', 'review:change', 'review:uphold'], 'open': 4, 'sheets_signed': 4, 'batches': 1,
                'bonus': 1100.0, 'performance': 550.0, 'compensation': 1120.0, 'carried': 470.0, 'entry_less_batch': 0.0,
            },
            "R-RP-08, R-RP-09, R-RP-15: the demo month of people: a ladder to its third step, a review that changes, an appeal "
            "that upholds, a tool's loss capped and carried over, the batch handed over as an entry",
        )
