from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form

from .test_labour import CatalogueCase


class TestPartData(CatalogueCase):
    """What a part is: number, grade, successor, hazard, key position, warranty."""

    def _part(self, name="Pad", **values):
        return self._make_part(name, aftersales_is_part=True, **values)

    def test_a_superseded_part_leads_to_the_one_ordered_today(self):
        old, middle, new = (self._part(name) for name in ("Old", "Middle", "New"))
        old.aftersales_superseded_by_id = middle
        middle.aftersales_superseded_by_id = new
        self.assertEqual(old._aftersales_current_part(), new)
        self.assertEqual(new._aftersales_current_part(), new)

    def test_an_aftermarket_part_is_found_by_the_original_number(self):
        part = self._part("Filter of another maker", aftersales_oem_number="04E115561H")
        search = self.env['product.product'].name_search
        self.assertIn(part.id, [found[0] for found in search("04E115561")])
        self.assertNotIn(part.id, [found[0] for found in search("04E999999")])

    def test_a_part_never_supersedes_itself(self):
        old, middle, new = (self._part(name) for name in ("Old", "Middle", "New"))
        old.aftersales_superseded_by_id = middle
        middle.aftersales_superseded_by_id = new
        for part, successor in ((new, old), (new, new), (middle, old)):
            with self.assertBlocked('CAT-04', ValidationError):
                part.aftersales_superseded_by_id = successor

    def test_only_the_parts_manager_writes_part_data_and_prices(self):
        """R-PERM-03: parts are sold at the price of the list, which is not open to everybody who edits products."""
        part = self._part(price=100.0)
        accountant = self._make_user('accountant', login='product_editor')
        accountant.group_ids += self.env.ref('product.group_product_manager')
        for vals in ({'list_price': 200.0}, {'aftersales_grade': 'used'}, {'aftersales_superseded_by_id': part.id}):
            with self.assertBlocked('CAT-05', AccessError):
                part.with_user(accountant).write(vals)
            with self.assertBlocked('CAT-05', AccessError):
                part.product_tmpl_id.with_user(accountant).write(vals)
        with self.assertBlocked('CAT-05', AccessError):
            part.with_user(accountant).lst_price = 200.0
        with self.assertBlocked('CAT-05', AccessError):
            self.env['product.template'].with_user(accountant).create({'name': "New", 'aftersales_is_part': True})
        part.with_user(self._role('parts_manager')).write({'list_price': 120.0, 'aftersales_grade': 'oem'})
        self.assertEqual((part.list_price, part.aftersales_grade), (120.0, 'oem'))

    def test_products_that_are_no_parts_stay_free(self):
        product = self._make_part("Coffee machine", price=100.0)
        editor = self._make_user('accountant', login='product_editor')
        editor.group_ids += self.env.ref('product.group_product_manager')
        product.with_user(editor).list_price = 90.0
        self.assertEqual(product.list_price, 90.0)

    def test_everybody_of_the_shop_reads_part_data(self):
        part = self._part(aftersales_grade='brand')
        for role in ('technician', 'advisor', 'parts_keeper'):
            self.assertEqual(part.with_user(self._role(role)).aftersales_grade, 'brand')

    def test_the_product_form_offers_the_part_page(self):
        with Form(self.env['product.template'].with_user(self._role('parts_manager'))) as form:
            form.name = "Battery"
            form.aftersales_is_part = True
            form.aftersales_grade = 'oem'
            form.aftersales_hazardous = True
        self.assertTrue(form.record.aftersales_hazardous)
