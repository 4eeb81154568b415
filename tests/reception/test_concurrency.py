from ..concurrency import AftersalesConcurrencyCase


class TestTwoDesks(AftersalesConcurrencyCase):
    """Two people, two transactions, one car."""

    def setUp(self):
        super().setUp()
        with self.committed():
            car = self._make_car('京Z00001')
            self.visit_ids = [self._make_visit(car, arrive=False).id for _desk in range(2)]

    def _rows(self, query):
        with self.registry.cursor() as cr:
            cr.execute(query, [self.visit_ids])
            return sorted(row[0] for row in cr.fetchall())

    def test_one_car_arrives_once(self):
        """R-PROC-15: two desks register the same car in the same second: one visit; the other desk is told REC-01."""
        results = self.race(*(
            lambda env, visit_id=visit_id: env['aftersales.visit'].browse(visit_id)._arrive()
            for visit_id in self.visit_ids))
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertIn('REC-01', str(errors[0]))
        self.assertEqual(self._rows("SELECT state FROM aftersales_visit WHERE id = ANY(%s)"), ['expected', 'inside'])

    def test_one_key_number_is_given_once(self):
        """R-PROC-23: two desks hang up a key with one number in the same second: the other desk is told REC-19."""
        results = self.race(*(
            lambda env, visit_id=visit_id: env['aftersales.custody'].create({
                'visit_id': visit_id, 'kind': 'key', 'number': 'T-9'}).flush_recordset()
            for visit_id in self.visit_ids))
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertIn('REC-19', str(errors[0]))
        self.assertEqual(self._rows("SELECT number FROM aftersales_custody WHERE visit_id = ANY(%s)"), ['T-9'])
