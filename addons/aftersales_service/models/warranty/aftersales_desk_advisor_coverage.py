from odoo import api, models

from ..base.errors import coded_error

TONES = {'in': 'ok', 'near': 'soon', 'out': 'mute', 'unknown': 'mute'}
APPRAISAL_TONES = {'covered': 'ok', 'refused': 'late', 'explained': 'mute', 'preauthorisation': 'wait'}


class AftersalesDeskAdvisor(models.AbstractModel):
    """Coverage on the advisor's tablet: of the car, of each job; asking the warranty clerk; comebacks."""

    _inherit = 'aftersales.desk.advisor'

    def _coverage_chips(self, vehicle):
        """Return what the car is covered for, open campaigns, and how near it is to a 三包 limit (R-WAR-01, R-PROC-31)."""
        if not vehicle:
            return []
        Coverage = self.env['aftersales.coverage']
        found = Coverage._of_vehicles(vehicle)[vehicle]
        chips = []
        if found.verdict.reason != 'none':
            chips.append({'label': Coverage._sentence(found), 'tone': TONES[found.state]})
        chips += [
            {'label': self.env._("Campaign open: %(number)s", number=campaign.number), 'tone': 'wait'}
            for campaign in vehicle.coverage_ids.filtered('is_open')
        ]
        # sudo: the advisor is warned, whatever else he may read.
        watch = vehicle.sudo().guarantee_watch_ids.filtered(lambda watch: watch.is_valid and watch.level != 'ok')
        chips += [
            {'label': self.env._("Three guarantees: %(what)s", what=one.what), 'tone': 'late' if one.level == 'reached' else 'soon'}
            for one in watch
        ]
        if vehicle.sudo().guarantee_watch_ids.filtered('courtesy_due'):
            chips.append({'label': self.env._("Offer a courtesy car"), 'tone': 'soon'})
        return chips

    def _car(self, order):
        """Add the former repairs nobody asked about yet, and the payers a comeback may have."""
        car = super()._car(order)
        payers = self.env['aftersales.comeback']._fields['payer_kind']._description_selection(self.env)
        today = order._intake_day()
        car['comebacks'] = [
            {
                'id': job.id,
                'name': job.name,
                'order': job.order_id.name,
                'days': (today - job.order_id._finished_day()).days,
                'own_warranty': job._is_in_own_warranty(today, order.odometer),
            }
            for job in order._former_jobs()[order]
        ]
        car['comeback_payers'] = [{'id': kind, 'name': label} for kind, label in payers]
        return car

    def _job_row(self, job):
        """Add what covers the job, who should pay by it, and where its appraisal stands."""
        row = super()._job_row(job)
        payers = dict(job._fields['payer_kind']._description_selection(self.env))
        states = dict(job._fields['coverage_state']._description_selection(self.env))
        appraisals = dict(self.env['aftersales.warranty.appraisal']._fields['state']._description_selection(self.env))
        proposed = job.coverage_payer_kind
        row['coverage'] = {
            'state': job.coverage_state,
            'label': states.get(job.coverage_state, ''),
            'tone': TONES.get(job.coverage_state, 'mute'),
            'reason': job.coverage_reason or '',
            'proposal': payers.get(proposed) if proposed not in ('undecided', job.payer_kind) else False,
        }
        row['appraisal'] = {
            'id': job.appraisal_id.id,
            'state': job.appraisal_state,
            'label': appraisals.get(job.appraisal_state, ''),
            'tone': APPRAISAL_TONES.get(job.appraisal_state, 'info'),
        } if job.appraisal_id else False
        row['comeback'] = bool(job.comeback_job_id)
        return row

    # === VERBS === #

    def _own_job(self, order_id, job_id):
        """Return a job of the order a desk shows; the ids come from outside."""
        order = self._get_order(order_id)
        job = order.job_ids.filtered(lambda job: job.id == job_id)
        if not job:
            raise coded_error('WAR-05', self.env._(
                "“%(job)s” is not to be asked about on %(order)s (any more).", job=job_id, order=order.name))
        return job

    @api.model
    def apply_coverage(self, order_id, job_id):
        """Let the coverage decide who pays a job."""
        self._ensure_advisor()
        self._own_job(order_id, job_id)._apply_coverage()
        return True

    @api.model
    def ask_appraisal(self, order_id, job_id):
        """Ask the warranty clerk, or open what was asked.

        :return: action of the appraisal.
        :rtype: dict
        """
        self._ensure_advisor()
        job = self._own_job(order_id, job_id)
        action = job.action_request_appraisal()
        if job.appraisal_id and job.appraisal_id.state != 'covered':
            action.update(res_id=job.appraisal_id.id, context={})
        return {**action, 'target': 'new'}

    @api.model
    def triage(self, order_id, former_job_id, is_same, payer_kind='internal'):
        """Record whether the customer is back with the complaint of a former job (R-WAR-18).

        :param int former_job_id: one of `comebacks` of `get_data`.
        :param bool is_same: what the customer says.
        :param str payer_kind: who pays then.
        """
        self._ensure_advisor()
        self._get_order(order_id)._triage(
            self.env['aftersales.repair.job'].browse(former_job_id), is_same, payer_kind=payer_kind)
        return True
