from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error
from .const import COVERAGE_KINDS

POLICY_KINDS = [kind for kind in COVERAGE_KINDS if kind[0] != 'own_repair']


class AftersalesWarrantyPolicy(models.Model):
    """What a manufacturer (or an insurer of extended warranty) promises for a brand or some models, by vehicle system.

    Policies hold for cars sold between two dates, so that last year's terms stay what they were.
    """

    _name = 'aftersales.warranty.policy'
    _description = "Warranty Policy"
    _inherit = ['mail.thread']
    _order = 'brand_id, kind, date_from desc, id'
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one('res.company', help="Empty: for every company.")
    kind = fields.Selection(
        POLICY_KINDS, required=True, default='manufacturer', tracking=True,
        help="Campaign and extended warranty hold only for cars that are listed under Contracts and Campaigns.",
    )
    brand_id = fields.Many2one('aftersales.vehicle.brand', index=True, ondelete='restrict', tracking=True)
    model_ids = fields.Many2many(
        'aftersales.vehicle.model', string="Models", domain="[('brand_id', '=?', brand_id)]",
        help="Empty: every model of the brand.",
    )
    date_from = fields.Date("Sold From", tracking=True, help="Holds for cars whose warranty began on this day or later.")
    date_to = fields.Date("Sold Until", tracking=True)
    start_basis = fields.Selection(
        [('sale', "Sale (Warranty Start)"), ('registration', "First Registration"), ('repair', "Fitting of the Part")],
        "Counts From", compute='_compute_start_basis', store=True, readonly=False, required=True, precompute=True,
    )
    partner_id = fields.Many2one(
        'res.partner', "Who Pays", check_company=True, help="Empty: the manufacturer of the brand.",
    )
    line_ids = fields.One2many('aftersales.warranty.policy.line', 'policy_id', "Systems", copy=True)
    summary = fields.Char(compute='_compute_summary')
    note = fields.Html("Terms", help="What the handbook says: conditions, duties of the owner, exclusions in words.")

    _dates = models.Constraint(
        'CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)',
        "The policy ends before it begins.",
    )

    @api.depends('kind')
    def _compute_start_basis(self):
        for policy in self:
            policy.start_basis = 'repair' if policy.kind == 'part' else policy.start_basis or 'sale'

    @api.depends('line_ids.months', 'line_ids.km', 'line_ids.is_excluded', 'line_ids.system_id.name')
    def _compute_summary(self):
        for policy in self:
            policy.summary = '; '.join(line._summary() for line in policy.line_ids[:4]) or False

    @api.constrains('brand_id', 'kind')
    def _check_brand(self):
        for policy in self:
            if policy.kind == 'manufacturer' and not policy.brand_id:
                raise coded_error('WAR-02', self.env._(
                    "“%(policy)s” is a manufacturer's warranty: choose the brand.", policy=policy.name,
                ), ValidationError)

    @api.model
    def _for_brands(self, brands, companies):
        """Return the policies of some brands with their lines, the most specific first: models before brands.

        sudo: what is promised for a car is told to whoever sees the car; only periods and payers leave.

        :rtype: recordset of aftersales.warranty.policy
        """
        policies = self.sudo().search_fetch(
            [
                ('brand_id', 'in', [*brands.ids, False]),
                ('company_id', 'in', [*companies.ids, False]),
                ('kind', 'in', ('manufacturer', 'part', 'goodwill')),
            ],
            ['name', 'kind', 'brand_id', 'model_ids', 'date_from', 'date_to', 'start_basis', 'partner_id', 'company_id', 'line_ids'],
        )
        return policies.sorted(lambda policy: (not policy.model_ids, not policy.brand_id, policy.id))

    def _holds_for(self, vehicle, company, sold):
        """Tell whether this policy is about a car sold on a day.

        :param datetime.date sold: start of the warranty; None: not known, dates are not looked at.
        """
        self.ensure_one()
        return (
            self.brand_id in (vehicle.brand_id, self.env['aftersales.vehicle.brand'])
            and (not self.model_ids or vehicle.model_id in self.model_ids)
            and self.company_id in (company, self.env['res.company'])
            and not (sold and self.date_from and sold < self.date_from)
            and not (sold and self.date_to and sold > self.date_to)
        )

    def _line_for(self, system):
        """Return the line of a vehicle system: its own, else the one for the whole car.

        :param system: aftersales.vehicle.system, may be empty.
        :rtype: recordset of aftersales.warranty.policy.line, empty where the policy says nothing of it.
        """
        self.ensure_one()
        lines = self.line_ids
        return lines.filtered(lambda line: system and line.system_id == system)[:1] or lines.filtered(
            lambda line: not line.system_id)[:1]
