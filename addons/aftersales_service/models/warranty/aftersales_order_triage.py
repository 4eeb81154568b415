from datetime import timedelta

from odoo import api, fields, models

from ...rules import coverage as coverage_rules
from ..base.errors import coded_error

WORK_KINDS = ('labour', 'part', 'sublet')


class AftersalesRepairOrder(models.Model):
    """Comebacks: a car that is back soon is asked about, job by job, before anybody names a price (R-WAR-18)."""

    _inherit = 'aftersales.repair.order'

    comeback_ids = fields.One2many('aftersales.comeback', 'order_id', "Former Repairs Asked About")
    is_comeback = fields.Boolean(
        "Comeback", compute='_compute_is_comeback', store=True, index='btree_not_null', precompute=True,
        help="At least one job is the same complaint as at an earlier repair of ours: rework, counted as not fixed the first time.",
    )
    has_comeback_question = fields.Boolean(
        compute='_compute_has_comeback_question', help="The car is back soon, and nobody asked about a former job yet.",
    )
    former_order_ids = fields.Many2many('aftersales.repair.order', string="Former Orders", compute='_compute_former_orders')

    @api.depends('job_ids.comeback_job_id')
    def _compute_is_comeback(self):
        for order in self:
            order.is_comeback = bool(order.job_ids.comeback_job_id)

    @api.depends('vehicle_id', 'state', 'outcome', 'comeback_ids')
    def _compute_has_comeback_question(self):
        for order, jobs in self._former_jobs().items():
            order.has_comeback_question = bool(jobs)

    @api.depends('comeback_ids')
    def _compute_former_orders(self):
        for order in self:
            order.former_order_ids = order.comeback_ids.filtered('is_same').former_order_id

    # === GETTERS === #

    def _finished_day(self):
        """Return the business day on which the car was handed over, else settled."""
        self.ensure_one()
        return self.company_id._aftersales_today(self.handed_over_at or self.settled_at or self.create_date)

    def _former_jobs(self):
        """Return the jobs of earlier orders that are still to be asked about: inside the days and kilometres.

        The same queries for any number of orders.

        :rtype: dict  `{order: recordset of aftersales.repair.job}`, newest first
        """
        Job = self.env['aftersales.repair.job']
        found = dict.fromkeys(self, Job)
        asking = self.filtered(
            lambda order: order.vehicle_id and order.outcome == 'open' and order.state not in ('released', 'closed')
            and order.company_id.sudo().aftersales_comeback_days
        )
        if not asking.ids:
            return found
        window = max(asking.company_id.sudo().mapped('aftersales_comeback_days'))
        since = min(asking.mapped('create_date')) - timedelta(days=window + 1)
        # sudo: what was done to a car is asked about, whoever of the desk takes it in.
        jobs = Job.sudo().search(
            [
                ('order_id.vehicle_id', 'in', asking.vehicle_id.ids),
                ('order_id.settled_at', '>=', since),
                ('order_id.outcome', '=', 'done'),
                ('outcome', '=', 'open'),
                ('line_ids.kind', 'in', WORK_KINDS),
            ],
            order='id desc',
        )
        if not jobs:
            return found
        answered = {
            (order.id, job.id) for order, job in self.env['aftersales.comeback'].sudo()._read_group(
                [('order_id', 'in', asking.ids)], ['order_id', 'former_job_id'])
        }
        by_vehicle = jobs.with_env(self.env).grouped(lambda job: job.sudo().order_id.vehicle_id.id)
        for order in asking:
            found[order] = Job.union(*(
                job for job in by_vehicle.get(order.vehicle_id.id, ())
                if (order._origin.id, job.id) not in answered and order._is_back_soon_sudo(job)
            ))
        return found

    def _is_back_soon_sudo(self, job):
        """Tell whether this order opens within the window after a former job; sudo: dates and readings only."""
        former = job.sudo().order_id
        company = self.company_id.sudo()
        if former == self._origin or former == self.origin_order_id or former.create_date > self.create_date:
            return False
        return coverage_rules.is_comeback(
            former._finished_day(), self._intake_day(), company.aftersales_comeback_days,
            former.odometer or None, self.odometer or None, company.aftersales_comeback_km,
        )

    # === VERB === #

    def _triage(self, former_job, is_same, job=None, payer_kind='internal', note=None):
        """Record whether the customer is back with the complaint of a former job, and who pays then.

        :param former_job: job of an earlier order of this car.
        :param bool is_same: the customer's answer; *no* only closes the question.
        :param job: job of this order that is the comeback; default the first one he asked for, else a new one.
        :param str payer_kind: internal (own warranty), warranty, customer or undecided.
        :return: the record of the answer.
        :rtype: recordset of aftersales.comeback
        :raise UserError: WAR-05 not a job to ask about here, or a job of another order.
        """
        self.ensure_one()
        self.check_access('write')
        self._ensure_editable()
        if former_job not in self._former_jobs()[self] or (job and job.order_id != self):
            raise coded_error('WAR-05', self.env._(
                "“%(job)s” is not to be asked about on %(order)s (any more).",
                job=former_job.sudo().name, order=self.name,
            ))
        former = former_job.sudo()
        if is_same:
            job = job or self._open_jobs().filtered(
                lambda one: one.origin == 'requested' and not one.comeback_job_id)[:1] or self._add_job(former.name)
            job._guarded().write({'comeback_job_id': former.id})
            self._pay_comeback(job._unguarded(), payer_kind)
        comeback = self._record_comeback_sudo(former, is_same, job if is_same else None, payer_kind, note)
        if is_same:
            self._tell_comeback_sudo(comeback)
        self._advance()
        return comeback.with_env(self.env)

    def _pay_comeback(self, job, payer_kind):
        """Let who answers for the comeback carry the job."""
        if payer_kind == 'internal':
            reason = self.env.ref('aftersales_service.reason_internal_own_warranty')
            job._set_single_payer(self._payer('internal', reason=reason))
        else:
            job.payer_kind = payer_kind

    def _record_comeback_sudo(self, former, is_same, job, payer_kind, note):
        """Write the answer down with what is known of the former repair; sudo: people and dates of another order."""
        today = self._intake_day()
        operations = former.operation_ids.filtered(lambda operation: operation.state == 'done')
        workers = operations._workers() if operations else {}
        checks = former.order_id.check_ids.filtered(lambda check: check.level != 'process')
        return self.env['aftersales.comeback'].sudo()._guarded().create({
            'order_id': self.id,
            'job_id': job.id if job else False,
            'former_job_id': former.id,
            'is_same': is_same,
            'payer_kind': payer_kind if is_same else False,
            'is_own_warranty': former._is_in_own_warranty(today, self.odometer),
            'note': note,
            'user_id': self.env.uid,
            'answered_at': fields.Datetime.now(),
            'days': (today - former.order_id._finished_day()).days,
            'km': max(self.odometer - former.order_id.odometer, 0) if self.odometer and former.order_id.odometer else 0,
            'technician_ids': [fields.Command.set(
                self.env['hr.employee'].sudo().union(*workers.values()).ids)],
            'checker_ids': [fields.Command.set(checks.checker_id.ids)],
        })

    def _tell_comeback_sudo(self, comeback):
        """Write the link into both orders and put the fact before who judges conduct; sudo: see above."""
        former = comeback.former_order_id
        self._message_log(body=self.env._(
            "Comeback of “%(job)s” (%(order)s), %(days)s days ago.",
            job=comeback.former_job_id.name, order=former.name, days=comeback.days))
        former._message_log(body=self.env._(
            "The customer is back with “%(job)s”: %(order)s.", job=comeback.former_job_id.name, order=self.name))
        if comeback.technician_ids and comeback.payer_kind == 'internal':
            self.env['aftersales.conduct.proposal']._propose(
                'fact', comeback.technician_ids, self,
                self.env._("Comeback after %(days)s days: %(job)s", days=comeback.days, job=comeback.former_job_id.name),
            )

    # === ACTIONS === #

    def action_view_former_orders(self):
        """Show the orders this one is a comeback of."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Former Orders"),
            'res_model': self._name,
            'view_mode': 'list,form',
            'domain': [('id', 'in', self.former_order_ids.ids)],
        }

    def action_ask_technical_help(self):
        """Ask the technical adviser of the shop for help with this car (R-ROLE-19)."""
        self.ensure_one()
        activity_type = self.env.ref('aftersales_service.mail_activity_type_technical_help')
        adviser = self.company_id.sudo().aftersales_technical_adviser_id
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Technical Help"),
            'res_model': 'mail.activity.schedule',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'active_model': self._name,
                'active_ids': self.ids,
                'default_res_model': self._name,
                'default_activity_type_id': activity_type.id,
                'default_activity_user_id': adviser.id or self.env.uid,
                'default_summary': self.job_ids[:1].name,
            },
        }
