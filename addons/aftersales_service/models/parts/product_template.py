from odoo import api, models


class ProductTemplate(models.Model):
    _inherit = 'product.template'

    # === CRUD METHODS === #

    def write(self, vals):
        if {'categ_id', 'is_storable', 'type', 'lot_valuated', 'uom_id'} & vals.keys():
            changed = self.filtered(
                lambda template: any(
                    template._fields[name].convert_to_write(template[name], template) != vals[name]
                    for name in ('categ_id', 'is_storable', 'type', 'lot_valuated', 'uom_id')
                    if name in vals
                )
            )
            changed._aftersales_refuse_valuation_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_repair_orders(self):
        self.with_context(active_test=False).product_variant_ids._unlink_except_on_repair_orders()

    def _aftersales_refuse_valuation_change(self):
        """Refuse to change how a part is valued while it is issued on open orders of any company.

        :raise UserError: PAR-60
        """
        if not self:
            return
        # sudo: open orders of companies the user does not work in count too.
        products = self.sudo().with_context(active_test=False).product_variant_ids
        companies = (
            self.env['stock.move']
            .sudo()
            ._read_group(
                [('product_id', 'in', products.ids), ('aftersales_order_id', '!=', False), ('state', '=', 'done')],
                ['company_id'],
            )
        )
        for [company] in companies:
            company._aftersales_refuse_while_parts_open(
                self.env._("category, type or unit of %(product)s", product=", ".join(self[:3].mapped('display_name'))),
                products,
            )
