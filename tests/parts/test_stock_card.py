import io
from datetime import timedelta

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError

from ..common import AftersalesCommon
from .stock_flow import CUSTOMERS, SUPPLIERS, StockFlow


class TestStockCard(StockFlow, AftersalesCommon):
    """The card of a part: every movement with its document, and what is left after it (R-PART-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.shelf = cls.warehouse.lot_stock_id
        cls.suppliers, cls.customers = cls.env.ref(SUPPLIERS), cls.env.ref(CUSTOMERS)
        cls.part = cls._old_part("Filter", 10.0, default_code='F-1')
        now = fields.Datetime.now()
        cls._move_goods(cls.part, 10, cls.suppliers, cls.shelf, cost=12.0, date=now - timedelta(days=40))
        cls._move_goods(cls.part, 4, cls.shelf, cls.customers, date=now - timedelta(days=9))
        cls.order = cls._signed_order([(cls.part, 3)])
        cls.order._issue_parts()

    def _card(self, user=None, **values):
        card = self.env['aftersales.stock.card'].with_user(user or self.env.user).create({
            'product_id': self.part.id, 'company_id': self.company.id,
            'date_from': self.company._aftersales_today() - timedelta(days=20),
            'date_to': self.company._aftersales_today(), **values,
        })
        card.action_refresh()
        return card

    def test_card(self):
        card = self._card()
        self.assertRecordValues(card, [{
            'opening_qty': 10, 'opening_value': 120.0, 'in_qty': 0, 'out_qty': 7, 'closing_qty': 3, 'closing_value': 36.0,
        }])
        self.assertRecordValues(card.line_ids, [
            {'kind': 'other_out', 'out_qty': 4, 'balance_qty': 6, 'balance_value': 72.0, 'value': -48.0, 'order_name': False},
            {'kind': 'order_issue', 'out_qty': 3, 'balance_qty': 3, 'balance_value': 36.0, 'value': -36.0,
             'order_name': self.order.name},
        ])
        self.assertEqual(card.line_ids[1].reference, self.order.line_ids.move_ids.reference)
        self.assertEqual(card.line_ids[1].action_document()['res_model'], 'stock.picking')

    def test_from_the_product(self):
        """R-PART-03: one click from the product."""
        for record in (self.part, self.part.product_tmpl_id):
            action = record.with_user(self._role('parts_keeper')).action_aftersales_card()
            card = self.env['aftersales.stock.card'].browse(action['res_id'])
            self.assertEqual((card.product_id, len(card.line_ids)), (self.part, 3))

    def test_place(self):
        """What lies in one place: movements within the store count, with the worth of the moment."""
        bin_ = self.env['stock.location'].create({'name': "Bin", 'location_id': self.shelf.id})
        self._move_goods(self.part, 2, self.shelf, bin_)
        card = self._card(location_id=bin_.id)
        self.assertRecordValues(card.line_ids, [{'kind': 'transfer', 'in_qty': 2, 'balance_qty': 2, 'balance_value': 24.0}])
        self.assertEqual(self._card(location_id=self.shelf.id).closing_qty, 3, "the shelf with its bins")

    def test_change_of_cost(self):
        self.part.standard_price = 13.0
        issue = self.order.line_ids.move_ids
        self.env['product.value'].search([('product_id', '=', self.part.id)], order='id desc', limit=1).date = (
            issue.date + timedelta(seconds=1))
        line = self._card().line_ids[-1]
        self.assertEqual((line.kind, line.value, line.balance_value), ('price', 3.0, 39.0))
        with self.assertBlocked('PAR-212'):
            line.action_document()

    def test_who_reads_it(self):
        """R-PERM-05: keepers without cost, strangers not at all."""
        keeper = self._role('parts_keeper')
        card = self._card(user=keeper)
        self.assertEqual(card.closing_qty, 3)
        with self.assertRaises(AccessError):
            card.line_ids.read(['balance_value'])
        for role in ('technician', 'receptionist', 'cashier'):
            with self.assertRaises(AccessError):
                self._card(user=self._role(role))
        own = self.env['aftersales.stock.card'].with_user(self._role('accountant')).search([('id', '=', card.id)])
        self.assertFalse(own, "everybody has cards of his own")
        with self.assertBlocked('PAR-210'):
            self.env['aftersales.stock.card'].with_user(self._role('technician')).new({})._fill()
        with self.assertBlocked('PAR-211'):
            self._card(date_to=self.company._aftersales_today() - timedelta(days=30))

    def test_files(self):
        """R-PART-03: the card as workbook and as print; no cost for the keeper."""
        for user, values in ((self.env.user, True), (self._role('parts_keeper'), False)):
            card = self._card(user=user)
            name, content = card._download('card')
            self.assertTrue(name.endswith('F-1.xlsx'))
            sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
            head = [cell.value for cell in sheet[3]]
            self.assertEqual(("Balance Value" in head), values)
            self.assertEqual(sheet.cell(4, 9).value, 10)
            html = self.env['ir.actions.report'].with_user(user)._render_qweb_html(
                'aftersales_service.report_stock_card', card.ids)[0].decode()
            self.assertIn(self.order.name, html)
            self.assertEqual("Worth" in html, values)
