from odoo import models


class ProductTemplate(models.Model):
    _inherit = 'product.template'

    def action_aftersales_card(self):
        """Open the stock card; of the first variant when there are several."""
        self.ensure_one()
        return self.product_variant_id.action_aftersales_card()


class ProductProduct(models.Model):
    _inherit = 'product.product'

    def action_aftersales_card(self):
        """Open the stock card of this part."""
        self.ensure_one()
        return self.env['aftersales.stock.card']._open(self)
