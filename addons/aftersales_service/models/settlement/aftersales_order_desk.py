from odoo import models

from ..base.gates import blockers_to_json

MONEY_GROUPS = (
    'aftersales_service.group_receptionist,aftersales_service.group_cashier,aftersales_service.group_accountant'
)


class AftersalesRepairOrder(models.Model):
    _inherit = 'aftersales.repair.order'

    def _desk_cards(self):
        """Add what is due, paid and held, and what keeps the next step of the money (settling, then leaving)."""
        cards = super()._desk_cards()
        held = self._deposits_held_sudo()
        waiting = self.filtered(lambda order: order.state == 'ready' and not order.settled_at)
        leaving = self.filtered(lambda order: order.settled_at and order.state not in ('released', 'closed'))
        blocked = {}
        # The workshop's desks draw the same cards, and may not read who pays what.
        if self.env.su or self.env.user.has_groups(MONEY_GROUPS):
            if waiting:
                blocked |= waiting._open_blockers('settled')
            if leaving:
                blocked |= leaving._open_blockers('released')
        for order in self:
            settlements = order.sudo().settlement_ids
            cards[order.id].update(
                due=order.amount_due,
                paid=sum(settlements.filtered(lambda s: s.kind == 'customer').mapped('amount_paid')),
                deposit=held.get(order.id, 0.0),
                settled=bool(order.settled_at),
                blocks=blockers_to_json(blocked.get(order, [])),
            )
        return cards

    def _status_flags(self):
        flags = super()._status_flags()
        for order in self:
            if (
                any(s.state == 'awaiting_approval' and s.kind == 'warranty' for s in order.sudo().settlement_ids)
                and order.state != 'closed'
                and 'waiting_oem' not in flags[order.id]
            ):
                flags[order.id].append('waiting_oem')
        return flags
