"""Old parts of the demo dealership: kept from the bay, called back, sent, one rejected, one scrapped."""

from odoo import fields


def keep(shop, order, photo):
    """Tag and photograph what came off for manufacturer, insurer or a customer who takes it, and put it on the shelf."""
    for line in order.line_ids.filtered(
        lambda line: line.kind == 'part' and line.net_issued_qty and line.old_part_disposition in ('return', 'insurer', 'take')
    ):
        if line._gives_old_part() and line.old_part_qty < line.net_issued_qty:
            shop.as_('keeper', line)._tag_old_part(line.net_issued_qty - line.old_part_qty, photos=[photo])
    tagged = shop.env['aftersales.old.part'].search([('order_id', '=', order.id), ('state', '=', 'tagged')])
    if tagged:
        shop.as_('keeper', tagged)._store(_shelf(shop))


def _shelf(shop):
    """Return the shelf for old parts, made at the first call."""
    place = shop.env['stock.warehouse'].search([('company_id', '=', shop.env.company.id)], limit=1).aftersales_old_parts_location_id
    Location = shop.env['stock.location']
    return Location.search([('location_id', '=', place.id), ('barcode', '=', 'JJ-01')], limit=1) or Location.create(
        {'name': '旧件架 01', 'barcode': 'JJ-01', 'location_id': place.id, 'company_id': shop.env.company.id})


def play(shop):
    """Send what the manufacturer called back; one part is rejected and comes back, one is charged, the rest waits."""
    Part = shop.env['aftersales.old.part']
    mine = Part.search([('company_id', '=', shop.env.company.id), ('state', '=', 'stored')])
    theirs = mine.filtered(lambda part: part.owner_kind == 'manufacturer')
    if not theirs:
        return None
    owner = theirs[0].owner_id
    shipment = pack(shop, theirs.filtered(lambda part: part.owner_id == owner), 'DH')
    shipment.tracking_number = 'SF1234567890'
    shipment.box_ids.weight = 6.5
    shipment._ship()
    day = shop.env.company._aftersales_today()
    answers = {part: {'accepted': True} for part in shipment.part_ids}
    if len(answers) > 1:
        answers[shipment.part_ids[-1]] = {'accepted': False, 'note': '清洗后未见故障', 'means': 'back'}
    shipment._receive_answer(answers, day)
    return shipment


def pack(shop, parts, series):
    """The owner of the parts calls them back; the keeper packs them into a shipment and returns it."""
    day = shop.env.company._aftersales_today()
    called, call_ref, before = shop.as_('keeper', parts), f'{series}-{day:%Y%m}', fields.Date.add(day, days=7)
    called._call(call_ref, before)
    Partner = shop.env['res.partner']
    carrier = Partner.search([('name', '=', '顺丰速运')], limit=1) or Partner.create({'name': '顺丰速运', 'is_company': True})
    shipment = shop.as_('keeper', shop.env['aftersales.old.part.shipment']).create({
        'partner_id': parts.owner_id.id, 'call_ref': call_ref, 'return_before': before, 'carrier_id': carrier.id,
    })
    shipment._pick()
    return shipment
