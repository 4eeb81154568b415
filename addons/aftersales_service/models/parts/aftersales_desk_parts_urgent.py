from odoo import Command, api, models
from odoo.tools import SQL

from ..base.errors import coded_error
from .aftersales_desk_parts import OPEN_MOVE


class AftersalesDeskParts(models.AbstractModel):
    """Ordering a missing part urgently, once (R-PART-10)."""

    _inherit = 'aftersales.desk.parts'

    @api.model
    def order_urgently(self, line_id, quantity=None):
        """Put a missing part on a request for quotation to its vendor, marked urgent (R-PART-10).

        :return: {'id', 'name'} of the purchase
        :raise UserError: PAR-72 the part has no vendor, PAR-80 no quantity, PAR-82 it is on a purchase already
        """
        self.env['stock.picking']._aftersales_ensure_keeper()
        line = self.env['aftersales.repair.line'].browse(line_id)
        line.check_access('read')
        [wanted] = self._basket({line.id: line.quantity if quantity is None else quantity}).values()
        purchase = self._order_urgently_sudo(line, wanted)
        return {'id': purchase.id, 'name': purchase.name}

    def _order_urgently_sudo(self, line, quantity):
        """sudo: a keeper has no purchase rights; he may only add to a draft that the parts manager still sends."""
        order, product = line.order_id.sudo(), line.product_id.sudo().with_company(line.company_id)
        order.with_context(aftersales_purchase_lines=(line.id,))._ensure_no_blockers('purchase')
        requests = line.sudo().request_ids.filtered(lambda request: request.state == 'missing')
        # The second of two keepers who press at once waits here; the database repeats his request, and it is ordered.
        requests.flush_recordset()
        self.env.execute_query(SQL(
            "UPDATE aftersales_part_request SET write_date = write_date WHERE id IN %s RETURNING id",
            tuple(requests.ids) or (0,),
        ))
        if ordered := self._purchased_sudo(line).get(line):
            raise coded_error(
                'PAR-82',
                self.env._(
                    "%(part)s is on %(purchase)s for %(order)s already. Ask the parts manager to send it or to change it.",
                    part=product.display_name,
                    purchase=ordered.name,
                    order=order.name,
                ),
            )
        seller = product._select_seller(quantity=quantity, uom_id=line.product_uom_id) or product.seller_ids[:1]
        if not seller:
            raise coded_error(
                'PAR-72',
                self.env._(
                    "%(part)s has no vendor. Add one on the part, or ask purchasing.",
                    part=product.display_name,
                ),
            )
        purchases = self.env['purchase.order'].sudo().with_company(order.company_id)
        picking_type = order.warehouse_id.in_type_id
        purchase = purchases.search(
            [
                ('partner_id', '=', seller.partner_id.id),
                ('state', '=', 'draft'),
                ('company_id', '=', order.company_id.id),
                ('picking_type_id', '=', picking_type.id),
                ('priority', '=', '1'),
            ],
            limit=1,
        ) or purchases.create(
            {
                'partner_id': seller.partner_id.id,
                'company_id': order.company_id.id,
                'picking_type_id': picking_type.id,
                'priority': '1',
            }
        )
        purchase.write(
            {
                'origin': ', '.join(filter(None, [purchase.origin, order.name])),
                'order_line': [
                    Command.create(
                        {
                            'product_id': product.id,
                            'product_qty': quantity,
                            'product_uom_id': line.product_uom_id.id,
                            'aftersales_request_id': requests[:1].id,
                        }
                    )
                ],
            }
        )
        requests.urgent = True
        # What is bought in a hurry goes first when it comes in, too.
        line.sudo().move_ids.filtered(
            lambda move: move.aftersales_kind == 'issue' and move.state in OPEN_MOVE
        ).picking_id.priority = '1'
        order.message_post(
            body=self.env._(
                "Ordered urgently: %(part)s on %(purchase)s.", part=product.display_name, purchase=purchase.name
            )
        )
        return purchase

    def _purchased_sudo(self, lines):
        """Return the purchase on which what is missing of each line stands, not received yet; one query.

        sudo: a keeper reads no purchases; only a number and how far it is leave.

        :rtype: dict  `{repair line: purchase.order}`
        """
        found = {}
        for purchased in self.env['purchase.order.line'].sudo().search(
            [
                ('aftersales_request_id.line_id', 'in', lines.ids),
                ('aftersales_request_id.state', '=', 'missing'),
                ('state', '!=', 'cancel'),
            ],
            order='id',
        ):
            if purchased.product_uom_id.compare(purchased.qty_received, purchased.product_qty) < 0:
                found[purchased.aftersales_request_id.line_id.with_env(self.env)] = purchased.order_id
        return found
