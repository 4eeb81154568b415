from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

# An adjustment may wait this long for its decision before the list asks for it.
DAYS_TO_DECIDE = 30


class ResCompany(models.Model):
    """What must hold between stock counts, their adjustments and the decisions about them."""

    _inherit = 'res.company'

    def _aftersales_integrity(self):
        return super()._aftersales_integrity() + self._integrity_counts_undecided() + self._integrity_counts_booked()

    def _integrity_counts_undecided(self):
        """Adjusted counts nobody has decided about for a month."""
        counts = self.env['aftersales.stock.count'].search([
            ('company_id', '=', self.id), ('state', '=', 'applied'),
            ('applied_at', '<', fields.Datetime.now() - timedelta(days=DAYS_TO_DECIDE)),
        ])
        return [
            self._finding('CNT-I3', self.env._("Stock difference undecided"), 'warning', count, count.undecided_amount, self.env._(
                "%(count)s was adjusted on %(date)s and nobody has decided who bears the differences.",
                count=count.name, date=fields.Date.to_date(count.applied_at)))
            for count in counts
        ]

    def _integrity_counts_booked(self):
        """What a count left on the account of pending differences against its adjustments and decisions."""
        account = self._aftersales_count_account()
        if not account:
            return []
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            WITH adjusted AS (
                SELECT l.count_id, -SUM(l.applied_value) AS amount
                  FROM aftersales_stock_count_line l JOIN stock_move m ON m.id = l.move_id
                 WHERE l.company_id = %(company)s AND m.account_move_id IS NOT NULL GROUP BY 1
            ), decided AS (
                SELECT count_id, SUM(amount) AS amount FROM aftersales_count_decision
                 WHERE company_id = %(company)s AND state = 'posted' GROUP BY 1
            ), booked AS (
                SELECT e.aftersales_count_id AS count_id, SUM(i.balance) AS amount
                  FROM account_move_line i JOIN account_move e ON e.id = i.move_id
                 WHERE i.company_id = %(company)s AND i.account_id = %(account)s AND i.parent_state = 'posted'
                   AND e.aftersales_count_id IS NOT NULL GROUP BY 1
            )
            SELECT c.id, COALESCE(a.amount, 0) - COALESCE(d.amount, 0), COALESCE(b.amount, 0)
              FROM aftersales_stock_count c LEFT JOIN adjusted a ON a.count_id = c.id
              LEFT JOIN decided d ON d.count_id = c.id LEFT JOIN booked b ON b.count_id = c.id
             WHERE c.company_id = %(company)s AND c.applied_at IS NOT NULL
               AND ABS(COALESCE(a.amount, 0) - COALESCE(d.amount, 0) - COALESCE(b.amount, 0)) > 0.004
            """, company=self.id, account=account.id,
        ))
        Count = self.env['aftersales.stock.count']
        return [
            self._finding('CNT-I4', self.env._("Stock difference in the books"), 'error', Count.browse(count_id), float(booked - due), self.env._(
                "%(count)s: %(due)s should stand on the account of pending differences, %(booked)s does. The account was "
                "changed, or an entry edited.", count=Count.browse(count_id).name, due=float(due), booked=float(booked)))
            for count_id, due, booked in rows
        ]
