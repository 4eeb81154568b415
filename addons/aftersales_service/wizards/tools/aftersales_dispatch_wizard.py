from odoo import api, fields, models


class AftersalesDispatchWizard(models.TransientModel):
    _inherit = 'aftersales.dispatch.wizard'

    tool_situation = fields.Html("Special Tools", compute='_compute_tool_situation', sanitize=False)

    @api.depends('job_ids', 'due_at')
    def _compute_tool_situation(self):
        """Show whether the special tools of the work are free until it is due, or who has them (R-TOOL-12)."""
        Operation = self.env['aftersales.operation']
        now = fields.Datetime.now()
        for wizard in self:
            # sudo: the dispatcher may not read the catalogue's links; names of tools and holders are no secret to him.
            categories = wizard.job_ids.sudo()._workshop_lines().labour_item_id.tool_category_ids
            start, end = self.env['aftersales.tool.reservation']._prepare_window(wizard, now, wizard.due_at)
            rows = categories._situation_sudo(wizard.company_id, start, end) if categories else []
            wizard.tool_situation = Operation._tool_situation_html(rows)
