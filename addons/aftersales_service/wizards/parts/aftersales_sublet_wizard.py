from odoo import fields, models


class AftersalesSubletWizard(models.TransientModel):
    """From whom a subcontracted work is ordered, and for how much."""

    _name = 'aftersales.sublet.wizard'
    _description = "Order Subcontracted Work"

    line_id = fields.Many2one('aftersales.repair.line', required=True, readonly=True)
    currency_id = fields.Many2one(related='line_id.currency_id')
    vendor_id = fields.Many2one('res.partner', "Subcontractor", required=True)
    cost = fields.Monetary("Agreed Price", required=True, help="For the whole line, without tax.")

    def action_confirm(self):
        self.ensure_one()
        self.line_id._order_sublet(self.vendor_id, self.cost)
        return {'type': 'ir.actions.act_window_close'}
