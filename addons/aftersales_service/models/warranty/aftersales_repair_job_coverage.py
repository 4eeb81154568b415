from odoo import api, fields, models

from ..base.const import PAYER_KINDS
from ..base.errors import coded_error
from .const import COVERAGE_KINDS, COVERAGE_STATES


class AftersalesRepairJob(models.Model):
    """Is this job covered, why, and who should pay then."""

    _inherit = 'aftersales.repair.job'
    _guarded_fields = frozenset({'comeback_job_id'})

    system_id = fields.Many2one(
        'aftersales.vehicle.system', "Vehicle System", compute='_compute_system_id', store=True, readonly=False,
        index='btree_not_null', ondelete='restrict',
        help="What the fault is in. Warranty terms differ by system; taken from the parts and labour of the job.",
    )
    coverage_state = fields.Selection(COVERAGE_STATES, "Warranty Coverage", compute='_compute_coverage')
    coverage_reason = fields.Char(compute='_compute_coverage', help="Why: which promise, until when, how much is left.")
    coverage_kind = fields.Selection(COVERAGE_KINDS, "Covered By", compute='_compute_coverage')
    coverage_payer_kind = fields.Selection(
        [*PAYER_KINDS, ('undecided', "Undecided")], "Proposed Payer", compute='_compute_coverage',
    )
    coverage_partner_id = fields.Many2one('res.partner', "Promised By", compute='_compute_coverage')
    # The former job of a comeback, set by triage
    comeback_job_id = fields.Many2one(
        'aftersales.repair.job', "Comeback Of", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
    )

    # Appraisal
    appraisal_ids = fields.One2many('aftersales.warranty.appraisal', 'job_id', "Appraisals", copy=False)
    appraisal_id = fields.Many2one(
        'aftersales.warranty.appraisal', "Appraisal", compute='_compute_appraisal', store=True, precompute=True)
    appraisal_state = fields.Selection(related='appraisal_id.state', string="Appraisal State")
    preauthorisation_no = fields.Char(related='appraisal_id.preauthorisation_no')
    fault_code = fields.Char(related='appraisal_id.fault_code')
    causal_product_id = fields.Many2one(related='appraisal_id.causal_product_id')

    # === COMPUTE METHODS === #

    @api.depends('line_ids.product_id', 'line_ids.labour_item_id', 'comeback_job_id')
    def _compute_system_id(self):
        for job in self:
            job.system_id = (
                job.system_id
                or job.line_ids.labour_item_id.system_id[:1]
                or job.line_ids.product_id.aftersales_system_id[:1]
                or job.comeback_job_id.system_id
            )

    @api.depends('system_id', 'line_ids.product_id', 'line_ids.labour_item_id', 'order_id.vehicle_id', 'comeback_job_id')
    def _compute_coverage(self):
        Coverage = self.env['aftersales.coverage']
        for job, found in Coverage._of_jobs(self).items():
            job.coverage_state = found.state
            job.coverage_kind = found.kind
            job.coverage_reason = Coverage._sentence(found)
            job.coverage_payer_kind = found.payer_kind
            job.coverage_partner_id = found.partner or (
                job.order_id.vehicle_id.brand_id.claim_partner_id if found.payer_kind == 'warranty' else False)

    @api.depends('appraisal_ids.cancelled_at')
    def _compute_appraisal(self):
        """The last appraisal that was not called off is the one that counts."""
        for job in self:
            job.appraisal_id = job.appraisal_ids.filtered(lambda one: not one.cancelled_at).sorted('id')[-1:]

    # === GETTERS === #

    def _lacks_preauthorisation(self):
        """Tell whether the manufacturer still has to agree: doubtful, or above what is permitted or was agreed to."""
        self.ensure_one()
        appraisal = self.appraisal_id
        amount = sum(
            share.amount_total for share in self.share_ids if share.payer_id.kind == 'warranty')
        compare = self.currency_id.compare_amounts
        if appraisal.preauthorisation_no:
            agreed = appraisal.preauthorised_amount
            return bool(agreed) and compare(amount, agreed) > 0
        permit = self._warranty_terms().permit_amount
        return appraisal.answer == 'doubtful' and bool(appraisal.answered_at) or bool(permit) and compare(amount, permit) > 0

    def _is_safety_fault(self):
        """Tell whether the fault endangers people or the car: as appraised, else by the system it is in."""
        self.ensure_one()
        return self.appraisal_id.is_safety_fault if self.appraisal_id.answered_at else self.system_id.is_safety

    def _fault_key(self):
        """Return what makes two repairs the same fault: (key, words).

        The fault code of the appraisal; else the first job of a chain of comebacks.
        """
        self.ensure_one()
        if self.fault_code:
            code = self.fault_code.strip().upper()
            return ('code', code)
        root, seen = self, set()
        while root.comeback_job_id and root.id not in seen:
            seen.add(root.id)
            root = root.comeback_job_id
        if root.fault_code:
            return ('code', root.fault_code.strip().upper())
        return (root.id, root.name)

    def _is_in_own_warranty(self, day, odometer=0):
        """Tell whether our own word on this job still holds: one of its lines is inside its days and kilometres."""
        self.ensure_one()
        return any(
            line.warranty_until and line.warranty_until >= day
            and not (odometer and line.warranty_km and odometer > line.warranty_km)
            for line in self.line_ids
        )

    def _warranty_terms(self):
        """Return the manufacturer's terms on the day the car came in; sudo: amounts and hours only are used.

        :rtype: recordset of aftersales.warranty.terms, may be empty
        """
        self.ensure_one()
        order = self.order_id
        return order.vehicle_id.brand_id.sudo()._warranty_terms(order._intake_day(), self.company_id)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let coverage choose the payer of jobs nobody gave one, where the company wants it (R-WAR-17)."""
        silent = ['payer_kind' not in vals and 'share_ids' not in vals for vals in vals_list]
        jobs = super().create(vals_list)
        jobs.browse(job.id for job, is_silent in zip(jobs, silent, strict=True) if is_silent)._default_payer()
        return jobs

    @api.ondelete(at_uninstall=False)
    def _unlink_except_appraised(self):
        for job in self:
            if job.sudo().appraisal_ids:
                raise coded_error('WAR-12', self.env._("An appraisal stays on file. Cancel it instead."))

    # === ACTIONS === #

    def action_report_quality(self):
        """Open a report to the manufacturer about what was seen here (R-WAR-15)."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Quality Feedback"),
            'res_model': 'aftersales.product.feedback',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'context': {
                'default_job_id': self.id,
                'default_name': self.name,
                'default_symptom': self.symptom or self.name,
                'default_cause': self.cause,
            },
        }

    def action_request_appraisal(self):
        """Open the question to the warranty clerk."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Ask for Appraisal"),
            'res_model': 'aftersales.warranty.appraisal',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'context': {'default_job_id': self.id, 'default_question': self.symptom or self.name},
        }

    def action_view_appraisals(self):
        """Show the appraisals of this job, the one that counts first."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('aftersales_service.warranty_appraisal_action'),
            'domain': [('job_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_apply_coverage(self):
        """Let the coverage decide who pays."""
        self._apply_coverage()

    # === BUSINESS METHODS === #

    def _default_payer(self):
        """Give fresh jobs the payer of their coverage, if the settings say so."""
        jobs = self.filtered(lambda job: job.company_id.sudo().aftersales_coverage_sets_payer)
        # A brand without a manufacturer on file stops nobody at the desk.
        jobs.filtered(lambda job: job.coverage_payer_kind != 'warranty' or job.coverage_partner_id)._apply_coverage()

    def _apply_coverage(self):
        """Give each job the payer its coverage proposes; what nobody can tell stays as it is (R-WAR-17)."""
        for job in self:
            if job.coverage_payer_kind not in ('undecided', job.payer_kind):
                reason = self.env['aftersales.reason']
                if job.coverage_payer_kind == 'internal':
                    reason = self.env.ref('aftersales_service.reason_internal_own_warranty')
                job._set_single_payer(job.order_id._payer(
                    job.coverage_payer_kind, job.coverage_partner_id or None, reason or None))
