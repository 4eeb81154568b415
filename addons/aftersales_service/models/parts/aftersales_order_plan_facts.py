from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import fields, models

from ...rules import indicators as indicator_rules
from ...rules import planning

OPEN_MOVES = ('waiting', 'confirmed', 'partially_available', 'assigned')


class AftersalesOrderPlan(models.Model):
    """How the lines of an order plan come about: a handful of queries, whatever the number of parts."""

    _inherit = 'aftersales.order.plan'

    def _compute_lines(self):
        """Replace the lines by what demand and stock propose today.

        Only parts with something to decide become lines: to order, to take into stock or out of it, limits to change.

        :raise UserError: PAR-302 decided, PAR-305 not the planner.
        """
        self._ensure_planner()
        self._ensure_editable()
        for plan in self:
            plan.line_ids.unlink()
            facts = plan._line_facts()
            vals_list = [
                {**vals, 'plan_id': plan.id, 'product_id': product.id}
                for product, vals in facts.items() if vals['reason']
            ]
            self.env['aftersales.order.plan.line']._guarded().create(vals_list)
            plan._guarded().write({'state': 'draft', 'computed_at': fields.Datetime.now(), 'planner_id': self.env.uid})

    def _line_facts(self, products=None):
        """Return the values of a plan line for each part.

        :param products: parts asked for by name; all parts of the company with demand, stock or a rule unless given.
        :return: {product: vals}; `reason` is False where there is nothing to decide.
        :rtype: dict[product.product, dict]
        """
        self.ensure_one()
        plan = self.with_company(self.company_id)
        stock = plan._planning_stock_sudo()
        months = indicator_rules.months_back(self.date, 13)
        Product = plan.env['product.product']
        demand = Product._aftersales_demand(self.company_id, months[0], indicator_rules.month_end(months[11]))
        hits = plan._planning_hits_sudo()
        wanted = products if products is not None else plan._planning_products(stock, demand, hits)
        wanted = wanted.with_env(plan.env)
        former = plan._planning_former(wanted)
        known_since = plan._planning_known_since_sudo(wanted)
        monthly = {
            product: [max(demand.get(product, {}).get(month, (0.0, 0))[0], 0.0) for month in months[:12]] for product in wanted
        }
        # sudo: planners see the value behind a class, not the figure.
        cost = {product: product.sudo().standard_price for product in wanted}
        classes = planning.abc({product: sum(monthly[product]) * (cost[product] or 1.0) for product in wanted})
        facts = {}
        for product in wanted:
            own = stock[product.id]
            facts[product.with_env(self.env)] = plan._prepare_line_vals(
                product, monthly[product], hits.get(product.id, (0, 0.0)), own, cost[product], classes[product],
                former=sum(stock[part.id]['on_hand'] - stock[part.id]['waiting'] for part in former[product]),
                months_known=self._months_since(known_since.get(product.id)),
            )
        return facts

    def _prepare_line_vals(self, product, monthly, year, stock, cost, abc, *, former, months_known):
        """Return the values of one line.

        :param list monthly: demand of the last twelve whole months.
        :param tuple year: (how often, how much) in the twelve months up to today.
        :param dict stock: on_hand, incoming, waiting, min, max of the part.
        :param float former: what is left of superseded parts.
        :param int months_known: whole months since the part first came in.
        """
        self.ensure_one()
        company = self.company_id
        seller = product._aftersales_seller(self.date, self.vendor_id)
        least, pack = product._aftersales_order_step(seller)
        lead = seller.delay if seller else company.aftersales_lead_days
        hits, recent = year
        usage = planning.average(monthly)
        has_rule = stock['max'] > 0
        kept = has_rule or stock['on_hand'] > 0
        comes = planning.is_phase_in(hits, stocked=has_rule, needed=company.aftersales_phase_in_hits)
        goes = planning.is_phase_out(hits, stocked=kept, months_known=months_known)
        if comes:
            # What was wanted only lately is wanted, too.
            usage = max(usage, planning.exact(max(recent, 0.0)) / 12)
        limits = planning.limits(usage, lead_days=lead, cycle_days=self.cycle_days, safety_days=self.safety_days)
        if goes or not (has_rule or comes):
            limits = planning.Limits(planning.exact(0), planning.exact(0))
        position = stock['on_hand'] + former + stock['incoming'] - stock['waiting']
        quantity = planning.proposal(position, *limits, least=least, pack=pack)
        changed = (float(limits.minimum), float(limits.maximum)) != (stock['min'], stock['max'])
        days = planning.coverage_days(position, usage)
        return {
            'reason': (
                'phase_in' if comes else 'phase_out' if goes else 'short' if quantity else 'limits' if has_rule and changed else False
            ),
            'monthly': monthly, 'usage_month': float(usage), 'usage_year': sum(monthly), 'hits': hits,
            'abc': abc, 'movement': planning.movement(monthly),
            'on_hand_qty': stock['on_hand'], 'incoming_qty': stock['incoming'], 'waiting_qty': stock['waiting'],
            'former_qty': former, 'position_qty': position,
            'coverage_days': days or 0,
            'coverage': (
                'grey' if days is None else 'red' if days < lead else 'amber' if days < lead + self.safety_days else 'green'
            ),
            'lead_days': lead, 'old_min_qty': stock['min'], 'old_max_qty': stock['max'],
            'proposed_min_qty': float(limits.minimum), 'proposed_max_qty': float(limits.maximum),
            'proposed_qty': float(quantity), 'quantity': float(quantity),
            'min_qty': float(limits.minimum), 'max_qty': float(limits.maximum), 'write_limits': changed,
            'partner_id': seller.partner_id.id,
            'price_unit': seller.currency_id._convert(
                seller.price_discounted, company.currency_id, company, self.date, round=False,
            ) if seller else cost,
        }

    # === FACTS IN BATCH === #

    def _planning_stock_sudo(self):
        """Return what the warehouse has, expects and owes of every part; sudo: quantities only.

        :return: {product id: on_hand, incoming, waiting, min, max}, zeros for a part nothing is known of.
        """
        env = self.sudo().env
        warehouse = self.warehouse_id.sudo()
        stock = defaultdict(lambda: {'on_hand': 0.0, 'incoming': 0.0, 'waiting': 0.0, 'min': 0.0, 'max': 0.0})
        part = [('product_id.aftersales_is_part', '=', True)]
        for product, quantity in env['stock.quant']._read_group(
            [('location_id', 'child_of', warehouse.lot_stock_id.id), ('owner_id', '=', False), *part], ['product_id'], ['quantity:sum'],
        ):
            stock[product.id]['on_hand'] = quantity
        inside = ('child_of', warehouse.view_location_id.id)
        for key, domain in (
            ('incoming', [('location_id.usage', 'in', ('supplier', 'transit')), ('location_dest_id', *inside)]),
            ('waiting', [('location_id', *inside), '!', ('location_dest_id', *inside)]),
        ):
            for product, quantity in env['stock.move']._read_group(
                [('state', 'in', OPEN_MOVES), *domain, *part], ['product_id'], ['product_qty:sum'],
            ):
                stock[product.id][key] = quantity
        # Requests for quotation count as on order: the next plan does not order them again.
        for product, uom, quantity in env['purchase.order.line']._read_group(
            [('order_id.state', 'in', ('draft', 'sent', 'to approve')), ('company_id', '=', self.company_id.id),
             ('order_id.picking_type_id.warehouse_id', '=', warehouse.id), *part],
            ['product_id', 'product_uom_id'], ['product_qty:sum'],
        ):
            stock[product.id]['incoming'] += uom._compute_quantity(quantity, product.uom_id, rounding_method='HALF-UP')
        for orderpoint in env['stock.warehouse.orderpoint'].search_fetch(
            [('warehouse_id', '=', warehouse.id), ('location_id', '=', warehouse.lot_stock_id.id), *part],
            ['product_id', 'product_min_qty', 'product_max_qty'],
        ):
            stock[orderpoint.product_id.id].update(min=orderpoint.product_min_qty, max=orderpoint.product_max_qty)
        return stock

    def _planning_hits_sudo(self):
        """Return {product id: (how often, how much) was asked for in the twelve months up to the plan's day}."""
        since = self.date - relativedelta(years=1) + relativedelta(days=1)
        return {
            product.id: (hits, quantity) for product, hits, quantity in self.env['aftersales.part.demand'].sudo()._read_group(
                [('company_id', '=', self.company_id.id), ('date', '>=', since), ('date', '<=', self.date)],
                ['current_product_id'], ['hits:sum', 'quantity:sum'],
            )
        }

    def _planning_products(self, stock, demand, hits):
        """Return the parts to look at: with stock, a rule or demand, not superseded, of the plan's vendor and category."""
        ids = {*stock, *hits, *(product.id for product in demand)}
        domain = [('id', 'in', list(ids)), ('aftersales_is_part', '=', True), ('aftersales_superseded_by_id', '=', False)]
        if self.categ_id:
            domain.append(('categ_id', 'child_of', self.categ_id.id))
        if self.vendor_id:
            domain.append(('seller_ids.partner_id', '=', self.vendor_id.id))
        return self.env['product.product'].search_fetch(domain, ['product_tmpl_id', 'standard_price', 'uom_id', 'seller_ids'])

    def _planning_former(self, products):
        """Return {product: the superseded parts whose chain ends at it}."""
        former = defaultdict(self.env['product.product'].browse)
        superseded = self.env['product.product'].search_fetch(
            [('aftersales_superseded_by_id', '!=', False), ('aftersales_is_part', '=', True)], ['aftersales_superseded_by_id'],
        )
        for part in superseded:
            former[part._aftersales_current_part()] |= part
        return {product: former[product] for product in products}

    def _planning_known_since_sudo(self, products):
        """Return {product id: when it first came in}."""
        return {
            product.id: first for product, first in self.env['stock.move'].sudo()._read_group(
                [('product_id', 'in', products.ids), ('state', '=', 'done'), ('is_in', '=', True), ('company_id', '=', self.company_id.id)],
                ['product_id'], ['date:min'],
            )
        }

    def _months_since(self, moment):
        if not moment:
            return 0
        passed = relativedelta(self.date, moment.date())
        return passed.years * 12 + passed.months
