from odoo.exceptions import UserError

from ..concurrency import AftersalesConcurrencyCase


class TestConcurrencyGround(AftersalesConcurrencyCase):
    """The helper itself: real transactions, and nothing left behind."""

    def test_two_transactions_lose_no_update(self):
        with self.committed():
            customer = self._make_customer(comment="")

        def add(letter):
            def function(env):
                partner = env['res.partner'].browse(customer.id)
                partner.ref = (partner.ref or '') + letter
                return partner.ref
            return function

        results = self.race(add('a'), add('b'))
        self.assertIn(sorted(results, key=len), (['a', 'ab'], ['b', 'ba']))
        with self.registry.cursor() as cr:
            cr.execute("SELECT ref FROM res_partner WHERE id = %s", (customer.id,))
            self.assertIn(cr.fetchone()[0], ('ab', 'ba'))

    def test_errors_come_back(self):
        def fail(env):
            raise UserError("no")

        with self.committed():
            pass
        result, = self.race(fail)
        self.assertIsInstance(result, UserError)

    def test_nothing_stays(self):
        with self.committed() as env:
            part = self._make_part(on_hand=3)
            tag = env['res.partner.category'].create({'name': "Races", 'partner_ids': self.customer.ids})
        self.doCleanups()
        with self.registry.cursor() as cr:
            for table, record in (('product_product', part), ('res_partner_category', tag)):
                cr.execute(f"SELECT COUNT(*) FROM {table} WHERE id = %s", (record.id,))
                self.assertEqual(cr.fetchone()[0], 0)
            cr.execute("SELECT COUNT(*) FROM res_partner_res_partner_category_rel WHERE category_id = %s", (tag.id,))
            self.assertEqual(cr.fetchone()[0], 0)
            cr.execute("SELECT COUNT(*) FROM account_move_line WHERE product_id = %s", (part.id,))
            self.assertEqual(cr.fetchone()[0], 0)
