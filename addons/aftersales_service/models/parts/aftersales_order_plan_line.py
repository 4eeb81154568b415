import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import indicators as indicator_rules
from ...rules import planning
from ..base.errors import coded_error

ABC = [('a', "A"), ('b', "B"), ('c', "C"), ('n', "No usage")]
MOVEMENTS = [('fast', "Fast"), ('medium', "Medium"), ('slow', "Slow"), ('none', "None")]
REASONS = [
    ('short', "Order"), ('phase_in', "Take into stock"), ('phase_out', "Take out of stock"), ('limits', "Change limits"),
]
COLOURS = [('red', "Runs out"), ('amber', "Order now"), ('green', "Enough"), ('grey', "No usage")]
DECISIONS = {'quantity', 'partner_id', 'min_qty', 'max_qty', 'write_limits', 'note'}


class AftersalesOrderPlanLine(models.Model):
    """One part of an order plan: what was wanted, what is there, what is proposed, and what the planner makes of it."""

    _name = 'aftersales.order.plan.line'
    _description = "Part of an Order Plan"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'reason desc, coverage_days, id'
    _rec_name = 'product_id'
    _check_company_auto = True
    # Facts of the computation: the planner decides beside them, he does not change them.
    _guarded_fields = frozenset({
        'company_id', 'reason', 'monthly', 'usage_month', 'usage_year', 'hits', 'abc', 'movement', 'on_hand_qty',
        'incoming_qty', 'waiting_qty', 'position_qty', 'former_qty', 'coverage_days', 'coverage', 'old_min_qty',
        'old_max_qty', 'proposed_min_qty', 'proposed_max_qty', 'proposed_qty', 'lead_days', 'edited_by_id',
    })

    plan_id = fields.Many2one('aftersales.order.plan', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='plan_id.company_id', store=True, index=True)
    state = fields.Selection(related='plan_id.state', store=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    product_id = fields.Many2one(
        'product.product', "Part", required=True, index=True, ondelete='restrict', check_company=True,
        domain="[('aftersales_is_part', '=', True)]",
    )
    default_code = fields.Char(related='product_id.default_code', string="Part Number")
    product_uom_id = fields.Many2one(related='product_id.uom_id')
    categ_id = fields.Many2one(related='product_id.categ_id', store=True)
    reason = fields.Selection(REASONS, readonly=True, default='short', index=True)

    # What was wanted in the last twelve whole months
    monthly = fields.Json("Demand by Month", readonly=True)
    trend = fields.Text("12 Months", compute='_compute_trend')
    usage_month = fields.Float("Usage a Month", digits='Product Unit', readonly=True)
    usage_year = fields.Float("12 Months' Usage", digits='Product Unit', readonly=True)
    hits = fields.Integer("Demands", readonly=True, help="How often it was asked for in the last 12 months.")
    abc = fields.Selection(ABC, "ABC", readonly=True, help="By the value used: A the first 80 %, B up to 95 %, C the rest.")
    movement = fields.Selection(MOVEMENTS, readonly=True, help="By the months with demand.")

    # What was there
    on_hand_qty = fields.Float("On Hand", digits='Product Unit', readonly=True)
    incoming_qty = fields.Float("On its way", digits='Product Unit', readonly=True)
    waiting_qty = fields.Float("Orders Wait For", digits='Product Unit', readonly=True)
    former_qty = fields.Float(
        "Former Numbers", digits='Product Unit', readonly=True, help="Stock of superseded parts, used up first.",
    )
    position_qty = fields.Float(
        "Available", digits='Product Unit', readonly=True, help="On hand, former numbers and on order, less what orders wait for.",
    )
    coverage_days = fields.Integer("Lasts (Days)", readonly=True, aggregator='avg')
    coverage = fields.Selection(COLOURS, readonly=True)

    # What is proposed
    lead_days = fields.Integer("Delivery (Days)", readonly=True, aggregator='avg')
    old_min_qty = fields.Float("Minimum Now", digits='Product Unit', readonly=True)
    old_max_qty = fields.Float("Maximum Now", digits='Product Unit', readonly=True)
    proposed_min_qty = fields.Float("Minimum Proposed", digits='Product Unit', readonly=True)
    proposed_max_qty = fields.Float("Maximum Proposed", digits='Product Unit', readonly=True)
    proposed_qty = fields.Float("Proposed", digits='Product Unit', readonly=True)

    # What the planner decides
    partner_id = fields.Many2one('res.partner', "Vendor", check_company=True)
    quantity = fields.Float("To Order", digits='Product Unit')
    min_qty = fields.Float("Minimum", digits='Product Unit')
    max_qty = fields.Float("Maximum", digits='Product Unit')
    write_limits = fields.Boolean("Write Limits", help="Minimum and maximum become the reordering rule when the plan is approved.")
    price_unit = fields.Monetary("Purchase Price", readonly=False, help="In the unit of the part, without tax.")
    amount = fields.Monetary(compute='_compute_amount', store=True)
    note = fields.Char()
    edited_by_id = fields.Many2one('res.users', "Changed By", readonly=True)

    _product_uniq = models.UniqueIndex("(plan_id, product_id)", "[PAR-309] A part appears once in a plan.")

    # === COMPUTE METHODS === #

    @api.depends('quantity', 'price_unit')
    def _compute_amount(self):
        for line in self:
            line.amount = line.currency_id.round(line.quantity * line.price_unit)

    @api.depends('monthly', 'plan_id.date')
    def _compute_trend(self):
        for line in self:
            months = indicator_rules.months_back(line.plan_id.date or fields.Date.today(), 13)[:-1]
            values = line.monthly or [0] * 12
            line.trend = json.dumps([{
                'key': self.env._("Demand"),
                'values': [
                    {'label': str(month.month), 'value': value, 'type': 'past'}
                    for month, value in zip(months, values, strict=False)
                ],
            }])

    # === CONSTRAINT METHODS === #

    @api.constrains('quantity', 'min_qty', 'max_qty')
    def _check_quantities(self):
        for line in self:
            if line.quantity < 0 or line.min_qty < 0 or line.max_qty < line.min_qty:
                raise coded_error('PAR-308', self.env._(
                    "%(part)s: quantities are not negative, and the maximum is not below the minimum.",
                    part=line.product_id.display_name,
                ), ValidationError)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.plan_id._ensure_editable()
        if not self._is_guarded():
            lines._add_facts()
            lines._guarded().edited_by_id = self.env.uid
        return lines

    def write(self, vals):
        if not self._is_guarded():
            self.plan_id._ensure_editable()
            if 'plan_id' in vals or 'product_id' in vals:
                raise coded_error('PAR-310', self.env._("A line stays with its part and its plan. Delete it and add another."))
        planned = self._planned_by(vals)
        result = super().write(vals)
        if planned:
            planned._guarded().write({'edited_by_id': self.env.uid})
        return result

    def _planned_by(self, vals):
        """Return the lines these values plan: who changes one does not approve it, except by ordering less."""
        if self._is_guarded() or not DECISIONS & vals.keys():
            return self.browse()
        only_quantity = not (DECISIONS - {'quantity', 'note'}) & vals.keys()
        return self.filtered(lambda line: not (
            line.state == 'proposed' and only_quantity
            and line.product_uom_id.compare(vals.get('quantity', line.quantity), line.quantity) <= 0
        ))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self.plan_id.filtered(lambda plan: plan.state != 'cancelled')._ensure_editable()

    # === ACTION METHODS === #

    def action_view_demand(self):
        return self.product_id.action_aftersales_demand()

    # === BUSINESS METHODS === #

    def _add_facts(self):
        """Give lines added by hand the same facts a computation gives."""
        for plan, lines in self.grouped('plan_id').items():
            facts = plan._line_facts(lines.product_id)
            for line in lines:
                vals = facts[line.product_id]
                for name in ('quantity', 'partner_id', 'min_qty', 'max_qty', 'price_unit'):
                    # What the planner typed stays.
                    if line[name]:
                        vals.pop(name, None)
                line._guarded().write(vals)

    def _write_orderpoints_sudo(self):
        """Make minimum and maximum the reordering rules; sudo: the right to approve was checked.

        Rules wait for the planner (`manual`): nothing is bought behind his back. A part taken out of stock loses its rule.
        """
        chosen = self.filtered('write_limits')
        if not chosen:
            return
        plan = chosen.plan_id.ensure_one()
        shelf = plan.warehouse_id.lot_stock_id
        Orderpoint = self.env['stock.warehouse.orderpoint'].sudo().with_company(plan.company_id).with_context(active_test=False)
        known = {
            orderpoint.product_id: orderpoint for orderpoint in Orderpoint.search([
                ('product_id', 'in', chosen.product_id.ids), ('location_id', '=', shelf.id), ('company_id', '=', plan.company_id.id),
            ])
        }
        vals_list = []
        for line in chosen:
            kept = line.product_uom_id.compare(line.max_qty, 0) > 0
            vals = {'product_min_qty': line.min_qty, 'product_max_qty': line.max_qty, 'active': kept}
            if orderpoint := known.get(line.product_id):
                orderpoint.write(vals)
            elif kept:
                vals_list.append({
                    **vals, 'product_id': line.product_id.id, 'location_id': shelf.id, 'trigger': 'manual',
                    'warehouse_id': plan.warehouse_id.id, 'company_id': plan.company_id.id,
                })
        Orderpoint.create(vals_list)

    def _prepare_purchase_line_vals(self):
        """Return the line of the request for quotation, in the vendor's packs where he sells packs."""
        self.ensure_one()
        seller = self.product_id._aftersales_seller(self.plan_id.date, self.partner_id)
        uom = seller.product_uom_id or self.product_uom_id
        quantity = self.quantity
        if uom != self.product_uom_id:
            # A begun pack is a whole one.
            quantity = float(planning.up_to_step(self.product_uom_id._compute_quantity(quantity, uom, round=False)))
        return {
            'product_id': self.product_id.id,
            'product_qty': quantity,
            'product_uom_id': uom.id,
            # The vendor's price list speaks where there is one; else what the planner knows.
            **({} if seller else {'price_unit': self.price_unit}),
        }
