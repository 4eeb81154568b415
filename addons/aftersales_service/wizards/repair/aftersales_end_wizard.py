from odoo import fields, models


class AftersalesEndWizard(models.TransientModel):
    """Decline or cancel an order, or record a total loss, with a reason."""

    _name = 'aftersales.end.wizard'
    _description = "End a Repair Order"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    how = fields.Selection(
        [('decline', "Customer Declines"), ('cancel', "Cancel"), ('total_loss', "Total Loss")],
        required=True,
        default='decline',
    )
    reason_id = fields.Many2one('aftersales.reason', required=True, domain="[('kind', 'in', ('decline', 'cancel'))]")
    fee_job_id = fields.Many2one(
        'aftersales.repair.job',
        "Charged All the Same",
        domain="[('order_id', '=', order_id), ('outcome', '=', 'open')]",
        help="The diagnosis the customer pays although he declines the repair.",
    )

    def action_confirm(self):
        self.ensure_one()
        if self.how == 'decline':
            self.order_id._decline(self.reason_id, self.fee_job_id)
        elif self.how == 'cancel':
            self.order_id._cancel(self.reason_id)
        else:
            self.order_id._total_loss(self.reason_id)
        return {'type': 'ir.actions.act_window_close'}
