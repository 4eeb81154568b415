from odoo import api, fields, models, tools
from odoo.fields import Domain

from .const import ENERGIES


class AftersalesVehicleModel(models.Model):
    """A model of cars, as sold: the key to book hours (by its group), packages, intervals and warranty terms."""

    _name = 'aftersales.vehicle.model'
    _description = "Vehicle model"
    _order = 'brand_id, name, id'
    _rec_names_search = ['name', 'code', 'brand_id.name']

    name = fields.Char(required=True, translate=True, index='trigram')
    code = fields.Char(index=True, help="The maker's model code.")
    active = fields.Boolean(default=True)
    brand_id = fields.Many2one('aftersales.vehicle.brand', required=True, index=True, ondelete='restrict')
    model_group_id = fields.Many2one(
        'aftersales.vehicle.model.group', string="Model group", index='btree_not_null', ondelete='restrict',
        domain="[('brand_id', 'in', (brand_id, False))]",
    )
    energy = fields.Selection(ENERGIES)
    year_from = fields.Integer(string="Built from")
    year_to = fields.Integer(string="Built until")

    # === SERVICE AND WARRANTY === #

    service_interval_km = fields.Integer(string="Service every (km)", help="Empty: as the brand.")
    service_interval_months = fields.Integer(string="Service every (months)", help="Empty: as the brand.")
    warranty_months = fields.Integer(string="Warranty (months)", help="Empty: as the brand.")
    warranty_km = fields.Integer(string="Warranty (km)", help="Empty: as the brand.")

    vehicle_count = fields.Integer(compute='_compute_vehicle_count')

    _name_uniq = models.UniqueIndex(
        "(brand_id, (name->>'en_US'), COALESCE(code, '')) WHERE active",
        "This brand has a model with this name and code already.",
    )
    _intervals = models.Constraint(
        'CHECK(service_interval_km >= 0 AND service_interval_months >= 0 '
        'AND warranty_months >= 0 AND warranty_km >= 0)',
        "Intervals and warranty terms cannot be negative.",
    )

    # === COMPUTE METHODS === #

    def _compute_vehicle_count(self):
        counts = dict(self.env['aftersales.vehicle']._read_group(
            [('model_id', 'in', self.ids)], ['model_id'], ['__count']))
        for model in self:
            model.vehicle_count = counts.get(model._origin, 0)

    @api.depends('name', 'brand_id.name')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for model in self:
            model.display_name = ' '.join(filter(None, (model.brand_id.name, model.name)))

    @api.model
    def _search_display_name(self, operator, value):
        """Search brand and model as they are displayed: each word in either, or (imports) the whole name exactly."""
        if operator == 'ilike' and isinstance(value, str):
            return Domain.AND(
                super(AftersalesVehicleModel, self)._search_display_name(operator, word) for word in value.split()
            )
        if operator == 'in':
            found = super()._search_display_name(operator, value)
            for words in (text.split() for text in value if isinstance(text, str)):
                for cut in range(1, len(words)):
                    found |= Domain('brand_id.name', '=', ' '.join(words[:cut])) & Domain(
                        'name', '=', ' '.join(words[cut:]))
            return found
        return super()._search_display_name(operator, value)

    # === CRUD METHODS === #

    def write(self, vals):
        if {'name', 'brand_id'} & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)

    # === BUSINESS METHODS === #

    @tools.ormcache('self.id', 'self.env.lang')
    def _label(self):
        """Return brand and model as every card shows them; kept, as there are few and they hardly change."""
        return self.sudo().display_name

    # === ACTION METHODS === #

    def action_view_vehicles(self):
        """Open the vehicles of this model."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_vehicle_action')
        return {**action, 'domain': [('model_id', '=', self.id)], 'context': {'default_model_id': self.id}}
