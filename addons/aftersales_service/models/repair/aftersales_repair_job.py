from collections import defaultdict

from odoo import api, fields, models

from ...rules.split import Share, split_lines
from ..base.const import PAYER_KINDS
from ..base.errors import coded_error


class AftersalesRepairJob(models.Model):
    """One concern of the customer on an order: his words, what was found, who pays, what was agreed."""

    _name = 'aftersales.repair.job'
    _description = "Repair Job"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'order_id.id, sequence, id'
    _check_company_auto = True
    _guarded_fields = frozenset({'outcome', 'outcome_reason_id', 'outcome_listener_id', 'outcome_at', 'parked_at'})

    # Identity
    order_id = fields.Many2one('aftersales.repair.order', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    sequence = fields.Integer(default=10)
    name = fields.Char("Customer's Words", required=True, help="What the customer asked for, in his own words.")
    symptom = fields.Text(help="What shows: noise, lamp, leak; when and how often.")
    cause = fields.Text("Cause Found")
    correction = fields.Text("Correction", help="What was done about it.")
    department = fields.Selection(
        [
            ('mechanical', "Mechanical"),
            ('electrical', "Electrical"),
            ('body', "Body"),
            ('paint', "Paint"),
            ('detail', "Cleaning"),
            ('other', "Other"),
        ],
        default='mechanical',
        required=True,
    )
    origin = fields.Selection(
        [
            ('requested', "Customer's Request"),
            ('recommended', "Recommended"),
            ('additional', "Additional Work"),
            ('safety', "Safety Item"),
        ],
        default='requested',
        required=True,
        tracking=True,
    )
    is_diagnosis = fields.Boolean(
        "Diagnosis Only", help="A fee for finding the cause; the repair itself is quoted later."
    )
    is_price_open = fields.Boolean(
        "To Be Confirmed",
        help="The price is only known after inspection: the estimate says so and a second consent follows (R-PROC-40).",
    )
    package_id = fields.Many2one('aftersales.package', index='btree_not_null', ondelete='restrict')
    extra_hours = fields.Float("Extra Time (h)", help="Additional work: how much later the car is ready.")
    discovered_by_id = fields.Many2one('hr.employee', help="Who found the additional work.")

    # Who pays
    payer_kind = fields.Selection(
        [*PAYER_KINDS, ('split', "Shared"), ('undecided', "Undecided")],
        "Who Pays",
        compute='_compute_payer_kind',
        inverse='_inverse_payer_kind',
        store=True,
        readonly=False,
    )
    share_ids = fields.One2many('aftersales.repair.share', 'job_id', "Shares")

    # Content
    line_ids = fields.One2many('aftersales.repair.line', 'job_id', "Lines")
    consent_ids = fields.One2many('aftersales.consent', 'job_id', "Consents")

    # What became of it
    outcome = fields.Selection(
        [('open', "Open"), ('declined', "Declined"), ('carried', "Carried Over"), ('cancelled', "Cancelled")],
        required=True,
        readonly=True,
        copy=False,
        default='open',
        tracking=True,
        index=True,
    )
    outcome_reason_id = fields.Many2one('aftersales.reason', readonly=True, copy=False)
    outcome_listener_id = fields.Many2one(
        'hr.employee',
        "Workshop Listener",
        readonly=True,
        copy=False,
        help="Who in the workshop was told of the refusal (R-PROC-63).",
    )
    outcome_at = fields.Datetime(readonly=True, copy=False)
    revived_from_id = fields.Many2one('aftersales.repair.job', "Offered Before", copy=False, index='btree_not_null')
    is_parked = fields.Boolean("Parked", compute='_compute_is_parked', store=True)
    parked_at = fields.Datetime(readonly=True, copy=False)
    park_reason_id = fields.Many2one('aftersales.reason', copy=False, domain="[('kind', '=', 'park')]")

    # Agreement
    consent_state = fields.Selection(
        [('draft', "Not Shown"), ('quoted', "Waiting"), ('approved', "Agreed"), ('declined', "Declined")],
        compute='_compute_consent_state',
        store=True,
    )
    is_approved = fields.Boolean(
        compute='_compute_consent_state',
        store=True,
        help="Every payer of the job has said yes to what it contains now.",
    )

    # Money
    billed_hours = fields.Float(compute='_compute_amounts', store=True)
    amount_total = fields.Monetary(compute='_compute_amounts', store=True)

    # === COMPUTE METHODS === #

    @api.depends('share_ids.payer_id.kind')
    def _compute_payer_kind(self):
        for job in self:
            kinds = set(job.share_ids.payer_id.mapped('kind'))
            job.payer_kind = 'undecided' if not kinds else 'split' if len(job.share_ids) > 1 else kinds.pop()

    def _inverse_payer_kind(self):
        for job in self:
            kind = job.payer_kind
            if kind == 'split':
                if len(job.share_ids) < 2:
                    raise coded_error(
                        'REP-10', self.env._("Enter the shares of “%(job)s” to have several payers.", job=job.name)
                    )
                continue
            if kind == 'undecided' or not kind:
                job.share_ids.unlink()
                continue
            if len(job.share_ids) == 1 and job.share_ids.payer_id.kind == kind:
                continue
            job._set_single_payer(job.order_id._payer(kind))

    @api.depends('parked_at')
    def _compute_is_parked(self):
        for job in self:
            job.is_parked = bool(job.parked_at)

    @api.depends(
        'consent_ids.state',
        'consent_ids.fingerprint',
        'consent_ids.amount',
        'share_ids.amount_total',
        'share_ids.payer_id',
        'line_ids.product_id',
        'line_ids.labour_item_id',
        'line_ids.quantity',
        'line_ids.name',
        'line_ids.supplied_by',
        'line_ids.grade',
        'outcome',
    )
    def _compute_consent_state(self):
        """Read the last consent of each payer: it holds while the content is the same and his amount no higher."""
        fingerprints = self._fingerprints()
        for job in self:
            states = [
                job._payer_consent(share)._current_state(fingerprints[job], share.amount_total)
                for share in job.share_ids
            ]
            if job.outcome == 'declined' or (states and all(state == 'declined' for state in states)):
                job.consent_state = 'declined'
            elif states and all(state == 'approved' for state in states):
                job.consent_state = 'approved'
            elif any(state in ('quoted', 'approved') for state in states):
                job.consent_state = 'quoted'
            else:
                job.consent_state = 'draft'
            job.is_approved = job.consent_state == 'approved'

    @api.depends('line_ids.price_total', 'line_ids.billed_hours')
    def _compute_amounts(self):
        for job in self:
            job.billed_hours = sum(job.line_ids.mapped('billed_hours'))
            job.amount_total = sum(job.line_ids.mapped('price_total'))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        kinds = [vals.pop('payer_kind', 'customer') for vals in vals_list]
        # Who added it and when stands on the job; a "created" note of each would only fill the chatter.
        jobs = super(AftersalesRepairJob, self.with_context(mail_create_nolog=True)).create(vals_list)
        jobs = jobs.with_env(self.env)
        jobs.order_id._ensure_editable()
        for job, kind in zip(jobs, kinds, strict=True):
            if kind not in ('undecided', 'split', False) and not job.share_ids:
                job._set_single_payer(job.order_id._payer(kind))
        jobs.order_id._advance()
        return jobs

    def unlink(self):
        orders = self.order_id
        # Not by the database's cascade: what is in the books refuses with a sentence.
        self.line_ids.unlink()
        result = super().unlink()
        orders._advance()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shown(self):
        for job in self:
            if job.consent_ids.filtered(lambda consent: consent.state != 'draft'):
                raise coded_error(
                    'REP-11',
                    self.env._(
                        "“%(job)s” was already shown to a payer. Decline it instead, "
                        "so that the next visit can offer it again.",
                        job=job.name,
                    ),
                )

    # === BUSINESS METHODS === #

    def _set_single_payer(self, payer):
        """Let one payer carry the whole job."""
        self.ensure_one()
        self.share_ids.filtered(lambda share: share.payer_id != payer).unlink()
        if self.share_ids:
            self.share_ids.write({'method': 'rest', 'value': 0.0})
        else:
            self.env['aftersales.repair.share'].create({'job_id': self.id, 'payer_id': payer.id, 'method': 'rest'})

    def _set_shares(self, shares):
        """Replace the shares of the job.

        :param list shares: tuples `(payer, method, value)`; method rest, percent (0-100) or fixed (price basis).
        """
        self.ensure_one()
        self.share_ids.unlink()
        self.env['aftersales.repair.share'].create(
            [
                {'job_id': self.id, 'payer_id': payer.id, 'method': method, 'value': value}
                for payer, method, value in shares
            ]
        )

    def _payer_line_amounts(self):
        """Return `{payer: {line: amount}}` of this job, exact to the cent both ways (price basis)."""
        self.ensure_one()
        lines = self.line_ids.filtered('is_billable')
        shares = self.share_ids.sorted(lambda share: (share.payer_id.sequence, share.id))
        if not shares or not lines:
            return {}
        order = self.order_id
        rounding = order.currency_id.rounding
        parts = split_lines(
            [order._cents(line.price_amount) for line in lines],
            [
                Share(share.method, order._cents(share.value) if share.method == 'fixed' else share.value)
                for share in shares
            ],
        )
        return {
            share.payer_id: {line: order.currency_id.round(cents * rounding) for line, cents in zip(lines, row, strict=True)}
            for share, row in zip(shares, parts, strict=True)
        }

    def _payer_consent(self, share):
        """Return the last consent of a share's payer on this job."""
        self.ensure_one()
        return self.consent_ids.filtered(lambda consent: consent.payer_id == share.payer_id).sorted('id')[-1:]

    def _fingerprints(self):
        """Return what was agreed on, without its price: a discount never asks for a new consent.

        :rtype: dict  `{job: str}`
        """
        prints = {}
        for job in self:
            rows = sorted(
                '|'.join(
                    map(
                        str,
                        (
                            line.kind,
                            line.labour_item_id.id,
                            line.product_id.id,
                            line.name or '',
                            round(line.quantity, 4),
                            line.supplied_by,
                            line.grade or '',
                        ),
                    )
                )
                for line in job.line_ids
                if not line.is_handover
            )
            prints[job] = '\n'.join(rows)
        return prints

    def _park(self, reason):
        """Put the job aside without stopping its neighbours (part missing, pre-authorisation)."""
        self._guarded().write({'parked_at': fields.Datetime.now(), 'park_reason_id': reason.id})
        self.order_id._advance()

    def _unpark(self):
        """Take a parked job up again."""
        self._guarded().write({'parked_at': False, 'park_reason_id': False})
        self.order_id._advance()

    def _amounts_by_kind(self):
        """Return `{kind: total}` of the jobs' lines."""
        totals = defaultdict(float)
        for line in self.line_ids:
            totals[line.kind] += line.price_total
        return totals

    # === ACTIONS === #

    def action_open(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'views': [(False, 'form')]}

    def action_unpark(self):
        self._unpark()

    def action_park(self):
        reason = self.env['aftersales.reason'].search([('kind', '=', 'park')], limit=1)
        if not self.park_reason_id and not reason:
            raise coded_error('REP-12', self.env._("Choose why “%(job)s” is parked first.", job=self[:1].name))
        for job in self:
            job._park(job.park_reason_id or reason)
