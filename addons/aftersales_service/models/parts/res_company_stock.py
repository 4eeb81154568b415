from dateutil.relativedelta import relativedelta

from odoo import fields, models

from .aftersales_stock_statement import FROZEN


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_statement_scope = fields.Selection(
        [('all', "All stored goods"), ('parts', "Car parts only")], "In / Stock / Out Statement Covers",
        default='all', required=True,
        help="Car parts only: for companies that keep new cars or other goods in the same books.",
    )
    aftersales_dead_months = fields.Integer("Dead After Months", default=12)
    aftersales_overstock_months = fields.Integer(
        "Overstock Above Months of Use", default=6, help="Where no reordering rule sets a maximum (R-KPI-41).",
    )

    _aftersales_stock_months = models.Constraint(
        'CHECK (aftersales_dead_months > 0 AND aftersales_overstock_months > 0)',
        "Months of dead stock and overstock are above zero.",
    )

    # === BUSINESS METHODS === #

    def _aftersales_integrity(self):
        found = super()._aftersales_integrity()
        found += self._aftersales_integrity_frozen()
        return found

    def _aftersales_integrity_frozen(self):
        """Statements of the last twelve months whose stock was changed after they were frozen (R-PART-05).

        One pass through the history for all of them.
        """
        since = self._aftersales_today().replace(day=1) - relativedelta(months=12)
        statements = self.env['aftersales.stock.statement'].sudo().search([
            ('company_id', '=', self.id), ('state', 'in', FROZEN), ('month', '>=', since),
        ], order='date_end, id')
        found = []
        for warehouse, group in statements.grouped('warehouse_id').items():
            found += self._aftersales_frozen_drift(warehouse, group)
        return found

    def _aftersales_frozen_drift(self, warehouse, statements):
        """Return findings for statements of one warehouse (or of all), whose closing is not what history says now."""
        frozen = {
            (statement.id, product.id): (pieces, worth)
            for statement, product, pieces, worth in self.env['aftersales.stock.statement.line'].sudo()._read_group(
                [('statement_id', 'in', statements.ids)], ['statement_id', 'product_id'],
                ['closing_qty:sum', 'closing_value:sum'],
            )
        }
        drift = {statement: [0, 0.0] for statement in statements}
        for part in self.env['aftersales.stock.ledger']._walk_sudo(
            self, statements.mapped('date_end'), locations=statements[0]._location_ids(),
        ):
            for statement, (pieces, worth) in zip(statements, part.points, strict=True):
                if self.aftersales_statement_scope == 'parts' and not part.is_part:
                    continue
                then = frozen.get((statement.id, part.product_id), (0.0, 0.0))
                change = self.currency_id.round(worth - then[1])
                if change or round(pieces - then[0], 6):
                    drift[statement][0] += 1
                    drift[statement][1] += change
        return [
            {
                **self._aftersales_finding(
                    'PAR-I8', self.env._("Changed after freezing"), statement._name, statement.id,
                    self.currency_id.round(amount),
                    self.env._(
                        "%(statement)s: %(count)s parts have another closing now than when it was submitted. Somebody booked "
                        "into the month, or a bill came at another price; the next statement shows it.",
                        statement=statement.display_name, count=count,
                    ),
                ),
                'severity': 'warning',
            }
            for statement, (count, amount) in drift.items() if count
        ]
