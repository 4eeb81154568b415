from ..concurrency import AftersalesConcurrencyCase


class TestCountConcurrency(AftersalesConcurrencyCase):
    """Two people at the same second, with two real transactions."""

    def _count(self):
        cls = type(self)
        with self.committed() as env:
            part = cls._make_part("Two counters", cost=80.0, on_hand=10)
            self.part_id, place = part.id, cls.warehouse.lot_stock_id
            self.users = [cls._make_user('parts_manager', login=f'two_counters_{n}').id for n in (1, 2)]
            count = env['aftersales.stock.count'].create({
                'company_id': cls.company.id, 'scope': 'category', 'category_ids': part.categ_id.ids,
                'tolerance_percent': 100, 'tolerance_value': 1e6})
            count._start()
            self.line_id = count.line_ids.id
            self.place_id = place.id
            return count.id

    def _as(self, env, number, record):
        return record.with_env(env(user=self.users[number], su=False))

    def test_two_count_the_same_line(self):
        """R-PART-04: one number stands, the other person is told whose."""
        self._count()

        def enter(number, pieces):
            def run(env):
                line = self._as(env, number, env['aftersales.stock.count.line'].browse(self.line_id))
                return line._record({line: pieces})
            return run
        results = self.race(enter(0, 8.0), enter(1, 9.0))
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertIn('CNT-25', str(errors[0]))
        with self.committed() as env:
            line = env['aftersales.stock.count.line'].browse(self.line_id)
            self.assertIn((line.first_by_id.id, line.first_qty), [(self.users[0], 8.0), (self.users[1], 9.0)])

    def test_two_approve(self):
        """R-PART-04: adjusted once, whoever was faster."""
        count_id = self._count()
        with self.committed() as env:
            count = env['aftersales.stock.count'].browse(count_id)
            line = count.line_ids
            line._record({line: 8.0})
            count._finish()
            line.reason_id = env.ref('aftersales_service.reason_count_lost')

        def approve(number):
            return lambda env: self._as(env, number, env['aftersales.stock.count'].browse(count_id))._approve()
        results = self.race(approve(0), approve(1))
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertIn('CNT-03', str(errors[0]))
        with self.committed() as env:
            self.assertEqual(env['product.product'].browse(self.part_id).qty_available, 8.0)
            self.assertEqual(len(env['stock.move'].search([('aftersales_count_id', '=', count_id)])), 1)

    def test_issued_while_adjusted(self):
        """R-PART-04, R-PART-17: goods that leave in the same second are neither lost nor brought back."""
        count_id = self._count()
        with self.committed() as env:
            count = env['aftersales.stock.count'].browse(count_id)
            line = count.line_ids
            line._record({line: 8.0})
            count._finish()
            line.reason_id = env.ref('aftersales_service.reason_count_lost')

        def approve(env):
            return self._as(env, 0, env['aftersales.stock.count'].browse(count_id))._approve()

        def issue(env):
            part = env['product.product'].browse(self.part_id)
            move = env['stock.move'].create({
                'product_id': part.id, 'product_uom_qty': 5, 'product_uom': part.uom_id.id, 'company_id': self.company.id,
                'location_id': self.place_id, 'location_dest_id': env.ref('stock.stock_location_customers').id,
                'picking_type_id': env['stock.warehouse'].search([('company_id', '=', self.company.id)], limit=1).out_type_id.id,
            })
            move._action_confirm()
            move._action_assign()
            move.picked = True
            move._action_done()
        results = self.race(approve, issue)
        self.assertFalse([result for result in results if isinstance(result, Exception)], results)
        with self.committed() as env:
            self.assertEqual(env['product.product'].browse(self.part_id).qty_available, 3.0)
