from collections import defaultdict

from odoo import api, fields, models

from ..base.board import states_in_order
from ..base.errors import coded_error
from .claim_const import CLAIM_STATES, CLAIM_TYPES, OPEN_STATES, STATE_RANK

# What the manufacturer is told: fixed while a submission waits for its answer, and ever after.
CONTENT_FIELDS = frozenset({
    'claim_type', 'causal_line_id', 'causal_product_id', 'fault_code', 'concern', 'cause', 'correction', 'odometer',
    'repaired_at', 'preauthorisation_no', 'repeat_flagged', 'repeat_note',
})


class AftersalesWarrantyClaim(models.Model):
    """What a manufacturer is asked to pay for one job: one fault, one causal part, one concern, cause and correction.

    Drafted from the order's facts when the repair is inspected. Its state is a projection: checked, sent, asked back,
    answered are facts with who and when; credited and paid come from the manufacturer's statement.
    """

    _name = 'aftersales.warranty.claim'
    _description = "Warranty Claim"
    _inherit = [
        'aftersales.guarded.mixin', 'aftersales.gate.mixin', 'aftersales.download.mixin', 'mail.thread',
        'mail.activity.mixin',
    ]
    _order = 'deadline, id'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset({
        'name', 'job_id', 'payer_id', 'state', 'checked_at', 'checked_by_id', 'submitted_at', 'last_submitted_at',
        'queried_at', 'decided_at', 'decided_by_id', 'cancelled_at', 'cancel_reason_id', 'claimed_total',
        'approved_total', 'line_ids', 'submission_ids', 'company_id', 'deadline', 'terms_id', 'claimed_amount',
        'approved_amount', 'claim_type',
    })

    # Identity
    name = fields.Char("Number", required=True, readonly=True, copy=False, default='/', index='trigram')
    state = fields.Selection(
        CLAIM_STATES, required=True, readonly=True, copy=False, default='draft', tracking=True, index=True,
        group_expand=states_in_order)
    job_id = fields.Many2one('aftersales.repair.job', required=True, readonly=True, ondelete='restrict', index=True)
    payer_id = fields.Many2one('aftersales.repair.payer', required=True, readonly=True, ondelete='restrict', index=True)
    order_id = fields.Many2one(related='job_id.order_id', store=True, index=True, precompute=True)
    company_id = fields.Many2one(related='job_id.company_id', store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    settlement_id = fields.Many2one('aftersales.settlement', compute='_compute_settlement_id', store=True, index='btree_not_null')

    # Parties
    partner_id = fields.Many2one(related='payer_id.partner_id', string="Manufacturer", store=True, index=True)
    vehicle_id = fields.Many2one(related='order_id.vehicle_id', store=True, index=True)
    license_plate = fields.Char(related='order_id.license_plate')
    vin = fields.Char(related='vehicle_id.vin', string="VIN")
    brand_id = fields.Many2one(related='vehicle_id.brand_id', store=True, index=True)
    model_id = fields.Many2one(related='vehicle_id.model_id', store=True)
    advisor_id = fields.Many2one(related='order_id.advisor_id', store=True)

    # What happened to the car
    claim_type = fields.Selection(CLAIM_TYPES, "Kind of Claim", required=True, default='normal', tracking=True, index=True)
    terms_id = fields.Many2one('aftersales.warranty.terms', compute='_compute_terms', store=True, readonly=True)
    causal_line_id = fields.Many2one(
        'aftersales.repair.line', "Causal Part on the Order", index='btree_not_null', ondelete='set null',
        domain="[('job_id', '=', job_id), ('kind', '=', 'part')]", compute='_compute_causal_line_id', store=True, readonly=False,
    )
    causal_product_id = fields.Many2one(
        'product.product', "Causal Part", index='btree_not_null', ondelete='restrict',
        compute='_compute_causal_product_id', store=True, readonly=False,
    )
    appraisal_id = fields.Many2one(related='job_id.appraisal_id', store=True, index='btree_not_null')
    fault_code = fields.Char(
        compute='_compute_appraised', store=True, readonly=False,
        help="Trouble code of the control unit, or the manufacturer's code of the damage.",
    )
    concern = fields.Text(compute='_compute_three_c', store=True, readonly=False, help="What the customer complained of.")
    cause = fields.Text(compute='_compute_three_c', store=True, readonly=False)
    correction = fields.Text(compute='_compute_three_c', store=True, readonly=False)
    odometer = fields.Integer("Odometer (km)", compute='_compute_odometer', store=True, readonly=False, aggregator=None)
    repaired_at = fields.Datetime("Repaired", compute='_compute_repaired_at', store=True, readonly=False)
    deadline = fields.Date("Submit Until", compute='_compute_terms', store=True, index=True, readonly=True)
    is_late = fields.Boolean("Late", compute='_compute_is_late', search='_search_is_late')

    # Facts
    checked_at = fields.Datetime("Checked", readonly=True, copy=False)
    checked_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    submitted_at = fields.Datetime("First Sent", readonly=True, copy=False, tracking=True, index='btree_not_null')
    last_submitted_at = fields.Datetime("Last Sent", readonly=True, copy=False)
    queried_at = fields.Datetime("Asked Back", readonly=True, copy=False)
    decided_at = fields.Datetime("Answered", readonly=True, copy=False, tracking=True)
    decided_by_id = fields.Many2one('res.users', "Answer Recorded By", readonly=True, copy=False)
    cancelled_at = fields.Datetime(readonly=True, copy=False)
    cancel_reason_id = fields.Many2one('aftersales.reason', readonly=True, copy=False, ondelete='restrict')
    manufacturer_number = fields.Char("Their Claim No.", copy=False, tracking=True, index='trigram')
    preauthorisation_no = fields.Char(
        "Pre-authorisation No.", compute='_compute_appraised', store=True, readonly=False, copy=False, tracking=True,
    )

    # Lines and money
    line_ids = fields.One2many('aftersales.warranty.claim.line', 'claim_id', "Lines", readonly=True)
    submission_ids = fields.One2many('aftersales.warranty.submission', 'claim_id', "Submissions", readonly=True)
    claimed_amount = fields.Monetary("Claimed", compute='_compute_amounts', store=True, help="In the company's price basis.")
    approved_amount = fields.Monetary("Approved Amount", compute='_compute_amounts', store=True, help="In the company's price basis.")
    claimed_total = fields.Monetary("Claimed incl. Tax", readonly=True, copy=False)
    approved_total = fields.Monetary("Approved incl. Tax", readonly=True, copy=False)
    parts_amount = fields.Monetary("Parts", compute='_compute_amounts', store=True)
    labour_amount = fields.Monetary("Labour", compute='_compute_amounts', store=True)
    other_amount = fields.Monetary("Other", compute='_compute_amounts', store=True)

    _job_payer_uniq = models.UniqueIndex(
        '(job_id, payer_id) WHERE cancelled_at IS NULL', "A job has one claim on a manufacturer.",
    )

    # === COMPUTE METHODS === #

    @api.depends('name', 'license_plate', 'partner_id')
    def _compute_display_name(self):
        for claim in self:
            claim.display_name = ' · '.join(part for part in (claim.name, claim.license_plate) if part)

    @api.depends('payer_id.settlement_ids')
    def _compute_settlement_id(self):
        for claim in self:
            claim.settlement_id = claim.payer_id.settlement_ids[:1]

    @api.depends('claim_type', 'brand_id', 'repaired_at', 'company_id')
    def _compute_terms(self):
        """Terms of the day the repair ended; the deadline counts from that day in the company's calendar."""
        for claim in self:
            if not claim._is_open():
                claim.terms_id, claim.deadline = claim.terms_id, claim.deadline
                continue
            company = claim.company_id or self.env.company
            day = company._aftersales_today(claim.repaired_at or fields.Datetime.now())
            claim.terms_id = claim.brand_id._warranty_terms(day, company, claim.claim_type)
            days = claim.terms_id.submit_days or company.aftersales_claim_submit_days
            claim.deadline = fields.Date.add(day, days=days) if claim.repaired_at else False

    @api.depends('deadline', 'state')
    def _compute_is_late(self):
        today = {company: company._aftersales_today() for company in self.company_id}
        for claim in self:
            claim.is_late = bool(
                claim._is_open() and claim.deadline and claim.deadline < today[claim.company_id]
            )

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        today = self.env.company._aftersales_today()
        late = fields.Domain([('state', 'in', OPEN_STATES), ('deadline', '<', today)])
        return late if True in value else ~late

    @api.depends('job_id.appraisal_id.fault_code', 'job_id.appraisal_id.preauthorisation_no')
    def _compute_appraised(self):
        """What the appraisal found, as long as the clerk says nothing else."""
        for claim in self:
            appraisal = claim.job_id.appraisal_id if claim._is_open() else claim.env['aftersales.warranty.appraisal']
            claim.fault_code = appraisal.fault_code or claim.fault_code
            claim.preauthorisation_no = appraisal.preauthorisation_no or claim.preauthorisation_no

    @api.depends(
        'job_id.line_ids.product_id', 'job_id.line_ids.kind', 'job_id.line_ids.price_amount',
        'job_id.appraisal_id.causal_product_id',
    )
    def _compute_causal_line_id(self):
        """The part the appraisal found, else the dearest of the job, until the clerk says which one failed."""
        for claim in self:
            parts = claim.job_id.line_ids.filtered(lambda line: line.kind == 'part' and line.supplied_by == 'shop')
            if claim.causal_line_id in parts or not claim._is_open():
                claim.causal_line_id = claim.causal_line_id
                continue
            found = claim.job_id.appraisal_id.causal_product_id
            named = parts.filtered(lambda line, found=found: found and line.product_id == found)
            claim.causal_line_id = (named or parts).sorted(lambda line: (line.price_amount, -line.id))[-1:]

    @api.depends('causal_line_id.product_id')
    def _compute_causal_product_id(self):
        for claim in self:
            claim.causal_product_id = claim.causal_line_id.product_id if claim._is_open() else claim.causal_product_id

    @api.depends('job_id.name', 'job_id.symptom', 'job_id.cause', 'job_id.correction')
    def _compute_three_c(self):
        for claim in self:
            job = claim.job_id
            if not claim._is_open():
                claim.concern, claim.cause, claim.correction = claim.concern, claim.cause, claim.correction
                continue
            claim.concern = '\n'.join(text for text in (job.name, job.symptom) if text)
            claim.cause = job.cause
            claim.correction = job.correction

    @api.depends('order_id.visit_id.odometer')
    def _compute_odometer(self):
        for claim in self:
            claim.odometer = claim.order_id.odometer if claim._is_open() else claim.odometer

    @api.depends('order_id.ready_at', 'order_id.settled_at', 'job_id.operation_ids.finished_at')
    def _compute_repaired_at(self):
        """The end of the work on this job; without clocks, when the car was ready or settled."""
        for claim in self:
            if not claim._is_open():
                claim.repaired_at = claim.repaired_at
                continue
            finished = [moment for moment in claim.job_id.operation_ids.mapped('finished_at') if moment]
            claim.repaired_at = max(finished, default=claim.order_id.ready_at or claim.order_id.settled_at)

    @api.depends('line_ids.claimed_amount', 'line_ids.approved_amount', 'line_ids.kind')
    def _compute_amounts(self):
        for claim in self:
            by_kind = defaultdict(float)
            for line in claim.line_ids:
                by_kind[line.kind] += line.claimed_amount
            claim.claimed_amount = sum(by_kind.values())
            claim.approved_amount = sum(claim.line_ids.mapped('approved_amount'))
            claim.parts_amount = by_kind['part']
            claim.labour_amount = by_kind['labour']
            claim.other_amount = claim.claimed_amount - by_kind['part'] - by_kind['labour']

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get('name', '/') == '/':
                job = self.env['aftersales.repair.job'].browse(vals.get('job_id'))
                vals['name'] = (job.company_id or self.env.company)._aftersales_claim_number_sudo()
        return super().create(vals_list)

    def write(self, vals):
        if CONTENT_FIELDS & vals.keys() and not self._is_guarded():
            for claim in self:
                if not claim._is_open():
                    raise coded_error('WAR-31', self.env._(
                        "%(claim)s is %(state)s: what the manufacturer was told cannot change. Record a query first, "
                        "then correct it and send it again.", claim=claim.display_name, state=claim._state_label(),
                    ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for claim in self:
            if claim.submitted_at:
                raise coded_error('WAR-32', self.env._(
                    "%(claim)s was sent to the manufacturer and stays in the archive.", claim=claim.display_name,
                ))

    # === GETTERS === #

    def _gate_profile(self):
        return self.order_id.profile_id

    def _is_open(self):
        """Tell whether the content may still change: not with the manufacturer, not decided, not cancelled."""
        self.ensure_one()
        return self.state in OPEN_STATES

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields['state']._description_selection(self.env))[self.state]

    def _last_submission(self):
        """Return the submission that counts: the last one."""
        self.ensure_one()
        return self.submission_ids.sorted('number')[-1:]

    # === STATE PROJECTION === #

    def _state_facts(self):
        """Tell which states the recorded facts support; the statement adds credited and paid through super().

        :return: `{claim: {state: bool}}`
        :rtype: dict
        """
        facts = {}
        for claim in self:
            last = claim._last_submission()
            facts[claim] = {
                'draft': True,
                'checked': bool(claim.checked_at),
                'submitted': bool(last),
                'queried': bool(last.queried_at),
                'approved': last.outcome == 'approved',
                'partly': last.outcome == 'partly',
                'rejected': last.outcome == 'rejected',
                'cancelled': bool(claim.cancelled_at),
            }
        return facts

    def _advance(self):
        """Recompute the state from the facts, downwards too; the only writer of `state`."""
        for claim, facts in self._state_facts().items():
            target = max((state for state, holds in facts.items() if holds), key=STATE_RANK.__getitem__)
            if claim.state != target:
                claim._guarded().write({'state': target})
