from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = 'purchase.order'

    aftersales_order_id = fields.Many2one(
        'aftersales.repair.order',
        "Repair Order",
        index='btree_not_null',
        copy=False,
        readonly=True,
        ondelete='restrict',
        check_company=True,
        help="Subcontracted work or parts ordered for this repair order.",
    )

    def button_cancel(self):
        result = super().button_cancel()
        # sudo: the buyer's step decides what the order waits for; he reads nothing of it.
        self.sudo().aftersales_order_id._advance()
        return result

    def action_view_aftersales_order(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'aftersales.repair.order',
            'view_mode': 'form',
            'res_id': self.aftersales_order_id.id,
        }
