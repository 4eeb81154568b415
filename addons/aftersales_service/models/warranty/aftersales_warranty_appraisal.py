from datetime import timedelta

from odoo import api, fields, models

from ..base.board import states_in_order
from ..base.errors import coded_error

STATES = [
    ('requested', "Requested"),
    ('help', "Manufacturer Asked"),
    ('review', "To Be Reviewed"),
    ('preauthorisation', "Waiting for Pre-authorisation"),
    ('covered', "Covered"),
    ('refused', "Not Covered"),
    ('explained', "Refusal Explained"),
    ('cancelled', "Cancelled"),
]
OPEN_STATES = ('requested', 'help', 'review', 'preauthorisation')
# What the answer says; it does not change any more once it was given.
FINDINGS = frozenset({
    'answer', 'fault_code', 'causal_product_id', 'system_id', 'is_safety_fault', 'finding', 'refusal_reason_id',
})


class AftersalesWarrantyAppraisal(models.Model):
    """The question of an advisor whether a job is covered, and the answer of the warranty clerk (R-WAR-02 to R-WAR-05).

    Facts are recorded by the buttons with who and when; the state is what they say. The answer decides who pays the
    job: covered: the manufacturer; not covered: nobody, until it was explained and the customer agreed.
    """

    _name = 'aftersales.warranty.appraisal'
    _description = "Warranty Appraisal"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'due_at, id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _guarded_fields = frozenset({
        'name', 'state', 'requested_by_id', 'requested_at', 'answered_at', 'answered_by_id', 'help_asked_at',
        'help_asked_by_id', 'help_answered_at', 'preauthorisation_asked_at', 'preauthorised_at', 'preauthorised_by_id',
        'supervisor_id', 'reviewed_at', 'explained_at', 'explained_by_id', 'explained_to', 'escalated_at',
        'escalated_by_id', 'cancelled_at', 'preauthorisation_no', 'preauthorised_amount', 'due_at', 'alerted_at',
    })

    # Identity
    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index='trigram')
    job_id = fields.Many2one('aftersales.repair.job', required=True, ondelete='restrict', index=True, check_company=True)
    order_id = fields.Many2one(related='job_id.order_id', store=True, index=True)
    company_id = fields.Many2one(related='job_id.company_id', store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    vehicle_id = fields.Many2one(related='order_id.vehicle_id', store=True, index='btree_not_null')
    license_plate = fields.Char(related='vehicle_id.license_plate')
    brand_id = fields.Many2one(related='vehicle_id.brand_id', store=True)
    partner_id = fields.Many2one(related='order_id.partner_id')
    coverage_state = fields.Selection(related='job_id.coverage_state')
    coverage_reason = fields.Char(related='job_id.coverage_reason')
    state = fields.Selection(
        STATES, compute='_compute_state', store=True, tracking=True, index=True, group_expand=states_in_order)
    is_open = fields.Boolean(compute='_compute_is_open')

    # The question
    question = fields.Text(required=True, help="What is to be judged: symptom, when and how often it shows, what was seen.")
    requested_by_id = fields.Many2one('res.users', "Asked By", readonly=True, copy=False)
    requested_at = fields.Datetime("Asked At", readonly=True, copy=False)
    due_at = fields.Datetime("Answer Due", readonly=True, copy=False, index='btree_not_null')
    is_overdue = fields.Boolean("Overdue", compute='_compute_is_overdue', search='_search_is_overdue')
    alerted_at = fields.Datetime(readonly=True, copy=False)

    # The answer
    answer = fields.Selection(
        [('covered', "Covered"), ('not_covered', "Not Covered"), ('doubtful', "Doubtful: Ask the Manufacturer")],
        tracking=True, copy=False,
    )
    answered_at = fields.Datetime("Answered", readonly=True, copy=False)
    answered_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    answer_hours = fields.Float("Hours to the Answer", compute='_compute_answer_hours', store=True, aggregator='avg')
    finding = fields.Text("Appraisal", copy=False, help="What was found and why the fault is covered or not.")
    fault_code = fields.Char(copy=False, index='trigram')
    causal_product_id = fields.Many2one('product.product', "Causal Part", copy=False, domain="[('aftersales_is_part', '=', True)]")
    system_id = fields.Many2one(
        'aftersales.vehicle.system', "Vehicle System", compute='_compute_system_id', store=True, readonly=False)
    is_safety_fault = fields.Boolean(
        "Safety Fault", compute='_compute_is_safety_fault', store=True, readonly=False,
        help="Endangers people or the car: counts for the three-guarantees watch.",
    )
    photo_ids = fields.One2many('aftersales.appraisal.photo', 'appraisal_id', "Photos")
    refusal_reason_id = fields.Many2one(
        'aftersales.reason', copy=False, domain="[('kind', '=', 'coverage_refusal')]", ondelete='restrict', check_company=True)

    # Help of the manufacturer (R-WAR-04)
    help_question = fields.Text("Question to the Manufacturer", copy=False)
    help_asked_at = fields.Datetime("Manufacturer Asked", readonly=True, copy=False)
    help_asked_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    help_answered_at = fields.Datetime("Manufacturer Answered", readonly=True, copy=False)
    help_answer = fields.Text("Answer of the Manufacturer", copy=False)

    # Pre-authorisation (R-WAR-05)
    amount = fields.Monetary("Amount of the Job", related='job_id.amount_total')
    needs_preauthorisation = fields.Boolean(compute='_compute_needs')
    preauthorisation_asked_at = fields.Datetime("Pre-authorisation Asked", readonly=True, copy=False)
    preauthorisation_no = fields.Char("Pre-authorisation No.", readonly=True, copy=False, index='btree_not_null', tracking=True)
    preauthorised_amount = fields.Monetary("Authorised Amount", readonly=True, copy=False)
    preauthorised_at = fields.Datetime(readonly=True, copy=False)
    preauthorised_by_id = fields.Many2one('res.users', "Recorded By", readonly=True, copy=False)

    # Review (R-WAR-16)
    needs_review = fields.Boolean(compute='_compute_needs')
    supervisor_id = fields.Many2one('res.users', "Reviewed By", readonly=True, copy=False)
    reviewed_at = fields.Datetime(readonly=True, copy=False)

    # Refusal (R-WAR-14, R-PERM-14)
    explained_at = fields.Datetime("Explained", readonly=True, copy=False)
    explained_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    explained_to = fields.Char(readonly=True, copy=False)
    escalated_at = fields.Datetime("Escalated", readonly=True, copy=False)
    escalated_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    cancelled_at = fields.Datetime(readonly=True, copy=False)

    _due_idx = models.Index("(company_id, due_at) WHERE answered_at IS NULL AND cancelled_at IS NULL")

    # === COMPUTE METHODS === #

    @api.depends(
        'answer', 'answered_at', 'help_asked_at', 'help_answered_at', 'reviewed_at', 'preauthorisation_no',
        'explained_at', 'cancelled_at', 'job_id.amount_total',
    )
    def _compute_state(self):
        for appraisal in self:
            appraisal.state = appraisal._state_now()

    def _state_now(self):
        """Return what the facts say."""
        self.ensure_one()
        if self.cancelled_at:
            return 'cancelled'
        if not self.answered_at:
            return 'help' if self.help_asked_at and not self.help_answered_at else 'requested'
        if self.needs_review and not self.reviewed_at:
            return 'review'
        if self.answer == 'not_covered':
            return 'explained' if self.explained_at else 'refused'
        return 'preauthorisation' if self.needs_preauthorisation and not self.preauthorisation_no else 'covered'

    @api.depends('state')
    def _compute_is_open(self):
        for appraisal in self:
            appraisal.is_open = appraisal.state in OPEN_STATES

    @api.depends('due_at', 'answered_at', 'cancelled_at')
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for appraisal in self:
            appraisal.is_overdue = bool(
                appraisal.due_at and appraisal.due_at < now and not appraisal.answered_at and not appraisal.cancelled_at)

    def _search_is_overdue(self, operator, value):
        if operator != 'in' or True not in value:
            return NotImplemented
        return [('due_at', '<', fields.Datetime.now()), ('answered_at', '=', False), ('cancelled_at', '=', False)]

    @api.depends('requested_at', 'answered_at')
    def _compute_answer_hours(self):
        for appraisal in self:
            appraisal.answer_hours = (
                (appraisal.answered_at - appraisal.requested_at).total_seconds() / 3600
                if appraisal.answered_at and appraisal.requested_at else 0.0)

    @api.depends('job_id.system_id')
    def _compute_system_id(self):
        for appraisal in self:
            if not appraisal.answered_at:
                appraisal.system_id = appraisal.system_id or appraisal.job_id.system_id

    @api.depends('system_id.is_safety')
    def _compute_is_safety_fault(self):
        for appraisal in self:
            if not appraisal.answered_at:
                appraisal.is_safety_fault = appraisal.system_id.is_safety

    @api.depends('answer', 'amount', 'brand_id', 'requested_at')
    def _compute_needs(self):
        for appraisal in self:
            appraisal.needs_preauthorisation = appraisal._is_doubtful_or_above_permit()
            appraisal.needs_review = appraisal._wants_review()

    @api.depends('name', 'license_plate')
    def _compute_display_name(self):
        for appraisal in self:
            appraisal.display_name = ' · '.join(part for part in (appraisal.name, appraisal.license_plate) if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Ask: who, when and until when are recorded, and the clerk is reminded."""
        appraisals = super().create(vals_list)
        appraisals.order_id._ensure_editable()
        for appraisal in appraisals:
            busy = appraisal.job_id.sudo().appraisal_ids.filtered('is_open') - appraisal.sudo()
            if busy:
                raise coded_error('WAR-10', self.env._(
                    "“%(job)s” is being appraised already (%(appraisal)s). Add to its question there.",
                    job=appraisal.job_id.name, appraisal=busy[0].name,
                ))
            # sudo: the advisor asks; he changes nothing afterwards.
            appraisal.sudo()._guarded().write(appraisal._prepare_request_vals())
        for appraisal in appraisals:
            appraisal._remind_clerk()
            appraisal.order_id._message_log(body=self.env._(
                "Appraisal %(name)s asked for: %(job)s", name=appraisal.name, job=appraisal.job_id.name))
        return appraisals

    def write(self, vals):
        if FINDINGS & set(vals) and not self._is_guarded():
            for appraisal in self:
                if appraisal.answered_at or appraisal.cancelled_at:
                    raise coded_error('WAR-11', self.env._(
                        "The answer of %(appraisal)s was given on %(day)s and stays as it is. Ask for a new appraisal.",
                        appraisal=appraisal.name, day=appraisal.answered_at or appraisal.cancelled_at,
                    ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if self:
            raise coded_error('WAR-12', self.env._("An appraisal stays on file. Cancel it instead."))

    def _prepare_request_vals(self):
        """Return who asks, when, until when the answer is due, and the number."""
        self.ensure_one()
        now = fields.Datetime.now()
        company = self.company_id
        hours = self.job_id._warranty_terms().answer_hours or company.sudo().aftersales_warranty_answer_hours
        return {
            'name': self.env['ir.sequence'].sudo().with_company(company).next_by_code(self._name) or "/",
            'requested_by_id': self.env.uid,
            'requested_at': now,
            'due_at': now + timedelta(hours=hours),
        }

    # === GETTERS === #

    def _gate_profile(self):
        return self.order_id.profile_id

    def _is_doubtful_or_above_permit(self):
        """Tell whether the manufacturer has to agree beforehand: doubtful, or above what the terms permit (R-WAR-05)."""
        self.ensure_one()
        if self.answer == 'doubtful':
            return True
        permit = self.job_id._warranty_terms().permit_amount
        return bool(
            self.answer == 'covered' and permit and self.currency_id.compare_amounts(self.amount, permit) > 0)

    def _wants_review(self):
        """Tell whether the terms of the brand ask for a supervisor's review (R-WAR-16)."""
        self.ensure_one()
        return self.job_id._warranty_terms().supervisor_review

    def _customer_agreed(self):
        """Tell whether the customer agreed to pay this job since it was refused."""
        self.ensure_one()
        return bool(self.job_id.consent_ids.filtered(
            lambda consent: consent.payer_id.kind == 'customer' and consent.state == 'approved'
            and self.answered_at and consent.decided_at and consent.decided_at >= self.answered_at))
