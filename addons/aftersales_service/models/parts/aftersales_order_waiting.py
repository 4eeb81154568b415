from collections import defaultdict

from odoo import fields, models

# What `parts_state` of a line is computed from.
PARTS_LINE_FIELDS = (
    'order_id', 'requested_qty', 'issued_qty', 'reserved_qty', 'net_issued_qty', 'product_id', 'product_type', 'product_uom_id',
    'kind', 'supplied_by',
)


class AftersalesRepairOrder(models.Model):
    """What an order has, lacks and expects of its parts: lists, boards and the advisor are told."""

    _inherit = 'aftersales.repair.order'

    # === STATUS AND DESKS === #

    def _status_flags(self):
        flags = super()._status_flags()
        # One query for a whole list, its lines without a request left out.
        missing = self.env['aftersales.repair.line'].search_fetch([
            ('order_id', 'in', self.ids), ('requested_qty', '>', 0), ('job_id.outcome', '=', 'open'), ('job_id.is_parked', '=', False),
        ], PARTS_LINE_FIELDS).filtered(
            lambda line: line.parts_state == 'missing',
        ).order_id
        for order in self:
            if order._origin in missing:
                flags[order.id].insert(0, 'waiting_parts')
        return flags

    def _desk_cards(self):
        cards = super()._desk_cards()
        parts = self._parts_lines_by_order()
        etas = self._parts_eta_sudo(parts)
        arrived = self._parts_arrived_names_sudo()
        for order in self:
            lines = parts[order]
            missing = lines.filtered(lambda line: line.parts_state == 'missing')
            issued = lines.filtered(lambda line: line.product_uom_id.compare(line.net_issued_qty, line.quantity) >= 0)
            cards[order.id]['parts'] = {
                'asked': len(lines),
                'issued': len(issued),
                'ready': len(lines.filtered(lambda line: line.parts_state in ('reserved', 'issued'))),
                'label': f'{len(issued)}/{len(lines)}' if lines else '',
                'missing': [{'line_id': line.id, 'name': line.name} for line in missing],
                'arrived': arrived.get(order.id, []),
                'eta': fields.Datetime.to_string(etas[order.id]) if etas.get(order.id) else False,
            }
        return cards

    def _parts_lines_by_order(self):
        """Return the lines of `_parts_lines` of many orders in one query.

        :rtype: dict  `{order: lines}`
        """
        lines = self.env['aftersales.repair.line'].search_fetch(
            [
                ('order_id', 'in', self.ids),
                ('kind', '=', 'part'),
                ('supplied_by', '=', 'shop'),
                ('product_type', '=', 'consu'),
                ('job_id.outcome', '=', 'open'),
                ('job_id.is_parked', '=', False),
            ],
            [*PARTS_LINE_FIELDS, 'name', 'quantity', 'job_id'],
        ).grouped('order_id')
        return {order: lines.get(order, self.env['aftersales.repair.line']) for order in self}

    def _parts_arrived_names_sudo(self):
        """Return the names of parts that were missing, are here now and wait to be handed over; sudo: names only.

        :rtype: dict[int, list[str]]
        """
        arrived = defaultdict(list)
        for request in (
            self.env['aftersales.part.request']
            .sudo()
            .search([('order_id', 'in', self.ids), ('arrived_at', '!=', False), ('state', '=', 'reserved')])
        ):
            arrived[request.order_id.id].append(request.product_id.name)
        return arrived

    def _parts_eta_sudo(self, parts):
        """Return when the last missing part of each order is expected; sudo: a date, no purchase data.

        :param dict parts: `{order: lines}` of `_parts_lines_by_order`.
        :rtype: dict[int, datetime]
        """
        missing = defaultdict(set)
        for order in self:
            for line in parts[order]:
                if line.parts_state == 'missing':
                    missing[order.warehouse_id].add((order.id, line.product_id.id))
        etas = {}
        for warehouse, pairs in missing.items():
            products = self.env['product.product'].browse({product_id for _order_id, product_id in pairs})
            known = {
                product.id: data['eta'] for product, data in products._aftersales_availability_sudo(warehouse).items()
            }
            for order_id, product_id in pairs:
                eta = known.get(product_id)
                if eta and (order_id not in etas or eta > etas[order_id]):
                    etas[order_id] = eta
        return etas

    # === ARRIVAL === #

    def _parts_arrived(self, requests):
        """Tell the advisor that parts his customer waits for are here (R-PROC-14); called as superuser.

        :param requests: aftersales.part.request of this order that arrived just now.
        """
        self.ensure_one()
        missing = self._parts_lines().filtered(lambda line: line.parts_state == 'missing')
        parts = ", ".join(requests.product_id.mapped('display_name'))
        if missing:
            note = self.env._("Still missing: %(parts)s.", parts=", ".join(missing.mapped('name')))
        elif self.customer_place == 'left' or not self.visit_id or self.visit_id.state == 'left':
            note = self.env._("Everything is here: call the customer and book him in.")
        else:
            note = self.env._("Everything is here: the work can go on.")
        self.activity_schedule(
            'mail.mail_activity_data_todo',
            user_id=self.advisor_id.id or self.create_uid.id,
            summary=self.env._("Parts arrived: %(parts)s", parts=parts),
            note=note,
        )
