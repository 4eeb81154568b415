from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import coverage as coverage_rules
from ...rules import vin as vin_rules
from ..base.errors import coded_error


class AftersalesVehicleCoverage(models.Model):
    """What one car was promised beyond its brand's policy: extended warranty, a recall or campaign, goodwill.

    Lists of the manufacturer are imported with the VIN; what a policy says is filled in and may be changed.
    """

    _name = 'aftersales.vehicle.coverage'
    _description = "Contract or Campaign of a Vehicle"
    _inherit = ['aftersales.import.mixin', 'aftersales.guarded.mixin', 'mail.thread']
    _order = 'vehicle_id, date_to, id'
    _rec_name = 'number'
    _check_company_auto = True
    _guarded_fields = frozenset({'done_order_id', 'done_at'})

    vehicle_id = fields.Many2one(
        'aftersales.vehicle', required=True, index=True, ondelete='cascade', check_company=True,
    )
    vin = fields.Char(
        "VIN", compute='_compute_vin', store=True, readonly=False, precompute=True,
        help="Type or import the chassis number: the car is found by it.",
    )
    license_plate = fields.Char(related='vehicle_id.license_plate')
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [('extended', "Extended Warranty"), ('campaign', "Campaign"), ('goodwill', "Goodwill")],
        required=True, default='extended', tracking=True,
    )
    number = fields.Char("Contract or Campaign No.", required=True, index='trigram', tracking=True)
    description = fields.Char(help="What is done or covered, in a few words.")
    policy_id = fields.Many2one(
        'aftersales.warranty.policy', domain="[('kind', '=', kind)]", ondelete='restrict', check_company=True,
    )
    partner_id = fields.Many2one(
        'res.partner', "Who Pays", compute='_compute_terms', store=True, readonly=False, check_company=True,
        precompute=True, help="Empty: the manufacturer of the brand.",
    )
    system_ids = fields.Many2many(
        'aftersales.vehicle.system', string="Systems", help="Empty: the whole car.",
    )
    date_from = fields.Date("From", tracking=True)
    date_to = fields.Date(
        "Until", compute='_compute_terms', store=True, readonly=False, precompute=True, tracking=True,
        help="Last day that is covered; empty: without a limit.",
    )
    km_to = fields.Integer(
        "Until (km)", compute='_compute_terms', store=True, readonly=False, precompute=True,
        help="Last kilometre that is covered; 0: without a limit.",
    )
    done_order_id = fields.Many2one('aftersales.repair.order', "Done With", readonly=True, copy=False, index='btree_not_null')
    done_at = fields.Datetime(readonly=True, copy=False)
    is_open = fields.Boolean("Campaign Open", compute='_compute_is_open', search='_search_is_open')

    _number_uniq = models.UniqueIndex(
        '(company_id, vehicle_id, kind, number) WHERE active', "This car is on that list already.",
    )
    _dates = models.Constraint(
        'CHECK((date_to IS NULL OR date_from IS NULL OR date_to >= date_from) AND km_to >= 0)',
        "A contract does not end before it begins, and kilometres are not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends('vehicle_id.vin')
    def _compute_vin(self):
        for record in self:
            record.vin = record.vehicle_id.vin or record.vin

    @api.depends('policy_id', 'date_from')
    def _compute_terms(self):
        for record in self:
            line = record.policy_id._line_for(record.system_ids[:1]) if record.policy_id else None
            record.partner_id = record.policy_id.partner_id or record.partner_id
            record.date_to = (
                coverage_rules.add_months(record.date_from, line.months)
                if line and line.months and record.date_from else record.date_to
            )
            record.km_to = line.km if line and line.km else record.km_to

    @api.depends('kind', 'done_at', 'date_to')
    def _compute_is_open(self):
        today = fields.Date.context_today(self)
        for record in self:
            record.is_open = record.kind == 'campaign' and not record.done_at and not (
                record.date_to and record.date_to < today)

    def _search_is_open(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [
            ('kind', '=', 'campaign'), ('done_at', '=', False),
            '|', ('date_to', '=', False), ('date_to', '>=', fields.Date.context_today(self)),
        ]

    # === CONSTRAINT METHODS === #

    @api.constrains('vin', 'vehicle_id')
    def _check_vehicle(self):
        for record in self:
            if record.vin and record.vehicle_id.vin and vin_rules.normalise(record.vin) != record.vehicle_id.vin:
                raise coded_error('WAR-07', self.env._(
                    "%(vin)s is not the chassis number of %(vehicle)s.",
                    vin=record.vin, vehicle=record.vehicle_id.display_name,
                ), ValidationError)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._find_vehicles(vals_list)
        return super().create(vals_list)

    def _find_vehicles(self, vals_list):
        """Fill in the car of rows that name it by its chassis number only, as a manufacturer's list does.

        :raise ValidationError: WAR-08 no car of the company has that number.
        """
        rows = [vals for vals in vals_list if vals.get('vin') and not vals.get('vehicle_id')]
        if not rows:
            return
        vehicles = self.env['aftersales.vehicle'].search_fetch(
            [('vin', 'in', [vin_rules.normalise(vals['vin']) for vals in rows])], ['vin', 'company_id'],
        )
        by_vin = {(vehicle.vin, vehicle.company_id.id): vehicle.id for vehicle in vehicles}
        for vals in rows:
            company_id = vals.get('company_id') or self.env.company.id
            vehicle_id = by_vin.get((vin_rules.normalise(vals['vin']), company_id))
            if not vehicle_id:
                raise coded_error('WAR-08', self.env._(
                    "No car with the chassis number %(vin)s is on file. Create the car first, or leave the row out.",
                    vin=vals['vin'],
                ), ValidationError)
            vals['vehicle_id'] = vehicle_id

    # === BUSINESS METHODS === #

    def _mark_done(self, order):
        """Record that a campaign was carried out with an order."""
        self._guarded().write({'done_order_id': order.id, 'done_at': fields.Datetime.now()})

    def _concerns(self, system):
        """Tell whether this promise covers a vehicle system, or the whole car where none is named.

        A campaign covers what it mends only; contracts without systems cover the whole car.
        """
        self.ensure_one()
        return system in self.system_ids if system and self.system_ids else not self.system_ids and self.kind != 'campaign'

    def _term(self):
        """Return this promise for `rules.coverage`."""
        self.ensure_one()
        return coverage_rules.Term(
            kind=self.kind, start=self.date_from or None, until=self.date_to or None, until_km=self.km_to,
        )
