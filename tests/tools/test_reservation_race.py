from datetime import timedelta

from odoo import fields

from ..concurrency import AftersalesConcurrencyCase


class TestTwoReserve(AftersalesConcurrencyCase):
    """R-TOOL-12: two technicians speak for the last puller at once, with two real cursors and Odoo's own retry."""

    def test_one_has_it_the_other_is_told(self):
        cls = type(self)
        with self.committed():
            cls.keeper_user = cls._make_user('tool_keeper', login='race_reserve')
            cls.keeper = cls._make_employee("Race keeper", cls.keeper_user)
            person = cls._make_employee("Race technician")
            category = cls._make_tool_category("Race pullers", is_special=True)
            cls._make_tool("Only puller", category)
            order = cls._make_order(profile='tow_in')
            job = order._add_job("Rattles")
            now = fields.Datetime.now()
            operations = self.env['aftersales.operation']._guarded().create([
                {'order_id': order.id, 'job_id': job.id, 'name': f"Work {number}", 'kind': 'work',
                 'due_at': now + timedelta(hours=2)}
                for number in (1, 2)
            ])
            ids, person_id, category_id = operations.ids, person.id, category.id

        def reserve(operation_id):
            def run(env):
                operation = env['aftersales.operation'].browse(operation_id)
                return operation._reserve_tools(
                    env['aftersales.tool.category'].browse(category_id),
                    employee=env['hr.employee'].browse(person_id)).ids

            return run

        results = self.race(*(reserve(operation_id) for operation_id in ids))
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIn('TOO-57', str(refused[0]))
