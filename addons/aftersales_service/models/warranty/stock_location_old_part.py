from odoo import api, models

from ..base.errors import coded_error
from ..parts.guard import is_open, opened


class StockLocation(models.Model):
    """Shelves below the Old-parts place are Old-parts places too."""

    _inherit = 'stock.location'

    @api.model_create_multi
    def create(self, vals_list):
        locations = super().create(vals_list)
        shelves = locations.filtered(
            lambda place: not place.aftersales_role and place.location_id.aftersales_role == 'old_parts')
        if shelves:
            opened(shelves).write({'aftersales_role': 'old_parts'})
        return locations

    def write(self, vals):
        if 'location_id' in vals and not is_open(self):
            target = self.browse(vals['location_id'] or ()).aftersales_role == 'old_parts'
            for place in self:
                if target != (place.location_id.aftersales_role == 'old_parts'):
                    raise coded_error('WAR-79', self.env._(
                        "%(place)s: shelves for old parts stay below their Old-parts place, and no other shelf goes there. "
                        "Create a new shelf instead.", place=place.display_name,
                    ))
        return super().write(vals)
