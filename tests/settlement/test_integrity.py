from ..common import AftersalesCommon


class TestIntegrity(AftersalesCommon):
    """What got past every door by SQL is found: each check of the till is proven to speak (R-PROC-83)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_till()
        cls._make_labour_rate(113.0)
        cls.labour = cls._make_labour_item(book_hours=1.0)
        cls.order = cls._settled_order(labour=[cls.labour])
        cls.settlement = cls.order.settlement_ids
        cls.invoice = cls.settlement.move_ids

    def _tamper(self, query, *parameters):
        self.env.flush_all()
        self.env.cr.execute(query, parameters)
        self.env.invalidate_all()

    def _found(self, code):
        return [
            (row['res_model'], row['res_id'], row['amount'])
            for row in self.company._aftersales_integrity() if row['code'] == code
        ]

    def test_settled_without_invoice_is_found(self):
        """R-PROC-83: a settled payer whose invoice lost its link has none."""
        self.assertEqual(self._found('SET-I3'), [])
        self._tamper("UPDATE account_move SET aftersales_settlement_id = NULL WHERE id = %s", self.invoice.id)
        self.assertEqual(self._found('SET-I3'), [('aftersales.settlement', self.settlement.id, 113.0)])

    def test_gone_and_unpaid_is_found(self):
        """R-PROC-84: a car beyond the gate that owes money and is not on account."""
        self.assertEqual(self._found('SET-I5'), [])
        self._tamper("UPDATE aftersales_repair_order SET state = 'released' WHERE id = %s", self.order.id)
        self.assertEqual(self._found('SET-I5'), [('aftersales.repair.order', self.order.id, 113.0)])
        self._tamper("UPDATE aftersales_settlement SET is_on_account = TRUE WHERE id = %s", self.settlement.id)
        self.assertEqual(self._found('SET-I5'), [])

    def test_unbalanced_entry_is_found(self):
        """R-PROC-83: an entry of an order whose items no longer add up to nothing."""
        self.assertEqual(self._found('SET-I8'), [])
        line = self.invoice.invoice_line_ids[:1]
        self._tamper("UPDATE account_move_line SET balance = balance + 1 WHERE id = %s", line.id)
        self.assertEqual(self._found('SET-I8'), [('account.move', self.invoice.id, 1.0)])
