from odoo import api, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    _inherit = 'product.product'

    # === SEARCH METHODS === #

    @api.model
    def name_search(self, name='', domain=None, operator='ilike', limit=100):
        """Find an aftermarket part also by the number of the original which it replaces."""
        found = super().name_search(name, domain, operator, limit)
        if found or not name or operator in Domain.NEGATIVE_OPERATORS:
            return found
        products = self.search_fetch(
            Domain(domain or Domain.TRUE) & Domain('aftersales_oem_number', operator, name), ['display_name'], limit=limit,
        )
        return [(product.id, product.display_name) for product in products.sudo()]

    # === BUSINESS METHODS === #

    def _aftersales_current_part(self):
        """Return the part that is ordered today: the end of the chain of supersessions.

        :rtype: recordset of product.product
        """
        self.ensure_one()
        part, seen = self, self
        while (successor := part.aftersales_superseded_by_id) and successor not in seen:
            part, seen = successor, seen | successor
        return part
