from odoo import fields, models


class AftersalesPriceWizard(models.TransientModel):
    """Change the price, the discount or the billed hours of lines, with a reason."""

    _name = 'aftersales.price.wizard'
    _description = "Change a Price"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    line_ids = fields.Many2many(
        'aftersales.repair.line', string="Lines", required=True, domain="[('order_id', '=', order_id)]"
    )
    what = fields.Selection(
        [('discount', "Discount (%)"), ('price', "Unit Price"), ('hours', "Billed Hours")],
        required=True,
        default='discount',
    )
    value = fields.Float("Amount or Percent", required=True)
    reason_id = fields.Many2one('aftersales.reason', required=True, domain="[('kind', 'in', ('price', 'discount'))]")

    def action_confirm(self):
        self.ensure_one()
        self.order_id._change_price(self.line_ids, reason=self.reason_id, **{self.what: self.value})
        return {'type': 'ir.actions.act_window_close'}
