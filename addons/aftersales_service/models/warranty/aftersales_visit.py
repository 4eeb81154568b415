from odoo import models


class AftersalesVisit(models.Model):
    _inherit = 'aftersales.visit'

    def _create_order(self, profile_code=None, **values):
        """Let coverage decide who pays what the customer asked for in his own words (R-WAR-17)."""
        known = self.order_id
        order = super()._create_order(profile_code, **values)
        if not known:
            order.job_ids.filtered(lambda job: job.origin == 'requested' and not job.line_ids)._default_payer()
        return order
