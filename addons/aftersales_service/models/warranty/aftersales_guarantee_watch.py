from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.tools import split_every

from ...rules import coverage as coverage_rules

LEVELS = [('ok', "Quiet"), ('near', "One Step Before"), ('reached', "Limit Reached")]
COUNTERS = ('safety', 'assembly', 'same_fault', 'repair_days')


class AftersalesGuaranteeWatch(models.Model):
    """How near a car is to the limits of the 三包 rules (return or replacement of a car that cannot be mended).

    One row per car with warranty repairs, worked out from jobs, parts and stays; nobody writes it. The limits are
    settings of the company with the numbers of the regulation (State Administration for Market Regulation, order 43).
    """

    _name = 'aftersales.guarantee.watch'
    _description = "Repair, Replace, Refund Watch"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'level_rank desc, repair_days desc, id'
    _rec_name = 'vehicle_id'
    _guarded_fields = frozenset({
        'vehicle_id', 'valid_until', 'valid_km', 'level', 'level_rank', 'what', 'updated_at', 'job_ids', 'stay_days',
        'courtesy_due', *(f'{name}_{part}' for name in ('safety', 'assembly', 'same_fault') for part in ('count', 'level')),
        'repair_days', 'repair_days_level', 'same_fault_name', 'assembly_name',
    })

    vehicle_id = fields.Many2one('aftersales.vehicle', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='vehicle_id.company_id', store=True, index=True)
    brand_id = fields.Many2one(related='vehicle_id.brand_id', store=True)
    partner_id = fields.Many2one(related='vehicle_id.partner_id')
    odometer = fields.Integer(related='vehicle_id.odometer')
    valid_until = fields.Date("Rules Hold Until", readonly=True)
    valid_km = fields.Integer("Rules Hold Up To (km)", readonly=True)
    is_valid = fields.Boolean("Rules Hold", compute='_compute_is_valid', search='_search_is_valid')
    level = fields.Selection(LEVELS, readonly=True, default='ok', index=True)
    level_rank = fields.Integer(readonly=True)
    what = fields.Char("Because", readonly=True)
    safety_count = fields.Integer("Safety Repairs", readonly=True)
    safety_level = fields.Selection(LEVELS, readonly=True)
    assembly_count = fields.Integer("Assembly Replacements", readonly=True)
    assembly_level = fields.Selection(LEVELS, readonly=True)
    assembly_name = fields.Char(readonly=True)
    same_fault_count = fields.Integer("Same Fault", readonly=True)
    same_fault_level = fields.Selection(LEVELS, readonly=True)
    same_fault_name = fields.Char(readonly=True)
    repair_days = fields.Integer(readonly=True)
    repair_days_level = fields.Selection(LEVELS, readonly=True)
    stay_days = fields.Integer("Days of This Stay", readonly=True)
    courtesy_due = fields.Boolean("Courtesy Car Due", readonly=True)
    job_ids = fields.Many2many('aftersales.repair.job', string="Repairs Counted", readonly=True)
    updated_at = fields.Datetime("Changed", readonly=True)

    _vehicle_uniq = models.UniqueIndex('(vehicle_id)', "A car is watched once.")

    # === COMPUTE METHODS === #

    @api.depends('valid_until', 'valid_km')
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for watch in self:
            watch.is_valid = bool(watch.valid_until) and watch.valid_until >= today and (
                not watch.valid_km or watch.odometer <= watch.valid_km)

    def _search_is_valid(self, operator, value):
        if operator != 'in' or True not in value:
            return NotImplemented
        today = fields.Date.context_today(self)
        return [('id', 'in', [
            watch.id for watch in self.search_fetch([('valid_until', '>=', today)], ['valid_km', 'vehicle_id'])
            if not watch.valid_km or watch.odometer <= watch.valid_km
        ])]

    # === BUSINESS METHODS === #

    @api.model
    def _refresh(self, vehicles):
        """Work the counters of some cars out anew, the same queries for any number.

        sudo: the counters are a projection of facts that the asking user need not read all.

        :param vehicles: aftersales.vehicle.
        """
        vehicles = vehicles.sudo()
        if not vehicles:
            return
        now = fields.Datetime.now()
        jobs = self._warranty_jobs(vehicles)
        # Read for all cars at once; the counters then take what they need from memory.
        jobs.mapped('line_ids.product_id')
        jobs.mapped('order_id.visit_ids.exit_ids')
        by_vehicle = jobs.grouped(lambda job: job.order_id.vehicle_id)
        known = self.sudo().search([('vehicle_id', 'in', vehicles.ids)]).grouped('vehicle_id')
        vals_list = []
        for vehicle in vehicles:
            counted = by_vehicle.get(vehicle, jobs.browse())
            watch = known.get(vehicle)
            if not counted and not watch:
                continue
            vals = self._facts(vehicle, counted, now)
            if not watch:
                vals_list.append({'vehicle_id': vehicle.id, 'updated_at': now, **vals})
            elif watch._differs(vals):
                watch._guarded().write({**vals, 'updated_at': now})
        self.sudo()._guarded().create(vals_list)

    def _differs(self, vals):
        """Tell whether the counters are not what this row says."""
        self.ensure_one()
        return any(
            set(self.job_ids.ids) != set(value[0][2]) if name == 'job_ids' else (self[name] or False) != (value or False)
            for name, value in vals.items()
        )

    @api.model
    def _warranty_jobs(self, vehicles):
        """Return the warranty repairs of cars: carried out or under way, called off ones left out; as superuser."""
        return self.env['aftersales.repair.job'].sudo().search([
            ('order_id.vehicle_id', 'in', vehicles.ids),
            ('outcome', '=', 'open'),
            ('order_id.outcome', 'in', ('open', 'done')),
            ('order_id.state', 'not in', ('draft', 'quoted')),
            ('share_ids.payer_id.kind', '=', 'warranty'),
        ])

    @api.model
    def _facts(self, vehicle, jobs, now):
        """Return the counters of one car and how near each is to its limit.

        :param jobs: its warranty repairs; only those within the time of the rules count.
        :rtype: dict
        """
        company = vehicle.company_id
        start = vehicle.warranty_start or vehicle.registration_date
        until = coverage_rules.add_months(start, company.aftersales_guarantee_months) if start else None
        limit_km = company.aftersales_guarantee_km
        jobs = jobs.filtered(lambda job: (
            start and start <= job.order_id._intake_day() <= until
            and not (limit_km and job.order_id.odometer > limit_km)
        ))
        safety = jobs.filtered(lambda job: job._is_safety_fault())
        faults = Counter(job._fault_key() for job in jobs)
        (_key, fault), same_count = faults.most_common(1)[0] if faults else ((None, False), 0)
        assemblies = Counter()
        for line in jobs.line_ids:
            template = line.product_id.product_tmpl_id
            if line.kind == 'part' and template.aftersales_is_assembly and line.net_issued_qty > 0:
                assemblies[template.aftersales_system_id.name or template.name] += 1
        assembly, swaps = assemblies.most_common(1)[0] if assemblies else (False, 0)
        days, stay = self._days_inside(jobs, now)
        step = company.aftersales_courtesy_days
        levels = {
            'safety': coverage_rules.watch_level(len(safety), company.aftersales_guarantee_safety),
            'assembly': coverage_rules.watch_level(swaps, company.aftersales_guarantee_assembly),
            # “More than” 4 repairs and 30 days: reached with one more.
            'same_fault': coverage_rules.watch_level(
                same_count, company.aftersales_guarantee_same_fault and company.aftersales_guarantee_same_fault + 1),
            'repair_days': coverage_rules.watch_level(
                days, company.aftersales_guarantee_days and company.aftersales_guarantee_days + 1, step),
        }
        level = coverage_rules.worst_level(levels)
        names = {
            'safety': self.env._("%(count)s safety repairs", count=len(safety)),
            'assembly': self.env._("%(count)s × %(name)s replaced", count=swaps, name=assembly or ''),
            'same_fault': self.env._("same fault %(count)s times", count=same_count),
            'repair_days': self.env._("%(count)s days in repair", count=days),
        }
        inside = jobs.order_id.filtered(lambda order: order._is_under_way() and order.customer_place != 'loaner')
        return {
            'valid_until': until,
            'valid_km': limit_km,
            'level': level,
            'level_rank': coverage_rules.LEVELS[level],
            'what': '; '.join(names[name] for name in COUNTERS if levels[name] != 'ok') or False,
            'safety_count': len(safety),
            'safety_level': levels['safety'],
            'assembly_count': swaps,
            'assembly_level': levels['assembly'],
            'assembly_name': assembly,
            'same_fault_count': same_count,
            'same_fault_level': levels['same_fault'],
            'same_fault_name': fault,
            'repair_days': days,
            'repair_days_level': levels['repair_days'],
            'stay_days': stay,
            'courtesy_due': bool(inside and step and stay > step),
            'job_ids': [fields.Command.set(jobs.ids)],
        }

    @api.model
    def _days_inside(self, jobs, now):
        """Return (days of all warranty repairs, days of the stay that is not over), exits left out.

        A stay ends when the customer was told that the car is ready, else when it left.
        """
        stays, exits, current = [], [], []
        for order in jobs.order_id:
            for visit in order.visit_ids:
                if not visit.arrived_at:
                    continue
                ends = [moment for moment in (order.notified_at, visit.left_at) if moment and moment > visit.arrived_at]
                end = min(ends, default=now)
                stays.append((visit.arrived_at, end))
                exits += [(gone.out_at, gone.back_at or end) for gone in visit.exit_ids if gone.out_at]
                if not ends:
                    current.append((visit.arrived_at, end))
        return coverage_rules.repair_days(stays, exits), coverage_rules.repair_days(current, exits)

    @api.model
    def _cron_refresh(self):
        """Count the days that went by: cars inside with warranty work, and those near a limit."""
        orders = self.env['aftersales.repair.order'].search([
            ('outcome', '=', 'open'), ('state', 'not in', ('draft', 'quoted', 'released', 'closed')),
            ('payer_ids.kind', '=', 'warranty'),
        ])
        vehicles = orders.vehicle_id | self.search([('level', '!=', 'ok')]).vehicle_id
        before = {watch.vehicle_id: (watch.level_rank, watch.courtesy_due) for watch in self.search(
            [('vehicle_id', 'in', vehicles.ids)])}
        for ids in split_every(200, vehicles.ids):
            self._refresh(vehicles.browse(ids))
        self._warn_advisors(orders, before)

    @api.model
    def _warn_advisors(self, orders, before):
        """Tell the advisor of a car inside when it came nearer to a limit, or is due a courtesy car."""
        by_vehicle = defaultdict(self.env['aftersales.repair.order'].browse)
        for order in orders:
            by_vehicle[order.vehicle_id] |= order
        for watch in self.search([('vehicle_id', 'in', orders.vehicle_id.ids)]):
            rank, courtesy = before.get(watch.vehicle_id, (0, False))
            texts = []
            if watch.level_rank > rank:
                texts.append(watch.what)
            if watch.courtesy_due and not courtesy:
                texts.append(self.env._("%(days)s days here: offer a courtesy car", days=watch.stay_days))
            for order in by_vehicle[watch.vehicle_id] if texts else ():
                order.activity_schedule(
                    'aftersales_service.mail_activity_type_guarantee', user_id=(order.advisor_id or self.env.user).id,
                    summary='; '.join(texts))

    def action_refresh(self):
        """Work out anew."""
        self._refresh(self.vehicle_id)

    def action_view_jobs(self):
        """Show the repairs that were counted."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Repairs Counted"),
            'res_model': 'aftersales.repair.job',
            'view_mode': 'list,form',
            'domain': [('id', 'in', self.job_ids.ids)],
        }
