from typing import NamedTuple

from odoo import api, fields, models

from ...rules import coverage as coverage_rules
from .const import KIND_RANKS, PAYER_BY_KIND


class Coverage(NamedTuple):
    """A verdict with the records it stands on."""

    verdict: coverage_rules.Verdict
    kind: str | bool  # of COVERAGE_KINDS; False when nothing was promised
    source: object  # record that promises: policy line, contract or campaign, earlier repair line, the vehicle; or None
    partner: object = None  # who pays instead of the manufacturer of the brand

    @property
    def state(self):
        return self.verdict.state

    @property
    def payer_kind(self):
        """Who pays by this: what is not covered any more is the customer's; what nobody knows is undecided."""
        if self.verdict.is_covered:
            return PAYER_BY_KIND.get(self.kind, 'undecided')
        return 'customer' if self.state == 'out' else 'undecided'


class AftersalesCoverage(models.AbstractModel):
    """Finds out what covers cars and jobs, any number of them with the same few queries."""

    _name = 'aftersales.coverage'
    _description = "Warranty Coverage"

    @api.model
    def _of_vehicles(self, vehicles):
        """Return what covers each car as a whole, today and at its last reading.

        :rtype: dict  `{vehicle: Coverage}`
        """
        system = self.env['aftersales.vehicle.system']
        return self._find({
            vehicle: (vehicle, system, (vehicle.company_id or self.env.company)._aftersales_today(), 0, ())
            for vehicle in vehicles
        })

    @api.model
    def _of_orders(self, orders):
        """Return what covered the car of each order as a whole when the order was opened; made for lists.

        While the order is open the car's last reading is that of its intake, so no visit is read.

        :rtype: dict  `{order: Coverage}`
        """
        system = self.env['aftersales.vehicle.system']
        return self._find({
            order: (
                order.vehicle_id, system, order.company_id._aftersales_today(order.create_date or None),
                0 if order.outcome == 'open' else order.odometer, (),
            )
            for order in orders
        })

    @api.model
    def _of_jobs(self, jobs):
        """Return what covers each job on the day and at the reading with which its car came in.

        :rtype: dict  `{job: Coverage}`
        """
        orders = jobs.order_id
        intake = {order: (order._intake_day(), order.odometer) for order in orders}
        earlier = self._earlier_repairs(jobs)
        return self._find({
            job: (job.order_id.vehicle_id, job.system_id, *intake[job.order_id], earlier.get(job, ()))
            for job in jobs
        })

    def _find(self, asked):
        """Return the best coverage of each question.

        :param dict asked: `{key: (vehicle, system, date, reading, earlier [(line, Term)])}`
        """
        vehicles = self.env['aftersales.vehicle'].union(*(row[0] for row in asked.values()))
        companies = vehicles.company_id
        policies = self.env['aftersales.warranty.policy']._for_brands(vehicles.brand_id, companies) if vehicles else ()
        promises = self.env['aftersales.vehicle.coverage']
        if vehicles.ids and not self.env.context.get('aftersales_own_terms_only'):
            # sudo: what a car was promised is told to whoever sees the car.
            promises = promises.sudo().search([('vehicle_id', 'in', vehicles.ids)])
        by_vehicle = promises.grouped('vehicle_id')
        near = {
            company: coverage_rules.Limits(company.aftersales_warranty_near_days, company.aftersales_warranty_near_km)
            for company in companies.sudo() | self.env.company.sudo()
        }
        found = {}
        for key, (vehicle, system, day, reading, earlier) in asked.items():
            candidates = self._candidates(vehicle, system, policies, by_vehicle.get(vehicle._origin, ()), earlier)
            candidates.sort(key=lambda candidate: KIND_RANKS[candidate[0].kind])
            verdict = coverage_rules.best(
                [term for term, *_rest in candidates], day, vehicle._coverage_km(reading) if vehicle else None,
                near[vehicle.company_id or self.env.company],
            )
            if verdict.index is None:
                found[key] = Coverage(verdict, False, None)
            else:
                term, source, partner = candidates[verdict.index]
                found[key] = Coverage(verdict, term.kind, source, partner)
        return found

    def _candidates(self, vehicle, system, policies, promises, earlier):
        """Return every promise for one car and system: tuples (Term, record it stands on, who pays or None)."""
        if not vehicle:
            return []
        rows = [(term, line, None) for line, term in earlier]
        rows += [
            (promise._term(), promise, promise.partner_id or None)
            for promise in promises if not promise.done_at and promise._concerns(system)
        ]
        kinds = set()
        for policy in policies:
            # The most specific policy of a kind speaks, the next ones are silent; a part's own runs from its fitting.
            if policy.kind in kinds or policy.kind == 'part':
                continue
            sold = vehicle.registration_date if policy.start_basis == 'registration' else vehicle.warranty_start
            if policy._holds_for(vehicle, vehicle.company_id, sold):
                line = policy._line_for(system)
                if line:
                    kinds.add(policy.kind)
                    rows.append((
                        coverage_rules.Term(
                            policy.kind, sold or None, line.months, line.km, is_excluded=line.is_excluded),
                        line, policy.partner_id or None,
                    ))
        if 'manufacturer' not in kinds:
            own = vehicle._own_terms()
            if own.months or own.km:
                rows.append((own, vehicle, None))
        return rows

    # === EARLIER REPAIRS === #

    def _earlier_repairs(self, jobs):
        """Return what earlier repairs of the same cars still promise for each job: our own word, and part warranty.

        A job is the same when it has the same part or labour item, or is linked to the earlier job as its comeback.

        :return: `{job: [(earlier line, Term)]}`
        :rtype: dict
        """
        vehicles = jobs.order_id.vehicle_id
        if not vehicles.ids:
            return {}
        lines = self.env['aftersales.repair.line'].sudo().search_fetch(
            [
                ('order_id.vehicle_id', 'in', vehicles.ids),
                ('warranty_until', '!=', False),
                ('job_id.outcome', '=', 'open'),
                ('order_id.outcome', '=', 'done'),
            ],
            ['order_id', 'job_id', 'kind', 'product_id', 'labour_item_id', 'warranty_until', 'warranty_km', 'supplied_by'],
        )
        if not lines:
            return {}
        policies = self.env['aftersales.warranty.policy']._for_brands(
            vehicles.brand_id, vehicles.company_id).filtered(lambda policy: policy.kind == 'part')
        by_vehicle = lines.grouped(lambda line: line.order_id.vehicle_id)
        found = {}
        for job in jobs:
            products, items = job.line_ids.product_id, job.line_ids.labour_item_id
            rows = []
            for line in by_vehicle.get(job.order_id.vehicle_id, ()):
                if line.order_id == job.order_id:
                    continue
                if not (
                    line.job_id == job.comeback_job_id
                    or (line.kind == 'part' and line.product_id in products)
                    or (line.labour_item_id and line.labour_item_id in items)
                ):
                    continue
                fitted = line.order_id._intake_day()
                rows.append((line, coverage_rules.Term(
                    'own_repair', fitted, until=line.warranty_until, until_km=line.warranty_km)))
                if line.kind == 'part' and line.supplied_by == 'shop':
                    for policy in policies:
                        if policy._holds_for(job.order_id.vehicle_id, job.company_id, fitted):
                            terms = policy._line_for(line.product_id.aftersales_system_id)
                            if terms:
                                rows.append((line, coverage_rules.Term(
                                    'part', fitted, terms.months, terms.km,
                                    start_km=line.order_id.odometer, is_excluded=terms.is_excluded)))
                            break
            if rows:
                found[job] = rows
        return found

    # === WORDS === #

    @api.model
    def _sentence(self, coverage):
        """Return why, in one line an advisor reads to the customer.

        :param Coverage coverage: what was found.
        :rtype: str
        """
        verdict = coverage.verdict
        kinds = dict(self.env['aftersales.repair.job']._fields['coverage_kind']._description_selection(self.env))
        name = kinds.get(coverage.kind, '')
        limits = []
        if verdict.until:
            limits.append(self.env._("until %(day)s", day=fields.Date.to_string(verdict.until)))
        if verdict.until_km:
            limits.append(self.env._("up to %(km)s km", km=f'{verdict.until_km:,}'))
        limit = ', '.join(limits)
        if verdict.state == 'near':
            left = []
            if verdict.days_left is not None:
                left.append(self.env._("%(days)s days", days=verdict.days_left))
            if verdict.km_left is not None:
                left.append(self.env._("%(km)s km", km=f'{verdict.km_left:,}'))
            return self.env._("%(name)s: %(left)s left (%(limit)s)", name=name, left=', '.join(left), limit=limit)
        sentences = {
            'covered': lambda: self.env._("%(name)s: %(limit)s", name=name, limit=limit),
            'no_limit': lambda: self.env._("%(name)s: without a limit", name=name),
            'excluded': lambda: self.env._("%(name)s: this system is excluded", name=name),
            'not_yet': lambda: self.env._("%(name)s: not in force yet", name=name),
            'date': lambda: self.env._(
                "%(name)s: over since %(day)s", name=name, day=fields.Date.to_string(verdict.until)),
            'km': lambda: self.env._(
                "%(name)s: over at %(limit)s km, %(over)s km ago", name=name, limit=f'{verdict.until_km:,}',
                over=f'{-verdict.km_left:,}'),
            'no_start': lambda: self.env._("%(name)s: the start of the warranty is not on file", name=name),
            'no_reading': lambda: self.env._("%(name)s: no odometer reading", name=name),
            'none': lambda: self.env._("No warranty terms on file"),
        }
        return sentences[verdict.reason]()
