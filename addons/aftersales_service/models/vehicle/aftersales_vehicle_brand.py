from odoo import api, fields, models

from ...rules import vin as vin_rules


class AftersalesVehicleBrand(models.Model):
    """A make of cars. Says how its chassis numbers are checked and how often its cars come for service."""

    _name = 'aftersales.vehicle.brand'
    _description = "Vehicle brand"
    _inherit = ['image.mixin']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    wmi_codes = fields.Char(
        string="VIN prefixes",
        help="First three characters of this brand's chassis numbers, separated by commas: LSV, LFV. "
             "A new vehicle with such a VIN gets the brand by itself.",
    )
    vin_check = fields.Selection(
        [
            ('company', "As the company"),
            ('off', "Not at all"),
            ('structure', "17 characters"),
            ('check_digit', "17 characters with check digit"),
        ],
        string="VIN check", default='company', required=True,
        help="European makers do not use the check digit in position 9: choose 17 characters for imported cars.",
    )

    # === SERVICE AND WARRANTY === #

    service_interval_km = fields.Integer(string="Service every (km)", help="Empty: as the company.")
    service_interval_months = fields.Integer(string="Service every (months)", help="Empty: as the company.")
    warranty_months = fields.Integer(string="Warranty (months)")
    warranty_km = fields.Integer(string="Warranty (km)")

    model_ids = fields.One2many('aftersales.vehicle.model', 'brand_id', string="Models")
    model_count = fields.Integer(compute='_compute_counts')
    vehicle_count = fields.Integer(compute='_compute_counts')

    _name_uniq = models.UniqueIndex("((name->>'en_US')) WHERE active", "A brand with this name exists already.")
    _intervals = models.Constraint(
        'CHECK(service_interval_km >= 0 AND service_interval_months >= 0 '
        'AND warranty_months >= 0 AND warranty_km >= 0)',
        "Intervals and warranty terms cannot be negative.",
    )

    # === COMPUTE METHODS === #

    def _compute_counts(self):
        models_ = dict(self.env['aftersales.vehicle.model']._read_group(
            [('brand_id', 'in', self.ids)], ['brand_id'], ['__count']))
        vehicles = dict(self.env['aftersales.vehicle']._read_group(
            [('brand_id', 'in', self.ids)], ['brand_id'], ['__count']))
        for brand in self:
            brand.model_count = models_.get(brand._origin, 0)
            brand.vehicle_count = vehicles.get(brand._origin, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        if 'name' in vals:
            self.env.registry.clear_cache()  # names of models are kept (`_label`)
        return super().write(vals)

    # === ACTION METHODS === #

    def action_view_vehicles(self):
        """Open the vehicles of this brand."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_vehicle_action')
        return {**action, 'domain': [('brand_id', '=', self.id)], 'context': {'default_brand_id': self.id}}

    # === BUSINESS METHODS === #

    @api.model
    def _by_wmi(self):
        """Return the brand of each VIN prefix.

        :rtype: dict[str, recordset of aftersales.vehicle.brand]
        """
        return {
            vin_rules.normalise(code): brand
            for brand in self.search_fetch([('wmi_codes', '!=', False)], ['wmi_codes'])
            for code in brand.wmi_codes.replace('，', ',').split(',') if code.strip()
        }
