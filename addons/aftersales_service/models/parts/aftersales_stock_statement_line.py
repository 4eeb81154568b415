from odoo import api, fields, models

from .aftersales_stock_ledger import ADJUSTMENTS, COLUMNS, ISSUES, RECEIPTS

# Who sees what parts cost.
COST_GROUPS = ','.join(f'aftersales_service.group_{role}' for role in (
    'parts_manager', 'accountant', 'general_manager', 'service_manager',
))


def quantity(label, **kwargs):
    return fields.Float(label, digits='Product Unit', readonly=True, **kwargs)


def value(label, **kwargs):
    return fields.Monetary(label, readonly=True, groups=COST_GROUPS, **kwargs)


class AftersalesStockStatementLine(models.Model):
    """One product of a month: opening + receipts − issues ± adjustments = closing, in pieces and in value.

    Written by the statement in one statement of SQL; nobody else writes it. The database itself holds the equation.
    """

    _name = 'aftersales.stock.statement.line'
    _description = "Line of an in / stock / out statement"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'categ_id, product_id, id'
    _rec_name = 'product_id'

    statement_id = fields.Many2one(
        'aftersales.stock.statement', required=True, readonly=True, ondelete='cascade', index=True,
    )
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    month = fields.Date(readonly=True, index=True)
    warehouse_id = fields.Many2one('stock.warehouse', readonly=True)
    product_id = fields.Many2one('product.product', "Part", required=True, readonly=True, index=True, ondelete='restrict')
    default_code = fields.Char(related='product_id.default_code', string="Part Number")
    uom_id = fields.Many2one(related='product_id.uom_id')
    categ_id = fields.Many2one('product.category', "Category", readonly=True, help="As it was when the figures were taken.")

    opening_qty = quantity("Opening")
    opening_value = value("Opening Value")
    changed_qty = quantity(
        "Changed After Freezing",
        help="The month before was frozen with another closing: somebody booked into it afterwards.",
    )
    changed_value = value("Changed After Freezing (Value)")
    purchase_qty = quantity("Purchased")
    purchase_value = value("Purchased (Value)")
    order_return_qty = quantity("Back From Orders")
    order_return_value = value("Back From Orders (Value)")
    other_in_qty = quantity("Other Receipts")
    other_in_value = value("Other Receipts (Value)")
    in_qty = quantity("Receipts")
    in_value = value("Receipts Value")
    order_issue_qty = quantity("Issued to Orders")
    order_issue_value = value("Issued to Orders (Value)")
    counter_qty = quantity("Sold Over the Counter")
    counter_value = value("Sold Over the Counter (Value)")
    consumable_qty = quantity("Consumables")
    consumable_value = value("Consumables (Value)")
    scrap_qty = quantity("Scrapped")
    scrap_value = value("Scrapped (Value)")
    vendor_return_qty = quantity("Back to Vendors")
    vendor_return_value = value("Back to Vendors (Value)")
    other_out_qty = quantity("Other Issues")
    other_out_value = value("Other Issues (Value)")
    out_qty = quantity("Issues")
    out_value = value("Issues Value")
    gain_qty = quantity("Count Surplus")
    gain_value = value("Count Surplus (Value)")
    loss_qty = quantity("Count Shortage")
    loss_value = value("Count Shortage (Value)")
    transfer_qty = quantity("Between Warehouses", help="Received (positive) from or sent to other warehouses.")
    transfer_value = value("Between Warehouses (Value)")
    price_change_value = value("Of Which Prices Set by Hand")
    revaluation_value = value(
        "Change of Cost",
        help="Worth gained or lost without goods moving: costs set by hand, bills that came at another price after the "
             "goods had left, cents of rounding.",
    )
    closing_qty = quantity("Closing")
    closing_value = value("Closing Value")

    _product_uniq = models.UniqueIndex("(statement_id, product_id)", "A part appears once in a statement.")
    _quantities_agree = models.Constraint(
        f"CHECK (in_qty = {' + '.join(f'{name}_qty' for name in RECEIPTS)}"
        f" AND out_qty = {' + '.join(f'{name}_qty' for name in ISSUES)}"
        " AND closing_qty = opening_qty + changed_qty + in_qty - out_qty + gain_qty - loss_qty + transfer_qty)",
        "Opening, receipts, issues and closing do not agree in pieces.",
    )
    _values_agree = models.Constraint(
        f"CHECK (in_value = {' + '.join(f'{name}_value' for name in RECEIPTS)}"
        f" AND out_value = {' + '.join(f'{name}_value' for name in ISSUES)}"
        " AND closing_value = opening_value + changed_value + in_value - out_value + gain_value - loss_value"
        " + transfer_value + revaluation_value)",
        "Opening, receipts, issues and closing do not agree in value.",
    )

    # === ACTION METHODS === #

    def action_moves(self):
        """Show the movements behind this line."""
        self.ensure_one()
        return self.statement_id._moves_action(self.product_id)

    def action_card(self):
        """Open the stock card of the part for this month."""
        self.ensure_one()
        statement = self.statement_id
        return self.env['aftersales.stock.card']._open(
            self.product_id, statement.month, statement._last_day(), statement.warehouse_id,
        )

    # === BUSINESS METHODS === #

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | frozenset(
            name for name, field in self._fields.items() if field.store and name not in models.MAGIC_COLUMNS
        )

    @api.model
    def _prepare_vals(self, part, frozen, digits, decimals):
        """Return the figures of a line.

        :param part: Part of the stock ledger with two moments, the month's beginning and end.
        :param frozen: (quantity, value) the month before was closed with, None when it is not frozen.
        :param int digits: decimals of quantities; `decimals` those of the currency.
        :rtype: dict[str, float]  empty when nothing is there and nothing moved
        """
        (start_qty, start_value), (end_qty, end_value) = part.points
        start = round(start_qty, digits), round(start_value, decimals)
        opening = frozen or start
        vals = {
            'opening_qty': opening[0], 'opening_value': opening[1],
            'changed_qty': round(start[0] - opening[0], digits), 'changed_value': round(start[1] - opening[1], decimals),
            'price_change_value': round(part.price_change, decimals), 'closing_value': round(end_value, decimals),
        }
        for name in COLUMNS:
            pieces, worth = part.flows.get(name, (0.0, 0.0))
            vals[f'{name}_qty'], vals[f'{name}_value'] = round(pieces, digits), round(worth, decimals)
        for kind, places in (('qty', digits), ('value', decimals)):
            vals[f'in_{kind}'] = round(sum(vals[f'{name}_{kind}'] for name in RECEIPTS), places)
            vals[f'out_{kind}'] = round(sum(vals[f'{name}_{kind}'] for name in ISSUES), places)
            gain, loss = (vals[f'{name}_{kind}'] for name in ADJUSTMENTS)
            vals[f'sum_{kind}'] = round(
                vals[f'opening_{kind}'] + vals[f'changed_{kind}'] + vals[f'in_{kind}'] - vals[f'out_{kind}']
                + gain - loss + vals[f'transfer_{kind}'], places,
            )
        vals['closing_qty'] = vals.pop('sum_qty')
        vals['revaluation_value'] = round(vals['closing_value'] - vals.pop('sum_value'), decimals)
        return vals if any(vals.values()) else {}
