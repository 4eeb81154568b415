from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_claim_submit_days = fields.Integer(
        "Submit claims within (days)", default=30,
        help="From the end of the repair; for brands whose terms name no other number.",
    )

    _aftersales_claim_days_positive = models.Constraint(
        'CHECK(aftersales_claim_submit_days > 0)', "Claims have at least one day.",
    )

    # === BUSINESS METHODS: PREPARATION === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence(
            'aftersales.warranty.claim', self.env._("Warranty Claims"), 'WC%(y)s%(month)s-')
        return result

    @api.model
    def _aftersales_prepare_warranty(self):
        """Prepare the companies that were there before the warranty room; called on every update."""
        self.env['res.company'].sudo().search([])._aftersales_prepare_company()

    def _aftersales_claim_number_sudo(self):
        """Return the next claim number; sudo: counters are readable by administrators only."""
        self.ensure_one()
        number = self.env['ir.sequence'].sudo().with_company(self).next_by_code('aftersales.warranty.claim')
        if not number:
            self.sudo()._aftersales_prepare_company()
            number = self.env['ir.sequence'].sudo().with_company(self).next_by_code('aftersales.warranty.claim')
        return number
