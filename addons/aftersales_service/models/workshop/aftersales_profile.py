from odoo import fields, models


class AftersalesProfile(models.Model):
    _inherit = 'aftersales.profile'

    track_interval_min = fields.Integer(
        "Progress Check Every (min)",
        help="Empty: as in the settings; accident orders once a day.",
    )

    _track_interval_positive = models.Constraint('CHECK(track_interval_min >= 0)', "The interval is not negative.")

    def _track_minutes(self):
        """Return after how many minutes the advisor asks again how it goes (R-PROC-66).

        :rtype: int
        """
        self.ensure_one()
        profile = self.sudo()
        return profile.track_interval_min or (
            24 * 60 if profile.code == 'accident' else profile.company_id.aftersales_track_interval_min
        )
