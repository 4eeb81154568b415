from odoo.fields import Command

from ..concurrency import AftersalesConcurrencyCase


class TestTwoManagers(AftersalesConcurrencyCase):
    """One order plan, one missing part; two people, the same second."""

    def test_a_plan_is_ordered_once(self):
        """R-PART-09: both press “Approve and Order”; one request for quotation is made, the other is told why not."""
        with self.committed() as env:
            vendor = env['res.partner'].create({'name': "Parts factory"})
            part = self._make_part("Raced filter", aftersales_is_part=True, seller_ids=[
                Command.create({'partner_id': vendor.id, 'price': 20.0}),
            ])
            plan = env['aftersales.order.plan'].with_user(self._make_user('parts_planner', login='race_planner')).create({
                'line_ids': [Command.create({'product_id': part.id, 'quantity': 5})],
            })
            plan._propose_plan()
            managers = [self._make_user('parts_manager', login=f'race_manager_{number}').id for number in (1, 2)]
            plan_id = plan.id
        results = self.race(*(
            lambda env, user_id=user_id: env['aftersales.order.plan'].with_user(user_id).browse(plan_id)._approve().ids
            for user_id in managers
        ))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('PAR-307', str(refused[0]))
        with self.registry.cursor() as cr:
            cr.execute("SELECT COUNT(*) FROM purchase_order WHERE aftersales_plan_id = %s", [plan_id])
            self.assertEqual(cr.fetchone(), (1,))

    def test_a_missing_part_is_ordered_urgently_once(self):
        """R-PART-10: two keepers press “Order urgently”; one purchase line is made, the other keeper is told where it is."""
        with self.committed() as env:
            vendor = env['res.partner'].create({'name': "Parts factory"})
            pump = self._make_part("Raced pump", seller_ids=[Command.create({'partner_id': vendor.id, 'price': 90.0})])
            line_id, pump_id = self._signed_order([(pump, 1)]).part_line_ids.id, pump.id
            keepers = [self._make_user('parts_keeper', login=f'race_keeper_{number}').id for number in (1, 2)]
        results = self.race(*(
            lambda env, user_id=user_id: env['aftersales.desk.parts'].with_user(user_id).order_urgently(line_id, 1)['name']
            for user_id in keepers
        ))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('PAR-82', str(refused[0]))
        with self.registry.cursor() as cr:
            cr.execute("SELECT COUNT(*) FROM purchase_order_line WHERE product_id = %s", [pump_id])
            self.assertEqual(cr.fetchone(), (1,))
