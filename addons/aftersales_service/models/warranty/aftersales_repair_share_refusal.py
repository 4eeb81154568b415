from odoo import api, models


class AftersalesRepairShare(models.Model):
    """A job that the manufacturer does not pay becomes the customer's only when he agreed (R-WAR-14)."""

    _inherit = 'aftersales.repair.share'

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares._ensure_refusal_agreed()
        return shares

    def write(self, vals):
        result = super().write(vals)
        if 'payer_id' in vals or 'job_id' in vals:
            self._ensure_refusal_agreed()
        return result

    def _ensure_refusal_agreed(self):
        """Refuse the customer as payer of a refused job, until the verb that records his agreement brings him in."""
        if self.env['aftersales.warranty.appraisal']._is_guarded():
            return
        jobs = self.filtered(lambda share: share.payer_id.kind == 'customer').job_id
        # sudo: whoever changes the payer is asked for the customer's answer, whether he may read appraisals or not.
        refused = jobs.sudo().appraisal_id.filtered(
            lambda appraisal: appraisal.state in ('refused', 'explained') and not appraisal._customer_agreed())
        refused.with_env(self.env)._ensure_no_blockers('customer_pays')
