"""Readiness of a claim: twelve lights from facts of its order, the same for a list, a desk and the gate."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules import readiness as rules
from ..base.const import SKILLS
from ..workshop.const import WORK_KINDS

# Each light has its error code, so that an override passes one light and not all twelve.
LIGHT_CODES = {
    'signature': 'WAR-43', 'three_c': 'WAR-44', 'consent': 'WAR-45', 'clocks': 'WAR-46', 'hours': 'WAR-47',
    'training': 'WAR-48', 'causal': 'WAR-49', 'old_part': 'WAR-50', 'repeat': 'WAR-51', 'odometer': 'WAR-52',
    'deadline': 'WAR-53', 'sublet': 'WAR-54',
}
# A yes that leaves something the manufacturer can read; a phone call does not.
WRITTEN = ('signature', 'paper', 'portal', 'mandate')
SKILL_RANK = {code: rank for rank, (code, _label) in enumerate(SKILLS, start=1)}


class AftersalesWarrantyClaim(models.Model):
    _inherit = 'aftersales.warranty.claim'

    repeat_flagged = fields.Boolean(
        "Repeat Repair Declared", copy=False, tracking=True,
        help="The manufacturer is told that the same was repaired before.",
    )
    repeat_note = fields.Char("About the Former Repair", copy=False)
    is_repeat = fields.Boolean("Repaired Before", compute='_compute_is_repeat')
    readiness = fields.Json(compute='_compute_readiness')
    readiness_red = fields.Integer("Red Lights", compute='_compute_readiness')

    @api.depends_context('lang')
    def _compute_readiness(self):
        """The lights for the screens: code, name, colour and reason of each."""
        lights = self._readiness()
        names = self._light_names()
        for claim in self:
            rows = lights[claim]
            claim.readiness = [
                {'code': code, 'name': names[code], 'colour': light.colour, 'why': claim._light_reason(code, light)}
                for code, light in rows.items()
            ]
            claim.readiness_red = sum(light.colour == rules.RED for light in rows.values())

    def _compute_is_repeat(self):
        former = self._origin.sudo()._former_repairs()
        for claim in self:
            claim.is_repeat = claim._origin.id in former

    # === BUSINESS METHODS === #

    def _readiness(self):
        """Return the twelve lights of each claim.

        A fixed number of queries, whatever the number of claims; sudo: the clerk learns the colour and the reason, not
        the clocks and files behind them.

        :return: `{claim: {light: Light(colour, why)}}`, lights in the order of rules/readiness.py.
        :rtype: dict
        """
        # While a form is edited the facts are those that are saved.
        facts = self._origin.sudo()._readiness_facts()
        result = {}
        for claim in self:
            company = claim.company_id
            limits = rules.Limits(
                company.aftersales_claim_hours_green, company.aftersales_claim_hours_amber, company.aftersales_claim_warn_days,
            )
            result[claim] = rules.score(rules.Facts(**facts.get(claim._origin.id, {})), limits)
        return result

    def _readiness_facts(self):
        """Gather the facts of `rules.readiness.Facts`; each source is asked once for all claims.

        :rtype: dict[int, dict]
        """
        facts = {claim.id: {} for claim in self}
        for gather in (
            self._gather_header, self._gather_consents, self._gather_clocks, self._gather_lines, self._gather_repeats,
            self._gather_readings, self._gather_old_parts,
        ):
            for claim_id, found in gather().items():
                facts[claim_id].update(found)
        return facts

    def _gather_header(self):
        today = {company: company._aftersales_today() for company in self.company_id}
        return {
            claim.id: {
                'concern': claim.concern or '',
                'cause': claim.cause or '',
                'correction': claim.correction or '',
                'is_supplement': claim.job_id.origin in ('additional', 'safety'),
                'has_causal': bool(claim.causal_product_id),
                'causal_issued': claim.causal_line_id.product_uom_id.compare(claim.causal_line_id.net_issued_qty, 0) > 0
                if claim.causal_line_id else False,
                'odometer': claim.odometer,
                'odometer_unreadable': claim.order_id.visit_id.odometer_unreadable,
                'repeat_flagged': claim.repeat_flagged,
                'deadline': claim.deadline or None,
                'sent_on': claim.company_id._aftersales_today(claim.submitted_at) if claim.submitted_at
                else today[claim.company_id],
            } for claim in self
        }

    def _gather_consents(self):
        """First written and first spoken yes on the order; first yes to the job itself."""
        written, spoken, by_job = {}, {}, {}
        for consent in self.env['aftersales.consent'].search_fetch(
            [('order_id', 'in', self.order_id.ids), ('state', '=', 'approved'), ('means', '!=', 'system')],
            ['order_id', 'job_id', 'means', 'decided_at'], order='decided_at, id',
        ):
            (written if consent.means in WRITTEN else spoken).setdefault(consent.order_id.id, consent.decided_at)
            by_job.setdefault(consent.job_id.id, consent.decided_at)
        return {
            claim.id: {
                'signed_at': written.get(claim.order_id.id),
                'told_at': spoken.get(claim.order_id.id),
                'supplement_at': by_job.get(claim.job_id.id),
            } for claim in self
        }

    def _gather_clocks(self):
        """First clocks, clocked hours, overlaps, and the grades of who did the work."""
        Time = self.env['aftersales.labour.time']
        orders, jobs = {}, defaultdict(lambda: [None, 0.0])
        people = defaultdict(self.env['hr.employee'].browse)
        for order, job, employee, first, hours in Time._read_group(
            [('order_id', 'in', self.order_id.ids), ('kind', 'in', WORK_KINDS)], ['order_id', 'job_id', 'employee_id'],
            ['start:min', 'hours:sum'],
        ):
            orders[order.id] = min(first, orders.get(order.id, first))
            row = jobs[job.id]
            row[0] = min(first, row[0] or first)
            row[1] += hours
            people[job.id] |= employee
        overlaps = self._overlaps()
        result = {}
        for claim in self:
            workers = people[claim.job_id.id]
            ranks = [SKILL_RANK[worker.aftersales_skill] for worker in workers if worker.aftersales_skill]
            result[claim.id] = {
                'order_clock_at': orders.get(claim.order_id.id),
                'job_clock_at': jobs[claim.job_id.id][0],
                'clocked_hours': jobs[claim.job_id.id][1],
                'overlaps': overlaps.get(claim.job_id.id, 0),
                'operators': len(workers),
                'ungraded': len(workers) - len(ranks),
                'lowest_skill': min(ranks, default=0),
            }
        return result

    def _overlaps(self):
        """Return {job id: clocks during which the same person ran another one, on whatever car}."""
        if not self.job_id:
            return {}
        self.env['aftersales.labour.time'].flush_model(['employee_id', 'job_id', 'start', 'stop'])
        return dict(self.env.execute_query(SQL(
            """
            SELECT mine.job_id, count(DISTINCT mine.id)
              FROM aftersales_labour_time mine
              JOIN aftersales_labour_time other
                ON other.employee_id = mine.employee_id AND other.id != mine.id
               AND other.start < COALESCE(mine.stop, now() at time zone 'UTC')
               AND COALESCE(other.stop, now() at time zone 'UTC') > mine.start
             WHERE mine.job_id IN %s
             GROUP BY mine.job_id
            """, tuple(self.job_id.ids),
        )))

    def _gather_lines(self):
        """What is claimed: hours, parts, work of subcontractors, and the grade that the labour asks for."""
        result = {claim.id: defaultdict(float) for claim in self}
        lines = self.env['aftersales.warranty.claim.line'].search_fetch(
            [('claim_id', 'in', self.ids)], ['claim_id', 'kind', 'hours', 'quantity', 'line_id'],
        )
        for line in lines:
            row = result[line.claim_id.id]
            row['claimed_hours'] += line.hours
            if line.kind == 'part':
                row['claims_parts'] = True
            elif line.kind == 'labour':
                row['needed_skill'] = max(row['needed_skill'], SKILL_RANK.get(line.line_id.labour_item_id.skill, 0))
            elif line.kind == 'sublet':
                row['sublets'] += 1
                row['sublets_accepted'] += line.line_id.sublet_state in ('accepted', 'billed')
                row['sublets_billed'] += line.line_id.sublet_state == 'billed'
        return {claim_id: dict(row) for claim_id, row in result.items()}

    def _gather_repeats(self):
        former = self._former_repairs()
        return {claim.id: {'is_repeat': claim.id in former} for claim in self}

    def _former_repairs(self):
        """Return {claim id: id of the last order on which the same car got the same part or work shortly before}."""
        if not self.ids:
            return {}
        self.env['aftersales.repair.line'].flush_model(['order_id', 'product_id', 'labour_item_id', 'issued_qty', 'returned_qty'])
        self.env['aftersales.repair.job'].flush_model(['outcome', 'order_id'])
        self.env['aftersales.repair.order'].flush_model(['vehicle_id'])
        self.flush_model(['order_id', 'vehicle_id', 'job_id', 'causal_product_id', 'company_id'])
        self.env['res.company'].flush_model(['aftersales_claim_repeat_days'])
        return dict(self.env.execute_query(SQL(
            """
            SELECT claim.id, max(former.id)
              FROM aftersales_warranty_claim claim
              JOIN res_company company ON company.id = claim.company_id
              JOIN aftersales_repair_order own ON own.id = claim.order_id
              JOIN aftersales_repair_order former
                ON former.vehicle_id = claim.vehicle_id AND former.id != own.id AND former.create_date < own.create_date
               AND former.create_date > own.create_date - company.aftersales_claim_repeat_days * interval '1 day'
             WHERE claim.id IN %s
               AND EXISTS (
                   SELECT FROM aftersales_repair_line line
                     JOIN aftersales_repair_job job ON job.id = line.job_id AND job.outcome = 'open'
                    WHERE line.order_id = former.id
                      AND (line.kind = 'part' AND line.product_id = claim.causal_product_id AND line.issued_qty > line.returned_qty
                           OR line.kind = 'labour' AND line.labour_item_id IN (
                               SELECT labour_item_id FROM aftersales_repair_line mine
                                WHERE mine.job_id = claim.job_id AND mine.kind = 'labour'))
               )
             GROUP BY claim.id
            """, tuple(self.ids),
        )))

    def _gather_readings(self):
        """The last reading before this visit, and whether the instrument was replaced since."""
        if not self.ids:
            return {}
        self.env['aftersales.vehicle.odometer'].flush_model()
        self.env['aftersales.visit'].flush_model(['arrived_at'])
        self.flush_model(['order_id', 'vehicle_id'])
        rows = self.env.execute_query(SQL(
            """
            SELECT claim.id, last.value, EXTRACT(DAY FROM since.at - last.date)::int,
                   EXISTS (SELECT FROM aftersales_vehicle_odometer fresh
                            WHERE fresh.vehicle_id = claim.vehicle_id AND fresh.is_replacement AND fresh.date > last.date)
              FROM aftersales_warranty_claim claim
              JOIN aftersales_repair_order own ON own.id = claim.order_id
              LEFT JOIN aftersales_visit visit ON visit.id = own.visit_id
             CROSS JOIN LATERAL (SELECT COALESCE(visit.arrived_at, own.create_date) AS at) since
             CROSS JOIN LATERAL (
                   SELECT value, date FROM aftersales_vehicle_odometer reading
                    WHERE reading.vehicle_id = claim.vehicle_id AND reading.date < since.at
                      AND NOT COALESCE(reading.is_unreadable, FALSE)
                      AND NOT (COALESCE(reading.res_model, '') = 'aftersales.visit' AND reading.res_id = COALESCE(visit.id, 0))
                    ORDER BY reading.date DESC, reading.id DESC LIMIT 1
                   ) last
             WHERE claim.id IN %s
            """, tuple(self.ids),
        ))
        return {
            claim_id: {'last_odometer': value, 'days_since_reading': days, 'odometer_replaced': replaced}
            for claim_id, value, days, replaced in rows
        }

    def _gather_old_parts(self):
        """What came off the car for the parts claimed: pieces to keep, pieces tagged, tags without a photo."""
        lines = self.env['aftersales.warranty.claim.line'].search_fetch(
            [('claim_id', 'in', self.ids), ('kind', '=', 'part')], ['claim_id', 'line_id', 'quantity'],
        ).filtered(lambda line: line.line_id._gives_old_part())
        tags = self.env['aftersales.old.part'].search_fetch(
            [('line_id', 'in', lines.line_id.ids), ('state', '!=', 'void')], ['line_id', 'quantity'],
        )
        photos = {res_id for res_id, in self.env['ir.attachment']._read_group([
            ('res_model', '=', 'aftersales.old.part'), ('res_id', 'in', tags.ids), ('mimetype', '=like', 'image/%'),
        ], ['res_id'])} if tags else set()
        tags_of = tags.grouped('line_id')
        result = {}
        for claim, mine in lines.grouped('claim_id').items():
            needed = tagged = bare = 0
            exempt = True
            for line in mine:
                parts = tags_of.get(line.line_id, tags.browse())
                there = min(sum(parts.mapped('quantity')), line.quantity)
                needed, tagged = needed + line.quantity, tagged + there
                bare += sum(part.id not in photos for part in parts)
                if there < line.quantity and not line.line_id.old_part_exempt_reason_id:
                    exempt = False
            result[claim.id] = {
                'old_parts_needed': needed, 'old_parts_tagged': tagged, 'old_parts_without_photo': bare,
                'old_part_exempt': exempt,
            }
        return result

    # === TEXTS AND CURES === #

    @api.model
    def _light_names(self):
        """Return the name of each light in the user's language."""
        return {
            'signature': self.env._("Signed before work"),
            'three_c': self.env._("Concern, cause, correction"),
            'consent': self.env._("Additional work agreed first"),
            'clocks': self.env._("Clocks do not overlap"),
            'hours': self.env._("Clocked against claimed time"),
            'training': self.env._("Technician qualified"),
            'causal': self.env._("Causal part issued on this order"),
            'old_part': self.env._("Old part tagged, photographed"),
            'repeat': self.env._("Repeat repair declared"),
            'odometer': self.env._("Odometer plausible"),
            'deadline': self.env._("In time"),
            'sublet': self.env._("Subcontractor's papers"),
        }

    def _light_reason(self, code, light):
        """Return why a light has its colour, as a sentence."""
        self.ensure_one()
        company = self.company_id
        return {
            'signed_before': lambda: self.env._("The customer signed before the work began."),
            'told_before': lambda: self.env._("Agreed by phone before the work began; nothing is signed."),
            'signed_after': lambda: self.env._("The work began before the customer signed."),
            'not_signed': lambda: self.env._("Nobody signed the order before the work began."),
            'text_missing': lambda: self.env._("Concern, cause or correction is empty."),
            'text_copied': lambda: self.env._("Two of concern, cause and correction say the same."),
            'text_there': lambda: self.env._("Concern, cause and correction are written down."),
            'no_supplement': lambda: self.env._("No additional work."),
            'supplement_unasked': lambda: self.env._("The additional work was never agreed."),
            'supplement_before': lambda: self.env._("The additional work was agreed before it began."),
            'supplement_after': lambda: self.env._("The additional work began before it was agreed."),
            'clock_overlap': lambda: self.env._("A technician ran two clocks at the same time."),
            'clock_clean': lambda: self.env._("Nobody ran two clocks at the same time."),
            'no_hours': lambda: self.env._("No hours are claimed."),
            'hours_covered': lambda: self.env._("The clocks cover the claimed hours."),
            'hours_short': lambda: self.env._(
                "Less than %(percent)d %% of the claimed hours were clocked.", percent=company.aftersales_claim_hours_green),
            'nobody_needed': lambda: self.env._("No hours are claimed, nobody had to be qualified."),
            'nobody_clocked': lambda: self.env._("Nobody clocked this job."),
            'unskilled': lambda: self.env._("A technician's grade is below what the work asks for."),
            'ungraded': lambda: self.env._("The grade of a technician is not entered."),
            'skilled': lambda: self.env._("The technicians have the grade the work asks for."),
            'labour_only': lambda: self.env._("No parts are claimed."),
            'no_causal': lambda: self.env._("The causal part is not named."),
            'causal_issued': lambda: self.env._("The causal part was issued on this order."),
            'causal_not_issued': lambda: self.env._("The causal part was not issued on this order."),
            'no_old_part': lambda: self.env._("No part came off."),
            'no_photo': lambda: self.env._("An old part has no photo."),
            'tagged': lambda: self.env._("Every old part is tagged and photographed."),
            'exempt': lambda: self.env._("No old part, with a reason."),
            'not_tagged': lambda: self.env._("An old part is not tagged."),
            'first_time': lambda: self.env._("The same was not repaired on this car shortly before."),
            'repeat_flagged': lambda: self.env._("A repeat repair, and declared as one."),
            'repeat_hidden': lambda: self.env._(
                "The same was repaired on this car within %(days)d days. Declare it, or say who bears it.",
                days=company.aftersales_claim_repeat_days),
            'unreadable': lambda: self.env._("The odometer could not be read."),
            'no_reading': lambda: self.env._("No odometer reading was taken."),
            'reading_fits': lambda: self.env._("The odometer fits the former readings."),
            'reading_jump': lambda: self.env._("The odometer rose faster than a car is driven."),
            'reading_wrong': lambda: self.env._("The odometer shows less than before, or more than a car can run."),
            'no_deadline': lambda: self.env._("The repair is not finished: there is no deadline yet."),
            'late': lambda: self.env._("The deadline %(day)s is over.", day=fields.Date.to_string(self.deadline)),
            'soon': lambda: self.env._("The deadline %(day)s is near.", day=fields.Date.to_string(self.deadline)),
            'in_time': lambda: self.env._("In time: until %(day)s.", day=fields.Date.to_string(self.deadline)),
            'no_sublet': lambda: self.env._("No work of a subcontractor."),
            'sublet_open': lambda: self.env._("The subcontractor's work was not accepted."),
            'sublet_billed': lambda: self.env._("The subcontractor's bill is there."),
            'sublet_unbilled': lambda: self.env._("The subcontractor's bill is missing."),
        }[light.why]()

    def _light_cure(self, code):
        """Return the button to where a light is mended: what it is called and what it opens.

        :rtype: dict
        """
        self.ensure_one()
        open_order = self._open('aftersales.repair.order', self.order_id.id)
        clocks = {
            'type': 'ir.actions.act_window', 'name': self.env._("Clock Times"), 'res_model': 'aftersales.labour.time',
            'views': [(False, 'list')], 'domain': [('job_id', '=', self.job_id.id)],
        }
        readings = {
            'type': 'ir.actions.act_window', 'name': self.env._("Odometer Readings"),
            'res_model': 'aftersales.vehicle.odometer', 'views': [(False, 'list')],
            'domain': [('vehicle_id', '=', self.vehicle_id.id)],
        }
        cures = {
            'signature': (self.env._("Open the order"), open_order),
            'three_c': (self.env._("Write it down"), self._open(self._name, self.id)),
            'consent': (self.env._("Open the order"), open_order),
            'clocks': (self.env._("Look at the clocks"), clocks),
            'hours': (self.env._("Look at the clocks"), clocks),
            'training': (self.env._("Look at the clocks"), clocks),
            'causal': (self.env._("Name the causal part"), self._open(self._name, self.id)),
            'old_part': (self.env._("Tag the old part"), self._old_part_action()),
            'repeat': (self.env._("Declare the repeat"), self._open(self._name, self.id)),
            'odometer': (self.env._("Look at the readings"), readings),
            'deadline': (self.env._("Open the claim"), self._open(self._name, self.id)),
            'sublet': (self.env._("Open the order"), open_order),
        }
        label, action = cures[code]
        return {'label': label, 'action': action}

    def _old_part_action(self):
        """Return where old parts are looked after: the tags of the claim, else the order, which tags them."""
        tags = self.sudo().old_part_ids.filtered(lambda part: part.state != 'void')
        if not tags:
            return self._open('aftersales.repair.order', self.order_id.id)
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Old Parts"), 'res_model': tags._name,
            'views': [(False, 'list'), (False, 'form')], 'domain': [('id', 'in', tags.ids)],
        }

    @api.model
    def _open(self, model, res_id):
        return {'type': 'ir.actions.act_window', 'res_model': model, 'res_id': res_id, 'views': [(False, 'form')]}

    def action_cure_light(self, code):
        """Open where a light is mended (desk, bar)."""
        self.ensure_one()
        self.check_access('read')
        return self._light_cure(code)['action']

    def action_view_former_order(self):
        """Open the order on which the same was repaired before."""
        self.ensure_one()
        self.check_access('read')
        former = self.sudo()._former_repairs().get(self.id)
        return self._open('aftersales.repair.order', former) if former else False
