from odoo import api, fields, models, tools

from ..base.const import PAYER_KINDS, SKILLS


class AftersalesLabourRate(models.Model):
    """What an hour costs, for whom, from when. A new price is a new row: old orders keep explaining themselves.

    A row that names a payer, brand or skill goes before one that leaves it open; among equal rows the newest valid
    one counts.
    """

    _name = 'aftersales.labour.rate'
    _description = "Labour rate"
    _inherit = ['mail.thread', 'aftersales.cached.mixin']
    _order = 'company_id, payer_kind, brand_id, skill, date_from desc'
    _rec_name = 'payer_kind'

    payer_kind = fields.Selection(PAYER_KINDS, string="Payer", help="Empty: for every payer.")
    skill = fields.Selection(SKILLS, help="Empty: for every skill grade.")
    brand_id = fields.Many2one('aftersales.vehicle.brand', ondelete='restrict', help="Empty: for every brand.")
    date_from = fields.Date(string="Valid from", required=True, default=fields.Date.context_today, tracking=True)
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    price_per_hour = fields.Monetary(
        required=True, tracking=True, aggregator='max',
        help="On the company's price basis: with tax when its prices include tax, else without.",
    )
    active = fields.Boolean(default=True, tracking=True)

    _key_uniq = models.UniqueIndex(
        "(company_id, COALESCE(payer_kind, ''), COALESCE(brand_id, 0), COALESCE(skill, ''), date_from) WHERE active",
        "There is a rate for this payer, brand, skill and date already.",
    )
    _price_positive = models.Constraint('CHECK(price_per_hour >= 0)', "A labour rate cannot be negative.")

    # === COMPUTE METHODS === #

    @api.depends('payer_kind', 'skill', 'brand_id', 'price_per_hour')
    @api.depends_context('lang')
    def _compute_display_name(self):
        payers = dict(self._fields['payer_kind']._description_selection(self.env))
        skills = dict(self._fields['skill']._description_selection(self.env))
        for rate in self:
            parts = [
                payers.get(rate.payer_kind) or self.env._("Every payer"), rate.brand_id.name, skills.get(rate.skill),
            ]
            rate.display_name = " · ".join(part for part in parts if part)

    # === BUSINESS METHODS === #

    @api.model
    def _rate(self, payer_kind, skill, brand, date, company):
        """Return the price of an hour on the company's price basis; 0.0 where nothing is agreed.

        :param str payer_kind: customer | warranty | insurance | internal | goodwill.
        :param str skill: skill grade of the labour item, may be False.
        :param brand: aftersales.vehicle.brand, may be empty.
        :param datetime.date date: day of the work.
        :param company: res.company.
        :rtype: float
        """
        key = {'payer_kind': payer_kind or False, 'brand_id': brand.id if brand else False, 'skill': skill or False}
        # What is named counts before what is left open: payer, then brand, then skill; then the newest. Where a branch
        # agreed on nothing, the price of the company above it counts.
        for company_id in reversed(company.sudo().parent_ids.ids):
            fitting = [
                ((*(bool(wanted[name]) for name in key), date_from), price)
                for date_from, price, wanted in self._rates_of(company_id)
                if date_from <= date and all(not value or value == key[name] for name, value in wanted.items())
            ]
            if fitting:
                return max(fitting)[1]
        return 0.0

    @api.model
    @tools.ormcache('company_id')
    def _rates_of(self, company_id):
        """Return the rates of a company as plain tuples; sudo: the price list of labour is public in the shop."""
        return [
            (rate.date_from, rate.price_per_hour, {
                'payer_kind': rate.payer_kind, 'brand_id': rate.brand_id.id, 'skill': rate.skill,
            })
            for rate in self.sudo().search([('company_id', '=', company_id)])
        ]
