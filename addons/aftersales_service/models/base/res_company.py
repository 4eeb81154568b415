from odoo import api, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._aftersales_prepare_company()
        return companies

    # === BUSINESS METHODS === #

    def _aftersales_prepare_company(self):
        """Create what each company needs to run the shop; every room adds its own through super().

        Idempotent: looks for a record before creating it (a reinstall finds the old ones).
        """

    def _aftersales_retire_company(self):
        """Archive, at uninstallation, what `_aftersales_prepare_company` made without an xmlid."""
