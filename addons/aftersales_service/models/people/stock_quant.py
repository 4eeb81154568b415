from odoo import models


class StockQuant(models.Model):
    _inherit = 'stock.quant'

    def _aftersales_set_aside(self, quantity, note):
        """Also lay damage before HR that was found on goods nobody accepted (R-PEN-22): on the keeper's name."""
        value = quantity * self.product_id.with_company(self.company_id).sudo().standard_price
        check = self._aftersales_unaccepted_sudo()
        result = super()._aftersales_set_aside(quantity, note)
        if check.accepted_by_id:
            self.env['aftersales.conduct.proposal']._propose(
                'case', check.accepted_by_id, check, self.env._(
                    "%(part)s put in store without acceptance (%(receipt)s), damaged: %(note)s",
                    part=self.product_id.display_name, receipt=check.picking_id.name, note=note or ''),
                source='goods', rule_hint='R-PEN-22', amount=check.company_id.currency_id.round(value))
        return result

    def _aftersales_unaccepted_sudo(self):
        """Return the acceptance list of the last receipt of this part where it was skipped, else nothing.

        sudo: who sets damaged goods aside need not read acceptance lists; the keeper's name goes to HR only.
        """
        move = self.env['stock.move'].sudo().search([
            ('product_id', '=', self.product_id.id), ('company_id', '=', self.company_id.id), ('state', '=', 'done'),
            ('location_id.usage', '=', 'supplier'), ('picking_id', '!=', False)], order='date desc, id desc', limit=1)
        checks = self.env['aftersales.receipt.check'].sudo()
        return checks.search([('picking_id', '=', move.picking_id.id), ('state', '=', 'skipped')], limit=1) if move else checks
