from odoo import api, models

from .guard import closed, is_open, opened


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
        former = {}
        if 'list_price' in vals and not is_open(self):
            former = {part: part.list_price for part in self.filtered('aftersales_is_part')}
        result = super(ProductTemplate, closed(self)).write(vals)
        if former:
            self.env['aftersales.part.price']._remember_sudo(former)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_repair_orders(self):
        self.with_context(active_test=False).product_variant_ids._unlink_except_on_repair_orders()

    # === ACTIONS === #

    def action_aftersales_prices(self):
        """Show what the part cost and since when."""
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.part_price_action')
        return {**action, 'domain': [('product_tmpl_id', 'in', self.ids)]}

    # === BUSINESS METHODS === #

    def _aftersales_set_price(self, price):
        """Set the price a list brings; the list itself notes the change, for all its parts at once."""
        opened(self).list_price = price

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
