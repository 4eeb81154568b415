from odoo import fields, models


class AftersalesVehicle(models.Model):
    _inherit = 'aftersales.vehicle'

    old_part_count = fields.Integer("Old Parts", compute='_compute_old_part_count')

    def _compute_old_part_count(self):
        counts = dict(self.env['aftersales.old.part']._read_group(
            [('vehicle_id', 'in', self.ids), ('state', '!=', 'void')], ['vehicle_id'], ['__count']))
        for vehicle in self:
            vehicle.old_part_count = counts.get(vehicle._origin, 0)

    def action_view_old_parts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_old_part_action')
        return {**action, 'domain': [('vehicle_id', '=', self.id)], 'context': {}}
