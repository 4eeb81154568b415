from odoo import api, models


class AftersalesDeskParts(models.AbstractModel):
    """Selling over the parts counter: what the till knows and the parts room does not."""

    _inherit = 'aftersales.desk.parts'

    @api.model
    @api.readonly
    def get_data(self):
        """Add the payment means: `means` [{'id', 'name'}]."""
        data = super().get_data()
        # sudo: names of means only; a keeper reads no journals.
        journals = (
            self.env['account.journal']
            .sudo()
            .search(
                [('company_id', '=', self.env.company.id), ('aftersales_means', '!=', False)], order='sequence, id'
            )
        )
        data['means'] = [{'id': journal.id, 'name': journal.name} for journal in journals]
        return data

    @api.model
    def sell(self, basket, journal_id):
        """Sell parts over the counter: order, issue, settlement and money in one call (R-PART-15).

        :param dict basket: `{product id: quantity}` in the product's unit.
        :param int journal_id: means of payment.
        :return: {'id', 'name', 'amount', 'pickings'} of the sale
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        products = self.env['product.product'].browse([int(key) for key in basket])
        items = [(product, basket[str(product.id)]) for product in products]
        order = self.env['aftersales.repair.order']._counter_sale(
            items, [(self.env['account.journal'].browse(journal_id), None, None)]
        )
        return {
            'id': order.id,
            'name': order.name,
            'amount': order.amount_total,
            'pickings': order.sudo().picking_ids.ids,
        }
