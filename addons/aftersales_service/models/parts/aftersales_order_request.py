from odoo import models

from ..base.errors import coded_error

ACTIVE_STATES = ('authorised', 'in_progress', 'inspecting', 'ready')


class AftersalesRepairOrder(models.Model):
    """Asking the parts room: what is free is frozen, reserved, and put into the keeper's list."""

    _inherit = 'aftersales.repair.order'

    # === STATE === #

    def _advance(self):
        result = super()._advance()
        self._request_what_is_approved()
        return result

    # === BUSINESS METHODS === #

    def _parts_receiver_by_default(self):
        """Tell whether who asked is taken as who receives (small shops, express)."""
        self.ensure_one()
        return self._gate_profile()._gate('parts_receiver') not in ('block', 'override')

    def _request_what_is_approved(self):
        """Send the picking copy to the parts room as soon as a job is signed, and again for additional work (R-PART-07)."""
        orders = self.filtered(
            lambda order: (
                order.state in ACTIVE_STATES
                and order.outcome == 'open'
                and order.company_id.aftersales_auto_request
                # Nobody is kept from signing because the company has no warehouse yet; asking by hand says so.
                and order.warehouse_id
            )
        )
        lines = orders._parts_lines().filtered(
            lambda line: line.job_id.is_approved and line.product_uom_id.is_zero(line.requested_qty)
        )
        if lines:
            lines.order_id._request_parts(lines)

    def _request_parts(self, lines=None, urgent=False):
        """Ask the parts room: freeze what is free now, reserve it, and put it into the keeper's list.

        Asks for what the lines still lack, so that asking twice asks nothing.

        :param lines: lines of these orders; all parts of ours unless given.
        :param bool urgent: goes first, with priority on the transfer (R-PART-10).
        :return: the new requests.
        :rtype: recordset of aftersales.part.request
        :raise UserError: PAR-42 the order is over, PAR-43 no warehouse, PAR-44 not a part of ours
        """
        self.check_access('read')
        wanted = self._parts_lines() if lines is None else lines.filtered(lambda line: line.order_id in self)
        for order in self:
            if order._is_locked() or order.outcome != 'open':
                raise coded_error(
                    'PAR-42',
                    self.env._(
                        "%(order)s is over: no more parts can be requested. Open a follow-up order.", order=order.name
                    ),
                )
            if not order.warehouse_id:
                raise coded_error(
                    'PAR-43',
                    self.env._(
                        "%(company)s has no warehouse. Create one in the inventory settings.",
                        company=order.company_id.display_name,
                    ),
                )
        for line in wanted:
            if not line._is_stock_part():
                raise coded_error(
                    'PAR-44',
                    self.env._("“%(line)s” is no part of ours that the parts room could hand out.", line=line.name),
                )
        missing = {}
        for line in wanted:
            lack = line.quantity - line.net_issued_qty - (line.requested_qty - line.issued_qty)
            if line.product_uom_id.compare(lack, 0) > 0:
                missing[line] = lack
        return self._request_parts_sudo(missing, urgent)

    def _request_parts_sudo(self, missing, urgent):
        """Create requests and transfers; sudo: who may read the order may ask, the keeper alone issues.

        :param dict missing: `{line: quantity in the line's unit}`.
        """
        Request = self.env['aftersales.part.request'].sudo()
        if not missing:
            return Request.browse()
        lines = self.env['aftersales.repair.line'].concat(*missing).sudo()
        requester = self.env.user.employee_id
        requests = Request.browse()
        for warehouse, group in lines.grouped(lambda line: line.order_id.warehouse_id).items():
            company = warehouse.company_id
            env_lines = group.with_company(company)
            # Wait for whoever is taking the same piece, or both would believe they have the last one.
            self.env['stock.move'].sudo()._aftersales_lock_shelf(env_lines.product_id, warehouse.lot_stock_id)
            known = env_lines.product_id._aftersales_stock_facts_sudo(warehouse)
            left = {product: data['free'] for product, data in known.items()}
            asked_before = env_lines.order_id._parts_asked_before()
            vals_list, quantities = [], {}
            for line in env_lines:
                product, uom = line.product_id, line.product_uom_id
                quantity = missing[line.with_env(self.env)]
                # What a technician asked for is the same demand: his request goes on, with what was free then.
                for request in asked_before.pop((line.order_id, product, uom), ()):
                    take = min(quantity, request.asked_qty)
                    if uom.compare(take, 0) > 0:
                        request._guarded().write({'line_id': line.id})
                        quantities[request] = take
                        quantity -= take
                        left[product] = max(left[product] - uom._compute_quantity(take, product.uom_id), 0.0)
                if uom.compare(quantity, 0) <= 0:
                    continue
                vals_list.append(
                    {
                        **Request._prepare_frozen_vals(product, uom, quantity, known[product], left[product]),
                        'order_id': line.order_id.id,
                        'line_id': line.id,
                        'company_id': company.id,
                        'requested_by_id': requester.id,
                        'urgent': urgent,
                    }
                )
                needed = uom._compute_quantity(quantity, product.uom_id, rounding_method='HALF-UP')
                left[product] = max(left[product] - needed, 0.0)
            asked = Request.with_company(company)._guarded().create(vals_list)
            quantities |= {request: request.asked_qty for request in asked}
            asked = Request.with_company(company).concat(*quantities)
            asked._create_moves(warehouse, urgent, quantities)
            requests |= asked.with_env(self.env)
        return requests

    def _parts_asked_before(self):
        """Return what technicians asked for on these orders and nobody has put on them yet.

        :rtype: dict  `{(order, product, unit): requests}`
        """
        requests = self.env['aftersales.part.request'].search([('order_id', 'in', self.ids), ('state', '=', 'asked')])
        return requests.grouped(lambda request: (request.order_id, request.product_id, request.product_uom_id))

    def _ask_part(self, product, quantity=1.0, urgent=False, note=None):
        """Ask for a part that is not on the order: the advisor quotes it first, nothing is reserved (technician).

        :rtype: recordset of aftersales.part.request
        """
        self.ensure_one()
        self.check_access('read')
        if self._is_locked() or self.outcome != 'open':
            raise coded_error(
                'PAR-42',
                self.env._(
                    "%(order)s is over: no more parts can be requested. Open a follow-up order.", order=self.name
                ),
            )
        # sudo: a technician reads the order only; the request is his, the order stays as it is.
        Request = self.env['aftersales.part.request'].sudo()
        data = product._aftersales_stock_facts_sudo(self.warehouse_id)[product]
        request = Request._guarded().create(
            {
                **Request._prepare_frozen_vals(product, product.uom_id, quantity, data),
                'order_id': self.id,
                'company_id': self.company_id.id,
                'requested_by_id': self.env.user.employee_id.id,
                'urgent': urgent,
                'note': note,
            }
        )
        self.sudo().activity_schedule(
            'mail.mail_activity_data_todo',
            user_id=self.advisor_id.id or self.env.uid,
            summary=self.env._("Part asked for: %(part)s × %(quantity)s", part=product.display_name, quantity=quantity),
            note=note
            or self.env._("Offer it to the customer as additional work; the parts room is told once he agrees."),
        )
        return request.with_env(self.env)

    # === ACTIONS === #

    def action_request_parts(self):
        """Ask the parts room for everything the order still lacks."""
        requests = self._request_parts()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success' if requests else 'info',
                'message': self.env._("%(count)s parts requested.", count=len(requests))
                if requests
                else self.env._("Everything is requested already."),
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def action_request_parts_urgent(self):
        self._request_parts(urgent=True)
        # sudo: who may read the order may say that it is urgent; nothing else of the transfer changes.
        self.sudo().picking_ids.filtered(
            lambda picking: picking.aftersales_kind == 'issue' and picking.state not in ('done', 'cancel')
        ).priority = '1'
        return True

    def action_ask_part(self, product_id, quantity=1.0, urgent=False, note=None):
        """Ask for a part that is not on the order yet (RPC of the technician's desk).

        :return: {'id': request, 'free': what is free now}
        """
        product = self.env['product.product'].browse(product_id).exists()
        if not product or product.type != 'consu' or quantity <= 0:
            raise coded_error('PAR-44', self.env._("Choose a part and a quantity above zero."))
        request = self._ask_part(product, quantity, urgent, note)
        return {'id': request.id, 'free': request.free_qty}

    def action_view_part_requests(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Part Requests"),
            'res_model': 'aftersales.part.request',
            'view_mode': 'list,form',
            'domain': [('order_id', '=', self.id)],
            'context': {'create': False},
        }
