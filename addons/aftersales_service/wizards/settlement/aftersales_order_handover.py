from odoo import fields, models


class AftersalesOrderHandover(models.TransientModel):
    """Dialog at the car: pick-up code, explanation, signature, or what is wrong."""

    _name = 'aftersales.order.handover'
    _description = "Hand Over the Car"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    name = fields.Char("Received By", compute='_compute_name', store=True, readonly=False, precompute=True)
    pickup_code = fields.Char()
    signature = fields.Binary()
    is_explained = fields.Boolean("Work Explained", default=True)
    are_old_parts_shown = fields.Boolean("Old Parts Shown", default=True)
    issue = fields.Text("Damage or Missing Items")

    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.order_id.contact_name or wizard.order_id.partner_name

    def action_confirm(self):
        self.ensure_one()
        if self.is_explained:
            self.order_id._explain(old_parts=self.are_old_parts_shown)
        self.order_id._hand_back(self.name, self.signature, self.pickup_code)
        return {'type': 'ir.actions.act_window_close'}

    def action_report_issue(self):
        self.ensure_one()
        self.order_id._report_handover_issue(self.issue)
        return {'type': 'ir.actions.act_window_close'}
