import math
from collections import Counter
from datetime import timedelta

from odoo import Command, api, fields, models

from ...rules import plate as plate_rules
from ..base.errors import coded_error
from ..base.gates import BLOCKING, blockers_to_json

# What stands between an order and its next step, by state.
NEXT_TARGET = {
    'draft': 'in_progress',
    'quoted': 'in_progress',
    'authorised': 'in_progress',
    'in_progress': 'ready',
    'inspecting': 'ready',
    'ready': 'settled',
}
FLAG_TONES = {'waiting_consent': 'wait', 'waiting_parts': 'late', 'waiting_oem': 'info', 'paused': 'mute'}
LIMIT = 120
PROMISE_STEP_MINUTES = 5
# A promise on the spot carries this much air (R-PROC-43 is about longer jobs, planned by capacity).
PROMISE_MARGIN = 0.15
MINIMUM_HOURS = 0.25


class AftersalesDeskAdvisor(models.AbstractModel):
    """*My cars today*: what an advisor's tablet shows and does at the car.

    Reading and writing happen with the rights of the user; the verbs call those of the rooms, so that their
    gates, guards and messages hold here as everywhere.
    """

    _name = 'aftersales.desk.advisor'
    _description = "Desk of the Advisor"

    # === READING === #

    @api.model
    @api.readonly
    def get_data(self, order_id=False, scope='mine', lists=True):
        """Return the queue by promise and, if one is chosen, the car in detail.

        The queue costs a fixed number of queries, whatever the number of cars.

        :param int order_id: order to show on the right.
        :param str scope: mine or all.
        :param bool lists: with what does not change during the day: packages, colleagues, plate prefix. A desk asks
            for it once and polls without.
        :rtype: dict  keys user, currency_id, cards, count_mine, count_all, waiting, expected, order, and lists with
            plate_prefix, packages, colleagues
        """
        self._ensure_advisor()
        company = self.env.company
        Order = self.env['aftersales.repair.order']
        orders = Order.search_fetch(
            [
                ('company_id', '=', company.id),
                ('outcome', '=', 'open'),
                ('state', 'not in', ('released', 'closed')),
            ],
            # All that a card reads: found and read in one query.
            [name for name, field in Order._fields.items() if field.column_type and field.store and field.prefetch and not field.groups],
            order='promised_at, id',
            limit=LIMIT,
        )
        mine = orders.filtered(lambda order: order.advisor_id == self.env.user)
        shown = mine if scope == 'mine' else orders
        cards = shown._desk_cards()
        states = dict(orders._fields['state']._description_selection(self.env))
        visits = self.env['aftersales.visit'].search(
            [
                ('company_id', '=', company.id),
                ('state', '=', 'inside'),
                ('order_id', '=', False),
            ],
            order='arrived_at, id',
            limit=LIMIT,
        )
        order = self._get_order(order_id) if order_id else self.env['aftersales.repair.order']
        return {
            'user': self.env.user.name,
            'currency_id': company.currency_id.id,
            'count_mine': len(mine),
            'count_all': len(orders),
            'cards': [self._queue_card(cards[item.id], states) for item in shown],
            'waiting': self._waiting_rows(visits),
            'expected': self._expected_rows(company),
            'order': self._car(order) if order else False,
            'lists': self._lists(company) if lists else False,
        }

    def _lists(self, company):
        return {
            'plate_prefix': self._plate_prefix(company),
            'packages': self._package_rows(company),
            'colleagues': [
                {'id': user.id, 'name': user.name} for user in self._colleagues_sudo(company) if user != self.env.user
            ],
        }

    def _ensure_advisor(self):
        """The desk shows customers and prices: refused to whoever does not serve them."""
        if not self.env.user.has_group('aftersales_service.group_advisor'):
            raise coded_error('SET-24', self.env._("“My cars today” is the service advisor's desk."))

    def _get_order(self, order_id):
        order = self.env['aftersales.repair.order'].browse(order_id)
        order.check_access('read')
        return order

    @api.model
    def _plate_prefix(self, company):
        """Return province and city letter of most cars seen lately: what the plate entry proposes."""
        plates = self.env['aftersales.vehicle'].search_fetch(
            [('company_id', '=', company.id), ('license_plate', '!=', False)],
            ['license_plate'],
            limit=50,
            order='id desc',
        )
        heads = Counter(
            plate.province + plate.letter
            for plate in map(plate_rules.parse, plates.mapped('license_plate'))
            if plate.letter
        )
        return heads.most_common(1)[0][0] if heads else False

    def _queue_card(self, card, states):
        """Return a card with the words and hues of the queue."""
        flags = dict(self.env['aftersales.repair.order']._fields['aftersales_status']._description_selection(self.env))
        chips = [{'label': flags.get(flag, flag), 'tone': FLAG_TONES.get(flag, 'mute')} for flag in card['flags']]
        if card['place'] == 'waiting':
            chips.append({'label': self.env._("Waits here"), 'tone': 'soon'})
        if card['profile'] not in ('standard', False):
            profiles = dict(self.env['aftersales.profile']._fields['code']._description_selection(self.env))
            chips.append(
                {'label': profiles.get(card['profile'], ''), 'tone': 'ok' if card['profile'] == 'express' else 'info'}
            )
        if not card['customer']:
            chips.append({'label': self.env._("Owner to be found"), 'tone': 'late'})
        return {**card, 'state_label': states[card['state']], 'chips': chips}

    def _waiting_rows(self, visits):
        types = dict(visits._fields['visit_type']._description_selection(self.env))
        return [
            {
                'id': visit.id,
                'vehicle_id': visit.vehicle_id.id,
                'plate': visit.license_plate or '',
                'plate_kind': visit.vehicle_id.plate_kind or plate_rules.kind(visit.license_plate),
                'customer': visit.partner_id.name or visit.driver_name or '',
                'type_label': types[visit.visit_type],
                'tone': 'info' if visit.first_contact_at else 'late',
            }
            for visit in visits
        ]

    def _expected_rows(self, company):
        """Return today's appointments whose car is not here yet."""
        start, end = company._aftersales_day_bounds(company._aftersales_today())
        appointments = self.env['aftersales.appointment'].search(
            [
                ('company_id', '=', company.id),
                ('state', 'in', ('draft', 'confirmed')),
                ('start_at', '>=', start),
                ('start_at', '<', end),
            ],
            order='start_at',
            limit=LIMIT,
        )
        return [
            {
                'id': appointment.id,
                'vehicle_id': appointment.vehicle_id.id,
                'plate': appointment.license_plate or '',
                'plate_kind': appointment.vehicle_id.plate_kind or plate_rules.kind(appointment.license_plate),
                'customer': appointment.partner_id.name or appointment.contact_name or '',
                'words': appointment.wish or '',
                'time': company._aftersales_local_time(appointment.start_at).strftime('%H:%M'),
            }
            for appointment in appointments
        ]

    def _package_rows(self, company):
        return [
            {
                'id': package.id,
                'name': package.name,
                'amount': package.total_amount,
                'hours': round(package.book_hours, 2),
            }
            for package in self.env['aftersales.package']._for_shop(company, limit=LIMIT)
        ]

    def _colleagues_sudo(self, company):
        """Return who may listen to a consent by phone; sudo: only names of the front desk leave."""
        group = self.env.ref('aftersales_service.group_receptionist')
        return (
            group.sudo()
            .all_user_ids.filtered(lambda user: user.active and not user.share and company in user.company_ids)
            .sorted('name')[:12]
        )

    # === THE CAR ON THE RIGHT === #

    def _car(self, order):
        """Return an order as the right-hand panel shows it."""
        card = order._desk_cards()[order.id]
        states = dict(order._fields['state']._description_selection(self.env))
        target = NEXT_TARGET.get(order.state)
        vehicle = order.vehicle_id
        estimate = order.estimate_ids.filtered(lambda version: version.state == 'issued').sorted('version')[-1:]
        jobs = order.job_ids
        return {
            **card,
            'state_label': states[order.state],
            'odometer_text': self.env._("%s km", f'{order.odometer:,}'.replace(',', ' ')) if order.odometer else '',
            'car_chips': self._coverage_chips(vehicle),
            'words': order.visit_id.request or jobs[:1].name or '',
            'phone': order.contact_phone or order.partner_id.phone or '',
            'photos': self._photos(order),
            'jobs': [self._job_row(job) for job in jobs],
            'amount_approved': sum(job.amount_total for job in jobs if job.outcome == 'open' and job.is_approved),
            'amount_due': order.amount_due
            if order.is_settled
            else sum(payer.amount_total for payer in order.payer_ids if payer.kind == 'customer'),
            'open_estimate': {
                'estimate_id': estimate.id,
                'name': estimate.display_name,
                'amount': estimate.amount_total,
            }
            if estimate
            else False,
            'next_target': target or False,
            'blockers_title': self._blockers_title(target),
            'blockers': order.get_blockers(target) if target else [],
            'history': self._history(order),
            'refused': self._refused(vehicle, exclude=order),
            'due': self._due_text(vehicle),
        }

    def _blockers_title(self, target):
        if target == 'in_progress':
            return self.env._("Work cannot start yet, because…")
        return self.env._("Cannot be handed over yet, because…")

    def _coverage_chips(self, vehicle):
        """Return the warranty badge of a car (R-PROC-31: coverage is told at once)."""
        company = vehicle.company_id or self.env.company
        if vehicle.warranty_state in ('in', 'near'):
            left = [self.env._("until %s", vehicle.warranty_end)]
            if vehicle.warranty_km:
                left.append(self.env._("%s km left", max(vehicle.warranty_km - vehicle.distance, 0)))
            return [
                {
                    'label': self.env._("In warranty: %s", ', '.join(left)),
                    'tone': 'ok' if vehicle.warranty_state == 'in' else 'soon',
                }
            ]
        if vehicle.warranty_state == 'out' and vehicle.warranty_end:
            expired = vehicle.warranty_end < company._aftersales_today()
            return [
                {
                    'label': self.env._("Out of warranty since %s", vehicle.warranty_end)
                    if expired
                    else self.env._("Out of warranty (km)"),
                    'tone': 'mute',
                }
            ]
        return []

    def _job_row(self, job):
        consents = dict(job._fields['consent_state']._description_selection(self.env))
        payers = dict(job._fields['payer_kind']._description_selection(self.env))
        origins = dict(job._fields['origin']._description_selection(self.env))
        return {
            'id': job.id,
            'name': job.name,
            'origin': job.origin,
            'origin_label': origins[job.origin] if job.origin != 'requested' else False,
            'payer_label': payers.get(job.payer_kind, ''),
            'consent_state': job.consent_state,
            'consent_label': consents[job.consent_state],
            'is_parked': job.is_parked,
            'outcome': job.outcome,
            'amount': job.amount_total,
            'hours': round(job.billed_hours, 2),
            'lines': job.line_ids.mapped('name')[:6],
        }

    def _photos(self, order):
        """Return the photos of intake and of the order, oldest first."""
        zones = dict(self.env['aftersales.check.in.photo']._fields['zone']._description_selection(self.env))
        photos = [
            {
                'id': f'p{photo.id}',
                'url': f'/web/image/aftersales.check.in.photo/{photo.id}/image',
                'thumb': f'/web/image/aftersales.check.in.photo/{photo.id}/image_256',
                'caption': photo.name or zones[photo.zone],
                'damage': bool(photo.damage_id),
            }
            for photo in order.visit_ids.photo_ids
        ]
        attachments = self.env['ir.attachment'].search(
            [
                ('res_model', '=', order._name),
                ('res_id', '=', order.id),
                ('res_field', '=', False),
                ('mimetype', '=like', 'image/%'),
            ],
            order='id',
            limit=24,
        )
        return photos + [
            {
                'id': f'a{attachment.id}',
                'url': f'/web/image/{attachment.id}',
                'thumb': f'/web/image/{attachment.id}/256x256',
                'caption': '',
                'damage': False,
            }
            for attachment in attachments
        ]

    def _history(self, order):
        """Return the last orders of the car before this one."""
        past = self.env['aftersales.repair.order'].search(
            [
                ('vehicle_id', '=', order.vehicle_id.id),
                ('vehicle_id', '!=', False),
                ('id', '!=', order.id),
                ('outcome', 'in', ('open', 'done')),
            ],
            order='id desc',
            limit=3,
        )
        company = self.env.company
        return [
            {
                'id': old.id,
                'date': company._aftersales_local_time(old.create_date).strftime('%Y-%m-%d'),
                'name': ' · '.join(old.job_ids.filtered(lambda job: job.outcome == 'open').mapped('name')[:2])
                or old.name,
                'amount': old.amount_total,
            }
            for old in past
        ]

    def _refused(self, vehicle, exclude=None):
        """Return what the customer did not want last time, to offer again (R-PROC-32)."""
        jobs = vehicle._offerable_jobs() if vehicle else self.env['aftersales.repair.job']
        return [
            {
                'id': job.id,
                'name': job.name,
                'amount': job.amount_total,
                'amount_text': job.currency_id.format(job.amount_total),
            }
            for job in jobs
            if job.order_id != exclude
        ][:6]

    def _due_text(self, vehicle):
        due = []
        if vehicle.next_service_odometer:
            due.append(self.env._("%s km", f'{vehicle.next_service_odometer:,}'.replace(',', ' ')))
        if vehicle.next_service_date:
            due.append(str(vehicle.next_service_date))
        return self.env._(" or ").join(due)

    # === LOOKING UP === #

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
    @api.readonly
    def find_work(self, order_id, term):
        """Return packages and labour items for a typed word; ids begin with p or l.

        :rtype: list[dict]  id, name, amount, hours
        """
        order = self._get_order(order_id)
        company = order.company_id
        packages = self.env['aftersales.package']._for_shop(company, term, limit=6)
        labours = self.env['aftersales.labour.item'].search(
            [
                ('company_id', 'in', (company.id, False)),
                '|',
                ('name', 'ilike', term),
                ('code', 'ilike', term),
            ],
            limit=6,
        )
        return [
            {
                'id': f'p{package.id}',
                'name': package.name,
                'amount': package.total_amount,
                'hours': round(package.book_hours, 2),
            }
            for package in packages
        ] + [
            {
                'id': f'l{item.id}',
                'name': item.name,
                'amount': 0.0,
                'hours': item._book_hours(order.vehicle_id.model_id),
            }
            for item in labours
        ]

    # === WALK-IN === #

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

    def _stops(self, record, target):
        """Tell whether a gate keeps a record from a step; warnings do not."""
        return any(blocker.level in BLOCKING for blocker in record._open_blockers(target)[record])

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

    # === VERBS OF THE CAR === #

    @api.model
    def add_photo(self, order_id, photo, caption=False):
        """Keep a photo with an order: on the open walk-round sheet, else as attachment.

        :param str photo: base64 image.
        """
        order = self._get_order(order_id)
        order.check_access('write')
        sheet = order.visit_id.check_in_ids.filtered(lambda item: item.state == 'draft')[:1]
        if sheet:
            self.env['aftersales.check.in.photo'].create(
                {'check_in_id': sheet.id, 'zone': 'other', 'image': photo, 'name': caption}
            )
        else:
            self._attach(order, [photo])
        return True

    def _attach(self, order, photos):
        self.env['ir.attachment'].create(
            [
                {
                    'name': self.env._("Photo %s", order.name) + '.jpg',
                    'datas': photo,
                    'res_model': order._name,
                    'res_id': order.id,
                    'mimetype': 'image/jpeg',
                }
                for photo in photos
            ]
        )

    @api.model
    def add_work(self, order_id, work=False, words=False, photos=(), safety=False):
        """Add additional work from what was found, and issue its estimate.

        :param work: `p<id>` or plain id of a package, `l<id>` of a labour item; empty: only words, price to be confirmed.
        :return: see `offer`
        """
        order = self._get_order(order_id)
        values = {'origin': 'safety' if safety else 'additional'}
        code = str(work or '')
        if code.startswith('l'):
            item = self.env['aftersales.labour.item'].browse(int(code[1:]))
            job = order._add_job(words or item.name, **values)
            order._add_line(job, kind='labour', labour_item_id=item.id)
        elif code:
            package = self.env['aftersales.package'].browse(int(code.lstrip('p')))
            job = order._apply_package(package)
            job.write({**values, **({'symptom': words} if words else {})})
        elif words:
            job = order._add_job(words, is_price_open=True, **values)
        else:
            raise coded_error('SET-26', self.env._("Choose a package, or write down what the customer wants."))
        self._attach(order, photos)
        return self._offer(order, job)

    @api.model
    def offer(self, order_id):
        """Issue what was not shown yet and return how the customer gets to it.

        :return: {'estimate_id', 'name', 'amount', 'url'} or the dialog that explains what is in the way
        """
        return self._offer(self._get_order(order_id))

    def _offer(self, order, jobs=None):
        if self._stops(order, 'quoted'):
            return order.action_explain('quoted')
        estimate = order._issue_estimate(jobs)
        return {
            'estimate_id': estimate.id,
            'name': estimate.display_name,
            'amount': estimate.amount_total,
            'url': order.get_base_url() + order.get_portal_url(),
        }

    @api.model
    def sign(self, order_id, estimate_id, name, signature):
        """Record the customer's signature on the shop's own screen."""
        estimate = self.env['aftersales.estimate'].browse(estimate_id)
        if estimate.order_id != self._get_order(order_id):
            raise coded_error('SET-28', self.env._("This estimate belongs to another order. Open the car again."))
        estimate._sign(name, signature)
        return True

    @api.model
    def phone_consent(self, order_id, job_ids, decision, name=False, phone=False, second_user_id=False):
        """Record a yes or no by phone: who, which number, who listened.

        :param str decision: approved or declined.
        """
        order = self._get_order(order_id)
        jobs = self.env['aftersales.repair.job'].browse(job_ids)
        unshown = jobs.filtered(lambda job: job.consent_state == 'draft')
        if unshown and decision == 'approved':
            if self._stops(order, 'quoted'):
                return order.action_explain('quoted')
            order._issue_estimate(unshown)
        order._record_consent(
            jobs,
            decision,
            'phone',
            name=name or None,
            phone=phone or None,
            second_user=self.env['res.users'].browse(second_user_id) if second_user_id else None,
        )
        return True

    @api.model
    def decline(self, order_id, job_ids):
        """The customer, standing here, does not want these jobs."""
        self._get_order(order_id)._record_consent(
            self.env['aftersales.repair.job'].browse(job_ids), 'declined', 'paper'
        )
        return True

    @api.model
    def new_time(self, order_id, promised_at):
        """Tell the customer a new time.

        :param str promised_at: UTC, server format.
        """
        self._get_order(order_id)._promise(fields.Datetime.to_datetime(promised_at))
        return True

    @api.model
    def explain(self, order_id, target):
        """Open the dialog with every reason and, where allowed, the override."""
        return self._get_order(order_id).action_explain(target)

    @api.model
    def to_till(self, order_id, old_parts=False):
        """Hand over at the car: the work was explained, the customer goes to the till.

        :return: True, or the dialog that explains why not yet
        """
        order = self._get_order(order_id)
        if order.state != 'ready':
            return order.action_explain(NEXT_TARGET.get(order.state, 'ready'))
        if self._stops(order, 'settled'):
            return order.action_explain('settled')
        order._explain(old_parts=old_parts)
        return True
