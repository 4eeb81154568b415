from odoo import fields, models


class StockMove(models.Model):
    _inherit = 'stock.move'

    # copy=False: a return of a replacement, or a duplicate, is an ordinary transfer.
    aftersales_claim_line_id = fields.Many2one(
        'aftersales.warranty.claim.line', "Replaces", readonly=True, copy=False, index='btree_not_null', ondelete='restrict')
    aftersales_replacement_value = fields.Float("Value of the Replacement", readonly=True, copy=False, digits='Product Price')

    def _get_value_from_quotation(self, quantity, at_date=None):
        if self.aftersales_claim_line_id:
            return {
                'value': self.aftersales_replacement_value,
                'quantity': quantity,
                'description': self.env._("Sent for %(claim)s", claim=self.aftersales_claim_line_id.claim_id.name),
            }
        return super()._get_value_from_quotation(quantity, at_date)

    def _get_account_move_line_vals(self):
        vals_list = super()._get_account_move_line_vals()
        if claim := self.aftersales_claim_line_id.claim_id:
            transit = self.location_id.valuation_account_id
            for vals in vals_list:
                if vals['account_id'] == transit.id:
                    vals.update(
                        aftersales_order_id=claim.order_id.id, partner_id=claim.partner_id.commercial_partner_id.id)
        return vals_list
