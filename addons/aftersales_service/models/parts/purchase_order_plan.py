from odoo import fields, models


class PurchaseOrder(models.Model):
    """Purchases that an order plan prepared."""

    _inherit = 'purchase.order'

    aftersales_plan_id = fields.Many2one(
        'aftersales.order.plan', "Order Plan", index='btree_not_null', copy=False, readonly=True, ondelete='restrict',
        check_company=True,
    )
