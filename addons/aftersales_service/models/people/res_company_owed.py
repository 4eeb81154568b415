from odoo import models


class ResCompany(models.Model):
    _inherit = 'res.company'

    def _aftersales_owed_account(self):
        """Return the account against which compensations are deducted: who bears a lost tool owes it there."""
        company = self.sudo()
        return company.aftersales_employee_account_id or company.root_id.aftersales_employee_account_id \
            or super()._aftersales_owed_account()
