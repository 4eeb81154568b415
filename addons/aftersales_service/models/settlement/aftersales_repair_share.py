from odoo import api, models


class AftersalesRepairShare(models.Model):
    _inherit = 'aftersales.repair.share'

    @api.depends(
        'job_id.line_ids.credited_amount',
        'job_id.line_ids.rounding_amount',
        'job_id.line_ids.transfer_ids.amount',
        'job_id.line_ids.transfer_ids.to_payer_id',
    )
    def _compute_amount(self):
        return super()._compute_amount()
