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

    def action_view_aftersales_order(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'aftersales.repair.order',
            'view_mode': 'form',
            'res_id': self.aftersales_order_id.id,
        }
