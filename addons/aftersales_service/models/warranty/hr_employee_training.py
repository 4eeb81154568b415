from odoo import fields, models

READERS = 'hr.group_hr_user,aftersales_service.group_hr_officer,aftersales_service.group_service_manager'


class HrEmployee(models.Model):
    _inherit = 'hr.employee'

    # Not prefetched: who reads a colleague's public profile (HR's desk, a manager) would be refused for fields not on it.
    aftersales_warranty_trained_on = fields.Date(
        "Warranty Training", groups=READERS, prefetch=False,
        help="Passed the manufacturer's training for warranty clerks on this day (R-PERM-07).",
    )
    aftersales_warranty_trained_until = fields.Date(
        "Training Valid Until", groups=READERS, prefetch=False, help="Empty: without a limit.",
    )

    def _has_warranty_training(self, day):
        """Tell whether a warranty training was passed and is valid on a day."""
        self.ensure_one()
        until = self.aftersales_warranty_trained_until
        return bool(
            self.aftersales_warranty_trained_on
            and self.aftersales_warranty_trained_on <= day
            and (not until or until >= day)
        )
