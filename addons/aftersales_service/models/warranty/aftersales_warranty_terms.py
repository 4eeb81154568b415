from odoo import api, fields, models, tools

from .claim_const import CLAIM_TYPES


class AftersalesWarrantyTerms(models.Model):
    """What a manufacturer pays for warranty work and what he asks for, from a day on.

    New terms are a new row: older claims keep explaining themselves. A row that names the kind of claim goes before
    one that leaves it open; among equal rows the newest valid one counts. Hours are priced by the labour rates of the
    catalogue (payer: warranty).
    """

    _name = 'aftersales.warranty.terms'
    _description = "Warranty Terms of a Brand"
    _inherit = ['mail.thread', 'aftersales.cached.mixin']
    _order = 'brand_id, claim_type, date_from desc, id desc'

    # Whose, since when
    brand_id = fields.Many2one('aftersales.vehicle.brand', required=True, index=True, ondelete='restrict')
    claim_type = fields.Selection(CLAIM_TYPES, help="Empty: for every kind of claim.")
    date_from = fields.Date("Valid from", required=True, default=fields.Date.context_today, tracking=True)
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    active = fields.Boolean(default=True, tracking=True)

    # Prices
    part_basis = fields.Selection(
        [('cost', "Our cost × factor"), ('price', "Price list × factor")],
        "Parts are paid at", required=True, default='cost', tracking=True,
        help="Our cost is without tax; the factor covers purchase, stock and handling of the part.",
    )
    part_factor = fields.Float(
        "Factor on parts", required=True, default=1.0, digits=(6, 4), tracking=True, aggregator=None,
        help="1.33: the manufacturer pays 133 % of the basis.",
    )
    handling_method = fields.Selection(
        [('none', "None"), ('percent', "Percent of parts and labour"), ('fixed', "Fixed amount per claim")],
        "Handling fee", required=True, default='none', tracking=True,
    )
    handling_value = fields.Float(
        "Handling Fee", digits='Product Price', tracking=True, aggregator=None,
        help="Percent, or an amount in the company's price basis.",
    )

    # Rules of the procedure
    submit_days = fields.Integer(
        "Submit within (days)", tracking=True, aggregator=None,
        help="Days from the end of the repair to the last day of submission. 0: as the company.",
    )
    answer_hours = fields.Float(
        "Appraisal answered within (h)", aggregator=None,
        help="Hours in which an appraisal is answered. 0: as the company.",
    )
    permit_amount = fields.Monetary(
        "Permitted amount", tracking=True,
        help="Claims above it, tax included, need the manufacturer's pre-authorisation number. 0: no limit.",
    )
    supervisor_review = fields.Boolean(
        "Supervisor reviews appraisals", tracking=True, help="A second person confirms an appraisal before it counts.",
    )
    note = fields.Text()

    _key_uniq = models.UniqueIndex(
        "(company_id, brand_id, COALESCE(claim_type, ''), date_from) WHERE active",
        "There are terms of this brand, kind of claim and date already.",
    )
    _values_positive = models.Constraint(
        'CHECK(part_factor > 0 AND handling_value >= 0 AND submit_days >= 0 AND answer_hours >= 0 AND permit_amount >= 0)',
        "The factor is above zero; fees, days, hours and amounts are not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends('brand_id', 'claim_type', 'date_from')
    @api.depends_context('lang')
    def _compute_display_name(self):
        types = dict(self._fields['claim_type']._description_selection(self.env))
        for terms in self:
            parts = [terms.brand_id.name, types.get(terms.claim_type), fields.Date.to_string(terms.date_from)]
            terms.display_name = " · ".join(part for part in parts if part)

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache('company_id', 'brand_id')
    def _rows_of(self, company_id, brand_id):
        """Return the terms of a brand as tuples (kind of claim or False, date, id); sudo: no secret in the shop."""
        rows = self.sudo().search([('company_id', '=', company_id), ('brand_id', '=', brand_id)])
        return [(terms.claim_type or False, terms.date_from, terms.id) for terms in rows]
