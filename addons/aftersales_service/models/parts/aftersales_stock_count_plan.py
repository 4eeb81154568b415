from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..base.errors import coded_error
from .aftersales_stock_count import SCOPE_CHOICES, SCOPES

# A is counted monthly, B quarterly, C yearly: what turns fast is wrong soonest.
MONTHS = {'a': 1, 'b': 3, 'c': 12}


class AftersalesStockCountPlan(models.Model):
    """A cyclic count: what is counted how often, by whom. The nightly job plans the counts that are due (R-PART-24)."""

    _name = 'aftersales.stock.count.plan'
    _description = "Cyclic Count Plan"
    _order = 'next_date, id'
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    warehouse_id = fields.Many2one(
        'stock.warehouse', required=True, check_company=True,
        default=lambda self: self.env['stock.warehouse'].search([('company_id', '=', self.env.company.id)], limit=1),
    )
    scope = fields.Selection(SCOPES, string="What is counted", required=True, default='class')
    location_id = fields.Many2one('stock.location', "Place", check_company=True, domain="[('usage', '=', 'internal')]")
    shelf_from = fields.Char("From Shelf")
    shelf_to = fields.Char("To Shelf")
    abc_class = fields.Selection([('a', "A"), ('b', "B"), ('c', "C")], "ABC Class", default='a')
    movement_class = fields.Selection(
        [('fast', "Fast"), ('medium', "Medium"), ('slow', "Slow"), ('none', "Not moved")], "Movement Class",
        help="By the months with an issue among the last 12: fast from 9, medium from 4, slow below.",
    )
    category_ids = fields.Many2many('product.category', string="Product Categories")
    interval_months = fields.Integer(
        "Every (Months)", required=True, compute='_compute_interval_months', store=True, readonly=False, precompute=True,
    )
    next_date = fields.Date("Next Count", required=True, default=lambda self: self.env.company._aftersales_today(), index=True)
    is_blind = fields.Boolean("Blind", default=True)
    counter_id = fields.Many2one('res.users', "Counted by")
    count_ids = fields.One2many('aftersales.stock.count', 'plan_id', "Counts Made")
    last_date = fields.Date("Last Count", compute='_compute_last_date')

    _interval_positive = models.Constraint('CHECK(interval_months > 0)', "[CNT-27] A cyclic count comes back after a month at least.")

    @api.depends('abc_class', 'scope')
    def _compute_interval_months(self):
        for plan in self:
            plan.interval_months = (
                MONTHS.get(plan.abc_class, 12) if plan.scope == 'class' else plan.interval_months or 12
            )

    def _compute_last_date(self):
        last = dict(self.env['aftersales.stock.count']._read_group(
            [('plan_id', 'in', self.ids), ('state', '!=', 'cancelled')], ['plan_id'], ['date:max'],
        ))
        for plan in self:
            plan.last_date = last.get(plan._origin, False)

    # === ACTION METHODS === #

    def action_plan_now(self):
        """Plan the next count today, whenever it was due."""
        counts = self._plan_counts()
        return counts._get_records_action(name=self.env._("Stock Counts")) if counts else True

    # === BUSINESS METHODS === #

    @api.model
    def _cron_plan(self):
        """Plan the counts that are due, once a night; a count of the same plan that still runs is not doubled."""
        for company, plans in self.sudo().search([]).grouped('company_id').items():
            today = company._aftersales_today()
            plans.filtered(lambda plan, today=today: plan.next_date <= today).with_company(company)._plan_counts()

    def _plan_counts(self):
        """Plan one count each and set the next date.

        :raise UserError: CNT-04 role
        :return: aftersales.stock.count, without the plans whose last count still runs.
        """
        self.env['aftersales.stock.count']._ensure_role('parts_planner', self.env._("The parts planner plans counts."))
        running = self.count_ids.filtered(lambda count: count.state in ('planned', 'counting', 'recount', 'to_approve')).plan_id
        vals_list = []
        for plan in self - running:
            today = plan.company_id._aftersales_today()
            vals_list.append({
                **{name: plan[name] for name in ('scope', 'shelf_from', 'shelf_to', 'abc_class', 'movement_class', 'is_blind')},
                **{name: plan[name].id for name in ('company_id', 'warehouse_id', 'location_id', 'counter_id')},
                'category_ids': [(6, 0, plan.category_ids.ids)],
                'plan_id': plan.id,
                'date': today,
            })
            plan.next_date = max(plan.next_date, today) + relativedelta(months=plan.interval_months)
        counts = self.env['aftersales.stock.count'].create(vals_list)
        for count in counts.filtered('counter_id'):
            count.activity_schedule(
                'mail.mail_activity_data_todo', summary=self.env._("Stock count"), user_id=count.counter_id.id, date_deadline=count.date)
        return counts

    @api.constrains('scope', 'abc_class', 'movement_class', 'category_ids')
    def _check_scope(self):
        for plan in self:
            if any(plan.scope == scope and not plan[name] for scope, name in SCOPE_CHOICES.items()):
                raise coded_error('CNT-28', self.env._("%(plan)s: choose the class, or the product categories, to count.", plan=plan.name))
