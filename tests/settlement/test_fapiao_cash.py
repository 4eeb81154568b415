from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ..common import AftersalesCommon


class TestFapiao(AftersalesCommon):
    """Fapiao are records of their own, n to m with settlements, and never a gate (R-PROC-83)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.cashier = cls._role('cashier')
        cls.settlements = cls.env['aftersales.settlement'].union(
            *(cls._settled_order(labour=[cls.labour]).settlement_ids for _count in range(3))
        )
        cls.fapiao = cls.env['aftersales.fapiao'].with_user(cls.cashier)

    def _number(self, last):
        return f'253120000000000000{last:02d}'

    def test_twenty_numbers_pasted(self):
        """R-PROC-83: one number a line, as many as settlements; the list of revenue without fapiao empties."""
        self.assertEqual(self.settlements.mapped('uninvoiced_amount'), [113.0, 113.0, 113.0])
        wizard = (
            self.env['aftersales.fapiao.paste']
            .with_user(self.cashier)
            .create(
                {
                    'settlement_ids': [(6, 0, self.settlements.ids)],
                    'text': '\n'.join(f'{self._number(i)}\t113.00' for i in range(3)),
                }
            )
        )
        wizard.action_confirm()
        self.assertEqual(self.settlements.mapped('uninvoiced_amount'), [0.0, 0.0, 0.0])
        self.assertEqual(sorted(self.settlements.mapped('fapiao_numbers')), [self._number(i) for i in range(3)])
        for text in (self._number(9), f'{self._number(7)}\nno number\n{self._number(8)}'):
            with self.assertBlocked('SET-14', UserError):
                self.fapiao._paste_numbers(text, self.settlements)

    def test_one_fapiao_over_many_and_many_over_one(self):
        """R-PROC-83: n to m; the buyer may differ from who pays."""
        fapiao = self.fapiao._request(self.settlements[:2], title="Insured person", tax_no='91310000MA1')
        fapiao._issue(self._number(1))
        self.assertRecordValues(fapiao, [{'amount_total': 226.0, 'state': 'issued', 'title': "Insured person"}])
        last = self.settlements[2]
        part = self.fapiao.create(
            {
                'title': "Mr Wang",
                'company_id': self.company.id,
                'allocation_ids': [(0, 0, {'settlement_id': last.id, 'amount': 50.0})],
            }
        )
        part._issue(self._number(2))
        rest = self.fapiao._request(last)
        self.assertEqual(rest.amount_total, 63.0)
        with self.assertBlocked('SET-99', UserError):
            self.fapiao._request(self.settlements[:2])

    def test_red_letter_partly_then_wholly(self):
        """R-PROC-83: a red letter takes back at most what is left; the settlement itself does not change."""
        settlement = self.settlements[0]
        fapiao = self.fapiao._request(settlement)
        fapiao._issue(self._number(1))
        red = fapiao._red(self._number(2), 'allowance', {settlement: 13.0}, confirmation='RED-1')
        self.assertRecordValues(red, [{'amount_total': -13.0, 'state': 'red', 'origin_id': fapiao.id}])
        self.assertEqual(settlement.uninvoiced_amount, 13.0)
        self.assertEqual(settlement.amount_total, 113.0)
        with self.assertBlocked('SET-13', UserError):
            fapiao._red(self._number(3), 'mistake', {settlement: 100.01})
        fapiao._red(self._number(3), 'mistake')
        self.assertEqual(settlement.uninvoiced_amount, 113.0)

    def test_numbers_and_facts(self):
        """R-PROC-83: 20 digits, once; an issued fapiao does not change; a special one needs the tax number."""
        with self.assertBlocked('SET-95', ValidationError):
            self.fapiao.create({'number': '12345678'})
        fapiao = self.fapiao._request(self.settlements[0])
        with self.assertBlocked('SET-96', ValidationError):
            fapiao._issue()
        fapiao._issue(self._number(1))
        with self.assertBlocked('SET-98', UserError):
            fapiao.write({'number': self._number(5)})
        with self.assertBlocked('SET-98', UserError):
            fapiao.allocation_ids.write({'amount': 1.0})
        with self.assertBlocked('BAS-01', UserError):
            fapiao.write({'state': 'void'})
        with self.assertRaises(UserError):
            fapiao.unlink()
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.fapiao.create({'number': self._number(1)})
        special = self.fapiao._request(self.settlements[1], kind='special', title="Mr Wang")
        special.tax_no = False
        with self.assertBlocked('SET-97', ValidationError):
            special._issue(self._number(4))
        special.invalidate_recordset()

    def test_car_leaves_without_fapiao(self):
        """R-PROC-84: the gate does not ask for a fapiao."""
        settlement = self.settlements[0]
        settlement.with_user(self.cashier)._pay(self.journals['cash'])
        self.assertFalse(self._codes(settlement.order_id, 'released'))


class TestCashCount(AftersalesCommon):
    """Counting per means, handing over, booking the difference: R-PROC-89."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(100.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.cashier = cls._role('cashier')
        cls.accountant = cls._role('accountant')
        order = cls._settled_order(labour=[cls.labour])
        order._pay_split([(cls.journals['cash'], 60.0, None), (cls.journals['wechat'], 40.0, None)])

    def _count(self):
        return self.env['aftersales.cash.count'].with_user(self.cashier).create({})

    def _line(self, count, means):
        return count.line_ids.filtered(lambda line: line.means == means)

    def test_system_totals_per_means(self):
        """R-PROC-89: each means shows what the day brought; the float of yesterday opens the cash."""
        count = self._count()
        self.assertEqual(len(count.line_ids), 5)
        self.assertEqual(
            (
                self._line(count, 'cash').amount_system,
                self._line(count, 'wechat').amount_system,
                self._line(count, 'card').amount_system,
            ),
            (60.0, 40.0, 0.0),
        )
        self._line(count, 'cash').write({'amount_counted': 60.0, 'amount_handed': 20.0})
        self._line(count, 'wechat').amount_counted = 40.0
        count._finish()
        self.assertEqual(count.amount_difference, 0.0)
        tomorrow = (
            self.env['aftersales.cash.count']
            .with_user(self.cashier)
            .create({'date': fields.Date.add(count.date, days=1)})
        )
        self.assertEqual(self._line(tomorrow, 'cash').amount_opening, 40.0)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.cr.savepoint():
            self._count()

    def test_difference_is_explained_and_booked_as_pending(self):
        """R-PROC-89: short by 0.50: Dr pending differences 0.50 / Cr cash 0.50, by the accountant, once."""
        count = self._count()
        self._line(count, 'cash').amount_counted = 59.5
        self._line(count, 'wechat').amount_counted = 40.0
        with self.assertBlocked('SET-17', UserError):
            count._finish()
        self._line(count, 'cash').note = "Wrong change"
        count._finish()
        with self.assertBlocked('SET-16', UserError):
            self._line(count, 'cash').amount_counted = 60.0
        with self.assertBlocked('SET-02', UserError):
            count._post_difference()
        self.assertEqual(self.env['aftersales.desk.accountant'].with_user(self.accountant).post_differences(), 1)
        self.assertEqual(
            self._items(count.sudo().move_ids),
            sorted(
                [
                    (self.company.aftersales_cash_difference_account_id.code, 0.5, 0.0),
                    (self.journals['cash'].default_account_id.code, 0.0, 0.5),
                ]
            ),
        )
        with self.assertBlocked('SET-38', UserError):
            count.with_user(self.accountant)._post_difference()

    def test_handed_to_another_person(self):
        """R-PROC-89: at block somebody else of finance takes the money; at off the same person may."""
        self._set_gate('cash_count_second', 'block')
        count = self.env['aftersales.cash.count'].with_user(self.accountant).create({})
        self._line(count, 'cash').amount_counted = 60.0
        self._line(count, 'wechat').amount_counted = 40.0
        with self.assertBlocked('SET-19', UserError):
            count._receive()
        count._finish()
        with self.assertBlocked('SET-18', UserError):
            count._receive()
        with self.assertBlocked('SET-02', UserError):
            count.with_user(self.cashier)._receive()
        self._set_gate('cash_count_second', 'off')
        count._receive()
        self.assertRecordValues(count, [{'state': 'received', 'received_by_id': self.accountant.id}])
        with self.assertBlocked('BAS-01', UserError):
            count.write({'state': 'draft'})
