import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry

from ..common import AftersalesCommon
from ..concurrency import AftersalesConcurrencyCase


class TestTwoCashiers(AftersalesCommon):
    """Two people at the same order: one posts, the other is told (R-PROC-83)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)

    def _second_cursor(self, task):
        """Run a task in a second, real connection and return what it raised."""
        raised = []

        def run():
            with Registry(self.env.cr.dbname).cursor() as cr:
                try:
                    task(cr)
                except Exception as error:  # noqa: BLE001 - handed to the test
                    raised.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(20)
        return raised

    def test_second_settlement_waits(self):
        """R-PROC-83: the row of the order is locked while somebody settles it: the second one gets SET-03."""
        company = self.env['res.company'].search([], limit=1, order='id')
        with Registry(self.env.cr.dbname).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partner = env['res.partner'].create({'name': "Concurrent customer"})
            env.cr.execute(
                "INSERT INTO aftersales_repair_order (name, company_id, currency_id, state, outcome, "
                "profile_id, customer_place, estimate_method, old_part_wish, partner_id) "
                "SELECT 'RO/LOCK', c.id, c.currency_id, 'draft', 'open', p.id, 'left', 'system', 'dispose', %s "
                "FROM res_company c JOIN aftersales_profile p ON p.company_id = c.id AND p.code = 'standard' "
                "WHERE c.id = %s RETURNING id",
                [partner.id, company.id],
            )
            [order_id] = env.cr.fetchone()
            cr.commit()
            try:
                env['aftersales.repair.order'].browse(order_id)._lock_settlement_sudo()
                raised = self._second_cursor(
                    lambda other: (
                        api.Environment(other, SUPERUSER_ID, {})['aftersales.repair.order']
                        .browse(order_id)
                        ._lock_settlement_sudo()
                    ),
                )
                self.assertEqual(len(raised), 1)
                self.assertIn('SET-03', str(raised[0]))
                cr.rollback()
                self.assertEqual(
                    self._second_cursor(
                        lambda other: (
                            api.Environment(other, SUPERUSER_ID, {})['aftersales.repair.order']
                            .browse(order_id)
                            ._lock_settlement_sudo()
                        ),
                    ),
                    [],
                )
            finally:
                cr.rollback()
                cr.execute("DELETE FROM aftersales_repair_order WHERE id = %s", [order_id])
                cr.execute("DELETE FROM res_partner WHERE id = %s", [partner.id])
                cr.commit()

    def test_double_payment(self):
        """R-PROC-83: the second payment of the same amount finds nothing due."""
        order = self._settled_order(labour=[self.labour])
        settlement = order.settlement_ids.with_user(self._role('cashier'))
        settlement._pay(self.journals['cash'])
        with self.assertBlocked('SET-40', UserError):
            settlement._pay(self.journals['cash'])
        self.assertEqual(len(order.sudo().payment_ids), 1)


class TestTwoTills(AftersalesConcurrencyCase):
    """One settlement, two cashiers, the same second."""

    @classmethod
    def _open_shop(cls):
        """Open a shop of its own: gates and accounts of the common one stay as they are."""
        super()._open_shop()
        cls.company = cls._make_company("Two tills")
        cls.env = cls.env(context={'allowed_company_ids': cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.company._aftersales_prepare_company()
        cls.warehouse = cls.env['stock.warehouse'].search([('company_id', '=', cls.company.id)], limit=1)
        cls.tax_sale = cls.company.account_sale_tax_id
        cls.account_wip = cls.company.account_production_wip_account_id
        cls.customer = cls._make_customer()

    def test_one_of_two_payments_counts(self):
        """R-PROC-83: both press “take the money”; one is booked, the other is told why not, nothing half-written."""
        with self.committed() as env:
            self._open_till()
            self._make_labour_rate(113.0)
            cashiers = [self._make_user('cashier', login=f'two_tills_{number}').id for number in (1, 2)]
            order = self._make_order(self._make_vehicle(), labour=[self._make_labour_item(book_hours=1.0)])
            self._approve(order)
            self._finish_work(order)
            order.with_user(cashiers[0])._settle()
            settlement_id, journal_id = order.settlement_ids.id, self.journals['cash'].id
            self.assertEqual(order.settlement_ids.amount_due, 113.0)
            env.flush_all()

        def pay(cashier):
            def task(env):
                settlement = env['aftersales.settlement'].with_user(cashier).browse(settlement_id)
                return settlement._pay(env['account.journal'].browse(journal_id)).id
            return task

        results = self.race(*map(pay, cashiers))
        paid = [result for result in results if isinstance(result, int)]
        refused = [str(result) for result in results if not isinstance(result, int)]
        self.assertEqual(len(paid), 1, results)
        self.assertRegex(refused[0], 'SET-03|SET-40')
        with self.registry.cursor() as cr:
            settlement = api.Environment(cr, SUPERUSER_ID, {})['aftersales.settlement'].browse(settlement_id)
            self.assertEqual(settlement.payment_ids.ids, paid)
            self.assertEqual((settlement.state, settlement.amount_due, settlement.amount_paid), ('paid', 0.0, 113.0))
