from odoo import api, models


class AftersalesDeskParts(models.AbstractModel):
    """Selling over the parts counter: what the till knows and the parts room does not."""

    _inherit = 'aftersales.desk.parts'

    @api.model
    @api.readonly
    def get_data(self):
        """Add the payment means and who is delivered on account: `means`, `subdealers` [{'id', 'name'}]."""
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
        # sudo: names of customers only.
        subdealers = self.env['res.partner'].sudo().search([
            ('aftersales_is_subdealer', '=', True), ('company_id', 'in', (False, self.env.company.id)),
        ], order='name, id')
        data['subdealers'] = [{'id': partner.id, 'name': partner.display_name} for partner in subdealers]
        return data

    @api.model
    def deliver(self, basket, partner_id):
        """Deliver parts to a sub-dealer on account (R-PART-25).

        :param dict basket: `{product id: quantity}` in the product's unit.
        :param int partner_id: the sub-dealer.
        :return: {'id', 'name', 'amount', 'missing': names of what is not there, 'pickings'}
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        order = self.env['aftersales.repair.order']._deliver_to_subdealer(
            self._goods(basket), self.env['res.partner'].browse(partner_id),
        )
        return {
            'id': order.id,
            'name': order.name,
            'amount': order.amount_total,
            'missing': order._parts_lines().filtered(
                lambda line: line.product_uom_id.compare(line.net_issued_qty, line.quantity) < 0
            ).mapped('name'),
            'pickings': order.sudo().picking_ids.filtered(lambda picking: picking.state == 'done').ids,
        }

    @api.model
    def sell(self, basket, journal_id):
        """Sell parts over the counter: order, issue, settlement and money in one call (R-PART-15).

        :param dict basket: `{product id: quantity}` in the product's unit.
        :param int journal_id: means of payment.
        :return: {'id', 'name', 'amount', 'pickings'} of the sale
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        order = self.env['aftersales.repair.order']._counter_sale(
            self._goods(basket), [(self.env['account.journal'].browse(journal_id), None, None)]
        )
        return {
            'id': order.id,
            'name': order.name,
            'amount': order.amount_total,
            'pickings': order.sudo().picking_ids.ids,
        }
