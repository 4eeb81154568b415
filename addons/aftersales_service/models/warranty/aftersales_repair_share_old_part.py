from odoo import api, models


class AftersalesRepairShare(models.Model):
    """When another payer takes a job over, the old parts still in the house become his."""

    _inherit = 'aftersales.repair.share'

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares.job_id._old_parts_follow_payer_sudo()
        return shares

    def write(self, vals):
        jobs = self.job_id
        result = super().write(vals)
        if {'payer_id', 'job_id'} & vals.keys():
            (jobs | self.job_id)._old_parts_follow_payer_sudo()
        return result

    def unlink(self):
        jobs = self.job_id
        result = super().unlink()
        jobs.exists()._old_parts_follow_payer_sudo()
        return result
