import math
from datetime import timedelta

from odoo import Command, api, fields, models

from ...rules import plate as plate_rules
from ..base.errors import coded_error
from ..base.gates import BLOCKING, blockers_to_json

PROMISE_STEP_MINUTES = 5
# A promise on the spot carries this much air (R-PROC-43 is about longer jobs, planned by capacity).
PROMISE_MARGIN = 0.15
MINIMUM_HOURS = 0.25


class AftersalesDeskAdvisor(models.AbstractModel):
    """A car that comes without an appointment: looked up, taken in on one sheet, promised on the spot."""

    _inherit = 'aftersales.desk.advisor'

    # === ARRIVAL AND WALK-IN === #

    @api.model
    @api.readonly
    def look_up(self, term):
        """Return cars for a search box; `aftersales.vehicle.search_quick` with the keys of the desks.

        :rtype: list[dict]  id, plate, plate_kind, name, partner, model, vin_tail, phone
        """
        return [
            {
                **{key: car[key] for key in ('id', 'plate', 'plate_kind', 'model', 'vin_tail', 'phone')},
                'name': car['partner_name'],
                'partner': car['partner_name'],
            }
            for car in self.env['aftersales.vehicle'].search_quick(term)
        ]

    @api.model
    @api.readonly
    def scan(self, code):
        """Tell what a scanned or typed code is: an order, a car that is here, a car on file, a new plate.

        :rtype: dict  {'order_id'} or {'vehicle_id', 'plate'} or {'plate'} or {}
        """
        self._ensure_advisor()
        code = (code or '').strip()
        orders = self.env['aftersales.repair.order']
        order = orders.search([('company_id', '=', self.env.company.id), ('name', '=', code)], limit=1)
        if order:
            return {'order_id': order.id}
        vehicle = self.env['aftersales.vehicle']._search_ranked(code, limit=1)
        if vehicle:
            order = self._open_order(vehicle)
            return {'order_id': order.id} if order else {'vehicle_id': vehicle.id, 'plate': vehicle.license_plate or ''}
        plate = plate_rules.normalise(code)
        return {'plate': plate} if plate_rules.is_valid(plate) else {}

    def _open_order(self, vehicle):
        return self.env['aftersales.repair.order'].search(
            [
                ('vehicle_id', '=', vehicle.id),
                ('company_id', '=', self.env.company.id),
                ('outcome', '=', 'open'),
                ('state', 'not in', ('released', 'closed')),
            ],
            order='id desc',
            limit=1,
        )

    @api.model
    @api.readonly
    def arrival(self, plate, vehicle_id=False, visit_id=False):
        """Return what is known of a car that stands at the desk, for the walk-in sheet.

        :param str plate: as typed.
        :param int visit_id: visit that reception or the gate has opened already.
        :rtype: dict
        """
        self._ensure_advisor()
        company = self.env.company
        visit = self.env['aftersales.visit'].browse(visit_id or ())
        plate = plate_rules.normalise(plate)
        vehicle = (
            self.env['aftersales.vehicle'].browse(vehicle_id)
            if vehicle_id
            else (visit.vehicle_id or self.env['aftersales.visit']._recognise(plate, company=company)['vehicle'])
        )
        order = self._open_order(vehicle) if vehicle else self.env['aftersales.repair.order']
        if not visit and vehicle:
            visit = self.env['aftersales.visit'].search(
                [
                    ('vehicle_id', '=', vehicle.id),
                    ('state', 'in', ('expected', 'inside')),
                    ('order_id', '=', False),
                    ('company_id', '=', company.id),
                ],
                limit=1,
            )
        profile = company._aftersales_profile('express')
        eased = {gate: profile._gate(gate) not in BLOCKING for gate in ('belongings_list', 'custody_documents')}
        packages = (
            self.env['aftersales.package']._for_model(vehicle.model_id, company)
            if vehicle.model_id
            else self.env['aftersales.package']
        )
        return {
            'order_id': order.id,
            'order': order.name,
            'plate': vehicle.license_plate or plate,
            'plate_kind': vehicle.plate_kind or plate_rules.kind(plate),
            'vehicle_id': vehicle.id,
            'visit_id': visit.id,
            'partner': (vehicle.partner_id or visit.partner_id).name or visit.driver_name or '',
            'phone': vehicle.phone_shown or '',
            'model': vehicle.model_id.display_name or '',
            'odometer': vehicle.odometer or '',
            'words': visit.request or '',
            'chips': self._coverage_chips(vehicle) if vehicle else [],
            'package_ids': packages.filtered('model_group_ids').ids,
            'refused': self._refused(vehicle),
            # What the signature covers by default; a shop whose gates ask for lists starts with nothing ticked.
            'defaults': {
                'key': True,
                'no_valuables': eased['belongings_list'] or company.aftersales_shop_size == 'small',
            },
        }

    @api.model
    def walk_in(
        self,
        plate,
        package_ids=(),
        photos=(),
        signature=False,
        name=False,
        phone=False,
        odometer=False,
        words=False,
        key=True,
        no_valuables=True,
        waits=True,
        vehicle_id=False,
        visit_id=False,
        refused_job_ids=(),
        profile='express',
    ):
        """Take a car in on one sheet: arrival, check-in, order, estimate, consent and, where nothing is in the way,
        the hand-over to the workshop; one signature covers all of it.

        What the profile's gates still ask for stops at that step: the order stands, and the desk shows the reasons.

        :param str plate: as typed.
        :param list package_ids: `aftersales.package` ids that the customer chose.
        :param list photos: base64 images.
        :param str signature: base64 image.
        :param str name: who signs; the customer of a new car.
        :param int odometer: km; empty keeps the last reading.
        :param str words: the customer's words; becomes a job of its own when no package says what is to be done.
        :param bool key: a key was handed over.
        :param bool no_valuables: counted, nothing of value stays in the car.
        :param bool waits: the customer waits here.
        :param list refused_job_ids: jobs refused at an earlier visit that are done now.
        :return: {'order_id', 'order', 'estimate_id', 'state', 'blockers': what keeps the work from starting}
        :raise UserError: SET-25 no signature or name, SET-26 nothing to do; what the rooms refuse.
        """
        self._ensure_advisor()
        name = (name or '').strip()
        if not signature or not name:
            raise coded_error('SET-25', self.env._("The customer signs with his name; the sheet is the order."))
        if not (package_ids or words or refused_job_ids):
            raise coded_error('SET-26', self.env._("Choose a package, or write down what the customer wants."))
        visit = self._walk_in_visit(
            plate, vehicle_id, visit_id, name, phone, odometer, words, key, no_valuables, profile
        )
        sheet = self._walk_in_sheet(visit, photos, signature, name)
        order = visit._create_order(
            profile,
            customer_place='waiting' if waits else 'left',
            estimate_method='item',
            caveat_explained=True,
            contact_phone=phone or False,
            wash_wanted=False,
        )
        self._walk_in_jobs(order, package_ids, words, refused_job_ids)
        order.promised_at = self._promise(order)
        if not self._stops(sheet.visit_id, 'checked_in'):
            sheet._finish()
        estimate = self.env['aftersales.estimate']
        if not self._stops(order, 'quoted'):
            estimate = order._issue_estimate()
            estimate._sign(name, signature)
        if order.state == 'authorised':
            self._walk_in_to_workshop(order)
        return {
            'order_id': order.id,
            'order': order.name,
            'estimate_id': estimate.id,
            'state': order.state,
            'blockers': blockers_to_json(order._open_blockers('in_progress')[order]),
        }

    def _walk_in_visit(self, plate, vehicle_id, visit_id, name, phone, odometer, words, key, no_valuables, profile):
        """Return the visit of a walk-in, arrived and greeted, with key and belongings as ticked."""
        company = self.env.company
        visits = self.env['aftersales.visit']
        visit = visits.browse(visit_id or ())
        values = {
            'profile_id': company._aftersales_profile(profile).id,
            'advisor_id': self.env.uid,
            'driver_name': name,
            'driver_phone': phone or False,
            'request': words or False,
            'no_belongings': no_valuables,
            'valuables_reminded': no_valuables,
            'no_papers': True,
            **({'odometer': odometer} if odometer else {}),
        }
        if not key:
            values['no_key_reason'] = 'with_customer'
        if visit:
            visit.write(values)
        else:
            visit = visits.create(
                {
                    **values,
                    'company_id': company.id,
                    'visit_type': 'repair',
                    'vehicle_id': vehicle_id or False,
                    **({} if vehicle_id else {'license_plate': plate_rules.normalise(plate)}),
                }
            )
        if visit.state == 'expected':
            visit._arrive()
        visit._greet()
        if not visit.partner_id:
            visit.partner_id = self._walk_in_customer(visit, name, phone)
        if not visit.vehicle_id.partner_id:
            visit.vehicle_id.partner_id = visit.partner_id
        if key and not visit.key_count:
            visit.custody_ids = [Command.create({'kind': 'key'})]
        return visit

    def _walk_in_customer(self, visit, name, phone):
        """Find the customer by phone, or open his file."""
        partner = (
            visit._recognise(phone=phone, company=visit.company_id)['partner'] if phone else self.env['res.partner']
        )
        return partner or visit._create_partner_sudo({'name': name, 'phone': phone or False, 'company_id': False})

    def _walk_in_sheet(self, visit, photos, signature, name):
        """Return the walk-round sheet with photos and the customer's signature."""
        sheet = (
            visit.check_in_ids.filtered(lambda item: item.kind == 'check_in' and item.state == 'draft')[:1]
            or visit._create_check_in()
        )
        self.env['aftersales.check.in.photo'].create(
            [{'check_in_id': sheet.id, 'zone': 'front', 'image': photo} for photo in photos]
        )
        sheet.write({'signature': signature, 'signed_by': name})
        return sheet

    def _walk_in_jobs(self, order, package_ids, words, refused_job_ids):
        """Put on the order what was chosen; the customer's words stay a job of their own only when nothing else says it."""
        spoken = order.job_ids.filtered(lambda job: not job.line_ids)
        chosen = self.env['aftersales.repair.job']
        for package in self.env['aftersales.package'].browse(package_ids).exists():
            chosen |= order._apply_package(package)
        for job in self.env['aftersales.repair.job'].browse(refused_job_ids).exists():
            chosen |= self._revive(order, job)
        if chosen and spoken:
            chosen[0].symptom = '\n'.join(spoken.mapped('name'))
            spoken.unlink()
        elif not chosen:
            (spoken or order._add_job(words)).is_price_open = True

    def _walk_in_to_workshop(self, order):
        """Hand the car over, and give the work out where the advisor may and somebody is there to take it."""
        if self.env.user.employee_id and not self._stops(order, 'hand_over'):
            order._hand_over()
        teams = self.env['aftersales.team'].search_count([('company_id', '=', order.company_id.id)], limit=1)
        if teams and not order._open_gate('dispatcher_only') and not self._stops(order, 'in_progress'):
            order._dispatch()

    def _revive(self, order, job):
        """Take up a job that was refused at an earlier visit, at today's prices (R-PROC-32)."""
        if job.order_id.vehicle_id != order.vehicle_id or job.outcome != 'declined':
            raise coded_error('SET-27', self.env._("“%(job)s” was not refused for this car.", job=job.name))
        new = order._add_job(job.name, origin='recommended', revived_from_id=job.id)
        for line in job.line_ids:
            order._add_line(
                new,
                kind=line.kind,
                labour_item_id=line.labour_item_id.id,
                product_id=line.product_id.id,
                **({'quantity': line.quantity} if line.kind != 'labour' else {}),
            )
        return new

    @api.model
    @api.readonly
    def promise(self, hours):
        """Return when work of this length would be done if it began now, for the walk-in sheet.

        :param float hours: book hours of what was chosen.
        :return: UTC, server format
        :rtype: str
        """
        self._ensure_advisor()
        return fields.Datetime.to_string(self._finish_at(self.env.company, hours))

    def _promise(self, order):
        """Return the time promised on the spot: what `promise` showed on the sheet."""
        return self._finish_at(order.company_id, sum(order.job_ids.mapped('billed_hours')))

    def _finish_at(self, company, hours):
        """Return when so many hours are done from now on, within the company's working hours.

        :rtype: datetime  UTC, on five minutes
        """
        hours = max(hours, MINIMUM_HOURS) * (1 + PROMISE_MARGIN)
        calendar = company.resource_calendar_id
        now = fields.Datetime.now()
        planned = calendar.plan_hours(hours, now, compute_leaves=True) if calendar else False
        at = planned or now + timedelta(hours=hours)
        minutes = math.ceil((at.minute + at.second / 60) / PROMISE_STEP_MINUTES) * PROMISE_STEP_MINUTES
        return at.replace(minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(minutes=minutes)
