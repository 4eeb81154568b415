from odoo import api, fields, models

from ..base.errors import coded_error


class ResPartner(models.Model):
    _inherit = 'res.partner'

    aftersales_on_account = fields.Boolean(
        "Pays On Account",
        company_dependent=True,
        groups='aftersales_service.group_cashier,aftersales_service.group_frontdesk_supervisor,aftersales_service.group_advisor',
        help="May take the car and pay by his terms, within the limit and with his signature on the statement.",
    )
    aftersales_credit_limit = fields.Float(
        "After-Sales Credit Limit",
        company_dependent=True,
        groups='aftersales_service.group_cashier,aftersales_service.group_frontdesk_supervisor',
        help="Open invoices and open repair orders together may reach this amount, tax included.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get('aftersales_on_account') or vals.get('aftersales_credit_limit') for vals in vals_list):
            self._ensure_may_grant_credit()
        return super().create(vals_list)

    def write(self, vals):
        if {'aftersales_on_account', 'aftersales_credit_limit'} & vals.keys():
            self._ensure_may_grant_credit()
        return super().write(vals)

    def _ensure_may_grant_credit(self):
        """Credit is granted by the accountant or the service manager, not by who sells (R-PROC-85).

        :raise UserError: SET-48
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_accountant')):
            raise coded_error('SET-48', self.env._("Accounts and credit limits are granted by the accountant."))
