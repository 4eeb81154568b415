from odoo import models

TARGETS = ('in_progress', 'settled')


class AftersalesRepairOrder(models.Model):
    """Why a warranty job may not be started or settled yet (R-PERM-06, R-WAR-05), and who was here lately (R-WAR-18)."""

    _inherit = 'aftersales.repair.order'

    def _blockers(self, target):
        found = super()._blockers(target)
        if target in TARGETS:
            for order in self:
                found[order] += order._warranty_blockers()
        if target in ('quoted', 'in_progress'):
            # Who was shown an estimate was asked before it was issued.
            asking = self.filtered(lambda order: (
                order.profile_id._gate('comeback_triage') != 'off'
                and (target == 'quoted' or not order.estimate_ids)
            ))
            for order, jobs in asking._former_jobs().items():
                if jobs:
                    found[order].append(order._comeback_blocker(jobs))
        return found

    def _warranty_jobs(self):
        """Return the jobs on a manufacturer that are worked on or settled now; parked ones wait for his answer."""
        self.ensure_one()
        jobs = self._open_jobs().filtered(
            lambda job: not job.is_parked and 'warranty' in job.share_ids.payer_id.mapped('kind'))
        operations = self._context_operations()
        return jobs if operations is None else jobs & operations.job_id

    def _warranty_blockers(self):
        self.ensure_one()
        jobs = self._warranty_jobs()
        if not jobs:
            return []
        reasons = []
        # sudo: the answers are looked at, whoever dispatches or settles.
        for job in jobs.sudo():
            appraisal = job.appraisal_id
            if appraisal.state in ('refused', 'explained') or (
                job.coverage_state == 'out' and appraisal.state != 'covered'
            ):
                reasons.append(self._blocker('coverage_payer', 'WAR-01', self.env._(
                    "“%(job)s” is on the manufacturer, but not covered. %(why)s",
                    job=job.name, why=appraisal.refusal_reason_id.name or job.coverage_reason,
                ), self._cure_job(job)))
            if job._lacks_preauthorisation():
                reasons.append(self._blocker('preauthorisation', 'WAR-03', self.env._(
                    "“%(job)s” needs the manufacturer's pre-authorisation number: it is doubtful, or above the permitted "
                    "amount. Park the job to go on with the others.", job=job.name,
                ), self._cure_job(job)))
        return reasons

    def _cure_job(self, job):
        return {
            'label': self.env._("Open the job"),
            'action': {
                'type': 'ir.actions.act_window',
                'res_model': job._name,
                'res_id': job.id,
                'views': [(False, 'form')],
                'target': 'current',
            },
        }

    def _comeback_blocker(self, jobs):
        """Return the question nobody answered yet; sudo: who dispatches may not read the former order."""
        jobs = jobs.sudo()
        return self._blocker('comeback_triage', 'WAR-04', self.env._(
            "%(plate)s was here on %(day)s: “%(jobs)s”. Is it the same complaint?",
            plate=self.license_plate or self.vehicle_id.vin_tail or '',
            day=jobs[:1].order_id._finished_day(),
            jobs='”, “'.join(jobs[:3].mapped('name')),
        ), {'label': self.env._("Answer"), 'action': self.action_triage()})

    def action_triage(self):
        """Open the question about former repairs."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Comeback?"),
            'res_model': 'aftersales.triage.wizard',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_order_id': self.id},
        }
