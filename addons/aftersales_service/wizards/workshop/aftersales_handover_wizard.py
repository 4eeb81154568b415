from odoo import api, fields, models


class AftersalesHandoverWizard(models.TransientModel):
    """Give the car, its key and its papers to the workshop."""

    _name = 'aftersales.handover.wizard'
    _description = "Hand Over to the Workshop"

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True)
    company_id = fields.Many2one(related='order_id.company_id')
    receiver_id = fields.Many2one(
        'hr.employee', "Received By", required=True, default=lambda self: self._default_receiver_id()
    )
    at = fields.Datetime("Time", required=True, default=fields.Datetime.now)
    needs_reason = fields.Boolean(compute='_compute_needs_reason')
    reason = fields.Char("Why Recorded Late")
    has_key = fields.Boolean("Key", default=True)
    has_order = fields.Boolean("Repair Order", default=True)
    has_sheet = fields.Boolean("Intake Sheet", default=True)
    is_explained = fields.Boolean("Contents and Time Explained", default=True)
    wash_before = fields.Char("Wash Before Work", help="Why; empty if it is not washed before.")
    note = fields.Text()

    def _default_receiver_id(self):
        return self.env.user.employee_id if self.env.user.has_group('aftersales_service.group_dispatcher') else False

    @api.depends('at', 'order_id')
    def _compute_needs_reason(self):
        for wizard in self:
            wizard.needs_reason = bool(wizard.at and wizard.order_id) and not wizard.order_id._handover_is_precise(
                wizard.at
            )

    def action_confirm(self):
        self.ensure_one()
        self.order_id._hand_over(
            self.receiver_id,
            at=self.at if self.needs_reason else None,
            reason=self.reason,
            note=self.note,
            has_key=self.has_key,
            has_order=self.has_order,
            has_sheet=self.has_sheet,
            is_explained=self.is_explained,
            wash_before=self.wash_before,
        )
        return {'type': 'ir.actions.act_window_close'}
