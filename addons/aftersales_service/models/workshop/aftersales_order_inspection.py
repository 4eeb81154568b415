from dateutil.relativedelta import relativedelta

from odoo import fields, models

from ..base.errors import coded_error
from .const import CLOSED_STATES, WORK_KINDS


class AftersalesRepairOrder(models.Model):
    """Checks, rework, road tests, the repair's own warranty, wash."""

    _inherit = 'aftersales.repair.order'

    # === ACTION METHODS (screens and desks) === #

    def action_check_pass(
        self,
        level='final',
        note='',
        items=None,
        advice=None,
        care_note=None,
        operation_ids=None,
        warranty_until=None,
        warranty_km=None,
    ):
        """Pass a check as the user.

        :param str level: process, self, leader, final or sample.
        :param list[dict] items: checked items, see `aftersales.quality.measure._prepare_vals`.
        :param list[int] operation_ids: only these operations (stage check); all finished work unless given.
        :return: id of the check.
        """
        return self._check(
            level,
            True,
            note=note,
            measures=items,
            advice=advice,
            care_note=care_note,
            operations=self.env['aftersales.operation'].browse(operation_ids) if operation_ids else None,
            warranty_until=fields.Date.to_date(warranty_until) if warranty_until else None,
            warranty_km=warranty_km,
        ).id

    def action_check_fail(
        self, level='final', note='', responsible_ids=None, defect_ids=None, operation_ids=None, items=None, photos=None
    ):
        """Fail a check as the user; rework with the responsible named follows.

        :param list[int] responsible_ids: hr.employee.
        :param list[int] defect_ids: aftersales.quality.defect.
        :param list[dict] photos: `{'name': str, 'datas': base64}`.
        :return: id of the check.
        """
        check = self._check(
            level,
            False,
            note=note,
            responsible=self.env['hr.employee'].browse(responsible_ids or []),
            defects=self.env['aftersales.quality.defect'].browse(defect_ids or []),
            measures=items,
            operations=self.env['aftersales.operation'].browse(operation_ids) if operation_ids else None,
        )
        check._attach_sudo(photos)
        return check.id

    def action_inspect(self):
        """Open the inspection dialog with the list for this car."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Inspect"),
            'res_model': 'aftersales.check.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    def action_print_certificate(self):
        """Print the exit certificate; refused before the pass.

        :raise UserError: WRK-79.
        """
        self.ensure_one()
        check = self.sudo()._releasing_check()
        if not check:
            raise coded_error(
                'WRK-79',
                self.env._(
                    "%(order)s has no passed inspection that still counts, so there is no certificate yet.",
                    order=self.display_name,
                ),
            )
        return check.with_env(self.env).action_print_certificate()

    def action_wash(self):
        """Open the dialog of the wash: start it, or record how the car came out of it."""
        return self._open_car_dialog(self.env._("Wash"), 'aftersales.wash.wizard')

    def action_road_test(self):
        """Open the dialog that records a road test."""
        return self._open_car_dialog(self.env._("Road Test"), 'aftersales.road.test.wizard')

    def _open_car_dialog(self, name, model):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    # === CHECKS === #

    def _check(
        self,
        level,
        passed,
        employee=None,
        note='',
        responsible=None,
        operations=None,
        defects=None,
        measures=None,
        advice=None,
        care_note=None,
        warranty_until=None,
        warranty_km=None,
    ):
        """Record a check of finished work (R-PROC-72 to R-PROC-76).

        Passing the level that releases the car sets the repair's own warranty. Failing creates the rework with the
        responsible named, and hands a fact to the conduct records. A technician who fails his own check goes on working.

        :param str level: process, self, leader, final, sample.
        :param bool passed: the result.
        :param employee: hr.employee who checked; the user's own unless given. Nobody inspects in another's name, except
            a supervisor for somebody without a login.
        :param responsible: hr.employee responsible for what failed.
        :param operations: aftersales.operation covered; all finished work unless given.
        :param list[dict] measures: see `aftersales.quality.measure._prepare_vals`; a limit reached proposes a job.
        :return: aftersales.quality.check, as superuser.
        :raise UserError: gates of target `check_<level>` (passing) or `check_failed`; WRK-77 not this user's level;
            WRK-78 nothing to check.
        """
        self.ensure_one()
        self.check_access('read')
        person = self._checking_person(level, employee)
        order = self.sudo()
        is_stage = operations is not None and level in ('process', 'leader')
        covered = order._operations_to_check(level, operations, person)
        self._ensure_may_check(level, person, covered)
        measure_vals = [self.env['aftersales.quality.measure']._prepare_vals(item) for item in measures or []]
        order.with_context(
            aftersales_operation_ids=covered.ids,
            aftersales_checker_id=person.id,
            aftersales_is_stage=is_stage,
            aftersales_has_responsible=bool(responsible) or level == 'self',
        )._ensure_no_blockers(f'check_{level}' if passed else 'check_failed')
        check = (
            self.env['aftersales.quality.check']
            .sudo()
            .with_context(
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                tracking_disable=True,
            )
            ._guarded()
            .create(
                {
                    'name': order._check_number(level),
                    'order_id': order.id,
                    'level': level,
                    'is_stage': is_stage,
                    'operation_ids': [(6, 0, covered.ids)],
                    'result': 'passed' if passed else 'failed',
                    'checker_id': person.id,
                    'recorded_by_id': self.env.uid,
                    'at': fields.Datetime.now(),
                    'note': note or False,
                    'advice': advice or False,
                    'care_note': care_note or False,
                    'defect_ids': [(6, 0, defects.ids if defects else [])],
                    'responsible_ids': [(6, 0, responsible.ids if responsible else [])],
                    'measure_ids': [(0, 0, {**vals, 'sequence': index}) for index, vals in enumerate(measure_vals)],
                }
            )
            .with_env(order.env)
        )
        order._propose_limits(check, person)
        if not passed:
            order._fail(check, covered)
        elif not is_stage and check == order._releasing_check():
            order._set_own_warranty(check, warranty_until, warranty_km)
        order._advance()
        return check

    def _checking_person(self, level, employee):
        """Return who checks; a supervisor may record only for somebody who has no login."""
        supervisor = 'aftersales_service.group_workshop_supervisor'
        if level == 'self':
            return self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        group = supervisor if employee and not employee.sudo().user_id else None
        return self.env['hr.employee']._aftersales_acting(self.company_id, employee, group=group)

    def _operations_to_check(self, level, operations, person):
        """Return the operations that a check of this level covers."""
        if operations is not None:
            return operations.sudo().filtered(lambda operation: operation.order_id == self)
        if level == 'self':
            return self._checked_operations().filtered(
                lambda operation: (
                    not self._is_covered('self', operations=operation)
                    and person in operation._workers()[operation] | operation.technician_ids
                )
            )
        if level == 'process':
            return self.operation_ids.filtered(
                lambda operation: operation.kind in WORK_KINDS and operation.state != 'cancelled'
            )
        return self._checked_operations()

    def _ensure_may_check(self, level, person, operations):
        """Refuse checks by whom they are not for, and of what is not finished.

        :raise UserError: WRK-77, WRK-78.
        """
        groups = {
            'process': 'aftersales_service.group_inspector,aftersales_service.group_team_leader',
            'self': 'aftersales_service.group_technician',
            'leader': 'aftersales_service.group_team_leader',
            'final': 'aftersales_service.group_inspector,aftersales_service.group_technician',
            'sample': 'aftersales_service.group_workshop_supervisor',
        }
        if level not in groups or not (self.env.su or self.env.user.has_groups(groups[level])):
            raise coded_error(
                'WRK-77',
                self.env._(
                    "This check of %(order)s is not for you. Ask whose task it is.",
                    order=self.display_name,
                ),
            )
        order = self.sudo()
        if not operations and not (level in ('leader', 'final', 'sample') and order._needs_inspection()):
            raise coded_error('WRK-78', self.env._("%(order)s has no finished work to check.", order=self.display_name))
        if level == 'self':
            workers = operations._workers()
            for operation in operations:
                if person not in workers[operation] | operation.technician_ids:
                    raise coded_error(
                        'WRK-77',
                        self.env._(
                            "Who worked on “%(operation)s” checks it first, not %(employee)s.",
                            operation=operation.name,
                            employee=person.name,
                        ),
                    )
        unfinished = operations.filtered(lambda operation: operation.state != 'done')
        if unfinished and level != 'process':
            raise coded_error(
                'WRK-78',
                self.env._(
                    "“%(operation)s” is not finished, so it cannot be checked.",
                    operation=unfinished[0].name,
                ),
            )

    def _check_number(self, level):
        """Return the number of an inspection sheet; self checks have none."""
        if level == 'self':
            return '/'
        return (
            self.env['ir.sequence'].sudo().with_company(self.company_id).next_by_code('aftersales.quality.check') or '/'
        )

    def _propose_limits(self, check, person):
        """Propose an additional job for each part at its limit of use (R-PROC-73); the advisor phones the customer."""
        for measure in check.measure_ids.filtered(lambda measure: measure.result == 'limit'):
            reading = f' ({measure.value:g} {measure.unit or ""})'.replace(' )', ')') if measure.has_value else ''
            job = self._propose_extra(
                self.env._("%(item)s at its limit of use%(reading)s", item=measure.name, reading=reading),
                person,
                is_safety=measure.is_safety,
            )
            measure._guarded().write({'proposed_job_id': job.id})

    def _propose_extra(self, description, person, photos=None, is_safety=False, hours=0.0):
        """Add a job of additional work that the workshop found; it waits for the customer's decision (R-PROC-62).

        :param person: hr.employee who found it.
        :rtype: recordset of aftersales.repair.job
        """
        self.ensure_one()
        job = self.sudo()._add_job(
            description,
            origin='safety' if is_safety else 'additional',
            symptom=description,
            discovered_by_id=person.id,
            extra_hours=hours,
        )
        self._attach_photos_sudo(job, photos)
        self._tell_advisor(
            self.env._(
                "%(employee)s found additional work: %(description)s. Phone the customer.",
                employee=person.name,
                description=description,
            ),
            self.env._("Additional work found"),
        )
        return job

    def _attach_photos_sudo(self, record, photos):
        """Attach photos to a record; sudo: the verb has checked whose car it is.

        :param list[dict] photos: `{'name': str, 'datas': base64}`.
        """
        self.env['ir.attachment'].sudo().create(
            [
                {
                    'name': photo.get('name') or 'photo.jpg',
                    'datas': photo['datas'],
                    'res_model': record._name,
                    'res_id': record.id,
                }
                for photo in photos or []
            ]
        )

    # === REWORK === #

    def _fail(self, check, operations):
        """Do what follows a failed check: the work goes back with the responsible named (R-PROC-74, R-PERM-12)."""
        self.ensure_one()
        if check.level == 'self':
            for operation in operations:
                operation._void_finish(self.env._("Self check not passed"))
            return
        origin = operations.filtered(lambda operation: operation.state == 'done')
        if check.responsible_ids:
            origin = (
                origin.filtered(lambda operation: operation._workers()[operation] & check.responsible_ids) or origin
            )
        origin = (
            origin.sorted(lambda operation: (operation.needs_other_person, operation.finished_at, operation.id))[-1:]
            or operations[-1:]
        )
        now = fields.Datetime.now()
        people = check.responsible_ids & (origin.technician_ids | origin.team_id._people()) or origin.technician_ids
        rework = self._create_operations_sudo(
            [
                {
                    'order_id': self.id,
                    'job_id': origin.job_id.id,
                    'name': self.env._("Rework: %(operation)s", operation=origin.name or self.name),
                    'kind': 'rework',
                    'trade': origin.trade,
                    'origin_id': origin.id,
                    'sequence': max(self.operation_ids.mapped('sequence'), default=0) + 10,
                    'team_id': origin.team_id.id,
                    'bay_id': origin.bay_id.id,
                    'technician_ids': [(6, 0, (people or check.responsible_ids).ids)],
                    'scope': '\n'.join(
                        [*(f'• {defect.display_name}' for defect in check.defect_ids), check.note or '']
                    ).strip()
                    or origin.scope,
                    'due_at': self.promised_at or origin.due_at,
                    'priority': '2',
                    'rework_check_id': check.id,
                    'responsible_ids': [(6, 0, check.responsible_ids.ids)],
                    'dispatched_at': now,
                    'dispatched_by_id': self.env.uid,
                    'accepted_at': now,
                    'accepted_by_id': check.checker_id.id,
                    'is_auto_accepted': True,
                }
            ]
        )
        check._guarded().write({'rework_operation_id': rework.id})
        if check.responsible_ids:
            self.env['aftersales.conduct.proposal']._propose(
                'fact',
                check.responsible_ids,
                check,
                self.env._(
                    "%(level)s of %(order)s not passed: %(what)s",
                    level=dict(check._fields['level']._description_selection(self.env))[check.level],
                    order=self.name,
                    what=', '.join(check.defect_ids.mapped('name')) or check.note or origin.name,
                ),
                rule_hint='R-PERM-12',
            )
        self._tell_advisor(
            self.env._(
                "A check was not passed; the car goes back for rework: %(note)s",
                note=check.note or origin.name,
            ),
            self.env._("Rework"),
        )

    # === OWN WARRANTY === #

    def _set_own_warranty(self, check, until=None, km=None):
        """Set until when and how far the repair's own warranty reaches (R-PROC-76, R-WAR-18).

        Each line takes the period of its labour item or part, else the company's; nothing is promised for parts with a
        disclaimer (R-PROC-39). The order's own period is the shortest of its lines, unless the inspector sets another.

        :param datetime.date until: what the inspector sets.
        :param int km: distance from the odometer reading of the visit.
        """
        company = self.company_id
        today = company._aftersales_today()
        reading = self.odometer or 0
        ends, distances = [], []
        for line in self.line_ids.filtered(
            lambda line: line.job_id.outcome == 'open' and line.kind in ('labour', 'part', 'sublet')
        ):
            if line.has_disclaimer or line.supplied_by == 'customer':
                line._guarded().write({'warranty_until': False, 'warranty_km': 0})
                continue
            item = line.labour_item_id
            product = line.product_id.product_tmpl_id
            months = item.warranty_months if item else product.aftersales_warranty_months
            distance = (
                item.warranty_km if item else product.aftersales_warranty_km
            ) or company.aftersales_repair_warranty_km
            end = today + (
                relativedelta(months=months) if months else relativedelta(days=company.aftersales_repair_warranty_days)
            )
            line._guarded().write({'warranty_until': end, 'warranty_km': reading + distance})
            ends.append(end)
            distances.append(reading + distance)
        check._guarded().write(
            {
                'warranty_until': until or min(ends, default=False),
                'warranty_km': reading + km if km else min(distances, default=0),
            }
        )

    # === ROAD TEST === #

    def _road_test_odometer(self):
        """Return the last known reading of the car: after the last road test, else at the check-in."""
        self.ensure_one()
        order = self.sudo()
        return max(order.road_test_ids[:1].odometer_end or 0, order.odometer or 0)

    def _road_test(
        self,
        odometer_start,
        odometer_end,
        employee=None,
        findings='',
        is_ok=True,
        start_at=None,
        stop_at=None,
        check=None,
    ):
        """Record a road test by a qualified driver (R-PROC-75, R-PERM-08).

        :param int odometer_start: km.
        :param int odometer_end: km.
        :return: aftersales.road.test, as superuser.
        :raise UserError: gate of target `drive`.
        """
        self.ensure_one()
        self.check_access('read')
        person = self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        order = self.sudo()
        order.with_context(aftersales_driver_id=person.id)._ensure_no_blockers('drive')
        now = fields.Datetime.now()
        test = (
            self.env['aftersales.road.test']
            .sudo()
            ._guarded()
            .create(
                {
                    'order_id': order.id,
                    'check_id': check.id if check else False,
                    'tester_id': person.id,
                    'start_at': start_at or stop_at or now,
                    'stop_at': stop_at or now,
                    'odometer_start': odometer_start,
                    'odometer_end': odometer_end,
                    'findings': findings or False,
                    'is_ok': is_ok,
                }
            )
        )
        if not is_ok:
            order._tell_supervisors(
                self.env._(
                    "Road test of %(order)s by %(employee)s: %(findings)s",
                    order=order.name,
                    employee=person.name,
                    findings=findings or '-',
                ),
                self.env._("Road test not in order"),
            )
        return test

    # === WASH === #

    def _wash(self, employee=None, place=None, scratch_free=True, note=None):
        """Record a wash from start to end in one go."""
        self._start_wash(employee)
        return self._finish_wash(employee, place, scratch_free, note)

    def _open_wash(self):
        """Return the wash that was started and is not done."""
        self.ensure_one()
        return self.operation_ids.filtered(
            lambda operation: operation.kind == 'wash' and operation.state not in CLOSED_STATES
        )[:1]

    def _start_wash(self, employee=None):
        """Start the wash; supervisor and advisor are told (R-PROC-77).

        :return: aftersales.operation of kind wash, as superuser.
        :raise UserError: gate of target `wash`; WRK-20 the washer's clock runs elsewhere.
        """
        self.ensure_one()
        self.check_access('read')
        person = self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        order = self.sudo()
        order._ensure_no_blockers('wash')
        wash = order._open_wash()
        if not wash:
            now = fields.Datetime.now()
            bay = (
                self.env['aftersales.bay']
                .sudo()
                .search([('kind', '=', 'wash'), ('company_id', '=', order.company_id.id)], limit=1)
            )
            wash = order._create_operations_sudo(
                [
                    {
                        'order_id': order.id,
                        'name': self.env._("Wash"),
                        'kind': 'wash',
                        'trade': 'wash',
                        'bay_id': bay.id,
                        'sequence': max(order.operation_ids.mapped('sequence'), default=0) + 10,
                        'due_at': order.promised_at,
                        'technician_ids': [(6, 0, person.ids)],
                        'dispatched_at': now,
                        'dispatched_by_id': self.env.uid,
                        'accepted_at': now,
                        'accepted_by_id': person.id,
                        'is_auto_accepted': True,
                    }
                ]
            )
        elif person not in wash.technician_ids:
            wash._guarded().write({'technician_ids': [(4, person.id)]})
        wash._start(person)
        order._tell_supervisors(
            self.env._("The wash of %(order)s has started.", order=order.display_name),
            self.env._("Wash started"),
        )
        if order.advisor_id:
            order.message_notify(
                partner_ids=order.advisor_id.partner_id.ids,
                subject=self.env._("Wash started"),
                body=self.env._("The wash of %(order)s has started.", order=order.display_name),
            )
        return wash

    def _finish_wash(self, employee=None, place=None, scratch_free=True, note=None):
        """Finish the wash; the car stands in the finished area, facing the exit.

        :param str place: parking place.
        :param bool scratch_free: looked over after the wash; if not, the supervisors are told.
        :return: aftersales.operation of kind wash, as superuser.
        :raise UserError: WRK-75 no wash has been started.
        """
        self.ensure_one()
        self.check_access('read')
        person = self.env['hr.employee']._aftersales_acting(self.company_id, employee)
        order = self.sudo()
        wash = order._open_wash()
        if not wash:
            raise coded_error(
                'WRK-75', self.env._("The wash of %(order)s has not been started.", order=order.display_name)
            )
        wash._guarded().write(
            {'parking_place': place or False, 'is_scratch_free': scratch_free, 'record_text': note or False}
        )
        order._guarded().write({'parking_place': place or False})
        if not scratch_free:
            order._tell_supervisors(
                self.env._(
                    "%(order)s was found scratched after the wash: %(note)s",
                    order=order.display_name,
                    note=note or '-',
                ),
                self.env._("Scratch after the wash"),
            )
        wash._finish(person)
        return wash

    # === DESK === #

    def _next_check_level(self):
        """Return the level of check the order waits for: leader, final, sample; empty when none.

        :rtype: str
        """
        self.ensure_one()
        if not self._needs_inspection():
            return ''
        for gate, level in (('leader_check', 'leader'), ('final_check', 'final')):
            if self.profile_id._gate(gate) != 'off' and not self._is_covered(level):
                return level
        if self.is_sampled and self.profile_id._gate('sample_check') != 'off' and not self._is_covered('sample'):
            return 'sample'
        return ''

    def _check_items(self, level, templates=None):
        """Return the items of the inspection lists that fit this order and level, short by default.

        :param templates: aftersales.quality.template to choose from; searched unless given.
        :rtype: list[dict]  keys template_line_id, name, is_measure, unit, limit_min, limit_max (None: no limit), is_safety
        """
        self.ensure_one()
        if templates is None:
            templates = (
                self.env['aftersales.quality.template']
                .sudo()
                .search([('company_id', 'in', [self.company_id.id, False])])
            )
        trades = set(self.operation_ids.mapped('trade'))
        fitting = templates.filtered(
            lambda template: (
                template.level == level
                and (not template.company_id or template.company_id == self.company_id)
                and (not template.trade or template.trade in trades)
                and (not template.category_ids or self.category_id in template.category_ids)
            )
        )
        return [
            {
                'template_line_id': line.id,
                'name': line.name,
                'is_measure': line.is_measure,
                'unit': line.unit or '',
                'limit_min': line.limit_min if line.has_min else None,
                'limit_max': line.limit_max if line.has_max else None,
                'is_safety': line.is_safety,
            }
            for line in fitting.line_ids
        ]
