from odoo import models


class AftersalesRepairJob(models.Model):
    """A job that ends gives its reserved parts back to the shelf."""

    _inherit = 'aftersales.repair.job'

    def write(self, vals):
        result = super().write(vals)
        if vals.get('outcome') in ('declined', 'cancelled'):
            self._release_parts_sudo()
        return result

    def _release_parts_sudo(self):
        """Cancel open requests and purchases; sudo: whoever may end the job may free what was kept for it."""
        lines = self.sudo().line_ids
        for job in self.sudo():
            job.line_ids.request_ids._lose(job.outcome_reason_id)
        lines.move_ids.filtered(
            lambda move: move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel')
        )._action_cancel()
        lines.filtered(lambda line: line.sublet_state == 'ordered')._cancel_sublet()
