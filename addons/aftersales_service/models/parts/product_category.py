from odoo import models

VALUATION = ('property_valuation', 'property_cost_method', 'property_stock_valuation_account_id')


class ProductCategory(models.Model):
    _inherit = 'product.category'

    # === CRUD METHODS === #

    def write(self, vals):
        names = [name for name in VALUATION if name in vals]
        changed = (
            self.filtered(
                lambda category: any(
                    category._fields[name].convert_to_write(category[name], category) != vals[name] for name in names
                )
            )
            if names
            else self.browse()
        )
        if changed:
            # The properties are those of the current company; children keep their own.
            self.env.company._aftersales_refuse_while_parts_open(
                self.env._("the valuation of category %(category)s", category=changed[0].display_name),
                self.env['product.product']
                .sudo()
                .with_context(active_test=False)
                .search([('categ_id', 'in', changed.ids)]),
            )
        return super().write(vals)
