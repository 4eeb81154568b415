from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesRepairLine(models.Model):
    """Warranty work is priced by the terms of the brand, so that the order's price is the claim's price."""

    _inherit = 'aftersales.repair.line'
    _guarded_fields = frozenset({'is_handling_fee'})

    is_handling_fee = fields.Boolean(
        "Handling Fee", readonly=True, copy=False, help="Made from the manufacturer's terms when the estimate is issued."
    )
    claim_line_ids = fields.One2many('aftersales.warranty.claim.line', 'line_id', "Claimed")

    @api.depends('job_id.claim_type', 'order_id.vehicle_id.model_id.brand_id')
    def _compute_list_price_unit(self):
        """Price the parts of warranty work by the brand's terms; without terms the price list counts."""
        result = super()._compute_list_price_unit()
        parts = self.filtered(
            lambda line: line.kind == 'part' and line.supplied_by == 'shop' and line.product_id
            and line.job_id.payer_kind == 'warranty'
        )
        for (company, brand, claim_type), lines in parts.grouped(
            lambda line: (line.company_id, line.order_id.vehicle_id.brand_id, line.job_id.claim_type)
        ).items():
            terms = brand._warranty_terms(company._aftersales_today(), company, claim_type)
            for line in lines if terms else ():
                line.list_price_unit = line._terms_price(terms)
        return result

    def unlink(self):
        self._drop_claim_lines_sudo()
        return super().unlink()

    def _drop_claim_lines_sudo(self):
        """Take lines that leave the order off claims nobody has sent yet; sudo: the claim only follows the order.

        :raise UserError: WAR-42 the manufacturer was told of the line.
        """
        claimed = self.env['aftersales.warranty.claim.line'].sudo().search([('line_id', 'in', self.ids)])
        for line in claimed:
            if line.claim_id.submission_ids:
                raise coded_error('WAR-42', self.env._(
                    "“%(line)s” is on claim %(claim)s, which the manufacturer has. It stays on the order; decline its job "
                    "or set its price to zero with a reason.", line=line.name, claim=line.claim_id.name,
                ))
        claimed.unlink()

    def _terms_price(self, terms):
        """Return what the manufacturer pays for one unit of this part, in the company's price basis.

        :param terms: aftersales.warranty.terms
        :rtype: float
        """
        self.ensure_one()
        if terms.part_basis == 'price':
            return self.list_price_unit * terms.part_factor
        product = self.product_id.with_company(self.company_id)
        # sudo: the price is the product of cost and factor, whoever enters the line.
        cost = product.sudo().uom_id._compute_price(product.sudo().standard_price, self.product_uom_id)
        return self._basis_of_untaxed(cost * terms.part_factor)

    def _basis_of_untaxed(self, amount):
        """Return an amount without tax in the company's price basis: unchanged, or with this line's taxes."""
        self.ensure_one()
        taxes = self.tax_ids.filtered('price_include')
        if not taxes:
            return amount
        AccountTax = self.env['account.tax']
        base_line = AccountTax._prepare_base_line_for_taxes_computation(
            None, price_unit=amount, quantity=1.0, currency_id=self.currency_id or self.company_id.currency_id,
            product_id=self.product_id, tax_ids=taxes, special_mode='total_excluded',
        )
        AccountTax._add_tax_details_in_base_line(base_line, self.company_id)
        return base_line['tax_details']['raw_total_included_currency']
