from collections import Counter

from odoo import api, models

from ...rules import plate as plate_rules
from ..base.errors import coded_error
from ..base.gates import BLOCKING

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

    # === GATES === #

    def _stops(self, record, target):
        """Tell whether a gate keeps a record from a step; warnings do not."""
        return any(blocker.level in BLOCKING for blocker in record._open_blockers(target)[record])
