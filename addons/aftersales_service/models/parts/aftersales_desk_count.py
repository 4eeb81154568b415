from odoo import api, models
from odoo.fields import Domain

from ..base.errors import coded_error
from .aftersales_stock_count import COUNTING


class AftersalesDeskCount(models.AbstractModel):
    """Counting on the phone: scan a part, type the number, next. What the book says never leaves the server."""

    _name = 'aftersales.desk.count'
    _description = "Desk of a Stock Count"

    # === READING === #

    @api.model
    @api.readonly
    def get_data(self, count_id=False):
        """Return the counts that run and the lines of the chosen one; a fixed number of queries.

        :rtype: dict  {user, counts: [{id, name, place, state, total, done}], count: one of them with `lines` | False}
        """
        self._ensure_keeper()
        counts = self.env['aftersales.stock.count'].search([
            ('company_id', '=', self.env.company.id), ('state', 'in', COUNTING),
        ])
        wanted = {
            count: total for count, total in self.env['aftersales.stock.count.line']._read_group(
                [('count_id', 'in', counts.ids), '|', ('count_state', '=', 'counting'), ('needs_second', '=', True)],
                ['count_id'], ['__count'],
            )
        }
        rows = [self._count_row(count, wanted.get(count, 0)) for count in counts]
        chosen = counts.filtered(lambda count: count.id == count_id)
        return {
            'user': self.env.user.name,
            'counts': rows,
            'count': {**self._count_row(chosen, wanted.get(chosen, 0)), 'lines': self._line_rows(chosen)} if chosen else False,
        }

    def _ensure_keeper(self):
        self.env['aftersales.stock.count']._ensure_role('parts_keeper', self.env._("Stock is counted by the parts room."))

    def _count_row(self, count, total):
        scopes = dict(count._fields['scope']._description_selection(self.env))
        return {
            'id': count.id,
            'name': count.name,
            'place': count.location_id.display_name or count.warehouse_id.name,
            'scope': scopes[count.scope],
            'state': count.state,
            'round': 2 if count.state == 'recount' else 1,
            'blind': count.is_blind,
            'total': total,
            'done': total - count.open_count,
            'counter': count.counter_id.name or '',
        }

    def _line_rows(self, count):
        """Return what one may know while counting: where to look for what, and one's own number."""
        lines = count.line_ids
        if count.state == 'recount':
            lines = lines.filtered('needs_second')
        return [self._line_row(line) for line in lines]

    def _line_row(self, line):
        second = line.count_id.state == 'recount'
        by, number = (line.second_by_id, line.second_qty) if second else (line.first_by_id, line.first_qty)
        mine = by == self.env.user
        row = {
            'id': line.id,
            'no': line.sequence,
            'name': line.name,
            'code': line.product_id.default_code or '',
            'barcode': line.product_id.barcode or '',
            'lot': line.lot_id.name or '',
            'owner': line.owner_id.name or '',
            'place_id': line.location_id.id,
            'place': line.location_id.name or '',
            'place_barcode': line.location_id.barcode or '',
            'uom': line.product_uom_id.name or '',
            'done': bool(by),
            'counted': number if mine else None,
            'by': '' if mine else by.name or '',
            'note': line.note or '',
        }
        if not line.count_id.is_blind:
            row['book'] = line.book_qty
        return row

    @api.model
    def scan(self, count_id, code):
        """Tell what a code is that no line of the count knows.

        :rtype: dict  {'kind': 'part'|'place'|'unknown', 'id', 'name', 'lot_id'}
        """
        count = self._count(count_id)
        code = (code or '').strip()
        place = self.env['stock.location'].search(
            [('barcode', '=', code), ('company_id', '=', count.company_id.id)], limit=1)
        if place:
            return {'kind': 'place', 'id': place.id, 'name': place.name, 'lot_id': False}
        product = self.env['product.product'].search(
            (Domain('barcode', '=', code) | Domain('default_code', '=ilike', self.env['aftersales.desk.parts']._exactly(code)))
            & Domain('is_storable', '=', True) if code else Domain.FALSE, limit=1)
        if product:
            return {'kind': 'part', 'id': product.id, 'name': product.display_name, 'lot_id': False}
        lot = self.env['stock.lot'].search([('name', '=', code), ('company_id', 'in', (False, count.company_id.id))], limit=1)
        if lot:
            return {'kind': 'part', 'id': lot.product_id.id, 'name': f'{lot.product_id.display_name} {lot.name}', 'lot_id': lot.id}
        return {'kind': 'unknown', 'id': False, 'name': code, 'lot_id': False}

    # === VERBS === #

    @api.model
    def record(self, line_id, quantity):
        """Record one line and return its row.

        :raise UserError: CNT-21 to CNT-25
        """
        line = self.env['aftersales.stock.count.line'].browse(line_id)
        self._count(line.count_id.id)
        line._record({line: quantity})
        return self._line_row(line)

    @api.model
    def add_found(self, count_id, product_id, location_id, quantity, lot_id=False):
        """Record a part that lies where the count did not expect it, and return its row."""
        count = self._count(count_id)
        line = count._add_found(
            self.env['product.product'].browse(product_id), self.env['stock.location'].browse(location_id), quantity,
            self.env['stock.lot'].browse(lot_id or ()),
        )
        return self._line_row(line)

    @api.model
    def finish(self, count_id):
        """End this round, or return the dialog that tells what is missing."""
        return self._count(count_id).action_finish()

    def _count(self, count_id):
        """Return a count the user may work on.

        :raise UserError: CNT-26
        """
        self._ensure_keeper()
        count = self.env['aftersales.stock.count'].browse(count_id).exists()
        if not count:
            raise coded_error('CNT-26', self.env._("This count does not exist any more. Choose another one."))
        count.check_access('write')
        return count
