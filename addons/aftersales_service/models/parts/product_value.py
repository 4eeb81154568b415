from odoo import api, models


class ProductValue(models.Model):
    _inherit = 'product.value'

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env['stock.move'].browse([vals['move_id'] for vals in vals_list if vals.get('move_id')])
        moves._aftersales_refuse_done_edit()
        return super().create(vals_list)

    def write(self, vals):
        self.move_id._aftersales_refuse_done_edit()
        return super().write(vals)
