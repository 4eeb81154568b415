from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...rules import fill_rate as fill_rules
from ...rules import indicators as indicator_rules

ISSUED_TO = ('customer', 'production')


class AftersalesIndicator(models.Model):
    """The figures of the parts room (R-KPI-01 to R-KPI-07, R-KPI-21, R-KPI-22, R-KPI-31, R-KPI-39, R-KPI-41)."""

    _inherit = 'aftersales.indicator'

    # === DECLARATION === #

    @api.model
    def _indicator_definitions(self):
        _ = self.env._
        parts = {'room': 'parts', 'groups': ('group_parts_planner',), 'direction': 'none'}
        money = {**parts, 'unit': 'money', 'groups': ('group_parts_manager',)}
        percent = {**parts, 'unit': 'percent'}
        return super()._indicator_definitions() | {
            'parts_stock_value': {
                **money, 'sequence': 10, 'rule': 'R-KPI-01',
                'name': _("Parts stock value"),
                'formula': _("Value of all car parts in stock at the end of the period"),
            },
            'parts_receipt_value': {
                **money, 'sequence': 20, 'rule': 'R-KPI-02',
                'name': _("Parts receipt value"),
                'formula': _("Value of parts received from the manufacturer, less what went back to him"),
            },
            'parts_receipt_value_all': {
                **money, 'sequence': 21, 'rule': 'R-KPI-02',
                'name': _("Parts receipt value, all vendors"),
                'formula': _("Value of parts received from all vendors, less what went back to them"),
            },
            'parts_issue_value': {
                **money, 'sequence': 30, 'rule': 'R-KPI-03',
                'name': _("Parts issue value"),
                'formula': _("Cost of parts issued to orders, customers and the workshop, less returns"),
            },
            'parts_counter_issue_value': {
                **money, 'sequence': 31, 'rule': 'R-KPI-03, R-PART-15',
                'name': _("Parts issue value, counter"),
                'formula': _("The share of counter sales in the parts issue value"),
            },
            'parts_subdealer_issue_value': {
                **money, 'sequence': 32, 'rule': 'R-KPI-03, R-PART-25',
                'name': _("Parts issue value, sub-dealers"),
                'formula': _("The share of deliveries to sub-dealers in the parts issue value"),
            },
            'parts_sales': {
                **money, 'sequence': 40, 'rule': 'R-KPI-04',
                'name': _("Parts sales received"),
                'formula': _("Money received on invoices, the share of their parts lines, tax included"),
            },
            'parts_counter_sales': {
                **money, 'sequence': 41, 'rule': 'R-KPI-04, R-PART-15',
                'name': _("Parts sales received, counter"),
                'formula': _("The share of counter sales in the parts sales received"),
            },
            'parts_subdealer_sales': {
                **money, 'sequence': 42, 'rule': 'R-KPI-04, R-PART-25',
                'name': _("Parts sales received, sub-dealers"),
                'formula': _("The share of deliveries to sub-dealers in the parts sales received"),
            },
            'parts_turnover': {
                **percent, 'sequence': 50, 'rule': 'R-KPI-05, R-PART-12', 'direction': 'up',
                'groups': ('group_parts_manager',),
                'name': _("Parts turnover"),
                'formula': _("Parts issue value ÷ parts stock value × 100 %"),
            },
            'parts_first_fill_rate': {
                **percent, 'sequence': 5, 'rule': 'R-KPI-06', 'direction': 'up', 'target': 90.0,
                'groups': ('group_parts_keeper',),
                'name': _("First-time supply rate"),
                'formula': _("√(lines there at first asking ÷ lines asked × pieces there ÷ pieces asked)"),
            },
            'parts_own_fill_rate': {
                **percent, 'sequence': 6, 'rule': 'R-KPI-06, R-PART-25', 'direction': 'up', 'target': 90.0,
                'groups': ('group_parts_keeper',),
                'name': _("First-time supply rate, own use"),
                'formula': _("As the first-time supply rate, without what sub-dealers asked for"),
            },
            'parts_subdealer_fill_rate': {
                **percent, 'sequence': 7, 'rule': 'R-KPI-06, R-PART-25', 'direction': 'up', 'target': 90.0,
                'groups': ('group_parts_keeper',),
                'name': _("First-time supply rate, sub-dealers"),
                'formula': _("As the first-time supply rate, only what sub-dealers asked for"),
            },
            'parts_slow_rate': {
                **percent, 'sequence': 60, 'rule': 'R-KPI-07', 'direction': 'down', 'target': 5.0,
                'name': _("Slow-moving rate"),
                'formula': _("Parts in stock not issued in the slow-mover months ÷ parts in stock"),
            },
            'oil_issue_quantity': {
                **parts, 'unit': 'number', 'sequence': 70, 'rule': 'R-KPI-21',
                'name': _("Engine oil issued"),
                'formula': _("Quantity of products of the oil category issued, less returns"),
            },
            'oil_sales': {
                **money, 'sequence': 71, 'rule': 'R-KPI-22',
                'name': _("Engine oil sales received"),
                'formula': _("Money received on invoices, the share of their oil lines, tax included"),
            },
            'parts_prepick_rate': {
                **percent, 'sequence': 80, 'rule': 'R-KPI-31', 'direction': 'up',
                'groups': ('group_parts_keeper', 'group_frontdesk_supervisor'),
                'name': _("Parts pre-pick rate"),
                'formula': _("Appointments with all parts reserved before arrival ÷ appointments that need parts"),
            },
            'parts_safety_stock_rate': {
                **percent, 'sequence': 90, 'rule': 'R-KPI-39', 'direction': 'up', 'groups': ('group_parts_keeper',),
                'name': _("Safety stock rate"),
                'formula': _("Parts at or above their minimum ÷ parts with a minimum"),
            },
            'parts_overstock_value': {
                **money, 'sequence': 100, 'rule': 'R-KPI-41', 'direction': 'down',
                'name': _("Overstock value"),
                'formula': _("Value of what stands above the maximum of its part at the end of the period"),
            },
        }

    # === VALUES OF STOCK AND MOVES === #

    def _indicator_parts_stock_value(self, company, date_from, date_to):
        stock = self._parts_stock(company, date_to)
        value = company.currency_id.round(sum(value for _quantity, value in stock.values()))
        return self._result(value, None, value if stock else None, 'product.product', self._ids_domain(stock), views=['list', 'form'])

    def _indicator_parts_receipt_value(self, company, date_from, date_to):
        # sudo: a planner reads figures of vendors whose contact he may not open.
        makers = self.env['res.partner']._aftersales_manufacturers_sudo()
        if not makers:
            return self._result(None, None)
        vendors = makers.sudo().search([('id', 'child_of', makers.ids)]).ids
        return self._moved_value(company, date_from, date_to, ('supplier',), (
            Domain('purchase_line_id.order_id.partner_id', 'in', vendors)
            | Domain('purchase_line_id', '=', False) & Domain('picking_id.partner_id', 'in', vendors)
        ), inwards=True)

    def _indicator_parts_receipt_value_all(self, company, date_from, date_to):
        return self._moved_value(company, date_from, date_to, ('supplier',), inwards=True)

    def _indicator_parts_issue_value(self, company, date_from, date_to):
        return self._moved_value(company, date_from, date_to, ISSUED_TO)

    def _indicator_parts_counter_issue_value(self, company, date_from, date_to):
        return self._moved_value(company, date_from, date_to, ISSUED_TO, [('aftersales_order_id.profile_code', '=', 'counter')])

    def _indicator_parts_subdealer_issue_value(self, company, date_from, date_to):
        # Deliveries of a sale of Odoo's own have no order of ours; the customer tells.
        return self._moved_value(company, date_from, date_to, ISSUED_TO, (
            Domain('aftersales_order_id.is_subdealer', '=', True)
            | Domain('aftersales_order_id', '=', False)
            & Domain('picking_id.partner_id.commercial_partner_id.aftersales_is_subdealer', '=', True)
        ))

    def _indicator_parts_turnover(self, company, date_from, date_to):
        issued = self._indicator_parts_issue_value(company, date_from, date_to)
        stock = self._indicator_parts_stock_value(company, date_from, date_to)
        value = indicator_rules.percent(issued.value, stock.value)
        return self._result(issued.value, stock.value, value, issued.drill['model'], issued.drill['domain'])

    def _moved_value(self, company, date_from, date_to, usages, domain=(), inwards=False):
        """Return the value moved between our stock and places of these usages, what came back taken off.

        :param bool inwards: receipts count, not issues.
        """
        base = self._parts_moves(company, date_from, date_to) & Domain(domain)
        into = base & Domain('is_in', '=', True) & Domain('location_id.usage', 'in', usages)
        out = base & Domain('is_out', '=', True) & Domain('location_dest_id.usage', 'in', usages)
        sums = [self.env['stock.move']._read_group(side, [], ['value:sum', '__count'])[0] for side in (into, out)]
        amount = (sums[0][0] or 0.0) - (sums[1][0] or 0.0)
        amount = company.currency_id.round(amount if inwards else -amount)
        value = amount if sums[0][1] or sums[1][1] else None
        return self._result(amount, None, value, 'stock.move', list(into | out))

    def _indicator_oil_issue_quantity(self, company, date_from, date_to):
        category = company.aftersales_oil_categ_id
        if not category:
            return self._result(None, None)
        base = self._parts_moves(company, date_from, date_to, part=False) & Domain('product_id.categ_id', 'child_of', category.id)
        quantity, domain = 0.0, Domain.FALSE
        found = False
        for sign, side in (
            (1, base & Domain('is_out', '=', True) & Domain('location_dest_id.usage', 'in', ISSUED_TO)),
            (-1, base & Domain('is_in', '=', True) & Domain('location_id.usage', 'in', ISSUED_TO)),
        ):
            domain |= side
            for product, uom, moved in self.env['stock.move']._read_group(side, ['product_id', 'product_uom'], ['quantity:sum']):
                found = True
                quantity += sign * uom._compute_quantity(moved, product.uom_id, rounding_method='HALF-UP')
        return self._result(quantity, None, quantity if found else None, 'stock.move', list(domain))

    @api.model
    def _parts_moves(self, company, date_from, date_to, part=True):
        """Return the domain of done moves of car parts in a period."""
        start, end = company._aftersales_period_bounds(date_from, date_to)
        domain = Domain([('state', '=', 'done'), ('company_id', '=', company.id), ('date', '>=', start), ('date', '<', end)])
        return domain & Domain('product_id.aftersales_is_part', '=', True) if part else domain

    @api.model
    def _ids_domain(self, products):
        return [('id', 'in', [product.id for product in products])]

    # === MONEY RECEIVED === #

    def _indicator_parts_sales(self, company, date_from, date_to):
        return self._received(company, date_from, date_to, Domain('product_id.aftersales_is_part', '=', True))

    def _indicator_parts_counter_sales(self, company, date_from, date_to):
        return self._received(company, date_from, date_to, Domain([
            ('product_id.aftersales_is_part', '=', True), ('aftersales_order_id.profile_code', '=', 'counter'),
        ]))

    def _indicator_parts_subdealer_sales(self, company, date_from, date_to):
        return self._received(company, date_from, date_to, Domain('product_id.aftersales_is_part', '=', True) & (
            Domain('aftersales_order_id.is_subdealer', '=', True)
            | Domain('aftersales_order_id', '=', False)
            & Domain('move_id.commercial_partner_id.aftersales_is_subdealer', '=', True)
        ))

    def _indicator_oil_sales(self, company, date_from, date_to):
        category = company.aftersales_oil_categ_id
        if not category:
            return self._result(None, None)
        return self._received(company, date_from, date_to, Domain('product_id.categ_id', 'child_of', category.id))

    def _received(self, company, date_from, date_to, domain):
        """Return the money received in a period for invoice lines of a domain: the share they have in their invoice.

        Money is what payments and bank lines bring; what a credit note balances was never received, what is paid back
        on one is taken off. Dates of reconciliations are days of the company already.
        """
        paid = self._remembered(
            ('paid', company.id, date_from, date_to), lambda: self._paid_by_document(company, date_from, date_to),
        )
        lines = Domain([('move_id', 'in', list(paid)), ('display_type', '=', 'product')])
        Line = self.env['account.move.line']
        totals = {move.id: total for move, total in Line._read_group(lines, ['move_id'], ['price_total:sum'])}
        shares = {move.id: total for move, total in Line._read_group(lines & domain, ['move_id'], ['price_total:sum'])}
        amounts = [
            indicator_rules.ratio(share, totals[move_id], paid[move_id]) for move_id, share in shares.items() if totals[move_id]
        ]
        value = company.currency_id.round(float(sum(amounts))) if amounts else None
        return self._result(value, None, value, 'account.move', [('id', 'in', list(shares))])

    @api.model
    def _paid_by_document(self, company, date_from, date_to):
        """Return {invoice or credit note id: money received for it in the period}, in company currency."""
        self.env['account.partial.reconcile'].flush_model()
        self.env['account.move.line'].flush_model(['move_id'])
        self.env['account.move'].flush_model(['move_type', 'origin_payment_id', 'statement_line_id'])
        rows = self.env.execute_query(SQL(
            """
            SELECT CASE WHEN debit.move_type = 'out_invoice' THEN debit.id ELSE credit.id END AS document,
                   SUM(CASE WHEN debit.move_type = 'out_invoice' THEN partial.amount ELSE -partial.amount END)
              FROM account_partial_reconcile partial
              JOIN account_move_line debit_line ON debit_line.id = partial.debit_move_id
              JOIN account_move_line credit_line ON credit_line.id = partial.credit_move_id
              JOIN account_move debit ON debit.id = debit_line.move_id
              JOIN account_move credit ON credit.id = credit_line.move_id
             WHERE partial.company_id = %(company)s AND partial.max_date BETWEEN %(start)s AND %(end)s
               AND ((debit.move_type = 'out_invoice'
                     AND (credit.origin_payment_id IS NOT NULL OR credit.statement_line_id IS NOT NULL))
                 OR (credit.move_type = 'out_refund'
                     AND (debit.origin_payment_id IS NOT NULL OR debit.statement_line_id IS NOT NULL)))
             GROUP BY 1
            """,
            company=company.id, start=date_from, end=date_to,
        ))
        return dict(rows)

    # === AVAILABILITY === #

    def _indicator_parts_first_fill_rate(self, company, date_from, date_to):
        return self._fill_rate(company, date_from, date_to)

    def _indicator_parts_own_fill_rate(self, company, date_from, date_to):
        return self._fill_rate(company, date_from, date_to, [('is_subdealer', '=', False)])

    def _indicator_parts_subdealer_fill_rate(self, company, date_from, date_to):
        return self._fill_rate(company, date_from, date_to, [('is_subdealer', '=', True)])

    def _fill_rate(self, company, date_from, date_to, extra=()):
        """Return the first-time supply rate of the requests of a period, those of a domain only where given."""
        start, end = company._aftersales_period_bounds(date_from, date_to)
        domain = [('company_id', '=', company.id), ('asked_at', '>=', start), ('asked_at', '<', end), *extra]
        lines = filled = 0
        asked = there = 0.0
        for at_once, count, wanted, covered in self.env['aftersales.part.request']._read_group(
            domain, ['filled_at_once'], ['__count', 'asked_qty:sum', 'filled_qty:sum'],
        ):
            lines, asked, there = lines + count, asked + wanted, there + covered
            filled += count if at_once else 0
        rate = fill_rules.from_totals(lines, filled, asked, there)
        value = getattr(rate, company.aftersales_fill_rate_method)
        numbers = (there, asked) if company.aftersales_fill_rate_method == 'quantity' else (filled, lines)
        return self._result(*numbers, value, 'aftersales.part.request', domain)

    def _indicator_parts_prepick_rate(self, company, date_from, date_to):
        start, end = company._aftersales_period_bounds(date_from, date_to)
        appointments = self.env['aftersales.appointment'].search([
            ('company_id', '=', company.id), ('start_at', '>=', start), ('start_at', '<', end),
            ('state', '!=', 'cancelled'), ('order_id.line_ids.kind', '=', 'part'),
        ])
        ready = appointments.filtered(lambda appointment: appointment._aftersales_is_prepicked())
        value = indicator_rules.percent(len(ready), len(appointments))
        return self._result(len(ready), len(appointments), value, 'aftersales.appointment', [('id', 'in', appointments.ids)])

    # === STOCK AGAINST ITS LIMITS === #

    def _indicator_parts_slow_rate(self, company, date_from, date_to):
        stock = self._parts_stock(company, date_to)
        end = company._aftersales_period_bounds(date_from, date_to)[1]
        since = fields.Datetime.subtract(end, months=company.aftersales_slow_months)
        stocked = [product.id for product, (quantity, _value) in stock.items() if product.uom_id.compare(quantity, 0) > 0]
        last = {
            side: {
                product.id: moment for product, moment in self.env['stock.move']._read_group([
                    ('state', '=', 'done'), ('company_id', '=', company.id), ('product_id', 'in', stocked), ('date', '<', end), *domain,
                ], ['product_id'], ['date:max'])
            }
            for side, domain in (
                ('out', [('is_out', '=', True), ('location_dest_id.usage', 'in', ISSUED_TO)]), ('in', [('is_in', '=', True)]),
            )
        }
        # A part that was never issued ages from its last receipt.
        slow = [
            product_id for product_id in stocked
            if (moved := last['out'].get(product_id) or last['in'].get(product_id)) and moved < since
        ]
        value = indicator_rules.percent(len(slow), len(stocked))
        return self._result(len(slow), len(stocked), value, 'product.product', [('id', 'in', slow)])

    def _indicator_parts_safety_stock_rate(self, company, date_from, date_to):
        rows = self._orderpoint_stock(company, date_to, 'product_min_qty')
        enough = [row for row in rows if row[0].product_id.uom_id.compare(row[1], row[0].product_min_qty) >= 0]
        below = [row[0].id for row in rows if row not in enough]
        value = indicator_rules.percent(len(enough), len(rows))
        # What people want to see is what is short.
        return self._result(len(enough), len(rows), value, 'stock.warehouse.orderpoint', [('id', 'in', below)], views=['list'])

    def _indicator_parts_overstock_value(self, company, date_from, date_to):
        rows = self._orderpoint_stock(company, date_to, 'product_max_qty')
        total, over = 0.0, []
        for orderpoint, quantity, value in rows:
            surplus = quantity - orderpoint.product_max_qty
            if orderpoint.product_id.uom_id.compare(surplus, 0) > 0:
                total += value * surplus / quantity
                over.append(orderpoint.product_id.id)
        total = company.currency_id.round(total)
        return self._result(total, None, total if rows else None, 'product.product', [('id', 'in', over)])

    @api.model
    def _orderpoint_stock(self, company, date_to, limit):
        """Return (orderpoint, quantity, value) of parts with a limit above zero, at the end of a day.

        A part with rules in several warehouses is compared with what the company has of it once, at its first rule.
        """
        orderpoints = self.env['stock.warehouse.orderpoint'].search([
            ('company_id', '=', company.id), (limit, '>', 0), ('product_id.aftersales_is_part', '=', True),
        ])
        stock = self._parts_stock(company, date_to)
        first = {}
        for orderpoint in orderpoints:
            first.setdefault(orderpoint.product_id, orderpoint)
        return [(orderpoint, *stock.get(product, (0.0, 0.0))) for product, orderpoint in first.items()]

    @api.model
    def _parts_stock(self, company, date_to):
        """Return {product: (quantity, value)} of car parts at the end of a day."""
        end = company._aftersales_period_bounds(date_to, date_to)[1]
        return self._remembered(
            ('parts_stock', company.id, end),
            lambda: self.env['product.product'].with_company(company)._aftersales_stock_at(company, end),
        )
