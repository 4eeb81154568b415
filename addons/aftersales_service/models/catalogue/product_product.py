from odoo import models


class ProductProduct(models.Model):
    _inherit = 'product.product'

    def _aftersales_current_part(self):
        """Return the part that is ordered today: the end of the chain of supersessions.

        :rtype: recordset of product.product
        """
        self.ensure_one()
        part, seen = self, self
        while (successor := part.aftersales_superseded_by_id) and successor not in seen:
            part, seen = successor, seen | successor
        return part
