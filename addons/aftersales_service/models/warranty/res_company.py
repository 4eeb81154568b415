from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    aftersales_claim_submit_days = fields.Integer(
        "Submit claims within (days)", default=30,
        help="From the end of the repair; for brands whose terms name no other number.",
    )

    aftersales_claim_warn_days = fields.Integer(
        "Warn before the deadline (days)", default=3,
        help="From then on the light of the deadline is amber and the clerk gets an activity.",
    )
    aftersales_claim_hours_green = fields.Float(
        "Clocked time, green from (%)", default=80.0, help="Clocked hours in percent of the claimed ones.",
    )
    aftersales_claim_hours_amber = fields.Float("Clocked time, amber from (%)", default=50.0, help="Below it the light is red.")
    aftersales_claim_repeat_days = fields.Integer(
        "Repeat repair within (days)", default=90,
        help="The same part or work on the same car within these days is a repeat repair.",
    )
    aftersales_claim_escalation_id = fields.Many2one(
        'res.users', "Rejected claims go to", help="Gets an activity when a manufacturer rejects a claim.",
        domain="[('share', '=', False)]",
    )

    _aftersales_claim_days_positive = models.Constraint(
        'CHECK(aftersales_claim_submit_days > 0 AND aftersales_claim_warn_days >= 0 AND aftersales_claim_repeat_days >= 0 '
        'AND aftersales_claim_hours_amber >= 0 AND aftersales_claim_hours_green >= aftersales_claim_hours_amber)',
        "Claims have at least one day; the green limit is not below the amber one.",
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
