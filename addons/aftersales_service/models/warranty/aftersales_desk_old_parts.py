from odoo import api, fields, models
from odoo.fields import Domain

from .old_part_const import IN_HOUSE, IN_STOCK

SHOWN = 80
TONES = {
    'tagged': 'wait', 'stored': 'ok', 'to_return': 'soon', 'shipped': 'info', 'accepted': 'ok', 'rejected': 'late',
    'handed': 'mute', 'scrapped': 'mute', 'missing': 'late', 'void': 'mute',
}


class AftersalesDeskOldParts(models.AbstractModel):
    """Old parts on the keeper's phone: scan a shelf, then tags, and they are stored; open a shipment, then tags, and they
    are packed; a tag alone shows what it is and what may be done with it."""

    _name = 'aftersales.desk.old.parts'
    _description = "Desk of Old Parts"

    # === READING === #

    @api.model
    @api.readonly
    def get_data(self, shipment_id=False):
        """Return everything the screen shows; a fixed number of queries.

        :rtype: dict  {user, counts, to_tag, to_store, due, shipments, shipment: one of them with its parts | False}
        """
        self._ensure_keeper()
        Part = self.env['aftersales.old.part']
        mine = Domain('company_id', '=', self.env.company.id)
        today = self.env.company._aftersales_today()
        to_store = Part.search(mine & Domain('state', '=', 'tagged'), order='id', limit=SHOWN)
        due = Part.search(
            mine & Domain('state', '=', 'to_return') & ~Domain('shipment_id.state', '=', 'draft'), order='return_before, id', limit=SHOWN)
        scrap = Part.search(
            mine & Domain('may_scrap', '=', True) & Domain('owner_kind', '!=', 'customer'), order='hold_until, id', limit=SHOWN)
        fetch = Part.search(
            mine & Domain('state', '=', 'stored') & Domain('owner_kind', '=', 'customer'), order='id', limit=SHOWN)
        shipments = self.env['aftersales.old.part.shipment'].search(mine & Domain('state', '=', 'draft'))
        lines = self._lines_to_tag()
        chosen = shipments.filtered(lambda shipment: shipment.id == shipment_id)
        return {
            'user': self.env.user.name,
            'counts': {
                'to_tag': len(lines), 'to_store': len(to_store), 'due': len(due), 'scrap': len(scrap), 'fetch': len(fetch),
                'overdue': len(due.filtered(lambda part: part.return_before and part.return_before < today)),
            },
            'to_tag': [self._line_row(line) for line in lines],
            'to_store': self._rows(to_store),
            'due': self._rows(due),
            'scrap': self._rows(scrap),
            'fetch': self._rows(fetch),
            'shipments': [self._shipment_row(shipment) for shipment in shipments],
            'shipment': {
                **self._shipment_row(chosen), 'parts': self._rows(chosen.part_ids.sorted(lambda part: (-part.box_id.number, -part.id))),
            } if chosen else False,
        }

    def _ensure_keeper(self):
        self.env['aftersales.old.part']._ensure_keeper()

    def _lines_to_tag(self):
        """Return the issued warranty lines of open orders whose old part has no tag yet."""
        lines = self.env['aftersales.repair.line'].search([
            ('company_id', '=', self.env.company.id), ('kind', '=', 'part'), ('net_issued_qty', '>', 0),
            ('old_part_disposition', 'in', ('return', 'insurer')), ('old_part_exempt_reason_id', '=', False),
            ('order_id.state', 'not in', ('released', 'closed')), ('order_id.outcome', '=', 'open'),
        ], order='order_id, id', limit=SHOWN)
        return lines.filtered(
            lambda line: line._gives_old_part() and line.product_uom_id.compare(line.net_issued_qty, line.old_part_qty) > 0)

    def _line_row(self, line):
        return {
            'id': line.id, 'name': line.name, 'code': line.product_id.default_code or '', 'barcode': line.product_id.barcode or '',
            'left': line.net_issued_qty - line.old_part_qty, 'order': line.order_id.name, 'plate': line.order_id.vehicle_id.license_plate or '',
        }

    def _rows(self, parts):
        """Return rows of old parts; labels are read once."""
        states = dict(parts._fields['state']._description_selection(self.env))
        owners = dict(parts._fields['owner_kind']._description_selection(self.env))
        today = self.env.company._aftersales_today()
        return [{
            'id': part.id, 'tag': part.name, 'name': part.description or '', 'quantity': part.quantity, 'plate': part.license_plate or '',
            'order': part.order_id.name, 'owner_kind': part.owner_kind, 'owner': owners[part.owner_kind], 'owner_name': part.owner_id.name or '',
            'state': part.state, 'state_label': states[part.state], 'tone': TONES[part.state], 'place': part.location_id.name or '',
            'hold_until': fields.Date.to_string(part.hold_until) or '', 'return_before': fields.Date.to_string(part.return_before) or '',
            'late': bool(part.state == 'to_return' and part.return_before and part.return_before < today),
            'box': part.box_id.number, 'call_ref': part.call_ref or '', 'shipment': part.shipment_id.name or '',
            'customer': part.order_id.contact_name or part.order_id.partner_id.name or '',
            'verbs': self._verbs(part),
        } for part in parts]

    def _verbs(self, part):
        """Return which buttons the card of a part shows."""
        verbs = []
        if part.state == 'tagged':
            verbs.append('store')
        if part.state in ('tagged', 'stored') and part.owner_kind == 'customer':
            verbs.append('hand')
        if part.state == 'stored':
            verbs.append('scrap')
        if part.state in IN_STOCK and part.owner_kind in ('manufacturer', 'insurer') and part.shipment_id.state != 'draft':
            verbs.append('pack')
        if part.state in IN_STOCK and part.shipment_id.state == 'draft':
            verbs.append('unpack')
        if part.state == 'rejected' and part.rejected_means == 'back':
            verbs.append('come_back')
        if part.state == 'missing':
            verbs.append('find')
        return verbs

    def _shipment_row(self, shipment):
        return {
            'id': shipment.id, 'name': shipment.name, 'partner': shipment.partner_id.display_name, 'count': shipment.part_count,
            'boxes': shipment.box_count, 'call_ref': shipment.call_ref or '', 'carrier': shipment.carrier_id.name or '',
            'tracking': shipment.tracking_number or '', 'before': fields.Date.to_string(shipment.return_before) or '',
        }

    # === SCANNING === #

    @api.model
    def scan(self, code, shipment_id=False, location_id=False):
        """Take one scan: a tag, a shelf, a shipment, a part that waits for its tag.

        With a shipment open the tag is packed, with a shelf chosen it is stored there, else it is shown.

        :rtype: dict  {'kind': 'packed'|'stored'|'part'|'place'|'shipment'|'line'|'unknown', …}
        """
        self._ensure_keeper()
        code = (code or '').strip()
        company = self.env.company
        part = self.env['aftersales.old.part']._find_code(code)
        if part:
            if shipment_id:
                self._shipment(shipment_id)._add(part)
                return {'kind': 'packed', 'part': self._rows(part)[0]}
            if location_id and part.state in IN_HOUSE:
                part._store(self.env['stock.location'].browse(location_id))
                return {'kind': 'stored', 'part': self._rows(part)[0]}
            return {'kind': 'part', 'part': self._rows(part)[0]}
        place = self.env['stock.location'].search([
            ('barcode', '=', code), ('company_id', '=', company.id), ('aftersales_role', '=', 'old_parts')], limit=1)
        if place:
            return {'kind': 'place', 'id': place.id, 'name': place.name}
        shipment = self.env['aftersales.old.part.shipment'].search([
            ('name', '=', code), ('company_id', '=', company.id), ('state', '=', 'draft')], limit=1)
        if shipment:
            return {'kind': 'shipment', 'id': shipment.id, 'name': shipment.name}
        lines = self._lines_to_tag().filtered(
            lambda line: code in (line.product_id.barcode, line.product_id.default_code, line.order_id.name, line.order_id.vehicle_id.license_plate))
        if lines:
            return {'kind': 'line', 'ids': lines.ids}
        return {'kind': 'unknown', 'name': code}

    # === VERBS === #

    @api.model
    def tag(self, line_id, quantity=None, serial=None):
        """Tag the old part of a line at the counter; the label is printed from the answer."""
        part = self.env['aftersales.repair.line'].browse(line_id)._tag_old_part(quantity, serial=serial)
        return self._rows(part)[0]

    @api.model
    def store(self, ids, location_id=False):
        self._parts(ids)._store(self.env['stock.location'].browse(location_id or ()))
        return True

    @api.model
    def hand(self, ids, name, signature):
        self._parts(ids)._hand_to_customer(name, signature)
        return True

    @api.model
    def come_back(self, ids):
        self._parts(ids)._come_back()
        return True

    @api.model
    def find(self, ids):
        self._parts(ids)._found_again()
        return True

    @api.model
    def pack(self, ids):
        """Pack parts into the shipment their owner has open, or begin one; returns the shipment's id."""
        parts = self._parts(ids)
        Shipment = self.env['aftersales.old.part.shipment']
        shipment = Shipment.search([
            ('state', '=', 'draft'), ('partner_id', '=', parts[:1].owner_id.id), ('company_id', '=', self.env.company.id)], limit=1)
        shipment = shipment or Shipment.create({
            'partner_id': parts[:1].owner_id.id, 'company_id': self.env.company.id, 'warehouse_id': parts[:1].warehouse_id.id})
        shipment._add(parts)
        return shipment.id

    @api.model
    def unpack(self, ids):
        parts = self._parts(ids)
        for shipment, mine in parts.grouped('shipment_id').items():
            shipment._remove(mine)
        return True

    @api.model
    def new_box(self, shipment_id):
        shipment = self._shipment(shipment_id)
        shipment._ensure_packing(self.env._("packed"))
        shipment._new_box()
        return True

    @api.model
    def set_waybill(self, shipment_id, number):
        self._shipment(shipment_id).write({'tracking_number': (number or '').strip()})
        return True

    @api.model
    def ship(self, shipment_id):
        """Send a shipment; returns the packing list to print."""
        shipment = self._shipment(shipment_id)
        shipment._ship()
        return shipment.action_print_packing_list()

    def _parts(self, ids):
        parts = self.env['aftersales.old.part'].browse(ids)
        parts.check_access('read')
        return parts

    def _shipment(self, shipment_id):
        shipment = self.env['aftersales.old.part.shipment'].browse(shipment_id)
        shipment.check_access('write')
        return shipment
