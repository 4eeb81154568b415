from odoo import api, models

from .old_part_const import IN_HOUSE


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


class AftersalesRepairJob(models.Model):
    _inherit = 'aftersales.repair.job'

    def _old_parts_follow_payer_sudo(self):
        """sudo: who may change the payer need not handle old parts; a job without a payer keeps its owners."""
        parts = self.env['aftersales.old.part'].sudo().search([('job_id', 'in', self.ids), ('state', 'in', IN_HOUSE)])
        parts.filtered(lambda part: part.job_id.share_ids)._follow_payer_sudo()
