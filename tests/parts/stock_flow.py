"""Goods in motion, for the tests of statement, stock card and stock health."""
from datetime import timedelta

from odoo import Command, fields

CUSTOMERS = 'stock.stock_location_customers'
SUPPLIERS = 'stock.stock_location_suppliers'


class StockFlow:
    """Goods that come and go by every way, for the statement's tests."""

    @classmethod
    def _old_part(cls, name, cost, **values):
        """Make a part whose cost was set two years ago."""
        part = cls._make_part(name, cost=cost, **values)
        cls.env['product.value'].search([('product_id', '=', part.id)]).date = fields.Datetime.now() - timedelta(days=730)
        return part

    @classmethod
    def _move_goods(cls, product, quantity, source, target, cost=None, date=None):
        """Move goods with a transfer, on a date of the past if given; return the done movement."""
        kind = cls.warehouse.in_type_id if source.usage == 'supplier' else cls.warehouse.int_type_id
        picking = cls.env['stock.picking'].create({
            'picking_type_id': kind.id, 'location_id': source.id, 'location_dest_id': target.id,
            'move_ids': [Command.create({
                'product_id': product.id, 'product_uom_qty': quantity, 'location_id': source.id,
                'location_dest_id': target.id,
            })],
        })
        picking.action_confirm()
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking._action_done()
        if cost is not None:
            picking.move_ids.value_manual = cost * quantity
        if date:
            cls._back_date(picking.move_ids, date)
        return picking.move_ids

    @classmethod
    def _back_date(cls, move, date):
        """Give a done movement another date, as who books late does, and let Odoo value what follows anew."""
        move.date = date
        move.move_line_ids.date = date
        move.product_id._update_standard_price()

    @classmethod
    def _count(cls, product, quantity, location=None):
        """Adjust the book quantity of a part."""
        quant = cls.env['stock.quant'].with_context(inventory_mode=True).create({
            'product_id': product.id, 'location_id': (location or cls.warehouse.lot_stock_id).id,
            'inventory_quantity': quantity,
        })
        quant.action_apply_inventory()

    @classmethod
    def _scrap(cls, product, quantity):
        scrap = cls.env['stock.scrap'].create({
            'product_id': product.id, 'scrap_qty': quantity, 'location_id': cls.warehouse.lot_stock_id.id,
        })
        scrap.do_scrap()

    @classmethod
    def _statement(cls, month=None, **values):
        """Draw up the statement of a month, this one unless given."""
        statement = cls.env['aftersales.stock.statement'].create({
            'company_id': cls.company.id, 'month': month or cls.company._aftersales_today(), **values,
        })
        statement.action_compute()
        return statement

    def _line(self, statement, product):
        return statement.line_ids.filtered(lambda line: line.product_id == product)
