import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import SQL

from ..base.board import states_in_order
from ..base.errors import coded_error

_logger = logging.getLogger(__name__)

STATES = [
    ('draft', "Being Planned"),
    ('proposed', "To Approve"),
    ('approved', "Ordered"),
    ('cancelled', "Cancelled"),
]


class AftersalesOrderPlan(models.Model):
    """What the parts planner proposes to order and to keep, from what was wanted (R-PART-08, R-PART-09).

    The planner lets it be computed, changes quantities and limits, and proposes it. The parts manager, another person,
    approves: reordering rules are written and one request for quotation a vendor is prepared. What the lines say of
    demand and stock stays as it was when they were computed.
    """

    _name = 'aftersales.order.plan'
    _description = "Order Plan"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'aftersales.guarded.mixin', 'aftersales.gate.mixin']
    _order = 'date desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset({
        'name', 'state', 'computed_at', 'planner_id', 'proposed_at', 'approved_by_id', 'approved_at',
    })

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    warehouse_id = fields.Many2one(
        'stock.warehouse', required=True, check_company=True, default=lambda self: self._default_warehouse_id(),
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today())
    state = fields.Selection(
        STATES, required=True, readonly=True, default='draft', copy=False, tracking=True, index=True,
        group_expand=states_in_order,
    )
    vendor_id = fields.Many2one('res.partner', "Only This Vendor", help="Empty: parts of all vendors.")
    categ_id = fields.Many2one('product.category', "Only This Category", help="With its sub-categories.")
    safety_days = fields.Integer(
        required=True, default=lambda self: self.env.company.aftersales_safety_days,
        help="Days of usage kept for late deliveries and sudden demand.",
    )
    cycle_days = fields.Integer(
        "Order Cycle", required=True, default=lambda self: self.env.company.aftersales_order_cycle_days,
        help="Days from one order to the next.",
    )
    line_ids = fields.One2many('aftersales.order.plan.line', 'plan_id', "Parts")
    note = fields.Text()

    # Who and when
    computed_at = fields.Datetime(readonly=True, copy=False)
    planner_id = fields.Many2one('res.users', readonly=True, copy=False)
    proposed_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)

    # What it comes to
    line_count = fields.Integer("Parts Planned", compute='_compute_totals')
    order_count = fields.Integer("Parts to Order", compute='_compute_totals')
    amount_total = fields.Monetary("Order Value", compute='_compute_totals')
    purchase_ids = fields.One2many('purchase.order', 'aftersales_plan_id', "Purchases", groups='purchase.group_purchase_user')
    purchase_count = fields.Integer(compute='_compute_purchase_count', compute_sudo=True)

    _days_positive = models.Constraint(
        'CHECK(safety_days >= 0 AND cycle_days >= 0)', "Days of safety stock and of the order cycle are not negative.",
    )

    # === DEFAULT METHODS === #

    def _default_warehouse_id(self):
        return self.env['stock.warehouse'].search([('company_id', '=', self.env.company.id)], limit=1)

    # === COMPUTE METHODS === #

    @api.depends('line_ids.quantity', 'line_ids.amount')
    def _compute_totals(self):
        sums = {
            plan.id: values for plan, *values in self.env['aftersales.order.plan.line']._read_group(
                [('plan_id', 'in', self.ids)], ['plan_id'], ['__count', 'amount:sum'],
            )
        }
        ordered = dict(self.env['aftersales.order.plan.line']._read_group(
            [('plan_id', 'in', self.ids), ('quantity', '>', 0)], ['plan_id'], ['__count'],
        ))
        for plan in self:
            plan.line_count, plan.amount_total = sums.get(plan._origin.id, (0, 0.0))
            plan.order_count = ordered.get(plan._origin, 0)

    def _compute_purchase_count(self):
        counts = dict(self.env['purchase.order']._read_group(
            [('aftersales_plan_id', 'in', self.ids)], ['aftersales_plan_id'], ['__count'],
        ))
        for plan in self:
            plan.purchase_count = counts.get(plan, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        for plan in plans:
            plan._guarded().name = (
                self.env['ir.sequence'].with_company(plan.company_id).next_by_code('aftersales.order.plan') or "/"
            )
        return plans

    def write(self, vals):
        if {'warehouse_id', 'date', 'line_ids', 'safety_days', 'cycle_days', 'vendor_id', 'categ_id'} & vals.keys():
            self._ensure_editable()
        if 'company_id' in vals and any(plan.company_id.id != vals['company_id'] for plan in self):
            raise coded_error('PAR-311', self.env._("A plan stays in its company. Make a new one in the other company."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        for plan in self:
            if plan.state == 'approved':
                raise coded_error('PAR-301', self.env._("%(plan)s is ordered and stays. Cancel its purchases instead.", plan=plan.name))

    def _ensure_editable(self):
        """Refuse changes of a plan that is decided.

        :raise UserError: PAR-302
        """
        for plan in self:
            if plan.state not in ('draft', 'proposed'):
                raise coded_error('PAR-302', self.env._(
                    "%(plan)s is decided and cannot be changed any more. Make a new plan.", plan=plan.name,
                ))

    # === GATES === #

    def _blockers(self, target):
        found = super()._blockers(target)
        if target not in ('proposed', 'approved'):
            return found
        for plan in self:
            without = plan.line_ids.filtered(lambda line: line.quantity > 0 and not line.partner_id)
            if without:
                found[plan].append(plan._blocker(None, 'PAR-303', self.env._(
                    "No vendor to order from: %(parts)s. Choose one on the line, or set the quantity to zero.",
                    parts=", ".join(without[:10].product_id.mapped('display_name')),
                )))
            if target == 'approved' and self.env.user in (plan.planner_id | plan.line_ids.edited_by_id):
                found[plan].append(plan._blocker('order_plan_other_person', 'PAR-304', self.env._(
                    "%(plan)s was planned by %(user)s: another person approves it.", plan=plan.name, user=self.env.user.name,
                )))
        return found

    # === ACTION METHODS === #

    def action_compute(self):
        """Compute the lines anew; what the planner changed is lost."""
        self._compute_lines()
        return True

    def action_propose(self):
        self.ensure_one()
        if action := self._gate_action('proposed', 'action_propose'):
            return action
        self._propose_plan()
        return True

    def action_approve(self):
        """Approve and show the requests for quotation."""
        self.ensure_one()
        self._ensure_approver()
        if action := self._gate_action('approved', 'action_approve'):
            return action
        self._approve()
        return self.action_view_purchases() if self.purchase_count and self.env['purchase.order'].has_access('read') else True

    def action_back(self):
        """Give a proposed plan back to the planner."""
        for plan in self.filtered(lambda plan: plan.state == 'proposed'):
            plan._guarded().write({'state': 'draft', 'proposed_at': False})
        return True

    def action_cancel(self):
        self._ensure_planner()
        self._ensure_editable()
        self._guarded().write({'state': 'cancelled'})
        return True

    def action_view_purchases(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Purchases of %(plan)s", plan=self.name),
            'res_model': 'purchase.order',
            'views': [(False, 'list'), (False, 'form')],
            'domain': [('aftersales_plan_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_view_lines(self):
        """Open the parts on a screen of their own: quantities are typed there, row by row."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_order_plan_line_action')
        action.update(
            name=self.name, domain=[('plan_id', '=', self.id)], context={'default_plan_id': self.id, 'search_default_to_order': 1},
        )
        return action

    # === BUSINESS METHODS === #

    def _ensure_planner(self):
        """:raise AccessError: PAR-305"""
        if not self.env.su and not self.env.user.has_group('aftersales_service.group_parts_planner'):
            raise coded_error('PAR-305', self.env._("Only the parts planner plans orders. Ask him."), AccessError)
        self.check_access('write')

    def _ensure_approver(self):
        """:raise AccessError: PAR-306"""
        if not self.env.su and not self.env.user.has_group('aftersales_service.group_parts_manager'):
            raise coded_error('PAR-306', self.env._("Only the parts manager approves order plans. Propose it to him."), AccessError)
        self.check_access('write')

    def _propose_plan(self):
        """Hand the plan to the parts manager.

        :raise UserError: PAR-302 decided, PAR-303 a line to order without vendor, PAR-305 not the planner.
        """
        self._ensure_planner()
        self._ensure_editable()
        self._ensure_no_blockers('proposed')
        self._guarded().write({'state': 'proposed', 'planner_id': self.env.uid, 'proposed_at': fields.Datetime.now()})

    def _approve(self):
        """Write the reordering rules and prepare one request for quotation a vendor.

        :return: the requests for quotation.
        :rtype: recordset of purchase.order
        :raise UserError: PAR-306 not the manager, PAR-307 not proposed, PAR-303 without vendor, and the gate
            order_plan_other_person.
        """
        self._ensure_approver()
        # The second of two managers who press at once waits here; the database repeats his request, and it is approved.
        self.flush_recordset()
        self.env.execute_query(SQL("SELECT id FROM aftersales_order_plan WHERE id IN %s ORDER BY id FOR UPDATE", tuple(self.ids)))
        for plan in self:
            if plan.state != 'proposed':
                raise coded_error('PAR-307', self.env._("%(plan)s is not waiting for approval.", plan=plan.name))
        self._ensure_no_blockers('approved')
        for plan in self:
            plan.line_ids._write_orderpoints_sudo()
        purchases = self._create_purchases_sudo()
        self._guarded().write({'state': 'approved', 'approved_by_id': self.env.uid, 'approved_at': fields.Datetime.now()})
        _logger.info("order plans approved: %s, %d purchases", self.ids, len(purchases))
        return purchases

    def _create_purchases_sudo(self):
        """Prepare the requests for quotation; sudo: the right to approve was checked."""
        vals_list = []
        for plan in self:
            by_vendor = defaultdict(list)
            for line in plan.line_ids.filtered(lambda line: line.product_uom_id.compare(line.quantity, 0) > 0):
                by_vendor[line.partner_id].append(line)
            vals_list += [
                {
                    'partner_id': vendor.id,
                    'company_id': plan.company_id.id,
                    'picking_type_id': plan.warehouse_id.in_type_id.id,
                    'origin': plan.name,
                    'aftersales_plan_id': plan.id,
                    'order_line': [Command.create(line._prepare_purchase_line_vals()) for line in lines],
                }
                for vendor, lines in by_vendor.items()
            ]
        company = self.company_id[:1]
        return self.env['purchase.order'].sudo().with_company(company).create(vals_list).with_env(self.env)
