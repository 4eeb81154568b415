from odoo import api, fields, models


class AftersalesCarryOverWizard(models.TransientModel):
    """Move open jobs to a follow-up order: the car leaves and comes back."""

    _name = 'aftersales.carry.over.wizard'
    _description = "Carry Jobs Over"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    job_ids = fields.Many2many(
        'aftersales.repair.job',
        string="Jobs",
        required=True,
        domain="[('order_id', '=', order_id), ('outcome', '=', 'open')]",
        compute='_compute_job_ids',
        store=True,
        readonly=False,
    )

    @api.depends('order_id')
    def _compute_job_ids(self):
        for wizard in self:
            wizard.job_ids = wizard.order_id.job_ids.filtered(lambda job: job.outcome == 'open' and job.is_parked)

    def action_confirm(self):
        self.ensure_one()
        follow_up = self.order_id._carry_over(self.job_ids)
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'aftersales.repair.order',
            'res_id': follow_up.id,
            'views': [(False, 'form')],
        }
