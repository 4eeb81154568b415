from odoo import api, fields, models

from ...rules import coverage as coverage_rules


class AftersalesVehicle(models.Model):
    """What a car is covered for: its brand's policy, its contracts and campaigns."""

    _inherit = 'aftersales.vehicle'

    coverage_ids = fields.One2many('aftersales.vehicle.coverage', 'vehicle_id', "Contracts and Campaigns", copy=False)
    guarantee_watch_ids = fields.One2many('aftersales.guarantee.watch', 'vehicle_id', "Repair, Replace, Refund Watch")
    guarantee_level = fields.Selection(related='guarantee_watch_ids.level', string="Three Guarantees")
    coverage_count = fields.Integer("Contracts", compute='_compute_coverage_count')

    # === COMPUTE METHODS === #

    @api.depends('coverage_ids')
    def _compute_coverage_count(self):
        counts = dict(self.env['aftersales.vehicle.coverage']._read_group(
            [('vehicle_id', 'in', self.ids)], ['vehicle_id'], ['__count']))
        for vehicle in self:
            vehicle.coverage_count = counts.get(vehicle._origin, 0)

    @api.depends(
        'brand_id', 'model_id', 'warranty_start', 'warranty_months', 'warranty_km', 'registration_date', 'distance', 'odometer',
        'company_id')
    def _compute_warranty_state(self):
        """Read the state from the policies, and how near is near from the settings of the company."""
        found = self.env['aftersales.coverage'].with_context(aftersales_own_terms_only=True)._of_vehicles(self)
        for vehicle in self:
            vehicle.warranty_state = found[vehicle].state

    # === GETTERS === #

    def _coverage_km(self, reading=0):
        """Return how far the car had come, over all instruments it had; None when nobody knows.

        :param int reading: what the present instrument showed; default the last reading.
        """
        self.ensure_one()
        before = max(self.distance - self.odometer, 0)
        return (reading or self.odometer) + before or None

    def _own_terms(self):
        """Return the warranty on the car's file as a term: for brands nobody entered a policy for."""
        self.ensure_one()
        return coverage_rules.Term(
            'manufacturer', self.warranty_start or None, self.warranty_months, self.warranty_km,
        )

    def action_view_coverage(self):
        """Show the contracts and campaigns of this car."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('aftersales_service.vehicle_coverage_action'),
            'domain': [('vehicle_id', '=', self.id)],
            'context': {'default_vehicle_id': self.id, 'default_company_id': self.company_id.id},
        }

    def action_view_guarantee(self):
        """Show how near this car is to the limits of the 三包 rules."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Repair, Replace, Refund Watch"),
            'res_model': 'aftersales.guarantee.watch',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'res_id': self.guarantee_watch_ids[:1].id,
        }
