from odoo import api, models
from odoo.fields import Domain


class AftersalesDeskTechnician(models.AbstractModel):
    """Parts on the technician's phone: what was issued, asking for more, photos of the work."""

    _inherit = 'aftersales.desk.technician'

    @api.model
    def _technician_cards(self, operations, employee):
        """Add to each part how many were asked for and issued, and to each card its photos; two queries in all."""
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
        for card in cards.values():
            for row in card['lines']:
                line = lines.get(row['id'])
                if line:
                    row.update(asked=line.requested_qty, issued=line.issued_qty, quantity=line.quantity)
            card['photos'] = [
                {'id': photo.id, 'url': f'/web/image/{photo.id}', 'thumb': f'/web/image/{photo.id}/256x256'}
                for photo in photos.get(card['id'], self.env['ir.attachment'])
            ]
        return cards

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
                'exact': bool(exact),
            }
            for product in products
        ]

    @api.model
    def ask_part(self, operation_id, product_id, quantity=1.0, urgent=False):
        """Ask for a part that is not on the order; the advisor offers it to the customer first."""
        operation = self._own_operation(operation_id)
        operation.order_id._ask_part(
            self.env['product.product'].browse(product_id), quantity, urgent=urgent, note=operation.name
        )
        return True

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
