from odoo import fields, models

from .const import CHECK_DIGIT_COUNTRIES


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_vin_check_digit = fields.Selection(
        [('auto', "Where the country uses it"), ('yes', "Always"), ('no', "Never")],
        string="VIN check digit", default='auto', required=True,
        help="Position 9 of the chassis number is a check digit in China, the United States and Canada. "
             "A brand may differ.",
    )
    aftersales_odometer_daily_max = fields.Integer(
        string="Most kilometres a day", default=1500,
        help="A reading that rises faster than this since the last one is questioned as a typing mistake.",
    )
    aftersales_service_interval_km = fields.Integer(string="Service every (km)", default=10000)
    aftersales_service_interval_months = fields.Integer(string="Service every (months)", default=6)

    _aftersales_vehicle_positive = models.Constraint(
        'CHECK(aftersales_odometer_daily_max > 0 AND aftersales_service_interval_km >= 0 '
        'AND aftersales_service_interval_months >= 0)',
        "Kilometres a day and service intervals are positive.",
    )

    # === BUSINESS METHODS === #

    def _aftersales_uses_vin_check_digit(self):
        """Return whether this company's chassis numbers carry a check digit, unless the brand says otherwise."""
        self.ensure_one()
        choice = self.sudo().aftersales_vin_check_digit
        return choice == 'yes' or choice == 'auto' and self.sudo().country_id.code in CHECK_DIGIT_COUNTRIES

    def _aftersales_integrity(self):
        """Add: the current owner of a vehicle differs from the open row of its history."""
        self.env['aftersales.vehicle'].flush_model()
        self.env['aftersales.vehicle.owner'].flush_model()
        rows = self.env.execute_query_dict(self.env['aftersales.vehicle']._owner_mismatch_sql(self))
        return super()._aftersales_integrity() + [{
            'code': 'VEH-I1',
            'name': self.env._("Owner history"),
            'severity': 'error',
            'res_model': 'aftersales.vehicle',
            'res_id': row['id'],
            'amount': 0.0,
            'message': self.env._(
                "The owner of %(vehicle)s is not the one its history ends with.", vehicle=row['name'],
            ),
        } for row in rows]
