from .count_common import CountFactory


class TestCountBudget(CountFactory):
    """House §8: at most 12 queries a differing line, none for an equal one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_gate('count_second', 'off')
        cls.company.aftersales_count_limit = 1e9
        parts = cls.env['product.product'].create([
            {'name': f"Part {n}", 'default_code': f'N{n:04}', 'is_storable': True, 'categ_id': cls.part_category.id, 'standard_price': 10.0 + n}
            for n in range(1000)
        ])
        cls.parts = parts
        cls.shelf = cls.env['stock.location'].create({
            'name': 'C-01', 'location_id': cls.warehouse.lot_stock_id.id, 'company_id': cls.company.id})

    def _approved(self, lines, different):
        """Return the queries of approving a count of so many lines."""
        self.env['stock.quant'].search([('location_id', '=', self.shelf.id)]).sudo().unlink()
        self.env['stock.quant'].create([
            {'product_id': part.id, 'location_id': self.shelf.id, 'quantity': 20} for part in self.parts[:lines]])
        count = self._started(location_id=self.shelf.id)
        count.line_ids._record({line: 19.0 if number < different else 20.0 for number, line in enumerate(count.line_ids)})
        count._finish()
        self.assertEqual((count.line_count, count.different_count), (lines, different))
        count.line_ids.filtered('difference_qty').reason_id = self.reason
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        count.with_user(self.manager)._approve()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(count.state, 'applied' if different else 'decided')
        return queries

    def test_thousand_lines_fifty_differ(self):
        """R-PART-04: 1,000 lines, 50 differing: at most 12 queries for each of the 50, none for the 950."""
        few = self._approved(50, 50)
        self.env['aftersales.stock.count'].search([])._guarded().write({'state': 'decided'})
        many = self._approved(1000, 50)
        self.assertLessEqual(many, 12 * 50)
        # Rows are read in pages of a thousand: 950 more lines are not even one query a hundred.
        self.assertLessEqual(many - few, 9)

    def test_counting_costs_the_same_for_many(self):
        """R-PART-04: starting, recording a sheet and ending a count do not ask the database line by line."""
        self.env['stock.quant'].create([
            {'product_id': part.id, 'location_id': self.shelf.id, 'quantity': 20} for part in self.parts])

        def play(**values):
            count = self._plan(location_id=self.shelf.id, **values).with_user(self.keeper)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            count._start()
            count.line_ids._record(dict.fromkeys(count.line_ids, 20.0))
            count._finish()
            self.env['aftersales.desk.count'].with_user(self.keeper).get_data(count.id)
            self.env.flush_all()
            count.with_user(self.manager)._approve()
            return self.env.cr.sql_log_count - before
        self.assertLessEqual(play(), 150)

    def test_scan_and_number(self):
        """R-PART-04: one line on the phone."""
        self.env['stock.quant'].create([
            {'product_id': part.id, 'location_id': self.shelf.id, 'quantity': 20} for part in self.parts[:100]])
        count = self._started(location_id=self.shelf.id)
        desk = self.env['aftersales.desk.count'].with_user(self.keeper)
        desk.record(count.line_ids[0].id, 20.0)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        desk.record(count.line_ids[1].id, 20.0)
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 40)
