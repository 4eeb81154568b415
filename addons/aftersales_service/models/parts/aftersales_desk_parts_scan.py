from odoo import api, models
from odoo.fields import Domain

from ...rules import plate as plate_rules
from ..base.errors import coded_error
from .aftersales_order_request import ACTIVE_STATES

CHOICES = 8


class AftersalesDeskParts(models.AbstractModel):
    """What the counter makes of a scan, of typed words and of the quantities that come with them."""

    _inherit = 'aftersales.desk.parts'

    @api.model
    @api.readonly
    def scan(self, code):
        """Tell what was scanned or typed: a badge, an order, a plate, a part; words offer the parts they may mean.

        :rtype: dict  {'kind': 'badge'|'order'|'part'|'choice'|'unknown', 'id', 'name'}; of a choice also 'parts'
        """
        pickings = self.env['stock.picking']
        pickings._aftersales_ensure_keeper()
        code = (code or '').strip()
        if badge := pickings._aftersales_badge_sudo(code):
            return {'kind': 'badge', **badge}
        if order := self._scanned_order(code):
            return {'kind': 'order', 'id': order.id, 'name': order.name}
        products = self._scanned_products(code)
        if not products:
            return {'kind': 'unknown', 'id': False, 'name': code}
        parts = self._part_rows(products)
        return parts[0] if len(parts) == 1 else {'kind': 'choice', 'id': False, 'name': code, 'parts': parts}

    def _scanned_order(self, code):
        plate = plate_rules.normalise(code)
        name = Domain('name', '=ilike', self._exactly(code))
        return self.env['aftersales.repair.order'].search(
            Domain('company_id', '=', self.env.company.id)
            & Domain('state', 'in', ACTIVE_STATES)
            & (name | Domain('license_plate', '=', plate) if plate_rules.is_valid(plate) else name),
            order='id desc',
            limit=1,
        )

    def _scanned_products(self, code):
        """Return the part of a code; without one, the parts whose number or name holds what was typed.

        A code is a barcode, a part number in whatever case, a lot or serial number, a vendor's own number.
        """
        products = self.env['product.product']
        if not code:
            return products
        exact = self._exactly(code)
        if found := products.search(
            Domain('barcode', '=', code) | Domain('default_code', '=ilike', exact), order='barcode, id', limit=1
        ):
            return found
        lots = self.env['stock.lot'].search(
            [('name', '=', code), ('company_id', 'in', (False, self.env.company.id))], limit=CHOICES
        )
        if lots:
            return lots.product_id
        # sudo: a keeper reads no vendors' prices; only which part the number stands for leaves.
        sellers = self.env['product.supplierinfo'].sudo().search(
            [('product_code', '=ilike', exact), ('company_id', 'in', (False, self.env.company.id))], limit=CHOICES
        )
        if sellers:
            return products.search([
                ('id', 'in', (sellers.product_id | sellers.product_tmpl_id.product_variant_ids).ids),
            ], limit=CHOICES)
        if len(code) < 2:
            return products
        return products.search(
            Domain('is_storable', '=', True) & (Domain('default_code', 'ilike', code) | Domain('name', 'ilike', code)),
            order='default_code, id', limit=CHOICES,
        )

    def _part_rows(self, products):
        """Return parts as the counter shows them: number, name, price, what is free."""
        warehouse = self.env['stock.warehouse'].search([('company_id', '=', self.env.company.id)], limit=1)
        known = products._aftersales_availability_sudo(warehouse)
        return [
            {
                'kind': 'part',
                'id': product.id,
                'name': product.name,
                'code': product.default_code or '',
                'uom': product.uom_id.name,
                'price': product.lst_price,
                'free': known[product]['free'],
            }
            for product in products
        ]

    @api.model
    def _exactly(self, code):
        """Return a code for `=ilike`: its own percent signs and underscores mean themselves."""
        return code.replace('\\', '\\\\').replace('%', '\\%').replace('_', '\\_')

    @api.model
    def _basket(self, basket):
        """Return `{id: quantity}` of what a client sent, without the lines it took out again.

        :raise UserError: PAR-80 a quantity below zero or no number, or nothing at all
        """
        try:
            quantities = {int(key): float(quantity) for key, quantity in basket.items()}
        except (AttributeError, TypeError, ValueError):
            quantities = {}
        # Neither negative, nor endless, nor not a number.
        if not all(0 <= quantity < 1e9 for quantity in quantities.values()) or not any(quantities.values()):
            raise coded_error('PAR-80', self.env._("Scan the parts first, and enter how many: more than zero."))
        return {key: quantity for key, quantity in quantities.items() if quantity}

    @api.model
    def _goods(self, basket):
        """Return tuples `(product, quantity)` of a basket of products.

        :raise UserError: PAR-80 no quantity, PAR-81 a part that is gone
        """
        quantities = self._basket(basket)
        products = self.env['product.product'].browse(quantities)
        if gone := products - products.exists().filtered('active'):
            raise coded_error('PAR-81', self.env._(
                "A part is no longer kept (%(part)s). Take it out of the list and scan again.",
                part=', '.join(gone.exists().mapped('display_name')) or gone.ids[0],
            ))
        return [(product, quantities[product.id]) for product in products]
