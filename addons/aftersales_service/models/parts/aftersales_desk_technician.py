from odoo import api, models
from odoo.fields import Domain

from ..base.errors import coded_error


class AftersalesDeskTechnician(models.AbstractModel):
    """Parts on the technician's phone: what was issued, asking for more, photos of the work."""

    _inherit = 'aftersales.desk.technician'

    @api.model
    def _technician_cards(self, operations, employee):
        """Add to each part how many were asked for and issued and what the parts room says, and to each card its photos."""
        cards = super()._technician_cards(operations, employee)
        line_ids = [line['id'] for card in cards.values() for line in card['lines'] if line['kind'] == 'part']
        # sudo: the operation was dispatched to this person; only quantities leave.
        lines = {line.id: line for line in self.env['aftersales.repair.line'].sudo().browse(line_ids)}
        photos = (
            self.env['ir.attachment']
            .sudo()
            .search_fetch(
                [
                    ('res_model', '=', 'aftersales.operation'),
                    ('res_id', 'in', operations.ids),
                    ('mimetype', '=like', 'image/%'),
                ],
                ['res_id'],
                order='id',
            )
            .grouped('res_id')
        )
        answers = self._part_answers_sudo(self.env['aftersales.repair.line'].concat(*lines.values()))
        for card in cards.values():
            for row in card['lines']:
                line = lines.get(row['id'])
                if line:
                    row.update(asked=line.requested_qty, issued=line.issued_qty, quantity=line.quantity, **answers[line])
            card['photos'] = [
                {'id': photo.id, 'url': f'/web/image/{photo.id}', 'thumb': f'/web/image/{photo.id}/256x256'}
                for photo in photos.get(card['id'], self.env['ir.attachment'])
            ]
        return cards

    @api.model
    def _part_answers_sudo(self, lines):
        """Return what the parts room says about lines, without a query per line; sudo: quantities and dates only.

        :return: `{line: {'parts_state': none|missing|reserved|issued|False, 'parts_text': str}}`
        :rtype: dict
        """
        answers = {}
        lines = lines.sudo()
        etas = {}
        missing = lines.filtered(lambda line: line.parts_state == 'missing')
        for warehouse, group in missing.grouped(lambda line: line.order_id.warehouse_id).items():
            for product, data in group.product_id._aftersales_availability_sudo(warehouse).items():
                etas[warehouse, product] = data['eta']
        for line in lines:
            state = line.parts_state
            eta = etas.get((line.order_id.warehouse_id, line.product_id))
            answers[line] = {
                'parts_state': state,
                'parts_text': self._part_answer_text(state, eta, line.company_id),
            }
        return answers

    @api.model
    def _part_answer_text(self, state, eta, company):
        """Return the parts room's answer in words a technician reads at a glance."""
        if state == 'missing' and eta:
            return self.env._("On order, expected %s", company._aftersales_local_time(eta).strftime('%m-%d'))
        return {
            'missing': self.env._("Missing, not ordered yet"),
            'reserved': self.env._("Ready at the parts counter"),
            'issued': self.env._("Issued"),
            'none': self.env._("Not asked for yet"),
        }.get(state, '')

    @api.model
    def ask_line(self, operation_id, line_id, urgent=False):
        """Ask the parts room for a part of the order, or say that it is urgent, and return the answer (R-PART-21).

        :return: {'parts_state', 'parts_text'}
        :rtype: dict
        """
        operation = self._own_operation(operation_id)
        line = self.env['aftersales.repair.line'].browse(line_id)
        line.check_access('read')
        if line.order_id != operation.order_id:
            raise coded_error('PAR-44', self.env._("Choose a part and a quantity above zero."))
        line.order_id._request_parts(line, urgent=urgent)
        if urgent:
            self._mark_urgent_sudo(line)
        return self._part_answers_sudo(line)[line.sudo()]

    @api.model
    def _mark_urgent_sudo(self, line):
        """sudo: who may ask may say that it is urgent; nothing else of request and transfer changes."""
        open_requests = line.sudo().request_ids.filtered(lambda request: request.state in ('missing', 'reserved'))
        open_requests.urgent = True
        open_requests.move_ids.filtered(
            lambda move: move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel')
        ).picking_id.priority = '1'

    @api.model
    @api.readonly
    def search_part(self, term):
        """Return parts for a typed or scanned word, with what is free now.

        :return: list of {id, name, code, free, exact}; exact: the code was scanned
        :rtype: list[dict]
        """
        self.env['aftersales.operation'].check_access('read')
        term = (term or '').strip()
        if len(term) < 2:
            return []
        parts = Domain('is_storable', '=', True) & Domain('company_id', 'in', (self.env.company.id, False))
        exact = self.env['product.product'].search(
            parts & (Domain('barcode', '=', term) | Domain('default_code', '=', term)), limit=1
        )
        products = exact or self.env['product.product'].search(
            parts & (Domain('name', 'ilike', term) | Domain('default_code', 'ilike', term)),
            limit=8,
        )
        # sudo: a technician reads no warehouses; only quantities leave.
        warehouse = self.env['stock.warehouse'].sudo().search([('company_id', '=', self.env.company.id)], limit=1)
        known = products._aftersales_availability_sudo(warehouse)
        return [
            {
                'id': product.id,
                'name': product.name,
                'code': product.default_code or '',
                'free': known[product]['free'],
                'text': self._availability_text(known[product]),
                'exact': bool(exact),
            }
            for product in products
        ]

    @api.model
    def ask_part(self, operation_id, product_id, quantity=1.0, urgent=False):
        """Ask for a part that is not on the order; the advisor offers it to the customer first.

        :return: {'parts_text': what the parts room has of it}
        :rtype: dict
        """
        operation = self._own_operation(operation_id)
        product = self.env['product.product'].browse(product_id)
        operation.order_id._ask_part(product, quantity, urgent=urgent, note=operation.name)
        known = product._aftersales_availability_sudo(operation.order_id.sudo().warehouse_id)
        return {'parts_text': self._availability_text(known[product])}

    @api.model
    def _availability_text(self, data):
        """Return in words what is free, on order or missing."""
        if data['free'] > 0:
            return self.env._("%g free", data['free'])
        if data['eta']:
            eta = self.env.company._aftersales_local_time(data['eta'])
            return self.env._("On order, expected %s", eta.strftime('%m-%d'))
        return self.env._("Missing, not ordered yet")

    @api.model
    def add_photo(self, operation_id, photo):
        """Keep a photo with the operation.

        :param str photo: base64 image.
        """
        operation = self._own_operation(operation_id)
        operation.order_id._attach_photos_sudo(operation, [{'name': f'{operation.name}.jpg', 'datas': photo}])
        return True

    def _own_operation(self, operation_id):
        """Return an operation that was dispatched to the user, with his own rights."""
        operation = self.env['aftersales.operation'].browse(operation_id)
        operation.check_access('read')
        operation.sudo()._ensure_may_work(self.env['hr.employee']._aftersales_acting(operation.company_id))
        return operation
