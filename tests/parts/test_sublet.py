from odoo import Command, fields
from odoo.exceptions import UserError

from ..common import AftersalesCommon


class TestSublet(AftersalesCommon):
    """Work of a subcontractor passes the order's cost: accounting 14 and 24, R-PART-17."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.vendor = cls._make_customer("Paint Shop")
        cls.advisor = cls._role('advisor')
        cls.paint = cls.env['product.product'].create(
            {
                'name': "Outside painting",
                'type': 'service',
                'list_price': 1130.0,
                'taxes_id': [Command.set(cls.tax_sale.ids)],
                'supplier_taxes_id': [Command.clear()],
                'purchase_method': 'purchase',
            }
        )
        cls.accrual = cls.company.aftersales_accrual_account_id

    def _sublet(self):
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id))
        job = self._make_job(order, "Door scratched")
        line = order._add_line(job, kind='sublet', product_id=self.paint.id)
        self._approve(order)
        return order, line

    def _bill(self, purchase, price=None):
        purchase.action_create_invoice()
        bill = purchase.invoice_ids.sorted('id')[-1]
        bill.invoice_date = fields.Date.today()
        if price:
            bill.invoice_line_ids.price_unit = price
        bill.action_post()
        return bill

    def test_order_accept_bill(self):
        """Accounting 14: accrual on acceptance, trued up by the bill, cleared to the cent."""
        order, line = self._sublet()
        purchase = line.with_user(self.advisor)._order_sublet(self.vendor, 700.0).sudo()
        self.assertEqual(
            (purchase.state, purchase.amount_untaxed, purchase.aftersales_order_id), ('purchase', 700.0, order)
        )
        self.assertEqual(line.sublet_state, 'ordered')
        self.assertIn('PAR-29', self._codes(order, 'settled'))
        self.assertEqual(self._wip(order), 0.0)
        line.with_user(self.advisor)._accept_sublet()
        self.assertEqual((line.sublet_state, line.sublet_accepted_by_id), ('accepted', self.advisor))
        self.assertEqual(self._wip(order), 700.0)
        self.assertEqual(self._balance(self.accrual, ('aftersales_line_id', '=', line.id)), -700.0)
        self.assertNotIn('PAR-29', self._codes(order, 'settled'))
        bill = self._bill(purchase, 720.0)
        self.assertEqual(line.sublet_state, 'billed')
        self.assertEqual(self._wip(order), 720.0)
        self.assertEqual(self._balance(self.accrual, ('aftersales_line_id', '=', line.id)), 0.0)
        item = bill.invoice_line_ids
        self.assertEqual(
            (item.account_id, item.aftersales_order_id, item.aftersales_line_id), (self.account_wip, order, line)
        )

    def test_bill_taken_back_to_draft_and_changed(self):
        """Accounting 14: the accrual returns with the draft and leaves with the corrected bill."""
        order, line = self._sublet()
        purchase = line._order_sublet(self.vendor, 700.0)
        line._accept_sublet()
        bill = self._bill(purchase)
        bill.button_draft()
        self.assertEqual(self._wip(order), 700.0)
        self.assertEqual(self._balance(self.accrual, ('aftersales_line_id', '=', line.id)), -700.0)
        bill.invoice_line_ids.price_unit = 650.0
        bill.action_post()
        self.assertEqual(self._wip(order), 650.0)
        self.assertEqual(self._balance(self.accrual, ('aftersales_line_id', '=', line.id)), 0.0)

    def test_late_bill_of_a_finished_order_goes_to_cost(self):
        """Accounting 24: never back to work in progress, and with the order link."""
        order, line = self._sublet()
        purchase = line._order_sublet(self.vendor, 700.0)
        line._accept_sublet()
        # What the settlement does: the cost entry clears the order, and the order is over.
        cost = self.paint.with_company(self.company)._get_product_accounts()['expense']
        entry = self.env['account.move'].with_company(self.company)
        entry = (entry._guarded() if hasattr(entry, '_guarded') else entry).create(
            {
                'journal_id': self.company.account_stock_journal_id.id,
                'line_ids': [
                    Command.create({'account_id': cost.id, 'balance': 700.0, 'aftersales_order_id': order.id}),
                    Command.create(
                        {'account_id': self.account_wip.id, 'balance': -700.0, 'aftersales_order_id': order.id}
                    ),
                ],
            }
        )
        entry.action_post()
        order._guarded().write({'state': 'closed'})
        bill = self._bill(purchase, 730.0)
        self.assertEqual(bill.invoice_line_ids.account_id, cost)
        self.assertEqual(bill.invoice_line_ids.aftersales_order_id, order)
        self.assertEqual(self._wip(order), 0.0)
        self.assertEqual(self._balance(self.accrual, ('aftersales_line_id', '=', line.id)), 0.0)
        self.assertEqual(self._balance(cost, ('aftersales_order_id', '=', order.id)), 730.0)

    def test_a_line_with_a_purchase_stays_until_it_is_called_off(self):
        """No line is taken from under its purchase; a cancelled purchase lets it go."""
        _order, line = self._sublet()
        purchase = line._order_sublet(self.vendor, 700.0)
        with self.assertBlocked('PAR-30'):
            line.unlink()
        purchase.sudo().button_cancel()
        line.unlink()
        self.assertFalse(purchase.sudo().order_line.aftersales_line_id)

    def test_cancel_takes_the_accrual_back(self):
        order, line = self._sublet()
        purchase = line._order_sublet(self.vendor, 700.0)
        line._accept_sublet()
        self._set_gate('cancel_after_issue', 'off')
        with self.assertBlocked('PAR-45', UserError):
            order._cancel(self._reason('cancel'))
        line._cancel_sublet()
        self.assertEqual((purchase.state, line.sublet_state), ('cancel', 'none'))
        self.assertEqual(self._wip(order), 0.0)
        line._order_sublet(self.vendor, 500.0)
        line._accept_sublet()
        self.assertEqual(self._wip(order), 500.0)
        self._bill(line.sublet_purchase_id)
        with self.assertBlocked('PAR-56', UserError):
            line._cancel_sublet()

    def test_order_waits_for_the_subcontractor(self):
        """R-PROC-79: ordered late it takes the order back from ready; a purchase called off lets it be ready again."""
        self._make_labour_rate(113.0)
        order = self._make_order(
            self._make_vehicle(partner_id=self.customer.id), labour=[self._make_labour_item(book_hours=1.0)], wash_wanted=False
        )
        line = order._add_line(self._make_job(order, "Door scratched"), kind='sublet', product_id=self.paint.id)
        self._approve(order)
        self._only_gates('sublet_accepted')
        worker = self._make_employee("Master Li")
        operations = order._dispatch(technicians=worker)
        operations._start(worker)
        operations._finish(worker)
        before = order.state
        purchase = line._order_sublet(self.vendor, 700.0)
        during = order.state
        purchase.button_cancel()
        self.assertEqual((before, during, order.state), ('ready', 'inspecting', 'ready'))

    def test_cancelled_order_cancels_what_was_only_ordered(self):
        order, line = self._sublet()
        purchase = line._order_sublet(self.vendor, 700.0)
        order._cancel(self._reason('cancel'))
        self.assertEqual(purchase.state, 'cancel')

    def test_refusals(self):
        order, line = self._sublet()
        part = self._make_part("Goods")
        wrong = order._add_line(order.job_ids, kind='sublet', product_id=part.id)
        with self.assertBlocked('PAR-51', UserError):
            wrong._order_sublet(self.vendor, 10.0)
        self._approve(order)
        with self.assertBlocked('PAR-54', UserError):
            wrong._order_sublet(self.vendor, 10.0)
        with self.assertBlocked('PAR-53', UserError):
            line._order_sublet(self.vendor, 0.0)
        with self.assertBlocked('PAR-53', UserError):
            line._order_sublet(self.env['res.partner'], 10.0)
        with self.assertBlocked('PAR-55', UserError):
            line._accept_sublet()
        with self.assertBlocked('PAR-50', UserError):
            line.with_user(self._role('cashier'))._order_sublet(self.vendor, 10.0)
        line._order_sublet(self.vendor, 10.0)
        with self.assertBlocked('PAR-52', UserError):
            line._order_sublet(self.vendor, 10.0)
        with self.assertBlocked('PAR-58', UserError):
            line.purchase_line_ids.write({'aftersales_line_id': wrong.id})
        self.company.aftersales_accrual_account_id = False
        with self.assertBlocked('PAR-57', UserError):
            line._accept_sublet()

    def test_periodic_company_needs_no_accrual(self):
        self.company.aftersales_wip_account_id = False
        order, line = self._sublet()
        purchase = line._order_sublet(self.vendor, 700.0)
        line._accept_sublet()
        self.assertEqual(self._balance(self.accrual, ('aftersales_order_id', '=', order.id)), 0.0)
        bill = self._bill(purchase)
        self.assertEqual(bill.invoice_line_ids.aftersales_order_id, order)
        self.assertEqual(bill.invoice_line_ids.account_id.internal_group, 'expense')

    def test_wizard(self):
        order, line = self._sublet()
        action = line.action_order_sublet()
        self.env[action['res_model']].with_user(self.advisor).with_context(**action['context']).create(
            {
                'vendor_id': self.vendor.id,
                'cost': 333.0,
            }
        ).action_confirm()
        self.assertEqual(line.sublet_purchase_id.amount_untaxed, 333.0)
        self.assertEqual(line.sublet_vendor_id, self.vendor)
        self._set_gate('sublet_accepted', 'off')
        self.assertNotIn('PAR-29', self._codes(order, 'settled'))
