from odoo import api, fields, models

PHOTOS = {
    'large': {'standard': 4, 'fleet': 4, 'accident': 4, 'tow_in': 4, 'express': 1},
    'small': {'standard': 1, 'fleet': 1, 'accident': 4, 'tow_in': 4, 'express': 1},
}


class AftersalesProfile(models.Model):
    _inherit = 'aftersales.profile'

    check_in_photo_count = fields.Integer(
        string="Check-In Photos", compute='_compute_check_in_photo_count', store=True, readonly=False, precompute=True,
        help="How many photos the gate “check-in photos” asks for.")

    @api.depends('code')
    def _compute_check_in_photo_count(self):
        for profile in self:
            profile.check_in_photo_count = profile._shipped_photo_count(profile.company_id.aftersales_shop_size)

    def _shipped_photo_count(self, size):
        self.ensure_one()
        return PHOTOS.get(size or 'large', PHOTOS['large']).get(self.code, 0)
