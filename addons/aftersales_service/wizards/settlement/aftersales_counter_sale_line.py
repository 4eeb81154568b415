from odoo import api, fields, models


class AftersalesCounterSaleLine(models.TransientModel):
    """A part on the counter, at the catalogue's price; the order computes what is paid."""

    _name = 'aftersales.counter.sale.line'
    _description = "Part Sold Over the Counter"

    sale_id = fields.Many2one('aftersales.counter.sale', required=True, ondelete='cascade')
    product_id = fields.Many2one('product.product', "Part", required=True, domain="[('is_storable', '=', True)]")
    currency_id = fields.Many2one(related='sale_id.currency_id')
    quantity = fields.Float(required=True, default=1.0, digits='Product Unit')
    free_qty = fields.Float("Free", compute='_compute_amount', digits='Product Unit')
    price_unit = fields.Monetary("Price", compute='_compute_amount')
    amount = fields.Monetary(compute='_compute_amount')

    @api.depends('product_id', 'quantity', 'sale_id.company_id')
    def _compute_amount(self):
        for line in self:
            company = line.sale_id.company_id or self.env.company
            product = line.product_id.with_company(company)
            line.free_qty = product.sudo().free_qty
            line.price_unit = product.list_price
            line.amount = company.currency_id.round(product.list_price * line.quantity)
