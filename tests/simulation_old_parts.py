"""Old parts in the random walk: tagged, stored, called back, sent, answered, handed over, scrapped, voided."""

from .common import SIGNATURE


class OldPartVerbs:
    """Verbs of `Simulation`; the company's integrity list (WAR-I3, WAR-I4) is its invariant."""

    def old_parts(self, *states):
        return self.env['aftersales.old.part'].search([('company_id', '=', self.company.id), ('state', 'in', states)])

    def do_tag_old_part(self):
        line = self.pick(self.orders.line_ids.filtered(
            lambda line: line.kind == 'part' and line._gives_old_part() and line.net_issued_qty > line.old_part_qty))
        if line:
            part = line._tag_old_part(self.random.choice([None, 1.0]))
            if self.random.random() < 0.8:
                part._store()
            return line.order_id

    def do_store_old_part(self):
        part = self.pick(self.old_parts('tagged', 'stored'))
        if part:
            part._store()
            return part.order_id

    def do_send_old_parts(self):
        part = self.pick(self.old_parts('stored', 'to_return'))
        if part:
            mates = self.old_parts('stored', 'to_return').filtered(lambda other: other.owner_id == part.owner_id)
            shipment = self.env['aftersales.old.part.shipment'].create({
                'partner_id': part.owner_id.id, 'company_id': self.company.id, 'warehouse_id': part.warehouse_id.id})
            shipment._add(mates)
            shipment._ship()
            return part.order_id

    def do_answer_old_part(self):
        part = self.pick(self.old_parts('shipped'))
        if part:
            answer = self.random.choice([
                {'accepted': True},
                {'accepted': False, 'note': "Not faulty", 'means': 'back'},
                {'accepted': False, 'note': "Broken", 'means': 'charged', 'amount': 10.0},
            ])
            part.shipment_id._receive_answer({part: answer})
            if part.state == 'rejected':
                part._come_back()
            return part.order_id

    def do_end_old_part(self):
        part = self.pick(self.old_parts('tagged', 'stored', 'to_return'))
        if part:
            self.random.choice([
                lambda: part._scrap("Crushed", self.mechanics[1]),
                lambda: part._hand_to_customer("Mr Wang", SIGNATURE),
                lambda: part._void("Wrong line"),
            ])()
            return part.order_id
