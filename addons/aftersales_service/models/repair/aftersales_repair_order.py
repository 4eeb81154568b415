import secrets
from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import api, fields, models

from ..base.board import states_in_order
from ..base.errors import coded_error

STATES = [
    ('draft', "Intake"),
    ('quoted', "Quoted"),
    ('authorised', "Authorised"),
    ('in_progress', "In Progress"),
    ('inspecting', "Inspecting"),
    ('ready', "Ready"),
    ('released', "Released"),
    ('closed', "Closed"),
]
CARD_JOB_FIELDS = (
    'order_id', 'sequence', 'name', 'origin', 'payer_kind', 'consent_state', 'is_parked', 'outcome', 'amount_total', 'billed_hours',
)
STATE_RANK = {state: rank for rank, (state, _label) in enumerate(STATES)}


class AftersalesRepairOrder(models.Model):
    """One contract on one vehicle, over one or more visits of the car.

    The document only: what was agreed is in the consents, the work in the operations, the place of the car
    in the visits, the money in the settlements. The state is a projection of those facts (`_advance`).
    """

    _name = 'aftersales.repair.order'
    _description = "Repair Order"
    _inherit = [
        'aftersales.guarded.mixin',
        'aftersales.gate.mixin',
        'portal.mixin',
        'rating.mixin',  # brings mail.thread
        'mail.activity.mixin',
    ]
    _order = 'promised_at, id desc'
    _check_company_auto = True
    _rec_names_search = ['name', 'vehicle_id.license_plate', 'partner_id.name', 'vehicle_id.vin']
    _mail_post_access = 'read'
    _guarded_fields = frozenset(
        {
            'name',
            'state',
            'outcome',
            'outcome_reason_id',
            'first_promised_at',
            'origin_order_id',
            'reviewed_by_id',
            'reviewed_at',
            'access_token',
            'pickup_code',
        }
    )

    # Identity
    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index='trigram')
    company_id = fields.Many2one('res.company', required=True, readonly=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(
        'res.currency',
        required=True,
        readonly=True,
        compute='_compute_currency_id',
        store=True,
        precompute=True,
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        copy=False,
        default='draft',
        tracking=True,
        index=True,
        group_expand=states_in_order,
    )
    outcome = fields.Selection(
        [
            ('open', "Open"),
            ('done', "Done"),
            ('declined', "Declined"),
            ('cancelled', "Cancelled"),
            ('total_loss', "Total Loss"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default='open',
        tracking=True,
        index=True,
    )
    outcome_reason_id = fields.Many2one('aftersales.reason', "Outcome Reason", readonly=True, copy=False)
    profile_id = fields.Many2one(
        'aftersales.profile',
        required=True,
        check_company=True,
        tracking=True,
        compute='_compute_profile_id',
        store=True,
        readonly=False,
        precompute=True,
        domain="[('code', '!=', 'company'), ('company_id', '=', company_id)]",
    )
    profile_code = fields.Selection(related='profile_id.code', string="Profile Code")
    category_id = fields.Many2one('aftersales.repair.category', "Repair Category", index='btree_not_null')
    warehouse_id = fields.Many2one(
        'stock.warehouse',
        check_company=True,
        compute='_compute_warehouse_id',
        store=True,
        readonly=False,
        precompute=True,
    )

    # Parties
    vehicle_id = fields.Many2one(
        'aftersales.vehicle', check_company=True, index=True, tracking=True, ondelete='restrict'
    )
    license_plate = fields.Char(related='vehicle_id.license_plate', store=True, index='trigram')
    partner_id = fields.Many2one(
        'res.partner',
        "Customer",
        index=True,
        tracking=True,
        ondelete='restrict',
        check_company=True,
        compute='_compute_partner_id',
        store=True,
        readonly=False,
        precompute=True,
        help="Contract partner. May stay empty while the owner of a towed-in car is being looked for.",
    )
    partner_name = fields.Char(related='partner_id.name', string="Customer Name", store=True, index='trigram')
    contact_name = fields.Char("Brought By", help="Who stands at the desk, if not the customer.")
    contact_phone = fields.Char(groups='aftersales_service.group_receptionist,aftersales_service.group_cashier')
    advisor_id = fields.Many2one(
        'res.users',
        "Service Advisor",
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        check_company=True,
    )
    pricelist_id = fields.Many2one(
        'product.pricelist',
        check_company=True,
        compute='_compute_pricelist_id',
        store=True,
        readonly=False,
        precompute=True,
    )

    # The visits of the car
    visit_ids = fields.One2many('aftersales.visit', 'order_id', "Visits")
    visit_id = fields.Many2one('aftersales.visit', "Last Visit", compute='_compute_visit_id', store=True)
    odometer = fields.Integer(related='visit_id.odometer', string="Odometer (km)")
    appointment_ids = fields.One2many('aftersales.appointment', 'order_id', "Appointments")
    origin_order_id = fields.Many2one(
        'aftersales.repair.order', "Carried Over From", readonly=True, copy=False, index='btree_not_null'
    )
    follow_up_ids = fields.One2many('aftersales.repair.order', 'origin_order_id', "Follow-up Orders")

    # Agreements
    promised_at = fields.Datetime("Promised", tracking=True, copy=False)
    first_promised_at = fields.Datetime("First Promise", readonly=True, copy=False)
    customer_place = fields.Selection(
        [('waiting', "Waiting Here"), ('left', "Left"), ('loaner', "In a Courtesy Car")],
        default='left',
        required=True,
    )
    estimate_method = fields.Selection(
        [('system', "By Vehicle System"), ('symptom', "By Symptom"), ('item', "Fixed Item Price")],
        default='system',
        required=True,
        tracking=True,
    )
    risk_surcharge_reason = fields.Char(help="Why a symptom estimate carries no risk surcharge.")
    caveat_explained = fields.Boolean(
        help="The customer was told that a fixed item price does not always assure the result."
    )
    payment_means = fields.Selection(
        [
            ('cash', "Cash"),
            ('card', "Card"),
            ('mobile', "WeChat / Alipay"),
            ('transfer', "Bank Transfer"),
            ('on_account', "On Account"),
        ],
        default='mobile',
    )
    can_use_mandate = fields.Boolean(compute='_compute_can_use_mandate', compute_sudo=True)
    has_safety_refused = fields.Boolean(compute='_compute_has_safety_refused', compute_sudo=True)
    wash_wanted = fields.Boolean("Free Wash", default=True)
    old_part_wish = fields.Selection(
        [('take', "Customer Takes Them"), ('dispose', "Dispose"), ('return', "Return to Manufacturer")],
        default='dispose',
        required=True,
    )
    function_state = fields.Text("State of the Car", help="What worked and what did not when the car came in.")
    note = fields.Text("Internal Note")
    reviewed_by_id = fields.Many2one('res.users', "Reviewed By", readonly=True, copy=False)
    reviewed_at = fields.Datetime(readonly=True, copy=False)
    pickup_code = fields.Char(
        readonly=True, copy=False, help="Printed on the customer's copy; needed when the car is picked up."
    )

    # Content
    job_ids = fields.One2many('aftersales.repair.job', 'order_id', "Jobs")
    line_ids = fields.One2many('aftersales.repair.line', 'order_id', "Lines")
    payer_ids = fields.One2many('aftersales.repair.payer', 'order_id', "Payers")
    share_ids = fields.One2many('aftersales.repair.share', 'order_id', "Shares")
    consent_ids = fields.One2many('aftersales.consent', 'order_id', "Consents")
    estimate_ids = fields.One2many('aftersales.estimate', 'order_id', "Estimates")
    estimate_count = fields.Integer(compute='_compute_estimate_count')

    # Money
    amount_labour = fields.Monetary("Labour", compute='_compute_amounts', store=True)
    amount_parts = fields.Monetary("Parts and Material", compute='_compute_amounts', store=True)
    amount_other = fields.Monetary("Other", compute='_compute_amounts', store=True)
    amount_untaxed = fields.Monetary("Untaxed", compute='_compute_amounts', store=True)
    amount_tax = fields.Monetary("Tax", compute='_compute_amounts', store=True)
    amount_total = fields.Monetary("Total", compute='_compute_amounts', store=True)

    # Screen
    aftersales_status = fields.Selection(
        [
            ('late', "Late"),
            ('soon', "Due Soon"),
            ('waiting_parts', "Waiting for Parts"),
            ('waiting_consent', "Waiting for Consent"),
            ('waiting_oem', "Waiting for Manufacturer"),
            ('paused', "Paused"),
            ('ok', "On Track"),
        ],
        "Progress",
        compute='_compute_aftersales_status',
    )
    has_undecided = fields.Boolean(compute='_compute_has_undecided', help="A job whose payer is not decided yet.")

    _desk_idx = models.Index("(company_id, state, promised_at)")

    # === COMPUTE METHODS === #

    @api.depends('company_id')
    def _compute_currency_id(self):
        for order in self:
            order.currency_id = order.company_id.currency_id

    @api.depends('company_id')
    def _compute_profile_id(self):
        for order in self:
            if not order.profile_id:
                order.profile_id = order.company_id._aftersales_profile('standard')

    @api.depends('company_id')
    def _compute_warehouse_id(self):
        warehouses = {
            company: self.env['stock.warehouse'].sudo().search([('company_id', '=', company.id)], limit=1)
            for company in self.company_id
        }
        for order in self:
            if not order.warehouse_id:
                order.warehouse_id = warehouses.get(order.company_id)

    @api.depends('vehicle_id')
    def _compute_partner_id(self):
        for order in self:
            if order.vehicle_id and not order.partner_id:
                order.partner_id = order.vehicle_id.partner_id

    @api.depends('partner_id', 'company_id')
    def _compute_pricelist_id(self):
        for order in self:
            pricelist = order.with_company(order.company_id).partner_id.property_product_pricelist
            # One currency per order: a pricelist in another currency would break the exact shares.
            order.pricelist_id = pricelist if pricelist.currency_id == order.currency_id else False

    @api.depends('visit_ids.arrived_at')
    def _compute_visit_id(self):
        for order in self:
            order.visit_id = order.visit_ids.sorted(lambda visit: (visit.arrived_at or visit.create_date, visit.id))[
                -1:
            ]

    @api.depends('estimate_ids')
    def _compute_estimate_count(self):
        for order in self:
            order.estimate_count = len(order.estimate_ids)

    @api.depends('line_ids.price_total', 'line_ids.price_subtotal', 'line_ids.kind', 'job_ids.outcome')
    def _compute_amounts(self):
        for order in self:
            by_kind = defaultdict(float)
            untaxed = 0.0
            for line in order.line_ids.filtered('is_billable'):
                by_kind[line.kind] += line.price_total
                untaxed += line.price_subtotal
            total = sum(by_kind.values())
            order.amount_labour = by_kind['labour']
            order.amount_parts = by_kind['part']
            order.amount_other = total - by_kind['labour'] - by_kind['part']
            order.amount_untaxed = untaxed
            order.amount_tax = total - untaxed
            order.amount_total = total

    @api.depends('state', 'outcome', 'promised_at', 'job_ids.is_parked', 'job_ids.consent_state')
    @api.depends_context('uid')
    def _compute_aftersales_status(self):
        """One colour per order; later rooms set the waiting flags through `_status_flags`."""
        under_way = self.filtered(lambda order: order._is_under_way())
        flags = under_way._status_flags()
        for order in self:
            order.aftersales_status = order._status_by(flags.get(order.id, []))

    @api.depends('job_ids.share_ids', 'job_ids.outcome')
    def _compute_has_undecided(self):
        for order in self:
            order.has_undecided = any(job.outcome == 'open' and not job.share_ids for job in order.job_ids)

    @api.depends('partner_id', 'state', 'outcome', 'job_ids.is_approved')
    def _compute_can_use_mandate(self):
        for order in self:
            order.can_use_mandate = bool(
                order.outcome == 'open'
                and order.partner_id.commercial_partner_id.aftersales_mandate_amount
                and order._open_jobs().filtered(lambda job: not job.is_approved)
            )

    @api.depends('job_ids.origin', 'job_ids.outcome')
    def _compute_has_safety_refused(self):
        for order in self:
            order.has_safety_refused = bool(order._refused_safety_jobs())

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for order in self:
            order.access_url = f'/my/aftersales/orders/{order.id}'
        return result

    @api.depends('name', 'license_plate', 'partner_name')
    def _compute_display_name(self):
        for order in self:
            order.display_name = ' · '.join(
                part for part in (order.name, order.license_plate, order.partner_name) if part
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            for vals in vals_list:
                self._refuse_guarded(
                    {
                        name
                        for name in self._get_guarded_fields().intersection(vals)
                        if not self._is_guarded_default(name, vals[name])
                    }
                )
        for vals in vals_list:
            company = self.env['res.company'].browse(vals.get('company_id') or self.env.company.id)
            vals['name'] = self._next_number(company)
            vals['pickup_code'] = self._new_pickup_code()
            vals['company_id'] = company.id
            if vals.get('promised_at'):
                vals['first_promised_at'] = vals['promised_at']
        orders = super(AftersalesRepairOrder, self._guarded()).create(vals_list)
        return orders.with_env(self.env)

    def write(self, vals):
        if 'company_id' in vals and any(order.company_id.id != vals['company_id'] for order in self):
            raise coded_error(
                'REP-06',
                self.env._("An order stays in the company that opened it. Open a new one in the other company."),
            )
        if vals.get('promised_at'):
            fresh = self.filtered(lambda order: not order.first_promised_at)
            fresh._guarded().write({'first_promised_at': vals['promised_at']})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for order in self:
            if order.state != 'draft' or order.visit_ids or order.estimate_ids:
                raise coded_error(
                    'REP-01',
                    self.env._(
                        "%(order)s already has facts and stays in the books. Cancel it with a reason instead.",
                        order=order.display_name,
                    ),
                )

    @api.model
    def _next_number(self, company):
        number = self.env['ir.sequence'].sudo().with_company(company).next_by_code('aftersales.repair.order')
        if not number:
            raise coded_error(
                'REP-02',
                self.env._(
                    "%(company)s has no number sequence for repair orders. Run the set-up check of the after-sales settings.",
                    company=company.display_name,
                ),
            )
        return number

    @api.model
    def _new_pickup_code(self):
        """Return six digits for the customer's copy (R-PROC-50); the gate pass has a token of its own."""
        return f'{secrets.randbelow(1000000):06d}'

    # === STATE PROJECTION === #

    def _state_facts(self):
        """Tell which states the recorded facts support; each room adds its own through super().

        :return: `{order: {state: bool}}`; a True is a full conjunction, it needs no check of the states before it.
        :rtype: dict
        """
        facts = {}
        for order in self:
            facts[order] = {
                'draft': True,
                'quoted': any(estimate.state != 'draft' for estimate in order.estimate_ids),
                'authorised': any(job.outcome == 'open' and job.is_approved for job in order.job_ids),
            }
        return facts

    def _advance(self):
        """Recompute the state from the facts, downwards too; the only writer of `state`."""
        for order, facts in self._state_facts().items():
            target = max((state for state, holds in facts.items() if holds), key=STATE_RANK.__getitem__)
            source = order.state
            if source != target:
                order._guarded().write({'state': target})
                order._after_transition(source, target)

    def _after_transition(self, source, target):
        """React to a change of state; override point of the rooms.

        :param str source: state before.
        :param str target: state now (may be lower: a fact was voided).
        """
        self.ensure_one()
        gone = target in ('released', 'closed')
        if self.outcome == ('open' if gone else 'done'):
            self._guarded().write({'outcome': 'done' if gone else 'open'})

    def _status_flags(self):
        """Return the waiting flags of each order, most urgent first; rooms extend.

        :rtype: dict[int, list[str]]  keys of `aftersales_status`
        """
        flags = {}
        # One query for a whole list: going through job_ids takes two.
        jobs = self.env['aftersales.repair.job'].search_fetch(
            [('order_id', 'in', self.ids), ('outcome', '=', 'open')],
            ['order_id', 'consent_state', 'is_parked', 'park_reason_id'],
        ).grouped('order_id')
        manufacturer = self.env['ir.model.data']._xmlid_to_res_id('aftersales_service.reason_park_approval')
        for order in self:
            open_jobs = jobs.get(order._origin, [])
            flags[order.id] = []
            if any(job.consent_state == 'quoted' and not job.is_parked for job in open_jobs):
                flags[order.id].append('waiting_consent')
            if any(job.is_parked and job.park_reason_id.id == manufacturer for job in open_jobs):
                flags[order.id].append('waiting_oem')
            if open_jobs and all(job.is_parked for job in open_jobs):
                flags[order.id].append('paused')
        return flags

    # === GETTERS === #

    def _is_under_way(self):
        self.ensure_one()
        return self.outcome == 'open' and self.state not in ('released', 'closed')

    def _status_by(self, flags):
        """Return the one colour of an order (`aftersales_status`), given its waiting flags."""
        self.ensure_one()
        if not self._is_under_way():
            return 'ok'
        now = fields.Datetime.now()
        pressing = self.promised_at and self.state != 'ready'
        if pressing and self.promised_at < now:
            return 'late'
        if flags:
            return flags[0]
        return 'soon' if pressing and self.promised_at < now + timedelta(minutes=30) else 'ok'

    def _gate_profile(self):
        return self.profile_id

    def _open_jobs(self):
        """Return the jobs that are still part of the contract: neither declined, carried over nor cancelled."""
        return self.job_ids.filtered(lambda job: job.outcome == 'open')

    def _payer_line_amounts(self):
        """Split the lines among the payers, exact to the cent both ways.

        :return: `{payer: {line: amount}}` in the company's price basis (tax included or excluded).
        :rtype: dict
        """
        amounts = defaultdict(dict)
        for job in self._open_jobs():
            for payer, by_line in job._payer_line_amounts().items():
                amounts[payer].update(by_line)
        return amounts

    def _has_prices_included(self):
        """Tell whether the company quotes tax-included prices."""
        self.ensure_one()
        return self.company_id.account_price_include == 'tax_included'

    def _desk_cards(self):
        """Return what the desks show of each order; rooms add keys through super(), never a query per record.

        :rtype: dict[int, dict]
        """
        cards = {}
        now = fields.Datetime.now()
        flags = self._status_flags()
        jobs = self.env['aftersales.repair.job'].search_fetch([('order_id', 'in', self.ids)], CARD_JOB_FIELDS)
        jobs = jobs.grouped('order_id')
        for order in self:
            cards[order.id] = {
                'id': order.id,
                'name': order.name,
                'plate': order.license_plate or '',
                'plate_kind': order.vehicle_id.plate_kind or 'none',
                'customer': order.partner_name or '',
                'model': order.vehicle_id.model_id._label() if order.vehicle_id.model_id else '',
                'state': order.state,
                'profile': order.profile_id._code() if order.profile_id else False,
                'outcome': order.outcome,
                'status': order._status_by(flags[order.id]),
                'promised_at': fields.Datetime.to_string(order.promised_at) if order.promised_at else False,
                'minutes_left': int((order.promised_at - now).total_seconds() // 60) if order.promised_at else None,
                'place': order.customer_place,
                'advisor': order.advisor_id.name or '',
                'amount_total': order.amount_total,
                'flags': list(flags[order.id]),
                'jobs': [
                    {
                        'id': job.id,
                        'name': job.name,
                        'origin': job.origin,
                        'payer_kind': job.payer_kind,
                        'consent_state': job.consent_state,
                        'is_parked': job.is_parked,
                        'outcome': job.outcome,
                        'amount': job.amount_total,
                        'hours': job.billed_hours,
                    }
                    for job in jobs.get(order, ())
                ],
            }
        return cards

    # === ACTIONS === #

    def action_issue_estimate(self):
        """Issue the next estimate version, or explain what is missing."""
        self.ensure_one()
        if explain := self._gate_action('quoted', 'action_issue_estimate'):
            return explain
        self._issue_estimate()
        return False

    def action_view_history(self):
        """Show the earlier orders of this car."""
        self.ensure_one()
        return self.vehicle_id.action_view_orders()

    def action_preview_portal(self):
        """Open the page the customer gets, without a login."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'target': 'new', 'url': self.get_portal_url()}

    def action_view_estimates(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Estimates"),
            'res_model': 'aftersales.estimate',
            'view_mode': 'list,form',
            'domain': [('order_id', '=', self.id)],
            'context': {'create': False},
        }

    def action_review(self):
        """Record the review of a major job (R-ROLE-03)."""
        if not self.env.user.has_group('aftersales_service.group_frontdesk_supervisor'):
            raise coded_error(
                'REP-03', self.env._("Only a front-desk supervisor reviews major jobs. Ask one to open this order.")
            )
        self._guarded().write({'reviewed_by_id': self.env.uid, 'reviewed_at': fields.Datetime.now()})

    # === BUSINESS METHODS === #

    def _add_job(self, name, payer_kind='customer', **values):
        """Add one job and its single payer share.

        :param str name: the concern in the customer's words.
        :param str payer_kind: customer, warranty, insurance, internal, goodwill or undecided.
        :rtype: recordset of aftersales.repair.job
        """
        self.ensure_one()
        return self.env['aftersales.repair.job'].create(
            {'order_id': self.id, 'name': name, 'payer_kind': payer_kind, **values}
        )

    def _add_line(self, job, **values):
        """Add a line to a job at catalogue price."""
        return self.env['aftersales.repair.line'].create({'job_id': job.id, **values})

    def _apply_package(self, package, payer_kind='customer'):
        """Add a job from a service package; its fixed price, if any, is spread over the lines.

        :param package: `aftersales.package` record.
        :rtype: recordset of aftersales.repair.job
        """
        self.ensure_one()
        job = self._add_job(package.name, payer_kind=payer_kind, package_id=package.id)
        if not self.category_id:
            self.category_id = package.category_id
        lines = self.env['aftersales.repair.line'].create(
            [
                {
                    'job_id': job.id,
                    'kind': item.kind,
                    'labour_item_id': item.labour_item_id.id,
                    'product_id': item.product_id.id,
                    **({'quantity': item.quantity} if item.kind != 'labour' else {}),
                }
                for item in package.line_ids
            ]
        )
        if package.is_fixed_price:
            lines._spread_fixed_price(package.fixed_price)
        return job

    def _revive(self, job):
        """Offer a job refused at an earlier visit again, at today's prices (R-PROC-32).

        :param job: a declined job of the same car.
        :return: the new job, recommended, paid by the customer.
        """
        self.ensure_one()
        revived = job.copy(
            {'order_id': self.id, 'origin': 'recommended', 'revived_from_id': job.id, 'payer_kind': 'customer'}
        )
        for line in job.line_ids:
            line.copy({'job_id': revived.id})
        return revived

    def _payer(self, kind, partner=None, reason=None):
        """Find or add the payer of a kind; the partner defaults to who usually pays that kind."""
        self.ensure_one()
        partner = partner or self._default_payer_partner(kind)
        payer = self.payer_ids.filtered(lambda p: p.kind == kind and (not partner or p.partner_id == partner))[:1]
        if not payer:
            payer = self.env['aftersales.repair.payer'].create(
                {
                    'order_id': self.id,
                    'kind': kind,
                    'partner_id': partner.id if partner else False,
                    'reason_id': reason.id if reason else False,
                }
            )
        elif reason and payer.reason_id != reason:
            payer.reason_id = reason
        return payer

    def _default_payer_partner(self, kind):
        """Return the partner who usually pays a kind; empty where somebody must choose (insurer)."""
        self.ensure_one()
        if kind == 'customer':
            return self.partner_id
        if kind == 'warranty':
            return self.vehicle_id.brand_id.claim_partner_id
        if kind in ('internal', 'goodwill'):
            return self.company_id.partner_id
        return self.env['res.partner']

    def _promise(self, promised_at, reason=None, note=None):
        """Tell a new time and keep why (R-PROC-61); the first promise stays.

        :param datetime promised_at: UTC.
        """
        for order in self:
            old = order.promised_at
            order.promised_at = promised_at
            if old and old != promised_at:
                order.message_post(
                    body=self.env._(
                        "New promised time %(new)s instead of %(old)s. %(reason)s %(note)s",
                        new=fields.Datetime.to_string(promised_at),
                        old=fields.Datetime.to_string(old),
                        reason=reason.name if reason else '',
                        note=note or '',
                    )
                )

    def _cents(self, amount):
        """Return an amount of the order's currency in its smallest unit."""
        self.ensure_one()
        return int((Decimal(repr(amount)) / Decimal(repr(self.currency_id.rounding))).to_integral_value(ROUND_HALF_UP))
