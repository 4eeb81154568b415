import base64
import io
from datetime import date, datetime

import xlsxwriter
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError

from ..common import AftersalesCommon


class TestPriceList(AftersalesCommon):
    """R-PART-20: price lists have versions with the day they come into force; what is on an order keeps its price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.manager = cls._make_user('parts_manager', login='price_manager')
        cls.maker = cls.env['res.partner'].create({'name': "Manufacturer"})
        cls.part = cls._make_part("Filter", price=100.0, default_code='F-1', aftersales_is_part=True)
        cls.other = cls._make_part("Belt", price=50.0, default_code='B-1', aftersales_is_part=True)

    def _list(self, prices, day=date(2026, 6, 1), **values):
        return self.env['aftersales.price.list'].with_user(self.manager).create({
            'name': "Version 2", 'date_from': day, 'company_id': self.company.id,
            'line_ids': [
                Command.create({'product_tmpl_id': part.product_tmpl_id.id, 'price': price}) for part, price in prices.items()
            ],
            **values,
        })

    def _on(self, day, hour=2):
        """Freeze the clock at an hour (UTC) of a day in 2026."""
        return freeze_time(datetime(2026, *day, hour))

    def test_prices_change_on_their_day(self):
        """R-PART-20: announced in May for June: May costs 100, the first of June in the shop's zone 120."""
        with self._on((5, 20)):
            version = self._list({self.part: 120.0})
            version._announce()
            self.assertEqual((version.state, self.part.list_price), ('announced', 100.0))
        with self._on((5, 31), hour=15):
            version._cron_come_into_force()
            self.assertEqual(self.part.list_price, 100.0)
        with self._on((5, 31), hour=17):  # one o'clock in Shanghai, the first of June
            version._cron_come_into_force()
        self.assertEqual((version.state, self.part.list_price), ('in_force', 120.0))
        self.assertRecordValues(version.line_ids, [{'former_price': 100.0, 'price': 120.0, 'change_percent': 20.0}])
        change = self.env['aftersales.part.price'].search([('product_tmpl_id', '=', self.part.product_tmpl_id.id)])
        self.assertRecordValues(change, [{'former_price': 100.0, 'price': 120.0, 'list_id': version.id}])

    def test_orders_keep_the_price_they_were_made_with(self):
        """R-PART-20: an estimate of May keeps May's price when it is touched in June; new lines cost June's."""
        with self._on((5, 20)):
            version = self._list({self.part: 120.0})
            version._announce()
            order = self._make_order(self._make_vehicle(partner_id=self.customer.id), parts=[(self.part, 1)])
            signed = self._signed_order([(self.part, 1)])
        with self._on((6, 2)):
            version._cron_come_into_force()
            order.line_ids.quantity = 3
            self.assertEqual(order.line_ids.price_unit, 100.0)
            self.assertEqual(order.line_ids.price_total, 300.0)
            order._add_line(order.job_ids, kind='part', product_id=self.part.id, quantity=1)
            self.assertEqual(order.line_ids.mapped('price_unit'), [100.0, 120.0])
            # On purpose: what nobody approved follows today's catalogue, what the customer signed does not.
            changed = (order | signed)._take_current_prices()
            self.assertEqual(changed, order.line_ids[0])
            self.assertEqual(order.line_ids.mapped('price_unit'), [120.0, 120.0])
            self.assertEqual(signed.line_ids.price_unit, 100.0)
            self.assertTrue(signed.job_ids.is_approved)
            self.assertFalse((order | signed)._take_current_prices())

    def test_exchanged_and_carried_over(self):
        """R-PART-20: another part on the line is bought today; a job carried over keeps the price the customer approved."""
        with self._on((5, 20)):
            signed = self._signed_order([(self.part, 1)])
            order = self._make_order(self._make_vehicle(partner_id=self.customer.id), parts=[(self.part, 1)])
            self._list({self.part: 120.0, self.other: 60.0})._announce()
        with self._on((6, 2)):
            self.env['aftersales.price.list']._cron_come_into_force()
            order.line_ids.product_id = self.other
            self.assertEqual(order.line_ids.price_unit, 60.0)
            follow_up = signed._carry_over(signed.job_ids)
            follow_up.line_ids.quantity = 2
            self.assertEqual(follow_up.line_ids.price_unit, 100.0)

    def test_customers_price_lists_build_on_it(self):
        """R-PART-20: ten percent off for a fleet is ten percent off the price of that day, by hand or by version."""
        rebate = self.env['product.pricelist'].create({
            'name': "Fleet", 'company_id': self.company.id, 'currency_id': self.company.currency_id.id,
            'item_ids': [Command.create({'compute_price': 'percentage', 'percent_price': 10.0, 'applied_on': '3_global'})],
        })
        with self._on((5, 20)):
            order = self._make_order(
                self._make_vehicle(partner_id=self.customer.id), parts=[(self.part, 1)], pricelist_id=rebate.id,
            )
            self.assertEqual(order.line_ids.price_unit, 90.0)
        with self._on((6, 2)):
            self.part.product_tmpl_id.with_user(self.manager).list_price = 200.0
            order.line_ids.quantity = 2
            self.assertEqual(order.line_ids.price_unit, 90.0)
            order._take_current_prices()
            self.assertEqual(order.line_ids.price_unit, 180.0)
        moments = [datetime(2026, 5, 20), datetime(2026, 6, 2, 2), datetime(2026, 6, 3)]
        self.assertEqual(
            [self.part._price_compute('list_price', date=moment)[self.part.id] for moment in moments], [100.0, 200.0, 200.0],
        )
        dozen = self.env['uom.uom'].create({'name': "Dozen", 'relative_factor': 12, 'relative_uom_id': self.part.uom_id.id})
        self.assertEqual(self.part._price_compute('list_price', uom=dozen, date=moments[0])[self.part.id], 1200.0)

    def test_labour_keeps_its_rate(self):
        """R-PART-20: rates of labour have a day too; an hour offered in May costs May's rate."""
        self._make_labour_rate(price=200.0, date='2026-01-01')
        item = self._make_labour_item(hours=1.0)
        with self._on((5, 20)):
            order = self._make_order(self._make_vehicle(partner_id=self.customer.id), labour=[item])
        self._make_labour_rate(price=300.0, date='2026-06-01')
        with self._on((6, 2)):
            order.job_ids.payer_kind = 'internal'
            order.job_ids.payer_kind = 'customer'
            self.assertEqual(order.line_ids.price_unit, 200.0)
            order._take_current_prices()
            self.assertEqual(order.line_ids.price_unit, 300.0)

    def test_purchase_prices_begin_that_day(self):
        """R-PART-20: the planner buys at the new price from that day on; packs and delivery days go on."""
        self.part.seller_ids = [Command.create({'partner_id': self.maker.id, 'price': 40.0, 'min_qty': 5, 'delay': 7})]
        version = self._list({self.part: 120.0, self.other: 60.0}, partner_id=self.maker.id)
        version.line_ids.purchase_price = 44.0
        with self._on((5, 20)):
            version._announce()
        with self._on((6, 1), hour=4):
            version._cron_come_into_force()
        self.part.invalidate_recordset()
        seller = {day: self.part._aftersales_seller(day) for day in (date(2026, 5, 31), date(2026, 6, 1))}
        self.assertEqual([(row.price, row.min_qty, row.delay) for row in seller.values()], [(40.0, 5, 7), (44.0, 5, 7)])
        self.assertEqual(self.other._aftersales_seller(date(2026, 6, 1)).price, 44.0)

    def test_who_may_and_what_stands(self):
        """R-PART-20: the parts manager announces; from then on nobody changes it, also not over RPC; news are passed on."""
        keeper, advisor = self._role('parts_keeper'), self._role('advisor')
        with self._on((5, 20)):
            version = self._list({self.part: 120.0})
            with self.assertRaises(AccessError):
                version.with_user(advisor)._announce()
            with self.assertRaises(AccessError):
                version.with_user(keeper).write({'name': "Mine"})
            with self.assertBlocked('BAS-01'):
                version.write({'state': 'in_force'})
            with self.assertBlocked('PAR-402'):
                self._list({})._announce()
            with self.assertBlocked('PAR-404'):
                self._list({self.part: 1.0}, day=date(2026, 5, 19))._announce()
            version._announce()
            self.assertIn(keeper.partner_id, version.message_ids[0].notified_partner_ids)
            self.assertIn(advisor.partner_id, version.message_ids[0].notified_partner_ids)
            for change in (
                lambda: version.write({'date_from': date(2026, 7, 1)}),
                lambda: version.line_ids.write({'price': 1.0}),
                lambda: version.line_ids.unlink(),
                lambda: version.unlink(),
                lambda: self.env['aftersales.price.list.line'].with_user(self.manager).create(
                    {'list_id': version.id, 'product_tmpl_id': self.other.product_tmpl_id.id, 'price': 1.0}),
            ):
                with self.assertBlocked('PAR-403'):
                    change()
            version._take_back()
            version.line_ids.price = 130.0
            version._announce()
        with self._on((6, 1), hour=4):
            version._cron_come_into_force()
            with self.assertBlocked('PAR-405'):
                version._take_back()
        with self.assertBlocked('BAS-01'):
            self.env['aftersales.part.price'].create({'product_tmpl_id': self.part.product_tmpl_id.id, 'price': 1.0,
                                                      'changed_at': datetime(2026, 1, 1)})
        self.assertEqual(self.part.list_price, 130.0)

    def test_another_company_sees_nothing(self):
        """R-PART-20: price lists of a company are its own."""
        version = self._list({self.part: 120.0})
        stranger = self.env['res.company'].create({'name': "Other shop"})
        manager = self._make_user('parts_manager', login='other_manager')
        manager.write({'company_ids': [Command.set(stranger.ids)], 'company_id': stranger.id})
        with self.assertRaises(AccessError):
            version.with_user(manager).with_context(allowed_company_ids=stranger.ids).read(['name'])

    def _sheet(self, rows):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {'in_memory': True}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        return base64.b64encode(buffer.getvalue())

    def test_filled_from_a_sheet(self):
        """R-PART-20: rows that cannot stand are named, the others are taken; a second sheet corrects the first."""
        number = self._make_part("Numbered", price=1.0, default_code='90915', aftersales_is_part=True)
        version = self._list({self.other: 55.0})
        wizard = self.env['aftersales.price.list.wizard'].with_user(self.manager).create({
            'list_id': version.id,
            'file': self._sheet([
                ("Number", "Price", "Purchase"), ('F-1', 120.5, 60), ('B-1', "１,０６０.00", None), ('X-9', 3, None),
                ('F-1', 4, None), (90915, 7, None), ('B-1x', None, None),
            ]),
        })
        wizard.action_fill()
        self.assertEqual(wizard.taken, 3)
        self.assertEqual([line[:5] for line in wizard.problems.splitlines()], ['Row 4', 'Row 5', 'Row 7'])
        prices = {line.product_tmpl_id: (line.price, line.purchase_price) for line in version.line_ids}
        self.assertEqual(prices, {
            self.part.product_tmpl_id: (120.5, 60.0), self.other.product_tmpl_id: (1060.0, 0.0),
            number.product_tmpl_id: (7.0, 0.0),
        })
        with self.assertBlocked('PAR-408'):
            self.env['aftersales.price.list.wizard'].with_user(self.manager).create(
                {'list_id': version.id, 'file': base64.b64encode(b'no workbook')}).action_fill()

    def test_filled_by_a_percentage(self):
        """R-PART-20: three percent on a category, to the jiao."""
        category = self.env['product.category'].create({'name': "Oils", 'parent_id': self.part_category.id})
        oil = self._make_part("Oil", price=99.9, categ_id=category.id, aftersales_is_part=True)
        version = self._list({self.other: 55.0})
        self.env['aftersales.price.list.wizard'].with_user(self.manager).create({
            'list_id': version.id, 'method': 'percent', 'percent': 3.0, 'categ_id': category.id, 'step': '0.1',
        }).action_fill()
        self.assertEqual(version.line_ids.filtered(lambda line: line.product_tmpl_id == oil.product_tmpl_id).price, 102.9)
        self.assertEqual(len(version.line_ids), 2)
