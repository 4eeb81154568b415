from odoo import fields, models

from .old_part_const import IN_HOUSE


class AftersalesRepairJob(models.Model):
    _inherit = 'aftersales.repair.job'

    old_part_count = fields.Integer("Old Parts", compute='_compute_old_part_count')

    def _compute_old_part_count(self):
        counts = dict(self.env['aftersales.old.part']._read_group(
            [('job_id', 'in', self.ids), ('state', '!=', 'void')], ['job_id'], ['__count']))
        for job in self:
            job.old_part_count = counts.get(job._origin, 0)

    def action_view_old_parts(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_old_part_action')
        return {**action, 'domain': [('job_id', '=', self.id)], 'context': {}}

    def _old_parts_follow_payer_sudo(self):
        """sudo: who may change the payer need not handle old parts; a job without a payer keeps its owners."""
        parts = self.env['aftersales.old.part'].sudo().search([('job_id', 'in', self.ids), ('state', 'in', IN_HOUSE)])
        parts.filtered(lambda part: part.job_id.share_ids)._follow_payer_sudo()
