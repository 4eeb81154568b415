from odoo import api, fields, models


class AftersalesWarningWizard(models.TransientModel):
    """The customer signs that he was warned about the safety items he refused (R-PROC-65)."""

    _name = 'aftersales.warning.wizard'
    _description = "Safety Warning"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    job_ids = fields.Many2many('aftersales.repair.job', "Refused", compute='_compute_job_ids')
    name = fields.Char("Name of the Signer", required=True, compute='_compute_name', store=True, readonly=False)
    signature = fields.Image(max_width=1024, max_height=1024, help="Empty: signed on the printed sheet.")

    @api.depends('order_id')
    def _compute_job_ids(self):
        for wizard in self:
            wizard.job_ids = wizard.order_id._refused_safety_jobs()

    @api.depends('order_id')
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.order_id.contact_name or wizard.order_id.partner_id.name

    def action_confirm(self):
        self.ensure_one()
        self.order_id._acknowledge_safety(self.name, self.signature)
        return {'type': 'ir.actions.act_window_close'}
